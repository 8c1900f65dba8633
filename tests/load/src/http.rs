//! A small HTTP client: JSON in, JSON out, over connections that are kept.

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use serde::Serialize;
use tokio::sync::Semaphore;

/// How many requests run at once: enough to keep a server busy, few enough to leave it room for sockets.
const AT_ONCE: usize = 64;

/// Asks servers of Rony by HTTP.
#[derive(Debug)]
pub(crate) struct Http {
    client: Client<HttpConnector, Full<Bytes>>,
    room: Semaphore,
}

impl Http {
    /// A client without connections yet.
    pub(crate) fn new() -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new()).build(connector);
        Self { client, room: Semaphore::new(AT_ONCE) }
    }

    /// How many connections it has at most.
    pub(crate) const fn connections() -> u64 {
        AT_ONCE as u64
    }

    /// The body of the answer to a GET.
    ///
    /// # Errors
    /// When there is no answer, or it is not a success.
    pub(crate) async fn get(&self, url: &str, token: &str) -> Result<Bytes> {
        self.ask(Method::GET, url, token, Bytes::new()).await
    }

    /// The body of the answer to a POST of `body` as JSON.
    ///
    /// # Errors
    /// When there is no answer, or it is not a success.
    pub(crate) async fn post(&self, url: &str, token: &str, body: &impl Serialize) -> Result<Bytes> {
        let body = serde_json::to_vec(body).context("the request cannot be written as JSON")?;
        self.ask(Method::POST, url, token, body.into()).await
    }

    /// Whether a GET without a token is answered with success.
    pub(crate) async fn is_ok(&self, url: &str) -> bool {
        let Ok(request) = Request::get(url).body(Full::default()) else { return false };
        matches!(self.client.request(request).await, Ok(answer) if answer.status().is_success())
    }

    async fn ask(&self, method: Method, url: &str, token: &str, body: Bytes) -> Result<Bytes> {
        let answer = self.answer(method.clone(), url, token, body).await?;
        let (status, body) = (answer.status(), answer.into_body());
        if status.is_success() {
            return Ok(body);
        }
        let problem = String::from_utf8_lossy(&body);
        if status == StatusCode::UNAUTHORIZED {
            return Err(Refused(format!("{method} {url} answered {status}: {problem}")).into());
        }
        bail!("{method} {url} answered {status}: {problem}");
    }

    /// The whole answer to a request, whatever its status is.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) async fn answer(
        &self,
        method: Method,
        url: &str,
        token: &str,
        body: Bytes,
    ) -> Result<Response<Bytes>> {
        let _room = self.room.acquire().await.context("the client is closed")?;
        let request = Request::builder()
            .method(method.clone())
            .uri(url)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(body))
            .context("the request cannot be built")?;
        let answer = self.client.request(request).await;
        let answer = answer.with_context(|| format!("no answer to {method} {url}"))?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await;
        let body = body.with_context(|| format!("the answer to {method} {url} broke off"))?.to_bytes();
        Ok(Response::from_parts(head, body))
    }
}

/// The server does not know the token: trying again cannot help.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Refused(String);
