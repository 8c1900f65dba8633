//! A client of the gateway that keeps to no rules: it writes bytes, and says what came back.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// A frame that goes on in the next one.
pub(crate) const CONTINUATION: u8 = 0;
/// A frame of text.
pub(crate) const TEXT: u8 = 1;
/// A frame of bytes.
pub(crate) const BINARY: u8 = 2;
/// A frame that ends the connection.
pub(crate) const CLOSE: u8 = 8;
/// A frame that asks for an answer.
pub(crate) const PING: u8 = 9;

/// The bytes of a frame, as a client sends it (RFC 6455, section 5.2), with a mask of zeros.
pub(crate) fn frame(kind: u8, last: bool, payload: &[u8]) -> Vec<u8> {
    let mut bytes = head(kind, last, payload.len());
    bytes.extend_from_slice(payload);
    bytes
}

/// The beginning of a frame that says it has so many bytes.
pub(crate) fn head(kind: u8, last: bool, length: usize) -> Vec<u8> {
    let mut bytes = vec![kind | u8::from(last) << 7];
    match length {
        0..126 => bytes.push(0x80 | length as u8),
        126..65_536 => bytes.extend([&[0x80 | 126][..], &(length as u16).to_be_bytes()].concat()),
        _ => bytes.extend([&[0x80 | 127][..], &(length as u64).to_be_bytes()].concat()),
    }
    bytes.extend([0; 4]);
    bytes
}

/// See the module's documentation.
pub(crate) struct Raw {
    pub(crate) stream: TcpStream,
}

impl Raw {
    /// Asks for a gateway connection and does not wait for the answer, with `behind` right behind it.
    pub(crate) async fn open(address: SocketAddr, token: Option<&str>, behind: &[u8]) -> Self {
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        stream.set_nodelay(true).expect("a socket");
        let credentials = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
        let head = format!(
            "GET /api/v1/gateway HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{credentials}\r\n"
        );
        stream.write_all(&[head.as_bytes(), behind].concat()).await.expect("it listens");
        let mut raw = Self { stream };
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(raw.stream.read_u8().await.expect("an answer"));
        }
        assert!(answer.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&answer));
        raw
    }

    /// One that is signed in, resumed, and past its hello.
    pub(crate) async fn resumed(address: SocketAddr, token: Option<&str>) -> Self {
        let resume = frame(TEXT, true, br#"{"type":"resume"}"#);
        let mut raw = Self::open(address, token, &resume).await;
        raw.until("hello").await;
        raw
    }

    /// Sends bytes; false when nobody takes them any more.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).await.is_ok()
    }

    /// The next frame; none when the connection ended without a word.
    pub(crate) async fn next(&mut self) -> Option<(u8, Vec<u8>)> {
        let kind = self.stream.read_u8().await.ok()? & 0x0f;
        let length = match self.stream.read_u8().await.ok()? {
            126 => self.stream.read_u16().await.ok()?.into(),
            127 => usize::try_from(self.stream.read_u64().await.ok()?).ok()?,
            length => length.into(),
        };
        let mut payload = vec![0; length];
        self.stream.read_exact(&mut payload).await.ok()?;
        Some((kind, payload))
    }

    /// The next frame of text that has this type; others are passed over.
    pub(crate) async fn until(&mut self, wanted: &str) -> Value {
        loop {
            let (kind, payload) = self.next().await.expect("the connection lasts");
            assert_ne!(kind, CLOSE, "closed while waiting for {wanted}: {payload:?}");
            if kind == TEXT {
                let json: Value = serde_json::from_slice(&payload).expect("JSON");
                if json["type"] == wanted {
                    return json;
                }
            }
        }
    }

    /// The close code that ends it; 1006 where it ends without one.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            match self.next().await {
                Some((CLOSE, payload)) => return u16::from_be_bytes([payload[0], payload[1]]),
                Some(_) => {}
                None => return 1006,
            }
        }
    }
}
