//! What is kept of members.

use async_trait::async_trait;

use super::{AddMembers, ChangeRole, KeepConversation, Member, MemberSettings, RemoveMember};
use crate::{
    Result,
    id::{ConversationId, UserId},
    time::Timestamp,
};

/// The port for members. A change of membership is appended to the conversation's stream and to the person's own in one
/// transaction, and the rules are asked inside it, after the locks.
#[async_trait]
pub trait MemberStore: Send + Sync {
    /// The members of a conversation that the reader is in, in id order after `after`, `rows` at most.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Unavailable`] when the database is away; so for all methods.
    async fn members(
        &self,
        reader: UserId,
        conversation: ConversationId,
        after: Option<UserId>,
        rows: i64,
    ) -> Result<Vec<Member>>;

    /// Adds people if [`super::may_add`] and, for each of them, [`super::may_bring`] say so; all or none. Answers all
    /// who were named, in id order; who was a member already stays as they are.
    async fn add_members(&self, add: AddMembers) -> Result<Vec<Member>>;

    /// Makes `user` a member of a conversation that they may join. Joining again changes nothing.
    async fn join(&self, user: UserId, conversation: ConversationId, at: Timestamp) -> Result<()>;

    /// Changes a role if [`super::may_change_role`] says so.
    async fn change_role(&self, change: ChangeRole) -> Result<Member>;

    /// Takes somebody out if [`super::may_remove`] says so: whatever they post afterwards is refused. A conversation that
    /// its last member leaves is archived.
    async fn remove_member(&self, remove: RemoveMember) -> Result<()>;

    /// Changes how a member keeps a conversation.
    async fn keep_conversation(&self, keep: KeepConversation) -> Result<MemberSettings>;
}
