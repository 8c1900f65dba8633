//! What an audit entry is.

use std::{borrow::Cow, net::IpAddr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    actor::Actor,
    id::{AuditId, UserId},
    time::Timestamp,
};

/// Something that somebody did, or tried to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AuditEntry))]
pub struct Entry {
    /// Its id; entries are listed in its order, newest first.
    pub id: AuditId,
    /// When, by the server's clock.
    pub at: Timestamp,
    /// Who; `null` for the server itself (its command line, its jobs) and for somebody who is not signed in.
    pub actor_id: Option<UserId>,
    /// What: a stable name such as `user.created`.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub action: Cow<'static, str>,
    /// To whom or what: the id of a user, session, invitation …, as the action has it.
    pub target_id: Option<Uuid>,
    /// More about it; which fields there are depends on the action. Never a secret.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub detail: serde_json::Map<String, serde_json::Value>,
    /// Where the request came from; `null` when it came over no network.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub address: Option<IpAddr>,
}

impl Entry {
    /// An entry about `action`, of nobody and about nothing so far.
    #[must_use]
    pub fn new(at: Timestamp, action: &'static str) -> Self {
        Self {
            id: AuditId::new(at),
            at,
            actor_id: None,
            action: Cow::Borrowed(action),
            target_id: None,
            detail: serde_json::Map::new(),
            address: None,
        }
    }

    /// Done by `actor`, from where they are.
    #[must_use]
    pub fn by(mut self, actor: &Actor) -> Self {
        self.actor_id = actor.id();
        self.address = actor.address();
        self
    }

    /// Done by this person, who is not signed in at the moment.
    #[must_use]
    pub fn by_person(mut self, person: UserId) -> Self {
        self.actor_id = Some(person);
        self
    }

    /// Asked for from there.
    #[must_use]
    pub fn from_address(mut self, address: Option<IpAddr>) -> Self {
        self.address = address;
        self
    }

    /// Done to this.
    #[must_use]
    pub fn to(mut self, target: impl Into<Uuid>) -> Self {
        self.target_id = Some(target.into());
        self
    }

    /// With one more detail.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.detail.insert(name.to_owned(), value.into());
        self
    }
}

/// Which entries are wanted: those that match everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Done by this person.
    pub actor_id: Option<UserId>,
    /// This action only, such as `user.created`.
    pub action: Option<String>,
    /// Done to this.
    pub target_id: Option<Uuid>,
    /// At this moment or after it.
    pub since: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}
