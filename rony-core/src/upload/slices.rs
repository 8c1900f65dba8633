//! One stream of bytes, handed on in slices.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use sha2::{Digest as _, Sha256};

use crate::{blob::ByteStream, error::BoxError, time::Clock};

/// A stream of which a part at a time is handed on.
pub(super) struct Slices {
    source: Arc<Mutex<Source>>,
    /// By which clock a slice that has something ends, and after how long.
    time: Option<(Arc<dyn Clock>, Duration)>,
}

struct Source {
    bytes: ByteStream,
    /// What was taken from the stream and did not fit into the last slice.
    rest: Bytes,
    ended: bool,
    hash: Option<Sha256>,
}

impl Slices {
    /// Slices that end by their length alone.
    pub(super) fn whole(bytes: ByteStream) -> Self {
        let source = Source { bytes, rest: Bytes::new(), ended: false, hash: None };
        Self { source: Arc::new(Mutex::new(source)), time: None }
    }

    /// The same, hashed on the way, for [`Self::hash`].
    pub(super) fn hashed(bytes: ByteStream) -> Self {
        let slices = Self::whole(bytes);
        slices.source().hash = Some(Sha256::new());
        slices
    }

    /// Slices that end after so long, too, if anything came by then.
    pub(super) fn timed(bytes: ByteStream, clock: Arc<dyn Clock>, longest: Duration) -> Self {
        Self { time: Some((clock, longest)), ..Self::whole(bytes) }
    }

    fn source(&self) -> MutexGuard<'_, Source> {
        self.source.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next `most` bytes, or what there is. The slice before must be at its end.
    pub(super) fn next(&self, most: u64) -> ByteStream {
        let time = self
            .time
            .clone()
            .map(|(clock, longest)| -> Timer { Box::pin(async move { clock.sleep(longest).await }) });
        Box::pin(Slice { source: Arc::clone(&self.source), left: most, time, came: false, late: false })
    }

    /// Whether all was handed on, as far as that is known yet.
    pub(super) fn is_over(&self) -> bool {
        let source = self.source();
        source.ended && source.rest.is_empty()
    }

    /// Whether there is anything left; a stream that breaks off has nothing left.
    pub(super) async fn is_more(&self) -> bool {
        std::future::poll_fn(|context| {
            let mut source = self.source();
            loop {
                if !source.rest.is_empty() {
                    return Poll::Ready(true);
                }
                match source.poll(context) {
                    Poll::Ready(Some(Ok(piece))) => source.rest = piece,
                    Poll::Ready(_) => return Poll::Ready(false),
                    Poll::Pending => return Poll::Pending,
                }
            }
        })
        .await
    }

    /// The SHA-256 of all that was handed on, if it was wanted.
    pub(super) fn hash(&self) -> Option<[u8; 32]> {
        self.source().hash.clone().map(|hash| hash.finalize().into())
    }
}

impl Source {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, BoxError>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let polled = self.bytes.as_mut().poll_next(context);
        self.ended = matches!(polled, Poll::Ready(None | Some(Err(_))));
        polled
    }
}

/// Ends when a slice has lasted long enough.
type Timer = Pin<Box<dyn Future<Output = ()> + Send>>;

struct Slice {
    source: Arc<Mutex<Source>>,
    left: u64,
    /// Until it has rung.
    time: Option<Timer>,
    /// Whether it has anything.
    came: bool,
    late: bool,
}

impl Slice {
    /// Whether its time is over; woken when it is.
    fn is_late(&mut self, context: &mut Context<'_>) -> bool {
        if self.time.as_mut().is_some_and(|time| time.as_mut().poll(context).is_ready()) {
            (self.time, self.late) = (None, true);
        }
        self.late
    }
}

impl Stream for Slice {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.left == 0 || (self.is_late(context) && self.came) {
            return Poll::Ready(None);
        }
        let shared = Arc::clone(&self.source);
        let mut source = shared.lock().unwrap_or_else(PoisonError::into_inner);
        let mut piece = std::mem::take(&mut source.rest);
        while piece.is_empty() {
            match source.poll(context) {
                Poll::Ready(Some(Ok(next))) => piece = next,
                other => return other,
            }
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        if piece.len() > most {
            source.rest = piece.split_off(most);
        }
        self.left -= piece.len() as u64;
        self.came = true;
        if let Some(hash) = &mut source.hash {
            hash.update(&piece);
        }
        Poll::Ready(Some(Ok(piece)))
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;
    use crate::time::{ManualClock, Timestamp};

    /// Pieces that are there at once.
    struct Pieces(Vec<Result<Bytes, BoxError>>);

    impl Stream for Pieces {
        type Item = Result<Bytes, BoxError>;

        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            Poll::Ready((!self.0.is_empty()).then(|| self.0.remove(0)))
        }
    }

