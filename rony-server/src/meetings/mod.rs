//! Meetings that go on at the moment: drives the rooms of `rony-rtc`, which know neither sockets nor clocks.
//!
//! A room is opened when somebody comes to it, by the node that has its lease then, and dropped when nobody is in it or waits. Everything here can
//! be lost with the process: people join anew then. Each room is told everything in one order, under its own lock, and what it says goes into the
//! sockets' queues before the lock is given up, so that nothing overtakes.
//!
//! [`entry`] finds out who comes, and how a client's frames become what a room is told; [`phone`] is a socket's end; [`nodes`] joins the nodes of an
//! installation; [`keeper`] writes down what lasts.

mod entry;
mod keeper;
mod nodes;
mod open;
mod phone;

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, RandomState},
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use rony_core::{
    Error, Result, Rony,
    id::{GuestId, NodeId, UserId},
    room::{Mail, Room as Kept, RoomCode, SWITCHBOARD},
    time::Clock,
};
use rony_rtc::{
    bus::{SignalBus as _, ToRoom},
    ice::{IceGrant, IceProvider},
    id::ConnectionId,
    room::{Entrance, Input, Settings},
    signal::{ClientMessage, ServerBody, ServerMessage},
};
use serde_json::Value;
use tokio::{
    sync::{Notify, mpsc, oneshot},
    time::timeout,
};

pub(crate) use self::{
    entry::Caller,
    nodes::{LEASE, PATIENCE, TEND},
    phone::Phone,
};
use self::{
    keeper::Deed,
    nodes::{Outbox, Route},
    open::Open,
};
use crate::calls::{Letter, Route as CallRoute};

/// How many rooms can be opened at once.
const OPENING: usize = 32;
/// How long the end of the server waits for what is still to be written down and sent.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// How many sockets a guest may have: a second page, and one whose end nobody has noticed yet.
const SOCKETS_OF_GUEST: usize = 4;

/// The meetings of this node. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Meetings {
    shared: Arc<Shared>,
}

/// What makes the link to a room of its code.
pub(crate) type LinkOf = Box<dyn Fn(RoomCode) -> String + Send + Sync>;

pub(crate) struct Shared {
    rony: Rony,
    node: NodeId,
    clock: Arc<dyn Clock>,
    link: LinkOf,
    ice: Arc<dyn IceProvider>,
    /// The number of the next socket that comes to a room.
    next: AtomicU64,
    rooms: Mutex<HashMap<RoomCode, Arc<Open>>>,
    /// Rooms in which there are sockets of this node, and which other nodes drive.
    routes: Mutex<HashMap<RoomCode, Route>>,
    /// Held by whoever finds out who drives a room, one for many rooms.
    opening: [tokio::sync::Mutex<()>; OPENING],
    hashing: RandomState,
    outbox: Outbox,
    deeds: mpsc::Sender<Deed>,
    /// Meetings begin to concern this node.
    busy: Arc<Notify>,
    /// The server ends: no room is opened any more.
    closed: AtomicBool,
    /// Where to say what a room says to a socket.
    phones: Mutex<HashMap<ConnectionId, Arc<Phone>>>,
    guests: Mutex<HashMap<GuestId, usize>>,
    /// Who looks after calls.
    calls: OnceLock<OfCalls>,
}

/// What whoever looks after calls wants to know, and knows.
struct OfCalls {
    /// Who has left the room of a call for good.
    went: mpsc::UnboundedSender<(RoomCode, UserId)>,
    /// Hears what other nodes say about calls.
    hear: Box<dyn Fn(Letter) + Send + Sync>,
    door: DoorOfCall,
}

/// The room of a call as it stands before somebody who comes to it, with the number of the lease under which calls are driven here; `None`: they
/// are not let in.
pub(crate) type DoorOfCall = Box<dyn Fn(RoomCode, UserId) -> Option<(Kept, u64)> + Send + Sync>;

