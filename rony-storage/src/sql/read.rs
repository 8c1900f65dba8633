//! Read marks on SQL.

use async_trait::async_trait;
use rony_core::{
    Result,
    id::{ConversationId, MessageId, UserId},
    permission::{Action, check},
    read::{MOST_SHOWN, MarkRead, Marked, OthersMark, ReadEvent, ReadMark, ReadStore, check_mark, may_show},
    stream::NewEvent,
};
use sqlx::Row;

use super::{
    SqlStore,
    change::Change,
    dialect::Dialect,
    failed,
    notification::{self, ReadUpTo},
    place::{blocked, newest_in_thread, standing},
};

#[async_trait]
impl<DB: Dialect> ReadStore for SqlStore<DB> {
    async fn mark_read(&self, wanted: MarkRead) -> Result<Marked> {
        let MarkRead { user_id, mark, at } = wanted;
        // Looked at before anything is locked: ordinals and marks only grow, and whether the person is still a member is
        // decided by the statement that writes.
        let mut snapshot = self.snapshot().await?;
        let facts = Facts::read::<DB>(&mut snapshot, user_id, mark).await?;
        drop(snapshot);
        check_mark(mark.ordinal, facts.newest)?;
        let stands =
            |ordinal, moved| Marked { mark: ReadMark { ordinal, ..mark }, moved, shown: facts.shown };
        if mark.ordinal <= facts.ordinal {
            return Ok(stands(facts.ordinal, false));
        }
        let mut change = self.change(at).await?;
        change.lock([user_id.into()]).await?;
        let moved = match mark.thread_id {
            None => move_mark(&mut change, user_id, mark).await?,
            Some(thread) => move_thread_mark(&mut change, user_id, mark, thread).await?,
        };
        if !moved {
            let ordinal = Facts::read::<DB>(change.connection(), user_id, mark).await?.ordinal;
            return Ok(stands(ordinal, false));
        }
        change.append(user_id, NewEvent::new(&ReadEvent::Moved(mark)), None);
        let read = ReadUpTo { thread: mark.thread_id, ordinal: mark.ordinal };
        let seen = notification::clear_read(&mut change, user_id, mark.conversation_id, Some(read)).await?;
        notification::tell_cleared(&mut change, user_id, &seen);
        change.commit().await?;
        Ok(stands(mark.ordinal, true))
    }

    async fn marks(&self, reader: UserId, conversation: ConversationId) -> Result<Vec<OthersMark>> {
        let mut snapshot = self.snapshot().await?;
        let standing = standing::<DB>(&mut snapshot, conversation, reader).await?;
        check(Action::Read, standing.place)?;
        let rows = sqlx::query::<DB>(
            "select m.user_id, m.read_ordinal from rony_members m
             join rony_conversations c on c.id = m.conversation_id
             where m.conversation_id = $1 and c.member_count <= $2 order by m.user_id",
        )
        .bind(conversation.uuid())
        .bind(MOST_SHOWN)
        .fetch_all(&mut *snapshot)
        .await
        .map_err(failed)?;
        let blocked = blocked::<DB>(&mut snapshot, conversation, standing.place).await?;
        let mark = |row: &DB::Row| OthersMark { user_id: UserId(row.get(0)), ordinal: row.get(1) };
        Ok(if may_show(rows.len() as i64, blocked) { rows.iter().map(mark).collect() } else { Vec::new() })
    }
}

/// What is true where somebody reads.
struct Facts {
    /// Where their mark stands.
    ordinal: i64,
    /// The number of the newest message.
    newest: i64,
    /// Others see it.
    shown: bool,
}

impl Facts {
    async fn read<DB: Dialect>(
        connection: &mut DB::Connection,
        user: UserId,
        mark: ReadMark,
    ) -> Result<Self> {
        let standing = standing::<DB>(connection, mark.conversation_id, user).await?;
        check(Action::Read, standing.place)?;
        let row = sqlx::query::<DB>(
            "select m.read_ordinal, s.ordinal, c.member_count, coalesce(t.read_ordinal, 0)
             from rony_members m
             join rony_conversations c on c.id = m.conversation_id
             join rony_streams s on s.id = m.conversation_id
             left join rony_thread_members t on t.thread_id = $3 and t.user_id = m.user_id
             where m.conversation_id = $1 and m.user_id = $2",
        )
        .bind(mark.conversation_id.uuid())
        .bind(user.uuid())
        .bind(mark.thread_id.map(MessageId::uuid))
        .fetch_one(&mut *connection)
        .await
        .map_err(failed)?;
        let blocked = blocked::<DB>(connection, mark.conversation_id, standing.place).await?;
        let shown = may_show(row.get(2), blocked);
        let Some(thread) = mark.thread_id else {
            return Ok(Self { ordinal: row.get(0), newest: row.get(1), shown });
        };
        let newest = newest_in_thread::<DB>(connection, &standing, mark.conversation_id, thread).await?;
        Ok(Self { ordinal: row.get(3), newest, shown })
    }
}

async fn move_mark<DB: Dialect>(change: &mut Change<'_, DB>, user: UserId, mark: ReadMark) -> Result<bool> {
    let moved = sqlx::query::<DB>(
        "update rony_members set read_ordinal = $3
         where conversation_id = $1 and user_id = $2 and read_ordinal < $3 returning read_ordinal",
    )
    .bind(mark.conversation_id.uuid())
    .bind(user.uuid())
    .bind(mark.ordinal)
    .fetch_optional(change.connection())
    .await
    .map_err(failed)?;
    Ok(moved.is_some())
}

async fn move_thread_mark<DB: Dialect>(
    change: &mut Change<'_, DB>,
    user: UserId,
    mark: ReadMark,
    thread: MessageId,
) -> Result<bool> {
    let moved = sqlx::query::<DB>(
        "insert into rony_thread_members (thread_id, user_id, read_ordinal, follows)
         select $3, user_id, $4, false from rony_members where conversation_id = $1 and user_id = $2
         on conflict (thread_id, user_id) do update set read_ordinal = excluded.read_ordinal
         where rony_thread_members.read_ordinal < excluded.read_ordinal
         returning read_ordinal",
    )
    .bind(mark.conversation_id.uuid())
    .bind(user.uuid())
    .bind(thread.uuid())
    .bind(mark.ordinal)
    .fetch_optional(change.connection())
    .await
    .map_err(failed)?;
    Ok(moved.is_some())
}
