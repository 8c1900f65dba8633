//! The installation as a whole, for administrators.

use axum::extract::State;
use rony_core::server::ServerState;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::Json,
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(state))
}

/// What an installation is and how it does, with the address that leads to it.
#[derive(Serialize, ToSchema)]
struct ServerBody {
    /// What it is and how it does.
    #[serde(flatten)]
    state: ServerState,
    /// The address that people type, and that links begin with.
    public_url: String,
}

/// What the server is and how it does: version, database, how much there is; for administrators.
#[utoipa::path(
    get, path = "/server", tag = "server",
    responses(
        (status = 200, body = ServerBody),
        (status = 403, description = "`administrators_only`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn state(State(app): State<App>, Auth(actor): Auth) -> ApiResult<Json<ServerBody>> {
    let state = app.rony().server().state(&actor).await?;
    Ok(Json(ServerBody { state, public_url: app.public_url().to_string() }))
}
