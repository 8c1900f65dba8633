//! Everything put together: a router that also works inside another application, and the jobs beside it.

use std::{
    future::{pending, ready},
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, OriginalUri},
    http::{Extensions, HeaderMap, StatusCode, Version, header::ACCEPT_RANGES},
    middleware::{from_fn, from_fn_with_state},
    routing::get,
};
use rony_core::{
    Rony, Settings, Store,
    blob::BlobStore,
    bus::Bus,
    hub::Close,
    password::{Argon2Hasher, HashError, PasswordHasher},
    room::RoomCode,
    time::Clock,
};
use rony_rtc::ice::IceProvider;
use rony_storage::{OpenError, Options, SystemClock};
use rustix::fs::{Access, access};
use tokio::{sync::watch, task::JoinHandle};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, CompressionLevel, Predicate,
        predicate::{NotForContentType, SizeAbove},
    },
};

use crate::{
    app::{App, FileServing, Live},
    auth::Authenticator,
    blobs,
    calls::Calls,
    config::{Config, DatabaseUrl, Registration},
    content::Shelves,
    drain::Drain,
    error::{self, chain},
    extract::Json,
    gateway, health,
    health::Readiness,
    intake::Intake,
    lan::Hosts,
    meetings::Meetings,
    pages::{self, Link},
    preview::{self, Bell},
    routes,
    security::{self, Guard},
    telemetry, unread,
};

/// A Rony server inside this process: its routes, its use cases, and the jobs that keep it in step with its database.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let server = rony_server::Server::builder().build().await?;
/// let app = axum::Router::new().nest("/chat", server.router());
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
/// axum::serve(listener, app).await?;
/// server.shutdown().await;
/// # Ok(())
/// # }
/// ```
pub struct Server {
    app: App,
    guard: Arc<Guard>,
    readiness: Arc<Readiness>,
    jobs: JoinHandle<()>,
    /// Closed when the jobs have ended.
    working: watch::Receiver<()>,
}

/// Why a server could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The database.
    #[error("{source}.\n  Database:   {url}\n  What to do: {}", advice(url, source))]
    Open {
        /// Which; it is shown without its password.
        url: DatabaseUrl,
        /// What went wrong.
        source: OpenError,
    },
    /// The threads that hash passwords.
    #[error("the threads that check passwords could not be started: {0}")]
    Hasher(#[from] HashError),
    /// The folder for data.
    #[error(
        "The data folder {} cannot be used: {source}.\n  \
         What to do: give the user that runs Rony the right to write there, or choose another folder with --data.",
        folder.display()
    )]
    Data {
        /// Which.
        folder: std::path::PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder for the bytes of files.
    #[error(
        "The folder for files {} cannot be used: {source}.\n  \
         What to do: give the user that runs Rony the right to write there, or choose another folder with --files-path.",
        folder.display()
    )]
    Files {
        /// Which.
        folder: std::path::PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The object store for the bytes of files.
    #[error("The object store for files cannot be used: {}.\n  What to do: look at the settings files_s3_….", chain(.0))]
    ObjectStore(rony_core::Error),
}

fn advice(url: &DatabaseUrl, error: &OpenError) -> &'static str {
    match error {
        OpenError::Newer => "Start the newer Rony again, or go back to a backup from before the update.",
        _ => url.advice(),
    }
}

/// Puts a [`Server`] together. Everything has a default: SQLite in `./rony-data`, accounts of its own.
#[derive(Default)]
pub struct ServerBuilder {
    config: Config,
    port: Option<u16>,
    store: Option<Arc<dyn Store>>,
    bus: Option<Arc<dyn Bus>>,
    clock: Option<Arc<dyn Clock>>,
    hasher: Option<Arc<dyn PasswordHasher>>,
    authenticator: Option<Arc<dyn Authenticator>>,
    blobs: Option<Arc<dyn BlobStore>>,
    hosts: Hosts,
    ice: Option<Arc<dyn IceProvider>>,
}

