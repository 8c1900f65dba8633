//! Reactions: an emoji under a message, by whoever means it.

mod types;

pub use types::Reaction;
