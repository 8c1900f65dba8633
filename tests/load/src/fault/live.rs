//! What a client does on one connection: resume, follow, catch up, post.

use std::collections::HashMap;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, SinkExt, StreamExt};
use rand::Rng;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::{Error as SocketError, Message};
use uuid::Uuid;

use crate::fault::client::{Client, Phase, Socket, World};
use crate::fault::view::{Post, posted};
use crate::http::Refused;
use crate::wire::{Frame, MessagePage, PostFrame, Resume, SyncAnswer, SyncRequest};

/// How many posts of one client wait for their answer at once.
const WINDOW: usize = 4;

/// How long an answer may take; then the outcome is unknown, and the post is repeated on another connection.
const ANSWER: Duration = Duration::from_secs(20);

/// How long after a refusal for the moment a post is sent again.
const AGAIN: Duration = Duration::from_millis(300);

/// Refusals that pass: the same post may be taken a moment later.
const PASSING: [&str; 3] = ["unavailable", "rate_limited", "draining"];

/// Close codes of a server that will not let this client in again.
const FINAL: [u16; 3] = [4001, 4002, 4010];

/// The server reads more slowly than things happen.
const TOO_SLOW: u16 = 4008;

/// An answer of `sync` on its way, with what was asked.
type Sync = BoxFuture<'static, (HashMap<Uuid, i64>, Result<Bytes>)>;

/// The state of one connection.
struct Connection {
    greeted: bool,
    /// A moment that the server named; it counts as seen once nothing before it is missing.
    since: Option<String>,
    sync: Option<Sync>,
    next_post: Instant,
}

impl Client {
    /// Follows on one connection until it ends; says whether the server greeted it.
    pub(crate) async fn live(&mut self, socket: &mut Socket) -> bool {
        self.view.connected();
        self.caught_up = None;
        self.waiting.values_mut().for_each(|waiting| waiting.sent = None);
        let mut connection =
            Connection { greeted: false, since: None, sync: None, next_post: Instant::now() };
        if let Err(error) = self.follow(socket, &mut connection).await
            && error.is::<Refused>()
        {
            self.world.board.fail(format!("client {}: {error:#}", self.number));
        }
        if connection.greeted {
            self.world.board.connected.fetch_sub(1, Relaxed);
        }
        connection.greeted
    }

    async fn follow(&mut self, socket: &mut Socket, connection: &mut Connection) -> Result<()> {
        send(socket, &Resume { r#type: "resume", since: self.since.as_deref() }).await?;
        self.resumed += u64::from(self.since.is_some());
        loop {
            let reads = self.reads.as_ref().is_none_or(|reads| *reads.borrow());
            tokio::select! {
                frame = socket.next(), if reads => {
                    if let Some(text) = self.read(frame)? {
                        self.take(&text, connection)?;
                    }
                }
                (asked, answer) = ask(&mut connection.sync), if reads => {
                    connection.sync = None;
                    self.synced(&asked, &answer?).await?;
                }
                () = sleep_until(connection.next_post), if reads && connection.greeted => {
                    self.post(connection, socket).await?;
                }
                changed = self.phase.changed() => changed.context("nobody leads any more")?,
                reads = decided(&mut self.reads) => self.stall(!reads),
            }
            if matches!(*self.phase.borrow(), Phase::Over) {
                let _ = timeout(Duration::from_secs(1), socket.close(None)).await;
                return Ok(());
            }
            self.catch_up(connection);
        }
    }

    /// Counts it among those who stalled in the middle of what was said.
    fn stall(&self, stalled: bool) {
        let has_read = |place: &Uuid| self.view.posts(*place).is_some_and(|posts| !posts.is_empty());
        if stalled && self.world.places.iter().any(has_read) {
            self.world.board.stalled.fetch_add(1, Relaxed);
        }
    }

    /// The text of a frame; `None` for frames that carry none.
    fn read(&self, frame: Option<Result<Message, SocketError>>) -> Result<Option<Bytes>> {
        match frame {
            Some(Ok(Message::Text(text))) => Ok(Some(text.into())),
            Some(Ok(Message::Close(Some(close)))) => {
                let code = u16::from(close.code);
                let why = format!("the server closed with {code} {}", close.reason);
                if FINAL.contains(&code) {
                    self.world.board.fail(format!("client {}: {why}", self.number));
                }
                self.world.board.too_slow.fetch_add(u64::from(code == TOO_SLOW), Relaxed);
                bail!(why)
            }
            Some(Ok(Message::Close(None))) | None => bail!("the server closed the connection"),
            Some(Ok(_)) => Ok(None),
            Some(Err(error)) => Err(error).context("the connection broke"),
        }
    }

    fn take(&mut self, text: &Bytes, connection: &mut Connection) -> Result<()> {
        let frame: Frame<'_> = serde_json::from_slice(text).with_context(|| {
            let why = format!("a frame is not as documented: {}", String::from_utf8_lossy(text));
            self.world.board.fail(why.clone());
            why
        })?;
        match frame.kind.as_ref() {
            "event" => {
                let (stream, event) = frame.stream.zip(frame.event.as_ref()).context("half an event")?;
                self.view.live(stream, event.seq, posted(event));
            }
            "ack" => {
                if let (Some(id), Some(seq)) = (frame.id, frame.seq) {
                    self.acknowledge(id, seq);
                }
            }
            "error" => self.refused(&frame)?,
            "heartbeat" => {
                frame.heads.unwrap_or_default().into_iter().for_each(|(id, head)| self.view.told(id, head));
                connection.since = frame.since.or(connection.since.take());
            }
            "hello" => self.greeted(frame, connection),
            _ => {}
        }
        Ok(())
    }

