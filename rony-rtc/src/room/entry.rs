//! Coming, coming back, going, and what time does: the part of the room's machine at the door.

use std::sync::Arc;

use rony_core::id::UserId;

use super::{
    rule::{self, Entry, EntryFacts},
    seat::Seat,
    state::{Entrance, Happened, Room},
};
use crate::{
    id::{ConnectionId, PeerId},
    now::Now,
    person::{Person, Role},
    signal::{Joined, LeaveAction, LeaveReason, Refusal, Resume, ServerBody},
};

impl Room {
    pub(super) fn join(&mut self, now: Now, entrance: Entrance) {
        let connection = entrance.connection;
        // What is late on a socket that has left must not bring back a ghost.
        if self.says_farewell_again(connection) {
            return;
        }
        if let Some(resume) = &entrance.resume {
            return self.resume(now, connection, &entrance.person, resume);
        }
        if let Some(peer) = self.connections.get(&connection).copied() {
            return self.nudge(now, peer);
        }
        let mut seats = self.seats.values_mut();
        if let Some(seat) = seats.find(|seat| seat.last_connection == connection) {
            // A copy that comes after the socket was taken for lost. Whoever heard something has a key to come back with.
            let (id, unheard) = (seat.id, seat.link.is_unheard());
            if unheard {
                return self.seat_again(now, id, connection);
            }
            let (reason, action) = (LeaveReason::NotHere, LeaveAction::Resume);
            return self.tell_socket(connection, ServerBody::Leave { reason, action });
        }
        self.clear_ghosts(now, &entrance.person);
        let entry = self.entry(&entrance);
        // To come is told, and later that they went.
        if !matches!(entry, Entry::Refuse(_)) && !self.spend(now, entrance.person.who, 2) {
            return self.turn_away(connection, Refusal::RateLimited);
        }
        match entry {
            Entry::Enter(role) => {
                let peer = self.sit(now, entrance, role);
                self.enter(now, peer);
            }
            Entry::Knock(role) => {
                let peer = self.sit(now, entrance, role);
                self.knock(now, peer);
            }
            Entry::Refuse(code) => self.turn_away(connection, code),
        }
    }

    /// Who lost the socket before they heard anything has no key to come back with: the seat would stand empty.
    fn clear_ghosts(&mut self, now: Now, person: &Person) {
        let ghost = |seat: &&Seat| {
            seat.person.who == person.who && seat.connection.is_none() && seat.link.is_unheard()
        };
        let ghosts: Vec<PeerId> = self.seats.values().filter(ghost).map(|seat| seat.id).collect();
        for peer in ghosts {
            self.depart(now, peer, LeaveReason::Expired, LeaveAction::Reconnect);
        }
    }

    fn entry(&self, entrance: &Entrance) -> Entry {
        if self.ended {
            return Entry::Refuse(Refusal::Ended);
        }
        let inside = self.inside().count();
        rule::entry(&EntryFacts {
            person: &entrance.person,
            password: entrance.password,
            settings: &self.settings,
            limits: &self.limits,
            locked: self.locked,
            removed: self.removed.contains(&entrance.person.who),
            outsider: entrance.outsider,
            wary: self.wary,
            inside,
            waiting: self.seats.len() - inside,
            own: self.seats.values().filter(|seat| seat.person.who == entrance.person.who).count(),
        })
    }

    /// Gives a seat, still before the door.
    fn sit(&mut self, now: Now, entrance: Entrance, role: Role) -> PeerId {
        self.last_peer += 1;
        let peer = PeerId(self.last_peer);
        let connection = entrance.connection;
        let seat = Seat::new(peer, entrance, role, &self.limits, now);
        self.connections.insert(connection, peer);
        self.seats.insert(peer, seat);
        peer
    }

