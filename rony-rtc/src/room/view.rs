//! What somebody in a room sees of it: the fold of what the server says.

use std::collections::BTreeMap;

use super::RoomCode;
use crate::{
    ice::IceGrant,
    id::{PeerId, TrackId},
    person::Role,
    signal::{Joined, Knock, Mode, PeerInfo, PeerState, ServerBody, TrackInfo},
};

/// A room as one of its peers sees it. It begins with `joined`, and everything numbered that comes later changes it, so that
/// it is always what the room was a moment ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// One's own number.
    pub me: PeerId,
    /// Which room.
    pub room: RoomCode,
    /// How media flows.
    pub mode: Mode,
    /// Whether the door is shut.
    pub locked: bool,
    /// All who are in, oneself included.
    pub peers: BTreeMap<PeerId, PeerInfo>,
    /// All that is sent.
    pub tracks: BTreeMap<TrackId, TrackInfo>,
    /// Who speaks, the last to begin first.
    pub speakers: Vec<PeerId>,
    /// Who waits before the door, for those who look after the room.
    pub knocks: BTreeMap<PeerId, Knock>,
    /// The servers to connect through.
    pub ice: IceGrant,
}

impl View {
    /// The room as one finds it.
    #[must_use]
    pub fn new(joined: &Joined) -> Self {
        Self {
            me: joined.me,
            room: joined.room,
            mode: joined.mode,
            locked: joined.locked,
            peers: joined.peers.iter().map(|peer| (peer.peer, peer.clone())).collect(),
            tracks: joined.tracks.iter().map(|track| (track.track, track.clone())).collect(),
            speakers: joined.speakers.clone(),
            knocks: joined.knocks.iter().map(|knock| (knock.peer, knock.clone())).collect(),
            ice: joined.ice.clone(),
        }
    }

    /// What one may do.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.peers.get(&self.me).map(|me| me.role)
    }

    /// Takes what the server says; what is for a moment only (chat, reactions, descriptions) changes nothing here.
    pub fn apply(&mut self, body: &ServerBody) {
        match body {
            ServerBody::PeerUpdate(peer) if peer.state == PeerState::Left => {
                self.peers.remove(&peer.peer);
            }
            ServerBody::PeerUpdate(peer) => {
                self.peers.insert(peer.peer, peer.clone());
            }
            ServerBody::TrackPublished(track) => {
                self.tracks.insert(track.track, track.clone());
            }
            ServerBody::TrackUnpublished { track } => {
                self.tracks.remove(track);
            }
            ServerBody::Speakers { peers } => self.speakers.clone_from(peers),
            ServerBody::Knock(knock) => {
                self.knocks.insert(knock.peer, knock.clone());
            }
            ServerBody::KnockEnded { peer } => {
                self.knocks.remove(peer);
            }
            ServerBody::Lock { on } => self.locked = *on,
            ServerBody::ModeChange { mode } => self.mode = *mode,
            ServerBody::IceRefresh { ice } => self.ice.clone_from(ice),
            _ => {}
        }
    }
}
