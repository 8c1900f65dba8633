//! Pins: listing them, setting and taking them away.

use axum::{extract::State, http::StatusCode};
use rony_core::{
    id::{ConversationId, MessageId},
    pin::PinList,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::{Json, Path},
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(add, remove))
}

/// The pinned messages of a conversation, newest pin first.
#[utoipa::path(
    get, path = "/conversations/{conversation_id}/pins", tag = "pins",
    params(("conversation_id" = ConversationId, Path)),
    responses(
        (status = 200, body = PinList),
        (status = 403, description = "`not_a_member`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(conversation): Path<ConversationId>,
) -> ApiResult<Json<PinList>> {
    Ok(Json(app.rony().pins().list(&actor, conversation).await?))
}

/// Pin a message. A repetition changes nothing.
#[utoipa::path(
    put, path = "/conversations/{conversation_id}/pins/{message_id}", tag = "pins",
    params(("conversation_id" = ConversationId, Path), ("message_id" = MessageId, Path)),
    responses(
        (status = 204, description = "It is pinned"),
        (status = 403, description = "`not_a_member`, `role_too_low`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`archived`, `message_deleted`, `too_many_pins`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn add(
    State(app): State<App>,
    Auth(actor): Auth,
    Path((conversation, message)): Path<(ConversationId, MessageId)>,
) -> ApiResult<StatusCode> {
    app.rony().pins().add(&actor, conversation, message).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a pin away, whoever set it. A repetition changes nothing.
#[utoipa::path(
    delete, path = "/conversations/{conversation_id}/pins/{message_id}", tag = "pins",
    params(("conversation_id" = ConversationId, Path), ("message_id" = MessageId, Path)),
    responses(
        (status = 204, description = "It is not pinned"),
        (status = 403, description = "`not_a_member`, `role_too_low`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`archived`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn remove(
    State(app): State<App>,
    Auth(actor): Auth,
    Path((conversation, message)): Path<(ConversationId, MessageId)>,
) -> ApiResult<StatusCode> {
    app.rony().pins().remove(&actor, conversation, message).await?;
    Ok(StatusCode::NO_CONTENT)
}
