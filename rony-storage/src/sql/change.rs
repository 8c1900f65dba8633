//! A change: everything that one use case writes, with the events that tell of it, in ONE transaction.
//!
//! The order is always the same: [`SqlStore::change`] begins, [`Change::lock`] locks the heads of all streams that will
//! move in id order (so no two changes can deadlock, and what is read afterwards is true until the commit), the noun
//! reads facts, lets the rule of rony-core decide, and writes; [`Change::append`] numbers events; [`Change::commit`]
//! writes events and heads with a statement each, commits, and only then tells the listener.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use rony_core::{
    Error, Result,
    id::MessageId,
    message::Message,
    stream::{Envelope, NewEvent, Seq, StreamId, encode_event},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Connection as _, Pool, Row, SqlStr, Transaction, pool::PoolConnection};
use tokio::{sync::OwnedSemaphorePermit, time::timeout};
use uuid::Uuid;

use super::{
    SqlStore,
    dialect::Dialect,
    failed,
    values::{self, json},
};

/// How long a transaction lasts at most: one that takes longer has lost its database.
pub(crate) const LONGEST: Duration = Duration::from_secs(10);

/// See the module's documentation. Dropped without a commit, it leaves nothing behind.
pub(crate) struct Change<'s, DB: Dialect> {
    store: &'s SqlStore<DB>,
    transaction: Transaction<'static, DB>,
    /// `None` while posting, and where others may write at the same time.
    _turn: Option<Turn>,
    at: Timestamp,
    /// `None` in a change that asks for none: see [`SqlStore::posting`].
    tick: Option<i64>,
    heads: BTreeMap<StreamId, Locked>,
    events: Vec<Pending>,
    envelopes: Vec<Arc<Envelope>>,
}

#[derive(Clone, Copy)]
struct Locked {
    head: Seq,
    ordinal: i64,
    moved: bool,
}

/// Where a stream stands that a change moved.
#[derive(Clone, Copy, Debug)]
pub struct MovedHead {
    /// Which.
    pub id: StreamId,
    /// The number of its newest event.
    pub head: Seq,
    /// The number of its newest message.
    pub ordinal: i64,
}

struct Pending {
    stream: StreamId,
    seq: Seq,
    event: NewEvent,
}

impl<DB: Dialect> SqlStore<DB> {
    /// Begins a change that happens at `at`.
    pub(crate) async fn change(&self, at: Timestamp) -> Result<Change<'_, DB>> {
        self.change_with(DB::BEGIN, at).await
    }

    /// As [`Self::change`], with [`Dialect::BEGIN_BY_KEYS`].
    pub(crate) async fn change_by_keys(&self, at: Timestamp) -> Result<Change<'_, DB>> {
        self.change_with(DB::BEGIN_BY_KEYS, at).await
    }

    async fn change_with(&self, how: &'static str, at: Timestamp) -> Result<Change<'_, DB>> {
        let (transaction, turn) = self.begin_in_turn(how).await?;
        let mut change = self.with(transaction, turn, at);
        let tick = sqlx::query_scalar::<DB, i64>(DB::TICK).fetch_one(change.connection()).await;
        change.tick = Some(tick.map_err(failed)?);
        Ok(change)
    }

    /// Begins a change without asking for its tick, which would be one more question on the way of every message:
    /// [`Dialect::write_posts`] writes the heads that [`Change::take_moved`] hands to it, tick included.
    pub(crate) async fn posting(&self, at: Timestamp) -> Result<Change<'_, DB>> {
        Ok(self.with(begin(self.write(), DB::BEGIN_BY_KEYS).await?, None, at))
    }

    fn with(
        &self,
        transaction: Transaction<'static, DB>,
        turn: Option<Turn>,
        at: Timestamp,
    ) -> Change<'_, DB> {
        let (heads, events, envelopes) = (BTreeMap::new(), Vec::new(), Vec::new());
        Change { store: self, transaction, _turn: turn, at, tick: None, heads, events, envelopes }
    }

    /// Begins a transaction that writes something else than posts. Where there is one writer, these wait for each other first, and
    /// only then for the writer: so whoever posts waits for one of them at most, and not for all that came before, be it two
    /// hundred who sign in at once.
    pub(crate) async fn begin_in_turn(
        &self,
        how: &'static str,
    ) -> Result<(Transaction<'static, DB>, Option<Turn>)> {
        let Some(turns) = self.turns() else { return Ok((begin(self.write(), how).await?, None)) };
        let turn = timeout(LONGEST, Arc::clone(turns).acquire_owned()).await;
        // Never closed, so an error is that the time is over.
        let turn = turn.ok().and_then(Result::ok).ok_or_else(|| failed(sqlx::Error::PoolTimedOut))?;
        Ok((begin(self.write(), how).await?, Some(turn)))
    }

    /// Begins a transaction whose reads all see one moment.
    pub(crate) async fn snapshot(&self) -> Result<Transaction<'static, DB>> {
        begin(self.read(), DB::BEGIN_SNAPSHOT).await
    }

    /// As [`Self::snapshot`], where the search index can be read too.
    pub(crate) async fn searching(&self) -> Result<Transaction<'static, DB>> {
        begin(self.index().map_or(self.read(), |index| &index.read), DB::BEGIN_SNAPSHOT).await
    }
}

