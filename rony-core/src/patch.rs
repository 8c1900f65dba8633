//! Changes of some fields: what is left out stays, and `null` is a value of its own.

use serde::{Deserialize, Deserializer};

/// For a field `Option<Option<T>>` with `#[serde(default, deserialize_with = "patch::given")]`: `None` when it was left
/// out, `Some(None)` when it is `null`.
///
/// # Errors
///
/// When what is given is no `T`.
pub fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
