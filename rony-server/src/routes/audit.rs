//! The audit log, for administrators.

use axum::extract::State;
use rony_core::{
    audit::{Entry, Filter},
    id::UserId,
    page::{Cursor, Limit, Page},
    time::Timestamp,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::{Json, Query},
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Only what this person did.
    actor_id: Option<UserId>,
    /// Only this action, such as `user.created`.
    action: Option<String>,
    /// Only what was done to this.
    target_id: Option<Uuid>,
    /// Only what happened at this moment or after it.
    since: Option<Timestamp>,
    /// Only what happened before this moment.
    until: Option<Timestamp>,
    /// How many items at most.
    limit: Limit,
    /// Where the next page begins, as the page before said in `next`.
    cursor: Option<Cursor>,
}

/// Who did what on the server, the newest first; for administrators.
#[utoipa::path(
    get, path = "/audit", tag = "audit", params(ListQuery),
    responses(
        (status = 200, body = Page<Entry>),
        (status = 403, description = "`administrators_only`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list(
    State(app): State<App>,
    Auth(actor): Auth,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<Entry>>> {
    let ListQuery { actor_id, action, target_id, since, until, limit, cursor } = query;
    let filter = Filter { actor_id, action, target_id, since, until };
    Ok(Json(app.rony().audit().list(&actor, &filter, limit, cursor.as_ref()).await?))
}
