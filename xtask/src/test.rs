//! `cargo xtask test`: every test of the workspace, with all the set-up they need, and one line at the end
//! that says how it went.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};

use crate::node::{BROWSER, Project, WEB};
use crate::postgres::{self, Cluster};
use crate::summary::Summary;
use crate::{process, report, setup, vitest, web, workspace};

/// The packages whose programs tests start as separate processes.
const PROGRAMS: [&str; 2] = ["rony-server", "rony-load"];

/// The browsers that the stories are told in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Browsers {
    /// All stories in Chromium.
    #[default]
    Chromium,
    /// One story each in Firefox and in WebKitGTK, too.
    All,
}

/// Which tests to run; the default is all of them.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    /// Packages by name; none means the whole workspace.
    pub(crate) packages: Vec<String>,
    /// Where the web client is tried.
    pub(crate) browsers: Browsers,
    /// What the test programs themselves are given, such as a part of a test's name.
    pub(crate) arguments: Vec<OsString>,
}

impl Selection {
    fn is_page(package: &str) -> bool {
        [WEB, BROWSER].iter().any(|project| project.name == package)
    }

    fn wants_crates(&self) -> bool {
        self.packages.is_empty() || self.packages.iter().any(|package| !Self::is_page(package))
    }

    /// Whether the tests of that crate are among those that run.
    fn wants_package(&self, name: &str) -> bool {
        self.packages.is_empty() || self.packages.iter().any(|package| package == name)
    }

    /// Whether the web client's or the browser's tests run: when they are named, or nothing is. An argument that names no
    /// package is for the crates' tests.
    fn wants(&self, project: Project) -> bool {
        let everything = self.packages.is_empty() && self.arguments.is_empty();
        everything || self.packages.iter().any(|package| package == project.name)
    }

    /// The part of this selection that cargo knows.
    fn crates(&self) -> Self {
        let packages = self.packages.iter().filter(|package| !Self::is_page(package)).cloned().collect();
        Self { packages, browsers: self.browsers, arguments: self.arguments.clone() }
    }

    /// Vitest and the crates' test programs do not take the same arguments: where both run, these are the crates'.
    fn arguments_of_pages(&self) -> &[OsString] {
        if self.wants_crates() { &[] } else { &self.arguments }
    }
}

/// What a run has to say at its end.
pub(crate) struct Outcome {
    summary: Summary,
    took: Duration,
}

/// Runs the selected tests and ends with how long they took, where the logs are, and `N passed, N failed, N
/// skipped`.
///
/// # Errors
/// When a signal stopped the run, or there is no place for logs.
pub(crate) fn command(selection: &Selection) -> Result<ExitCode> {
    let outcome = run(selection)?;
    outcome.print()?;
    Ok(outcome.exit_code())
}

/// Runs the selected tests. What keeps them from running is a failure in the outcome, never a smaller number
/// of tests.
///
/// # Errors
/// When a signal stopped the run.
pub(crate) fn run(selection: &Selection) -> Result<Outcome> {
    let begin = Instant::now();
    let mut summary = Summary::default();
    if let Err(error) = prepare_and_run(selection, &mut summary) {
        process::check_stopping()?;
        eprintln!("error: {error:#}");
        summary.fail("the run itself, by the error above");
    }
    Ok(Outcome { summary, took: begin.elapsed() })
}

impl Outcome {
    /// Prints the end of the run; its last line is the counts, alone.
    ///
    /// # Errors
    /// When there is no place for logs.
    pub(crate) fn print(&self) -> Result<()> {
        println!();
        for failure in self.summary.failures() {
            println!("failed: {failure}");
        }
        println!("took {}", report::duration(self.took));
        println!("logs are in {}", workspace::logs()?.display());
        println!("{}", self.summary);
        Ok(())
    }

