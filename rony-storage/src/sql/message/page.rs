//! Reading messages: one, or a window of a conversation or thread.

use rony_core::{
    Error, Result,
    id::{ConversationId, MessageId, UserId},
    message::{Message, MessagePage, Window},
    page::Limit,
    permission::{Action, check},
    stream::Seq,
};
use sqlx::AssertSqlSafe;

use super::row;
use crate::sql::{
    SqlStore,
    dialect::Dialect,
    failed,
    place::{Standing, VISIBLE, standing},
};

pub(super) async fn one<DB: Dialect>(
    store: &SqlStore<DB>,
    reader: UserId,
    conversation: ConversationId,
    message: MessageId,
) -> Result<Message> {
    let mut snapshot = store.snapshot().await?;
    load::<DB>(&mut snapshot, reader, conversation, message).await
}

/// One message with everything on it, as `reader` may see it; for a change, after its locks.
pub(crate) async fn load<DB: Dialect>(
    connection: &mut DB::Connection,
    reader: UserId,
    conversation: ConversationId,
    message: MessageId,
) -> Result<Message> {
    let sql = format!(
        "select {} from rony_members r join rony_messages m on {VISIBLE}
         where m.id = $3 and r.conversation_id = $2 and r.user_id = $1",
        row::COLUMNS
    );
    let found = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(reader.uuid())
        .bind(conversation.uuid())
        .bind(message.uuid())
        .fetch_optional(&mut *connection)
        .await
        .map_err(failed)?
        .ok_or(Error::NotFound("message"))?;
    let mut messages = [row::read::<DB>(&found)?];
    row::complete::<DB>(connection, &mut messages).await?;
    let [message] = messages;
    Ok(message)
}

pub(super) async fn page<DB: Dialect>(
    store: &SqlStore<DB>,
    reader: UserId,
    conversation: ConversationId,
    thread: Option<MessageId>,
    window: Window,
    limit: Limit,
) -> Result<MessagePage> {
    let mut snapshot = store.snapshot().await?;
    let standing = standing::<DB>(&mut snapshot, conversation, reader).await?;
    window_of::<DB>(&mut snapshot, &standing, (reader, conversation, thread), window, limit).await
}

/// A part of a conversation or thread for a reader who stands there so, as of the caller's transaction.
pub(crate) async fn window_of<DB: Dialect>(
    connection: &mut DB::Connection,
    standing: &Standing,
    (reader, conversation, thread): (UserId, ConversationId, Option<MessageId>),
    window: Window,
    limit: Limit,
) -> Result<MessagePage> {
    check(Action::Read, standing.place)?;
    if let Some(root) = thread {
        load::<DB>(&mut *connection, reader, conversation, root).await?;
    }
    let as_of = sqlx::query_scalar::<DB, i64>("select head from rony_streams where id = $1")
        .bind(conversation.uuid())
        .fetch_one(&mut *connection)
        .await
        .map_err(failed)?;
    let limit = limit.get() as i64;
    let range = Range { conversation, thread, hidden_upto: standing.hidden_upto };
    // A part of no messages only tells whether there are more on that side.
    let (before, after) = match window {
        Window::Newest => ((Seq::MAX, limit), None),
        Window::Before(seq) => ((seq, limit), Some((seq.saturating_sub(1), 0))),
        Window::After(seq) => ((seq.saturating_add(1), 0), Some((seq, limit))),
        Window::Around(seq) => ((seq, limit / 2), Some((seq.saturating_sub(1), limit - limit / 2))),
    };
    let (mut items, more_before) = range.before::<DB>(&mut *connection, before.0, before.1).await?;
    let (newer, more_after) = match after {
        Some((seq, limit)) => range.after::<DB>(&mut *connection, seq, limit).await?,
        None => (Vec::new(), false),
    };
    items.extend(newer);
    row::complete::<DB>(&mut *connection, &mut items).await?;
    Ok(MessagePage::new(window, items, (more_before, more_after), as_of))
}

/// The messages of one conversation or thread that one reader may see.
struct Range {
    conversation: ConversationId,
    thread: Option<MessageId>,
    hidden_upto: Seq,
}

impl Range {
    async fn before<DB: Dialect>(
        &self,
        connection: &mut DB::Connection,
        seq: Seq,
        limit: i64,
    ) -> Result<(Vec<Message>, bool)> {
        let (mut items, more) = self.read::<DB>(connection, (self.hidden_upto, seq), "desc", limit).await?;
        items.reverse();
        Ok((items, more))
    }

    async fn after<DB: Dialect>(
        &self,
        connection: &mut DB::Connection,
        seq: Seq,
        limit: i64,
    ) -> Result<(Vec<Message>, bool)> {
        self.read::<DB>(connection, (seq.max(self.hidden_upto), Seq::MAX), "asc", limit).await
    }

    /// Messages between two seqs, both excluded; one more than asked for says that there are more.
    async fn read<DB: Dialect>(
        &self,
        connection: &mut DB::Connection,
        (above, below): (Seq, Seq),
        order: &'static str,
        limit: i64,
    ) -> Result<(Vec<Message>, bool)> {
        let place = match self.thread {
            Some(_) => "m.thread_id = $5 and m.conversation_id = $1",
            None => "m.conversation_id = $1 and m.thread_id is null",
        };
        let sql = format!(
            "select {} from rony_messages m where {place} and m.seq > $2 and m.seq < $3 order by m.seq {order} limit $4",
            row::COLUMNS
        );
        let mut query = sqlx::query::<DB>(AssertSqlSafe(sql))
            .bind(self.conversation.uuid())
            .bind(above)
            .bind(below)
            .bind(limit + 1);
        if let Some(root) = self.thread {
            query = query.bind(root.uuid());
        }
        let rows = query.fetch_all(connection).await.map_err(failed)?;
        let more = rows.len() as i64 > limit;
        let items = rows.iter().take(limit as usize).map(row::read::<DB>).collect::<Result<_>>()?;
        Ok((items, more))
    }
}
