//! What all members of a replay share: the servers, the counters, and how far it is.

use std::collections::HashMap;

use anyhow::Result;
use bytes::Bytes;
use tokio::sync::{Semaphore, watch};
use uuid::Uuid;

use crate::http::Http;
use crate::replay::board::{Board, Phase};
use crate::wire::SyncRequest;

/// How many handshakes run at once.
const HANDSHAKES: usize = 64;

/// Shared by all members.
#[derive(Debug)]
pub(crate) struct World {
    /// Where the servers listen.
    pub(crate) ports: Vec<u16>,
    /// For everything but the gateway.
    pub(crate) http: Http,
    /// The counters.
    pub(crate) board: Board,
    /// Whether a sender sometimes loses its connection right after it has sent, so that it cannot know what became of it.
    pub(crate) unsure: bool,
    /// Bounds the handshakes that run at once.
    pub(crate) handshakes: Semaphore,
    /// How far the replay is.
    pub(crate) phase: watch::Receiver<Phase>,
}

impl World {
    /// A world in which nothing has happened yet.
    pub(crate) fn new(ports: Vec<u16>, unsure: bool, phase: watch::Receiver<Phase>) -> Self {
        let handshakes = Semaphore::new(HANDSHAKES);
        Self { ports, http: Http::new(), board: Board::default(), unsure, handshakes, phase }
    }

    /// Asks the server at `port` what happened in `streams` after the numbers given: the body of its answer.
    ///
    /// # Errors
    /// When it does not answer.
    pub(crate) async fn sync(&self, port: u16, token: &str, streams: HashMap<Uuid, i64>) -> Result<Bytes> {
        self.http.post(&url(port, "/sync"), token, &SyncRequest { streams }).await
    }

    /// A page of the messages that are stored in a conversation after the event `after`: the body of the answer.
    ///
    /// # Errors
    /// When the server does not answer.
    pub(crate) async fn messages(&self, port: u16, token: &str, stream: Uuid, after: i64) -> Result<Bytes> {
        let path = format!("/conversations/{stream}/messages?after={after}&limit=100");
        self.http.get(&url(port, &path), token).await
    }
}

fn url(port: u16, path: &str) -> String {
    format!("http://127.0.0.1:{port}/api/v1{path}")
}