impl ServerBuilder {
    /// What an operator would configure.
    #[must_use]
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// The port that people reach the server by, where the configuration's `public_url` does not say it.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// A store that is open already; the configuration's database is then not used. To share the pool of a host
    /// application, make one with [`rony_storage::SqlStore::with_pools`]; the tables are named `rony_*`.
    #[must_use]
    pub fn store(mut self, store: Arc<dyn Store>) -> Self {
        self.store = Some(store);
        self
    }

    /// Another bus than the one within this process.
    #[must_use]
    pub fn bus(mut self, bus: Arc<dyn Bus>) -> Self {
        self.bus = Some(bus);
        self
    }

    /// Another clock than the system's.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Another way to hash passwords than argon2id.
    #[must_use]
    pub fn password_hasher(mut self, hasher: Arc<dyn PasswordHasher>) -> Self {
        self.hasher = Some(hasher);
        self
    }

    /// Another way to know who sends a request than Rony's own sessions and tokens, which go on to work beside it.
    #[must_use]
    pub fn authenticator(mut self, authenticator: Arc<dyn Authenticator>) -> Self {
        self.authenticator = Some(authenticator);
        self
    }

    /// Another place for the bytes of files than the configured one.
    #[must_use]
    pub fn blobs(mut self, blobs: Arc<dyn BlobStore>) -> Self {
        self.blobs = Some(blobs);
        self
    }

    /// Hosts by which the server is reached beside those of the configuration, and which may change while it runs: the addresses and names of this
    /// machine on its networks. Pages that come from them by HTTPS are the server's own.
    #[must_use]
    pub fn hosts(mut self, hosts: Hosts) -> Self {
        self.hosts = hosts;
        self
    }

    /// Other servers by which the devices of a meeting find a way to each other than the configured ones, such as those of a
    /// [`Relay`](crate::relay::Relay).
    #[must_use]
    pub fn ice(mut self, ice: Arc<dyn IceProvider>) -> Self {
        self.ice = Some(ice);
        self
    }

    /// Opens the database, brings its tables to this version, and starts the jobs on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// When the database or the folder for files cannot be opened, or the hashing threads cannot be started.
    pub async fn build(self) -> Result<Server, BuildError> {
        let Self { config, port, store, bus, clock, hasher, authenticator, blobs, hosts, ice } = self;
        // A file has one server: what another process left behind nobody goes on with.
        let is_only_one = store.is_none() && !config.database_url().is_postgres();
        let store = match store {
            Some(store) => store,
            None => open_store(&config).await?,
        };
        let hasher = match hasher {
            Some(hasher) => hasher,
            None => Arc::new(Argon2Hasher::new()?),
        };
        let clock = clock.unwrap_or_else(|| Arc::new(SystemClock));
        let builder = Rony::builder(Arc::clone(&store), Arc::clone(&clock), hasher);
        let alone = bus.is_none();
        let shelves = match blobs {
            Some(blobs) => Shelves { blobs, disk: None },
            None => blobs::open(&config, config.files.store)?,
        };
        let builder = builder.settings(settings(&config, alone)).blobs(Arc::clone(&shelves.blobs));
        let rony = match bus {
            Some(bus) => builder.bus(bus).build(),
            None => builder.build(),
        };
        if is_only_one && let Err(error) = rony.calls().abandon().await {
            // Their leases end.
            tracing::warn!(%error, "the calls of the server before could not be ended yet");
        }
        let port = port.unwrap_or_else(|| config.first_port());
        let (guard, drain) = (Arc::new(Guard::new(&config, port).with_own(hosts)), Drain::new());
        let (at_work, working) = watch::channel(());
        let bell = Bell::default();
        let jobs = tokio::spawn({
            let (rony, blobs, bell) = (rony.clone(), Arc::clone(&shelves.blobs), bell.clone());
            let draining = drain.clone();
            async move {
                // Dropped with the task, in whatever way that ends.
                let _at_work = at_work;
                tokio::select! {
                    () = rony.run() => {}
                    () = preview::run(rony.clone(), blobs, bell) => {}
                    () = close_sockets(&rony, &draining) => {}
                }
            }
        });
        let readiness = Readiness::new(drain.clone())
            .check("database", move || {
                let store = Arc::clone(&store);
                async move { store.since().await.map(|_| ()) }
            })
            .check("background work", {
                let working = working.clone();
                move || ready(working.has_changed().map(|_| ()))
            });
        let origin = blobs::origin(&*shelves.blobs).await;
        let files = FileServing { shelves, intake: Intake::default(), bell, origin };
        let address = config.public_url_on(port);
        let link = Box::new(move |code: RoomCode| Link::Meet.to(&address, &code.to_string()));
        let ice = ice.unwrap_or_else(|| config.rtc.ice());
        let meetings = Meetings::new(rony.clone(), Arc::clone(&clock), ice, link);
        let calls = Calls::new(rony.clone(), clock, meetings.clone());
        let live = Live { meetings, calls };
        let app = App::new(rony, config, port, drain, authenticator, files, live);
        Ok(Server { app, guard, readiness: Arc::new(readiness), jobs, working })
    }
}

