//! A WebSocket that costs next to nothing, so that one core of load can hold thousands: it looks for the ends of frames
//! and at nothing within them, and all sockets of a thread share one buffer for reading.

use std::cell::RefCell;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use anyhow::{Context, Result, bail, ensure};
use bytes::{Buf, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// What a socket reads at once at most.
const READ: usize = 256 * 1024;

/// Connections from one address of the loopback network; each has ports of its own.
const EACH_ADDRESS: usize = 10_000;

/// The longest head of an answer to a handshake.
const LONGEST_HEAD: usize = 16 * 1024;

const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; READ]);
}

/// Where to connect, and as whom.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    /// The port on this machine.
    pub(crate) port: u16,
    /// The path of the request.
    pub(crate) path: String,
    /// What goes into `Authorization: Bearer …`.
    pub(crate) token: Option<String>,
}

/// One open connection.
#[derive(Debug)]
pub(crate) struct Socket {
    stream: TcpStream,
    /// The beginning of a frame whose end has not come yet.
    rest: BytesMut,
}

impl Socket {
    /// Connects and shakes hands. `number`, of all connections to that port, chooses the address that it comes from: one
    /// address has too few ports for tens of thousands.
    ///
    /// # Errors
    /// When nobody listens, or the answer is no WebSocket; the message has the answer.
    pub(crate) async fn open(door: &Door, number: usize) -> Result<Self> {
        let socket = TcpSocket::new_v4().context("no socket can be made")?;
        if let Ok(block @ 1..) = u8::try_from(number / EACH_ADDRESS) {
            let from = IpAddr::V4(Ipv4Addr::new(127, 0, 1, block));
            socket.bind((from, 0).into()).with_context(|| format!("{from} has no ports left"))?;
        }
        let to = SocketAddr::from((Ipv4Addr::LOCALHOST, door.port));
        let mut stream = socket.connect(to).await.with_context(|| format!("cannot connect to {to}"))?;
        stream.set_nodelay(true).context("the connection ended at once")?;
        // Dropped, it is gone at once: thousands of ports that linger would be missing in the next run.
        stream.set_zero_linger().context("the connection ended at once")?;
        stream.write_all(door.handshake().as_bytes()).await.context("the handshake cannot be sent")?;
        let rest = shake_hands(&mut stream).await?;
        Ok(Self { stream, rest })
    }

    /// Sends a text frame.
    ///
    /// # Errors
    /// When the connection is gone.
    pub(crate) async fn send(&mut self, text: &str) -> Result<()> {
        let frame = masked(TEXT, text.as_bytes());
        self.stream.write_all(&frame).await.context("the frame cannot be sent")
    }

    /// Waits until something comes, and hands the payload of each whole text or binary frame to `each`. May be cancelled: what
    /// was read was handed out.
    ///
    /// # Errors
    /// When the connection ends; the message has the server's close code.
    pub(crate) async fn read(&mut self, mut each: impl FnMut(&[u8])) -> Result<()> {
        // The first frames may have come with the answer to the handshake.
        let mut done = self.take_rest(&mut each)?;
        while !done {
            self.stream.readable().await.context("the connection broke")?;
            done = BUFFER.with_borrow_mut(|buffer| self.take(buffer, &mut each))?;
        }
        Ok(())
    }

    /// Reads once; false when nothing was there.
    fn take(&mut self, buffer: &mut [u8], each: &mut impl FnMut(&[u8])) -> Result<bool> {
        let count = match self.stream.try_read(buffer) {
            Ok(0) => bail!("the server closed the connection"),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            Err(error) => return Err(error).context("the connection broke"),
        };
        if !self.rest.is_empty() {
            self.rest.extend_from_slice(&buffer[..count]);
            self.take_rest(each)?;
            return Ok(true);
        }
        let used = self.frames(&buffer[..count], each)?;
        self.rest.extend_from_slice(&buffer[used..count]);
        Ok(true)
    }

    /// Hands out the whole frames among what waits; whether there were any.
    fn take_rest(&mut self, each: &mut impl FnMut(&[u8])) -> Result<bool> {
        if self.rest.is_empty() {
            return Ok(false);
        }
        let mut rest = std::mem::take(&mut self.rest);
        let used = self.frames(&rest, each)?;
        rest.advance(used);
        if !rest.is_empty() {
            self.rest = rest;
        }
        Ok(used > 0)
    }

    /// How many bytes of `bytes` were whole frames.
    fn frames(&self, bytes: &[u8], each: &mut impl FnMut(&[u8])) -> Result<usize> {
        let mut used = 0;
        while let Some((kind, payload, length)) = frame(&bytes[used..])? {
            used += length;
            match kind {
                TEXT | BINARY => each(payload),
                PING => self.pong(payload)?,
                CLOSE => bail!("the server closed: {}", reason(payload)),
                _ => {}
            }
        }
        Ok(used)
    }

