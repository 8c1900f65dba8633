//! `rony-load replay`: plays IRC logs through servers of its own, and compares what every member saw with what the logs
//! alone say they must see.

mod accounts;
mod audit;
mod board;
mod cast;
mod conductor;
mod drops;
mod expect;
mod live;
mod log;
mod member;
mod model;
mod play;
mod report;
mod watcher;
mod world;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use self::cast::Cast;
use self::log::Log;
use self::play::{Outcome, Script};
use crate::database::Database;
use crate::http::Http;
use crate::os;
use crate::server::{self, Setup};
use crate::work::Work;

/// Files that a process has open beside one for each member: the database, logs, libraries.
const OTHER_FILES: u64 = 500;

/// Play the IRC logs of a folder through Rony, and check that everybody sees everything once, in order.
///
/// Starts the `rony` that lies beside this program, on a database that is made for it and removed again. The last line on
/// stdout is the result as JSON; the exit code is 1 when anything was lost, duplicated or out of order.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The folder with the logs: *.txt files with lines such as `[12:34] <nick> text`
    folder: PathBuf,
    /// Where to make the database: sqlite:PATH of a new file, or postgres://USER:PASSWORD@HOST/DATABASE of a user who may
    /// create databases [default: an SQLite file in the folder of --work]
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Let every client lose its connection at least 5 times, at random, and catch up
    #[arg(long)]
    disconnects: bool,
    /// How many servers share the database; more than one need PostgreSQL
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=16))]
    nodes: u8,
    /// How the servers hear of each other; none: by the database alone
    #[arg(long, value_enum, default_value_t = Bus::Auto)]
    bus: Bus,
    /// Kill the first server (SIGKILL) after so many acknowledged posts, and start it again
    #[arg(long, value_name = "N")]
    kill_after_acks: Option<u64>,
    /// Repeats the drops of an earlier run [default: a new one, which is printed]
    #[arg(long)]
    seed: Option<u64>,
    /// Give up after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 1800)]
    timeout: u64,
    /// Keep the servers' data and logs in this folder [default: a temporary one, kept only when something went wrong]
    #[arg(long, value_name = "FOLDER")]
    work: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Bus {
    Auto,
    None,
}

/// Runs the subcommand.
///
/// # Errors
/// When the replay cannot begin: no logs, no server, no database. What goes wrong later is part of the result.
pub async fn run(options: &Options) -> Result<ExitCode> {
    let logs = log::read_folder(&options.folder)?;
    let cast = Cast::of(&logs);
    options.check(&logs)?;
    let program = server::program()?;
    os::allow_open_files(cast.nicks.len() as u64 + Http::connections() + OTHER_FILES)?;
    let seed = options.seed.unwrap_or_else(rand::random);
    eprintln!("replaying {} logs with {} members, seed {seed}", logs.len(), cast.nicks.len());

    let mut work = Work::open(options.work.as_deref(), "rony-load")?;
    let database = Database::create(options.database.as_deref(), work.path()).await?;
    let mut setup = Setup::new(program, database.url(), work.path());
    setup.no_bus = options.bus == Bus::None;
    let script = options.script(seed, &logs, &cast, setup);
    let played = tokio::select! {
        played = script.play() => played,
        stopped = os::interrupted() => stopped.and_then(|()| bail!("interrupted")),
    };
    if let Err(error) = database.remove().await {
        eprintln!("{error:#}");
    }
    let outcome = played.inspect_err(|_| work.keep())?;
    if !outcome.wrong.is_empty() {
        work.keep();
    }
    tell(&outcome)
}

/// Says what was wrong on stderr, and the result on stdout.
fn tell(outcome: &Outcome) -> Result<ExitCode> {
    for wrong in &outcome.wrong {
        eprintln!("{wrong}");
    }
    writeln!(std::io::stdout(), "{}", outcome.report.line()).context("the result cannot be written")?;
    Ok(if outcome.wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Options {
    fn check(&self, logs: &[Log]) -> Result<()> {
        let on_postgres = self.database.as_ref().is_some_and(|url| url.starts_with("postgres"));
        ensure!(self.nodes == 1 || on_postgres, "several nodes need --database postgres://…");
        let posts: u64 = logs.iter().map(|log| log.posts.len() as u64).sum();
        if let Some(after) = self.kill_after_acks {
            ensure!(after < posts, "--kill-after-acks {after} never comes: the logs have {posts} lines");
        }
        Ok(())
    }

    fn script<'a>(&self, seed: u64, logs: &'a [Log], cast: &'a Cast, setup: Setup) -> Script<'a> {
        Script {
            logs,
            cast,
            setup,
            seed,
            disconnects: self.disconnects,
            nodes: self.nodes.into(),
            kill_after_acks: self.kill_after_acks,
            timeout: Duration::from_secs(self.timeout),
        }
    }
}
