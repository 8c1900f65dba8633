//! What a node does by itself, as long as it runs.

use std::time::Duration;

use crate::{Rony, bus::Signal, stream::Since};

/// How long a loop waits after the database did not answer.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

impl Rony {
    /// Keeps the node in step with the database and with the other nodes, until it is dropped: fills gaps, looks for what
    /// moved, cuts what was revoked. Run it once beside everything else. Without it live events of this process flow, but
    /// nothing that was missed is found again.
    pub async fn run(&self) {
        tokio::join!(self.fill_gaps(), self.look_for_moves(), self.hear_others());
    }

    /// Streams in which the hub noticed a gap.
    async fn fill_gaps(&self) {
        loop {
            let (stream, delivered) = self.hub().behind().await;
            if let Err(error) = self.catch_up().stream(stream, delivered).await {
                // The next look at what moved finds it again.
                tracing::warn!(%error, "a gap could not be filled yet");
                self.clock().sleep(AFTER_FAILURE).await;
            }
        }
    }

    /// What committed elsewhere, found by asking the database: with a bus mostly nothing new, without one everything.
    async fn look_for_moves(&self) {
        let mut since = self.first_since().await;
        self.hub().caught_up(since);
        loop {
            self.clock().sleep(self.settings().poll).await;
            match self.catch_up().all(since).await {
                Ok(next) => since = next,
                Err(error) => {
                    tracing::warn!(%error, "what moved could not be read yet");
                    self.clock().sleep(AFTER_FAILURE).await;
                }
            }
        }
    }

    async fn first_since(&self) -> Since {
        loop {
            match self.store().since().await {
                Ok(since) => return since,
                Err(error) => {
                    tracing::warn!(%error, "the database's clock could not be read yet");
                    self.clock().sleep(AFTER_FAILURE).await;
                }
            }
        }
    }

    /// What other nodes tell by the bus.
    async fn hear_others(&self) {
        let mut others = self.bus().listen(self.node());
        while let Some(signal) = others.next().await {
            match signal {
                Signal::Moved(head) => self.hub().notice(head),
                Signal::Event(envelope) => self.hub().deliver(&envelope),
                Signal::Ephemeral { topic, frame } => self.hub().broadcast(topic, &frame, |_| true),
            }
        }
    }
}