/// A writer's turn: see [`SqlStore::begin_in_turn`].
pub(crate) type Turn = OwnedSemaphorePermit;

/// Begins a transaction on a task of its own. Whoever asked may be gone before the database answers; sqlx would then put
/// the connection back into the pool with the transaction open, and the next user would be inside it. A transaction
/// that nobody waits for any more is rolled back.
pub(crate) async fn begin<DB: Dialect>(
    pool: &Pool<DB>,
    how: &'static str,
) -> Result<Transaction<'static, DB>> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move {
        let begin = async {
            let connection = outside_of_transactions(&pool).await?;
            Transaction::begin(connection, Some(SqlStr::from_static(how))).await
        };
        timeout(LONGEST, begin).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    });
    begun.await.map_err(Error::internal)?.map_err(failed)
}

/// A connection that sqlx does not believe to be inside a transaction. SQLite ends a transaction by itself when the disk is
/// full or fails; the rollback that follows is then an error, sqlx goes on to count the transaction as open, and no other
/// could ever begin on that connection. It is closed, and another one takes its place.
async fn outside_of_transactions<DB: Dialect>(pool: &Pool<DB>) -> sqlx::Result<PoolConnection<DB>> {
    loop {
        let connection = pool.acquire().await?;
        if !connection.is_in_transaction() {
            return Ok(connection);
        }
        tracing::warn!("the database ended a transaction by itself: its connection is replaced");
        connection.close().await?;
    }
}

