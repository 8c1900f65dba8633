//! How the chores speak on the terminal: which step they are at, and how long things took.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What was skipped so far, as it was said.
static SKIPPED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Says what begins now.
pub(crate) fn step(what: &str) {
    println!("==> {what}");
}

/// Says that something does not run here, and why; [`repeat_skipped`] says it again.
pub(crate) fn skip(what: &str, missing: &anyhow::Error) {
    let line = format!("SKIPPED {what}: {}", one_line(missing));
    println!("{line}");
    SKIPPED.lock().unwrap_or_else(PoisonError::into_inner).push(line);
}

/// Says at the end what was skipped: a run that looks good must not hide it.
pub(crate) fn repeat_skipped() {
    for line in SKIPPED.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        println!("{line}");
    }
}

/// An error with all its causes, in one line.
pub(crate) fn one_line(error: &anyhow::Error) -> String {
    format!("{error:#}").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A duration as people say it.
pub(crate) fn duration(took: Duration) -> String {
    match (took.as_secs() / 60, took.as_secs() % 60) {
        (0, _) => format!("{:.1} s", took.as_secs_f64()),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_in_seconds_and_from_one_minute_on_in_minutes() {
        assert_eq!(duration(Duration::from_millis(1240)), "1.2 s");
        assert_eq!(duration(Duration::from_secs(192)), "3 min 12 s");
    }
}
