//! What the node does that drives the calls of the installation: it tells the switchboard what devices say, wherever they are connected, and does
//! what the switchboard says.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use rony_core::{
    call::EndCall,
    id::{CallId, ClientId, ConversationId, NodeId, UserId},
    room::RoomCode,
};
use rony_rtc::{
    call::{Audience, CallEvent, CallRecord, CallRefused, Effect, EndReason, Input, Invite, Switchboard},
    id::ConnectionId,
    now::Now,
};

use super::{
    Shared, State, call_room,
    ledger::Note,
    nodes::{Ask, Invitation, Seat, To, Told, What},
};

/// How long a device that lost its connection stays in its calls: as long as a room keeps its seat.
const GRACE: Duration = Duration::from_secs(30);

/// Each time after so many, calls that go on are marked as driven by somebody: well within [`rony_core::call::LEASE`].
const RENEWAL: u32 = 4;

/// See the module's documentation.
pub(super) struct Board {
    /// The number of the lease.
    pub(super) epoch: u64,
    pub(super) switchboard: Switchboard,
    /// Which call meets in a room.
    pub(super) rooms: HashMap<RoomCode, CallId>,
    devices: HashMap<ConnectionId, Device>,
    numbers: HashMap<(UserId, ClientId), ConnectionId>,
    next: u64,
    /// How often everything was compared with what is kept.
    beats: u32,
    /// The other nodes, as far as they are known.
    pub(super) nodes: HashSet<NodeId>,
    /// Since when nothing has happened.
    pub(super) idle_since: Duration,
}

/// A device that has said something about calls.
struct Device {
    user: UserId,
    name: ClientId,
    /// The node that has its socket.
    node: NodeId,
    /// The number of the socket there.
    socket: u64,
    /// Since when it has none.
    lost: Option<Duration>,
}

impl Board {
    pub(super) fn new(epoch: u64, now: Duration) -> Self {
        let (switchboard, rooms, devices, numbers, nodes) = Default::default();
        Self { epoch, switchboard, rooms, devices, numbers, next: 0, beats: 0, nodes, idle_since: now }
    }

    /// Called each time when everything is compared with what is kept: the calls that are to be renewed now.
    pub(super) fn beat(&mut self) -> Vec<CallId> {
        self.beats = self.beats.wrapping_add(1);
        if self.beats % RENEWAL == 1 { self.switchboard.ids().collect() } else { Vec::new() }
    }

    /// The number by which the switchboard knows the device that says something.
    fn bind(&mut self, from: NodeId, ask: &Ask) -> ConnectionId {
        let number = *self.numbers.entry((ask.user, ask.device)).or_insert_with(|| {
            self.next += 1;
            ConnectionId { node: from, number: self.next }
        });
        let device = self.devices.entry(number).or_insert_with(|| Device {
            user: ask.user,
            name: ask.device,
            node: from,
            socket: ask.socket,
            lost: None,
        });
        // What was said on a connection before this one may be late: the device is where it says that it has come, and at one node on its newest
        // connection. Tabs that were doubled say that they are the same device.
        let newest = if device.node == from {
            ask.socket >= device.socket
        } else {
            matches!(ask.what, What::Here { .. })
        };
        if device.lost.is_some() || newest {
            (device.node, device.socket, device.lost) = (from, ask.socket, None);
        }
        number
    }

    /// A socket is gone. Its device stays in its calls for a while.
    fn lost(&mut self, from: NodeId, ask: &Ask, now: Duration) {
        let Some(number) = self.numbers.get(&(ask.user, ask.device)).copied() else { return };
        let Some(device) = self.devices.get_mut(&number) else { return };
        if (device.node, device.socket) != (from, ask.socket) {
            return;
        }
        device.lost = Some(now);
        if self.switchboard.calls_of(ask.user, number).next().is_none() {
            self.forget(number);
        }
    }

    fn forget(&mut self, number: ConnectionId) {
        if let Some(device) = self.devices.remove(&number) {
            self.numbers.remove(&(device.user, device.name));
        }
    }

    /// These are the nodes that there are: those that are new. The devices at one that is gone are without a connection.
    pub(super) fn sees_nodes(&mut self, nodes: HashSet<NodeId>, now: Duration) -> Vec<NodeId> {
        for device in self.devices.values_mut() {
            if self.nodes.contains(&device.node) && !nodes.contains(&device.node) {
                device.lost.get_or_insert(now);
            }
        }
        let new = nodes.difference(&self.nodes).copied().collect();
        self.nodes = nodes;
        new
    }

    /// The other nodes at which somebody may have devices.
    fn nodes_of(&self, own: NodeId, user: UserId) -> HashSet<NodeId> {
        let devices = self.devices.values().filter(|device| device.user == user && device.lost.is_none());
        let nodes = devices.map(|device| device.node).chain(self.nodes.iter().copied());
        nodes.filter(|node| *node != own).collect()
    }

