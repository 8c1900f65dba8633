//! The tests that are written in TypeScript: run by vitest, and counted with all others.

use std::ffi::OsString;
use std::fs;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::node::Project;
use crate::summary::Summary;
use crate::{process, report, workspace};

/// Runs a project's tests and adds up what came of them. `environment` is what its tests have to know.
///
/// # Errors
/// When the tests cannot be run, or end without a result.
pub(crate) fn run(
    project: Project,
    arguments: &[OsString],
    environment: &[(&str, OsString)],
    summary: &mut Summary,
) -> Result<()> {
    project.install()?;
    report::step(&format!("running the tests of {}", project.name));
    let logs = workspace::logs()?;
    let result = logs.join(format!("{}.json", project.name));
    // What an earlier run left must not be taken for this one's.
    let _ = fs::remove_file(&result);
    let mut vitest = project.command("vitest", &["run", "--reporter=verbose", "--reporter=json"]);
    vitest.arg(format!("--outputFile.json={}", result.display())).args(arguments);
    vitest.envs(environment.iter().map(|(name, value)| (name, value)));
    let log = logs.join(format!("{}.log", project.name));
    let status = process::run_logged(&mut vitest, &log, process::NO_LIMIT, |_| {})?;
    process::check_stopping()?;

    let text = fs::read(&result).with_context(|| format!("{} gave no result ({status})", project.name))?;
    let before = summary.failures().len();
    add(&serde_json::from_slice(&text).context("vitest did not write JSON")?, summary);
    if !status.success() && summary.failures().len() == before {
        bail!("{} failed ({status}) although no test did; see {}", project.name, log.display());
    }
    Ok(())
}

/// Takes in what vitest wrote about a run.
fn add(result: &Value, summary: &mut Summary) {
    let count = |name: &str| result[name].as_u64().unwrap_or(0);
    summary.count(count("numPassedTests"), count("numPendingTests") + count("numTodoTests"));
    for file in result["testResults"].as_array().into_iter().flatten() {
        let tests = file["assertionResults"].as_array().map(Vec::as_slice).unwrap_or_default();
        let failed: Vec<_> = tests.iter().filter(|test| test["status"] == "failed").collect();
        if failed.is_empty() && file["status"] == "failed" {
            summary.fail(format!("{}: {}", text(&file["name"]), text(&file["message"])));
        }
        failed.iter().for_each(|test| summary.fail(text(&test["fullName"])));
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("?").lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tests_are_counted_and_a_file_that_cannot_be_loaded_is_a_failure() {
        let result = json!({
            "numPassedTests": 5, "numFailedTests": 1, "numPendingTests": 2, "numTodoTests": 0,
            "testResults": [
                { "name": "a.test.ts", "status": "failed", "message": "", "assertionResults": [
                    { "status": "passed", "fullName": "adds" },
                    { "status": "failed", "fullName": "takes away" },
                ]},
                { "name": "b.test.ts", "status": "failed", "message": "Cannot find b\nat c", "assertionResults": [] },
            ],
        });
        let mut summary = Summary::default();
        add(&result, &mut summary);
        assert_eq!(summary.to_string(), "5 passed, 2 failed, 2 skipped");
        assert_eq!(summary.failures(), ["takes away", "b.test.ts: Cannot find b"]);
    }
}
