//! A client of the gateway.

use std::{net::SocketAddr, time::Duration};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

/// What is expected comes within this time, or never.
const PATIENCE: Duration = Duration::from_secs(20);

/// A socket of somebody.
pub(crate) struct Socket {
    stream: WebSocketStream<TcpStream>,
    /// The hello, once it came.
    pub(crate) hello: Value,
}

impl Socket {
    /// Opens one, with a token in the handshake or without.
    pub(crate) async fn open(address: SocketAddr, token: Option<&str>) -> Self {
        Self::open_at(address, "/api/v1/gateway", token).await
    }

    /// The same under another path.
    pub(crate) async fn open_at(address: SocketAddr, path: &str, token: Option<&str>) -> Self {
        Self::open_as(address, &address.to_string(), path, token).await
    }

    /// The same of a server that is known by this name.
    pub(crate) async fn open_as(address: SocketAddr, host: &str, path: &str, token: Option<&str>) -> Self {
        let mut request = format!("ws://{host}{path}").into_client_request().expect("a request");
        if let Some(token) = token {
            request
                .headers_mut()
                .insert("authorization", format!("Bearer {token}").parse().expect("a header"));
        }
        let stream = TcpStream::connect(address).await.expect("it listens");
        let (stream, _) = client_async(request, stream).await.expect("a handshake");
        Self { stream, hello: Value::Null }
    }

    /// Resumes, and waits for the hello.
    pub(crate) async fn resume(&mut self, since: Value) {
        let frame = if since.is_null() {
            json!({"type": "resume"})
        } else {
            json!({"type": "resume", "since": since})
        };
        self.send(&frame).await;
        self.hello = self.until("hello").await;
    }

    pub(crate) async fn send(&mut self, frame: &Value) {
        self.send_message(Message::text(frame.to_string())).await;
    }

    pub(crate) async fn send_message(&mut self, message: Message) {
        self.stream.send(message).await.expect("the socket is open");
    }

    /// The next frame; the close code as `{"closed": …}` when the socket ends.
    pub(crate) async fn next(&mut self) -> Value {
        loop {
            let message = timeout(PATIENCE, self.stream.next()).await.expect("a frame in time");
            match message {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).expect("JSON"),
                Some(Ok(Message::Close(frame))) => {
                    return json!({"closed": frame.map_or(1005, |frame| u16::from(frame.code))});
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return json!({"closed": 1006}),
            }
        }
    }

    /// The next frame of this type; others are passed over.
    pub(crate) async fn until(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.next().await;
            if frame["type"] == kind {
                return frame;
            }
            assert!(frame["closed"].is_null(), "closed with {} while waiting for {kind}", frame["closed"]);
        }
    }

    /// The next event of this type, whatever its stream.
    pub(crate) async fn event(&mut self, kind: &str) -> Value {
        loop {
            let mut frame = self.until("event").await;
            if frame["event"]["type"] == kind {
                return frame["event"].take();
            }
        }
    }

    /// The close code that ends the socket.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            if let Some(code) = self.next().await["closed"].as_u64() {
                return u16::try_from(code).expect("a close code");
            }
        }
    }
}
