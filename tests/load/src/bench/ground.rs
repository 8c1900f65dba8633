//! The databases that a bench runs on, and a server on one of them.

use std::path::PathBuf;

use anyhow::{Context, Result};
use tokio::fs::create_dir_all;

use super::Options;
use super::cores::Core;
use super::usage::{self, Usage};
use crate::database::Database;
use crate::server::{self, Nodes, Setup};
use crate::work::Work;

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backend {
    /// A file, as by default.
    Sqlite,
    /// The server of `--database`.
    Postgres,
}

impl Backend {
    /// Both, in the order in which they are measured.
    pub(crate) const BOTH: [Self; 2] = [Self::Sqlite, Self::Postgres];

    /// For people.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    /// Where a file of SQLite lies. PostgreSQL keeps its data where it was told to when it was started; `cargo xtask` has it do so
    /// in the system's temporary folder, where this one is too unless another one was named.
    pub(crate) fn folder(self, work: &Work) -> PathBuf {
        work.path().join(self.name())
    }

    /// A fresh database of this kind.
    ///
    /// # Errors
    /// When it cannot be made, or no PostgreSQL was named.
    pub(crate) async fn create(self, options: &Options, work: &Work) -> Result<Database> {
        let folder = self.folder(work);
        create_dir_all(&folder).await.with_context(|| format!("cannot make {}", folder.display()))?;
        let url = match self {
            Self::Sqlite => None,
            Self::Postgres => Some(options.database.as_deref().context(
                "this bench needs PostgreSQL: name one by --database or RONY_TEST_POSTGRES \
                 (`cargo xtask postgres -- COMMAND` starts one for as long as COMMAND runs)",
            )?),
        };
        Database::create(url, &folder).await
    }
}

/// A running server with its defaults.
#[derive(Debug)]
pub(crate) struct Server(Nodes);

impl Server {
    /// Starts one on a database that has its tables; on `core`, or wherever the system puts it.
    ///
    /// # Errors
    /// When it does not become ready.
    pub(crate) async fn start(database: &Database, work: &Work, core: Option<Core>) -> Result<Self> {
        let setup = Setup { core, ..Setup::new(server::program()?, database.url(), work.path()) };
        Ok(Self(Nodes::start(setup, 1).await?))
    }

    /// Starts one with these in its environment, wherever the system puts it.
    ///
    /// # Errors
    /// When it does not become ready.
    pub(crate) async fn start_with(
        database: &Database,
        work: &Work,
        settings: &[(&str, &str)],
    ) -> Result<Self> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let environment = settings.iter().map(owned).collect();
        let setup = Setup { environment, ..Setup::new(server::program()?, database.url(), work.path()) };
        Ok(Self(Nodes::start(setup, 1).await?))
    }

    /// Where it listens.
    pub(crate) fn port(&self) -> u16 {
        self.0.ports()[0]
    }

    /// What it has used so far.
    ///
    /// # Errors
    /// When it has ended.
    pub(crate) fn usage(&self) -> Result<Usage> {
        usage::of(self.0.process().context("the server has ended")?)
    }

    /// Asks it to stop, and waits for it.
    ///
    /// # Errors
    /// When it ended before, or does not stop.
    pub(crate) async fn stop(mut self) -> Result<()> {
        self.0.check()?;
        self.0.stop().await
    }
}