    async fn take(mut slice: ByteStream) -> (String, bool) {
        let mut text = String::new();
        loop {
            match std::future::poll_fn(|context| slice.as_mut().poll_next(context)).await {
                Some(Ok(piece)) => text.push_str(std::str::from_utf8(&piece).unwrap()),
                Some(Err(_)) => return (text, true),
                None => return (text, false),
            }
        }
    }

    #[tokio::test]
    async fn a_stream_comes_in_slices_and_nothing_is_lost_between_them() {
        let pieces = ["one", "", "two", "three"].map(|piece| Ok(Bytes::from_static(piece.as_bytes())));
        let slices = Slices::hashed(Box::pin(Pieces(pieces.into_iter().collect())));
        assert_eq!(take(slices.next(4)).await, ("onet".to_owned(), false));
        assert!(slices.is_more().await);
        assert_eq!(take(slices.next(2)).await, ("wo".to_owned(), false));
        assert_eq!(take(slices.next(100)).await, ("three".to_owned(), false));
        assert!(!slices.is_more().await);
        assert_eq!(take(slices.next(1)).await, (String::new(), false));
        let whole: [u8; 32] = Sha256::digest(b"onetwothree").into();
        assert_eq!(slices.hash(), Some(whole));
    }

    /// Pieces that come when they are sent.
    struct Coming(tokio::sync::mpsc::UnboundedReceiver<Result<Bytes, BoxError>>);

    impl Stream for Coming {
        type Item = Result<Bytes, BoxError>;

        fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            self.0.poll_recv(context)
        }
    }

    #[tokio::test]
    async fn what_comes_slowly_ends_a_slice_and_the_next_one_goes_on() {
        let (send, receive) = tokio::sync::mpsc::unbounded_channel();
        let clock = Arc::new(ManualClock::new(Timestamp::from_millis(0)));
        let longest = Duration::from_secs(10);
        let slices = Slices::timed(Box::pin(Coming(receive)), Arc::clone(&clock) as _, longest);
        let poll = |slice: &mut ByteStream| {
            slice
                .as_mut()
                .poll_next(&mut Context::from_waker(Waker::noop()))
                .map(|piece| piece.and_then(Result::ok))
        };
        let mut slice = slices.next(100);
        assert_eq!(poll(&mut slice), Poll::Pending);
        clock.advance(longest);
        assert_eq!(poll(&mut slice), Poll::Pending, "nothing came yet");
        send.send(Ok(Bytes::from_static(b"one"))).unwrap();
        assert_eq!(poll(&mut slice), Poll::Ready(Some(Bytes::from_static(b"one"))));
        assert_eq!(poll(&mut slice), Poll::Ready(None));
        assert!(!slices.is_over());
        let mut slice = slices.next(100);
        send.send(Ok(Bytes::from_static(b"two"))).unwrap();
        assert_eq!(poll(&mut slice), Poll::Ready(Some(Bytes::from_static(b"two"))));
        assert_eq!(poll(&mut slice), Poll::Pending);
        clock.advance(longest);
        assert_eq!(poll(&mut slice), Poll::Ready(None));
        drop(send);
        assert_eq!(take(slices.next(100)).await, (String::new(), false));
        assert!(slices.is_over());
    }

    #[tokio::test]
    async fn a_stream_that_breaks_off_says_so_once() {
        let pieces =
            vec![Ok(Bytes::from_static(b"half")), Err("gone".into()), Ok(Bytes::from_static(b"never"))];
        let slices = Slices::whole(Box::pin(Pieces(pieces)));
        assert_eq!(take(slices.next(100)).await, ("half".to_owned(), true));
        assert!(!slices.is_more().await);
        assert_eq!(slices.hash(), None);
    }
}
