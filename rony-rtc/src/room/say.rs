//! What people say in a room: limits, stamps, and who is told.

use std::time::Duration;

use rony_core::{id::ClientId, wire::FrameId};

use super::{
    rule,
    seat::{Heard, Seat},
    state::{Happened, Room},
};
use crate::{
    id::{ConnectionId, PeerId, TrackId},
    now::Now,
    person::{Role, Who},
    signal::{
        ClientBody, ClientMessage, LeaveAction, LeaveReason, Level, Moderate, Quality, Refusal, ServerBody,
        Source, TrackInfo, check,
    },
};

/// Who speaks changes with every pause of breath: all are told at most this often.
const SPEAKERS_EVERY: Duration = Duration::from_millis(300);

type Done = Result<(), Refusal>;

impl Room {
    pub(super) fn hear(&mut self, now: Now, connection: ConnectionId, message: ClientMessage) {
        let Some(peer) = self.connections.get(&connection).copied() else {
            if !self.says_farewell_again(connection) {
                // A seat that was taken for lost, or one on another node before: it knows its key.
                let (reason, action) = (LeaveReason::NotHere, LeaveAction::Resume);
                self.tell_socket(connection, ServerBody::Leave { reason, action });
            }
            return;
        };
        let Some(seat) = self.seats.get_mut(&peer) else { return };
        seat.heard = now.elapsed;
        let weighs = u32::try_from(weight(&message.body)).unwrap_or(u32::MAX);
        let within = seat.messages.take(now.elapsed, 1) && seat.bytes.take(now.elapsed, weighs);
        let who = seat.person.who;
        if !within || !self.passes(now, who, &message.body, weighs) {
            return self.strike(now, peer, connection);
        }
        let Some(seat) = self.seats.get_mut(&peer) else { return };
        seat.link.acked(now.elapsed, message.ack);
        let verdict = check(&message).map_err(Some).err();
        let (seq, id, body) = (message.seq, message.id, message.body);
        let said: Heard = (id, verdict.flatten().map_or(Ok(body), Err));
        let heard = if seq == 0 { vec![said] } else { seat.link.hear(now.elapsed, seq, said) };
        for (id, body) in heard {
            match body {
                Ok(body) => self.take(now, peer, connection, id, body),
                Err(invalid) => {
                    let detail = invalid.to_string();
                    self.tell(now, peer, ServerBody::Error { id, code: Refusal::Invalid, detail });
                }
            }
        }
    }

    /// Whether what somebody says to one other peer is not too much for that one.
    fn passes(&mut self, now: Now, who: Who, body: &ClientBody, bytes: u32) -> bool {
        let (ClientBody::Offer { target, .. }
        | ClientBody::Answer { target, .. }
        | ClientBody::Trickle { target, .. }) = body
        else {
            return true;
        };
        let limits = self.limits;
        self.seats.get_mut(target).is_none_or(|seat| seat.takes(now.elapsed, who, bytes, &limits))
    }

    /// Too much too fast is not heard, and not acknowledged: who was only in a hurry says it again.
    fn strike(&mut self, now: Now, peer: PeerId, connection: ConnectionId) {
        let patience = self.limits.patience;
        let Some(seat) = self.seat(peer) else { return };
        seat.strikes += 1;
        if seat.strikes > patience {
            self.depart(now, peer, LeaveReason::RateLimited, LeaveAction::Disconnect);
        } else if seat.strikes % 50 == 1 {
            let code = Refusal::RateLimited;
            self.tell_socket(connection, ServerBody::Error { id: None, code, detail: code.to_string() });
        }
    }

    fn take(
        &mut self,
        now: Now,
        peer: PeerId,
        connection: ConnectionId,
        id: Option<FrameId>,
        body: ClientBody,
    ) {
        match body {
            ClientBody::Ping => return self.tell_socket(connection, ServerBody::Pong),
            ClientBody::Ack | ClientBody::Join(_) => return,
            ClientBody::Leave => return self.depart(now, peer, LeaveReason::Left, LeaveAction::Disconnect),
            _ => {}
        }
        let frames = self.shown_by(peer, &body);
        let Some(seat) = self.seats.get_mut(&peer) else { return };
        let who = seat.person.who;
        let done = if !seat.inside {
            Err(Refusal::NotInRoom)
        } else if (is_talk(&body) && !seat.talk.take(now.elapsed, 1)) || !self.spend(now, who, frames) {
            Err(Refusal::RateLimited)
        } else {
            self.say(now, peer, body)
        };
        if let Err(code) = done {
            self.refuse(now, peer, id, code);
        }
    }

