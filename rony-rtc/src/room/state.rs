//! The room's machine: what it is told, what it answers, and what it remembers.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    mem,
    sync::Arc,
    time::Duration,
};

use rony_core::{
    id::{ClientId, UserId},
    room::Proof,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{
    RoomCode,
    seat::Seat,
    settings::{Limits, Settings},
};
use crate::{
    ice::{IceProvider, refresh_after},
    id::{ConnectionId, PeerId, SeatKey, TrackId},
    media::{MediaEffect, MediaEngine},
    now::Now,
    person::{Person, Role, Who},
    rate::Bucket,
    signal::{
        ClientMessage, LeaveAction, LeaveReason, PeerState, Quality, Refusal, Resume, ServerBody,
        ServerMessage, TrackInfo,
    },
};

/// What a room is told.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Input {
    /// Somebody asks to be let in, or to come back.
    Join(Entrance),
    /// A client says something.
    Say {
        /// On which socket.
        connection: ConnectionId,
        /// What.
        message: ClientMessage,
    },
    /// A socket is gone. That is not a leave: the seat is kept for a while.
    Lost {
        /// Which.
        connection: ConnectionId,
    },
    /// Time has passed; see [`Room::next_due`].
    Tick,
    /// The settings were changed where they are kept.
    Settings(Settings),
    /// Somebody is not of the conversation any more that meets here. They may knock.
    Out(UserId),
    /// Somebody has left what meets here by another way: all their seats are given up, the owner's too.
    Remove(UserId),
    /// The room ends for all: its meeting was deleted, or the server wants it.
    End,
    /// Another node takes the room over: all join anew there.
    Move,
}

/// Somebody before the door, with what the server knows of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entrance {
    /// The socket. A node gives a new number each time a socket begins to join, and the same one while it repeats that.
    pub connection: ConnectionId,
    /// Who, from the session or the guest's token.
    pub person: Person,
    /// What opens the seat later: [`SeatKey::random`], made for this entrance.
    pub key: SeatKey,
    /// What became of the password.
    #[serde(default)]
    pub password: Proof,
    /// To come back to a seat.
    #[serde(default)]
    pub resume: Option<Resume>,
    /// They have an account, and are not of the conversation that meets here, where one does.
    #[serde(default)]
    pub outsider: bool,
}

/// What a room wants done.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Effect {
    /// Send this over a socket.
    Send {
        /// Which.
        to: ConnectionId,
        /// What.
        message: ServerMessage,
    },
    /// The room has nothing to do with this socket any more.
    Close {
        /// Which.
        connection: ConnectionId,
    },
    /// Something happened that others than the clients may care for.
    Happened(Happened),
}

/// What happened in a room: for the meeting's conversation, notifications, figures.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Happened {
    /// Somebody waits before the door.
    Knocked {
        /// Their number.
        peer: PeerId,
        /// Who.
        person: Person,
    },
    /// Somebody came in.
    Entered {
        /// Their number.
        peer: PeerId,
        /// Who.
        person: Person,
        /// As what.
        role: Role,
    },
    /// Somebody who was in is so no more.
    Went {
        /// Their number.
        peer: PeerId,
        /// Who.
        person: Person,
        /// Why.
        reason: LeaveReason,
    },
    /// Another peer is the host now.
    Host {
        /// Who.
        peer: PeerId,
    },
    /// Somebody wrote to all: kept with the meeting's conversation when it has one.
    Chat {
        /// Who.
        person: Person,
        /// What.
        text: String,
        /// The sender's id for it, so that it is kept once.
        client_id: ClientId,
        /// When.
        at: Timestamp,
    },
    /// The host made somebody a co-host, or took that back: it holds for the room's next meetings too.
    CoHost {
        /// Who did that.
        by: UserId,
        /// Whom.
        user: UserId,
        /// Whether they are one now.
        on: bool,
    },
    /// Nobody is in any more. Who waits before the door still does.
    Empty,
    /// The room has ended for all.
    Ended,
}

/// How long a socket that was let go is remembered, so that what is late on it does no harm.
const REMEMBERED: Duration = Duration::from_secs(120);
/// How many of them.
const REMEMBERED_AT_MOST: usize = 1024;

/// A socket that has left, and what it was told.
#[derive(Debug)]
pub(super) struct Departed {
    pub(super) connection: ConnectionId,
    pub(super) at: Duration,
    pub(super) farewell: Arc<ServerBody>,
}