impl<DB: Dialect> Change<'_, DB> {
    /// The connection that the transaction runs on.
    pub(crate) fn connection(&mut self) -> &mut DB::Connection {
        &mut self.transaction
    }

    /// When the change happens.
    pub(crate) const fn at(&self) -> Timestamp {
        self.at
    }

    /// The database's clock, for `moved` columns.
    pub(crate) const fn tick(&self) -> i64 {
        self.tick.expect("only posting has no tick, and its heads are written by the dialect")
    }

    /// Locks the heads of these streams, in id order; a stream that does not exist yet is made, and starts at 0.
    /// Called once in a change: a second lock could wait for somebody who waits for the first.
    pub(crate) async fn lock(&mut self, streams: impl IntoIterator<Item = StreamId>) -> Result<()> {
        for ids in self.in_order(streams).chunks(values::MOST) {
            self.lock_existing(ids).await?;
            let missing: Vec<_> = ids.iter().copied().filter(|id| !self.heads.contains_key(id)).collect();
            if !missing.is_empty() {
                self.make_streams(&missing).await?;
                self.lock_existing(&missing).await?;
            }
        }
        Ok(())
    }

    /// As [`Change::lock`], for ids that somebody may have made up: a stream that does not exist is left out. Whoever then reads other
    /// facts reads with them where the streams stand, for [`Change::stands_at`]: a database with one writer has nothing to lock.
    pub(crate) async fn lock_known(&mut self, streams: impl IntoIterator<Item = StreamId>) -> Result<()> {
        if DB::FOR_UPDATE.is_empty() {
            return Ok(());
        }
        for ids in self.in_order(streams).chunks(values::MOST) {
            self.lock_existing(ids).await?;
        }
        Ok(())
    }

    /// Where a stream stands, read behind [`Change::lock_known`].
    pub(crate) fn stands_at(&mut self, stream: impl Into<StreamId>, head: Seq, ordinal: i64) {
        self.heads.insert(stream.into(), Locked { head, ordinal, moved: false });
    }

    fn in_order(&self, streams: impl IntoIterator<Item = StreamId>) -> Vec<StreamId> {
        debug_assert!(self.heads.is_empty(), "all streams of a change are locked at once");
        let mut ids: Vec<StreamId> = streams.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    async fn lock_existing(&mut self, ids: &[StreamId]) -> Result<()> {
        let list = values::list::<DB>(ids.len());
        let sql = format!(
            "select id, head, ordinal from rony_streams where id in ({list}) order by id{}",
            DB::FOR_UPDATE
        );
        let query = values::padded(ids)
            .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, id| query.bind(id.uuid()));
        for row in query.fetch_all(self.connection()).await.map_err(failed)? {
            let locked = Locked { head: row.get(1), ordinal: row.get(2), moved: false };
            self.heads.insert(StreamId(row.get::<Uuid, _>(0)), locked);
        }
        Ok(())
    }

    async fn make_streams(&mut self, ids: &[StreamId]) -> Result<()> {
        let rows = values::rows::<DB>(1, ids.len());
        let sql = format!(
            "with v (id) as (values {rows}) insert into rony_streams (id, head, ordinal, trimmed, moved)
             select id, 0, 0, 0, 0 from v where true on conflict (id) do nothing"
        );
        let query = values::padded(ids)
            .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, id| query.bind(id.uuid()));
        query.execute(self.connection()).await.map_err(failed)?;
        Ok(())
    }

    /// Where a locked stream stands, with what this change has appended so far.
    pub(crate) fn head(&self, stream: impl Into<StreamId>) -> Seq {
        self.locked(stream.into()).head
    }

    /// The number of the newest message of a locked conversation.
    pub(crate) fn ordinal(&self, stream: impl Into<StreamId>) -> i64 {
        self.locked(stream.into()).ordinal
    }

    fn locked(&self, stream: StreamId) -> Locked {
        *self.heads.get(&stream).expect("a change locks what it appends to")
    }

    /// The next number of a locked stream, for a row that is its own event; `counts`: it is a message with an ordinal.
    pub(crate) fn number(&mut self, stream: impl Into<StreamId>, counts: bool) -> (Seq, i64) {
        let locked = self.heads.get_mut(&stream.into()).expect("a change locks what it appends to");
        locked.head += 1;
        locked.ordinal += i64::from(counts);
        locked.moved = true;
        (locked.head, if counts { locked.ordinal } else { 0 })
    }

    /// Appends an event to a locked stream and answers its number. `message` is the message that it is about, as it is now.
    pub(crate) fn append(
        &mut self,
        stream: impl Into<StreamId>,
        event: NewEvent,
        message: Option<&Message>,
    ) -> Seq {
        let stream = stream.into();
        let (seq, _) = self.number(stream, false);
        let message = message.map(Message::to_json);
        let encoded = encode_event(seq, self.at, &event.body, message.as_deref());
        self.announce(Envelope::new(stream, seq, event.about, event.audience.clone(), &encoded));
        self.events.push(Pending { stream, seq, event });
        seq
    }

    /// Takes the envelope of a row that is its own event along: it goes out after the commit.
    pub(crate) fn announce(&mut self, envelope: Arc<Envelope>) {
        self.envelopes.push(envelope);
    }

    /// The heads that moved, for whoever writes them with the same statement as what moved them.
    pub(crate) fn take_moved(&mut self) -> Vec<MovedHead> {
        let moved = self.heads.iter_mut().filter_map(|(id, locked)| {
            let Locked { head, ordinal, moved } = locked;
            std::mem::take(moved).then_some(MovedHead { id: *id, head: *head, ordinal: *ordinal })
        });
        moved.collect()
    }

    /// Writes events and heads, commits, and tells the listener.
    pub(crate) async fn commit(mut self) -> Result<()> {
        let events = std::mem::take(&mut self.events);
        for events in events.chunks(values::MOST) {
            self.write_events(events).await?;
        }
        for heads in self.take_moved().chunks(values::MOST) {
            let tick = self.tick();
            write_heads::<DB>(self.connection(), heads, tick).await.map_err(failed)?;
        }
        let Self { store, transaction, envelopes, .. } = self;
        transaction.commit().await.map_err(failed)?;
        if let Some(listener) = store.listener().get() {
            listener.announce(&envelopes);
        }
        Ok(())
    }

    async fn write_events(&mut self, events: &[Pending]) -> Result<()> {
        let at = self.at.as_millis();
        let rows = values::rows::<DB>(7, events.len());
        let sql = format!(
            "with v (stream_id, seq, at, body, about, message_id, audience) as (values {rows})
             insert into rony_events (stream_id, seq, at, body, about, message_id, audience)
             select stream_id, seq, at, body, about, message_id, audience from v where stream_id is not null"
        );
        let mut query = sqlx::query::<DB>(AssertSqlSafe(sql));
        for pending in values::optional(events) {
            let audience =
                pending.map(|pending| &pending.event.audience).filter(|audience| !audience.is_empty());
            query = query
                .bind(pending.map(|pending| pending.stream.uuid()))
                .bind(pending.map(|pending| pending.seq))
                .bind(at)
                .bind(pending.map(|pending| pending.event.body.clone()))
                .bind(pending.and_then(|pending| pending.event.about))
                .bind(pending.and_then(|pending| pending.event.message).map(MessageId::uuid))
                .bind(audience.map(json));
        }
        query.execute(self.connection()).await.map_err(failed)?;
        Ok(())
    }
}

/// Writes where streams stand that moved at `tick`; [`values::MOST`] of them at most.
pub(crate) async fn write_heads<DB: Dialect>(
    connection: &mut DB::Connection,
    heads: &[MovedHead],
    tick: i64,
) -> sqlx::Result<()> {
    let rows = values::rows::<DB>(4, heads.len());
    let sql = format!(
        "with v (id, head, ordinal, moved) as (values {rows})
         update rony_streams set head = v.head, ordinal = v.ordinal, moved = v.moved
         from v where rony_streams.id = v.id"
    );
    let mut query = sqlx::query::<DB>(AssertSqlSafe(sql));
    for head in values::padded(heads) {
        query = query.bind(head.id.uuid()).bind(head.head).bind(head.ordinal).bind(tick);
    }
    query.execute(connection).await?;
    Ok(())
}
