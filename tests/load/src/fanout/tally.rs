//! What a crowd hears: that everybody hears everything once and in order, and how late.

use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::bench::crowd::Listener;
use crate::bench::delays::Delays;
use crate::bench::schedule::Schedule;

/// Digits of a message's number in its text.
const DIGITS: usize = 10;

/// What stands before the number. It is in no id and no time, so it is found without parsing.
const SIGN: u8 = b'#';

/// How the text of message `number` begins.
pub(super) fn mark(number: u64) -> String {
    format!("{}{number:0DIGITS$} ", SIGN as char)
}

/// What everybody has heard.
#[derive(Debug)]
pub(super) struct Tally {
    /// The number of the last message that each connection heard.
    last: Vec<AtomicU64>,
    greeted: AtomicU64,
    heard: AtomicU64,
    /// Heard twice, or not in order.
    wrong: AtomicU64,
    /// Where the sign was the last time, and how long the frame.
    sign_at: AtomicUsize,
    bytes: AtomicUsize,
    pace: Mutex<Option<Pace>>,
}

/// What is being measured.
#[derive(Debug)]
struct Pace {
    first: u64,
    schedule: Schedule,
    delays: Delays,
    /// The newest message that somebody has heard.
    newest: u64,
    /// Of each message, when the first one heard it.
    firsts: Delays,
}

/// What was heard in a while.
pub(super) struct Heard {
    /// Of all deliveries.
    pub(super) delays: Delays,
    /// Of the first delivery of each message: what a server does before it sends anything.
    pub(super) firsts: Delays,
    /// Deliveries that were doubled or not in order.
    pub(super) wrong: u64,
}

impl Tally {
    /// Of so many connections, which have heard nothing.
    pub(super) fn new(members: usize) -> Self {
        Self {
            last: std::iter::repeat_with(AtomicU64::default).take(members).collect(),
            greeted: AtomicU64::default(),
            heard: AtomicU64::default(),
            wrong: AtomicU64::default(),
            sign_at: AtomicUsize::default(),
            bytes: AtomicUsize::default(),
            pace: Mutex::default(),
        }
    }

    /// How many connections there are.
    pub(super) fn members(&self) -> u64 {
        self.last.len() as u64
    }

    /// How many were greeted.
    pub(super) fn greeted(&self) -> u64 {
        self.greeted.load(Relaxed)
    }

    /// How many deliveries there were.
    pub(super) fn heard(&self) -> u64 {
        self.heard.load(Relaxed)
    }

    /// How long the last frame with a message was.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.load(Relaxed)
    }

    /// From message `first` on, which is the first of `schedule`, delays count.
    pub(super) fn begin(&self, first: u64, schedule: Schedule) {
        let (delays, firsts) = (Delays::default(), Delays::default());
        *self.pace() = Some(Pace { first, schedule, delays, newest: first - 1, firsts });
    }

    /// What was heard since [`Tally::begin`].
    pub(super) fn end(&self) -> Heard {
        let (delays, firsts) = self.pace().take().map(|pace| (pace.delays, pace.firsts)).unwrap_or_default();
        Heard { delays, firsts, wrong: self.wrong.swap(0, Relaxed) }
    }

    fn pace(&self) -> MutexGuard<'_, Option<Pace>> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of the message in a frame.
    fn find(&self, frame: &[u8]) -> Option<u64> {
        let guess = self.sign_at.load(Relaxed);
        let at = match frame.get(guess) {
            Some(&SIGN) => guess,
            _ => frame.iter().position(|byte| *byte == SIGN)?,
        };
        self.sign_at.store(at, Relaxed);
        let digits = frame.get(at + 1..at + 1 + DIGITS)?;
        std::str::from_utf8(digits).ok()?.parse().ok()
    }
}

impl Listener for Tally {
    fn hear(&self, number: usize, frame: &[u8]) {
        if frame.starts_with(br#"{"type":"hello""#) {
            self.greeted.fetch_add(1, Relaxed);
            return;
        }
        let Some(said) = self.find(frame) else { return };
        let last = self.last[number].swap(said, Relaxed);
        if said <= last {
            self.wrong.fetch_add(1, Relaxed);
            return;
        }
        self.heard.fetch_add(1, Relaxed);
        self.bytes.store(frame.len(), Relaxed);
        if let Some(pace) = self.pace().as_mut()
            && said >= pace.first
        {
            let due = pace.schedule.due(said - pace.first);
            let delay = Instant::now().checked_duration_since(due).unwrap_or(Duration::ZERO);
            pace.delays.note(delay);
            if said > pace.newest {
                pace.newest = said;
                pace.firsts.note(delay);
            }
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (members, greeted, heard) = (self.members(), self.greeted(), self.heard());
        write!(f, "{greeted} of {members} were greeted, {heard} deliveries came")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(number: u64) -> Vec<u8> {
        format!(r#"{{"type":"event","text":"{}"}}"#, mark(number)).into()
    }

    #[test]
    fn each_message_counts_once_for_each_who_hears_it() {
        let tally = Tally::new(2);
        tally.hear(0, br#"{"type":"hello"}"#);
        tally.hear(0, br#"{"type":"heartbeat"}"#);
        [(0, 1), (1, 1), (0, 2)].into_iter().for_each(|(who, number)| tally.hear(who, &frame(number)));
        assert_eq!((tally.greeted(), tally.heard(), tally.end().wrong), (1, 3, 0));
    }

    #[test]
    fn what_comes_twice_or_too_late_is_wrong() {
        let tally = Tally::new(1);
        [1, 1, 3, 2].into_iter().for_each(|number| tally.hear(0, &frame(number)));
        assert_eq!((tally.heard(), tally.end().wrong), (2, 2));
    }

    #[test]
    fn a_delay_counts_from_when_the_message_was_due() {
        let tally = Tally::new(2);
        let due = Instant::now() - Duration::from_millis(50);
        tally.begin(5, Schedule::new(due, 1.0, Duration::from_secs(1)));
        [(0, 4), (0, 5), (1, 4), (1, 5)]
            .into_iter()
            .for_each(|(who, number)| tally.hear(who, &frame(number)));
        let heard = tally.end();
        assert_eq!((heard.delays.count(), heard.firsts.count()), (2, 1));
        assert!(heard.delays.max_ms() >= 50.0, "{}", heard.delays.max_ms());
    }
}
