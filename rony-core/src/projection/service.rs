//! The job, step by step until nothing is left.

use super::{Projected, ProjectionStore};
use crate::{Result, time::Clock};

/// Messages in one transaction at most; a store whose posts wait meanwhile takes fewer.
const STEP: u32 = 512;

/// The job that projects. Made by [`crate::Rony::projections`].
pub struct Projections<'r> {
    pub(crate) store: &'r dyn ProjectionStore,
    pub(crate) clock: &'r dyn Clock,
}

impl Projections<'_> {
    /// One step of [`Self::run_once`].
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn step(&self) -> Result<Projected> {
        self.store.project(self.clock.now(), STEP).await
    }

    /// Projects everything that is new, step by step, and answers how many messages that were. Run it soon after a
    /// commit, and once in a while for what other nodes left behind.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Unavailable`] when the database is away: what was not projected is found by the next run.
    pub async fn run_once(&self) -> Result<u64> {
        let mut messages = 0;
        loop {
            let Projected { messages: step, more } = self.step().await?;
            messages += step;
            if !more {
                return Ok(messages);
            }
        }
    }
}
