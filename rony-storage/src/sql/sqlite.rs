//! SQLite: one file, one writer, every commit synced; and beside it a file that holds the search index.

use std::{num::NonZeroUsize, str::FromStr, time::Duration};

use async_trait::async_trait;
use rony_core::search::Query;
use sqlx::{
    Pool, Sqlite,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    Dialect, OpenError, Options,
    dialect::{Index, PostKey, PostWrites, SearchEntry, SearchWalk},
};

mod checkpoint;
mod fts;
mod index;
mod posting;

pub(super) use self::checkpoint::Checkpointer;

#[async_trait]
impl Dialect for Sqlite {
    const NAME: &'static str = "sqlite";
    const MIGRATIONS: &'static [(i64, &'static str, &'static str)] = &[
        (1, "chat", include_str!("../../migrations/sqlite/0001_chat.sql")),
        (2, "search merges", include_str!("../../migrations/sqlite/0002_search_merges.sql")),
        (3, "files", include_str!("../../migrations/sqlite/0003_files.sql")),
        (4, "uploads and links", include_str!("../../migrations/sqlite/0004_uploads_and_links.sql")),
        (5, "rooms", include_str!("../../migrations/sqlite/0005_rooms.sql")),
        (6, "calls", include_str!("../../migrations/sqlite/0006_calls.sql")),
        (7, "meetings on nodes", include_str!("../../migrations/sqlite/0007_meetings_on_nodes.sql")),
        (8, "meetings", include_str!("../../migrations/sqlite/0008_meetings.sql")),
        (9, "missed calls", include_str!("../../migrations/sqlite/0009_missed_calls.sql")),
        (10, "search apart", include_str!("../../migrations/sqlite/0010_search_apart.sql")),
    ];
    const SHARED: bool = false;
    const NUMBERED: bool = false;
    // A step holds the writer for as long as its commit takes, and for little more with more messages.
    const PROJECTED_AT_ONCE: i64 = 256;
    const BEGIN: &'static str = "begin immediate";
    const BEGIN_BY_KEYS: &'static str = Self::BEGIN;
    // In WAL mode a transaction's reads see the moment of its first one.
    const BEGIN_SNAPSHOT: &'static str = "begin";
    const FOR_UPDATE: &'static str = "";
    const FOR_UPDATE_SKIP_LOCKED: &'static str = "";
    const TICK: &'static str = "update rony_clock set tick = tick + 1 returning tick";
    const HORIZON: &'static str = "select tick + 1 from rony_clock";
    const NOW: &'static str = "cast(unixepoch('subsec') * 1000 as integer)";
    // What a host keeps in the same file is counted too: SQLite does not say how much each table takes.
    const BYTES: &'static str = "select page_count * page_size from pragma_page_count(), pragma_page_size()";
    const CLEAR_SEARCH: &'static [&'static str] = &[
        "delete from rony_search_words
         where rowid in (select position from rony_search where conversation_id = $1)",
        "delete from rony_search where conversation_id = $1",
    ];

    const SEARCH_WORDS: SearchWalk = SearchWalk {
        from: "rony_search_words w cross join rony_search s on s.position = w.rowid",
        matches: "w.words match $13",
        position: "w.rowid",
        order: "w.rowid desc",
    };
    const SEARCH_ALL: SearchWalk = SearchWalk {
        from: "rony_search s",
        matches: "true",
        position: "s.position",
        order: "s.position desc",
    };

    // SQLite's planner takes tables as they are named after "cross join".
    fn join_found(visible: &str) -> String {
        format!(
            "cross join rony_members r on r.conversation_id = s.conversation_id and r.user_id = $1
             cross join rony_messages m on {visible} and m.seq = s.seq"
        )
    }

    async fn open_index(chat: &Pool<Self>) -> Result<Option<Index<Self>>, OpenError> {
        index::open(chat).await
    }

    fn match_expression(query: &Query) -> String {
        fts::match_expression(query)
    }

    async fn index(connection: &mut Self::Connection, entries: &[SearchEntry]) -> sqlx::Result<()> {
        fts::index(connection, entries).await
    }

    async fn reindex(connection: &mut Self::Connection, entry: &SearchEntry) -> sqlx::Result<()> {
        fts::reindex(connection, entry).await
    }

    async fn post_facts(connection: &mut Self::Connection, keys: &[PostKey]) -> sqlx::Result<Vec<Self::Row>> {
        posting::facts(connection, keys).await
    }

    async fn write_posts(connection: &mut Self::Connection, posts: &PostWrites<'_>) -> sqlx::Result<()> {
        posting::write(connection, posts).await
    }

    async fn version(pool: &Pool<Self>) -> sqlx::Result<String> {
        sqlx::query_scalar("select 'SQLite ' || sqlite_version()").fetch_one(pool).await
    }
}

/// KiB of pages that the writer keeps (negative, as SQLite has it).
const WRITER_CACHE: &str = "-8000";
/// The same for each who reads. Small, since there are several and the system keeps the file's pages for all of them: with the
/// writer's, what 10,000 idle sockets once read took more memory than the sockets.
const READER_CACHE: &str = "-1000";

/// How many read at once: more than twice as many as there are cores only wait for each other, with a thread and a cache each.
fn readers(most: u32) -> u32 {
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    u32::try_from(2 * cores).unwrap_or(u32::MAX).max(4).min(most)
}

/// How long a connection waits for others who write, as another program does.
const BUSY: Duration = Duration::from_secs(10);

/// What each of the files is opened with.
fn connect(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(BUSY)
        .pragma("temp_store", "memory")
}

/// A pool of so many connections at most.
fn pool(size: u32, acquire_timeout: Duration) -> SqlitePoolOptions {
    let pool = SqlitePoolOptions::new().max_connections(size).acquire_timeout(acquire_timeout);
    // A file does not go away while nobody looks.
    pool.test_before_acquire(false)
}

/// The pools for reading and for writing, and what works beside them. Writers queue in Rust, fairly, instead of polling the file's lock.
pub(super) async fn pools(
    url: &str,
    options: &Options,
) -> sqlx::Result<(Pool<Sqlite>, Pool<Sqlite>, Checkpointer)> {
    let connect = connect(SqliteConnectOptions::from_str(url)?)
        // NORMAL would lose acknowledged messages when the power fails.
        .synchronous(SqliteSynchronous::Full)
        .statement_cache_capacity(400)
        // The log is brought into the file as the checkpointer says, not by whoever commits.
        .pragma("wal_autocheckpoint", "0");
    let pool = |size| pool(size, options.acquire_timeout);
    let write = pool(1).connect_with(connect.clone().pragma("cache_size", WRITER_CACHE)).await?;
    let read =
        pool(readers(options.pool)).connect_with(connect.clone().pragma("cache_size", READER_CACHE)).await?;
    let checkpointer = Checkpointer::start(&connect, &write).await?;
    Ok((read, write, checkpointer))
}
