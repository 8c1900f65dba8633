//! Conversations on SQL: starting, changing, deleting them, and what they are for somebody.

mod change;
mod create;
mod delete;
mod row;
mod view;

use async_trait::async_trait;
use rony_core::{
    Result,
    conversation::{
        ChangeConversation, ConversationStore, ConversationView, CreateConversation, Created,
        DeleteConversation,
    },
    id::{ConversationId, UserId},
    permission::{Action, check},
};

pub(crate) use self::{
    change::set_archived,
    create::insert,
    row::{Site, site},
    view::{views, views_after},
};
use super::{SqlStore, dialect::Dialect};

#[async_trait]
impl<DB: Dialect> ConversationStore for SqlStore<DB> {
    async fn create_conversation(&self, create: CreateConversation) -> Result<Created> {
        let creator = create.creator_id;
        let (id, existed) = create::create(self, create).await?;
        let conversation = self.conversation(creator, id).await?;
        Ok(Created { conversation, existed })
    }

    async fn change_conversation(&self, change: ChangeConversation) -> Result<ConversationView> {
        let (user, id) = (change.user_id, change.id);
        change::change(self, change).await?;
        self.conversation(user, id).await
    }

    async fn delete_conversation(&self, delete: DeleteConversation) -> Result<()> {
        delete::delete(self, delete).await
    }

    async fn conversation(&self, reader: UserId, conversation: ConversationId) -> Result<ConversationView> {
        let mut snapshot = self.snapshot().await?;
        let Site { place, .. } = site::<DB>(&mut snapshot, conversation, reader).await?;
        check(Action::See, place)?;
        let views = views::<DB>(&mut snapshot, reader, &[conversation]).await?;
        views.into_iter().next().ok_or(rony_core::Error::NotFound("conversation"))
    }

    async fn conversations(
        &self,
        reader: UserId,
        after: Option<ConversationId>,
        rows: i64,
    ) -> Result<Vec<ConversationView>> {
        views_after::<DB>(&mut *self.snapshot().await?, reader, after, rows).await
    }

    async fn public_conversations(
        &self,
        reader: UserId,
        query: &str,
        after: Option<ConversationId>,
        rows: i64,
    ) -> Result<Vec<ConversationView>> {
        view::public::<DB>(&mut *self.snapshot().await?, reader, query, after, rows).await
    }
}
