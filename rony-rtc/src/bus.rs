//! Between the nodes: from the node that holds somebody's socket to the one that owns their room, and back.

use std::time::Duration;

use rony_core::id::NodeId;
use serde::{Deserialize, Serialize};

use crate::{
    id::ConnectionId,
    room::{Effect, Entrance, Input, RoomCode},
    signal::{ClientMessage, ServerMessage, Unreadable},
};

/// How long mail may be on its way. What is older is thrown away by whoever receives it: a room remembers for two minutes which
/// sockets have left it.
pub const MAIL_LIFETIME: Duration = Duration::from_secs(50);

/// Mail from a socket's node to the room's owner.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "mail", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ToRoom {
    /// Somebody asks to be let in. The node made sure who they are, and what became of the password.
    Join(Box<Entrance>),
    /// A client says something; no `join`, which becomes [`ToRoom::Join`].
    Say {
        /// On which socket.
        connection: ConnectionId,
        /// What, as the client wrote it: who owns the room reads it, once.
        json: String,
    },
    /// A socket is gone.
    Lost {
        /// Which.
        connection: ConnectionId,
    },
}

impl ToRoom {
    /// What to tell the room.
    ///
    /// # Errors
    /// When a client wrote something that has not even a number. There is nobody to answer; it is thrown away.
    pub fn into_input(self) -> Result<Input, Unreadable> {
        Ok(match self {
            Self::Join(entrance) => Input::Join(*entrance),
            Self::Say { connection, json } => {
                Input::Say { connection, message: ClientMessage::parse(&json)? }
            }
            Self::Lost { connection } => Input::Lost { connection },
        })
    }
}

/// Mail from a room's owner to a socket's node.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "mail", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ToSocket {
    /// Send this.
    Send {
        /// Over which socket.
        to: ConnectionId,
        /// What.
        message: ServerMessage,
    },
    /// The room has nothing to do with the socket any more: the next `join` on it gets a new number.
    Close {
        /// Which.
        connection: ConnectionId,
    },
}

impl ToSocket {
    /// The mail that an effect of a room is, if it is one.
    #[must_use]
    pub fn of(effect: &Effect) -> Option<Self> {
        match effect {
            Effect::Send { to, message } => Some(Self::Send { to: *to, message: message.clone() }),
            Effect::Close { connection } => Some(Self::Close { connection: *connection }),
            Effect::Happened(_) => None,
        }
    }

    /// The node that holds the socket.
    #[must_use]
    pub const fn node(&self) -> NodeId {
        match self {
            Self::Send { to, .. } => to.node,
            Self::Close { connection } => connection.node,
        }
    }
}

/// The port that carries mail between nodes. Neither method waits or fails.
///
/// It may lose, double, delay (up to [`MAIL_LIFETIME`]) and reorder what it carries: both ends number what they say, acknowledge what they
/// heard, say again what was lost, and hand on what comes in order only once ([`Link`](crate::signal::Link)). A `join` is repeated by the client
/// until it is answered; a `lost` that is lost is noticed by silence; a `close` that is lost is told again when something is
/// said on the socket. What it must not do is to invent or change mail, or to bring it to another node than the one it is for.
///
/// `epoch` is the number of the owner's lease. Who is told something for an older epoch than its own throws it away, and who
/// is told of a newer one stops being the owner: so there is never a second room that anybody listens to.
pub trait SignalBus: Send + Sync {
    /// To the owner of a room.
    fn to_room(&self, owner: NodeId, epoch: u64, room: RoomCode, mail: ToRoom);

    /// To the node of a socket.
    fn to_socket(&self, epoch: u64, room: RoomCode, mail: ToSocket);
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rony_core::id::UserId;

    use super::*;
    use crate::{id::SeatKey, person::Person, room::Proof, signal::ServerBody};

    fn socket() -> ConnectionId {
        ConnectionId { node: NodeId(uuid::Uuid::from_u128(1)), number: 7 }
    }

    fn posted<T: Serialize + for<'de> Deserialize<'de>>(mail: &T) -> T {
        serde_json::from_str(&serde_json::to_string(mail).unwrap()).unwrap()
    }

    #[test]
    fn mail_arrives_as_it_was_sent() {
        let person = Person::user(UserId(uuid::Uuid::from_u128(2)), "Ann");
        let (key, password) = (SeatKey::from_bytes([7; 16]), Proof::Right);
        let entrance = Entrance {
            connection: socket(),
            person: person.clone(),
            key,
            password,
            resume: None,
            outsider: false,
        };
        let Ok(Input::Join(arrived)) = posted(&ToRoom::Join(Box::new(entrance.clone()))).into_input() else {
            panic!("another kind of mail arrived");
        };
        assert_eq!((arrived.person, arrived.key, arrived.password), (person, entrance.key, password));

        let said =
            |json: &str| posted(&ToRoom::Say { connection: socket(), json: json.to_owned() }).into_input();
        assert!(
            matches!(said(r#"{"seq":1,"type":"fly"}"#), Ok(Input::Say { connection, .. }) if connection == socket())
        );
        assert!(said("?").is_err());

        let message = ServerMessage { seq: 1, ack: 2, body: Arc::new(ServerBody::Pong) };
        let sent = ToSocket::of(&Effect::Send { to: socket(), message: message.clone() }).unwrap();
        assert_eq!(sent.node(), socket().node);
        assert!(matches!(posted(&sent), ToSocket::Send { message: arrived, .. } if arrived == message));
    }
}
