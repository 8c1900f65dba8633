//! The state of things at one moment, to start from.

use axum::extract::State;
use rony_core::{
    id::ConversationId,
    snapshot::{ConversationSnapshot, PersonalSnapshot},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::{Json, Path},
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(personal)).routes(routes!(conversation))
}

/// All that is one's own: conversations, contacts, drafts, notifications.
#[utoipa::path(
    get, path = "/snapshot", tag = "sync",
    responses((status = 200, body = PersonalSnapshot), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn personal(State(app): State<App>, Auth(actor): Auth) -> ApiResult<Json<PersonalSnapshot>> {
    Ok(Json(app.rony().snapshots().personal(&actor).await?))
}

/// A conversation as it is opened: members, pins, the newest messages.
#[utoipa::path(
    get, path = "/conversations/{id}/snapshot", tag = "sync", params(("id" = ConversationId, Path)),
    responses(
        (status = 200, body = ConversationSnapshot),
        (status = 403, description = "`not_a_member`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn conversation(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<ConversationSnapshot>> {
    Ok(Json(app.rony().snapshots().conversation(&actor, id).await?))
}
