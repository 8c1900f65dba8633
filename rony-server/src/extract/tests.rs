use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::{Request, StatusCode};
use axum::routing::{get, post};
use axum::{Router, response::IntoResponse};
use http_body_util::BodyExt;
use serde::Deserialize;
use serde_json::{Value, json};
use tower::ServiceExt;
use uuid::Uuid;

use super::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Member {
    #[expect(dead_code, reason = "only its shape matters here")]
    id: Uuid,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Post {
    text: String,
    #[serde(default)]
    #[expect(dead_code, reason = "only its shape matters here")]
    members: Vec<Member>,
}

#[derive(Deserialize)]
struct Params {
    limit: u32,
}

fn app() -> Router {
    Router::new()
        .route("/body", post(async |Json(body): Json<Post>| body.text))
        .route("/query", get(async |Query(params): Query<Params>| params.limit.to_string()))
        .route("/things/{id}", get(async |Path(id): Path<Uuid>| id.to_string().into_response()))
        .layer(DefaultBodyLimit::max(64))
}

async fn answer(request: Request<Body>) -> (StatusCode, Value) {
    let response = app().oneshot(request).await.expect("a router never fails");
    let status = response.status();
    let body = response.into_body().collect().await.expect("a body in memory").to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

async fn post_body(body: impl Into<Body>) -> (StatusCode, Value) {
    let request = Request::post("/body").header("content-type", "application/json; charset=utf-8");
    answer(request.body(body.into()).expect("a valid request")).await
}

#[track_caller]
fn assert_problem((status, body): (StatusCode, Value), expected: u16, code: &str) {
    assert_eq!((status.as_u16(), &body["code"]), (expected, &json!(code)), "{body}");
}

#[track_caller]
fn assert_field((status, body): (StatusCode, Value), field: &str, message: &str) {
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    assert_eq!(body["errors"], json!([{"field": field, "message": message}]));
}

#[tokio::test]
async fn a_list_is_not_taken_for_an_object() {
    for body in [r#"["hello"]"#, " \n[]", r#"["hello", []]"#] {
        assert_problem(post_body(body).await, 422, "invalid");
    }
}

#[tokio::test]
async fn a_missing_field_is_named() {
    assert_field(post_body("{}").await, "text", "This field is missing.");
}

#[tokio::test]
async fn a_missing_field_inside_a_list_is_named_by_its_path() {
    assert_field(post_body(r#"{"text":"","members":[{}]}"#).await, "members[0].id", "This field is missing.");
}

#[tokio::test]
async fn an_unknown_field_is_named() {
    assert_field(post_body(r#"{"text":"","txet":1}"#).await, "txet", "There is no such field here.");
    assert_field(
        post_body(r#"{"text":"","members":[{"it":1}]}"#).await,
        "members[0].it",
        "There is no such field here.",
    );
}

#[tokio::test]
async fn a_field_of_the_wrong_type_is_named() {
    assert_field(post_body(r#"{"text":5}"#).await, "text", "Invalid type: integer `5`, expected a string.");
}

#[tokio::test]
async fn a_document_of_the_wrong_type_is_refused() {
    let (status, body) = post_body("7").await;
    assert_eq!((status, &body["errors"][0]["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("body")));
}

#[tokio::test]
async fn what_is_no_json_is_a_bad_request() {
    assert_problem(post_body("{\"text\":").await, 400, "invalid_json");
    assert_problem(post_body("").await, 400, "invalid_json");
    assert_problem(post_body("{\"text\":\"a\"} trailing").await, 400, "invalid_json");
}

#[tokio::test]
async fn what_is_no_utf8_is_a_bad_request() {
    assert_problem(post_body(&b"{\"text\":\"\xff\"}"[..]).await, 400, "invalid_utf8");
}

#[tokio::test]
async fn a_body_over_the_limit_is_too_large() {
    assert_problem(post_body(format!("{{\"text\":\"{}\"}}", "x".repeat(64))).await, 413, "too_large");
}

#[tokio::test]
async fn another_content_type_is_refused() {
    for kind in ["text/plain", "application/x-www-form-urlencoded", ""] {
        let request = Request::post("/body").header("content-type", kind).body(Body::from("{}"));
        assert_problem(answer(request.expect("a valid request")).await, 415, "unsupported_media_type");
    }
    let request = Request::post("/body").body(Body::from("{}")).expect("a valid request");
    assert_problem(answer(request).await, 415, "unsupported_media_type");
}

#[tokio::test]
async fn a_wrong_parameter_is_named() {
    let get = |uri: &str| answer(Request::get(uri).body(Body::empty()).expect("a valid request"));
    assert_field(get("/query?limit=many").await, "limit", "Invalid digit found in string.");
    assert_field(get("/query").await, "limit", "This field is missing.");
}

#[tokio::test]
async fn an_id_that_is_none_names_nothing() {
    let request = Request::get("/things/not-an-id").body(Body::empty()).expect("a valid request");
    assert_problem(answer(request).await, 404, "not_found");
}
