//! The result: one line of JSON, and what is wrong with it in words.

use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::fault::crew::Findings;

/// How many things that are wrong are said in words.
const NAMED: usize = 20;

/// What a fault came to.
#[derive(Debug)]
pub(crate) struct Report {
    fault: &'static str,
    database: &'static str,
    /// What the judgement counted.
    pub(crate) findings: Findings,
    /// Figures of this fault alone.
    details: Map<String, Value>,
    /// What is wrong, in words; empty when all is well.
    pub(crate) wrong: Vec<String>,
    begun: Instant,
}

#[derive(Serialize)]
struct Line<'a> {
    fault: &'a str,
    database: &'a str,
    good: bool,
    #[serde(flatten)]
    findings: &'a Findings,
    #[serde(flatten)]
    details: &'a Map<String, Value>,
    seconds: f64,
    /// The first thing that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    wrong: Option<&'a str>,
}

impl Report {
    /// A report in which nothing is wrong yet.
    pub(crate) fn new(fault: &'static str, database: &'static str) -> Self {
        let (findings, details, wrong) = Default::default();
        Self { fault, database, findings, details, wrong, begun: Instant::now() }
    }

    /// Another database than the one that was asked for.
    pub(crate) fn on(&mut self, database: &'static str) {
        self.database = database;
    }

    /// A figure of this fault.
    pub(crate) fn detail(&mut self, name: &str, value: impl Into<Value>) {
        self.details.insert(name.to_owned(), value.into());
    }

    /// Something that must hold.
    pub(crate) fn expect(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.wrong.push(otherwise());
        }
    }

    /// Whether every promise was kept.
    pub(crate) fn is_good(&self) -> bool {
        self.wrong.is_empty() && self.findings.is_good()
    }

    /// Says what was wrong on stderr, and the result on stdout.
    ///
    /// # Errors
    /// When stdout does not take it.
    pub(crate) fn print(&self) -> Result<ExitCode> {
        for wrong in self.wrong.iter().take(NAMED) {
            eprintln!("{wrong}");
        }
        let line = Line {
            fault: self.fault,
            database: self.database,
            good: self.is_good(),
            findings: &self.findings,
            details: &self.details,
            seconds: (self.begun.elapsed().as_secs_f64() * 10.0).round() / 10.0,
            wrong: self.wrong.first().map(String::as_str),
        };
        let line = serde_json::to_string(&line).context("the result cannot be written as JSON")?;
        writeln!(std::io::stdout(), "{line}").context("the result cannot be written")?;
        Ok(if self.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_or_a_broken_expectation_is_no_good_result() {
        let mut report = Report::new("kill", "sqlite");
        assert!(report.is_good());
        report.expect(true, || "not said".into());
        assert!(report.is_good());
        report.findings.lost = 1;
        assert!(!report.is_good());
        let mut report = Report::new("kill", "sqlite");
        report.expect(false, || "the server forgot".into());
        assert!(!report.is_good());
    }
}
