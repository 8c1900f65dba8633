//! A client of a meeting, by the frames of the gateway.

use serde_json::{Value, json};

use super::{Person, Socket};

/// Somebody at the door of a room, or in it: the least of a client that keeps the order.
pub(crate) struct Seat {
    pub(crate) socket: Socket,
    pub(crate) code: String,
    /// The number of the last that was said.
    pub(crate) said: u64,
    /// The number of the last that was heard.
    pub(crate) seen: u64,
    pub(crate) peer: Value,
    pub(crate) session: Value,
}

impl Seat {
    pub(crate) fn new(socket: Socket, code: &str) -> Self {
        Self { socket, code: code.to_owned(), said: 0, seen: 0, peer: Value::Null, session: Value::Null }
    }

    pub(crate) async fn of(person: &Person, code: &str) -> Self {
        Self::new(person.client.gateway().await, code)
    }

    /// The seat of somebody with an account, who came in.
    pub(crate) async fn taken(person: &Person, code: &str) -> Self {
        let mut seat = Self::of(person, code).await;
        seat.join(json!({})).await;
        seat.hear("joined").await;
        seat
    }

    pub(crate) async fn frame(&mut self, message: Value) {
        self.socket.send(&json!({"type": "rtc", "room": self.code, "message": message})).await;
    }

    pub(crate) async fn join(&mut self, more: Value) {
        let mut message = json!({"seq": 0, "type": "join", "room": self.code});
        message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.frame(message).await;
    }

    pub(crate) async fn say(&mut self, mut message: Value) {
        self.said += 1;
        message["seq"] = self.said.into();
        message["ack"] = self.seen.into();
        self.frame(message).await;
    }

    pub(crate) async fn moderate(&mut self, action: &str, more: Value) {
        let mut message = json!({"type": "moderate", "action": action});
        message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.say(message).await;
    }

    /// The next message of the room.
    pub(crate) async fn next(&mut self) -> Value {
        loop {
            let message = self.socket.until("rtc").await["message"].take();
            let seq = message["seq"].as_u64().expect("a number");
            if seq != 0 && seq <= self.seen {
                continue; // It was said again.
            }
            self.seen = self.seen.max(seq);
            if !message["session"].is_null() {
                (self.peer, self.session) = (message["self"].clone(), message["session"].clone());
            }
            return message;
        }
    }

    /// The next message of this type; others are passed over.
    pub(crate) async fn hear(&mut self, kind: &str) -> Value {
        loop {
            let message = self.next().await;
            if message["type"] == kind {
                return message;
            }
            assert_ne!(message["type"], "leave", "{message}, while waiting for {kind}");
        }
    }

    /// Waits until the room says that it is over for this seat.
    pub(crate) async fn leaves(&mut self) -> Value {
        loop {
            let message = self.next().await;
            if message["type"] == "leave" {
                return message;
            }
        }
    }

    pub(crate) async fn refused(&mut self, code: &str) {
        assert_eq!(self.hear("error").await["code"], code);
    }

    /// Makes sure that the room said nothing else: what it answers now is the next that comes.
    pub(crate) async fn nothing_came(&mut self) {
        self.frame(json!({"seq": 0, "ack": self.seen, "type": "ping"})).await;
        assert_eq!(self.next().await["type"], "pong");
    }

    /// How another one is, the next time that something changes about them.
    pub(crate) async fn update_of(&mut self, peer: &Value) -> Value {
        loop {
            let update = self.hear("peer_update").await;
            if update["peer"] == *peer {
                return update;
            }
        }
    }
}
