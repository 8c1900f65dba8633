//! Who is in a room: people with accounts and guests, and what their roles let them do.

use rony_core::id::UserId;
use serde::{Deserialize, Serialize};

use crate::id::GuestId;

/// Who somebody is, whatever they are called at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Somebody with an account.
    User(UserId),
    /// Somebody who came by a link.
    Guest(GuestId),
}

/// A person as the server knows them: it makes this from a session or a guest's token, never from what a client says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub who: Who,
    /// The name that others read.
    pub name: String,
}

impl Person {
    /// Somebody with an account.
    pub fn user(id: UserId, name: impl Into<String>) -> Self {
        Self { who: Who::User(id), name: name.into() }
    }

    /// Somebody without one.
    pub fn guest(id: GuestId, name: impl Into<String>) -> Self {
        Self { who: Who::Guest(id), name: name.into() }
    }

    /// Whether they have no account.
    #[must_use]
    pub const fn is_guest(&self) -> bool {
        matches!(self.who, Who::Guest(_))
    }

    /// The account, if they have one.
    #[must_use]
    pub const fn user_id(&self) -> Option<UserId> {
        match self.who {
            Who::User(id) => Some(id),
            Who::Guest(_) => None,
        }
    }
}

/// What somebody is in a room, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Came by a link, without an account.
    Guest,
    /// Somebody with an account.
    Participant,
    /// Helps the host: may do all but end the room and say who hosts.
    CoHost,
    /// There is at most one.
    Host,
}

impl Role {
    /// Whether they look after the room: they are told who knocks, and may admit, mute, remove and lock.
    #[must_use]
    pub fn moderates(self) -> bool {
        self >= Self::CoHost
    }
}
