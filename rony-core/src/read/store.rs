//! What is kept of reading.

use async_trait::async_trait;

use super::{MarkRead, Marked, OthersMark};
use crate::{
    Result,
    id::{ConversationId, UserId},
};

/// The port for read marks.
#[async_trait]
pub trait ReadStore: Send + Sync {
    /// Moves a mark forward if [`super::check_mark`] says so, and tells the person's own stream. A mark that stands there
    /// already, or further, stays, and nobody is told.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] for a conversation that the person is not in, or a thread that they do not see.
    async fn mark_read(&self, mark: MarkRead) -> Result<Marked>;

    /// How far each member has read; nothing unless [`super::may_show`] says so.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] for a conversation that the reader is not in.
    async fn marks(&self, reader: UserId, conversation: ConversationId) -> Result<Vec<OthersMark>>;
}
