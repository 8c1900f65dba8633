//! Makes people and the conversations that they share: in this process, through the domain, before any server runs.

use std::sync::Arc;

use anyhow::{Context, Result};
use rony_core::actor::{Actor, Scope, Trusted};
use rony_core::conversation::NewConversation;
use rony_core::id::{ClientId, UserId};
use rony_core::permission::ServerRole;
use rony_core::session::NewToken;
use rony_core::time::{Clock, Timestamp};
use rony_core::user::NewUser;
use rony_core::username::Username;
use rony_core::{Rony, Store};
use rony_storage::{Options, SystemClock};
use uuid::Uuid;

use crate::people::use_cases;

/// Who there is, and where they meet.
#[derive(Clone, Debug)]
pub(crate) struct People {
    /// For each person what opens the API and the gateway.
    pub(crate) tokens: Vec<String>,
    /// Conversations that all of them are in.
    pub(crate) places: Vec<Uuid>,
    /// A token of the first person that lasts for an hour by the clock of this process.
    pub(crate) short_token: String,
}

impl People {
    /// Makes `people` accounts and `places` conversations in the database at `url`, which gets its tables by that.
    ///
    /// # Errors
    /// When the database or the domain refuses.
    pub(crate) async fn make(url: &str, people: usize, places: usize) -> Result<Self> {
        let options = Options::default();
        if url.starts_with("sqlite:") {
            let store = rony_storage::open_sqlite(url, &options).await?;
            let made = fill(Arc::new(store.clone()), people, places).await;
            store.close().await;
            return made;
        }
        let store = rony_storage::open_postgres(url, &options).await?;
        let made = fill(Arc::new(store.clone()), people, places).await;
        store.close().await;
        made
    }
}

async fn fill(store: Arc<dyn Store>, people: usize, places: usize) -> Result<People> {
    let rony = use_cases(store)?;
    let (mut ids, mut tokens) = (Vec::new(), Vec::new());
    for number in 0..people {
        let (id, token) = enroll(&rony, number).await.context("an account could not be made")?;
        ids.push(id);
        tokens.push(token);
    }
    let mut made = Vec::new();
    for _ in 0..places {
        made.push(meet(&rony, &ids).await.context("a conversation could not be started")?);
    }
    let hour = SystemClock.now().as_millis() + 3_600_000;
    let short_token = token(&rony, ids[0], Some(Timestamp::from_millis(hour))).await?;
    Ok(People { tokens, places: made, short_token })
}

async fn enroll(rony: &Rony, number: usize) -> Result<(UserId, String)> {
    let new = NewUser::named(Username::parse(&format!("u{number}"))?);
    let user = rony.users().create(&Actor::trusted(Trusted::System), new).await?;
    Ok((user.id, token(rony, user.id, None).await?))
}

async fn token(rony: &Rony, user: UserId, expires_at: Option<Timestamp>) -> Result<String> {
    let person = Actor::trusted(Trusted::User(user, ServerRole::Member));
    let wish = NewToken { name: "rony-fault".into(), scopes: vec![Scope::Read, Scope::Write], expires_at };
    Ok(rony.sessions().make_token(&person, wish).await?.token.reveal())
}

async fn meet(rony: &Rony, everybody: &[UserId]) -> Result<Uuid> {
    let (founder, members) = everybody.split_first().context("nobody is there")?;
    let new = NewConversation::group(ClientId(Uuid::new_v4()), members.to_vec());
    let actor = Actor::trusted(Trusted::User(*founder, ServerRole::Member));
    Ok(rony.conversations().create(&actor, new).await?.conversation.conversation.id.uuid())
}
