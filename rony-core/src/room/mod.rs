//! Rooms: places to meet, which last. A room has a code; whoever has that may ask to come in, with an account or, where its owner allows it,
//! without one.
//!
//! This noun keeps what lasts of a room: its code, whose it is, who must be let in, its password. Who is in it at the moment, who waits before
//! the door and who says what is a live matter that is kept nowhere (the crate `rony-rtc`).
//!
//! A room belongs to whoever made it, who hosts it. Made from a conversation, there is one for that conversation, which all its members see; who
//! makes it again gets the one that there is.
//!
//! Which node drives the meeting in a room, and what nodes say to each other about it, is the matter of [`LeaseStore`].
//!
//! A room that was made with a scheduled [`meeting`](crate::meeting) is in no list of rooms, and goes with the meeting.
//!
//! A code is no secret key: people say it on the telephone. It cannot be found by trying ([`RoomCode`], and few wrong ones from each address), and
//! behind the door there are the lobby, the lock and the password. A **guest** gets a token that is good for this one room for some hours
//! ([`Rooms::invite_in`]) and makes an [`Actor`](crate::actor::Actor) of its own kind, who may do nothing but come to it.

mod code;
mod lease;
mod rule;
mod service;
mod store;
mod types;

pub use code::{CodeError, RoomCode};
pub use lease::{Lease, LeaseStore, Mail, Note, SWITCHBOARD};
pub use rule::{MOST_CO_HOSTS, MOST_ROOMS, keeps, may_delete, may_make};
pub use service::{GuestPass, Rooms, Visit, Visitor};
pub use store::{AddGuest, AddRoom, ChangeRoom, DeleteRoom, KeepCoHost, ListRooms, RoomStore};
pub use types::{
    Door, Guest, Lobby, MOST_GUEST_NAME, NewRoom, Proof, Room, RoomChange, RoomMade, RoomPreview, guest_name,
};
