//! All use cases of an installation under one roof.

use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use crate::{
    Store,
    account::Accounts,
    audit::Audit,
    blob::BlobStore,
    bus::{Bus, LocalBus, Signal},
    call::Calls,
    contact::Contacts,
    conversation::Conversations,
    draft::Drafts,
    file::{Files, Limits},
    hub::Hub,
    id::NodeId,
    invite::Invites,
    meeting::Meetings,
    member::Members,
    message::Messages,
    notification::Notifications,
    password::PasswordHasher,
    pin::Pins,
    presence::{self, Presence},
    projection::Projections,
    reaction::Reactions,
    read::{Reads, Receipts},
    room::Rooms,
    search::Searches,
    server::Server,
    session::{self, Links, Sessions},
    share::Shares,
    snapshot::Snapshots,
    stream::{Announce, Envelope},
    sync::{CatchUp, Streams},
    time::{Clock, Timestamp},
    upload::{self, Uploads},
    user::{Profiles, Users},
};

/// All use cases of an installation, and the hub of this node. Cheap to clone; every method takes `&self`.
///
/// Each noun has an accessor ([`Rony::messages`], …) that hands out its use cases.
#[derive(Clone)]
pub struct Rony {
    inner: Arc<Inner>,
}

struct Inner {
    node: NodeId,
    started_at: Timestamp,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    hasher: Arc<dyn PasswordHasher>,
    bus: Arc<dyn Bus>,
    blobs: Option<Arc<dyn BlobStore>>,
    hub: Arc<Hub>,
    receipts: Mutex<Receipts>,
    settings: Settings,
    sessions: session::State,
    presence: presence::Live,
    uploads: upload::State,
    mail: Notify,
}

/// What an operator decides about an installation. Defaults are the documented ones.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// Anybody may make an account without an invitation. Default: no.
    pub open_registration: bool,
    /// A session that is not used for so long ends. Default: 30 days.
    pub session_idle: std::time::Duration,
    /// A session ends so long after the sign-in, however much it is used. Default: 180 days.
    pub session_lifetime: std::time::Duration,
    /// How often the database is asked what moved. Default: 2 s, which heals what a bus lost; 250 ms suits several nodes
    /// on one database without a bus.
    pub poll: std::time::Duration,
    /// What concerns files.
    pub files: FileSettings,
}

/// What an operator decides about files. Defaults are the documented ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileSettings {
    /// The most bytes of a person's drive; `None`: no limit. Default: 10 GiB.
    pub quota: Option<i64>,
    /// The most bytes of one file; `None`: as much as the drive has room for. Default: none.
    pub largest: Option<i64>,
    /// How many replaced versions of a file are kept. Default: 10.
    pub versions_kept: u32,
    /// Days after which what is in the trash is deleted for good. Default: 30.
    pub trash_days: u32,
}

impl FileSettings {
    /// What of it a store needs to know for a change.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits { quota: self.quota, versions_kept: self.versions_kept.into() }
    }
}

impl Default for FileSettings {
    fn default() -> Self {
        Self { quota: Some(10 << 30), largest: None, versions_kept: 10, trash_days: 30 }
    }
}

impl Default for Settings {
    fn default() -> Self {
        const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);
        Self {
            open_registration: false,
            session_idle: 30 * DAY,
            session_lifetime: 180 * DAY,
            poll: std::time::Duration::from_secs(2),
            files: FileSettings::default(),
        }
    }
}

/// Puts an installation together. A store, a clock and a hasher are needed; the rest has defaults.
pub struct RonyBuilder {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    hasher: Arc<dyn PasswordHasher>,
    bus: Arc<dyn Bus>,
    blobs: Option<Arc<dyn BlobStore>>,
    settings: Settings,
}

impl RonyBuilder {
    /// Where the bytes of files are kept. Without it nothing can be uploaded.
    #[must_use]
    pub fn blobs(mut self, blobs: Arc<dyn BlobStore>) -> Self {
        self.blobs = Some(blobs);
        self
    }

    /// Another bus than the one within this process.
    #[must_use]
    pub fn bus(mut self, bus: Arc<dyn Bus>) -> Self {
        self.bus = bus;
        self
    }

