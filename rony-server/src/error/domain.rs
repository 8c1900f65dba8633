//! From the domain's errors to problems: here, and nowhere else.

use axum::http::StatusCode;
use rony_core::Error;

use super::{ApiError, FieldError};

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            Error::Invalid(fields) => Self::invalid(
                fields.into_iter().map(|field| FieldError::new(field.field, field.message)).collect(),
            ),
            Error::Unauthenticated { .. } => Self::unauthenticated(detail).with_code(code),
            Error::Forbidden { .. } => Self::forbidden(detail).with_code(code),
            Error::NotFound(_) => Self::not_found(detail),
            Error::Conflict { .. } => Self::conflict(code, detail),
            Error::RateLimited { retry_after } => Self::rate_limited(retry_after),
            Error::Unavailable { retry_after, source, .. } => {
                let problem = Self::unavailable(detail, retry_after);
                match source {
                    Some(source) => problem.with_source(source),
                    None => problem,
                }
            }
            Error::Internal(source) => Self::internal(source),
            other => Self::new(StatusCode::INTERNAL_SERVER_ERROR, other.code(), other.to_string()),
        }
    }
}
