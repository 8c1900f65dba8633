//! Moving all blobs from one store to another.

use futures_util::StreamExt as _;
use rony_core::{
    Error, Result,
    blob::{BlobStore, Derived, KnownBlob, PreviewSize},
    id::UploadId,
};

use super::error::AWAY;

/// A blob is in the new store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Which.
    pub blob: KnownBlob,
    /// It was copied now; otherwise it was there already.
    pub copied: bool,
}

/// Copies `blobs` from one store to another, with their previews, and tells `progress` of each. What is there with the same size is skipped, so whoever
/// was interrupted starts again and goes on. Each blob is hashed on its way and compared with what the database says.
/// Nothing is removed from `from`.
///
/// # Errors
///
/// When a store is away, and [`Error::Internal`] naming the first blob that is missing or not what the database says.
pub async fn migrate(
    from: &dyn BlobStore,
    to: &dyn BlobStore,
    blobs: &[KnownBlob],
    mut progress: impl FnMut(Moved) + Send,
) -> Result<()> {
    for &blob in blobs {
        let copied = to.size(blob.id).await? != Some(blob.size);
        if copied {
            copy(from, to, blob).await?;
            copy_previews(from, to, blob).await?;
        }
        progress(Moved { blob, copied });
    }
    Ok(())
}

async fn copy(from: &dyn BlobStore, to: &dyn BlobStore, blob: KnownBlob) -> Result<()> {
    // An id of its own, for ever the same: what an interrupted copy left is thrown away by the next one.
    let staging = UploadId(blob.id.uuid());
    to.delete(blob.id).await?;
    let bytes = from.read(blob.id, 0..blob.size).await.map_err(|error| match error {
        Error::NotFound(_) => Error::internal(format!("the blob {} is missing in the old store", blob.id)),
        error => error,
    })?;
    let appended = to.append(staging, 0, bytes.boxed()).await?;
    if appended.cut || appended.written != blob.size {
        return Err(Error::unavailable(AWAY, format!("reading the blob {} was cut off", blob.id)));
    }
    if to.finish(staging, blob.id, blob.size).await? != blob.sha256 {
        to.delete(blob.id).await?;
        return Err(Error::internal(format!("the blob {} is not what the database says it is", blob.id)));
    }
    Ok(())
}

async fn copy_previews(from: &dyn BlobStore, to: &dyn BlobStore, blob: KnownBlob) -> Result<()> {
    for size in PreviewSize::ALL {
        let key = Derived { blob: blob.id, size };
        match from.get(key).await {
            Ok(bytes) => to.put(key, bytes).await?,
            Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
