//! `rony-load durable`: posts that are on disk when they are acknowledged, beside plain inserts of the same rows.
//!
//! The whole way is measured: a frame in, an ack out to its sender, an event out to the receiver, with the server's defaults
//! (every commit synced, checks, mentions, search and notifications on). Beside it stand inserts of single rows with the same
//! columns and indexes; and, on PostgreSQL, the use cases and the store without sockets.

mod raw;
mod storage;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;

use self::storage::Alone;
use crate::bench::catalogue::DURABLE;
use crate::bench::chat::{Chat, Outcome, Pace};
use crate::bench::debt::{self, Place};
use crate::bench::disk::Probe;
use crate::bench::ground::{Backend, Server};
use crate::bench::pairs::{self, Pair};
use crate::bench::progress::Progress;
use crate::bench::report::{Aim, Report};
use crate::bench::{self, Options, usage};
use crate::database::Database;
use crate::people;
use crate::work::Work;

/// Senders and conversations of each case. The last one is all in one: each post goes to everybody.
const CASES: [Case; 5] = [
    Case { senders: 1, conversations: 100, aim: None },
    Case { senders: 8, conversations: 100, aim: None },
    Case { senders: 32, conversations: 100, aim: Some(1.0) },
    Case { senders: 128, conversations: 100, aim: Some(1.5) },
    Case { senders: 32, conversations: 1, aim: None },
];

/// So many cases are measured in the quick form.
const QUICK: usize = 3;

/// The case in which storage alone has an aim: so many times the rate of single rows.
const STORAGE: (usize, f64) = (3, 3.0);

#[derive(Clone, Copy, Debug)]
struct Case {
    senders: usize,
    conversations: usize,
    /// So many times the rate of single rows.
    aim: Option<f64>,
}

impl Case {
    fn name(&self, backend: Backend) -> String {
        let Self { senders, conversations, .. } = self;
        let place = if *conversations == 1 {
            "one conversation".to_owned()
        } else {
            format!("{conversations} conversations")
        };
        format!("{}, {senders} senders, {place}", backend.name())
    }
}

/// What `--quick` makes smaller.
struct Size {
    /// Of each measurement.
    time: Duration,
    cases: &'static [Case],
}

/// Runs the subcommand.
///
/// # Errors
/// When it cannot be measured.
pub async fn run(options: &Options) -> Result<ExitCode> {
    bench::run(&DURABLE, options, async |work, report| {
        let progress = Progress::new(DURABLE.bench, &options.against);
        let size = Size {
            time: options.pick(Duration::from_secs(4), Duration::from_secs(1)),
            cases: options.pick(&CASES, &CASES[..QUICK]),
        };
        for backend in Backend::BOTH {
            let database = backend.create(options, work).await?;
            database.server_in_words().await?.into_iter().for_each(|words| report.beside(words));
            let bench = Bench { backend, database: &database, work, size: &size, progress: &progress };
            let measured = match options.against.as_str() {
                "raw" => bench.raw(report).await,
                _ => bench.rony(report).await,
            };
            database.remove().await?;
            measured?;
        }
        Ok(())
    })
    .await
}

struct Bench<'b> {
    backend: Backend,
    database: &'b Database,
    work: &'b Work,
    size: &'b Size,
    progress: &'b Progress,
}

