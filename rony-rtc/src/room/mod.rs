//! Rooms: where people meet, who lets whom in, and what all see of each other.
//!
//! A [`Room`] is a machine that lives on one node, its owner: it is told what happened ([`Input`]), and says what to send to
//! which socket ([`Effect`]). It asks no clock, no database and no socket. What lasts of a room, its [`Settings`], the hash of
//! its password, its schedule, is kept elsewhere; everything here can be lost with the node, and then all join anew.
//!
//! # Coming in
//!
//! `join` is answered by `joined` (one is in), `waiting` (one knocked, and somebody who looks after the room decides), or an
//! error that says why not. [`rule`] decides. The room's owner is never kept out, and hosts it whenever they are there.
//! When the host goes, the longest there of the co-hosts takes over, or else of those with an account; a guest never does.
//! Who waits is told nothing of the room but how it ended for them.
//!
//! # A lost socket is not a leave
//!
//! The seat is kept for 30 seconds ([`Limits::grace`]), and others see its peer as `away`. Whoever comes back with the seat's
//! key and the number of the last message that they saw is told what they missed, gets fresh credentials, and restarts ICE; to the
//! others nothing happened. All that is numbered is said again until it is acknowledged ([`Link`](crate::signal::Link)), so it does not
//! matter whether a message was lost with a socket or on the bus. [`Attendee`] is the other end of that, and [`View`] what it makes of
//! what it hears.
//!
//! # Looking after a room
//!
//! The room enforces what it can: who is in, who is told what, who may show a screen or write. Muting somebody marks their
//! track as muted for all and tells their device, which obeys; unmuting is only ever a request.

mod attendee;
mod entry;
pub mod rule;
mod say;
mod seat;
mod settings;
mod state;
mod view;

pub use attendee::{Attendee, AttendeeEffect, AttendeeInput};
pub use rony_core::room::{CodeError, Lobby, Proof, RoomCode};
pub use settings::{Limits, Settings};
pub use state::{Effect, Entrance, Happened, Input, Room};
pub use view::View;
