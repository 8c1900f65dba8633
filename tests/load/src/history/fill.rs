//! A long conversation, written straight into the tables: by the use cases a million messages would take longer than everything that
//! is measured on them.

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use uuid::Uuid;

/// When the first message was posted, in unix milliseconds; one comes each second.
pub(super) const FIRST: i64 = 1_600_000_000_000;

/// Between two messages, in milliseconds.
pub(super) const EVERY: i64 = 1000;

/// In every message.
pub(super) const COMMON: &str = "common";

/// In three messages.
pub(super) const RARE: &str = "kingfisher";

/// What a message says, from its number `i`: words only, as the search index has them.
const TEXT: &str = "'common talk about w' || (i % 997) || ' and w' || (i * 7919 % 10007) || \
    case when i % (LAST / 3) = 1 and i / (LAST / 3) < 3 then ' kingfisher' else '' end";

/// Writes messages into a conversation until it has `last` more, by `sender`, with everything that posting and the jobs would
/// have written; but on SQLite the search index, which follows the messages by itself.
///
/// # Errors
/// When the database refuses.
pub(super) async fn fill(url: &str, conversation: Uuid, sender: Uuid, last: u64) -> Result<()> {
    let text = TEXT.replace("LAST", &last.to_string());
    if url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(url).await?;
        let sql = sqlite(conversation, sender, last, &text);
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await
            .context("SQLite refuses messages")?;
        return connection.close().await.context("SQLite did not close");
    }
    let mut connection = PgConnection::connect(url).await?;
    let sql = postgres(conversation, sender, last, &text);
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .context("PostgreSQL refuses messages")?;
    connection.close().await.context("PostgreSQL did not close")
}

fn sqlite(conversation: Uuid, sender: Uuid, last: u64, text: &str) -> String {
    let (conversation, sender) = (conversation.simple(), sender.simple());
    format!(
        "pragma synchronous = off;
         begin immediate;
         create temporary table base as select head from rony_streams where id = x'{conversation}';
         insert into rony_messages (conversation_id, seq, id, sender_id, client_id, ordinal, thread_ordinal, text, mentions, at, version)
         with recursive n (i) as (select 1 union all select i + 1 from n where i < {last})
         select x'{conversation}', head + i, randomblob(16), x'{sender}', randomblob(16), i, 0, {text}, '', {FIRST} + i * {EVERY}, head + i
         from n, base;
         update rony_streams set head = head + {last}, ordinal = {last} where id = x'{conversation}';
         insert into rony_projected (stream_id, seq) select id, head from rony_streams where id = x'{conversation}'
         on conflict (stream_id) do update set seq = excluded.seq;
         drop table base;
         commit;"
    )
}

fn postgres(conversation: Uuid, sender: Uuid, last: u64, text: &str) -> String {
    format!(
        "begin;
         insert into rony_messages (conversation_id, seq, id, sender_id, client_id, ordinal, thread_ordinal, text, mentions, at, version)
         select '{conversation}', head + i, gen_random_uuid(), '{sender}', gen_random_uuid(), i, 0, {text}, '', {FIRST} + i * {EVERY}, head + i
         from rony_streams s, generate_series(1::bigint, {last}) i where s.id = '{conversation}' order by i;
         drop index rony_search_words;
         insert into rony_search (conversation_id, seq, position, sender_id, link, words)
         select conversation_id, seq, at * 1048576 + seq % 1048576, sender_id, false, to_tsvector('simple', text)
         from rony_messages where conversation_id = '{conversation}' order by seq;
         create index rony_search_words on rony_search using gin (words);
         update rony_streams set head = head + {last}, ordinal = {last} where id = '{conversation}';
         insert into rony_projected (stream_id, seq) select id, head from rony_streams where id = '{conversation}'
         on conflict (stream_id) do update set seq = excluded.seq;
         commit;
         analyze;"
    )
}
