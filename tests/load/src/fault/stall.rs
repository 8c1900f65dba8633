//! Readers that stop reading among 200 that go on: the server's memory stays bounded, whoever is too slow is closed with 4008,
//! comes back from where it was and catches up, and the others notice nothing.

use std::fs;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use anyhow::{Context, Result};
use rony_core::hub::QUEUE;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::fault::client::{Habits, Phase};
use crate::fault::crew::Crew;
use crate::fault::people::People;
use crate::fault::report::Report;
use crate::fault::scene::{HABITS, Scene, Stage};
use crate::server::{Nodes, free_port};

/// How many are connected besides those that stop reading.
const READERS: usize = 198;

/// How many stop reading.
const STALLED: usize = 2;

/// What the system keeps for a reader that does not read, in bytes: little, so that the server feels it soon.
const BUFFER: u32 = 4096;

/// How long a text is, in bytes.
const TEXT: usize = 6_000;

/// The most that may wait in the server for those who do not read, in bytes: full queues of frames, which are a text and some
/// words around it.
const WAITING: u64 = (STALLED * QUEUE * (TEXT + 1_000)) as u64;

/// How much the server's memory may grow besides, in bytes: caches and the allocator's reserve go on growing under load.
const BESIDES: u64 = 24 << 20;

/// How long it may take until they are closed.
const PATIENCE: Duration = Duration::from_secs(90);

/// Plays it.
///
/// # Errors
/// When it cannot be played to its end.
pub(crate) async fn play(scene: &Scene, report: &mut Report) -> Result<()> {
    let database = scene.database().await?;
    let people = People::make(database.url(), READERS + STALLED, 1).await?;
    let mut setup = scene.setup(database.url());
    let metrics = free_port()?;
    setup.arguments = vec!["--metrics".into(), format!("127.0.0.1:{metrics}")];
    let habits = Habits { text: TEXT, pause: Duration::from_millis(scene.size(40, 80) as u64), ..HABITS };
    let stage = Stage::open(scene, setup, &people, (READERS, 8), habits).await?;
    let url = format!("http://127.0.0.1:{metrics}/metrics");
    let played = stage.play(report, async |nodes, crew, report| {
        let reads = watch::Sender::new(true);
        for number in READERS..READERS + STALLED {
            let mut client = crew.client(number, scene.seed);
            (client.posts, client.buffer, client.reads) = (false, Some(BUFFER), Some(reads.subscribe()));
            crew.join(client);
        }
        crew.connected().await?;
        crew.phase(Phase::Posting);
        crew.acknowledged(200, PATIENCE).await?;

        // Both follow by now, and stop in the middle of it.
        reads.send_replace(false);
        let board = &crew.world.board;
        board.until("readers stall", PATIENCE, |board| board.stalled.load(Relaxed) == STALLED).await?;
        let before = memory(nodes)?;
        let peak = until_cut(crew, nodes, &url).await?;
        let grown = peak.saturating_sub(before);
        report.expect(grown <= WAITING + BESIDES, || format!("the server grew by {} MiB", grown >> 20));
        report.detail("memory_before_mib", before >> 20);
        report.detail("memory_peak_mib", peak >> 20);
        report.detail("readers", READERS + STALLED);

        // They read what was on its way, are told why they were closed, and come back.
        reads.send_replace(true);
        let told = |board: &crate::fault::board::Board| {
            board.too_slow.load(Relaxed) >= STALLED as u64 && board.reconnects.load(Relaxed) >= STALLED as u64
        };
        board.until("both are closed with 4008 and come back", PATIENCE, told).await?;
        crew.acknowledged(100, PATIENCE).await?;
        let cut = board.too_slow.load(Relaxed);
        report.expect(cut == STALLED as u64, || format!("{cut} were called too slow, and {STALLED} were"));
        report.detail("closed_with_4008", cut);
        Ok(())
    });
    let played = played.await;
    database.remove().await?;
    let clients = played?;
    let back = clients.iter().filter(|client| client.reads.is_some());
    let resumed: u64 = back.map(|client| client.resumed).sum();
    report
        .expect(resumed == STALLED as u64, || format!("{resumed} of {STALLED} resumed from where they were"));
    let reconnects = report.findings.reconnects;
    report.expect(reconnects == STALLED as u64, || format!("{reconnects} had to connect again"));
    Ok(())
}

/// Waits until the server has closed all that stalled as too slow; gives the most memory that it had meanwhile, in bytes.
async fn until_cut(crew: &Crew, nodes: &Nodes, metrics: &str) -> Result<u64> {
    let (begun, mut peak) = (Instant::now(), 0);
    loop {
        peak = peak.max(memory(nodes)?);
        let text = crew.world.http.get(metrics, "").await?;
        let cut = String::from_utf8_lossy(&text).lines().find_map(|line| {
            line.strip_prefix(r#"rony_gateway_closed_total{code="4008"} "#)?.parse::<u64>().ok()
        });
        if cut.unwrap_or_default() >= STALLED as u64 {
            return Ok(peak);
        }
        crew.world.board.round(cut.unwrap_or_default(), STALLED as u64);
        crew.world.board.check()?;
        anyhow::ensure!(begun.elapsed() < PATIENCE, "nobody was closed as too slow in {PATIENCE:?}");
        sleep(Duration::from_millis(50)).await;
    }
}

/// The server's resident memory in bytes (proc_pid_status(5)).
fn memory(nodes: &Nodes) -> Result<u64> {
    let process = nodes.process().context("the server does not run")?;
    let status =
        fs::read_to_string(format!("/proc/{process}/status")).context("/proc is needed: Linux has it")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS in /proc")?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().context("VmRSS is no number")?;
    Ok(kilobytes * 1024)
}
