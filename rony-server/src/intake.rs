//! How bytes come in: steadily, or not at all; and not too many at once of one person.
//!
//! An upload may take days. What it must not do is hold a connection and send next to nothing: whoever does is cut, loses nothing of
//! what arrived, and may go on.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _};
use rony_core::actor::Actor;
use rony_core::blob::ByteStream;
use rony_core::error::BoxError;
use tokio::time::{Instant, timeout};
use uuid::Uuid;

use crate::drain::Drain;
use crate::error::{ApiError, ApiResult};

/// Within each such time there must come at least [`LEAST`].
const SPAN: Duration = Duration::from_secs(30);
/// The fewest bytes within a [`SPAN`]: what the slowest phone networks do.
const LEAST: usize = 16 * 1024;
/// How many requests of one person, or by one link, may bring bytes at once.
const MOST: usize = 16;

/// Why bytes stopped coming.
#[derive(Debug, thiserror::Error)]
#[error("less than {LEAST} bytes came within {} seconds", SPAN.as_secs())]
pub(crate) struct TooSlow;

/// The same bytes, for as long as they come steadily. The end of the stream is no matter of speed, and neither is what takes the bytes: only
/// the time in which they are waited for counts.
pub(crate) fn steady<S, E>(bytes: S) -> ByteStream
where
    S: Stream<Item = Result<Bytes, E>> + Send + 'static,
    E: Into<BoxError>,
{
    let watched = Watched { bytes: Box::pin(bytes), left: SPAN, came: 0 };
    Box::pin(stream::unfold(Some(watched), async |watched| {
        let mut watched = watched?;
        let asked = Instant::now();
        match timeout(watched.left, watched.bytes.next()).await {
            Ok(Some(Ok(bytes))) if watched.goes_on(asked.elapsed(), bytes.len()) => {
                Some((Ok(bytes), Some(watched)))
            }
            Ok(Some(Err(error))) => Some((Err(error.into()), None)),
            Ok(None) => None,
            Ok(Some(Ok(_))) | Err(_) => Some((Err(TooSlow.into()), None)),
        }
    }))
}

/// The same bytes, until the server begins to end.
pub(crate) fn until_drained(drain: &Drain, bytes: ByteStream) -> ByteStream {
    let mut held = drain.hold();
    Box::pin(bytes.take_until(async move { held.drained().await }))
}

struct Watched<S> {
    bytes: std::pin::Pin<Box<S>>,
    /// How much of the present span is left.
    left: Duration,
    /// What came within it.
    came: usize,
}

impl<S> Watched<S> {
    /// Whether enough came; a span that brought enough is followed by another one.
    fn goes_on(&mut self, waited: Duration, more: usize) -> bool {
        self.came += more;
        let left = self.left.checked_sub(waited);
        if self.came >= LEAST {
            (self.left, self.came) = (SPAN, 0);
            return true;
        }
        self.left = left.unwrap_or_default();
        left.is_some()
    }
}

/// Who brings bytes at the moment.
#[derive(Clone, Default)]
pub(crate) struct Intake(Arc<Mutex<HashMap<Uuid, usize>>>);

impl Intake {
    /// The right to bring bytes, until it is dropped.
    ///
    /// # Errors
    ///
    /// 429 `too_many_transfers` when the same person, or holders of the same link, bring as much as they may.
    pub(crate) fn enter(&self, actor: &Actor) -> ApiResult<Entered> {
        let who =
            actor.id().map(|user| user.0).or_else(|| actor.share().map(|share| share.0)).unwrap_or_default();
        let mut present = self.present();
        let count = present.entry(who).or_default();
        if *count >= MOST {
            let detail = "Too many uploads are under way at once. Let one of them end, then go on.";
            let refused = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_transfers", detail);
            return Err(refused.with_retry_after(Duration::from_secs(1)));
        }
        *count += 1;
        drop(present);
        Ok(Entered { intake: self.clone(), who })
    }

    fn present(&self) -> MutexGuard<'_, HashMap<Uuid, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// See [`Intake::enter`].
pub(crate) struct Entered {
    intake: Intake,
    who: Uuid,
}

impl Drop for Entered {
    fn drop(&mut self) {
        let mut present = self.intake.present();
        if let Entry::Occupied(mut count) = present.entry(self.who) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::TryStreamExt as _;
    use rony_core::actor::Trusted;
    use rony_core::id::UserId;
    use rony_core::permission::ServerRole;

    use super::*;

    /// Pieces of so many bytes, each after so many seconds.
    fn pieces(pieces: Vec<(u64, usize)>) -> ByteStream {
        steady(stream::iter(pieces).then(async |(seconds, bytes)| {
            tokio::time::advance(Duration::from_secs(seconds)).await;
            Ok::<_, Infallible>(Bytes::from(vec![0; bytes]))
        }))
    }

    async fn arrived(bytes: ByteStream) -> (usize, bool) {
        let mut bytes = bytes;
        let mut count = 0;
        loop {
            match bytes.try_next().await {
                Ok(Some(piece)) => count += piece.len(),
                Ok(None) => return (count, true),
                Err(_) => return (count, false),
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_sender_is_let_be_and_one_who_hardly_sends_is_cut() {
        assert_eq!(arrived(pieces(vec![(20, LEAST); 100])).await, (100 * LEAST, true));
        assert_eq!(arrived(pieces(vec![(0, 3), (1, 0)])).await, (3, true));
        let (count, whole) = arrived(pieces(vec![(1, 10); 100])).await;
        assert!(!whole && (200..=310).contains(&count), "{count}");
        let silent =
            stream::once(async { Ok::<_, Infallible>(Bytes::from_static(b"abc")) }).chain(stream::pending());
        assert_eq!(arrived(steady(silent)).await, (3, false));
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_is_cut_because_the_store_is_slow() {
        let mut bytes = pieces(vec![(1, 10); 10]);
        for _ in 0..10 {
            assert!(bytes.next().await.is_some_and(|piece| piece.is_ok()));
            tokio::time::advance(2 * SPAN).await;
        }
        assert!(bytes.next().await.is_none());
    }

    #[tokio::test]
    async fn what_came_before_a_server_ends_is_the_whole() {
        let drain = Drain::new();
        let came = stream::once(async { Ok(Bytes::from_static(b"abc")) });
        let mut bytes = until_drained(&drain, Box::pin(came.chain(stream::pending())));
        assert!(bytes.next().await.is_some_and(|piece| piece.is_ok()));
        drain.start();
        assert!(bytes.next().await.is_none());
    }

    #[test]
    fn a_person_brings_only_so_much_at_once() {
        let person =
            |number| Actor::trusted(Trusted::User(UserId(Uuid::from_u128(number)), ServerRole::Member));
        let intake = Intake::default();
        let mut all: Vec<_> = (0..MOST).map(|_| intake.enter(&person(1)).expect("room")).collect();
        assert_eq!(
            intake.enter(&person(1)).err().map(|error| error.code().to_owned()).as_deref(),
            Some("too_many_transfers")
        );
        assert!(intake.enter(&person(2)).is_ok(), "others are not in the way");
        all.pop();
        assert!(intake.enter(&person(1)).is_ok());
        all.clear();
        assert!(intake.present().is_empty());
    }
}
