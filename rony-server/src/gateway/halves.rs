//! The two halves of a socket: an ear, which the socket's task listens with, and a mouth, which two tasks speak through.
//!
//! Hearing is the work of a WebSocket library, because what comes from outside may be anything. Speaking is ours, because it is
//! where the time goes: whoever has frames for a socket writes all of them with one system call, from a buffer that the
//! thread has anyway, and wakes nothing else that the socket is made of.

use std::{
    cell::RefCell,
    future::poll_fn,
    io,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
};

use bytes::{Buf as _, Bytes, BytesMut};
use futures_util::StreamExt as _;
use hyper::upgrade::Upgraded;
use hyper_util::{rt::TokioIo, server::conn::auto::upgrade::downcast};
use rony_core::{hub::Close, wire::FRAME_LIMIT};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf, ReadHalf, WriteHalf},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::Mutex,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        self, Message,
        protocol::{Role, WebSocketConfig},
    },
};

use crate::listen::Taking;

/// Read buffer of a socket, in bytes: most frames of clients are smaller, an idle socket keeps it, and no read takes more. The
/// library's default buffers cost 134 KiB a socket.
const READ_BUFFER: usize = 512;

/// What a thread keeps of its buffer for writing, in bytes.
const KEPT: usize = 64 * 1024;

const TEXT: u8 = 0x1;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xa;

/// A connection of our own listener without TLS, as hyper has it.
type Plain = TokioIo<Taking<TcpStream>>;

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Hears what the client says.
pub(super) struct Ear(WebSocketStream<Silent>);

/// Says things to the client: whole frames only, whoever speaks.
pub(super) struct Mouth(Mutex<Writing>);

struct Writing {
    io: Out,
    /// What the client did not take yet of frames that were begun.
    rest: BytesMut,
}

/// What the library answers by itself does not go out: answers to pings would gather for a client that reads nothing.
struct Silent(In);

/// Where it is read from. A plain connection is by far the commonest, behind a proxy too, and its halves share no lock.
enum In {
    Plain(OwnedReadHalf),
    Other(ReadHalf<TokioIo<Upgraded>>),
}

/// Where it is written to. Each layer between here and the system is a way to memory for each of the thousands who get an event.
enum Out {
    Plain(Taking<OwnedWriteHalf>),
    Other(WriteHalf<TokioIo<Upgraded>>),
}

/// Parts a connection that has shaken hands.
pub(super) async fn split(upgraded: Upgraded) -> (Ear, Mouth) {
    let (read, io, before) = match downcast::<Plain>(upgraded) {
        Ok(plain) => {
            let (read, write) = plain.io.into_inner().into_split();
            (In::Plain(read), Out::Plain(write), plain.read_buf)
        }
        Err(other) => {
            let (read, write) = tokio::io::split(TokioIo::new(other));
            (In::Other(read), Out::Other(write), Bytes::new())
        }
    };
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_frame_size(Some(FRAME_LIMIT))
        .max_message_size(Some(FRAME_LIMIT));
    let ear =
        WebSocketStream::from_partially_read(Silent(read), before.into(), Role::Server, Some(config)).await;
    (Ear(ear), Mouth(Mutex::new(Writing { io, rest: BytesMut::new() })))
}

impl Ear {
    /// The next message; `None` at the end. Cancel-safe.
    pub(super) async fn hear(&mut self) -> Option<Result<Message, tungstenite::Error>> {
        self.0.next().await
    }
}

impl Mouth {
    /// Says texts, in order. What a dropped call had begun is finished by the next one.
    pub(super) async fn texts(&self, texts: impl IntoIterator<Item = Bytes>) -> io::Result<()> {
        self.say(|buffer| texts.into_iter().for_each(|text| put(buffer, TEXT, &text))).await
    }

    /// Says texts without waiting, where nobody else speaks and all before them was said; else leaves them. False when it is not
    /// done with that: a call that waits goes on.
    pub(super) fn try_texts(&self, texts: &mut Vec<Bytes>) -> io::Result<bool> {
        let Ok(mut writing) = self.0.try_lock() else { return Ok(false) };
        let mut context = Context::from_waker(Waker::noop());
        if !writing.rest.is_empty() && writing.poll_finish(&mut context)?.is_pending() {
            return Ok(false);
        }
        writing.begin(&mut context, |buffer| texts.drain(..).for_each(|text| put(buffer, TEXT, &text)))?;
        Ok(writing.poll_finish(&mut context)?.is_ready())
    }

