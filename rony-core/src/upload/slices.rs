//! One stream of bytes, handed on in slices.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_core::Stream;
use sha2::{Digest as _, Sha256};

use crate::{blob::ByteStream, error::BoxError};

/// A stream of which a part at a time is handed on, and hashed on the way if that is wanted.
pub(super) struct Slices(Arc<Mutex<Source>>);

struct Source {
    bytes: ByteStream,
    /// What was taken from the stream and did not fit into the last slice.
    rest: Bytes,
    ended: bool,
    hash: Option<Sha256>,
}

impl Slices {
    /// `hashed`: whether [`Self::hash`] will be asked for.
    pub(super) fn new(bytes: ByteStream, hashed: bool) -> Self {
        let source = Source { bytes, rest: Bytes::new(), ended: false, hash: hashed.then(Sha256::new) };
        Self(Arc::new(Mutex::new(source)))
    }

    /// The next `most` bytes, or what there is. The slice before must be at its end.
    pub(super) fn next(&self, most: u64) -> ByteStream {
        Box::pin(Slice { source: Arc::clone(&self.0), left: most })
    }

    /// Whether there is anything left; a stream that breaks off has nothing left.
    pub(super) async fn is_more(&self) -> bool {
        std::future::poll_fn(|context| {
            let mut source = self.0.lock().unwrap_or_else(PoisonError::into_inner);
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
        let source = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        source.hash.clone().map(|hash| hash.finalize().into())
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

struct Slice {
    source: Arc<Mutex<Source>>,
    left: u64,
}

impl Stream for Slice {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.left == 0 {
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
        if let Some(hash) = &mut source.hash {
            hash.update(&piece);
        }
        Poll::Ready(Some(Ok(piece)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let slices = Slices::new(Box::pin(Pieces(pieces.into_iter().collect())), true);
        assert_eq!(take(slices.next(4)).await, ("onet".to_owned(), false));
        assert!(slices.is_more().await);
        assert_eq!(take(slices.next(2)).await, ("wo".to_owned(), false));
        assert_eq!(take(slices.next(100)).await, ("three".to_owned(), false));
        assert!(!slices.is_more().await);
        assert_eq!(take(slices.next(1)).await, (String::new(), false));
        let whole: [u8; 32] = Sha256::digest(b"onetwothree").into();
        assert_eq!(slices.hash(), Some(whole));
    }

    #[tokio::test]
    async fn a_stream_that_breaks_off_says_so_once() {
        let pieces =
            vec![Ok(Bytes::from_static(b"half")), Err("gone".into()), Ok(Bytes::from_static(b"never"))];
        let slices = Slices::new(Box::pin(Pieces(pieces)), false);
        assert_eq!(take(slices.next(100)).await, ("half".to_owned(), true));
        assert!(!slices.is_more().await);
        assert_eq!(slices.hash(), None);
    }
}
