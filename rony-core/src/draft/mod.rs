//! Drafts: what somebody has begun to write, on all of their devices.
//!
//! There is one draft for each conversation and one for each thread. The event on the person's own stream says only that
//! a draft changed: its text is read where it is kept, so that what was deleted before it was sent is gone.

mod service;
mod store;
mod types;

pub use service::Drafts;
pub use store::DraftStore;
pub use types::{Draft, DraftEvent, MOST_DRAFTS, SaveDraft, may_keep};
