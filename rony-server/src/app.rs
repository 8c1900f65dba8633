//! What handlers share. Cheap to clone.

use std::sync::Arc;

use rony_core::Rony;

use crate::{
    auth::Authenticator,
    calls::Calls,
    config::{Config, PublicUrl},
    content::Shelves,
    drain::Drain,
    gateway::Carriers,
    intake::Intake,
    meetings::Meetings,
    preview::Bell,
};

/// The state of the routes: the use cases, and what the operator configured.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    rony: Rony,
    config: Config,
    public_url: PublicUrl,
    drain: Drain,
    authenticator: Option<Arc<dyn Authenticator>>,
    /// What carries events to the sockets; ends with this.
    _carriers: Carriers,
    files: FileServing,
    live: Live,
}

/// What goes on at the moment, and is kept nowhere.
pub(crate) struct Live {
    pub(crate) meetings: Meetings,
    pub(crate) calls: Calls,
}

/// What brings the bytes of files in and out.
pub(crate) struct FileServing {
    /// Where they lie.
    pub(crate) shelves: Shelves,
    /// Who brings some at the moment.
    pub(crate) intake: Intake,
    /// Tells the job that makes small pictures.
    pub(crate) bell: Bell,
    /// The origin of the store's own addresses, where it has such.
    pub(crate) origin: Option<String>,
}

impl App {
    /// The state of a server that listens on `port`. Its carriers are tasks of the current tokio runtime.
    #[must_use]
    pub(crate) fn new(
        rony: Rony,
        config: Config,
        port: u16,
        drain: Drain,
        authenticator: Option<Arc<dyn Authenticator>>,
        files: FileServing,
        live: Live,
    ) -> Self {
        let public_url = config.public_url_on(port);
        let carriers = Carriers::start(rony.hub());
        Self {
            inner: Arc::new(Inner {
                rony,
                config,
                public_url,
                drain,
                authenticator,
                _carriers: carriers,
                files,
                live,
            }),
        }
    }

    /// The switch that ends the server: whoever serves a live connection holds it.
    #[must_use]
    pub fn drain(&self) -> &Drain {
        &self.inner.drain
    }

    /// What brings the bytes of files in and out.
    pub(crate) fn files(&self) -> &FileServing {
        &self.inner.files
    }

    /// The meetings that go on.
    pub(crate) fn meetings(&self) -> &Meetings {
        &self.inner.live.meetings
    }

    /// The calls that ring or go on at the moment.
    pub(crate) fn calls(&self) -> &Calls {
        &self.inner.live.calls
    }

    /// The embedder's own way to know who sends a request, if there is one.
    #[must_use]
    pub fn authenticator(&self) -> Option<&dyn Authenticator> {
        self.inner.authenticator.as_deref()
    }

    /// The use cases.
    #[must_use]
    pub fn rony(&self) -> &Rony {
        &self.inner.rony
    }

    /// What the operator configured.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// The address that people type, for the links that are handed out.
    #[must_use]
    pub fn public_url(&self) -> &PublicUrl {
        &self.inner.public_url
    }
}
