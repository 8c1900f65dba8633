//! Calls that ring or go on at the moment: drives the switchboard of `rony-rtc`, which knows neither sockets nor clocks.
//!
//! A call is written down before it rings ([`Rony::calls`]), and who is in it meets in a room that is kept nowhere: its door
//! ([`Calls::door`]) is open for those whom the switchboard counts in. Everything else here can be lost with the process; the log then says
//! that whoever was rung has missed the call.
//!
//! The switchboard is told everything in one order, under one lock, and what it says goes into the sockets' queues before the lock is given
//! up. [`speaker`] is what a socket says, [`ledger`] what is written down, one after the other.

mod ledger;
mod speaker;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use rony_core::{
    Error, Result, Rony,
    actor::Actor,
    call::{EndCall, Ringing},
    hub::Link,
    id::{CallId, ClientId, ConversationId, RoomId, UserId},
    room::{Lobby, Room, RoomCode},
    time::Clock,
    wire::ServerFrame,
};
use rony_rtc::{
    call::{Audience, CallEvent, CallRecord, CallRefused, Effect, EndReason, Input, Invite, Switchboard},
    id::ConnectionId,
    now::Now,
};
use serde::Serialize;
use tokio::{
    sync::{Notify, mpsc},
    time::{MissedTickBehavior, interval, timeout},
};

use self::ledger::{Ledger, Note};
pub(crate) use self::speaker::Speaker;
use crate::meetings::Meetings;

/// How long a device that lost its connection stays in its calls: as long as a room keeps its seat.
const GRACE: Duration = Duration::from_secs(30);
/// How often calls that go on are marked as driven by somebody, well within [`rony_core::call::LEASE`].
const RENEWAL: Duration = Duration::from_secs(30);
/// How often the people of calls are compared with the members of their conversations.
const TEND: Duration = Duration::from_millis(1500);
/// How long the database may take for that.
const PATIENCE: Duration = Duration::from_secs(5);

/// The calls of this node. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Calls {
    shared: Arc<Shared>,
}

struct Shared {
    rony: Rony,
    clock: Arc<dyn Clock>,
    meetings: Meetings,
    ledger: Ledger,
    state: Mutex<State>,
    /// The timer has to look again.
    moved: Arc<Notify>,
}

#[derive(Default)]
struct State {
    board: Switchboard,
    /// Which call meets in a room.
    rooms: HashMap<RoomCode, CallId>,
    devices: HashMap<ConnectionId, Device>,
    numbers: HashMap<(UserId, ClientId), ConnectionId>,
    next: u64,
    renewed: Duration,
    /// Until when the timer sleeps; `None`: until it is called.
    sleeps_until: Option<Duration>,
    closed: bool,
}

/// A device that has said something about calls.
struct Device {
    user: UserId,
    name: ClientId,
    /// Its socket; or since when it has none.
    link: Result<Arc<Link>, Duration>,
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

impl Calls {
    /// The calls of a node, with the jobs that end with it.
    pub(crate) fn new(rony: Rony, clock: Arc<dyn Clock>, meetings: Meetings) -> Self {
        let ledger = Ledger::open(rony.clone(), Arc::clone(&clock));
        let (went, gone) = mpsc::unbounded_channel();
        meetings.tell_who_went(went);
        let (state, moved) = Default::default();
        let shared = Arc::new(Shared { rony, clock, meetings, ledger, state, moved });
        tokio::spawn(keep_time(Arc::downgrade(&shared)));
        tokio::spawn(hear_who_went(Arc::downgrade(&shared), gone));
        tokio::spawn(tend(Arc::downgrade(&shared)));
        Self { shared }
    }

