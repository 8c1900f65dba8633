//! What the server sends. `event` frames are encoded by [`crate::stream::Envelope`], once for all sockets.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{API_CURRENT, API_MIN, EventObject, FrameId, HEARTBEAT_MS};
use crate::{
    Error,
    id::{ConversationId, GuestId, MessageId, SessionId, UserId},
    presence::PresenceChange,
    read::OthersMark,
    room::{Guest, RoomCode},
    stream::{Head, Seq, Since, StreamId},
};

/// A frame from the server.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ServerFrame {
    /// The answer to `resume`.
    Hello(Hello),
    /// The answer to `resume` for a guest of a room.
    GuestHello(GuestHello),
    /// Something happened.
    Event {
        /// In which stream.
        stream: StreamId,
        /// The event object, as in `sync`.
        event: Box<EventObject>,
    },
    /// People's presence changed.
    Presence {
        /// Whose, and to what.
        changes: Vec<PresenceChange>,
    },
    /// Who is typing.
    Typing {
        /// Where.
        conversation_id: ConversationId,
        /// All others who do now; nobody, when the last one stopped.
        user_ids: Vec<UserId>,
    },
    /// How far others have read, in conversations of at most 50 members.
    ReadMarks {
        /// Where.
        conversation_id: ConversationId,
        /// Who, and how far.
        marks: Vec<OthersMark>,
    },
    /// Something from a room.
    Rtc {
        /// Which room.
        room: RoomCode,
        /// What: a message of `rony-rtc`'s.
        message: serde_json::Value,
    },
    /// Something about calls.
    Call {
        /// What: a message of `rony-rtc`'s.
        message: serde_json::Value,
    },
    /// Done.
    Ack(Acked),
    /// Not done.
    Error(Failed),
    /// The connection is alive, and everything up to `since` was sent.
    Heartbeat(Heartbeat),
    /// The answer to `ping`.
    Pong {
        /// As it came.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<FrameId>,
    },
}

/// The first frame after `resume`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The session that the socket came with; absent when an embedder's own authentication let it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
    /// Whose socket it is.
    pub user_id: UserId,
    /// How often heartbeats come.
    pub heartbeat_ms: u64,
    /// Keep it for the next `resume`, once what is in `moved` was synced.
    pub since: Since,
    /// Which versions of the API the server speaks.
    pub api: ApiVersions,
    /// Streams that moved since the client's `since` (all, without one), with their heads: `sync` those where the client
    /// has less. Events after these heads come by themselves.
    pub moved: Vec<Head>,
    /// There are more: page through `sync` with the client's own `since`.
    pub more: bool,
}

/// The first frame after `resume` for somebody without an account, who may come to one room and do nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestHello {
    /// Who they are, as long as their token lasts.
    pub guest_id: GuestId,
    /// What they call themselves.
    pub name: String,
    /// The room.
    pub room: RoomCode,
    /// How often heartbeats come.
    pub heartbeat_ms: u64,
    /// Which versions of the API the server speaks.
    pub api: ApiVersions,
}

impl GuestHello {
    /// A hello of this server.
    #[must_use]
    pub fn new(guest: &Guest, room: RoomCode) -> Self {
        let api = ApiVersions { min: API_MIN, current: API_CURRENT };
        let (guest_id, name) = (guest.id, guest.name.clone());
        Self { guest_id, name, room, heartbeat_ms: HEARTBEAT_MS, api }
    }
}

/// Which versions of the API a server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiVersions {
    /// The oldest.
    pub min: u32,
    /// The newest.
    pub current: u32,
}

impl Hello {
    /// A hello of this server.
    #[must_use]
    pub fn new(
        user_id: UserId,
        session_id: Option<SessionId>,
        since: Since,
        moved: Vec<Head>,
        more: bool,
    ) -> Self {
        let api = ApiVersions { min: API_MIN, current: API_CURRENT };
        Self { session_id, user_id, heartbeat_ms: HEARTBEAT_MS, since, api, moved, more }
    }
}

/// What was asked for is done, and on disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acked {
    /// The frame that asked.
    pub id: FrameId,
    /// For a post: the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// For a post: its number in the conversation's stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<Seq>,
}

/// What was asked for is not done; the connection goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// The frame that asked, if it could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FrameId>,
    /// Stable machine-readable reason, as in problem documents.
    pub code: String,
    /// What to do, for people.
    pub detail: String,
    /// When to try again, where trying again helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

impl Failed {
    /// The frame for an error of a use case.
    #[must_use]
    pub fn new(id: Option<FrameId>, error: &Error) -> Self {
        let retry_after_ms = match error {
            Error::Unavailable { retry_after, .. } | Error::RateLimited { retry_after } => {
                u64::try_from(retry_after.as_millis()).ok()
            }
            _ => None,
        };
        Self { id, code: error.code().to_owned(), detail: error.to_string(), retry_after_ms }
    }
}

/// See [`ServerFrame::Heartbeat`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// Keep it for the next `resume`.
    pub since: Since,
    /// The heads of the streams that moved since the last heartbeat.
    pub heads: BTreeMap<StreamId, Seq>,
}

impl ServerFrame {
    /// The frame as it goes out.
    #[must_use]
    pub fn encode(&self) -> Bytes {
        serde_json::to_vec(self).expect("frames are plain data").into()
    }
}
