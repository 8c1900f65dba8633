//! What is kept of drafts.

use async_trait::async_trait;

use super::{Draft, SaveDraft};
use crate::{
    Result,
    id::{ConversationId, MessageId, UserId},
};

/// The port for drafts. A person sees their own, in conversations that they are in.
#[async_trait]
pub trait DraftStore: Send + Sync {
    /// Keeps a text as the draft, or deletes the draft when it is empty, and tells the person's own stream. The same text
    /// again changes nothing. A new draft is kept if [`super::may_keep`] says so.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] for a conversation that the person is not in, or a thread that they do not see; so for
    /// [`Self::draft`].
    async fn save_draft(&self, draft: SaveDraft) -> Result<Draft>;

    /// One draft; with an empty text when there is none.
    async fn draft(
        &self,
        user: UserId,
        conversation: ConversationId,
        thread: Option<MessageId>,
    ) -> Result<Draft>;

    /// All of a person's drafts, the newest first: at most [`super::MOST_DRAFTS`].
    async fn drafts(&self, user: UserId) -> Result<Vec<Draft>>;
}
