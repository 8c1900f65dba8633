//! What is kept of presence, and how nodes know of each other.

use async_trait::async_trait;

use super::{Chosen, DeviceStatus, Publication, SetPresence};
use crate::{
    Result,
    contact::Relation,
    id::{NodeId, UserId},
    stream::Since,
    time::Timestamp,
};

/// What other nodes wrote, and what people chose, since somewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// All nodes that hold a lease. The number changes with each renewal.
    pub nodes: Vec<(NodeId, i64)>,
    /// How present people are on nodes; none that is offline, in the first answer.
    pub present: Vec<Present>,
    /// What people chose; nothing in the first answer.
    pub chosen: Vec<Chosen>,
    /// Contacts and blocks that changed, both as they are now; nothing in the first answer.
    pub relations: Vec<Relation>,
    /// Ask from here the next time. Everything that committed before it is in here.
    pub since: Since,
}

/// How present somebody is on a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Present {
    /// Where.
    pub node: NodeId,
    /// Who.
    pub user: UserId,
    /// How present; `None`: not there any more.
    pub status: Option<DeviceStatus>,
    /// Since when.
    pub since: Timestamp,
}

/// The port for presence. None of it is needed as long as there is one node, but for last-seen times and what people chose.
#[async_trait]
pub trait PresenceStore: Send + Sync {
    /// What these people chose; those who do not exist are left out, and those who are deactivated have nothing to show.
    ///
    /// # Errors
    ///
    /// When the database is away; so for all methods.
    async fn chosen(&self, users: &[UserId]) -> Result<Vec<Chosen>>;

    /// Writes what somebody chose, and that others saw them until `at` if `seen`; tells their own stream, and the
    /// directory where the text is another.
    async fn set_presence(
        &self,
        user: UserId,
        at: Timestamp,
        set: &SetPresence,
        seen: bool,
    ) -> Result<Chosen>;

    /// Renews the lease of a node, or gives it one. False: it had none, so nothing is known of who is there.
    async fn renew_node(&self, node: NodeId, at: Timestamp) -> Result<bool>;

    /// Ends the lease of a node that is gone, with the presence of who was there; they were last seen at `seen`.
    async fn remove_node(&self, node: NodeId, seen: Timestamp) -> Result<()>;

    /// Writes how present people are on a node that has a lease. Last-seen times only grow.
    async fn publish_presence(&self, node: NodeId, publications: &[Publication]) -> Result<()>;

    /// What happened since then; without it, who is present now. Read in one consistent transaction.
    async fn presence_since(&self, since: Option<Since>) -> Result<News>;
}
