//! What is kept of files.

use async_trait::async_trait;

use super::{
    Content, CopyItem, Drive, FileName, Grant, IfExists, Item, ItemChange, ItemView, Level, Listing,
    NewFolder, Preview, PreviewState, Reader, Sort, SortKey, Subject, Version,
};
use crate::{
    Result,
    id::{BlobId, ItemId, UploadId, UserId},
    time::Timestamp,
};

/// What an operator allows for drives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of a drive that has no limit of its own; `None`: any number.
    pub quota: Option<i64>,
    /// Replaced versions of a file that are kept.
    pub versions_kept: i64,
}

/// Who changes something in a drive, when, and within which limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    /// Who.
    pub reader: Reader,
    /// When.
    pub at: Timestamp,
    /// What the operator allows.
    pub limits: Limits,
}

/// The rows of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRows {
    /// Which list.
    pub of: Listing,
    /// In which order.
    pub sort: Sort,
    /// What comes behind this place.
    pub after: Option<SortKey>,
    /// So many at most.
    pub limit: i64,
}

/// A whole blob is to become a file, or the new content of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddFile {
    /// Who puts it in, and when.
    pub by: By,
    /// The item's id, if it is new.
    pub id: ItemId,
    /// Into which folder; `None`: to the top of the own drive, or what a link leads to.
    pub parent_id: Option<ItemId>,
    /// The file whose content it replaces; then the folder and the name say nothing.
    pub replace: Option<ItemId>,
    /// What it is called.
    pub name: FileName,
    /// What happens when the name is taken: not [`IfExists::Use`].
    pub if_exists: IfExists,
    /// Its media type.
    pub media_type: String,
    /// When it was last changed, as whoever puts it in says; now, when left out.
    pub modified_at: Option<Timestamp>,
    /// The bytes.
    pub blob: BlobId,
    /// How many they are.
    pub size: i64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
    /// Whether a small picture is to be made of it.
    pub preview: PreviewState,
    /// Bytes that were reserved for it and are not any more.
    pub reserved: i64,
}

/// Something is to be shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrantTo {
    /// Who shares, and when.
    pub by: By,
    /// What.
    pub id: ItemId,
    /// With whom.
    pub subject: Subject,
    /// What they may do.
    pub level: Level,
}

/// A small picture was made, or cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// Of which blob.
    pub blob: BlobId,
    /// Whether there is one now.
    pub state: PreviewState,
    /// Pixels of the whole picture from left to right.
    pub width: Option<i64>,
    /// Pixels of the whole picture from top to bottom.
    pub height: Option<i64>,
}

/// A step of the job that removes what was thrown away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purge {
    /// When.
    pub at: Timestamp,
    /// What was thrown into the trash until then is deleted for good.
    pub trashed_until: Timestamp,
    /// Items that one step removes at most.
    pub most: i64,
}

/// The port for files and folders. All reading is as a [`Reader`]: what they may not see is not there. Each change locks the streams of
/// the drives that it touches, reads the facts behind the locks, asks [`super::may`], and tells the owner's own stream.
#[async_trait]
pub trait FileStore: Send + Sync {
    /// Rows of a list.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] for a folder that is not there; when the database is away; so for all methods.
    async fn items(&self, reader: Reader, list: &ListRows) -> Result<Vec<Item>>;

    /// An item, and the folders above it that the reader sees.
    async fn item(&self, reader: Reader, id: ItemId) -> Result<ItemView>;

    /// Makes a folder.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Conflict`] with code `name_taken` (when [`IfExists::Fail`]), `not_a_folder`, `too_deep`.
    async fn create_folder(&self, by: By, new: &NewFolder) -> Result<Item>;

    /// Changes an item, moves it, marks it with a star.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Conflict`] with code `name_taken`, `not_a_folder`, `too_deep`, `would_loop`, `other_drive`.
    async fn change_item(&self, by: By, id: ItemId, change: &ItemChange) -> Result<Item>;

    /// Copies an item and all below; a name that is taken gets a number.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Conflict`] with code `too_many`, `too_deep`, `quota_exceeded`, `not_a_folder`.
    async fn copy_item(&self, by: By, id: ItemId, copy: &CopyItem) -> Result<Item>;

    /// Makes a whole blob a file, or the new content of one. Nothing refers to the blob before.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Conflict`] with code `name_taken`, `not_a_folder`, `not_a_file`, `too_deep`, `quota_exceeded`.
    async fn add_file(&self, add: &AddFile) -> Result<Item>;
}

