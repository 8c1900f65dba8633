//! Members on SQL: who is in a conversation, who comes and goes, and how each of them keeps it.

mod change;
mod list;
mod seat;

use async_trait::async_trait;
use rony_core::{
    Result,
    id::{ConversationId, UserId},
    member::{AddMembers, ChangeRole, KeepConversation, Member, MemberSettings, MemberStore, RemoveMember},
    time::Timestamp,
};

pub(crate) use self::{
    change::set_role,
    list::{list, read_level},
    seat::{insert, join_general, newcomers, seat, tell_newcomer},
};
use super::{SqlStore, dialect::Dialect};

#[async_trait]
impl<DB: Dialect> MemberStore for SqlStore<DB> {
    async fn members(
        &self,
        reader: UserId,
        conversation: ConversationId,
        after: Option<UserId>,
        rows: i64,
    ) -> Result<Vec<Member>> {
        list::page(self, reader, conversation, after, rows).await
    }

    async fn add_members(&self, add: AddMembers) -> Result<Vec<Member>> {
        change::add(self, add).await
    }

    async fn join(&self, user: UserId, conversation: ConversationId, at: Timestamp) -> Result<()> {
        change::join(self, user, conversation, at).await
    }

    async fn change_role(&self, change: ChangeRole) -> Result<Member> {
        change::role(self, change).await
    }

    async fn remove_member(&self, remove: RemoveMember) -> Result<()> {
        change::remove(self, remove).await
    }

    async fn keep_conversation(&self, keep: KeepConversation) -> Result<MemberSettings> {
        change::keep(self, keep).await
    }
}
