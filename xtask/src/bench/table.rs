//! The table that people read.

use std::fmt::Write as _;

use super::answer::{Aim, Answers, Row};

/// Whose figures have the aims.
const OURS: &str = "rony";

const HEAD: [&str; 6] = ["bench", "what", "Rony", "beside it", "ratio", "aim"];

/// A line for each figure, the columns in line.
pub(super) fn draw(answers: &Answers) -> String {
    let mut lines = vec![HEAD.map(str::to_owned)];
    lines.extend(answers.rows().iter().map(line));
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; HEAD.len()] = std::array::from_fn(width);
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        let cells = line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        let joined = cells.collect::<Vec<_>>().join(" | ");
        let _ = writeln!(text, "| {joined} |");
        if number == 0 {
            let rules = widths.map(|width| "-".repeat(width)).join(" | ");
            let _ = writeln!(text, "| {rules} |");
        }
    }
    text
}

fn line(row: &Row) -> [String; HEAD.len()] {
    let what = if row.case.is_empty() { row.name.clone() } else { format!("{}: {}", row.case, row.name) };
    let ours = row.value(OURS);
    let beside: Vec<String> = row
        .beside(OURS)
        .map(|subject| format!("{subject} {}", with_unit(row.value(subject), &row.unit)))
        .collect();
    // Beside nothing there is no ratio: what was not lost by one was not lost by the other.
    let ratios: Vec<String> = row
        .beside(OURS)
        .filter_map(|subject| Some(format!("{:.2} × {subject}", row.ratio(OURS, subject)?)))
        .collect();
    let aim = row.aim().map(|aim| judge(row, aim)).unwrap_or_default();
    [row.bench.clone(), what, with_unit(ours, &row.unit), beside.join(", "), ratios.join(", "), aim]
}

/// The aim, with whether it is met.
fn judge(row: &Row, aim: &Aim) -> String {
    let (measured, words) = match &aim.times {
        Some(other) => (row.ratio(OURS, other), format!("{} × {other}", number(aim.limit))),
        None => (row.value(OURS), with_unit(Some(aim.limit), &row.unit)),
    };
    let sign = if aim.at_most { "≤" } else { "≥" };
    let is_met =
        measured.map(|measured| if aim.at_most { measured <= aim.limit } else { measured >= aim.limit });
    let verdict = match is_met {
        Some(true) => "met",
        Some(false) => "not met",
        None => "unknown",
    };
    format!("{sign} {words}: {verdict}")
}

fn with_unit(value: Option<f64>, unit: &str) -> String {
    let Some(value) = value else { return "–".to_owned() };
    if unit.is_empty() { number(value) } else { format!("{} {unit}", number(value)) }
}

/// Three digits that say something.
fn number(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 || value.fract() == 0.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        middle if middle >= 0.1 => format!("{value:.2}"),
        _ => format!("{value:.4}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_has_the_ratio_to_each_beside_it_and_whether_the_aim_is_met() {
        let mut answers = Answers::default();
        for (subject, cpu, missed) in [("rony", 6.5, 0), ("floor", 5.0, 0), ("nchan", 10.0, 0)] {
            let figures = json!([
                { "case": "10/s", "name": "CPU", "unit": "µs", "value": cpu, "aim": { "at_most": 1.25, "times": "floor" } },
                { "case": "", "name": "missed", "unit": "", "value": missed, "aim": { "at_most": 0 } },
                { "case": "", "name": "rate", "unit": "1/s", "value": 1234.0, "aim": { "at_least": 1000 } },
            ]);
            answers
                .take(&json!({ "bench": "fanout", "against": subject, "lost": 0, "figures": figures }))
                .unwrap();
        }
        let table = draw(&answers);
        let cells = |line: &str| line.split('|').map(str::trim).collect::<Vec<_>>().join("|");
        let lines: Vec<String> = table.lines().skip(2).map(cells).collect();
        assert_eq!(
            lines,
            [
                "|fanout|10/s: CPU|6.50 µs|floor 5 µs, nchan 10 µs|1.30 × floor, 0.65 × nchan|≤ 1.25 × floor: not met|",
                "|fanout|missed|0|floor 0, nchan 0||≤ 0: met|",
                "|fanout|rate|1234 1/s|floor 1234 1/s, nchan 1234 1/s|1.00 × floor, 1.00 × nchan|≥ 1000 1/s: met|",
            ]
        );
    }
}
