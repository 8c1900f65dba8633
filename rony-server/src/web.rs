//! The web client, which is built into this program: `web/` has its source, and `cargo xtask serve` builds it. A server that was
//! built without it has the few pages of [`crate::pages`] in its place.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::extract::OriginalUri;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    HeaderName, IF_NONE_MATCH, LOCATION, REFERRER_POLICY, VARY,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use rust_embed::{EmbeddedFile, RustEmbed};

/// Only this server's own files and API. Libraries of the page set styles from their scripts, which `style-src` would stop; there
/// is no script within a page, and what people wrote runs none.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
                      media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page itself.
const INDEX: &str = "index.html";

/// The page of what is shared, at the address of the link.
const SHARED: &str = "s/index.html";

/// The addresses at which it is shown, beside `/`: what links lead to that carry their secret behind a `#`.
const LINKS: [&str; 4] = ["/setup", "/join", "/reset", "/meet"];

/// Files below this have a name that changes with what is in them, and stay as they are for ever.
const HASHED: &str = "assets/";

/// How texts lie beside themselves, the smallest first: what a browser calls it, and what is at the end of the file's name.
const COMPRESSED: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

#[derive(RustEmbed)]
#[folder = "web/dist/"]
struct Files;

/// The page and its files; none where it was not built. People's files may lie at the origin `files_at`.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>(files_at: Option<&str>) -> Option<Router<S>> {
    Files::get(INDEX)?;
    let policy: Arc<str> = policy(files_at).into();
    let page = |name: Cow<'static, str>| {
        let policy = Arc::clone(&policy);
        get(async move |headers: HeaderMap| file(&name, &headers, &policy))
    };
    let mut routes = Router::new().route("/", home(&policy)).route("/s/{token}", shared(&policy));
    for link in LINKS {
        routes = routes.route(link, page(INDEX.into()));
    }
    for name in Files::iter().filter(|name| is_served(name)) {
        routes = routes.route(&format!("/{name}"), page(name));
    }
    Some(routes)
}

/// The rules of the page, where people's files may lie in an object store that has an origin of its own.
fn policy(files_at: Option<&str>) -> String {
    let Some(origin) = files_at else { return POLICY.to_owned() };
    let more = |rule: &str| format!("{rule} {origin}");
    POLICY
        .replace("img-src 'self'", &more("img-src 'self'"))
        .replace("media-src 'self'", &more("media-src 'self'"))
        .replace("default-src 'self';", &format!("default-src 'self'; {};", more("connect-src 'self'")))
}

/// The page at the address of something shared: one of its own, with no more than people without an account need. Nobody is told
/// where it was opened, and nobody keeps it.
fn shared<S: Clone + Send + Sync + 'static>(policy: &str) -> MethodRouter<S> {
    let policy = policy.to_owned();
    get(async move || {
        let Some(page) = Files::get(SHARED) else { return StatusCode::NOT_FOUND.into_response() };
        let about = [
            (CONTENT_SECURITY_POLICY, policy),
            (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
            (CACHE_CONTROL, "no-store".to_owned()),
            (REFERRER_POLICY, "no-referrer".to_owned()),
            (HeaderName::from_static("x-robots-tag"), "noindex, nofollow".to_owned()),
        ];
        (about, page.data).into_response()
    })
}

/// Whether a file has an address of its own.
fn is_served(name: &str) -> bool {
    name != INDEX
        && name != SHARED
        && !name.starts_with('.')
        && !COMPRESSED.iter().any(|(_, end)| name.ends_with(end))
}

/// The page's links are relative: mounted at `/chat`, it must be shown at `/chat/`.
fn home<S: Clone + Send + Sync + 'static>(policy: &Arc<str>) -> MethodRouter<S> {
    let policy = Arc::clone(policy);
    get(async move |OriginalUri(address): OriginalUri, headers: HeaderMap| {
        match address.path().rsplit_once('/') {
            Some((_, last)) if !last.is_empty() => {
                (StatusCode::PERMANENT_REDIRECT, [(LOCATION, format!("{last}/"))]).into_response()
            }
            _ => file(INDEX, &headers, &policy),
        }
    })
}

fn file(name: &str, headers: &HeaderMap, policy: &str) -> Response {
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
        (CONTENT_SECURITY_POLICY, policy.to_owned()),
    ];
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    let kind = [(CONTENT_TYPE, metadata.mimetype().to_owned()), (VARY, "accept-encoding".to_owned())];
    for (encoding, end) in COMPRESSED.into_iter().filter(|(encoding, _)| accepts(headers, encoding)) {
        if let Some(small) = Files::get(&format!("{name}{end}")) {
            return (about, kind, [(CONTENT_ENCODING, encoding)], small.data).into_response();
        }
    }
    (about, kind, data).into_response()
}

/// Whether a browser reads what is compressed so.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let asked = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    asked.flat_map(|value| value.split(',')).any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
        name.trim().eq_ignore_ascii_case(encoding) && weight.is_ok_and(|weight| weight > 0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_script_runs_that_is_not_a_file_of_this_server() {
        assert!(!POLICY.contains("script-src") && POLICY.starts_with("default-src 'self';"));
        assert!(!POLICY.contains("unsafe-eval") && !POLICY.contains("http"));
    }

    #[test]
    fn files_of_an_object_store_are_shown_from_there_and_nothing_else_is() {
        assert_eq!(policy(None), POLICY);
        let policy = policy(Some("https://s3.example.org"));
        for rule in [
            "img-src 'self' https://s3.example.org ",
            "media-src 'self' https://s3",
            "connect-src 'self' https://s3",
        ] {
            assert!(policy.contains(rule), "{policy}");
        }
        assert_eq!(policy.matches("https://").count(), 3);
        assert!(policy.starts_with("default-src 'self';") && !policy.contains("script-src"));
    }

    #[test]
    fn a_browser_gets_what_it_can_read() {
        let asks = |value: &'static str| {
            HeaderMap::from_iter([(ACCEPT_ENCODING, axum::http::HeaderValue::from_static(value))])
        };
        assert!(accepts(&asks("gzip, deflate, br"), "br") && accepts(&asks("GZIP;q=0.5"), "gzip"));
        assert!(!accepts(&asks("gzip, br;q=0"), "br") && !accepts(&asks("identity"), "gzip"));
        assert!(!accepts(&HeaderMap::new(), "gzip"));
        for name in Files::iter().filter(|name| is_served(name)) {
            assert!(
                file(&name, &asks("identity"), POLICY).headers().get(CONTENT_ENCODING).is_none(),
                "{name}"
            );
            let packed = Files::get(&format!("{name}.br")).is_some();
            let sent = file(&name, &asks("gzip, br"), POLICY);
            assert_eq!(sent.headers().get(CONTENT_ENCODING).is_some_and(|how| how == "br"), packed, "{name}");
        }
    }

    #[tokio::test]
    async fn a_file_that_is_known_is_not_sent_again() {
        // Whether or not the page was built: what is there is served so.
        for name in Files::iter() {
            let sent = file(&name, &HeaderMap::new(), POLICY);
            assert_eq!(sent.status(), StatusCode::OK, "{name}");
            let known = HeaderMap::from_iter([(IF_NONE_MATCH, sent.headers()[ETAG].clone())]);
            let again = file(&name, &known, POLICY);
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{name}");
            assert_eq!(again.headers()[CONTENT_SECURITY_POLICY], POLICY, "{name}");
        }
        assert_eq!(file("no-such-file", &HeaderMap::new(), POLICY).status(), StatusCode::NOT_FOUND);
    }
}
