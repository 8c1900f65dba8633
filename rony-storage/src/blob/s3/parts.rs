//! An upload on its way into a bucket.

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt as _, TryStreamExt as _, stream, stream::BoxStream};
use object_store::{GetOptions, GetRange, ObjectStore as _, ObjectStoreExt as _, WriteMultipart, path::Path};
use rony_core::{
    Error, Result,
    blob::{Appended, BlobStore as _, ByteStream},
    error::BoxError,
    id::{BlobId, UploadId},
};
use sha2::{Digest as _, Sha256};
use tokio::task::JoinHandle;

use super::{S3Blobs, failed};
use crate::blob::{
    error::{AWAY, lost},
    keys,
};

/// How much is gathered before it is sent on: what S3 wants of the pieces of a large object is 5 MiB at least.
const PART: usize = 8 * 1024 * 1024;
/// How many pieces S3 allows for one object, with some to spare.
const MOST_PARTS: u64 = 9_000;
/// How many pieces are on their way at once when they are put together.
const AT_ONCE: usize = 4;

/// Bytes on their way from one key to another.
type Pieces = BoxStream<'static, Result<Bytes>>;

/// A piece that is there.
struct Part {
    offset: u64,
    size: u64,
    path: Path,
}

impl Part {
    fn end(&self) -> u64 {
        self.offset + self.size
    }
}

impl S3Blobs {
    /// Where a piece is. Names sort as numbers do.
    fn part(&self, upload: UploadId, offset: u64) -> Path {
        self.path(&format!("{}/{offset:020}", keys::upload(upload)))
    }

    async fn parts(&self, upload: UploadId) -> Result<Vec<Part>> {
        let found = self.list(&keys::upload(upload)).await?;
        let part = |meta: object_store::ObjectMeta| {
            let offset = meta.location.filename()?.parse().ok()?;
            Some(Part { offset, size: meta.size, path: meta.location })
        };
        let mut parts: Vec<Part> = found.into_iter().filter_map(part).collect();
        parts.sort_unstable_by_key(|part| part.offset);
        Ok(parts)
    }

    pub(super) async fn append_parts(
        &self,
        upload: UploadId,
        offset: u64,
        mut bytes: ByteStream,
    ) -> Result<Appended> {
        self.truncate(upload, offset).await?;
        let (mut at, mut gathered, mut appended) = (offset, BytesMut::new(), Appended::default());
        // One piece is on its way while the next one is gathered.
        let mut sending: Option<JoinHandle<Result<()>>> = None;
        loop {
            match bytes.next().await {
                Some(Ok(piece)) => gathered.extend_from_slice(&piece),
                ended => {
                    appended.cut = ended.is_some();
                    break;
                }
            }
            while gathered.len() >= PART {
                arrived(sending.take()).await?;
                sending = Some(self.send(upload, at, gathered.split_to(PART).freeze()));
                at += PART as u64;
            }
        }
        arrived(sending.take()).await?;
        if !gathered.is_empty() {
            let rest = gathered.freeze();
            let size = rest.len() as u64;
            arrived(Some(self.send(upload, at, rest))).await?;
            at += size;
        }
        appended.written = at - offset;
        Ok(appended)
    }

    fn send(&self, upload: UploadId, offset: u64, piece: Bytes) -> JoinHandle<Result<()>> {
        let (store, path) = (self.store.clone(), self.part(upload, offset));
        tokio::spawn(async move { store.put(&path, piece.into()).await.map(|_| ()).map_err(failed) })
    }

    /// Throws away what lies behind `offset`.
    async fn truncate(&self, upload: UploadId, offset: u64) -> Result<()> {
        let parts = self.parts(upload).await?;
        if reach(&parts) < offset {
            return Err(lost());
        }
        let (keep, behind): (Vec<_>, Vec<_>) = parts.into_iter().partition(|part| part.offset < offset);
        self.remove_all(behind.into_iter().map(|part| part.path).collect()).await?;
        if let Some(last) = keep.last().filter(|last| last.end() > offset) {
            let head = self.store.get_range(&last.path, 0..offset - last.offset).await.map_err(failed)?;
            self.store.put(&last.path, head.into()).await.map_err(failed)?;
        }
        Ok(())
    }

