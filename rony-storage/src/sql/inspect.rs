//! A look at a database from outside, for `rony doctor`: it changes nothing, not even what is missing.

use std::{path::PathBuf, str::FromStr};

use rony_core::time::Timestamp;
use sqlx::{
    Connection, Postgres, Sqlite, postgres::PgConnectOptions, postgres::PgConnection,
    sqlite::SqliteConnectOptions, sqlite::SqliteConnection,
};

use super::{OpenError, dialect::Dialect};

/// What a look at a database found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inspection {
    /// The database's own name and version, for people.
    pub version: String,
    /// How many migrations have run.
    pub applied: usize,
    /// How many migrations of this Rony have not run yet.
    pub pending: usize,
    /// How many migrations have run that this Rony does not know: the tables are of a newer one.
    pub unknown: usize,
    /// The database's own idea of the time. `None` where it has none, as SQLite.
    pub now: Option<Timestamp>,
}

/// Looks at the database that `url` names. `None`: it is a file of SQLite that does not exist yet.
///
/// # Errors
///
/// When the URL names no backend, or the database does not answer or does not let us in.
pub async fn inspect(url: &str) -> Result<Option<Inspection>, OpenError> {
    match url.split(':').next().unwrap_or_default() {
        "sqlite" => inspect_sqlite(url).await.map_err(connect::<Sqlite>),
        "postgres" | "postgresql" => inspect_postgres(url).await.map(Some).map_err(connect::<Postgres>),
        scheme => Err(OpenError::Scheme { scheme: scheme.to_owned() }),
    }
}

/// The file in which an SQLite database is kept. `None` for one in memory, and for other databases.
#[must_use]
pub fn file_of(url: &str) -> Option<PathBuf> {
    let options = url.starts_with("sqlite:").then(|| SqliteConnectOptions::from_str(url).ok()).flatten()?;
    let in_memory = url.contains(":memory:") || url.contains("mode=memory");
    (!in_memory).then(|| options.get_filename().to_owned())
}

const fn connect<DB: Dialect>(source: sqlx::Error) -> OpenError {
    OpenError::Connect { backend: <DB as Dialect>::NAME, source }
}

async fn inspect_sqlite(url: &str) -> sqlx::Result<Option<Inspection>> {
    if file_of(url).is_some_and(|file| !file.exists()) {
        return Ok(None);
    }
    let options = SqliteConnectOptions::from_str(url)?.create_if_missing(false).read_only(true);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let version =
        sqlx::query_scalar("select 'SQLite ' || sqlite_version()").fetch_one(&mut connection).await?;
    let applied = sqlx::query_scalar(APPLIED).fetch_all(&mut connection).await;
    connection.close().await?;
    inspection::<Sqlite>(version, applied, None).map(Some)
}

async fn inspect_postgres(url: &str) -> sqlx::Result<Inspection> {
    let mut connection = PgConnection::connect_with(&PgConnectOptions::from_str(url)?).await?;
    let version =
        sqlx::query_scalar("select split_part(version(), ' on ', 1)").fetch_one(&mut connection).await?;
    let now: i64 = sqlx::query_scalar("select (extract(epoch from clock_timestamp()) * 1000)::bigint")
        .fetch_one(&mut connection)
        .await?;
    let applied = sqlx::query_scalar(APPLIED).fetch_all(&mut connection).await;
    connection.close().await?;
    inspection::<Postgres>(version, applied, Some(Timestamp::from_millis(now)))
}

const APPLIED: &str = "select version from rony_migrations where success";

fn inspection<DB: Dialect>(
    version: String,
    applied: sqlx::Result<Vec<i64>>,
    now: Option<Timestamp>,
) -> sqlx::Result<Inspection> {
    let applied = match applied {
        Err(error) if is_missing_table(&error) => Vec::new(),
        other => other?,
    };
    let is_ours = |version: &i64| DB::MIGRATIONS.iter().any(|(ours, ..)| ours == version);
    let known = applied.iter().filter(|version| is_ours(version)).count();
    Ok(Inspection {
        version,
        applied: applied.len(),
        pending: DB::MIGRATIONS.len() - known,
        unknown: applied.len() - known,
        now,
    })
}

/// PostgreSQL has a code for it; SQLite only its general one.
pub(super) fn is_missing_table(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| {
        error.code().is_some_and(|code| code == "42P01") || error.message().starts_with("no such table")
    })
}

#[cfg(test)]
mod tests {
    use super::{super::Options, super::open_sqlite, *};

    #[tokio::test]
    async fn tables_of_a_newer_rony_are_seen_and_left_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("rony.db").display());
        let store = open_sqlite(&url, &Options::default()).await.expect("a new database");
        let later = "insert into rony_migrations (version, description, success, checksum, execution_time) \
                     values (999, 'later', true, x'00', 0)";
        sqlx::query(later).execute(store.write()).await.expect("one more row");
        store.close().await;
        let seen = inspect(&url).await.expect("a look").expect("a file");
        assert_eq!((seen.unknown, seen.pending), (1, 0));
        assert!(matches!(open_sqlite(&url, &Options::default()).await, Err(OpenError::Newer)));
    }
}