    /// What the operator decided.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Starts listening to what the store commits. Live events flow from now on; [`Rony::run`] does the rest.
    #[must_use]
    pub fn build(self) -> Rony {
        let Self { store, clock, hasher, bus, blobs, settings } = self;
        let started_at = clock.now();
        let (node, hub) = (NodeId::new(started_at), Arc::new(Hub::default()));
        store.announce_to(Arc::new(Announcer { node, hub: Arc::clone(&hub), bus: Arc::clone(&bus) }));
        let (sessions, presence, receipts, uploads) = Default::default();
        Rony {
            inner: Arc::new(Inner {
                node,
                started_at,
                store,
                clock,
                hasher,
                bus,
                blobs,
                hub,
                receipts,
                settings,
                sessions,
                presence,
                uploads,
                mail: Notify::new(),
            }),
        }
    }
}

/// From a commit to the sockets of this node and, by the bus, of the others.
struct Announcer {
    node: NodeId,
    hub: Arc<Hub>,
    bus: Arc<dyn Bus>,
}

impl Announce for Announcer {
    fn announce(&self, envelopes: &[Arc<Envelope>]) {
        for envelope in envelopes {
            self.hub.deliver(envelope);
            self.bus.publish(self.node, Signal::Event(Arc::clone(envelope)));
        }
    }
}

impl Rony {
    /// Begins to put an installation together.
    pub fn builder(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        hasher: Arc<dyn PasswordHasher>,
    ) -> RonyBuilder {
        RonyBuilder {
            store,
            clock,
            hasher,
            bus: Arc::new(LocalBus::default()),
            blobs: None,
            settings: Settings::default(),
        }
    }

    /// This process's name among the nodes of the installation.
    #[must_use]
    pub fn node(&self) -> NodeId {
        self.inner.node
    }

    /// The sockets of this node.
    #[must_use]
    pub fn hub(&self) -> &Arc<Hub> {
        &self.inner.hub
    }

