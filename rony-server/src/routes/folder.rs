//! Folders, and the drive as a whole.

use axum::{extract::State, http::StatusCode};
use rony_core::file::{Drive, Item, NewFolder};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::Json,
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create)).routes(routes!(empty_trash)).routes(routes!(drive))
}

/// Make a folder.
#[utoipa::path(
    post, path = "/folders", tag = "folders", request_body = NewFolder,
    responses(
        (status = 201, body = Item),
        (status = 403, description = "`level_too_low`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`name_taken`, `not_a_folder`, `too_deep`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn create(
    State(app): State<App>,
    Auth(actor): Auth,
    Json(new): Json<NewFolder>,
) -> ApiResult<(StatusCode, Json<Item>)> {
    Ok((StatusCode::CREATED, Json(app.rony().files().create_folder(&actor, new).await?)))
}

/// Delete everything in one's trash for good.
#[utoipa::path(
    delete, path = "/trash", tag = "folders",
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn empty_trash(State(app): State<App>, Auth(actor): Auth) -> ApiResult<StatusCode> {
    app.rony().files().empty_trash(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How full one's drive is.
#[utoipa::path(
    get, path = "/drive", tag = "folders",
    responses((status = 200, body = Drive), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn drive(State(app): State<App>, Auth(actor): Auth) -> ApiResult<Json<Drive>> {
    Ok(Json(app.rony().files().drive(&actor).await?))
}