/// A room that is open; all of it can be lost, and its people join anew. See the [module's documentation](super).
#[derive(Debug)]
pub struct Room {
    pub(super) code: RoomCode,
    pub(super) settings: Settings,
    pub(super) limits: Limits,
    pub(super) ice: Arc<dyn IceProvider>,
    pub(super) engine: Box<dyn MediaEngine>,
    pub(super) seats: BTreeMap<PeerId, Seat>,
    pub(super) connections: HashMap<ConnectionId, PeerId>,
    pub(super) departed: VecDeque<Departed>,
    pub(super) removed: BTreeSet<Who>,
    /// Somebody was removed, who can come as a guest with a new token at once: all guests knock.
    pub(super) wary: bool,
    /// What each person may still make all others hear of.
    allowances: BTreeMap<Who, Bucket>,
    pub(super) locked: bool,
    pub(super) ended: bool,
    pub(super) tracks: BTreeMap<TrackId, TrackInfo>,
    /// The best picture of a track that anybody wants, as its sender was told.
    pub(super) wanted: HashMap<TrackId, Quality>,
    pub(super) last_peer: u32,
    pub(super) last_track: u32,
    /// Who speaks, the last to begin first.
    pub(super) speakers: Vec<PeerId>,
    /// When all are told who speaks.
    pub(super) speakers_at: Option<Duration>,
    effects: Vec<Effect>,
    /// Seats that do not take what is sent to them, and go at the end of the turn.
    pub(super) deaf: BTreeSet<PeerId>,
    /// Whether the host went in this turn.
    pub(super) headless: bool,
}

impl Room {
    /// An empty room. It is made when somebody comes, and dropped after [`Happened::Ended`], or after [`Happened::Empty`] when
    /// [`is_deserted`](Self::is_deserted).
    #[must_use]
    pub fn new(
        code: RoomCode,
        settings: Settings,
        limits: Limits,
        engine: Box<dyn MediaEngine>,
        ice: Arc<dyn IceProvider>,
    ) -> Self {
        Self {
            locked: settings.locked,
            code,
            settings,
            limits,
            ice,
            engine,
            seats: BTreeMap::new(),
            connections: HashMap::new(),
            departed: VecDeque::new(),
            removed: BTreeSet::new(),
            wary: false,
            allowances: BTreeMap::new(),
            ended: false,
            tracks: BTreeMap::new(),
            wanted: HashMap::new(),
            last_peer: 0,
            last_track: 0,
            speakers: Vec::new(),
            speakers_at: None,
            effects: Vec::new(),
            deaf: BTreeSet::new(),
            headless: false,
        }
    }

    /// Takes what happened, and says what to do.
    pub fn handle(&mut self, now: Now, input: Input) -> Vec<Effect> {
        while self.departed.front().is_some_and(|gone| gone.at + REMEMBERED <= now.elapsed) {
            self.departed.pop_front();
        }
        match input {
            Input::Join(entrance) => self.join(now, entrance),
            Input::Say { connection, message } => self.hear(now, connection, message),
            Input::Lost { connection } => {
                if let Some(peer) = self.connections.get(&connection) {
                    self.lose(now, *peer);
                }
                // Nothing that is late on it means anything, not even its `join`.
                let (reason, action) = (LeaveReason::Expired, LeaveAction::Reconnect);
                self.remember(now, connection, Arc::new(ServerBody::Leave { reason, action }));
            }
            Input::Tick => self.tick(now),
            Input::Settings(settings) => self.set_up(now, settings),
            Input::Out(user) => self.put_out(now, user),
            Input::Remove(user) => self.remove(now, user),
            Input::End => self.end(now, LeaveReason::Ended, LeaveAction::Disconnect),
            Input::Move => self.end(now, LeaveReason::Moved, LeaveAction::Reconnect),
        }
        while let Some(peer) = self.deaf.pop_first() {
            self.depart(now, peer, LeaveReason::TooSlow, LeaveAction::Reconnect);
        }
        self.hand_over(now);
        mem::take(&mut self.effects)
    }

    /// The settings are others: the door is shut or opened where they say that, and stays as it was where they do not.
    fn set_up(&mut self, now: Now, settings: Settings) {
        let before = std::mem::replace(&mut self.settings, settings).locked;
        let on = self.settings.locked;
        if on != before && on != self.locked {
            self.locked = on;
            self.tell_others(now, None, ServerBody::Lock { on });
        }
    }

