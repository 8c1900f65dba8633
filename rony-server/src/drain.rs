//! How a server ends without cutting anybody off: new work is refused, what is under way may finish, and the live
//! connections are told to go elsewhere.

use tokio::sync::watch;

/// The switch of one server. Cheap to clone; all clones are the same switch.
#[derive(Debug, Clone)]
pub struct Drain {
    draining: watch::Sender<bool>,
}

/// What a live connection holds for as long as it is open. A server that drains waits until all are dropped.
#[derive(Debug)]
pub struct Held {
    draining: watch::Receiver<bool>,
}

impl Default for Drain {
    fn default() -> Self {
        Self { draining: watch::Sender::new(false) }
    }
}

impl Drain {
    /// A switch that is off.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins to drain. There is no way back, and a second call changes nothing.
    pub fn start(&self) {
        self.draining.send_replace(true);
    }

    /// Whether the server drains.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        *self.draining.borrow()
    }

    /// Resolves when the server begins to drain.
    pub async fn started(&self) {
        self.hold().drained().await;
    }

    /// Makes a drain wait for the holder.
    #[must_use]
    pub fn hold(&self) -> Held {
        Held { draining: self.draining.subscribe() }
    }

    /// Resolves when nobody holds the drain up.
    pub async fn released(&self) {
        self.draining.closed().await;
    }
}

impl Held {
    /// Resolves when the server begins to drain: the time to say goodbye. Safe to drop and call again.
    pub async fn drained(&mut self) {
        // An error means that every switch is gone, and the server with them.
        let _ = self.draining.wait_for(|draining| *draining).await;
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_connection_learns_that_the_server_drains() {
        let drain = Drain::new();
        let mut held = drain.hold();
        assert!(held.drained().now_or_never().is_none());
        drain.clone().start();
        assert!(held.drained().now_or_never().is_some());
        assert!(drain.is_draining());
    }

    #[tokio::test]
    async fn a_connection_that_comes_late_learns_it_at_once() {
        let drain = Drain::new();
        drain.start();
        assert!(drain.hold().drained().now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_drain_waits_for_whoever_holds_it_up() {
        let drain = Drain::new();
        let (first, second) = (drain.hold(), drain.hold());
        drop(first);
        assert!(drain.released().now_or_never().is_none());
        drop(second);
        assert!(drain.released().now_or_never().is_some());
    }
}
