//! What a link to something shared leads to: the page, and the file itself for who needs no page.

use axum::{
    Router,
    extract::{OriginalUri, Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{LOCATION, USER_AGENT},
    },
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use rony_core::secret::Secret;

use crate::{
    app::App,
    error::ApiResult,
    extract::Path,
    security::{Client, asks_for_page},
};

/// Whoever follows such a link has it from somebody, and no search engine.
const ROBOTS: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
/// How long the address of the file is good, in minutes: a large file takes its time, and a broken download goes on.
const MINUTES: i64 = 60;

/// The file itself. The page is with the web client, [`crate::web`].
pub(super) fn routes<S: Clone + Send + Sync + 'static>(app: App) -> Router<S> {
    Router::new().route("/s/{token}/download", get(download)).with_state(app)
}

/// Where there is no page: the file itself.
pub(super) async fn without_client(OriginalUri(address): OriginalUri) -> Response {
    let last = address.path().rsplit('/').next().unwrap_or_default();
    see_other(&format!("{last}/download"))
}

/// The one file of a link without a password: counts a download, and leads to its bytes. Whoever only asks what is there
/// (`HEAD`) has not downloaded anything.
async fn download(
    State(app): State<App>,
    Path(token): Path<String>,
    client: Client,
    method: Method,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let shares = app.rony().shares();
    let opened = shares.open(&Secret::from(token), None, client.address, agent).await?;
    if method == Method::HEAD {
        return Ok((StatusCode::OK, [ROBOTS]).into_response());
    }
    let holder = shares.holder(&Secret::from(opened.pass.reveal())).await?;
    let ticket = shares.ticket(&holder, opened.item.id, None, MINUTES).await?;
    Ok(see_other(&format!("../../api/v1/downloads/{}?download=true", ticket.token.reveal())))
}

/// A middleware for where there is a page: whoever follows a link to the file in a browser, and does not get it, comes to the
/// page, which says why in words and asks for a password. Programs get the problem document.
pub(super) async fn in_words(OriginalUri(address): OriginalUri, request: Request, next: Next) -> Response {
    let looks = asks_for_page(request.headers());
    let answer = next.run(request).await;
    let refused = answer.status().is_client_error() || answer.status().is_server_error();
    match address.path().rsplit('/').nth(1) {
        Some(token) if looks && refused => see_other(&format!("../{token}")),
        _ => answer,
    }
}

/// Relative, so that it also works where an application mounts Rony under a path.
fn see_other(address: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, address)], [ROBOTS]).into_response()
}
