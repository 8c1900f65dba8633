//! Links that open a file or folder to people without an account.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header::USER_AGENT},
};
use rony_core::{
    file::Item,
    id::{ItemId, ShareId},
    page::Page,
    secret::Secret,
    share::{NewShare, Opening, Share, ShareChange, SharedView},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    auth::Auth,
    error::{ApiResult, Problem},
    extract::{Json, PageQuery, Path, Query},
    pages::shared_link,
    security::Client,
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_of, create))
        .routes(routes!(list))
        .routes(routes!(change, revoke))
        .routes(routes!(openings))
        .routes(routes!(open))
}

/// A link that was made.
#[derive(Serialize, ToSchema)]
struct ShareMadeBody {
    /// To be handed on; it is shown only here.
    url: String,
    /// What is kept of it.
    share: Share,
}

/// The links to one file or folder that one may look after.
#[utoipa::path(
    get, path = "/files/{id}/shares", tag = "shares", params(("id" = ItemId, Path), PageQuery),
    responses(
        (status = 200, body = Page<Share>),
        (status = 403, description = "`level_too_low`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn list_of(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<ItemId>,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<Page<Share>>> {
    Ok(Json(app.rony().shares().list(&actor, Some(id), query.limit, query.cursor.as_ref()).await?))
}

/// Make a link to a file or folder: to look at, to work on, or to drop files into. It may have a password, an end, and a number of downloads.
#[utoipa::path(
    post, path = "/files/{id}/shares", tag = "shares", params(("id" = ItemId, Path)), request_body = NewShare,
    responses(
        (status = 201, body = ShareMadeBody),
        (status = 403, description = "`level_too_low`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`in_trash`, `not_a_folder`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn create(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<ItemId>,
    Json(new): Json<NewShare>,
) -> ApiResult<(StatusCode, Json<ShareMadeBody>)> {
    let made = app.rony().shares().create(&actor, id, new).await?;
    let url = shared_link(app.public_url(), &made.token.reveal());
    Ok((StatusCode::CREATED, Json(ShareMadeBody { url, share: made.share })))
}

/// All links that one made, the newest first.
#[utoipa::path(
    get, path = "/shares", tag = "shares", params(PageQuery),
    responses((status = 200, body = Page<Share>), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn list(
    State(app): State<App>,
    Auth(actor): Auth,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<Page<Share>>> {
    Ok(Json(app.rony().shares().list(&actor, None, query.limit, query.cursor.as_ref()).await?))
}

/// Change what a link allows: what is left out stays, `null` takes away. It holds at once, for those too who opened it already. For who made it,
/// and for the owner of what it opens.
#[utoipa::path(
    patch, path = "/shares/{id}", tag = "shares", params(("id" = ShareId, Path)), request_body = ShareChange,
    responses(
        (status = 200, body = Share),
        (status = 403, description = "`not_your_link`, `level_too_low`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn change(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<ShareId>,
    Json(change): Json<ShareChange>,
) -> ApiResult<Json<Share>> {
    Ok(Json(app.rony().shares().change(&actor, id, change).await?))
}

/// Take a link back. It holds at once, for those too who opened it already; uploads on their way by it end.
#[utoipa::path(
    delete, path = "/shares/{id}", tag = "shares", params(("id" = ShareId, Path)),
    responses((status = 204), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn revoke(State(app): State<App>, Auth(actor): Auth, Path(id): Path<ShareId>) -> ApiResult<StatusCode> {
    app.rony().shares().revoke(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// When a link was opened, the latest first, where that is noted down.
#[utoipa::path(
    get, path = "/shares/{id}/openings", tag = "shares", params(("id" = ShareId, Path), PageQuery),
    responses((status = 200, body = Page<Opening>), (status = "default", body = Problem, content_type = "application/problem+json")),
)]
async fn openings(
    State(app): State<App>,
    Auth(actor): Auth,
    Path(id): Path<ShareId>,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<Page<Opening>>> {
    Ok(Json(app.rony().shares().openings(&actor, id, query.limit, query.cursor.as_ref()).await?))
}

/// What a link carries, and the password where it has one. They come in a body, never in an address, which would stand in logs.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OpenBody {
    /// The token: what stands behind `/s/`.
    token: Secret,
    /// The password of the link.
    password: Option<Secret>,
}

/// What is behind a link.
#[derive(Serialize, ToSchema)]
struct OpenedBody {
    /// To be sent as `Authorization: Bearer …` to the routes of files and uploads, which then show what the link leads to and nothing else.
    pass: String,
    /// The pass ends then; the link may be opened again.
    expires_at: Timestamp,
    /// What its holder may know of the link.
    share: SharedView,
    /// Where it leads.
    item: Item,
}

/// Open a link. Nobody needs to be signed in.
#[utoipa::path(
    post, path = "/shared", tag = "shares", request_body = OpenBody, security(()),
    responses(
        (status = 200, body = OpenedBody),
        (status = 403, description = "`password_needed`, `password_wrong`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`share_unknown`, `share_expired`, `share_revoked`, `share_used_up`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn open(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    Json(OpenBody { token, password }): Json<OpenBody>,
) -> ApiResult<Json<OpenedBody>> {
    let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let opened = app.rony().shares().open(&token, password.as_ref(), client.address, agent).await?;
    Ok(Json(OpenedBody {
        pass: opened.pass.reveal(),
        expires_at: opened.expires_at,
        share: opened.share,
        item: opened.item,
    }))
}
