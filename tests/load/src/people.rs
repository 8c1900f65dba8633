//! Makes accounts, tokens and conversations: in this process, through the domain, before any server runs. Some thousand
//! sign-ins would measure only how slow passwords are made to be.

use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use rony_core::actor::{Actor, Scope, Trusted};
use rony_core::conversation::{MOST_MEMBERS, NewConversation};
use rony_core::id::{ClientId, UserId};
use rony_core::message::Post;
use rony_core::password::Argon2Hasher;
use rony_core::permission::ServerRole;
use rony_core::session::NewToken;
use rony_core::user::NewUser;
use rony_core::username::{DisplayName, Username};
use rony_core::{Rony, Store};
use rony_storage::{SqlStore, SystemClock};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use uuid::Uuid;

/// One person's account.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// Its id.
    pub(crate) user: Uuid,
    /// Opens the API and the gateway.
    pub(crate) token: String,
}

/// Lets `fill` work on the database at `url` by the use cases, without a server; the database gets its tables by that.
///
/// Nothing is synced to disk meanwhile: a database that is lost before its server starts is made again.
///
/// # Errors
/// When the database cannot be opened, or what `fill` says.
pub(crate) async fn fill<T>(url: &str, fill: impl AsyncFnOnce(&Rony) -> Result<T>) -> Result<T> {
    if url.starts_with("sqlite:") {
        let connect = SqliteConnectOptions::from_str(url)
            .context("not a URL of SQLite")?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Off)
            .statement_cache_capacity(400);
        let write = SqlitePoolOptions::new().max_connections(1).connect_with(connect.clone()).await?;
        let read = SqlitePoolOptions::new().max_connections(2).connect_with(connect).await?;
        let store = SqlStore::with_pools(read, write, true).await?;
        let filled = with(Arc::new(store.clone()), fill).await;
        store.close().await;
        return filled;
    }
    let connect = PgConnectOptions::from_str(url).context("not a URL of PostgreSQL")?;
    let connect = connect.options([("synchronous_commit", "off")]);
    let pool = PgPoolOptions::new().max_connections(4).connect_with(connect).await?;
    let store = SqlStore::with_pools(pool.clone(), pool, true).await?;
    let filled = with(Arc::new(store.clone()), fill).await;
    store.close().await;
    filled
}

async fn with<T>(store: Arc<dyn Store>, fill: impl AsyncFnOnce(&Rony) -> Result<T>) -> Result<T> {
    fill(&use_cases(store)?).await
}

/// The use cases on `store`, as a server has them.
///
/// # Errors
/// When passwords cannot be hashed.
pub(crate) fn use_cases(store: Arc<dyn Store>) -> Result<Rony> {
    let hasher = Argon2Hasher::new().context("passwords cannot be hashed")?;
    Ok(Rony::builder(store, Arc::new(SystemClock), Arc::new(hasher)).build())
}

/// The member of the server with this id.
pub(crate) const fn member(user: Uuid) -> Actor {
    Actor::trusted(Trusted::User(UserId(user), ServerRole::Member))
}

/// A message that says nothing but `text`.
pub(crate) fn message(text: String) -> Post {
    let client_id = ClientId(Uuid::new_v4());
    Post { client_id, text, reply_to: None, thread_id: None, attachments: Vec::new() }
}

/// The account number `number` with a token for it; `nick` becomes its display name where it can be one.
///
/// # Errors
/// When the database or the domain refuses.
pub(crate) async fn enroll(rony: &Rony, number: usize, nick: &str) -> Result<Account> {
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
///
/// # Errors
/// When there are too many, or the database or the domain refuses.
pub(crate) async fn meet(rony: &Rony, title: &str, members: &[Uuid]) -> Result<Uuid> {
    let (founder, others) = members.split_first().context("nobody meets")?;
    ensure!(others.len() <= MOST_MEMBERS, "a conversation starts with at most {MOST_MEMBERS} others");
    let others = others.iter().copied().map(UserId).collect();
    let mut new = NewConversation::group(ClientId(Uuid::new_v4()), others);
    new.title = title.chars().take(100).collect();
    Ok(rony.conversations().create(&member(*founder), new).await?.conversation.conversation.id.uuid())
}
