//! The machine that knows all calls.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    mem,
    time::Duration,
};

use rony_core::{call::MOST_CALLEES, id::UserId, time::Timestamp};

use super::types::{
    Audience, CallError, CallEvent, CallInfo, CallOutcome, CallRecord, Effect, EndReason, Input, Invite,
    Outcome, RING_FOR,
};
use crate::{
    id::{CallId, ConnectionId},
    now::Now,
};

/// How many calls somebody can have: one goes on, the other is held.
const CALLS: usize = 2;
/// How long a call that is over is remembered, so that an invitation that is repeated late does not ring again.
const REMEMBERED: Duration = Duration::from_secs(300);

/// Somebody in a call.
#[derive(Clone, Debug)]
struct Party {
    device: ConnectionId,
    held: bool,
}

#[derive(Clone, Debug)]
struct Call {
    info: CallInfo,
    /// Those in it, the caller from the beginning.
    parties: BTreeMap<UserId, Party>,
    /// Those who were called; `None` while they are rung.
    legs: BTreeMap<UserId, Option<Outcome>>,
    /// Those of them who know nothing of it.
    unheard: BTreeSet<UserId>,
    /// What the caller put on hold to begin it, as long as it comes back by itself when nobody answers.
    instead_of: Option<CallId>,
    ring_until: Duration,
    started_at: Timestamp,
    answered_at: Option<Timestamp>,
}

impl Call {
    fn ringing(&self) -> impl Iterator<Item = UserId> {
        self.legs.iter().filter(|(_, outcome)| outcome.is_none()).map(|(user, _)| *user)
    }

    /// Whether somebody is rung, and knows it.
    fn rings(&self, user: UserId) -> bool {
        self.legs.get(&user).is_some_and(Option::is_none) && !self.unheard.contains(&user)
    }

    /// What became of it, seen from its end.
    fn outcome(&self) -> CallOutcome {
        let any = |outcome| self.legs.values().any(|leg| *leg == Some(outcome));
        if self.answered_at.is_some() {
            CallOutcome::Answered
        } else if any(Outcome::Cancelled) {
            CallOutcome::Cancelled
        } else if any(Outcome::Missed) {
            CallOutcome::Missed
        } else if any(Outcome::Declined) {
            CallOutcome::Declined
        } else {
            CallOutcome::Busy
        }
    }
}

/// See the [module's documentation](super).
#[derive(Clone, Debug, Default)]
pub struct Switchboard {
    calls: BTreeMap<CallId, Call>,
    over: VecDeque<(Duration, CallId)>,
    effects: Vec<Effect>,
}

impl Switchboard {
    /// One without calls.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes what happened, and says what to do.
    pub fn handle(&mut self, now: Now, input: Input) -> Vec<Effect> {
        while self.over.front().is_some_and(|(at, _)| *at + REMEMBERED <= now.elapsed) {
            self.over.pop_front();
        }
        match input {
            Input::Invite(invite) => self.invite(now, invite),
            Input::Accept { call, user, device } => self.accept(now, call, user, device),
            Input::Decline { call, user } => self.decline(now, call, user),
            Input::HangUp { call, user } => self.hang_up(now, call, user),
            Input::Hold { call, user, on } => self.put_aside(call, user, on),
            Input::Video { call, user, on } => self.video(call, user, on),
            Input::Online { user, device } => self.online(now, user, device),
            Input::Tick => self.tick(now),
        }
        mem::take(&mut self.effects)
    }

    /// When to tell [`Input::Tick`], by the steady clock.
    #[must_use]
    pub fn next_due(&self) -> Option<Duration> {
        let ringing = self.calls.values().filter(|call| call.ringing().next().is_some());
        ringing.map(|call| call.ring_until).min()
    }

    /// How many calls there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.calls.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// Whether somebody is in a call that was accepted, and so may come to its room.
    #[must_use]
    pub fn admits(&self, call: CallId, user: UserId) -> bool {
        let talks = |call: &Call| call.answered_at.is_some() && call.parties.contains_key(&user);
        self.calls.get(&call).is_some_and(talks)
    }

