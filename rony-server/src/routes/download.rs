//! The bytes of files: by whoever may read them, and by links that are good for a while.

use axum::{
    extract::State,
    http::{
        HeaderMap, Method, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG},
    },
    response::{IntoResponse, Response},
};
use rony_core::{
    Error,
    blob::{Derived, PreviewSize},
    file::PreviewState,
    id::ItemId,
    secret::Secret,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::user::names;
use crate::{
    app::App,
    auth::FileAuth,
    content::{self, Wish},
    error::{ApiError, ApiResult, Problem},
    extract::{Json, Path, Query},
    preview,
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(content))
        .routes(routes!(thumbnail))
        .routes(routes!(link))
        .routes(routes!(redeem))
}

/// How long a link to one file is good, unless asked otherwise, in minutes.
const MINUTES: i64 = 10;

#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ContentQuery {
    /// The number of an earlier content; what the file holds now, when left out.
    version: Option<i64>,
    /// A browser shall save it, even if it could show it.
    download: bool,
}

/// What a file holds. Parts of it (`Range`) and what one has already (`If-None-Match`) are known. A browser shows pictures, sounds, films and
/// plain text, and saves the rest. Where the bytes lie in an object store, the answer leads there.
#[utoipa::path(
    get, path = "/files/{id}/content", tag = "downloads", params(("id" = ItemId, Path), ContentQuery),
    responses(
        (status = 200, description = "All of it", content_type = "*/*"),
        (status = 206, description = "The part that was asked for", content_type = "*/*"),
        (status = 302, description = "It is at the address in `Location`"),
        (status = 304, description = "It is still the one with this ETag"),
        (status = 403, description = "`level_too_low`, `ticket_needed`: ask for a link to this file", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`not_a_file`", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "`changed`", body = Problem, content_type = "application/problem+json"),
        (status = 416, description = "`range_not_satisfiable`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn content(
    State(app): State<App>,
    FileAuth(actor): FileAuth,
    Path(id): Path<ItemId>,
    Query(query): Query<ContentQuery>,
    method: Method,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let content = app.rony().shares().content(&actor, id, query.version).await?;
    content::answer(
        &app.files().shelves,
        &content,
        Wish { method: &method, headers: &headers, save: query.download },
    )
    .await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ThumbnailQuery {
    /// `small`: at most 256 pixels a side, `large`: at most 1280.
    #[serde(default = "small")]
    size: PreviewSize,
    /// Anything that is another one for another content, such as the file's `version`: with it the picture may be kept for good.
    v: Option<String>,
}

const fn small() -> PreviewSize {
    PreviewSize::Small
}

/// A small picture of a picture, JPEG or WebP.
#[utoipa::path(
    get, path = "/files/{id}/thumbnail", tag = "downloads", params(("id" = ItemId, Path), ThumbnailQuery),
    responses(
        (status = 200, description = "JPEG or WebP", content_type = "image/*"),
        (status = 304, description = "It is still the one with this ETag"),
        (status = 404, description = "`preview_waiting`: it is being made, `no_preview`: there will be none", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn thumbnail(
    State(app): State<App>,
    FileAuth(actor): FileAuth,
    Path(id): Path<ItemId>,
    Query(query): Query<ThumbnailQuery>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let found = app.rony().files().preview(&actor, id).await?;
    match found.state {
        PreviewState::Ready => {}
        PreviewState::Waiting => return Err(preview_waiting()),
        PreviewState::None => return Err(no_preview()),
    }
    let etag = format!("\"{}-{}\"", found.blob, query.size.name());
    let kept = if query.v.is_some() { "private, max-age=31536000, immutable" } else { "private, no-cache" };
    let known = names(&headers, &etag);
    let about = [(CACHE_CONTROL, kept), (ETAG, etag.as_str()), (CONTENT_SECURITY_POLICY, content::POLICY)];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    let picture = match app.files().shelves.blobs.get(Derived { blob: found.blob, size: query.size }).await {
        Err(Error::NotFound(_)) => return Err(no_preview()),
        picture => picture?,
    };
    Ok((about, [(CONTENT_TYPE, preview::media_type(&picture))], picture).into_response())
}

fn preview_waiting() -> ApiError {
    ApiError::not_found("The small picture is being made. Try again in a moment.")
        .with_code("preview_waiting")
        .with_retry_after(std::time::Duration::from_secs(1))
}

fn no_preview() -> ApiError {
    ApiError::not_found("There is no small picture of this file.").with_code("no_preview")
}

/// A wish for a link.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct LinkBody {
    /// For how many minutes it is good: 1 to 1440, 10 when left out.
    minutes: Option<i64>,
    /// The number of an earlier content; what the file holds now, when left out.
    version: Option<i64>,
}

/// A link to one file.
#[derive(Serialize, ToSchema)]
struct LinkMadeBody {
    /// Whoever has it gets the file, without signing in.
    url: String,
    /// Until then.
    expires_at: Timestamp,
}

/// Make a link that gives the file to whoever has it, for a while: for players and download managers, which sign in nowhere. It is good only
/// as long as one may read the file. By a link that allows so many downloads, this is one.
#[utoipa::path(
    post, path = "/files/{id}/link", tag = "downloads", params(("id" = ItemId, Path)), request_body = LinkBody,
    responses(
        (status = 201, body = LinkMadeBody),
        (status = 409, description = "`not_a_file`, `share_used_up`", body = Problem, content_type = "application/problem+json"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn link(
    State(app): State<App>,
    FileAuth(actor): FileAuth,
    Path(id): Path<ItemId>,
    Json(wish): Json<LinkBody>,
) -> ApiResult<(StatusCode, Json<LinkMadeBody>)> {
    let minutes = wish.minutes.unwrap_or(MINUTES);
    let ticket = app.rony().shares().ticket(&actor, id, wish.version, minutes).await?;
    let url = format!("{}/api/v1/downloads/{}", app.public_url(), ticket.token.reveal());
    Ok((StatusCode::CREATED, Json(LinkMadeBody { url, expires_at: ticket.expires_at })))
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RedeemQuery {
    /// A browser shall save it, even if it could show it.
    download: bool,
}

/// The file that a link leads to, as `GET /files/{id}/content` gives it. Nobody needs to be signed in.
#[utoipa::path(
    get, path = "/downloads/{ticket}", tag = "downloads", security(()),
    params(("ticket" = String, Path, description = "What the link carries"), RedeemQuery),
    responses(
        (status = 200, description = "All of it", content_type = "*/*"),
        (status = 206, description = "The part that was asked for", content_type = "*/*"),
        (status = 302, description = "It is at the address in `Location`"),
        (status = 304, description = "It is still the one with this ETag"),
        (status = "default", body = Problem, content_type = "application/problem+json"),
    ),
)]
async fn redeem(
    State(app): State<App>,
    Path(ticket): Path<String>,
    Query(RedeemQuery { download }): Query<RedeemQuery>,
    method: Method,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let content = app.rony().shares().redeem(&Secret::from(ticket)).await?;
    content::answer(
        &app.files().shelves,
        &content,
        Wish { method: &method, headers: &headers, save: download },
    )
    .await
}
