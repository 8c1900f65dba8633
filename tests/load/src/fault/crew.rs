//! All clients of a run, and the judgement at its end: what was acknowledged is stored, each post exactly once, numbers have
//! no hole, and what each client knows is what is stored.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use anyhow::{Context, Result};
use rony_core::sync::FURTHEST;
use serde::Serialize;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::fault::client::{Client, Habits, Phase, World};
use crate::fault::live::read_messages;
use crate::fault::people::People;
use crate::fault::view::{Post, posted};
use crate::wire::{SyncAnswer, SyncRequest};

/// How long clients may take to connect at the beginning.
const CONNECT: Duration = Duration::from_secs(60);

/// How long it may take after a fault until nothing waits for an answer, and everybody has seen everything.
const SETTLE: Duration = Duration::from_secs(90);

/// The clients of a run.
#[derive(Debug)]
pub(crate) struct Crew {
    /// What they share.
    pub(crate) world: Arc<World>,
    phase: watch::Sender<Phase>,
    clients: Vec<JoinHandle<Client>>,
    tokens: Vec<String>,
}

/// What came out, in the order in which it is printed.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Findings {
    /// Posts that were acknowledged.
    pub(crate) acknowledged: u64,
    /// Posts that are stored.
    pub(crate) stored: u64,
    /// Acknowledged posts that are not stored as they were acknowledged.
    pub(crate) lost: u64,
    /// Posts that are stored more than once.
    pub(crate) doubled: u64,
    /// Numbers without an event or a message.
    pub(crate) holes: u64,
    /// Clients that know something else than what is stored.
    pub(crate) differing: u64,
    /// Frames and answers that break a rule of the protocol.
    pub(crate) faults: u64,
    /// Posts that the server refused for the moment.
    pub(crate) put_off: u64,
    /// Connections after a client's first.
    pub(crate) reconnects: u64,
}

impl Crew {
    /// Lets clients for the first people connect, all that are `named`; those below `posters` post.
    pub(crate) fn enter(
        (port, people): (u16, &People),
        named: usize,
        posters: usize,
        habits: Habits,
        seed: u64,
    ) -> Self {
        let world = Arc::new(World::new(port, people, habits));
        let (phase, _) = watch::channel(Phase::Quiet);
        let mut crew = Self { world, phase, clients: Vec::new(), tokens: people.tokens.clone() };
        for number in 0..named {
            let mut client = crew.client(number, seed);
            client.posts = number < posters;
            crew.join(client);
        }
        crew
    }

    /// A client of the person with this number, who is not there yet.
    pub(crate) fn client(&self, number: usize, seed: u64) -> Client {
        let token = self.tokens[number].clone();
        Client::new(number, token, self.world.clone(), self.phase.subscribe(), seed)
    }

    /// One more client.
    pub(crate) fn join(&mut self, client: Client) {
        self.clients.push(tokio::spawn(client.run()));
    }

    /// What the clients do from now on.
    pub(crate) fn phase(&self, phase: Phase) {
        self.phase.send_replace(phase);
    }

    /// Waits until all are connected.
    ///
    /// # Errors
    /// When that takes too long.
    pub(crate) async fn connected(&self) -> Result<Duration> {
        let all = self.clients.len();
        let connected = |board: &crate::fault::board::Board| board.connected.load(Relaxed) >= all;
        self.world.board.until("all clients are connected", CONNECT, connected).await
    }

    /// Waits until `more` posts are acknowledged than now.
    ///
    /// # Errors
    /// When that takes longer than `limit`.
    pub(crate) async fn acknowledged(&self, more: u64, limit: Duration) -> Result<Duration> {
        let goal = self.world.board.acknowledged.load(Relaxed) + more;
        let what = "posts are acknowledged again";
        self.world.board.until(what, limit, |board| board.acknowledged.load(Relaxed) >= goal).await
    }

    /// Ends the posting, and waits until nothing waits for an answer and everybody has seen everything. Compares then what
    /// was acknowledged, what is stored, and what each client knows.
    ///
    /// # Errors
    /// When it cannot be compared, or does not come to rest.
    pub(crate) async fn judge(self, wrong: &mut Vec<String>) -> Result<(Findings, Vec<Client>)> {
        let board = &self.world.board;
        self.phase(Phase::Quiet);
        board.until("every post is answered", SETTLE, |board| board.waiting.load(Relaxed) == 0).await?;
        let mut stored = HashMap::new();
        for place in &self.world.places {
            let read = Stored::read(&self.world, &self.tokens[0], *place).await;
            stored.insert(*place, read.context("what is stored cannot be read")?);
        }
        self.phase(Phase::Reach(Arc::new(stored.iter().map(|(id, stored)| (*id, stored.head)).collect())));
        let all = self.clients.len();
        let seen = |board: &crate::fault::board::Board| board.settled.load(Relaxed) == all;
        board.until("everybody has seen everything", SETTLE, seen).await?;
        self.phase(Phase::Over);

        let mut findings = Findings {
            put_off: board.put_off.load(Relaxed),
            reconnects: board.reconnects.load(Relaxed),
            ..Findings::default()
        };
        let mut clients = Vec::new();
        for client in self.clients {
            let client = client.await.context("a client broke off")?;
            findings.compare(&client, &stored, wrong);
            clients.push(client);
        }
        for stored in stored.values() {
            findings.count(stored, wrong);
        }
        Ok((findings, clients))
    }
}

