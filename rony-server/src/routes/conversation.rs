//! Conversations: one's own, those that one may find, and what becomes of them.

use axum::{extract::State, http::StatusCode};
use rony_core::{
    conversation::{ConversationChange, ConversationView, NewConversation},
    id::ConversationId,
    page::{Cursor, Limit, Page},
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
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(get, change, delete))
}

/// Which conversations to list.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ScopeParam {
    /// Those that one is in.
    #[default]
    Mine,
    /// The public ones that are not archived, whether or not one is in them.
    Public,
}

#[derive(Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// `mine` (when left out) or `public`.
    scope: ScopeParam,
    /// With `scope=public`: only those whose title or topic contains this, letter case aside.
    query: String,
    /// How many items at most.
    limit: Limit,
    /// Where the next page begins, as the page before said in `next`.
    cursor: Option<Cursor>,
}

/// One's conversations with what is unread in each, or the public ones to choose from.
#[utoipa::path(
    get, path = "/conversations", tag = "conversations", params(ListQuery),
    responses((status = 200, body = Page<ConversationView>), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn list(
    State(app): State<App>,
    Auth(actor): Auth,
    Query(ListQuery { scope, query, limit, cursor }): Query<ListQuery>,
) -> ApiResult<Json<Page<ConversationView>>> {
    let conversations = app.rony().conversations();
    Ok(Json(match scope {
        ScopeParam::Mine => conversations.list(&actor, limit, cursor.as_ref()).await?,
        ScopeParam::Public => conversations.browse(&actor, &query, limit, cursor.as_ref()).await?,
    }))
}

/// Start a conversation. Two people have one direct conversation: where it is there already, it is the answer.
#[utoipa::path(
    post, path = "/conversations", tag = "conversations", request_body = NewConversation,
    responses(
        (status = 201, description = "It was started, now or before with this `client_id`", body = ConversationView),
        (status = 200, description = "The direct conversation that was there", body = ConversationView),
        (status = 403, description = "`blocked`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn create(
    State(app): State<App>,
    Auth(actor): Auth,
    Json(new): Json<NewConversation>,
) -> ApiResult<(StatusCode, Json<ConversationView>)> {
    let created = app.rony().conversations().create(&actor, new).await?;
    let status = if created.existed { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(created.conversation)))
}

/// One conversation, with what it is for the caller.
#[utoipa::path(
    get, path = "/conversations/{id}", tag = "conversations", params(("id" = ConversationId, Path)),
    responses((status = 200, body = ConversationView), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn get(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<ConversationView>> {
    Ok(Json(app.rony().conversations().get(&actor, id).await?))
}

/// Change title, topic, icon, visibility or history; archive a conversation, or bring it back.
#[utoipa::path(
    patch, path = "/conversations/{id}", tag = "conversations", params(("id" = ConversationId, Path)),
    request_body = ConversationChange,
    responses(
        (status = 200, body = ConversationView),
        (status = 403, description = "`not_a_member`, `role_too_low`, `direct_conversation`, `general`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn change(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<ConversationId>,
    Json(change): Json<ConversationChange>,
) -> ApiResult<Json<ConversationView>> {
    Ok(Json(app.rony().conversations().change(&actor, id, change).await?))
}

/// Delete a conversation with everything in it, for everybody and for good.
#[utoipa::path(
    delete, path = "/conversations/{id}", tag = "conversations", params(("id" = ConversationId, Path)),
    responses(
        (status = 204),
        (status = 403, description = "`not_a_member`, `role_too_low`, `direct_conversation`, `general`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn delete(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<ConversationId>,
) -> ApiResult<StatusCode> {
    app.rony().conversations().delete(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
