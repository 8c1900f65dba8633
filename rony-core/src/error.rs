//! The one error type of this crate: what went wrong, as the caller can act on it.
//!
//! A database driver's own error hides as `#[source]`. `rony-server` turns these into problem documents in one place.

use std::time::Duration;

use crate::{
    page::CursorError,
    password::{HashError, PasswordError},
    secret::RandomError,
    text::TextError,
    username::UsernameError,
};

/// What a use case answers when it cannot do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Some fields are missing or not acceptable; each says what to do.
    #[error("{}", .0.first().map_or("Some fields are not right.", |field| field.message.as_str()))]
    Invalid(Vec<FieldError>),
    /// Nobody is signed in, or what was shown as proof is not (or no longer) good.
    #[error("{detail}")]
    Unauthenticated {
        /// Stable machine-readable reason.
        code: &'static str,
        /// What to do, for people.
        detail: &'static str,
    },
    /// The actor may see the thing, but not do this to it.
    #[error("{detail}")]
    Forbidden {
        /// Stable machine-readable reason.
        code: &'static str,
        /// What to do, for people.
        detail: &'static str,
    },
    /// There is no such thing, or the actor may not know that there is.
    #[error("There is no such {0}, or you cannot see it.")]
    NotFound(&'static str),
    /// The request is fine, but not in the state that things are in.
    #[error("{detail}")]
    Conflict {
        /// Stable machine-readable reason.
        code: &'static str,
        /// The field of the request that clashes, where one does.
        field: Option<&'static str>,
        /// What to do, for people.
        detail: String,
    },
    /// Too many tries: wait that long.
    #[error("Too many tries. Wait {} seconds, then try again.", .retry_after.as_secs().max(1))]
    RateLimited {
        /// How long to wait before the next try can succeed.
        retry_after: Duration,
    },
    /// The server cannot do it now (database away, queue full); the same request may succeed later.
    #[error("{detail}")]
    Unavailable {
        /// How long to wait before the next try.
        retry_after: Duration,
        /// What is away, for people.
        detail: &'static str,
        /// What was seen underneath; for the log only.
        #[source]
        source: Option<BoxError>,
    },
    /// There is no room for more bytes where files are kept. Everything else goes on.
    #[error("The server has no room for more files. Tell whoever runs it, and try again later.")]
    StorageFull,
    /// A fault of Rony's own; the source is for the log only.
    #[error(
        "Something went wrong on the server. Try again; if it stays, ask whoever runs this server to look at its log."
    )]
    Internal(#[source] BoxError),
}

/// Any error underneath.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The result of a use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One field that was not acceptable, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The field's name as the request has it (`display_name`, `members[3]`).
    pub field: String,
    /// A sentence that says what to do.
    pub message: String,
}

impl Error {
    /// One bad field.
    #[must_use]
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), message: message.into() }])
    }

    /// The actor may see it, but not do this.
    #[must_use]
    pub const fn forbidden(code: &'static str, detail: &'static str) -> Self {
        Self::Forbidden { code, detail }
    }

    /// Not in the present state of things.
    #[must_use]
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Conflict { code, field: None, detail: detail.into() }
    }

    /// Not in the present state of things, because of one field of the request (a name that somebody else has).
    #[must_use]
    pub fn conflict_in(field: &'static str, code: &'static str, detail: impl Into<String>) -> Self {
        Self::Conflict { code, field: Some(field), detail: detail.into() }
    }

    /// No proof of who is asking.
    #[must_use]
    pub const fn unauthenticated() -> Self {
        Self::Unauthenticated { code: "unauthenticated", detail: "Sign in first." }
    }

    /// A fault of Rony's own.
    #[must_use]
    pub fn internal(source: impl Into<BoxError>) -> Self {
        Self::Internal(source.into())
    }

    /// Away for now.
    #[must_use]
    pub fn unavailable(detail: &'static str, source: impl Into<BoxError>) -> Self {
        Self::Unavailable { retry_after: Duration::from_secs(2), detail, source: Some(source.into()) }
    }

    /// The stable code that programs decide by.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::Unauthenticated { code, .. }
            | Self::Forbidden { code, .. }
            | Self::Conflict { code, .. } => code,
            Self::NotFound(_) => "not_found",
            Self::RateLimited { .. } => "rate_limited",
            Self::Unavailable { .. } => "unavailable",
            Self::StorageFull => "storage_full",
            Self::Internal(_) => "internal",
        }
    }
}

impl From<CursorError> for Error {
    fn from(error: CursorError) -> Self {
        Self::invalid("cursor", sentence(&error))
    }
}

impl From<TextError> for Error {
    fn from(error: TextError) -> Self {
        Self::invalid(error.field(), sentence(&error))
    }
}

impl From<UsernameError> for Error {
    fn from(error: UsernameError) -> Self {
        Self::invalid(error.field(), sentence(&error))
    }
}

impl From<PasswordError> for Error {
    fn from(error: PasswordError) -> Self {
        Self::invalid(error.field(), sentence(&error))
    }
}

impl From<HashError> for Error {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::unavailable(
                "Too many people are signing in at the moment. Try again in a few seconds.",
                error,
            ),
            other => Self::internal(other),
        }
    }
}

impl From<RandomError> for Error {
    fn from(error: RandomError) -> Self {
        Self::internal(error)
    }
}

/// `use at least 8 characters` → `Use at least 8 characters.`
pub(crate) fn sentence(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    first.chain(letters).chain(end.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{text, username::Username};

    #[test]
    fn a_wrong_field_is_named_with_a_sentence_that_says_what_to_do() {
        let error = Error::from(Username::parse("a").unwrap_err());
        let Error::Invalid(fields) = &error else { panic!("{error:?}") };
        assert_eq!(
            (fields[0].field.as_str(), fields[0].message.as_str()),
            ("username", "Use at least 2 characters.")
        );
        let error = Error::from(text::line("title", "", 10).unwrap_err());
        assert_eq!(error.to_string(), "Write at least one character that can be seen.");
    }
}
