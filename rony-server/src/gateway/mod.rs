//! The gateway: one WebSocket a device, by which events arrive and posts leave. Its frames are `rony_core::wire`'s.
//!
//! The handshake authenticates by cookie or bearer token; where it carries neither, the first frame must. [`socket`] is
//! the life of a socket, [`frames`] turns a client's frames into use cases, [`guest`] is the socket of somebody without an account.

mod carriers;
mod frames;
mod guest;
mod halves;
mod socket;

use std::time::Duration;

use axum::{
    body::Body,
    extract::{Request, State},
    response::Response,
};
use hyper::upgrade::OnUpgrade;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::handshake::server::create_response;

pub(crate) use self::carriers::Carriers;
use crate::{
    app::App,
    auth,
    error::{ApiError, ApiResult},
};

/// `GET /api/v1/gateway`: the WebSocket handshake.
pub(crate) async fn upgrade(State(app): State<App>, request: Request) -> ApiResult<Response> {
    let (parts, _) = request.into_parts();
    // The time limit of requests is not for what becomes a socket, so the database has one of its own here.
    let known = async {
        // A browser sends the cookie of a session that has ended, too, and its page cannot keep it from that.
        if parts.uri.query() == Some("guest") { Ok(None) } else { auth::from_parts(&app, &parts).await }
    };
    let actor = timeout(app.config().request_timeout, known).await.map_err(|_| {
        ApiError::unavailable("The database does not answer. Try again in a moment.", Duration::from_secs(2))
    })??;
    let client = parts.extensions.get().copied().unwrap_or_default();
    let expected = || ApiError::bad_request("websocket_expected", "Open this address as a WebSocket.");
    let mut request = Request::from_parts(parts, ());
    let answer = create_response(&request).map_err(|_| expected())?;
    let upgrading: OnUpgrade = request.extensions_mut().remove().ok_or_else(expected)?;
    tokio::spawn(socket::serve(app, upgrading, actor, client));
    Ok(answer.map(|()| Body::empty()))
}
