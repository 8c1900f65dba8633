//! Time as Rony knows it: milliseconds since 1970 in UTC, and the clock as a port.
//!
//! Nothing in this crate reads the system's clock: it asks the [`Clock`] that it was given, so that tests own time.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment, exact to the millisecond; RFC 3339 in UTC with three decimals on the wire (`2026-11-22T17:45:00.120Z`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, example = "2026-11-22T17:45:00.120Z"))]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment this many milliseconds after 1970-01-01T00:00:00Z, held within what RFC 3339 can write (years 0 to 9999).
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        const YEAR_0: i64 = -62_167_219_200_000;
        const YEAR_9999: i64 = 253_402_207_200_000;
        Self(millis.clamp(YEAR_0, YEAR_9999))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// This moment plus `span`.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self::from_millis(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// This moment minus `span`.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self::from_millis(self.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; zero when it is not after it (a clock may have been set back).
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    fn to_jiff(self) -> jiff::Timestamp {
        // `from_millis` keeps the value in jiff's range.
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(moment: jiff::Timestamp) -> Self {
        Self::from_millis(moment.as_millisecond())
    }
}

impl From<Timestamp> for jiff::Timestamp {
    fn from(moment: Timestamp) -> Self {
        moment.to_jiff()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.to_jiff())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for Timestamp {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<jiff::Timestamp>().map(Self::from)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| de::Error::custom("must be a time such as 2026-11-22T17:45:00.000Z"))
    }
}

/// The port through which this crate knows time.
#[async_trait]
pub trait Clock: Send + Sync + 'static {
    /// The current moment. It may be set back by the system: nothing orders by it, and intervals come from
    /// [`Clock::elapsed`] and [`Clock::sleep`].
    fn now(&self) -> Timestamp;

    /// How long this clock has run: it only goes forward, so intervals are measured by it.
    fn elapsed(&self) -> Duration;

    /// Waits for `span`, measured by a clock that only goes forward.
    async fn sleep(&self, span: Duration);
}

/// A clock that stands still until it is told to go on: for tests and simulations.
#[derive(Debug)]
pub struct ManualClock {
    now: std::sync::atomic::AtomicI64,
    /// How far it was moved forward in all, in milliseconds: what [`Clock::sleep`] waits by.
    passed: tokio::sync::watch::Sender<u64>,
}

impl ManualClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self { now: now.as_millis().into(), passed: tokio::sync::watch::Sender::new(0) }
    }

    /// Lets `span` pass; whoever sleeps that long wakes up.
    pub fn advance(&self, span: Duration) {
        let millis = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        self.set(self.now().plus(span));
        self.passed.send_modify(|passed| *passed = passed.saturating_add(millis));
    }

    /// Sets the time of day, back too, as people do to machines. No time passes by it.
    pub fn set(&self, now: Timestamp) {
        self.now.store(now.as_millis(), std::sync::atomic::Ordering::SeqCst);
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.now.load(std::sync::atomic::Ordering::SeqCst))
    }

    fn elapsed(&self) -> Duration {
        Duration::from_millis(*self.passed.borrow())
    }

    async fn sleep(&self, span: Duration) {
        let mut passed = self.passed.subscribe();
        let until = passed.borrow().saturating_add(u64::try_from(span.as_millis()).unwrap_or(u64::MAX));
        // The sender is ours, so it cannot be gone.
        let _ = passed.wait_for(|passed| *passed >= until).await;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_wire_always_shows_three_decimals() {
        let json = serde_json::to_string(&Timestamp::from_millis(1_700_000_000_120)).unwrap();
        assert_eq!(json, "\"2023-11-14T22:13:20.120Z\"");
        assert_eq!(
            serde_json::to_string(&Timestamp::from_millis(0)).unwrap(),
            "\"1970-01-01T00:00:00.000Z\""
        );
    }

    #[test]
    fn a_time_with_an_offset_is_read_as_the_same_moment() {
        let moment: Timestamp = serde_json::from_str("\"2023-11-14T23:13:20.12+01:00\"").unwrap();
        assert_eq!(moment.as_millis(), 1_700_000_000_120);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(millis: i64) {
            let moment = Timestamp::from_millis(millis);
            let json = serde_json::to_string(&moment).unwrap();
            prop_assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap(), moment);
        }
    }
}
