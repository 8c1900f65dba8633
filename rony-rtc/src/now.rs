//! The moment at which a machine is asked: what it measures spans by, and what it writes down.

use std::time::Duration;

use rony_core::time::{Clock, Timestamp};

/// A moment. Every machine of this crate is told it with each input, and reads no clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// How long the clock has run. It only goes forward: waits and limits are measured by it.
    pub elapsed: Duration,
    /// The time of day, which may be set back: for what people read, and for credentials that expire.
    pub at: Timestamp,
}

impl Now {
    /// The moment that `clock` shows.
    #[must_use]
    pub fn of(clock: &dyn Clock) -> Self {
        Self { elapsed: clock.elapsed(), at: clock.now() }
    }

    /// This moment and `span` more.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self { elapsed: self.elapsed.saturating_add(span), at: self.at.plus(span) }
    }
}

#[cfg(test)]
mod tests {
    use rony_core::time::ManualClock;

    use super::*;

    #[test]
    fn spans_go_on_when_the_time_of_day_is_set_back() {
        let clock = ManualClock::new(Timestamp::from_millis(10_000));
        clock.advance(Duration::from_secs(1));
        clock.set(Timestamp::from_millis(0));
        assert_eq!(Now::of(&clock), Now { elapsed: Duration::from_secs(1), at: Timestamp::from_millis(0) });
    }
}