/// Tells all sockets to come back when the server drains; one that comes afterwards looks by itself.
async fn close_sockets(rony: &Rony, drain: &Drain) {
    drain.started().await;
    rony.hub().close_where(Close::Draining, |_| true);
    pending::<()>().await;
}

pub(crate) async fn open_store(config: &Config) -> Result<Arc<dyn Store>, BuildError> {
    make_folder(config)?;
    let mut options = Options::default();
    options.pool = config.database_pool;
    let url = config.database_url();
    let opened = rony_storage::open_with(url.expose(), &options).await;
    opened.map_err(|source| BuildError::Open { url, source })
}

/// Makes the folder for data, for its owner's eyes only, where the database is to lie in it.
pub(crate) fn make_folder(config: &Config) -> Result<(), BuildError> {
    if config.database.is_some() {
        return Ok(());
    }
    let folder = &config.data;
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let made = if folder.is_file() {
        Err(std::io::Error::new(std::io::ErrorKind::NotADirectory, "it is a file"))
    } else {
        builder.create(folder)
    };
    // SQLite would only say that it cannot open the file.
    let writable = made.and_then(|()| Ok(access(folder, Access::WRITE_OK | Access::EXEC_OK)?));
    writable.map_err(|source| BuildError::Data { folder: folder.clone(), source })
}

fn settings(config: &Config, alone: bool) -> Settings {
    let mut settings = Settings::default();
    settings.open_registration = config.registration == Registration::Open;
    settings.session_idle = config.session_idle;
    settings.session_lifetime = config.session_absolute;
    settings.files.quota = config.files.quota;
    settings.files.largest = Some(config.files.largest);
    settings.files.versions_kept = config.files.versions_kept;
    settings.files.trash_days = config.files.trash_days;
    if alone && config.database_url().is_postgres() {
        // Other nodes are found through the database alone.
        settings.poll = Duration::from_millis(250);
    }
    settings
}

impl Server {
    /// Begins to put a server together.
    #[must_use]
    pub fn builder() -> ServerBuilder {
        ServerBuilder::default()
    }

    /// All use cases, as the routes have them.
    #[must_use]
    pub fn rony(&self) -> &Rony {
        self.app.rony()
    }

    /// The switch that ends it.
    #[must_use]
    pub fn drain(&self) -> &Drain {
        self.app.drain()
    }

