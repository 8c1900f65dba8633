//! Messages: posting, reading, changing and deleting them. The gateway posts too, by the same use case.

use axum::{extract::State, http::StatusCode};
use rony_core::{
    Error,
    id::{ConversationId, MessageId},
    message::{Message, MessagePage, MessageVersion, Post, Window},
    page::{Cursor, Limit, Page},
    stream::Seq,
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
    OpenApiRouter::new()
        .routes(routes!(list, post))
        .routes(routes!(get, edit, delete))
        .routes(routes!(versions))
}

/// Which messages to read: the newest ones, unless one of `before`, `after`, `around` and `cursor` says otherwise.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Those before the message with this `seq`.
    before: Option<Seq>,
    /// Those after the message with this `seq`.
    after: Option<Seq>,
    /// Those around the message with this `seq`, half of them older.
    around: Option<Seq>,
    /// The replies in the thread under this message, instead of the conversation.
    thread_id: Option<MessageId>,
    /// How many at most.
    limit: Limit,
    /// Where the next page begins, as the page before said in `next`.
    cursor: Option<Cursor>,
}

impl ListQuery {
    fn window(&self) -> Result<Window, Error> {
        match (self.before, self.after, self.around, &self.cursor) {
            (None, None, None, None) => Ok(Window::Newest),
            (Some(seq), None, None, None) => Ok(Window::Before(seq)),
            (None, Some(seq), None, None) => Ok(Window::After(seq)),
            (None, None, Some(seq), None) => Ok(Window::Around(seq)),
            (None, None, None, Some(cursor)) => Window::at(cursor),
            _ => Err(Error::invalid(
                "before",
                "Give one of `before`, `after`, `around` and `cursor`, not several.",
            )),
        }
    }
}

/// A part of a conversation or of a thread, oldest first.
#[utoipa::path(
    get, path = "/conversations/{id}/messages", tag = "messages", params(("id" = ConversationId, Path), ListQuery),
    responses(
        (status = 200, body = MessagePage),
        (status = 403, description = "`not_a_member`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<ConversationId>,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<MessagePage>> {
    let window = query.window()?;
    Ok(Json(app.rony().messages().page(&actor, id, query.thread_id, window, query.limit).await?))
}

/// Post a message. When the answer is there, it is on disk. The same `client_id` again answers the same message.
#[utoipa::path(
    post, path = "/conversations/{id}/messages", tag = "messages", params(("id" = ConversationId, Path)),
    request_body = Post,
    responses(
        (status = 201, description = "It was posted, now or before with this `client_id`", body = Message),
        (status = 403, description = "`not_a_member`, `blocked`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`archived`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "It is not known whether it was posted: post it again with the same `client_id`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn post(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<ConversationId>,
    Json(post): Json<Post>,
) -> ApiResult<(StatusCode, Json<Message>)> {
    let posted = app.rony().messages().post(&actor, id, post).await?;
    Ok((StatusCode::CREATED, Json(posted.message)))
}

/// One message.
#[utoipa::path(
    get, path = "/conversations/{id}/messages/{message_id}", tag = "messages",
    params(("id" = ConversationId, Path), ("message_id" = MessageId, Path)),
    responses(
        (status = 200, body = Message),
        (status = 403, description = "`not_a_member`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn get(
    State(app): State<App>,
    Auth(actor): Auth,
    Path((id, message)): Path<(ConversationId, MessageId)>,
) -> ApiResult<Json<Message>> {
    Ok(Json(app.rony().messages().get(&actor, id, message).await?))
}

/// The new text of a message.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EditBody {
    /// Markdown, 1 to 16,384 bytes.
    text: String,
}

/// Change the text of one's own message. What it said before is kept for oneself and the conversation's admins.
#[utoipa::path(
    patch, path = "/conversations/{id}/messages/{message_id}", tag = "messages",
    params(("id" = ConversationId, Path), ("message_id" = MessageId, Path)), request_body = EditBody,
    responses(
        (status = 200, body = Message),
        (status = 403, description = "`not_a_member`, `not_yours`, `blocked`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`message_deleted`, `archived`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn edit(
    State(app): State<App>,
    Auth(actor): Auth,
    Path((id, message)): Path<(ConversationId, MessageId)>,
    Json(EditBody { text }): Json<EditBody>,
) -> ApiResult<Json<Message>> {
    Ok(Json(app.rony().messages().edit(&actor, id, message, text).await?))
}

/// Delete a message: of what it said nothing is left. Admins of the conversation delete others' messages too.
#[utoipa::path(
    delete, path = "/conversations/{id}/messages/{message_id}", tag = "messages",
    params(("id" = ConversationId, Path), ("message_id" = MessageId, Path)),
    responses(
        (status = 204),
        (status = 403, description = "`not_a_member`, `role_too_low`, `direct_conversation`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`archived`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn delete(
    State(app): State<App>,
    Auth(actor): Auth,
    Path((id, message)): Path<(ConversationId, MessageId)>,
) -> ApiResult<StatusCode> {
    app.rony().messages().delete(&actor, id, message).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a message said before it was changed, oldest first.
#[utoipa::path(
    get, path = "/conversations/{id}/messages/{message_id}/versions", tag = "messages",
    params(("id" = ConversationId, Path), ("message_id" = MessageId, Path)),
    responses(
        (status = 200, body = Page<MessageVersion>),
        (status = 403, description = "`not_a_member`, `not_yours`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn versions(
    State(app): State<App>,
    Auth(actor): Auth,
    Path((id, message)): Path<(ConversationId, MessageId)>,
) -> ApiResult<Json<Page<MessageVersion>>> {
    let items = app.rony().messages().versions(&actor, id, message).await?;
    Ok(Json(Page { items, next: None }))
}
