//! `cargo xtask serve`: the release server, as an operator would run it.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result};

use crate::{web, workspace};

/// Builds the web client if it changed, then the release server, showing the progress of both, and becomes it: `cargo run` gives its own place to
/// the server, as this process gives its place to `cargo run`, so Ctrl-C, SIGTERM and the exit code need no
/// passing on.
///
/// The server runs in the caller's folder: that is where `./rony-data` is made unless `arguments` say
/// otherwise.
///
/// # Errors
/// When the web client cannot be built or cargo cannot be run; otherwise it does not return.
pub(crate) fn serve(arguments: &[OsString]) -> Result<ExitCode> {
    let caller = std::env::current_dir().context("the current folder is gone")?;
    web::build()?;
    let mut run = workspace::cargo();
    run.current_dir(caller).arg("run").arg("--manifest-path").arg(workspace::root().join("Cargo.toml"));
    run.args(["--release", "--package=rony-server", "--bin=rony", "--", "serve"]).args(arguments);
    Err(run.exec()).context("cannot run cargo")
}
