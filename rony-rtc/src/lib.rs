//! Rooms, signaling and calls of Rony, as state machines.
//!
//! This crate does no input or output. Each machine is told what happened and the moment at which it did, and says what to do;
//! a thin driver around it has the sockets and the clock. So everything here is tested without either, and without waiting.

pub mod ice;
pub mod id;
pub mod now;
pub mod person;
pub mod room;
pub mod signal;
