//! `rony-load idle`: thousands of people are connected, and nothing happens. What a connection costs in memory, with
//! everything that the server holds counted in.

use std::fmt;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::time::{Instant, sleep};

use crate::bench::crowd::{Crowd, Listener};
use crate::bench::hall::Hall;
use crate::bench::progress::Progress;
use crate::bench::report::{Aim, Report};
use crate::bench::{Options, catalogue};
use crate::os;
use crate::work::Work;

/// Connections in the full form; the short one has a tenth.
const CONNECTIONS: usize = 10_000;

/// A heartbeat and its answer are part of being idle, so the full form waits for longer than the 30 s between two.
const REST: Duration = Duration::from_secs(35);

/// Files that a process has open beside its connections.
const OTHER_FILES: u64 = 500;

/// How long it may take until all are greeted.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a connection may cost, in KiB.
const AIM: f64 = 12.0;

/// Counts the connections that were greeted.
#[derive(Debug, Default)]
struct Greeted(AtomicU64);

impl Listener for Greeted {
    fn hear(&self, _: usize, frame: &[u8]) {
        if frame.starts_with(br#"{"type":"hello""#) {
            self.0.fetch_add(1, Relaxed);
        }
    }
}

impl fmt::Display for Greeted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} were greeted", self.0.load(Relaxed))
    }
}

/// Runs the subcommand.
///
/// # Errors
/// When it cannot be measured; connections that were lost are part of the answer.
pub async fn run(options: &Options) -> Result<ExitCode> {
    let (count, rest) = options.pick((CONNECTIONS, REST), (CONNECTIONS / 10, Duration::from_secs(3)));
    os::allow_open_files(count as u64 + OTHER_FILES)?;
    crate::bench::run(&catalogue::IDLE, options, async |work, report| {
        measure(&options.against, count, rest, work, report).await
    })
    .await
}

async fn measure(
    subject: &str,
    count: usize,
    rest: Duration,
    work: &Work,
    report: &mut Report,
) -> Result<()> {
    let progress = Progress::new("idle", subject);
    let mut hall = Hall::open(subject, work, (count, &[]), &progress).await?;
    hall.in_words().await.into_iter().for_each(|words| report.beside(words));
    let (alone, greeted) = (hall.usage()?, Arc::new(Greeted::default()));
    let crowd = Crowd::open(hall.doors(count)?, hall.greeting(), &greeted, &progress).await?;
    let deadline = Instant::now() + PATIENCE;
    while hall.greeting().is_some() && greeted.0.load(Relaxed) < count as u64 {
        hall.check()?;
        crowd.check()?;
        ensure!(Instant::now() < deadline, "not all are greeted after {PATIENCE:?}: {greeted}");
        sleep(Duration::from_millis(20)).await;
    }
    progress.step(rest.as_secs(), format!("seconds to rest, with {count} connections"));
    let (begin, began) = (hall.usage()?, Instant::now());
    while began.elapsed() < rest {
        sleep(Duration::from_secs(1)).await;
        progress.one();
    }
    let (end, took) = (hall.usage()?, began.elapsed());
    hall.check()?;
    report.lost += crowd.lost();
    drop(crowd);

    let case = format!("{count} connections");
    let kib = |bytes: u64| bytes as f64 / count as f64 / 1024.0;
    report.aimed(&case, "resident for each, all included", "KiB", kib(end.resident), Aim::at_most(AIM));
    report.figure(
        &case,
        "of it since nobody was there",
        "KiB",
        kib(end.resident.saturating_sub(alone.resident)),
    );
    let busy = end.cpu.saturating_sub(begin.cpu).as_secs_f64() / took.as_secs_f64();
    report.figure(&case, "core of the server busy", "%", busy * 100.0);
    hall.stop().await
}
