//! A room that is open: its machine, and the timer beside it.

use std::{
    sync::{Arc, Mutex, Weak},
    time::Duration,
};

use rony_core::room::RoomCode;
use rony_rtc::{
    media::Mesh,
    now::Now,
    room::{Effect, Happened, Input, Limits, Room, Settings},
};
use tokio::sync::Notify;

use super::{Shared, lock};

pub(super) struct Open {
    code: RoomCode,
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
    pub(super) fn begin(shared: &Arc<Shared>, code: RoomCode, settings: Settings) -> Arc<Self> {
        let (engine, ice) = (Box::new(Mesh::new()), Arc::clone(&shared.ice));
        let room = Room::new(code, settings.clone(), Limits::default(), engine, ice);
        let state = Mutex::new(State { room, settings, dropped: false, sleeps_until: None });
        let open = Arc::new(Self { code, state, moved: Notify::new() });
        tokio::spawn(keep_time(Arc::downgrade(shared), Arc::clone(&open)));
        open
    }

    /// Tells the room what happened, and does what it says. False when it was dropped before.
    pub(super) fn tell(&self, shared: &Shared, input: Input) -> bool {
        let mut state = lock(&self.state);
        if state.dropped {
            return false;
        }
        let mut ended = false;
        for effect in state.room.handle(Now::of(&*shared.clock), input) {
            ended |= matches!(effect, Effect::Happened(Happened::Ended));
            self.carry_out(shared, effect);
        }
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
    pub(super) fn tell_if_new(&self, shared: &Shared, settings: &Settings) {
        if std::mem::replace(&mut lock(&self.state).settings, settings.clone()) != *settings {
            self.tell(shared, Input::Settings(settings.clone()));
        }
    }

    /// Ends the timer. Nobody is told anything.
    pub(super) fn drop_it(&self) {
        lock(&self.state).dropped = true;
        self.moved.notify_one();
    }

    fn carry_out(&self, shared: &Shared, effect: Effect) {
        match effect {
            Effect::Send { to, message } => {
                let phone = lock(&shared.phones).get(&to).map(Arc::clone);
                if let Some(phone) = phone {
                    phone.say(self.code, &message);
                }
            }
            Effect::Close { connection } => {
                let phone = lock(&shared.phones).remove(&connection);
                if let Some(phone) = phone {
                    phone.forget(self.code, connection);
                }
            }
            _ => {}
        }
    }

    /// Takes a dropped room out of the list, unless another has its place already.
    fn forget(&self, shared: &Shared) {
        let mut rooms = lock(&shared.rooms);
        if rooms.get(&self.code).is_some_and(|open| std::ptr::eq(&raw const **open, self)) {
            rooms.remove(&self.code);
        }
        drop(rooms);
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
