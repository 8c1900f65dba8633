//! With whom files are shared.

use axum::{extract::State, http::StatusCode};
use rony_core::{
    file::{Grant, Level, Subject, SubjectKind},
    id::ItemId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::{Json, Path},
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(set, remove))
}

/// With whom something is shared.
#[derive(Serialize, ToSchema)]
struct GrantsBody {
    /// By itself, and through the folders above it.
    items: Vec<Grant>,
}

/// What somebody may do from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GrantBody {
    /// Whether it is a person or a conversation.
    kind: SubjectKind,
    /// viewer, editor or manager.
    level: Level,
}

/// With whom a file or folder is shared, by itself and through the folders above it.
#[utoipa::path(
    get, path = "/files/{id}/grants", tag = "grants", params(("id" = ItemId, Path)),
    responses(
        (status = 200, body = GrantsBody),
        (status = 403, description = "`level_too_low`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<ItemId>,
) -> ApiResult<Json<GrantsBody>> {
    Ok(Json(GrantsBody { items: app.rony().files().grants(&actor, id).await? }))
}

/// Share a file or folder with a person or all members of a conversation, or with another level than before.
#[utoipa::path(
    put, path = "/files/{id}/grants/{subject_id}", tag = "grants",
    params(("id" = ItemId, Path), ("subject_id" = Uuid, Path, description = "The id of the person or the conversation")),
    request_body = GrantBody,
    responses(
        (status = 204),
        (status = 403, description = "`level_too_low`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`too_many_grants`, `in_trash`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn set(
    State(app): State<App>,
    Auth(actor): Auth,
    Path((id, subject)): Path<(ItemId, Uuid)>,
    Json(GrantBody { kind, level }): Json<GrantBody>,
) -> ApiResult<StatusCode> {
    app.rony().files().grant(&actor, id, Subject::new(kind, subject), level).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End sharing with a person or a conversation. What is shared with oneself one may end too.
#[utoipa::path(
    delete, path = "/files/{id}/grants/{subject_id}", tag = "grants",
    params(("id" = ItemId, Path), ("subject_id" = Uuid, Path, description = "The id of the person or the conversation")),
    responses(
        (status = 204),
        (status = 403, description = "`level_too_low`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn remove(
    State(app): State<App>,
    Auth(actor): Auth,
    Path((id, subject)): Path<(ItemId, Uuid)>,
) -> ApiResult<StatusCode> {
    app.rony().files().revoke(&actor, id, subject).await?;
    Ok(StatusCode::NO_CONTENT)
}
