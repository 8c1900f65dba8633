//! Files on SQL: one statement's text for what a reader sees ([`access`]), and everything asks it.

mod access;
mod add;
mod blob;
mod change;
mod copy;
mod drive;
mod grant;
mod list;
mod place;
mod purge;
mod row;
mod trash;
mod version;
mod view;

use async_trait::async_trait;
use rony_core::{
    Result,
    file::{
        AddFile, By, Content, CopyItem, Drive, DriveStore, FileStore, Grant, GrantStore, GrantTo, Item,
        ItemChange, ItemView, Limits, ListRows, Made, NewFolder, Preview, Purge, Reader, TrashStore, Version,
        VersionStore,
    },
    id::{BlobId, ItemId, UploadId, UserId},
    time::Timestamp,
};
use uuid::Uuid;

pub(crate) use self::{
    access::Eyes,
    add::{Placed, add_file, check_place, drive_for},
    blob::note_removals,
    drive::{count as count_use, usage},
    place::{lock_seen, tell_of},
    row::{Found, load, load_seen, owner_of},
    version::size_of_old,
};
use super::{SqlStore, dialect::Dialect};

#[async_trait]
impl<DB: Dialect> FileStore for SqlStore<DB> {
    async fn items(&self, reader: Reader, list: &ListRows) -> Result<Vec<Item>> {
        list::items(self, reader, list).await
    }

    async fn item(&self, reader: Reader, id: ItemId) -> Result<ItemView> {
        view::item(self, reader, id).await
    }

    async fn create_folder(&self, by: By, new: &NewFolder) -> Result<Item> {
        add::create_folder(self, by, new).await
    }

    async fn change_item(&self, by: By, id: ItemId, change: &ItemChange) -> Result<Item> {
        change::change_item(self, by, id, change).await
    }

    async fn copy_item(&self, by: By, id: ItemId, copy: &CopyItem) -> Result<Item> {
        copy::copy_item(self, by, id, copy).await
    }

    async fn add_file(&self, add: &AddFile) -> Result<Item> {
        add::add(self, add).await
    }
}

#[async_trait]
impl<DB: Dialect> TrashStore for SqlStore<DB> {
    async fn trash_item(&self, by: By, id: ItemId) -> Result<Vec<UploadId>> {
        trash::trash(self, by, id).await
    }

    async fn restore_item(&self, by: By, id: ItemId) -> Result<Item> {
        trash::restore(self, by, id).await
    }

    async fn delete_item(&self, by: By, id: ItemId) -> Result<()> {
        trash::delete(self, by, id).await
    }

    async fn empty_trash(&self, owner: UserId, at: Timestamp) -> Result<()> {
        trash::empty(self, owner, at).await
    }

    async fn purge(&self, purge: Purge) -> Result<bool> {
        purge::step(self, purge).await
    }
}

#[async_trait]
impl<DB: Dialect> VersionStore for SqlStore<DB> {
    async fn file_versions(&self, reader: Reader, id: ItemId) -> Result<Vec<Version>> {
        version::list(self, reader, id).await
    }

    async fn restore_version(&self, by: By, id: ItemId, version: i64) -> Result<Item> {
        version::restore(self, by, id, version).await
    }

    async fn delete_version(&self, by: By, id: ItemId, version: i64) -> Result<()> {
        version::delete(self, by, id, version).await
    }

    async fn content(&self, reader: Reader, id: ItemId, version: Option<i64>) -> Result<Content> {
        version::content(self, reader, id, version).await
    }

    async fn preview(&self, reader: Reader, id: ItemId) -> Result<Preview> {
        version::preview(self, reader, id).await
    }
}

#[async_trait]
impl<DB: Dialect> GrantStore for SqlStore<DB> {
    async fn grants(&self, reader: Reader, id: ItemId) -> Result<Vec<Grant>> {
        grant::list(self, reader, id).await
    }

    async fn grant(&self, grant: GrantTo) -> Result<()> {
        grant::grant(self, grant).await
    }

    async fn revoke_grant(&self, by: By, id: ItemId, subject: Uuid) -> Result<()> {
        grant::revoke(self, by, id, subject).await
    }
}

#[async_trait]
impl<DB: Dialect> DriveStore for SqlStore<DB> {
    async fn drive(&self, owner: UserId, limits: Limits) -> Result<Drive> {
        view::drive(self, owner, limits).await
    }

    async fn waiting_previews(&self, limit: i64) -> Result<Vec<(BlobId, i64)>> {
        blob::waiting(self, limit).await
    }

    async fn set_preview(&self, made: Made, at: Timestamp) -> Result<()> {
        blob::set_preview(self, made, at).await
    }

    async fn removals(&self, limit: i64) -> Result<Vec<BlobId>> {
        blob::removals(self, limit).await
    }

    async fn removed(&self, blobs: &[BlobId]) -> Result<()> {
        blob::removed(self, blobs).await
    }
}