/// The port for what is thrown away.
#[async_trait]
pub trait TrashStore: Send + Sync {
    /// Throws an item into the trash; one that is there stays. Uploads on their way by links into it, or below, are forgotten and their
    /// reservations end, as [`crate::upload::UploadStore::discard_upload`] does: answers which.
    ///
    /// # Errors
    ///
    /// When the database is away; so for all methods.
    async fn trash_item(&self, by: By, id: ItemId) -> Result<Vec<UploadId>>;

    /// Puts an item back to where it was, or to the top when that is not there any more, under a free name.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Conflict`] with code `not_in_trash`.
    async fn restore_item(&self, by: By, id: ItemId) -> Result<Item>;

    /// Deletes an item of the trash for good: it is gone for everybody, its bytes go with [`Self::purge`].
    ///
    /// # Errors
    ///
    /// [`crate::Error::Conflict`] with code `not_in_trash`.
    async fn delete_item(&self, by: By, id: ItemId) -> Result<()>;

    /// Does so with everything in a person's trash.
    async fn empty_trash(&self, owner: UserId, at: Timestamp) -> Result<()>;

    /// One step of removing what was deleted for good, or lay too long in the trash. Answers whether there is more to do.
    async fn purge(&self, purge: Purge) -> Result<bool>;
}

/// The port for contents and their versions.
#[async_trait]
pub trait VersionStore: Send + Sync {
    /// The versions of a file that are kept, the newest first; at most [`super::MOST_VERSIONS_LISTED`].
    ///
    /// # Errors
    ///
    /// [`crate::Error::Conflict`] with code `not_a_file` for a folder; so for all methods with an item. When the database is away.
    async fn file_versions(&self, reader: Reader, id: ItemId) -> Result<Vec<Version>>;

    /// Makes what a version holds the content again, as a new version.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] for a version that there is not; so for all methods with one.
    async fn restore_version(&self, by: By, id: ItemId, version: i64) -> Result<Item>;

    /// Removes a version for good.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Conflict`] with code `current_version` for what the file holds now.
    async fn delete_version(&self, by: By, id: ItemId, version: i64) -> Result<()>;

    /// Where the bytes of a file are, or those of a version of it.
    async fn content(&self, reader: Reader, id: ItemId, version: Option<i64>) -> Result<Content>;

    /// Where the small picture of a file is.
    async fn preview(&self, reader: Reader, id: ItemId) -> Result<Preview>;
}

/// The port for what is shared with whom.
#[async_trait]
pub trait GrantStore: Send + Sync {
    /// Grants of an item and of the folders above it that the reader may share too.
    ///
    /// # Errors
    ///
    /// When the database is away; so for all methods.
    async fn grants(&self, reader: Reader, id: ItemId) -> Result<Vec<Grant>>;

    /// Shares an item if [`super::may_grant`] says so, and tells the subject's stream. The same again changes nothing. With less than before,
    /// what they gave further ends as in [`Self::revoke_grant`].
    async fn grant(&self, grant: GrantTo) -> Result<()>;

    /// Ends a grant, and tells the subject's stream. A person may end what is shared with them. What they gave to others of the item, and of
    /// what is below it, ends with it, and so on, unless they may still share it.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] when there is no such grant on this very item.
    async fn revoke_grant(&self, by: By, id: ItemId, subject: uuid::Uuid) -> Result<()>;
}

/// The port for drives as a whole and the bytes that nobody needs any more.
#[async_trait]
pub trait DriveStore: Send + Sync {
    /// How full a person's drive is.
    ///
    /// # Errors
    ///
    /// When the database is away; so for all methods.
    async fn drive(&self, owner: UserId, limits: Limits) -> Result<Drive>;

    /// Blobs of which a small picture is to be made, with their media types and sizes, the oldest first.
    async fn waiting_previews(&self, limit: i64) -> Result<Vec<(BlobId, i64)>>;

    /// Notes what came of making a small picture, and tells the drives that have the file.
    async fn set_preview(&self, made: Made, at: Timestamp) -> Result<()>;

    /// Blobs that nothing refers to any more, the oldest first.
    async fn removals(&self, limit: i64) -> Result<Vec<BlobId>>;

    /// Forgets blobs whose bytes are gone.
    async fn removed(&self, blobs: &[BlobId]) -> Result<()>;
}
