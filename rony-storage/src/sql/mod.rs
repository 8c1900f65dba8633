//! The store on SQL: one implementation for SQLite and PostgreSQL, one file for each noun.

mod account;
pub(crate) mod audit;
mod call;
pub(crate) mod change;
mod contact;
pub(crate) mod conversation;
pub(crate) mod dialect;
mod draft;
mod error;
pub(crate) mod file;
mod inspect;
mod invite;
mod meeting;
pub(crate) mod member;
mod message;
pub(crate) mod notification;
mod pin;
pub(crate) mod place;
mod postgres;
pub(crate) mod presence;
mod projection;
mod reaction;
mod read;
mod room;
mod search;
mod server;
pub(crate) mod session;
mod share;
mod snapshot;
mod sqlite;
mod stream;
mod sync;
mod upload;
pub(crate) mod user;
pub(crate) mod values;

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rony_core::stream::Announce;
use sqlx::{
    Pool, Postgres, Sqlite,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

use tokio::sync::Semaphore;

use self::dialect::{Dialect, Index};
pub use self::inspect::{Inspection, file_of, inspect};
pub(crate) use self::{error::failed, place::place};

/// All stores of rony-core on one SQL database. Cheap to clone.
pub struct SqlStore<DB: Dialect> {
    inner: Arc<Inner<DB>>,
    /// `None` in the worker's own copy: it must not keep itself alive.
    poster: Option<message::Poster>,
}

struct Inner<DB: Dialect> {
    read: Pool<DB>,
    write: Pool<DB>,
    announce: OnceLock<Arc<dyn Announce>>,
    /// The job that projects has something to do for sure: it need not look first.
    to_project: AtomicBool,
    /// Where there is one writer: whose turn it is among those who do not post.
    turns: Option<Arc<Semaphore>>,
    /// On a file of SQLite that was opened here; who brings pools of their own has SQLite do it within commits.
    checkpointer: Mutex<Option<sqlite::Checkpointer>>,
    /// Set once the tables are there, where the search index is kept apart.
    index: OnceLock<Index<DB>>,
}

impl<DB: Dialect> Clone for SqlStore<DB> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), poster: self.poster.clone() }
    }
}

/// How a database is opened.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Connections at most. Default: 20.
    pub pool: u32,
    /// How long a use case waits for a connection before it answers "unavailable". Default: 5 s.
    pub acquire_timeout: Duration,
    /// Whether migrations run at opening. Default: yes.
    pub migrate: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { pool: 20, acquire_timeout: Duration::from_secs(5), migrate: true }
    }
}

impl<DB: Dialect> SqlStore<DB> {
    /// A store on pools that the caller owns; both may be the same one. Tables are named `rony_*`.
    ///
    /// On SQLite `write` must have exactly one connection and both must be in WAL mode. The search index is kept in a file of its own
    /// beside the database's, `rony-search.db` for `rony.db`: it is made from the database, and made anew when it is missing.
    ///
    /// # Errors
    ///
    /// When a migration fails; nothing of it remains. When the file of the search index cannot be opened.
    pub async fn with_pools(read: Pool<DB>, write: Pool<DB>, migrate: bool) -> Result<Self, OpenError> {
        let (announce, to_project, checkpointer) =
            (OnceLock::new(), AtomicBool::new(false), Mutex::default());
        let turns = (!DB::SHARED).then(|| Arc::new(Semaphore::new(1)));
        let index = OnceLock::new();
        let inner = Arc::new(Inner { read, write, announce, to_project, turns, checkpointer, index });
        let store = Self { inner: Arc::clone(&inner), poster: None };
        if migrate {
            store.migrate().await?;
        } else {
            store.open_index().await?;
        }
        Ok(Self { inner, poster: Some(message::Poster::start(store)) })
    }

    /// Brings the tables to this version, under a lock, each migration whole or not at all.
    ///
    /// # Errors
    ///
    /// When a migration fails, or the tables are of a newer Rony than this. When the file of the search index cannot be opened.
    pub async fn migrate(&self) -> Result<(), OpenError> {
        migrator::<DB>().run(&self.inner.write).await.map_err(|source| match source {
            MigrateError::VersionMissing(_) => OpenError::Newer,
            source => OpenError::Migrate { source: Box::new(source) },
        })?;
        self.open_index().await
    }

    async fn open_index(&self) -> Result<(), OpenError> {
        if self.index().is_none()
            && let Some(index) = DB::open_index(self.write()).await?
        {
            // Opened twice at the same time, it is the same file.
            let _ = self.inner.index.set(index);
        }
        Ok(())
    }

    /// The database's own name and version, for people.
    ///
    /// # Errors
    ///
    /// [`rony_core::Error::Unavailable`] when the database is away.
    pub async fn version(&self) -> rony_core::Result<String> {
        DB::version(self.read()).await.map_err(failed)
    }

    /// Waits for what runs, and closes all connections.
    pub async fn close(&self) {
        let checkpointer = self.checkpointer().take();
        if let Some(checkpointer) = checkpointer {
            checkpointer.stop().await;
        }
        if let Some(Index { read, write, .. }) = self.index() {
            write.close().await;
            read.close().await;
        }
        self.inner.write.close().await;
        self.inner.read.close().await;
    }

