//! What both directions speak of: peers, tracks, descriptions, candidates.

use std::fmt;

use rony_core::id::UserId;
use serde::{Deserialize, Serialize};

use crate::{
    id::{PeerId, SeatKey, TrackId},
    person::Role,
};

/// How media flows in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// From each to each.
    Mesh,
    /// By way of the server's media router.
    Sfu,
}

/// What a track carries. A peer has at most one of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// What somebody says.
    Microphone,
    /// How they look.
    Camera,
    /// The screen, or a window of it.
    Screen,
    /// The sound that belongs to it.
    ScreenAudio,
}

/// Which picture of a track somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// None, since it is out of view.
    Off,
    /// A thumbnail.
    Low,
    /// A tile.
    Medium,
    /// The whole stage.
    High,
}

/// How good somebody's connection is, by their own measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing to notice.
    Good,
    /// Some loss or delay.
    Fair,
    /// One cannot talk well.
    Poor,
}

/// Whether a peer is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeerState {
    /// Connected.
    Here,
    /// The socket was lost a moment ago; media may still flow.
    Away,
    /// Gone for good. This is the last that is told of a peer.
    Left,
}

/// A peer, as all in the room see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerInfo {
    /// Their number in this room.
    pub peer: PeerId,
    /// Their account; absent for guests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// The name to show.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they are there.
    pub state: PeerState,
    /// Whether the hand is up.
    pub hand: bool,
}

/// A track, as all in the room see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackInfo {
    /// Its number in this room.
    pub track: TrackId,
    /// Who sends it.
    pub peer: PeerId,
    /// How the sender named it: in the mesh, the id by which the sound or picture arrives.
    pub cid: String,
    /// What it carries.
    pub source: Source,
    /// Whether nothing is to be heard or seen of it at the moment.
    pub muted: bool,
}

/// Somebody who waits before the door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Knock {
    /// To be named when they are admitted.
    pub peer: PeerId,
    /// Their account; absent for guests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// The name to show.
    pub name: String,
}

/// What must be remembered to come back to one's seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resume {
    /// From `joined` or `waiting`.
    pub session: SeatKey,
    /// The number of the last message that was seen.
    pub last_seq: u64,
    /// Which of one's sockets this is, counted by oneself: a late copy of what was asked on an earlier one must not take the
    /// seat back to it.
    #[serde(default)]
    pub attempt: u32,
}

/// An ICE candidate, with the names that browsers give (`RTCIceCandidate.toJSON()`).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// The line itself.
    pub candidate: String,
    /// Which part of the description it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sdp_mid: Option<String>,
    /// The same, as a number.
    #[serde(default, rename = "sdpMLineIndex", skip_serializing_if = "Option::is_none")]
    pub sdp_m_line_index: Option<u16>,
    /// Which gathering of candidates it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username_fragment: Option<String>,
}

impl fmt::Debug for Candidate {
    /// Without the line: it holds people's addresses.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Candidate").field("sdp_mid", &self.sdp_mid).finish_non_exhaustive()
    }
}

/// The number of a negotiation. It grows with each offer between two peers, whoever makes it; offers of the polite peer are
/// odd, those of the other even, so that it says which offer it means. See [`negotiation`](super::negotiation).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Nid(pub u32);

/// An SDP description.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sdp(pub String);

impl fmt::Debug for Sdp {
    /// Its length only: it holds people's addresses and keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sdp({} bytes)", self.0.len())
    }
}

/// What two peers (or a peer and the router) tell each other to connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Description {
    /// Proposes a description.
    Offer {
        /// Its number.
        nid: Nid,
        /// The proposal.
        sdp: Sdp,
    },
    /// Agrees to one.
    Answer {
        /// The number of the offer that it answers.
        nid: Nid,
        /// The answer.
        sdp: Sdp,
    },
    /// A way to reach the sender.
    Trickle {
        /// The negotiation to which it belongs: candidates of an offer that was ignored are ignored.
        nid: Nid,
        /// Absent when there is nothing more to tell.
        candidate: Option<Candidate>,
        /// Whether none will follow.
        last: bool,
    },
}

impl Description {
    /// The negotiation to which it belongs.
    #[must_use]
    pub const fn nid(&self) -> Nid {
        match self {
            Self::Offer { nid, .. } | Self::Answer { nid, .. } | Self::Trickle { nid, .. } => *nid,
        }
    }
}