    fn knock(&mut self, now: Now, peer: PeerId) {
        let Some(seat) = self.seats.get(&peer) else { return };
        let (session, knock, person) = (seat.key.clone(), seat.knock(), seat.person.clone());
        self.tell(now, peer, ServerBody::Waiting { me: peer, session });
        self.tell_moderators(now, ServerBody::Knock(knock));
        self.happened(Happened::Knocked { peer, person });
    }

    /// Opens the door for a seat.
    pub(super) fn enter(&mut self, now: Now, peer: PeerId) {
        let Some(seat) = self.seats.get(&peer) else { return };
        let (mut role, person) = (seat.role, seat.person.clone());
        let before =
            (role == Role::Host).then(|| self.inside().find(|seat| seat.role == Role::Host)).flatten();
        if let Some((host, who)) = before.map(|seat| (seat.id, seat.person.who)) {
            if who == person.who {
                role = Role::CoHost; // The owner on a second device: there is one host.
            } else {
                self.promote(now, host, Role::CoHost);
            }
        }
        let Some(seat) = self.seats.get_mut(&peer) else { return };
        (seat.inside, seat.role) = (true, role);
        let joined = self.picture(now, peer);
        if let Some(joined) = joined {
            self.tell(now, peer, ServerBody::Joined(Box::new(joined)));
        }
        let info = self.seats.get(&peer).map(Seat::info);
        if let Some(info) = info {
            self.tell_others(now, Some(peer), ServerBody::PeerUpdate(info));
        }
        self.happened(Happened::Entered { peer, person, role });
        if role == Role::Host {
            self.happened(Happened::Host { peer });
        }
        self.recount_wants(now);
        let effects = self.engine.join(now, peer);
        self.apply(now, effects);
    }

    /// The whole room, as this peer may see it.
    fn picture(&mut self, now: Now, peer: PeerId) -> Option<Joined> {
        let ice = self.grant(now, peer);
        let seat = self.seats.get(&peer)?;
        Some(Joined {
            me: peer,
            room: self.code,
            session: seat.key.clone(),
            mode: self.engine.mode(),
            locked: self.locked,
            peers: self.peers().collect(),
            tracks: self.tracks.values().cloned().collect(),
            speakers: self.speakers.clone(),
            knocks: if seat.role.moderates() { self.knocks().collect() } else { Vec::new() },
            ice,
        })
    }

    /// Somebody asks for their seat again.
    fn resume(&mut self, now: Now, connection: ConnectionId, person: &Person, resume: &Resume) {
        let mut seats = self.seats.values_mut();
        let seat = seats.find(|seat| seat.key.matches(&resume.session) && seat.person.who == person.who);
        let (reason, action) = (LeaveReason::Expired, LeaveAction::Reconnect);
        let Some(seat) = seat else {
            return self.tell_socket(connection, ServerBody::Leave { reason, action });
        };
        let (peer, before) = (seat.id, seat.connection);
        if resume.attempt < seat.attempt {
            let (reason, action) = (LeaveReason::Replaced, LeaveAction::Disconnect);
            return self.tell_socket(connection, ServerBody::Leave { reason, action });
        }
        // On the same socket it is a copy, maybe a late one: what was acknowledged since then was seen.
        let copy = seat.last_connection == connection;
        let missed = if copy {
            Ok(seat.link.again(now.elapsed))
        } else {
            seat.link.replay(now.elapsed, resume.last_seq)
        };
        let Ok(missed) = missed else {
            self.tell_socket(connection, ServerBody::Leave { reason, action });
            return self.depart(now, peer, reason, action);
        };
        seat.attempt = resume.attempt;
        // A socket has one seat: whoever joins with it and then wants another one joins anew.
        if let Some(other) = self.connections.get(&connection).copied().filter(|other| *other != peer) {
            return self.depart(now, other, LeaveReason::Replaced, LeaveAction::Reconnect);
        }
        let again = before == Some(connection);
        let last = self.seats.get(&peer).map(|seat| seat.last_connection).filter(|last| *last != connection);
        if let Some(last) = last {
            let (reason, action) = (LeaveReason::Replaced, LeaveAction::Disconnect);
            let farewell = Arc::new(ServerBody::Leave { reason, action });
            if before.is_some() {
                self.tell_socket(last, Arc::clone(&farewell));
            }
            self.close(now, last, farewell);
        }
        self.connections.insert(connection, peer);
        let was_away = self.seat(peer).is_some_and(|seat| {
            (seat.connection, seat.last_connection) = (Some(connection), connection);
            seat.heard = now.elapsed;
            seat.kept_until.take().is_some()
        });
        self.tell_socket(connection, ServerBody::Resumed);
        self.tell_again(peer, missed);
        if again {
            return; // It was asked twice.
        }
        if self.seats.get(&peer).is_some_and(|seat| seat.inside) {
            let ice = self.grant(now, peer);
            self.tell(now, peer, ServerBody::IceRefresh { ice });
        }
        if was_away {
            self.update(now, peer);
        }
    }