    /// When something is to be done without anybody asking for it.
    pub(super) fn due(&self) -> Option<Duration> {
        let lost = self.devices.values().filter_map(|device| device.lost).min().map(|since| since + GRACE);
        [self.switchboard.next_due(), lost].into_iter().flatten().min()
    }

    /// To whom something goes: to a device by the name that its person's nodes know.
    fn addressed(&self, to: Audience) -> Option<(Option<NodeId>, To)> {
        let device = |number: ConnectionId| self.devices.get(&number);
        Some(match to {
            Audience::Device(user, number) => {
                let device = device(number).filter(|device| device.lost.is_none())?;
                (Some(device.node), To::Device(user, device.name))
            }
            Audience::User(user) => (None, To::User(user)),
            Audience::Others(user, number) => match device(number) {
                Some(device) => (None, To::Others(user, device.name)),
                None => (None, To::User(user)),
            },
        })
    }

    /// Who is in calls of conversations that were accepted; and who is in those, or rung by them, that were not.
    pub(super) fn whereabouts(&self) -> (Vec<Whereabouts>, Vec<Whereabouts>) {
        let (mut talking, mut waiting) = (Vec::new(), Vec::new());
        for call in self.switchboard.ids() {
            let Some(place) = self.switchboard.info(call).and_then(|info| info.conversation) else {
                continue;
            };
            let those = |people: Vec<UserId>| people.into_iter().map(move |user| (call, place, user));
            let answered = self.switchboard.is_answered(call);
            if answered { &mut talking } else { &mut waiting }.extend(those(self.switchboard.people(call)));
            waiting.extend(those(self.switchboard.rung(call)));
        }
        (talking, waiting)
    }
}

/// Somebody in a call of a conversation.
pub(super) type Whereabouts = (CallId, ConversationId, UserId);

impl Shared {
    /// A device says something, by way of a node.
    pub(super) fn hear(&self, state: &mut State, from: NodeId, ask: Ask) {
        let now = self.clock.elapsed();
        let Seat::Own(board) = &mut state.seat else { return };
        if matches!(ask.what, What::Lost) {
            board.lost(from, &ask, now);
            self.moved.notify_one();
            return;
        }
        let (user, device) = (ask.user, board.bind(from, &ask));
        let input = match ask.what {
            What::Here { calls } => return self.here(state, user, device, &calls),
            What::Invite(invitation) => return self.invited(state, user, device, invitation),
            What::Accept { call } => Input::Accept { call, user, device },
            What::Decline { call } => Input::Decline { call, user },
            What::HangUp { call } => Input::HangUp { call, user },
            What::Hold { call, on } => Input::Hold { call, user, on },
            What::Video { call, on } => Input::Video { call, user, on },
            What::Lost => return,
        };
        self.handle(state, input);
    }

    /// A device has connected: what it has to know is told to it.
    fn here(&self, state: &mut State, user: UserId, device: ConnectionId, believed: &[CallId]) {
        self.handle(state, Input::Online { user, device });
        for call in believed {
            let Seat::Own(board) = &state.seat else { return };
            let board = &board.switchboard;
            let is_in = board.calls_of(user, device).any(|own| own == *call);
            if is_in || board.rings(*call, user) {
                continue;
            }
            let elsewhere = board.concerns(*call, user);
            let reason = if elsewhere { EndReason::AnsweredElsewhere } else { EndReason::HungUp };
            let event = CallEvent::Ended { call: *call, reason };
            self.tell(state, Audience::Device(user, device), Told::Event(event));
        }
    }

    /// Somebody calls all others in a conversation; the call is written down already.
    fn invited(&self, state: &mut State, caller: UserId, device: ConnectionId, invitation: Invitation) {
        let Invitation { call, conversation, video, room, callees, quiet, unheard } = invitation;
        let invite = Invite {
            call,
            caller,
            device,
            callees,
            video,
            room,
            conversation: Some(conversation),
            do_not_disturb: quiet,
            unheard,
        };
        let rings = self.handle(state, Input::Invite(invite));
        let Seat::Own(board) = &state.seat else { return };
        if !rings && board.switchboard.info(call).is_none() {
            // It was refused, or has become the answer to a call of the other side; it is not one that another device of theirs began just now.
            self.ledger.note(Note::Forget(call));
        }
    }

    /// Tells the switchboard what happened, and does what it says. Whether the call of an invitation is one now.
    pub(super) fn handle(&self, state: &mut State, input: Input) -> bool {
        let invited = if let Input::Invite(invite) = &input { Some(invite.call) } else { None };
        let now = Now::of(&*self.clock);
        let Seat::Own(board) = &mut state.seat else { return false };
        let mut rings = false;
        for effect in board.switchboard.handle(now, input) {
            rings |= self.carry_out(state, now, invited, effect);
        }
        let Seat::Own(board) = &mut state.seat else { return rings };
        board.idle_since = now.elapsed;
        let due = board.due();
        if due.is_some_and(|due| state.sleeps_until.is_none_or(|until| due < until)) {
            self.moved.notify_one();
        }
        rings
    }

