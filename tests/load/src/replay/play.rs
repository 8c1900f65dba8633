//! One replay from its first account to its last audit.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use anyhow::Result;
use rand::SeedableRng;
use rand::rngs::SmallRng;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use uuid::Uuid;

use crate::people::Account;
use crate::replay::accounts::{self, Population};
use crate::replay::audit::{Stored, audit};
use crate::replay::board::Phase;
use crate::replay::cast::Cast;
use crate::replay::conductor::{Conductor, Line, Part};
use crate::replay::drops::{self, Plan};
use crate::replay::log::Log;
use crate::replay::member::{Fate, Member};
use crate::replay::model::{Counts, Follower};
use crate::replay::report::Report;
use crate::replay::watcher::Watcher;
use crate::replay::world::World;
use crate::server::{Nodes, Setup};

/// How many orders wait for one member at most; each log gives one at a time.
const MAILBOX: usize = 8;

/// How many members are named that did not see everything.
const NAMED: usize = 10;

/// What is to be played, and how.
#[derive(Debug)]
pub(crate) struct Script<'a> {
    /// What is said.
    pub(crate) logs: &'a [Log],
    /// Who says it.
    pub(crate) cast: &'a Cast,
    /// How servers are started; their database is fresh.
    pub(crate) setup: Setup,
    /// Where all chance comes from.
    pub(crate) seed: u64,
    /// Whether clients drop their connections.
    pub(crate) disconnects: bool,
    /// How many servers.
    pub(crate) nodes: usize,
    /// After how many acknowledged posts the first server is killed.
    pub(crate) kill_after_acks: Option<u64>,
    /// How long all of it may take.
    pub(crate) timeout: Duration,
}

/// What a replay came to, and everything that was wrong with it, in words.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The numbers.
    pub(crate) report: Report,
    /// Empty when all is well.
    pub(crate) wrong: Vec<String>,
}

/// What is on its way while a replay runs.
struct Scene {
    world: Arc<World>,
    phase: watch::Sender<Phase>,
    parts: Vec<Arc<Part>>,
    members: Vec<JoinHandle<Fate>>,
    logs: Vec<JoinHandle<Vec<i64>>>,
    started: Instant,
}

