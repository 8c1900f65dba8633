//! Where the bytes of files are kept, as a port: a disk, or an object store.
//!
//! A blob is a run of bytes with an id that never changes once it is whole. It comes in through a place of its own, where an upload is
//! gathered piece by piece ([`BlobStore::append`]), and appears under its id at once and whole ([`BlobStore::finish`]). Nothing
//! here knows what a file, a folder or a person is, nor who may read what: that is asked before anybody comes here.
//!
//! `rony-storage` has the adapters, and the facts that each must make true.

use std::{ops::Range, pin::Pin, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::Stream;

use crate::{
    Result,
    error::BoxError,
    id::{BlobId, UploadId},
    time::Timestamp,
};

/// Bytes on their way in or out, in pieces of any size. It ends with the first error.
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

/// What an append did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Appended {
    /// How many bytes are kept, and survive a crash from now on.
    pub written: u64,
    /// The stream ended with an error: more was meant to come.
    pub cut: bool,
}

/// How large a preview is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PreviewSize {
    /// For lists: 256 pixels on the longest side.
    Small,
    /// For looking at: 1280 pixels on the longest side.
    Large,
}

impl PreviewSize {
    /// All there are.
    pub const ALL: [Self; 2] = [Self::Small, Self::Large];

    /// Its name, as it is on the wire and in a store's keys.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Large => "large",
        }
    }

    /// The most pixels on the longest side.
    #[must_use]
    pub const fn pixels(self) -> u32 {
        match self {
            Self::Small => 256,
            Self::Large => 1280,
        }
    }
}

/// Something small that was made of a blob, and is made again when it is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Derived {
    /// Of which blob.
    pub blob: BlobId,
    /// Which of its previews.
    pub size: PreviewSize,
}

/// As what a browser shall take the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disposition {
    /// It may show them; otherwise it saves them.
    pub inline: bool,
    /// The name to save them under.
    pub name: String,
    /// Their media type (`image/png`).
    pub media_type: String,
}

/// A blob, as the database knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownBlob {
    /// Which.
    pub id: BlobId,
    /// How many bytes it has.
    pub size: u64,
    /// The SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

/// A blob, as the store of blobs sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredBlob {
    /// Which.
    pub id: BlobId,
    /// How many bytes it has.
    pub size: u64,
    /// When it became whole, by the store's own clock.
    pub written_at: Timestamp,
}

/// What was gathered of an upload, as the store of blobs sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StagedUpload {
    /// Which.
    pub id: UploadId,
    /// When something was last added, by the store's own clock.
    pub written_at: Timestamp,
}

/// The port for the bytes of files.
///
/// All methods fail with [`crate::Error::Unavailable`] when the store is away. Several nodes may use one store; that no two append
/// to one upload at once is seen to before.
#[async_trait]
pub trait BlobStore: Send + Sync {
    /// Adds to what was gathered of an upload. `offset`, in bytes, is how much of it counts: what lies behind it (from an append whose
    /// answer was lost) is thrown away first. What this answers as written survives a crash of the process and of the machine.
    /// Of a stream that ends with an error, what came before it is kept.
    ///
    /// # Errors
    ///
    /// [`crate::Error::StorageFull`] when there is no room; [`crate::Error::Conflict`] with code `upload_lost` when there is less
    /// than `offset`.
    async fn append(&self, upload: UploadId, offset: u64, bytes: ByteStream) -> Result<Appended>;

    /// Makes the first `length` bytes of an upload the blob, and answers their SHA-256. Nobody can read any of the blob before it is whole. When
    /// the blob is there already, from a call whose answer was lost, the answer is the same again.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Conflict`] with code `upload_lost` when there are fewer bytes.
    async fn finish(&self, upload: UploadId, blob: BlobId, length: u64) -> Result<[u8; 32]>;

    /// Throws away what was gathered of an upload. Nothing happens when there is nothing.
    async fn discard(&self, upload: UploadId) -> Result<()>;

    /// The bytes of a blob from `range.start` to before `range.end`. The range must lie within the blob.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] when the blob is not there, or not whole.
    async fn read(&self, blob: BlobId, range: Range<u64>) -> Result<ByteStream>;

    /// Keeps a preview, in place of the one that was there.
    async fn put(&self, key: Derived, bytes: Bytes) -> Result<()>;

    /// A preview.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] when there is none.
    async fn get(&self, key: Derived) -> Result<Bytes>;

    /// Removes a blob and its previews. Nothing happens when there is none. Who reads it now may be cut off.
    async fn delete(&self, blob: BlobId) -> Result<()>;

    /// An address that gives a blob to whoever has it, for a while, without asking Rony; `None`: this store has no such thing.
    async fn presigned(&self, blob: BlobId, to: &Disposition, lasting: Duration) -> Result<Option<String>>;

    /// How many bytes a blob has; `None`: it is not there.
    async fn size(&self, blob: BlobId) -> Result<Option<u64>>;

    /// The blobs on one of the 256 shelves ([`shelf`]), in any order. Together the shelves hold all, each blob once.
    async fn stored(&self, shelf: u8) -> Result<Vec<StoredBlob>>;

    /// All uploads of which something is gathered.
    async fn staged(&self) -> Result<Vec<StagedUpload>>;
}

/// The shelf that a blob stands on, one of 256 of much the same size: the last byte of its id, which is random.
#[must_use]
pub const fn shelf(blob: BlobId) -> u8 {
    blob.uuid().as_bytes()[15]
}
