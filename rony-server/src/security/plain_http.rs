//! What a browser sees at an address where Rony cannot work: plain HTTP on another machine. Browsers give such pages
//! no camera and nothing offline, and a session would travel in the open.

use axum::extract::Request;
use axum::http::header::{ACCEPT, CONTENT_SECURITY_POLICY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use super::Client;
use super::host::{authority_of, host_of, is_loopback};

const PAGE: &str = include_str!("../../assets/plain-http.html");

/// The page has no script and nothing of the request in it, so its own style is all that it may have.
const POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");

/// A middleware that answers page views over plain HTTP, on anything but loopback, by a page that explains how to
/// switch HTTPS on. Programs that ask for something else than a page pass.
pub async fn explain_plain_http(request: Request, next: Next) -> Response {
    let secure = request.extensions().get::<Client>().is_some_and(|client| client.secure);
    let on_loopback = host_of(&request).is_none_or(|host| is_loopback(&host));
    if secure || on_loopback || !asks_for_page(request.headers()) {
        return next.run(request).await;
    }
    let port = authority_of(&request).and_then(|authority| authority.port_u16()).unwrap_or(80);
    let page = PAGE.replace("{port}", &port.to_string());
    let mut response = (StatusCode::FORBIDDEN, Html(page)).into_response();
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY);
    response
}

/// Whether somebody wants to look at the answer: browsers name what they show when a page is opened, programs do not.
pub(crate) fn asks_for_page(headers: &HeaderMap) -> bool {
    let accepts = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    accepts.split(',').any(|kind| kind.trim().starts_with("text/html"))
}
