//! What may be done with drafts.

use super::{Draft, DraftStore, SaveDraft, types::check_text};
use crate::{
    Result,
    actor::{Actor, Scope},
    id::{ConversationId, MessageId},
    time::Clock,
};

/// The use cases of drafts. Made by [`crate::Rony::drafts`].
pub struct Drafts<'r> {
    pub(crate) store: &'r dyn DraftStore,
    pub(crate) clock: &'r dyn Clock,
}

impl Drafts<'_> {
    /// Keeps what the actor has begun to write; an empty text deletes it.
    ///
    /// # Errors
    ///
    /// For a text that a message could not have; what [`super::may_keep`] says; [`crate::Error::NotFound`] when the actor
    /// is not a member, or does not see the thread.
    pub async fn save(
        &self,
        actor: &Actor,
        conversation_id: ConversationId,
        thread_id: Option<MessageId>,
        text: String,
    ) -> Result<Draft> {
        let user_id = actor.user(Scope::Write)?;
        check_text(&text)?;
        self.store
            .save_draft(SaveDraft { user_id, conversation_id, thread_id, text, at: self.clock.now() })
            .await
    }

    /// One draft; with an empty text when there is none.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] when the actor is not a member, or does not see the thread.
    pub async fn get(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        thread: Option<MessageId>,
    ) -> Result<Draft> {
        self.store.draft(actor.user(Scope::Read)?, conversation, thread).await
    }

    /// All of the actor's drafts, the newest first.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<Draft>> {
        self.store.drafts(actor.user(Scope::Read)?).await
    }
}
