//! What the benches share: how they are called, how they answer, and the tools that they measure with.
//!
//! # The contract
//!
//! A bench is a subcommand of `rony-load` and a row of the `catalogue`. One call of it measures one **subject** (`rony`,
//! or what stands beside it) once and ends; `cargo xtask bench` calls the subjects of a bench in turn, several rounds, and takes
//! medians. So no subject has a quieter machine than another.
//!
//! - It takes [`Options`]: `--against SUBJECT`, `--quick`, `--work FOLDER`.
//! - It starts what it measures as processes of its own (`crate::server::Nodes`, `peer::Peer`) on `cores::SERVER`, and
//!   itself runs on `cores::LOAD`; both are the same where the machine has one core only. Where a database server is the third
//!   of them, nothing is pinned: see `catalogue::Row::pinned`.
//! - It shows how far it is on stderr (`progress::Progress`).
//! - Its last line on stdout is a `report::Report` as JSON, with these fields, in this order:
//!
//! | field | what it says |
//! | --- | --- |
//! | `bench`, `against`, `quick` | what was measured, and whether in its small form |
//! | `lost` | how often a promise was broken: deliveries missed, doubled or out of order, requests refused; 0, or the run has failed |
//! | `seconds` | how long it took, preparation included |
//! | `figures` | `{case, name, unit, value, aim?}`: what was measured, in the order in which it is shown |
//! | `beside` | where it is more than a loop of this program: what stood beside Rony, its version, and what of its setup is not the default |
//! | a ratio's name | of a bench that takes one within its run, such as `get_ratio_to_nginx` of `files` |
//!
//! A figure is known by its `case` and `name`: subjects that do the same work use the same words, and so are compared. The first
//! subject of a bench is Rony, and its figures carry the aims: `{"at_most": 1.3, "times": "floor"}` is at most 1.3 times
//! the floor's figure of that case and name; `{"at_most": 12}` is a plain limit in the figure's unit; `at_least` likewise.
//!
//! - It ends with 0 when it could measure and nothing was lost, else with 1. A figure beside its aim is no failure: aims are
//!   judged by who reads the table.

pub(crate) mod catalogue;
pub(crate) mod chat;
pub(crate) mod cores;
pub(crate) mod crowd;
pub(crate) mod debt;
pub(crate) mod delays;
pub(crate) mod disk;
pub(crate) mod ground;
pub(crate) mod hall;
pub(crate) mod nchan;
pub(crate) mod pairs;
pub(crate) mod peer;
pub(crate) mod progress;
pub(crate) mod report;
pub(crate) mod schedule;
pub(crate) mod socket;
pub(crate) mod usage;

pub use self::catalogue::list;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::time::Instant;

use self::catalogue::Row;
use self::report::Report;
use crate::os;
use crate::work::Work;

/// How every bench is called.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// What to measure: rony, or what stands beside it (`rony-load list` names them)
    #[arg(long, value_name = "SUBJECT", default_value = "rony")]
    pub against: String,
    /// Measure less and shorter: says that everything works, and little about how fast
    #[arg(long)]
    pub quick: bool,
    /// Keep data and logs in this folder [default: a temporary one, kept only when something went wrong]
    #[arg(long, value_name = "FOLDER")]
    pub work: Option<PathBuf>,
    /// The server to make databases on, for benches that need PostgreSQL: postgres://USER:PASSWORD@HOST/DATABASE of a user
    /// who may create databases
    #[arg(long, value_name = "URL", env = "RONY_TEST_POSTGRES", hide_env_values = true)]
    pub database: Option<String>,
}

impl Options {
    /// The long or the short one of two, as was asked for.
    pub(crate) fn pick<T>(&self, full: T, quick: T) -> T {
        if self.quick { quick } else { full }
    }
}

/// Runs a bench from its options to its line of JSON: checks the subject, goes to its core, opens a folder, measures.
///
/// `measure` fills in the figures and what was lost; `row` is its bench's row of the catalogue.
///
/// # Errors
/// When it cannot be measured. What was lost is part of the answer, and of the exit code.
pub(crate) async fn run(
    row: &Row,
    options: &Options,
    measure: impl AsyncFnOnce(&Work, &mut Report) -> Result<()>,
) -> Result<ExitCode> {
    let (bench, against) = (row.bench, options.against.as_str());
    ensure!(
        row.against.contains(&against),
        "{bench} knows nothing of --against {against}: choose one of {}",
        row.against.join(", ")
    );
    let began = Instant::now();
    if row.pinned {
        cores::stay_on(cores::LOAD)?;
    }
    let mut work = Work::open(options.work.as_deref(), "rony-load")?;
    let mut report = Report::new(bench, against, options.quick);
    let measured = tokio::select! {
        measured = measure(&work, &mut report) => measured,
        stopped = os::interrupted() => stopped.and_then(|()| anyhow::bail!("interrupted")),
    };
    measured.with_context(|| format!("{bench} against {against}")).inspect_err(|_| work.keep())?;
    report.seconds = began.elapsed().as_secs_f64();
    if report.lost > 0 {
        work.keep();
    }
    report.print()
}

/// How long the last frames of a measurement may take before they count as missed.
pub(crate) const GRACE: Duration = Duration::from_secs(10);
