//! Calls over several nodes. One of them drives all calls of the installation: whoever has the lease of the switchboard, which is one of those that
//! rooms have, with the same epochs and the same mail.
//!
//! What a device says is **asked** of the driver, by mail where that is another node; what the driver says comes back to every node
//! that may have a device of the person. Mail is in the database, so a bus that says nothing makes it slower. An invitation and an answer are asked
//! again until something is said about the call: whatever became of the mail, or of the driver. Asked twice, they are one.
//!
//! A driver that falls silent loses its lease. The nodes that see it tell their devices that the calls are over; who was rung has missed
//! them, which the log says as soon as nobody renews them. The next invitation makes another node the driver.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{Arc, Weak},
    time::Duration,
};

use rony_core::{
    Error, Result,
    id::{CallId, ClientId, ConversationId, NodeId, UserId},
    room::{Mail, RoomCode, SWITCHBOARD},
};
use rony_rtc::call::{CallError, CallEvent, CallRefused, EndReason, Input};
use serde::{Deserialize, Serialize};
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::{Calls, Shared, State, board::Board, ledger::Note, lock};
use crate::meetings::{LEASE, PATIENCE, TEND};

/// How long the lease is kept when there are no calls.
const IDLE: Duration = Duration::from_secs(60);
/// How long an answer may take until it is asked again.
const AGAIN: Duration = Duration::from_secs(5);
/// How long it is taken for true that nobody drives calls: after a failure of the network everybody comes back at once, and asks.
const FRESH: Duration = Duration::from_millis(250);
/// How often somebody is looked for who drives, when those who are found have just given it up.
const TRIES: usize = 5;

/// Who drives the calls.
pub(super) enum Seat {
    /// Nobody, as far as is known.
    Nobody,
    /// This node.
    Own(Box<Board>),
    /// Another one.
    There(Route),
}

/// The node that drives the calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    /// Which.
    pub(crate) owner: NodeId,
    /// The number of its lease.
    pub(crate) epoch: u64,
}

/// What nodes say to each other about calls.
#[derive(Serialize, Deserialize)]
pub(crate) struct Letter {
    from: NodeId,
    epoch: u64,
    calls: Says,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Says {
    /// To the driver: a device says something.
    Ask(Ask),
    /// From the driver: say this to somebody.
    Tell { to: To, told: Told },
    /// From who drives no more: ask another one.
    NotHere(Ask),
}

/// What a device says, by way of the node that has its socket.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Ask {
    pub(super) user: UserId,
    pub(super) device: ClientId,
    /// The number of the socket at its node.
    pub(super) socket: u64,
    pub(super) what: What,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    Here { calls: Vec<CallId> },
    Invite(Invitation),
    Accept { call: CallId },
    Decline { call: CallId },
    HangUp { call: CallId },
    Hold { call: CallId, on: bool },
    Video { call: CallId, on: bool },
    Lost,
}

impl What {
    /// The calls about which something will be said, whatever becomes of this.
    fn is_answered_about(&self) -> Vec<CallId> {
        match self {
            Self::Invite(invitation) => vec![invitation.call],
            Self::Accept { call } => vec![*call],
            Self::Here { calls } => calls.clone(),
            _ => Vec::new(),
        }
    }

    /// The same of one of these calls alone.
    fn about(&self, call: CallId) -> Self {
        if let Self::Here { .. } = self { Self::Here { calls: vec![call] } } else { self.clone() }
    }
}

/// A call that is written down, and is to ring.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Invitation {
    pub(super) call: CallId,
    pub(super) conversation: ConversationId,
    pub(super) video: bool,
    pub(super) room: RoomCode,
    pub(super) callees: BTreeSet<UserId>,
    pub(super) quiet: BTreeSet<UserId>,
    pub(super) unheard: BTreeSet<UserId>,
}

/// Who is told, by names that every node knows.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum To {
    Device(UserId, ClientId),
    User(UserId),
    Others(UserId, ClientId),
}

impl To {
    pub(super) const fn user(self) -> UserId {
        match self {
            Self::Device(user, _) | Self::User(user) | Self::Others(user, _) => user,
        }
    }
}

/// What is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Told {
    Event(CallEvent),
    Refused(CallRefused),
}

