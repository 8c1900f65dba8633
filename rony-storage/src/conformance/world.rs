//! A small installation on the store under test: people, conversations, and a clock that obeys.

use std::sync::Arc;

use async_trait::async_trait;
use rony_core::{
    Rony, Settings, Store,
    actor::{Actor, Trusted},
    bus::{Bus, LocalBus},
    conversation::{History, NewConversation},
    id::{ClientId, ConversationId, UserId},
    member::AddPeople,
    password::{HashError, PasswordHasher},
    permission::{Role, ServerRole},
    secret::Secret,
    stream::StreamId,
    sync::SyncRequest,
    time::{Clock as _, ManualClock, Timestamp},
    user::NewUser,
};
use serde_json::Value;

use super::MemoryBlobs;

/// See the module's documentation.
pub struct World {
    /// The store under test.
    pub store: Arc<dyn Store>,
    /// The use cases on it.
    pub rony: Rony,
    /// Where the bytes of files are: in memory, and they fail when told to.
    pub blobs: Arc<MemoryBlobs>,
    /// Time, which stands at 2026-01-01T00:00:00Z until it is moved.
    pub clock: Arc<ManualClock>,
}

impl World {
    /// An installation on an empty store.
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self::on_bus(store, Arc::new(LocalBus::default()))
    }

    /// As [`World::new`], where the node tells others by this bus.
    #[must_use]
    pub fn on_bus(store: Arc<dyn Store>, bus: Arc<dyn Bus>) -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_millis(1_767_225_600_000)));
        let blobs = Arc::new(MemoryBlobs::new(Arc::clone(&clock)));
        let builder = Rony::builder(Arc::clone(&store), Arc::clone(&clock) as _, Arc::new(PlainHasher));
        let rony = builder.bus(bus).blobs(Arc::clone(&blobs) as _).build();
        Self { store, rony, blobs, clock }
    }

    /// Another node on the same database, which hears of this one through the database alone.
    #[must_use]
    pub fn another_node(&self) -> Rony {
        self.another_node_on(Arc::new(LocalBus::default()))
    }

    /// Another node on the same database, which hears of this one by the bus that both are on.
    #[must_use]
    pub fn another_node_on(&self, bus: Arc<dyn Bus>) -> Rony {
        let (store, clock) = (Arc::clone(&self.store), Arc::clone(&self.clock));
        let blobs = Arc::clone(&self.blobs);
        Rony::builder(store, clock, Arc::new(PlainHasher)).bus(bus).blobs(blobs).build()
    }

    /// Another node on the same database, whose operator decided otherwise.
    #[must_use]
    pub fn node_with(&self, settings: Settings) -> Rony {
        let (store, clock, blobs) =
            (Arc::clone(&self.store), Arc::clone(&self.clock), Arc::clone(&self.blobs));
        Rony::builder(store, clock, Arc::new(PlainHasher)).settings(settings).blobs(blobs).build()
    }

    /// A member of the server with this username and no password.
    ///
    /// # Panics
    ///
    /// When the account cannot be made; so for all helpers.
    pub async fn person(&self, username: &str) -> Person {
        self.account(username, ServerRole::Member).await
    }

    /// An administrator of the server with this username and no password.
    ///
    /// # Panics
    ///
    /// As [`World::person`].
    pub async fn administrator(&self, username: &str) -> Person {
        self.account(username, ServerRole::Administrator).await
    }

    async fn account(&self, username: &str, role: ServerRole) -> Person {
        let username = username.parse().expect("a username");
        let new = NewUser { role, ..NewUser::named(username) };
        let user = self.rony.users().create(&SYSTEM, new).await.expect("an account");
        Person { actor: Actor::trusted(Trusted::User(user.id, role)), id: user.id }
    }
}

impl World {
    /// A private group of these people, the first of whom owns it. Who is added later sees all of it.
    ///
    /// # Panics
    ///
    /// As [`World::person`].
    pub async fn group(&self, people: &[&Person]) -> ConversationId {
        let (owner, others) = people.split_first().expect("somebody owns a group");
        let others = others.iter().map(|person| person.id).collect();
        self.start(owner, NewConversation::group(self.client_id(), others)).await
    }

