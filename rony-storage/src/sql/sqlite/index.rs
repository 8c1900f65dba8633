//! The file of the search index, beside the database's.
//!
//! SQLite has one writer a file. In the database's own file the index needs it as often as posting does, and each waits for the
//! other; here the job that makes the index writes while others post. Its connections have the database attached, to read from:
//! a table that both files have, as those that say how far the job is, is found in the index's own. Nobody else may attach the index: to
//! begin a transaction that writes would lock it too.
//!
//! Nothing here needs to survive. A commit is not synced: after a power failure the index is an older one, knows how far it was, and
//! goes on from there. One that belongs to another database, or to a later state of this one (which was restored from a backup), is made anew.

use std::{
    io,
    path::{Path, PathBuf},
};

use sqlx::{
    Pool, Row, Sqlite, SqliteConnection, Transaction,
    sqlite::{SqliteConnectOptions, SqliteSynchronous},
};
use tokio::sync::Mutex;

use super::{connect, pool};
use crate::sql::{
    OpenError,
    change::begin,
    dialect::{Dialect, Index},
    inspect::is_missing_table,
};

/// The tables.
const TABLES: &str = include_str!("index.sql");
/// Which form they have, in the file's `user_version`: an index of another form is made anew.
const FORM: i64 = 1;
/// How many search at once: more would only wait for each other.
const SEARCHERS: u32 = 4;

/// See [`Dialect::open_index`].
pub(super) async fn open(chat: &Pool<Sqlite>) -> Result<Option<Index<Sqlite>>, OpenError> {
    let failed = |source| OpenError::Connect { backend: Sqlite::NAME, source };
    let Some(database) = name(chat).await.map_err(failed)? else { return Ok(None) };
    let file = file(chat).await.map_err(failed)?.ok_or(OpenError::InMemory)?;
    let beside = beside(&file);
    let mut index = prepared(chat, &file, &beside, &database).await;
    if let Err(error) = &index
        && is_damaged(error)
    {
        tracing::warn!(%error, file = %beside.display(), "the search index is damaged, and made anew");
        index = match remove(&beside) {
            Ok(()) => prepared(chat, &file, &beside, &database).await,
            Err(error) => Err(error.into()),
        };
    }
    index.map(Some).map_err(|source| OpenError::Index { file: beside, source })
}

/// The file of the index of the database in `file`: `rony-search.db` for `rony.db`.
fn beside(file: &Path) -> PathBuf {
    let mut name = file.file_stem().unwrap_or_default().to_owned();
    name.push("-search");
    if let Some(extension) = file.extension() {
        name.push(".");
        name.push(extension);
    }
    file.with_file_name(name)
}

/// What the index of this database is called. `None`: it has no tables yet, or only those of an older version.
async fn name(chat: &Pool<Sqlite>) -> sqlx::Result<Option<String>> {
    let name = sqlx::query_scalar("select value from rony_meta where name = 'search_index'");
    match name.fetch_optional(chat).await {
        Err(error) if is_missing_table(&error) => Ok(None),
        name => name,
    }
}

/// Where the database is. `None`: in memory.
async fn file(chat: &Pool<Sqlite>) -> sqlx::Result<Option<PathBuf>> {
    let file = sqlx::query_scalar("select file from pragma_database_list where name = 'main'");
    let file: Option<String> = file.fetch_one(chat).await?;
    Ok(file.filter(|file| !file.is_empty()).map(PathBuf::from))
}

async fn prepared(
    chat: &Pool<Sqlite>,
    file: &Path,
    beside: &Path,
    database: &str,
) -> sqlx::Result<Index<Sqlite>> {
    let connect =
        connect(SqliteConnectOptions::new().filename(beside)).synchronous(SqliteSynchronous::Normal);
    let pool = |size| {
        let file = file.to_string_lossy().into_owned();
        pool(size, chat.options().get_acquire_timeout())
            .after_connect(move |connection, _| Box::pin(attach(connection, file.clone())))
    };
    let write = pool(1).connect_with(connect.clone()).await?;
    // Not "begin immediate", which would lock the database too. Nobody else writes here.
    let begun = begin(&write, Sqlite::BEGIN_SNAPSHOT).await;
    let mut transaction = begun.map_err(|error| sqlx::Error::Io(io::Error::other(error)))?;
    if !belongs(&mut transaction, database).await? {
        tracing::info!(file = %beside.display(), "the search index is made, a step at a time");
        make(&mut transaction, database).await?;
    }
    transaction.commit().await?;
    let read = pool(SEARCHERS).connect_lazy_with(connect);
    Ok(Index { read, write, behind: Mutex::new(true) })
}

async fn attach(connection: &mut SqliteConnection, file: String) -> sqlx::Result<()> {
    sqlx::query("attach database $1 as chat").bind(file).execute(connection).await.map(drop)
}

/// Whether the file holds the index of this database, as it is now or was before.
async fn belongs(transaction: &mut Transaction<'_, Sqlite>, database: &str) -> sqlx::Result<bool> {
    let form: i64 = sqlx::query_scalar("pragma user_version").fetch_one(&mut **transaction).await?;
    if form != FORM {
        return Ok(false);
    }
    let kept = sqlx::query("select i.database, p.since from rony_index i cross join rony_projector p");
    let kept = kept.fetch_one(&mut **transaction).await?;
    // Read after it, so it cannot be less but in a database that was put back to an earlier state.
    let horizon: i64 = sqlx::query_scalar(Sqlite::HORIZON).fetch_one(&mut **transaction).await?;
    Ok(kept.get::<&str, _>(0) == database && kept.get::<i64, _>(1) <= horizon)
}

/// Makes an empty index, in place of whatever is there.
async fn make(transaction: &mut Transaction<'_, Sqlite>, database: &str) -> sqlx::Result<()> {
    for table in ["rony_search_words", "rony_search", "rony_projected", "rony_projector", "rony_index"] {
        let drop = sqlx::AssertSqlSafe(format!("drop table if exists main.{table}"));
        sqlx::raw_sql(drop).execute(&mut **transaction).await?;
    }
    sqlx::raw_sql(TABLES).execute(&mut **transaction).await?;
    let version = sqlx::AssertSqlSafe(format!("pragma user_version = {FORM}"));
    sqlx::raw_sql(version).execute(&mut **transaction).await?;
    sqlx::query("insert into rony_index (only, database) values (1, $1)")
        .bind(database)
        .execute(&mut **transaction)
        .await
        .map(drop)
}

/// SQLITE_CORRUPT and SQLITE_NOTADB, and tables that are not what the file's version says.
fn is_damaged(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code()).and_then(|code| code.parse().ok());
    code.is_some_and(|code: i32| matches!(code & 0xff, 11 | 26)) || is_missing_table(error)
}

fn remove(file: &Path) -> io::Result<()> {
    for end in ["-wal", "-shm", ""] {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        match std::fs::remove_file(name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
