//! `rony-load fanout`: one conversation, everybody connected, messages at a fixed pace. What a delivery costs the server,
//! and how late it comes.
//!
//! The pace is an open loop, a delay counts from when its message was due, and every member must get every message once
//! and in order. Beside it stand the floor and nginx with nchan, which move as many bytes but keep nothing: an
//! acknowledged message of Rony is on disk.

mod tally;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::time::{Instant, sleep};

use self::tally::{Heard, Tally};
use crate::bench::crowd::Crowd;
use crate::bench::disk::Probe;
use crate::bench::hall::Hall;
use crate::bench::progress::Progress;
use crate::bench::report::{Aim, Report};
use crate::bench::schedule::Schedule;
use crate::bench::{GRACE, Options, catalogue, usage};
use crate::os;
use crate::work::Work;

/// Bytes of a message's text.
const TEXT: usize = 200;

/// Files that a process has open beside its connections.
const OTHER_FILES: u64 = 500;

/// How long everything may take to be ready.
const PATIENCE: Duration = Duration::from_secs(60);

/// Messages before the first one that counts, one after the other: they fill caches, and show that all are there.
const WARM_UP: u64 = 20;

/// So many people, and what is said to them.
struct Crowding {
    members: usize,
    /// Messages a second, and for how long.
    paces: &'static [(f64, Duration)],
}

const FULL: [Crowding; 2] = [
    Crowding {
        members: 1_000,
        paces: &[
            (10.0, Duration::from_secs(8)),
            (25.0, Duration::from_secs(8)),
            (40.0, Duration::from_secs(8)),
        ],
    },
    Crowding { members: 5_000, paces: &[(1.0, Duration::from_secs(30))] },
];

const QUICK: [Crowding; 2] = [
    Crowding { members: 200, paces: &[(10.0, Duration::from_secs(2)), (40.0, Duration::from_secs(2))] },
    Crowding { members: 1_000, paces: &[(1.0, Duration::from_secs(2))] },
];

/// Runs the subcommand.
///
/// # Errors
/// When it cannot be measured; what was lost is part of the answer.
pub async fn run(options: &Options) -> Result<ExitCode> {
    let crowdings = options.pick(FULL, QUICK);
    let most = crowdings.iter().map(|crowding| crowding.members).max().unwrap_or_default();
    os::allow_open_files(most as u64 + OTHER_FILES)?;
    crate::bench::run(&catalogue::FANOUT, options, async |work, report| {
        measure(&options.against, &crowdings, work, report).await
    })
    .await
}

async fn measure(subject: &str, crowdings: &[Crowding], work: &Work, report: &mut Report) -> Result<()> {
    let progress = Progress::new("fanout", subject);
    let members: Vec<usize> = crowdings.iter().map(|crowding| crowding.members).collect();
    let most = members.iter().copied().max().unwrap_or_default();
    let mut hall = Hall::open(subject, work, (most, &members), &progress).await?;
    hall.in_words().await.into_iter().for_each(|words| report.beside(words));
    // Only Rony waits for the disk, once a message.
    let disk = (subject == "rony").then(|| Probe::begin(work.path())).transpose()?;
    for (conversation, crowding) in crowdings.iter().enumerate() {
        let tally = Arc::new(Tally::new(crowding.members));
        let doors = hall.doors(crowding.members)?;
        let crowd = Crowd::open(doors, hall.greeting(), &tally, &progress).await?;
        let mut stage = Stage { hall: &mut hall, crowd, tally, conversation, said: 0, progress: &progress };
        stage.warm_up().await?;
        for (rate, lasts) in crowding.paces {
            stage.pace(*rate, *lasts, report).await?;
        }
    }
    if let Some(disk) = disk {
        disk.end("all", report)?;
    }
    hall.stop().await
}

