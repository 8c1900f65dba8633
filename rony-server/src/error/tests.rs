use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::{Value, json};
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;

use super::*;

async fn problem(response: Response) -> (StatusCode, HeaderMap, Value) {
    let (parts, body) = response.into_parts();
    assert_eq!(parts.headers[CONTENT_TYPE], PROBLEM_JSON);
    let body = body.collect().await.expect("a body in memory").to_bytes();
    (parts.status, parts.headers, serde_json::from_slice(&body).expect("a JSON document"))
}

fn app() -> Router {
    Router::new()
        .route("/here", get(async || "yes").put(async || "yes"))
        .route("/panics", get(async || -> &'static str { panic!("the secret is 1234") }))
        .route("/plain", get(async || (StatusCode::UPGRADE_REQUIRED, "Say please.")))
        .route("/broken", get(async || (StatusCode::BAD_GATEWAY, "a secret of the driver")))
        .route("/page", get(async || (StatusCode::NOT_FOUND, axum::response::Html("<p>lost</p>"))))
        .route("/hangs", get(async || std::future::pending::<&str>().await))
        .fallback(no_route)
        .layer(axum::middleware::from_fn(|request, next| time_out(Duration::from_secs(30), request, next)))
        .layer(CatchPanicLayer::custom(from_panic))
        .layer(axum::middleware::from_fn(problems_only))
}

async fn send(method: &str, path: &str) -> Response {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a valid request");
    app().oneshot(request).await.expect("a router never fails")
}

#[tokio::test]
async fn a_problem_has_exactly_the_documented_fields() {
    let error = ApiError::from(rony_core::Error::invalid("text", "Must not be empty."));
    let (status, _, body) = problem(error.into_response()).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        body,
        json!({
            "type": "urn:rony:problem:invalid", "title": "Invalid", "status": 422, "code": "invalid",
            "detail": "text: Must not be empty.",
            "errors": [{"field": "text", "message": "Must not be empty."}],
        })
    );
}

#[tokio::test]
async fn an_internal_error_never_shows_its_cause() {
    let (status, _, body) = problem(ApiError::internal("password=hunter2").into_response()).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(body["code"], "internal");
    assert!(!body.to_string().contains("hunter2"));
}

#[tokio::test]
async fn a_wait_is_rounded_up_to_whole_seconds() {
    let (_, headers, _) = problem(ApiError::rate_limited(Duration::from_millis(1200)).into_response()).await;
    assert_eq!(headers[RETRY_AFTER], "2");
    let (_, headers, _) = problem(ApiError::unavailable("busy", Duration::ZERO).into_response()).await;
    assert_eq!(headers[RETRY_AFTER], "1");
}

#[tokio::test]
async fn an_unauthenticated_answer_names_the_scheme() {
    let (_, headers, body) = problem(ApiError::unauthenticated("Sign in.").into_response()).await;
    assert_eq!(headers[WWW_AUTHENTICATE], "Bearer");
    assert_eq!(body["code"], "unauthenticated");
}

#[tokio::test]
async fn an_unknown_address_is_a_problem() {
    let (status, _, body) = problem(send("GET", "/nowhere").await).await;
    assert_eq!((status, &body["code"]), (StatusCode::NOT_FOUND, &json!("not_found")));
}

#[tokio::test]
async fn a_wrong_method_is_a_problem_that_names_the_right_ones() {
    let (status, headers, body) = problem(send("DELETE", "/here").await).await;
    assert_eq!((status, &body["code"]), (StatusCode::METHOD_NOT_ALLOWED, &json!("method_not_allowed")));
    assert_eq!(headers[ALLOW], "GET,HEAD,PUT");
}

#[tokio::test]
async fn a_panic_is_a_problem_without_its_message() {
    let (status, _, body) = problem(send("GET", "/panics").await).await;
    assert_eq!((status, &body["code"]), (StatusCode::INTERNAL_SERVER_ERROR, &json!("internal")));
    assert!(!body.to_string().contains("1234"));
}

#[tokio::test]
async fn a_plain_refusal_becomes_a_problem_with_its_sentence() {
    let (status, _, body) = problem(send("GET", "/plain").await).await;
    assert_eq!((status, &body["code"]), (StatusCode::UPGRADE_REQUIRED, &json!("upgrade_required")));
    assert_eq!(body["detail"], "Say please.");
}

#[tokio::test]
async fn a_plain_failure_becomes_a_problem_without_its_sentence() {
    let (_, _, body) = problem(send("GET", "/broken").await).await;
    assert_eq!(body["code"], "bad_gateway");
    assert!(!body.to_string().contains("secret"));
}

#[tokio::test]
async fn a_page_stays_a_page() {
    let response = send("GET", "/page").await;
    assert_eq!(response.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_takes_too_long_is_stopped() {
    let (status, headers, body) = problem(send("GET", "/hangs").await).await;
    assert_eq!((status, &body["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("timeout")));
    assert!(headers.contains_key(RETRY_AFTER));
}

#[tokio::test]
async fn what_the_domain_refuses_keeps_its_code() {
    use rony_core::Error;
    for (error, status, code) in [
        (Error::unauthenticated(), 401, "unauthenticated"),
        (Error::forbidden("not_an_admin", "Ask an administrator."), 403, "not_an_admin"),
        (Error::NotFound("message"), 404, "not_found"),
        (Error::conflict("username_taken", "Choose another."), 409, "username_taken"),
        (Error::RateLimited { retry_after: Duration::from_secs(3) }, 429, "rate_limited"),
        (Error::unavailable("The database is away.", "refused"), 503, "unavailable"),
        (Error::internal("a row without an author"), 500, "internal"),
    ] {
        let (answer, _, body) = problem(ApiError::from(error).into_response()).await;
        assert_eq!((answer.as_u16(), &body["code"]), (status, &json!(code)));
        assert!(!body.to_string().contains("row"));
    }
}

#[tokio::test]
async fn a_name_that_is_taken_is_a_conflict_about_its_field() {
    let error = rony_core::Error::conflict_in("username", "username_taken", "Choose another one.");
    let (status, _, body) = problem(ApiError::from(error).into_response()).await;
    assert_eq!((status, &body["code"]), (StatusCode::CONFLICT, &json!("username_taken")));
    assert_eq!(body["errors"], json!([{"field": "username", "message": "Choose another one."}]));
}
