//! What is kept to be searched.

use async_trait::async_trait;

use super::{Found, MessageFilter, Position};
use crate::{Result, id::UserId, page::Limit};

/// The port for searching. The index is written by [`crate::projection::ProjectionStore`] alone, a moment after messages are posted,
/// changed or deleted: until then a changed one is found by what it said before, and shown as it is.
#[async_trait]
pub trait SearchStore: Send + Sync {
    /// Messages that `reader` may see now, newest first, from before `before`, up to [`Limit::rows`] of them. Deleted
    /// ones are not found.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] for a conversation that the reader is not in.
    async fn find_messages(
        &self,
        reader: UserId,
        filter: &MessageFilter,
        before: Option<Position>,
        limit: Limit,
    ) -> Result<Vec<Found>>;
}
