//! The names of what lives only while a room or a call does: peers, tracks, sockets, seats, calls.
//!
//! Ids of what lasts (people, conversations) are `rony-core`'s.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rony_core::id::NodeId;
pub use rony_core::id::{CallId, GuestId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use subtle::ConstantTimeEq as _;

/// Somebody who is in a room, or waits before its door, once: whoever comes back after a leave is another peer. Numbers
/// grow in a room and are never used again while it runs. Of two peers the one with the higher number is the polite one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PeerId(pub u32);

impl PeerId {
    /// The server itself, as the target of an offer to the media router. No person has this number.
    pub const ROUTER: Self = Self(0);

    /// Whether this one gives way to `other` when both offer at once.
    #[must_use]
    pub fn is_polite_to(self, other: Self) -> bool {
        self > other
    }
}

impl fmt::Display for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Sound or a picture that a peer sends, in its room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TrackId(pub u32);

/// A socket of a device: the node that holds it, and a number which that node uses once. Nodes give it along when they pass
/// messages to a room's owner, and never show it to a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ConnectionId {
    /// Who holds the socket.
    pub node: NodeId,
    /// Which of its sockets.
    pub number: u64,
}

const SEAT_KEY_BYTES: usize = 16;

/// What opens one's seat again after a lost socket: 128 random bits, known to the room and to the one device only. It never
/// shows itself, but in the message that hands it to that device.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeatKey([u8; SEAT_KEY_BYTES]);

impl SeatKey {
    /// A fresh one, from the operating system's randomness.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn random() -> Result<Self, NoRandom> {
        let mut bytes = [0; SEAT_KEY_BYTES];
        random(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// One with these bytes, for tests and simulations that must be the same each time.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; SEAT_KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// Compares in a time that tells nothing about the bytes.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for SeatKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeatKey(…)")
    }
}

impl Serialize for SeatKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl<'de> Deserialize<'de> for SeatKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = URL_SAFE_NO_PAD.decode(&text).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| de::Error::custom("must be the session that `joined` gave"))
    }
}

/// The operating system gave no random numbers. Nothing was made; trying again later is all that can be done.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no random numbers: try again")]
pub struct NoRandom(#[source] getrandom::Error);

/// Fills `bytes` from the operating system.
pub(crate) fn random(bytes: &mut [u8]) -> Result<(), NoRandom> {
    getrandom::fill(bytes).map_err(NoRandom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seats_key_goes_over_the_wire_and_into_no_log() {
        let key = SeatKey::random().unwrap();
        let json = serde_json::to_string(&key).unwrap();
        assert!(serde_json::from_str::<SeatKey>(&json).unwrap().matches(&key));
        assert_eq!(format!("{key:?}"), "SeatKey(…)");
        assert!(serde_json::from_str::<SeatKey>("\"short\"").is_err());
    }

    #[test]
    fn of_two_peers_one_is_polite() {
        assert!(PeerId(7).is_polite_to(PeerId(3)) && !PeerId(3).is_polite_to(PeerId(7)));
    }
}
