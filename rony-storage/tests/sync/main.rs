//! A client whose gateway frames are dropped, doubled and delayed by chance, and whose connection breaks, against a model of
//! what was said: what it knows is always a beginning of that, and all of it once it has come back and asked.

mod client;

use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use rony_core::{
    id::{ConversationId, MessageId},
    message::Post,
    stream::Since,
};
use rony_storage::{
    Options,
    conformance::{Person, World},
    open_with,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use self::client::{Client, Fate};

/// How many conversations the client follows.
const PLACES: usize = 2;

prop_state_machine! {
    #![proptest_config(configuration())]

    #[test]
    fn a_client_knows_a_beginning_of_what_was_said_and_in_the_end_all_of_it(sequential 1..60 => Talk);
}

/// As many cases as `PROPTEST_CASES` says, which `cargo xtask fault sync` sets; else a few, since each has a database of its own.
fn configuration() -> ProptestConfig {
    let asked = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { asked.cases } else { 40 };
    ProptestConfig { cases, ..asked }
}

/// Something that happens.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Somebody says something in this conversation.
    Post(usize),
    /// Somebody reacts to the newest message there, which is an event without a message.
    React(usize),
    /// The next frame comes from the server, and this becomes of it.
    Frame(Fate),
    /// The oldest frame that was held back arrives.
    Late,
    /// A heartbeat arrives.
    Beat,
    /// The client asks for what it knows to be missing.
    Sync,
    /// The connection breaks.
    Disconnect,
    /// The client connects again.
    Connect,
}

/// The model: what was said in each conversation, in order.
#[derive(Clone, Debug, Default)]
struct Said {
    places: [Vec<String>; PLACES],
    connected: bool,
}

struct Model;

impl ReferenceStateMachine for Model {
    type State = Said;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Said> {
        Just(Said::default()).boxed()
    }

    fn transitions(_: &Said) -> BoxedStrategy<Step> {
        let fate = prop_oneof![
            4 => Just(Fate::Arrives), 1 => Just(Fate::IsDropped), 1 => Just(Fate::IsDoubled), 1 => Just(Fate::IsLate),
        ];
        prop_oneof![
            6 => (0..PLACES).prop_map(Step::Post),
            1 => (0..PLACES).prop_map(Step::React),
            6 => fate.prop_map(Step::Frame),
            2 => Just(Step::Late),
            2 => Just(Step::Beat),
            2 => Just(Step::Sync),
            1 => Just(Step::Disconnect),
            3 => Just(Step::Connect),
        ]
        .boxed()
    }

    fn apply(mut said: Said, step: &Step) -> Said {
        match step {
            Step::Post(place) => {
                let text = format!("{place}: {}", said.places[*place].len());
                said.places[*place].push(text);
            }
            Step::Connect => said.connected = true,
            Step::Disconnect => said.connected = false,
            _ => {}
        }
        said
    }

    fn preconditions(said: &Said, step: &Step) -> bool {
        match step {
            Step::React(place) => !said.places[*place].is_empty(),
            Step::Frame(_) | Step::Late | Step::Beat | Step::Sync | Step::Disconnect => said.connected,
            Step::Connect => !said.connected,
            Step::Post(_) => true,
        }
    }
}

/// The real thing: a node on a database, somebody who talks, and the client.
struct Talk {
    runtime: Runtime,
    world: World,
    ann: Person,
    places: Vec<Place>,
    client: Client,
    polled: Since,
    _folder: TempDir,
}

/// A conversation, its newest message, and whether somebody has reacted to that.
struct Place {
    id: ConversationId,
    newest: Option<MessageId>,
    reacted: bool,
}

impl StateMachineTest for Talk {
    type SystemUnderTest = Self;
    type Reference = Model;

    fn init_test(_: &Said) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let (runtime, folder) = (runtime.expect("a runtime"), TempDir::new().expect("a folder"));
        let url = format!("sqlite:{}", folder.path().join("rony.db").display());
        let (world, ann, ben, places, polled) = runtime.block_on(async {
            let world = World::new(open_with(&url, &Options::default()).await.expect("opens"));
            let (ann, ben) = (world.person("ann").await, world.person("ben").await);
            let mut places = Vec::new();
            for _ in 0..PLACES {
                places.push(world.group(&[&ann, &ben]).await);
            }
            let polled = world.store.since().await.expect("a moment");
            world.rony.hub().caught_up(polled);
            (world, ann, ben, places, polled)
        });
        let client = Client::new(ben, places.clone());
        let places = places.into_iter().map(|id| Place { id, newest: None, reacted: false }).collect();
        Self { runtime, world, ann, places, client, polled, _folder: folder }
    }

    fn apply(mut talk: Self, said: &Said, step: Step) -> Self {
        talk.step(said, step);
        talk
    }

    fn check_invariants(talk: &Self, said: &Said) {
        for (known, said) in talk.client.known().zip(&said.places) {
            assert!(said.starts_with(known), "{known:?} is no beginning of {said:?}");
        }
    }

    fn teardown(mut talk: Self, said: Said) {
        talk.client.disconnect(&talk.world);
        talk.runtime.block_on(async {
            talk.client.connect(&talk.world).await;
            talk.client.sync(&talk.world).await;
        });
        assert!(talk.client.known().eq(said.places.iter().map(Vec::as_slice)), "the client knows all");
    }
}

impl Talk {
    fn step(&mut self, said: &Said, step: Step) {
        let (world, client) = (&self.world, &mut self.client);
        match step {
            Step::Post(place) => {
                let text = said.places[place].last().expect("the model has said it").clone();
                let post = Post {
                    client_id: world.client_id(),
                    text,
                    reply_to: None,
                    thread_id: None,
                    attachments: Vec::new(),
                };
                let place = &mut self.places[place];
                let messages = world.rony.messages();
                let posted = self.runtime.block_on(messages.post(&self.ann.actor, place.id, post));
                let posted = posted.expect("is posted");
                (place.newest, place.reacted) = (Some(posted.message.id), false);
            }
            Step::React(place) => {
                let place = &mut self.places[place];
                self.runtime.block_on(react(world, &self.ann, place));
            }
            Step::Frame(fate) => client.frame(fate),
            Step::Late => client.late(),
            Step::Beat => {
                let polled = self.runtime.block_on(world.rony.catch_up().all(self.polled));
                self.polled = polled.expect("the database answers");
                client.beat(world);
            }
            Step::Sync => self.runtime.block_on(client.sync(world)),
            Step::Disconnect => client.disconnect(world),
            Step::Connect => self.runtime.block_on(client.connect(world)),
        }
    }
}

/// Reacts to the newest message of a conversation, or takes that back.
async fn react(world: &World, ann: &Person, place: &mut Place) {
    let (reactions, emoji) = (world.rony.reactions(), "👍".to_owned());
    let newest = place.newest.expect("the model has said something");
    let done = match place.reacted {
        false => reactions.add(&ann.actor, place.id, newest, emoji).await,
        true => reactions.remove(&ann.actor, place.id, newest, emoji).await,
    };
    done.expect("may react");
    place.reacted = !place.reacted;
}
