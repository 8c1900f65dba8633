//! What may be done with conversations.

use super::{
    ChangeConversation, ConversationChange, ConversationStore, ConversationView, CreateConversation, Created,
    DeleteConversation, NewConversation,
};
use crate::{
    Result,
    actor::{Actor, Scope},
    id::ConversationId,
    page::{Cursor, Limit, Page},
    time::Clock,
};

/// The use cases of conversations. Made by [`crate::Rony::conversations`].
pub struct Conversations<'r> {
    pub(crate) store: &'r dyn ConversationStore,
    pub(crate) clock: &'r dyn Clock,
}

const MINE: &str = "conversations";
const PUBLIC: &str = "public_conversations";

impl Conversations<'_> {
    /// Starts a conversation; who starts a group owns it. Between two people there is one direct conversation: starting
    /// it again answers the one that is there.
    ///
    /// # Errors
    ///
    /// What [`NewConversation::validate`] and [`super::may_start`] say.
    pub async fn create(&self, actor: &Actor, new: NewConversation) -> Result<Created> {
        let creator_id = actor.user(Scope::Manage)?;
        let (new, at) = (new.validate()?, self.clock.now());
        self.store
            .create_conversation(CreateConversation { id: ConversationId::new(at), creator_id, at, new })
            .await
    }

    /// Changes what is named; archives, and brings back.
    ///
    /// # Errors
    ///
    /// What [`ConversationChange::validate`] and [`super::may_change_conversation`] say.
    pub async fn change(
        &self,
        actor: &Actor,
        id: ConversationId,
        change: ConversationChange,
    ) -> Result<ConversationView> {
        let user_id = actor.user(Scope::Manage)?;
        let (change, at) = (change.validate()?, self.clock.now());
        self.store.change_conversation(ChangeConversation { id, user_id, at, change }).await
    }

    /// Deletes a conversation with everything in it, for everybody and for good.
    ///
    /// # Errors
    ///
    /// What [`super::may_delete_conversation`] says.
    pub async fn delete(&self, actor: &Actor, id: ConversationId) -> Result<()> {
        let user_id = actor.user(Scope::Manage)?;
        self.store.delete_conversation(DeleteConversation { id, user_id, at: self.clock.now() }).await
    }

    /// One conversation.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] when it is not there for the actor.
    pub async fn get(&self, actor: &Actor, id: ConversationId) -> Result<ConversationView> {
        self.store.conversation(actor.user(Scope::Read)?, id).await
    }

    /// The conversations that the actor is in, in the order in which they were started.
    ///
    /// # Errors
    ///
    /// For a cursor that this list did not make.
    pub async fn list(
        &self,
        actor: &Actor,
        limit: Limit,
        cursor: Option<&Cursor>,
    ) -> Result<Page<ConversationView>> {
        let reader = actor.user(Scope::Read)?;
        let after = cursor.map(|cursor| cursor.decode(MINE)).transpose()?;
        let rows = self.store.conversations(reader, after, limit.rows()).await?;
        Ok(Page::cut(rows, limit, MINE, |last| last.conversation.id))
    }

    /// The public conversations whose title or topic contains `query` (all, when it is empty): those that the actor is in,
    /// and those that they may join.
    ///
    /// # Errors
    ///
    /// For a cursor that this list did not make.
    pub async fn browse(
        &self,
        actor: &Actor,
        query: &str,
        limit: Limit,
        cursor: Option<&Cursor>,
    ) -> Result<Page<ConversationView>> {
        let reader = actor.user(Scope::Read)?;
        let after = cursor.map(|cursor| cursor.decode(PUBLIC)).transpose()?;
        let rows = self.store.public_conversations(reader, query, after, limit.rows()).await?;
        Ok(Page::cut(rows, limit, PUBLIC, |last| last.conversation.id))
    }
}