    /// Whether somebody is in a call, or is rung by it.
    #[must_use]
    pub fn concerns(&self, call: CallId, user: UserId) -> bool {
        self.calls.get(&call).is_some_and(|call| call.parties.contains_key(&user) || call.rings(user))
    }

    /// Whether somebody is rung by a call.
    #[must_use]
    pub fn rings(&self, call: CallId, user: UserId) -> bool {
        self.calls.get(&call).is_some_and(|call| call.rings(user))
    }

    /// Who is in a call, the caller from the beginning.
    #[must_use]
    pub fn people(&self, call: CallId) -> Vec<UserId> {
        self.calls.get(&call).map(|call| call.parties.keys().copied().collect()).unwrap_or_default()
    }

    /// Who is rung by a call, and knows it.
    #[must_use]
    pub fn rung(&self, call: CallId) -> Vec<UserId> {
        let Some(call) = self.calls.get(&call) else { return Vec::new() };
        call.ringing().filter(|user| call.rings(*user)).collect()
    }

    /// What all who are rung were told, as it stands now: for devices that could not hear it then.
    #[must_use]
    pub fn rings_now(&self, now: Now) -> Vec<(UserId, CallEvent)> {
        let users: BTreeSet<UserId> = self.calls.keys().flat_map(|call| self.rung(*call)).collect();
        users.into_iter().flat_map(|user| self.rings_of(now, user).map(move |event| (user, event))).collect()
    }

    /// Whether somebody has accepted a call that goes on.
    #[must_use]
    pub fn is_answered(&self, call: CallId) -> bool {
        self.calls.get(&call).is_some_and(|call| call.answered_at.is_some())
    }

    /// The calls in which a device is.
    pub fn calls_of(&self, user: UserId, device: ConnectionId) -> impl Iterator<Item = CallId> {
        let own = move |call: &Call| call.parties.get(&user).is_some_and(|party| party.device == device);
        self.calls.iter().filter(move |(_, call)| own(call)).map(|(id, _)| *id)
    }

    /// A call that goes on or rings.
    #[must_use]
    pub fn info(&self, call: CallId) -> Option<&CallInfo> {
        self.calls.get(&call).map(|call| &call.info)
    }

    /// All of them.
    pub fn ids(&self) -> impl Iterator<Item = CallId> {
        self.calls.keys().copied()
    }

    fn tell(&mut self, to: Audience, event: CallEvent) {
        self.effects.push(Effect::Tell { to, event });
    }

    /// Tells those in a call, each on the device that is in it, but `except`.
    fn tell_parties(&mut self, call: CallId, except: UserId, event: &CallEvent) {
        let Some(call) = self.calls.get(&call) else { return };
        let others = call.parties.iter().filter(|(user, _)| **user != except);
        let to: Vec<Audience> = others.map(|(user, party)| Audience::Device(*user, party.device)).collect();
        to.into_iter().for_each(|to| self.tell(to, event.clone()));
    }

    fn refuse(&mut self, call: CallId, user: UserId, device: Option<ConnectionId>, error: CallError) {
        self.effects.push(Effect::Refuse { device, user, call, error });
    }

    /// In how many calls somebody is, besides `except`.
    fn engaged(&self, user: UserId, except: CallId) -> usize {
        let in_it = |(id, call): &(&CallId, &Call)| **id != except && call.parties.contains_key(&user);
        self.calls.iter().filter(in_it).count()
    }

    fn is_rung(&self, user: UserId) -> bool {
        self.calls.values().any(|call| call.rings(user))
    }

    fn invite(&mut self, now: Now, invite: Invite) {
        let (id, caller, device) = (invite.call, invite.caller, invite.device);
        if let Some(known) = self.calls.get(&id) {
            return if known.info.caller == caller {
                self.remind(id, caller, device);
            } else {
                self.refuse(id, caller, Some(device), CallError::Taken);
            };
        }
        if let Err(error) = self.check(&invite) {
            return self.refuse(id, caller, Some(device), error);
        }
        if let Some(other) = self.crossing(&invite) {
            // Both wanted the same: the one who was later accepts.
            self.over.push_back((now.elapsed, id));
            return self.accept(now, other, caller, device);
        }
        let held = self.hold_others(id, caller);
        self.ring(now, invite, held);
    }

