//! `rony-load files`: how fast files go up and come down, beside nginx and what the disk, the hash and a socket take by themselves; how
//! fast a large folder is listed; and that many transfers at once take no memory.
//!
//! An upload is one request (tus, creation with upload): when it is answered, the file is hashed, synced to disk and in its folder. nginx's
//! is none of that. A download is compared byte by byte.

mod limit;
mod line;
mod listing;
mod nginx;
mod place;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use self::line::Content;
use self::place::{Address, Place};
use crate::bench::catalogue::FILES;
use crate::bench::disk::Probe;
use crate::bench::progress::Progress;
use crate::bench::report::{Aim, Report};
use crate::bench::{self, Options};
use crate::work::Work;

/// How often the large file goes up and down; the middle counts. Within a round what is compared follows each other.
const ROUNDS: usize = 3;

/// Connections that carry small files at once.
const LINES: usize = 8;

/// Of a small file, in bytes.
const SMALL: u64 = 16 << 10;

/// What all transfers at once may take beyond what the server has when it is idle, in MiB.
const MEMORY: f64 = 64.0;

/// How often memory is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// What `--quick` makes smaller.
#[derive(Clone, Copy, Debug)]
struct Size {
    /// The large file, in bytes.
    large: u64,
    /// How many small ones.
    small: usize,
    /// How many transfers at once, and of how many bytes each.
    crowd: (usize, u64),
    /// In the large folder.
    entries: u64,
}

const FULL: Size = Size { large: 1 << 30, small: 10_000, crowd: (50, 128 << 20), entries: 100_000 };
const QUICK: Size = Size { large: 32 << 20, small: 200, crowd: (10, 4 << 20), entries: 5_000 };

/// Runs the subcommand.
///
/// # Errors
/// When it cannot be measured; a byte that is another one is such an error.
pub async fn run(options: &Options) -> Result<ExitCode> {
    let size = options.pick(FULL, QUICK);
    bench::run(&FILES, options, async |work, report| {
        let progress = Progress::new(FILES.bench, &options.against);
        match options.against.as_str() {
            "nginx" => beside(&size, work, &progress, report).await,
            "limit" => alone(&size, work, &progress, report),
            _ => rony(options, &size, work, &progress, report).await,
        }
    })
    .await
}

/// A size in words: "1 GiB".
fn words(bytes: u64) -> String {
    if bytes >= 1 << 30 { format!("{} GiB", bytes >> 30) } else { format!("{} MiB", bytes >> 20) }
}

async fn rony(
    options: &Options,
    size: &Size,
    work: &Work,
    progress: &Progress,
    report: &mut Report,
) -> Result<()> {
    let (rony, _database) = Place::rony(options, work).await?;
    let idle = rony.usage()?.resident;
    let nginx = Place::nginx(work).await.ok();
    if nginx.is_none() {
        eprintln!("nginx is not installed: its ratio is not measured");
    }
    large(&rony, nginx.as_ref(), size, work, progress, report).await?;
    let rony = Arc::new(rony);
    let disk = Probe::begin(work.path())?;
    let case = small(&rony, size.small, progress, report).await?;
    disk.end(&case, report)?;
    memory(&rony, idle, size.crowd, progress, report).await?;
    if let Some(nginx) = nginx {
        nginx.stop().await?;
    }
    Arc::into_inner(rony).context("a transfer has not ended")?.stop().await?;
    listing::measure(options, size.entries, work, progress, report).await
}

async fn beside(size: &Size, work: &Work, progress: &Progress, report: &mut Report) -> Result<()> {
    let nginx = Place::nginx(work).await?;
    report.beside(nginx::in_words().await);
    progress.step(ROUNDS as u64, "times a large file up and down");
    let (mut gets, mut puts) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let (put, get) = up_and_down(&nginx, &format!("large-{round}"), size.large).await?;
        puts.push(put);
        gets.push(get);
        progress.one();
    }
    let case = words(size.large);
    report.figure(&case, "GET", "MiB/s", median(&mut gets));
    report.figure(&case, "PUT, not synced and not hashed by nginx", "MiB/s", median(&mut puts));
    let nginx = Arc::new(nginx);
    small(&nginx, size.small, progress, report).await?;
    Arc::into_inner(nginx).context("a transfer has not ended")?.stop().await
}

fn alone(size: &Size, work: &Work, progress: &Progress, report: &mut Report) -> Result<()> {
    progress.step(ROUNDS as u64, "times a large file written, hashed and copied");
    let (mut writes, mut hashes, mut limits, mut copies) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (write, hash) = (limit::write(work.path(), size.large)?, limit::hash(size.large));
        writes.push(write);
        hashes.push(hash);
        limits.push(write.min(hash));
        copies.push(limit::copy(work.path(), size.large)?);
        progress.one();
    }
    let case = words(size.large);
    report.figure(&case, "PUT", "MiB/s", median(&mut limits));
    report.figure(&case, "written and synced alone", "MiB/s", median(&mut writes));
    report.figure(&case, "hashed alone", "MiB/s", median(&mut hashes));
    report.figure(&case, "GET", "MiB/s", median(&mut copies));
    Ok(())
}