    /// Success only when every test passed.
    pub(crate) fn exit_code(&self) -> ExitCode {
        if self.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// Whether every test passed.
    pub(crate) fn is_good(&self) -> bool {
        self.summary.is_good()
    }
}

fn prepare_and_run(selection: &Selection, summary: &mut Summary) -> Result<()> {
    // Before the long part: nobody should wait for a build to hear that something is missing.
    if selection.wants_crates() {
        setup::postgres()?;
    }
    if selection.wants_package("rony-rtc") {
        setup::coturn()?;
    }
    let pebble = if selection.wants_package("rony-server") {
        setup::proxies()?;
        Some(setup::pebble()?)
    } else {
        None
    };
    let browsers = if selection.wants(BROWSER) { Some(browsers(selection.browsers)?) } else { None };
    if selection.wants(WEB) {
        vitest::run(WEB, selection.arguments_of_pages(), &[], summary)?;
    }
    if browsers.is_some() {
        web::build()?;
    }
    if selection.wants_crates() {
        run_crates(&selection.crates(), pebble.as_deref(), summary)?;
    }
    if let Some(mut environment) = browsers {
        report::step("building the server that people meet in the browser, and a program that meets them");
        let packages = ["rony-server", "rony-examples"].map(str::to_owned);
        run_build(cargo("build", &packages).args(["--bin=rony", "--bin=call"]))?;
        let programs = workspace::target()?.join("debug");
        environment.push(("TEST_RONY", programs.join("rony").into_os_string()));
        environment.push(("TEST_CALL", programs.join("call").into_os_string()));
        vitest::run(BROWSER, selection.arguments_of_pages(), &environment, summary)?;
    }
    Ok(())
}

/// Sees to it that the browsers are there. What the stories have to know of them.
fn browsers(which: Browsers) -> Result<Vec<(&'static str, OsString)>> {
    setup::screen()?;
    let mut environment = vec![("TEST_CHROMIUM", setup::chromium()?.into_os_string())];
    if which == Browsers::All {
        environment.push(("TEST_FIREFOX", setup::firefox()?.into_os_string()));
        environment.push(("TEST_WEBKIT", setup::webkit()?.into_os_string()));
        environment.push(("TEST_BROWSERS", OsString::from("all")));
    }
    Ok(environment)
}

fn run_crates(selection: &Selection, pebble: Option<&Path>, summary: &mut Summary) -> Result<()> {
    build(selection)?;

    report::step("starting PostgreSQL");
    let cluster = Cluster::start()?;

    report::step("running the tests");
    let log = workspace::logs()?.join("tests.log");
    let mut cargo = cargo("test", &selection.packages);
    cargo.arg("--no-fail-fast").arg("--").args(&selection.arguments).env(postgres::URL, cluster.url());
    if let Some(pebble) = pebble {
        cargo.env("RONY_TEST_PEBBLE", pebble);
    }
    if let Some(shared) = workspace::shared() {
        cargo.env("RONY_SHARED", shared);
    }
    let status = process::run_logged(&mut cargo, &log, process::NO_LIMIT, |line| summary.read(line))?;
    process::check_stopping()?;
    summary.end();
    if !status.success() && summary.is_good() {
        bail!("cargo test failed ({status}) although no test did; see {}", log.display());
    }
    Ok(())
}

/// Builds everything first, in the sets of features that the run then uses, so that nothing is compiled
/// twice.
fn build(selection: &Selection) -> Result<()> {
    report::step("building the tests");
    let mut everything = cargo("build", &selection.packages);
    everything.args(["--bins", "--tests", "--examples"]);
    run_build(&mut everything)?;

    let programs = missing_programs(&selection.packages)?;
    if programs.is_empty() {
        return Ok(());
    }
    report::step("building the programs that tests start");
    run_build(cargo("build", &programs).arg("--bins"))
}

fn run_build(cargo: &mut Command) -> Result<()> {
    let status = process::run(cargo)?;
    process::check_stopping()?;
    ensure!(status.success(), "the tests do not build");
    Ok(())
}

/// The packages of programs that a build of only `selected` leaves out although its tests may start them.
/// What the server itself is built from has no tests that start the server.
fn missing_programs(selected: &[String]) -> Result<Vec<String>> {
    let below = below("rony-server")?;
    let starts_programs = |package: &String| package != "xtask" && !below.contains(package);
    if !selected.iter().any(starts_programs) {
        return Ok(Vec::new());
    }
    let known = workspace::packages()?;
    let missing = |name: &str| known.iter().any(|p| p["name"] == name) && !selected.iter().any(|s| s == name);
    Ok(PROGRAMS.into_iter().filter(|name| missing(name)).map(str::to_owned).collect())
}

/// The workspace's packages that `package` depends on, directly or not.
fn below(package: &str) -> Result<BTreeSet<String>> {
    let packages = workspace::packages()?;
    let mut below = BTreeSet::new();
    let mut waiting = vec![package];
    while let Some(name) = waiting.pop() {
        for dependency in
            packages.iter().filter(|other| other["name"] == name).flat_map(workspace::own_dependencies)
        {
            if below.insert(dependency.to_owned()) {
                waiting.push(dependency);
            }
        }
    }
    Ok(below)
}

/// Cargo with the packages and the features that tests are run with; no packages are all.
pub(crate) fn cargo(chore: &str, packages: &[String]) -> Command {
    let mut cargo = workspace::cargo();
    // A suite behind a feature is a suite that must run.
    cargo.arg(chore).arg("--all-features");
    if packages.is_empty() {
        cargo.arg("--workspace");
    }
    cargo.args(packages.iter().map(|package| format!("--package={package}")));
    cargo
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(packages: &[&str], arguments: &[&str]) -> Selection {
        Selection {
            packages: packages.iter().map(|&name| name.to_owned()).collect(),
            browsers: Browsers::Chromium,
            arguments: arguments.iter().map(OsString::from).collect(),
        }
    }

    #[test]
    fn everything_runs_unless_something_is_named() {
        let all = selection(&[], &[]);
        assert!(all.wants_crates() && all.wants(WEB) && all.wants(BROWSER));
        let core = selection(&["rony-core"], &[]);
        assert!(core.wants_crates() && !core.wants(WEB) && !core.wants(BROWSER));
        let page = selection(&["rony-web"], &["-t", "name"]);
        assert!(!page.wants_crates() && page.wants(WEB) && page.arguments_of_pages().len() == 2);
        let named = selection(&[], &["retried_send"]);
        assert!(named.wants_crates() && !named.wants(WEB) && !named.wants(BROWSER));
    }
}
