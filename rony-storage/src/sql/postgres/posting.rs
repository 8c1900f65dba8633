//! Posting in PostgreSQL: two statements, whatever the number of posts. Arrays are bound, so their texts are always the same, and
//! neither the parser nor the planner has to go through thousands of placeholders.

use rony_core::id::MessageId;
use sqlx::{AssertSqlSafe, PgConnection, postgres::PgRow};

use crate::sql::{
    dialect::{PostKey, PostWrites, post_facts},
    message::{attachments_column, call_column, mentions_column},
};

pub(super) async fn facts(connection: &mut PgConnection, keys: &[PostKey]) -> sqlx::Result<Vec<PgRow>> {
    let sql = format!(
        "with v (conversation_id, user_id, client_id) as (select * from unnest($1::uuid[], $2::uuid[], $3::uuid[]))
         select {}",
        post_facts()
    );
    sqlx::query(AssertSqlSafe(sql))
        .bind(column(keys, |key| key.0.uuid()))
        .bind(column(keys, |key| key.1.uuid()))
        .bind(column(keys, |key| key.2.uuid()))
        .fetch_all(connection)
        .await
}

/// All that posting writes, in one statement. The rows of its three parts are different ones, so the order does not matter.
const WRITE: &str = "with posted as (
        insert into rony_messages (conversation_id, seq, id, sender_id, client_id, ordinal, thread_id, thread_ordinal,
            reply_to, text, mentions, at, version, attachments, call)
        select * from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::uuid[],
            $8::bigint[], $9::uuid[], $10::text[], $11::text[], $12::bigint[], $13::bigint[], $14::text[], $15::text[])
    ), marked as (
        update rony_members r set read_ordinal = v.ordinal
        from unnest($16::uuid[], $17::uuid[], $18::bigint[]) v (conversation_id, user_id, ordinal)
        where r.conversation_id = v.conversation_id and r.user_id = v.user_id and r.read_ordinal < v.ordinal
    )
    update rony_streams s set head = v.head, ordinal = v.ordinal, moved = pg_current_xact_id()::text::bigint
    from unnest($19::uuid[], $20::bigint[], $21::bigint[]) v (id, head, ordinal) where s.id = v.id";

pub(super) async fn write(connection: &mut PgConnection, posts: &PostWrites<'_>) -> sqlx::Result<()> {
    let PostWrites { messages, read, heads } = posts;
    sqlx::query(WRITE)
        .bind(column(messages, |it| it.conversation_id.uuid()))
        .bind(column(messages, |it| it.seq))
        .bind(column(messages, |it| it.id.uuid()))
        .bind(column(messages, |it| it.sender_id.uuid()))
        .bind(column(messages, |it| it.client_id.uuid()))
        .bind(column(messages, |it| it.ordinal))
        .bind(column(messages, |it| it.thread_id.map(MessageId::uuid)))
        .bind(column(messages, |it| it.thread_ordinal))
        .bind(column(messages, |it| it.reply_to.map(MessageId::uuid)))
        .bind(column(messages, |it| it.text.as_str()))
        .bind(column(messages, |it| mentions_column(&it.mentions)))
        .bind(column(messages, |it| it.created_at.as_millis()))
        .bind(column(messages, |it| it.version))
        .bind(column(messages, |it| attachments_column(&it.attachments)))
        .bind(column(messages, |it| call_column(it.call.as_ref())))
        .bind(column(read, |((conversation, _), _)| conversation.uuid()))
        .bind(column(read, |((_, user), _)| user.uuid()))
        .bind(column(read, |(_, ordinal)| *ordinal))
        .bind(column(heads, |it| it.id.uuid()))
        .bind(column(heads, |it| it.head))
        .bind(column(heads, |it| it.ordinal))
        .execute(connection)
        .await?;
    Ok(())
}

/// One column of rows, as an array to bind.
pub(super) fn column<'r, R, T>(rows: &'r [R], of: impl Fn(&'r R) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}