    /// The room of a call as it stands before somebody who comes to it; `None`: no call meets there.
    pub(crate) fn door(&self, code: RoomCode, user: Option<UserId>) -> Option<Result<Room>> {
        let state = lock(&self.shared.state);
        let call = *state.rooms.get(&code)?;
        let admitted = user.is_some_and(|user| state.board.admits(call, user));
        let info = state.board.info(call).filter(|_| admitted);
        let unknown = || Error::conflict("room_unknown", "There is no meeting with this code.");
        Some(info.ok_or_else(unknown).map(|info| Room {
            id: RoomId(call.uuid()),
            code,
            title: String::new(),
            owner_id: info.caller,
            conversation_id: None,
            guests: false,
            lobby: Lobby::Off,
            locked: false,
            has_password: false,
            created_at: self.shared.clock.now(),
            co_hosts: Vec::new(),
            scheduled: false,
        }))
    }

    /// Ends all calls in good order, and waits until they are written down.
    pub(crate) async fn close(&self) {
        {
            let mut state = lock(&self.shared.state);
            state.closed = true;
            let calls: Vec<CallId> = state.board.ids().collect();
            for call in calls {
                for user in state.board.people(call) {
                    self.shared.handle(&mut state, Input::HangUp { call, user });
                }
            }
        }
        self.shared.moved.notify_one();
        self.shared.ledger.written().await;
    }

    /// The number by which the switchboard knows a device, which has this socket now.
    fn connect(&self, link: &Arc<Link>, name: ClientId) -> ConnectionId {
        let mut state = lock(&self.shared.state);
        let user = link.user();
        let (next, node) = (state.next + 1, self.shared.rony.node());
        let connection = *state.numbers.entry((user, name)).or_insert(ConnectionId { node, number: next });
        state.next = next;
        state.devices.insert(connection, Device { user, name, link: Ok(Arc::clone(link)) });
        connection
    }

    /// A socket is gone. Its device stays in its calls for a while.
    fn lost(&self, link: &Link, connection: ConnectionId) {
        let mut state = lock(&self.shared.state);
        let now = self.shared.clock.elapsed();
        if let Some(device) = state.devices.get_mut(&connection)
            && device.link.as_ref().is_ok_and(|own| own.id() == link.id())
        {
            device.link = Err(now);
            let user = device.user;
            if state.board.calls_of(user, connection).next().is_none() {
                state.forget(connection);
            }
        }
        drop(state);
        self.shared.moved.notify_one();
    }

    /// A device has connected: what it has to know is told to it.
    fn here(&self, user: UserId, device: ConnectionId, believed: &[CallId]) {
        let mut state = lock(&self.shared.state);
        self.shared.handle(&mut state, Input::Online { user, device });
        for call in believed {
            let is_in = state.board.calls_of(user, device).any(|own| own == *call);
            if is_in || state.board.rings(*call, user) {
                continue;
            }
            let elsewhere = state.board.concerns(*call, user);
            let reason = if elsewhere { EndReason::AnsweredElsewhere } else { EndReason::HungUp };
            let event = CallEvent::Ended { call: *call, reason };
            self.shared.tell(&state, Audience::Device(user, device), &event);
        }
    }

    /// Somebody calls all others in a conversation.
    async fn invite(
        &self,
        actor: &Actor,
        caller: UserId,
        device: ConnectionId,
        (call, conversation, video): (CallId, ConversationId, bool),
    ) -> Result<()> {
        let known = lock(&self.shared.state).board.info(call).is_some();
        let callees = if known {
            Vec::new()
        } else {
            self.shared.rony.calls().begin(actor, call, conversation, video).await?
        };
        let those = |ringing: Ringing| {
            callees.iter().filter(move |it| it.ringing == ringing).map(|it| it.user_id).collect()
        };
        let invite = Invite {
            call,
            caller,
            device,
            callees: callees.iter().map(|callee| callee.user_id).collect(),
            video,
            room: RoomCode::random()?,
            conversation: Some(conversation),
            do_not_disturb: those(Ringing::Quiet),
            unheard: those(Ringing::Unheard),
        };
        let mut state = lock(&self.shared.state);
        if state.closed {
            if !known {
                self.shared.ledger.note(Note::Forget(call));
            }
            return Err(Error::unavailable(
                "The server is restarting. Try again in a moment.",
                "it is closing",
            ));
        }
        let rings = self.shared.handle(&mut state, Input::Invite(invite));
        if !known && !rings && state.board.info(call).is_none() {
            // It was refused, or has become the answer to a call of the other side; it is not one that another device of theirs began just now.
            self.shared.ledger.note(Note::Forget(call));
        }
        Ok(())
    }

