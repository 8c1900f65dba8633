//! Makes everybody's account, token and conversations: in this process, through the domain, before any server runs. Some
//! thousand sign-ins would measure only how slow passwords are made to be.

use std::sync::Arc;

use anyhow::{Context, Result};
use rony_core::actor::{Actor, Scope, Trusted};
use rony_core::conversation::{MOST_MEMBERS, NewConversation};
use rony_core::id::{ClientId, UserId};
use rony_core::password::Argon2Hasher;
use rony_core::permission::ServerRole;
use rony_core::session::NewToken;
use rony_core::user::NewUser;
use rony_core::username::{DisplayName, Username};
use rony_core::{Rony, Store};
use rony_storage::{Options, SystemClock};
use uuid::Uuid;

use crate::replay::cast::Cast;
use crate::replay::log::Log;

/// Everybody, and where they meet.
#[derive(Debug)]
pub(crate) struct Population {
    /// One account for each person of the cast.
    pub(crate) accounts: Vec<Account>,
    /// One conversation for each log.
    pub(crate) conversations: Vec<Uuid>,
}

/// One person's account.
#[derive(Debug)]
pub(crate) struct Account {
    /// Its id.
    pub(crate) user: Uuid,
    /// Opens the API and the gateway.
    pub(crate) token: String,
}

/// Makes them in the database at `url`, which gets its tables by that.
///
/// # Errors
/// When the database or the domain refuses.
pub(crate) async fn make(url: &str, cast: &Cast, logs: &[Log]) -> Result<Population> {
    let options = Options::default();
    if url.starts_with("sqlite:") {
        let store = rony_storage::open_sqlite(url, &options).await?;
        let made = fill(Arc::new(store.clone()), cast, logs).await;
        store.close().await;
        return made;
    }
    let store = rony_storage::open_postgres(url, &options).await?;
    let made = fill(Arc::new(store.clone()), cast, logs).await;
    store.close().await;
    made
}

async fn fill(store: Arc<dyn Store>, cast: &Cast, logs: &[Log]) -> Result<Population> {
    let hasher = Argon2Hasher::new().context("passwords cannot be hashed")?;
    let rony = Rony::builder(store, Arc::new(SystemClock), Arc::new(hasher)).build();
    let mut accounts = Vec::with_capacity(cast.nicks.len());
    for (number, nick) in cast.nicks.iter().enumerate() {
        let account = enroll(&rony, number, nick).await;
        accounts.push(account.with_context(|| format!("no account could be made for {nick}"))?);
    }
    let mut conversations = Vec::with_capacity(logs.len());
    for (log, persons) in logs.iter().zip(&cast.logs) {
        let members = persons.iter().map(|person| UserId(accounts[*person].user)).collect();
        let started = meet(&rony, &log.name, members).await;
        conversations
            .push(started.with_context(|| format!("no conversation could be started for {}", log.name))?);
    }
    Ok(Population { accounts, conversations })
}

/// An account with a nick as its display name, and a token for it.
async fn enroll(rony: &Rony, number: usize, nick: &str) -> Result<Account> {
    let mut new = NewUser::named(Username::parse(&format!("u{number}"))?);
    // IRC knows nicks that are no display names here; then the username stands for them.
    new.display_name = DisplayName::parse(nick).ok();
    let user = rony.users().create(&Actor::trusted(Trusted::System), new).await?;
    let person = Actor::trusted(Trusted::User(user.id, ServerRole::Member));
    let token =
        NewToken { name: "rony-load".into(), scopes: vec![Scope::Read, Scope::Write], expires_at: None };
    let made = rony.sessions().make_token(&person, token).await?;
    Ok(Account { user: user.id.uuid(), token: made.token.reveal() })
}

/// A group of all `members`; the first of them starts it.
async fn meet(rony: &Rony, title: &str, mut members: Vec<UserId>) -> Result<Uuid> {
    let founder = members.remove(0);
    anyhow::ensure!(members.len() <= MOST_MEMBERS, "a log may have {MOST_MEMBERS} nicks, this one has more");
    let mut new = NewConversation::group(ClientId(Uuid::new_v4()), members);
    new.title = title.chars().take(100).collect();
    let actor = Actor::trusted(Trusted::User(founder, ServerRole::Member));
    Ok(rony.conversations().create(&actor, new).await?.conversation.conversation.id.uuid())
}
