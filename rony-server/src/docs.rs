//! The page at `/api/docs` that shows the API's description to people. It comes whole from this server: nothing is
//! fetched from elsewhere, and it works without the internet.

use axum::Router;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;

/// Only its own files, and no script or style within the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// The page and its two files. All links in it are relative, so it works under any path.
pub fn routes() -> Router {
    Router::new()
        .route("/api/docs", get(page))
        .route("/api/docs/viewer.js", get(script))
        .route("/api/docs/viewer.css", get(style))
}

async fn page() -> impl IntoResponse {
    file("text/html; charset=utf-8", include_str!("../assets/docs/index.html"))
}

async fn script() -> impl IntoResponse {
    file("text/javascript; charset=utf-8", include_str!("../assets/docs/viewer.js"))
}

async fn style() -> impl IntoResponse {
    file("text/css; charset=utf-8", include_str!("../assets/docs/viewer.css"))
}

fn file(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, kind), (CONTENT_SECURITY_POLICY, POLICY)], text)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::{Request, StatusCode};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    async fn get(path: &str) -> (StatusCode, String, String) {
        let request = Request::get(path).body(Body::empty()).expect("a valid request");
        let response = routes().oneshot(request).await.expect("a router never fails");
        let (parts, body) = response.into_parts();
        let policy = parts.headers[CONTENT_SECURITY_POLICY].to_str().expect("text").to_owned();
        let body = body.collect().await.expect("a body in memory").to_bytes();
        (parts.status, policy, String::from_utf8(body.to_vec()).expect("text"))
    }

    #[tokio::test]
    async fn the_page_loads_nothing_from_elsewhere_and_runs_nothing_inline() {
        let (status, policy, page) = get("/api/docs").await;
        assert_eq!(status, StatusCode::OK);
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        assert!(!page.contains("http") && !page.contains("<style") && !page.contains("onload"));
        for link in ["/api/docs/viewer.css", "/api/docs/viewer.js"] {
            assert!(page.contains(&format!("=\"{}\"", &link["/api/".len()..])));
            assert_eq!(get(link).await.0, StatusCode::OK);
        }
    }
}