    /// Somebody answers. Who is not in the conversation any more, in which it rang, declines.
    async fn accept(&self, call: CallId, user: UserId, device: ConnectionId) -> Result<()> {
        let conversation = lock(&self.shared.state).board.info(call).and_then(|info| info.conversation);
        let stays = match conversation {
            Some(conversation) => {
                !self.shared.rony.rooms().members(&[(conversation, user)]).await?.is_empty()
            }
            None => true,
        };
        self.input(if stays { Input::Accept { call, user, device } } else { Input::Decline { call, user } });
        Ok(())
    }

    fn input(&self, input: Input) {
        let mut state = lock(&self.shared.state);
        self.shared.handle(&mut state, input);
    }
}

impl State {
    fn forget(&mut self, connection: ConnectionId) {
        if let Some(device) = self.devices.remove(&connection) {
            self.numbers.remove(&(device.user, device.name));
        }
    }

    /// When something is to be done without anybody asking for it.
    fn due(&self) -> Option<Duration> {
        let lost = self.devices.values().filter_map(|device| device.link.as_ref().err());
        let lost = lost.min().map(|since| *since + GRACE);
        let renewal = (!self.board.is_empty()).then(|| self.renewed + RENEWAL);
        [self.board.next_due(), lost, renewal].into_iter().flatten().min()
    }
}

impl Shared {
    /// Tells the switchboard what happened, and does what it says. Whether the call of an invitation is one now.
    fn handle(&self, state: &mut State, input: Input) -> bool {
        let invited = if let Input::Invite(invite) = &input { Some(invite.call) } else { None };
        let now = Now::of(&*self.clock);
        if state.board.is_empty() {
            state.renewed = now.elapsed;
        }
        let effects = state.board.handle(now, input);
        let mut rings = false;
        for effect in effects {
            match effect {
                Effect::Tell { to, event } => {
                    match &event {
                        CallEvent::Calling(info) => {
                            rings |= Some(info.call) == invited;
                            state.rooms.insert(info.room, info.call);
                        }
                        CallEvent::Accepted { call, user } => {
                            self.ledger.note(Note::Answered(*call, *user, now.at));
                        }
                        CallEvent::Left { call, user } => {
                            // Whatever their device does with its seat: the others were told that they hear nothing any more.
                            if let Some(info) = state.board.info(*call) {
                                self.meetings.remove(info.room, *user);
                            }
                        }
                        _ => {}
                    }
                    self.tell(state, to, &event);
                }
                Effect::Refuse { device, user, call, error } => {
                    let to = device.map_or(Audience::User(user), |device| Audience::Device(user, device));
                    let code = serde_json::to_value(error).expect("plain data");
                    let code = code.as_str().unwrap_or_default().to_owned();
                    self.tell(state, to, &CallRefused { call, code, detail: error.to_string() });
                }
                Effect::Log(record) => {
                    state.rooms.remove(&record.info.room);
                    self.meetings.ended(record.info.room);
                    self.ledger.note(Note::Ended(ended(record)));
                }
                _ => {}
            }
        }
        let due = state.due();
        if due.is_some_and(|due| state.sleeps_until.is_none_or(|until| due < until)) {
            self.moved.notify_one();
        }
        rings
    }

    fn tell(&self, state: &State, to: Audience, message: &impl Serialize) {
        let message = serde_json::to_value(message).expect("messages are plain data");
        let frame = ServerFrame::Call { message }.encode();
        let link_of = |device| state.devices.get(&device).and_then(|device| device.link.as_ref().ok());
        match to {
            Audience::Device(_, device) => {
                link_of(device).map(|link| link.send(frame));
            }
            Audience::User(user) => {
                self.rony.hub().links_of(user).iter().for_each(|link| _ = link.send(frame.clone()));
            }
            Audience::Others(user, device) => {
                let own = link_of(device).map(|link| link.id());
                let links = self.rony.hub().links_of(user);
                let others = links.iter().filter(|link| Some(link.id()) != own);
                others.for_each(|link| _ = link.send(frame.clone()));
            }
        }
    }

