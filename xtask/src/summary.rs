//! The sum of what test programs say: the `test result:` lines of cargo's, doc tests included, what vitest writes, and the
//! names of what failed.

use std::fmt;

/// How the tests of a run ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    passed: u64,
    failed: u64,
    skipped: u64,
    failures: Vec<String>,
    /// Test programs that have begun and not yet told their result.
    running: u64,
}

impl Summary {
    /// Takes in one line of a test program's output.
    pub(crate) fn read(&mut self, line: &str) {
        if let Some(counts) = line.strip_prefix("test result: ") {
            self.passed += count(counts, "passed");
            self.failed += count(counts, "failed");
            self.skipped += count(counts, "ignored");
            self.running = self.running.saturating_sub(1);
        } else if is_begin(line) {
            self.running += 1;
        } else if let Some(name) =
            line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... FAILED"))
        {
            self.failures.push(name.to_owned());
        }
    }

    /// Takes in the end of the run: a program that never told its result has crashed.
    pub(crate) fn end(&mut self) {
        for _ in 0..std::mem::take(&mut self.running) {
            self.fail("a test program crashed before it told its result");
        }
    }

    /// Adds tests that were run by another program than cargo's; what failed is added by name.
    pub(crate) fn count(&mut self, passed: u64, skipped: u64) {
        self.passed += passed;
        self.skipped += skipped;
    }

    /// Counts a failure that no test program reported, such as a build that fails.
    pub(crate) fn fail(&mut self, what: impl Into<String>) {
        self.failed += 1;
        self.failures.push(what.into());
    }

    /// Whether nothing failed.
    pub(crate) fn is_good(&self) -> bool {
        self.failed == 0
    }

    /// The names of what failed, in the order of the run.
    pub(crate) fn failures(&self) -> &[String] {
        &self.failures
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// Whether `line` is a program's first, `running 3 tests`.
fn is_begin(line: &str) -> bool {
    let number = line.strip_prefix("running ").and_then(|rest| rest.split_once(" test"));
    number.is_some_and(|(number, plural)| number.parse::<u64>().is_ok() && matches!(plural, "" | "s"))
}

/// The number before `what` in `ok. 3 passed; 0 failed; 1 ignored; …`.
fn count(counts: &str, what: &str) -> u64 {
    let mut words = counts.split([' ', ';', '.']).filter(|word| !word.is_empty()).rev();
    words.by_ref().find(|word| *word == what);
    words.next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(lines: &str) -> Summary {
        let mut summary = Summary::default();
        lines.lines().for_each(|line| summary.read(line));
        summary
    }

    #[test]
    fn the_results_of_all_programs_and_doc_tests_are_added_up() {
        let summary = sum("\
running 3 tests
test a ... ok
test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
   Doc-tests rony_core
test result: ok. 40 passed; 0 failed; 2 ignored; 0 measured; 7 filtered out; finished in 1.20s");
        assert_eq!(summary.to_string(), "42 passed, 0 failed, 3 skipped");
        assert!(summary.is_good());
    }

    #[test]
    fn a_failing_test_is_counted_once_and_named() {
        let summary = sum("\
test message::a_retried_send_is_one_message ... FAILED
test result: FAILED. 9 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        assert_eq!(summary.to_string(), "9 passed, 1 failed, 0 skipped");
        assert_eq!(summary.failures(), ["message::a_retried_send_is_one_message"]);
        assert!(!summary.is_good());
    }

    #[test]
    fn what_tests_print_about_results_is_not_mistaken_for_one() {
        let summary =
            sum("the line `test result: ok. 5 passed; 0 failed` stands inside another\ntest result: pending");
        assert_eq!(summary, Summary::default());
    }

    #[test]
    fn a_program_that_crashes_before_its_result_is_a_failure() {
        let mut summary = sum("\
running 2 tests
test a ... ok
running 1 test
test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        summary.end();
        assert_eq!(summary.to_string(), "1 passed, 1 failed, 0 skipped");
    }
}
