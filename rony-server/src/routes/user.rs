//! People: finding them, and what administrators do about their accounts.

use axum::{
    extract::State,
    http::{
        HeaderMap, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
    },
    response::{IntoResponse, Response},
};
use rony_core::{
    id::UserId,
    page::{Cursor, Limit, Page},
    time::Timestamp,
    user::{AccountChange, Avatar, FindUsers, NewUser, User},
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
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(find, create))
        .routes(routes!(get, administer))
        .routes(routes!(avatar))
        .routes(routes!(reset_link))
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FindQuery {
    /// How a part of their username or display name begins, letter case and accents aside; everybody, when left out.
    query: String,
    /// Deactivated accounts too; for administrators.
    deactivated: bool,
    /// How many items at most.
    limit: Limit,
    /// Where the next page begins, as the page before said in `next`.
    cursor: Option<Cursor>,
}

/// Find people by the beginnings of their names, in the order of their names.
#[utoipa::path(
    get, path = "/users", tag = "users", params(FindQuery),
    responses((status = 200, body = Page<User>), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn find(
    State(app): State<App>,
    Auth(actor): Auth,
    Query(FindQuery { query, deactivated, limit, cursor }): Query<FindQuery>,
) -> ApiResult<Json<Page<User>>> {
    let find = FindUsers { query, deactivated };
    Ok(Json(app.rony().users().find(&actor, &find, limit, cursor.as_ref()).await?))
}

/// Make an account for a person or a bot; for administrators.
#[utoipa::path(
    post, path = "/users", tag = "users", request_body = NewUser,
    responses(
        (status = 201, body = User),
        (status = 403, description = "`administrators_only`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`username_taken`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn create(
    State(app): State<App>,
    Auth(actor): Auth,
    Json(new): Json<NewUser>,
) -> ApiResult<(StatusCode, Json<User>)> {
    Ok((StatusCode::CREATED, Json(app.rony().users().create(&actor, new).await?)))
}

/// Somebody, as everybody who is signed in may see them.
#[utoipa::path(
    get, path = "/users/{id}", tag = "users", params(("id" = UserId, Path)),
    responses((status = 200, body = User), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn get(State(app): State<App>, Auth(actor): Auth, Path(id): Path<UserId>) -> ApiResult<Json<User>> {
    Ok(Json(app.rony().users().get(&actor, id).await?))
}

/// Change somebody's role, switch their account off or on; for administrators.
#[utoipa::path(
    patch, path = "/users/{id}", tag = "users", params(("id" = UserId, Path)), request_body = AccountChange,
    responses(
        (status = 200, body = User),
        (status = 403, description = "`administrators_only`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`last_administrator`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn administer(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<UserId>,
    Json(change): Json<AccountChange>,
) -> ApiResult<Json<User>> {
    Ok(Json(app.rony().users().administer(&actor, id, change).await?))
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AvatarQuery {
    /// The `avatar` of the person. With it the picture may be kept for good: another picture has another address.
    v: Option<i64>,
}

/// Somebody's picture.
#[utoipa::path(
    get, path = "/users/{id}/avatar", tag = "users", params(("id" = UserId, Path), AvatarQuery),
    responses(
        (status = 200, description = "PNG, JPEG, GIF or WebP", content_type = "image/*"),
        (status = 304, description = "It is still the one with this ETag"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn avatar(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<UserId>,
    Query(query): Query<AvatarQuery>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let avatar = app.rony().profiles().avatar(&actor, id).await?;
    Ok(picture(avatar, query.v, &headers))
}

/// A picture for a browser, which may keep it: for good under the address of its version, otherwise while it asks each time
/// whether it is still the one.
fn picture(avatar: Avatar, asked: Option<i64>, headers: &HeaderMap) -> Response {
    let Avatar { version, picture } = avatar;
    let etag = format!("\"{version}\"");
    let kept = match asked == Some(version) {
        true => "private, max-age=31536000, immutable",
        false => "private, no-cache",
    };
    let known = names(headers, &etag);
    let caching = [(CACHE_CONTROL, kept.to_owned()), (ETAG, etag)];
    if known {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, [(CONTENT_TYPE, picture.kind.media_type())], picture.bytes).into_response()
}

/// Whether an `If-None-Match` names this version: a list of tags, each maybe marked as weak.
pub(super) fn names(headers: &HeaderMap, etag: &str) -> bool {
    let lines = headers.get_all(IF_NONE_MATCH).into_iter().filter_map(|line| line.to_str().ok());
    let mut tags = lines.flat_map(|line| line.split(',')).map(str::trim);
    tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

/// A link by which somebody can set their password.
#[derive(Serialize, ToSchema)]
struct ResetLinkBody {
    /// To be handed to the person; it is shown only here, and works once.
    link: String,
    /// When it ends.
    expires_at: Timestamp,
}

/// Make a one-time link for somebody who forgot their password; for administrators. Earlier links of theirs end.
#[utoipa::path(
    post, path = "/users/{id}/reset-link", tag = "users", params(("id" = UserId, Path)),
    responses(
        (status = 201, body = ResetLinkBody),
        (status = 403, description = "`administrators_only`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`account_deactivated`, `bot_without_password`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn reset_link(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<UserId>,
) -> ApiResult<(StatusCode, Json<ResetLinkBody>)> {
    let made = app.rony().accounts().reset_link(&actor, id).await?;
    let link = Link::Reset.to(app.public_url(), &made.token.reveal());
    Ok((StatusCode::CREATED, Json(ResetLinkBody { link, expires_at: made.expires_at })))
}
