//! The system's clock, the only place where Rony reads it.

use std::time::Duration;

use async_trait::async_trait;
use rony_core::time::{Clock, Timestamp};

/// The wall clock of the machine, and tokio's timer for intervals.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the adapter through which everything else asks")]
    fn now(&self) -> Timestamp {
        jiff::Timestamp::now().into()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the adapter through which everything else waits")]
    async fn sleep(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}
