//! Sync: what happened while a client was away.
//!
//! A client keeps the last number of each stream that it reads. [`Streams::sync`] answers what came after, rendered with the
//! current text, byte for byte as it went out live; what the reader may not see stands there as `skipped`, so that there
//! is neither a gap nor a leak. Too far behind, the answer is `reset`: load the snapshot.

mod service;
mod store;
mod types;

pub use service::{CatchUp, Connected, Streams};
pub use store::{Part, SyncStore};
pub use types::{FURTHEST, MOST_EVENTS, PAGE, SyncAnswer, SyncRequest, SyncStream};
