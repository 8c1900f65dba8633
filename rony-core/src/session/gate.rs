//! The gate in front of the passwords: few sign-ins are worked on at a time, the others wait in line.
//!
//! A try is taken from its limits while it is worked on and given back when the password was right. Were a hundred people
//! behind one address worked on at once, their tries alone would reach its limit.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{Error, Result};

/// Sign-ins that are worked on at a time: more than there are threads for passwords, far fewer than an address's tries.
const AT_A_TIME: usize = 16;
/// How many may wait in line. One more is told to come back later.
const LINE: usize = 1_000;

/// See the module's documentation.
pub(crate) struct Gate {
    turns: Semaphore,
    waiting: AtomicUsize,
}

impl Default for Gate {
    fn default() -> Self {
        Self { turns: Semaphore::new(AT_A_TIME), waiting: AtomicUsize::new(0) }
    }
}

impl Gate {
    /// Waits for one's turn, which lasts until the answer is dropped.
    pub(crate) async fn turn(&self) -> Result<SemaphorePermit<'_>> {
        let place = Place(&self.waiting);
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= LINE {
            return Err(busy());
        }
        // Nobody closes it.
        let turn = self.turns.acquire().await.map_err(Error::internal);
        drop(place);
        turn
    }
}

/// A place in the line, which is left by whoever goes away, too.
struct Place<'g>(&'g AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Too many people sign in at once.
pub(super) fn busy() -> Error {
    Error::Unavailable {
        retry_after: Duration::from_secs(5),
        detail: "Too many people are signing in at the moment. Try again in a few seconds.",
        source: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_line_that_is_full_sends_away_and_who_leaves_makes_room() {
        let gate = Gate::default();
        let mut turns = Vec::new();
        for _ in 0..AT_A_TIME {
            turns.push(gate.turn().await.unwrap());
        }
        let mut line: Vec<_> = (0..LINE).map(|_| Box::pin(gate.turn())).collect();
        for place in &mut line {
            assert!(poll_once(place.as_mut()).is_none());
        }
        assert_eq!(gate.turn().await.unwrap_err().code(), "unavailable");
        line.pop();
        assert!(poll_once(Box::pin(gate.turn()).as_mut()).is_none());
        drop(turns.pop());
        assert!(poll_once(line[0].as_mut()).is_some());
    }

    /// Polls once.
    fn poll_once<T>(future: std::pin::Pin<&mut impl Future<Output = T>>) -> Option<T> {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match future.poll(&mut context) {
            std::task::Poll::Ready(value) => Some(value),
            std::task::Poll::Pending => None,
        }
    }
}