    fn greeted(&mut self, hello: Frame<'_>, connection: &mut Connection) {
        connection.greeted = true;
        self.world.board.connected.fetch_add(1, Relaxed);
        connection.since = hello.since;
        for head in hello.moved.unwrap_or_default() {
            // Conversations are followed from their first event, everything else from now on.
            if !self.begun && !self.world.places.contains(&head.id) {
                self.view.begin_at(head.id, head.head);
            }
            self.view.told(head.id, head.head);
        }
        self.begun = true;
    }

    /// The server did not take a post: for the moment, or for good.
    fn refused(&mut self, frame: &Frame<'_>) -> Result<()> {
        let code = frame.code.as_deref().unwrap_or_default();
        let why = format!("{code}: {}", frame.detail.as_deref().unwrap_or_default());
        if !PASSING.contains(&code) {
            self.world.board.fail(format!("client {} was refused with {why}", self.number));
            bail!("the server answered {why}");
        }
        if let Some(waiting) = frame.id.and_then(|id| self.waiting.get_mut(&id)) {
            waiting.sent = None;
            self.world.board.put_off.fetch_add(1, Relaxed);
        }
        Ok(())
    }

    /// Sends what is to be sent again; else something new, when that is asked for and not too much waits.
    async fn post(&mut self, connection: &mut Connection, socket: &mut Socket) -> Result<()> {
        let overdue = |sent: Option<Instant>| sent.is_some_and(|sent| sent.elapsed() > ANSWER);
        if self.waiting.values().any(|waiting| overdue(waiting.sent)) {
            bail!("a post was not answered in {ANSWER:?}");
        }
        let again: Vec<Uuid> =
            self.waiting.iter().filter(|(_, post)| post.sent.is_none()).map(|(id, _)| *id).collect();
        let pause = self.world.habits.pause;
        connection.next_post = Instant::now() + self.rng.random_range(pause / 2..=pause * 3 / 2);
        if !again.is_empty() {
            connection.next_post = connection.next_post.max(Instant::now() + AGAIN);
            for client_id in again {
                self.send_post(client_id, socket).await?;
            }
        } else if self.posts && matches!(*self.phase.borrow(), Phase::Posting) && self.waiting.len() < WINDOW
        {
            let client_id = self.make_post();
            self.send_post(client_id, socket).await?;
        }
        Ok(())
    }

