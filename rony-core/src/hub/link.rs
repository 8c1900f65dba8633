//! One socket's end of the hub: a bounded queue of encoded frames, and the reason why it ends.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU16, Ordering},
    },
};

use bytes::Bytes;
use smallvec::SmallVec;
use tokio::sync::Notify;
use uuid::Uuid;

use super::{
    errand::{Carrier, Errand},
    lock,
};
use crate::{
    id::{SessionId, UserId},
    stream::{Seq, StreamId},
};

/// Frames for which a queue that once had several keeps room.
const KEPT: usize = 4;

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
    capacity: usize,
    /// Who goes to it with what the hub has; nobody: whoever has it queues it themselves.
    carrier: Option<Arc<dyn Carrier>>,
    queue: Mutex<Queue>,
    /// Something waits, for whoever takes it with [`Frames::next`].
    waiting: Notify,
    /// A [`Close`] code, 0 as long as it is open.
    closed: AtomicU16,
    closing: Notify,
    state: Mutex<State>,
}

#[derive(Default)]
struct Queue {
    /// The usual one lies in here: an event goes to thousands of queues in a row, and memory of its own is a way more to each.
    frames: SmallVec<[Bytes; 1]>,
    /// Somebody was told that something waits, and has not found the queue empty since.
    told: bool,
    outlet: Option<Arc<dyn Outlet>>,
    /// Nobody takes anything any more.
    ended: bool,
}

/// Takes a socket's frames away without a task that waits for them, when its carrier comes by.
pub trait Outlet: Send + Sync {
    /// Frames wait in a queue that was empty: [`Frames::take`] them until there are none. Asked once, and by one at a time. `room` is
    /// empty, and is left empty. It must be quick, and must not call the hub: where a socket has no carrier, a stream is locked.
    fn carry(self: Arc<Self>, room: &mut Vec<Bytes>);
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

/// The socket's side: what to write to it, in order. Dropped, it ends the queue.
pub struct Frames {
    link: Arc<Link>,
}

impl Link {
    pub(super) fn new(
        id: LinkId,
        user: UserId,
        session: Option<SessionId>,
        capacity: usize,
        carrier: Option<Arc<dyn Carrier>>,
    ) -> (Arc<Self>, Frames) {
        let link = Arc::new(Self {
            id,
            user,
            session,
            capacity,
            carrier,
            queue: Mutex::default(),
            waiting: Notify::new(),
            closed: AtomicU16::new(0),
            closing: Notify::new(),
            state: Mutex::default(),
        });
        (Arc::clone(&link), Frames { link })
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

    pub(super) const fn carrier(&self) -> Option<&Arc<dyn Carrier>> {
        self.carrier.as_ref()
    }

    /// Sends a frame, behind all that was sent before. A socket that is closed gets nothing; one whose queue is full is closed.
    pub fn send(self: &Arc<Self>, frame: Bytes) {
        Errand::frame(Arc::clone(self), frame).give(self.carrier());
    }

    /// Queues a frame. Who is to be told that something waits, if that is news and there is somebody.
    pub(super) fn queue(&self, frame: Bytes) -> Option<Arc<dyn Outlet>> {
        let mut queue = lock(&self.queue);
        // Nothing behind a frame that was refused: the client would see a gap where it is only slow.
        if queue.ended || self.closed.load(Ordering::Acquire) != 0 {
            return None;
        }
        if queue.frames.len() >= self.capacity {
            self.close(Close::TooSlow);
            return None;
        }
        queue.frames.push(frame);
        if std::mem::replace(&mut queue.told, true) {
            return None;
        }
        let outlet = queue.outlet.clone();
        drop(queue);
        if outlet.is_none() {
            self.waiting.notify_one();
        }
        outlet
    }

    /// Who takes its frames, if somebody does.
    pub(super) fn outlet(&self) -> Option<Arc<dyn Outlet>> {
        lock(&self.queue).outlet.clone()
    }

    /// Whether nothing goes through its queue any more.
    pub(super) fn is_over(&self) -> bool {
        lock(&self.queue).ended || self.closed.load(Ordering::Acquire) != 0
    }

    /// Up to `limit` frames; with none, the next one is told again.
    fn take(&self, into: &mut Vec<Bytes>, limit: usize) -> usize {
        let mut queue = lock(&self.queue);
        let count = queue.frames.len().min(limit);
        if count == 0 {
            queue.told = false;
            if queue.frames.capacity() > KEPT {
                // What a burst once took is not kept.
                queue.frames = SmallVec::new();
            }
        }
        into.extend(queue.frames.drain(..count));
        count
    }

    /// Nothing goes through the queue any more, and nothing of it is kept.
    pub(super) fn end(&self) {
        let ended = Queue { ended: true, ..Queue::default() };
        // Dropped without the lock: an outlet may hold the last handle of its socket.
        let before = std::mem::replace(&mut *lock(&self.queue), ended);
        drop(before);
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

    /// From now on `outlet` takes the frames, instead of somebody who waits with [`Frames::next`].
    pub fn let_out_by(&self, outlet: Arc<dyn Outlet>) {
        let waits = {
            let mut queue = lock(&self.link.queue);
            if queue.ended {
                return;
            }
            queue.outlet = Some(outlet);
            queue.told = !queue.frames.is_empty();
            queue.told
        };
        if waits {
            Errand::ready(Arc::clone(&self.link)).give(self.link.carrier());
        }
    }

    /// Takes up to `limit` frames that are there, and appends them to `into`; how many it took. After 0 the [`Outlet`] is asked again
    /// when there are some.
    pub fn take(&self, into: &mut Vec<Bytes>, limit: usize) -> usize {
        self.link.take(into, limit)
    }

    /// Waits for at least one frame, takes up to `limit` that are there, and appends them to `into`; how many it took.
    /// 0 when the socket was closed, which comes before frames that still wait: the client gets them by `sync`.
    /// Cancel-safe: a frame that was not handed out stays in the queue.
    pub async fn next(&mut self, into: &mut Vec<Bytes>, limit: usize) -> usize {
        loop {
            if self.link.closed().is_some() {
                return 0;
            }
            let count = self.link.take(into, limit);
            if count > 0 {
                return count;
            }
            tokio::select! {
                biased;
                () = self.link.closing.notified() => return 0,
                () = self.link.waiting.notified() => {}
            }
        }
    }

    /// A frame that waits already, if there is one.
    pub fn try_next(&mut self) -> Option<Bytes> {
        let mut one = Vec::with_capacity(1);
        self.link.take(&mut one, 1);
        one.pop()
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.link.end();
    }
}
