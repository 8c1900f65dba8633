//! What handlers take from a request: axum's extractors with refusals that name the field and say what is wrong.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use rony_core::page::{Cursor, Limit};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::error::{ApiError, ApiResult, FieldError};

/// A JSON body, taken or given.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json<T>(pub T);

/// The parameters after the `?`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<T>(pub T);

/// The parameters in the path. One that cannot be read names nothing that exists, so it answers 404.
#[derive(Debug, Clone, Copy, Default)]
pub struct Path<T>(pub T);

/// A body that is no JSON, as it came.
#[derive(Debug, Clone, Default)]
pub struct Raw(pub Bytes);

/// Which page of a list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct PageQuery {
    /// How many items at most.
    pub limit: Limit,
    /// Where the next page begins, as the page before said in `next`.
    pub cursor: Option<Cursor>,
}

impl<T, S> FromRequest<S> for Json<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> ApiResult<Self> {
        expect_json(request.headers())?;
        let body = Bytes::from_request(request, state).await.map_err(unreadable_body)?;
        expect_object(&body)?;
        parse_json(&body).map(Self)
    }
}

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> ApiResult<Self> {
        Bytes::from_request(request, state).await.map(Self).map_err(unreadable_body)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<T, S> FromRequestParts<S> for Query<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> ApiResult<Self> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
        serde_path_to_error::deserialize(pairs).map(Self).map_err(|error| {
            ApiError::invalid(vec![field_error(&error.path().to_string(), &error.into_inner().to_string())])
        })
    }
}

impl<T, S> FromRequestParts<S> for Path<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(rejection) if rejection.status().is_server_error() => Err(ApiError::internal(rejection)),
            Err(rejection) => {
                Err(ApiError::not_found("There is nothing with this id.").with_source(rejection))
            }
        }
    }
}

fn expect_json(headers: &HeaderMap) -> ApiResult<()> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json")) {
        return Ok(());
    }
    Err(ApiError::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        "Send JSON here, with the header `Content-Type: application/json`.",
    ))
}

/// All bodies of the API are objects. serde would take a list for one as well, as its fields in their order.
fn expect_object(body: &[u8]) -> ApiResult<()> {
    if body.trim_ascii_start().first() == Some(&b'[') {
        return Err(ApiError::invalid(vec![field_error("", "send an object, not a list")]));
    }
    Ok(())
}

/// Too long is the client's to know; anything else means that the connection broke while the body came.
fn unreadable_body(rejection: BytesRejection) -> ApiError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        ApiError::too_large("The body of this request is larger than Rony takes here. Send less at once.")
    } else {
        ApiError::bad_request(
            "incomplete_body",
            "The body of the request did not arrive whole. Send it again.",
        )
        .with_source(rejection)
    }
}

/// Reads a JSON document, or says what is wrong with it and in which field.
///
/// # Errors
///
/// 400 `invalid_utf8` or `invalid_json` when it is no JSON document, 422 `invalid` when its fields are not those that
/// are asked for.
pub fn parse_json<T: DeserializeOwned>(body: &[u8]) -> ApiResult<T> {
    if body.is_empty() {
        return Err(ApiError::bad_request("invalid_json", "The request has no body. Send a JSON document."));
    }
    let text = std::str::from_utf8(body).map_err(|error| {
        let at = error.valid_up_to();
        ApiError::bad_request("invalid_utf8", format!("The body is not valid UTF-8: look at byte {at}."))
    })?;
    let mut document = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut document).map_err(|error| {
        let path = error.path().to_string();
        explain_json(&path, &error.into_inner())
    })?;
    document.end().map_err(|error| explain_json(".", &error))?;
    Ok(value)
}

fn explain_json(path: &str, error: &serde_json::Error) -> ApiError {
    let message = error.to_string();
    if error.is_data() {
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        ApiError::invalid(vec![field_error(path, message)])
    } else {
        ApiError::bad_request("invalid_json", format!("The body is not valid JSON: {message}."))
    }
}

/// serde reports a missing or an unknown field at its parent and names it only in the message; here the path leads to
/// the field itself.
fn field_error(path: &str, message: &str) -> FieldError {
    let parent = path.trim_start_matches('.');
    for (prefix, says) in
        [("missing field `", "This field is missing."), ("unknown field `", "There is no such field here.")]
    {
        let Some(name) = message.strip_prefix(prefix).and_then(|rest| rest.split('`').next()) else {
            continue;
        };
        let named_already = parent == name || parent.ends_with(&format!(".{name}"));
        let field = match parent {
            "" => name.to_owned(),
            _ if named_already => parent.to_owned(),
            _ => format!("{parent}.{name}"),
        };
        return FieldError { field, message: says.to_owned() };
    }
    let field = if parent.is_empty() { "body" } else { parent };
    FieldError { field: field.to_owned(), message: as_sentence(message) }
}

fn as_sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}

#[cfg(test)]
mod tests;
