//! Each request's id, log line and measurements. All speak of the route (`/users/{id}`), never of the address: that may
//! hold a share link's secret, and would be a figure of its own for each person.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;
use uuid::Uuid;

/// The header that carries the id of a request, both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(super) const REQUESTS: &str = "rony_http_requests_total";
pub(super) const REQUEST_SECONDS: &str = "rony_http_request_seconds";

/// The id of a request: the client's, where it sent a sensible one, or a fresh one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl RequestId {
    fn of(request: &Request) -> Self {
        let given = request.headers().get(REQUEST_ID).filter(|id| is_sensible(id.as_bytes())).cloned();
        Self(given.unwrap_or_else(|| {
            HeaderValue::from_str(&Uuid::new_v4().to_string())
                .expect("a UUID has only letters, digits and dashes")
        }))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

fn is_sensible(id: &[u8]) -> bool {
    (1..=64).contains(&id.len())
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

/// A middleware that gives the request its id, wraps it in a span with it, and logs and measures the answer.
///
/// It must be a layer of the router that has the routes: only there the route is known.
pub async fn observe(mut request: Request, next: Next) -> Response {
    let id = RequestId::of(&request);
    let method = known(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let span = tracing::info_span!("request", id = id.as_str(), method, route);
    request.extensions_mut().insert(id.clone());
    let began = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let seconds = began.elapsed().as_secs_f64();
    let status = response.status();
    span.in_scope(|| {
        if status.is_server_error() {
            tracing::warn!(target: "rony::access", status = status.as_u16(), seconds, "answered");
        } else {
            tracing::debug!(target: "rony::access", status = status.as_u16(), seconds, "answered");
        }
    });
    measure(method, route, status.as_u16(), seconds);
    response.headers_mut().insert(REQUEST_ID, id.0);
    response
}

fn measure(method: &'static str, route: &str, status: u16, seconds: f64) {
    let labels = [("method", method.to_owned()), ("route", route.to_owned())];
    metrics::histogram!(REQUEST_SECONDS, &labels).record(seconds);
    let labels = [("method", method.to_owned()), ("route", route.to_owned()), ("status", status.to_string())];
    metrics::counter!(REQUESTS, &labels).increment(1);
}

/// Anybody may invent methods; each would become a figure of its own.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::http::HeaderMap;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use metrics_exporter_prometheus::PrometheusBuilder;
    use tower::ServiceExt;

    use super::*;

    async fn send(method: &str, path: &str, id: Option<&str>) -> HeaderMap {
        let app = Router::new().route("/users/{id}", get(async || "hello")).layer(from_fn(observe));
        let mut request = Request::builder().method(method).uri(path);
        if let Some(id) = id {
            request = request.header(REQUEST_ID, id);
        }
        let request = request.body(Body::empty()).expect("a valid request");
        app.oneshot(request).await.expect("a router never fails").into_parts().0.headers
    }

    #[tokio::test]
    async fn every_answer_carries_an_id() {
        let (first, second) = (send("GET", "/users/1", None).await, send("GET", "/nowhere", None).await);
        assert_ne!(first[REQUEST_ID], second[REQUEST_ID]);
    }

    #[tokio::test]
    async fn a_sensible_id_of_the_client_is_kept_and_any_other_replaced() {
        assert_eq!(send("GET", "/users/1", Some("trace-42")).await[REQUEST_ID], "trace-42");
        for id in ["", "a b", "a;b", &"x".repeat(65)] {
            assert_ne!(send("GET", "/users/1", Some(id)).await[REQUEST_ID], id);
        }
    }

    #[test]
    fn figures_speak_of_routes_and_known_methods_only() {
        let recorder = PrometheusBuilder::new().build_recorder();
        metrics::with_local_recorder(&recorder, || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            runtime.block_on(send("GET", "/users/4711?token=secret", None));
            runtime.block_on(send("GET", "/s/secret", None));
            runtime.block_on(send("BREW", "/users/1", None));
        });
        let text = recorder.handle().render();
        assert!(
            text.contains(r#"rony_http_requests_total{method="GET",route="/users/{id}",status="200"} 1"#),
            "{text}"
        );
        assert!(text.contains(r#"method="other""#) && text.contains(r#"route="none""#));
        assert!(!text.contains("secret") && !text.contains("4711") && !text.contains("BREW"), "{text}");
    }
}
