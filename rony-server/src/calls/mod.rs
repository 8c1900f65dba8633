//! Calls that ring or go on at the moment: drives the switchboard of `rony-rtc`, which knows neither sockets nor clocks.
//!
//! A call is written down before it rings ([`Rony::calls`]), and who is in it meets in a room that is kept nowhere: its door
//! ([`Calls::door`]) is open for those whom the switchboard counts in. Everything else here can be lost with the process; the log then says
//! that whoever was rung has missed the call.
//!
//! One node drives all calls of an installation, since what becomes of one depends on the others that its people have. The switchboard is told
//! everything in one order, under one lock, and what it says goes into the sockets' queues, or on its way to other nodes, before the lock is given
//! up. [`speaker`] is what a socket says, [`board`] what the driver does, [`nodes`] who that is and how it is reached, [`ledger`] what is written
//! down, one after the other.

mod board;
mod ledger;
mod nodes;
mod speaker;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use rony_core::{
    Error, Result, Rony,
    actor::Actor,
    call::Ringing,
    hub::Link,
    id::{CallId, ClientId, ConversationId, NodeId, RoomId, UserId},
    room::{Lobby, Room, RoomCode},
    time::{Clock, Timestamp},
};
use rony_rtc::call::Input;
use tokio::sync::{Notify, mpsc};

use self::{
    ledger::Ledger,
    nodes::{Ask, Invitation, Known, Pending, Seat, What},
};
pub(crate) use self::{nodes::Letter, nodes::Route, speaker::Speaker};
use crate::meetings::Meetings;

/// The calls of this node. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Calls {
    shared: Arc<Shared>,
}

struct Shared {
    rony: Rony,
    node: NodeId,
    clock: Arc<dyn Clock>,
    meetings: Meetings,
    ledger: Ledger,
    state: Mutex<State>,
    /// Held by whoever finds out who drives the calls.
    finding: tokio::sync::Mutex<()>,
    /// The timer has to look again.
    moved: Arc<Notify>,
}

struct State {
    seat: Seat,
    /// The highest number of a lease that was seen: who speaks for an older one is not heard.
    epoch: u64,
    /// The sockets here of devices that have said something about calls, with their numbers.
    links: HashMap<(UserId, ClientId), (u64, Arc<Link>)>,
    /// The number of the newest socket.
    sockets: u64,
    known: HashMap<CallId, Known>,
    pending: Pending,
    /// The driver whose lease did not hold when it was last looked at.
    doubted: Option<Route>,
    /// When it was looked last who drives the calls.
    looked: Option<Duration>,
    /// Until when the timer sleeps; `None`: until it is called.
    sleeps_until: Option<Duration>,
    closed: bool,
}

impl State {
    fn new() -> Self {
        let (links, known, pending) = Default::default();
        Self {
            seat: Seat::Nobody,
            epoch: 0,
            links,
            sockets: 0,
            known,
            pending,
            doubted: None,
            looked: None,
            sleeps_until: None,
            closed: false,
        }
    }

    fn link(&self, user: UserId, device: ClientId) -> Option<Arc<Link>> {
        self.links.get(&(user, device)).map(|(_, link)| Arc::clone(link))
    }

    fn due(&self) -> Option<Duration> {
        if let Seat::Own(board) = &self.seat { board.due() } else { None }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.moved.notify_one();
    }
}

/// A panic while the lock was held leaves plain maps and a machine behind, which are as good as before.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where the room of a call is, for somebody who comes.
pub(crate) enum Door {
    /// Here, as it stands before them; or they are not let in.
    Here(Result<Room>, u64),
    /// At the node that drives the calls, which decides who is let in.
    There(Room, Route),
}

/// The room of a call, of which nothing is kept.
fn call_room(call: CallId, code: RoomCode, caller: UserId, now: Timestamp) -> Room {
    Room {
        id: RoomId(call.uuid()),
        code,
        title: String::new(),
        owner_id: caller,
        conversation_id: None,
        guests: false,
        lobby: Lobby::Off,
        locked: false,
        has_password: false,
        created_at: now,
        co_hosts: Vec::new(),
        scheduled: false,
    }
}

impl Calls {
    /// The calls of a node, with the jobs that end with it.
    pub(crate) fn new(rony: Rony, clock: Arc<dyn Clock>, meetings: Meetings) -> Self {
        let ledger = Ledger::open(rony.clone(), Arc::clone(&clock));
        let (went, gone) = mpsc::unbounded_channel();
        let (node, state, finding, moved) =
            (rony.node(), Mutex::new(State::new()), Default::default(), Default::default());
        let shared = Arc::new(Shared { rony, node, clock, meetings, ledger, state, finding, moved });
        tokio::spawn(keep_time(Arc::downgrade(&shared)));
        tokio::spawn(hear_who_went(Arc::downgrade(&shared), gone));
        tokio::spawn(nodes::tend(Arc::downgrade(&shared)));
        let keeper = Arc::downgrade(&shared);
        let door = Box::new(move |code, user| {
            let shared = keeper.upgrade()?;
            let state = lock(&shared.state);
            shared.admits(&state, code, user)
        });
        let hearer = Arc::downgrade(&shared);
        let hear = Box::new(move |letter| {
            if let Some(shared) = hearer.upgrade() {
                shared.receive(letter);
            }
        });
        shared.meetings.serve_calls(went, hear, door);
        Self { shared }
    }

