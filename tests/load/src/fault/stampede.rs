//! The server dies while 2,000 are connected, and comes back: all of them connect again at once, without waiting, while others
//! go on posting. Everybody catches up, nothing is lost or doubled, and it takes a bounded time.

use std::time::Duration;

use anyhow::Result;
use tokio::time::Instant;

use crate::fault::client::{Client, Habits, Phase};
use crate::fault::people::People;
use crate::fault::report::Report;
use crate::fault::scene::{HABITS, Scene, Stage};

/// How many of them post.
const POSTERS: usize = 20;

/// Everybody must have caught up in this time after the server's death.
const LATEST: Duration = Duration::from_secs(60);

/// Plays it.
///
/// # Errors
/// When it cannot be played to its end.
pub(crate) async fn play(scene: &Scene, report: &mut Report) -> Result<()> {
    let clients = scene.size(2_000, 400);
    let database = scene.database().await?;
    let people = People::make(database.url(), clients, 1).await?;
    let habits = Habits { pause: Duration::from_millis(1_000), jitter: Duration::ZERO, ..HABITS };
    let setup = scene.setup(database.url());
    let stage = Stage::open(scene, setup, &people, (clients, POSTERS), habits).await?;
    report.detail("clients", clients);
    let mut died = Instant::now();
    let played = stage.play(report, async |nodes, crew, _| {
        crew.world.board.round(0, 1);
        crew.phase(Phase::Posting);
        crew.acknowledged(100, LATEST).await?;
        nodes.kill().await?;
        died = Instant::now();
        nodes.start_again()?;
        nodes.first_ready().await?;
        crew.connected().await?;
        crew.acknowledged(100, LATEST).await?;
        crew.world.board.round(1, 1);
        Ok(())
    });
    let played = played.await;
    database.remove().await?;
    let (p50, p99, last) = recovery(&played?, died);
    report.detail("caught_up_ms_p50", p50);
    report.detail("caught_up_ms_p99", p99);
    report.detail("caught_up_ms_last", last);
    report.expect(u128::from(last) < LATEST.as_millis(), || format!("the last caught up after {last} ms"));
    Ok(())
}

/// How long after the server's death clients had caught up, its start included, in milliseconds: half of them, 99 of 100, all.
fn recovery(clients: &[Client], died: Instant) -> (u64, u64, u64) {
    let took =
        clients.iter().filter_map(|client| client.caught_up).map(|at| at.saturating_duration_since(died));
    let mut took: Vec<u64> = took.map(|took| took.as_millis() as u64).collect();
    took.sort_unstable();
    let at = |share: usize| took.get((took.len() * share / 100).min(took.len().saturating_sub(1)));
    let at = |share| at(share).copied().unwrap_or_default();
    (at(50), at(99), at(100))
}
