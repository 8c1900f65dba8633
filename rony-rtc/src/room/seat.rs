//! A seat: what a room knows of one peer, in or before the door.

use std::{
    collections::{BTreeMap, HashMap},
    hash::{BuildHasher as _, RandomState},
    sync::{Arc, LazyLock},
    time::Duration,
};

use rony_core::wire::FrameId;

use super::{settings::Limits, state::Entrance};
use crate::{
    id::{ConnectionId, PeerId, SeatKey, TrackId},
    now::Now,
    person::{Person, Role, Who},
    rate::Bucket,
    signal::{ClientBody, Invalid, Knock, Level, Link, PeerInfo, PeerState, Quality, ServerBody},
};

/// A message that was heard: what it is called, and what it says.
pub(super) type Heard = (Option<FrameId>, Result<ClientBody, Invalid>);

#[derive(Debug)]
pub(super) struct Seat {
    pub(super) id: PeerId,
    pub(super) person: Person,
    pub(super) role: Role,
    pub(super) key: SeatKey,
    /// They came from outside of the conversation that meets here.
    pub(super) outsider: bool,
    /// Whether they are in, or wait before the door.
    pub(super) inside: bool,
    /// The socket; `None` while it is lost.
    pub(super) connection: Option<ConnectionId>,
    /// The socket, or the last one: what is late on it belongs to this seat.
    pub(super) last_connection: ConnectionId,
    /// Which of the client's sockets that is, as it counts them.
    pub(super) attempt: u32,
    /// Until when the seat is kept without a socket.
    pub(super) kept_until: Option<Duration>,
    /// When something was last heard.
    pub(super) heard: Duration,
    pub(super) hand: bool,
    /// How good their connection is, as all were told.
    pub(super) level: Option<Level>,
    pub(super) link: Link<Arc<ServerBody>, Heard>,
    pub(super) messages: Bucket,
    pub(super) bytes: Bucket,
    pub(super) talk: Bucket,
    /// How many descriptions and candidates each other person may still send to this seat, and how many bytes of them.
    passed: BTreeMap<Who, (Bucket, Bucket)>,
    /// How often the limits were passed.
    pub(super) strikes: u32,
    /// What a relay's log and quotas know them by: the same in all seats of a person, and nothing that tells who they are.
    pub(super) relay_name: String,
    /// When their credentials are to be renewed.
    pub(super) ice_at: Option<Duration>,
    /// Which pictures of others they want; the best when they did not say.
    pub(super) wants: HashMap<TrackId, Quality>,
}

impl Seat {
    pub(super) fn new(id: PeerId, entrance: Entrance, role: Role, limits: &Limits, now: Now) -> Self {
        let Entrance { connection, person, key, outsider, .. } = entrance;
        let relay_name = relay_name(person.who);
        Self {
            id,
            person,
            role,
            key,
            outsider,
            inside: false,
            connection: Some(connection),
            last_connection: connection,
            attempt: 0,
            kept_until: None,
            heard: now.elapsed,
            hand: false,
            level: None,
            link: Link::new(),
            messages: Bucket::new(limits.messages, now.elapsed),
            bytes: Bucket::new(limits.bytes, now.elapsed),
            talk: Bucket::new(limits.talk, now.elapsed),
            passed: BTreeMap::new(),
            strikes: 0,
            relay_name,
            ice_at: None,
            wants: HashMap::new(),
        }
    }

    pub(super) fn info(&self) -> PeerInfo {
        PeerInfo {
            peer: self.id,
            user_id: self.person.user_id(),
            name: self.person.name.clone(),
            role: self.role,
            state: if self.connection.is_some() { PeerState::Here } else { PeerState::Away },
            hand: self.hand,
        }
    }

    pub(super) fn knock(&self) -> Knock {
        Knock { peer: self.id, user_id: self.person.user_id(), name: self.person.name.clone() }
    }

    /// Whether somebody may pass a description or a candidate to this seat now.
    pub(super) fn takes(&mut self, now: Duration, from: Who, bytes: u32, limits: &Limits) -> bool {
        if !self.passed.contains_key(&from) {
            // Those of people who are done.
            self.passed.retain(|_, (messages, bytes)| !(messages.is_full(now) && bytes.is_full(now)));
        }
        let fresh = || (Bucket::new(limits.passed, now), Bucket::new(limits.passed_bytes, now));
        let (messages, weight) = self.passed.entry(from).or_insert_with(fresh);
        messages.take(now, 1) && weight.take(now, bytes)
    }

    /// Whether they are in and look after the room.
    pub(super) fn moderates(&self) -> bool {
        self.inside && self.role.moderates()
    }

    /// When something about this seat is due.
    pub(super) fn next_due(&self, limits: &Limits) -> Option<Duration> {
        if self.connection.is_none() {
            return self.kept_until;
        }
        [self.link.next_due(), self.ice_at, Some(self.heard + limits.silence)].into_iter().flatten().min()
    }
}

/// Nobody's number: it differs from process to process.
fn relay_name(who: Who) -> String {
    static SALT: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    format!("{:016x}", SALT.hash_one(who))
}
