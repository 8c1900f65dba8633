//! `rony-fault`: breaks things on purpose while clients post and follow, and judges afterwards whether every promise was kept:
//! what was acknowledged is stored, each post exactly once, numbers have no hole, and what each client knows is what is
//! stored.
//!
//! Each fault is a module of its own name; `client`, `live`, `view` and `crew` are the load and the judgement that they share.

mod board;
mod bus;
mod client;
mod clock;
mod cluster;
mod commit;
mod crew;
mod database;
mod disk;
mod kill;
mod live;
mod migration;
mod people;
mod proxy;
mod report;
mod scene;
mod stall;
mod stampede;
mod view;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::timeout;

use self::report::Report;
use self::scene::Scene;
use crate::os;
use crate::server;
use crate::work::Work;

/// Files that this process, or the server, has open at most.
const FILES: u64 = 6_000;

/// Break Rony on purpose, and check that it keeps its promises.
///
/// Starts the `rony` that lies beside this program, on a database that is made for it and removed again, on the loopback address
/// only. The last line on stdout is the result as JSON; the exit code is 1 when anything was lost, doubled or out of order.
#[derive(Debug, clap::Parser)]
#[command(name = "rony-fault", version)]
pub struct Options {
    #[command(subcommand)]
    fault: Fault,
    /// A smaller run of well under a minute
    #[arg(long, global = true)]
    quick: bool,
    /// Where to make the database: postgres://USER:PASSWORD@HOST/DATABASE of a user who may create databases [default: an
    /// SQLite file]
    #[arg(long, value_name = "URL", global = true)]
    database: Option<String>,
    /// Repeats the chances of an earlier run, as far as time allows [default: a new one, which is printed]
    #[arg(long, global = true)]
    seed: Option<u64>,
    /// Give up after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 900, global = true)]
    timeout: u64,
    /// Keep the servers' data and logs in this folder [default: a temporary one, kept only when something went wrong]
    #[arg(long, value_name = "FOLDER", global = true)]
    work: Option<PathBuf>,
}

#[derive(Debug, clap::Subcommand)]
enum Fault {
    /// Kill the server (SIGKILL) at random moments, in 50 rounds
    Kill,
    /// Stop PostgreSQL and start it again, cut its connections, let it fall silent; starts a PostgreSQL of its own
    Database,
    /// Cut the connection to PostgreSQL between a COMMIT and its answer
    Commit,
    /// Fill the disk while people post
    Disk {
        /// Limit the size of the server's files instead of mounting a small file system, which needs root
        #[arg(long)]
        limit_files: bool,
    },
    /// Let readers among 200 stop reading
    Stall,
    /// Step the server's clock a day forward and back
    Clock {
        /// The library that does it [default: where distributions put it]
        #[arg(long, value_name = "PATH")]
        libfaketime: Option<PathBuf>,
    },
    /// Let 2,000 connect again at once
    Stampede,
    /// Let a migration fail half-way
    Migration,
    /// Join two nodes by a bus that drops, doubles and delays
    Bus,
}

impl Fault {
    const fn name(&self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Database => "database",
            Self::Commit => "commit",
            Self::Disk { .. } => "disk",
            Self::Stall => "stall",
            Self::Clock { .. } => "clock",
            Self::Stampede => "stampede",
            Self::Migration => "migration",
            Self::Bus => "bus",
        }
    }

    async fn play(&self, scene: &Scene, report: &mut Report) -> Result<()> {
        match self {
            Self::Kill => kill::play(scene, report).await,
            Self::Database => database::play(scene, report).await,
            Self::Commit => commit::play(scene, report).await,
            Self::Disk { limit_files } => disk::play(scene, *limit_files, report).await,
            Self::Stall => stall::play(scene, report).await,
            Self::Clock { libfaketime } => clock::play(scene, libfaketime.clone(), report).await,
            Self::Stampede => stampede::play(scene, report).await,
            Self::Migration => migration::play(scene, report).await,
            Self::Bus => bus::play(scene, report).await,
        }
    }
}

/// Runs one fault and prints its result.
///
/// # Errors
/// When the fault cannot even be tried: no server, no place. What goes wrong later is part of the result.
pub async fn run(options: Options) -> Result<ExitCode> {
    os::allow_open_files(FILES)?;
    let seed = options.seed.unwrap_or_else(rand::random);
    let mut work = Work::open(options.work.as_deref(), "rony-fault")?;
    let scene = Scene {
        program: server::program()?,
        folder: work.path().to_owned(),
        given: options.database.clone(),
        quick: options.quick,
        seed,
    };
    eprintln!("rony-fault {}, seed {seed}", options.fault.name());
    let mut report = Report::new(options.fault.name(), scene.database_kind());
    report.detail("seed", seed);
    let limit = Duration::from_secs(options.timeout);
    let played = tokio::select! {
        played = timeout(limit, options.fault.play(&scene, &mut report)) =>
            played.unwrap_or_else(|_| bail!("not done after the {} s of --timeout", limit.as_secs())),
        stopped = interrupted() => stopped.and_then(|()| bail!("interrupted")),
    };
    if let Err(error) = played {
        report.wrong.push(format!("{error:#}"));
    }
    if !report.is_good() {
        work.keep();
    }
    report.print()
}

async fn interrupted() -> Result<()> {
    let mut terminated = signal(SignalKind::terminate()).context("SIGTERM cannot be caught")?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.context("Ctrl-C cannot be caught"),
        _ = terminated.recv() => Ok(()),
    }
}
