//! Whose pages may change something here. A browser sends `Origin` with every request that changes something and with
//! every WebSocket handshake, and a page cannot forge it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{COOKIE, ORIGIN, UPGRADE};
use axum::http::uri::Authority;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::Guard;
use super::host::{authority_of, is_loopback};
use crate::auth::bearer;
use crate::error::{ApiError, ApiResult};

/// A middleware that refuses changes and WebSocket handshakes from pages of other origins.
///
/// # Errors
///
/// 403 `origin_not_allowed` when the origin is not one of ours, 403 `origin_missing` when a cookie is the only
/// credential and nothing says which page sent it.
pub async fn check_origin(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: Next,
) -> ApiResult<Response> {
    if is_safe(&request) {
        return Ok(next.run(request).await);
    }
    let mut origins = request.headers().get_all(ORIGIN).into_iter();
    match (origins.next(), origins.next()) {
        (None, _) if relies_on_cookie(&request) => Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "origin_missing",
            "A change that relies on a cookie must say which page it comes from. Send an `Origin` header, or sign in \
             with `Authorization: Bearer` instead of the cookie.",
        )),
        (None, _) => Ok(next.run(request).await),
        (Some(origin), None) if origin.to_str().is_ok_and(|origin| guard.allows(origin, &request)) => {
            Ok(next.run(request).await)
        }
        _ => Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "origin_not_allowed",
            "The page that sent this request is not one of this server's. If it should be, add its origin to \
             allowed_origins.",
        )),
    }
}

impl Guard {
    /// Origins are compared whole: `https://chat.example.org.evil.example` only begins like one of ours.
    pub(super) fn allows(&self, origin: &str, request: &Request) -> bool {
        self.origins.contains(origin) || self.is_own(origin, request)
    }

    /// A page on loopback, or by HTTPS on one of the machine's own hosts, is ours when it came from the very address that it talks to. Another port
    /// is another program, which the browser gives our cookies all the same.
    fn is_own(&self, origin: &str, request: &Request) -> bool {
        let secure = origin.strip_prefix("https://");
        let Some(authority) = secure.or_else(|| origin.strip_prefix("http://")) else {
            return false;
        };
        authority.parse::<Authority>().is_ok_and(|origin| {
            let host = origin.host().to_ascii_lowercase();
            (is_loopback(&host) || (secure.is_some() && self.own.contains(&host)))
                && authority_of(request).is_some_and(|own| own == origin)
        })
    }
}

fn is_safe(request: &Request) -> bool {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    reads && !request.headers().contains_key(UPGRADE)
}

/// Browsers send a proxy's password by themselves, as they do cookies; a bearer token is sent by a program that has it.
fn relies_on_cookie(request: &Request) -> bool {
    request.headers().contains_key(COOKIE) && bearer(request.headers()).is_none()
}
