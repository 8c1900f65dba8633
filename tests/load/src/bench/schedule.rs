//! Open loop: things happen when they are due, whatever became of those before. A delay is counted from when its thing
//! was due, so a server that stalls cannot hide it by holding up what would have measured it.

use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until};

/// The timer of the runtime comes up to a millisecond late; the rest is waited out awake.
const TIMER: Duration = Duration::from_micros(1500);

/// When each of a number of things is due.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    start: Instant,
    every: Duration,
    count: u64,
}

impl Schedule {
    /// `rate` things a second for as long as `lasts`, the first one at `start`.
    pub(crate) fn new(start: Instant, rate: f64, lasts: Duration) -> Self {
        let count = (rate * lasts.as_secs_f64()).round().max(1.0) as u64;
        Self { start, every: Duration::from_secs_f64(1.0 / rate), count }
    }

    /// How many there are.
    pub(crate) const fn count(&self) -> u64 {
        self.count
    }

    /// When number `index` is due; the first is 0.
    pub(crate) fn due(&self, index: u64) -> Instant {
        self.start + Duration::from_secs_f64(self.every.as_secs_f64() * index as f64)
    }

    /// Waits until number `index` is due; not at all, when that is past.
    pub(crate) async fn wait(&self, index: u64) {
        let due = self.due(index);
        sleep_until(due - TIMER).await;
        while Instant::now() < due {
            yield_now().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_due_at_even_distances() {
        let start = Instant::now();
        let schedule = Schedule::new(start, 40.0, Duration::from_secs(2));
        assert_eq!(schedule.count(), 80);
        assert_eq!(schedule.due(0), start);
        assert_eq!(schedule.due(79) - start, Duration::from_millis(1975));
    }
}