    /// Does what is due.
    fn tick(&self, state: &mut State) {
        let now = self.clock.elapsed();
        self.handle(state, Input::Tick);
        let gone = |device: &Device| device.link.as_ref().is_err_and(|since| *since + GRACE <= now);
        let gone: Vec<(ConnectionId, UserId)> = state
            .devices
            .iter()
            .filter(|(_, device)| gone(device))
            .map(|(number, device)| (*number, device.user))
            .collect();
        for (connection, user) in gone {
            let calls: Vec<CallId> = state.board.calls_of(user, connection).collect();
            for call in calls {
                self.handle(state, Input::HangUp { call, user });
            }
            state.forget(connection);
        }
        if !state.board.is_empty() && state.renewed + RENEWAL <= now {
            state.renewed = now;
            self.ledger.note(Note::Renew(state.board.ids().collect()));
        }
    }
}

impl Shared {
    /// Whoever has left the conversation of a call, or was taken out of it, hangs up; who is still rung is so no more. A call in a direct
    /// conversation ends as well when one of the two blocks the other.
    async fn see_who_stays(&self) -> Result<()> {
        let (talking, waiting) = self.whereabouts();
        let places = |people: &[(CallId, ConversationId, UserId)]| -> Vec<_> {
            people.iter().map(|(_, place, user)| (*place, *user)).collect()
        };
        let mut outside: HashSet<_> =
            self.rony.calls().outside(&places(&talking)).await?.into_iter().collect();
        // That somebody has blocked the caller is nothing that the caller may see: of a call that still rings only members are asked for.
        let waiting_places = places(&waiting);
        let members: HashSet<_> = self.rony.rooms().members(&waiting_places).await?.into_iter().collect();
        outside.extend(waiting_places.into_iter().filter(|one| !members.contains(one)));
        let mut state = lock(&self.state);
        for (call, place, user) in talking.into_iter().chain(waiting) {
            if outside.contains(&(place, user)) {
                self.handle(&mut state, Input::HangUp { call, user });
            }
        }
        Ok(())
    }

    /// Who is in calls of conversations that were accepted; and who is in those, or rung by them, that were not.
    fn whereabouts(&self) -> (Vec<(CallId, ConversationId, UserId)>, Vec<(CallId, ConversationId, UserId)>) {
        let (mut talking, mut waiting) = (Vec::new(), Vec::new());
        let state = lock(&self.state);
        for call in state.board.ids() {
            let Some(place) = state.board.info(call).and_then(|info| info.conversation) else { continue };
            let those = |people: Vec<UserId>| people.into_iter().map(move |user| (call, place, user));
            let answered = state.board.is_answered(call);
            if answered { &mut talking } else { &mut waiting }.extend(those(state.board.people(call)));
            waiting.extend(those(state.board.rung(call)));
        }
        (talking, waiting)
    }
}

/// Keeps what goes on here in step with what is kept.
async fn tend(shared: Weak<Shared>) {
    let mut beat = interval(TEND);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        let Some(shared) = shared.upgrade() else { return };
        match timeout(PATIENCE, shared.see_who_stays()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "calls could not be compared with what is kept"),
            Err(_) => tracing::warn!("calls could not be compared with what is kept in time"),
        }
    }
}

fn ended(record: CallRecord) -> EndCall {
    let CallRecord { info, outcome, callees, answered_at, ended_at, .. } = record;
    EndCall { id: info.call, outcome, callees, video: info.video, answered_at, ended_at }
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
        if let Some(call) = state.rooms.get(&room).copied() {
            shared.handle(&mut state, Input::HangUp { call, user });
        }
    }
}