    fn checkpointer(&self) -> MutexGuard<'_, Option<sqlite::Checkpointer>> {
        self.inner.checkpointer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn read(&self) -> &Pool<DB> {
        &self.inner.read
    }

    pub(crate) fn write(&self) -> &Pool<DB> {
        &self.inner.write
    }

    /// The search index, where it is kept apart.
    pub(crate) fn index(&self) -> Option<&Index<DB>> {
        self.inner.index.get()
    }

    pub(crate) fn turns(&self) -> Option<&Arc<Semaphore>> {
        self.inner.turns.as_ref()
    }

    /// Something was posted.
    pub(crate) fn is_to_be_projected(&self) {
        self.inner.to_project.store(true, Ordering::Release);
    }

    /// Whether something was posted here since this was last asked; what other nodes posted is not known here.
    pub(crate) fn was_to_be_projected(&self) -> bool {
        self.inner.to_project.swap(false, Ordering::AcqRel)
    }

    /// The way to the worker that posts.
    pub(crate) fn poster(&self) -> &message::Poster {
        self.poster.as_ref().expect("only the worker's copy has none, and it does not post to itself")
    }

    pub(crate) fn listener(&self) -> &OnceLock<Arc<dyn Announce>> {
        &self.inner.announce
    }
}

fn migrator<DB: Dialect>() -> Migrator {
    let migrations = DB::MIGRATIONS.iter().map(|(version, name, sql)| {
        Migration::new(*version, (*name).into(), MigrationType::Simple, sqlx::SqlStr::from_static(sql), false)
    });
    let mut migrator = Migrator::with_migrations(migrations.collect());
    // The host's database may hold migrations of its own.
    migrator.dangerous_set_table_name("rony_migrations");
    migrator
}

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The URL names no backend that there is.
    #[error("A database URL starts with sqlite: or postgres:, this one with {scheme}:")]
    Scheme {
        /// What it starts with.
        scheme: String,
    },
    /// The database did not answer, or did not let us in.
    #[error("The {backend} database cannot be opened: {source}")]
    Connect {
        /// Which kind.
        backend: &'static str,
        /// What the driver said.
        #[source]
        source: sqlx::Error,
    },
    /// The URL names a database of SQLite in memory, which each connection would have for itself. Name a file.
    #[error("A database in memory cannot be used: name a file")]
    InMemory,
    /// The file of the search index cannot be opened. It may be removed: it is made anew.
    #[error("The search index in {} cannot be opened: {source}", file.display())]
    Index {
        /// The file.
        file: PathBuf,
        /// What the driver said.
        #[source]
        source: sqlx::Error,
    },
    /// The tables were made by a version that this one does not know. Start that one again, or go back to a backup.
    #[error("The database's tables were made by a newer Rony than this one")]
    Newer,
    /// The tables could not be brought to this version.
    #[error("The database's tables cannot be brought to this version of Rony: {source}")]
    Migrate {
        /// What went wrong.
        #[source]
        source: Box<MigrateError>,
    },
}

/// Opens the database that `url` names: `sqlite:path/to/file.db` or `postgres://user:password@host/database`.
///
/// # Errors
///
/// When it cannot be reached, or its tables cannot be brought to this version.
pub async fn open(url: &str) -> Result<Arc<dyn rony_core::Store>, OpenError> {
    open_with(url, &Options::default()).await
}

/// As [`open`], with options.
///
/// # Errors
///
/// As [`open`].
pub async fn open_with(url: &str, options: &Options) -> Result<Arc<dyn rony_core::Store>, OpenError> {
    match url.split(':').next().unwrap_or_default() {
        "sqlite" => Ok(Arc::new(open_sqlite(url, options).await?)),
        "postgres" | "postgresql" => Ok(Arc::new(open_postgres(url, options).await?)),
        scheme => Err(OpenError::Scheme { scheme: scheme.to_owned() }),
    }
}

/// As [`open_with`], for a file of SQLite.
///
/// # Errors
///
/// As [`open`].
pub async fn open_sqlite(url: &str, options: &Options) -> Result<SqlStore<Sqlite>, OpenError> {
    let connect = |source| OpenError::Connect { backend: Sqlite::NAME, source };
    let (read, write, checkpointer) = sqlite::pools(url, options).await.map_err(connect)?;
    let store = SqlStore::with_pools(read, write, options.migrate).await?;
    *store.checkpointer() = Some(checkpointer);
    Ok(store)
}

/// As [`open_with`], for PostgreSQL.
///
/// # Errors
///
/// As [`open`].
pub async fn open_postgres(url: &str, options: &Options) -> Result<SqlStore<Postgres>, OpenError> {
    let connect = |source| OpenError::Connect { backend: Postgres::NAME, source };
    let pool = postgres::pool(url, options).await.map_err(connect)?;
    SqlStore::with_pools(pool.clone(), pool, options.migrate).await
}
