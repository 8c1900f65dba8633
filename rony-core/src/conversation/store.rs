//! What is kept of conversations.

use async_trait::async_trait;

use super::{ChangeConversation, ConversationView, CreateConversation, DeleteConversation};
use crate::{
    Result,
    id::{ConversationId, UserId},
};

/// A conversation that was started, now or before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// The conversation, for who started it.
    pub conversation: ConversationView,
    /// It is the direct conversation of the pair that was there already.
    pub existed: bool,
}

/// The port for conversations. All reading is as `reader`: what they may not see is not there.
#[async_trait]
pub trait ConversationStore: Send + Sync {
    /// Starts a conversation with its members, and tells its stream and each member's own.
    ///
    /// Inside the transaction, after the locks: answer a known (creator, `client_id`), or a direct conversation that the
    /// pair has, with what is there; else ask [`super::may_start`] about each member.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Unavailable`] when the database is away; so for all methods.
    async fn create_conversation(&self, create: CreateConversation) -> Result<Created>;

    /// Changes a conversation if [`super::may_change_conversation`] says so, and tells its stream.
    async fn change_conversation(&self, change: ChangeConversation) -> Result<ConversationView>;

    /// Removes a conversation with everything in it if [`super::may_delete_conversation`] says so; the last event of its
    /// stream, and an event in each member's own, say so.
    async fn delete_conversation(&self, delete: DeleteConversation) -> Result<()>;

    /// One conversation.
    async fn conversation(&self, reader: UserId, conversation: ConversationId) -> Result<ConversationView>;

    /// The conversations that the reader is in, in id order after `after`, `rows` at most.
    async fn conversations(
        &self,
        reader: UserId,
        after: Option<ConversationId>,
        rows: i64,
    ) -> Result<Vec<ConversationView>>;

    /// The public conversations that are not archived and whose title or topic contains `query` (letter case aside),
    /// whether or not the reader is in them, in id order after `after`, `rows` at most.
    async fn public_conversations(
        &self,
        reader: UserId,
        query: &str,
        after: Option<ConversationId>,
        rows: i64,
    ) -> Result<Vec<ConversationView>>;
}
