//! What is kept of projections.

use async_trait::async_trait;

use crate::{Result, time::Timestamp};

/// What one step of the job came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Projected {
    /// How many messages were new.
    pub messages: u64,
    /// There are more: ask again.
    pub more: bool,
}

/// The port for the job.
#[async_trait]
pub trait ProjectionStore: Send + Sync {
    /// Projects up to `limit` messages that are new, or as many as it sees fit: into the search index, and into the notifications of
    /// those whom they concern, which are told at `at`; and into the index what was changed or deleted since. Each of the two is done in
    /// one transaction with how far it is. Nothing to do, or another node at it: nothing.
    async fn project(&self, at: Timestamp, limit: u32) -> Result<Projected>;
}
