//! Drafts: keeping, reading and listing one's own.

use axum::extract::State;
use rony_core::{
    draft::Draft,
    id::{ConversationId, MessageId},
    page::Page,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::{Json, Path, Query},
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get, save))
}

/// Which draft of a conversation.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// The one for the thread under this message.
    #[serde(default)]
    thread_id: Option<MessageId>,
}

/// What one has begun to write.
#[derive(Debug, Deserialize, ToSchema)]
struct DraftBody {
    /// Markdown, at most 16,384 bytes; empty to delete the draft.
    text: String,
    /// In the thread under this message.
    #[serde(default)]
    thread_id: Option<MessageId>,
}

/// One's own drafts, the newest first; all of them, 200 at most.
#[utoipa::path(
    get, path = "/drafts", tag = "drafts",
    responses(
        (status = 200, body = Page<Draft>),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list(State(app): State<App>, Auth(actor): Auth) -> ApiResult<Json<Page<Draft>>> {
    let items = app.rony().drafts().list(&actor).await?;
    Ok(Json(Page { items, next: None }))
}

/// One's own draft in a conversation; with an empty text when there is none.
#[utoipa::path(
    get, path = "/conversations/{conversation_id}/draft", tag = "drafts",
    params(("conversation_id" = ConversationId, Path), Which),
    responses(
        (status = 200, body = Draft),
        (status = 403, description = "`not_a_member`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn get(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(conversation): Path<ConversationId>,
    Query(Which { thread_id }): Query<Which>,
) -> ApiResult<Json<Draft>> {
    Ok(Json(app.rony().drafts().get(&actor, conversation, thread_id).await?))
}

/// Keep what one has begun to write, for one's other devices. An empty text deletes the draft.
#[utoipa::path(
    put, path = "/conversations/{conversation_id}/draft", tag = "drafts", request_body = DraftBody,
    params(("conversation_id" = ConversationId, Path)),
    responses(
        (status = 200, body = Draft),
        (status = 403, description = "`not_a_member`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`too_many_drafts`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn save(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(conversation): Path<ConversationId>,
    Json(DraftBody { text, thread_id }): Json<DraftBody>,
) -> ApiResult<Json<Draft>> {
    Ok(Json(app.rony().drafts().save(&actor, conversation, thread_id, text).await?))
}
