//! Presence: who is there, who is typing, and who is told.
//!
//! Nothing of it has a number: the newest counts, and what is missed is told again when it matters. It goes to those who
//! have a person in view, which for everybody are their own contacts, and whom a client watches beyond them; never
//! between two people of whom one has blocked the other. What changed is gathered and goes out once every [`BEAT`], one frame a socket: so
//! frames grow with those who look, not with pairs of people.
//!
//! A person is as present as the most present of their devices: `online` stands above `away`, which stands above nothing.
//! What they chose (busy, away, appearing offline) stands above that. A device that nobody has used for ten minutes is away. A
//! connection that drops counts for half a minute as if it had not.
//!
//! Nodes know of each other through the database: each holds a lease that it renews every 15 seconds, and writes how
//! present people are on it, changes only; a node that was silent for 45 seconds is gone with its presence.

mod board;
mod frame;
mod live;
mod service;
mod store;
mod types;
mod typing;
mod views;

pub use board::Publication;
pub(crate) use live::Live;
pub use service::Presence;
pub use store::{News, PresenceStore, Present};
pub use types::{Chosen, DeviceStatus, OwnPresence, PresenceChange, PresenceEvent, SetPresence, Status};

/// How often what changed goes out.
pub const BEAT: std::time::Duration = std::time::Duration::from_secs(1);
