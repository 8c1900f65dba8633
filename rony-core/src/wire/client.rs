//! What a client sends.

use serde::{Deserialize, Serialize};

use crate::{
    id::{ClientId, ConversationId, MessageId, UserId},
    message::Post,
    presence::DeviceStatus,
    room::RoomCode,
    stream::Since,
};

/// A frame from a client.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClientFrame {
    /// The first frame when the handshake carried no credentials.
    Auth {
        /// A session's token, a personal access token, or what a guest of a room was given.
        token: crate::secret::Secret,
    },
    /// Starts the flow of events. Answered by `hello`.
    Resume {
        /// From the last `hello`, heartbeat or `sync`: only streams that moved since are listed.
        #[serde(default)]
        since: Option<Since>,
    },
    /// What the client has in view from now on: their presence, and typing in the conversation.
    Watch {
        /// At most 200 people; the person's contacts are always watched.
        #[serde(default)]
        user_ids: Vec<UserId>,
        /// The conversation that is open.
        #[serde(default)]
        conversation_id: Option<ConversationId>,
    },
    /// Posts a message. Answered by `ack` when it is on disk, or by `error`.
    Post(PostFrame),
    /// The person is typing.
    Typing {
        /// Where.
        conversation_id: ConversationId,
    },
    /// The person has read up to here.
    Read {
        /// To be told by `ack`.
        #[serde(default)]
        id: Option<FrameId>,
        /// Where.
        conversation_id: ConversationId,
        /// In which thread, if in one.
        #[serde(default)]
        thread_id: Option<MessageId>,
        /// Up to which message.
        ordinal: i64,
    },
    /// How present this device is.
    Presence {
        /// `online` while it is used, `away` when it is not.
        status: DeviceStatus,
    },
    /// Something for a room, by whoever is in it or wants to be.
    Rtc {
        /// Which room.
        room: RoomCode,
        /// What: a message of `rony-rtc`'s.
        message: serde_json::Value,
    },
    /// Something about calls.
    Call {
        /// Which of the person's devices this is: chosen by it, and the same on each connection.
        device: ClientId,
        /// What: a message of `rony-rtc`'s.
        message: serde_json::Value,
    },
    /// Answered by `pong`.
    Ping {
        /// Comes back in the answer.
        #[serde(default)]
        id: Option<FrameId>,
    },
}

/// A post by the gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostFrame {
    /// Comes back in the answer.
    pub id: FrameId,
    /// Where.
    pub conversation_id: ConversationId,
    /// What.
    #[serde(flatten)]
    pub post: Post,
}

/// How a client names a frame to recognise its answer: a number, or a short text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FrameId {
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
}
