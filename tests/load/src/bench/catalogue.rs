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
    /// How often each subject is measured when nothing else is asked for.
    pub(crate) rounds: u8,
    /// Whether servers and load have a core each. Not where a database server takes part, which would share one of the two and
    /// be measured together with it; nor where the aim is what all cores can do.
    #[serde(skip)]
    pub(crate) pinned: bool,
}

/// What a bench needs of the machine.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Need {
    /// The programs of Debian's packages `nginx` and `libnginx-mod-nchan`.
    Nchan,
    /// The program of Debian's package `nginx`.
    Nginx,
    /// A PostgreSQL server, named by `RONY_TEST_POSTGRES`, and Debian's package `postgresql`, which has pgbench.
    Postgres,
}

/// Medians of fewer say little on a machine that others use too.
const PAIRS: u8 = 5;

/// Where nothing stands beside Rony, or each round is several by itself.
const FEW: u8 = 3;

/// A crowd in one conversation.
pub(crate) const FANOUT: Row = Row {
    bench: "fanout",
    against: &["rony", "floor", "nchan"],
    needs: &[Need::Nchan],
    rounds: PAIRS,
    pinned: true,
};

/// Connections on which nothing happens.
pub(crate) const IDLE: Row = Row {
    bench: "idle",
    against: &["rony", "floor", "nchan"],
    needs: &[Need::Nchan],
    rounds: PAIRS,
    pinned: true,
};

/// Posts that are on disk when they are acknowledged.
pub(crate) const DURABLE: Row = Row {
    bench: "durable",
    against: &["rony", "raw"],
    needs: &[Need::Postgres],
    rounds: PAIRS,
    pinned: false,
};

/// Everybody signs in at once, while others chat. Not pinned: the aim is half of what all cores can hash.
pub(crate) const LOGIN: Row =
    Row { bench: "login", against: &["rony", "argon2"], needs: &[], rounds: PAIRS, pinned: false };

/// Everybody comes back at once.
pub(crate) const RECONNECT: Row =
    Row { bench: "reconnect", against: &["rony", "raw"], needs: &[], rounds: PAIRS, pinned: true };

/// Thousands come online, and few look.
pub(crate) const PRESENCE: Row =
    Row { bench: "presence", against: &["rony"], needs: &[], rounds: FEW, pinned: true };

/// Signaling in many rooms at once.
pub(crate) const MEET: Row = Row { bench: "meet", against: &["rony"], needs: &[], rounds: FEW, pinned: true };

/// Reading in a long conversation, and in a short one.
pub(crate) const HISTORY: Row = Row {
    bench: "history",
    against: &["rony", "short"],
    needs: &[Need::Postgres],
    rounds: PAIRS,
    pinned: false,
};

/// Files up and down, beside nginx, and beside what the disk, the hash and a socket take by themselves.
pub(crate) const FILES: Row = Row {
    bench: "files",
    against: &["rony", "nginx", "limit"],
    needs: &[Need::Nginx, Need::Postgres],
    rounds: FEW,
    pinned: false,
};

/// All, in the order in which they run.
const ALL: [&Row; 9] = [&FANOUT, &IDLE, &DURABLE, &LOGIN, &RECONNECT, &PRESENCE, &MEET, &HISTORY, &FILES];

/// Prints the catalogue as one line of JSON: `[{"bench", "against", "needs", "rounds"}]`.
///
/// # Errors
/// When it cannot be written.
pub fn list() -> Result<ExitCode> {
    let line = serde_json::to_string(&ALL).context("the catalogue is plain data")?;
    writeln!(std::io::stdout(), "{line}").context("the catalogue cannot be written")?;
    Ok(ExitCode::SUCCESS)
}
