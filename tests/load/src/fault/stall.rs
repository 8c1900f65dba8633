//! Readers that stop reading among 200 that go on: the server's memory stays bounded, whoever is too slow is closed with 4008
//! and catches up afterwards, and the others notice nothing.

use std::fs;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures_util::StreamExt;
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::tungstenite::Message;

use crate::fault::client::{Habits, Phase, Socket};
use crate::fault::crew::Crew;
use crate::fault::live::send;
use crate::fault::people::People;
use crate::fault::report::Report;
use crate::fault::scene::{HABITS, Scene, Stage};
use crate::server::{Nodes, free_port};
use crate::wire::{Frame, Resume};

/// How many are connected besides those that stop reading.
const READERS: usize = 198;

/// What the system keeps for a reader that does not read, in bytes: little, so that the server feels it soon.
const BUFFER: u32 = 4096;

/// How much the server's memory may grow while two do not read: what 200 sockets and the caches of a busy server take, far
/// below what all unread frames together would.
const GROWTH: u64 = 96 * 1024 * 1024;

/// How long it may take until they are closed.
const PATIENCE: Duration = Duration::from_secs(120);

/// Plays it.
///
/// # Errors
/// When it cannot be played to its end.
pub(crate) async fn play(scene: &Scene, report: &mut Report) -> Result<()> {
    let database = scene.database().await?;
    let people = People::make(database.url(), READERS + 2, 1).await?;
    let mut setup = scene.setup(database.url());
    let metrics = free_port()?;
    setup.arguments = vec!["--metrics".into(), format!("127.0.0.1:{metrics}")];
    let habits = Habits { text: 6_000, pause: Duration::from_millis(scene.size(40, 80) as u64), ..HABITS };
    let mut stage = Stage::open(scene, setup, &people, (READERS, 8), habits).await?;
    let mut stalled = Vec::new();
    for number in READERS..READERS + 2 {
        stalled.push(stall(&stage.crew, &people.tokens[number]).await?);
    }
    // They come back through `sync` as anybody does, when they are let go.
    let (back, forever) = (stalled.remove(0), stalled.remove(0));
    let returns = stage.crew.client(READERS, scene.seed);
    let url = format!("http://127.0.0.1:{metrics}/metrics");
    let played = async {
        let before = memory(&stage.nodes)?;
        stage.crew.phase(Phase::Posting);
        let peak = until_cut(&stage.crew, &stage.nodes, &url, 2).await?;
        let code = read_to_the_end(back).await?;
        report.expect(code == Some(4008), || format!("a reader that was too slow was closed with {code:?}"));
        report.detail("closed_with", code.unwrap_or_default());
        let grown = peak.saturating_sub(before);
        report.expect(grown <= GROWTH, || format!("the server grew by {} MiB", grown >> 20));
        report.detail("memory_before_mib", before >> 20);
        report.detail("memory_peak_mib", peak >> 20);
        report.detail("readers", READERS + 2);
        anyhow::Ok(())
    };
    let world = stage.crew.world.clone();
    world.board.beside(played).await?;
    report.expect(world.board.too_slow.load(Relaxed) == 0, || "somebody who read was called too slow".into());
    stage.crew.join(returns);
    let finished = stage.play(report, async |_, crew, _| {
        crew.acknowledged(100, PATIENCE).await?;
        drop(forever);
        Ok(())
    });
    let finished = finished.await;
    database.remove().await?;
    finished.map(drop)
}

/// Connects, reads the greeting, and reads nothing more.
async fn stall(crew: &Crew, token: &str) -> Result<Socket> {
    let mut socket = crew.world.open_gateway(token, Some(BUFFER)).await?;
    send(&mut socket, &Resume { r#type: "resume", since: None }).await?;
    while let Some(frame) = socket.next().await {
        if let Message::Text(text) = frame? {
            let frame: Frame<'_> = serde_json::from_slice(text.as_bytes())?;
            if frame.kind == "hello" {
                return Ok(socket);
            }
        }
    }
    bail!("the server closed before it greeted")
}

/// Waits until the server has closed so many as too slow; gives the most memory that it had meanwhile, in bytes.
async fn until_cut(crew: &Crew, nodes: &Nodes, metrics: &str, count: u64) -> Result<u64> {
    let (begun, mut peak) = (Instant::now(), 0);
    loop {
        peak = peak.max(memory(nodes)?);
        let text = crew.world.http.get(metrics, "").await?;
        let cut = String::from_utf8_lossy(&text).lines().find_map(|line| {
            line.strip_prefix(r#"rony_gateway_closed_total{code="4008"} "#)?.parse::<u64>().ok()
        });
        if cut.unwrap_or_default() >= count {
            return Ok(peak);
        }
        crew.world.board.round(cut.unwrap_or_default(), count);
        crew.world.board.check()?;
        anyhow::ensure!(begun.elapsed() < PATIENCE, "nobody was closed as too slow in {PATIENCE:?}");
        sleep(Duration::from_millis(50)).await;
    }
}

/// Reads what is still there; the code that the server closed with.
async fn read_to_the_end(mut socket: Socket) -> Result<Option<u16>> {
    let reading = async {
        while let Some(frame) = socket.next().await {
            match frame {
                Ok(Message::Close(close)) => return close.map(|close| u16::from(close.code)),
                Ok(_) => {}
                Err(_) => return None,
            }
        }
        None
    };
    timeout(PATIENCE, reading).await.context("the server does not end the connection")
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
