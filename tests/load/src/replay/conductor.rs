//! Posts the logs: each strictly in its own order, all of them side by side, and lets drops and the kill fall due on the way.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::replay::cast::Cast;
use crate::replay::drops::{Cut, Plan};
use crate::replay::expect::Expected;
use crate::replay::log::Log;
use crate::replay::member::Order;
use crate::replay::world::World;

/// The line to one member.
#[derive(Debug)]
pub(crate) struct Line {
    /// What it is to post.
    pub(crate) orders: mpsc::Sender<Order>,
    /// When it is to drop its connection.
    pub(crate) cuts: mpsc::UnboundedSender<Cut>,
}

/// One log on its way.
#[derive(Debug)]
pub(crate) struct Part {
    /// The conversation that it is played in.
    pub(crate) stream: Uuid,
    /// What must be seen of it.
    pub(crate) expected: Arc<Expected>,
    /// For each post, the person who says it.
    speakers: Vec<usize>,
    /// How many of its posts are acknowledged.
    done: AtomicUsize,
}

impl Part {
    /// A log of which nothing is posted yet; `persons` are its nicks' persons, `accounts` the accounts of all persons.
    pub(crate) fn new(stream: Uuid, log: &Log, persons: &[usize], accounts: &[Uuid]) -> Self {
        let senders: Vec<Uuid> = persons.iter().map(|person| accounts[*person]).collect();
        let speakers = log.posts.iter().map(|post| persons[post.nick]).collect();
        Self { stream, expected: Arc::new(Expected::new(log, &senders)), speakers, done: AtomicUsize::new(0) }
    }

    /// What its next line waits for, unless all are posted.
    pub(crate) fn waits_for(&self, cast: &Cast) -> Option<String> {
        let next = self.done.load(Relaxed);
        let (said, speaker) = (self.expected.posts().get(next)?, self.speakers.get(next)?);
        let (log, line, nick) = (&self.expected.name, said.line, &cast.nicks[*speaker]);
        Some(format!("{log} waits for the acknowledgement of line {line}, which {nick} posts"))
    }
}

/// Whoever lets everything happen in its order.
#[derive(Debug)]
pub(crate) struct Conductor {
    world: Arc<World>,
    lines: Vec<Line>,
    plan: Mutex<Plan>,
    kill: Mutex<Option<(u64, oneshot::Sender<()>)>>,
}

impl Conductor {
    /// `kill` is told once when so many posts are acknowledged.
    pub(crate) fn new(
        world: Arc<World>,
        lines: Vec<Line>,
        plan: Plan,
        kill: Option<(u64, oneshot::Sender<()>)>,
    ) -> Self {
        Self { world, lines, plan: Mutex::new(plan), kill: Mutex::new(kill) }
    }

    /// Posts one log and gives the number that each post got. It stops early when the replay is over.
    pub(crate) async fn play(&self, part: &Part) -> Vec<i64> {
        let mut numbers = Vec::with_capacity(part.speakers.len());
        for (index, speaker) in part.speakers.iter().enumerate() {
            let (done, answer) = oneshot::channel();
            let order = Order { stream: part.stream, index, done };
            if self.lines[*speaker].orders.send(order).await.is_err() {
                break;
            }
            let Ok(number) = answer.await else { break };
            numbers.push(number);
            part.done.store(numbers.len(), Relaxed);
            self.posted(self.world.board.posted.fetch_add(1, Relaxed) + 1);
        }
        numbers
    }

    /// Lets happen what falls due with so many posts.
    fn posted(&self, posted: u64) {
        for (person, cut) in self.plan.lock().unwrap_or_else(PoisonError::into_inner).due(posted) {
            // Told before it is sent, so that nobody can find more drops done than told.
            self.world.board.drops_told.fetch_add(1, Relaxed);
            let _ = self.lines[person].cuts.send(cut);
        }
        let mut kill = self.kill.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, kill)) = kill.take_if(|(after, _)| posted >= *after) {
            let _ = kill.send(());
        }
    }
}