impl Told {
    fn call(&self) -> Option<CallId> {
        Some(match self {
            Self::Refused(refused) => refused.call,
            Self::Event(event) => match event {
                CallEvent::Calling(info) | CallEvent::Join(info) | CallEvent::Ring { info, .. } => info.call,
                CallEvent::Accepted { call, .. }
                | CallEvent::Unanswered { call, .. }
                | CallEvent::Left { call, .. }
                | CallEvent::Held { call, .. }
                | CallEvent::Video { call, .. }
                | CallEvent::Ended { call, .. } => *call,
                _ => return None,
            },
        })
    }
}

/// What people at this node were told of a call that is not over for them.
pub(super) struct Known {
    pub(super) room: RoomCode,
    pub(super) caller: UserId,
    pub(super) conversation: Option<ConversationId>,
    /// They, and whether they are in it.
    people: HashMap<UserId, bool>,
}

/// Asks that are said again until something is said about their call, with the moment when they were said last.
pub(super) type Pending = HashMap<(UserId, ClientId, CallId), (Duration, Ask)>;

impl State {
    /// Remembers what somebody here is told.
    fn note(&mut self, to: To, told: &Told) {
        let user = to.user();
        if let Some(about) = told.call() {
            self.pending.retain(|(asker, _, call), _| *asker != user || *call != about);
        }
        let Told::Event(event) = told else { return };
        if let (To::Device(_, device), CallEvent::Join(_)) = (to, event) {
            // Whoever called somebody by whom they were called is in that one's call.
            let invites = |ask: &Ask| matches!(ask.what, What::Invite(_));
            self.pending
                .retain(|(asker, its, _), (_, ask)| (*asker, *its) != (user, device) || !invites(ask));
        }
        match event {
            CallEvent::Calling(info) | CallEvent::Ring { info, .. } | CallEvent::Join(info) => {
                let known = self.known.entry(info.call).or_insert_with(|| Known {
                    room: info.room,
                    caller: info.caller,
                    conversation: info.conversation,
                    people: HashMap::new(),
                });
                *known.people.entry(user).or_default() |= matches!(event, CallEvent::Join(_));
            }
            CallEvent::Ended { call, reason } => {
                let Some(known) = self.known.get_mut(call) else { return };
                // Whoever answered on another device here is still in it.
                if *reason != EndReason::AnsweredElsewhere || known.people.get(&user) == Some(&false) {
                    known.people.remove(&user);
                }
                if known.people.is_empty() {
                    self.known.remove(call);
                }
            }
            _ => {}
        }
    }
}

impl Shared {
    pub(super) fn write_to(&self, node: NodeId, epoch: u64, to: To, told: Told) {
        self.write(node, epoch, Says::Tell { to, told });
    }

    fn write(&self, node: NodeId, epoch: u64, calls: Says) {
        let letter = Letter { from: self.node, epoch, calls };
        let body = serde_json::to_string(&letter).expect("mail is plain data");
        self.meetings.post(Mail { node, body });
    }

    /// Says something to the sockets of this node whom it concerns.
    pub(super) fn deliver(&self, state: &mut State, to: To, told: &Told) {
        let links: Vec<_> = match to {
            To::Device(user, device) => state.link(user, device).into_iter().collect(),
            To::User(user) => self.rony.hub().links_of(user),
            To::Others(user, device) => {
                let own = state.link(user, device).map(|link| link.id());
                let mut links = self.rony.hub().links_of(user);
                links.retain(|link| Some(link.id()) != own);
                links
            }
        };
        if links.is_empty() && !matches!(told, Told::Event(CallEvent::Ended { .. })) {
            return;
        }
        state.note(to, told);
        let message = serde_json::to_value(told).expect("messages are plain data");
        let frame = rony_core::wire::ServerFrame::Call { message }.encode();
        links.iter().for_each(|link| link.send(frame.clone()));
    }

