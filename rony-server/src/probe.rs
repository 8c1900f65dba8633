//! One GET request, as a client on the other side would send it: so that `rony doctor` can say where the way to the
//! server breaks.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::http::header::{HOST, LOCATION, USER_AGENT};
use axum::http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::listen::choose_cryptography;

/// Each step that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(5);

/// More than any answer that is asked for.
const MOST_BYTES: usize = 64 * 1024;

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// Where a redirect points to.
    pub(crate) location: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// Where the way broke.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProbeError {
    #[error("the address cannot be read")]
    Address,
    #[error("the name {host} is not known: {source}")]
    Name { host: String, source: io::Error },
    #[error("nothing answers at {place}: {source}")]
    Connect { place: String, source: io::Error },
    #[error("{place} did not answer within {} seconds", PATIENCE.as_secs())]
    Timeout { place: String },
    #[error("HTTPS with {place} failed: {source}")]
    Tls { place: String, source: io::Error },
    #[error("{place} does not speak HTTP: {source}")]
    Http { place: String, source: Box<dyn std::error::Error + Send + Sync> },
}

/// The authorities that browsers trust, as far as they are compiled in.
pub(crate) fn public_authorities() -> RootCertStore {
    RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }
}

/// Sends the request and reads the answer. Redirects are not followed.
pub(crate) async fn get(url: &str, authorities: RootCertStore) -> Result<Answer, ProbeError> {
    let uri: Uri = url.parse().map_err(|_| ProbeError::Address)?;
    let host = uri.host().ok_or(ProbeError::Address)?.to_owned();
    let https = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if https { 443 } else { 80 });
    let place = format!("{host}:{port}");
    let stream = connect(&host, port, &place).await?;
    if !https {
        return in_time(&place, exchange(stream, &uri, &place)).await?;
    }
    let stream = in_time(&place, encrypt(stream, &host, &place, authorities)).await??;
    in_time(&place, exchange(stream, &uri, &place)).await?
}

pub(crate) async fn in_time<T>(place: &str, step: impl Future<Output = T>) -> Result<T, ProbeError> {
    tokio::time::timeout(PATIENCE, step).await.map_err(|_| ProbeError::Timeout { place: place.to_owned() })
}

pub(crate) async fn connect(host: &str, port: u16, place: &str) -> Result<TcpStream, ProbeError> {
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let addresses = in_time(place, tokio::net::lookup_host((name, port))).await?;
    let addresses: Vec<_> =
        addresses.map_err(|source| ProbeError::Name { host: host.to_owned(), source })?.collect();
    in_time(place, TcpStream::connect(&*addresses))
        .await?
        .map_err(|source| ProbeError::Connect { place: place.to_owned(), source })
}

pub(crate) async fn encrypt(
    stream: TcpStream,
    host: &str,
    place: &str,
    authorities: RootCertStore,
) -> Result<tokio_rustls::client::TlsStream<TcpStream>, ProbeError> {
    choose_cryptography();
    let config = ClientConfig::builder().with_root_certificates(authorities).with_no_client_auth();
    let name = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(name).map_err(|_| ProbeError::Address)?;
    TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .map_err(|source| ProbeError::Tls { place: place.to_owned(), source })
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    uri: &Uri,
    place: &str,
) -> Result<Answer, ProbeError> {
    let no_http = |source: Box<dyn std::error::Error + Send + Sync>| ProbeError::Http {
        place: place.to_owned(),
        source,
    };
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|e| no_http(e.into()))?;
    let driving = tokio::spawn(connection);
    let request = Request::get(uri.path_and_query().map_or("/", |path| path.as_str()))
        .header(HOST, uri.authority().map_or(place, |authority| authority.as_str()))
        .header(USER_AGENT, concat!("rony-doctor/", env!("CARGO_PKG_VERSION")))
        .body(Empty::<bytes::Bytes>::new())
        .map_err(|_| ProbeError::Address)?;
    let (head, body) = sender.send_request(request).await.map_err(|e| no_http(e.into()))?.into_parts();
    let body = Limited::new(body, MOST_BYTES).collect().await.map_err(no_http)?.to_bytes().to_vec();
    driving.abort();
    let location = head.headers.get(LOCATION).and_then(|to| to.to_str().ok()).map(str::to_owned);
    Ok(Answer { status: head.status, location, body })
}
