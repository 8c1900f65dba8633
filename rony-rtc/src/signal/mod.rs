//! The messages of a room, and what brings two peers together; no input and output.
//!
//! A gateway's frame `rtc {room, message}` carries a [`ClientMessage`] or a [`ServerMessage`]. The server stamps who says
//! something: what a client says names at most a target. [`check`] is what every message from outside passes first, [`Link`]
//! brings both directions through lost sockets and a bus that loses, and [`negotiation`] is one peer's side of "perfect
//! negotiation" with another.
//!
//! | numbered | not numbered (`seq` is 0) |
//! | --- | --- |
//! | arrives once, in order, over all sockets of a seat; acknowledged by `ack` | `join`, `ping`, `ack`; `resumed`, `pong`, `ack`, and an `error` or `leave` to who has no seat |

use std::time::Duration;

mod client;
mod link;
pub mod negotiation;
mod server;
mod types;
mod validate;

pub use client::{ClientBody, ClientMessage, Join, Moderate, Password, Unreadable};
pub use link::{Due, Full, Link, Missed, OUTBOX_BYTES, OUTBOX_LIMIT};
pub use server::{Joined, LeaveAction, LeaveReason, Refusal, ServerBody, ServerMessage};
pub use types::{
    Candidate, Description, Knock, Level, Mode, Nid, PeerInfo, PeerState, Quality, Resume, Sdp, Source,
    TrackInfo,
};
pub use validate::{
    CANDIDATE_LIMIT, CHAT_LIMIT, EMOJI_LIMIT, Invalid, NAME_LIMIT, PASSWORD_LIMIT, SDP_LIMIT, check,
    guest_name,
};

/// How often a client says something, a `ping` if nothing else.
pub const PING_EVERY: Duration = Duration::from_secs(10);