    /// Tells a device how it stands with a call in which it is, as often as it asks.
    fn remind(&mut self, id: CallId, user: UserId, device: ConnectionId) {
        let Some(call) = self.calls.get(&id) else { return };
        let Some(party) = call.parties.get(&user).filter(|party| party.device == device) else {
            return self.refuse(id, user, Some(device), CallError::AnsweredElsewhere);
        };
        let (info, held) = (call.info.clone(), party.held);
        let rings = call.answered_at.is_none();
        self.tell(
            Audience::Device(user, device),
            if rings { CallEvent::Calling(info) } else { CallEvent::Join(info) },
        );
        if held {
            self.tell(Audience::Device(user, device), CallEvent::Held { call: id, user, on: true });
        }
        self.describe(id, user, device);
    }

    /// Tells a device that comes to a call what the others in it were told before: who will not come, and who has put it aside.
    fn describe(&mut self, id: CallId, user: UserId, device: ConnectionId) {
        let Some(call) = self.calls.get(&id) else { return };
        let unanswered = call.legs.iter().filter_map(|(other, outcome)| {
            let outcome = outcome.filter(|outcome| *outcome != Outcome::Accepted)?;
            (*other != user).then_some(CallEvent::Unanswered { call: id, user: *other, outcome })
        });
        let held = call.parties.iter().filter(|(other, party)| **other != user && party.held);
        let held = held.map(|(other, _)| CallEvent::Held { call: id, user: *other, on: true });
        let events: Vec<CallEvent> = unanswered.chain(held).collect();
        events.into_iter().for_each(|event| self.tell(Audience::Device(user, device), event));
    }

    fn check(&self, invite: &Invite) -> Result<(), CallError> {
        let callees = invite.callees.iter().filter(|callee| **callee != invite.caller).count();
        match callees {
            _ if self.over.iter().any(|(_, call)| *call == invite.call) => Err(CallError::NoSuchCall),
            0 => Err(CallError::Nobody),
            _ if callees > MOST_CALLEES => Err(CallError::TooMany),
            _ if self.engaged(invite.caller, invite.call) >= CALLS => Err(CallError::TooManyCalls),
            _ => Ok(()),
        }
    }

    /// The call of the one whom somebody calls, if it rings at that somebody and nobody else.
    fn crossing(&self, invite: &Invite) -> Option<CallId> {
        let [callee] = invite.callees.iter().copied().collect::<Vec<_>>()[..] else { return None };
        let crosses =
            |call: &Call| call.info.caller == callee && call.legs.len() == 1 && call.rings(invite.caller);
        self.calls.iter().find(|(_, call)| crosses(call)).map(|(id, _)| *id)
    }

    fn ring(&mut self, now: Now, invite: Invite, instead_of: Option<CallId>) {
        let Invite { call: id, caller, device, callees, video, room, conversation, do_not_disturb, unheard } =
            invite;
        let info = CallInfo { call: id, caller, video, room, conversation };
        self.tell(Audience::Device(caller, device), CallEvent::Calling(info.clone()));
        let mut legs = BTreeMap::new();
        for callee in callees.into_iter().filter(|callee| *callee != caller) {
            if unheard.contains(&callee) {
                legs.insert(callee, None);
                continue;
            }
            let engaged = self.engaged(callee, id);
            let busy = do_not_disturb.contains(&callee) || engaged >= CALLS || self.is_rung(callee);
            legs.insert(callee, busy.then_some(Outcome::Busy));
            let event = if busy {
                CallEvent::Unanswered { call: id, user: callee, outcome: Outcome::Busy }
            } else {
                let (info, ring_ms) = (info.clone(), millis(RING_FOR));
                CallEvent::Ring { info, waiting: engaged > 0, ring_ms }
            };
            self.tell(if busy { Audience::Device(caller, device) } else { Audience::User(callee) }, event);
        }
        let parties = [(caller, Party { device, held: false })].into_iter().collect();
        let ring_until = now.elapsed + RING_FOR;
        let (started_at, answered_at) = (now.at, None);
        let call = Call { info, parties, legs, unheard, instead_of, ring_until, started_at, answered_at };
        self.calls.insert(id, call);
        self.settle(now, id);
    }

