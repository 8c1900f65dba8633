//! Where errors become HTTP, and the only such place.
//!
//! Every answer that is not a success is an RFC 9457 problem document, whatever refused the request: a use case, an
//! extractor, the router itself, a limit or a panic. A client branches on `code`, which never changes; `title` and
//! `detail` are for people and may be reworded at any time.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
pub use rony_core::FieldError;
use serde::Serialize;
use utoipa::ToSchema;

/// The media type of a problem document.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// What a handler returns.
pub type ApiResult<T> = Result<T, ApiError>;

/// The body of every answer that is not a success (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// A name of this kind of problem as a URN, `urn:rony:problem:<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of problem in a few words.
    pub title: String,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The kind of problem for programs: stable, snake_case.
    pub code: Cow<'static, str>,
    /// What happened this time and what to do about it.
    pub detail: String,
    /// The fields that are wrong, where fields are what is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldError>,
}

/// A refusal or failure on its way to the client.
///
/// It is one pointer wide, so that `Result<T, ApiError>` costs the handlers nothing.
pub struct ApiError(Box<Inner>);

struct Inner {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: Cow<'static, str>,
    fields: Vec<FieldError>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl ApiError {
    /// An answer with `status`, a stable snake_case `code`, and a `detail` that says what to do.
    ///
    /// The named constructors below are better wherever one of them fits.
    pub fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Inner {
            status,
            code: code.into(),
            detail: detail.into(),
            fields: Vec::new(),
            retry_after: None,
            source: None,
        }))
    }

    /// 400: the request cannot be read at all (broken JSON, a header that is missing).
    pub fn bad_request(code: impl Into<Cow<'static, str>>, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// 401 `unauthenticated`: no session or token, or one that no longer counts.
    pub fn unauthenticated(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail)
    }

    /// 403 `forbidden`: the caller may see the resource, but not do this to it.
    pub fn forbidden(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// 404 `not_found`: the resource does not exist, or the caller may not know that it does.
    pub fn not_found(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", detail)
    }

    /// 409: the request is right, but clashes with what is there.
    pub fn conflict(code: impl Into<Cow<'static, str>>, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// 413 `too_large`: more bytes than this address takes.
    pub fn too_large(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
    }

    /// 422 `invalid`: the request can be read, but these fields of it are wrong.
    ///
    /// The detail repeats the first field, for people who see nothing else of the answer.
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        let detail = match fields.first() {
            Some(first) => format!("{}: {}.", first.field, first.message.trim_end_matches('.')),
            None => "The request is not valid.".to_owned(),
        };
        let mut error = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail);
        error.0.fields = fields;
        error
    }

    /// 429 `rate_limited`: too many requests; `retry_after` says when the next one may come.
    pub fn rate_limited(retry_after: Duration) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "rate_limited",
            "Too many attempts. Wait a little, then try again.",
        )
        .with_retry_after(retry_after)
    }

    /// 503 `unavailable`: Rony cannot do this right now, but will be able to again.
    pub fn unavailable(detail: impl Into<Cow<'static, str>>, retry_after: Duration) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail).with_retry_after(retry_after)
    }

    /// 500 `internal`: Rony's own fault. The source goes to the log and never to the client.
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let mut error = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", INTERNAL_DETAIL);
        error.0.source = Some(source.into());
        error
    }

    /// Replaces the code by a more precise one.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.0.code = code.into();
        self
    }

    /// Names the field that the answer is about, if it is about one, so that a form can show the detail beside it.
    #[must_use]
    pub(crate) fn about(mut self, field: Option<&'static str>) -> Self {
        let message = self.0.detail.to_string();
        self.0.fields.extend(field.map(|field| FieldError { field: field.to_owned(), message }));
        self
    }

    /// Says when to try again; sent as `Retry-After`, rounded up to whole seconds.
    #[must_use]
    pub fn with_retry_after(mut self, retry_after: Duration) -> Self {
        self.0.retry_after = Some(retry_after);
        self
    }

    /// Attaches what caused the error, for the log only.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The HTTP status of the answer.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The stable code of the answer.
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// What happened and what to do about it, for people.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The document that the client gets.
    pub fn to_problem(&self) -> Problem {
        Problem {
            kind: format!("urn:rony:problem:{}", self.0.code),
            title: title_of(&self.0.code),
            status: self.0.status.as_u16(),
            code: self.0.code.clone(),
            detail: self.0.detail.to_string(),
            errors: self.0.fields.clone(),
        }
    }

    /// Server faults are logged where they become an answer, so that each is in the log exactly once.
    fn log(&self) {
        let Some(source) = &self.0.source else { return };
        let causes = chain(source.as_ref());
        if self.0.status.is_server_error() {
            tracing::error!(code = %self.0.code, cause = %causes, "a request failed");
        } else {
            tracing::debug!(code = %self.0.code, cause = %causes, "a request was refused");
        }
    }
}