    /// Asks whether the client is there.
    pub(super) async fn ping(&self) -> io::Result<()> {
        self.say(|buffer| put(buffer, PING, &[])).await
    }

    /// Answers a ping, unless the client does not take what is said to it: then it does not get this either, so that
    /// nothing gathers.
    pub(super) async fn pong(&self, payload: &[u8]) -> io::Result<()> {
        let Ok(mut writing) = self.0.try_lock() else { return Ok(()) };
        poll_fn(|context| {
            if let Poll::Ready(Err(error)) = writing.poll_finish(context) {
                return Poll::Ready(Err(error));
            }
            if !writing.rest.is_empty() {
                return Poll::Ready(Ok(()));
            }
            Poll::Ready(writing.begin(context, |buffer| put(buffer, PONG, payload)))
        })
        .await
    }

    /// Says why the connection ends.
    pub(super) async fn goodbye(&self, reason: Close) -> io::Result<()> {
        let why = [&reason.code().to_be_bytes(), reason.describe().as_bytes()].concat();
        self.say(|buffer| put(buffer, CLOSE, &why)).await
    }

    async fn say(&self, fill: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        let mut writing = self.0.lock().await;
        if !writing.rest.is_empty() {
            poll_fn(|context| writing.poll_finish(context)).await?;
        }
        let mut fill = Some(fill);
        poll_fn(|context| {
            if let Some(fill) = fill.take() {
                writing.begin(context, fill)?;
            }
            writing.poll_finish(context)
        })
        .await
    }
}

impl Writing {
    /// Writes what `fill` makes as far as the client takes it now, and keeps the rest.
    fn begin(&mut self, context: &mut Context<'_>, fill: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        BUFFER.with_borrow_mut(|buffer| {
            buffer.clear();
            fill(buffer);
            let taken = match self.io.poll_write(context, buffer) {
                Poll::Ready(taken) => taken?,
                Poll::Pending => 0,
            };
            self.rest.extend_from_slice(&buffer[taken..]);
            buffer.shrink_to(KEPT);
            Ok(())
        })
    }

    /// Writes the rest.
    fn poll_finish(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.rest.is_empty() {
            match ready!(self.io.poll_write(context, &self.rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                taken => self.rest.advance(taken),
            }
            if self.rest.is_empty() {
                // What a slow client once cost is not kept.
                self.rest = BytesMut::new();
            }
        }
        self.io.poll_flush(context)
    }
}

impl Out {
    fn poll_write(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self {
            Self::Plain(io) => Pin::new(io).poll_write(context, bytes),
            Self::Other(io) => Pin::new(io).poll_write(context, bytes),
        }
    }

    fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Plain(io) => Pin::new(io).poll_flush(context),
            Self::Other(io) => Pin::new(io).poll_flush(context),
        }
    }
}

/// Appends a frame as servers write it: whole, and without a mask.
fn put(buffer: &mut Vec<u8>, kind: u8, payload: &[u8]) {
    buffer.push(0x80 | kind);
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short @ ..126), _) => buffer.push(short),
        (_, Ok(medium)) => {
            buffer.push(126);
            buffer.extend_from_slice(&medium.to_be_bytes());
        }
        _ => {
            buffer.push(127);
            buffer.extend_from_slice(&(payload.len() as u64).to_be_bytes());
        }
    }
    buffer.extend_from_slice(payload);
}

impl AsyncRead for Silent {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.0 {
            In::Plain(io) => Pin::new(io).poll_read(context, buffer),
            In::Other(io) => Pin::new(io).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Silent {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use tokio_tungstenite::tungstenite::protocol::frame::{Frame, FrameSocket};

    use super::*;

    #[test]
    fn frames_are_as_the_library_reads_them() {
        for length in [0, 1, 125, 126, 65_535, 65_536, FRAME_LIMIT] {
            let mut bytes = Vec::new();
            put(&mut bytes, TEXT, &vec![b'x'; length]);
            put(&mut bytes, PING, b"?");
            let mut socket = FrameSocket::new(io::Cursor::new(bytes));
            let text: Frame = socket.read(None).unwrap().unwrap();
            assert_eq!((text.header().is_final, text.payload().len()), (true, length));
            assert_eq!(socket.read(None).unwrap().unwrap().payload(), b"?");
        }
    }
}
