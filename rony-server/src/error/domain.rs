//! From the domain's errors to problems: here, and nowhere else.

use rony_core::Error;

use super::ApiError;

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            Error::Invalid(fields) => Self::invalid(fields),
            Error::Unauthenticated { .. } => Self::unauthenticated(detail).with_code(code),
            Error::Forbidden { .. } => Self::forbidden(detail).with_code(code),
            Error::NotFound(_) => Self::not_found(detail),
            Error::Conflict { field, .. } => Self::conflict(code, detail).about(field),
            Error::RateLimited { retry_after } => Self::rate_limited(retry_after),
            Error::Unavailable { retry_after, source, .. } => {
                let problem = Self::unavailable(detail, retry_after);
                match source {
                    Some(source) => problem.with_source(source),
                    None => problem,
                }
            }
            Error::StorageFull => Self::new(axum::http::StatusCode::INSUFFICIENT_STORAGE, code, detail),
            Error::Internal(source) => Self::internal(source),
            // A new kind of error must get a line above; until then it is nobody's fault but ours.
            other => Self::internal(other),
        }
    }
}
