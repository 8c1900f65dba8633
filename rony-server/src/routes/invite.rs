//! Invites: making them, looking after them, following them.

use axum::{extract::State, http::StatusCode};
use rony_core::{
    id::{ConversationId, InviteId},
    invite::{Invite, InvitePreview, NewInvite},
    page::{Cursor, Limit, Page},
    secret::Secret,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::{Json, Path, Query},
    pages::Link,
    security::Client,
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(revoke))
        .routes(routes!(preview))
        .routes(routes!(accept))
}

/// An invite that was made.
#[derive(Serialize, ToSchema)]
struct InviteMadeBody {
    /// To be handed on; it is shown only here.
    link: String,
    /// What the link carries.
    token: String,
    /// What is kept of it.
    #[serde(flatten)]
    invite: Invite,
}

/// What an invite link carries. It comes in a body, never in an address, which would stand in logs.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TokenBody {
    /// The token.
    token: Secret,
}

/// Where an invite led.
#[derive(Serialize, ToSchema)]
struct AcceptedBody {
    /// The conversation that one is in now.
    conversation_id: ConversationId,
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Only those into this conversation.
    conversation_id: Option<ConversationId>,
    /// How many items at most.
    limit: Limit,
    /// Where the next page begins, as the page before said in `next`.
    cursor: Option<Cursor>,
}

/// Invites that were not taken back, the newest first: all of them for administrators, for others those that they made and
/// those into conversations that they look after.
#[utoipa::path(
    get, path = "/invites", tag = "invites", params(ListQuery),
    responses((status = 200, body = Page<Invite>), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn list(
    State(app): State<App>,
    Auth(actor): Auth,
    Query(ListQuery { conversation_id, limit, cursor }): Query<ListQuery>,
) -> ApiResult<Json<Page<Invite>>> {
    Ok(Json(app.rony().invites().list(&actor, conversation_id, limit, cursor.as_ref()).await?))
}

/// Make an invite: into a conversation for its members, to an account alone for administrators.
#[utoipa::path(
    post, path = "/invites", tag = "invites", request_body = NewInvite,
    responses(
        (status = 201, body = InviteMadeBody),
        (status = 403, description = "`not_a_member`, `role_too_low`, `direct_conversation`, `administrators_only`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`archived`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn create(
    State(app): State<App>,
    Auth(actor): Auth,
    Json(new): Json<NewInvite>,
) -> ApiResult<(StatusCode, Json<InviteMadeBody>)> {
    let made = app.rony().invites().create(&actor, new).await?;
    let token = made.token.reveal();
    let link = Link::Join.to(app.public_url(), &token);
    Ok((StatusCode::CREATED, Json(InviteMadeBody { link, token, invite: made.invite })))
}

/// Take an invite back.
#[utoipa::path(
    delete, path = "/invites/{id}", tag = "invites", params(("id" = InviteId, Path)),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn revoke(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<InviteId>,
) -> ApiResult<StatusCode> {
    app.rony().invites().revoke(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What an invite leads to, for whoever holds its link. Nobody needs to be signed in.
#[utoipa::path(
    post, path = "/invites/preview", tag = "invites", request_body = TokenBody, security(()),
    responses(
        (status = 200, body = InvitePreview),
        (status = 409, description = "`invite_unknown`, `invite_revoked`, `invite_expired`, `invite_used_up`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn preview(
    State(app): State<App>,
    client: Client,
    Json(body): Json<TokenBody>,
) -> ApiResult<Json<InvitePreview>> {
    Ok(Json(app.rony().invites().preview(&body.token, client.address).await?))
}

/// Join the conversation that an invite leads into, with the account that one has.
#[utoipa::path(
    post, path = "/invites/accept", tag = "invites", request_body = TokenBody,
    responses(
        (status = 200, body = AcceptedBody),
        (status = 409, description = "`invite_unknown`, `invite_revoked`, `invite_expired`, `invite_used_up`, `invite_for_newcomers`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn accept(
    State(app): State<App>,
    Auth(actor): Auth,
    Json(body): Json<TokenBody>,
) -> ApiResult<Json<AcceptedBody>> {
    let conversation_id = app.rony().invites().accept(&actor, &body.token).await?;
    Ok(Json(AcceptedBody { conversation_id }))
}