    /// A seat has a socket again after all, though nothing was ever heard on it.
    fn seat_again(&mut self, now: Now, peer: PeerId, connection: ConnectionId) {
        let Some(seat) = self.seats.get_mut(&peer) else { return };
        (seat.connection, seat.kept_until, seat.heard) = (Some(connection), None, now.elapsed);
        let again = seat.link.again(now.elapsed);
        self.connections.insert(connection, peer);
        self.tell_again(peer, again);
        self.update(now, peer);
    }

    /// Somebody asked to join twice: what they were told may be lost.
    fn nudge(&mut self, now: Now, peer: PeerId) {
        let again = self.seat(peer).map(|seat| {
            seat.heard = now.elapsed;
            seat.link.due(now.elapsed).again
        });
        self.tell_again(peer, again.unwrap_or_default());
    }

    /// Whether this socket has left; it is told again.
    pub(super) fn says_farewell_again(&mut self, connection: ConnectionId) -> bool {
        let gone = self.departed.iter().find(|gone| gone.connection == connection);
        let Some(farewell) = gone.map(|gone| Arc::clone(&gone.farewell)) else { return false };
        self.tell_socket(connection, farewell);
        true
    }

    /// A socket is gone; its seat is kept.
    pub(super) fn lose(&mut self, now: Now, peer: PeerId) {
        let kept_until = now.elapsed + self.limits.grace;
        let Some(seat) = self.seats.get_mut(&peer) else { return };
        let connection = seat.connection.take();
        seat.kept_until = Some(kept_until);
        connection.and_then(|connection| self.connections.remove(&connection));
        self.silent(now, peer);
        self.update(now, peer);
    }

    /// A seat is given up.
    pub(super) fn depart(&mut self, now: Now, peer: PeerId, reason: LeaveReason, action: LeaveAction) {
        let farewell = Arc::new(ServerBody::Leave { reason, action });
        self.tell(now, peer, Arc::clone(&farewell));
        self.deaf.remove(&peer);
        let Some(seat) = self.seats.remove(&peer) else { return };
        self.close(now, seat.last_connection, farewell);
        if !seat.inside {
            self.tell_moderators(now, ServerBody::KnockEnded { peer });
            return;
        }
        let effects = self.engine.leave(now, peer);
        self.apply(now, effects);
        self.unpublish(now, |track| track.peer == peer);
        self.update_gone(now, &seat);
        self.silent(now, peer);
        self.recount_wants(now);
        self.happened(Happened::Went { peer, person: seat.person.clone(), reason });
        self.headless |= seat.role == Role::Host;
        if self.inside().next().is_none() {
            (self.locked, self.wary, self.speakers_at) = (self.settings.locked, false, None);
            self.removed.clear();
            self.happened(Happened::Empty);
        }
    }

