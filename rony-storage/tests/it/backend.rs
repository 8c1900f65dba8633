//! A fresh database for each case.

use std::sync::Arc;

use rony_core::Store;
use rony_storage::{Options, open_with};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

/// Where databases come from.
pub(crate) trait Backend: Sized + Send + 'static {
    const NAME: &'static str;

    /// Makes an empty one.
    fn create() -> impl Future<Output = Self>;

    /// Opens it, with all tables.
    fn open(&self) -> impl Future<Output = Arc<dyn Store>>;

    /// Runs statements on it, beside the store that has it open.
    fn run(&self, sql: String) -> impl Future<Output = ()>;

    /// Removes it.
    fn remove(self) -> impl Future<Output = ()>;
}

/// A file in a temporary folder.
pub(crate) struct Sqlite(TempDir);

impl Backend for Sqlite {
    const NAME: &'static str = "sqlite";

    async fn create() -> Self {
        Self(TempDir::new().expect("a temporary folder"))
    }

    async fn open(&self) -> Arc<dyn Store> {
        open_with(&format!("sqlite:{}", self.0.path().join("rony.db").display()), &Options::default())
            .await
            .expect("opens")
    }

    async fn run(&self, sql: String) {
        let options = SqliteConnectOptions::new().filename(self.0.path().join("rony.db"));
        let mut connection = SqliteConnection::connect_with(&options).await.expect("opens");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("SQLite obeys");
    }

    async fn remove(self) {}
}

/// A database on the server that `RONY_TEST_POSTGRES` names.
pub(crate) struct Postgres {
    server: String,
    name: String,
}

impl Postgres {
    async fn execute(&self, sql: String) {
        let mut connection = PgConnection::connect(&self.server).await.expect("PostgreSQL answers");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("PostgreSQL obeys");
    }
}

impl Backend for Postgres {
    const NAME: &'static str = "postgres";

    async fn create() -> Self {
        // Never skipped: a suite that passes because the server was missing says nothing.
        let server = std::env::var("RONY_TEST_POSTGRES").expect(
            "RONY_TEST_POSTGRES names a PostgreSQL server; `cargo xtask test` starts one and sets it",
        );
        let database = Self { server, name: format!("rony_{}", uuid::Uuid::new_v4().simple()) };
        database.execute(format!("create database {}", database.name)).await;
        database
    }

    async fn open(&self) -> Arc<dyn Store> {
        let (server, _) = self.server.rsplit_once('/').expect("a URL with a database");
        let mut options = Options::default();
        options.pool = 5;
        open_with(&format!("{server}/{}", self.name), &options).await.expect("opens")
    }

    async fn run(&self, sql: String) {
        let (server, _) = self.server.rsplit_once('/').expect("a URL with a database");
        let url = format!("{server}/{}", self.name);
        let mut connection = PgConnection::connect(&url).await.expect("PostgreSQL answers");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("PostgreSQL obeys");
    }

    async fn remove(self) {
        self.execute(format!("drop database {} with (force)", self.name)).await;
    }
}
