//! `cargo xtask fault`: breaks Rony on purpose in every way that `rony-fault` knows, plays a client by chance against the model of
//! `sync`, tries the API's description with schemathesis and the parsers of outside bytes with cargo-fuzz, and prints one table.

mod fuzz;
mod schema;
mod sync;

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::postgres::Cluster;
use crate::{process, programs, report, setup};

/// What can be run, in the order in which it is: its name, what runs it, and on which database.
const FAULTS: [(&str, Kind); 16] = [
    ("kill", Kind::Sqlite),
    ("kill", Kind::Postgres),
    ("database", Kind::Own),
    ("commit", Kind::Postgres),
    ("disk", Kind::Own),
    ("stall", Kind::Sqlite),
    ("clock", Kind::Sqlite),
    ("stampede", Kind::Sqlite),
    ("stampede", Kind::Postgres),
    ("migration", Kind::Sqlite),
    ("migration", Kind::Postgres),
    ("bus", Kind::Sqlite),
    ("bus", Kind::Postgres),
    ("sync", Kind::Sync),
    ("schema", Kind::Schema),
    ("fuzz", Kind::Fuzz),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `rony-fault` on an SQLite file.
    Sqlite,
    /// `rony-fault` on the throw-away PostgreSQL.
    Postgres,
    /// `rony-fault`, which brings the database that the fault is about.
    Own,
    /// The model of `sync`, which is a test of its own.
    Sync,
    Schema,
    Fuzz,
}

/// How long one fault may take, after which it is ended.
const LIMIT: Duration = Duration::from_secs(15 * 60);
const QUICK_LIMIT: Duration = Duration::from_secs(120);

/// How much longer what a fault runs in may take than the fault itself, which then can say what it was at.
const GRACE: Duration = Duration::from_secs(60);

