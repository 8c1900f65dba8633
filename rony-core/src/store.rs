//! The sum of all that is kept: what a storage backend implements, one small trait a noun.

use crate::{
    account::AccountStore,
    audit::AuditStore,
    call::CallStore,
    contact::ContactStore,
    conversation::ConversationStore,
    draft::DraftStore,
    file::{DriveStore, FileStore, GrantStore, TrashStore, VersionStore},
    invite::InviteStore,
    meeting::MeetingStore,
    member::MemberStore,
    message::MessageStore,
    notification::NotificationStore,
    pin::PinStore,
    presence::PresenceStore,
    projection::ProjectionStore,
    reaction::ReactionStore,
    read::ReadStore,
    room::{LeaseStore, RoomStore},
    search::SearchStore,
    server::ServerStore,
    session::{SessionStore, SignInStore},
    share::ShareStore,
    snapshot::SnapshotStore,
    stream::StreamStore,
    sync::SyncStore,
    upload::UploadStore,
    user::{ProfileStore, UserStore},
};

/// A complete backend. Nothing is ever added here but supertraits: a noun's methods are in its own trait.
pub trait Store:
    StreamStore
    + SyncStore
    + SnapshotStore
    + UserStore
    + ProfileStore
    + SessionStore
    + SignInStore
    + InviteStore
    + AccountStore
    + AuditStore
    + ServerStore
    + ContactStore
    + ConversationStore
    + MemberStore
    + NotificationStore
    + PresenceStore
    + MessageStore
    + ReactionStore
    + PinStore
    + ReadStore
    + DraftStore
    + FileStore
    + TrashStore
    + VersionStore
    + GrantStore
    + DriveStore
    + SearchStore
    + ProjectionStore
    + UploadStore
    + ShareStore
    + RoomStore
    + LeaseStore
    + MeetingStore
    + CallStore
    + 'static
{
}

impl<T> Store for T where
    T: StreamStore
        + SyncStore
        + SnapshotStore
        + UserStore
        + ProfileStore
        + SessionStore
        + SignInStore
        + InviteStore
        + AccountStore
        + AuditStore
        + ServerStore
        + ContactStore
        + ConversationStore
        + MemberStore
        + NotificationStore
        + PresenceStore
        + MessageStore
        + ReactionStore
        + PinStore
        + ReadStore
        + DraftStore
        + FileStore
        + TrashStore
        + VersionStore
        + GrantStore
        + DriveStore
        + SearchStore
        + ProjectionStore
        + UploadStore
        + ShareStore
        + RoomStore
        + LeaseStore
        + MeetingStore
        + CallStore
        + 'static
{
}
