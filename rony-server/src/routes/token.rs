//! Personal access tokens, for bots and scripts.

use axum::{extract::State, http::StatusCode};
use rony_core::{
    id::{SessionId, UserId},
    page::Page,
    session::{AccessToken, NewToken, TokenMade},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::{Json, PageQuery, Path, Query},
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, make))
        .routes(routes!(delete))
        .routes(routes!(list_of, make_for))
        .routes(routes!(delete_of))
}

/// A token that was made.
#[derive(Serialize, ToSchema)]
struct TokenMadeBody {
    /// What to send as `Authorization: Bearer …`; it is shown only here.
    token: String,
    /// What is kept of it.
    #[serde(flatten)]
    access: AccessToken,
}

impl From<TokenMade> for TokenMadeBody {
    fn from(made: TokenMade) -> Self {
        Self { token: made.token.reveal(), access: made.access }
    }
}

/// One's personal access tokens, the newest first.
#[utoipa::path(
    get, path = "/tokens", tag = "tokens", params(PageQuery),
    responses((status = 200, body = Page<AccessToken>), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn list(
    State(app): State<App>,
    Auth(actor): Auth,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<Page<AccessToken>>> {
    Ok(Json(app.rony().sessions().tokens(&actor, query.limit, query.cursor.as_ref()).await?))
}

/// Make a token with which a program acts as oneself. A token cannot make others: sign in for it.
#[utoipa::path(
    post, path = "/tokens", tag = "tokens", request_body = NewToken,
    responses(
        (status = 201, body = TokenMadeBody),
        (status = 403, description = "`sign_in_needed`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn make(
    State(app): State<App>,
    Auth(actor): Auth,
    Json(wish): Json<NewToken>,
) -> ApiResult<(StatusCode, Json<TokenMadeBody>)> {
    Ok((StatusCode::CREATED, Json(app.rony().sessions().make_token(&actor, wish).await?.into())))
}

/// Delete one of one's tokens. Connections that it opened close within a second.
#[utoipa::path(
    delete, path = "/tokens/{id}", tag = "tokens", params(("id" = SessionId, Path)),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn delete(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<SessionId>,
) -> ApiResult<StatusCode> {
    app.rony().sessions().delete_token(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Somebody's tokens, the newest first; for administrators.
#[utoipa::path(
    get, path = "/users/{id}/tokens", tag = "tokens", params(("id" = UserId, Path), PageQuery),
    responses(
        (status = 200, body = Page<AccessToken>),
        (status = 403, description = "`administrators_only`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list_of(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(user): Path<UserId>,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<Page<AccessToken>>> {
    Ok(Json(app.rony().sessions().tokens_of(&actor, user, query.limit, query.cursor.as_ref()).await?))
}

/// Make a token for a bot; for administrators.
#[utoipa::path(
    post, path = "/users/{id}/tokens", tag = "tokens", params(("id" = UserId, Path)), request_body = NewToken,
    responses(
        (status = 201, body = TokenMadeBody),
        (status = 403, description = "`administrators_only`, `not_a_bot`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`account_deactivated`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn make_for(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(bot): Path<UserId>,
    Json(wish): Json<NewToken>,
) -> ApiResult<(StatusCode, Json<TokenMadeBody>)> {
    let made = app.rony().sessions().make_token_for(&actor, bot, wish).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// Delete one of somebody's tokens; for administrators.
#[utoipa::path(
    delete, path = "/users/{id}/tokens/{token_id}", tag = "tokens",
    params(("id" = UserId, Path), ("token_id" = SessionId, Path)),
    responses(
        (status = 204),
        (status = 403, description = "`administrators_only`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn delete_of(
    State(app): State<App>,
    Auth(actor): Auth,
    Path((user, token)): Path<(UserId, SessionId)>,
) -> ApiResult<StatusCode> {
    app.rony().sessions().delete_token_of(&actor, user, token).await?;
    Ok(StatusCode::NO_CONTENT)
}
