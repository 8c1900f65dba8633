//! What a member does on one connection: resume, follow, catch up, post.

use std::collections::HashMap;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, SinkExt, StreamExt};
use rand::Rng;
use tokio::time::{Instant, interval};
use tokio_tungstenite::tungstenite::{Error as SocketError, Message};
use uuid::Uuid;

use crate::http::Refused;
use crate::replay::board::Phase;
use crate::replay::expect::Arrived;
use crate::replay::member::{End, Member, Order, Socket};
use crate::replay::model::Follower;
use crate::wire::{Frame, Ping, PostFrame, Resume, SyncAnswer};

/// How long the server may be silent before it has told its own rhythm, and how much later than that a frame may come.
const SILENCE: Duration = Duration::from_secs(20);

/// How long an acknowledgement may take; then the outcome is unknown and the post is repeated on another connection.
const ANSWER: Duration = Duration::from_secs(20);

/// How often time is looked at.
const TICK: Duration = Duration::from_secs(5);

/// One in so many posts loses its connection right after it was sent, where that is asked for.
const UNSURE: u32 = 20;

/// Answers to posts that a client waits out: the same post may be taken a moment later.
const PASSING: [&str; 3] = ["unavailable", "rate_limited", "draining"];

/// The close codes of a server that will not let this client in again.
const FINAL_CLOSES: [u16; 3] = [4001, 4002, 4010];

/// An answer of `sync` on its way.
type Sync = BoxFuture<'static, (Ask, Result<Bytes>)>;

/// Why `sync` was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ask {
    /// Something is missing.
    CatchUp,
    /// Nothing is known to be missing: is that so?
    IsThatAll,
}

/// The state of one connection.
struct Connection {
    port: u16,
    greeted: bool,
    /// A moment that the server named; it counts as seen once nothing before it is missing.
    since: Option<String>,
    syncs: FuturesUnordered<Sync>,
    heard: Instant,
    silence: Duration,
    /// How often this side shows that it lives, and when it did last.
    rhythm: Duration,
    pinged: Instant,
    /// The server has spoken of more streams than it has listed.
    look_everywhere: bool,
}

impl Member {
    /// Follows on one connection until it ends.
    pub(crate) async fn live(&mut self, port: u16, socket: &mut Socket) -> End {
        self.follower.connected();
        match self.follow(port, socket).await {
            Ok(end) => end,
            Err(error) => {
                if error.is::<Refused>() {
                    self.world.board.fail(format!("{}: {error:#}", self.name));
                }
                End::Lost(format!("{error:#}"))
            }
        }
    }

