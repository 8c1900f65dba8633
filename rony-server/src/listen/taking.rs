//! Connections whose other side takes what is sent to it, or is cut.
//!
//! An answer is read from where it is kept as fast as the client takes it. A client that takes nothing would keep a file open, what was read of it
//! in memory and a connection, for as long as it likes, at no cost to itself.

use std::future::{Ready, ready};
use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::{Instant, Sleep, sleep_until};

/// A client that takes nothing for so long is cut. Longer than a phone needs from one cell to another; whoever went on hold, as a browser does with
/// a film that is paused, asks for the rest with a range.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// Accepts connections as [`axum_server::accept::NoDelayAcceptor`] does, and cuts those that take nothing for [`PATIENCE`].
#[derive(Clone, Copy, Debug)]
pub(super) struct TakingAcceptor;

impl<S> Accept<TcpStream, S> for TakingAcceptor {
    type Stream = Taking<TcpStream>;
    type Service = S;
    type Future = Ready<io::Result<(Self::Stream, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        ready(stream.set_nodelay(true).map(|()| (Taking::new(stream), service)))
    }
}

/// A connection that fails when it takes nothing for [`PATIENCE`] though there is something to send. Idle ones wait for nothing.
#[derive(Debug)]
pub(crate) struct Taking<S> {
    stream: S,
    /// Since when something waits to be taken.
    waiting: Option<Instant>,
    /// Made when something waits for the first time. It goes on when it is taken, and looks at `waiting` when it is over: a large answer waits
    /// thousands of times in a second.
    alarm: Option<Pin<Box<Sleep>>>,
}

impl<S> Taking<S> {
    fn new(stream: S) -> Self {
        Self { stream, waiting: None, alarm: None }
    }

    /// What came of sending, or that it took too long.
    fn watched<T>(&mut self, sent: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if sent.is_ready() {
            self.waiting = None;
            return sent;
        }
        let end = *self.waiting.get_or_insert_with(Instant::now) + PATIENCE;
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(end)));
        while alarm.as_mut().poll(context).is_ready() {
            if Instant::now() >= end {
                return Poll::Ready(Err(ErrorKind::TimedOut.into()));
            }
            alarm.as_mut().reset(end);
        }
        Poll::Pending
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Taking<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Taking<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watched(sent, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.watched(sent, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // The system's own buffer, where there is nothing to wait for.
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl Taking<TcpStream> {
    /// Parts it into halves that share no lock: the system's own sockets need none.
    pub(crate) fn into_split(self) -> (OwnedReadHalf, Taking<OwnedWriteHalf>) {
        let (read, write) = self.stream.into_split();
        (read, Taking::new(write))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn whoever_takes_nothing_for_a_minute_is_cut() {
        let (ours, _theirs) = duplex(16);
        let mut taking = Taking::new(ours);
        let begun = Instant::now();
        let error = taking.write_all(&[0; 17]).await.expect_err("nobody takes it");
        assert_eq!((error.kind(), begun.elapsed().as_secs()), (ErrorKind::TimedOut, PATIENCE.as_secs()));
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_takes_a_little_each_time_is_not_nor_is_who_has_nothing_to_take() {
        let (ours, mut theirs) = duplex(16);
        let mut taking = Taking::new(ours);
        let slowly = async {
            for _ in 0..20 {
                sleep_until(Instant::now() + PATIENCE - Duration::from_secs(1)).await;
                theirs.read_exact(&mut [0; 8]).await.expect("it comes");
            }
        };
        let (sent, ()) = tokio::join!(taking.write_all(&[0; 160]), slowly);
        sent.expect("all is taken");
        tokio::time::advance(10 * PATIENCE).await;
        taking.write_all(b"more").await.expect("it was idle, not slow");
    }
}
