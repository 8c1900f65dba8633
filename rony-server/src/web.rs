//! The web client, which is built into this program: `web/` has its source, and `cargo xtask serve` builds it. A server that was
//! built without it has the few pages of [`crate::pages`] in its place.

use axum::Router;
use axum::extract::OriginalUri;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};
use tower_http::compression::predicate::{NotForContentType, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel, Predicate as _};

/// Only this server's own files and API. Libraries of the page set styles from their scripts, which `style-src` would stop; there
/// is no script within a page, and what people wrote runs none.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
                      object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page itself.
const INDEX: &str = "index.html";

/// The addresses at which it is shown, beside `/`: what one-time links lead to.
const LINKS: [&str; 3] = ["/setup", "/join", "/reset"];

/// Files below this have a name that changes with what is in them, and stay as they are for ever.
const HASHED: &str = "assets/";

#[derive(RustEmbed)]
#[folder = "web/dist/"]
struct Files;

/// The page and its files; none where it was not built.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Option<Router<S>> {
    Files::get(INDEX)?;
    let mut routes = Router::new().route("/", get(home));
    for link in LINKS {
        routes = routes.route(link, get(async |headers: HeaderMap| file(INDEX, &headers)));
    }
    for name in Files::iter().filter(|name| name != INDEX && !name.starts_with('.')) {
        let route = format!("/{name}");
        routes = routes.route(&route, get(async move |headers: HeaderMap| file(&name, &headers)));
    }
    // Small rather than fast, unlike the API's answers: a browser asks for each file once.
    let small = CompressionLayer::new().quality(CompressionLevel::Default);
    Some(routes.layer(small.compress_when(SizeAbove::new(1400).and(NotForContentType::IMAGES))))
}

/// The page's links are relative: mounted at `/chat`, it must be shown at `/chat/`.
async fn home(OriginalUri(address): OriginalUri, headers: HeaderMap) -> Response {
    match address.path().rsplit_once('/') {
        Some((_, last)) if !last.is_empty() => {
            (StatusCode::PERMANENT_REDIRECT, [(LOCATION, format!("{last}/"))]).into_response()
        }
        _ => file(INDEX, &headers),
    }
}

fn file(name: &str, headers: &HeaderMap) -> Response {
    let Some(EmbeddedFile { data, metadata }) = Files::get(name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag: String = metadata.sha256_hash()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    // Weak, since the answer may be compressed on the way.
    let tag = format!("W/\"{tag}\"");
    let caching = if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    // The policy, too: a browser keeps what it has with the headers of the answer that says it is still good.
    let about = [
        (ETAG, tag.clone()),
        (CACHE_CONTROL, caching.to_owned()),
        (CONTENT_SECURITY_POLICY, POLICY.to_owned()),
    ];
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    let kind = metadata.mimetype().to_owned();
    (about, [(CONTENT_TYPE, kind)], data).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_script_runs_that_is_not_a_file_of_this_server() {
        assert!(!POLICY.contains("script-src") && POLICY.starts_with("default-src 'self';"));
        assert!(!POLICY.contains("unsafe-eval") && !POLICY.contains("http"));
    }

    #[tokio::test]
    async fn a_file_that_is_known_is_not_sent_again() {
        // Whether or not the page was built: what is there is served so.
        for name in Files::iter() {
            let sent = file(&name, &HeaderMap::new());
            assert_eq!(sent.status(), StatusCode::OK, "{name}");
            let known = HeaderMap::from_iter([(IF_NONE_MATCH, sent.headers()[ETAG].clone())]);
            let again = file(&name, &known);
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{name}");
            assert_eq!(again.headers()[CONTENT_SECURITY_POLICY], POLICY, "{name}");
        }
        assert_eq!(file("no-such-file", &HeaderMap::new()).status(), StatusCode::NOT_FOUND);
    }
}
