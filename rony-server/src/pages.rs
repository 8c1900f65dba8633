//! The few pages that the server has of its own: the API shown to people, and what one-time links lead to. They come
//! whole from this server and work without the internet.

use axum::Router;
use axum::extract::OriginalUri;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::middleware::from_fn;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::{app::App, config::PublicUrl, web};

mod share;

/// Only this server's own files and API, and no script or style within the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

const DOCS: &str = include_str!("../assets/docs/index.html");
const LINK: &str = include_str!("../assets/links/index.html");

const WELCOME: &str = include_str!("../assets/welcome.html");

/// Address, media type, text. All links between them are relative, so that they work under any path.
const DOCUMENTATION: [(&str, &str, &str); 3] = [
    ("/api/docs", HTML, DOCS),
    ("/api/docs/viewer.js", JAVASCRIPT, include_str!("../assets/docs/viewer.js")),
    ("/api/docs/viewer.css", CSS, include_str!("../assets/docs/viewer.css")),
];

/// What stands in for the web client where the program was built without it: the links still lead somewhere.
const WITHOUT_CLIENT: [(&str, &str, &str); 5] = [
    ("/setup", HTML, LINK),
    ("/join", HTML, LINK),
    ("/reset", HTML, LINK),
    ("/links/form.js", JAVASCRIPT, include_str!("../assets/links/form.js")),
    ("/links/form.css", CSS, include_str!("../assets/links/form.css")),
];

/// All of them, and the web client, which may show what lies at the origin `files`.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>(files_at: Option<&str>, app: App) -> Router<S> {
    let (client, shares) = match web::routes(files_at) {
        Some(client) => (client, share::routes(app).route_layer(from_fn(share::in_words))),
        None => (without_client(), share::routes(app)),
    };
    files(&DOCUMENTATION).merge(client).merge(shares)
}

fn without_client<S: Clone + Send + Sync + 'static>() -> Router<S> {
    files(&WITHOUT_CLIENT).route("/", get(welcome)).route("/s/{token}", get(share::without_client))
}

fn files<S: Clone + Send + Sync + 'static>(
    files: &[(&'static str, &'static str, &'static str)],
) -> Router<S> {
    files.iter().fold(Router::new(), |routes, &(address, kind, text)| {
        routes.route(address, get(async move || file(kind, text)))
    })
}

/// What a browser shows where the web client is not part of the program.
async fn welcome(OriginalUri(address): OriginalUri) -> impl IntoResponse {
    file(HTML, WELCOME.replace("{base}", &base(address.path())))
}

/// What a relative link begins with on the page at `path`, the one page whose address may or may not end with a slash:
/// from `/chat` a browser sees `links/form.css` beside `chat`, not inside of it.
fn base(path: &str) -> String {
    let last = path.rsplit('/').next().unwrap_or_default();
    let harmless = |c: char| c.is_ascii_alphanumeric() || "-._~%".contains(c);
    if last.is_empty() || !last.chars().all(harmless) { String::new() } else { format!("{last}/") }
}

fn file(kind: &'static str, text: impl IntoResponse) -> impl IntoResponse {
    ([(CONTENT_TYPE, kind), (CONTENT_SECURITY_POLICY, POLICY)], text)
}

/// What a one-time link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Creates the administrator.
    Setup,
    /// Makes an account for who was invited.
    Join,
    /// Sets a new password.
    Reset,
    /// Leads to a room to meet in. It is good for ever, and what stands behind the `#` is the room's code.
    Meet,
}

/// The link to what is shared, as it is handed out. People open it with anything, `curl` too, so its token stands in the address;
/// whoever keeps logs on the way has it there.
#[must_use]
pub fn shared_link(public_url: &PublicUrl, token: &str) -> String {
    format!("{public_url}/s/{token}")
}

impl Link {
    /// The link as it is handed out. The secret stands behind a `#`: what is there a browser sends to nobody, so no log
    /// on the way has it.
    #[must_use]
    pub fn to(self, public_url: &PublicUrl, secret: &str) -> String {
        let page = match self {
            Self::Setup => "setup",
            Self::Join => "join",
            Self::Reset => "reset",
            Self::Meet => "meet",
        };
        format!("{public_url}/{page}#{secret}")
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::{Request, StatusCode};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    async fn get(path: &str) -> (StatusCode, String) {
        let request = Request::get(path).body(Body::empty()).expect("a valid request");
        let response = files::<()>(&DOCUMENTATION)
            .merge(without_client())
            .with_state(())
            .oneshot(request)
            .await
            .expect("a router never fails");
        let status = response.status();
        let body = response.into_body().collect().await.expect("a body in memory").to_bytes();
        (status, String::from_utf8(body.to_vec()).expect("text"))
    }

    /// The addresses of the files that a page loads.
    fn loaded(page: &str) -> Vec<String> {
        let marks = ["<script src=\"", "rel=\"stylesheet\" href=\""];
        let ends = marks.iter().flat_map(|mark| page.split(mark).skip(1));
        ends.filter_map(|rest| rest.split('"').next().map(str::to_owned)).collect()
    }

    #[tokio::test]
    async fn pages_load_only_what_this_server_has() {
        let linked = ["/setup", "/join", "/reset"].map(|address| (address, "/", 2));
        for (address, base, count) in [("/", "/", 1), ("/api/docs", "/api/", 2)].into_iter().chain(linked) {
            let (status, page) = get(address).await;
            assert_eq!(status, StatusCode::OK);
            let files = loaded(&page);
            assert_eq!(files.len(), count, "{address}");
            for file in files {
                assert_eq!(get(&format!("{base}{file}")).await.0, StatusCode::OK, "{file}");
            }
        }
    }

    #[tokio::test]
    async fn the_first_page_finds_its_files_inside_another_application() {
        let app = Router::new().nest("/chat", without_client::<()>());
        let answer = app.oneshot(Request::get("/chat").body(Body::empty()).expect("a request")).await;
        let body =
            answer.expect("a router never fails").into_body().collect().await.expect("a body").to_bytes();
        let page = String::from_utf8(body.to_vec()).expect("text");
        assert_eq!(loaded(&page), ["chat/links/form.css"]);
        assert_eq!((base("/"), base("/chat/"), base("/a/chat")), ("".into(), "".into(), "chat/".into()));
    }

    #[test]
    fn pages_run_nothing_inline_and_fetch_nothing_from_elsewhere() {
        assert!(!POLICY.contains("unsafe") && !POLICY.contains("http"));
        let pages = DOCUMENTATION.iter().chain(&WITHOUT_CLIENT).filter(|(_, kind, _)| *kind == HTML);
        for (address, _, text) in pages.chain([&("/", HTML, WELCOME)]) {
            for foreign in ["http:", "https:", "<style", " style=", " onclick=", " onload=", "<script>"] {
                assert!(!text.contains(foreign), "{address} has {foreign}");
            }
        }
    }

    #[test]
    fn a_link_keeps_its_secret_from_servers() {
        let address = "https://chat.example.org/team".parse().expect("a URL");
        assert_eq!(Link::Reset.to(&address, "s3cret"), "https://chat.example.org/team/reset#s3cret");
    }
}
