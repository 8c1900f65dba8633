//! Catching up: what happened while a client was away.

use axum::extract::State;
use rony_core::sync::{SyncAnswer, SyncRequest};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::Json,
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(sync))
}

/// What happened in streams since the numbers that a client has, and which streams moved.
#[utoipa::path(
    post, path = "/sync", tag = "sync", request_body = SyncRequest,
    responses((status = 200, body = SyncAnswer), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn sync(
    State(app): State<App>,
    Auth(actor): Auth,
    Json(request): Json<SyncRequest>,
) -> ApiResult<Json<SyncAnswer>> {
    Ok(Json(app.rony().streams().sync(&actor, &request).await?))
}
