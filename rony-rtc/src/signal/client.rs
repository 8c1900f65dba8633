//! What a client says in a room.

use rony_core::{id::ClientId, secret::Secret, wire::FrameId};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::types::{Candidate, Description, Level, Nid, Quality, Resume, Sdp, Source};
use crate::{
    id::{PeerId, TrackId},
    person::Role,
    room::RoomCode,
};

/// A message from a client: `{"seq":…,"ack":…,"id":…,"type":…,…}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClientMessage {
    /// Its number on this seat: 1, 2, 3 … with no hole. 0 for what is not numbered and may be lost (`join`, `ping`, `ack`).
    pub seq: u64,
    /// The number of the last message from the server that was seen.
    #[serde(default)]
    pub ack: u64,
    /// Comes back in an `error`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FrameId>,
    /// What is said.
    #[serde(flatten)]
    pub body: ClientBody,
}

/// A text that is no message at all.
#[derive(Debug, thiserror::Error)]
#[error("this is not a message of a meeting: {0}")]
pub struct Unreadable(#[source] serde_json::Error);

/// What a client can say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClientBody {
    /// Asks to be let in, or to come back to one's seat. Not numbered: said again until it is answered.
    Join(Join),
    /// Proposes a description to `target`.
    Offer {
        /// For whom.
        target: PeerId,
        /// Its number.
        nid: Nid,
        /// The proposal.
        sdp: Sdp,
    },
    /// Agrees to the offer of `target`.
    Answer {
        /// For whom.
        target: PeerId,
        /// The number of the offer.
        nid: Nid,
        /// The answer.
        sdp: Sdp,
    },
    /// Tells `target` a way to reach one.
    Trickle {
        /// For whom.
        target: PeerId,
        /// The negotiation to which it belongs.
        nid: Nid,
        /// Absent when there is nothing more to tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        candidate: Option<Candidate>,
        /// Whether none will follow.
        #[serde(default, rename = "final")]
        last: bool,
    },
    /// Begins to send a track; another of the same source takes the place of the first.
    TrackAdd {
        /// How the client names it.
        cid: String,
        /// What it carries.
        source: Source,
        /// Whether nothing is to be heard or seen of it yet.
        #[serde(default)]
        muted: bool,
    },
    /// Sends a track no more.
    TrackRemove {
        /// What it carried.
        source: Source,
    },
    /// Switches what one sends off or on.
    Mute {
        /// What.
        source: Source,
        /// Off or on.
        muted: bool,
    },
    /// Begins or ends to show the screen. Ending also takes its tracks away.
    Screen {
        /// Begins or ends.
        on: bool,
    },
    /// Raises or lowers the hand.
    Hand {
        /// Up or down.
        up: bool,
    },
    /// An emoji that all see for a moment.
    Reaction {
        /// The emoji.
        emoji: String,
    },
    /// Begins or ends to speak, as one's own device hears it.
    Speaking {
        /// Begins or ends.
        on: bool,
    },
    /// How good one's connection is.
    Quality {
        /// In words.
        level: Level,
    },
    /// Which picture of a track one wants.
    Subscribe {
        /// The track.
        track: TrackId,
        /// The picture.
        quality: Quality,
    },
    /// Says something to all.
    Chat {
        /// What.
        text: String,
        /// So that what is sent twice is said once, where the chat is kept.
        client_id: ClientId,
    },
    /// Looks after the room.
    Moderate(Moderate),
    /// Answered by `pong`. Said at least every [`PING_EVERY`](super::PING_EVERY), so that a seat without a living socket is
    /// noticed.
    Ping,
    /// Nothing but the `ack` that stands beside it.
    Ack,
    /// Goes.
    Leave,
    /// What could not be read, and why. It has its number, so that what follows is heard; no client can say it.
    #[serde(skip)]
    Unreadable(String),
}

impl ClientMessage {
    /// Reads a message. One whose number is clear and whose rest is not becomes [`ClientBody::Unreadable`], so that the room
    /// can answer it and go on with the next.
    ///
    /// # Errors
    /// When not even the number can be read.
    pub fn parse(json: &str) -> Result<Self, Unreadable> {
        serde_json::from_str(json).or_else(|why| Head::of(serde_json::from_str(json), &why))
    }

    /// As [`Self::parse`], of what was read as JSON already: within a frame of the gateway.
    ///
    /// # Errors
    /// As there.
    pub fn read(json: &Value) -> Result<Self, Unreadable> {
        Self::deserialize(json).or_else(|why| Head::of(Head::deserialize(json), &why))
    }
}

/// What must be clear of a message.
#[derive(Deserialize)]
struct Head {
    seq: u64,
    #[serde(default)]
    ack: u64,
    #[serde(default)]
    id: Option<FrameId>,
}

impl Head {
    /// A message of which no more can be read; `why` not.
    fn of(head: serde_json::Result<Self>, why: &serde_json::Error) -> Result<ClientMessage, Unreadable> {
        let Self { seq, ack, id } = head.map_err(Unreadable)?;
        Ok(ClientMessage { seq, ack, id, body: ClientBody::Unreadable(why.to_string()) })
    }
}

/// How a client asks to be let in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Join {
    /// Where.
    pub room: RoomCode,
    /// What a guest is called; people with an account have their own name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where the room has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Password>,
    /// To come back to one's seat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<Resume>,
}

impl ClientBody {
    /// The message that tells `target` a description.
    #[must_use]
    pub fn describe(target: PeerId, description: Description) -> Self {
        match description {
            Description::Offer { nid, sdp } => Self::Offer { target, nid, sdp },
            Description::Answer { nid, sdp } => Self::Answer { target, nid, sdp },
            Description::Trickle { nid, candidate, last } => Self::Trickle { target, nid, candidate, last },
        }
    }

    /// Whether it has a number, arrives once and in order. The others are said again when they matter.
    #[must_use]
    pub const fn is_numbered(&self) -> bool {
        !matches!(self, Self::Join(_) | Self::Ping | Self::Ack)
    }
}

/// How somebody looks after a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Moderate {
    /// Lets somebody in who knocked.
    Admit {
        /// Who.
        peer: PeerId,
    },
    /// Does not let them in.
    Deny {
        /// Who.
        peer: PeerId,
    },
    /// Removes somebody, who cannot come back while the room runs.
    Kick {
        /// Who.
        peer: PeerId,
    },
    /// Switches off what somebody sends.
    Mute {
        /// Whose.
        peer: PeerId,
        /// What.
        source: Source,
    },
    /// Asks somebody to switch it on again. Nobody can be made to.
    AskUnmute {
        /// Whom.
        peer: PeerId,
        /// What.
        source: Source,
    },
    /// Lowers somebody's hand.
    LowerHand {
        /// Whose.
        peer: PeerId,
    },
    /// Lets nobody else in, or does again.
    Lock {
        /// Shut or open.
        on: bool,
    },
    /// Makes somebody the host (and oneself a co-host), a co-host, or a participant again.
    Role {
        /// Whom.
        peer: PeerId,
        /// What they become.
        role: Role,
    },
    /// Ends the room for all.
    End,
}

/// A room's password on its way in. Unlike other secrets it can be written, since a client in Rust must say it.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Password(pub Secret);

impl Serialize for Password {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.reveal())
    }
}

impl PartialEq for Password {
    fn eq(&self, other: &Self) -> bool {
        self.0.reveal() == other.0.reveal()
    }
}
