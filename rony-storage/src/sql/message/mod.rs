//! Messages on SQL: posting in batches, pages, edits and tombstones.

mod attachment;
mod change;
mod page;
mod post;
mod row;

use async_trait::async_trait;
use rony_core::{
    Result,
    id::{ConversationId, MessageId, UserId},
    message::{
        DeleteMessage, EditMessage, Message, MessagePage, MessageStore, MessageVersion, NewMessage, Posted,
        Refused, Window,
    },
    page::Limit,
};

pub(crate) use self::{
    attachment::column as attachments_column,
    page::{load, window_of},
    post::{Poster, call_column, mentions_column},
    row::{COLUMNS, WIDTH, complete, read},
};
use super::{SqlStore, dialect::Dialect};

#[async_trait]
impl<DB: Dialect> MessageStore for SqlStore<DB> {
    async fn post(&self, batch: Vec<NewMessage>) -> Result<Vec<Result<Posted, Refused>>> {
        self.poster().post(batch).await
    }

    async fn edit(&self, edit: EditMessage) -> Result<Message> {
        change::edit(self, edit).await
    }

    async fn delete(&self, delete: DeleteMessage) -> Result<Message> {
        change::delete(self, delete).await
    }

    async fn message(
        &self,
        reader: UserId,
        conversation: ConversationId,
        message: MessageId,
    ) -> Result<Message> {
        page::one(self, reader, conversation, message).await
    }

    async fn page(
        &self,
        reader: UserId,
        conversation: ConversationId,
        thread: Option<MessageId>,
        window: Window,
        limit: Limit,
    ) -> Result<MessagePage> {
        page::page(self, reader, conversation, thread, window, limit).await
    }

    async fn versions(
        &self,
        reader: UserId,
        conversation: ConversationId,
        message: MessageId,
    ) -> Result<Vec<MessageVersion>> {
        change::versions(self, reader, conversation, message).await
    }
}
