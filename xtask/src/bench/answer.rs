//! What the benches answered, and the medians of it.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde_json::Value;

/// A row of the table: what was measured, of all subjects.
#[derive(Default)]
pub(super) struct Row {
    pub(super) bench: String,
    pub(super) case: String,
    pub(super) name: String,
    pub(super) unit: String,
    /// Of each subject, in the order in which they first answered, what each round came to.
    values: Vec<(String, Vec<f64>)>,
    limits: Vec<f64>,
    aim: Option<Aim>,
}

/// What Rony's figure should be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Aim {
    pub(super) limit: f64,
    pub(super) at_most: bool,
    /// The subject whose figure is one.
    pub(super) times: Option<String>,
}

/// All answers so far.
#[derive(Default)]
pub(super) struct Answers {
    rows: Vec<Row>,
    /// What stood beside Rony, each once.
    beside: Vec<String>,
    places: BTreeMap<(String, String, String), usize>,
}

impl Answers {
    /// Takes one answer; how much was lost.
    pub(super) fn take(&mut self, answer: &Value) -> Result<u64> {
        let text = |value: &Value, key: &str| {
            value[key].as_str().map(str::to_owned).with_context(|| format!("the answer has no {key}"))
        };
        let (bench, subject) = (text(answer, "bench")?, text(answer, "against")?);
        for figure in answer["figures"].as_array().context("the answer has no figures")? {
            let (case, name) = (text(figure, "case")?, text(figure, "name")?);
            let value = figure["value"].as_f64().context("a figure has no value")?;
            let key = (bench.clone(), case.clone(), name.clone());
            let place = *self.places.entry(key).or_insert(self.rows.len());
            if place == self.rows.len() {
                let unit = text(figure, "unit")?;
                self.rows.push(Row { bench: bench.clone(), case, name, unit, ..Row::default() });
            }
            self.rows[place].note(&subject, value, &figure["aim"]);
        }
        for words in answer["beside"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !self.beside.iter().any(|known| known == words) {
                self.beside.push(words.to_owned());
            }
        }
        answer["lost"].as_u64().context("the answer does not say what was lost")
    }

    /// What stood beside Rony, its version and how it was set up.
    pub(super) fn beside(&self) -> &[String] {
        &self.beside
    }

    /// In the order in which they were first answered.
    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }
}

impl Row {
    fn note(&mut self, subject: &str, value: f64, aim: &Value) {
        match self.values.iter_mut().find(|(known, _)| known == subject) {
            Some((_, values)) => values.push(value),
            None => self.values.push((subject.to_owned(), vec![value])),
        }
        let (at_most, at_least) = (aim["at_most"].as_f64(), aim["at_least"].as_f64());
        if let Some(limit) = at_most.or(at_least) {
            self.limits.push(limit);
            let times = aim["times"].as_str().map(str::to_owned);
            self.aim = Some(Aim { limit: median(&self.limits), at_most: at_most.is_some(), times });
        }
    }

    /// The median of a subject.
    pub(super) fn value(&self, subject: &str) -> Option<f64> {
        let (_, values) = self.values.iter().find(|(known, _)| known == subject)?;
        Some(median(values))
    }

    /// The subjects beside `subject`.
    pub(super) fn beside(&self, subject: &str) -> impl Iterator<Item = &str> {
        self.values.iter().map(|(known, _)| known.as_str()).filter(move |known| *known != subject)
    }

    pub(super) const fn aim(&self) -> Option<&Aim> {
        self.aim.as_ref()
    }

    /// The median of Rony's figure divided by that of `other` in the same round, where both have as many rounds.
    pub(super) fn ratio(&self, subject: &str, other: &str) -> Option<f64> {
        let of = |name: &str| self.values.iter().find(|(known, _)| known == name).map(|(_, values)| values);
        let (own, others) = (of(subject)?, of(other)?);
        if own.len() == others.len() {
            let ratios: Vec<f64> = own.iter().zip(others).map(|(own, other)| own / other).collect();
            return Some(median(&ratios)).filter(|ratio| ratio.is_finite());
        }
        Some(median(own) / median(others)).filter(|ratio| ratio.is_finite())
    }
}

/// The middle one; between the two in the middle of an even number.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answer(subject: &str, value: f64) -> Value {
        let aim = json!({ "at_most": 1.3, "times": "floor" });
        let figure = json!({ "case": "10/s", "name": "CPU", "unit": "µs", "value": value, "aim": aim });
        json!({ "bench": "fanout", "against": subject, "lost": 0, "figures": [figure], "beside": ["nginx 1"] })
    }

    #[test]
    fn each_figure_is_a_row_with_the_median_of_each_subject() {
        let mut answers = Answers::default();
        for (subject, value) in [("rony", 6.0), ("floor", 5.0), ("floor", 4.0), ("rony", 9.0), ("rony", 5.0)]
        {
            assert_eq!(answers.take(&answer(subject, value)).unwrap(), 0);
        }
        assert_eq!(answers.beside(), ["nginx 1"]);
        let [row] = answers.rows() else { panic!("one row") };
        assert_eq!((row.value("rony"), row.value("floor"), row.value("nchan")), (Some(6.0), Some(4.5), None));
        assert_eq!(row.aim(), Some(&Aim { limit: 1.3, at_most: true, times: Some("floor".into()) }));
    }

    #[test]
    fn a_ratio_compares_within_the_rounds() {
        let mut answers = Answers::default();
        for (subject, value) in
            [("rony", 1.0), ("floor", 1.0), ("floor", 10.0), ("rony", 20.0), ("floor", 2.0)]
        {
            answers.take(&answer(subject, value)).unwrap();
        }
        answers.take(&answer("rony", 2.0)).unwrap();
        assert_eq!(answers.rows()[0].ratio("rony", "floor"), Some(1.0));
    }

    #[test]
    fn an_answer_that_is_none_is_an_error() {
        assert!(Answers::default().take(&json!({ "bench": "fanout" })).is_err());
    }
}
