//! What is kept of uploads.

use async_trait::async_trait;

use super::{NewUpload, Upload, Uploader};
use crate::{
    Result,
    blob::KnownBlob,
    file::{AddFile, By},
    id::{BlobId, ItemId, ShareId, UploadId},
    time::Timestamp,
};

/// An upload as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptUpload {
    /// The upload.
    pub upload: Upload,
    /// Who alone may go on with it.
    pub uploader: Uploader,
    /// The blob that its bytes become.
    pub blob: BlobId,
    /// The id of the file, if it becomes a new one.
    pub file_id: ItemId,
    /// What was wished for; its media type is that of the upload.
    pub new: NewUpload,
}

/// An upload has more bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advance {
    /// Which.
    pub id: UploadId,
    /// How many it had.
    pub from: i64,
    /// How many it has now.
    pub to: i64,
    /// When it ends now.
    pub expires_at: Timestamp,
}

/// All bytes of an upload are a blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complete {
    /// Which.
    pub id: UploadId,
    /// What becomes of it.
    pub add: AddFile,
}

/// The port for uploads.
#[async_trait]
pub trait UploadStore: Send + Sync {
    /// Notes an upload, and reserves its room in the drive that it goes into. `by`: who uploads. The owner in `kept` is not known
    /// before, and is in the answer.
    ///
    /// # Errors
    ///
    /// What [`crate::share::live`] says of a link; what [`crate::file::may`], [`crate::file::fits`], [`super::fits_guest`] and
    /// [`super::may_add`] say; code `name_taken`, as [`crate::file::AddFile`] will have it. When the database is away; so for all methods.
    async fn add_upload(&self, by: By, kept: &KeptUpload) -> Result<Upload>;

    /// An upload.
    async fn upload(&self, id: UploadId) -> Result<Option<KeptUpload>>;

    /// Notes that an upload has more bytes, if it still has as many as are said.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Conflict`] with code `offset_mismatch`.
    async fn advance_upload(&self, advance: Advance) -> Result<()>;

    /// Makes an upload a file, and ends its reservation; both or neither. The second time it answers the file of the first.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] when there is no such upload any more; what [`crate::share::live`] says of the link by which it came, and
    /// what is said about adding the file.
    async fn complete_upload(&self, complete: &Complete) -> Result<ItemId>;

    /// Forgets an upload, ends its reservation, and notes that its blob is to be removed, if it did not become a file. `ended_by`: only when it
    /// ended then or earlier. Answers whether there was such a one.
    async fn discard_upload(&self, id: UploadId, at: Timestamp, ended_by: Option<Timestamp>) -> Result<bool>;

    /// Uploads that ended then or earlier, the oldest first; without those that have all their bytes and are no file yet.
    async fn ended_uploads(&self, until: Timestamp, limit: i64) -> Result<Vec<UploadId>>;

    /// Uploads that have all their bytes and are no file yet, of those that end then or earlier, the oldest first.
    async fn whole_uploads(&self, until: Timestamp, limit: i64) -> Result<Vec<UploadId>>;

    /// Links by which uploads are on their way.
    async fn links_uploading(&self) -> Result<Vec<ShareId>>;

    /// Forgets all uploads on their way by a link, as [`Self::discard_upload`] does one, unless [`crate::share::takes`] says that something can
    /// be put in by it. Answers which they were.
    async fn discard_by_link(&self, link: ShareId, at: Timestamp) -> Result<Vec<UploadId>>;

    /// Whether somebody may put something there, whatever it is called.
    ///
    /// # Errors
    ///
    /// What [`crate::file::may`] says.
    async fn may_put(&self, by: By, new: &NewUpload) -> Result<()>;

    /// Whether somebody may put a file there, and how many bytes there is room for; `None`: any number. For an early refusal: nothing is reserved.
    ///
    /// # Errors
    ///
    /// As [`Self::add_upload`] says about the place and the room.
    async fn check_place(&self, by: By, new: &NewUpload) -> Result<Option<i64>>;

    /// Of these blobs, those that nothing in the database speaks of.
    async fn unknown_blobs(&self, blobs: &[BlobId]) -> Result<Vec<BlobId>>;

    /// Of these uploads, those that there are not.
    async fn unknown_uploads(&self, uploads: &[UploadId]) -> Result<Vec<UploadId>>;

    /// Blobs that files stand on, in the order of their ids, behind `after`.
    async fn known_blobs(&self, after: Option<BlobId>, limit: i64) -> Result<Vec<KnownBlob>>;
}
