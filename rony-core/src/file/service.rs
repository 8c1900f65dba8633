//! What may be done with files.

use std::time::Duration;

use uuid::Uuid;

use super::{
    By, CopyItem, Drive, DriveStore, FileStore, Grant, GrantStore, GrantTo, Item, ItemChange, ItemView,
    Level, Limits, ListItems, ListRows, Listing, Made, NewFolder, Preview, Purge, Reader, Sort, SortKey,
    Subject, TrashStore, Version, VersionStore,
};
use crate::{
    Result, Settings,
    actor::{Actor, Scope},
    blob::BlobStore,
    id::{BlobId, ItemId},
    page::Page,
    time::Clock,
    upload,
};

/// Items that one step of the job removes.
const AT_ONCE: i64 = 500;
/// Steps of the job in a row, before others have their turn.
const STEPS: usize = 40;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The use cases of files. Made by [`crate::Rony::files`].
pub struct Files<'r> {
    pub(crate) files: &'r dyn FileStore,
    pub(crate) trash: &'r dyn TrashStore,
    pub(crate) versions: &'r dyn VersionStore,
    pub(crate) grants: &'r dyn GrantStore,
    pub(crate) drives: &'r dyn DriveStore,
    pub(crate) blobs: Option<&'r dyn BlobStore>,
    pub(crate) uploads: &'r upload::State,
    pub(crate) clock: &'r dyn Clock,
    pub(crate) settings: &'r Settings,
}