    fn accept(&mut self, now: Now, id: CallId, user: UserId, device: ConnectionId) {
        let Some(call) = self.calls.get_mut(&id) else {
            return self.refuse(id, user, Some(device), CallError::NoSuchCall);
        };
        if !call.rings(user) {
            return match call.parties.get(&user) {
                Some(party) if party.device == device => self.remind(id, user, device),
                Some(_) => self.refuse(id, user, Some(device), CallError::AnsweredElsewhere),
                None => self.refuse(id, user, Some(device), CallError::NoSuchCall),
            };
        }
        if self.engaged(user, id) >= CALLS {
            return self.refuse(id, user, Some(device), CallError::TooManyCalls);
        }
        let Some(call) = self.calls.get_mut(&id) else { return };
        let first = call.answered_at.is_none();
        call.answered_at.get_or_insert(now.at);
        call.legs.insert(user, Some(Outcome::Accepted));
        call.parties.insert(user, Party { device, held: false });
        let (info, caller) = (call.info.clone(), call.info.caller);
        let calling = call.parties.get(&caller).map(|party| (party.device, party.held)).filter(|_| first);
        self.tell(Audience::Device(user, device), CallEvent::Join(info.clone()));
        self.describe(id, user, device);
        let reason = EndReason::AnsweredElsewhere;
        self.tell(Audience::Others(user, device), CallEvent::Ended { call: id, reason });
        if let Some((device, held)) = calling {
            self.tell(Audience::Device(caller, device), CallEvent::Join(info));
            if held {
                // They took another call while this one rang.
                self.tell(
                    Audience::Device(caller, device),
                    CallEvent::Held { call: id, user: caller, on: true },
                );
            }
        }
        self.tell_parties(id, user, &CallEvent::Accepted { call: id, user });
        self.hold_others(id, user);
    }

    fn decline(&mut self, now: Now, id: CallId, user: UserId) {
        // Said twice, or of a call that is over: whoever declines has what they want.
        if self.calls.get(&id).is_some_and(|call| call.rings(user)) {
            self.unanswered(id, user, Outcome::Declined, EndReason::Declined);
            self.settle(now, id);
        }
    }

