//! What the server says to somebody in a room.

use std::sync::Arc;

use rony_core::{id::ClientId, time::Timestamp, wire::FrameId};
use serde::{Deserialize, Serialize};

use super::types::{
    Candidate, Description, Knock, Level, Mode, Nid, PeerInfo, Quality, Sdp, Source, TrackInfo,
};
use crate::{
    ice::IceGrant,
    id::{PeerId, SeatKey, TrackId},
    room::RoomCode,
};

/// A message from the server: `{"seq":…,"ack":…,"type":…,…}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServerMessage {
    /// Its number on this seat: 1, 2, 3 … with no hole. 0 for what is not numbered and may be lost.
    pub seq: u64,
    /// The number of the last message from the client that was seen.
    #[serde(default)]
    pub ack: u64,
    /// What is said. Shared, since most is said to many.
    #[serde(flatten)]
    pub body: Arc<ServerBody>,
}

/// What the server can say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ServerBody {
    /// One knocked, and waits to be admitted.
    Waiting {
        /// One's own number.
        #[serde(rename = "self")]
        me: PeerId,
        /// What opens this place again after a lost socket.
        session: SeatKey,
    },
    /// One is in. This is the whole room; everything later changes it.
    Joined(Box<Joined>),
    /// The seat is one's own again on this socket; what was missed follows. Not numbered.
    Resumed,
    /// A peer came, changed, or (`state: left`) went.
    PeerUpdate(PeerInfo),
    /// Somebody knocks; for those who look after the room.
    Knock(Knock),
    /// Somebody waits no more, or one no longer sees who waits.
    KnockEnded {
        /// Who.
        peer: PeerId,
    },
    /// A peer proposes a description.
    Offer {
        /// Who.
        from: PeerId,
        /// Its number.
        nid: Nid,
        /// The proposal.
        sdp: Sdp,
    },
    /// A peer agrees to one's offer.
    Answer {
        /// Who.
        from: PeerId,
        /// The number of the offer.
        nid: Nid,
        /// The answer.
        sdp: Sdp,
    },
    /// A way to reach a peer.
    Trickle {
        /// Whom.
        from: PeerId,
        /// The negotiation to which it belongs.
        nid: Nid,
        /// Absent when there is nothing more to tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        candidate: Option<Candidate>,
        /// Whether none will follow.
        #[serde(default, rename = "final")]
        last: bool,
    },
    /// A track is there, or changed.
    TrackPublished(TrackInfo),
    /// A track is gone.
    TrackUnpublished {
        /// Which.
        track: TrackId,
    },
    /// All who speak now; the last to begin comes first.
    Speakers {
        /// Them.
        peers: Vec<PeerId>,
    },
    /// How good a peer's connection is.
    Quality {
        /// Whose.
        peer: PeerId,
        /// In words.
        level: Level,
    },
    /// Which picture of one's own track is wanted at most: nobody needs a better one.
    TrackQuality {
        /// The track.
        track: TrackId,
        /// The picture.
        quality: Quality,
    },
    /// Who looks after the room switched off what one sends, or asks that it be switched on.
    MuteRequest {
        /// Who.
        by: PeerId,
        /// What.
        source: Source,
        /// `true`: it is off, and one's device obeys. `false`: one is asked, and may refuse.
        muted: bool,
    },
    /// Somebody says something to all.
    Chat {
        /// Who.
        from: PeerId,
        /// What they are called, for when they are gone.
        name: String,
        /// What.
        text: String,
        /// The sender's id for it.
        client_id: ClientId,
        /// When.
        at: Timestamp,
    },
    /// An emoji to show for a moment.
    Reaction {
        /// Who.
        from: PeerId,
        /// The emoji.
        emoji: String,
    },
    /// The room's door was shut or opened.
    Lock {
        /// Shut or open.
        on: bool,
    },
    /// Media flows in another way from now on: connect anew.
    ModeChange {
        /// How.
        mode: Mode,
    },
    /// New credentials, before the old ones expire, and after a seat was resumed (then restart ICE).
    IceRefresh {
        /// The servers.
        ice: IceGrant,
    },
    /// It is over, with this seat or with the socket.
    Leave {
        /// Why.
        reason: LeaveReason,
        /// What to do.
        action: LeaveAction,
    },
    /// Something that was asked cannot be done.
    Error {
        /// What asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<FrameId>,
        /// Stable reason.
        code: Refusal,
        /// What to do, for people.
        detail: String,
    },
    /// The answer to `ping`. Not numbered.
    Pong,
    /// Nothing but the `ack` that stands beside it. Not numbered.
    Ack,
}

