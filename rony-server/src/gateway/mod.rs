//! The gateway: one WebSocket a device, by which events arrive and posts leave. Its frames are `rony_core::wire`'s.
//!
//! The handshake authenticates by cookie or bearer token; where it carries neither, the first frame must. [`socket`] is
//! the life of a socket, [`frames`] turns a client's frames into use cases.

mod frames;
mod socket;

use std::time::Duration;

use axum::{
    extract::{FromRequestParts as _, Request, State, WebSocketUpgrade},
    response::Response,
};
use rony_core::wire::FRAME_LIMIT;
use tokio::time::timeout;

use crate::{
    app::App,
    auth,
    error::{ApiError, ApiResult},
};

/// Read buffer of a socket, in bytes. axum's default buffers cost 134 KiB a socket, these 6 KiB.
const READ_BUFFER: usize = 4096;

/// What may wait inside a socket for a client that does not read, in bytes: more than our largest frame. Only answers to
/// pings gather there, since we send the next frame when the last one is away; without a bound they would do so for as
/// long as the client sends pings.
const WRITE_MOST: usize = 1024 * 1024;

/// `GET /api/v1/gateway`: the WebSocket handshake.
pub(crate) async fn upgrade(State(app): State<App>, request: Request) -> ApiResult<Response> {
    let (mut parts, _) = request.into_parts();
    // The time limit of requests is not for what becomes a socket, so the database has one of its own here.
    let actor = timeout(app.config().request_timeout, auth::from_parts(&app, &parts)).await;
    let actor = actor.map_err(|_| {
        ApiError::unavailable("The database does not answer. Try again in a moment.", Duration::from_secs(2))
    })??;
    let client = parts.extensions.get().copied().unwrap_or_default();
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &app)
        .await
        .map_err(|_| ApiError::bad_request("websocket_expected", "Open this address as a WebSocket."))?;
    let upgrade = upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_MOST)
        .max_frame_size(FRAME_LIMIT)
        .max_message_size(FRAME_LIMIT);
    Ok(upgrade.on_upgrade(move |socket| socket::serve(app, socket, actor, client)))
}