    fn carry_out(&self, state: &mut State, now: Now, invited: Option<CallId>, effect: Effect) -> bool {
        let Seat::Own(board) = &mut state.seat else { return false };
        let mut rings = false;
        match effect {
            Effect::Tell { to, event } => {
                match &event {
                    CallEvent::Calling(info) => {
                        rings = Some(info.call) == invited;
                        board.rooms.insert(info.room, info.call);
                    }
                    CallEvent::Accepted { call, user } => {
                        self.ledger.note(Note::Answered(*call, *user, now.at));
                    }
                    CallEvent::Left { call, user } => {
                        // Whatever their device does with its seat: the others were told that they hear nothing any more.
                        if let Some(info) = board.switchboard.info(*call) {
                            self.meetings.remove(info.room, *user);
                        }
                    }
                    _ => {}
                }
                self.tell(state, to, Told::Event(event));
            }
            Effect::Refuse { device, user, call, error } => {
                let to = device.map_or(Audience::User(user), |device| Audience::Device(user, device));
                self.tell(state, to, Told::Refused(CallRefused::new(call, error)));
            }
            Effect::Log(record) => {
                board.rooms.remove(&record.info.room);
                self.meetings.ended(record.info.room);
                self.ledger.note(Note::Ended(ended(record)));
            }
            _ => {}
        }
        rings
    }

    /// Tells people something, at whichever nodes they are connected.
    fn tell(&self, state: &mut State, to: Audience, told: Told) {
        let Seat::Own(board) = &state.seat else { return };
        let Some((node, to)) = board.addressed(to) else { return };
        match node {
            Some(node) if node != self.node => self.write_to(node, board.epoch, to, told),
            Some(_) => self.deliver(state, to, &told),
            None => {
                for node in board.nodes_of(self.node, to.user()) {
                    self.write_to(node, board.epoch, to, told.clone());
                }
                self.deliver(state, to, &told);
            }
        }
    }

    /// Looks at which nodes there are. Devices at one that is new may have come before anybody could tell them that they are rung.
    pub(super) fn see_nodes(&self, state: &mut State, nodes: HashSet<NodeId>) {
        let now = Now::of(&*self.clock);
        let Seat::Own(board) = &mut state.seat else { return };
        for node in board.sees_nodes(nodes, now.elapsed) {
            for (user, event) in board.switchboard.rings_now(now) {
                self.write_to(node, board.epoch, To::User(user), Told::Event(event));
            }
        }
    }

    /// Does what is due.
    pub(super) fn tick(&self, state: &mut State) {
        let now = self.clock.elapsed();
        self.handle(state, Input::Tick);
        let Seat::Own(board) = &mut state.seat else { return };
        let is_gone = |device: &Device| device.lost.is_some_and(|since| since + GRACE <= now);
        let gone = board.devices.iter().filter(|(_, device)| is_gone(device));
        let gone: Vec<(ConnectionId, UserId)> = gone.map(|(number, device)| (*number, device.user)).collect();
        for (number, user) in gone {
            let Seat::Own(board) = &mut state.seat else { return };
            let calls: Vec<CallId> = board.switchboard.calls_of(user, number).collect();
            board.forget(number);
            for call in calls {
                self.handle(state, Input::HangUp { call, user });
            }
        }
    }

    /// All hang up, since this node does not drive calls any more.
    pub(super) fn hang_up_all(&self, state: &mut State) {
        let Seat::Own(board) = &state.seat else { return };
        let board = &board.switchboard;
        let all: Vec<_> = board
            .ids()
            .flat_map(|call| board.people(call).into_iter().map(move |user| (call, user)))
            .collect();
        for (call, user) in all {
            self.handle(state, Input::HangUp { call, user });
        }
    }

    /// The room of a call as it stands before somebody who comes to it; `None`: they are not let in, or there is no such room.
    pub(super) fn admits(
        &self,
        state: &State,
        code: RoomCode,
        user: UserId,
    ) -> Option<(rony_core::room::Room, u64)> {
        let Seat::Own(board) = &state.seat else { return None };
        let call = *board.rooms.get(&code)?;
        let info = board.switchboard.info(call).filter(|_| board.switchboard.admits(call, user))?;
        Some((call_room(call, code, info.caller, self.clock.now()), board.epoch))
    }
}

fn ended(record: CallRecord) -> EndCall {
    let CallRecord { info, outcome, callees, answered_at, ended_at, .. } = record;
    EndCall { id: info.call, outcome, callees, video: info.video, answered_at, ended_at }
}
