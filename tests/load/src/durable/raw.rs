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
use rony_core::search::index_text;
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

/// Messages in one statement, as many as a batch of Rony has with that many senders.
const BATCH: usize = 128;
/// Different texts of them.
const TEXTS: usize = 8_192;
/// Clients that insert batches: each keeps a core busy.
const CORES: usize = 2;

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
        None => {
            prepare(url).await?;
            let body = text(&mut SmallRng::from_os_rng());
            let insert = format!(
                "\\set c random(1, {conversations})\n\
                 insert into raw_messages ({COLUMNS}) values (lpad(to_hex(:c::int), 32, '0')::uuid, nextval('raw_seq'), \
                 gen_random_uuid(), lpad(to_hex(:client_id::int), 32, '0')::uuid, gen_random_uuid(), 1, 0, '{body}', '', \
                 1, 1);\n"
            );
            pgbench(url, folder, &insert, clients, time).await
        }
    }
}

/// Messages a second that PostgreSQL takes in at most, whoever asks: [`BATCH`] of them in a statement, another one for their rows of
/// the search index, no receivers, no checks, nothing computed outside of it. One client a core.
///
/// # Errors
/// As [`rate`].
pub(super) async fn batches(url: &str, folder: &Path, conversations: usize, time: Duration) -> Result<f64> {
    let mut connection = prepare(url).await?;
    let mut rng = SmallRng::from_os_rng();
    let texts: Vec<String> = std::iter::repeat_with(|| text(&mut rng)).take(TEXTS).collect();
    let words: Vec<String> = texts.iter().map(|text| index_text(text)).collect();
    sqlx::query(
        "insert into raw_texts select n, body, to_tsvector('simple', words)
         from unnest($1::text[], $2::text[]) with ordinality as t (body, words, n)",
    )
    .bind(&texts)
    .bind(&words)
    .execute(&mut connection)
    .await?;
    connection.close().await?;
    let last = TEXTS - BATCH;
    let insert = format!(
        "\\set first random(1, {last})\n\\set c random(1, {conversations})\nbegin;\n\
         with v as (insert into raw_messages ({COLUMNS}) select lpad(to_hex((:c::int + n) % {conversations}), 32, '0')::uuid, \
         nextval('raw_seq'), gen_random_uuid(), lpad(to_hex(:client_id::int), 32, '0')::uuid, gen_random_uuid(), 1, 0, body, '', \
         1, 1 from raw_texts where n >= :first and n < :first + {BATCH} returning conversation_id, seq, sender_id) \
         insert into raw_search (conversation_id, seq, position, sender_id, link, words) \
         select v.conversation_id, v.seq, v.seq, v.sender_id, false, t.words \
         from (select *, row_number() over () as place from v) v join raw_texts t on t.n = :first + v.place - 1;\ncommit;\n"
    );
    Ok(pgbench(url, folder, &insert, CORES, time).await? * BATCH as f64)
}

/// Makes the tables for pgbench, with the columns and indexes of Rony's own.
async fn prepare(url: &str) -> Result<PgConnection> {
    let mut connection = PgConnection::connect(url).await.context("PostgreSQL cannot be reached")?;
    let tables = "drop table if exists raw_messages; create table raw_messages (like rony_messages including all);
        drop table if exists raw_search; create table raw_search (like rony_search including all);
        drop table if exists raw_texts; create table raw_texts (n bigint primary key, body text, words tsvector);
        create sequence if not exists raw_seq cache 100";
    sqlx::raw_sql(tables).execute(&mut connection).await.context("the tables for pgbench cannot be made")?;
    Ok(connection)
}

/// Transactions a second of a script.
async fn pgbench(url: &str, folder: &Path, insert: &str, clients: usize, time: Duration) -> Result<f64> {
    let script = folder.join("insert.sql");
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
