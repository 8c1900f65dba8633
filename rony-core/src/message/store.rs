//! What is kept of messages.

use async_trait::async_trait;

use super::{DeleteMessage, EditMessage, Message, MessagePage, MessageVersion, NewMessage, Refused, Window};
use crate::{
    Result,
    id::{ConversationId, MessageId, UserId},
    page::Limit,
};

/// A post that was taken, now or before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The message.
    pub message: Message,
    /// The same `client_id` had been posted before: this is the message of then, and nothing happened now.
    pub repeated: bool,
}

/// The port for messages. All reading is as `reader`: what they may not see is not there.
#[async_trait]
pub trait MessageStore: Send + Sync {
    /// Posts messages, in this order where they share a conversation; each answer stands where its message stood. One
    /// refused post never spoils its neighbours. An implementation may join what several callers post into one
    /// transaction. A call that is cut off posts all of its messages or none of them.
    ///
    /// Inside the transaction, after the streams' heads are locked: read each post's [`super::Facts`], ask
    /// [`super::admit`], answer a known (conversation, sender, `client_id`) with the first message, number the rest,
    /// raise the sender's read mark.
    ///
    /// # Errors
    ///
    /// When the transaction as a whole failed; so for all methods. Its outcome may be unknown: post again with the same
    /// `client_id`s.
    async fn post(&self, batch: Vec<NewMessage>) -> Result<Vec<Result<Posted, Refused>>>;

    /// Changes a text if [`super::may_edit`] says so, keeps the old one as a version, and tells the stream.
    async fn edit(&self, edit: EditMessage) -> Result<Message>;

    /// Makes a tombstone if [`super::may_delete`] says so, with nothing left of the text, its versions, mentions,
    /// reactions and pins, and tells the stream. Deleting a tombstone answers it again.
    async fn delete(&self, delete: DeleteMessage) -> Result<Message>;

    /// One message.
    async fn message(
        &self,
        reader: UserId,
        conversation: ConversationId,
        message: MessageId,
    ) -> Result<Message>;

    /// A part of a conversation, or of the thread under `thread`; `limit` messages at most.
    async fn page(
        &self,
        reader: UserId,
        conversation: ConversationId,
        thread: Option<MessageId>,
        window: Window,
        limit: Limit,
    ) -> Result<MessagePage>;

    /// The earlier texts of a message, oldest first: for its author, and for admins of the conversation.
    async fn versions(
        &self,
        reader: UserId,
        conversation: ConversationId,
        message: MessageId,
    ) -> Result<Vec<MessageVersion>>;
}
