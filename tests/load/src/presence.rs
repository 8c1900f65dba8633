//! `rony-load presence`: thousands come online within a minute, and a few hundred of them watch each other.
//!
//! All are members of one conversation. Were everybody told of everybody, the second half of them would cause three times as many
//! frames as the first; told only to who looks, both cause the same.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use crate::bench::catalogue::PRESENCE;
use crate::bench::cores;
use crate::bench::ground::{Backend, Server};
use crate::bench::progress::Progress;
use crate::bench::report::{Aim, Report};
use crate::bench::socket::{Door, Socket};
use crate::bench::{self, Options};
use crate::os;
use crate::people::{self, Account};

/// So long after the last one has come everybody has been told.
const SETTLED: Duration = Duration::from_secs(3);

const MINUTE: Duration = Duration::from_secs(60);

/// What `--quick` makes smaller.
struct Size {
    /// Those who watch each other; they are there first.
    watchers: usize,
    /// Those who come later, in two halves.
    others: usize,
    /// In which all of those come, when nothing holds them up.
    time: Duration,
    /// In which all have to come, the watchers too; pauses in which nobody comes are not counted.
    limit: Duration,
}

/// What the connections were told.
#[derive(Debug, Default)]
struct Told {
    frames: AtomicU64,
    /// People in those frames.
    entries: AtomicU64,
    greeted: AtomicU64,
}

impl Told {
    fn hear(&self, frame: &[u8]) {
        if frame.starts_with(br#"{"type":"presence""#) {
            self.frames.fetch_add(1, Relaxed);
            let name = br#""user_id""#;
            let entries = frame.windows(name.len()).filter(|window| window == name).count();
            self.entries.fetch_add(entries as u64, Relaxed);
        } else if frame.starts_with(br#"{"type":"hello""#) {
            self.greeted.fetch_add(1, Relaxed);
        }
    }

    fn counts(&self) -> (f64, f64) {
        (self.frames.load(Relaxed) as f64, self.entries.load(Relaxed) as f64)
    }
}

/// Runs the subcommand.
///
/// # Errors
/// When it cannot be measured.
pub async fn run(options: &Options) -> Result<ExitCode> {
    bench::run(&PRESENCE, options, async |work, report| {
        let size = options.pick(
            Size { watchers: 200, others: 9_800, time: Duration::from_secs(56), limit: MINUTE },
            Size { watchers: 50, others: 450, time: Duration::from_secs(6), limit: MINUTE / 6 },
        );
        let count = size.watchers + size.others;
        os::allow_open_files(count as u64 + 500)?;
        let progress = Progress::new(PRESENCE.bench, &options.against);
        let database = Backend::Sqlite.create(options, work).await?;
        progress.step(count as u64, "people made, all of them members of General");
        let people = people::fill(database.url(), async |rony| {
            let mut people = Vec::with_capacity(count);
            for number in 0..count {
                people.push(people::enroll(rony, number, &format!("Person {number}")).await?);
                progress.one();
            }
            Ok(people)
        })
        .await?;
        let server = Server::start(&database, work, Some(cores::SERVER)).await?;
        measure(&server, &people, &size, &progress, report).await?;
        server.stop().await?;
        database.remove().await
    })
    .await
}

async fn measure(
    server: &Server,
    people: &[Account],
    size: &Size,
    progress: &Progress,
    report: &mut Report,
) -> Result<()> {
    let (watchers, others) = people.split_at(size.watchers);
    let ids: Vec<_> = watchers.iter().map(|account| account.user.to_string()).collect();
    let watch = format!(r#"{{"type":"watch","user_ids":["{}"]}}"#, ids.join(r#"",""#));
    let (to_watchers, to_others) = (Arc::new(Told::default()), Arc::new(Told::default()));
    let mut open = JoinSet::new();

    progress.step(people.len() as u64, "people come online");
    let (began, start) = (server.usage()?.cpu, Instant::now());
    for (number, account) in watchers.iter().enumerate() {
        let socket = come(server.port(), number, account, Some(&watch)).await?;
        open.spawn(listen(socket, Arc::clone(&to_watchers)));
        progress.one();
    }
    let mut coming = start.elapsed();
    sleep(SETTLED).await;
    let (frames, entries) = to_watchers.counts();
    let (count, case) = (size.watchers as f64, format!("{} who watch each other come", size.watchers));
    report.figure(&case, "presence frames to each", "", frames / count);
    // Each is told of each once, and perhaps again for those who came in between.
    report.aimed(&case, "entries of each about each", "", entries / count / count, Aim::at_most(2.0));
    report.figure(&case, "server CPU for each", "µs", cpu_since(server, began)? / count);

    let half = others.len() / 2;
    for (part, (name, comers)) in
        [("the first half", &others[..half]), ("the second half", &others[half..])].into_iter().enumerate()
    {
        let case = format!("{} others come, {name}", comers.len());
        let before = (to_watchers.counts(), to_others.counts(), server.usage()?.cpu);
        let (start, every) = (Instant::now(), size.time / u32::try_from(others.len())?);
        for (index, account) in comers.iter().enumerate() {
            sleep_until(start + every * u32::try_from(index)?).await;
            let number = size.watchers + part * half + index;
            let socket = come(server.port(), number, account, None).await?;
            open.spawn(listen(socket, Arc::clone(&to_others)));
            progress.one();
        }
        let took = start.elapsed();
        coming += took;
        sleep(SETTLED).await;
        let comers = comers.len() as f64;
        report.figure(&case, "in", "s", took.as_secs_f64());
        let told = to_others.counts().0 - before.1.0;
        report.aimed(&case, "presence frames for each who comes", "", told / comers, Aim::at_most(3.0));
        let told = to_watchers.counts().0 - before.0.0;
        report.aimed(&case, "presence frames to each watcher", "", told / count, Aim::at_most(1.0));
        report.figure(&case, "server CPU for each", "µs", cpu_since(server, before.2)? / comers);
    }
    let (case, limit) = (format!("all {} come", people.len()), Aim::at_most(size.limit.as_secs_f64()));
    report.aimed(&case, "in", "s", coming.as_secs_f64(), limit);
    let greeted = to_watchers.greeted.load(Relaxed) + to_others.greeted.load(Relaxed);
    report.lost += people.len() as u64 - greeted.min(people.len() as u64);
    let ended = open.try_join_next().transpose().context("a connection's task broke off")?;
    ended.map_or(Ok(()), |error| Err(error.context("a connection ended")))
}

/// Microseconds of CPU.
fn cpu_since(server: &Server, before: Duration) -> Result<f64> {
    Ok(server.usage()?.cpu.saturating_sub(before).as_secs_f64() * 1e6)
}

async fn come(port: u16, number: usize, account: &Account, watch: Option<&str>) -> Result<Socket> {
    let door = Door { port, path: "/api/v1/gateway".to_owned(), token: Some(account.token.clone()) };
    let mut socket = Socket::open(&door, number).await?;
    socket.send(r#"{"type":"resume"}"#).await?;
    if let Some(watch) = watch {
        socket.send(watch).await?;
    }
    Ok(socket)
}

/// Listens until the connection ends; why it did.
async fn listen(mut socket: Socket, told: Arc<Told>) -> anyhow::Error {
    loop {
        if let Err(error) = socket.read(|frame| told.hear(frame)).await {
            return error;
        }
    }
}