    /// What the operator decided.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// The use cases of streams: connecting a socket, and catching up.
    #[must_use]
    pub fn streams(&self) -> Streams<'_> {
        Streams { store: self.store(), streams: self.store(), sessions: self.sessions(), hub: self.hub() }
    }

    /// What keeps this node's hub in step with the database.
    #[must_use]
    pub fn catch_up(&self) -> CatchUp<'_> {
        CatchUp { store: self.store(), streams: self.store(), hub: self.hub() }
    }

    /// The use cases of users.
    #[must_use]
    pub fn users(&self) -> Users<'_> {
        Users { store: self.store(), hasher: self.hasher(), clock: self.clock() }
    }

    /// The use cases of people's own profiles.
    #[must_use]
    pub fn profiles(&self) -> Profiles<'_> {
        Profiles { store: self.store(), clock: self.clock() }
    }

    /// The use cases of sessions: signing in, being recognised, signing out.
    #[must_use]
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions {
            store: self.store(),
            sign_ins: self.store(),
            users: self.store(),
            audit: self.store(),
            hasher: self.hasher(),
            clock: self.clock(),
            hub: self.hub(),
            settings: self.settings(),
            state: &self.inner.sessions,
        }
    }

    /// The use cases of invites.
    #[must_use]
    pub fn invites(&self) -> Invites<'_> {
        Invites { store: self.store(), links: self.links(), clock: self.clock() }
    }

    /// The use cases of accounts.
    #[must_use]
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts {
            store: self.store(),
            users: self.store(),
            invites: self.store(),
            limits: self.store(),
            links: self.links(),
            sessions: self.sessions(),
            hasher: self.hasher(),
            clock: self.clock(),
            settings: self.settings(),
        }
    }

    /// The use cases of the audit log.
    #[must_use]
    pub fn audit(&self) -> Audit<'_> {
        Audit { store: self.store() }
    }

    /// The use cases of the installation as a whole.
    #[must_use]
    pub fn server(&self) -> Server<'_> {
        Server {
            store: self.store(),
            clock: self.clock(),
            settings: self.settings(),
            started_at: self.inner.started_at,
        }
    }

    /// The use cases of contacts.
    #[must_use]
    pub fn contacts(&self) -> Contacts<'_> {
        Contacts { store: self.store(), users: self.store(), clock: self.clock() }
    }

    /// The use cases of conversations.
    #[must_use]
    pub fn conversations(&self) -> Conversations<'_> {
        Conversations { store: self.store(), clock: self.clock() }
    }

    /// The use cases of members.
    #[must_use]
    pub fn members(&self) -> Members<'_> {
        Members { store: self.store(), clock: self.clock() }
    }

    /// The use cases of snapshots.
    #[must_use]
    pub fn snapshots(&self) -> Snapshots<'_> {
        Snapshots { store: self.store(), clock: self.clock() }
    }

    /// The use cases of messages.
    #[must_use]
    pub fn messages(&self) -> Messages<'_> {
        Messages { store: self.store(), users: self.store(), clock: self.clock() }
    }

    fn links(&self) -> Links<'_> {
        Links { limits: self.store(), clock: self.clock() }
    }

    /// The use cases of reactions.
    #[must_use]
    pub fn reactions(&self) -> Reactions<'_> {
        Reactions { store: self.store(), clock: self.clock() }
    }

    /// The use cases of pins.
    #[must_use]
    pub fn pins(&self) -> Pins<'_> {
        Pins { store: self.store(), clock: self.clock() }
    }

    /// The use cases of read marks.
    #[must_use]
    pub fn reads(&self) -> Reads<'_> {
        Reads {
            store: self.store(),
            clock: self.clock(),
            receipts: &self.inner.receipts,
            hub: self.hub(),
            bus: self.bus(),
            node: self.node(),
        }
    }

    /// The use cases of drafts.
    #[must_use]
    pub fn drafts(&self) -> Drafts<'_> {
        Drafts { store: self.store(), clock: self.clock() }
    }

    /// The use cases of files.
    #[must_use]
    pub fn files(&self) -> Files<'_> {
        Files {
            files: self.store(),
            trash: self.store(),
            versions: self.store(),
            grants: self.store(),
            drives: self.store(),
            blobs: self.blobs(),
            uploads: &self.inner.uploads,
            clock: self.clock(),
            settings: self.settings(),
        }
    }

    /// The use cases of uploads.
    #[must_use]
    pub fn uploads(&self) -> Uploads<'_> {
        Uploads {
            store: self.store(),
            files: self.store(),
            shares: self.store(),
            blobs: self.blobs(),
            clock: &self.inner.clock,
            settings: self.settings(),
            state: &self.inner.uploads,
        }
    }

    /// The use cases of links that share files.
    #[must_use]
    pub fn shares(&self) -> Shares<'_> {
        Shares {
            store: self.store(),
            versions: self.store(),
            uploads: &self.inner.uploads,
            links: self.links(),
            hasher: self.hasher(),
            clock: self.clock(),
        }
    }

    /// The use cases of rooms.
    #[must_use]
    pub fn rooms(&self) -> Rooms<'_> {
        Rooms {
            store: self.store(),
            leases: self.store(),
            bus: self.bus(),
            node: self.node(),
            users: self.store(),
            limits: self.store(),
            links: self.links(),
            hasher: self.hasher(),
            clock: self.clock(),
        }
    }

    /// The use cases of scheduled meetings.
    #[must_use]
    pub fn meetings(&self) -> Meetings<'_> {
        Meetings { store: self.store(), clock: self.clock() }
    }

    /// The use cases of calls.
    #[must_use]
    pub fn calls(&self) -> Calls<'_> {
        Calls { store: self.store(), messages: self.store(), clock: self.clock() }
    }

    /// The use cases of search.
    #[must_use]
    pub fn search(&self) -> Searches<'_> {
        Searches { store: self.store(), users: self.store(), clock: self.clock() }
    }

    /// The job that makes the search index and the notifications.
    #[must_use]
    pub fn projections(&self) -> Projections<'_> {
        Projections { store: self.store(), clock: self.clock() }
    }

    /// The use cases of notifications.
    #[must_use]
    pub fn notifications(&self) -> Notifications<'_> {
        Notifications { store: self.store(), clock: self.clock() }
    }

    /// The use cases of presence.
    #[must_use]
    pub fn presence(&self) -> Presence<'_> {
        Presence {
            store: self.store(),
            contacts: self.store(),
            hub: self.hub(),
            bus: self.bus(),
            clock: self.clock(),
            node: self.node(),
            live: &self.inner.presence,
        }
    }

    /// Where the bytes of files are kept, if there is such a place.
    #[must_use]
    pub fn blobs(&self) -> Option<&dyn BlobStore> {
        self.inner.blobs.as_deref()
    }

    /// Returns when another node has said by the bus that there is mail for this one ([`Rooms::take_mail`]), which a bus may forget to say.
    pub async fn mail_came(&self) {
        self.mail().notified().await;
    }

    pub(crate) fn mail(&self) -> &Notify {
        &self.inner.mail
    }

    pub(crate) fn bus(&self) -> &dyn Bus {
        &*self.inner.bus
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.inner.store
    }

    pub(crate) fn hasher(&self) -> &dyn PasswordHasher {
        &*self.inner.hasher
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.inner.clock
    }
}
