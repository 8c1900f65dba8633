//! Who plays: one person for each nick of the folder, whichever logs it speaks in.

use std::collections::HashMap;

use crate::replay::log::Log;

/// All persons and where they take part.
#[derive(Debug)]
pub(crate) struct Cast {
    /// Each nick of all logs once, in order of appearance.
    pub(crate) nicks: Vec<String>,
    /// For each log, the person of each of its nicks, as an index into `nicks`.
    pub(crate) logs: Vec<Vec<usize>>,
}

impl Cast {
    /// Gathers the persons of all logs.
    pub(crate) fn of(logs: &[Log]) -> Self {
        let mut nicks = Vec::new();
        let mut numbers = HashMap::new();
        let mut number_of = |nick: &String| {
            *numbers.entry(nick.clone()).or_insert_with(|| {
                nicks.push(nick.clone());
                nicks.len() - 1
            })
        };
        let logs = logs.iter().map(|log| log.nicks.iter().map(&mut number_of).collect()).collect();
        Self { nicks, logs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::log;
    use crate::shared::ubuntu_logs;

    #[test]
    fn a_nick_of_two_logs_is_one_person() {
        let first = log::parse("a.txt".into(), b"[00:00] <amy> hi\n[00:01] <bob> hi");
        let second = log::parse("b.txt".into(), b"[00:00] <eve> hi\n[00:01] <amy> hi");
        let cast = Cast::of(&[first, second]);
        assert_eq!(cast.nicks, ["amy", "bob", "eve"]);
        assert_eq!(cast.logs, [vec![0, 1], vec![2, 0]]);
    }

    #[test]
    fn the_real_logs_have_their_persons() {
        let cast = Cast::of(&log::read_folder(&ubuntu_logs()).expect("the logs are there"));
        assert_eq!(cast.nicks.len(), 1672);
        assert_eq!(cast.logs.iter().map(Vec::len).sum::<usize>(), 1748);
    }
}
