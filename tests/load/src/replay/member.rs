//! One member of the replayed conversations: a client that connects, loses its connection, comes back, and catches up.
//!
//! `live` has what happens on one connection; here is what outlives it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use anyhow::{Context, Result};
use http::{StatusCode, header};
use rand::Rng;
use rand::rngs::SmallRng;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::tungstenite::Error as SocketError;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use uuid::Uuid;

use crate::replay::board::Phase;
use crate::replay::drops::Cut;
use crate::replay::model::{Counts, Follower, Missing};
use crate::replay::world::World;

/// How long a handshake, and a goodbye, may take.
const HANDSHAKE: Duration = Duration::from_secs(20);

/// A client waits up to this long before it connects again: enough that not all come back at once.
const JITTER: Duration = Duration::from_millis(200);

/// How long it waits at most after a server that does not let it in.
const WORST_WAIT: Duration = Duration::from_secs(1);

/// A connection to the gateway.
pub(crate) type Socket = WebSocketStream<TcpStream>;

/// What a member is asked to post.
#[derive(Debug)]
pub(crate) struct Order {
    /// The conversation.
    pub(crate) stream: Uuid,
    /// Which of its posts.
    pub(crate) index: usize,
    /// Takes the number that the server gave it.
    pub(crate) done: oneshot::Sender<i64>,
}

/// How one connection ended.
#[derive(Debug)]
pub(crate) enum End {
    /// The replay is over.
    Over,
    /// The client dropped it on purpose.
    Dropped,
    /// The server or the network ended it, or did not do what it must.
    Lost(String),
}

/// One member, over all its connections.
#[derive(Debug)]
pub(crate) struct Member {
    /// The nick.
    pub(crate) name: String,
    pub(crate) token: String,
    pub(crate) world: Arc<World>,
    pub(crate) follower: Follower,
    pub(crate) rng: SmallRng,
    pub(crate) orders: mpsc::Receiver<Order>,
    pub(crate) phase: watch::Receiver<Phase>,
    /// What was sent and not acknowledged, and when it was sent last, by its `client_id`.
    pub(crate) unanswered: HashMap<Uuid, (Order, Instant)>,
    /// Up to which moment everything was seen.
    pub(crate) since: Option<String>,
    /// Whether it knows where its streams stood at the beginning.
    pub(crate) begun: bool,
    /// Whether it has seen everything and asked whether there is more.
    pub(crate) settled: bool,
    drops: u64,
    trouble: Option<String>,
}

/// What became of a member.
#[derive(Debug)]
pub(crate) struct Fate {
    /// The nick.
    pub(crate) name: String,
    /// What was counted.
    pub(crate) counts: Counts,
    /// What it did not see.
    pub(crate) missing: Vec<Missing>,
    /// How often it dropped its connection.
    pub(crate) drops: u64,
    /// Why it lost a connection last that it did not drop itself.
    pub(crate) trouble: Option<String>,
}

impl Member {
    /// A member that has not connected yet.
    pub(crate) fn new(
        (name, token): (String, String),
        world: Arc<World>,
        follower: Follower,
        rng: SmallRng,
        orders: mpsc::Receiver<Order>,
    ) -> Self {
        let phase = world.phase.clone();
        let unanswered = HashMap::new();
        Self {
            name,
            token,
            world,
            follower,
            rng,
            orders,
            phase,
            unanswered,
            since: None,
            begun: false,
            settled: false,
            drops: 0,
            trouble: None,
        }
    }

    /// Connects, again and again, until the replay is over.
    pub(crate) async fn run(mut self, mut drops: mpsc::UnboundedReceiver<Cut>) -> Fate {
        let mut due = None;
        let mut connections = 0;
        while let Some((port, mut socket)) = self.connect().await {
            self.world.board.reconnects.fetch_add(u64::from(connections > 0), Relaxed);
            connections += 1;
            tokio::select! {
                end = self.live(port, &mut socket) => match end {
                    End::Over => break,
                    End::Dropped => self.drops += 1,
                    End::Lost(why) => self.trouble = Some(why),
                },
                cut = fall_due(&mut drops, &mut due) => {
                    due = None;
                    self.drops += 1;
                    self.world.board.drops_done.fetch_add(1, Relaxed);
                    if cut.politely {
                        // The outcome does not matter: the connection is gone either way.
                        let _ = timeout(HANDSHAKE, socket.close(None)).await;
                    }
                }
            }
            self.unsettle();
            drop(socket);
            sleep(self.rng.random_range(Duration::ZERO..JITTER)).await;
        }
        Fate {
            name: self.name,
            counts: self.follower.counts(),
            missing: self.follower.missing(),
            drops: self.drops,
            trouble: self.trouble,
        }
    }

    /// Tries until some server lets it in; `None` when the replay is over.
    async fn connect(&mut self) -> Option<(u16, Socket)> {
        let mut wait = Duration::from_millis(20);
        loop {
            let port = self.world.ports[self.rng.random_range(0..self.world.ports.len())];
            let tried = tokio::select! {
                tried = handshake(&self.world, port, &self.token) => tried,
                _ = self.phase.wait_for(|phase| *phase == Phase::Over) => return None,
            };
            match tried {
                Ok(socket) => return Some((port, socket)),
                Err(error) if is_final(&error) => {
                    self.world.board.fail(format!("{} is not let in: {error:#}", self.name));
                }
                Err(error) => self.trouble = Some(format!("{error:#}")),
            }
            wait = (wait * 2).min(WORST_WAIT);
            sleep(self.rng.random_range(wait / 2..wait)).await;
        }
    }

    fn unsettle(&mut self) {
        if std::mem::take(&mut self.settled) {
            self.world.board.settled.fetch_sub(1, Relaxed);
        }
    }
}

/// Waits for the moment of the next drop. A drop whose connection ends before its moment stays in `due` for the next one.
async fn fall_due(drops: &mut mpsc::UnboundedReceiver<Cut>, due: &mut Option<Cut>) -> Cut {
    if due.is_none() {
        *due = drops.recv().await;
    }
    match *due {
        Some(cut) => {
            sleep(cut.after).await;
            cut
        }
        None => std::future::pending().await,
    }
}

async fn handshake(world: &World, port: u16, token: &str) -> Result<Socket> {
    let _turn = world.handshakes.acquire().await.context("no more handshakes")?;
    let shake = async {
        let mut request = format!("ws://127.0.0.1:{port}/api/v1/gateway").into_client_request()?;
        request.headers_mut().insert(header::AUTHORIZATION, format!("Bearer {token}").parse()?);
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        // There are thousands of these in one process, and frames are small.
        let config = WebSocketConfig::default().read_buffer_size(8 * 1024).write_buffer_size(0);
        let (socket, _) = client_async_with_config(request, stream, Some(config)).await?;
        anyhow::Ok(socket)
    };
    timeout(HANDSHAKE, shake).await.context("the handshake takes too long")?.context("the handshake failed")
}

/// Whether trying again cannot help.
fn is_final(error: &anyhow::Error) -> bool {
    let final_answer = |status| matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    match error.downcast_ref::<SocketError>() {
        Some(SocketError::Http(answer)) => final_answer(answer.status()),
        _ => false,
    }
}
