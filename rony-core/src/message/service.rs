//! What may be done with messages.

use std::collections::HashMap;

use super::{
    DeleteMessage, EditMessage, Mentioned, Message, MessagePage, MessageStore, MessageVersion, NewMessage,
    Post, Posted, Window, rule::RETRY, types::validate_text,
};
use crate::{
    Error, Result,
    actor::{Actor, Scope},
    id::{ConversationId, MessageId, UserId},
    mention,
    page::Limit,
    time::Clock,
    user::UserStore,
    username::UsernameKey,
};

/// The use cases of messages. Made by [`crate::Rony::messages`].
pub struct Messages<'r> {
    pub(crate) store: &'r dyn MessageStore,
    pub(crate) users: &'r dyn UserStore,
    pub(crate) clock: &'r dyn Clock,
}

impl Messages<'_> {
    /// Posts a message. When the answer is here, it is on disk and on its way to the other members.
    ///
    /// # Errors
    ///
    /// What [`Post::validate`] and [`super::admit`] say. After [`Error::Unavailable`] the message may have been posted:
    /// post it again with the same `client_id`, and it is there once.
    pub async fn post(&self, actor: &Actor, conversation: ConversationId, post: Post) -> Result<Posted> {
        let sender_id = actor.user(Scope::Write)?;
        post.validate()?;
        let mentions = self.mentioned(&post.text).await?;
        let at = self.clock.now();
        let message = NewMessage {
            id: MessageId::new(at),
            conversation_id: conversation,
            sender_id,
            at,
            post,
            mentions,
            call: None,
        };
        let answers = self.store.post(vec![message]).await?;
        let lost = || Error::Unavailable {
            retry_after: RETRY,
            detail: "The message was not posted. Try again.",
            source: None,
        };
        Ok(answers.into_iter().next().ok_or_else(lost)??)
    }

    /// Changes the text of one's own message.
    ///
    /// # Errors
    ///
    /// For a text that a post could not have, and what [`super::may_edit`] says.
    pub async fn edit(
        &self,
        actor: &Actor,
        conversation_id: ConversationId,
        message_id: MessageId,
        text: String,
    ) -> Result<Message> {
        let editor_id = actor.user(Scope::Write)?;
        validate_text(&text)?;
        let mentions = self.mentioned(&text).await?;
        let at = self.clock.now();
        self.store.edit(EditMessage { conversation_id, message_id, editor_id, at, text, mentions }).await
    }

    /// Deletes a message: a tombstone stays.
    ///
    /// # Errors
    ///
    /// What [`super::may_delete`] says.
    pub async fn delete(
        &self,
        actor: &Actor,
        conversation_id: ConversationId,
        message_id: MessageId,
    ) -> Result<Message> {
        let user_id = actor.user(Scope::Write)?;
        self.store.delete(DeleteMessage { conversation_id, message_id, user_id, at: self.clock.now() }).await
    }

    /// One message, for a link to it or a quote.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when it is not there for the actor.
    pub async fn get(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        message: MessageId,
    ) -> Result<Message> {
        self.store.message(actor.user(Scope::Read)?, conversation, message).await
    }

    /// A part of a conversation, or of the thread under `thread`.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when the actor is not a member.
    pub async fn page(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        thread: Option<MessageId>,
        window: Window,
        limit: Limit,
    ) -> Result<MessagePage> {
        self.store.page(actor.user(Scope::Read)?, conversation, thread, window, limit).await
    }

    /// The earlier texts of a message.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] for who is neither its author nor an admin of the conversation.
    pub async fn versions(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        message: MessageId,
    ) -> Result<Vec<MessageVersion>> {
        self.store.versions(actor.user(Scope::Read)?, conversation, message).await
    }

    /// Whom a text mentions: accounts that exist, in the order of the text. Who is no member of the conversation is named,
    /// but not told.
    async fn mentioned(&self, text: &str) -> Result<Mentioned> {
        let found = mention::mentions(text);
        let all = found.all || found.here;
        if found.names.is_empty() {
            return Ok(Mentioned { users: Vec::new(), all });
        }
        let candidates = found.names.iter().flat_map(|name| mention::candidates(name)).map(UsernameKey::of);
        let known = self.users.users_by_name(&candidates.collect::<Vec<_>>()).await?;
        let known: HashMap<_, _> = known.into_iter().collect();
        let mut users: Vec<UserId> = Vec::new();
        for name in &found.names {
            // The longest name that exists is meant: "@ann.lee" before "@ann".
            let user = mention::candidates(name).find_map(|name| known.get(&UsernameKey::of(name)).copied());
            users.extend(user.filter(|user| !users.contains(user)));
        }
        Ok(Mentioned { users, all })
    }
}
