//! What calls are told and tell, and what is written down of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

pub use rony_core::call::{CallOutcome, Outcome};
use rony_core::{
    id::{ConversationId, UserId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    id::{CallId, ConnectionId},
    room::RoomCode,
};

/// How long devices ring.
pub const RING_FOR: Duration = Duration::from_secs(45);

/// What the switchboard is told. The server says who does something; a client names at most a call.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Input {
    /// Somebody calls.
    Invite(Invite),
    /// A device accepts.
    Accept {
        /// Which call.
        call: CallId,
        /// Whose device.
        user: UserId,
        /// Which.
        device: ConnectionId,
    },
    /// Somebody declines, on all devices.
    Decline {
        /// Which call.
        call: CallId,
        /// Who.
        user: UserId,
    },
    /// Somebody in a call, or the caller of one that rings, hangs up; or has left its room for good.
    HangUp {
        /// Which call.
        call: CallId,
        /// Who.
        user: UserId,
    },
    /// Somebody puts a call aside, or comes back to it (and puts the other one aside).
    Hold {
        /// Which call.
        call: CallId,
        /// Who.
        user: UserId,
        /// Aside or back.
        on: bool,
    },
    /// Somebody switches their picture on or off.
    Video {
        /// Which call.
        call: CallId,
        /// Who.
        user: UserId,
        /// On or off.
        on: bool,
    },
    /// A device of somebody has come, or has come back: it rings if they are rung, and is told of the calls in which it is.
    Online {
        /// Whose.
        user: UserId,
        /// Which.
        device: ConnectionId,
    },
    /// Time has passed; see [`Switchboard::next_due`](super::Switchboard::next_due).
    Tick,
}

/// Somebody calls. Who may call whom is `rony-core`'s matter and was checked before.
#[derive(Clone, Debug)]
pub struct Invite {
    /// Chosen by the caller's device: the same invitation twice is one call.
    pub call: CallId,
    /// Who calls.
    pub caller: UserId,
    /// From which device.
    pub device: ConnectionId,
    /// Who is called: one, or several.
    pub callees: BTreeSet<UserId>,
    /// Whether it begins with pictures.
    pub video: bool,
    /// Where they meet.
    pub room: RoomCode,
    /// The conversation that the call belongs to.
    pub conversation: Option<ConversationId>,
    /// Those of the callees who do not want to be disturbed.
    pub do_not_disturb: BTreeSet<UserId>,
    /// Those of the callees who are told nothing: for the caller it rings, and nobody answers.
    pub unheard: BTreeSet<UserId>,
}

/// Why something cannot be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CallError {
    /// There is no such call (any more), or one has no part in it.
    #[error("This call is over.")]
    NoSuchCall,
    /// The id is another call's.
    #[error("There is another call with this id. Try again.")]
    Taken,
    /// Nobody is called, or oneself is.
    #[error("Choose somebody else to call.")]
    Nobody,
    /// Too many are called.
    #[error("Too many people for one call. Start a meeting instead.")]
    TooMany,
    /// Another device was faster.
    #[error("The call was answered on another device.")]
    AnsweredElsewhere,
    /// One is calling or called already, with another call held.
    #[error("Hang up one of your calls first.")]
    TooManyCalls,
}

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// One device.
    Device(UserId, ConnectionId),
    /// All devices of somebody.
    User(UserId),
    /// All devices of somebody but one.
    Others(UserId, ConnectionId),
}

impl Audience {
    /// Whose devices these are.
    #[must_use]
    pub const fn user(&self) -> UserId {
        match self {
            Self::Device(user, _) | Self::User(user) | Self::Others(user, _) => *user,
        }
    }
}

/// A call, as its people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallInfo {
    /// Which.
    pub call: CallId,
    /// Who called.
    pub caller: UserId,
    /// Whether it began with, or was given, pictures.
    pub video: bool,
    /// Where they meet.
    pub room: RoomCode,
    /// The conversation that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
}

/// What people are told of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum CallEvent {
    /// To the caller: it rings.
    Calling(CallInfo),
    /// To a callee's devices: ring.
    Ring {
        /// The call.
        #[serde(flatten)]
        info: CallInfo,
        /// Whether another call is going on, which accepting this one would hold.
        waiting: bool,
        /// For how long to ring, in milliseconds.
        ring_ms: u64,
    },
    /// To the device that is in the call from now on: join the room.
    Join(CallInfo),
    /// To those in the call, and the caller: somebody accepted.
    Accepted {
        /// Which call.
        call: CallId,
        /// Who.
        user: UserId,
    },
    /// To those in the call, and the caller: somebody will not come.
    Unanswered {
        /// Which call.
        call: CallId,
        /// Who.
        user: UserId,
        /// Why.
        outcome: Outcome,
    },
    /// To those in the call: somebody hung up.
    Left {
        /// Which call.
        call: CallId,
        /// Who.
        user: UserId,
    },
    /// To those in the call: somebody put it aside or is back.
    Held {
        /// Which call.
        call: CallId,
        /// Who.
        user: UserId,
        /// Aside or back.
        on: bool,
    },
    /// To those in the call: somebody switched their picture on or off.
    Video {
        /// Which call.
        call: CallId,
        /// Who.
        user: UserId,
        /// On or off.
        on: bool,
    },
    /// Stop ringing, or leave: this is over for whom it is told to.
    Ended {
        /// Which call.
        call: CallId,
        /// Why.
        reason: EndReason,
    },
}

/// Why a call is over, for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EndReason {
    /// Another device of theirs accepted.
    AnsweredElsewhere,
    /// They declined, on this or another device.
    Declined,
    /// Nobody answered in time.
    Missed,
    /// The caller gave up.
    Cancelled,
    /// Who was called is busy.
    Busy,
    /// Somebody hung up, and too few are left.
    HungUp,
}

/// A call, as the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRecord {
    /// The call.
    #[serde(flatten)]
    pub info: CallInfo,
    /// What became of it.
    pub outcome: CallOutcome,
    /// What became of each who was called.
    pub callees: BTreeMap<UserId, Outcome>,
    /// When it began to ring.
    pub started_at: Timestamp,
    /// When it was accepted first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Timestamp,
}

impl CallRecord {
    /// Who is to be notified that they missed it.
    pub fn missed(&self) -> impl Iterator<Item = UserId> {
        self.callees.iter().filter(|(_, outcome)| outcome.is_missed()).map(|(user, _)| *user)
    }
}

/// What the switchboard wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// Tell somebody.
    Tell {
        /// Whom.
        to: Audience,
        /// What.
        event: CallEvent,
    },
    /// Answer the device that asked: it cannot be done.
    Refuse {
        /// Who asked; `None` when every device of theirs may know.
        device: Option<ConnectionId>,
        /// Whose device.
        user: UserId,
        /// About which call.
        call: CallId,
        /// Why.
        error: CallError,
    },
    /// Write it down: once for each call, when it is over. [`CallRecord::missed`] says who is to be notified.
    Log(CallRecord),
}
