//! A server on a free port with a database of its own, and the people who use it.

pub(crate) mod bucket;
mod client;
pub(crate) mod files;
pub(crate) mod moody;
pub(crate) mod raw;
mod seat;
mod socket;

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use async_trait::async_trait;
use rony_core::{
    actor::{Actor, Trusted},
    blob::BlobStore,
    password::{HashError, PasswordHasher},
    permission::ServerRole,
    secret::Secret,
    time::ManualClock,
    user::NewUser,
};
use rony_server::{Server, ServerBuilder, config::Config};
use serde_json::json;
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};

pub(crate) use self::{
    client::{Answer, Client},
    seat::Seat,
    socket::Socket,
};

/// A running server. It ends with the test.
pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) address: SocketAddr,
    serving: Serving,
    folder: Arc<TempDir>,
}

impl World {
    /// A server as it comes.
    pub(crate) async fn start() -> Self {
        Self::with(|_| ()).await
    }

    /// A server that was configured.
    pub(crate) async fn with(configure: impl FnOnce(&mut Config)) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        Self::serve(Arc::new(folder), configure, Server::builder()).await
    }

    /// A server whose time obeys.
    pub(crate) async fn at(clock: Arc<ManualClock>) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        Self::serve(Arc::new(folder), |_| (), Server::builder().clock(clock)).await
    }

    /// A server that keeps the bytes of files there.
    pub(crate) async fn keeping(blobs: Arc<dyn BlobStore>) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        Self::serve(Arc::new(folder), |_| (), Server::builder().blobs(blobs)).await
    }

    /// Another server on the same database, which hears of this one by the database alone.
    pub(crate) async fn another_node(&self) -> Self {
        Self::serve(Arc::clone(&self.folder), |_| (), Server::builder()).await
    }

    async fn serve(
        folder: Arc<TempDir>,
        configure: impl FnOnce(&mut Config),
        builder: ServerBuilder,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it has an address");
        let mut config = Config::default();
        config.data = folder.path().to_owned();
        config.database_pool = 4;
        configure(&mut config);
        let builder = builder.config(config).port(address.port()).password_hasher(Arc::new(PlainHasher));
        let server = builder.build().await.expect("a server");
        let service = server.router().into_make_service_with_connect_info::<SocketAddr>();
        let serving = async move { axum::serve(listener, service).await.expect("it serves") };
        let serving = Serving(tokio::spawn(serving));
        Self { server, address, serving, folder }
    }

    /// Ends it in good order, as an operator does.
    pub(crate) async fn end(self) {
        let Self { server, serving, .. } = self;
        drop(serving);
        server.shutdown().await;
    }

    /// The file of its database.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("rony.db")
    }

    /// Somebody who is not signed in.
    pub(crate) fn anybody(&self) -> Client {
        Client::new(self.address, None)
    }

    /// A member, signed in.
    pub(crate) async fn person(&self, username: &str) -> Person {
        self.somebody(username, ServerRole::Member).await
    }

    /// An administrator, signed in.
    pub(crate) async fn administrator(&self, username: &str) -> Person {
        self.somebody(username, ServerRole::Administrator).await
    }

    async fn somebody(&self, username: &str, role: ServerRole) -> Person {
        let new = NewUser { role, ..NewUser::named(username.parse().expect("a username")) };
        let user = self.server.rony().users().create(&SYSTEM, new).await.expect("an account");
        let tokens =
            self.server.rony().sessions().create_for(&SYSTEM, &[user.id], "test").await.expect("a session");
        let client = Client::new(self.address, Some(tokens[0].reveal()));
        Person { id: user.id.to_string(), client }
    }

    /// A member with a password, who is not signed in anywhere.
    pub(crate) async fn account(&self, username: &str, password: &str) -> String {
        let username = username.parse().expect("a username");
        let new = NewUser { password: Some(password.into()), ..NewUser::named(username) };
        self.server.rony().users().create(&SYSTEM, new).await.expect("an account").id.to_string()
    }

    /// A bot; its id.
    pub(crate) async fn bot(&self, username: &str) -> String {
        let new = NewUser { bot: true, ..NewUser::named(username.parse().expect("a username")) };
        self.server.rony().users().create(&SYSTEM, new).await.expect("a bot").id.to_string()
    }

    /// A private group that `owner` starts with `others`; its id.
    pub(crate) async fn group(&self, owner: &Person, others: &[&Person]) -> String {
        let ids: Vec<_> = others.iter().map(|person| &person.id).collect();
        let new = json!({"client_id": uuid::Uuid::new_v4(), "kind": "group", "member_ids": ids, "title": "Friends"});
        let group = owner.client.post("conversations", new).await.ok();
        group["id"].as_str().expect("an id").to_owned()
    }
}

/// Listens as long as it is kept.
struct Serving(JoinHandle<()>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

const SYSTEM: Actor = Actor::trusted(Trusted::System);

/// Somebody who is signed in.
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) client: Client,
}

impl Person {
    /// The same person at another node.
    pub(crate) fn at(&self, node: &World) -> Self {
        let token = self.client.token().expect("is signed in").to_owned();
        Self { id: self.id.clone(), client: Client::new(node.address, Some(token)) }
    }
}

/// Hashes nothing: argon2 would take most of the time.
struct PlainHasher;

#[async_trait]
impl PasswordHasher for PlainHasher {
    async fn hash(&self, password: Secret) -> Result<String, HashError> {
        Ok(format!("plain:{}", password.reveal()))
    }

    async fn verify(&self, password: Secret, phc: Option<&str>) -> Result<bool, HashError> {
        Ok(phc.is_some_and(|phc| phc == format!("plain:{}", password.reveal())))
    }

    fn needs_rehash(&self, _: &str) -> bool {
        false
    }
}
