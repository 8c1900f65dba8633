//! Figures for Prometheus, served on a listener of their own.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Router, middleware};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use super::files::{DOWNLOADED, PREVIEWS, UPLOADED};
use super::process;
use super::relay;
use super::request::{REQUEST_SECONDS, REQUESTS};
use super::socket::{SOCKETS, SOCKETS_CLOSED};
use crate::config::Config;
use crate::error;
use crate::security::{Guard, check_host};

/// Why figures cannot be recorded.
#[derive(Debug, thiserror::Error)]
#[error(
    "Metrics cannot be recorded: {0}. Set `metrics` to `off` when the application around Rony has its own."
)]
pub struct MetricsError(#[from] BuildError);

/// Collects what the process counts and measures.
#[derive(Clone)]
pub struct Recorder {
    handle: PrometheusHandle,
}

/// From a request that hits a cache to one that runs into its timeout, in seconds.
const BUCKETS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

impl Recorder {
    /// Becomes the recorder of this process. An application that embeds Rony installs its own instead.
    ///
    /// # Errors
    ///
    /// When there is one already.
    pub fn install() -> Result<Self, MetricsError> {
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), BUCKETS)?
            .install_recorder()?;
        metrics::describe_counter!(REQUESTS, "Requests by method, route and status.");
        metrics::describe_histogram!(REQUEST_SECONDS, "Time until the head of the answer, in seconds.");
        metrics::describe_gauge!(SOCKETS, "Live connections of the gateway.");
        metrics::describe_counter!(
            SOCKETS_CLOSED,
            "Connections of the gateway that ended, by their close code."
        );
        metrics::describe_counter!(UPLOADED, "Bytes of files that came in.");
        metrics::describe_counter!(
            DOWNLOADED,
            "Bytes of files that this process sent; not those from an object store."
        );
        metrics::describe_counter!(
            PREVIEWS,
            "Pictures that were looked at, by whether they have small ones now."
        );
        metrics::describe_gauge!(relay::ALLOCATIONS, "Connections that the built-in relay carries.");
        metrics::describe_counter!(relay::BYTES, "Bytes that the built-in relay passed on.");
        metrics::describe_counter!(relay::REFUSED, "What the built-in relay did not do, by the reason.");
        metrics::describe_gauge!("rony_build_info", "1, with the version as a label.");
        metrics::gauge!("rony_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        Ok(Self { handle })
    }

    /// All figures in Prometheus's text format. Also keeps the memory that they take from growing.
    #[must_use]
    pub fn render(&self) -> String {
        process::record();
        self.handle.run_upkeep();
        self.handle.render()
    }

    /// Frees what measurements that nobody collects would keep. To be called every few seconds.
    pub fn tidy_up(&self) {
        self.handle.run_upkeep();
    }

    /// `/metrics`. With `loopback_only`, only for who addresses this machine by a name of its own, so that no web page
    /// can read it.
    pub fn routes(self, loopback_only: bool) -> Router {
        let routes = Router::new().route("/metrics", get(metrics)).fallback(error::no_route).with_state(self);
        if !loopback_only {
            return routes;
        }
        let guard = Arc::new(Guard::new(&Config::default(), 0));
        routes.layer(middleware::from_fn_with_state(guard, check_host))
    }
}

async fn metrics(State(recorder): State<Recorder>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], recorder.render())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::{Request, StatusCode};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    async fn get(app: Router, host: &str) -> (StatusCode, String) {
        let request =
            Request::get("/metrics").header("host", host).body(Body::empty()).expect("a valid request");
        let response = app.oneshot(request).await.expect("a router never fails");
        let status = response.status();
        let body = response.into_body().collect().await.expect("a body in memory").to_bytes();
        (status, String::from_utf8(body.to_vec()).expect("text"))
    }

    #[tokio::test]
    async fn figures_are_for_prometheus_and_not_for_web_pages() {
        let recorder = Recorder::install().expect("the only recorder of this process");
        let (status, text) = get(recorder.clone().routes(true), "127.0.0.1:5001").await;
        assert_eq!(status, StatusCode::OK);
        assert!(text.contains("rony_build_info{version="), "{text}");
        assert!(text.contains("process_resident_memory_bytes ") || !cfg!(target_os = "linux"), "{text}");
        let rebound = get(recorder.clone().routes(true), "evil.example:5001").await;
        assert_eq!(rebound.0, StatusCode::MISDIRECTED_REQUEST);
        let configured = get(recorder.routes(false), "rony.monitoring.internal").await;
        assert_eq!(configured.0, StatusCode::OK);
        assert!(Recorder::install().is_err_and(|error| error.to_string().contains("`metrics` to `off`")));
    }
}
