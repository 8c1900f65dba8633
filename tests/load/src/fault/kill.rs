//! kill -9 of the server at random moments: while it is being posted to, and now and then while it starts. Whatever was
//! acknowledged is on disk, whatever was not is repeated and stored once.

use std::time::Duration;

use anyhow::Result;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use tokio::time::sleep;

use crate::fault::client::Phase;
use crate::fault::people::People;
use crate::fault::report::Report;
use crate::fault::scene::{HABITS, Scene, Stage};

/// How long it may take until posts are acknowledged after a start.
const AGAIN: Duration = Duration::from_secs(60);

/// One in so many kills hits the server while it starts.
const EARLY: u32 = 5;

/// Plays it.
///
/// # Errors
/// When it cannot be played to its end.
pub(crate) async fn play(scene: &Scene, report: &mut Report) -> Result<()> {
    let rounds = scene.size(50, 6);
    let database = scene.database().await?;
    let people = People::make(database.url(), 16, 4).await?;
    let stage = Stage::open(scene, scene.setup(database.url()), &people, (16, 16), HABITS).await?;
    let mut rng = SmallRng::seed_from_u64(scene.seed);
    report.detail("rounds", rounds);
    let played = stage.play(report, async |nodes, crew, _| {
        crew.phase(Phase::Posting);
        let mut round = 0;
        while round < rounds {
            crew.world.board.round(round as u64, rounds as u64);
            let early = rng.random_ratio(1, EARLY) && round > 0;
            if early {
                sleep(rng.random_range(Duration::ZERO..Duration::from_millis(150))).await;
            } else {
                nodes.first_ready().await?;
                crew.acknowledged(rng.random_range(1..150), AGAIN).await?;
                sleep(rng.random_range(Duration::ZERO..Duration::from_millis(10))).await;
                nodes.check()?;
            }
            nodes.kill().await?;
            nodes.start_again()?;
            round += 1;
        }
        nodes.first_ready().await?;
        crew.acknowledged(100, AGAIN).await.map(drop)
    });
    let played = played.await;
    database.remove().await?;
    played.map(drop)
}
