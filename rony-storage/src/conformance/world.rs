//! A small installation on the store under test: people, conversations, and a clock that obeys.

use std::sync::Arc;

use async_trait::async_trait;
use rony_core::{
    Rony, Store,
    actor::{Actor, Trusted},
    id::UserId,
    password::{HashError, PasswordHasher},
    permission::ServerRole,
    secret::Secret,
    stream::StreamId,
    sync::SyncRequest,
    time::{ManualClock, Timestamp},
    user::NewUser,
};
use serde_json::Value;

/// See the module's documentation.
pub struct World {
    /// The store under test.
    pub store: Arc<dyn Store>,
    /// The use cases on it.
    pub rony: Rony,
    /// Time, which stands at 2026-01-01T00:00:00Z until it is moved.
    pub clock: Arc<ManualClock>,
}

impl World {
    /// An installation on an empty store.
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_millis(1_767_225_600_000)));
        let rony = Rony::builder(Arc::clone(&store), Arc::clone(&clock) as _, Arc::new(PlainHasher)).build();
        Self { store, rony, clock }
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

    /// What happened in a stream so far, as `person` is told by `sync`.
    pub async fn events(&self, person: &Person, stream: impl Into<StreamId>) -> Vec<Value> {
        let streams = [(stream.into(), 0)].into();
        let request = SyncRequest { streams, ..SyncRequest::default() };
        let answer = self.rony.streams().sync(&person.actor, &request).await.expect("syncs");
        let events = answer.streams.first().map(|stream| stream.events.as_slice()).unwrap_or_default();
        events.iter().map(|event| serde_json::from_str(event.get()).expect("JSON")).collect()
    }

    async fn account(&self, username: &str, role: ServerRole) -> Person {
        let username = username.parse().expect("a username");
        let new = NewUser { role, ..NewUser::named(username) };
        let user = self.rony.users().create(&SYSTEM, new).await.expect("an account");
        Person { actor: Actor::trusted(Trusted::User(user.id, role)), id: user.id }
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