    async fn follow(&mut self, port: u16, socket: &mut Socket) -> Result<End> {
        let resume = Resume { r#type: "resume", since: self.since.as_deref() };
        send(socket, &resume).await?;
        let mut connection = Connection::new(port);
        let mut ticks = interval(TICK);
        loop {
            tokio::select! {
                frame = socket.next() => {
                    connection.heard = Instant::now();
                    if let Some(text) = self.read(frame)? {
                        self.take(&text, &mut connection, socket).await?;
                    }
                }
                Some((ask, answer)) = connection.syncs.next() => self.synced(ask, &answer?)?,
                Some(order) = self.orders.recv(), if connection.greeted => {
                    let unsure = self.world.unsure && self.rng.random_ratio(1, UNSURE);
                    self.post(order, socket).await?;
                    if unsure {
                        return Ok(End::Dropped);
                    }
                }
                _ = ticks.tick() => {
                    self.check(&connection)?;
                    connection.show_life(socket).await?;
                }
                _ = self.phase.changed() => {}
            }
            if *self.phase.borrow() == Phase::Over {
                return Ok(End::Over);
            }
            self.ask_what_is_missing(&mut connection);
        }
    }

    /// The text of a frame; `None` for frames that carry none.
    fn read(&self, frame: Option<Result<Message, SocketError>>) -> Result<Option<Bytes>> {
        match frame {
            Some(Ok(Message::Text(text))) => Ok(Some(text.into())),
            Some(Ok(Message::Close(Some(close)))) => {
                let code = u16::from(close.code);
                let why = format!("the server closed with {code} {}", close.reason);
                if FINAL_CLOSES.contains(&code) {
                    self.world.board.fail(format!("{}: {why}", self.name));
                }
                bail!(why)
            }
            Some(Ok(Message::Close(None))) | None => bail!("the server closed the connection"),
            Some(Ok(_)) => Ok(None),
            Some(Err(error)) => Err(anyhow!(error).context("the connection broke")),
        }
    }

    async fn take(&mut self, text: &Bytes, connection: &mut Connection, socket: &mut Socket) -> Result<()> {
        let frame: Frame<'_> = serde_json::from_slice(text)
            .with_context(|| format!("a frame is not as documented: {}", String::from_utf8_lossy(text)))?;
        match frame.kind.as_ref() {
            "event" => self.event(&frame).context("an event is not as documented")?,
            "ack" => self.acknowledged(&frame),
            "error" => self.refused(&frame)?,
            "heartbeat" => {
                for (stream, head) in frame.heads.unwrap_or_default() {
                    self.follower.moved(stream, head);
                }
                connection.since = frame.since.or(connection.since.take());
            }
            "hello" => self.greeted(frame, connection, socket).await?,
            _ => {}
        }
        Ok(())
    }

    fn event(&mut self, frame: &Frame<'_>) -> Option<()> {
        let (stream, event) = (frame.stream?, frame.event.as_ref()?);
        let arrived = match self.follower.expected(stream) {
            Some(expected) => expected.find(event.posted()),
            None => Arrived::Other,
        };
        self.counting(|follower| follower.live(stream, event.seq, arrived));
        Some(())
    }

    fn acknowledged(&mut self, frame: &Frame<'_>) {
        let answered = frame.id.and_then(|id| self.unanswered.remove(&id));
        if let (Some((order, _)), Some(seq)) = (answered, frame.seq) {
            // Whoever gave the order may have left when the replay is over.
            let _ = order.done.send(seq);
        }
    }

    /// The server did not take a post: either for now, or for good.
    fn refused(&self, frame: &Frame<'_>) -> Result<()> {
        let code = frame.code.as_deref().unwrap_or_default();
        let why = format!("{code}: {}", frame.detail.as_deref().unwrap_or_default());
        if !PASSING.contains(&code) {
            let refused = frame.id.and_then(|id| self.unanswered.get(&id));
            let expected =
                refused.and_then(|(order, _)| Some((self.follower.expected(order.stream)?, order.index)));
            let what = match expected {
                Some((expected, index)) => format!("{} line {}", expected.name, expected.posts()[index].line),
                None => "a frame".to_owned(),
            };
            self.world.board.fail(format!("{} of {} was refused with {why}", what, self.name));
        }
        bail!("the server answered {why}")
    }

    async fn greeted(
        &mut self,
        hello: Frame<'_>,
        connection: &mut Connection,
        socket: &mut Socket,
    ) -> Result<()> {
        connection.greeted = true;
        connection.look_everywhere = hello.more.unwrap_or(false);
        connection.since = hello.since;
        connection.rhythm = Duration::from_millis(hello.heartbeat_ms.context("hello has no heartbeat_ms")?);
        connection.silence = SILENCE + 2 * connection.rhythm;
        let moved = hello.moved.unwrap_or_default();
        if !self.begun {
            for stream in &moved {
                self.follower.begin_at(stream.id, stream.head);
            }
            self.begun = true;
            self.world.board.ready.fetch_add(1, Relaxed);
        }
        for stream in moved {
            self.follower.moved(stream.id, stream.head);
        }
        let unanswered: Vec<Uuid> = self.unanswered.keys().copied().collect();
        for id in unanswered {
            self.send_post(id, socket).await?;
        }
        Ok(())
    }

    async fn post(&mut self, order: Order, socket: &mut Socket) -> Result<()> {
        let expected = self.follower.expected(order.stream).context("a post for a stranger")?;
        let id = expected.posts()[order.index].client_id;
        // Kept before it is sent: if sending is cut short, nobody knows what the server has got.
        self.unanswered.insert(id, (order, Instant::now()));
        self.send_post(id, socket).await
    }

    /// Sends an unanswered post, for the first time or again.
    async fn send_post(&mut self, client_id: Uuid, socket: &mut Socket) -> Result<()> {
        let Some((order, sent)) = self.unanswered.get_mut(&client_id) else { return Ok(()) };
        *sent = Instant::now();
        let conversation_id = order.stream;
        let expected = self.follower.expected(conversation_id).context("a post for a stranger")?;
        let text = &expected.posts()[order.index].text;
        send(socket, &PostFrame { r#type: "post", id: client_id, conversation_id, client_id, text }).await
    }

    /// Asks `sync` for what is missing; or, when nothing is and all is posted, whether that is really all.
    fn ask_what_is_missing(&mut self, connection: &mut Connection) {
        if !connection.greeted || !connection.syncs.is_empty() {
            return;
        }
        let behind = self.follower.behind();
        if !behind.is_empty() {
            return self.ask(Ask::CatchUp, behind, connection);
        }
        if std::mem::take(&mut connection.look_everywhere) {
            return self.ask(Ask::CatchUp, self.follower.positions(), connection);
        }
        if let Some(since) = connection.since.take() {
            self.since = Some(since);
        }
        let settling = *self.phase.borrow() == Phase::Settling;
        if settling && !self.settled && self.follower.is_done() {
            self.ask(Ask::IsThatAll, self.follower.positions(), connection);
        }
    }

    fn ask(&self, ask: Ask, streams: HashMap<Uuid, i64>, connection: &Connection) {
        let (world, token, port) = (self.world.clone(), self.token.clone(), connection.port);
        let sync = async move { (ask, world.sync(port, &token, streams).await) };
        connection.syncs.push(sync.boxed());
    }

    fn synced(&mut self, ask: Ask, answer: &[u8]) -> Result<()> {
        let answer: SyncAnswer<'_> = serde_json::from_slice(answer).context("sync is not as documented")?;
        let before = self.follower.positions();
        for stream in &answer.streams {
            if stream.reset {
                bail!("sync says `reset` after {} of {}", before.get(&stream.id).unwrap_or(&0), stream.head);
            }
            let Some(expected) = self.follower.expected(stream.id).cloned() else { continue };
            let events = stream.events.iter().map(|event| (event.seq, expected.find(event.posted())));
            self.counting(|follower| follower.synced(stream.id, stream.head, events));
            let last = before.get(&stream.id).copied().unwrap_or(0);
            if stream.events.is_empty() && stream.head > last {
                bail!(
                    "sync gives nothing after {last} of stream {}, which goes to {}",
                    stream.id,
                    stream.head
                );
            }
        }
        if ask == Ask::IsThatAll && self.follower.is_done() {
            self.settled = true;
            self.world.board.settled.fetch_add(1, Relaxed);
        }
        Ok(())
    }

    /// Looks at the time: is the server still there?
    fn check(&self, connection: &Connection) -> Result<()> {
        if connection.heard.elapsed() > connection.silence {
            bail!("the server is silent for {:?}", connection.heard.elapsed());
        }
        if self.unanswered.values().any(|(_, sent)| sent.elapsed() > ANSWER) {
            bail!("the server does not acknowledge a post for {ANSWER:?}");
        }
        Ok(())
    }

    /// Lets the follower see something, and shows what it counted.
    fn counting(&mut self, see: impl FnOnce(&mut Follower)) {
        let before = self.follower.counts().delivered;
        see(&mut self.follower);
        self.world.board.delivered.fetch_add(self.follower.counts().delivered - before, Relaxed);
    }
}

impl Connection {
    fn new(port: u16) -> Self {
        Self {
            port,
            greeted: false,
            since: None,
            syncs: FuturesUnordered::new(),
            heard: Instant::now(),
            silence: SILENCE,
            rhythm: SILENCE,
            pinged: Instant::now(),
            look_everywhere: false,
        }
    }

    /// The server ends connections from which nothing is heard.
    async fn show_life(&mut self, socket: &mut Socket) -> Result<()> {
        if self.pinged.elapsed() >= self.rhythm {
            self.pinged = Instant::now();
            send(socket, &Ping { r#type: "ping" }).await?;
        }
        Ok(())
    }
}

async fn send(socket: &mut Socket, frame: &impl serde::Serialize) -> Result<()> {
    let text = serde_json::to_string(frame).context("the frame cannot be written as JSON")?;
    socket.send(Message::text(text)).await.context("the frame cannot be sent")
}
