//! The job that projects, on SQL.
//!
//! It keeps two things: everything that moved before `rony_projector.since` is done, and beyond that each conversation up to
//! its row in `rony_projected`. Whoever holds the first row does the job.
//!
//! Notifications and the search index are made in the same step. Where the index is kept apart ([`Dialect::open_index`]) each has
//! a step of its own, and tables of its own for how far it is: under the same names, so the statements are the same.

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
    SqlStore,
    change::begin,
    dialect::{Dialect, Index},
    failed, message, notification, search,
    stream::horizon,
    values,
};

/// Conversations in one step at most.
const STREAMS: i64 = 128;

#[async_trait]
impl<DB: Dialect> ProjectionStore for SqlStore<DB> {
    async fn project(&self, at: Timestamp, limit: u32) -> Result<Projected> {
        let limit = i64::from(limit.max(1));
        let for_sure = self.was_to_be_projected();
        let told = self.notify(at, limit.min(DB::PROJECTED_AT_ONCE), for_sure).await?;
        let found = match self.index() {
            Some(index) => follow(index, limit, for_sure || told.is_some()).await?,
            None => Projected::default(),
        };
        let told = told.unwrap_or_default();
        if told.more {
            self.is_to_be_projected();
        }
        Ok(Projected { messages: told.messages.max(found.messages), more: told.more || found.more })
    }
}

impl<DB: Dialect> SqlStore<DB> {
    /// A step of notifications, and of the search index where it is not apart. `for_sure`: there is something to do. `None`: there was
    /// nothing.
    async fn notify(&self, at: Timestamp, limit: i64, for_sure: bool) -> Result<Option<Projected>> {
        if !for_sure && self.is_projected().await? {
            return Ok(None);
        }
        let mut change = self.change_by_keys(at).await?;
        let Some(step) = Step::read::<DB>(change.connection(), limit).await? else { return Ok(None) };
        // First: it locks the streams of people, which must not wait for anything that is written here.
        notification::project(&mut change, &step.messages).await?;
        if self.index().is_none() {
            let changed = search::changed::<DB>(change.connection(), &step.streams).await?;
            search::project::<DB>(change.connection(), &step.streams, &step.messages, &changed).await?;
        }
        step.write::<DB>(change.connection()).await?;
        change.commit().await?;
        Ok(Some(step.projected()))
    }

    /// Whether there is nothing to do: found without asking for the one writer.
    async fn is_projected(&self) -> Result<bool> {
        let mut snapshot = self.snapshot().await?;
        let since = read_far::<DB>(&mut snapshot, "").await?.map_or(Since(0), |far| far.since);
        Ok(waiting::<DB>(&mut snapshot, since, 1).await?.is_empty())
    }
}

