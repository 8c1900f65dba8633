//! The connection to PostgreSQL is cut around COMMIT, by turns before PostgreSQL gets it and before the server gets its answer:
//! the server cannot know what became of the transaction. Nothing that it did not hear of may be acknowledged, and what is
//! repeated is one row.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::time::{Instant, sleep};

use crate::fault::client::Phase;
use crate::fault::people::People;
use crate::fault::proxy::Proxy;
use crate::fault::report::Report;
use crate::fault::scene::{HABITS, Scene, Stage};

/// One in so many commits is cut.
const EVERY: u64 = 5;

/// How long it may take until enough commits are cut.
const PATIENCE: Duration = Duration::from_secs(240);

/// How long it may take until posts are acknowledged when nothing is cut any more.
const AGAIN: Duration = Duration::from_secs(30);

/// Plays it.
///
/// # Errors
/// When it cannot be played to its end.
pub(crate) async fn play(scene: &Scene, report: &mut Report) -> Result<()> {
    scene.given.as_ref().context("this fault is PostgreSQL's: name a server with --database")?;
    let cuts = scene.size(400, 40) as u64;
    let database = scene.database().await?;
    let people = People::make(database.url(), 16, 4).await?;
    let (proxy, url) = Proxy::start(database.url()).await?;
    let stage = Stage::open(scene, scene.setup(&url), &people, (16, 16), HABITS).await?;
    let played = stage.play(report, async |nodes, crew, report| {
        crew.phase(Phase::Posting);
        crew.acknowledged(50, AGAIN).await?;
        proxy.cut_commits(EVERY);
        let begun = Instant::now();
        loop {
            let (before, after) = proxy.cuts();
            crew.world.board.round(before + after, cuts);
            crew.world.board.check()?;
            nodes.check()?;
            if before + after >= cuts {
                break;
            }
            anyhow::ensure!(begun.elapsed() < PATIENCE, "only {} commits were cut", before + after);
            sleep(Duration::from_millis(50)).await;
        }
        proxy.cut_commits(0);
        let again = crew.acknowledged(100, AGAIN).await?;
        let (before, after) = proxy.cuts();
        report.detail("cut_before_commit", before);
        report.detail("cut_after_commit", after);
        report.detail("again_ms", again.as_millis() as u64);
        Ok(())
    });
    let played = played.await;
    drop(proxy);
    database.remove().await?;
    played.map(drop)
}