    /// When to tell [`Input::Tick`], by the steady clock.
    #[must_use]
    pub fn next_due(&self) -> Option<Duration> {
        let seats = self.seats.values().filter_map(|seat| seat.next_due(&self.limits));
        seats.chain(self.speakers_at).min()
    }

    /// Whether nobody is in or waits.
    #[must_use]
    pub fn is_deserted(&self) -> bool {
        self.seats.is_empty()
    }

    /// Which room this is.
    #[must_use]
    pub const fn code(&self) -> RoomCode {
        self.code
    }

    /// All who are in.
    pub fn peers(&self) -> impl Iterator<Item = crate::signal::PeerInfo> {
        self.inside().map(Seat::info)
    }

    /// The people who came in or wait as members of the conversation that meets here.
    pub fn members(&self) -> impl Iterator<Item = UserId> {
        self.seats.values().filter(|seat| !seat.outsider).filter_map(|seat| seat.person.user_id())
    }

    /// All that is sent.
    pub fn tracks(&self) -> impl Iterator<Item = &TrackInfo> {
        self.tracks.values()
    }

    /// Who waits before the door.
    pub fn knocks(&self) -> impl Iterator<Item = crate::signal::Knock> {
        self.seats.values().filter(|seat| !seat.inside).map(Seat::knock)
    }

    /// Whether the door is shut.
    #[must_use]
    pub const fn is_locked(&self) -> bool {
        self.locked
    }

    /// Who speaks, the last to begin first.
    #[must_use]
    pub fn speakers(&self) -> &[PeerId] {
        &self.speakers
    }

    pub(super) fn inside(&self) -> impl Iterator<Item = &Seat> {
        self.seats.values().filter(|seat| seat.inside)
    }

    pub(super) fn seat(&mut self, peer: PeerId) -> Option<&mut Seat> {
        self.seats.get_mut(&peer)
    }

    /// Takes so many frames from what a person may make all others hear of, and says whether they were there.
    pub(super) fn spend(&mut self, now: Now, who: Who, frames: u32) -> bool {
        if frames == 0 {
            return true;
        }
        if !self.allowances.contains_key(&who) {
            // Those of people who went long ago.
            self.allowances.retain(|_, allowance| !allowance.is_full(now.elapsed));
        }
        let rate = self.limits.shown_a_person;
        let allowance = self.allowances.entry(who).or_insert_with(|| Bucket::new(rate, now.elapsed));
        allowance.take(now.elapsed, frames)
    }

    pub(super) fn happened(&mut self, happened: Happened) {
        self.effects.push(Effect::Happened(happened));
    }

    /// Says something to one peer: over the socket, and again later if it is lost.
    pub(super) fn tell(&mut self, now: Now, peer: PeerId, body: impl Into<Arc<ServerBody>>) {
        let body = body.into();
        let Some(seat) = self.seats.get_mut(&peer) else { return };
        let weighs = weight(&body);
        let Some(to) = seat.connection else {
            let new = Arc::clone(&body);
            if seat.link.say_later(now.elapsed, body, weighs, |old| outdates(&new, old)).is_err() {
                self.deaf.insert(peer);
            }
            return;
        };
        let Ok(seq) = seat.link.say(now.elapsed, Arc::clone(&body), weighs) else {
            self.deaf.insert(peer);
            return;
        };
        let message = ServerMessage { seq, ack: seat.link.seen(), body };
        self.effects.push(Effect::Send { to, message });
    }

    /// Says something to all who are in, but `except`.
    pub(super) fn tell_others(&mut self, now: Now, except: Option<PeerId>, body: ServerBody) {
        let body = Arc::new(body);
        let peers: Vec<PeerId> = self.inside().map(|seat| seat.id).filter(|id| Some(*id) != except).collect();
        for peer in peers {
            self.tell(now, peer, Arc::clone(&body));
        }
    }

    /// Says something to all who look after the room.
    pub(super) fn tell_moderators(&mut self, now: Now, body: ServerBody) {
        let body = Arc::new(body);
        let peers: Vec<PeerId> =
            self.seats.values().filter(|seat| seat.moderates()).map(|seat| seat.id).collect();
        for peer in peers {
            self.tell(now, peer, Arc::clone(&body));
        }
    }

    /// Says something without a number, which may be lost.
    pub(super) fn tell_socket(&mut self, to: ConnectionId, body: impl Into<Arc<ServerBody>>) {
        let seat = self.connections.get(&to).and_then(|peer| self.seats.get_mut(peer));
        let ack = seat.map_or(0, |seat| {
            seat.link.ack_went();
            seat.link.seen()
        });
        self.effects.push(Effect::Send { to, message: ServerMessage { seq: 0, ack, body: body.into() } });
    }

