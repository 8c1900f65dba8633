//! A room that is open: its machine, and the timer beside it.

use std::{
    sync::{Arc, Mutex, Weak},
    time::Duration,
};

use rony_core::{
    id::{ConversationId, RoomId, UserId},
    room::{Lease, Note, Room as Kept, RoomCode},
};
use rony_rtc::{
    bus::{SignalBus as _, ToSocket},
    media::Mesh,
    now::Now,
    room::{Effect, Happened, Input, Limits, Room, Settings},
    signal::LeaveReason,
};
use tokio::sync::Notify;

use super::{Shared, keeper::Deed, lock, settings};

pub(super) struct Open {
    pub(super) id: RoomId,
    pub(super) code: RoomCode,
    /// The conversation that meets here.
    pub(super) conversation: Option<ConversationId>,
    /// The number of the lease.
    pub(super) epoch: u64,
    /// It is the room of a call: the lease is that of the switchboard, and nothing of it is kept.
    pub(super) of_call: bool,
    /// The message that says that this meeting goes on.
    pub(super) note: Mutex<Option<Note>>,
    state: Mutex<State>,
    /// The timer has to look again.
    moved: Notify,
}

struct State {
    room: Room,
    settings: Settings,
    /// Nobody is in it any more: who comes opens another.
    dropped: bool,
    /// Until when the timer sleeps; `None`: until it is called.
    sleeps_until: Option<Duration>,
}

impl Open {
    /// Opens a room, with a timer that ends when it is dropped.
    pub(super) fn begin(shared: &Arc<Shared>, kept: &Kept, lease: &Lease) -> Arc<Self> {
        Self::begin_as(shared, kept, lease, false)
    }

    /// The same for the room of a call.
    pub(super) fn begin_call(shared: &Arc<Shared>, room: &Kept, epoch: u64) -> Arc<Self> {
        Self::begin_as(shared, room, &Lease { node: shared.node, epoch, note: None }, true)
    }

    fn begin_as(shared: &Arc<Shared>, kept: &Kept, lease: &Lease, of_call: bool) -> Arc<Self> {
        let (code, settings) = (kept.code, settings(kept));
        let (engine, ice) = (Box::new(Mesh::new()), Arc::clone(&shared.ice));
        let room = Room::new(code, settings.clone(), Limits::default(), engine, ice);
        let state = Mutex::new(State { room, settings, dropped: false, sleeps_until: None });
        let open = Arc::new(Self {
            id: kept.id,
            code,
            conversation: kept.conversation_id,
            epoch: lease.epoch,
            of_call,
            note: Mutex::new(lease.note),
            state,
            moved: Notify::new(),
        });
        tokio::spawn(keep_time(Arc::downgrade(shared), Arc::clone(&open)));
        open
    }

    /// Tells the room what happened, and does what it says. False when it was dropped before.
    pub(super) fn tell(self: &Arc<Self>, shared: &Arc<Shared>, input: Input) -> bool {
        let mut state = lock(&self.state);
        if state.dropped {
            return false;
        }
        let mut ended = false;
        let mut went = Vec::new();
        for effect in state.room.handle(Now::of(&*shared.clock), input) {
            ended |= matches!(effect, Effect::Happened(Happened::Ended));
            match effect {
                Effect::Happened(Happened::Went { person, reason, .. }) if self.of_call => {
                    went.extend(person.user_id().filter(|_| is_for_good(reason)));
                }
                Effect::Happened(_) if self.of_call => {}
                Effect::Happened(happened) => shared.keep(Deed::Happened(Arc::clone(self), happened)),
                effect => self.carry_out(shared, &effect),
            }
        }
        // Of several seats of theirs, as in two tabs, the last one counts.
        went.retain(|user| state.room.members().all(|there| there != *user));
        self.tell_who_went(shared, went);
        if ended || state.room.is_deserted() {
            state.dropped = true;
            drop(state);
            self.forget(shared);
            return true;
        }
        let due = state.room.next_due();
        let sooner = due.is_some_and(|due| state.sleeps_until.is_none_or(|until| due < until));
        drop(state);
        if sooner {
            self.moved.notify_one();
        }
        true
    }

    /// Tells the room its settings, where they are others than it knows.
    pub(super) fn tell_if_new(self: &Arc<Self>, shared: &Arc<Shared>, settings: &Settings) {
        if std::mem::replace(&mut lock(&self.state).settings, settings.clone()) != *settings {
            self.tell(shared, Input::Settings(settings.clone()));
        }
    }

    /// The meeting goes on at another node: all join anew there. It is not over, so nothing is written down.
    pub(super) fn step_down(self: &Arc<Self>, shared: &Arc<Shared>) {
        let mut state = lock(&self.state);
        if !std::mem::replace(&mut state.dropped, true) {
            for effect in state.room.handle(Now::of(&*shared.clock), Input::Move) {
                self.carry_out(shared, &effect);
            }
        }
        drop(state);
        self.forget(shared);
    }

    /// Who is in it or waits as a member of the conversation that meets here.
    pub(super) fn members(&self) -> Vec<UserId> {
        lock(&self.state).room.members().collect()
    }

    /// Of the room of a call, somebody wants to know who has left it for good.
    fn tell_who_went(&self, shared: &Shared, went: Vec<UserId>) {
        let Some(calls) = shared.calls.get() else { return };
        for user in went {
            // Nobody listens when the server ends.
            let _ = calls.went.send((self.code, user));
        }
    }

    fn carry_out(&self, shared: &Shared, effect: &Effect) {
        let Some(mail) = ToSocket::of(effect) else { return };
        if mail.node() == shared.node {
            shared.to_socket(self.code, mail);
        } else {
            shared.outbox.to_socket(self.epoch, self.code, mail);
        }
    }

    /// Takes a dropped room out of the list, unless another has its place already.
    fn forget(self: &Arc<Self>, shared: &Arc<Shared>) {
        let mut rooms = lock(&shared.rooms);
        if rooms.get(&self.code).is_some_and(|open| Arc::ptr_eq(open, self)) {
            rooms.remove(&self.code);
        }
        drop(rooms);
        if !self.of_call {
            shared.keep(Deed::Release(Arc::clone(self)));
        }
        self.moved.notify_one();
    }

    /// When the room has something to do by itself; `None` when it was dropped.
    fn next(&self) -> Option<Option<Duration>> {
        let mut state = lock(&self.state);
        if state.dropped {
            return None;
        }
        state.sleeps_until = state.room.next_due();
        Some(state.sleeps_until)
    }
}

/// Whether who goes for that reason is not asked to come back. A device that does not come back is noticed by its connection.
const fn is_for_good(reason: LeaveReason) -> bool {
    matches!(
        reason,
        LeaveReason::Left
            | LeaveReason::Removed
            | LeaveReason::Ended
            | LeaveReason::RateLimited
            | LeaveReason::Denied
    )
}

/// Wakes a room when something is due in it.
async fn keep_time(shared: Weak<Shared>, open: Arc<Open>) {
    while let Some(due) = open.next() {
        let Some(clock) = shared.upgrade().map(|shared| Arc::clone(&shared.clock)) else { return };
        let called = open.moved.notified();
        let Some(due) = due else {
            called.await;
            continue;
        };
        let rest = due.saturating_sub(clock.elapsed());
        if rest > Duration::ZERO {
            tokio::select! {
                () = clock.sleep(rest) => {}
                () = called => {}
            }
            continue;
        }
        let Some(shared) = shared.upgrade() else { return };
        open.tell(&shared, Input::Tick);
    }
}
