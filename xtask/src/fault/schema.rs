//! schemathesis against the API's description, for a bounded time; `schema.py` does the work.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::{last_line, skipped};
use crate::{process, setup, workspace};

/// Runs it against the `rony` in `programs`. The quick form does without where it cannot be installed, and says so.
///
/// # Errors
/// When schemathesis cannot be installed, or ends without a result.
pub(super) fn run(programs: &Path, quick: bool, seed: u64) -> Result<Value> {
    let schemathesis = match setup::schemathesis() {
        Err(missing) if quick => {
            process::check_stopping()?;
            return Ok(skipped("schema", &missing));
        }
        found => found?,
    };
    let python = schemathesis.with_file_name("python");
    let folder = tempfile::Builder::new().prefix("rony-schema-").tempdir()?;
    let mut script = Command::new(python);
    script.arg(workspace::root().join("xtask/src/fault/schema.py"));
    script.arg(programs.join("rony")).arg(&schemathesis).arg(folder.path());
    let seconds = if quick { 30 } else { 240 };
    script.args([seconds.to_string(), seed.to_string()]);
    last_line(&mut script, Duration::from_secs(3 * seconds + 120)).context("schemathesis did not run")
}
