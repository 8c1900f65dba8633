//! Two nodes joined by a bus that drops, doubles, delays and reorders what it carries: a fact of the suite, and
//! [`two_nodes`] for whoever wants to play it longer and by other chances.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use rony_core::{
    Rony, Store,
    bus::{Bus, Listener, LocalBus, Signal},
    hub::Frames,
    id::{ConversationId, NodeId},
    stream::{Seq, StreamId},
};
use serde_json::Value;
use tokio::time::timeout;

use super::{Case, Person, World, message::post};

/// How many messages each of the two nodes takes in a round: together far fewer than frames that may wait for a reader.
const POSTS: usize = 60;
/// How often time is moved on at most until everything of a round has arrived.
const STEPS: usize = 2_000;

/// A message as readers compare it: its number, and what it says.
pub type Said = (Seq, String);

/// What the bus did to the signals that it was given.
#[derive(Clone, Copy, Debug, Default)]
pub struct Damage {
    /// Signals that nobody got.
    pub dropped: u64,
    /// Signals that came twice.
    pub doubled: u64,
    /// Signals that came late, or not at all.
    pub held: u64,
}

/// What came of [`two_nodes`].
#[derive(Debug)]
pub struct Outcome {
    /// What the bus did.
    pub damage: Damage,
    /// The messages that were acknowledged, by their numbers.
    pub acknowledged: Vec<Said>,
    /// The messages that are stored, by their numbers.
    pub stored: Vec<Said>,
    /// The messages that arrived at a reader on each node, in the order in which they did.
    pub arrived: [Vec<Said>; 2],
}

pub(super) fn cases() -> Vec<Case> {
    vec![Case {
        name: concat!(module_path!(), "::a_bus_that_loses_and_repeats_makes_a_node_slower_and_never_wrong"),
        run: |store| Box::pin(a_bus_that_loses_and_repeats_makes_a_node_slower_and_never_wrong(store)),
    }]
}

async fn a_bus_that_loses_and_repeats_makes_a_node_slower_and_never_wrong(store: Arc<dyn Store>) {
    let Outcome { damage, acknowledged, stored, arrived } = two_nodes(store, 1, 2).await;
    assert_eq!(stored, acknowledged);
    for arrived in arrived {
        assert_eq!(arrived, acknowledged);
    }
    let Damage { dropped, doubled, held } = damage;
    assert!([dropped, doubled, held].iter().all(|count| *count > 0), "the bus did all of it: {damage:?}");
}

/// Lets two people post at once, each on a node of their own, while both nodes' readers follow; 120 messages a round. All that
/// the bus does by chance follows from `seed`.
///
/// # Panics
///
/// When a node refuses something.
pub async fn two_nodes(store: Arc<dyn Store>, seed: u64, rounds: usize) -> Outcome {
    let bus = Arc::new(FaultyBus::new(seed));
    let world = World::on_bus(store, Arc::clone(&bus) as _);
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let place = world.group(&[&ann, &ben]).await;
    let other = world.another_node_on(Arc::clone(&bus) as _);
    let nodes = [&world.rony, &other].map(|node| {
        let node = node.clone();
        tokio::spawn(async move { node.run().await })
    });
    let mut readers = [connect(&world.rony, &ann).await, connect(&other, &ben).await];
    let (mut acknowledged, mut arrived) = (Vec::new(), [Vec::new(), Vec::new()]);
    for round in 0..rounds {
        for number in 0..POSTS {
            let here = say(&world, &world.rony, &ann, place, format!("{round}: here {number}"));
            let there = say(&world, &other, &ben, place, format!("{round}: there {number}"));
            acknowledged.extend(<[Said; 2]>::from(tokio::join!(here, there)));
        }
        for (frames, arrived) in readers.iter_mut().zip(&mut arrived) {
            read(&world, frames, place, arrived, acknowledged.len()).await;
        }
    }
    nodes.iter().for_each(tokio::task::JoinHandle::abort);
    acknowledged.sort_unstable();
    let stored = world.events(&ann, place).await.iter().filter_map(posted).collect();
    Outcome { damage: bus.damage(), acknowledged, stored, arrived }
}

async fn say(world: &World, node: &Rony, person: &Person, place: ConversationId, text: String) -> Said {
    let post = post(world.client_id(), &text);
    let posted = node.messages().post(&person.actor, place, post).await.expect("is posted");
    (posted.message.seq, text)
}

async fn connect(node: &Rony, person: &Person) -> Frames {
    node.streams().connect(&person.actor, None, 10).await.expect("may connect").frames
}

/// Reads the messages of a conversation in the order in which they arrive, until there are `count`; time passes meanwhile.
async fn read(
    world: &World,
    frames: &mut Frames,
    place: ConversationId,
    arrived: &mut Vec<Said>,
    count: usize,
) {
    let mut waiting = Vec::new();
    for _ in 0..STEPS {
        if timeout(Duration::from_millis(20), frames.next(&mut waiting, 100)).await.is_err() {
            world.clock.advance(Duration::from_millis(500));
        }
        for frame in waiting.drain(..) {
            let frame: Value = serde_json::from_slice(&frame).expect("JSON");
            if frame["stream"] == StreamId::from(place).to_string() {
                arrived.extend(posted(&frame["event"]));
            }
        }
        if arrived.len() >= count {
            return;
        }
    }
}

/// The message that an event says was posted.
fn posted(event: &Value) -> Option<Said> {
    let text = event["message"]["text"].as_str().filter(|_| event["type"] == "message.posted")?;
    Some((event["seq"].as_i64().expect("a number"), text.to_owned()))
}

/// Drops, doubles and holds back by chance; what is held back comes later, in another order.
struct FaultyBus {
    bus: LocalBus,
    state: Mutex<State>,
}

struct State {
    random: StdRng,
    waiting: Vec<(NodeId, Signal)>,
    damage: Damage,
}

impl FaultyBus {
    fn new(seed: u64) -> Self {
        let (random, waiting) = (StdRng::seed_from_u64(seed), Vec::new());
        Self {
            bus: LocalBus::default(),
            state: Mutex::new(State { random, waiting, damage: Damage::default() }),
        }
    }

    fn damage(&self) -> Damage {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).damage
    }
}

impl Bus for FaultyBus {
    fn publish(&self, from: NodeId, signal: Signal) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match state.random.random_range(0..10) {
            0..3 => state.damage.dropped += 1,
            3..5 => {
                state.damage.doubled += 1;
                self.bus.publish(from, signal.clone());
                self.bus.publish(from, signal);
            }
            5..8 => {
                state.damage.held += 1;
                state.waiting.push((from, signal));
            }
            _ => self.bus.publish(from, signal),
        }
        if !state.waiting.is_empty() && state.random.random_ratio(1, 3) {
            let which = state.waiting.len();
            let which = state.random.random_range(0..which);
            let (from, signal) = state.waiting.swap_remove(which);
            self.bus.publish(from, signal);
        }
    }

    fn listen(&self, node: NodeId) -> Box<dyn Listener> {
        self.bus.listen(node)
    }
}
