//! What concerns a person, and when they want to be left in peace.

use axum::extract::State;
use rony_core::{
    id::NotificationId,
    notification::{DoNotDisturb, Notification, SetClear},
    page::Page,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::{Json, PageQuery, Query},
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(clear))
        .routes(routes!(do_not_disturb, leave_in_peace))
}

/// The notifications that were cleared.
#[derive(Serialize, ToSchema)]
struct ClearedBody {
    /// Those that were open until now.
    ids: Vec<NotificationId>,
}

/// One's notifications: the open ones first, each time the newest first. Unread messages that mention everybody are among them.
#[utoipa::path(
    get, path = "/notifications", tag = "notifications", params(PageQuery),
    responses((status = 200, body = Page<Notification>), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn list(
    State(app): State<App>,
    Auth(actor): Auth,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<Page<Notification>>> {
    Ok(Json(app.rony().notifications().list(&actor, query.limit, query.cursor.as_ref()).await?))
}

/// Clear notifications on all devices: up to a moment, by id, of a conversation, or all.
#[utoipa::path(
    post, path = "/notifications/clear", tag = "notifications", request_body = SetClear,
    responses((status = 200, body = ClearedBody), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn clear(
    State(app): State<App>,
    Auth(actor): Auth,
    Json(which): Json<SetClear>,
) -> ApiResult<Json<ClearedBody>> {
    Ok(Json(ClearedBody { ids: app.rony().notifications().clear(&actor, which).await? }))
}

/// Until when one does not want to be disturbed.
#[utoipa::path(
    get, path = "/me/dnd", tag = "notifications",
    responses((status = 200, body = DoNotDisturb), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn do_not_disturb(State(app): State<App>, Auth(actor): Auth) -> ApiResult<Json<DoNotDisturb>> {
    Ok(Json(app.rony().notifications().do_not_disturb(&actor).await?))
}

/// Be left in peace until then, or not any more: notifications come, and are quiet.
#[utoipa::path(
    put, path = "/me/dnd", tag = "notifications", request_body = DoNotDisturb,
    responses((status = 200, body = DoNotDisturb), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn leave_in_peace(
    State(app): State<App>,
    Auth(actor): Auth,
    Json(wish): Json<DoNotDisturb>,
) -> ApiResult<Json<DoNotDisturb>> {
    Ok(Json(app.rony().notifications().set_do_not_disturb(&actor, wish).await?))
}
