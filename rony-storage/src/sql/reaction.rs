//! Reactions on SQL.

use async_trait::async_trait;
use rony_core::{
    Result,
    message::Message,
    permission::{Action, check},
    reaction::{React, ReactionEvent, ReactionStore, may_react},
    stream::NewEvent,
};

use super::{
    SqlStore,
    change::Change,
    dialect::Dialect,
    failed, message,
    place::{blocked, standing},
};

#[async_trait]
impl<DB: Dialect> ReactionStore for SqlStore<DB> {
    async fn react(&self, react: React) -> Result<Message> {
        let React { conversation_id, message_id, user_id, at, .. } = react;
        let mut change = self.change(at).await?;
        change.lock([conversation_id.into()]).await?;
        let standing = standing::<DB>(change.connection(), conversation_id, user_id).await?;
        let blocked = blocked::<DB>(change.connection(), conversation_id, standing.place).await?;
        let message = message::load::<DB>(change.connection(), user_id, conversation_id, message_id).await?;
        may_react(standing.place, blocked, &message, &react.emoji)?;
        let added = sqlx::query::<DB>(
            "insert into rony_reactions (message_id, emoji, user_id, at) values ($1, $2, $3, $4) on conflict do nothing returning at",
        )
        .bind(message_id.uuid())
        .bind(react.emoji.clone())
        .bind(user_id.uuid())
        .bind(at.as_millis())
        .fetch_optional(change.connection())
        .await
        .map_err(failed)?;
        if added.is_none() {
            return Ok(message);
        }
        let event = ReactionEvent::Added { message_id, user_id, emoji: react.emoji, posted: message.seq };
        tell(change, message, &event).await
    }

    async fn unreact(&self, react: React) -> Result<Message> {
        let React { conversation_id, message_id, user_id, at, .. } = react;
        let mut change = self.change(at).await?;
        change.lock([conversation_id.into()]).await?;
        let standing = standing::<DB>(change.connection(), conversation_id, user_id).await?;
        check(Action::Write, standing.place)?;
        let message = message::load::<DB>(change.connection(), user_id, conversation_id, message_id).await?;
        let removed = sqlx::query::<DB>(
            "delete from rony_reactions where message_id = $1 and emoji = $2 and user_id = $3 returning at",
        )
        .bind(message_id.uuid())
        .bind(react.emoji.clone())
        .bind(user_id.uuid())
        .fetch_optional(change.connection())
        .await
        .map_err(failed)?;
        if removed.is_none() {
            return Ok(message);
        }
        let event = ReactionEvent::Removed { message_id, user_id, emoji: react.emoji, posted: message.seq };
        tell(change, message, &event).await
    }
}

/// Raises the message's version to the event's number, and answers the message as it is then.
async fn tell<DB: Dialect>(
    mut change: Change<'_, DB>,
    message: Message,
    event: &ReactionEvent,
) -> Result<Message> {
    let conversation = message.conversation_id;
    let version = change.head(conversation) + 1;
    sqlx::query::<DB>("update rony_messages set version = $3 where conversation_id = $1 and seq = $2")
        .bind(conversation.uuid())
        .bind(message.seq)
        .bind(version)
        .execute(change.connection())
        .await
        .map_err(failed)?;
    let mut changed = [Message { version, ..message }];
    message::complete::<DB>(change.connection(), &mut changed).await?;
    let [message] = changed;
    change.append(conversation, NewEvent::new(event), Some(&message));
    change.commit().await?;
    Ok(message)
}
