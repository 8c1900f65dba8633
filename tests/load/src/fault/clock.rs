//! The server's clock is stepped a day forward and a day back, by libfaketime: nobody touches the machine's clock. Messages keep
//! their order, since numbers and not times make it; what waits goes on, since intervals are monotonic; and what has expired
//! is refused.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use http::{Method, StatusCode};
use rony_core::time::{Clock, Timestamp};
use rony_storage::SystemClock;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::fault::client::Phase;
use crate::fault::crew::Crew;
use crate::fault::people::People;
use crate::fault::report::Report;
use crate::fault::scene::{HABITS, Scene, Stage};

/// Where distributions put the library.
const PLACES: [&str; 4] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib64/faketime/libfaketimeMT.so.1",
    "/usr/lib/faketime/libfaketimeMT.so.1",
];

/// A day, in milliseconds.
const DAY: i64 = 86_400_000;

/// How exactly a step must show in the time of a message, in milliseconds.
const ABOUT: i64 = 600_000;

/// How long it may take until a step shows, and until posts are acknowledged after it: nothing waits for a day.
const PATIENCE: Duration = Duration::from_secs(20);

/// Plays it.
///
/// # Errors
/// When it cannot be played to its end.
pub(crate) async fn play(scene: &Scene, library: Option<PathBuf>, report: &mut Report) -> Result<()> {
    let installed = || PLACES.iter().map(PathBuf::from).find(|path| path.is_file());
    let library = library.or_else(installed).context(
        "libfaketime is not installed: install it with `apt-get install libfaketime`, or name it with --libfaketime",
    )?;
    let dial = scene.folder.join("clock");
    fs::write(&dial, "+0\n")?;
    let database = scene.database().await?;
    let people = People::make(database.url(), 12, 3).await?;
    let mut setup = scene.setup(database.url());
    let settings = [
        ("LD_PRELOAD", library.display().to_string()),
        ("FAKETIME_TIMESTAMP_FILE", dial.display().to_string()),
        ("FAKETIME_NO_CACHE", "1".to_owned()),
        // A clock that is set moves the time of day and never the monotonic clock.
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ("DONT_FAKE_MONOTONIC", "1".to_owned()),
    ];
    setup.environment = settings.map(|(name, value)| (name.to_owned(), value)).into();
    let stage = Stage::open(scene, setup, &people, (12, 12), HABITS).await?;
    // The first one is forward: what has ended then stays so.
    let steps = [("+1d", DAY), ("+0", 0), ("-1d", -DAY), ("+1d", DAY), ("-1d", -DAY), ("+0", 0)];
    let steps = &steps[..scene.size(6, 3)];
    report.detail("steps", steps.len());
    let played = stage.play(report, async |nodes, crew, report| {
        crew.phase(Phase::Posting);
        let mut worst = Duration::ZERO;
        for (round, (dialled, offset)) in steps.iter().enumerate() {
            crew.world.board.round(round as u64, steps.len() as u64);
            crew.acknowledged(100, PATIENCE).await?;
            fs::write(&dial, format!("{dialled}\n"))?;
            shows(crew, &people.tokens[0], *offset).await?;
            worst = worst.max(crew.acknowledged(100, PATIENCE).await?);
            expiry(crew, &people, report).await?;
            nodes.check()?;
        }
        report.detail("again_ms_worst", worst.as_millis() as u64);
        Ok(())
    });
    let played = played.await;
    database.remove().await?;
    played.map(drop)
}

/// Waits until the newest message is of a time that is `offset` away from this process's.
async fn shows(crew: &Crew, token: &str, offset: i64) -> Result<()> {
    let begun = Instant::now();
    let place = crew.world.places[0];
    loop {
        let path = format!("/conversations/{place}/messages?limit=1");
        let page: Value = serde_json::from_slice(&crew.world.http.get(&crew.world.url(&path), token).await?)?;
        let at = page["items"][0]["created_at"].as_str().and_then(|at| at.parse::<Timestamp>().ok());
        let ahead = at.map(|at| at.as_millis() - SystemClock.now().as_millis());
        if ahead.is_some_and(|ahead| (ahead - offset).abs() < ABOUT) {
            return Ok(());
        }
        anyhow::ensure!(begun.elapsed() < PATIENCE, "the step to {offset} ms does not show: {ahead:?} ms");
        sleep(Duration::from_millis(50)).await;
    }
}

/// A token that lasts for an hour is refused a day later, and from then on, whatever the clock says; one without an end never.
async fn expiry(crew: &Crew, people: &People, report: &mut Report) -> Result<()> {
    for (token, ends) in [(&people.short_token, true), (&people.tokens[0], false)] {
        let answer = crew.world.http.answer(Method::GET, &crew.world.url("/me"), token, Bytes::new()).await?;
        let expected = if ends { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
        report.expect(answer.status() == expected, || {
            format!(
                "a token that {} was answered with {}",
                if ends { "has ended" } else { "does not end" },
                answer.status()
            )
        });
    }
    Ok(())
}
