//! How much somebody may send in a while: a bucket that fills by itself, and from which each message takes.

use std::time::Duration;

/// A limit: so much at once, and so much each second over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How much a full bucket holds.
    pub burst: u32,
    /// How much flows in each second.
    pub per_second: u32,
}

/// A bucket; pure, the moment is an argument.
#[derive(Clone, Debug)]
pub struct Bucket {
    rate: Rate,
    /// In thousandths, so that what flows in within a millisecond counts.
    level: u64,
    filled: Duration,
}

impl Bucket {
    /// A full one.
    #[must_use]
    pub const fn new(rate: Rate, now: Duration) -> Self {
        Self { rate, level: rate.burst as u64 * 1000, filled: now }
    }

    /// Takes `amount`, and says whether it was there. What is not there is not taken.
    pub fn take(&mut self, now: Duration, amount: u32) -> bool {
        self.fill(now);
        let amount = u64::from(amount) * 1000;
        let enough = self.level >= amount;
        if enough {
            self.level -= amount;
        }
        enough
    }

    /// Whether it is as good as a new one.
    pub fn is_full(&mut self, now: Duration) -> bool {
        self.fill(now);
        self.level == u64::from(self.rate.burst) * 1000
    }

    fn fill(&mut self, now: Duration) {
        let millis = u64::try_from(now.saturating_sub(self.filled).as_millis()).unwrap_or(u64::MAX);
        let inflow = millis.saturating_mul(u64::from(self.rate.per_second));
        self.level = self.level.saturating_add(inflow).min(u64::from(self.rate.burst) * 1000);
        // Only whole milliseconds were counted.
        self.filled += Duration::from_millis(millis);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_allowed_once_and_the_rate_for_ever() {
        let mut bucket = Bucket::new(Rate { burst: 3, per_second: 1 }, Duration::ZERO);
        let taken = (0..5).filter(|_| bucket.take(Duration::ZERO, 1)).count();
        assert_eq!(taken, 3);
        assert!(!bucket.take(Duration::from_millis(999), 1));
        assert!(bucket.take(Duration::from_millis(1000), 1));
        assert!(bucket.is_full(Duration::from_secs(3600)));
        let taken = (0..100).filter(|_| bucket.take(Duration::from_secs(3600), 1)).count();
        assert_eq!(taken, 3);
        assert!(!bucket.is_full(Duration::from_secs(3602)));
    }
}
