//! Facts about two nodes joined by a bus that drops, doubles, delays and reorders what it carries.

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
    message::Post,
    stream::{Seq, StreamId},
};
use serde_json::Value;
use tokio::time::timeout;

use super::{Case, Person, World};

/// How many messages each of the two nodes takes.
const POSTS: usize = 60;
/// How often time is moved on at most until everything has arrived.
const ROUNDS: usize = 2_000;

pub(super) fn cases() -> Vec<Case> {
    vec![Case {
        name: concat!(module_path!(), "::a_bus_that_loses_and_repeats_makes_a_node_slower_and_never_wrong"),
        run: |store| Box::pin(a_bus_that_loses_and_repeats_makes_a_node_slower_and_never_wrong(store)),
    }]
}

async fn a_bus_that_loses_and_repeats_makes_a_node_slower_and_never_wrong(store: Arc<dyn Store>) {
    let bus = Arc::new(FaultyBus::new(1));
    let world = World::on_bus(store, Arc::clone(&bus) as _);
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let place = world.group(&[&ann, &ben]).await;
    let other = world.another_node_on(Arc::clone(&bus) as _);
    let nodes = [&world.rony, &other].map(|node| {
        let node = node.clone();
        tokio::spawn(async move { node.run().await })
    });
    let (mut near, mut far) = (connect(&world.rony, &ann).await, connect(&other, &ben).await);
    let head = world.store.envelopes(place.into(), 0, 1_000).await.expect("the stream").len() as Seq;

    for number in 0..POSTS {
        world.say(&ann, place, &format!("here {number}")).await;
        let text = format!("there {number}");
        let post = Post {
            client_id: world.client_id(),
            text,
            reply_to: None,
            thread_id: None,
            attachments: Vec::new(),
        };
        other.messages().post(&ben.actor, place, post).await.expect("is posted");
    }
    let expected: Vec<Seq> = (head + 1..=head + 2 * POSTS as Seq).collect();
    for frames in [&mut near, &mut far] {
        assert_eq!(arrived(&world, frames, place, expected.len()).await, expected);
    }
    assert!(bus.lost() > 0, "the bus lost something");
    nodes.iter().for_each(tokio::task::JoinHandle::abort);
}

async fn connect(node: &Rony, person: &Person) -> Frames {
    node.streams().connect(&person.actor, None, 10).await.expect("may connect").frames
}

/// The numbers of a stream's events in the order in which they arrive, as soon as there are `count`; time passes meanwhile.
async fn arrived(world: &World, frames: &mut Frames, place: ConversationId, count: usize) -> Vec<Seq> {
    let (mut numbers, mut waiting) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        if timeout(Duration::from_millis(20), frames.next(&mut waiting, 100)).await.is_err() {
            world.clock.advance(Duration::from_millis(500));
        }
        for frame in waiting.drain(..) {
            let frame: Value = serde_json::from_slice(&frame).expect("JSON");
            if frame["stream"] == StreamId::from(place).to_string() {
                numbers.push(frame["event"]["seq"].as_i64().expect("a number"));
            }
        }
        if numbers.len() >= count {
            break;
        }
    }
    numbers
}

/// Drops, doubles and holds back by chance; what is held back comes later, in another order.
struct FaultyBus {
    bus: LocalBus,
    state: Mutex<State>,
}

struct State {
    random: StdRng,
    held: Vec<(NodeId, Signal)>,
    lost: usize,
}

impl FaultyBus {
    fn new(seed: u64) -> Self {
        let state = State { random: StdRng::seed_from_u64(seed), held: Vec::new(), lost: 0 };
        Self { bus: LocalBus::default(), state: Mutex::new(state) }
    }

    fn lost(&self) -> usize {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).lost
    }
}

impl Bus for FaultyBus {
    fn publish(&self, from: NodeId, signal: Signal) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match state.random.random_range(0..10) {
            0..3 => state.lost += 1,
            3..5 => {
                self.bus.publish(from, signal.clone());
                self.bus.publish(from, signal);
            }
            5..8 => state.held.push((from, signal)),
            _ => self.bus.publish(from, signal),
        }
        if !state.held.is_empty() && state.random.random_ratio(1, 3) {
            let which = state.held.len();
            let which = state.random.random_range(0..which);
            let (from, signal) = state.held.swap_remove(which);
            self.bus.publish(from, signal);
        }
    }

    fn listen(&self, node: NodeId) -> Box<dyn Listener> {
        self.bus.listen(node)
    }
}
