//! Pins on SQL.

use async_trait::async_trait;
use rony_core::{
    Result,
    id::{ConversationId, UserId},
    permission::{Action, check},
    pin::{Pin, PinChange, PinEvent, PinList, PinStore, may_pin},
    stream::NewEvent,
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};

use super::{
    SqlStore,
    dialect::Dialect,
    failed, message,
    place::{VISIBLE, standing},
};

#[async_trait]
impl<DB: Dialect> PinStore for SqlStore<DB> {
    async fn pin(&self, pin: PinChange) -> Result<()> {
        let PinChange { conversation_id, message_id, user_id, at } = pin;
        let mut change = self.change(at).await?;
        change.lock([conversation_id.into()]).await?;
        let standing = standing::<DB>(change.connection(), conversation_id, user_id).await?;
        let message = message::load::<DB>(change.connection(), user_id, conversation_id, message_id).await?;
        let others = sqlx::query_scalar::<DB, i64>(
            "select count(*) from rony_pins where conversation_id = $1 and message_id <> $2",
        )
        .bind(conversation_id.uuid())
        .bind(message_id.uuid())
        .fetch_one(change.connection())
        .await
        .map_err(failed)?;
        may_pin(standing.place, &message, others)?;
        let added = sqlx::query::<DB>(
            "insert into rony_pins (conversation_id, message_id, pinned_by, at) values ($1, $2, $3, $4)
             on conflict do nothing returning at",
        )
        .bind(conversation_id.uuid())
        .bind(message_id.uuid())
        .bind(user_id.uuid())
        .bind(at.as_millis())
        .fetch_optional(change.connection())
        .await
        .map_err(failed)?;
        if added.is_some() {
            let event = PinEvent::Added { message_id, user_id, posted: message.seq };
            change.append(conversation_id, NewEvent::new(&event), Some(&message));
            change.commit().await?;
        }
        Ok(())
    }

    async fn unpin(&self, pin: PinChange) -> Result<()> {
        let PinChange { conversation_id, message_id, user_id, at } = pin;
        let mut change = self.change(at).await?;
        change.lock([conversation_id.into()]).await?;
        let standing = standing::<DB>(change.connection(), conversation_id, user_id).await?;
        check(Action::Pin, standing.place)?;
        let message = message::load::<DB>(change.connection(), user_id, conversation_id, message_id).await?;
        let removed = sqlx::query::<DB>(
            "delete from rony_pins where conversation_id = $1 and message_id = $2 returning at",
        )
        .bind(conversation_id.uuid())
        .bind(message_id.uuid())
        .fetch_optional(change.connection())
        .await
        .map_err(failed)?;
        if removed.is_some() {
            let event = PinEvent::Removed { message_id, user_id, posted: message.seq };
            change.append(conversation_id, NewEvent::new(&event), None);
            change.commit().await?;
        }
        Ok(())
    }

    async fn pins(&self, reader: UserId, conversation: ConversationId) -> Result<PinList> {
        let mut snapshot = self.snapshot().await?;
        let standing = standing::<DB>(&mut snapshot, conversation, reader).await?;
        check(Action::Read, standing.place)?;
        let as_of = sqlx::query_scalar::<DB, i64>("select head from rony_streams where id = $1")
            .bind(conversation.uuid())
            .fetch_one(&mut *snapshot)
            .await
            .map_err(failed)?;
        Ok(PinList { items: read::<DB>(&mut snapshot, reader, conversation).await?, next: None, as_of })
    }
}

/// The pins that a member may see, newest first.
pub(crate) async fn read<DB: Dialect>(
    connection: &mut DB::Connection,
    reader: UserId,
    conversation: ConversationId,
) -> Result<Vec<Pin>> {
    // SQLite takes tables as they are named after "cross join". By itself it went through all messages of the conversation, and
    // looked for a pin of each.
    let sql = format!(
        "select {}, p.pinned_by, p.at from rony_members r
         cross join rony_pins p cross join rony_messages m
         where r.user_id = $1 and r.conversation_id = $2 and p.conversation_id = r.conversation_id
         and {VISIBLE} and m.id = p.message_id order by p.at desc, m.seq desc",
        message::COLUMNS
    );
    let rows = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(reader.uuid())
        .bind(conversation.uuid())
        .fetch_all(&mut *connection)
        .await
        .map_err(failed)?;
    let mut messages = rows.iter().map(message::read::<DB>).collect::<Result<Vec<_>>>()?;
    message::complete::<DB>(connection, &mut messages).await?;
    let pin = |(message, row): (_, &DB::Row)| Pin {
        message,
        pinned_by: UserId(row.get(message::WIDTH)),
        pinned_at: Timestamp::from_millis(row.get(message::WIDTH + 1)),
    };
    Ok(messages.into_iter().zip(&rows).map(pin).collect())
}
