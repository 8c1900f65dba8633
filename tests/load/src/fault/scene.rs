//! Where a fault is played: the server's program, a folder, a database, and how large all of it is.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use crate::database::Database;
use crate::fault::client::{Client, Habits};
use crate::fault::crew::Crew;
use crate::fault::people::People;
use crate::fault::report::Report;
use crate::server::{Nodes, Setup};

/// How clients behave where a fault asks for nothing else: quick enough that something is always on its way.
pub(crate) const HABITS: Habits =
    Habits { pause: Duration::from_millis(60), text: 200, jitter: Duration::from_millis(200) };

/// See the module's documentation.
#[derive(Debug)]
pub(crate) struct Scene {
    /// The server's program.
    pub(crate) program: PathBuf,
    /// Where data and logs go.
    pub(crate) folder: PathBuf,
    /// The database that was asked for.
    pub(crate) given: Option<String>,
    /// Whether a small run was asked for.
    pub(crate) quick: bool,
    /// Where all chance comes from.
    pub(crate) seed: u64,
}

impl Scene {
    /// `full`, or `quick` where a small run was asked for.
    pub(crate) const fn size(&self, full: usize, quick: usize) -> usize {
        if self.quick { quick } else { full }
    }

    /// What the database is called in the report.
    pub(crate) fn database_kind(&self) -> &'static str {
        if self.given.is_some() { "postgres" } else { "sqlite" }
    }

    /// A database that nobody else uses.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) async fn database(&self) -> Result<Database> {
        Database::create(self.given.as_deref(), &self.folder).await
    }

    /// How a server of this scene is started.
    pub(crate) fn setup(&self, database: &str) -> Setup {
        Setup::new(self.program.clone(), database, &self.folder)
    }
}

/// A server and its clients.
#[derive(Debug)]
pub(crate) struct Stage {
    /// The server.
    pub(crate) nodes: Nodes,
    /// The clients.
    pub(crate) crew: Crew,
}

impl Stage {
    /// Starts the server, and `clients` of which the first `posters` post.
    ///
    /// # Errors
    /// When the server does not start, or does not let them in.
    pub(crate) async fn open(
        scene: &Scene,
        setup: Setup,
        people: &People,
        (clients, posters): (usize, usize),
        habits: Habits,
    ) -> Result<Self> {
        let nodes = Nodes::start(setup, 1).await?;
        let crew = Crew::enter((nodes.ports()[0], people), clients, posters, habits, scene.seed);
        crew.connected().await?;
        Ok(Self { nodes, crew })
    }

    /// Lets `fault` happen with the progress shown, judges, and stops the server.
    ///
    /// # Errors
    /// When the fault cannot be played, or nothing comes to rest after it.
    pub(crate) async fn play(
        mut self,
        report: &mut Report,
        fault: impl AsyncFnOnce(&mut Nodes, &mut Crew, &mut Report) -> Result<()>,
    ) -> Result<Vec<Client>> {
        let world = Arc::clone(&self.crew.world);
        let played = async {
            fault(&mut self.nodes, &mut self.crew, report).await?;
            self.crew.judge(&mut report.wrong).await
        };
        let (findings, clients) = world.board.beside(played).await?;
        report.findings = findings;
        self.nodes.stop().await?;
        Ok(clients)
    }
}