/// A room, as somebody finds it who comes in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// One's own number; one is in `peers` too.
    #[serde(rename = "self")]
    pub me: PeerId,
    /// Which room.
    pub room: RoomCode,
    /// What opens this seat again after a lost socket.
    pub session: SeatKey,
    /// How media flows.
    pub mode: Mode,
    /// Whether the door is shut.
    pub locked: bool,
    /// All who are in.
    pub peers: Vec<PeerInfo>,
    /// All that is sent.
    pub tracks: Vec<TrackInfo>,
    /// All who speak now.
    pub speakers: Vec<PeerId>,
    /// Who waits before the door; empty for those who do not look after the room.
    pub knocks: Vec<Knock>,
    /// The servers to connect through.
    pub ice: IceGrant,
}

impl ServerBody {
    /// What tells somebody a description of `from`.
    #[must_use]
    pub fn describe(from: PeerId, description: Description) -> Self {
        match description {
            Description::Offer { nid, sdp } => Self::Offer { from, nid, sdp },
            Description::Answer { nid, sdp } => Self::Answer { from, nid, sdp },
            Description::Trickle { nid, candidate, last } => Self::Trickle { from, nid, candidate, last },
        }
    }

    /// The description inside, and whose it is.
    #[must_use]
    pub fn description(&self) -> Option<(PeerId, Description)> {
        match self.clone() {
            Self::Offer { from, nid, sdp } => Some((from, Description::Offer { nid, sdp })),
            Self::Answer { from, nid, sdp } => Some((from, Description::Answer { nid, sdp })),
            Self::Trickle { from, nid, candidate, last } => {
                Some((from, Description::Trickle { nid, candidate, last }))
            }
            _ => None,
        }
    }

    /// Whether it has a number, arrives once and in order.
    #[must_use]
    pub const fn is_numbered(&self) -> bool {
        !matches!(self, Self::Resumed | Self::Pong | Self::Ack)
    }
}

/// Why it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LeaveReason {
    /// One went.
    Left,
    /// One knocked and was not let in.
    Denied,
    /// One was removed.
    Removed,
    /// The room ended.
    Ended,
    /// Too much was sent for too long.
    RateLimited,
    /// This device does not take what is sent to it.
    TooSlow,
    /// The seat was opened on another socket.
    Replaced,
    /// There is no such seat any more.
    Expired,
    /// The room knows no seat of this socket: it may have been silent for too long, or the room was opened anew.
    NotHere,
    /// The room goes to another node.
    Moved,
}

/// What a client does then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaveAction {
    /// Shows why, and stays out.
    Disconnect,
    /// Asks for its seat again, on this or a new socket.
    Resume,
    /// Joins anew.
    Reconnect,
}

/// Why something cannot be done: stable codes, each with a sentence for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Refusal {
    /// One is not in this room.
    #[error("You are not in this meeting. Join it first.")]
    NotInRoom,
    /// There is no room with this code.
    #[error("There is no meeting with this code. Look at it again, or ask for a new link.")]
    NoSuchRoom,
    /// It has ended.
    #[error("This meeting is over.")]
    Ended,
    /// One was removed before.
    #[error("You were removed from this meeting.")]
    Removed,
    /// The room is full.
    #[error("This meeting is full. Try again when somebody has left.")]
    Full,
    /// Too many wait.
    #[error("Too many people wait to be let in. Try again in a minute.")]
    LobbyFull,
    /// One is in with too many devices.
    #[error("You are in this meeting with too many devices. Leave it on one of them first.")]
    TooManyDevices,
    /// Guests may not come.
    #[error("This meeting is only for people with an account. Sign in first.")]
    GuestsNotAllowed,
    /// The room has a password.
    #[error("This meeting has a password. Type it to come in.")]
    PasswordNeeded,
    /// It is not this one.
    #[error("This is not the meeting's password.")]
    PasswordWrong,
    /// The door is shut.
    #[error("The host has locked this meeting. Ask them to open it.")]
    Locked,
    /// The role does not allow it.
    #[error("Only the host and co-hosts may do this.")]
    NotAllowed,
    /// Only the host may.
    #[error("Only the host may do this.")]
    HostOnly,
    /// The settings do not allow it.
    #[error("The host has switched this off in this meeting.")]
    SwitchedOff,
    /// There is no such peer.
    #[error("They are not in this meeting any more.")]
    NoSuchPeer,
    /// There is no such track.
    #[error("Nothing of this kind is sent.")]
    NoSuchTrack,
    /// Another negotiation has taken its place. No harm is done.
    #[error("This answer comes too late: another negotiation has begun.")]
    Stale,
    /// The message is not right.
    #[error("This message is not right.")]
    Invalid,
    /// Too much in too short a time.
    #[error("That was too much at once. Wait a moment.")]
    RateLimited,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_says_what_to_do_in_a_sentence() {
        let text = Refusal::PasswordNeeded.to_string();
        assert!(text.ends_with('.'));
        assert_eq!(serde_json::to_string(&Refusal::PasswordNeeded).unwrap(), "\"password_needed\"");
    }
}