    fn say(&mut self, now: Now, peer: PeerId, body: ClientBody) -> Done {
        match body {
            ClientBody::Offer { target, nid, sdp } => {
                self.reachable(peer, target)?;
                let effects = self.engine.offer(now, peer, target, nid, sdp)?;
                self.apply(now, effects);
            }
            ClientBody::Answer { target, nid, sdp } => {
                self.reachable(peer, target)?;
                let effects = self.engine.answer(now, peer, target, nid, sdp)?;
                self.apply(now, effects);
            }
            ClientBody::Trickle { target, nid, candidate, last } => {
                self.reachable(peer, target)?;
                let effects = self.engine.candidate(now, peer, target, nid, candidate, last)?;
                self.apply(now, effects);
            }
            ClientBody::TrackAdd { cid, source, muted } => {
                return self.publish(now, peer, cid, source, muted);
            }
            ClientBody::TrackRemove { source } => {
                self.unpublish(now, |track| track.peer == peer && track.source == source);
            }
            ClientBody::Mute { source, muted } => return self.mute(now, peer, source, muted),
            ClientBody::Screen { on } => return self.screen(now, peer, on),
            ClientBody::Hand { up } => self.hand(now, peer, up),
            ClientBody::Reaction { emoji } => {
                self.tell_others(now, None, ServerBody::Reaction { from: peer, emoji });
            }
            ClientBody::Speaking { on } => self.speaking(now, peer, on),
            ClientBody::Quality { level } => self.quality(now, peer, level),
            ClientBody::Subscribe { track, quality } => return self.subscribe(now, peer, track, quality),
            ClientBody::Chat { text, client_id } => return self.chat(now, peer, text, client_id),
            ClientBody::Moderate(what) => return self.moderate(now, peer, &what),
            ClientBody::Join(_)
            | ClientBody::Ping
            | ClientBody::Ack
            | ClientBody::Leave
            | ClientBody::Unreadable(_) => {}
        }
        Ok(())
    }

    /// How many frames a message brings to all, those included by which it is taken back: to be silent again, to show nothing any
    /// more costs nothing, and is never refused. Who speaks is not among them: that is told for all speakers together.
    fn shown_by(&self, peer: PeerId, body: &ClientBody) -> u32 {
        let own = |source| self.tracks.values().find(|track| track.peer == peer && track.source == source);
        let switched = |track: &TrackInfo, muted: bool| if track.muted && !muted { 2 } else { 0 };
        let seat = self.seats.get(&peer);
        match body {
            ClientBody::TrackAdd { cid, source, muted } => match own(*source) {
                Some(track) if track.cid == *cid => switched(track, *muted),
                _ => 2 + u32::from(!muted),
            },
            ClientBody::Mute { source, muted } => own(*source).map_or(0, |track| switched(track, *muted)),
            ClientBody::Hand { up } => {
                let raised = *up && seat.is_some_and(|seat| !seat.hand);
                if raised { 2 } else { 0 }
            }
            ClientBody::Quality { level } => u32::from(seat.is_some_and(|seat| seat.level != Some(*level))),
            ClientBody::Reaction { .. } | ClientBody::Chat { .. } | ClientBody::Moderate(_) => 1,
            _ => 0,
        }
    }

    /// Whether `target` may be told something by `peer`: both are in.
    fn reachable(&self, peer: PeerId, target: PeerId) -> Done {
        let there = target == PeerId::ROUTER || self.seats.get(&target).is_some_and(|seat| seat.inside);
        if there && target != peer { Ok(()) } else { Err(Refusal::NoSuchPeer) }
    }

    fn publish(&mut self, now: Now, peer: PeerId, cid: String, source: Source, muted: bool) -> Done {
        if matches!(source, Source::Screen | Source::ScreenAudio) {
            self.may_show(peer)?;
        }
        let same = |track: &TrackInfo| track.peer == peer && track.source == source && track.cid == cid;
        if self.tracks.values().any(same) {
            return self.mute(now, peer, source, muted);
        }
        self.unpublish(now, |track| track.peer == peer && track.source == source);
        self.last_track += 1;
        let track = TrackInfo { track: TrackId(self.last_track), peer, cid, source, muted };
        self.tracks.insert(track.track, track.clone());
        self.tell_others(now, None, ServerBody::TrackPublished(track));
        Ok(())
    }

    /// Takes the tracks away for which `which` holds.
    pub(super) fn unpublish(&mut self, now: Now, which: impl Fn(&TrackInfo) -> bool) {
        let gone: Vec<TrackId> =
            self.tracks.values().filter(|track| which(track)).map(|track| track.track).collect();
        for track in gone {
            self.tracks.remove(&track);
            self.wanted.remove(&track);
            for seat in self.seats.values_mut() {
                seat.wants.remove(&track);
            }
            self.tell_others(now, None, ServerBody::TrackUnpublished { track });
        }
    }

