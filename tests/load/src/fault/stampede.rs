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

/// Of a hundred, 99 must have caught up in this time after the server's death: many times what it takes, and too long only
/// where something is wrong.
const BOUND: Duration = Duration::from_secs(20);

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
    let took = recovery(&played?, died);
    anyhow::ensure!(took.len() == clients, "only {} of {clients} caught up after the death", took.len());
    let (half, p99, last) = (took[clients / 2], took[clients * 99 / 100], took[clients - 1]);
    for (name, took) in [("p50", half), ("p99", p99), ("last", last)] {
        report.detail(&format!("caught_up_ms_{name}"), took.as_millis() as u64);
    }
    report.expect(p99 < BOUND, || format!("of a hundred, 99 had caught up only after {p99:?}"));
    report.expect(last < LATEST, || format!("the last caught up after {last:?}"));
    Ok(())
}

/// How long after the server's death each client that came back had caught up, the server's start included; the quickest first.
fn recovery(clients: &[Client], died: Instant) -> Vec<Duration> {
    let caught_up = clients.iter().filter_map(|client| client.caught_up);
    let mut took: Vec<Duration> = caught_up.filter_map(|at| at.checked_duration_since(died)).collect();
    took.sort_unstable();
    took
}
