//! cargo-fuzz on every parser of outside bytes (the folder `fuzz`), for a bounded time each. It needs a nightly toolchain: without
//! one it is skipped, and the same entry points run under proptest in the crates' own tests.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, anyhow, ensure};
use serde_json::{Value, json};

use super::skipped;
use crate::{process, setup, workspace};

/// The targets, as they are named in `fuzz/Cargo.toml`.
const TARGETS: [&str; 5] = ["frame", "cursor", "mention", "signal", "configuration"];

/// Runs all targets.
///
/// # Errors
/// When the tool or a target cannot be built.
pub(super) fn run(quick: bool, seed: u64) -> Result<Value> {
    if !has_nightly() {
        let missing = anyhow!("a nightly toolchain is needed: `rustup toolchain install nightly`");
        return Ok(skipped("fuzz", &missing));
    }
    let tool = setup::cargo_fuzz()?;
    let seconds = if quick { 10 } else { 60 };
    for target in TARGETS {
        let mut fuzz = Command::new(&tool);
        workspace::without_cargo_run(&mut fuzz);
        fuzz.current_dir(workspace::root()).env("RUSTUP_TOOLCHAIN", "nightly");
        fuzz.env("CARGO_TARGET_DIR", workspace::target()?.join("fuzz"));
        fuzz.args(["fuzz", "run", target, "--"]);
        // libFuzzer takes 32 bits, and 0 for none.
        fuzz.arg(format!("-seed={}", (seed as u32).max(1))).arg(format!("-max_total_time={seconds}")).args([
            "-rss_limit_mb=2048",
            "-max_len=4096",
            "-timeout=10",
        ]);
        let status = process::run(&mut fuzz)?;
        process::check_stopping()?;
        ensure!(status.success(), "{target}: the input that breaks it is named above");
    }
    Ok(json!({"good": true, "targets": TARGETS.len(), "seconds_each": seconds}))
}

fn has_nightly() -> bool {
    let mut ask = Command::new("rustc");
    ask.env("RUSTUP_TOOLCHAIN", "nightly").arg("--version");
    let said = ask.stdout(Stdio::null()).stderr(Stdio::null()).status().context("rustc cannot be run");
    said.is_ok_and(|status| status.success())
}
