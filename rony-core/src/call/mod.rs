//! Calls: who called whom, and what became of it.
//!
//! How devices ring and who ends up talking with whom is a live matter (the crate `rony-rtc`). This noun decides who may ring whom, keeps the
//! log, and tells who missed a call: with a message of the caller's in the conversation, which says nothing but that, and with a
//! notification that is made of it like any other.
//!
//! A call is written down **before** anybody rings, with a lease that whoever drives it renews, and which goes by the database's clock. A call whose
//! lease ended has nobody any more who drives it, since their server was killed: who was rung has missed it then. The message comes after the log
//! says so, and again until it is there; its `client_id` was written down with the call, so it is there once, and nobody can post another
//! one under it before.

mod rule;
mod service;
mod store;
mod types;

pub use rule::{CalleeFacts, MOST_A_MINUTE, MOST_CALLEES, Ringing, may_begin, rings};
pub use service::{Calls, LEASE};
pub use store::{BeginCall, CallKey, CallStore, EndCall, ListCalls, Missed};
pub use types::{Call, CallNote, CallOutcome, CallPerson, Callee, Outcome};
