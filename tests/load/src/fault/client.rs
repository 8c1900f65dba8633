//! A client that keeps its promises: it posts under ids of its own, repeats what was not answered, comes back after every
//! loss, asks for what it missed, and remembers everything that was acknowledged.
//!
//! `live` has what happens on one connection; here is what outlives it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use anyhow::{Context, Result};
use http::header;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use tokio::net::TcpSocket;
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use uuid::Uuid;

use crate::fault::board::Board;
use crate::fault::people::People;
use crate::fault::view::View;
use crate::http::Http;

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(20);

/// How long a client waits at most after a server that does not let it in.
const WORST_WAIT: Duration = Duration::from_secs(1);

/// How many handshakes run at once: as many as a listening socket queues.
const HANDSHAKES: usize = 1024;

/// A connection to the gateway.
pub(crate) type Socket = WebSocketStream<tokio::net::TcpStream>;

/// What clients do at the moment.
#[derive(Clone, Debug)]
pub(crate) enum Phase {
    /// They post.
    Posting,
    /// They repeat what is not answered, and post nothing new.
    Quiet,
    /// They wait until they have seen their streams up to these numbers.
    Reach(Arc<HashMap<Uuid, i64>>),
    /// They leave.
    Over,
}

/// How clients behave.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Habits {
    /// About how long a client waits between two posts.
    pub(crate) pause: Duration,
    /// How long a text is, in bytes.
    pub(crate) text: usize,
    /// How long a client waits at most before it connects again.
    pub(crate) jitter: Duration,
}

/// What all clients share.
#[derive(Debug)]
pub(crate) struct World {
    /// Where the server listens.
    pub(crate) port: u16,
    /// For everything but the gateway.
    pub(crate) http: Http,
    /// The counters.
    pub(crate) board: Board,
    /// Conversations to post in.
    pub(crate) places: Vec<Uuid>,
    /// How clients behave.
    pub(crate) habits: Habits,
    handshakes: Semaphore,
}

impl World {
    /// A world in which nothing has happened yet.
    pub(crate) fn new(port: u16, people: &People, habits: Habits) -> Self {
        let (http, board, places) = (Http::new(), Board::default(), people.places.clone());
        Self { port, http, board, places, habits, handshakes: Semaphore::new(HANDSHAKES) }
    }

    /// An address of the API.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/api/v1{path}", self.port)
    }

    /// Opens the gateway; `buffer`: how many bytes the system keeps for a client that does not read.
    ///
    /// # Errors
    /// When the server does not let it in.
    pub(crate) async fn open_gateway(&self, token: &str, buffer: Option<u32>) -> Result<Socket> {
        let _turn = self.handshakes.acquire().await.context("no more handshakes")?;
        let shake = async {
            let mut request = format!("ws://127.0.0.1:{}/api/v1/gateway", self.port).into_client_request()?;
            request.headers_mut().insert(header::AUTHORIZATION, format!("Bearer {token}").parse()?);
            let socket = TcpSocket::new_v4()?;
            if let Some(bytes) = buffer {
                socket.set_recv_buffer_size(bytes)?;
            }
            let stream = socket.connect((std::net::Ipv4Addr::LOCALHOST, self.port).into()).await?;
            stream.set_nodelay(true)?;
            let config = WebSocketConfig::default().read_buffer_size(8 * 1024).write_buffer_size(0);
            let (socket, _) = client_async_with_config(request, stream, Some(config)).await?;
            anyhow::Ok(socket)
        };
        timeout(HANDSHAKE, shake)
            .await
            .context("the handshake takes too long")?
            .context("the handshake failed")
    }
}

/// A post that was acknowledged.
#[derive(Clone, Debug)]
pub(crate) struct Acknowledged {
    /// Where it was posted.
    pub(crate) place: Uuid,
    /// The number that the server told.
    pub(crate) seq: i64,
    /// The id that it was posted under.
    pub(crate) client_id: Uuid,
    /// What was posted.
    pub(crate) text: String,
}

/// A post whose outcome is not known yet.
#[derive(Debug)]
pub(crate) struct Waiting {
    /// Where.
    pub(crate) place: Uuid,
    /// What.
    pub(crate) text: String,
    /// When it was sent last; `None` when it is to be sent again.
    pub(crate) sent: Option<Instant>,
}