const INTERNAL_DETAIL: &str = "Something went wrong inside Rony. Try again; if it stays, give the administrator the \
                               x-request-id of this answer: the log explains it under that id.";

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("status", &self.0.status)
            .field("code", &self.0.code)
            .field("detail", &self.0.detail)
            .field("fields", &self.0.fields)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code, self.0.detail)
    }
}

impl StdError for ApiError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.log();
        let mut response = axum::Json(self.to_problem()).into_response();
        *response.status_mut() = self.0.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if let Some(wait) = self.0.retry_after {
            headers.insert(RETRY_AFTER, whole_seconds(wait).into());
        }
        if self.0.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// Rounded up and at least one: "0" would invite an immediate retry.
fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs_f64().ceil().max(1.0) as u64
}

/// `username_taken` → `Username taken`: one title for each code, as RFC 9457 asks.
fn title_of(code: &str) -> String {
    let mut title = code.replace('_', " ");
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    title
}

/// An error with its causes. Many repeat what their cause says; that is left out.
pub(crate) fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        next = cause.source();
    }
    text
}

/// The answer for an address that no route serves.
pub async fn no_route() -> ApiError {
    ApiError::not_found("Nothing lives at this address. The API is described at /api/v1/openapi.json.")
}

/// The answer when a handler panicked, for [`tower_http::catch_panic`].
pub fn from_panic(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic
        .downcast::<String>()
        .map(|text| *text)
        .or_else(|panic| panic.downcast::<&'static str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|_| "a panic without a message".to_owned());
    ApiError::internal(format!("panic: {text}")).into_response()
}

/// A middleware that gives up on a request after `limit`, with 503 `timeout`.
///
/// # Errors
///
/// When the handler has not begun its answer within `limit`.
pub async fn time_out(limit: Duration, request: Request, next: Next) -> ApiResult<Response> {
    tokio::time::timeout(limit, next.run(request)).await.map_err(|_| {
        ApiError::unavailable("This took too long, so Rony stopped it. Try again.", Duration::from_secs(1))
            .with_code("timeout")
    })
}

/// A middleware that turns the plain-text refusals of the framework (a wrong method, a WebSocket handshake without its
/// headers, a body that is too long) into problem documents. Answers that already are one, or a page, stay as they are.
pub async fn problems_only(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || speaks_for_itself(response.headers()) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let mut problem =
        ApiError::new(status, code_of(status), explain(status, &parts.headers, body).await).into_response();
    for (name, value) in &parts.headers {
        if name != CONTENT_TYPE && name != CONTENT_LENGTH {
            problem.headers_mut().insert(name, value.clone());
        }
    }
    problem
}

fn speaks_for_itself(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"))
}

/// The framework's own sentence where it is for the client, ours otherwise.
async fn explain(status: StatusCode, headers: &HeaderMap, body: Body) -> String {
    const LONGEST: usize = 500;
    if status == StatusCode::METHOD_NOT_ALLOWED {
        let allowed = headers.get(ALLOW).and_then(|allow| allow.to_str().ok()).unwrap_or_default();
        return format!("This address does not take that method. It takes: {allowed}.");
    }
    if status.is_client_error()
        && let Ok(body) = body.collect().await
        && let Ok(text) = String::from_utf8(body.to_bytes().to_vec())
        && !text.is_empty()
        && text.len() <= LONGEST
    {
        return text;
    }
    if status.is_server_error() { INTERNAL_DETAIL.to_owned() } else { reason(status).to_owned() }
}

fn reason(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("The request was refused.")
}

fn code_of(status: StatusCode) -> Cow<'static, str> {
    match status {
        StatusCode::UNAUTHORIZED => "unauthenticated".into(),
        StatusCode::PAYLOAD_TOO_LARGE => "too_large".into(),
        StatusCode::UNPROCESSABLE_ENTITY => "invalid".into(),
        StatusCode::TOO_MANY_REQUESTS => "rate_limited".into(),
        StatusCode::INTERNAL_SERVER_ERROR => "internal".into(),
        StatusCode::SERVICE_UNAVAILABLE => "unavailable".into(),
        other => reason(other).to_lowercase().replace([' ', '-'], "_").replace('\'', "").into(),
    }
}

mod domain;

#[cfg(test)]
mod tests;
