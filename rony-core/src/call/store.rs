//! What is kept of calls.

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{Call, CallOutcome, Callee, Outcome};
use crate::{
    Result,
    id::{CallId, ClientId, ConversationId, UserId},
    time::Timestamp,
};

/// A call that is to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BeginCall {
    /// Which; chosen by the caller's device.
    pub id: CallId,
    /// Whose people are called.
    pub conversation_id: ConversationId,
    /// Who calls.
    pub caller_id: UserId,
    /// Whether with pictures.
    pub video: bool,
    /// When.
    pub at: Timestamp,
    /// How long it counts as driven by somebody, by the database's clock.
    pub lease: Duration,
    /// The `client_id` of the message that will tell of it if somebody misses it. Nobody knows it before, so nobody can take it away.
    pub note: ClientId,
}

/// A call is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndCall {
    /// Which.
    pub id: CallId,
    /// What became of it.
    pub outcome: CallOutcome,
    /// What became of each who was called.
    pub callees: BTreeMap<UserId, Outcome>,
    /// Whether it had pictures.
    pub video: bool,
    /// When it was accepted first.
    pub answered_at: Option<Timestamp>,
    /// When.
    pub ended_at: Timestamp,
}

/// Which calls are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListCalls {
    /// By whom.
    pub reader: UserId,
    /// Those that stand behind this one.
    pub before: Option<CallKey>,
    /// So many at most.
    pub limit: i64,
}

/// Where a call stands in the log, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallKey {
    /// When it began.
    pub at: Timestamp,
    /// Which.
    pub id: CallId,
}

/// A call that somebody missed, of which no message tells yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    /// Which.
    pub id: CallId,
    /// The `client_id` of the message.
    pub note: ClientId,
    /// Where to tell.
    pub conversation_id: ConversationId,
    /// Who called.
    pub caller_id: UserId,
    /// Whether with pictures.
    pub video: bool,
    /// Who missed it.
    pub missed: Vec<UserId>,
}

/// The port for calls.
#[async_trait]
pub trait CallStore: Send + Sync {
    /// Writes a call down if [`super::may_begin`] says so, with all members of the conversation whom [`super::rings`] names, who are the answer.
    /// The same call of the same caller again changes nothing and has the same answer.
    ///
    /// # Errors
    ///
    /// What the rule says; [`crate::Error::Conflict`] with code `call_over` for a call that has ended or is somebody else's. When the database
    /// is away; so for all methods.
    async fn begin_call(&self, begin: &BeginCall) -> Result<Vec<Callee>>;

    /// Forgets a call that nobody was told of; it counts among those that the caller has begun all the same. One that has ended stays.
    async fn forget_call(&self, id: CallId) -> Result<()>;

    /// Somebody accepted a call that goes on.
    async fn answer_call(&self, id: CallId, user: UserId, at: Timestamp) -> Result<()>;

    /// These calls, as far as they go on, are driven for `lease` from now on, by the database's clock.
    async fn renew_calls(&self, ids: &[CallId], lease: Duration) -> Result<()>;

    /// A call is over. Of one that was over already nothing changes.
    async fn end_call(&self, end: &EndCall) -> Result<()>;

    /// Ends calls whose lease has ended by the database's clock, or `all`: who had not answered has missed them.
    async fn abandon_calls(&self, all: bool, at: Timestamp) -> Result<()>;

    /// Some calls that somebody missed, of which no message tells yet.
    async fn untold_calls(&self, limit: i64) -> Result<Vec<Missed>>;

    /// A message tells of it now, or none can.
    async fn told_call(&self, id: CallId) -> Result<()>;

    /// Who of these people may be no more in a call of the conversation beside them that was accepted: who is no member of it now, whose
    /// account is switched off, and both people of a direct conversation of whom one has blocked the other.
    async fn outside_calls(
        &self,
        people: &[(ConversationId, UserId)],
    ) -> Result<Vec<(ConversationId, UserId)>>;

    /// The calls of a person, the newest first: those that they made, and those that they were called by and could hear of.
    async fn calls(&self, list: &ListCalls) -> Result<Vec<Call>>;
}
