//! PostgreSQL: many nodes, one truth.

use std::{io::ErrorKind, str::FromStr, time::Duration};

use async_trait::async_trait;
use rony_core::search::Query;
use sqlx::{
    Connection as _, PgConnection, Pool, Postgres,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::time::timeout;

use super::{
    Dialect, OpenError, Options,
    dialect::{Index, PostKey, PostWrites, SearchEntry, SearchWalk},
};

mod posting;
mod tsearch;

/// A connection that does not answer in this time is replaced.
const ANSWER: Duration = Duration::from_secs(5);
/// One that has rested for so long is asked whether it still answers before it is used.
const FRESH: Duration = Duration::from_secs(1);

#[async_trait]
impl Dialect for Postgres {
    const NAME: &'static str = "postgres";
    const MIGRATIONS: &'static [(i64, &'static str, &'static str)] = &[
        (1, "chat", include_str!("../../migrations/postgres/0001_chat.sql")),
        (2, "files", include_str!("../../migrations/postgres/0002_files.sql")),
        (3, "uploads and links", include_str!("../../migrations/postgres/0003_uploads_and_links.sql")),
        (4, "rooms", include_str!("../../migrations/postgres/0004_rooms.sql")),
        (5, "calls", include_str!("../../migrations/postgres/0005_calls.sql")),
        (6, "meetings on nodes", include_str!("../../migrations/postgres/0006_meetings_on_nodes.sql")),
        (7, "meetings", include_str!("../../migrations/postgres/0007_meetings.sql")),
        (8, "missed calls", include_str!("../../migrations/postgres/0008_missed_calls.sql")),
    ];
    const SHARED: bool = true;
    const NUMBERED: bool = true;
    // Whoever commits a post waits for the log of a step that was written before.
    const PROJECTED_AT_ONCE: i64 = 128;
    const BEGIN: &'static str = "begin";
    // To plan them anew for each batch, which PostgreSQL prefers, takes longer than to run them. One plan for all batches must not be
    // one for the empty tables of the first; and how few of a conversation's messages are new, PostgreSQL does not know: it read all
    // messages of the server to find them.
    const BEGIN_BY_KEYS: &'static str = "begin; set local plan_cache_mode = force_generic_plan; \
        set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off";
    const BEGIN_SNAPSHOT: &'static str = "begin isolation level repeatable read, read only";
    const FOR_UPDATE: &'static str = " for update";
    const FOR_UPDATE_SKIP_LOCKED: &'static str = " for update skip locked";
    // Transaction numbers only grow, and the horizon is the oldest one that still runs: no clock, no margin.
    const TICK: &'static str = "select pg_current_xact_id()::text::bigint";
    const HORIZON: &'static str = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint";
    const NOW: &'static str = "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)";
    const BYTES: &'static str =
        "select cast(coalesce(sum(pg_total_relation_size(oid)), 0) as bigint) from pg_class
        where relkind = 'r' and relname like 'rony\\_%' and pg_table_is_visible(oid)";
    const CLEAR_SEARCH: &'static [&'static str] = &["delete from rony_search where conversation_id = $1"];

    // Which index to take is left to the planner, which knows how rare the words are. Two messages may share a position.
    const SEARCH_WORDS: SearchWalk = SearchWalk {
        from: "rony_search s",
        matches: "s.words @@ cast($13 as tsquery)",
        position: "s.position",
        order: "s.position desc, s.conversation_id desc, s.seq desc",
    };
    const SEARCH_ALL: SearchWalk = SearchWalk { matches: "true", ..Self::SEARCH_WORDS };

    // "offset 0" keeps PostgreSQL from making an ordinary join of it. It takes far too few rows to match that join, and then
    // goes through all messages for a word that many of them have.
    fn join_found(visible: &str) -> String {
        format!(
            "cross join lateral (
                 select m.* from rony_members r join rony_messages m on {visible} and m.seq = s.seq
                 where r.conversation_id = s.conversation_id and r.user_id = $1 offset 0) m"
        )
    }

    async fn open_index(_chat: &Pool<Self>) -> Result<Option<Index<Self>>, OpenError> {
        Ok(None)
    }

    fn match_expression(query: &Query) -> String {
        tsearch::match_expression(query)
    }

    async fn index(connection: &mut Self::Connection, entries: &[SearchEntry]) -> sqlx::Result<()> {
        tsearch::write(connection, entries, "nothing").await
    }

    async fn reindex(connection: &mut Self::Connection, entry: &SearchEntry) -> sqlx::Result<()> {
        let replace = "update set link = excluded.link, words = excluded.words";
        tsearch::write(connection, std::slice::from_ref(entry), replace).await
    }

    async fn post_facts(connection: &mut Self::Connection, keys: &[PostKey]) -> sqlx::Result<Vec<Self::Row>> {
        posting::facts(connection, keys).await
    }

    async fn write_posts(connection: &mut Self::Connection, posts: &PostWrites<'_>) -> sqlx::Result<()> {
        posting::write(connection, posts).await
    }

    async fn version(pool: &Pool<Self>) -> sqlx::Result<String> {
        sqlx::query_scalar("select split_part(version(), ' on ', 1)").fetch_one(pool).await
    }
}

/// One pool for reading and writing.
pub(super) async fn pool(url: &str, options: &Options) -> sqlx::Result<Pool<Postgres>> {
    let connect = PgConnectOptions::from_str(url)?
        .application_name("rony")
        .statement_cache_capacity(400)
        // A transaction waits for a lock, and lasts, at most so long (milliseconds): then it fails and can be retried.
        .options([
            ("lock_timeout", "5000"),
            ("idle_in_transaction_session_timeout", "10000"),
            ("statement_timeout", "30000"),
            // At each start it would tell that the table of migrations is there already.
            ("client_min_messages", "warning"),
        ]);
    let pool = PgPoolOptions::new()
        .max_connections(options.pool)
        .acquire_timeout(options.acquire_timeout)
        // One that was in use a moment ago is there: to ask each time is one more question on the way of every message.
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move { Ok(meta.idle_for < FRESH || answers(connection).await?) })
        })
        .after_release(|connection, _| Box::pin(answers(connection)))
        .connect_with(connect.clone())
        .await;
    match pool {
        Err(sqlx::Error::PoolTimedOut) => Err(why_not(&connect, options.acquire_timeout).await),
        pool => pool,
    }
}

/// Why no connection comes about. A pool tries again until its time is up and then only says that; one connection says
/// what is wrong.
async fn why_not(connect: &PgConnectOptions, patience: Duration) -> sqlx::Error {
    match tokio::time::timeout(patience, PgConnection::connect_with(connect)).await {
        Ok(Err(reason)) => reason,
        Ok(Ok(_)) | Err(_) => sqlx::Error::PoolTimedOut,
    }
}

/// Whether a connection still answers, which brings the rollback of one that was given back to an end as well. Without a limit of time
/// one that fell silent would keep its place in the pool for ever.
async fn answers(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let answered = timeout(ANSWER, connection.ping()).await;
    answered.unwrap_or_else(|_| Err(sqlx::Error::Io(ErrorKind::TimedOut.into()))).map(|()| true)
}
