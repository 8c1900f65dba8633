//! The little HTTP that orders need: a connection for each of the dozen requests of an order, which comes every other month.

use std::pin::Pin;

use axum::http::header::HOST;
use axum::http::{HeaderValue, Request, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use rustls::RootCertStore;

use crate::probe::{ProbeError, connect, encrypt, in_time};

/// More than any answer of an authority.
const MOST_BYTES: usize = 256 * 1024;

/// Speaks with the authority, which must show a certificate of one of these.
pub(super) struct Client(pub(super) RootCertStore);

impl HttpClient for Client {
    fn request(
        &self,
        request: Request<BodyWrapper<bytes::Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let authorities = self.0.clone();
        Box::pin(
            async move { send(request, authorities).await.map_err(|error| Error::Other(Box::new(error))) },
        )
    }
}

async fn send(
    mut request: Request<BodyWrapper<bytes::Bytes>>,
    authorities: RootCertStore,
) -> Result<BytesResponse, ProbeError> {
    let uri = request.uri().clone();
    let authority = uri.authority().ok_or(ProbeError::Address)?.clone();
    let place = format!("{}:{}", authority.host(), authority.port_u16().unwrap_or(443));
    let no_http =
        |source: Box<dyn std::error::Error + Send + Sync>| ProbeError::Http { place: place.clone(), source };
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    *request.uri_mut() = path.parse::<Uri>().map_err(|_| ProbeError::Address)?;
    let host = HeaderValue::from_str(authority.as_str()).map_err(|_| ProbeError::Address)?;
    request.headers_mut().insert(HOST, host);

    let stream = connect(authority.host(), authority.port_u16().unwrap_or(443), &place).await?;
    let stream = in_time(&place, encrypt(stream, authority.host(), &place, authorities)).await??;
    let exchange = async {
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|error| no_http(error.into()))?;
        let driving = tokio::spawn(connection);
        let (head, body) =
            sender.send_request(request).await.map_err(|error| no_http(error.into()))?.into_parts();
        let body = Limited::new(body, MOST_BYTES).collect().await.map_err(no_http)?.to_bytes();
        driving.abort();
        Ok(BytesResponse::from(axum::http::Response::from_parts(head, Full::new(body))))
    };
    // An authority may think for longer than a probe would wait.
    tokio::time::timeout(std::time::Duration::from_secs(30), exchange)
        .await
        .map_err(|_| ProbeError::Timeout { place: place.clone() })?
}