    /// Finds out who drives the calls; `wanted`: if nobody does, this node is to.
    async fn find(&self, wanted: bool) -> Result<()> {
        if self.is_found(wanted) {
            return Ok(());
        }
        let _turn = self.finding.lock().await;
        if self.is_found(wanted) {
            return Ok(());
        }
        let now = self.clock.elapsed();
        let rooms = self.rony.rooms();
        let lease = if wanted {
            rooms.acquire(SWITCHBOARD, self.node, LEASE).await?
        } else {
            rooms.leases(&[SWITCHBOARD]).await?.into_iter().next().map(|(_, lease)| lease)
        };
        let nodes = if wanted { self.nodes().await? } else { HashSet::new() };
        let mut state = lock(&self.state);
        state.looked = Some(now);
        let Some(lease) = lease else { return Ok(()) };
        if !matches!(state.seat, Seat::Nobody) {
            return Ok(());
        }
        if lease.node != self.node {
            state.epoch = lease.epoch;
            state.seat = Seat::There(Route { owner: lease.node, epoch: lease.epoch });
        } else if wanted && !state.closed {
            state.epoch = lease.epoch;
            let mut board = Box::new(Board::new(lease.epoch, now));
            board.sees_nodes(nodes, now);
            state.seat = Seat::Own(board);
        }
        Ok(())
    }

    /// Whether it is known who drives the calls; that nobody does, for a moment, since whoever begins tells all nodes.
    fn is_found(&self, wanted: bool) -> bool {
        let state = lock(&self.state);
        let lately = state.looked.is_some_and(|at| self.clock.elapsed() < at + FRESH);
        !matches!(state.seat, Seat::Nobody) || (!wanted && lately)
    }

    /// The other nodes of the installation.
    async fn nodes(&self) -> Result<HashSet<NodeId>> {
        let nodes = self.rony.rooms().nodes().await?;
        Ok(nodes.into_iter().filter(|node| *node != self.node).collect())
    }

    /// Has whoever drives the calls hear what a device says.
    pub(super) async fn ask(&self, ask: Ask) -> Result<()> {
        let invites = matches!(ask.what, What::Invite(_));
        for _ in 0..TRIES {
            if invites && lock(&self.state).closed {
                break;
            }
            self.find(invites).await?;
            let mut state = lock(&self.state);
            match state.seat {
                Seat::Nobody if invites && !state.closed => continue,
                Seat::Nobody if invites => break,
                Seat::Nobody => self.hear_alone(&mut state, &ask),
                Seat::Own(_) => self.hear(&mut state, self.node, ask),
                Seat::There(route) => self.ask_there(&mut state, route, ask),
            }
            return Ok(());
        }
        if let What::Invite(invitation) = ask.what {
            self.ledger.note(Note::Forget(invitation.call));
        }
        Err(Error::unavailable("The server is restarting. Try again in a moment.", "it is closing"))
    }

    /// The same of what is heard by nobody if nobody drives calls.
    pub(super) fn ask_if_known(&self, state: &mut State, ask: Ask) {
        match state.seat {
            Seat::Nobody => {}
            Seat::Own(_) => self.hear(state, self.node, ask),
            Seat::There(route) => self.ask_there(state, route, ask),
        }
    }

    fn ask_there(&self, state: &mut State, route: Route, ask: Ask) {
        for call in ask.what.is_answered_about() {
            let again = Ask { what: ask.what.about(call), ..ask.clone() };
            state.pending.insert((ask.user, ask.device, call), (self.clock.elapsed(), again));
        }
        self.write(route.owner, route.epoch, Says::Ask(ask));
    }

    /// Where nobody drives calls there are none.
    fn hear_alone(&self, state: &mut State, ask: &Ask) {
        let to = To::Device(ask.user, ask.device);
        match &ask.what {
            What::Here { calls } => {
                for call in calls {
                    let event = CallEvent::Ended { call: *call, reason: EndReason::HungUp };
                    self.deliver(state, to, &Told::Event(event));
                }
            }
            What::Accept { call } | What::Hold { call, .. } | What::Video { call, .. } => {
                let refused = CallRefused::new(*call, CallError::NoSuchCall);
                self.deliver(state, to, &Told::Refused(refused));
            }
            What::Decline { .. } | What::HangUp { .. } | What::Invite(_) | What::Lost => {}
        }
    }

