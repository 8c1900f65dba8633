//! The job that makes small pictures of pictures, beside everything else: a picture at a time, on a thread of low priority, and never
//! while somebody waits for an answer.
//!
//! Which pictures wait is written in the database, so none is forgotten, whatever ends the process. Where several nodes work on one
//! database, two may draw the same picture, and the later one changes nothing.

mod render;

use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use futures_util::TryStreamExt as _;
use rony_core::background::give_way;
use rony_core::blob::{BlobStore, ByteStream, Derived};
use rony_core::file::{Made, PreviewState};
use rony_core::id::BlobId;
use rony_core::{Error, Result, Rony};
use tokio::sync::{Notify, oneshot};

pub(crate) use self::render::media_type;
use self::render::{LARGEST, RenderError, Rendered, render};
use crate::telemetry::count_preview;

/// How many waiting pictures are asked for at once.
const BATCH: i64 = 20;
/// How long until the database is asked again, where nobody says that there is something new.
const PAUSE: Duration = Duration::from_secs(5);

/// Tells the job that there may be something to do.
#[derive(Clone, Default)]
pub(crate) struct Bell(Arc<Notify>);

impl Bell {
    /// A picture may have come.
    pub(crate) fn ring(&self) {
        self.0.notify_one();
    }
}

/// Works until it is dropped.
pub(crate) async fn run(rony: Rony, blobs: Arc<dyn BlobStore>, bell: Bell) {
    loop {
        let more = work(&rony, &*blobs).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "previews cannot be made at the moment");
            false
        });
        if !more {
            let _ = tokio::time::timeout(PAUSE, bell.0.notified()).await;
        }
    }
}

/// Makes the previews of those that wait the longest; whether there were any. One that cannot be made now keeps no other waiting.
async fn work(rony: &Rony, blobs: &dyn BlobStore) -> Result<bool> {
    let waiting = rony.files().waiting_previews(BATCH).await?;
    let mut outcome = Ok(!waiting.is_empty());
    for (blob, size) in waiting {
        if let Err(error) = make_and_say(rony, blobs, blob, size).await {
            outcome = Err(error);
        }
    }
    outcome
}

async fn make_and_say(rony: &Rony, blobs: &dyn BlobStore, blob: BlobId, size: i64) -> Result<()> {
    let made = make(blobs, blob, u64::try_from(size).unwrap_or_default()).await?;
    rony.files().set_preview(made).await?;
    count_preview(made.state == PreviewState::Ready);
    Ok(())
}

/// Makes the previews of one blob. What is no picture after all has none from now on.
async fn make(blobs: &dyn BlobStore, blob: BlobId, size: u64) -> Result<Made> {
    let none = Made { blob, state: PreviewState::None, width: None, height: None };
    if size > LARGEST {
        return Ok(none);
    }
    let bytes = match blobs.read(blob, 0..size).await {
        Ok(stream) => gather(stream, size).await?,
        Err(Error::NotFound(_)) => return Ok(none),
        Err(error) => return Err(error),
    };
    match draw(bytes).await {
        Ok(Rendered { width, height, previews }) => {
            for (size, bytes) in previews {
                blobs.put(Derived { blob, size }, bytes).await?;
            }
            Ok(Made {
                blob,
                state: PreviewState::Ready,
                width: Some(width.into()),
                height: Some(height.into()),
            })
        }
        Err(error) => {
            tracing::debug!(%blob, cause = %error, "there is no preview");
            Ok(none)
        }
    }
}

async fn gather(mut stream: ByteStream, size: u64) -> Result<BytesMut> {
    let mut bytes = BytesMut::with_capacity(usize::try_from(size).unwrap_or_default());
    let away = |source| Error::unavailable("The file cannot be read at the moment.", source);
    while let Some(piece) = stream.try_next().await.map_err(away)? {
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// Why nothing was drawn.
#[derive(Debug, thiserror::Error)]
enum DrawError {
    #[error(transparent)]
    Render(#[from] RenderError),
    #[error("no thread could be started: {0}")]
    Thread(#[from] std::io::Error),
    #[error("the thread that draws ended by a fault")]
    Ended(#[from] oneshot::error::RecvError),
}

/// A decoder that panics ends its thread and nothing else.
async fn draw(bytes: BytesMut) -> Result<Rendered, DrawError> {
    let (drawn, result) = oneshot::channel();
    std::thread::Builder::new().name("rony-preview".to_owned()).spawn(move || {
        give_way();
        let _ = drawn.send(render(&bytes));
    })?;
    Ok(result.await??)
}