    /// Makes one object of the pieces.
    pub(super) async fn put_together(&self, upload: UploadId, blob: BlobId, length: u64) -> Result<[u8; 32]> {
        let parts = self.parts(upload).await?;
        if reach(&parts) < length {
            return Err(lost());
        }
        let (path, bytes) = (self.path(&keys::blob(blob)), self.whole(parts, length));
        if length <= PART as u64 {
            self.put_at_once(&path, bytes).await
        } else {
            self.put_in_parts(&path, bytes, length).await
        }
    }

    async fn put_at_once(&self, path: &Path, mut bytes: Pieces) -> Result<[u8; 32]> {
        let mut whole = BytesMut::new();
        while let Some(piece) = bytes.try_next().await? {
            whole.extend_from_slice(&piece);
        }
        let hash = Sha256::digest(&whole);
        self.store.put(path, whole.freeze().into()).await.map_err(failed)?;
        Ok(hash.into())
    }

    async fn put_in_parts(&self, path: &Path, bytes: Pieces, length: u64) -> Result<[u8; 32]> {
        let size = PART.max(usize::try_from(length / MOST_PARTS + 1).map_err(Error::internal)?);
        let upload = self.store.put_multipart(path).await.map_err(failed)?;
        let mut writing = WriteMultipart::new_with_chunk_size(upload, size);
        let hash = match send_all(&mut writing, bytes).await {
            Ok(hash) => hash,
            Err(error) => {
                // What is left behind costs room until the bucket's own rule for it, if this fails too.
                let _ = writing.abort().await;
                return Err(error);
            }
        };
        writing.finish().await.map_err(failed)?;
        Ok(hash)
    }

    /// The first `length` bytes of the pieces, in order.
    fn whole(&self, parts: Vec<Part>, length: u64) -> Pieces {
        let store = self.store.clone();
        let parts = parts.into_iter().filter(move |part| part.offset < length && part.size > 0);
        let read = move |part: Part| {
            let store = store.clone();
            async move {
                let range = GetRange::Bounded(0..part.size.min(length - part.offset));
                let options = GetOptions { range: Some(range), ..GetOptions::default() };
                let found = store.get_opts(&part.path, options).await.map_err(failed)?;
                Ok::<_, Error>(found.into_stream().map_err(failed))
            }
        };
        stream::iter(parts).then(read).try_flatten().boxed()
    }

    /// The hash of a blob that is there already.
    pub(super) async fn hash(&self, blob: BlobId, length: u64) -> Result<[u8; 32]> {
        let away = |error: BoxError| Error::unavailable(AWAY, error);
        let (mut bytes, mut hash) = (self.read(blob, 0..length).await?, Sha256::new());
        while let Some(piece) = bytes.try_next().await.map_err(away)? {
            hash.update(&piece);
        }
        Ok(hash.finalize().into())
    }
}

/// Sends what comes, and answers its hash.
async fn send_all(writing: &mut WriteMultipart, mut bytes: Pieces) -> Result<[u8; 32]> {
    let mut hash = Sha256::new();
    while let Some(piece) = bytes.try_next().await? {
        writing.wait_for_capacity(AT_ONCE).await.map_err(failed)?;
        hash.update(&piece);
        writing.put(piece);
    }
    Ok(hash.finalize().into())
}

/// Up to where the pieces lie without a gap.
fn reach(parts: &[Part]) -> u64 {
    parts.iter().fold(0, |reach, part| if part.offset == reach { part.end() } else { reach })
}

async fn arrived(sending: Option<JoinHandle<Result<()>>>) -> Result<()> {
    match sending {
        Some(sending) => sending.await.map_err(Error::internal)?,
        None => Ok(()),
    }
}
