//! Changes of some fields: what is left out stays, and `null` is a value of its own.

use serde::{Deserialize, Deserializer};

/// For a field `Option<Option<T>>` with a default: `None` when it is left out, `Some(None)` when it is `null`.
///
/// # Errors
///
/// When what is given is no `T`.
pub fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// For a text with a default: `null` takes it away, as an empty one does.
///
/// # Errors
///
/// When what is given is no text.
pub fn text_or_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::<String>::deserialize(deserializer).map(|text| Some(text.unwrap_or_default()))
}
