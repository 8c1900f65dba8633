//! What may be done with members.

use super::{
    AddMembers, AddPeople, ChangeRole, KeepConversation, Member, MemberSettings, MemberStore, RemoveMember,
    SettingsChange,
};
use crate::{
    Result,
    actor::{Actor, Scope},
    id::{ConversationId, UserId},
    page::{Cursor, Limit, Page},
    permission::Role,
    time::Clock,
};

/// The use cases of members. Made by [`crate::Rony::members`].
pub struct Members<'r> {
    pub(crate) store: &'r dyn MemberStore,
    pub(crate) clock: &'r dyn Clock,
}

const LIST: &str = "members";

impl Members<'_> {
    /// Who is in a conversation.
    ///
    /// # Errors
    ///
    /// What [`crate::permission::check`] says about reading; for a cursor that this list did not make.
    pub async fn list(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        limit: Limit,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>> {
        let reader = actor.user(Scope::Read)?;
        let after = cursor.map(|cursor| cursor.decode(LIST)).transpose()?;
        let rows = self.store.members(reader, conversation, after, limit.rows()).await?;
        Ok(Page::cut(rows, limit, LIST, |last| last.user_id))
    }

    /// Adds people, all of them or none, and answers them; who was a member already stays as they are.
    ///
    /// # Errors
    ///
    /// What [`AddPeople::validate`], [`super::may_add`] and [`super::may_bring`] say.
    pub async fn add(
        &self,
        actor: &Actor,
        conversation_id: ConversationId,
        people: AddPeople,
    ) -> Result<Vec<Member>> {
        let by_id = actor.user(Scope::Manage)?;
        people.validate()?;
        self.store.add_members(AddMembers { conversation_id, by_id, at: self.clock.now(), people }).await
    }

    /// Joins a public conversation. Joining again changes nothing.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] when it is not public; code `archived`.
    pub async fn join(&self, actor: &Actor, conversation: ConversationId) -> Result<()> {
        self.store.join(actor.user(Scope::Manage)?, conversation, self.clock.now()).await
    }

    /// Leaves a group.
    ///
    /// # Errors
    ///
    /// What [`super::may_remove`] says.
    pub async fn leave(&self, actor: &Actor, conversation: ConversationId) -> Result<()> {
        let user = actor.user(Scope::Manage)?;
        self.remove(actor, conversation, user).await
    }

    /// Changes what somebody may do in a conversation.
    ///
    /// # Errors
    ///
    /// What [`super::may_change_role`] says; [`crate::Error::NotFound`] for who is no member.
    pub async fn change_role(
        &self,
        actor: &Actor,
        conversation_id: ConversationId,
        user_id: UserId,
        role: Role,
    ) -> Result<Member> {
        let by_id = actor.user(Scope::Manage)?;
        let at = self.clock.now();
        self.store.change_role(ChangeRole { conversation_id, user_id, role, by_id, at }).await
    }

    /// Takes somebody, or oneself, out of a group.
    ///
    /// # Errors
    ///
    /// What [`super::may_remove`] says; [`crate::Error::NotFound`] for who is no member.
    pub async fn remove(
        &self,
        actor: &Actor,
        conversation_id: ConversationId,
        user_id: UserId,
    ) -> Result<()> {
        let by_id = actor.user(Scope::Manage)?;
        let at = self.clock.now();
        self.store.remove_member(RemoveMember { conversation_id, user_id, by_id, at }).await
    }

    /// Changes how the actor keeps a conversation: what they want to be told of, and whether it stays at the top.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] when they are not in it.
    pub async fn keep(
        &self,
        actor: &Actor,
        conversation_id: ConversationId,
        change: SettingsChange,
    ) -> Result<MemberSettings> {
        let user_id = actor.user(Scope::Profile)?;
        let at = self.clock.now();
        self.store.keep_conversation(KeepConversation { conversation_id, user_id, change, at }).await
    }
}