impl Files<'_> {
    /// A page of a folder, of another list, or of what a search finds.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] for a folder that is not there for the actor; [`crate::Error::Invalid`] for a cursor that this list, in
    /// this order, did not give; `person_needed` for a link's holder who asks for something else than folders and searches.
    pub async fn list(&self, actor: &Actor, list: ListItems<'_>) -> Result<Page<Item>> {
        let reader = match list.of {
            Listing::Folder(_) | Listing::Search(_) => actor.reader(Scope::Read)?,
            _ => Reader::Person(actor.user(Scope::Read)?),
        };
        let (of, sort) = match list.of {
            Listing::Search(query) => (Listing::Search(query.validate()?), list.sort),
            Listing::Recent => (Listing::Recent, Sort::NEWEST),
            of => (of, list.sort),
        };
        let after = list.cursor.map(|cursor| cursor.decode::<SortKey>(sort.list())).transpose()?;
        let after = after.map(SortKey::check).transpose()?;
        let rows = ListRows { of, sort, after, limit: list.limit.rows() };
        let items = self.files.items(reader, &rows).await?;
        Ok(Page::cut(items, list.limit, sort.list(), |item| SortKey::of(item, sort)))
    }

    /// An item, and where it is.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] when it is not there for the actor; so for all methods with an item.
    pub async fn get(&self, actor: &Actor, id: ItemId) -> Result<ItemView> {
        self.files.item(actor.reader(Scope::Read)?, id).await
    }

    /// Makes a folder.
    ///
    /// # Errors
    ///
    /// What [`NewFolder::validate`], [`super::may`] and [`FileStore::create_folder`] say.
    pub async fn create_folder(&self, actor: &Actor, new: NewFolder) -> Result<Item> {
        let by = self.by(actor)?;
        self.files.create_folder(by, &new.validate()?).await
    }

    /// Changes an item, moves it, marks it with a star.
    ///
    /// # Errors
    ///
    /// What [`ItemChange::validate`], [`super::may`] and [`FileStore::change_item`] say; `person_needed` for a star of a link's holder.
    pub async fn change(&self, actor: &Actor, id: ItemId, change: ItemChange) -> Result<Item> {
        let by = self.by(actor)?;
        if change.starred.is_some() {
            actor.user(Scope::Write)?;
        }
        self.files.change_item(by, id, &change.validate()?).await
    }

    /// Copies an item and all below it.
    ///
    /// # Errors
    ///
    /// What [`super::may`] and [`FileStore::copy_item`] say.
    pub async fn copy(&self, actor: &Actor, id: ItemId, copy: CopyItem) -> Result<Item> {
        self.files.copy_item(self.by(actor)?, id, &copy).await
    }

    /// Throws an item into the trash of its drive. What is on its way into it by links ends.
    ///
    /// # Errors
    ///
    /// What [`super::may`] says.
    pub async fn trash(&self, actor: &Actor, id: ItemId) -> Result<()> {
        self.uploads.ended(&self.trash.trash_item(self.by(actor)?, id).await?);
        Ok(())
    }

    /// Takes an item out of the trash.
    ///
    /// # Errors
    ///
    /// What [`super::may`] and [`TrashStore::restore_item`] say.
    pub async fn restore(&self, actor: &Actor, id: ItemId) -> Result<Item> {
        self.trash.restore_item(self.by(actor)?, id).await
    }

    /// Deletes an item of the trash for good.
    ///
    /// # Errors
    ///
    /// What [`super::may`] and [`TrashStore::delete_item`] say.
    pub async fn delete(&self, actor: &Actor, id: ItemId) -> Result<()> {
        self.trash.delete_item(self.by(actor)?, id).await
    }

    /// Deletes everything in the actor's trash for good.
    ///
    /// # Errors
    ///
    /// When the actor is no person, or may not write.
    pub async fn empty_trash(&self, actor: &Actor) -> Result<()> {
        self.trash.empty_trash(actor.user(Scope::Write)?, self.clock.now()).await
    }

    /// The contents that a file has and had, the newest first.
    ///
    /// # Errors
    ///
    /// `level_too_low` for who may only look at the file.
    pub async fn versions(&self, actor: &Actor, id: ItemId) -> Result<Vec<Version>> {
        self.versions.file_versions(actor.reader(Scope::Read)?, id).await
    }

    /// Brings an earlier content back, as a new version.
    ///
    /// # Errors
    ///
    /// What [`super::may`] and [`VersionStore::restore_version`] say; `quota_exceeded`.
    pub async fn restore_version(&self, actor: &Actor, id: ItemId, version: i64) -> Result<Item> {
        self.versions.restore_version(self.by(actor)?, id, version).await
    }

    /// Removes an earlier content for good: for the owner.
    ///
    /// # Errors
    ///
    /// What [`super::may`] and [`VersionStore::delete_version`] say.
    pub async fn delete_version(&self, actor: &Actor, id: ItemId, version: i64) -> Result<()> {
        self.versions.delete_version(self.by(actor)?, id, version).await
    }

    /// Where the small picture of a file is.
    ///
    /// # Errors
    ///
    /// `not_a_file`.
    pub async fn preview(&self, actor: &Actor, id: ItemId) -> Result<Preview> {
        self.versions.preview(actor.reader(Scope::Read)?, id).await
    }

    /// With whom an item is shared, by itself and through the folders above it.
    ///
    /// # Errors
    ///
    /// What [`super::may`] says.
    pub async fn grants(&self, actor: &Actor, id: ItemId) -> Result<Vec<Grant>> {
        self.grants.grants(actor.reader(Scope::Read)?, id).await
    }

    /// Shares an item with a person or a conversation, or with another level than before.
    ///
    /// # Errors
    ///
    /// What [`super::may`] and [`super::may_grant`] say.
    pub async fn grant(&self, actor: &Actor, id: ItemId, subject: Subject, level: Level) -> Result<()> {
        actor.user(Scope::Write)?;
        self.grants.grant(GrantTo { by: self.by(actor)?, id, subject, level }).await
    }

    /// Ends sharing an item with a person or a conversation.
    ///
    /// # Errors
    ///
    /// What [`super::may`] and [`GrantStore::revoke_grant`] say.
    pub async fn revoke(&self, actor: &Actor, id: ItemId, subject: Uuid) -> Result<()> {
        actor.user(Scope::Write)?;
        self.grants.revoke_grant(self.by(actor)?, id, subject).await
    }

    /// How full the actor's drive is.
    ///
    /// # Errors
    ///
    /// When the actor is no person.
    pub async fn drive(&self, actor: &Actor) -> Result<Drive> {
        self.drives.drive(actor.user(Scope::Read)?, self.limits()).await
    }

    /// Blobs of which a small picture is to be made, with their sizes in bytes: for the job that makes them.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn waiting_previews(&self, limit: i64) -> Result<Vec<(BlobId, i64)>> {
        self.drives.waiting_previews(limit).await
    }

    /// Notes what came of making a small picture.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn set_preview(&self, made: Made) -> Result<()> {
        self.drives.set_preview(made, self.clock.now()).await
    }

    /// Removes what nobody can reach any more: what was deleted for good, and what lay too long in the trash. A job that [`crate::Rony::run`]
    /// does; it may be cut anywhere, and goes on where it was.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn collect(&self) -> Result<()> {
        let at = self.clock.now();
        let kept = DAY.saturating_mul(self.settings.files.trash_days);
        let purge = Purge { at, trashed_until: at.minus(kept), most: AT_ONCE };
        for _ in 0..STEPS {
            if !self.trash.purge(purge).await? {
                break;
            }
        }
        self.remove_blobs().await
    }

    /// Removes the bytes first and what is noted of them then, so that being cut in between costs a second try and no byte.
    async fn remove_blobs(&self) -> Result<()> {
        let Some(blobs) = self.blobs else { return Ok(()) };
        let unused = self.drives.removals(AT_ONCE).await?;
        let mut gone = Vec::with_capacity(unused.len());
        let mut failed = Ok(());
        for blob in unused {
            // One that cannot be removed now holds up no other.
            match blobs.delete(blob).await {
                Ok(()) => gone.push(blob),
                Err(error) => failed = Err(error),
            }
        }
        if !gone.is_empty() {
            self.drives.removed(&gone).await?;
        }
        failed
    }

    /// Who acts, now, within the operator's limits.
    fn by(&self, actor: &Actor) -> Result<By> {
        let reader = actor.reader(Scope::Write)?;
        Ok(By { reader, at: self.clock.now(), limits: self.limits() })
    }

    fn limits(&self) -> Limits {
        self.settings.files.limits()
    }
}
