//! Reactions: an emoji under a message, by whoever means it.
//!
//! Each person puts an emoji under a message once; putting it there again, or taking away what is not there, changes
//! nothing. A reaction changes its message: it raises the message's `version`, and the event carries the message.

mod service;
mod store;
mod types;

pub use service::Reactions;
pub use store::ReactionStore;
pub use types::{LONGEST_EMOJI, MOST_EMOJI, React, Reaction, ReactionEvent, check_emoji, may_react};