    fn mute(&mut self, now: Now, peer: PeerId, source: Source, muted: bool) -> Done {
        let track = self.tracks.values_mut().find(|track| track.peer == peer && track.source == source);
        let track = track.ok_or(Refusal::NoSuchTrack)?;
        if track.muted != muted {
            track.muted = muted;
            let track = track.clone();
            self.tell_others(now, None, ServerBody::TrackPublished(track));
        }
        if muted && source == Source::Microphone {
            self.silent(now, peer);
        }
        Ok(())
    }

    fn may_show(&self, peer: PeerId) -> Done {
        let allowed = self.settings.screens || self.seats.get(&peer).is_some_and(Seat::moderates);
        if allowed { Ok(()) } else { Err(Refusal::SwitchedOff) }
    }

    fn screen(&mut self, now: Now, peer: PeerId, on: bool) -> Done {
        if on {
            return self.may_show(peer);
        }
        let screen = |source| matches!(source, Source::Screen | Source::ScreenAudio);
        self.unpublish(now, |track| track.peer == peer && screen(track.source));
        Ok(())
    }

    fn hand(&mut self, now: Now, peer: PeerId, up: bool) {
        let changed = self.seat(peer).is_some_and(|seat| std::mem::replace(&mut seat.hand, up) != up);
        if changed {
            self.update(now, peer);
        }
    }

    fn quality(&mut self, now: Now, peer: PeerId, level: Level) {
        let changed = self.seat(peer).is_some_and(|seat| seat.level.replace(level) != Some(level));
        if changed {
            self.tell_others(now, Some(peer), ServerBody::Quality { peer, level });
        }
    }

    fn speaking(&mut self, now: Now, peer: PeerId, on: bool) {
        if !on {
            return self.silent(now, peer);
        }
        if !self.speakers.contains(&peer) {
            self.speakers.insert(0, peer);
            self.speakers_at.get_or_insert(now.elapsed + SPEAKERS_EVERY);
        }
    }

    /// Somebody speaks no more.
    pub(super) fn silent(&mut self, now: Now, peer: PeerId) {
        let before = self.speakers.len();
        self.speakers.retain(|speaker| *speaker != peer);
        if self.speakers.len() < before {
            self.speakers_at.get_or_insert(now.elapsed + SPEAKERS_EVERY);
        }
    }

    pub(super) fn tell_speakers(&mut self, now: Now) {
        if self.speakers_at.is_some_and(|at| at <= now.elapsed) {
            self.speakers_at = None;
            let peers = self.speakers.clone();
            self.tell_others(now, None, ServerBody::Speakers { peers });
        }
    }

    fn subscribe(&mut self, now: Now, peer: PeerId, track: TrackId, quality: Quality) -> Done {
        let sender = self.tracks.get(&track).map(|track| track.peer).ok_or(Refusal::NoSuchTrack)?;
        if sender == peer {
            return Err(Refusal::NoSuchTrack);
        }
        if let Some(seat) = self.seat(peer) {
            seat.wants.insert(track, quality);
        }
        self.recount_wants(now);
        Ok(())
    }

    /// Tells senders when the best picture that anybody wants of theirs has changed.
    pub(super) fn recount_wants(&mut self, now: Now) {
        let mut changed = Vec::new();
        for track in self.tracks.values() {
            let others = self.inside().filter(|seat| seat.id != track.peer);
            let wants = others.map(|seat| seat.wants.get(&track.track).copied().unwrap_or(Quality::High));
            let best = wants.max().unwrap_or(Quality::High);
            if self.wanted.get(&track.track).copied().unwrap_or(Quality::High) != best {
                changed.push((track.peer, track.track, best));
            }
        }
        for (sender, track, quality) in changed {
            self.wanted.insert(track, quality);
            self.tell(now, sender, ServerBody::TrackQuality { track, quality });
        }
    }

    fn chat(&mut self, now: Now, peer: PeerId, text: String, client_id: ClientId) -> Done {
        if !self.settings.chat {
            return Err(Refusal::SwitchedOff);
        }
        let person = self.seats.get(&peer).ok_or(Refusal::NotInRoom)?.person.clone();
        let (name, at) = (person.name.clone(), now.at);
        let said = ServerBody::Chat { from: peer, name, text: text.clone(), client_id, at };
        self.tell_others(now, None, said);
        self.happened(Happened::Chat { person, text, client_id, at });
        Ok(())
    }

