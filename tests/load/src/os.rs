//! The few things that this tool asks of the operating system beyond the standard library.

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, setrlimit};
use tokio::signal::unix::{SignalKind, signal};

/// Makes room for `needed` open files in this process and in those that it starts.
///
/// # Errors
/// When the limit is too low and may not be raised; the message has the command that raises it.
pub(crate) fn allow_open_files(needed: u64) -> Result<()> {
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= needed) {
        return Ok(());
    }
    if limit.maximum.is_some_and(|maximum| maximum < needed) {
        bail!(
            "{needed} open files are needed, one for each connection, and at most {} are allowed: run \
             `ulimit -Hn {needed}` as root in the shell that starts this (in a container: --ulimit \
             nofile={needed})",
            limit.maximum.unwrap_or_default(),
        );
    }
    let raised = Rlimit { current: limit.maximum.or(Some(needed)), maximum: limit.maximum };
    setrlimit(Resource::Nofile, raised).context("the limit of open files cannot be raised")
}

/// Asks a process that this tool started to stop (SIGTERM).
///
/// # Errors
/// When there is no such process any more.
pub(crate) fn ask_to_stop(process: u32) -> Result<()> {
    let pid = i32::try_from(process).ok().and_then(Pid::from_raw).context("not a process id")?;
    kill_process(pid, Signal::TERM).context("the process cannot be signalled")
}

/// Waits until somebody wants this process to end (SIGINT, SIGTERM).
///
/// # Errors
/// When the signals cannot be caught.
pub(crate) async fn interrupted() -> Result<()> {
    let mut terminated = signal(SignalKind::terminate()).context("SIGTERM cannot be caught")?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.context("Ctrl-C cannot be caught"),
        _ = terminated.recv() => Ok(()),
    }
}
