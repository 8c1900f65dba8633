//! Whether the process lives and whether it can serve, for whoever watches it.
//!
//! `/health/live` says that the process answers; when it does not, restart it. `/health/ready` says that requests are
//! welcome; when it does not, send them elsewhere, and do not restart: the database is away, or the server is about to
//! stop.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all};
use serde::{Deserialize, Serialize};

use crate::drain::Drain;
use crate::error::{ApiError, ApiResult};

/// A check that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(2);

/// What `/health/live` answers; `rony doctor` knows a Rony by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// Always `ok`.
    pub status: String,
    /// Always `rony`.
    pub server: String,
}

/// What `/health/ready` answers when all is well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// Always `ready`.
    pub status: String,
    /// Each check by its name, with `ok`.
    pub checks: BTreeMap<String, String>,
}

type Check = Box<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// What must hold for a server to be ready.
pub struct Readiness {
    drain: Drain,
    checks: Vec<(&'static str, Check)>,
}

impl Readiness {
    /// Ready for as long as the server does not drain.
    #[must_use]
    pub fn new(drain: Drain) -> Self {
        Self { drain, checks: Vec::new() }
    }

    /// Adds something that must work too. It gets two seconds; what its error says goes to the log.
    #[must_use]
    pub fn check<F, E>(mut self, name: &'static str, check: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Display,
    {
        let check = move || check().map(|outcome| outcome.map_err(|error| error.to_string())).boxed();
        self.checks.push((name, Box::new(check)));
        self
    }

    async fn ask(&self) -> ApiResult<Ready> {
        if self.drain.is_draining() {
            return Err(not_ready("The server is about to stop."));
        }
        let answers =
            join_all(self.checks.iter().map(|(name, check)| async move { (*name, in_time(check()).await) }));
        let mut checks = BTreeMap::new();
        for (name, answer) in answers.await {
            if let Err(reason) = answer {
                tracing::warn!(check = name, %reason, "not ready");
                return Err(not_ready(&format!("The {name} does not answer.")));
            }
            checks.insert(name.to_owned(), "ok".to_owned());
        }
        Ok(Ready { status: "ready".to_owned(), checks })
    }
}

async fn in_time(check: BoxFuture<'static, Result<(), String>>) -> Result<(), String> {
    tokio::time::timeout(PATIENCE, check)
        .await
        .unwrap_or_else(|_| Err(format!("no answer within {} seconds", PATIENCE.as_secs())))
}

fn not_ready(detail: &str) -> ApiError {
    ApiError::unavailable(detail.to_owned(), Duration::from_secs(2)).with_code("not_ready")
}

/// `/health/live` and `/health/ready`.
pub fn routes(readiness: Arc<Readiness>) -> Router {
    Router::new().route("/health/live", get(live)).route("/health/ready", get(ready)).with_state(readiness)
}

async fn live() -> Json<Live> {
    Json(Live { status: "ok".to_owned(), server: "rony".to_owned() })
}

async fn ready(State(readiness): State<Arc<Readiness>>) -> ApiResult<Json<Ready>> {
    readiness.ask().await.map(Json)
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use axum::body::Body;
    use axum::http::{Request, StatusCode};
    use http_body_util::BodyExt;
    use serde_json::{Value, json};
    use tower::ServiceExt;

    use super::*;

    async fn get(readiness: Readiness, path: &str) -> (StatusCode, Value) {
        let request = Request::get(path).body(Body::empty()).expect("a valid request");
        let response = routes(Arc::new(readiness)).oneshot(request).await.expect("a router never fails");
        let status = response.status();
        let body = response.into_body().collect().await.expect("a body in memory").to_bytes();
        (status, serde_json::from_slice(&body).expect("a JSON document"))
    }

    #[tokio::test]
    async fn a_server_that_can_serve_is_ready() {
        let readiness = Readiness::new(Drain::new()).check("database", || ready(Ok::<_, String>(())));
        let expected = json!({"status": "ready", "checks": {"database": "ok"}});
        assert_eq!(get(readiness, "/health/ready").await, (StatusCode::OK, expected));
    }

    #[tokio::test]
    async fn a_server_without_its_database_is_not_ready_and_says_no_secrets() {
        let readiness =
            Readiness::new(Drain::new()).check("database", || ready(Err("password s3cret refused")));
        let (status, body) = get(readiness, "/health/ready").await;
        assert_eq!((status, &body["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("not_ready")));
        assert_eq!(body["detail"], "The database does not answer.");
    }

    #[tokio::test(start_paused = true)]
    async fn a_database_that_hangs_counts_as_away() {
        let readiness = Readiness::new(Drain::new()).check("database", pending::<Result<(), String>>);
        assert_eq!(get(readiness, "/health/ready").await.0, StatusCode::SERVICE_UNAVAILABLE);
    }

    #[tokio::test]
    async fn a_server_that_drains_lives_but_is_not_ready() {
        let drain = Drain::new();
        drain.start();
        assert_eq!(
            get(Readiness::new(drain.clone()), "/health/ready").await.0,
            StatusCode::SERVICE_UNAVAILABLE
        );
        let live = get(Readiness::new(drain), "/health/live").await;
        assert_eq!(live, (StatusCode::OK, json!({"status": "ok", "server": "rony"})));
    }
}
