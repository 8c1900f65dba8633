//! What everybody in a replay can see of it: counters, and how far it is.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::time::{Instant, interval_at, sleep};

/// How often a line is written where there is no terminal to draw on.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// How often the bar is drawn.
const DRAW_EVERY: Duration = Duration::from_millis(200);

/// How far a replay is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Lines are being posted.
    Playing,
    /// All lines are posted; members see the last of them.
    Settling,
    /// It is over, as it is.
    Over,
}

/// Counters that many tasks write and a few read.
#[derive(Debug, Default)]
pub(crate) struct Board {
    /// Members that are ready to follow.
    pub(crate) ready: AtomicUsize,
    /// Posts that were acknowledged.
    pub(crate) posted: AtomicU64,
    /// Posts that reached a member.
    pub(crate) delivered: AtomicU64,
    /// Connections after a member's first.
    pub(crate) reconnects: AtomicU64,
    /// Drops that members were told of.
    pub(crate) drops_told: AtomicU64,
    /// Drops of those that happened.
    pub(crate) drops_done: AtomicU64,
    /// Members that have seen everything and know that there is no more.
    pub(crate) settled: AtomicUsize,
    failed: AtomicBool,
    failure: OnceLock<String>,
}

impl Board {
    /// Notes why the replay cannot go on; the first reason counts.
    pub(crate) fn fail(&self, why: String) {
        let _ = self.failure.set(why);
        self.failed.store(true, Relaxed);
    }

    /// Why the replay cannot go on, if it cannot.
    pub(crate) fn failure(&self) -> Option<&str> {
        self.failed.load(Relaxed).then(|| self.failure.get().map(String::as_str)).flatten()
    }

    /// A number that changes while anything moves.
    pub(crate) fn pulse(&self) -> u64 {
        let counters = [&self.posted, &self.delivered, &self.drops_done];
        counters.iter().map(|counter| counter.load(Relaxed)).sum::<u64>()
            + (self.ready.load(Relaxed) + self.settled.load(Relaxed)) as u64
    }

    /// Shows the counters on stderr until it is dropped: as a bar on a terminal, elsewhere as a line now and then.
    pub(crate) async fn show(&self, posts: u64) {
        let target = ProgressDrawTarget::stderr();
        if target.is_hidden() {
            let mut ticks = interval_at(Instant::now() + LINE_EVERY, LINE_EVERY);
            loop {
                ticks.tick().await;
                eprintln!("{} of {posts} posted, {self}", self.posted.load(Relaxed));
            }
        }
        let bar = ProgressBar::with_draw_target(Some(posts), target)
            .with_finish(indicatif::ProgressFinish::AndClear);
        let style = ProgressStyle::with_template("{bar:30} {pos} of {len} posted, {msg} ({elapsed})");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        loop {
            bar.set_position(self.posted.load(Relaxed));
            bar.set_message(self.to_string());
            sleep(DRAW_EVERY).await;
        }
    }
}

impl fmt::Display for Board {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} members ready, {} delivered, {} reconnects, {} members settled",
            self.ready.load(Relaxed),
            self.delivered.load(Relaxed),
            self.reconnects.load(Relaxed),
            self.settled.load(Relaxed),
        )
    }
}
