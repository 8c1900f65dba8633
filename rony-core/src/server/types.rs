//! What is told of an installation.

use serde::{Deserialize, Serialize};

use crate::{id::NodeId, time::Timestamp};

/// What an installation is and how it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServerState {
    /// The version of Rony.
    pub version: String,
    /// Who may make an account.
    pub registration: Registration,
    /// Since when the node that answers runs.
    pub started_at: Timestamp,
    /// When this was so, by the server's clock.
    pub at: Timestamp,
    /// What was counted.
    #[serde(flatten)]
    pub figures: Figures,
}

/// Who may make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Whoever was invited.
    Closed,
    /// Anybody.
    Open,
}

/// What there is in an installation, counted at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figures {
    /// Where everything is kept.
    pub database: Database,
    /// How many people have an account that is not switched off; bots are not among them.
    pub people: i64,
    /// How many of the people are administrators.
    pub administrators: i64,
    /// How many bots there are that are not switched off.
    pub bots: i64,
    /// How many accounts are switched off.
    pub deactivated: i64,
    /// How many people and bots are connected, on any node.
    pub online: i64,
    /// How many groups there are, archived ones among them.
    pub groups: i64,
    /// How many direct conversations there are.
    pub directs: i64,
    /// How many messages were posted in the conversations that there are, also those that were deleted since.
    pub messages: i64,
    /// The processes that serve this installation, the oldest first.
    pub nodes: Vec<Node>,
}

/// Where everything is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Database {
    /// Which kind: `sqlite`, `postgres`.
    pub kind: String,
    /// Its own name and version, for people.
    pub version: String,
    /// How much room Rony's tables and their indexes take, in bytes.
    pub bytes: i64,
}

/// A process that serves an installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Node {
    /// Its id.
    pub id: NodeId,
    /// Since when it runs.
    pub started_at: Timestamp,
}
