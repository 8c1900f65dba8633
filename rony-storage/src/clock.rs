//! The system's clock, the only place where Rony reads it.

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use rony_core::time::{Clock, Timestamp};

/// When this process first asked: what [`Clock::elapsed`] counts from.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The wall clock of the machine, and tokio's timer for intervals.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the adapter through which everything else asks")]
    fn now(&self) -> Timestamp {
        jiff::Timestamp::now().into()
    }

    fn elapsed(&self) -> Duration {
        START.elapsed()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the adapter through which everything else waits")]
    async fn sleep(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}
