//! Messages: what people write to each other.
//!
//! A message is stored as it was written (Markdown source, up to [`TEXT_LIMIT`] bytes) and is its own "posted" event: its
//! `seq` is its place in the conversation's stream. It carries two more numbers: `ordinal` counts the messages of the
//! conversation, so that "unread" is a subtraction, and `version` is the seq of its last change, so that folding an event
//! that is already in it changes nothing. A reply in a thread has an ordinal of the thread only.
//!
//! Posting is batched by the store, and [`admit`] is the rule that it asks, inside its transaction, about each post.

mod attachment;
mod rule;
mod service;
mod store;
mod types;

pub use attachment::Attachment;
pub use rule::{Facts, Refused, admit, may_delete, may_edit};
pub use service::Messages;
pub use store::{MessageStore, Posted};
pub use types::{
    DeleteMessage, EditMessage, Mentioned, Message, MessageEvent, MessagePage, MessageVersion, NewMessage,
    Post, TEXT_LIMIT, ThreadSummary, Window,
};
