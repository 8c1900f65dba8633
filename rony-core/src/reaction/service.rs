//! What may be done with reactions.

use super::{React, ReactionStore, check_emoji};
use crate::{
    Result,
    actor::{Actor, Scope},
    id::{ConversationId, MessageId},
    message::Message,
    time::Clock,
};

/// The use cases of reactions. Made by [`crate::Rony::reactions`].
pub struct Reactions<'r> {
    pub(crate) store: &'r dyn ReactionStore,
    pub(crate) clock: &'r dyn Clock,
}

impl Reactions<'_> {
    /// Puts an emoji under a message, and answers the message.
    ///
    /// # Errors
    ///
    /// What [`check_emoji`] and [`super::may_react`] say; [`crate::Error::NotFound`] when the message is not there for the actor.
    pub async fn add(
        &self,
        actor: &Actor,
        conversation_id: ConversationId,
        message_id: MessageId,
        emoji: String,
    ) -> Result<Message> {
        self.store.react(self.wish(actor, conversation_id, message_id, emoji)?).await
    }

    /// Takes one's own emoji away from a message, and answers the message.
    ///
    /// # Errors
    ///
    /// As [`Self::add`].
    pub async fn remove(
        &self,
        actor: &Actor,
        conversation_id: ConversationId,
        message_id: MessageId,
        emoji: String,
    ) -> Result<Message> {
        self.store.unreact(self.wish(actor, conversation_id, message_id, emoji)?).await
    }

    fn wish(
        &self,
        actor: &Actor,
        conversation_id: ConversationId,
        message_id: MessageId,
        emoji: String,
    ) -> Result<React> {
        let user_id = actor.user(Scope::Write)?;
        check_emoji(&emoji)?;
        Ok(React { conversation_id, message_id, user_id, at: self.clock.now(), emoji })
    }
}