    /// Whoever drove the calls does so no more, and their calls with them. What was asked and not answered is asked anew.
    fn lose(&self, state: &mut State) -> Vec<Ask> {
        (state.seat, state.looked) = (Seat::Nobody, None);
        let ended: Vec<_> = std::mem::take(&mut state.known)
            .into_iter()
            .flat_map(|(call, known)| known.people.into_iter().map(move |(user, is_in)| (call, user, is_in)))
            .collect();
        for (call, user, is_in) in ended {
            let reason = if is_in { EndReason::HungUp } else { EndReason::Missed };
            self.deliver(state, To::User(user), &Told::Event(CallEvent::Ended { call, reason }));
        }
        std::mem::take(&mut state.pending).into_values().map(|(_, ask)| ask).collect()
    }

    /// This node drives calls no more: all hang up.
    pub(super) fn step_down(&self, state: &mut State) {
        self.hang_up_all(state);
        if matches!(state.seat, Seat::Own(_)) {
            state.seat = Seat::Nobody;
            state.known.clear();
        }
    }

    async fn ask_anew(&self, asks: Vec<Ask>) {
        for ask in asks {
            if let Err(error) = self.ask(ask).await {
                tracing::warn!(%error, "what a device said about a call is lost");
            }
        }
    }

    /// What another node says.
    pub(super) fn receive(self: Arc<Self>, letter: Letter) {
        let Letter { from, epoch, calls } = letter;
        let anew = {
            let mut state = lock(&self.state);
            match calls {
                Says::Ask(ask) => {
                    match &state.seat {
                        Seat::Own(board) if board.epoch == epoch => self.hear(&mut state, from, ask),
                        // A socket that is gone is no matter of whoever drives calls next.
                        _ if matches!(ask.what, What::Lost) => {}
                        _ => self.write(from, epoch, Says::NotHere(ask)),
                    }
                    Vec::new()
                }
                Says::Tell { to, told } => {
                    if epoch < state.epoch {
                        return;
                    }
                    let anew = self.follow(&mut state, Route { owner: from, epoch });
                    self.deliver(&mut state, to, &told);
                    anew
                }
                Says::NotHere(ask) => {
                    let route = Route { owner: from, epoch };
                    let mut anew = match state.seat {
                        Seat::There(known) if known == route => self.lose(&mut state),
                        _ => Vec::new(),
                    };
                    // What will be answered is among them already, as long as nothing was said about it.
                    if ask.what.is_answered_about().is_empty() {
                        anew.push(ask);
                    }
                    anew
                }
            }
        };
        if !anew.is_empty() {
            tokio::spawn(async move { self.ask_anew(anew).await });
        }
    }

    /// Another node drives the calls, whatever was thought before.
    fn follow(&self, state: &mut State, route: Route) -> Vec<Ask> {
        let anew = match &state.seat {
            Seat::There(known) if *known == route => return Vec::new(),
            Seat::There(_) => self.lose(state),
            Seat::Own(_) => {
                self.step_down(state);
                Vec::new()
            }
            Seat::Nobody => Vec::new(),
        };
        state.epoch = route.epoch;
        state.seat = Seat::There(route);
        anew
    }

    /// Keeps what goes on here in step with what is kept.
    async fn tend_once(&self) -> Result<()> {
        let (own, there) = match &lock(&self.state).seat {
            Seat::Nobody => (None, None),
            Seat::Own(board) => {
                let since = board.idle_since + IDLE;
                (Some((board.epoch, board.switchboard.is_empty() && since <= self.clock.elapsed())), None)
            }
            Seat::There(route) => (None, Some(*route)),
        };
        match (own, there) {
            (Some((epoch, idle)), _) => self.tend_own(epoch, idle).await,
            (None, Some(route)) => self.tend_route(route).await,
            (None, None) => Ok(()),
        }
    }

    async fn tend_own(&self, epoch: u64, idle: bool) -> Result<()> {
        if idle && self.retire(epoch) {
            return self.rony.rooms().release(SWITCHBOARD, self.node, epoch).await;
        }
        let renewed = self.rony.rooms().renew(self.node, &[(SWITCHBOARD, epoch)], LEASE).await?;
        if renewed.is_empty() {
            let mut state = lock(&self.state);
            if matches!(&state.seat, Seat::Own(board) if board.epoch == epoch) {
                self.step_down(&mut state);
            }
            return Ok(());
        }
        let nodes = self.nodes().await?;
        let ids = {
            let mut state = lock(&self.state);
            self.see_nodes(&mut state, nodes);
            match &mut state.seat {
                Seat::Own(board) => board.beat(),
                _ => Vec::new(),
            }
        };
        if !ids.is_empty() {
            self.rony.calls().renew(&ids).await?;
        }
        self.moved.notify_one();
        self.see_who_stays().await
    }