    /// The room of a call, for somebody who comes to it; `None`: no call meets there, as far as this node knows.
    pub(crate) fn door(&self, code: RoomCode, user: Option<UserId>) -> Option<Door> {
        let state = lock(&self.shared.state);
        match &state.seat {
            Seat::Nobody => None,
            Seat::Own(board) => {
                board.rooms.get(&code)?;
                let epoch = board.epoch;
                let room = user.and_then(|user| self.shared.admits(&state, code, user));
                let unknown = || Error::conflict("room_unknown", "There is no meeting with this code.");
                Some(Door::Here(room.map(|(room, _)| room).ok_or_else(unknown), epoch))
            }
            Seat::There(route) => {
                let (call, known) = state.known.iter().find(|(_, known)| known.room == code)?;
                let room = call_room(*call, code, known.caller, self.shared.clock.now());
                Some(Door::There(room, *route))
            }
        }
    }

    /// Where to ask about a room that nobody here knows: it may be that of a call of which this node was not told, since its people were at
    /// others.
    pub(crate) fn door_elsewhere(&self, code: RoomCode, user: UserId) -> Option<Door> {
        let Seat::There(route) = lock(&self.shared.state).seat else { return None };
        let nobody = CallId(uuid::Uuid::nil());
        Some(Door::There(call_room(nobody, code, user, self.shared.clock.now()), route))
    }

    /// Ends all calls that this node drives in good order, and waits until they are written down.
    pub(crate) async fn close(&self) {
        self.give_up().await;
        self.shared.moved.notify_one();
        self.shared.ledger.written().await;
    }

    /// A socket says for the first time which device it is; its number.
    fn connect(&self, link: &Arc<Link>, device: ClientId) -> u64 {
        let mut state = lock(&self.shared.state);
        state.sockets += 1;
        let socket = state.sockets;
        state.links.insert((link.user(), device), (socket, Arc::clone(link)));
        socket
    }

    /// A socket is gone. Its device stays in its calls for a while.
    fn lost(&self, user: UserId, device: ClientId, socket: u64) {
        let mut state = lock(&self.shared.state);
        if state.links.get(&(user, device)).is_some_and(|(number, _)| *number == socket) {
            state.links.remove(&(user, device));
            state.pending.retain(|(asker, its, _), _| (*asker, *its) != (user, device));
        }
        // The board knows whether the device was on this one.
        self.shared.ask_if_known(&mut state, Ask { user, device, socket, what: What::Lost });
    }

    /// Somebody calls all others in a conversation.
    async fn invite(
        &self,
        actor: &Actor,
        (user, device, socket): (UserId, ClientId, u64),
        (call, conversation, video): (CallId, ConversationId, bool),
    ) -> Result<()> {
        let called = self.shared.rony.calls().begin(actor, call, conversation, video).await;
        let known = || match &lock(&self.shared.state).seat {
            Seat::Own(board) => board.switchboard.info(call).is_some(),
            _ => false,
        };
        let callees = match called {
            Err(_) if known() => Vec::new(),
            called => called?,
        };
        let those = |ringing: Ringing| {
            callees.iter().filter(move |it| it.ringing == ringing).map(|it| it.user_id).collect()
        };
        let invitation = Invitation {
            call,
            conversation,
            video,
            room: RoomCode::random()?,
            callees: callees.iter().map(|callee| callee.user_id).collect(),
            quiet: those(Ringing::Quiet),
            unheard: those(Ringing::Unheard),
        };
        self.shared.ask(Ask { user, device, socket, what: What::Invite(invitation) }).await
    }

    /// Somebody answers. Who is not in the conversation any more, in which it rang, declines.
    async fn accept(&self, (user, device, socket): (UserId, ClientId, u64), call: CallId) -> Result<()> {
        let known = lock(&self.shared.state).known.get(&call).and_then(|known| known.conversation);
        let stays = match known {
            Some(place) => !self.shared.rony.rooms().members(&[(place, user)]).await?.is_empty(),
            None => true,
        };
        let what = if stays { What::Accept { call } } else { What::Decline { call } };
        self.shared.ask(Ask { user, device, socket, what }).await
    }
}

/// Wakes the switchboard when something is due.
async fn keep_time(shared: Weak<Shared>) {
    loop {
        let Some(strong) = shared.upgrade() else { return };
        let clock = Arc::clone(&strong.clock);
        let due = {
            let mut state = lock(&strong.state);
            if state.closed {
                return;
            }
            if state.due().is_some_and(|due| due <= clock.elapsed()) {
                strong.tick(&mut state);
            }
            state.sleeps_until = state.due();
            state.sleeps_until
        };
        // Without a handle of all this while it waits: it must not be what keeps it alive.
        let moved = Arc::clone(&strong.moved);
        drop(strong);
        let moved = moved.notified();
        match due {
            None => moved.await,
            Some(due) => {
                let rest = due.saturating_sub(clock.elapsed());
                tokio::select! {
                    () = clock.sleep(rest) => {}
                    () = moved => {}
                }
            }
        }
    }
}

/// Whoever has left the room of a call for good has hung up.
async fn hear_who_went(shared: Weak<Shared>, mut gone: mpsc::UnboundedReceiver<(RoomCode, UserId)>) {
    while let Some((room, user)) = gone.recv().await {
        let Some(shared) = shared.upgrade() else { return };
        let mut state = lock(&shared.state);
        let Seat::Own(board) = &state.seat else { continue };
        if let Some(call) = board.rooms.get(&room).copied() {
            shared.handle(&mut state, Input::HangUp { call, user });
        }
    }
}
