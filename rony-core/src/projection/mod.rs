//! Projections: what is made of messages after they were posted, changed or deleted, off the way of posting.
//!
//! A job looks for conversations that moved, reads what is new in them, and writes the search index and the notifications,
//! each in one transaction with how far it is. So each message is projected once, whatever breaks; and posting never waits for
//! it. On several nodes one does the job at a time, and another takes over when it is gone.

mod service;
mod store;

pub use service::Projections;
pub use store::{Projected, ProjectionStore};
