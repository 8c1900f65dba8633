//! The database that a replay runs on: fresh at its start, gone at its end.

use std::path::Path;

use anyhow::{Context, Result, bail};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use url::Url;
use uuid::Uuid;

/// Where it listens, where its files are, and how it shows dates changes nothing that is measured.
const SERVER_IN_WORDS: &str = "select 'PostgreSQL ' || current_setting('server_version') || ': '
    || string_agg(name || ' = ' || current_setting(name), ', ' order by name) from pg_settings
    where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'shared_buffers', 'max_wal_size')
    or source in ('configuration file', 'command line', 'environment variable') and setting is distinct from boot_val and name <> 'log_timezone'
    and category !~ '^(Client Connection Defaults / Locale|File Locations|Connections and Authentication / Connection Settings)'
    or name = 'max_connections'";

/// A database that nobody else uses.
#[derive(Debug)]
pub(crate) struct Database {
    url: String,
    /// Where to drop it again: the server's URL as it was given, and the database's name.
    server: Option<(String, String)>,
}

impl Database {
    /// Makes one: a file in `folder`, the file that a `sqlite:` URL names, or a new database on the server that a
    /// `postgres:` URL names.
    ///
    /// # Errors
    /// When the file is there already, the server cannot be reached, or its user may not create databases.
    pub(crate) async fn create(url: Option<&str>, folder: &Path) -> Result<Self> {
        let url = url.map_or_else(|| format!("sqlite:{}", folder.join("rony.db").display()), str::to_owned);
        if let Some(path) = url.strip_prefix("sqlite:") {
            if Path::new(path).exists() {
                bail!("{path} is there already: a replay needs a fresh database, so name a file that is not");
            }
            return Ok(Self { url, server: None });
        }
        if !url.starts_with("postgres:") && !url.starts_with("postgresql:") {
            bail!("--database takes sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE, not {url}");
        }
        Self::create_on_server(&url).await
    }

    async fn create_on_server(server: &str) -> Result<Self> {
        let mut url = Url::parse(server).context("--database is not a URL")?;
        let name = format!("rony_load_{}", Uuid::new_v4().simple());
        run(server, format!("create database {name}")).await?;
        url.set_path(&name);
        Ok(Self { url: url.into(), server: Some((server.to_owned(), name)) })
    }

    /// What Rony calls it.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The PostgreSQL that it is on: its version, what durability rests on, and what else is not the default. `None` for a file.
    ///
    /// # Errors
    /// When the server does not say.
    pub(crate) async fn server_in_words(&self) -> Result<Option<String>> {
        let Some((server, _)) = &self.server else { return Ok(None) };
        let mut connection = PgConnection::connect(server).await?;
        let words = sqlx::query_scalar(SERVER_IN_WORDS).fetch_one(&mut connection).await;
        let words = words.context("PostgreSQL does not say how it is set up")?;
        connection.close().await?;
        Ok(Some(words))
    }

    /// Drops what was made on a server. A file goes with the folder that it is in.
    ///
    /// # Errors
    /// When the server does not do it; the message names the database.
    pub(crate) async fn remove(self) -> Result<()> {
        match self.server {
            Some((server, name)) => run(&server, format!("drop database {name} with (force)")).await,
            None => Ok(()),
        }
    }
}

/// Runs a statement outside of a transaction. It holds no word that came from outside.
async fn run(server: &str, statement: String) -> Result<()> {
    let failed = || format!("PostgreSQL did not {statement}: does the user of --database have that right?");
    let mut connection = PgConnection::connect(server)
        .await
        .context("the PostgreSQL server of --database cannot be reached")?;
    sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(&mut connection).await.with_context(failed)?;
    connection.close().await.context("the connection to PostgreSQL did not close")
}
