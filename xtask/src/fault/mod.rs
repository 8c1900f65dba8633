//! `cargo xtask fault`: breaks Rony on purpose in every way that `rony-fault` knows, tries the API's description with
//! schemathesis and the parsers of outside bytes with cargo-fuzz, and prints one table.

mod fuzz;
mod schema;

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::postgres::Cluster;
use crate::{process, programs, report, setup};

/// What can be run, in the order in which it is: its name, what runs it, and on which database.
const FAULTS: [(&str, Kind); 13] = [
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
    Schema,
    Fuzz,
}

/// Runs the faults of these names, or all; ends with a table, and with exit code 1 when a promise was not kept.
///
/// # Errors
/// When something needed is missing, or a signal stopped the run.
pub(crate) fn command(names: &[String], quick: bool) -> Result<ExitCode> {
    Ok(if run(names, quick)? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// As [`command`]; whether every promise was kept.
///
/// # Errors
/// As [`command`].
pub(crate) fn run(names: &[String], quick: bool) -> Result<bool> {
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
    let programs = if needs(|kind| kind != Kind::Fuzz) { programs::build(quick)? } else { PathBuf::new() };
    let cluster = if needs(|kind| kind == Kind::Postgres) { Some(Cluster::start()?) } else { None };

    let ground = Ground { programs, cluster, faketime, quick };

    let mut results = Vec::new();
    for (name, kind) in chosen {
        process::check_stopping()?;
        report::step(&format!("{name}{}", if kind == Kind::Postgres { " on PostgreSQL" } else { "" }));
        let begun = Instant::now();
        let played = ground.play(name, kind);
        process::check_stopping()?;
        let failed = |error| json!({"good": false, "wrong": format!("{error:#}")});
        let mut result = played.unwrap_or_else(failed);
        result["fault"] = name.into();
        result["seconds"] = ((begun.elapsed().as_secs_f64() * 10.0).round() / 10.0).into();
        println!("{result}");
        results.push(result);
    }
    print_table(&results);
    Ok(results.iter().all(|result| result["good"] == true))
}

/// What the faults are played with.
struct Ground {
    /// The folder of the server and of `rony-fault`.
    programs: PathBuf,
    cluster: Option<Cluster>,
    /// The library by which the server's clock is set, if it is to be; or why there is none, which only the quick form puts up with.
    faketime: Option<Result<PathBuf>>,
    quick: bool,
}

impl Ground {
    fn play(&self, name: &str, kind: Kind) -> Result<Value> {
        match kind {
            Kind::Schema => return schema::run(&self.programs, self.quick),
            Kind::Fuzz => return fuzz::run(self.quick),
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
            ("clock", Some(Err(missing))) => return Ok(not_run(missing)),
            _ => {}
        }
        fault.args(self.quick.then_some("--quick"));
        last_line(&mut fault)
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

/// The result of what cannot be tried here, which is said in a line: CI runs on machines that may install nothing.
fn not_run(missing: &anyhow::Error) -> Value {
    println!("not run: {missing:#}");
    json!({"good": true, "not_run": "what it needs is not installed"})
}

/// Runs a program whose last line is its result as JSON.
fn last_line(command: &mut Command) -> Result<Value> {
    let mut last = String::new();
    let status = process::run_captured(command, |line| line.clone_into(&mut last))?;
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
        "{:<10} {:<9} {:<6} {:>8} {:>12} {:>8} {:>5} {:>7} {:>5} {:>9}  figures",
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
        let verdict = if result["good"] == true { "ok" } else { "FAILED" };
        println!(
            "{fault:<10} {database:<9} {verdict:<6} {seconds:>8} {acknowledged:>12} {stored:>8} {lost:>5} {doubled:>7} \
             {holes:>5} {differing:>9}  {}",
            figures(result)
        );
    }
}

/// What a fault tells beyond the columns.
fn figures(result: &Value) -> String {
    const SHOWN: [&str; 4] = ["fault", "database", "good", "seconds"];
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
}
