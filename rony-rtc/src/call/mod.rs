//! Calls: how somebody's devices ring, and who ends up talking with whom.
//!
//! A call is a way into a room: it rings, and once somebody accepts, both sides join the room that the call names, where
//! media, lost sockets and everything else is the [`room`](crate::room)'s matter. The [`Switchboard`] is a machine that knows
//! all calls of an installation (or of the node that owns them); it says what to tell whom and what to write down.
//!
//! ```text
//! invite ─► ringing ─┬─► accepted     by one device; the others hear "answered elsewhere"
//!                    ├─► declined     on one device, for all of them
//!                    ├─► missed       nobody answered in time, or the caller gave up
//!                    └─► busy         already rung by somebody else, or one call held and one going on, or not to be disturbed
//! ```
//!
//! Two who call each other at the same moment are connected: the second invitation accepts the first. Who accepts a second call holds
//! the first. A call of many goes on as long as two are in it, or one is and somebody is still rung.

mod switchboard;
mod types;
mod wire;

pub use switchboard::Switchboard;
pub use types::{
    Audience, CallError, CallEvent, CallInfo, CallOutcome, CallRecord, Effect, EndReason, Input, Invite,
    Outcome, RING_FOR,
};
pub use wire::{CallMessage, CallRefused};
