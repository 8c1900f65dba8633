//! What becomes of uploads that nobody goes on with, and of bytes that nothing speaks of.

use std::time::Duration;

use super::{Uploads, service::LASTING};
use crate::{Error, Result, blob::BlobStore, id::UploadId, share::takes, time::Timestamp};

/// An upload that has all its bytes, and did not become a file for so long, was left by whoever sent it.
const LEFT: Duration = Duration::from_secs(60);
/// Blobs that nothing speaks of are removed when they are so old: a database that was put back from a copy may be without what speaks of them,
/// and whoever runs the server has a week to find that out.
const ORPHANED: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// What was gathered of an upload that there is not is removed when it is so old: before, somebody may be about to speak of it.
const STAGED: Duration = Duration::from_secs(24 * 60 * 60);
/// How many uploads one step of the job ends, and completes.
const AT_ONCE: i64 = 100;
/// The job looks at another shelf of the store of blobs in each period of so many milliseconds, so at each four times a day.
const SHELF_PERIOD: i64 = 60_000;

impl Uploads<'_> {
    /// Ends uploads that nobody goes on with, and those by links that take nothing any more, makes those that were sent whole files, and
    /// removes bytes that nothing speaks of. A job that [`crate::Rony::run`] does; it may be cut anywhere, and goes on where it was. What
    /// cannot be done with one is tried again the next time, and holds up no other.
    ///
    /// # Errors
    ///
    /// When the database or the store of blobs is away.
    pub async fn collect(&self) -> Result<()> {
        let Ok(blobs) = self.blobs() else { return Ok(()) };
        let now = self.clock.now();
        let ended = self.end_unfinished(now).await.and(self.end_by_links(now).await);
        self.remove_ended(blobs).await;
        let shelf = (now.as_millis() / SHELF_PERIOD).rem_euclid(256);
        let shelf = u8::try_from(shelf).unwrap_or_default();
        let removed = self.remove_orphans(blobs, shelf, now).await;
        // The last: a large file takes a while.
        let completed = self.complete_left(now).await;
        ended.and(removed).and(completed)
    }

    async fn end_unfinished(&self, now: Timestamp) -> Result<()> {
        let mut done = Ok(());
        for id in self.store.ended_uploads(now, AT_ONCE).await? {
            // Somebody came back at the last moment: their bytes are not taken away from under them.
            if let Ok(_turn) = self.state.turn(id) {
                done = self.end(id, Some(now)).await.and(done);
            }
        }
        done
    }

    /// A link may end by itself, or with the rights of whoever made it: its owner then has the room that was reserved by it.
    async fn end_by_links(&self, now: Timestamp) -> Result<()> {
        for link in self.store.links_uploading().await? {
            if !takes(self.shares.offer_of(link).await?, now) {
                self.state.ended(&self.store.discard_by_link(link, now).await?);
            }
        }
        Ok(())
    }

    /// Removes what was gathered of uploads that ended. What cannot be removed now is found later, like any that nothing speaks of.
    async fn remove_ended(&self, blobs: &dyn BlobStore) {
        for upload in self.state.take_ended() {
            if let Err(error) = blobs.discard(upload).await {
                tracing::debug!(%upload, %error, "what was gathered of an upload is removed later");
            }
        }
    }

    /// Whoever sent the last byte may be gone before it is a file, and was perhaps told that all is there. So it becomes one, even when its time
    /// is over.
    async fn complete_left(&self, now: Timestamp) -> Result<()> {
        let mut done = Ok(());
        for id in self.store.whole_uploads(now.plus(LASTING).minus(LEFT), AT_ONCE).await? {
            if let Ok(_turn) = self.state.turn(id) {
                done = self.complete_or_end(id).await.and(done);
            }
        }
        done
    }

    async fn complete_or_end(&self, id: UploadId) -> Result<()> {
        let Some(kept) = self.store.upload(id).await? else { return Ok(()) };
        match self.completed(kept).await {
            Ok(_) => Ok(()),
            Err(error) if is_refusal(&error) => {
                tracing::info!(upload = %id, %error, "what was sent whole cannot become a file");
                self.end(id, None).await
            }
            Err(error) => Err(error),
        }
    }

    /// Removes what lies on a shelf of the store of blobs, is of nobody, and is old; on some shelves also what was gathered of uploads that there
    /// are not.
    async fn remove_orphans(&self, blobs: &dyn BlobStore, shelf: u8, now: Timestamp) -> Result<()> {
        let until = now.minus(ORPHANED);
        let stored = blobs.stored(shelf).await?.into_iter();
        let old: Vec<_> = stored.filter(|blob| blob.written_at <= until).map(|blob| blob.id).collect();
        let mut done = Ok(());
        for blob in self.store.unknown_blobs(&old).await? {
            tracing::info!(%blob, "bytes that nothing speaks of are removed");
            done = blobs.delete(blob).await.and(done);
        }
        if shelf.is_multiple_of(16) {
            let until = now.minus(STAGED);
            let staged = blobs.staged().await?.into_iter();
            let old: Vec<_> =
                staged.filter(|staged| staged.written_at <= until).map(|staged| staged.id).collect();
            for upload in self.store.unknown_uploads(&old).await? {
                done = blobs.discard(upload).await.and(done);
            }
        }
        done
    }
}

/// Whether the rules say no, which they will say again; anything else may pass.
const fn is_refusal(error: &Error) -> bool {
    matches!(error, Error::Invalid(_) | Error::Forbidden { .. } | Error::NotFound(_) | Error::Conflict { .. })
}
