//! schemathesis against the API's description, for a bounded time; `schema.py` does the work.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::last_line;
use crate::{setup, workspace};

/// Runs it against the `rony` in `programs`.
///
/// # Errors
/// When schemathesis cannot be installed, or ends without a result.
pub(super) fn run(programs: &Path, quick: bool) -> Result<Value> {
    let schemathesis = setup::schemathesis()?;
    let python = schemathesis.with_file_name("python");
    let folder = tempfile::Builder::new().prefix("rony-schema-").tempdir()?;
    let mut script = Command::new(python);
    script.arg(workspace::root().join("xtask/src/fault/schema.py"));
    script.arg(programs.join("rony")).arg(&schemathesis).arg(folder.path());
    script.arg(if quick { "30" } else { "240" });
    last_line(&mut script).context("schemathesis did not run")
}
