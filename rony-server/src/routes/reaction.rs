//! Reactions: putting an emoji under a message, and taking it away.

use axum::extract::State;
use rony_core::{
    id::{ConversationId, MessageId},
    message::Message,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::{Json, Path},
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(add, remove))
}

/// Put an emoji under a message. A repetition changes nothing.
#[utoipa::path(
    put, path = "/conversations/{conversation_id}/messages/{message_id}/reactions/{emoji}", tag = "reactions",
    params(
        ("conversation_id" = ConversationId, Path),
        ("message_id" = MessageId, Path),
        ("emoji" = String, Path, description = "An emoji or a short name, percent-encoded; at most 64 bytes"),
    ),
    responses(
        (status = 200, body = Message, description = "The message as it is now"),
        (status = 403, description = "`not_a_member`, `blocked`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`archived`, `message_deleted`, `too_many_reactions`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn add(
    State(app): State<App>,
    Auth(actor): Auth,
    Path((conversation, message, emoji)): Path<(ConversationId, MessageId, String)>,
) -> ApiResult<Json<Message>> {
    Ok(Json(app.rony().reactions().add(&actor, conversation, message, emoji).await?))
}

/// Take one's own emoji away from a message. A repetition changes nothing.
#[utoipa::path(
    delete, path = "/conversations/{conversation_id}/messages/{message_id}/reactions/{emoji}", tag = "reactions",
    params(
        ("conversation_id" = ConversationId, Path),
        ("message_id" = MessageId, Path),
        ("emoji" = String, Path, description = "The emoji, percent-encoded"),
    ),
    responses(
        (status = 200, body = Message, description = "The message as it is now"),
        (status = 403, description = "`not_a_member`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`archived`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn remove(
    State(app): State<App>,
    Auth(actor): Auth,
    Path((conversation, message, emoji)): Path<(ConversationId, MessageId, String)>,
) -> ApiResult<Json<Message>> {
    Ok(Json(app.rony().reactions().remove(&actor, conversation, message, emoji).await?))
}