/// One client, over all its connections.
#[derive(Debug)]
pub(crate) struct Client {
    /// Which of all.
    pub(crate) number: usize,
    pub(crate) token: String,
    pub(crate) world: Arc<World>,
    pub(crate) phase: watch::Receiver<Phase>,
    pub(crate) rng: SmallRng,
    /// Whether it posts, or only reads.
    pub(crate) posts: bool,
    /// Whether it reads, where somebody decides on that: who does not does nothing else either.
    pub(crate) reads: Option<watch::Receiver<bool>>,
    /// How many bytes the system keeps for it while it does not read; `None` leaves that to the system.
    pub(crate) buffer: Option<u32>,
    /// What it knows.
    pub(crate) view: View,
    /// Up to which moment it has seen everything.
    pub(crate) since: Option<String>,
    /// How often it came back from a moment that it had seen everything up to.
    pub(crate) resumed: u64,
    /// Whether it knows where its streams stood at the beginning.
    pub(crate) begun: bool,
    /// What it posted and was not answered, by `client_id`.
    pub(crate) waiting: HashMap<Uuid, Waiting>,
    /// What was acknowledged, in the order of the answers.
    pub(crate) acknowledged: Vec<Acknowledged>,
    /// How many posts it has made.
    pub(crate) made: u64,
    /// When it had caught up on its newest connection; `None` while it has not.
    pub(crate) caught_up: Option<Instant>,
    settled: bool,
}

impl Client {
    /// A client that has not connected yet.
    pub(crate) fn new(
        number: usize,
        token: String,
        world: Arc<World>,
        phase: watch::Receiver<Phase>,
        seed: u64,
    ) -> Self {
        Self {
            number,
            token,
            world,
            phase,
            rng: SmallRng::seed_from_u64(seed.wrapping_add(number as u64)),
            posts: true,
            reads: None,
            buffer: None,
            view: View::default(),
            since: None,
            resumed: 0,
            begun: false,
            waiting: HashMap::new(),
            acknowledged: Vec::new(),
            made: 0,
            caught_up: None,
            settled: false,
        }
    }

    /// Connects, again and again, until the run is over; then tells what it knows.
    pub(crate) async fn run(mut self) -> Self {
        let mut wait = Duration::from_millis(10);
        let mut connections = 0_u64;
        while !matches!(*self.phase.borrow(), Phase::Over) {
            let opened = tokio::select! {
                opened = self.world.open_gateway(&self.token, self.buffer) => opened,
                () = over(self.phase.clone()) => break,
            };
            let Ok(mut socket) = opened else {
                wait = (wait * 2).min(WORST_WAIT);
                sleep(self.rng.random_range(wait / 2..wait)).await;
                continue;
            };
            self.world.board.reconnects.fetch_add(u64::from(connections > 0), Relaxed);
            connections += 1;
            let greeted = self.live(&mut socket).await;
            self.settle(false);
            // A server that greets and closes, since its database is away, is given time as well.
            wait = if greeted { Duration::from_millis(10) } else { (wait * 2).min(WORST_WAIT) };
            let jitter = if greeted { self.world.habits.jitter } else { wait };
            if !jitter.is_zero() {
                sleep(self.rng.random_range(Duration::ZERO..jitter)).await;
            }
        }
        self
    }

    /// Makes a post that is not sent yet.
    pub(crate) fn make_post(&mut self) -> Uuid {
        let place = self.world.places[self.rng.random_range(0..self.world.places.len())];
        let client_id = Uuid::from_u128(self.rng.random());
        self.made += 1;
        let mut text = format!("{} says {} ", self.number, self.made);
        text.extend(std::iter::repeat_n('x', self.world.habits.text.saturating_sub(text.len())));
        self.waiting.insert(client_id, Waiting { place, text, sent: None });
        self.world.board.waiting.fetch_add(1, Relaxed);
        client_id
    }

    /// A post was acknowledged under this number. The second answer to a repeated one says nothing new.
    pub(crate) fn acknowledge(&mut self, client_id: Uuid, seq: i64) {
        if let Some(Waiting { place, text, .. }) = self.waiting.remove(&client_id) {
            self.acknowledged.push(Acknowledged { place, seq, client_id, text });
            self.world.board.acknowledged.fetch_add(1, Relaxed);
            self.world.board.waiting.fetch_sub(1, Relaxed);
        }
    }

    /// Whether it has seen everything that it is to see; counted once.
    pub(crate) fn settle(&mut self, settled: bool) {
        let before = std::mem::replace(&mut self.settled, settled);
        match (before, settled) {
            (false, true) => self.world.board.settled.fetch_add(1, Relaxed),
            (true, false) => self.world.board.settled.fetch_sub(1, Relaxed),
            _ => 0,
        };
    }
}

/// Waits until everything is over.
async fn over(mut phase: watch::Receiver<Phase>) {
    // An error says that whoever changes phases is gone, and then it is over too.
    let _ = phase.wait_for(|phase| matches!(phase, Phase::Over)).await;
}
