//! What the built-in relay carries.

use rony_rtc::turn::{Refused, Watch};

pub(super) const ALLOCATIONS: &str = "rony_relay_allocations";
pub(super) const BYTES: &str = "rony_relay_bytes_total";
pub(super) const REFUSED: &str = "rony_relay_refused_total";

/// Counts it.
pub(crate) struct RelayFigures;

impl Watch for RelayFigures {
    #[expect(clippy::cast_precision_loss, reason = "there are never so many ports")]
    fn allocations(&self, live: usize) {
        metrics::gauge!(ALLOCATIONS).set(live as f64);
    }

    fn relayed(&self, bytes: usize) {
        metrics::counter!(BYTES).increment(bytes as u64);
    }

    fn refused(&self, why: Refused) {
        metrics::counter!(REFUSED, "reason" => why.word()).increment(1);
    }
}
