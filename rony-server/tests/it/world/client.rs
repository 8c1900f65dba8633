//! A client of the REST API, with the token of whoever it acts for.

use std::net::SocketAddr;

use axum::body::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{client::legacy, rt::TokioExecutor};
use serde_json::Value;

use super::Socket;

/// See the module's documentation. Paths are relative to `/api/v1`, unless they start with a slash.
#[derive(Clone)]
pub(crate) struct Client {
    address: SocketAddr,
    /// The server's name, where that is not its address.
    host: Option<String>,
    token: Option<String>,
    http: legacy::Client<legacy::connect::HttpConnector, Full<Bytes>>,
}

impl Client {
    pub(crate) fn new(address: SocketAddr, token: Option<String>) -> Self {
        Self { address, host: None, token, http: legacy::Client::builder(TokioExecutor::new()).build_http() }
    }

    /// The same with another token.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same of a server that is known by this name.
    pub(crate) fn known_as(&self, host: &str) -> Self {
        Self { host: Some(host.to_owned()), ..self.clone() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path), Bytes::new()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.json(Method::POST, path, &body).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.json(Method::PUT, path, &body).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.json(Method::PATCH, path, &body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path), Bytes::new()).await
    }

    async fn json(&self, method: Method, path: &str, body: &Value) -> Answer {
        let request = self.request(method, path).header(header::CONTENT_TYPE, "application/json");
        self.send(request, body.to_string().into()).await
    }

    /// The token that it shows.
    pub(crate) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// A request to be changed before it is sent.
    pub(crate) fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/api/v1/{path}") };
        let mut request = Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        if let Some(host) = &self.host {
            request = request.header(header::HOST, host);
        }
        match &self.token {
            Some(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        }
    }

    pub(crate) async fn send(&self, request: http::request::Builder, body: Bytes) -> Answer {
        let request = request.body(Full::new(body)).expect("a request");
        let what = format!("{} {}", request.method(), request.uri().path());
        let response = self.http.request(request).await.expect("the server answers");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a whole answer").to_bytes();
        Answer { what, status: parts.status, headers: parts.headers, bytes }
    }

    /// A socket that is signed in, resumed, and past its hello.
    pub(crate) async fn gateway(&self) -> Socket {
        let host = self.host.clone().unwrap_or_else(|| self.address.to_string());
        let mut socket = Socket::open_as(self.address, &host, "/api/v1/gateway", self.token.as_deref()).await;
        socket.resume(Value::Null).await;
        socket
    }
}

/// What the server said.
pub(crate) struct Answer {
    what: String,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Bytes,
}

impl Answer {
    /// The body as JSON; null when there is none.
    pub(crate) fn json(&self) -> Value {
        if self.bytes.is_empty() { Value::Null } else { serde_json::from_slice(&self.bytes).expect("JSON") }
    }

    /// The body, if all went well.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert!(
            self.status.is_success(),
            "{}: {} {}",
            self.what,
            self.status,
            String::from_utf8_lossy(&self.bytes)
        );
        self.json()
    }

    /// Makes sure that it is a problem document with this status and code.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, code: &str) -> Value {
        let shown = String::from_utf8_lossy(&self.bytes).into_owned();
        assert_eq!(self.status.as_u16(), status, "{}: {shown}", self.what);
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json", "{}: {shown}", self.what);
        let problem = self.json();
        assert_eq!(problem["code"], code, "{}: {shown}", self.what);
        problem
    }
}