    /// Somebody may not be here any more as the member who they were.
    pub(super) fn put_out(&mut self, now: Now, user: UserId) {
        let theirs = |seat: &&Seat| !seat.outsider && seat.person.user_id() == Some(user);
        let seats: Vec<PeerId> = self.seats.values().filter(theirs).map(|seat| seat.id).collect();
        for peer in seats {
            self.depart(now, peer, LeaveReason::Removed, LeaveAction::Disconnect);
        }
    }

    /// Somebody gives up all their seats.
    pub(super) fn remove(&mut self, now: Now, user: UserId) {
        let theirs = self.seats.values().filter(|seat| seat.person.user_id() == Some(user));
        let seats: Vec<PeerId> = theirs.map(|seat| seat.id).collect();
        for peer in seats {
            self.depart(now, peer, LeaveReason::Left, LeaveAction::Disconnect);
        }
    }

    /// The host is gone: the longest there of the co-hosts takes over, or else of the people with an account. Those whose
    /// socket is lost come after those who are there. Asked at the end of a turn, when all who go in it have gone.
    pub(super) fn hand_over(&mut self, now: Now) {
        if !std::mem::take(&mut self.headless) || self.inside().any(|seat| seat.role == Role::Host) {
            return;
        }
        let heirs = self.inside().filter(|seat| seat.role > Role::Guest);
        let heir =
            heirs.max_by_key(|seat| (seat.connection.is_some(), seat.role, std::cmp::Reverse(seat.id)));
        if let Some(heir) = heir.map(|seat| seat.id) {
            self.promote(now, heir, Role::Host);
            self.happened(Happened::Host { peer: heir });
        }
    }

    /// Gives somebody who is in a role, and shows or hides who waits before the door.
    pub(super) fn promote(&mut self, now: Now, peer: PeerId, role: Role) {
        let Some(seat) = self.seat(peer) else { return };
        if seat.role == role {
            return;
        }
        let (before, after) = (seat.role.moderates(), role.moderates());
        seat.role = role;
        self.update(now, peer);
        let knocks: Vec<_> = if before == after { Vec::new() } else { self.knocks().collect() };
        for knock in knocks {
            let ended = ServerBody::KnockEnded { peer: knock.peer };
            self.tell(now, peer, if after { ServerBody::Knock(knock) } else { ended });
        }
    }

    pub(super) fn end(&mut self, now: Now, reason: LeaveReason, action: LeaveAction) {
        if self.ended {
            return;
        }
        self.ended = true;
        // Those who wait first: nobody is told that they went.
        let mut peers: Vec<(bool, PeerId)> = self.seats.values().map(|seat| (seat.inside, seat.id)).collect();
        peers.sort_unstable();
        for (_, peer) in peers {
            self.depart(now, peer, reason, action);
        }
        self.happened(Happened::Ended);
    }

    pub(super) fn tick(&mut self, now: Now) {
        let peers: Vec<PeerId> = self.seats.keys().copied().collect();
        for peer in peers {
            self.tick_seat(now, peer);
        }
        self.tell_speakers(now);
    }

    fn tick_seat(&mut self, now: Now, peer: PeerId) {
        let silence = self.limits.silence;
        let Some(seat) = self.seats.get_mut(&peer) else { return };
        let Some(connection) = seat.connection else {
            if seat.kept_until.is_some_and(|until| until <= now.elapsed) {
                self.depart(now, peer, LeaveReason::Expired, LeaveAction::Reconnect);
            }
            return;
        };
        if seat.heard + silence <= now.elapsed {
            return self.lose(now, peer);
        }
        let due = seat.link.due(now.elapsed);
        let refresh = seat.ice_at.is_some_and(|at| at <= now.elapsed);
        if due.ack {
            self.tell_socket(connection, ServerBody::Ack);
        }
        self.tell_again(peer, due.again);
        if refresh {
            let ice = self.grant(now, peer);
            self.tell(now, peer, ServerBody::IceRefresh { ice });
        }
    }
}
