//! What stands beside `sync`: the same rows, read from the same tables and looked at column by column, and nothing else.

use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, Result};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Row, SqlitePool};
use tokio::task::JoinSet;
use tokio::time::Instant;
use uuid::Uuid;

const READ: &str =
    "select id, conversation_id, sender_id, client_id, seq, ordinal, version, thread_id, thread_ordinal,
    reply_to, text, mentions, at, edited_at, deleted_at
    from rony_messages where conversation_id = $1 and seq > $2 order by seq";

/// Rows a second that `clients` read who read the rows of `conversation` after `after`, again and again.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn rate(
    url: &str,
    (conversation, after): (Uuid, i64),
    clients: u32,
    time: Duration,
) -> Result<f64> {
    let options = SqliteConnectOptions::from_str(url).context("not a URL of SQLite")?;
    let pool = SqlitePoolOptions::new().max_connections(clients).connect_with(options).await?;
    let began = Instant::now();
    let mut readers = JoinSet::new();
    for _ in 0..clients {
        let pool = pool.clone();
        readers.spawn(async move {
            let mut rows = 0;
            while began.elapsed() < time {
                rows += read(&pool, conversation, after).await?;
            }
            anyhow::Ok(rows)
        });
    }
    let mut rows = 0;
    while let Some(done) = readers.join_next().await {
        rows += done.context("a reader's task broke off")??;
    }
    let rate = rows as f64 / began.elapsed().as_secs_f64();
    pool.close().await;
    Ok(rate)
}

async fn read(pool: &SqlitePool, conversation: Uuid, after: i64) -> Result<u64> {
    let rows = sqlx::query(READ).bind(conversation).bind(after).fetch_all(pool).await?;
    let mut bytes = 0;
    for row in &rows {
        for id in 0..4 {
            bytes += row.try_get::<Uuid, _>(id)?.as_bytes().len();
        }
        for text in [10, 11] {
            bytes += row.try_get::<String, _>(text)?.len();
        }
        for number in [4, 5, 6, 8, 12] {
            bytes += usize::from(row.try_get::<i64, _>(number)? > 0);
        }
        for nothing in [13, 14] {
            bytes += usize::from(row.try_get::<Option<i64>, _>(nothing)?.is_some());
        }
    }
    std::hint::black_box(bytes);
    Ok(rows.len() as u64)
}
