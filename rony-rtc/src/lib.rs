//! Rooms, signaling and calls of Rony, as state machines.
//!
//! Without its features, this crate does no input or output. Each machine is told what happened and the moment at which it did, and says what to do;
//! a thin driver around it has the sockets and the clock. So everything here is tested without either, and without waiting.
//!
//! A small meeting: the host is in, a guest knocks and is admitted.
//!
//! ```
//! use std::{sync::Arc, time::Duration};
//!
//! use rony_core::{id::{NodeId, UserId}, time::Timestamp};
//! use rony_rtc::{
//!     ice::NoIce,
//!     id::{ConnectionId, GuestId, SeatKey},
//!     media::Mesh,
//!     now::Now,
//!     person::Person,
//!     room::{Effect, Entrance, Input, Limits, Proof, Room, RoomCode, Settings},
//!     signal::{ClientMessage, ServerBody},
//! };
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // The driver's part: the moment, and who sits behind which socket.
//! let now = Now { elapsed: Duration::ZERO, at: Timestamp::from_millis(0) };
//! let node = NodeId::new(now.at);
//! let (ann, guest) = (UserId::new(now.at), GuestId(uuid::Uuid::nil()));
//! let socket = |number| ConnectionId { node, number };
//! let entrance = |number, person| -> Result<Input, Box<dyn std::error::Error>> {
//!     let (password, key) = (Proof::Missing, SeatKey::random()?);
//!     Ok(Input::Join(Entrance { connection: socket(number), person, key, password, resume: None, outsider: false }))
//! };
//!
//! let settings = Settings::new(ann);
//! let mut room = Room::new(RoomCode::random()?, settings, Limits::default(), Box::new(Mesh::new()), Arc::new(NoIce));
//! room.handle(now, entrance(1, Person::user(ann, "Ann"))?);
//! room.handle(now, entrance(2, Person::guest(guest, "Bo"))?);
//!
//! // What is told to whom, as a driver would send it.
//! let admit = r#"{"seq": 1, "type": "moderate", "action": "admit", "peer": 2}"#;
//! let message = ClientMessage::parse(admit)?;
//! let effects = room.handle(now, Input::Say { connection: socket(1), message });
//! let joined = effects.iter().any(|effect| {
//!     matches!(effect, Effect::Send { to, message } if *to == socket(2) && matches!(*message.body, ServerBody::Joined(_)))
//! });
//! assert!(joined && room.peers().count() == 2);
//!
//! // When to come back although nobody says anything.
//! assert!(room.next_due().is_some());
//! # Ok(())
//! # }
//! ```
//!
//! # Where things are
//!
//! | modules | what they are |
//! | --- | --- |
//! | [`room`] | codes, settings, who may what, and the machine of a room; a client's side of it |
//! | [`signal`] | the messages, what they may hold, how none is lost, and how two peers agree on what to send |
//! | [`call`] | ringing on all devices of somebody, until one answers or none does |
//! | [`ice`], [`media`], [`bus`] | the ports: servers and credentials, how media flows, how nodes reach a room's owner |
//! | [`person`], [`id`], [`now`], [`rate`] | the ground under all |
//! | `peer` (feature `peer`) | the native peer: takes part in a meeting from a Rust program |
//! | `turn` (feature `turn`) | the built-in STUN and TURN server |
//!
//! # What a driver does
//!
//! - It owns a [`Room`](room::Room) for each room whose owner this node is, and tells it everything in one order (a task or a lock
//!   a room). After each turn it sends the effects, over its own sockets or by the [`SignalBus`](bus::SignalBus), and sets one timer to
//!   [`next_due`](room::Room::next_due).
//! - It gives a socket a new [`ConnectionId`](id::ConnectionId) each time it begins to join, keeps it while the client repeats its `join`, and
//!   forgets it with [`Effect::Close`](room::Effect::Close).
//! - It says who somebody is, and what became of the password; it limits how often somebody may guess a code.

pub mod bus;
pub mod call;
pub mod ice;
pub mod id;
pub mod media;
pub mod now;
#[cfg(feature = "peer")]
pub mod peer;
pub mod person;
pub mod rate;
pub mod room;
pub mod signal;
#[cfg(feature = "turn")]
pub mod turn;
