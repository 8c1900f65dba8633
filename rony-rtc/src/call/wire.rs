//! What devices say about calls, and what they are told besides the [events](super::CallEvent).

use rony_core::id::{CallId, ConversationId};
use serde::{Deserialize, Serialize};

/// What a device says. Who it is the server knows; which of their devices, it says itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum CallMessage {
    /// It has connected: is somebody ringing, and how do the calls stand in which it takes itself to be?
    Here {
        /// Which these are.
        #[serde(default)]
        calls: Vec<CallId>,
    },
    /// Call all others in a conversation.
    Invite {
        /// Chosen by the device: the same again is the same call.
        call: CallId,
        /// Whom.
        conversation: ConversationId,
        /// Whether with pictures.
        #[serde(default)]
        video: bool,
    },
    /// Answer.
    Accept {
        /// Which call.
        call: CallId,
    },
    /// Do not answer, on any device.
    Decline {
        /// Which call.
        call: CallId,
    },
    /// Leave, or give up calling.
    HangUp {
        /// Which call.
        call: CallId,
    },
    /// Put a call aside, or come back to it.
    Hold {
        /// Which call.
        call: CallId,
        /// Aside or back.
        on: bool,
    },
    /// One's own picture is on or off.
    Video {
        /// Which call.
        call: CallId,
        /// On or off.
        on: bool,
    },
}

impl CallMessage {
    /// The call that it is about, if it is about one.
    #[must_use]
    pub const fn call(&self) -> Option<CallId> {
        match self {
            Self::Here { .. } => None,
            Self::Invite { call, .. }
            | Self::Accept { call }
            | Self::Decline { call }
            | Self::HangUp { call }
            | Self::Hold { call, .. }
            | Self::Video { call, .. } => Some(*call),
        }
    }
}

/// The answer to a device that something cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "refused")]
pub struct CallRefused {
    /// About which call.
    pub call: CallId,
    /// Stable reason: of [`CallError`](super::CallError), or of a use case.
    pub code: String,
    /// What to do, for people.
    pub detail: String,
}

impl CallRefused {
    /// For a reason of the switchboard's.
    ///
    /// # Panics
    ///
    /// Never: an error without fields is written as its name.
    #[must_use]
    pub fn new(call: CallId, error: super::CallError) -> Self {
        let Ok(serde_json::Value::String(code)) = serde_json::to_value(error) else {
            unreachable!("an error without fields is a name")
        };
        Self { call, code, detail: error.to_string() }
    }
}