    fn moderate(&mut self, now: Now, by: PeerId, what: &Moderate) -> Done {
        let actor = self.seats.get(&by).ok_or(Refusal::NotInRoom)?.role;
        let target = |peer: &PeerId, inside: bool| {
            let seat = self.seats.get(peer).filter(|seat| seat.inside == inside);
            seat.map(|seat| seat.role).ok_or(Refusal::NoSuchPeer)
        };
        // Who may not do it at all is not told whether there is such a peer.
        rule::moderate(actor, what, None)?;
        let role = match what {
            Moderate::Admit { peer } | Moderate::Deny { peer } => Some(target(peer, false)?),
            Moderate::Kick { peer }
            | Moderate::Mute { peer, .. }
            | Moderate::AskUnmute { peer, .. }
            | Moderate::LowerHand { peer }
            | Moderate::Role { peer, .. } => Some(target(peer, true)?),
            Moderate::Lock { .. } | Moderate::End => None,
        };
        rule::moderate(actor, what, role)?;
        match *what {
            Moderate::Admit { peer } => return self.admit(now, peer),
            Moderate::Deny { peer } => self.depart(now, peer, LeaveReason::Denied, LeaveAction::Disconnect),
            Moderate::Kick { peer } => self.kick(now, by, peer),
            Moderate::Mute { peer, source } => {
                self.mute(now, peer, source, true)?;
                self.tell(now, peer, ServerBody::MuteRequest { by, source, muted: true });
            }
            Moderate::AskUnmute { peer, source } => {
                self.tell(now, peer, ServerBody::MuteRequest { by, source, muted: false });
            }
            Moderate::LowerHand { peer } => self.hand(now, peer, false),
            Moderate::Lock { on } => {
                if std::mem::replace(&mut self.locked, on) != on {
                    self.tell_others(now, None, ServerBody::Lock { on });
                }
            }
            Moderate::Role { peer, role } => self.give_role(now, by, peer, role),
            Moderate::End => self.end(now, LeaveReason::Ended, LeaveAction::Disconnect),
        }
        Ok(())
    }

    fn admit(&mut self, now: Now, peer: PeerId) -> Done {
        if self.inside().count() >= self.limits.people {
            return Err(Refusal::Full);
        }
        self.enter(now, peer);
        self.tell_moderators(now, ServerBody::KnockEnded { peer });
        Ok(())
    }

    /// Removes all seats of a person, who cannot come back while somebody is in; of oneself, the one seat only.
    fn kick(&mut self, now: Now, by: PeerId, peer: PeerId) {
        let who = |peer: &PeerId| self.seats.get(peer).map(|seat| seat.person.who);
        let Some(who) = who(&peer).filter(|person| who(&by) != Some(*person)) else {
            return self.depart(now, peer, LeaveReason::Removed, LeaveAction::Disconnect);
        };
        self.removed.insert(who);
        // Whoever it was: to come as a guest under a new name costs nothing.
        self.wary = true;
        let seats: Vec<PeerId> =
            self.seats.values().filter(|seat| seat.person.who == who).map(|seat| seat.id).collect();
        for peer in seats {
            self.depart(now, peer, LeaveReason::Removed, LeaveAction::Disconnect);
        }
    }

    fn give_role(&mut self, now: Now, by: PeerId, peer: PeerId, role: Role) {
        if role == Role::Host {
            // First down, then up: there is never more than one.
            self.promote(now, by, Role::CoHost);
            self.happened(Happened::Host { peer });
        } else {
            self.keep_co_host(by, peer, role == Role::CoHost);
        }
        self.promote(now, peer, role);
    }

    /// Notes who is a co-host whenever they come, and tells whoever keeps that. Only the owner says so for longer than a meeting: others
    /// who look after one are host by chance.
    fn keep_co_host(&mut self, by: PeerId, peer: PeerId, on: bool) {
        let user = |peer| self.seats.get(&peer).and_then(|seat: &Seat| seat.person.user_id());
        let (Some(by), Some(user)) = (user(by), user(peer)) else { return };
        if by != self.settings.owner {
            return;
        }
        let co_hosts = &mut self.settings.co_hosts;
        let changed = if on { co_hosts.insert(user) } else { co_hosts.remove(&user) };
        if changed && user != self.settings.owner {
            self.happened(Happened::CoHost { by, user, on });
        }
    }
}

/// Whether all are shown it at once, or a person does it by hand.
fn is_talk(body: &ClientBody) -> bool {
    matches!(
        body,
        ClientBody::Chat { .. }
            | ClientBody::Reaction { .. }
            | ClientBody::Hand { .. }
            | ClientBody::Moderate(_)
    )
}

/// How many bytes of the limit a message takes.
fn weight(body: &ClientBody) -> usize {
    match body {
        ClientBody::Offer { sdp, .. } | ClientBody::Answer { sdp, .. } => sdp.0.len(),
        ClientBody::Trickle { candidate: Some(candidate), .. } => candidate.candidate.len(),
        ClientBody::Chat { text, .. } => text.len(),
        _ => 64,
    }
}
