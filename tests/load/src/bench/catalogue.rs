//! The benches that there are, with what each is measured beside.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, Result};
use serde::Serialize;

/// A bench as `rony-load list` names it.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    /// Its name, which is the subcommand's.
    pub(crate) bench: &'static str,
    /// What it measures: Rony first, then what stands beside it.
    pub(crate) against: &'static [&'static str],
    /// What must be installed or running for it.
    pub(crate) needs: &'static [Need],
}

/// What a bench needs of the machine.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Need {
    /// The programs of Debian's packages `nginx` and `libnginx-mod-nchan`.
    Nchan,
}

/// A crowd in one conversation.
pub(crate) const FANOUT: Row =
    Row { bench: "fanout", against: &["rony", "floor", "nchan"], needs: &[Need::Nchan] };

/// Connections on which nothing happens.
pub(crate) const IDLE: Row =
    Row { bench: "idle", against: &["rony", "floor", "nchan"], needs: &[Need::Nchan] };

/// All, in the order in which they run.
const ALL: [&Row; 2] = [&FANOUT, &IDLE];

/// Prints the catalogue as one line of JSON: `[{"bench", "against", "needs"}]`.
///
/// # Errors
/// When it cannot be written.
pub fn list() -> Result<ExitCode> {
    let line = serde_json::to_string(&ALL).context("the catalogue is plain data")?;
    writeln!(std::io::stdout(), "{line}").context("the catalogue cannot be written")?;
    Ok(ExitCode::SUCCESS)
}
