//! The programs that `bench` and `fault` run: the server, and what puts it under load.

use std::path::PathBuf;

use anyhow::{Result, ensure};

use crate::{process, report, workspace};

/// Builds them and gives the folder that they lie in: as they are released, or for a `quick` run, which asks whether everything
/// works and not how fast, with the profile `quick`, whose build takes a fraction of the time.
///
/// # Errors
/// When they do not build; cargo's own words are on the terminal.
pub(crate) fn build(quick: bool) -> Result<PathBuf> {
    let profile = if quick { "quick" } else { "release" };
    report::step(&format!("building the server and its load, with the profile {profile}"));
    let mut cargo = workspace::cargo();
    cargo.args(["build", "--locked", "--profile", profile]);
    cargo.args(["--package=rony-server", "--package=rony-load", "--bins"]);
    let status = process::run(&mut cargo)?;
    process::check_stopping()?;
    ensure!(status.success(), "the programs do not build");
    Ok(workspace::target()?.join(profile))
}
