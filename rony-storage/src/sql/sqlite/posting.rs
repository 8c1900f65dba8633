//! Posting in SQLite: rows bound one by one, padded to few lengths; there is no network between its statements.

use rony_core::{
    id::{ConversationId, MessageId, UserId},
    message::Message,
};
use sqlx::{AssertSqlSafe, Sqlite, SqliteConnection, sqlite::SqliteRow};

use crate::sql::{
    change::write_heads,
    dialect::{Dialect, POST_FACTS, PostKey, PostWrites},
    message::mentions_column,
    values,
};

pub(super) async fn facts(
    connection: &mut SqliteConnection,
    keys: &[PostKey],
) -> sqlx::Result<Vec<SqliteRow>> {
    let mut found = Vec::with_capacity(keys.len());
    for keys in keys.chunks(values::MOST) {
        let sql = format!(
            "with v (conversation_id, user_id, client_id) as (values {}) select {POST_FACTS}",
            values::unnumbered_rows(3, keys.len())
        );
        let query = values::padded(keys).fold(sqlx::query(AssertSqlSafe(sql)), |query, key| {
            query.bind(key.0.uuid()).bind(key.1.uuid()).bind(key.2.uuid())
        });
        found.extend(query.fetch_all(&mut *connection).await?);
    }
    Ok(found)
}

pub(super) async fn write(connection: &mut SqliteConnection, posts: &PostWrites<'_>) -> sqlx::Result<()> {
    for messages in posts.messages.chunks(values::MOST) {
        insert(connection, messages).await?;
    }
    for marks in posts.read.chunks(values::MOST) {
        raise_read_marks(connection, marks).await?;
    }
    let tick = sqlx::query_scalar(<Sqlite as Dialect>::TICK).fetch_one(&mut *connection).await?;
    for heads in posts.heads.chunks(values::MOST) {
        write_heads::<Sqlite>(connection, heads, tick).await?;
    }
    Ok(())
}

async fn insert(connection: &mut SqliteConnection, messages: &[Message]) -> sqlx::Result<()> {
    const COLUMNS: &str = "conversation_id, seq, id, sender_id, client_id, ordinal, thread_id, thread_ordinal, reply_to, \
        text, mentions, at, version";
    let sql = format!(
        "with v ({COLUMNS}) as (values {})
         insert into rony_messages ({COLUMNS}) select {COLUMNS} from v where conversation_id is not null",
        values::unnumbered_rows(13, messages.len())
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for message in values::optional(messages) {
        query = query
            .bind(message.map(|m| m.conversation_id.uuid()))
            .bind(message.map(|m| m.seq))
            .bind(message.map(|m| m.id.uuid()))
            .bind(message.map(|m| m.sender_id.uuid()))
            .bind(message.map(|m| m.client_id.uuid()))
            .bind(message.map(|m| m.ordinal))
            .bind(message.and_then(|m| m.thread_id).map(MessageId::uuid))
            .bind(message.map(|m| m.thread_ordinal))
            .bind(message.and_then(|m| m.reply_to).map(MessageId::uuid))
            .bind(message.map(|m| m.text.clone()))
            .bind(message.map(|m| mentions_column(&m.mentions)))
            .bind(message.map(|m| m.created_at.as_millis()))
            .bind(message.map(|m| m.version));
    }
    query.execute(connection).await?;
    Ok(())
}

async fn raise_read_marks(
    connection: &mut SqliteConnection,
    marks: &[((ConversationId, UserId), i64)],
) -> sqlx::Result<()> {
    let sql = format!(
        "with v (conversation_id, user_id, ordinal) as (values {})
         update rony_members set read_ordinal = v.ordinal from v
         where rony_members.conversation_id = v.conversation_id and rony_members.user_id = v.user_id
         and rony_members.read_ordinal < v.ordinal",
        values::unnumbered_rows(3, marks.len())
    );
    let query = values::padded(marks).fold(
        sqlx::query(AssertSqlSafe(sql)),
        |query, ((conversation, user), ordinal)| {
            query.bind(conversation.uuid()).bind(user.uuid()).bind(*ordinal)
        },
    );
    query.execute(connection).await?;
    Ok(())
}
