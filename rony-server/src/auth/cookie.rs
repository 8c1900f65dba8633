//! The session's cookie, which the page's own scripts cannot read.
//!
//! Over HTTPS its name begins with `__Host-`: browsers then take it from this very host only, and only over HTTPS. Plain
//! HTTP has no such names, so there it has a plain one, and it is given on loopback only.

use std::time::Duration;

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use rony_core::secret::Token;

use crate::error::{ApiError, ApiResult};
use crate::security::Client;

pub(super) const SECURE: &str = "__Host-rony_session";
const PLAIN: &str = "rony_session";

/// The token in the session's cookie. Two of that name are none: one of them is not ours.
pub(super) fn token(headers: &HeaderMap, client: Client) -> Option<&str> {
    let lines = headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut found = pairs.filter(|(key, _)| *key == name(client)).map(|(_, value)| value);
    let only = found.next()?;
    found.next().is_none().then_some(only)
}

/// Makes sure that a browser may be given the cookie.
///
/// # Errors
///
/// 403 `https_needed` over plain HTTP from another machine: the session would travel in the open.
pub(crate) fn may_have_cookie(client: Client) -> ApiResult<()> {
    if client.secure || client.loopback {
        return Ok(());
    }
    Err(ApiError::new(
        StatusCode::FORBIDDEN,
        "https_needed",
        "Signing in with a browser needs HTTPS: over plain HTTP anybody on the way could take the session. Open the \
         https:// address of this server; whoever runs it switches HTTPS on, in a local network with --lan.",
    ))
}

/// The header that gives a browser the session's cookie, for `lifetime`.
pub(crate) fn session_cookie(client: Client, token: &Token, lifetime: Duration) -> HeaderValue {
    header(client, &token.reveal(), lifetime.as_secs())
}

/// The header that takes the cookie away again.
pub(crate) fn clear_cookie(client: Client) -> HeaderValue {
    header(client, "", 0)
}

fn header(client: Client, value: &str, seconds: u64) -> HeaderValue {
    let secure = if client.secure { "; Secure" } else { "" };
    let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", name(client));
    let mut header = HeaderValue::try_from(text).expect("a token is plain ASCII");
    header.set_sensitive(true);
    header
}

const fn name(client: Client) -> &'static str {
    if client.secure { SECURE } else { PLAIN }
}
