//! What stands beside it: the same rows, one by one, each its own transaction, by the same number of clients.
//!
//! On PostgreSQL by pgbench with prepared statements; on SQLite by a loop over one connection, since there is one writer
//! anyway. The table has the columns and the indexes of Rony's own.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rand::SeedableRng;
use rand::rngs::SmallRng;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tokio::process::Command;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::Instant;
use uuid::Uuid;

use crate::text::text;

/// The columns of a message that a plain insert fills; the others have constants.
const COLUMNS: &str =
    "conversation_id, seq, id, sender_id, client_id, ordinal, thread_ordinal, text, mentions, at, version";

/// Rows a second that single-row inserts reach.
///
/// # Errors
/// When the database refuses, or there is no pgbench.
pub(super) async fn rate(
    url: &str,
    folder: &Path,
    clients: usize,
    conversations: usize,
    time: Duration,
) -> Result<f64> {
    match url.strip_prefix("sqlite:") {
        Some(rony) => sqlite(Path::new(rony), &folder.join("raw.db"), clients, conversations, time).await,
        None => pgbench(url, folder, clients, conversations, time).await,
    }
}

async fn pgbench(
    url: &str,
    folder: &Path,
    clients: usize,
    conversations: usize,
    time: Duration,
) -> Result<f64> {
    let mut connection = PgConnection::connect(url).await.context("PostgreSQL cannot be reached")?;
    let prepare =
        "drop table if exists raw_messages; create table raw_messages (like rony_messages including all);
        create sequence if not exists raw_seq cache 100";
    sqlx::raw_sql(prepare).execute(&mut connection).await.context("the table for pgbench cannot be made")?;
    connection.close().await?;
    let script = folder.join("insert.sql");
    let body = text(&mut SmallRng::from_os_rng());
    let insert = format!(
        "\\set c random(1, {conversations})\n\
         insert into raw_messages ({COLUMNS}) values (lpad(to_hex(:c::int), 32, '0')::uuid, nextval('raw_seq'), \
         gen_random_uuid(), lpad(to_hex(:client_id::int), 32, '0')::uuid, gen_random_uuid(), 1, 0, '{body}', '', 1, 1);\n"
    );
    std::fs::write(&script, insert).context("the script for pgbench cannot be written")?;
    // Its clients connect within that time, which on a busy machine takes a second.
    let seconds = time.as_secs().max(3).to_string();
    let clients = clients.to_string();
    let threads = if clients == "1" { "1" } else { "2" };
    let output = Command::new("pgbench")
        .args([
            "--no-vacuum",
            "--protocol=prepared",
            "--client",
            &clients,
            "--jobs",
            threads,
            "--time",
            &seconds,
        ])
        .arg("--file")
        .arg(&script)
        .arg(url)
        .kill_on_drop(true)
        .output()
        .await
        .context("pgbench cannot be run: install the package postgresql-contrib or postgresql")?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "pgbench failed: {}", String::from_utf8_lossy(&output.stderr));
    let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    rate.with_context(|| format!("pgbench names no tps: {said}"))
}

async fn sqlite(
    rony: &Path,
    raw: &Path,
    clients: usize,
    conversations: usize,
    time: Duration,
) -> Result<f64> {
    let connection = Arc::new(Mutex::new(sqlite_table(rony, raw).await?));
    let begin = Instant::now();
    let mut loops = JoinSet::new();
    for client in 0..clients {
        loops.spawn(sqlite_client(Arc::clone(&connection), client, conversations, begin + time));
    }
    let mut rows = 0;
    while let Some(done) = loops.join_next().await {
        rows += done.context("a client panicked")??;
    }
    Ok(rows as f64 / begin.elapsed().as_secs_f64())
}

/// A file with the table of messages as Rony makes it, and nothing else.
async fn sqlite_table(rony: &Path, raw: &Path) -> Result<SqliteConnection> {
    let options = |path: &Path| SqliteConnectOptions::new().filename(path).pragma("cache_size", "-8000");
    let mut source = SqliteConnection::connect_with(&options(rony)).await?;
    let statements: Vec<String> = sqlx::query_scalar(
        "select sql from sqlite_master where tbl_name = 'rony_messages' and sql is not null",
    )
    .fetch_all(&mut source)
    .await?;
    source.close().await?;
    for end in ["", "-wal", "-shm"] {
        let mut path = raw.as_os_str().to_owned();
        path.push(end);
        let _ = std::fs::remove_file(path);
    }
    let options = options(raw).create_if_missing(true);
    let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    for statement in statements {
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await?;
    }
    Ok(connection)
}

async fn sqlite_client(
    connection: Arc<Mutex<SqliteConnection>>,
    client: usize,
    conversations: usize,
    until: Instant,
) -> Result<u64> {
    let sql =
        format!("insert into rony_messages ({COLUMNS}) values ($1, $2, $3, $4, $5, 1, 0, $6, '', 1, 1)");
    let (mut rows, mut rng) = (0, SmallRng::from_os_rng());
    while Instant::now() < until {
        let conversation = Uuid::from_u128(rand::random_range(1..=conversations as u128));
        let seq = ((client as i64) << 40) + rows as i64;
        sqlx::query(AssertSqlSafe(sql.clone()))
            .bind(conversation)
            .bind(seq)
            .bind(Uuid::now_v7())
            .bind(Uuid::from_u128(client as u128))
            .bind(Uuid::new_v4())
            .bind(text(&mut rng))
            .execute(&mut *connection.lock().await)
            .await?;
        rows += 1;
    }
    Ok(rows)
}
