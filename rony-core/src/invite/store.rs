//! What is kept of invites.

use async_trait::async_trait;

use super::{Invite, Offer};
use crate::{
    Result,
    audit::Entry,
    id::{ConversationId, InviteId, UserId},
    secret::TokenHash,
    time::Timestamp,
};

/// An invite on its way into the store.
#[derive(Clone, Debug)]
pub struct AddInvite {
    /// The invite.
    pub invite: Invite,
    /// What opens it.
    pub token: TokenHash,
    /// What the audit log says about it.
    pub entry: Entry,
}

/// Which invites are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListInvites {
    /// Those that this person made, and those into conversations that they look after; `None`: all, for administrators.
    pub reader: Option<UserId>,
    /// Those into this conversation only.
    pub conversation_id: Option<ConversationId>,
    /// Those that were made before this one.
    pub before: Option<InviteId>,
    /// So many at most.
    pub limit: i64,
}

/// An invite is to be taken back.
#[derive(Clone, Debug)]
pub struct RevokeInvite {
    /// Which.
    pub id: InviteId,
    /// By whom; `None`: an administrator or the server itself, who may take back any.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// What the audit log says about it.
    pub entry: Entry,
}

/// Somebody with an account follows an invite.
#[derive(Clone, Debug)]
pub struct Accept {
    /// What they hold.
    pub token: TokenHash,
    /// Who.
    pub user_id: UserId,
    /// When.
    pub at: Timestamp,
}

/// The port for invites.
#[async_trait]
pub trait InviteStore: Send + Sync {
    /// Adds an invite if [`super::may_make`] says so about its maker.
    ///
    /// # Errors
    ///
    /// When the database is away; so for all methods.
    async fn add_invite(&self, add: &AddInvite) -> Result<()>;

    /// Invites that are not revoked, newest first.
    async fn invites(&self, list: &ListInvites) -> Result<Vec<Invite>>;

    /// Revokes an invite. Who neither made it nor looks after its conversation is told that there is none.
    async fn revoke_invite(&self, revoke: &RevokeInvite) -> Result<()>;

    /// What a token opens, good or not; `None`: it opens nothing.
    async fn offer(&self, token: &TokenHash) -> Result<Option<Offer>>;

    /// Puts a person into the conversation that an invite leads into, if [`super::good`] says so, and counts the use;
    /// both or neither. For a member nothing happens. Of two who follow it at once for its last use one gets in.
    ///
    /// # Errors
    ///
    /// What [`super::good`] says; [`crate::Error::Conflict`] with code `invite_for_newcomers` for an invite that leads into
    /// no conversation.
    async fn accept(&self, accept: &Accept) -> Result<ConversationId>;
}
