//! A connection that carries files: as little HTTP/1.1 as both servers need, so that the load costs far less than what it measures.
//!
//! What goes up is made of one block of random bytes that repeats, and what comes down is compared with it, byte by byte.

use std::sync::OnceLock;

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a content is made of, again and again. No disk or cable makes random bytes smaller.
const BLOCK: usize = 1 << 20;

/// Read from a socket at once.
const BUFFER: usize = 256 << 10;

/// A head is far shorter than this.
const HEAD: usize = 16 << 10;

/// A part of the endless content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Content {
    /// Where it begins in the block.
    pub(super) start: usize,
    /// Its length in bytes.
    pub(super) length: u64,
}

impl Content {
    /// From the block's beginning.
    pub(super) const fn of(length: u64) -> Self {
        Self { start: 0, length }
    }

    /// The bytes from `at` on, until the block ends or the content does.
    pub(super) fn slice(self, at: u64) -> &'static [u8] {
        let within = (self.start + usize::try_from(at % BLOCK as u64).unwrap_or(0)) % BLOCK;
        let rest = usize::try_from(self.length - at).unwrap_or(usize::MAX);
        let end = (within + rest.min(BLOCK)).min(BLOCK);
        &block()[within..end]
    }
}

fn block() -> &'static [u8] {
    static ALL: OnceLock<Vec<u8>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut bytes = vec![0; BLOCK];
        rand::fill(&mut bytes[..]);
        bytes
    })
}

/// What a server answered, without its body.
#[derive(Debug)]
pub(super) struct Answer {
    /// The status, such as 200.
    pub(super) status: u16,
    head: String,
    length: u64,
}

impl Answer {
    /// A header of this name, in any case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        fields.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// A connection that is kept.
#[derive(Debug)]
pub(super) struct Line {
    socket: TcpStream,
    buffer: Vec<u8>,
    /// What has arrived behind the head.
    filled: usize,
}

impl Line {
    /// Dials.
    ///
    /// # Errors
    /// When nobody listens.
    pub(super) async fn open(port: u16) -> Result<Self> {
        let socket = TcpStream::connect(("127.0.0.1", port)).await.context("the server is not reachable")?;
        socket.set_nodelay(true).context("the socket takes no options")?;
        Ok(Self { socket, buffer: vec![0; BUFFER], filled: 0 })
    }

    /// Sends `content` up; `head` is the request's first line and its fields, but for the length.
    ///
    /// # Errors
    /// When the connection breaks, or the answer is no success.
    pub(super) async fn put(&mut self, head: &str, content: Content) -> Result<Answer> {
        let head = format!("{head}\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n\r\n", content.length);
        self.socket.write_all(head.as_bytes()).await.context("the request was cut off")?;
        let mut at = 0;
        while at < content.length {
            let slice = content.slice(at);
            self.socket.write_all(slice).await.context("the upload was cut off")?;
            at += slice.len() as u64;
        }
        let answer = self.answer().await?;
        let body = self.drain(answer.length).await?;
        ensure!((200..300).contains(&answer.status), "an upload was answered {}: {body}", answer.head);
        Ok(answer)
    }

    /// Fetches what must be `content`; `head` is the request's first line and its fields.
    ///
    /// # Errors
    /// When the connection breaks, the answer is no success, or a byte is another one.
    pub(super) async fn get(&mut self, head: &str, content: Content) -> Result<()> {
        let answer = self.ask(head).await?;
        ensure!(answer.length == content.length, "{} bytes came, not {}", answer.length, content.length);
        let mut at = 0;
        loop {
            let mut seen = 0;
            while seen < self.filled {
                let expected = content.slice(at);
                let length = expected.len().min(self.filled - seen);
                ensure!(
                    self.buffer[seen..seen + length] == expected[..length],
                    "another byte came after {at}"
                );
                (at, seen) = (at + length as u64, seen + length);
            }
            self.filled = 0;
            if at == content.length {
                return Ok(());
            }
            self.filled = self.socket.read(&mut self.buffer).await.context("the download was cut off")?;
            ensure!(self.filled > 0, "the download ended after {at} bytes");
        }
    }

    /// Fetches a text.
    ///
    /// # Errors
    /// When the connection breaks, or the answer is no success.
    pub(super) async fn text(&mut self, head: &str) -> Result<String> {
        let answer = self.ask(head).await?;
        self.drain(answer.length).await
    }

    async fn ask(&mut self, head: &str) -> Result<Answer> {
        let head = format!("{head}\r\nHost: 127.0.0.1\r\n\r\n");
        self.socket.write_all(head.as_bytes()).await.context("the request was cut off")?;
        let answer = self.answer().await?;
        if answer.status != 200 {
            let body = self.drain(answer.length).await?;
            bail!("a download was answered {}: {body}", answer.head);
        }
        Ok(answer)
    }

    /// Reads up to the end of the head; what came behind it stays at the buffer's beginning.
    async fn answer(&mut self) -> Result<Answer> {
        loop {
            if let Some(end) = find(&self.buffer[..self.filled], b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
                self.buffer.copy_within(end + 4..self.filled, 0);
                self.filled -= end + 4;
                return parse(head);
            }
            ensure!(self.filled < HEAD, "the answer's head has no end");
            let read = self.socket.read(&mut self.buffer[self.filled..]).await;
            let read = read.context("the answer was cut off")?;
            ensure!(read > 0, "there was no answer");
            self.filled += read;
        }
    }

    async fn drain(&mut self, length: u64) -> Result<String> {
        let length = usize::try_from(length).context("the answer is too long")?;
        let mut body = self.buffer[..self.filled.min(length)].to_vec();
        self.filled = 0;
        let missing = length - body.len();
        if missing > 0 {
            let mut rest = vec![0; missing];
            self.socket.read_exact(&mut rest).await.context("the answer was cut off")?;
            body.extend_from_slice(&rest);
        }
        Ok(String::from_utf8_lossy(&body).into_owned())
    }
}

fn parse(head: String) -> Result<Answer> {
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.with_context(|| format!("this is no HTTP: {head}"))?;
    let mut answer = Answer { status, head, length: 0 };
    let length = answer.header("content-length").map(str::parse);
    answer.length = length.transpose().context("the length of the answer is no number")?.unwrap_or(0);
    ensure!(answer.header("transfer-encoding").is_none(), "the answer does not say how long it is");
    Ok(answer)
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_repeats_its_block_and_ends_where_it_should() {
        let content = Content { start: BLOCK - 10, length: 2 * BLOCK as u64 + 5 };
        let (mut at, mut bytes) = (0, Vec::new());
        while at < content.length {
            let slice = content.slice(at);
            bytes.extend_from_slice(slice);
            at += slice.len() as u64;
        }
        assert_eq!(bytes.len() as u64, content.length);
        assert_eq!(bytes[..10], block()[BLOCK - 10..]);
        assert_eq!(bytes[10..10 + BLOCK], *block());
    }

    #[test]
    fn a_head_is_read_whatever_the_case_of_its_fields() {
        let answer = parse("HTTP/1.1 201 Created\r\ncontent-length: 12\r\nRony-File: a".into()).unwrap();
        assert_eq!((answer.status, answer.length, answer.header("rony-file")), (201, 12, Some("a")));
        assert!(parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked".into()).is_err());
        assert!(parse("what".into()).is_err());
    }
}
