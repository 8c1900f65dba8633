//! What everybody in a run can see of it: counters, and how far it is.

use std::fmt;
use std::future::Future;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::time::{Instant, sleep};

/// How often the bar is drawn.
const DRAW_EVERY: Duration = Duration::from_millis(200);

/// How often a line is written where there is no terminal to draw on.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Counters that many clients write and a few read.
#[derive(Debug, Default)]
pub(crate) struct Board {
    /// Posts that were acknowledged.
    pub(crate) acknowledged: AtomicU64,
    /// Posts that the server refused for the moment.
    pub(crate) put_off: AtomicU64,
    /// Posts whose outcome is not known yet.
    pub(crate) waiting: AtomicUsize,
    /// Clients that are connected and were greeted.
    pub(crate) connected: AtomicUsize,
    /// Connections after a client's first.
    pub(crate) reconnects: AtomicU64,
    /// Connections that the server ended with 4008.
    pub(crate) too_slow: AtomicU64,
    /// Clients that were told to stop reading, and have, after they had read something.
    pub(crate) stalled: AtomicUsize,
    /// Clients that have seen everything.
    pub(crate) settled: AtomicUsize,
    /// How much of the run is done, of how much.
    done: AtomicU64,
    all: AtomicU64,
    failure: OnceLock<String>,
}

impl Board {
    /// Notes why the run cannot go on; the first reason counts.
    pub(crate) fn fail(&self, why: String) {
        let _ = self.failure.set(why);
    }

    /// Goes on only while nobody has given up.
    ///
    /// # Errors
    /// When somebody has.
    pub(crate) fn check(&self) -> Result<()> {
        match self.failure.get() {
            Some(why) => bail!("{why}"),
            None => Ok(()),
        }
    }

    /// So many of `all` rounds are done.
    pub(crate) fn round(&self, done: u64, all: u64) {
        self.done.store(done, Relaxed);
        self.all.store(all, Relaxed);
    }

    /// Does `work` and shows the counters on stderr meanwhile: as a bar on a terminal, elsewhere as a line now and then.
    pub(crate) async fn beside<T>(&self, work: impl Future<Output = T>) -> T {
        tokio::select! {
            done = work => done,
            never = self.show() => match never {},
        }
    }

    async fn show(&self) -> std::convert::Infallible {
        let target = ProgressDrawTarget::stderr();
        if target.is_hidden() {
            loop {
                sleep(LINE_EVERY).await;
                eprintln!("{} of {}: {self}", self.done.load(Relaxed), self.all.load(Relaxed));
            }
        }
        let finish = indicatif::ProgressFinish::AndClear;
        let bar = ProgressBar::with_draw_target(Some(1), target).with_finish(finish);
        let style = ProgressStyle::with_template("{bar:30} {pos} of {len}: {msg} ({elapsed})");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        loop {
            bar.set_length(self.all.load(Relaxed));
            bar.set_position(self.done.load(Relaxed));
            bar.set_message(self.to_string());
            sleep(DRAW_EVERY).await;
        }
    }

    /// Waits until the counters say `done`, for `limit` at most.
    ///
    /// # Errors
    /// When it takes longer, or somebody gives up meanwhile; `what` it was is in the message.
    pub(crate) async fn until(
        &self,
        what: &str,
        limit: Duration,
        done: impl Fn(&Self) -> bool,
    ) -> Result<Duration> {
        let begun = Instant::now();
        while !done(self) {
            self.check()?;
            if begun.elapsed() > limit {
                bail!("{what}: not after {} s ({self})", limit.as_secs());
            }
            sleep(Duration::from_millis(5)).await;
        }
        Ok(begun.elapsed())
    }
}

impl fmt::Display for Board {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |counter: &AtomicU64| counter.load(Relaxed);
        write!(
            f,
            "{} acknowledged, {} put off, {} waiting, {} connected, {} reconnects, {} settled",
            count(&self.acknowledged),
            count(&self.put_off),
            self.waiting.load(Relaxed),
            self.connected.load(Relaxed),
            count(&self.reconnects),
            self.settled.load(Relaxed),
        )
    }
}