/// The large file, each round beside nginx's and the limit of the same moment.
async fn large(
    rony: &Place,
    nginx: Option<&Place>,
    size: &Size,
    work: &Work,
    progress: &Progress,
    report: &mut Report,
) -> Result<()> {
    progress.step(ROUNDS as u64, "times a large file up and down, beside nginx and the limit");
    let (mut gets, mut puts) = (Vec::new(), Vec::new());
    let (mut to_nginx, mut to_limit, mut cpu) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let name = format!("large-{round}");
        let limit = limit::write(work.path(), size.large)?.min(limit::hash(size.large));
        let before = rony.usage()?.cpu;
        let mut line = rony.open().await?;
        let began = std::time::Instant::now();
        let address = rony.put(&mut line, &name, 0, Content::of(size.large)).await?;
        let put = limit::rate(size.large, began);
        cpu.push((rony.usage()?.cpu.saturating_sub(before)).as_secs_f64() * 1000.0);
        let get = down(rony, &address, size.large).await?;
        puts.push(put);
        gets.push(get);
        to_limit.push(put / limit);
        if let Some(nginx) = nginx {
            let (_, beside) = up_and_down(nginx, &name, size.large).await?;
            to_nginx.push(get / beside);
        }
        progress.one();
    }
    let case = words(size.large);
    report.aimed(&case, "GET", "MiB/s", median(&mut gets), Aim::at_least(0.8).times("nginx"));
    report.aimed(&case, "PUT", "MiB/s", median(&mut puts), Aim::at_least(0.5).times("limit"));
    report.figure(&case, "PUT: CPU of the server", "ms", median(&mut cpu));
    report.ratio("put_ratio_to_limit", median(&mut to_limit));
    if !to_nginx.is_empty() {
        report.ratio("get_ratio_to_nginx", median(&mut to_nginx));
    }
    Ok(())
}

async fn up_and_down(place: &Place, name: &str, length: u64) -> Result<(f64, f64)> {
    let mut line = place.open().await?;
    let began = std::time::Instant::now();
    let address = place.put(&mut line, name, 0, Content::of(length)).await?;
    let put = limit::rate(length, began);
    Ok((put, down(place, &address, length).await?))
}

async fn down(place: &Place, address: &Address, length: u64) -> Result<f64> {
    let mut line = place.open().await?;
    let began = std::time::Instant::now();
    address.get(&mut line, Content::of(length)).await?;
    Ok(limit::rate(length, began))
}

/// Many small files, over a few connections; what the case is called.
async fn small(place: &Arc<Place>, count: usize, progress: &Progress, report: &mut Report) -> Result<String> {
    progress.step(2 * count as u64, "small files up, and down again");
    let began = Instant::now();
    let mut lines = JoinSet::new();
    for line in 0..LINES {
        let (place, progress) = (Arc::clone(place), progress.clone());
        lines.spawn(async move {
            let (mut connection, mut addresses) = (place.open().await?, Vec::new());
            for number in (line..count).step_by(LINES) {
                let content = small_content(number);
                addresses.push((
                    content,
                    place.put(&mut connection, &format!("small-{number}"), 0, content).await?,
                ));
                progress.one();
            }
            anyhow::Ok(addresses)
        });
    }
    let mut addresses = Vec::new();
    while let Some(line) = lines.join_next().await {
        addresses.push(line.context("an upload broke off")??);
    }
    let case = format!("{count} files of 16 KiB");
    report.figure(&case, "up", "1/s", count as f64 / began.elapsed().as_secs_f64());

    let began = Instant::now();
    let mut lines = JoinSet::new();
    for addresses in addresses {
        let (place, progress) = (Arc::clone(place), progress.clone());
        lines.spawn(async move {
            let mut connection = place.open().await?;
            for (content, address) in addresses {
                address.get(&mut connection, content).await?;
                progress.one();
            }
            anyhow::Ok(())
        });
    }
    while let Some(line) = lines.join_next().await {
        line.context("a download broke off")??;
    }
    report.figure(&case, "down", "1/s", count as f64 / began.elapsed().as_secs_f64());
    Ok(case)
}

/// Each is another file.
const fn small_content(number: usize) -> Content {
    Content { start: number * 4099 % (1 << 20), length: SMALL }
}

/// Many transfers at once, first up, then down; the most that the server had beyond what it has when it is idle.
async fn memory(
    place: &Arc<Place>,
    idle: u64,
    (count, length): (usize, u64),
    progress: &Progress,
    report: &mut Report,
) -> Result<()> {
    progress.step(2 * count as u64, format!("transfers of {} at once, up and down", words(length)));
    let case = format!("{count} transfers of {} at once", words(length));
    let mut transfers = JoinSet::new();
    for number in 0..count {
        let place = Arc::clone(place);
        transfers.spawn(async move {
            let mut line = place.open().await?;
            place.put(&mut line, &format!("crowd-{number}"), number, Content::of(length)).await
        });
    }
    let (addresses, up) = watched(place, transfers, progress).await?;
    let mut transfers = JoinSet::new();
    for address in addresses {
        let place = Arc::clone(place);
        transfers.spawn(async move { down(&place, &address, length).await });
    }
    let (_, down) = watched(place, transfers, progress).await?;
    let above = |most: u64| most.saturating_sub(idle) as f64 / f64::from(1 << 20);
    report.aimed(&case, "memory above idle, up", "MiB", above(up), Aim::at_most(MEMORY));
    report.aimed(&case, "memory above idle, down", "MiB", above(down), Aim::at_most(MEMORY));
    Ok(())
}

/// Waits for all transfers; what they came to, and the most memory that was seen meanwhile.
async fn watched<T: 'static>(
    place: &Place,
    mut transfers: JoinSet<Result<T>>,
    progress: &Progress,
) -> Result<(Vec<T>, u64)> {
    let (mut all, mut most) = (Vec::new(), 0);
    loop {
        tokio::select! {
            done = transfers.join_next() => match done {
                None => return Ok((all, most)),
                Some(done) => {
                    all.push(done.context("a transfer broke off")??);
                    progress.one();
                }
            },
            () = sleep(LOOK) => {}
        }
        most = most.max(place.usage()?.resident);
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
