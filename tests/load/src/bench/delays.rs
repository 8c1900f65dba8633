//! How long things took: a histogram, and what is read from it.

use std::time::Duration;

use hdrhistogram::Histogram;

/// Up to a minute, to three digits.
const LONGEST: u64 = 60_000_000;

/// Delays, to the microsecond.
#[derive(Clone, Debug)]
pub(crate) struct Delays(Histogram<u64>);

impl Default for Delays {
    fn default() -> Self {
        Self(Histogram::new_with_max(LONGEST, 3).expect("a minute and three digits are within its bounds"))
    }
}

impl Delays {
    /// Notes one; more than a minute counts as a minute.
    pub(crate) fn note(&mut self, delay: Duration) {
        self.0.saturating_record(u64::try_from(delay.as_micros()).unwrap_or(LONGEST));
    }

    /// Takes over what another one noted.
    pub(crate) fn add(&mut self, other: &Self) {
        self.0.add(&other.0).expect("all have the same bounds");
    }

    /// How many were noted.
    pub(crate) fn count(&self) -> u64 {
        self.0.len()
    }

    /// The delay in milliseconds that `share` (0.5, 0.99) of all did not exceed; 0 when there are none.
    pub(crate) fn percentile_ms(&self, share: f64) -> f64 {
        self.0.value_at_quantile(share) as f64 / 1000.0
    }

    /// The longest, in milliseconds.
    pub(crate) fn max_ms(&self) -> f64 {
        self.0.max() as f64 / 1000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_what_was_noted() {
        let mut delays = Delays::default();
        (1..=1000).for_each(|ms| delays.note(Duration::from_millis(ms)));
        delays.note(Duration::from_secs(3600));
        assert_eq!(delays.count(), 1001);
        assert!((delays.percentile_ms(0.5) - 500.0).abs() < 2.0, "{}", delays.percentile_ms(0.5));
        assert!((delays.percentile_ms(0.99) - 990.0).abs() < 3.0);
        assert!((delays.max_ms() - 60_000.0).abs() < 100.0);
    }
}
