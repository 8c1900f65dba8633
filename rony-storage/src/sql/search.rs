//! Search on SQL: what both databases have in common. How each keeps and matches words is its [`Dialect`]'s.

use async_trait::async_trait;
use rony_core::{
    Result,
    id::{ConversationId, UserId},
    message::Message,
    page::Limit,
    permission::{Action, check},
    search::{Found, Has, MessageFilter, Position, SearchStore, has_link, index_text},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::{
    SqlStore,
    dialect::{Dialect, SearchEntry},
    failed, message,
    place::{VISIBLE, standing},
    projection::{self, Waiting},
};

/// Positions that share a millisecond.
pub(crate) const PER_MILLI: i64 = 1 << 20;

/// The first position of a moment. Beyond the year 2248 all is one moment.
pub(crate) fn position(at: Timestamp) -> i64 {
    at.as_millis().clamp(0, i64::MAX / PER_MILLI - 1) * PER_MILLI
}

impl SearchEntry {
    /// What the index holds of a message; of a deleted one nothing.
    pub(crate) fn of(message: &Message) -> Self {
        let text = if message.deleted_at.is_some() { "" } else { &message.text };
        Self {
            conversation: message.conversation_id,
            seq: message.seq,
            sender: message.sender_id,
            at: message.created_at,
            link: has_link(text),
            words: index_text(text),
        }
    }
}

/// Brings the index in step with what moved: `new` messages, those that were [`changed`], and conversations that are gone.
pub(crate) async fn project<DB: Dialect>(
    connection: &mut DB::Connection,
    streams: &[Waiting],
    new: &[Message],
    changed: &[Message],
) -> Result<()> {
    let entries: Vec<_> = new.iter().map(SearchEntry::of).collect();
    if !entries.is_empty() {
        DB::index(connection, &entries).await.map_err(failed)?;
    }
    for message in changed {
        DB::reindex(connection, &SearchEntry::of(message)).await.map_err(failed)?;
    }
    for stream in streams.iter().filter(|stream| stream.gone) {
        for statement in DB::CLEAR_SEARCH {
            let statement = sqlx::query::<DB>(*statement).bind(stream.id);
            statement.execute(&mut *connection).await.map_err(failed)?;
        }
    }
    Ok(())
}

/// Messages that were in the index before and are changed or deleted since. The last change is among what moved: its event has the
/// number that is the message's version.
pub(crate) async fn changed<DB: Dialect>(
    connection: &mut DB::Connection,
    streams: &[Waiting],
) -> Result<Vec<Message>> {
    let source = "join rony_events e on e.stream_id = v.id and e.seq > v.done and e.seq <= v.head
         join rony_messages m on m.conversation_id = v.id and m.seq = e.about and m.seq <= v.done and m.version = e.seq";
    projection::messages::<DB>(connection, streams, source).await
}

#[async_trait]
impl<DB: Dialect> SearchStore for SqlStore<DB> {
    async fn find_messages(
        &self,
        reader: UserId,
        filter: &MessageFilter,
        before: Option<Position>,
        limit: Limit,
    ) -> Result<Vec<Found>> {
        let mut snapshot = self.searching().await?;
        if let Some(conversation) = filter.conversation {
            let standing = standing::<DB>(&mut snapshot, conversation, reader).await?;
            check(Action::Read, standing.place)?;
        }
        let rows = find::<DB>(&mut snapshot, reader, filter, before, limit).await?;
        let mut messages = rows.iter().map(message::read::<DB>).collect::<Result<Vec<_>>>()?;
        message::complete::<DB>(&mut snapshot, &mut messages).await?;
        let found = |(message, row): (Message, &DB::Row)| Found {
            position: Position(row.get(message::WIDTH), message.conversation_id, message.seq),
            message,
        };
        Ok(messages.into_iter().zip(&rows).map(found).collect())
    }
}

async fn find<DB: Dialect>(
    connection: &mut DB::Connection,
    reader: UserId,
    filter: &MessageFilter,
    before: Option<Position>,
    limit: Limit,
) -> Result<Vec<DB::Row>> {
    let newest = Position(i64::MAX, ConversationId(Uuid::nil()), 0);
    let until =
        filter.until.map_or(newest, |until| Position(position(until), ConversationId(Uuid::nil()), 0));
    let before = before.map_or(until, |before| before.min(until));
    let has = |what| filter.has.contains(&what);
    // Planned for these very words each time: which index is the right one depends on how rare they are, and a plan for any
    // words, which a prepared statement comes to, reads all that match a common one.
    let mut query = sqlx::query::<DB>(AssertSqlSafe(statement::<DB>(!filter.query.is_empty())))
        .persistent(false)
        .bind(reader.uuid())
        .bind(filter.since.map_or(0, position))
        .bind(before.0)
        .bind(before.1.uuid())
        .bind(before.2)
        .bind(limit.rows())
        .bind(filter.conversation.map(ConversationId::uuid))
        .bind(filter.author.map(UserId::uuid))
        .bind(has(Has::Link))
        .bind(has(Has::Mention))
        .bind(has(Has::Reaction))
        .bind(has(Has::Pin));
    if !filter.query.is_empty() {
        query = query.bind(DB::match_expression(&filter.query));
    }
    query.fetch_all(connection).await.map_err(failed)
}

/// Walks through the index from the newest match to the oldest, and looks at messages and members only for those; so the
/// first page comes soon, however many match.
fn statement<DB: Dialect>(words: bool) -> String {
    let walk = if words { DB::SEARCH_WORDS } else { DB::SEARCH_ALL };
    let (from, position, order, found) = (walk.from, walk.position, walk.order, DB::join_found(VISIBLE));
    let matches = walk.matches;
    let columns = message::COLUMNS;
    format!(
        "select {columns}, {position} from {from} {found}
         where {matches} and {position} >= $2 and {position} <= $3
         and ({position}, s.conversation_id, s.seq) < ($3, $4, $5)
         and ($7 is null or s.conversation_id = $7) and ($8 is null or s.sender_id = $8) and (not $9 or s.link)
         and m.deleted_at is null and (not $10 or m.mentions <> '')
         and (not $11 or exists (select 1 from rony_reactions x where x.message_id = m.id))
         and (not $12 or exists (select 1 from rony_pins p where p.conversation_id = s.conversation_id and p.message_id = m.id))
         order by {order} limit $6"
    )
}