impl Bench<'_> {
    async fn raw(&self, report: &mut Report) -> Result<()> {
        // The tables are made by opening the database.
        people::fill(self.database.url(), async |_| Ok(())).await?;
        for (number, case) in self.size.cases.iter().enumerate() {
            self.progress.step(1, format!("run of plain inserts: {}", case.name(self.backend)));
            let (senders, conversations) = (case.senders, case.conversations);
            let (name, folder) = (case.name(self.backend), self.folder());
            let disk = Probe::begin(&folder)?;
            let (begin, machine) = (Instant::now(), usage::machine()?);
            let rate =
                raw::rate(self.database.url(), &folder, senders, conversations, self.size.time).await?;
            let cores =
                usage::machine()?.saturating_sub(machine).as_secs_f64() / begin.elapsed().as_secs_f64();
            report.figure(&name, "durable messages", "1/s", rate);
            report.figure(&name, "CPU of the whole machine per message", "µs", cores * 1e6 / rate.max(1.0));
            report.figure(&name, "cores busy", "", cores);
            disk.end(&name, report)?;
            if self.has_storage_alone(number) {
                let (name, disk) = (storage_alone(case), Probe::begin(&folder)?);
                report.figure(&name, "durable messages", "1/s", rate);
                let batches =
                    raw::batches(self.database.url(), &folder, conversations, self.size.time).await?;
                report.figure(&name, "batches with the index, by PostgreSQL alone", "1/s", batches);
                disk.end(&name, report)?;
            }
        }
        Ok(())
    }

    async fn rony(&self, report: &mut Report) -> Result<()> {
        self.progress.step(self.size.cases.len() as u64, "crowds made");
        let crowds = people::fill(self.database.url(), async |rony| {
            let (mut crowds, mut first) = (Vec::new(), 0);
            for case in self.size.cases {
                crowds.push(pairs::make(rony, first, case.senders, case.conversations).await?);
                first += 2 * case.senders;
                self.progress.one();
            }
            Ok(crowds)
        })
        .await?;
        let server = Server::start(self.database, self.work, None).await?;
        let mut best: (f64, &Case, &[Pair]) = (0.0, &self.size.cases[0], &crowds[0]);
        for (case, pairs) in self.size.cases.iter().zip(&crowds) {
            let mut chat = Chat::open(server.port(), pairs).await?;
            self.progress.step(1, format!("run at full speed: {}", case.name(self.backend)));
            chat.run(Pace::FullSpeed, self.size.time / 4).await?;
            let rate = self.full_speed(case, &server, (&mut chat, pairs), report).await?;
            if rate > best.0 {
                best = (rate, case, pairs);
            }
        }
        self.half_speed(&server, best, report).await?;
        server.stop().await?;
        if self.backend == Backend::Postgres {
            self.storage_alone(&crowds, report).await?;
        }
        self.parts(&crowds, report).await
    }

    /// What an aim that is missed is limited by.
    async fn parts(&self, crowds: &[Vec<Pair>], report: &mut Report) -> Result<()> {
        let last = self.size.cases.len().min(STORAGE.0 + 1) - 1;
        let name = format!("{}, parts of it", self.size.cases[last].name(self.backend));
        self.progress.step(1, format!("run: {name}"));
        let (posted, indexed) = storage::parts(self.database.url(), &crowds[last], self.size.time).await?;
        report.figure(&name, "messages posted, not indexed", "1/s", posted);
        report.figure(&name, "messages indexed, none posted", "1/s", indexed);
        Ok(())
    }

    async fn full_speed(
        &self,
        case: &Case,
        server: &Server,
        (chat, pairs): (&mut Chat, &[Pair]),
        report: &mut Report,
    ) -> Result<f64> {
        let (name, folder) = (case.name(self.backend), self.folder());
        let disk = Probe::begin(&folder)?;
        let (before, load) = (server.usage()?, usage::of_itself()?);
        let machine = usage::machine()?;
        let outcome = chat.run(Pace::FullSpeed, self.size.time).await?;
        let cpu = server.usage()?.cpu.saturating_sub(before.cpu);
        let load = usage::of_itself()?.saturating_sub(load);
        let busy = usage::machine()?.saturating_sub(machine);
        let debt = debt::of_chat(server, chat, pairs).await?;
        match case.aim {
            Some(times) => {
                let aim = Aim::at_least(times).times("raw");
                report.aimed(&name, "durable messages", "1/s", outcome.rate(), aim);
            }
            None => report.figure(&name, "durable messages", "1/s", outcome.rate()),
        }
        let each = |cpu: Duration| cpu.as_secs_f64() * 1e6 / outcome.acks.count().max(1) as f64;
        report.figure(&name, "server CPU per message", "µs", each(cpu));
        report.figure(&name, "CPU of the load per message", "µs", each(load));
        // With load and database: when all cores are busy, this is what limits the rate.
        report.figure(&name, "CPU of the whole machine per message", "µs", each(busy));
        report.figure(&name, "cores busy", "", busy.as_secs_f64() / outcome.took.as_secs_f64());
        note_delays(&name, &outcome, report);
        debt.note(&name, report);
        disk.end(&name, report)?;
        Ok(outcome.rate())
    }

    /// The open loop: half of the highest rate that a crowd has reached, by that crowd.
    async fn half_speed(
        &self,
        server: &Server,
        (most, case, pairs): (f64, &Case, &[Pair]),
        report: &mut Report,
    ) -> Result<()> {
        let (name, folder) = (format!("{}, half of the maximum rate", self.backend.name()), self.folder());
        self.progress.step(1, format!("run: {name}"));
        let mut chat = Chat::open(server.port(), pairs).await?;
        let disk = Probe::begin(&folder)?;
        let outcome = chat.run(Pace::Rate(most / 2.0), 2 * self.size.time).await?;
        report.figure(&name, "senders", "", case.senders as f64);
        report.figure(&name, "messages", "1/s", outcome.rate());
        note_delays(&name, &outcome, report);
        let sync = disk.end(&name, report)?.percentile_ms(0.99);
        let beyond = (outcome.deliveries.percentile_ms(0.99) - 2.0 * sync).max(0.0);
        report.aimed(&name, "delivered p99 beyond two syncs", "ms", beyond, Aim::at_most(10.0));
        Ok(())
    }

    async fn storage_alone(&self, crowds: &[Vec<Pair>], report: &mut Report) -> Result<()> {
        self.progress.step(crowds.len() as u64, "runs of storage alone");
        let (storage, folder) = (Alone::open(self.database.url()).await?, self.folder());
        for (number, (case, pairs)) in self.size.cases.iter().zip(crowds).enumerate() {
            let (name, disk) = (storage_alone(case), Probe::begin(&folder)?);
            let done = storage.post(pairs, self.size.time).await?;
            let newest = async |place: &Place<'_>| storage.newest_found(place).await;
            let debt = debt::wait(&done.places(pairs), newest).await?;
            if self.has_storage_alone(number) {
                let aim = Aim::at_least(STORAGE.1).times("raw");
                report.aimed(&name, "durable messages", "1/s", done.rate, aim);
            } else {
                report.figure(&name, "durable messages", "1/s", done.rate);
            }
            report.figure(&name, "ack p99", "ms", done.delays.percentile_ms(0.99));
            debt.note(&name, report);
            disk.end(&name, report)?;
            self.progress.one();
        }
        storage.close().await;
        Ok(())
    }

    /// On the disk that the database writes to: see [`Backend::folder`].
    fn folder(&self) -> PathBuf {
        self.backend.folder(self.work)
    }

    fn has_storage_alone(&self, case: usize) -> bool {
        self.backend == Backend::Postgres && case == STORAGE.0
    }
}

fn storage_alone(case: &Case) -> String {
    format!("{}, storage alone", case.name(Backend::Postgres))
}

fn note_delays(name: &str, outcome: &Outcome, report: &mut Report) {
    report.figure(name, "ack p50", "ms", outcome.acks.percentile_ms(0.5));
    report.figure(name, "ack p99", "ms", outcome.acks.percentile_ms(0.99));
    report.figure(name, "delivered p99", "ms", outcome.deliveries.percentile_ms(0.99));
    report.aimed(name, "lost or doubled", "", outcome.lost as f64, Aim::at_most(0.0));
    report.lost += outcome.lost;
}
