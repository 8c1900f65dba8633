//! A socket's end of the rooms that it is in.

use std::{collections::HashMap, sync::Mutex};

use bytes::Bytes;
use rony_core::room::RoomCode;
use rony_rtc::{id::ConnectionId, signal::ServerMessage};
use serde::Serialize;

use super::lock;

/// How many rooms a socket may be in or ask to come to at once: one meeting, one that is held, and some mistakes.
const ROOMS_OF_SOCKET: usize = 4;

/// See the module's documentation.
pub(crate) struct Phone {
    /// Queues a frame for the socket, without waiting: a socket that does not take it is closed by whoever made this.
    queue: Box<dyn Fn(Bytes) + Send + Sync>,
    rooms: Mutex<HashMap<RoomCode, ConnectionId>>,
}

/// A frame with a message of a room.
#[derive(Serialize)]
#[serde(tag = "type", rename = "rtc")]
struct Carried<'a> {
    room: RoomCode,
    message: &'a ServerMessage,
}

impl Phone {
    pub(crate) fn new(queue: impl Fn(Bytes) + Send + Sync + 'static) -> Self {
        Self { queue: Box::new(queue), rooms: Mutex::default() }
    }

    pub(super) fn say(&self, room: RoomCode, message: &ServerMessage) {
        let frame = serde_json::to_vec(&Carried { room, message }).expect("messages are plain data");
        (self.queue)(frame.into());
    }

    /// The number by which a room knows this socket.
    pub(super) fn connection(&self, code: RoomCode) -> Option<ConnectionId> {
        lock(&self.rooms).get(&code).copied()
    }

    /// The same, made by `fresh` where there is none, and whether it was; `None` when it would be one too many.
    pub(super) fn connect(
        &self,
        code: RoomCode,
        fresh: impl FnOnce() -> ConnectionId,
    ) -> Option<(ConnectionId, bool)> {
        let mut rooms = lock(&self.rooms);
        if let Some(connection) = rooms.get(&code) {
            return Some((*connection, false));
        }
        if rooms.len() >= ROOMS_OF_SOCKET {
            return None;
        }
        let connection = fresh();
        rooms.insert(code, connection);
        Some((connection, true))
    }

    /// A room has nothing to do with this socket any more: the next `join` gets a new number.
    pub(super) fn forget(&self, code: RoomCode, connection: ConnectionId) {
        let mut rooms = lock(&self.rooms);
        if rooms.get(&code) == Some(&connection) {
            rooms.remove(&code);
        }
    }

    /// The rooms that it is in or asks to come to.
    pub(super) fn rooms(&self) -> Vec<RoomCode> {
        lock(&self.rooms).keys().copied().collect()
    }

    /// All numbers; from now on it is in none.
    pub(super) fn hang_up(&self) -> HashMap<RoomCode, ConnectionId> {
        std::mem::take(&mut lock(&self.rooms))
    }
}
