//! Posting in SQLite: rows bound one by one, padded to few lengths.

use std::fmt::Write as _;

use rony_core::id::MessageId;
use sqlx::{AssertSqlSafe, Sqlite, SqliteConnection, sqlite::SqliteRow};

use crate::sql::{
    dialect::{PostKey, PostWrites, post_facts},
    message::{attachments_column, call_column, mentions_column},
    values,
};

pub(super) async fn facts(
    connection: &mut SqliteConnection,
    keys: &[PostKey],
) -> sqlx::Result<Vec<SqliteRow>> {
    let mut found = Vec::with_capacity(keys.len());
    for keys in keys.chunks(values::MOST) {
        let sql = format!(
            "with v (conversation_id, user_id, client_id) as (values {}) select {}",
            values::rows::<Sqlite>(3, keys.len()),
            post_facts()
        );
        let query = values::padded(keys).fold(sqlx::query(AssertSqlSafe(sql)), |query, key| {
            query.bind(key.0.uuid()).bind(key.1.uuid()).bind(key.2.uuid())
        });
        found.extend(query.fetch_all(&mut *connection).await?);
    }
    Ok(found)
}

const COLUMNS: &str = "conversation_id, seq, id, sender_id, client_id, ordinal, thread_id, thread_ordinal, reply_to, \
    text, mentions, at, version, attachments, call";

/// All that posting writes, in one go: each statement by itself is a way to the thread of the connection and back.
pub(super) async fn write(connection: &mut SqliteConnection, posts: &PostWrites<'_>) -> sqlx::Result<()> {
    let PostWrites { messages, read, heads } = posts;
    debug_assert!(messages.len() <= values::MOST, "a batch fits into one statement");
    let mut sql = format!(
        "with v ({COLUMNS}) as (values {})
         insert into rony_messages ({COLUMNS}) select {COLUMNS} from v where conversation_id is not null;
         update rony_clock set tick = tick + 1;
         with v (id, head, ordinal) as (values {})
         update rony_streams set head = v.head, ordinal = v.ordinal, moved = (select tick from rony_clock)
         from v where rony_streams.id = v.id;",
        values::rows::<Sqlite>(15, messages.len()),
        values::rows::<Sqlite>(3, heads.len()),
    );
    if !read.is_empty() {
        let rows = values::rows::<Sqlite>(3, read.len());
        let _ = write!(
            sql,
            "with v (conversation_id, user_id, ordinal) as (values {rows})
             update rony_members set read_ordinal = v.ordinal from v
             where rony_members.conversation_id = v.conversation_id and rony_members.user_id = v.user_id
             and rony_members.read_ordinal < v.ordinal"
        );
    }
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
            .bind(message.map(|m| m.version))
            .bind(message.map(|m| attachments_column(&m.attachments)))
            .bind(message.map(|m| call_column(m.call.as_ref())));
    }
    for head in values::padded(heads) {
        query = query.bind(head.id.uuid()).bind(head.head).bind(head.ordinal);
    }
    for ((conversation, user), ordinal) in values::padded(read) {
        query = query.bind(conversation.uuid()).bind(user.uuid()).bind(*ordinal);
    }
    query.execute(connection).await?;
    Ok(())
}
