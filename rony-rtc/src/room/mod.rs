//! Rooms: where people meet.

mod code;

pub use code::{CodeError, RoomCode};