    /// A pong fits into any socket's buffer but that of a server that has not read for a long time.
    fn pong(&self, payload: &[u8]) -> Result<()> {
        let frame = masked(PONG, payload);
        let sent = self.stream.try_write(&frame).context("a pong cannot be sent")?;
        ensure!(sent == frame.len(), "the server does not read what is sent to it");
        Ok(())
    }
}

impl Door {
    fn handshake(&self) -> String {
        let token =
            self.token.as_ref().map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
        format!(
            "GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{token}\r\n",
            self.path, self.port
        )
    }
}

/// Reads the answer to the handshake; what came after its head.
async fn shake_hands(stream: &mut TcpStream) -> Result<BytesMut> {
    let mut answer = BytesMut::with_capacity(512);
    let head = loop {
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = end {
            break answer.split_to(end + 4);
        }
        ensure!(answer.len() < LONGEST_HEAD, "the answer to the handshake does not end");
        let count = stream.read_buf(&mut answer).await.context("no answer to the handshake")?;
        ensure!(count > 0, "the handshake was not answered: {}", String::from_utf8_lossy(&answer));
    };
    if head.starts_with(b"HTTP/1.1 101 ") {
        // What is kept for ten thousand sockets is kept small.
        return Ok(if answer.is_empty() { BytesMut::new() } else { answer });
    }
    bail!("the handshake was refused: {}{}", String::from_utf8_lossy(&head), String::from_utf8_lossy(&answer))
}

/// The first frame of `bytes`, if it is whole: its opcode, its payload, and its length with the header.
fn frame(bytes: &[u8]) -> Result<Option<(u8, &[u8], usize)>> {
    let [first, second, after @ ..] = bytes else { return Ok(None) };
    ensure!(first & 0x80 != 0, "the server sends messages in pieces, which this tool does not join");
    ensure!(second & 0x80 == 0, "the server masks its frames, which it must not");
    let (length, header) = match (second & 0x7f, after) {
        (126, [a, b, ..]) => (usize::from(u16::from_be_bytes([*a, *b])), 4),
        (127, [a, b, c, d, e, f, g, h, ..]) => {
            (usize::try_from(u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]))?, 10)
        }
        (126 | 127, _) => return Ok(None),
        (short, _) => (usize::from(short), 2),
    };
    let payload = bytes.get(header..header + length);
    Ok(payload.map(|payload| (first & 0x0f, payload, header + length)))
}

/// A text frame as servers send it.
pub(crate) fn text_frame(text: &[u8]) -> Vec<u8> {
    framed(TEXT, text, None)
}

/// A frame as clients must send it. The mask is fixed: it protects proxies from pages, and here are neither.
fn masked(kind: u8, payload: &[u8]) -> Vec<u8> {
    framed(kind, payload, Some([0x37, 0xfa, 0x21, 0x3d]))
}

fn framed(kind: u8, payload: &[u8], mask: Option<[u8; 4]>) -> Vec<u8> {
    let is_masked = if mask.is_some() { 0x80 } else { 0 };
    let mut frame = Vec::with_capacity(payload.len() + 14);
    frame.push(0x80 | kind);
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short @ ..126), _) => frame.push(is_masked | short),
        (_, Ok(medium)) => {
            frame.push(is_masked | 126);
            frame.extend_from_slice(&medium.to_be_bytes());
        }
        _ => {
            frame.push(is_masked | 127);
            frame.extend_from_slice(&(payload.len() as u64).to_be_bytes());
        }
    }
    match mask {
        None => frame.extend_from_slice(payload),
        Some(mask) => {
            frame.extend_from_slice(&mask);
            frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        }
    }
    frame
}

/// What a close frame says.
fn reason(payload: &[u8]) -> String {
    match payload {
        [high, low, why @ ..] => {
            format!("{} {}", u16::from_be_bytes([*high, *low]), String::from_utf8_lossy(why))
        }
        _ => "without a reason".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_found_only_when_it_is_whole() {
        for length in [0_usize, 5, 125, 126, 65_535, 65_536] {
            let mut bytes = vec![0x81];
            match length {
                ..126 => bytes.push(length as u8),
                126..65_536 => bytes.extend([126, (length >> 8) as u8, length as u8]),
                _ => bytes.extend([&[127_u8][..], &(length as u64).to_be_bytes()].concat()),
            }
            bytes.extend(vec![b'x'; length]);
            let whole = bytes.len();
            bytes.extend([0x89, 0]);
            let (kind, payload, used) = frame(&bytes).unwrap().unwrap();
            assert_eq!((kind, payload.len(), used), (TEXT, length, whole));
            assert!(frame(&bytes[..whole - 1]).unwrap().is_none());
        }
    }

    #[test]
    fn what_a_client_sends_is_masked() {
        let sent = masked(TEXT, b"hello");
        assert_eq!(sent[..2], [0x81, 0x85]);
        let text: Vec<u8> =
            sent[6..].iter().zip(sent[2..6].iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
        assert_eq!(text, b"hello");
        assert_eq!(masked(TEXT, &[0; 300])[1..4], [0xfe, 1, 44]);
    }
}