/// A step of a search index that is apart. It reads what was committed, and is through with that before it writes: a log that
/// somebody reads cannot begin anew, and whoever posts would wait for it.
async fn follow<DB: Dialect>(index: &Index<DB>, limit: i64, for_sure: bool) -> Result<Projected> {
    let mut behind = index.behind.lock().await;
    if !for_sure && !*behind {
        return Ok(Projected::default());
    }
    // Until it is through: a step that fails is tried again, whether or not something moves then.
    *behind = true;
    let mut snapshot = begin(&index.read, DB::BEGIN_SNAPSHOT).await?;
    let Some(step) = Step::read::<DB>(&mut snapshot, limit).await? else {
        *behind = false;
        return Ok(Projected::default());
    };
    let changed = search::changed::<DB>(&mut snapshot, &step.streams).await?;
    snapshot.rollback().await.map_err(failed)?;
    let mut transaction = begin(&index.write, DB::BEGIN_SNAPSHOT).await?;
    search::project::<DB>(&mut transaction, &step.streams, &step.messages, &changed).await?;
    step.write::<DB>(&mut transaction).await?;
    transaction.commit().await.map_err(failed)?;
    *behind = step.more;
    Ok(step.projected())
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
pub(super) struct Waiting {
    pub(super) id: Uuid,
    /// Up to where it is projected.
    done: Seq,
    /// Up to where it will be.
    head: Seq,
    /// The conversation was deleted.
    pub(super) gone: bool,
}

/// Conversations that moved at or after `since` and are not projected up to their heads, those that wait longest first.
async fn waiting<DB: Dialect>(
    connection: &mut DB::Connection,
    since: Since,
    limit: i64,
) -> Result<Vec<Waiting>> {
    // Only conversations have ordinals.
    let rows = sqlx::query::<DB>(
        "select s.id, coalesce(p.seq, 0), s.head, not exists (select 1 from rony_conversations c where c.id = s.id)
         from rony_streams s left join rony_projected p on p.stream_id = s.id
         where s.moved >= $1 and s.ordinal > 0 and s.head > coalesce(p.seq, 0) order by s.moved, s.id limit $2",
    )
    .bind(since.0)
    .bind(limit)
    .fetch_all(connection)
    .await
    .map_err(failed)?;
    let waiting =
        |row: &DB::Row| Waiting { id: row.get(0), done: row.get(1), head: row.get(2), gone: row.get(3) };
    Ok(rows.iter().map(waiting).collect())
}

/// What one transaction projects.
struct Step {
    /// The conversations, each up to where it is projected then.
    streams: Vec<Waiting>,
    /// New messages, each conversation's in its order.
    messages: Vec<Message>,
    /// Something is left for the next step.
    more: bool,
    /// With nothing left, everything before this is done.
    next: Since,
}

impl Step {
    /// `None`: nothing is to be done, or another node is at it.
    async fn read<DB: Dialect>(connection: &mut DB::Connection, limit: i64) -> Result<Option<Self>> {
        let far = read_far::<DB>(connection, DB::FOR_UPDATE_SKIP_LOCKED).await?;
        let Some(Far { since, next }) = far else { return Ok(None) };
        let mut streams = waiting::<DB>(connection, since, STREAMS).await?;
        let mut more = streams.len() as i64 == STREAMS;
        let (mut left, mut taken) = (limit, 0);
        for stream in &mut streams {
            if left == 0 {
                break;
            }
            let upto = stream.head.min(stream.done + left);
            more |= upto < stream.head;
            left -= upto - stream.done;
            stream.head = upto;
            taken += 1;
        }
        more |= taken < streams.len();
        streams.truncate(taken);
        if streams.is_empty() {
            return Ok(None);
        }
        let new = "join rony_messages m on m.conversation_id = v.id and m.seq > v.done and m.seq <= v.head";
        let messages = messages::<DB>(connection, &streams, new).await?;
        Ok(Some(Self { streams, messages, more, next }))
    }

    /// Writes how far it is.
    async fn write<DB: Dialect>(&self, connection: &mut DB::Connection) -> Result<()> {
        let sql = format!(
            "with v (stream_id, seq) as (values {}) insert into rony_projected (stream_id, seq)
             select stream_id, seq from v where stream_id is not null
             on conflict (stream_id) do update set seq = excluded.seq",
            values::rows::<DB>(2, self.streams.len())
        );
        let query = values::optional(&self.streams)
            .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, stream| {
                query.bind(stream.map(|stream| stream.id)).bind(stream.map(|stream| stream.head))
            });
        query.execute(&mut *connection).await.map_err(failed)?;
        if !self.more {
            sqlx::query::<DB>("update rony_projector set since = $1 where id = 1")
                .bind(self.next.0)
                .execute(&mut *connection)
                .await
                .map_err(failed)?;
        }
        Ok(())
    }

    fn projected(&self) -> Projected {
        Projected { messages: self.messages.len() as u64, more: self.more }
    }
}

/// Messages `m` of conversations `v`, each conversation's in its order, by one query: `source` joins them.
pub(super) async fn messages<DB: Dialect>(
    connection: &mut DB::Connection,
    streams: &[Waiting],
    source: &'static str,
) -> Result<Vec<Message>> {
    let sql = format!(
        "with v (id, done, head) as (values {}) select {} from v {source}
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
