//! Between the nodes: from the node that holds somebody's socket to the one that owns their room, and back.

use std::time::Duration;

use rony_core::id::NodeId;
use serde::{Deserialize, Serialize};

use crate::{
    id::ConnectionId,
    room::{Effect, Entrance, Input, RoomCode},
    signal::{ClientMessage, ServerMessage},
};

/// How long mail may be on its way. What is older is thrown away by whoever receives it: a room remembers for a minute which
/// sockets have left it.
pub const MAIL_LIFETIME: Duration = Duration::from_secs(50);

/// Mail from a socket's node to the room's owner.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "mail", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ToRoom {
    /// Somebody asks to be let in. The node made sure who they are, and what became of the password.
    Join(Box<Entrance>),
    /// A client says something.
    Say {
        /// On which socket.
        connection: ConnectionId,
        /// What.
        message: Box<ClientMessage>,
    },
    /// A socket is gone.
    Lost {
        /// Which.
        connection: ConnectionId,
    },
}

impl From<ToRoom> for Input {
    fn from(mail: ToRoom) -> Self {
        match mail {
            ToRoom::Join(entrance) => Self::Join(*entrance),
            ToRoom::Say { connection, message } => Self::Say { connection, message: *message },
            ToRoom::Lost { connection } => Self::Lost { connection },
        }
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