    /// Says again what was said under these numbers.
    pub(super) fn tell_again(&mut self, peer: PeerId, again: Vec<(u64, Arc<ServerBody>)>) {
        let Some(seat) = self.seats.get(&peer) else { return };
        let Some(to) = seat.connection else { return };
        let ack = seat.link.seen();
        let messages = again.into_iter().map(|(seq, body)| ServerMessage { seq, ack, body });
        self.effects.extend(messages.map(|message| Effect::Send { to, message }));
    }

    /// Lets a socket go, with a last word.
    pub(super) fn close(&mut self, now: Now, connection: ConnectionId, farewell: Arc<ServerBody>) {
        self.connections.remove(&connection);
        self.effects.push(Effect::Close { connection });
        self.remember(now, connection, farewell);
    }

    /// Tells a socket why it gets no seat. Where it asks again, it is as one that never came.
    pub(super) fn turn_away(&mut self, connection: ConnectionId, code: Refusal) {
        let detail = code.to_string();
        self.tell_socket(connection, ServerBody::Error { id: None, code, detail });
        self.effects.push(Effect::Close { connection });
    }

    fn remember(&mut self, now: Now, connection: ConnectionId, farewell: Arc<ServerBody>) {
        if self.departed.iter().any(|gone| gone.connection == connection) {
            return;
        }
        if self.departed.len() == REMEMBERED_AT_MOST {
            self.departed.pop_front();
        }
        self.departed.push_back(Departed { connection, at: now.elapsed, farewell });
    }

    /// The servers for a peer from now on, with the next refresh noted.
    pub(super) fn grant(&mut self, now: Now, peer: PeerId) -> crate::ice::IceGrant {
        let Some(seat) = self.seats.get(&peer) else { return crate::ice::IceGrant::default() };
        let grant = self.ice.grant(now.at, &seat.relay_name);
        if let Some(seat) = self.seats.get_mut(&peer) {
            seat.ice_at = refresh_after(&grant).map(|span| now.elapsed + span);
        }
        grant
    }

    pub(super) fn apply(&mut self, now: Now, effects: Vec<MediaEffect>) {
        for effect in effects {
            let MediaEffect::Tell { to, from, description } = effect;
            self.tell(now, to, ServerBody::describe(from, description));
        }
    }

    /// Tells all the others how a peer is now.
    pub(super) fn update(&mut self, now: Now, peer: PeerId) {
        let Some(info) = self.seats.get(&peer).filter(|seat| seat.inside).map(Seat::info) else { return };
        self.tell_others(now, None, ServerBody::PeerUpdate(info));
    }

    /// Tells all the others that a peer is gone.
    pub(super) fn update_gone(&mut self, now: Now, seat: &Seat) {
        let info = crate::signal::PeerInfo { state: PeerState::Left, ..seat.info() };
        self.tell_others(now, Some(seat.id), ServerBody::PeerUpdate(info));
    }

    pub(super) fn refuse(
        &mut self,
        now: Now,
        peer: PeerId,
        id: Option<rony_core::wire::FrameId>,
        code: Refusal,
    ) {
        self.tell(now, peer, ServerBody::Error { id, code, detail: code.to_string() });
    }
}

/// Whether who hears `new` need not have heard `old`.
fn outdates(new: &ServerBody, old: &ServerBody) -> bool {
    match (new, old) {
        (ServerBody::Speakers { .. }, ServerBody::Speakers { .. }) => true,
        (ServerBody::Quality { peer, .. }, ServerBody::Quality { peer: of, .. }) => peer == of,
        (ServerBody::TrackPublished(track), ServerBody::TrackPublished(old)) => track.track == old.track,
        (ServerBody::TrackUnpublished { track }, ServerBody::TrackPublished(old)) => *track == old.track,
        _ => false,
    }
}

/// About how many bytes a message keeps while it waits for its acknowledgement.
fn weight(body: &ServerBody) -> usize {
    const BASE: usize = 256;
    BASE + match body {
        ServerBody::Offer { sdp, .. } | ServerBody::Answer { sdp, .. } => sdp.0.len(),
        ServerBody::Trickle { candidate: Some(candidate), .. } => candidate.candidate.len(),
        ServerBody::Chat { text, .. } => text.len(),
        ServerBody::Joined(joined) => (joined.peers.len() + joined.tracks.len()) * BASE,
        _ => 0,
    }
}
