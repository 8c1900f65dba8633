//! Watches over a replay: that it moves, that it ends in time, that the servers live, and that the one dies that is to.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::sync::oneshot;
use tokio::time::{Instant, interval};

use crate::replay::board::Board;
use crate::replay::world::World;
use crate::server::Nodes;

/// How long nothing may move before the replay is given up.
const STANDSTILL: Duration = Duration::from_secs(60);

/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// Looks at everything now and then.
pub(crate) struct Watcher<'a> {
    world: Arc<World>,
    nodes: &'a mut Nodes,
    kill: Option<oneshot::Receiver<()>>,
    deadline: Instant,
    pulse: u64,
    moved: Instant,
}

impl<'a> Watcher<'a> {
    /// Watches from now on, for `timeout` at most; the first server is killed when `kill` says so.
    pub(crate) fn new(
        world: Arc<World>,
        nodes: &'a mut Nodes,
        kill: Option<oneshot::Receiver<()>>,
        timeout: Duration,
    ) -> Self {
        let now = Instant::now();
        Self { world, nodes, kill, deadline: now + timeout, pulse: 0, moved: now }
    }

    /// Waits until the counters say `done`.
    ///
    /// # Errors
    /// When that cannot be expected any more; `what` it was is in the message.
    pub(crate) async fn until(&mut self, what: &str, done: impl Fn(&Board) -> bool) -> Result<()> {
        let mut looks = interval(LOOK);
        while !done(&self.world.board) {
            looks.tick().await;
            if let Some(why) = self.world.board.failure() {
                bail!("{why}");
            }
            if self.kill.as_mut().is_some_and(|kill| kill.try_recv().is_ok()) {
                self.kill = None;
                self.nodes.kill_and_restart().await?;
                self.moved = Instant::now();
            }
            self.nodes.check()?;
            self.check_time(what)?;
        }
        Ok(())
    }

    fn check_time(&mut self, what: &str) -> Result<()> {
        let (now, pulse) = (Instant::now(), self.world.board.pulse());
        if pulse != self.pulse {
            (self.pulse, self.moved) = (pulse, now);
        }
        let board = &self.world.board;
        if now - self.moved > STANDSTILL {
            bail!("nothing has moved for {STANDSTILL:?} while waiting until {what} ({board})");
        }
        if now > self.deadline {
            bail!("the time of --timeout is over while waiting until {what} ({board})");
        }
        Ok(())
    }
}
