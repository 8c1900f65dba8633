//! The job that projects, on SQL.
//!
//! It keeps two things: everything that moved before `rony_projector.since` is done, and beyond that each conversation up to
//! its row in `rony_projected`. Whoever holds the first row does the job.

use async_trait::async_trait;
use rony_core::{
    Result,
    message::Message,
    projection::{Projected, ProjectionStore},
    stream::{Seq, Since},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::{
    SqlStore, change::Change, dialect::Dialect, failed, message, notification, search, stream::horizon,
    values,
};

/// Conversations in one step at most.
const STREAMS: i64 = 128;

#[async_trait]
impl<DB: Dialect> ProjectionStore for SqlStore<DB> {
    async fn project(&self, at: Timestamp, limit: u32) -> Result<Projected> {
        if !self.was_to_be_projected() && self.is_projected().await? {
            return Ok(Projected::default());
        }
        let mut change = self.change_by_keys(at).await?;
        let far = read_far::<DB>(change.connection(), DB::FOR_UPDATE_SKIP_LOCKED).await?;
        let Some(Far { since, next }) = far else { return Ok(Projected::default()) };
        let step = Step::read(&mut change, since, i64::from(limit.max(1)).min(DB::PROJECTED_AT_ONCE)).await?;
        if step.done.is_empty() {
            return Ok(Projected::default());
        }
        // First: it locks the streams of people, which must not wait for anything that is written here.
        notification::project(&mut change, &step.messages).await?;
        search::add::<DB>(change.connection(), &step.messages).await?;
        step.write(&mut change, next).await?;
        change.commit().await?;
        if step.more {
            self.is_to_be_projected();
        }
        self.tend_search().await?;
        Ok(Projected { messages: step.messages.len() as u64, more: step.more })
    }
}

impl<DB: Dialect> SqlStore<DB> {
    /// Whether there is nothing to do: found without asking for the one writer.
    async fn is_projected(&self) -> Result<bool> {
        let mut snapshot = self.snapshot().await?;
        let since = read_far::<DB>(&mut snapshot, "").await?.map_or(Since(0), |far| far.since);
        Ok(waiting::<DB>(&mut snapshot, since, 1).await?.is_empty())
    }

    async fn tend_search(&self) -> Result<()> {
        let Some(statement) = DB::TEND_SEARCH else { return Ok(()) };
        let (mut transaction, _turn) = self.begin_in_turn(DB::BEGIN).await?;
        sqlx::query::<DB>(statement).execute(&mut *transaction).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }
}

/// How far the job is.
struct Far {
    /// Up to where all is done.
    since: Since,
    /// What commits from now on has moved at or after it.
    next: Since,
}

/// `None` when the row is locked by another node.
async fn read_far<DB: Dialect>(connection: &mut DB::Connection, lock: &'static str) -> Result<Option<Far>> {
    let sql = format!("select since from rony_projector where id = 1{lock}");
    let since = sqlx::query_scalar::<DB, i64>(AssertSqlSafe(sql)).fetch_optional(&mut *connection).await;
    let since = since.map_err(failed)?.map(Since);
    // A database that was restored from a backup may stand before where the job was: then it looks at everything.
    let next = horizon::<DB>(connection).await?;
    Ok(since.map(|since| Far { since: if since > next { Since(0) } else { since }, next }))
}

/// A conversation in which something is new.
struct Waiting {
    id: Uuid,
    done: Seq,
    head: Seq,
}

/// Conversations that moved at or after `since` and are not projected up to their heads, those that wait longest first.
async fn waiting<DB: Dialect>(
    connection: &mut DB::Connection,
    since: Since,
    limit: i64,
) -> Result<Vec<Waiting>> {
    // Only conversations have ordinals.
    let rows = sqlx::query::<DB>(
        "select s.id, coalesce(p.seq, 0), s.head from rony_streams s left join rony_projected p on p.stream_id = s.id
         where s.moved >= $1 and s.ordinal > 0 and s.head > coalesce(p.seq, 0) order by s.moved, s.id limit $2",
    )
    .bind(since.0)
    .bind(limit)
    .fetch_all(connection)
    .await
    .map_err(failed)?;
    Ok(rows.iter().map(|row| Waiting { id: row.get(0), done: row.get(1), head: row.get(2) }).collect())
}

/// What one transaction projects.
struct Step {
    /// New messages, each conversation's in its order.
    messages: Vec<Message>,
    /// Up to where each conversation is projected then.
    done: Vec<(Uuid, Seq)>,
    /// Something is left for the next step.
    more: bool,
}

impl Step {
    async fn read<DB: Dialect>(change: &mut Change<'_, DB>, since: Since, limit: i64) -> Result<Self> {
        let mut waiting = waiting::<DB>(change.connection(), since, STREAMS).await?;
        let mut more = waiting.len() as i64 == STREAMS;
        let (mut left, mut taken) = (limit, 0);
        for stream in &mut waiting {
            if left == 0 {
                break;
            }
            let upto = stream.head.min(stream.done + left);
            more |= upto < stream.head;
            left -= upto - stream.done;
            stream.head = upto;
            taken += 1;
        }
        more |= taken < waiting.len();
        waiting.truncate(taken);
        let messages = messages::<DB>(change.connection(), &waiting).await?;
        Ok(Self { messages, done: waiting.iter().map(|stream| (stream.id, stream.head)).collect(), more })
    }

    /// Writes how far it is; with nothing left, everything before `next` is done.
    async fn write<DB: Dialect>(&self, change: &mut Change<'_, DB>, next: Since) -> Result<()> {
        let sql = format!(
            "with v (stream_id, seq) as (values {}) insert into rony_projected (stream_id, seq)
             select stream_id, seq from v where stream_id is not null
             on conflict (stream_id) do update set seq = excluded.seq",
            values::rows::<DB>(2, self.done.len())
        );
        let query = values::optional(&self.done)
            .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, done| {
                query.bind(done.map(|done| done.0)).bind(done.map(|done| done.1))
            });
        query.execute(change.connection()).await.map_err(failed)?;
        if !self.more {
            sqlx::query::<DB>("update rony_projector set since = $1 where id = 1")
                .bind(next.0)
                .execute(change.connection())
                .await
                .map_err(failed)?;
        }
        Ok(())
    }
}

/// The messages after what is done up to the heads, each conversation's in its order: one query for all of them.
async fn messages<DB: Dialect>(connection: &mut DB::Connection, streams: &[Waiting]) -> Result<Vec<Message>> {
    let sql = format!(
        "with v (id, done, head) as (values {}) select {} from v
         join rony_messages m on m.conversation_id = v.id and m.seq > v.done and m.seq <= v.head
         where v.id is not null order by m.conversation_id, m.seq",
        values::rows::<DB>(3, streams.len()),
        message::COLUMNS
    );
    let mut query = sqlx::query::<DB>(AssertSqlSafe(sql));
    for stream in values::optional(streams) {
        query = query
            .bind(stream.map(|stream| stream.id))
            .bind(stream.map(|stream| stream.done))
            .bind(stream.map(|stream| stream.head));
    }
    let rows = query.fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(message::read::<DB>).collect()
}
