//! How a room is set up: what `rony-core` keeps of it, and how much it takes.

use std::{collections::BTreeSet, time::Duration};

use rony_core::{id::UserId, room::Lobby};
use serde::{Deserialize, Serialize};

use crate::{media::MESH_PEOPLE, rate::Rate};

/// A room's settings. The hash of its password is not among them: whoever has it tells the room what became of the password that somebody
/// typed ([`Proof`](super::Proof)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Whose room it is: the host, whenever they are there.
    pub owner: UserId,
    /// Who looks after it with them.
    #[serde(default)]
    pub co_hosts: BTreeSet<UserId>,
    /// Whether people without an account may ask to come in.
    #[serde(default)]
    pub guests: bool,
    /// Who must be let in.
    #[serde(default)]
    pub lobby: Lobby,
    /// Whether a password is needed.
    #[serde(default)]
    pub password: bool,
    /// Whether the door is shut whenever nobody has opened it.
    #[serde(default)]
    pub locked: bool,
    /// Whether all may show their screen, or the host and co-hosts only.
    #[serde(default = "yes")]
    pub screens: bool,
    /// Whether all may write to all.
    #[serde(default = "yes")]
    pub chat: bool,
}

const fn yes() -> bool {
    true
}

impl Settings {
    /// A room of `owner` in which guests knock, and everybody may show their screen and write.
    #[must_use]
    pub fn new(owner: UserId) -> Self {
        Self {
            owner,
            co_hosts: BTreeSet::new(),
            guests: true,
            lobby: Lobby::default(),
            password: false,
            locked: false,
            screens: true,
            chat: true,
        }
    }
}

/// How much a room takes, so that nobody costs the others too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many may be in, those included who are away for a moment.
    pub people: usize,
    /// How many may wait before the door.
    pub lobby: usize,
    /// How many seats one person may have at once, on several devices.
    pub seats_a_person: usize,
    /// Messages of one seat. What comes faster is not heard, and is said again by a client that is only in a hurry.
    pub messages: Rate,
    /// Bytes of one seat's descriptions and chat.
    pub bytes: Rate,
    /// What all are shown at once and what a person does by hand: chat, reactions, hands, looking after the room.
    pub talk: Rate,
    /// What one person may make all others hear of, on all devices together, in frames to each of them: coming in, tracks, what is
    /// switched on, hands, chat. Pages that people use come nowhere near it. It is so small that a handful of people fill neither
    /// the queue of a socket at once, nor within [`grace`](Self::grace) what is kept for somebody whose socket is lost.
    pub shown_a_person: Rate,
    /// Descriptions and candidates of one person, from all devices together, to one peer. A device whose network changes every five
    /// seconds needs no more; what comes faster is not heard, and is said again.
    pub passed: Rate,
    /// Bytes of these.
    pub passed_bytes: Rate,
    /// After so many messages beyond the limits a seat is taken away.
    pub patience: u32,
    /// How long a seat is kept for somebody whose socket was lost.
    pub grace: Duration,
    /// After so long without a word a socket counts as lost.
    pub silence: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            people: 100,
            lobby: 50,
            seats_a_person: 5,
            messages: Rate { burst: 300, per_second: 40 },
            bytes: Rate { burst: 2 * 1024 * 1024, per_second: 128 * 1024 },
            talk: Rate { burst: 20, per_second: 2 },
            shown_a_person: Rate { burst: 60, per_second: 4 },
            passed: Rate { burst: 120, per_second: 5 },
            passed_bytes: Rate { burst: 512 * 1024, per_second: 16 * 1024 },
            patience: 500,
            grace: Duration::from_secs(30),
            silence: Duration::from_secs(25),
        }
    }
}

impl Limits {
    /// As many people as a mesh carries well.
    #[must_use]
    pub fn mesh() -> Self {
        Self { people: MESH_PEOPLE, ..Self::default() }
    }
}
