//! `cargo xtask ci`: everything that must hold before a change is taken in, with the time that each step
//! took.
//!
//! Every step runs even when an earlier one failed: one look at the end then shows all there is to mend.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::test::Selection;
use crate::{bench, fault, process, report, setup, test, tidy, web, workspace};

/// How long a try to bring the list of known vulnerabilities up to date may take.
const FETCH: Duration = Duration::from_secs(90);

/// Runs all steps, the longest last. The output ends with the tests' counts, whichever steps come after them.
///
/// # Errors
/// When a signal stopped the run, or a step could not even be tried.
pub(crate) fn command() -> Result<ExitCode> {
    let mut steps = Steps::default();
    steps.run("tidy", tidy::check)?;
    steps.run("formatting", formatting)?;
    steps.run("clippy", clippy)?;
    steps.run("rony-core without its features", bare_core)?;
    steps.run("rustdoc", rustdoc)?;
    steps.run("cargo-deny", deny)?;
    steps.run("web client", web::check)?;
    let mut outcome = None;
    steps.run("tests", || {
        let outcome = outcome.insert(test::run(&Selection::default())?);
        Ok(outcome.is_good())
    })?;
    make_room()?;
    // Both fail on what is lost and on what breaks. How fast something is says little on a machine that runs CI.
    steps.run("faults, quick", || fault::run(&[], true, None))?;
    steps.run("benches, quick", || bench::run(&[], true, None))?;
    steps.print();
    report::repeat_skipped();
    if let Some(outcome) = outcome {
        outcome.print()?;
    }
    Ok(if steps.all_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The steps so far: name, whether it went well, how long it took.
#[derive(Default)]
struct Steps(Vec<(&'static str, bool, Duration)>);

impl Steps {
    fn run(&mut self, name: &'static str, step: impl FnOnce() -> Result<bool>) -> Result<()> {
        report::step(name);
        let begin = Instant::now();
        let good = step().unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            false
        });
        process::check_stopping()?;
        let took = begin.elapsed();
        println!("==> {name}: {} in {}", verdict(good), report::duration(took));
        self.0.push((name, good, took));
        Ok(())
    }

    fn print(&self) {
        println!();
        for (name, good, took) in &self.0 {
            println!("{:<6}  {:>12}  {name}", verdict(*good), report::duration(*took));
        }
    }

    fn all_good(&self) -> bool {
        self.0.iter().all(|(_, good, _)| *good)
    }
}

fn verdict(good: bool) -> &'static str {
    if good { "ok" } else { "FAILED" }
}

/// Removes the programs of the tests that are large: gigabytes that nothing of what follows runs, and that `.ci/run` would build anew the next
/// time anyway. What follows has programs of its own, of another profile, and one small test.
fn make_room() -> Result<()> {
    let large = ["--package=rony-server", "--package=rony-load", "--package=rony-examples"];
    process::run(workspace::cargo().args(["clean", "--quiet", "--locked"]).args(large))?;
    process::check_stopping()
}

fn succeeds(command: &mut Command) -> Result<bool> {
    Ok(process::run(command)?.success())
}

fn formatting() -> Result<bool> {
    succeeds(workspace::cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> Result<bool> {
    let all =
        ["clippy", "--locked", "--workspace", "--all-targets", "--all-features", "--", "--deny=warnings"];
    succeeds(workspace::cargo().args(all))
}

/// The SDK takes the wire protocol without the password hasher: that must build, and leave nothing unused.
fn bare_core() -> Result<bool> {
    let bare =
        ["clippy", "--locked", "--package=rony-core", "--no-default-features", "--", "--deny=warnings"];
    succeeds(workspace::cargo().args(bare))
}

fn rustdoc() -> Result<bool> {
    let all = ["doc", "--locked", "--workspace", "--no-deps", "--all-features"];
    succeeds(workspace::cargo().args(all).env("RUSTDOCFLAGS", "--deny=warnings"))
}

fn deny() -> Result<bool> {
    let program = setup::cargo_deny()?;
    let deny = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        command.current_dir(workspace::root()).args(arguments);
        command
    };
    let mut good = succeeds(&mut deny(&["--locked", "check", "bans", "licenses", "sources"]))?;
    process::run_quietly(&mut deny(&["fetch", "db"]), FETCH)?;
    if advisories_known() {
        good &= succeeds(&mut deny(&["--locked", "--offline", "check", "advisories"]))?;
    } else {
        println!("advisories are not checked: the list of known vulnerabilities cannot be reached from here");
    }
    Ok(good)
}

/// Whether a list of known vulnerabilities lies where cargo-deny keeps it, from today or from an earlier day.
fn advisories_known() -> bool {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(Path::new(&std::env::var_os("HOME")?).join(".cargo")));
    let lists = home.and_then(|home| std::fs::read_dir(home.join("advisory-dbs")).ok());
    lists.into_iter().flatten().flatten().any(|list| list.path().join("crates").is_dir())
}