impl Script<'_> {
    /// Plays it.
    ///
    /// # Errors
    /// When it cannot begin. What goes wrong later is part of the outcome.
    pub(crate) async fn play(&self) -> Result<Outcome> {
        let population = accounts::make(&self.setup.database, self.cast, self.logs).await?;
        let mut nodes = Nodes::start(self.setup.clone(), self.nodes).await?;
        let (phase, phases) = watch::channel(Phase::Playing);
        let world = Arc::new(World::new(nodes.ports(), self.disconnects, phases));
        let parts = self.parts(&population);
        let (kill, killed) = oneshot::channel();
        let started = Instant::now();
        let (members, lines) = self.enter(&world, &parts, &population);
        let plan =
            if self.disconnects { Plan::draw(self.seed, members.len(), self.posts()) } else { Plan::none() };
        let kill = self.kill_after_acks.map(|after| (after, kill));
        let conductor = Arc::new(Conductor::new(world.clone(), lines, plan, kill));
        let mut scene = Scene { world, phase, parts, members, logs: Vec::new(), started };

        let mut wrong = Vec::new();
        let killed = self.kill_after_acks.map(|_| killed);
        let watcher = Watcher::new(scene.world.clone(), &mut nodes, killed, self.timeout);
        if let Err(error) = self.perform(&mut scene, conductor, watcher).await {
            wrong.push(format!("{error:#}"));
            wrong.extend(scene.parts.iter().filter_map(|part| part.waits_for(self.cast)));
        }
        let report = self.close(scene, &population, &mut wrong).await;
        if let Err(error) = nodes.stop().await {
            wrong.push(format!("{error:#}"));
        }
        Ok(Outcome { report, wrong })
    }

    fn posts(&self) -> u64 {
        self.logs.iter().map(|log| log.posts.len() as u64).sum()
    }

    fn parts(&self, population: &Population) -> Vec<Arc<Part>> {
        let accounts: Vec<Uuid> = population.accounts.iter().map(|account| account.user).collect();
        let logs = self.logs.iter().zip(&self.cast.logs).zip(&population.conversations);
        logs.map(|((log, persons), stream)| Arc::new(Part::new(*stream, log, persons, &accounts))).collect()
    }

    /// Lets every member begin to connect.
    fn enter(
        &self,
        world: &Arc<World>,
        parts: &[Arc<Part>],
        population: &Population,
    ) -> (Vec<JoinHandle<Fate>>, Vec<Line>) {
        let mut follows: HashMap<usize, Vec<(Uuid, Arc<_>)>> = HashMap::new();
        for (part, persons) in parts.iter().zip(&self.cast.logs) {
            for person in persons {
                follows.entry(*person).or_default().push((part.stream, part.expected.clone()));
            }
        }
        let enter = |(person, account): (usize, &Account)| {
            let (orders, mailbox) = mpsc::channel(MAILBOX);
            let (cuts, drops) = mpsc::unbounded_channel();
            let name = (self.cast.nicks[person].clone(), account.token.clone());
            let follower = Follower::new(follows.remove(&person).unwrap_or_default());
            let rng = SmallRng::seed_from_u64(self.seed.wrapping_add(1 + person as u64));
            let member = Member::new(name, world.clone(), follower, rng, mailbox);
            (tokio::spawn(member.run(drops)), Line { orders, cuts })
        };
        population.accounts.iter().enumerate().map(enter).unzip()
    }

    /// Everybody connects, everything is posted, everybody has seen it.
    async fn perform(
        &self,
        scene: &mut Scene,
        conductor: Arc<Conductor>,
        mut watcher: Watcher<'_>,
    ) -> Result<()> {
        let world = scene.world.clone();
        let (posts, members) = (self.posts(), scene.members.len());
        let shown = world.clone();
        let _bar = AbortOnDrop(tokio::spawn(async move { shown.board.show(posts).await }));

        let ready = |board: &crate::replay::board::Board| board.ready.load(Relaxed) == members;
        watcher.until("all members are connected", ready).await?;
        scene.logs = scene
            .parts
            .iter()
            .cloned()
            .map(|part| {
                let conductor = conductor.clone();
                tokio::spawn(async move { conductor.play(&part).await })
            })
            .collect();
        watcher.until("all lines are posted", |board| board.posted.load(Relaxed) == posts).await?;
        let _ = scene.phase.send(Phase::Settling);
        // In this order: a drop unsettles its member before it counts as done.
        let seen = |board: &crate::replay::board::Board| {
            board.drops_done.load(Relaxed) == board.drops_told.load(Relaxed)
                && board.settled.load(Relaxed) == members
        };
        watcher.until("all members have seen everything", seen).await
    }

    /// Ends it as it stands, and counts.
    async fn close(&self, scene: Scene, population: &Population, wrong: &mut Vec<String>) -> Report {
        let seconds = (scene.started.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        let _ = scene.phase.send(Phase::Over);
        let mut fates = Vec::new();
        for member in scene.members {
            match member.await {
                Ok(fate) => fates.push(fate),
                Err(error) => wrong.push(format!("a member broke off: {error}")),
            }
        }
        let mut stored = Stored::default();
        for ((part, log), persons) in scene.parts.iter().zip(scene.logs).zip(&self.cast.logs) {
            let numbers = log.await.unwrap_or_default();
            let token = &population.accounts[persons[0]].token;
            match audit(&scene.world, part, &numbers, token).await {
                Ok(audited) => stored += audited,
                Err(error) => wrong.push(format!("{error:#}")),
            }
        }
        self.judge(&fates, wrong);
        let mut counts = Counts::default();
        fates.iter().for_each(|fate| counts += fate.counts);
        let board = &scene.world.board;
        let expected_deliveries = scene.parts.iter().map(|part| part.expected.deliveries()).sum();
        let report = Report {
            posted: board.posted.load(Relaxed),
            expected_deliveries,
            delivered: counts.delivered,
            lost: expected_deliveries.saturating_sub(counts.delivered) + stored.lost,
            duplicated: counts.duplicated + stored.counts.duplicated,
            out_of_order: counts.out_of_order + stored.counts.out_of_order,
            reconnects: board.reconnects.load(Relaxed),
            seconds,
        };
        wrong.extend(report.faults());
        report
    }

    /// Names members that did not see everything, or did not drop often enough.
    fn judge(&self, fates: &[Fate], wrong: &mut Vec<String>) {
        let unseen = fates.iter().flat_map(|fate| fate.missing.iter().map(move |missing| (fate, missing)));
        wrong.extend(unseen.take(NAMED).map(|(fate, missing)| {
            let trouble = fate.trouble.as_deref().unwrap_or("no trouble with its connection");
            let (name, posts, log, line) = (&fate.name, missing.posts, &missing.log, missing.first_line);
            format!("{name} misses {posts} of the posts of {log}, the first from line {line} ({trouble})")
        }));
        if self.disconnects {
            let few = fates.iter().filter(|fate| fate.drops < drops::LEAST);
            wrong.extend(
                few.take(NAMED)
                    .map(|fate| format!("{} dropped {} times, not {}", fate.name, fate.drops, drops::LEAST)),
            );
        }
    }
}

/// A task that ends with its owner.
struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
