//! How the chores speak on the terminal: which step they are at, and how long things took.

use std::time::Duration;

/// Says what begins now.
pub(crate) fn step(what: &str) {
    println!("==> {what}");
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
