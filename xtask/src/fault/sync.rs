//! The model of `sync` (`rony-storage/tests/sync`): a client whose frames are dropped, doubled and delayed and whose connection
//! breaks, by other chances each time and in more cases than among the tests.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::{process, test};

/// How long all cases may take.
const LIMIT: Duration = Duration::from_secs(5 * 60);

/// How long a failure may be made smaller, in milliseconds.
const SHRINK: &str = "60000";

/// Runs it.
///
/// # Errors
/// When it cannot be built, or takes too long.
pub(super) fn run(quick: bool, seed: u64) -> Result<Value> {
    // Of all packages, so that nothing is built with other features than among the tests.
    let model = || {
        let mut cargo = test::cargo("test", &[]);
        cargo.args(["--locked", "--test=sync"]);
        cargo
    };
    let built = process::run(model().arg("--no-run"))?;
    process::check_stopping()?;
    ensure!(built.success(), "the model cannot be built");
    let cases = if quick { 100 } else { 1_000 };
    let mut played = model();
    played.env("PROPTEST_CASES", cases.to_string()).env("PROPTEST_RNG_SEED", seed.to_string());
    played.env("PROPTEST_MAX_SHRINK_TIME", SHRINK);
    let mut ran = false;
    let status = process::run_captured(&mut played, LIMIT, |line| {
        println!("{line}");
        ran |= line.starts_with("test result: ok. 1 passed");
    })?;
    let mut result =
        json!({"good": status.success() && ran, "database": "sqlite", "cases": cases, "seed": seed});
    if result["good"] != true {
        result["wrong"] = "what was said and what the client knows is above".into();
    }
    Ok(result)
}
