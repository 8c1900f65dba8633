//! What may be done with pins.

use super::{PinChange, PinList, PinStore};
use crate::{
    Result,
    actor::{Actor, Scope},
    id::{ConversationId, MessageId},
    time::Clock,
};

/// The use cases of pins. Made by [`crate::Rony::pins`].
pub struct Pins<'r> {
    pub(crate) store: &'r dyn PinStore,
    pub(crate) clock: &'r dyn Clock,
}

impl Pins<'_> {
    /// Pins a message.
    ///
    /// # Errors
    ///
    /// What [`super::may_pin`] says; [`crate::Error::NotFound`] when the message is not there for the actor.
    pub async fn add(
        &self,
        actor: &Actor,
        conversation_id: ConversationId,
        message_id: MessageId,
    ) -> Result<()> {
        let user_id = actor.user(Scope::Write)?;
        self.store.pin(PinChange { conversation_id, message_id, user_id, at: self.clock.now() }).await
    }

    /// Takes a pin away, whoever set it.
    ///
    /// # Errors
    ///
    /// As [`Self::add`].
    pub async fn remove(
        &self,
        actor: &Actor,
        conversation_id: ConversationId,
        message_id: MessageId,
    ) -> Result<()> {
        let user_id = actor.user(Scope::Write)?;
        self.store.unpin(PinChange { conversation_id, message_id, user_id, at: self.clock.now() }).await
    }

    /// The pins of a conversation, newest first.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] when the actor is not a member.
    pub async fn list(&self, actor: &Actor, conversation: ConversationId) -> Result<PinList> {
        self.store.pins(actor.user(Scope::Read)?, conversation).await
    }
}
