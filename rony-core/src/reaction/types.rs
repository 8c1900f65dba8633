//! What a reaction is, and its own events.

use serde::{Deserialize, Serialize};

use crate::id::UserId;

/// All who reacted to a message with the same emoji.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reaction {
    /// The emoji, as its sender's client wrote it.
    pub emoji: String,
    /// Who, in the order in which they did.
    pub user_ids: Vec<UserId>,
}
