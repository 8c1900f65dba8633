//! One socket's end of the hub: a bounded queue of encoded frames, and the reason why it ends.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU16, Ordering},
    },
};

use bytes::Bytes;
use tokio::sync::{Notify, mpsc};
use uuid::Uuid;

use super::lock;
use crate::{
    id::{SessionId, UserId},
    stream::{Seq, StreamId},
};

/// A socket of this node, as long as it is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkId(pub(crate) u64);

/// Why a socket is ended; the numbers are the WebSocket close codes of the gateway's document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
#[non_exhaustive]
pub enum Close {
    /// The other side left: nothing to say.
    Gone = 1000,
    /// Nobody is signed in.
    Unauthenticated = 4001,
    /// The session was revoked, or has expired.
    Revoked = 4002,
    /// It reads more slowly than things happen: come back through `sync`.
    TooSlow = 4008,
    /// The person has too many sockets.
    TooMany = 4009,
    /// It sent something that is not a frame.
    BadFrame = 4010,
    /// The server is shutting down: reconnect with jitter.
    Draining = 4012,
}

impl Close {
    const ALL: [Self; 7] = [
        Self::Gone,
        Self::Unauthenticated,
        Self::Revoked,
        Self::TooSlow,
        Self::TooMany,
        Self::BadFrame,
        Self::Draining,
    ];

    /// The WebSocket close code.
    #[must_use]
    pub const fn code(self) -> u16 {
        self as u16
    }

    /// What the client is told beside the code; at most 123 bytes.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Gone => "",
            Self::Unauthenticated => "Sign in: send auth and resume first.",
            Self::Revoked => "This session was signed out.",
            Self::TooSlow => "You read too slowly: reconnect, and catch up with sync.",
            Self::TooMany => "You are connected too many times.",
            Self::BadFrame => "That was no frame: send JSON text of at most 128 KiB.",
            Self::Draining => "The server is restarting: reconnect in a few seconds.",
        }
    }
}

/// The hub's side of a socket.
pub struct Link {
    id: LinkId,
    user: UserId,
    session: Option<SessionId>,
    queue: mpsc::Sender<Bytes>,
    /// A [`Close`] code, 0 as long as it is open.
    closed: AtomicU16,
    closing: Notify,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    streams: HashSet<StreamId>,
    topics: HashSet<Uuid>,
    /// While it subscribes: streams that its person left meanwhile, with the number of the leaving.
    left: Vec<(StreamId, Seq)>,
    settled: bool,
    /// The hub's count of deliveries at the last heartbeat.
    beat: u64,
}

/// The socket's side: what to write to it, in order.
pub struct Frames {
    link: Arc<Link>,
    queue: mpsc::Receiver<Bytes>,
}

impl Link {
    pub(super) fn new(
        id: LinkId,
        user: UserId,
        session: Option<SessionId>,
        capacity: usize,
    ) -> (Arc<Self>, Frames) {
        let (sender, queue) = mpsc::channel(capacity);
        let link = Arc::new(Self {
            id,
            user,
            session,
            queue: sender,
            closed: AtomicU16::new(0),
            closing: Notify::new(),
            state: Mutex::default(),
        });
        (Arc::clone(&link), Frames { link, queue })
    }

    /// Its number.
    #[must_use]
    pub const fn id(&self) -> LinkId {
        self.id
    }

    /// Whose it is.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// With which session it came.
    #[must_use]
    pub const fn session(&self) -> Option<SessionId> {
        self.session
    }

    /// Queues a frame. False when the socket is closed, or is closed now because its queue is full.
    pub fn send(&self, frame: Bytes) -> bool {
        match self.queue.try_send(frame) {
            Ok(()) => self.closed.load(Ordering::Acquire) == 0,
            Err(mpsc::error::TrySendError::Full(_)) => {
                self.close(Close::TooSlow);
                false
            }
            Err(mpsc::error::TrySendError::Closed(_)) => false,
        }
    }

    /// Ends the socket; the first reason stays.
    pub fn close(&self, reason: Close) {
        let _ = self.closed.compare_exchange(0, reason.code(), Ordering::AcqRel, Ordering::Acquire);
        self.closing.notify_one();
    }

    /// Why it was ended, if it was.
    #[must_use]
    pub fn closed(&self) -> Option<Close> {
        let code = self.closed.load(Ordering::Acquire);
        Close::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// Whether it has subscribed to this stream.
    #[must_use]
    pub fn is_reading(&self, stream: StreamId) -> bool {
        lock(&self.state).streams.contains(&stream)
    }

    /// The count of deliveries at the last heartbeat, which is now; and the streams.
    pub(super) fn beat(&self, now: u64) -> (u64, Vec<StreamId>) {
        let mut state = lock(&self.state);
        (std::mem::replace(&mut state.beat, now), state.streams.iter().copied().collect())
    }

    /// Waits until it is ended; for whoever waits for something else on its behalf.
    pub async fn ended(&self) -> Close {
        loop {
            let closing = self.closing.notified();
            if let Some(reason) = self.closed() {
                return reason;
            }
            closing.await;
        }
    }

    pub(super) fn reads(&self, stream: StreamId) {
        lock(&self.state).streams.insert(stream);
    }

    pub(super) fn take_streams(&self) -> HashSet<StreamId> {
        std::mem::take(&mut lock(&self.state).streams)
    }

    pub(super) fn swap_topics(&self, topics: HashSet<Uuid>) -> HashSet<Uuid> {
        std::mem::replace(&mut lock(&self.state).topics, topics)
    }

    pub(super) fn reads_no_more(&self, stream: StreamId) {
        lock(&self.state).streams.remove(&stream);
    }

    /// Its person left the stream with this number, which matters as long as it subscribes.
    pub(super) fn left(&self, stream: StreamId, seq: Seq) {
        let mut state = lock(&self.state);
        if !state.settled {
            state.left.push((stream, seq));
        }
    }

    /// False when its person left the stream after `head`, the state of things in which they were still there.
    pub(super) fn joining(&self, stream: StreamId, head: Seq) -> bool {
        !lock(&self.state).left.iter().any(|(left, seq)| *left == stream && *seq > head)
    }

    pub(super) fn settled(&self) {
        let mut state = lock(&self.state);
        state.settled = true;
        state.left = Vec::new();
    }
}

impl Frames {
    /// The socket's handle in the hub.
    #[must_use]
    pub const fn link(&self) -> &Arc<Link> {
        &self.link
    }

    /// Waits for at least one frame, takes up to `limit` that are there, and appends them to `into`; how many it took.
    /// 0 when the socket was closed, which comes before frames that still wait: the client gets them by `sync`.
    /// Cancel-safe: a frame that was not handed out stays in the queue.
    pub async fn next(&mut self, into: &mut Vec<Bytes>, limit: usize) -> usize {
        if self.link.closed().is_some() {
            return 0;
        }
        tokio::select! {
            biased;
            () = self.link.closing.notified() => 0,
            count = self.queue.recv_many(into, limit) => count,
        }
    }

    /// As [`Frames::next`], but the end of the socket is heard elsewhere, by [`Link::ended`]: with one thing to wait for, a
    /// frame for each of thousands costs what it must and no more.
    pub async fn queued(&mut self, into: &mut Vec<Bytes>, limit: usize) -> usize {
        self.queue.recv_many(into, limit).await
    }

    /// A frame that waits already, if there is one.
    ///
    /// # Errors
    ///
    /// When none waits, or the socket is gone.
    pub fn try_next(&mut self) -> Result<Bytes, mpsc::error::TryRecvError> {
        self.queue.try_recv()
    }
}