/// Runs the faults of these names, or all; ends with a table, and with exit code 1 when a promise was not kept.
///
/// # Errors
/// When something needed is missing, or a signal stopped the run.
pub(crate) fn command(names: &[String], quick: bool, seed: Option<u64>) -> Result<ExitCode> {
    Ok(if run(names, quick, seed)? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// As [`command`]; whether every promise was kept. What could not be tried is said, and a failure only for who named it.
///
/// # Errors
/// As [`command`].
pub(crate) fn run(names: &[String], quick: bool, seed: Option<u64>) -> Result<bool> {
    let chosen = choose(names, quick)?;
    // Before the long part: nobody should wait for a build to hear that something is missing.
    let needs = |wanted: fn(Kind) -> bool| chosen.iter().any(|(_, kind)| wanted(*kind));
    if needs(|kind| matches!(kind, Kind::Postgres | Kind::Own)) {
        setup::postgres()?;
    }
    let faketime = chosen.iter().any(|(name, _)| *name == "clock").then(setup::libfaketime);
    if let (Some(Err(missing)), false) = (&faketime, quick) {
        bail!("{missing:#}");
    }
    process::check_stopping()?;
    let alone = |kind| matches!(kind, Kind::Sync | Kind::Fuzz);
    let programs =
        if chosen.iter().all(|(_, kind)| alone(*kind)) { PathBuf::new() } else { programs::build(quick)? };
    let cluster = if needs(|kind| kind == Kind::Postgres) { Some(Cluster::start()?) } else { None };

    // Half of the bits: people may have to type it.
    let seed = seed.unwrap_or_else(|| RandomState::new().hash_one(()) >> 32);
    println!("the seed of all chances is {seed}: `--seed {seed}` repeats them, as far as time allows");
    let ground = Ground { programs, cluster, faketime, quick, seed };

    let mut results = Vec::new();
    for (name, kind) in chosen {
        process::check_stopping()?;
        report::step(&format!("{name}{}", if kind == Kind::Postgres { " on PostgreSQL" } else { "" }));
        let begun = Instant::now();
        let played = ground.play(name, kind);
        process::check_stopping()?;
        let failed = |error| json!({"good": false, "wrong": report::one_line(&error)});
        let mut result = played.unwrap_or_else(failed);
        result["fault"] = name.into();
        result["seconds"] = ((begun.elapsed().as_secs_f64() * 10.0).round() / 10.0).into();
        println!("{result}");
        if verdict(&result) == FAILED {
            let quick = if quick { " --quick" } else { "" };
            println!("again with the same chances: cargo xtask fault {name}{quick} --seed {seed}");
        }
        results.push(result);
    }
    print_table(&results);
    println!("seed {seed}");
    Ok(results.iter().all(|result| match verdict(result) {
        FAILED => false,
        SKIPPED => names.is_empty(),
        _ => true,
    }))
}

const FAILED: &str = "FAILED";
const SKIPPED: &str = "SKIPPED";

fn verdict(result: &Value) -> &'static str {
    match (&result["good"], &result["skipped"]) {
        (Value::Bool(true), _) => "ok",
        (_, Value::String(_)) => SKIPPED,
        _ => FAILED,
    }
}

/// What the faults are played with.
struct Ground {
    /// The folder of the server and of `rony-fault`.
    programs: PathBuf,
    cluster: Option<Cluster>,
    /// The library by which the server's clock is set, if it is to be; or why there is none, which only the quick form puts up with.
    faketime: Option<Result<PathBuf>>,
    quick: bool,
    seed: u64,
}

impl Ground {
    fn play(&self, name: &str, kind: Kind) -> Result<Value> {
        match kind {
            Kind::Sync => return sync::run(self.quick, self.seed),
            Kind::Schema => return schema::run(&self.programs, self.quick, self.seed),
            Kind::Fuzz => return fuzz::run(self.quick, self.seed),
            Kind::Sqlite | Kind::Postgres | Kind::Own => {}
        }
        let mut fault = Command::new(self.programs.join("rony-fault"));
        fault.arg(name);
        if let (Kind::Postgres, Some(cluster)) = (kind, &self.cluster) {
            fault.args(["--database", &cluster.url()]);
        }
        match (name, &self.faketime) {
            ("clock", Some(Ok(library))) => {
                fault.arg("--libfaketime").arg(library);
            }
            ("clock", Some(Err(missing))) => return Ok(skipped(name, missing)),
            _ => {}
        }
        let limit = if self.quick { QUICK_LIMIT } else { LIMIT };
        fault.args(self.quick.then_some("--quick"));
        fault.args(["--seed", &self.seed.to_string(), "--timeout", &limit.as_secs().to_string()]);
        last_line(&mut fault, limit + GRACE)
    }
}

/// The runs of these names. Without names all; the quick form leaves the fuzzers out, whose build with a sanitizer takes longer than
/// everything else together. Their entry points run under proptest in the crates' tests.
fn choose(names: &[String], quick: bool) -> Result<Vec<(&'static str, Kind)>> {
    if let Some(unknown) = names.iter().find(|name| FAULTS.iter().all(|(known, _)| known != name)) {
        let mut known: Vec<_> = FAULTS.iter().map(|(name, _)| *name).collect();
        known.dedup();
        bail!("there is no fault `{unknown}`; there are {}", known.join(", "));
    }
    let chosen = |name: &str, kind: Kind| match names {
        [] => !(quick && kind == Kind::Fuzz),
        names => names.iter().any(|wanted| wanted == name),
    };
    Ok(FAULTS.into_iter().filter(|(name, kind)| chosen(name, *kind)).collect())
}

/// The result of what cannot be tried here, neither good nor a failure: CI runs on machines that may install nothing.
fn skipped(name: &str, missing: &anyhow::Error) -> Value {
    report::skip(name, missing);
    json!({"skipped": report::one_line(missing)})
}

/// Runs a program whose last line is its result as JSON, for `limit` at most.
fn last_line(command: &mut Command, limit: Duration) -> Result<Value> {
    let mut last = String::new();
    let status = process::run_captured(command, limit, |line| line.clone_into(&mut last))?;
    let mut result: Value = serde_json::from_str(&last)
        .with_context(|| format!("it ended without a result ({status}); its words are above"))?;
    if !status.success() {
        result["good"] = false.into();
    }
    Ok(result)
}

/// What the table shows of each result, beside its own figures.
const COLUMNS: [&str; 6] = ["acknowledged", "stored", "lost", "doubled", "holes", "differing"];

fn print_table(results: &[Value]) {
    println!();
    println!(
        "{:<10} {:<9} {:<7} {:>8} {:>12} {:>8} {:>5} {:>7} {:>5} {:>9}  figures",
        "fault",
        "database",
        "result",
        "seconds",
        "acknowledged",
        "stored",
        "lost",
        "doubled",
        "holes",
        "differing"
    );
    for result in results {
        let text = |name: &str| match &result[name] {
            Value::Null => "-".to_owned(),
            Value::String(text) => text.clone(),
            value => value.to_string(),
        };
        let [acknowledged, stored, lost, doubled, holes, differing] = COLUMNS.map(text);
        let (fault, database, seconds) = (text("fault"), text("database"), text("seconds"));
        let verdict = verdict(result);
        println!(
            "{fault:<10} {database:<9} {verdict:<7} {seconds:>8} {acknowledged:>12} {stored:>8} {lost:>5} {doubled:>7} \
             {holes:>5} {differing:>9}  {}",
            figures(result)
        );
    }
}

/// What a fault tells beyond the columns.
fn figures(result: &Value) -> String {
    // Of the seed one is said for all.
    const SHOWN: [&str; 5] = ["fault", "database", "good", "seconds", "seed"];
    let Some(fields) = result.as_object() else { return String::new() };
    let others = fields.iter().filter(|(name, value)| {
        let shown = SHOWN.contains(&name.as_str()) || COLUMNS.contains(&name.as_str());
        !shown && **value != 0
    });
    let said: Vec<String> = others.map(|(name, value)| format!("{name} {value}")).collect();
    said.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_chooses_all_runs_of_a_fault_and_an_unknown_one_is_refused() {
        let kills = choose(&["kill".to_owned()], true).unwrap();
        assert_eq!(kills.len(), 2);
        assert_eq!(choose(&[], false).unwrap().len(), FAULTS.len());
        let refused = choose(&["flood".to_owned()], false).err().map(|error| error.to_string()).unwrap();
        assert!(refused.contains("kill, database, commit"), "{refused}");
    }

    #[test]
    fn the_quick_form_fuzzes_only_when_it_is_asked_to() {
        assert!(choose(&[], true).unwrap().iter().all(|(name, _)| *name != "fuzz"));
        assert_eq!(choose(&["fuzz".to_owned()], true).unwrap().len(), 1);
    }

    #[test]
    fn figures_are_what_the_columns_do_not_show() {
        let result = json!({"fault": "kill", "good": true, "lost": 0, "rounds": 50, "faults": 0});
        assert_eq!(figures(&result), "rounds 50");
    }

    #[test]
    fn what_did_not_run_is_neither_good_nor_a_failure() {
        let verdicts =
            [json!({"good": true}), skipped("clock", &anyhow::anyhow!("no clock")), json!({"good": false})];
        assert_eq!(verdicts.each_ref().map(verdict), ["ok", SKIPPED, FAILED]);
        assert_eq!(verdict(&json!({})), FAILED);
    }
}