    /// A leg ends without an answer.
    fn unanswered(&mut self, id: CallId, user: UserId, outcome: Outcome, reason: EndReason) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        call.legs.insert(user, Some(outcome));
        if !call.unheard.contains(&user) {
            self.tell(Audience::User(user), CallEvent::Ended { call: id, reason });
        }
        self.tell_parties(id, user, &CallEvent::Unanswered { call: id, user, outcome });
    }

    fn hang_up(&mut self, now: Now, id: CallId, user: UserId) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        if call.rings(user) {
            return self.decline(now, id, user);
        }
        if call.parties.remove(&user).is_none() {
            return;
        }
        let answered = call.answered_at.is_some();
        let reason = if answered { EndReason::HungUp } else { EndReason::Cancelled };
        self.tell(Audience::User(user), CallEvent::Ended { call: id, reason });
        self.tell_parties(id, user, &CallEvent::Left { call: id, user });
        self.settle(now, id);
    }

    /// Ends a call in which nobody can talk with anybody any more.
    fn settle(&mut self, now: Now, id: CallId) {
        let Some(call) = self.calls.get(&id) else { return };
        let ringing: Vec<UserId> = call.ringing().collect();
        if call.parties.len() >= 2 || (!call.parties.is_empty() && !ringing.is_empty()) {
            return;
        }
        for user in ringing {
            self.unanswered(id, user, Outcome::Cancelled, EndReason::Cancelled);
        }
        let Some(call) = self.calls.remove(&id) else { return };
        self.over.push_back((now.elapsed, id));
        let outcome = call.outcome();
        let reason = match outcome {
            CallOutcome::Answered => EndReason::HungUp,
            CallOutcome::Declined => EndReason::Declined,
            CallOutcome::Missed => EndReason::Missed,
            CallOutcome::Busy => EndReason::Busy,
            CallOutcome::Cancelled => EndReason::Cancelled,
        };
        for user in call.parties.keys() {
            self.tell(Audience::User(*user), CallEvent::Ended { call: id, reason });
        }
        let callees =
            call.legs.into_iter().map(|(user, leg)| (user, leg.unwrap_or(Outcome::Missed))).collect();
        let Call { info, started_at, answered_at, instead_of, .. } = call;
        let back = instead_of.filter(|_| answered_at.is_none()).map(|other| (other, info.caller));
        let ended_at = now.at;
        self.effects.push(Effect::Log(CallRecord {
            info,
            outcome,
            callees,
            started_at,
            answered_at,
            ended_at,
        }));
        if let Some((other, caller)) = back.filter(|(_, caller)| self.active(id, *caller).is_none()) {
            self.hold(other, caller, false);
        }
    }

    /// The call besides `id` that somebody has not put aside: there is one at most.
    fn active(&self, id: CallId, user: UserId) -> Option<CallId> {
        let active = |(other, call): &(&CallId, &Call)| {
            **other != id && call.parties.get(&user).is_some_and(|party| !party.held)
        };
        self.calls.iter().find(active).map(|(other, _)| *other)
    }

    /// Puts aside what goes on besides `id`, and says what that was.
    fn hold_others(&mut self, id: CallId, user: UserId) -> Option<CallId> {
        let other = self.active(id, user)?;
        self.hold(other, user, true);
        Some(other)
    }

    fn put_aside(&mut self, id: CallId, user: UserId, on: bool) {
        let part = self.calls.get(&id).is_some_and(|call| call.parties.contains_key(&user));
        if !part {
            return self.refuse(id, user, None, CallError::NoSuchCall);
        }
        if !on {
            self.hold_others(id, user);
        }
        self.hold(id, user, on);
    }

    fn hold(&mut self, id: CallId, user: UserId, on: bool) {
        let party = self.calls.get_mut(&id).and_then(|call| call.parties.get_mut(&user));
        let changed = party.filter(|party| party.held != on).map(|party| {
            party.held = on;
            party.device
        });
        if let Some(device) = changed {
            let event = CallEvent::Held { call: id, user, on };
            self.tell(Audience::Device(user, device), event.clone());
            self.tell_parties(id, user, &event);
        }
    }

    fn video(&mut self, id: CallId, user: UserId, on: bool) {
        let Some(call) = self.calls.get_mut(&id).filter(|call| call.parties.contains_key(&user)) else {
            return self.refuse(id, user, None, CallError::NoSuchCall);
        };
        // A call that had a picture once is a video call in the log, and for who is still rung.
        call.info.video |= on;
        self.tell_parties(id, user, &CallEvent::Video { call: id, user, on });
    }

    fn online(&mut self, now: Now, user: UserId, device: ConnectionId) {
        let rung: Vec<CallEvent> = self.rings_of(now, user).collect();
        let own = |call: &Call| call.parties.get(&user).is_some_and(|party| party.device == device);
        let own: Vec<CallId> = self.calls.iter().filter(|(_, call)| own(call)).map(|(id, _)| *id).collect();
        own.into_iter().for_each(|id| self.remind(id, user, device));
        rung.into_iter().for_each(|event| self.tell(Audience::Device(user, device), event));
    }

    /// By what somebody is rung.
    fn rings_of(&self, now: Now, user: UserId) -> impl Iterator<Item = CallEvent> {
        self.calls.iter().filter(move |(_, call)| call.rings(user)).map(move |(id, call)| {
            let waiting = self.engaged(user, *id) > 0;
            let ring_ms = millis(call.ring_until.saturating_sub(now.elapsed));
            CallEvent::Ring { info: call.info.clone(), waiting, ring_ms }
        })
    }

    fn tick(&mut self, now: Now) {
        let late: Vec<(CallId, Vec<UserId>)> = self
            .calls
            .iter()
            .filter(|(_, call)| call.ring_until <= now.elapsed)
            .map(|(id, call)| (*id, call.ringing().collect()))
            .collect();
        for (id, users) in late {
            for user in users {
                self.unanswered(id, user, Outcome::Missed, EndReason::Missed);
            }
            self.settle(now, id);
        }
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