    async fn send_post(&mut self, client_id: Uuid, socket: &mut Socket) -> Result<()> {
        let Some(waiting) = self.waiting.get_mut(&client_id) else { return Ok(()) };
        // Noted before it is sent: if sending is cut short, nobody knows what the server has got.
        waiting.sent = Some(Instant::now());
        let (conversation_id, text) = (waiting.place, waiting.text.as_str());
        send(socket, &PostFrame { r#type: "post", id: client_id, conversation_id, client_id, text }).await
    }

    /// Asks `sync` for what is missing. When nothing is, that may be all.
    fn catch_up(&mut self, connection: &mut Connection) {
        if !connection.greeted || connection.sync.is_some() {
            return;
        }
        let behind = self.view.behind();
        if !behind.is_empty() {
            let (world, token) = (self.world.clone(), self.token.clone());
            let request = SyncRequest { streams: behind.clone() };
            let asking = async move { world.http.post(&world.url("/sync"), &token, &request).await };
            connection.sync = Some(asking.map(|answer| (behind, answer)).boxed());
            return;
        }
        if let Some(since) = connection.since.take() {
            self.since = Some(since);
        }
        self.caught_up.get_or_insert_with(Instant::now);
        let reached = match &*self.phase.borrow() {
            Phase::Reach(targets) => targets.iter().all(|(id, head)| self.view.last(*id) >= *head),
            _ => false,
        };
        self.settle(reached);
    }

    async fn synced(&mut self, asked: &HashMap<Uuid, i64>, answer: &[u8]) -> Result<()> {
        let answer: SyncAnswer<'_> = serde_json::from_slice(answer).context("sync is not as documented")?;
        for stream in &answer.streams {
            let after = asked.get(&stream.id).copied().unwrap_or_default();
            if stream.reset {
                self.read_instead(stream.id, (after, stream.head)).await?;
            } else {
                let events = stream.events.iter().map(|event| (event.seq, posted(event)));
                self.view.synced(stream.id, (after, stream.head), events);
            }
        }
        Ok(())
    }

    /// Too far behind for events: the messages themselves are read.
    async fn read_instead(&mut self, id: Uuid, (after, head): (i64, i64)) -> Result<()> {
        if !self.world.places.contains(&id) {
            self.view.read_instead(id, head, []);
            return Ok(());
        }
        let posts = read_messages(&self.world, &self.token, id, after).await?;
        let head = posts.last().map_or(head, |(seq, _, _)| head.max(*seq));
        self.view.read_instead(id, head, posts.into_iter().map(|(seq, _, post)| (seq, post)));
        Ok(())
    }
}

/// All messages of a conversation after an event: number, number among messages, content.
///
/// # Errors
/// When the server does not answer as documented.
pub(crate) async fn read_messages(
    world: &World,
    token: &str,
    place: Uuid,
    mut after: i64,
) -> Result<Vec<(i64, i64, Post)>> {
    let mut all = Vec::new();
    loop {
        let path = format!("/conversations/{place}/messages?after={after}&limit=100");
        let body = world.http.get(&world.url(&path), token).await?;
        let page: MessagePage<'_> =
            serde_json::from_slice(&body).context("messages are not as documented")?;
        let Some(newest) = page.items.iter().map(|message| message.seq).max() else { return Ok(all) };
        anyhow::ensure!(newest > after, "the page after {after} has nothing newer");
        all.extend(page.items.iter().map(|message| (message.seq, message.ordinal, Post::of(message))));
        after = newest;
    }
}

async fn ask(sync: &mut Option<Sync>) -> (HashMap<Uuid, i64>, Result<Bytes>) {
    match sync {
        Some(sync) => sync.await,
        None => std::future::pending().await,
    }
}

/// Waits until somebody decides anew whether this client reads.
async fn decided(reads: &mut Option<watch::Receiver<bool>>) -> bool {
    if let Some(reads) = reads
        && reads.changed().await.is_ok()
    {
        return *reads.borrow();
    }
    std::future::pending().await
}

/// Sends a frame.
///
/// # Errors
/// When the connection is gone.
pub(crate) async fn send(socket: &mut Socket, frame: &impl serde::Serialize) -> Result<()> {
    let text = serde_json::to_string(frame).context("the frame cannot be written as JSON")?;
    socket.send(Message::text(text)).await.context("the frame cannot be sent")
}
