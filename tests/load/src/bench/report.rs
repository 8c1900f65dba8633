//! What a bench answers: one line of JSON. Its fields are described in [the contract](super).

use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, Result};
use serde::Serialize;

/// What one run of a bench came to.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    bench: &'static str,
    against: String,
    quick: bool,
    /// How often a promise was broken; 0, or the run has failed.
    pub(crate) lost: u64,
    /// From the first preparation to the last figure, in seconds.
    pub(crate) seconds: f64,
    figures: Vec<Figure>,
    /// What stood beside Rony, in which version and how it was set up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    beside: Vec<String>,
    /// What a script may look at without going through the figures.
    #[serde(flatten)]
    ratios: BTreeMap<&'static str, f64>,
}

/// Something that was measured.
#[derive(Debug, Serialize)]
struct Figure {
    case: String,
    name: &'static str,
    unit: &'static str,
    value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    aim: Option<Aim>,
}

/// What a figure of Rony should be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Aim {
    #[serde(skip_serializing_if = "Option::is_none")]
    at_most: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_least: Option<f64>,
    /// The subject whose figure of the same case and name is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<&'static str>,
}

impl Aim {
    /// Not more than this, in the figure's unit.
    pub(crate) const fn at_most(limit: f64) -> Self {
        Self { at_most: Some(limit), at_least: None, times: None }
    }

    /// Not less than this, in the figure's unit.
    pub(crate) const fn at_least(limit: f64) -> Self {
        Self { at_most: None, at_least: Some(limit), times: None }
    }

    /// The same limit as a multiple of what `subject` reaches.
    pub(crate) const fn times(self, subject: &'static str) -> Self {
        Self { times: Some(subject), ..self }
    }
}

impl Report {
    /// An empty one.
    pub(crate) fn new(bench: &'static str, against: &str, quick: bool) -> Self {
        let (figures, beside, ratios) = Default::default();
        Self { bench, against: against.to_owned(), quick, lost: 0, seconds: 0.0, figures, beside, ratios }
    }

    /// Notes a figure without an aim. `case` and `name` are the same words for every subject of the bench.
    pub(crate) fn figure(&mut self, case: &str, name: &'static str, unit: &'static str, value: f64) {
        self.figures.push(Figure { case: case.to_owned(), name, unit, value: round(value), aim: None });
    }

    /// Notes a figure with what it should be; what stands beside Rony has no aims.
    pub(crate) fn aimed(&mut self, case: &str, name: &'static str, unit: &'static str, value: f64, aim: Aim) {
        self.figure(case, name, unit, value);
        if self.against == "rony"
            && let Some(figure) = self.figures.last_mut()
        {
            figure.aim = Some(aim);
        }
    }

    /// Notes what stands beside Rony: its name and version, and what of its setup is not the default.
    pub(crate) fn beside(&mut self, what: String) {
        self.beside.push(what);
    }

    /// Notes a ratio that was taken within this run, as a field of the line itself.
    pub(crate) fn ratio(&mut self, name: &'static str, value: f64) {
        self.ratios.insert(name, round(value));
    }

    /// Writes the line; the exit code says whether anything was lost.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn print(&self) -> Result<ExitCode> {
        let line = serde_json::to_string(self).context("the report is plain data")?;
        writeln!(std::io::stdout(), "{line}").context("the result cannot be written")?;
        Ok(if self.lost == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Four digits are more than any run repeats.
fn round(value: f64) -> f64 {
    let scale = 10_f64.powf(3.0 - value.abs().max(1e-9).log10().floor());
    if value == 0.0 || !scale.is_finite() { value } else { (value * scale).round() / scale }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_has_the_fields_of_the_contract_in_their_order() {
        let mut report = Report::new("fanout", "rony", true);
        report.figure("10 a second", "CPU", "µs", 6.123_45);
        report.aimed("10 a second", "p99", "ms", 2.0, Aim::at_most(1.0).times("nchan"));
        report.aimed("10 a second", "rate", "1/s", 123_456.0, Aim::at_least(2.0));
        report.ratio("rate_ratio_to_nchan", 1.25);
        report.beside("nginx 1".into());
        let expected = concat!(
            r#"{"bench":"fanout","against":"rony","quick":true,"lost":0,"seconds":0.0,"figures":["#,
            r#"{"case":"10 a second","name":"CPU","unit":"µs","value":6.123},"#,
            r#"{"case":"10 a second","name":"p99","unit":"ms","value":2.0,"aim":{"at_most":1.0,"times":"nchan"}},"#,
            r#"{"case":"10 a second","name":"rate","unit":"1/s","value":123500.0,"aim":{"at_least":2.0}}],"#,
            r#""beside":["nginx 1"],"#,
            r#""rate_ratio_to_nchan":1.25}"#
        );
        assert_eq!(serde_json::to_string(&report).unwrap(), expected);
    }

    #[test]
    fn what_stands_beside_rony_has_no_aims() {
        let mut report = Report::new("fanout", "floor", false);
        report.aimed("", "p99", "ms", 2.0, Aim::at_most(1.0));
        assert!(!serde_json::to_string(&report).unwrap().contains("aim"));
    }
}
