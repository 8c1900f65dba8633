//! Changing a conversation: its texts, who may find it, its archive.

use rony_core::{
    Result,
    conversation::{ChangeConversation, Conversation, ConversationEvent, may_change_conversation},
    id::UserId,
    stream::NewEvent,
    time::Timestamp,
};

use super::{
    create::searched,
    row::{Site, site, write_history, write_visibility},
};
use crate::sql::{SqlStore, change::Change, dialect::Dialect, failed};

pub(super) async fn change<DB: Dialect>(store: &SqlStore<DB>, asked: ChangeConversation) -> Result<()> {
    let ChangeConversation { id, user_id, at, change: wanted } = asked;
    let mut change = store.change(at).await?;
    change.lock([id.into()]).await?;
    let Site { conversation: before, place, .. } = site::<DB>(change.connection(), id, user_id).await?;
    may_change_conversation(place, before.general, &wanted)?;
    let after = wanted.apply(at, before.clone());
    if after == before {
        return Ok(());
    }
    write(&mut change, after, Some(user_id)).await?;
    change.commit().await
}

/// Archives a conversation whose stream is locked.
pub(crate) async fn set_archived<DB: Dialect>(
    change: &mut Change<'_, DB>,
    conversation: Conversation,
) -> Result<()> {
    let archived = Conversation { archived_at: Some(change.at()), ..conversation };
    write(change, archived, None).await
}

async fn write<DB: Dialect>(
    change: &mut Change<'_, DB>,
    conversation: Conversation,
    by_id: Option<UserId>,
) -> Result<()> {
    sqlx::query::<DB>(
        "update rony_conversations set visibility = $2, history = $3, title = $4, topic = $5, icon = $6, fold = $7,
         archived_at = $8 where id = $1",
    )
    .bind(conversation.id.uuid())
    .bind(write_visibility(conversation.visibility).to_owned())
    .bind(write_history(conversation.history).to_owned())
    .bind(conversation.title.clone())
    .bind(conversation.topic.clone())
    .bind(conversation.icon.clone())
    .bind(searched(&conversation))
    .bind(conversation.archived_at.map(Timestamp::as_millis))
    .execute(change.connection())
    .await
    .map_err(failed)?;
    change.append(conversation.id, NewEvent::new(&ConversationEvent::Changed { conversation, by_id }), None);
    Ok(())
}
