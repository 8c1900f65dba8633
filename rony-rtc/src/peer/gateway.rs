//! The way to a server over its gateway.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use futures_util::{SinkExt as _, StreamExt as _};
use rony_core::{room::RoomCode, secret::Secret};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config,
    tungstenite::{
        Error, Message, client::IntoClientRequest as _, http::Uri, protocol::frame::coding::CloseCode,
    },
};

use super::{Dial, Line, LineError};
use crate::signal::{ClientMessage, ServerMessage};

/// A way that is not open by then is none.
const PATIENCE: Duration = Duration::from_secs(10);
/// The server sends something every 30 s; silence for twice as long is the end.
const SILENCE: Duration = Duration::from_secs(60);
/// How the tokens of guests begin, who have a gateway of their own.
const GUEST: &str = "rony_guest_";
/// The server knows nobody by this token.
const UNAUTHORIZED: u16 = 4001;

/// A server's gateway, and who comes to it.
#[derive(Clone)]
pub struct Gateway {
    address: String,
    token: Secret,
    room: RoomCode,
    tls: Option<Arc<rustls::ClientConfig>>,
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway").field("address", &self.address).finish_non_exhaustive()
    }
}

/// An address is not one of a gateway.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write the address of the gateway, such as wss://chat.example.org/api/v1/gateway")]
pub struct BadAddress;

impl Gateway {
    /// The gateway at an address that begins with `ws://` or `wss://`, for whom `token` stands: somebody with an account, or a guest.
    ///
    /// # Errors
    /// When this is no such address.
    pub fn new(address: &str, token: impl Into<Secret>, room: RoomCode) -> Result<Self, BadAddress> {
        let uri: Uri = address.parse().map_err(|_| BadAddress)?;
        let fine =
            matches!(uri.scheme_str(), Some("ws" | "wss")) && uri.host().is_some() && uri.query().is_none();
        if !fine {
            return Err(BadAddress);
        }
        let token = token.into();
        let guest = if token.reveal().starts_with(GUEST) { "?guest" } else { "" };
        Ok(Self { address: format!("{address}{guest}"), token, room, tls: None })
    }

    /// How to trust a server, where that is not by the public authorities.
    #[must_use]
    pub fn with_tls(mut self, tls: Arc<rustls::ClientConfig>) -> Self {
        self.tls = Some(tls);
        self
    }

    fn connector(&self) -> Result<Connector, LineError> {
        if !self.address.starts_with("wss:") {
            return Ok(Connector::Plain);
        }
        if let Some(tls) = &self.tls {
            return Ok(Connector::Rustls(Arc::clone(tls)));
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config =
            rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let config = config.map_err(|error| LineError::Refused(error.to_string()))?;
        Ok(Connector::Rustls(Arc::new(config.with_root_certificates(roots).with_no_client_auth())))
    }

    async fn open(&self) -> Result<Socket, LineError> {
        let request = self.address.as_str().into_client_request().map_err(lost)?;
        let connected = connect_async_tls_with_config(request, None, true, Some(self.connector()?)).await;
        let (stream, _) = connected.map_err(lost)?;
        let mut socket = Socket { room: self.room, stream };
        socket.send(&ToServer::Auth { token: self.token.reveal() }).await?;
        socket.send(&ToServer::Resume).await?;
        while !matches!(socket.frame().await?, FromServer::Hello | FromServer::GuestHello) {}
        Ok(socket)
    }
}

#[async_trait]
impl Dial for Gateway {
    async fn dial(&self) -> Result<Box<dyn Line>, LineError> {
        let opened = timeout(PATIENCE, self.open()).await;
        Ok(Box::new(opened.map_err(|_| LineError::Lost("it does not answer".to_owned()))??))
    }
}

struct Socket {
    room: RoomCode,
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum ToServer<'a> {
    Auth { token: &'a str },
    Resume,
    Rtc { room: RoomCode, message: &'a ClientMessage },
}

/// What matters of a frame.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum FromServer {
    Hello,
    GuestHello,
    Rtc {
        room: RoomCode,
        message: Value,
    },
    #[serde(other)]
    Other,
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where errors are mapped")]
fn lost(error: Error) -> LineError {
    LineError::Lost(error.to_string())
}

impl Socket {
    async fn send(&mut self, frame: &ToServer<'_>) -> Result<(), LineError> {
        let text = serde_json::to_string(frame).map_err(|error| LineError::Lost(error.to_string()))?;
        self.stream.send(Message::text(text)).await.map_err(lost)
    }

    async fn frame(&mut self) -> Result<FromServer, LineError> {
        loop {
            let received = timeout(SILENCE, self.stream.next()).await;
            let received = received.map_err(|_| LineError::Lost("it went silent".to_owned()))?;
            match received {
                Some(Ok(Message::Text(text))) => {
                    return Ok(serde_json::from_str(&text).unwrap_or(FromServer::Other));
                }
                Some(Ok(Message::Close(Some(close)))) if close.code == CloseCode::from(UNAUTHORIZED) => {
                    return Err(LineError::Refused(close.reason.to_string()));
                }
                Some(Ok(Message::Close(_))) | None => {
                    return Err(LineError::Lost("it was closed".to_owned()));
                }
                // Pings are answered by the library.
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(lost(error)),
            }
        }
    }
}

#[async_trait]
impl Line for Socket {
    async fn say(&mut self, message: &ClientMessage) -> Result<(), LineError> {
        self.send(&ToServer::Rtc { room: self.room, message }).await
    }

    async fn hear(&mut self) -> Result<ServerMessage, LineError> {
        loop {
            let FromServer::Rtc { room, message } = self.frame().await? else { continue };
            // What is not understood comes from a newer server; its number will be missed, and said again in vain.
            if let (true, Ok(message)) = (room == self.room, serde_json::from_value(message)) {
                return Ok(message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_says_is_understood() {
        let hear = |text: &str| serde_json::from_str::<FromServer>(text).unwrap();
        assert!(matches!(hear(r#"{"type":"hello","user":{"id":1}}"#), FromServer::Hello));
        assert!(matches!(hear(r#"{"type":"guest_hello","name":"Bo"}"#), FromServer::GuestHello));
        assert!(matches!(hear(r#"{"type":"presence","changes":[]}"#), FromServer::Other));
        let pong = hear(r#"{"type":"rtc","room":"abc-defg-hjk","message":{"seq":0,"ack":2,"type":"pong"}}"#);
        let FromServer::Rtc { message, .. } = pong else { panic!("it is about a room") };
        serde_json::from_value::<ServerMessage>(message).unwrap();
    }

    #[test]
    fn guests_go_to_their_own_gateway_and_no_token_is_shown() {
        let room: RoomCode = "abc-defg-hjk".parse().unwrap();
        let gateway = |address: &str, token: &str| Gateway::new(address, token, room);
        let guest = gateway("ws://localhost:5000/api/v1/gateway", "rony_guest_s3cret").unwrap();
        assert_eq!(guest.address, "ws://localhost:5000/api/v1/gateway?guest");
        assert!(!format!("{guest:?}").contains("s3cret"));
        let user = gateway("wss://chat.example.org/api/v1/gateway", "rony_pat_x").unwrap();
        assert_eq!(user.address, "wss://chat.example.org/api/v1/gateway");
        for wrong in ["https://chat.example.org", "chat.example.org", "ws://", "ws://a/?token=x"] {
            assert_eq!(gateway(wrong, "x").unwrap_err(), BadAddress, "{wrong}");
        }
    }
}
