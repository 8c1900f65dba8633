//! A store of blobs in memory, which fails when it is told to.

use std::{
    collections::HashMap,
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use rony_core::{
    Error, Result,
    blob::{Appended, BlobStore, ByteStream, Derived, Disposition, StagedUpload, StoredBlob, shelf},
    id::{BlobId, UploadId},
    time::{Clock as _, ManualClock, Timestamp},
};
use sha2::{Digest as _, Sha256};

/// See the module's documentation. Its clock is the test's.
pub struct MemoryBlobs {
    clock: Arc<ManualClock>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    uploads: HashMap<UploadId, (Vec<u8>, Timestamp)>,
    blobs: HashMap<BlobId, (Bytes, Timestamp)>,
    derived: HashMap<Derived, Bytes>,
    fault: Option<Fault>,
}

/// What is to fail.
struct Fault {
    /// After so many operations that do not.
    after: usize,
    /// When it has done its work, rather than before: an answer that is lost.
    late: bool,
}

impl MemoryBlobs {
    pub(super) fn new(clock: Arc<ManualClock>) -> Self {
        Self { clock, kept: Mutex::default() }
    }

    /// Lets one operation fail, after so many that do not: before it did anything, or, when it is `late`, after.
    pub fn fail(&self, after: usize, late: bool) {
        self.kept().fault = Some(Fault { after, late });
    }

    /// Whether nothing is to fail any more.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.kept().fault.is_none()
    }

    /// Makes a blob that is there, for a file that was made without bytes.
    pub fn keep(&self, blob: BlobId) {
        let now = self.clock.now();
        self.kept().blobs.insert(blob, (Bytes::from_static(b"kept"), now));
    }

    /// The bytes of a blob.
    #[must_use]
    pub fn bytes(&self, blob: BlobId) -> Option<Bytes> {
        self.kept().blobs.get(&blob).map(|(bytes, _)| bytes.clone())
    }

    /// How many blobs there are, and how many uploads of which something is gathered.
    #[must_use]
    pub fn count(&self) -> (usize, usize) {
        let kept = self.kept();
        (kept.blobs.len(), kept.uploads.len())
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something, unless it is to fail.
    fn operate<T>(&self, work: impl FnOnce(&mut Kept, Timestamp) -> Result<T>) -> Result<T> {
        let now = self.clock.now();
        let mut kept = self.kept();
        let fails = match &mut kept.fault {
            Some(Fault { after: 0, late }) => Some(*late),
            Some(fault) => {
                fault.after -= 1;
                None
            }
            None => None,
        };
        if fails.is_some() {
            kept.fault = None;
        }
        match fails {
            Some(false) => Err(away()),
            Some(true) => work(&mut kept, now).and(Err(away())),
            None => work(&mut kept, now),
        }
    }
}

fn away() -> Error {
    Error::unavailable("The place where files are kept does not answer.", "told to fail")
}

fn lost() -> Error {
    Error::conflict("upload_lost", "It is gone.")
}

#[async_trait]
impl BlobStore for MemoryBlobs {
    async fn append(&self, upload: UploadId, offset: u64, mut bytes: ByteStream) -> Result<Appended> {
        let (mut gathered, mut appended) = (Vec::new(), Appended::default());
        while let Some(piece) = bytes.next().await {
            match piece {
                Ok(piece) => gathered.extend_from_slice(&piece),
                Err(_) => appended.cut = true,
            }
        }
        appended.written = gathered.len() as u64;
        self.operate(|kept, now| {
            let (there, at) = kept.uploads.entry(upload).or_insert((Vec::new(), now));
            let offset = usize::try_from(offset).map_err(Error::internal)?;
            if there.len() < offset {
                return Err(lost());
            }
            there.truncate(offset);
            there.extend_from_slice(&gathered);
            *at = now;
            Ok(appended)
        })
    }

    async fn finish(&self, upload: UploadId, blob: BlobId, length: u64) -> Result<[u8; 32]> {
        self.operate(|kept, now| {
            let length = usize::try_from(length).map_err(Error::internal)?;
            if !kept.blobs.contains_key(&blob) {
                let (mut bytes, _) = kept.uploads.remove(&upload).unwrap_or((Vec::new(), now));
                if bytes.len() < length {
                    return Err(lost());
                }
                bytes.truncate(length);
                kept.blobs.insert(blob, (bytes.into(), now));
            }
            Ok(Sha256::digest(&kept.blobs[&blob].0).into())
        })
    }

    async fn discard(&self, upload: UploadId) -> Result<()> {
        self.operate(|kept, _| {
            kept.uploads.remove(&upload);
            Ok(())
        })
    }

    async fn read(&self, blob: BlobId, range: Range<u64>) -> Result<ByteStream> {
        self.operate(|kept, _| {
            let (bytes, _) = kept.blobs.get(&blob).ok_or(Error::NotFound("file"))?;
            let end = |end: u64| usize::try_from(end).map_err(Error::internal);
            let range = end(range.start)?..end(range.end)?;
            if range.end > bytes.len() {
                return Err(Error::NotFound("file"));
            }
            Ok(stream::iter([Ok(bytes.slice(range))]).boxed())
        })
    }

    async fn put(&self, key: Derived, bytes: Bytes) -> Result<()> {
        self.operate(|kept, _| {
            kept.derived.insert(key, bytes);
            Ok(())
        })
    }

    async fn get(&self, key: Derived) -> Result<Bytes> {
        self.operate(|kept, _| kept.derived.get(&key).cloned().ok_or(Error::NotFound("file")))
    }

    async fn delete(&self, blob: BlobId) -> Result<()> {
        self.operate(|kept, _| {
            kept.blobs.remove(&blob);
            kept.derived.retain(|key, _| key.blob != blob);
            Ok(())
        })
    }

    async fn presigned(&self, _: BlobId, _: &Disposition, _: Duration) -> Result<Option<String>> {
        Ok(None)
    }

    async fn size(&self, blob: BlobId) -> Result<Option<u64>> {
        self.operate(|kept, _| Ok(kept.blobs.get(&blob).map(|(bytes, _)| bytes.len() as u64)))
    }

    async fn stored(&self, number: u8) -> Result<Vec<StoredBlob>> {
        self.operate(|kept, _| {
            let there = kept.blobs.iter().filter(|(id, _)| shelf(**id) == number);
            let stored = |(id, (bytes, at)): (&BlobId, &(Bytes, Timestamp))| StoredBlob {
                id: *id,
                size: bytes.len() as u64,
                written_at: *at,
            };
            Ok(there.map(stored).collect())
        })
    }

    async fn staged(&self) -> Result<Vec<StagedUpload>> {
        self.operate(|kept, _| {
            let staged = kept.uploads.iter().map(|(id, (_, at))| StagedUpload { id: *id, written_at: *at });
            Ok(staged.collect())
        })
    }
}
