//! What is kept of rooms.

use async_trait::async_trait;

use super::{Door, Guest, Room, RoomChange, RoomCode, RoomMade};
use crate::{
    Result,
    audit::Entry,
    id::{ClientId, ConversationId, RoomId, UserId},
    secret::TokenHash,
    time::Timestamp,
};

/// A room on its way into the store.
#[derive(Clone, Debug)]
pub struct AddRoom {
    /// The room.
    pub room: Room,
    /// The id that its maker's client gave it.
    pub client_id: Option<ClientId>,
    /// The hash of its password.
    pub password: Option<String>,
    /// What the audit log says about it.
    pub entry: Entry,
}

/// Which rooms are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListRooms {
    /// By whom.
    pub reader: UserId,
    /// The one of this conversation; `None`: all that the reader owns or sees as a member.
    pub conversation_id: Option<ConversationId>,
    /// Those that were made before this one.
    pub before: Option<RoomId>,
    /// So many at most.
    pub limit: i64,
}

/// Something about a room is to change.
#[derive(Clone, Debug)]
pub struct ChangeRoom {
    /// Which.
    pub id: RoomId,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// What; of the password whether there is one.
    pub change: RoomChange,
    /// The hash of the new password, if there is a new one.
    pub password: Option<String>,
    /// What the audit log says about it.
    pub entry: Entry,
}

/// A room is to go.
#[derive(Clone, Debug)]
pub struct DeleteRoom {
    /// Which.
    pub id: RoomId,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// What the audit log says about it.
    pub entry: Entry,
}

/// Somebody is a co-host from now on, or is so no more.
#[derive(Clone, Debug)]
pub struct KeepCoHost {
    /// Of which room.
    pub room: RoomId,
    /// Who.
    pub user: UserId,
    /// Which of the two.
    pub on: bool,
    /// When.
    pub at: Timestamp,
    /// What the audit log says about it.
    pub entry: Entry,
}

/// A guest's token on its way into the store.
#[derive(Clone, Debug)]
pub struct AddGuest {
    /// Who.
    pub guest: Guest,
    /// What they show.
    pub token: TokenHash,
    /// Since when.
    pub at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// The port for rooms.
#[async_trait]
pub trait RoomStore: Send + Sync {
    /// Adds a room if [`super::may_make`] says so. Of a conversation there is one: the room that is there is the answer. If its owner is gone from the
    /// conversation or switched off, it is from now on that of whoever asks, since a meeting may go on in it. Of two who make it at once, both
    /// get the same. Under a `client_id` that the owner used before, the answer is the room that was made then.
    ///
    /// # Errors
    ///
    /// What [`crate::permission::check`] says of writing in the conversation. When the database is away; so for all methods.
    async fn add_room(&self, add: &AddRoom) -> Result<RoomMade>;

    /// A room that the person owns or sees as a member of its conversation.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] for others.
    async fn room(&self, reader: UserId, id: RoomId) -> Result<Room>;

    /// Rooms that the person owns or sees as a member, the newest first; none that belongs to a scheduled meeting.
    async fn rooms(&self, list: &ListRooms) -> Result<Vec<Room>>;

    /// Changes a room if [`super::keeps`] says so.
    ///
    /// # Errors
    ///
    /// What it says.
    async fn change_room(&self, change: &ChangeRoom) -> Result<Room>;

    /// Deletes a room if [`super::keeps`] and [`super::may_delete`] say so, with the tokens of its guests.
    ///
    /// # Errors
    ///
    /// What it says.
    async fn delete_room(&self, delete: &DeleteRoom) -> Result<Room>;

    /// Writes down that somebody is a co-host, or is so no more. Nothing happens where that is known, and where there are [`super::MOST_CO_HOSTS`].
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] when there is no such room.
    async fn keep_co_host(&self, keep: &KeepCoHost) -> Result<()>;

    /// The room with this code; none, when its owner is switched off.
    async fn door(&self, code: RoomCode) -> Result<Option<Door>>;

    /// Keeps a guest's token, if the room is still there.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] when it is not.
    async fn add_guest(&self, add: &AddGuest) -> Result<()>;

    /// Whose token this is, if it has not ended, and the room that it is for.
    async fn guest(&self, token: &TokenHash, now: Timestamp) -> Result<Option<(Guest, Door)>>;

    /// Removes guests' tokens that ended before `now`.
    async fn prune_guests(&self, now: Timestamp) -> Result<()>;
}
