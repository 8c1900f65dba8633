//! What a call is, as the log has it.

use serde::{Deserialize, Serialize};

use super::Ringing;
use crate::{
    id::{CallId, ConversationId, UserId},
    time::Timestamp,
};

/// What became of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Accepted.
    Accepted,
    /// Declined.
    Declined,
    /// Not answered in time.
    Missed,
    /// Busy.
    Busy,
    /// Not answered before the caller gave up; for who was called that is a missed call too.
    Cancelled,
}

impl Outcome {
    /// Whether who was called missed the call.
    #[must_use]
    pub const fn is_missed(self) -> bool {
        matches!(self, Self::Missed | Self::Busy | Self::Cancelled)
    }
}

/// What became of a call as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// Somebody talked with somebody.
    Answered,
    /// All declined.
    Declined,
    /// All who could have answered did not.
    Missed,
    /// All were busy.
    Busy,
    /// The caller gave up.
    Cancelled,
}

/// A call in the log of somebody who took part in it, or was called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Call {
    /// Which.
    pub id: CallId,
    /// The conversation whose people were called.
    pub conversation_id: ConversationId,
    /// Who called.
    pub caller_id: UserId,
    /// Whether it had pictures.
    pub video: bool,
    /// What became of it; `null` as long as it goes on.
    pub outcome: Option<CallOutcome>,
    /// Who was called.
    pub callees: Vec<CallPerson>,
    /// When it began to ring.
    pub started_at: Timestamp,
    /// When it was accepted first.
    pub answered_at: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
}

/// Somebody who was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallPerson {
    /// Who.
    pub user_id: UserId,
    /// What became of it for them; `null` as long as they are rung.
    pub outcome: Option<Outcome>,
}

/// What a message that tells of a missed call says about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallNote {
    /// Which call.
    pub id: CallId,
    /// Whether it was one with pictures.
    pub video: bool,
    /// Who missed it.
    pub missed: Vec<UserId>,
}

/// Somebody who is to be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Callee {
    /// Who.
    pub user_id: UserId,
    /// Whether their devices ring.
    pub ringing: Ringing,
}