/// A crowd that listens.
struct Stage<'a> {
    hall: &'a mut Hall,
    crowd: Crowd,
    tally: Arc<Tally>,
    conversation: usize,
    /// The number of the last message.
    said: u64,
    progress: &'a Progress,
}

impl Stage<'_> {
    async fn warm_up(&mut self) -> Result<()> {
        if self.hall.greeting().is_some() {
            self.until("everybody is greeted", |tally| tally.greeted() == tally.members()).await?;
        }
        for _ in 0..WARM_UP {
            self.say()?;
            let (said, members) = (self.said, self.tally.members());
            self.until("everybody hears the first messages", |tally| tally.heard() == said * members).await?;
        }
        Ok(())
    }

    /// Says the next message.
    fn say(&mut self) -> Result<()> {
        self.said += 1;
        let mut text = tally::mark(self.said);
        text.extend("words that are said to everybody ".chars().cycle().take(TEXT - text.len()));
        self.crowd.say(self.hall.speech(self.conversation, &text)?);
        Ok(())
    }

    /// Says messages at a pace, and notes what that was like.
    async fn pace(&mut self, rate: f64, lasts: Duration, report: &mut Report) -> Result<()> {
        let members = self.tally.members();
        let schedule = Schedule::new(Instant::now() + Duration::from_millis(100), rate, lasts);
        self.progress.step(schedule.count(), format!("messages at {rate} a second, to {members} people"));
        let (before, load_before, heard) = (self.hall.usage()?, usage::of_itself()?, self.tally.heard());
        self.tally.begin(self.said + 1, schedule);
        for index in 0..schedule.count() {
            schedule.wait(index).await;
            self.say()?;
            self.progress.one();
        }
        let expected = heard + schedule.count() * members;
        // What does not come is reported as missed.
        let deadline = Instant::now() + GRACE;
        while self.tally.heard() < expected && Instant::now() < deadline {
            sleep(Duration::from_millis(5)).await;
        }
        self.crowd.check()?;
        self.hall.check()?;
        let (after, load_after) = (self.hall.usage()?, usage::of_itself()?);
        let took = schedule.due(0).elapsed().as_secs_f64();

        let case = format!("{members} people, {rate} messages/s");
        let deliveries = (self.tally.heard() - heard).max(1) as f64;
        let Heard { delays, firsts, wrong } = self.tally.end();
        let missed = expected.saturating_sub(self.tally.heard());
        ensure!(delays.count() > 0, "nothing was delivered");
        let each = (after.cpu.saturating_sub(before.cpu)).as_secs_f64() * 1e6 / deliveries;
        report.aimed(&case, "server CPU per delivery", "µs", each, Aim::at_most(1.3).times("floor"));
        report.aimed(&case, "p99", "ms", delays.percentile_ms(0.99), Aim::at_most(1.0).times("nchan"));
        report.figure(&case, "p50", "ms", delays.percentile_ms(0.5));
        report.figure(&case, "p50 of the first to have it", "ms", firsts.percentile_ms(0.5));
        report.figure(&case, "p99 of the first to have it", "ms", firsts.percentile_ms(0.99));
        report.figure(&case, "max", "ms", delays.max_ms());
        report.aimed(&case, "missed", "", missed as f64, Aim::at_most(0.0));
        report.figure(&case, "bytes of a frame", "", self.tally.bytes() as f64);
        let load = load_after.saturating_sub(load_before).as_secs_f64() / took;
        report.figure(&case, "core of the load busy", "%", load * 100.0);
        report.lost += missed + wrong;
        Ok(())
    }

    async fn until(&mut self, what: &str, reached: impl Fn(&Tally) -> bool) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while !reached(&self.tally) {
            self.crowd.check()?;
            self.hall.check()?;
            ensure!(
                Instant::now() < deadline,
                "it takes more than {PATIENCE:?} until {what}: {}",
                self.tally
            );
            sleep(Duration::from_millis(2)).await;
        }
        Ok(())
    }
}