    /// The routes: the API under `/api/v1`, its description, and health. Serve it with the peer's address
    /// (`into_make_service_with_connect_info::<SocketAddr>()`), or limits by address cannot tell people apart.
    pub fn router(&self) -> Router {
        let (api, mut description) = routes::router().split_for_parts();
        let (slow, of_slow) = routes::slow().split_for_parts();
        description.merge(of_slow);
        let description = Arc::new(routes::describe(description));
        // The gateway lasts as long as its socket and an upload as long as it needs, so the time limit of requests is not for them.
        let limit = self.app.config().request_timeout;
        let api = api
            .route(
                "/openapi.json",
                get(async move |OriginalUri(address): OriginalUri| {
                    Json(routes::described_at(&description, address.path()))
                }),
            )
            .layer(from_fn(move |request, next| error::time_out(limit, request, next)))
            .merge(slow)
            .route("/gateway", get(gateway::upgrade))
            .fallback(error::no_route)
            .with_state(self.app.clone());
        let guard = &self.guard;
        let guarded = Router::new()
            .nest("/api/v1", api)
            .merge(pages::routes(self.app.files().origin.as_deref(), self.app.clone()))
            .fallback(error::no_route)
            .layer(from_fn_with_state(Arc::clone(guard), security::check_origin))
            .layer(from_fn_with_state(Arc::clone(guard), security::check_host))
            .layer(from_fn(security::explain_plain_http));
        // Whoever watches over servers addresses them by numbers, so health does not ask by which name it was called.
        guarded
            .merge(health::routes(Arc::clone(&self.readiness)))
            .layer(from_fn(error::problems_only))
            .layer(DefaultBodyLimit::max(self.app.config().max_body))
            .layer(CatchPanicLayer::custom(error::from_panic))
            .layer(from_fn(unread::read_to_the_end))
            .layer(compression())
            .layer(from_fn(security::set_headers))
            .layer(from_fn_with_state(Arc::clone(guard), security::identify_client))
            .layer(from_fn(telemetry::observe))
    }

    /// Resolves when the jobs have ended although nobody asked them to, which is a bug: sessions that were revoked stay connected and
    /// news of other nodes is late. Shut down, and start again.
    pub async fn failed(&self) {
        let mut working = self.working.clone();
        while working.changed().await.is_ok() {}
    }

    /// Ends in good order: sockets are told to reconnect elsewhere, and the jobs stop. What was acknowledged is on disk.
    pub async fn shutdown(self) {
        self.say_goodbye().await;
        self.app.calls().close().await;
        self.app.meetings().close().await;
        self.jobs.abort();
        let _ = self.jobs.await;
    }

    /// Tells all sockets that the server is about to stop, and waits a little for them to go.
    async fn say_goodbye(&self) {
        self.drain().start();
        // The job that does it may be what has failed.
        self.rony().hub().close_where(Close::Draining, |_| true);
        // Whoever does not go by then is cut with the process.
        let _ = tokio::time::timeout(self.app.config().shutdown_grace, self.drain().released()).await;
    }
}

/// Fast rather than small, for what does not fit into one packet (1400 bytes) and is not compressed already. People's files go out as they
/// are: they have a length, and parts that are asked for by where they begin.
fn compression() -> CompressionLayer<impl Predicate> {
    let is_no_file =
        |_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions| !headers.contains_key(ACCEPT_RANGES);
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(1400).and(NotForContentType::IMAGES).and(is_no_file))
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};
    use rony_core::{id::UserId, time::Clock as _};
    use tower::ServiceExt;

    use super::*;

    async fn readiness(server: &Server) -> u16 {
        let request = Request::get("/health/ready").body(Body::empty()).expect("a request");
        server.router().oneshot(request).await.expect("a router never fails").status().as_u16()
    }

    #[tokio::test]
    async fn a_server_whose_jobs_have_ended_says_that_it_is_not_well() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = Config { data: folder.path().to_owned(), ..Config::default() };
        let server = Server::builder().config(config).build().await.expect("a server");
        assert_eq!(readiness(&server).await, 200);
        server.jobs.abort();
        server.failed().await;
        assert_eq!(readiness(&server).await, 503);
    }

    #[tokio::test]
    async fn a_server_whose_jobs_have_ended_tells_its_sockets_to_come_back_all_the_same() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = Config { data: folder.path().to_owned(), ..Config::default() };
        let server = Server::builder().config(config).build().await.expect("a server");
        let (link, _frames) = server.rony().hub().connect(UserId::new(SystemClock.now()), None);
        server.jobs.abort();
        server.failed().await;
        server.shutdown().await;
        assert_eq!(link.closed(), Some(Close::Draining));
    }
}