    /// Gives up driving calls, where there are still none.
    fn retire(&self, epoch: u64) -> bool {
        let mut state = lock(&self.state);
        let none =
            matches!(&state.seat, Seat::Own(board) if board.epoch == epoch && board.switchboard.is_empty());
        if none {
            self.step_down(&mut state);
        }
        none
    }

    async fn tend_route(&self, route: Route) -> Result<()> {
        let lease = self.rony.rooms().leases(&[SWITCHBOARD]).await?.into_iter().next();
        let holds = lease.is_some_and(|(_, lease)| (lease.node, lease.epoch) == (route.owner, route.epoch));
        let anew = {
            let mut state = lock(&self.state);
            // What the driver said last may still be on its way.
            let doubted = std::mem::replace(&mut state.doubted, (!holds).then_some(route));
            match state.seat {
                Seat::There(known) if known == route && !holds => {
                    if doubted == Some(route) {
                        self.lose(&mut state)
                    } else {
                        Vec::new()
                    }
                }
                Seat::There(known) if known == route => {
                    let now = self.clock.elapsed();
                    let late = state.pending.values_mut().filter(|(said, _)| *said + AGAIN <= now);
                    for (said, ask) in late {
                        *said = now;
                        self.write(route.owner, route.epoch, Says::Ask(ask.clone()));
                    }
                    if state.pending.is_empty() && state.known.is_empty() {
                        state.seat = Seat::Nobody;
                    }
                    Vec::new()
                }
                _ => Vec::new(),
            }
        };
        self.ask_anew(anew).await;
        Ok(())
    }

    /// Whoever has left the conversation of a call, or was taken out of it, hangs up; who is still rung is so no more. A call in a direct
    /// conversation ends as well when one of the two blocks the other.
    async fn see_who_stays(&self) -> Result<()> {
        let (talking, waiting) = match &lock(&self.state).seat {
            Seat::Own(board) => board.whereabouts(),
            _ => return Ok(()),
        };
        let places = |people: &[(CallId, ConversationId, UserId)]| -> Vec<_> {
            people.iter().map(|(_, place, user)| (*place, *user)).collect()
        };
        let mut outside: HashSet<_> =
            self.rony.calls().outside(&places(&talking)).await?.into_iter().collect();
        // That somebody has blocked the caller is nothing that the caller may see: of a call that still rings only members are asked for.
        let asked = places(&waiting);
        let members: HashSet<_> = self.rony.rooms().members(&asked).await?.into_iter().collect();
        outside.extend(asked.into_iter().filter(|one| !members.contains(one)));
        let mut state = lock(&self.state);
        for (call, place, user) in talking.into_iter().chain(waiting) {
            if outside.contains(&(place, user)) {
                self.handle(&mut state, Input::HangUp { call, user });
            }
        }
        Ok(())
    }
}

impl Calls {
    /// Gives up driving calls in good order; what is said with that is on its way.
    pub(super) async fn give_up(&self) {
        let epoch = {
            let mut state = lock(&self.shared.state);
            state.closed = true;
            let epoch = match &state.seat {
                Seat::Own(board) => Some(board.epoch),
                _ => None,
            };
            self.shared.step_down(&mut state);
            epoch
        };
        if let Some(epoch) = epoch {
            let rooms = self.shared.rony.rooms();
            let release = rooms.release(SWITCHBOARD, self.shared.node, epoch);
            if !matches!(timeout(PATIENCE, release).await, Ok(Ok(()))) {
                tracing::warn!(
                    "that this node drives calls no more could not be written down; others notice it soon"
                );
            }
        }
    }
}

/// Keeps what goes on here in step with what is kept, until the node ends.
pub(super) async fn tend(shared: Weak<Shared>) {
    let mut beat = interval(TEND);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        let Some(shared) = shared.upgrade() else { return };
        match timeout(PATIENCE, shared.tend_once()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "calls could not be compared with what is kept"),
            Err(_) => tracing::warn!("calls could not be compared with what is kept in time"),
        }
    }
}
