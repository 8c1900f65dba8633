//! Read marks: moving one's own, and seeing how far others are.

use axum::extract::State;
use rony_core::{
    id::{ConversationId, MessageId},
    page::Page,
    read::{OthersMark, ReadMark},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::{Json, Path},
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, mark))
}

/// How far one has read.
#[derive(Debug, Deserialize, ToSchema)]
struct MarkBody {
    /// The number of the last message that was read: its `ordinal`, or its `thread_ordinal` in a thread.
    ordinal: i64,
    /// In the thread under this message.
    #[serde(default)]
    thread_id: Option<MessageId>,
}

/// How far each member has read. Empty for a conversation of more than 50 members.
#[utoipa::path(
    get, path = "/conversations/{conversation_id}/read", tag = "read",
    params(("conversation_id" = ConversationId, Path)),
    responses(
        (status = 200, body = Page<OthersMark>),
        (status = 403, description = "`not_a_member`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(conversation): Path<ConversationId>,
) -> ApiResult<Json<Page<OthersMark>>> {
    let items = app.rony().reads().marks(&actor, conversation).await?;
    Ok(Json(Page { items, next: None }))
}

/// Mark as read up to a message. A mark only grows: an older one changes nothing.
#[utoipa::path(
    put, path = "/conversations/{conversation_id}/read", tag = "read", request_body = MarkBody,
    params(("conversation_id" = ConversationId, Path)),
    responses(
        (status = 200, body = ReadMark, description = "Where the mark stands now"),
        (status = 403, description = "`not_a_member`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn mark(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(conversation_id): Path<ConversationId>,
    Json(MarkBody { ordinal, thread_id }): Json<MarkBody>,
) -> ApiResult<Json<ReadMark>> {
    let mark = ReadMark { conversation_id, thread_id, ordinal };
    Ok(Json(app.rony().reads().mark(&actor, mark).await?))
}
