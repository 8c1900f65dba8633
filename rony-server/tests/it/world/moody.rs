//! A store for the bytes of files that takes its time, and does not give everything back.

use std::{
    ops::Range,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use axum::body::Bytes;
use rony_core::{
    Error, Result,
    blob::{Appended, BlobStore, ByteStream, Derived, Disposition, StagedUpload, StoredBlob},
    id::{BlobId, UploadId},
};
use rony_storage::blob::DiskBlobs;
use tempfile::TempDir;
use tokio::sync::{Notify, Semaphore};

/// It ends with the test.
pub(crate) struct MoodyBlobs {
    disk: DiskBlobs,
    /// Told when a blob is about to become whole.
    pub(crate) finishing: Notify,
    /// How many blobs may become whole from now on.
    pub(crate) finishes: Semaphore,
    /// A blob of so many bytes cannot be read whole.
    pub(crate) unreadable: AtomicU64,
    _folder: TempDir,
}

impl MoodyBlobs {
    /// One in which so many blobs become whole without a wait.
    pub(crate) fn open(finishes: usize) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        Self {
            disk: DiskBlobs::open(folder.path()).expect("a store"),
            finishing: Notify::new(),
            finishes: Semaphore::new(finishes),
            unreadable: AtomicU64::new(u64::MAX),
            _folder: folder,
        }
    }
}

#[async_trait]
impl BlobStore for MoodyBlobs {
    async fn append(&self, upload: UploadId, offset: u64, bytes: ByteStream) -> Result<Appended> {
        self.disk.append(upload, offset, bytes).await
    }

    async fn finish(&self, upload: UploadId, blob: BlobId, length: u64) -> Result<[u8; 32]> {
        self.finishing.notify_one();
        self.finishes.acquire().await.expect("it is never closed").forget();
        self.disk.finish(upload, blob, length).await
    }

    async fn discard(&self, upload: UploadId) -> Result<()> {
        self.disk.discard(upload).await
    }

    async fn read(&self, blob: BlobId, range: Range<u64>) -> Result<ByteStream> {
        if range == (0..self.unreadable.load(Ordering::Relaxed)) {
            return Err(Error::unavailable("The file cannot be read at the moment.", "a bad disk"));
        }
        self.disk.read(blob, range).await
    }

    async fn put(&self, key: Derived, bytes: Bytes) -> Result<()> {
        self.disk.put(key, bytes).await
    }

    async fn get(&self, key: Derived) -> Result<Bytes> {
        self.disk.get(key).await
    }

    async fn delete(&self, blob: BlobId) -> Result<()> {
        self.disk.delete(blob).await
    }

    async fn presigned(&self, blob: BlobId, to: &Disposition, lasting: Duration) -> Result<Option<String>> {
        self.disk.presigned(blob, to, lasting).await
    }

    async fn size(&self, blob: BlobId) -> Result<Option<u64>> {
        self.disk.size(blob).await
    }

    async fn stored(&self, shelf: u8) -> Result<Vec<StoredBlob>> {
        self.disk.stored(shelf).await
    }

    async fn staged(&self) -> Result<Vec<StagedUpload>> {
        self.disk.staged().await
    }
}
