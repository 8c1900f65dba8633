//! Read marks: how far people have read.
//!
//! A mark is the ordinal of the last message that somebody has read, in a conversation or in a thread; it only grows, so
//! the devices of a person agree whatever order their news arrive in. It moves on the person's own stream. Others see it
//! in conversations of up to [`MOST_SHOWN`] members only, as something fleeting: [`Receipts`] collects the marks that
//! moved, and once a second they go to those who have the conversation in view.

mod receipts;
mod service;
mod store;
mod types;

pub use receipts::Receipts;
pub use service::Reads;
pub use store::ReadStore;
pub use types::{
    MOST_SHOWN, MarkRead, Marked, OthersMark, ReadEvent, ReadMark, ReadMarks, check_mark, may_show,
};
