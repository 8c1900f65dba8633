//! Drafts on SQL.

use async_trait::async_trait;
use rony_core::{
    Result,
    draft::{Draft, DraftEvent, DraftStore, SaveDraft, may_keep},
    id::{ConversationId, MessageId, UserId},
    permission::{Action, check},
    stream::NewEvent,
    time::Timestamp,
};
use sqlx::Row;
use uuid::Uuid;

use super::{
    SqlStore,
    dialect::Dialect,
    failed,
    place::{newest_in_thread, standing},
};

#[async_trait]
impl<DB: Dialect> DraftStore for SqlStore<DB> {
    async fn save_draft(&self, draft: SaveDraft) -> Result<Draft> {
        let SaveDraft { user_id, conversation_id, thread_id, text, at } = draft;
        let mut change = self.change(at).await?;
        change.lock([user_id.into()]).await?;
        let before = load::<DB>(change.connection(), user_id, conversation_id, thread_id).await?;
        if before.text == text {
            return Ok(before);
        }
        let updated_at = if text.is_empty() {
            delete::<DB>(change.connection(), user_id, conversation_id, thread_id).await?;
            None
        } else {
            if before.text.is_empty() {
                may_keep(count::<DB>(change.connection(), user_id).await?)?;
            }
            write::<DB>(change.connection(), user_id, conversation_id, thread_id, &text, at).await?;
            Some(at)
        };
        let event = DraftEvent::Changed { conversation_id, thread_id };
        change.append(user_id, NewEvent::new(&event), None);
        change.commit().await?;
        Ok(Draft { conversation_id, thread_id, text, updated_at })
    }

    async fn draft(
        &self,
        user: UserId,
        conversation: ConversationId,
        thread: Option<MessageId>,
    ) -> Result<Draft> {
        load::<DB>(&mut *self.snapshot().await?, user, conversation, thread).await
    }

    async fn drafts(&self, user: UserId) -> Result<Vec<Draft>> {
        let mut connection = self.read().acquire().await.map_err(failed)?;
        all::<DB>(&mut connection, user).await
    }
}

/// The drafts of a person where they are now, on the caller's connection.
pub(crate) async fn all<DB: Dialect>(connection: &mut DB::Connection, user: UserId) -> Result<Vec<Draft>> {
    // A thread may be hidden from who was away and came back.
    let rows = sqlx::query::<DB>(
        "select d.conversation_id, d.thread_id, d.text, d.updated_at from rony_drafts d
             join rony_members r on r.conversation_id = d.conversation_id and r.user_id = d.user_id
             left join rony_messages m on m.id = d.thread_id
             where d.user_id = $1 and (m.seq is null or m.seq > r.hidden_upto)
             order by d.updated_at desc, d.conversation_id, d.thread_id",
    )
    .bind(user.uuid())
    .fetch_all(connection)
    .await
    .map_err(failed)?;
    let draft = |row: &DB::Row| Draft {
        conversation_id: ConversationId(row.get(0)),
        thread_id: Some(MessageId(row.get(1))).filter(|thread| *thread != CONVERSATION),
        text: row.get(2),
        updated_at: Some(Timestamp::from_millis(row.get(3))),
    };
    Ok(rows.iter().map(draft).collect())
}
/// What the key's column has instead of a thread for the draft of the conversation itself.
const CONVERSATION: MessageId = MessageId(Uuid::nil());

fn key(thread: Option<MessageId>) -> Uuid {
    thread.unwrap_or(CONVERSATION).uuid()
}

/// The draft of somebody who may be there, with an empty text when there is none.
async fn load<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
    conversation: ConversationId,
    thread: Option<MessageId>,
) -> Result<Draft> {
    let standing = standing::<DB>(connection, conversation, user).await?;
    check(Action::Read, standing.place)?;
    if let Some(thread) = thread {
        newest_in_thread::<DB>(connection, &standing, conversation, thread).await?;
    }
    let row = sqlx::query::<DB>(
        "select text, updated_at from rony_drafts where user_id = $1 and conversation_id = $2 and thread_id = $3",
    )
    .bind(user.uuid())
    .bind(conversation.uuid())
    .bind(key(thread))
    .fetch_optional(connection)
    .await
    .map_err(failed)?;
    Ok(Draft {
        conversation_id: conversation,
        thread_id: thread,
        text: row.as_ref().map(|row| row.get(0)).unwrap_or_default(),
        updated_at: row.map(|row| Timestamp::from_millis(row.get(1))),
    })
}

async fn count<DB: Dialect>(connection: &mut DB::Connection, user: UserId) -> Result<i64> {
    sqlx::query_scalar::<DB, i64>("select count(*) from rony_drafts where user_id = $1")
        .bind(user.uuid())
        .fetch_one(connection)
        .await
        .map_err(failed)
}

async fn write<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
    conversation: ConversationId,
    thread: Option<MessageId>,
    text: &str,
    at: Timestamp,
) -> Result<()> {
    sqlx::query::<DB>(
        "insert into rony_drafts (user_id, conversation_id, thread_id, text, updated_at) values ($1, $2, $3, $4, $5)
         on conflict (user_id, conversation_id, thread_id) do update set text = excluded.text, updated_at = excluded.updated_at",
    )
    .bind(user.uuid())
    .bind(conversation.uuid())
    .bind(key(thread))
    .bind(text.to_owned())
    .bind(at.as_millis())
    .execute(connection)
    .await
    .map_err(failed)?;
    Ok(())
}

async fn delete<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
    conversation: ConversationId,
    thread: Option<MessageId>,
) -> Result<()> {
    sqlx::query::<DB>(
        "delete from rony_drafts where user_id = $1 and conversation_id = $2 and thread_id = $3",
    )
    .bind(user.uuid())
    .bind(conversation.uuid())
    .bind(key(thread))
    .execute(connection)
    .await
    .map_err(failed)?;
    Ok(())
}
