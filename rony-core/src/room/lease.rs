//! Which node drives the meeting in a room, and what the nodes say to each other about it.
//!
//! A meeting is a live matter of one node, its owner, whose **lease** the database keeps. The owner renews it as long as the meeting goes on; when
//! the owner is gone, it runs out, and whoever comes next has another node take it. Each time a meeting is opened the lease's **epoch** is
//! higher, so that nobody listens any more to who was the owner before. Times are the database's, so no node's clock matters.
//!
//! **Mail** goes from node to node through the database. It may be lost, doubled by who sends it, and late; what it says is numbered by
//! those who talk. The bus only makes it arrive sooner.

use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::Door;
use crate::{
    Result,
    id::{ConversationId, MessageId, NodeId, RoomId, UserId},
    time::Timestamp,
};

/// The lease of the switchboard, which all calls of an installation have together: it is kept as that of a room, and there is no such room.
pub const SWITCHBOARD: RoomId = RoomId(uuid::Uuid::nil());

/// The lease of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Which node drives its meeting.
    pub node: NodeId,
    /// The number of the meeting in this room: the next one has a higher one.
    pub epoch: u64,
    /// What says in the room's conversation that the meeting goes on; left behind by an owner that ended without a word, it belongs to
    /// whoever takes the lease over.
    pub note: Option<Note>,
}

/// The message that says in a conversation that its meeting goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The message.
    pub message_id: MessageId,
    /// Where it is.
    pub conversation_id: ConversationId,
    /// In whose name it was posted: that of who opened the meeting.
    pub by: UserId,
    /// Since when the meeting goes on.
    pub since: Timestamp,
}

/// Something that a node says to another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// To whom.
    pub node: NodeId,
    /// What.
    pub body: String,
}

/// The port for leases and mail.
#[async_trait]
pub trait LeaseStore: Send + Sync {
    /// Gives a node the lease of a room for `span` from now on, unless another node has it: the lease that holds then. A node that has it
    /// already opens a new meeting by that. `None`: there is no such room; the [`SWITCHBOARD`] always is.
    ///
    /// # Errors
    ///
    /// When the database is away; so for all methods.
    async fn acquire_lease(&self, room: RoomId, node: NodeId, span: Duration) -> Result<Option<Lease>>;

    /// Renews leases of a node for `span` from now on: those of them that it has.
    async fn renew_leases(
        &self,
        node: NodeId,
        rooms: &[(RoomId, u64)],
        span: Duration,
    ) -> Result<Vec<RoomId>>;

    /// Ends the lease of a meeting that is over or goes elsewhere, if the node has it.
    async fn release_lease(&self, room: RoomId, node: NodeId, epoch: u64) -> Result<()>;

    /// Writes down which message says that a meeting goes on, or that there is none, if the node has its lease.
    async fn note_meeting(&self, room: RoomId, node: NodeId, epoch: u64, note: Option<Note>) -> Result<()>;

    /// The notes of meetings whose leases ended longer than `span` ago: the room, the note, and when the lease ended. They stay, so that a node
    /// that is killed before it has done something about one leaves it to the next.
    async fn left_notes(&self, span: Duration) -> Result<Vec<(RoomId, Note, Timestamp)>>;

    /// Removes the note of a meeting whose lease has ended, if it is still this one.
    async fn clear_note(&self, room: RoomId, note: &Note) -> Result<()>;

    /// The leases of these rooms that hold at the moment.
    async fn leases(&self, rooms: &[RoomId]) -> Result<Vec<(RoomId, Lease)>>;

    /// These rooms as they are kept now; those that are gone, or whose owner is switched off, are left out.
    async fn doors_of(&self, rooms: &[RoomId]) -> Result<Vec<Door>>;

    /// Which of these people are members of the conversation beside them.
    async fn members_of(&self, people: &[(ConversationId, UserId)]) -> Result<Vec<(ConversationId, UserId)>>;

    /// The nodes that there are. One that is gone may be among them for a while.
    async fn nodes(&self) -> Result<Vec<NodeId>>;

    /// Sends mail.
    async fn send_mail(&self, mail: &[Mail]) -> Result<()>;

    /// Takes what waits for a node and is younger than `lifetime`, in the order in which it was sent, as far as that is known; `most` at once.
    async fn take_mail(&self, node: NodeId, lifetime: Duration, most: i64) -> Result<Vec<String>>;

    /// Removes mail that is older than `lifetime`, to whomever it went.
    async fn prune_mail(&self, lifetime: Duration) -> Result<()>;
}
