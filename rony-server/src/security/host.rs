//! By which names the server may be addressed. A page that points its own name at 127.0.0.1 (DNS rebinding) comes with
//! that name in `Host`, and is refused.

use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::Response;

use super::Guard;
use crate::error::{ApiError, ApiResult};

impl Guard {
    pub(super) fn knows_host(&self, host: &str) -> bool {
        is_loopback(host) || self.hosts.contains(host) || self.own.contains(host)
    }
}

/// A middleware that refuses requests for names that are not this server's.
///
/// # Errors
///
/// 400 `host_missing` without a readable `Host`, 421 `host_not_allowed` for a name that is not allowed.
pub async fn check_host(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: Next,
) -> ApiResult<Response> {
    let host = host_of(&request).ok_or_else(|| {
        ApiError::bad_request(
            "host_missing",
            "The request does not say which host it is for. Send a `Host` header.",
        )
    })?;
    if guard.knows_host(&host) {
        return Ok(next.run(request).await);
    }
    Err(ApiError::new(
        StatusCode::MISDIRECTED_REQUEST,
        "host_not_allowed",
        format!(
            "This server does not answer to the name {host}. If people should reach it so, set public_url to that \
             address, or add the name to allowed_hosts."
        ),
    ))
}

/// The host that a request is for, in lower case, without port and final dot; an IPv6 address stands in brackets.
///
/// HTTP/2 has it in the address, HTTP/1 in the header. Two headers, or one that cannot be read, are none.
pub(crate) fn host_of(request: &Request) -> Option<String> {
    let authority = authority_of(request)?;
    let host = authority.host().trim_end_matches('.').to_ascii_lowercase();
    (!host.is_empty() && !authority.as_str().contains('@')).then_some(host)
}

pub(super) fn authority_of(request: &Request) -> Option<Authority> {
    if let Some(authority) = request.uri().authority() {
        return Some(authority.clone());
    }
    let mut headers = request.headers().get_all(HOST).into_iter();
    let only = headers.next().filter(|_| headers.next().is_none())?;
    Authority::try_from(only.as_bytes()).ok()
}

/// Whether a name always means the machine itself. Names under `localhost` do, by RFC 6761.
pub(crate) fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "[::1]"
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}