/// A panic while a lock was held leaves plain maps and machines behind, which are as good as before.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Meetings {
    /// The meetings of a node, with the tasks that look after them on the current tokio runtime. They end with the last of these.
    pub(crate) fn new(rony: Rony, clock: Arc<dyn Clock>, ice: Arc<dyn IceProvider>, link: LinkOf) -> Self {
        let node = rony.node();
        let (outbox, letters) = Outbox::new(node);
        let (deeds, to_do) = mpsc::channel(keeper::WAITING);
        let (rooms, routes, phones, guests, calls) = Default::default();
        let shared = Arc::new(Shared {
            rony,
            node,
            clock,
            link,
            ice,
            next: AtomicU64::new(1),
            rooms,
            routes,
            opening: std::array::from_fn(|_| tokio::sync::Mutex::new(())),
            hashing: RandomState::new(),
            outbox,
            deeds,
            busy: Arc::default(),
            closed: AtomicBool::new(false),
            phones,
            guests,
            calls,
        });
        tokio::spawn(keeper::keep(Arc::downgrade(&shared), to_do));
        tokio::spawn(nodes::send(Arc::downgrade(&shared), letters));
        tokio::spawn(nodes::receive(Arc::downgrade(&shared)));
        tokio::spawn(nodes::tend(Arc::downgrade(&shared)));
        Self { shared }
    }

    /// From now on somebody looks after calls: is told who has left the room of one for good and what other nodes say, and is asked who is let in.
    pub(crate) fn serve_calls(
        &self,
        went: mpsc::UnboundedSender<(RoomCode, UserId)>,
        hear: Box<dyn Fn(Letter) + Send + Sync>,
        door: DoorOfCall,
    ) {
        let _ = self.shared.calls.set(OfCalls { went, hear, door });
    }

    /// Sends a letter to another node that must not be lost as long as this one runs.
    pub(crate) fn post(&self, letter: Mail) {
        self.shared.outbox.post(letter);
    }

    fn elapsed(&self) -> Duration {
        self.shared.clock.elapsed()
    }

    /// The servers that a device of this person may use at the moment, as in a meeting.
    pub(crate) fn ice(&self, user: UserId) -> IceGrant {
        self.shared.ice.grant(self.shared.clock.now(), &user.to_string())
    }

    /// A room was changed where it is kept: who is in it notices at once.
    pub(crate) fn changed(&self, kept: &Kept) {
        self.tell(kept.code, Input::Settings(settings(kept)));
    }

    /// A room was deleted: the meeting in it is over.
    pub(crate) fn ended(&self, code: RoomCode) {
        self.tell(code, Input::End);
    }

    /// Somebody is to be in a call's room no more, in no seat.
    pub(crate) fn remove(&self, code: RoomCode, user: UserId) {
        self.tell(code, Input::Remove(user));
    }

    /// Ends what goes on by itself. The meetings are not over: who is in one by way of another node has that one drive it.
    pub(crate) async fn close(&self) {
        self.shared.closed.store(true, Ordering::Release);
        let rooms: Vec<_> = lock(&self.shared.rooms).values().map(Arc::clone).collect();
        // First the leases, so that who is told to join anew finds another owner.
        let kept = rooms.iter().filter(|room| !room.of_call);
        kept.for_each(|room| self.shared.keep(Deed::Release(Arc::clone(room))));
        let _ = timeout(LAST_WORDS, self.shared.deeds_done()).await;
        rooms.iter().for_each(|room| room.step_down(&self.shared));
        let _ = timeout(LAST_WORDS, async {
            self.shared.deeds_done().await;
            self.shared.outbox.sent().await;
        })
        .await;
        lock(&self.shared.phones).clear();
    }

    /// One more socket of a guest, as long as what is answered is kept; `None` when there are too many.
    pub(crate) fn guest(&self, guest: GuestId) -> Option<GuestSocket> {
        let mut guests = lock(&self.shared.guests);
        let sockets = guests.entry(guest).or_default();
        if *sockets >= SOCKETS_OF_GUEST {
            return None;
        }
        *sockets += 1;
        Some(GuestSocket { guest, shared: Arc::clone(&self.shared) })
    }

    /// Somebody asks a room to be let in: whoever drives it is told, or this node opens it. `new`: they have not asked before on this socket; who asks
    /// again may have asked somebody who is gone.
    async fn enter(&self, kept: &Kept, entrance: &Entrance, new: bool) -> Result<()> {
        if self.shared.tell_here(kept, entrance) {
            return Ok(());
        }
        let route = lock(&self.shared.routes).get(&kept.code).copied();
        if let Some(route) = route.filter(|_| new) {
            self.ask_there(route, kept.code, entrance);
            return Ok(());
        }
        let place = self.shared.hashing.hash_one(kept.id) as usize % OPENING;
        let _turn = self.shared.opening[place].lock().await;
        // Somebody may have opened it meanwhile.
        while !self.shared.tell_here(kept, entrance) {
            if self.shared.is_closed() {
                return Err(Error::unavailable("This server stops. Come again.", "the server ends"));
            }
            // What the last meeting in this room left to do is done before.
            self.shared.deeds_done().await;
            let lease = self.shared.rony.rooms().acquire(kept.id, self.shared.node, LEASE).await?;
            let Some(lease) = lease else {
                return Err(Error::conflict("room_unknown", "This meeting was deleted a moment ago."));
            };
            let before = lock(&self.shared.routes).get(&kept.code).copied();
            let here = lease.node == self.shared.node;
            if before.is_some_and(|route| here || (route.owner, route.epoch) != (lease.node, lease.epoch)) {
                lock(&self.shared.routes).remove(&kept.code);
                self.shared.send_elsewhere(kept.code, Some(entrance.connection));
            }
            if !here {
                let route = Route { room: kept.id, owner: lease.node, epoch: lease.epoch };
                lock(&self.shared.routes).insert(kept.code, route);
                self.shared.busy.notify_one();
                self.ask_there(route, kept.code, entrance);
                return Ok(());
            }
            let open = Open::begin(&self.shared, kept, &lease);
            lock(&self.shared.rooms).insert(kept.code, open);
            self.shared.busy.notify_one();
        }
        Ok(())
    }

    /// The same of the room of a call, of which nothing is kept: the node that drives the call drives its room.
    fn enter_here(&self, room: &Kept, epoch: u64, entrance: &Entrance) -> Result<()> {
        lock(&self.shared.routes).remove(&room.code);
        if self.shared.enter_call(room, epoch, entrance) {
            return Ok(());
        }
        Err(Error::unavailable("This server stops. Come again.", "the server ends"))
    }

    /// The same where another node drives calls, which decides who is let in.
    fn enter_there(&self, room: &Kept, route: CallRoute, entrance: &Entrance) {
        let CallRoute { owner, epoch } = route;
        lock(&self.shared.routes).insert(room.code, Route { room: SWITCHBOARD, owner, epoch });
        self.shared.busy.notify_one();
        self.shared.outbox.to_call(owner, epoch, room.code, entrance.clone());
    }

    fn ask_there(&self, route: Route, code: RoomCode, entrance: &Entrance) {
        let mail = ToRoom::Join(Box::new(entrance.clone()));
        self.shared.outbox.to_room(route.owner, route.epoch, code, mail);
    }

    /// Tells a room something, if it is open. False when it is not.
    fn tell(&self, code: RoomCode, input: Input) -> bool {
        let open = lock(&self.shared.rooms).get(&code).map(Arc::clone);
        open.is_some_and(|open| open.tell(&self.shared, input))
    }

    /// The number by which a room knows a socket, and whether it is new, since it knew none. `None`: the socket is in too many rooms.
    fn connection(&self, phone: &Arc<Phone>, code: RoomCode) -> Option<(ConnectionId, bool)> {
        let fresh = || ConnectionId {
            node: self.shared.node,
            number: self.shared.next.fetch_add(1, Ordering::Relaxed),
        };
        let (connection, new) = phone.connect(code, fresh)?;
        if new {
            lock(&self.shared.phones).insert(connection, Arc::clone(phone));
        }
        Some((connection, new))
    }

    /// A client says something in a room. False when nobody knows anything of its socket there.
    fn say(&self, phone: &Phone, code: RoomCode, json: &Value, message: ClientMessage) -> bool {
        let Some(connection) = phone.connection(code) else { return false };
        let route = lock(&self.shared.routes).get(&code).copied();
        let Some(route) = route else { return self.tell(code, Input::Say { connection, message }) };
        let mail = ToRoom::Say { connection, json: json.to_string() };
        self.shared.outbox.to_room(route.owner, route.epoch, code, mail);
        true
    }

    /// A socket is gone; its seats are kept for a while.
    fn lost(&self, phone: &Phone) {
        for (code, connection) in phone.hang_up() {
            lock(&self.shared.phones).remove(&connection);
            let route = lock(&self.shared.routes).get(&code).copied();
            if let Some(route) = route {
                let mail = ToRoom::Lost { connection };
                self.shared.outbox.to_room(route.owner, route.epoch, code, mail);
            } else {
                self.tell(code, Input::Lost { connection });
            }
        }
    }
}

