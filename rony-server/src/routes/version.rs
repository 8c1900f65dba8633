//! What a file held before.

use axum::{extract::State, http::StatusCode};
use rony_core::{
    file::{Item, Version},
    id::ItemId,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::{Json, Path},
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(restore)).routes(routes!(remove))
}

/// The contents of a file.
#[derive(Serialize, ToSchema)]
struct VersionsBody {
    /// The newest first.
    items: Vec<Version>,
}

/// The contents that a file has and had, the newest first.
#[utoipa::path(
    get, path = "/files/{id}/versions", tag = "versions", params(("id" = ItemId, Path)),
    responses(
        (status = 200, body = VersionsBody),
        (status = 403, description = "`level_too_low`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`not_a_file`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<ItemId>,
) -> ApiResult<Json<VersionsBody>> {
    Ok(Json(VersionsBody { items: app.rony().files().versions(&actor, id).await? }))
}

/// Make an earlier content the file's content again, as a new version.
#[utoipa::path(
    post, path = "/files/{id}/versions/{n}/restore", tag = "versions",
    params(("id" = ItemId, Path), ("n" = i64, Path, description = "The number of the version")),
    responses(
        (status = 200, body = Item),
        (status = 403, description = "`level_too_low`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`quota_exceeded`, `not_a_file`, `in_trash`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn restore(
    State(app): State<App>,
    Auth(actor): Auth,
    Path((id, version)): Path<(ItemId, i64)>,
) -> ApiResult<Json<Item>> {
    Ok(Json(app.rony().files().restore_version(&actor, id, version).await?))
}

/// Remove an earlier content for good.
#[utoipa::path(
    delete, path = "/files/{id}/versions/{n}", tag = "versions",
    params(("id" = ItemId, Path), ("n" = i64, Path, description = "The number of the version")),
    responses(
        (status = 204),
        (status = 403, description = "`level_too_low`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`current_version`, `not_a_file`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn remove(
    State(app): State<App>,
    Auth(actor): Auth,
    Path((id, version)): Path<(ItemId, i64)>,
) -> ApiResult<StatusCode> {
    app.rony().files().delete_version(&actor, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
