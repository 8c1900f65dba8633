//! How a person has chosen to appear. How present others are comes by the gateway.

use axum::extract::State;
use rony_core::presence::{OwnPresence, SetPresence};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::Json,
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(own, set))
}

/// How one has chosen to appear.
#[utoipa::path(
    get, path = "/me/presence", tag = "presence",
    responses((status = 200, body = OwnPresence), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn own(State(app): State<App>, Auth(actor): Auth) -> ApiResult<Json<OwnPresence>> {
    Ok(Json(app.rony().presence().own(&actor).await?))
}

/// Choose how to appear, on all devices: as present as they are, away, busy, or offline.
#[utoipa::path(
    put, path = "/me/presence", tag = "presence", request_body = SetPresence,
    responses((status = 200, body = OwnPresence), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn set(
    State(app): State<App>,
    Auth(actor): Auth,
    Json(wish): Json<SetPresence>,
) -> ApiResult<Json<OwnPresence>> {
    Ok(Json(app.rony().presence().set(&actor, wish).await?))
}
