//! Meetings that go on at the moment: drives the rooms of `rony-rtc`, which know neither sockets nor clocks.
//!
//! A room is opened when somebody comes to it, and dropped when nobody is in it or waits. Everything here can be lost with the process: people
//! join anew then. Each room is told everything in one order, under its own lock, and what it says goes into the sockets' queues before the
//! lock is given up, so that nothing overtakes.
//!
//! [`entry`] finds out who comes, and how a client's frames become what a room is told; [`phone`] is a socket's end.

mod entry;
mod open;
mod phone;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use rony_core::{
    id::{GuestId, NodeId},
    room::{Room as Kept, RoomCode},
    time::Clock,
};
use rony_rtc::{
    ice::IceProvider,
    id::ConnectionId,
    room::{Entrance, Input, Settings},
    signal::ClientMessage,
};

use self::open::Open;
pub(crate) use self::{entry::Caller, phone::Phone};

/// How many sockets a guest may have: a second page, and one whose end nobody has noticed yet.
const SOCKETS_OF_GUEST: usize = 4;

/// The meetings of this node. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Meetings {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    node: NodeId,
    clock: Arc<dyn Clock>,
    ice: Arc<dyn IceProvider>,
    /// The number of the next socket that comes to a room.
    next: AtomicU64,
    rooms: Mutex<HashMap<RoomCode, Arc<Open>>>,
    /// Where to say what a room says to a socket.
    phones: Mutex<HashMap<ConnectionId, Arc<Phone>>>,
    guests: Mutex<HashMap<GuestId, usize>>,
}

/// A panic while a lock was held leaves plain maps and machines behind, which are as good as before.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Meetings {
    pub(crate) fn new(node: NodeId, clock: Arc<dyn Clock>, ice: Arc<dyn IceProvider>) -> Self {
        let (rooms, phones, guests) = Default::default();
        Self { shared: Arc::new(Shared { node, clock, ice, next: AtomicU64::new(1), rooms, phones, guests }) }
    }

    fn elapsed(&self) -> Duration {
        self.shared.clock.elapsed()
    }

    /// A room was changed where it is kept: who is in it notices at once.
    pub(crate) fn changed(&self, kept: &Kept) {
        self.tell(kept.code, Input::Settings(settings(kept)));
    }

    /// A room was deleted: the meeting in it is over.
    pub(crate) fn ended(&self, code: RoomCode) {
        self.tell(code, Input::End);
    }

    /// Ends what goes on by itself. What is said to a room afterwards opens it anew, so no socket may be left.
    pub(crate) fn close(&self) {
        let rooms = std::mem::take(&mut *lock(&self.shared.rooms));
        rooms.into_values().for_each(|room| room.drop_it());
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

    /// Somebody asks a room to be let in: it is opened, unless it is.
    fn enter(&self, kept: &Kept, entrance: &Entrance) {
        let settings = settings(kept);
        loop {
            let open = self.opened(kept.code, &settings);
            // What was changed by way of another node is noticed by whoever comes next.
            open.tell_if_new(&self.shared, &settings);
            if open.tell(&self.shared, Input::Join(entrance.clone())) {
                return;
            }
            // It was dropped a moment ago.
        }
    }

    fn opened(&self, code: RoomCode, settings: &Settings) -> Arc<Open> {
        let mut rooms = lock(&self.shared.rooms);
        let open = rooms.entry(code).or_insert_with(|| Open::begin(&self.shared, code, settings.clone()));
        Arc::clone(open)
    }

    /// Tells a room something, if it is open. False when it is not.
    fn tell(&self, code: RoomCode, input: Input) -> bool {
        let open = lock(&self.shared.rooms).get(&code).map(Arc::clone);
        open.is_some_and(|open| open.tell(&self.shared, input))
    }

    /// The number by which a room knows a socket; a new one, where it knows none. `None`: the socket is in too many rooms.
    fn connection(&self, phone: &Arc<Phone>, code: RoomCode) -> Option<ConnectionId> {
        let fresh = || ConnectionId {
            node: self.shared.node,
            number: self.shared.next.fetch_add(1, Ordering::Relaxed),
        };
        let (connection, new) = phone.connect(code, fresh)?;
        if new {
            lock(&self.shared.phones).insert(connection, Arc::clone(phone));
        }
        Some(connection)
    }

    /// A client says something in a room. False when the room knows nothing of its socket.
    fn say(&self, phone: &Phone, code: RoomCode, message: ClientMessage) -> bool {
        let Some(connection) = phone.connection(code) else { return false };
        self.tell(code, Input::Say { connection, message })
    }

    /// A socket is gone; its seats are kept for a while.
    fn lost(&self, phone: &Phone) {
        for (code, connection) in phone.hang_up() {
            lock(&self.shared.phones).remove(&connection);
            self.tell(code, Input::Lost { connection });
        }
    }
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
