//! Devices that show what they are told of calls.

use std::{collections::BTreeMap, time::Duration};

use rony_core::{
    id::{NodeId, UserId},
    time::Timestamp,
};
use rony_rtc::{
    call::{Audience, CallError, CallEvent, CallRecord, Effect, EndReason, Input, Invite, Switchboard},
    id::{CallId, ConnectionId},
    now::Now,
};

/// What a device shows of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Calling,
    Ringing { waiting: bool },
    Talking { held: bool },
    Over(EndReason),
}

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) board: Switchboard,
    pub(crate) now: Now,
    /// Each person's devices.
    pub(crate) devices: BTreeMap<u128, Vec<u64>>,
    pub(crate) shown: BTreeMap<(u128, u64, CallId), Shown>,
    pub(crate) logged: Vec<CallRecord>,
    pub(crate) refused: Vec<CallError>,
    pub(crate) events: Vec<(Audience, CallEvent)>,
}

pub(crate) fn user(number: u128) -> UserId {
    UserId(uuid::Uuid::from_u128(number))
}

pub(crate) fn device(number: u64) -> ConnectionId {
    ConnectionId { node: NodeId(uuid::Uuid::from_u128(1)), number }
}

pub(crate) fn call(number: u128) -> CallId {
    CallId(uuid::Uuid::from_u128(number))
}

impl World {
    /// Five people with two devices each: 1 has 10 and 11, 2 has 20 and 21 … 4 does not want to be disturbed, 5 is told of no call.
    pub(crate) fn new() -> Self {
        Self {
            board: Switchboard::new(),
            now: Now { elapsed: Duration::ZERO, at: Timestamp::from_millis(0) },
            devices: (1..6).map(|user| (user, vec![user as u64 * 10, user as u64 * 10 + 1])).collect(),
            shown: BTreeMap::new(),
            logged: Vec::new(),
            refused: Vec::new(),
            events: Vec::new(),
        }
    }

    pub(crate) fn invite(&mut self, id: u128, caller: u128, callees: &[u128]) {
        self.input(Input::Invite(Invite {
            call: call(id),
            caller: user(caller),
            device: device(caller as u64 * 10),
            callees: callees.iter().copied().map(user).collect(),
            video: false,
            room: "abc-defg-hjk".parse().unwrap(),
            conversation: None,
            do_not_disturb: [user(4)].into_iter().collect(),
            unheard: [user(5)].into_iter().collect(),
        }));
    }

    pub(crate) fn accept(&mut self, id: u128, on: u64) {
        self.input(Input::Accept { call: call(id), user: user(u128::from(on / 10)), device: device(on) });
    }

    pub(crate) fn decline(&mut self, id: u128, who: u128) {
        self.input(Input::Decline { call: call(id), user: user(who) });
    }

    pub(crate) fn hang_up(&mut self, id: u128, who: u128) {
        self.input(Input::HangUp { call: call(id), user: user(who) });
    }

    pub(crate) fn wait(&mut self, seconds: u64) {
        self.now = self.now.plus(Duration::from_secs(seconds));
        self.input(Input::Tick);
    }

    pub(crate) fn shown(&self, on: u64, id: u128) -> Option<Shown> {
        self.shown.get(&(u128::from(on / 10), on, call(id))).copied()
    }

    pub(crate) fn input(&mut self, input: Input) {
        for effect in self.board.handle(self.now, input) {
            match effect {
                Effect::Tell { to, event } => {
                    self.show(to, &event);
                    self.events.push((to, event));
                }
                Effect::Refuse { error, .. } => self.refused.push(error),
                Effect::Log(record) => self.logged.push(record),
                _ => {}
            }
        }
    }

    fn show(&mut self, to: Audience, event: &CallEvent) {
        let who = to.user().uuid().as_u128();
        let all = self.devices.get(&who).cloned().unwrap_or_default();
        let meant = |number: &u64| match to {
            Audience::Device(_, one) => device(*number) == one,
            Audience::User(_) => true,
            Audience::Others(_, one) => device(*number) != one,
        };
        for number in all.into_iter().filter(meant) {
            let mut set = |call: CallId, shown| {
                self.shown.insert((who, number, call), shown);
            };
            match event {
                CallEvent::Calling(info) => set(info.call, Shown::Calling),
                CallEvent::Ring { info, waiting, .. } => set(info.call, Shown::Ringing { waiting: *waiting }),
                CallEvent::Join(info) => set(info.call, Shown::Talking { held: false }),
                CallEvent::Held { call, user, on } if user.uuid().as_u128() == who => {
                    set(*call, Shown::Talking { held: *on });
                }
                // What never concerned a device shows nothing there.
                CallEvent::Ended { call, reason } => {
                    let shown = self.shown.get_mut(&(who, number, *call));
                    shown.into_iter().for_each(|shown| *shown = Shown::Over(*reason));
                }
                _ => {}
            }
        }
    }
}
