//! `cargo xtask soak`: two people talk in a long call, in Chromium on the real server. `tests/browser/soak.mjs` does the work and judges; this
//! builds what it needs.

use std::process::ExitCode;

use anyhow::{Result, ensure};

use crate::node::BROWSER;
use crate::{process, programs, report, setup, web, workspace};

/// Has them talk for so many minutes; the exit code is 1 when something drifted, or the call broke off.
///
/// # Errors
/// When something needed is missing or cannot be built, or a signal stopped the run.
pub(crate) fn command(minutes: Option<u16>, quick: bool) -> Result<ExitCode> {
    ensure!(
        cfg!(target_os = "linux"),
        "how much memory a process has is read from /proc, which only Linux has"
    );
    // Before the long part: nobody should wait for a build to hear that something is missing.
    let chromium = setup::chromium()?;
    BROWSER.install()?;
    web::build()?;
    let rony = programs::build_server(quick)?;
    let minutes = minutes.unwrap_or(if quick { 2 } else { 30 });

    report::step(&format!(
        "two people talk for {}",
        if minutes == 1 { "a minute".to_owned() } else { format!("{minutes} minutes") }
    ));
    let mut soak = BROWSER.command("node", &["soak.mjs", "--minutes", &minutes.to_string()]);
    soak.arg(rony).env("TEST_CHROMIUM", chromium);
    let log = workspace::logs()?.join("soak.log");
    let status = process::run_logged(&mut soak, &log, process::NO_LIMIT, |_| {})?;
    process::check_stopping()?;
    Ok(process::exit_code(status))
}