    /// As [`World::group`], where who is added later sees only what is written since.
    ///
    /// # Panics
    ///
    /// As [`World::person`].
    pub async fn group_since_join(&self, people: &[&Person]) -> ConversationId {
        let (owner, others) = people.split_first().expect("somebody owns a group");
        let others = others.iter().map(|person| person.id).collect();
        let new = NewConversation::group(self.client_id(), others);
        self.start(owner, NewConversation { history: History::SinceJoin, ..new }).await
    }

    /// `by` adds `person` to a group, as a member.
    ///
    /// # Panics
    ///
    /// When they may not.
    pub async fn add(&self, by: &Person, place: ConversationId, person: &Person) {
        let people = AddPeople { user_ids: vec![person.id], role: Role::Member };
        self.rony.members().add(&by.actor, place, people).await.expect("may be added");
    }

    /// The direct conversation of two people.
    ///
    /// # Panics
    ///
    /// As [`World::person`].
    pub async fn direct(&self, one: &Person, other: &Person) -> ConversationId {
        self.start(one, NewConversation::direct(self.client_id(), other.id)).await
    }

    /// A conversation that `person` starts.
    ///
    /// # Panics
    ///
    /// As [`World::person`].
    pub async fn start(&self, person: &Person, new: NewConversation) -> ConversationId {
        let created = self.rony.conversations().create(&person.actor, new).await;
        created.expect("a conversation").conversation.conversation.id
    }

    /// What happened in a stream so far, as `person` is told by `sync`; nothing when they do not read it.
    ///
    /// # Panics
    ///
    /// When they must load its snapshot.
    pub async fn events(&self, person: &Person, stream: impl Into<StreamId>) -> Vec<Value> {
        let id = stream.into();
        let mut events: Vec<Value> = Vec::new();
        loop {
            let last = events.last().map_or(0, |event| event["seq"].as_i64().expect("a number"));
            let request = SyncRequest { streams: [(id, last)].into(), ..SyncRequest::default() };
            let answer = self.rony.streams().sync(&person.actor, &request).await.expect("an answer");
            let Some(stream) = answer.streams.into_iter().next() else { return events };
            assert!(!stream.reset, "too far behind: {stream:?}");
            let read = stream.events.iter().map(|event| serde_json::from_str(event.get()).expect("JSON"));
            events.extend(read);
            if !stream.more {
                return events;
            }
        }
    }

    /// The events of `person`'s own stream whose type starts with `prefix` (`contact.`). An account's first event is that
    /// it joined General.
    ///
    /// # Panics
    ///
    /// As [`World::events`].
    pub async fn own_events(&self, person: &Person, prefix: &str) -> Vec<Value> {
        let mut events = self.events(person, person.id).await;
        events.retain(|event| event["type"].as_str().expect("a type").starts_with(prefix));
        events
    }

    /// The types of what [`World::events`] reads.
    ///
    /// # Panics
    ///
    /// As [`World::events`].
    pub async fn event_types(&self, person: &Person, stream: impl Into<StreamId>) -> Vec<String> {
        let events = self.events(person, stream).await;
        events.iter().map(|event| event["type"].as_str().expect("a type").to_owned()).collect()
    }

    /// An id as a client makes them.
    #[must_use]
    pub fn client_id(&self) -> ClientId {
        ClientId::new(self.clock.now())
    }
}

/// The server itself.
pub const SYSTEM: Actor = Actor::trusted(Trusted::System);

/// Somebody with an account.
#[derive(Clone, Debug)]
pub struct Person {
    /// They, with all scopes.
    pub actor: Actor,
    /// Their id.
    pub id: UserId,
}

/// Hashes nothing: what is tested here is the store, and argon2 would take most of the time. `old:` stands for a hash that
/// was made more cheaply than hashes are made now.
pub(super) struct PlainHasher;

#[async_trait]
impl PasswordHasher for PlainHasher {
    async fn hash(&self, password: Secret) -> Result<String, HashError> {
        Ok(format!("plain:{}", password.reveal()))
    }

    async fn verify(&self, password: Secret, phc: Option<&str>) -> Result<bool, HashError> {
        let kept = phc.and_then(|phc| phc.strip_prefix("plain:").or_else(|| phc.strip_prefix("old:")));
        Ok(kept == Some(password.reveal()))
    }

    fn needs_rehash(&self, phc: &str) -> bool {
        phc.starts_with("old:")
    }
}
