//! `cargo xtask bench`: measures Rony and what stands beside it in turn, and prints one table.
//!
//! What is measured is `rony-load`'s business (`tests/load/src/bench/mod.rs` has the contract): this chore builds the
//! programs, sees to what the benches need, calls each subject of a bench once a round, and takes medians of what they answer.
//! Within a round the subjects follow each other, so a machine that becomes slower becomes so for all of them.

mod answer;
mod table;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use self::answer::Answers;
use crate::postgres::{self, Cluster};
use crate::{process, programs, report, setup, workspace};

/// How long one call may take: several times what the longest takes on a slow machine, since what hangs must end, and what is slow
/// must not.
const LIMIT: Duration = Duration::from_secs(60 * 60);
const QUICK_LIMIT: Duration = Duration::from_secs(5 * 60);

/// A bench of the catalogue.
struct Bench {
    name: String,
    subjects: Vec<String>,
    needs: Vec<String>,
    /// When nothing else is asked for.
    rounds: u8,
}

/// Runs the benches of these names, or all; ends with a table, and with exit code 1 when something was lost or broke.
///
/// # Errors
/// When there is no bench of that name, or what the benches need is missing.
pub(crate) fn command(names: &[String], quick: bool, rounds: Option<u8>) -> Result<ExitCode> {
    Ok(if run(names, quick, rounds)? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// As [`command`]; whether nothing was lost or broke. Ratios are told, and judge nothing.
///
/// # Errors
/// As [`command`].
pub(crate) fn run(names: &[String], quick: bool, rounds: Option<u8>) -> Result<bool> {
    let program = programs::build(quick)?.join("rony-load");
    let mut benches = chosen(catalogue(&program)?, names)?;
    let cluster = see_to_needs(&mut benches, quick)?;
    let limit = if quick { QUICK_LIMIT } else { LIMIT };
    let rounds_of = |bench: &Bench| rounds.unwrap_or(if quick { 1 } else { bench.rounds });
    let (began, mut answers, mut failures) = (Instant::now(), Answers::default(), Vec::new());
    for bench in &benches {
        let rounds = rounds_of(bench);
        for round in 0..rounds {
            for subject in in_turn(&bench.subjects, round.into()) {
                let what = format!("{} ({subject}), round {} of {rounds}", bench.name, round + 1);
                report::step(&what);
                let mut call = Command::new(&program);
                call.args([&bench.name, "--against", subject]).args(quick.then_some("--quick"));
                if let Some(cluster) = &cluster {
                    call.env(postgres::URL, cluster.url());
                }
                let log =
                    workspace::logs()?.join(format!("bench-{}-{subject}-{}.log", bench.name, round + 1));
                if let Err(error) = measure(&mut call, &log, limit, &mut answers) {
                    process::check_stopping()?;
                    eprintln!("error: {error:#}");
                    failures.push(format!("{what}: {error:#}"));
                }
            }
        }
    }
    println!("\n{}", table::draw(&answers));
    answers.beside().iter().for_each(|words| println!("beside it: {words}"));
    let rounds: Vec<String> =
        benches.iter().map(|bench| format!("{} {}", bench.name, rounds_of(bench))).collect();
    println!(
        "medians of so many rounds: {}; all in {}; the full logs are in {}",
        rounds.join(", "),
        report::duration(began.elapsed()),
        workspace::logs()?.display()
    );
    failures.iter().for_each(|failure| println!("FAILED {failure}"));
    Ok(failures.is_empty())
}

fn catalogue(program: &Path) -> Result<Vec<Bench>> {
    let output = Command::new(program).arg("list").output().context("cannot run rony-load")?;
    ensure!(output.status.success(), "rony-load does not list its benches");
    let rows: Vec<Value> =
        serde_json::from_slice(&output.stdout).context("the list of benches is no JSON")?;
    let words = |value: &Value| -> Vec<String> {
        let words = value.as_array().map(Vec::as_slice).unwrap_or_default();
        words.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let bench = |row: &Value| {
        let name = row["bench"].as_str().context("a bench has no name")?.to_owned();
        let rounds = row["rounds"].as_u64().and_then(|rounds| rounds.try_into().ok());
        let rounds = rounds.context("a bench does not say how often it is measured")?;
        Ok(Bench { name, subjects: words(&row["against"]), needs: words(&row["needs"]), rounds })
    };
    rows.iter().map(bench).collect()
}

fn chosen(benches: Vec<Bench>, names: &[String]) -> Result<Vec<Bench>> {
    if let Some(unknown) = names.iter().find(|name| benches.iter().all(|bench| bench.name != **name)) {
        let known: Vec<&str> = benches.iter().map(|bench| bench.name.as_str()).collect();
        bail!("there is no bench {unknown}: choose from {}", known.join(", "));
    }
    let is_chosen = |bench: &Bench| names.is_empty() || names.contains(&bench.name);
    Ok(benches.into_iter().filter(is_chosen).collect())
}

/// Installs what is missing, and starts a PostgreSQL where one is needed. The quick form does without a peer that cannot be installed,
/// and says so: it asks whether Rony works, also on machines that may install nothing.
fn see_to_needs(benches: &mut [Bench], quick: bool) -> Result<Option<Cluster>> {
    let mut cluster = None;
    let needs: BTreeSet<String> = benches.iter().flat_map(|bench| bench.needs.clone()).collect();
    for need in &needs {
        match need.as_str() {
            "nchan" | "nginx" => match if need == "nchan" { setup::nchan() } else { setup::nginx() } {
                Err(missing) if quick => {
                    process::check_stopping()?;
                    report::skip(&format!("the benches beside {need}"), &missing);
                    benches.iter_mut().for_each(|bench| bench.subjects.retain(|subject| subject != need));
                }
                found => found?,
            },
            "postgres" => cluster = Some(Cluster::start()?),
            other => bail!("rony-load needs {other}, which this chore does not know how to get"),
        }
    }
    Ok(cluster)
}

/// The subjects, beginning with another one each round: nobody always goes first.
fn in_turn(subjects: &[String], round: usize) -> impl Iterator<Item = &String> {
    subjects.iter().cycle().skip(round % subjects.len().max(1)).take(subjects.len())
}

/// Runs one call, and keeps its last line.
fn measure(call: &mut Command, log: &Path, limit: Duration, answers: &mut Answers) -> Result<()> {
    let mut last = String::new();
    let status = process::run_logged(call, log, limit, |line| line.clone_into(&mut last))?;
    let answer = serde_json::from_str(&last);
    ensure!(status.success() || answer.is_ok(), "it ended with {status}; its log is {}", log.display());
    let lost = answers.take(&answer.context("its last line is no JSON")?)?;
    ensure!(lost == 0, "{lost} lost; its log is {}", log.display());
    ensure!(status.success(), "it ended with {status}; its log is {}", log.display());
    Ok(())
}