impl Shared {
    /// Tells a room that is driven here that somebody asks to be let in. False when it is not, or was dropped a moment ago.
    fn tell_here(self: &Arc<Self>, kept: &Kept, entrance: &Entrance) -> bool {
        let open = lock(&self.rooms).get(&kept.code).map(Arc::clone);
        open.is_some_and(|open| {
            // What was changed by way of another node is noticed by whoever comes next.
            open.tell_if_new(self, &settings(kept));
            open.tell(self, Input::Join(entrance.clone()))
        })
    }

    /// Lets somebody into the room of a call that is driven here. False when the server ends.
    fn enter_call(self: &Arc<Self>, room: &Kept, epoch: u64, entrance: &Entrance) -> bool {
        while !self.tell_here(room, entrance) {
            if self.is_closed() {
                return false;
            }
            let mut rooms = lock(&self.rooms);
            rooms.entry(room.code).or_insert_with(|| Open::begin_call(self, room, epoch));
        }
        true
    }

    /// Has something written down, in its turn.
    fn keep(&self, deed: Deed) {
        if self.deeds.try_send(deed).is_err() {
            tracing::warn!("more happens in meetings than can be written down: some of it is not kept");
        }
    }

    /// Waits until everything is written down that happened before.
    async fn deeds_done(&self) {
        let (done, waits) = oneshot::channel();
        if self.deeds.send(Deed::Tell(done)).await.is_ok() {
            let _ = waits.await;
        }
    }
}

/// Something that is said without a number, since there is no seat.
fn farewell(body: ServerBody) -> ServerMessage {
    ServerMessage { seq: 0, ack: 0, body: Arc::new(body) }
}

/// What a room is set up by, of what is kept of it.
fn settings(kept: &Kept) -> Settings {
    Settings {
        guests: kept.guests,
        lobby: kept.lobby,
        password: kept.has_password,
        locked: kept.locked,
        co_hosts: kept.co_hosts.iter().copied().collect(),
        ..Settings::new(kept.owner_id)
    }
}

/// A guest's socket, which counts as long as it is open.
pub(crate) struct GuestSocket {
    guest: GuestId,
    shared: Arc<Shared>,
}

impl Drop for GuestSocket {
    fn drop(&mut self) {
        let mut guests = lock(&self.shared.guests);
        if let Some(sockets) = guests.get_mut(&self.guest) {
            *sockets -= 1;
            if *sockets == 0 {
                guests.remove(&self.guest);
            }
        }
    }
}