/// What is stored of one conversation.
#[derive(Debug)]
struct Stored {
    head: i64,
    posts: BTreeMap<i64, Post>,
    holes: u64,
}

impl Stored {
    /// Reads it twice, as messages and as events, which are two ways through the server.
    async fn read(world: &World, token: &str, place: Uuid) -> Result<Self> {
        let messages = read_messages(world, token, place, 0).await?;
        // Numbers among messages are 1, 2, 3 …
        let ordinals = (1..).zip(&messages).filter(|(expected, (_, ordinal, _))| expected != ordinal);
        let mut holes = ordinals.count() as u64;
        let posts: BTreeMap<i64, Post> = messages.into_iter().map(|(seq, _, post)| (seq, post)).collect();
        let newest = posts.keys().next_back().copied().unwrap_or_default();
        // Of older events nobody is told any more: what each client was told of them is compared with the messages.
        let (head, _) = read_events(world, token, place, newest).await?;
        let from = (head - FURTHEST).max(0);
        let (_, events) = read_events(world, token, place, from).await?;
        holes += (from + 1..).zip(&events).filter(|(expected, (seq, _))| expected != seq).count() as u64;
        let as_events = events.into_iter().filter_map(|(seq, post)| Some((seq, post?)));
        anyhow::ensure!(
            as_events.eq(posts.range(from + 1..).map(|(seq, post)| (*seq, post.clone()))),
            "conversation {place} has other messages than events"
        );
        Ok(Self { head, posts, holes })
    }
}

/// The head of a stream, and its events after `after`.
async fn read_events(
    world: &World,
    token: &str,
    place: Uuid,
    mut after: i64,
) -> Result<(i64, Vec<(i64, Option<Post>)>)> {
    let mut all = Vec::new();
    loop {
        let request = SyncRequest { streams: HashMap::from([(place, after)]) };
        let body = world.http.post(&world.url("/sync"), token, &request).await?;
        let answer: SyncAnswer<'_> = serde_json::from_slice(&body).context("sync is not as documented")?;
        let stream = answer.streams.first().context("sync does not know the conversation")?;
        anyhow::ensure!(!stream.reset, "sync says `reset` after {after} of {}", stream.head);
        all.extend(stream.events.iter().map(|event| (event.seq, posted(event))));
        match stream.events.last() {
            Some(event) if event.seq > after => after = event.seq,
            _ => return Ok((stream.head, all)),
        }
    }
}

impl Findings {
    /// Whether nothing is wrong.
    pub(crate) fn is_good(&self) -> bool {
        [self.lost, self.doubled, self.holes, self.differing, self.faults] == [0; 5]
    }

    fn compare(&mut self, client: &Client, stored: &HashMap<Uuid, Stored>, wrong: &mut Vec<String>) {
        self.acknowledged += client.acknowledged.len() as u64;
        for told in &client.acknowledged {
            let kept = stored[&told.place].posts.get(&told.seq);
            if !kept.is_some_and(|kept| kept.client_id == told.client_id && *kept.text == *told.text) {
                self.lost += 1;
                wrong.push(format!("{} of {} was acknowledged as {}", told.client_id, told.place, told.seq));
            }
        }
        let same = |(id, stored): (&Uuid, &Stored)| client.view.posts(*id) == Some(&stored.posts);
        // A conversation in which nothing was said is known without a message.
        let quiet = |(id, stored): &(&Uuid, &Stored)| {
            !(stored.posts.is_empty() && client.view.posts(**id).is_none_or(BTreeMap::is_empty))
        };
        if !stored.iter().filter(quiet).all(same) {
            self.differing += 1;
            wrong.push(format!("client {} knows something else than what is stored", client.number));
        }
        let (faults, first) = client.view.faults();
        self.faults += faults;
        wrong.extend(first.map(|first| format!("client {}: {first}", client.number)));
    }

    fn count(&mut self, stored: &Stored, wrong: &mut Vec<String>) {
        self.stored += stored.posts.len() as u64;
        self.holes += stored.holes;
        if stored.holes > 0 {
            wrong.push(format!("{} holes in the numbers of a conversation", stored.holes));
        }
        let distinct: HashSet<_> = stored.posts.values().map(|post| (post.sender, post.client_id)).collect();
        let doubled = (stored.posts.len() - distinct.len()) as u64;
        self.doubled += doubled;
        if doubled > 0 {
            wrong.push(format!("{doubled} posts are stored more than once"));
        }
    }
}
