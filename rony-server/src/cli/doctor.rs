//! `rony doctor`: prints the report that [`crate::doctor`] makes.

use std::process::ExitCode;

use anyhow::Result;

use super::say;
use crate::config::{self, Flags, Sources};
use crate::doctor::{Verdict, examine};

/// Prints the report. The exit code is 1 when something failed, so that a script can ask too.
pub(super) async fn run(flags: Flags<true>) -> Result<ExitCode> {
    let findings = examine(config::load(&Sources::of_process(flags))).await;
    for finding in &findings {
        say(finding)?;
    }
    let failed = findings.iter().any(|finding| finding.verdict == Verdict::Fail);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
