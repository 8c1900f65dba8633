//! The programs that `bench`, `fault` and `soak` run: the server, and what puts it under load.

use std::path::PathBuf;

use anyhow::{Result, ensure};

use crate::{process, report, workspace};

/// Builds the server and its load, and gives the folder that they lie in: as they are released, or for a `quick` run, which asks whether
/// everything works and not how fast, with the profile `quick`, whose build takes a fraction of the time.
///
/// # Errors
/// When they do not build; cargo's own words are on the terminal.
pub(crate) fn build(quick: bool) -> Result<PathBuf> {
    build_these("the server and its load", &["--package=rony-server", "--package=rony-load", "--bins"], quick)
}

/// Builds the server alone, likewise, and gives its program.
///
/// # Errors
/// When it does not build; cargo's own words are on the terminal.
pub(crate) fn build_server(quick: bool) -> Result<PathBuf> {
    build_these("the server", &["--package=rony-server", "--bin=rony"], quick)
        .map(|folder| folder.join("rony"))
}

fn build_these(what: &str, which: &[&str], quick: bool) -> Result<PathBuf> {
    let profile = if quick { "quick" } else { "release" };
    report::step(&format!("building {what}, with the profile {profile}"));
    let mut cargo = workspace::cargo();
    cargo.args(["build", "--locked", "--profile", profile]).args(which);
    let status = process::run(&mut cargo)?;
    process::check_stopping()?;
    ensure!(status.success(), "{what} cannot be built");
    Ok(workspace::target()?.join(profile))
}
