//! Changing messages that are there: edits with their history, and tombstones.

use rony_core::{
    Error, Result,
    id::{ConversationId, MessageId, UserId},
    message::{
        DeleteMessage, EditMessage, Mentioned, Message, MessageEvent, MessageVersion, may_delete, may_edit,
    },
    permission::{Action, check},
    stream::{NewEvent, StreamId},
    time::Timestamp,
};
use sqlx::Row;

use super::{attachment, page::load, post};
use crate::sql::{SqlStore, change::Change, dialect::Dialect, failed, notification, place::standing};

pub(super) async fn edit<DB: Dialect>(store: &SqlStore<DB>, edit: EditMessage) -> Result<Message> {
    let EditMessage { conversation_id, message_id, editor_id, at, text, mentions } = edit;
    let mut change = store.change(at).await?;
    change.lock([conversation_id.into()]).await?;
    let standing = standing::<DB>(change.connection(), conversation_id, editor_id).await?;
    let mut message = load::<DB>(change.connection(), editor_id, conversation_id, message_id).await?;
    may_edit(editor_id, standing.place, standing.blocked, &message)?;
    if message.text == text {
        return Ok(message);
    }
    sqlx::query::<DB>(
        "insert into rony_message_versions (message_id, version, text, replaced_at, replaced_by) values ($1, $2, $3, $4, $5)",
    )
    .bind(message_id.uuid())
    .bind(message.version)
    .bind(message.text.clone())
    .bind(at.as_millis())
    .bind(editor_id.uuid())
    .execute(change.connection())
    .await
    .map_err(failed)?;
    message.version = change.head(conversation_id) + 1;
    message.text = text;
    message.mentions = mentions;
    message.edited_at = Some(at);
    write(&mut change, &message).await?;
    let event = MessageEvent::Edited { message_id, posted: message.seq };
    change.append(conversation_id, NewEvent::new(&event), Some(&message));
    change.commit().await?;
    Ok(message)
}

pub(super) async fn delete<DB: Dialect>(store: &SqlStore<DB>, delete: DeleteMessage) -> Result<Message> {
    let DeleteMessage { conversation_id, message_id, user_id, at } = delete;
    let mut change = store.change(at).await?;
    let notified = notification::notified_of::<DB>(change.connection(), message_id).await?;
    let own = notified.iter().map(|user| StreamId::from(*user));
    change.lock(own.chain([conversation_id.into()])).await?;
    let standing = standing::<DB>(change.connection(), conversation_id, user_id).await?;
    let mut message = load::<DB>(change.connection(), user_id, conversation_id, message_id).await?;
    may_delete(user_id, standing.place, &message)?;
    if message.deleted_at.is_some() {
        return Ok(message);
    }
    message.version = change.head(conversation_id) + 1;
    message.text = String::new();
    message.mentions = Mentioned::default();
    message.attachments = Vec::new();
    message.call = None;
    message.reactions = Vec::new();
    message.deleted_at = Some(at);
    write(&mut change, &message).await?;
    attachment::withdraw(&mut change, conversation_id, message.seq).await?;
    for statement in [
        "delete from rony_message_versions where message_id = $1",
        "delete from rony_reactions where message_id = $1",
        "delete from rony_pins where message_id = $1",
    ] {
        sqlx::query::<DB>(statement)
            .bind(message_id.uuid())
            .execute(change.connection())
            .await
            .map_err(failed)?;
    }
    let event = MessageEvent::Deleted { message_id, posted: message.seq };
    change.append(conversation_id, NewEvent::new(&event), Some(&message));
    notification::withdraw(&mut change, message_id, &notified).await?;
    change.commit().await?;
    Ok(message)
}

/// Writes what a change can change of a message's row, and its mentions anew.
async fn write<DB: Dialect>(change: &mut Change<'_, DB>, message: &Message) -> Result<()> {
    sqlx::query::<DB>(
        "update rony_messages set text = $3, mentions = $4, version = $5, edited_at = $6, deleted_at = $7,
         attachments = $8, call = $9
         where conversation_id = $1 and seq = $2",
    )
    .bind(message.conversation_id.uuid())
    .bind(message.seq)
    .bind(message.text.clone())
    .bind(post::mentions_column(&message.mentions))
    .bind(message.version)
    .bind(message.edited_at.map(Timestamp::as_millis))
    .bind(message.deleted_at.map(Timestamp::as_millis))
    .bind(attachment::column(&message.attachments))
    .bind(post::call_column(message.call.as_ref()))
    .execute(change.connection())
    .await
    .map_err(failed)?;
    sqlx::query::<DB>("delete from rony_mentions where conversation_id = $1 and seq = $2")
        .bind(message.conversation_id.uuid())
        .bind(message.seq)
        .execute(change.connection())
        .await
        .map_err(failed)?;
    post::write_mentions(change, std::slice::from_ref(message)).await
}

pub(super) async fn versions<DB: Dialect>(
    store: &SqlStore<DB>,
    reader: UserId,
    conversation: ConversationId,
    message: MessageId,
) -> Result<Vec<MessageVersion>> {
    let mut snapshot = store.snapshot().await?;
    let standing = standing::<DB>(&mut snapshot, conversation, reader).await?;
    let message = load::<DB>(&mut snapshot, reader, conversation, message).await?;
    if message.sender_id != reader {
        check(Action::Moderate, standing.place).map_err(|_| {
            Error::forbidden(
                "not_yours",
                "Only its author, and admins of the conversation, see what a message said before.",
            )
        })?;
    }
    let rows = sqlx::query::<DB>(
        "select version, text, replaced_at, replaced_by from rony_message_versions where message_id = $1 order by version",
    )
    .bind(message.id.uuid())
    .fetch_all(&mut *snapshot)
    .await
    .map_err(failed)?;
    let version = |row: &DB::Row| MessageVersion {
        version: row.get(0),
        text: row.get(1),
        replaced_at: Timestamp::from_millis(row.get(2)),
        replaced_by: UserId(row.get(3)),
    };
    Ok(rows.iter().map(version).collect())
}
