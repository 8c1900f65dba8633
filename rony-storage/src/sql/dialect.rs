//! The one SQL text for two databases, and the little that truly differs.
//!
//! A supertrait's associated-type bound is implied wherever the trait is, an ordinary `where` clause is not: hence
//! [`Imply`] (the idea of the crate `imply-hack`). With it each implementation reads like ordinary sqlx code.

use async_trait::async_trait;
use rony_core::{
    id::{ClientId, ConversationId, UserId},
    message::Message,
    search::Query,
    stream::Seq,
    time::Timestamp,
};
use sqlx::{
    ColumnIndex, Database, Decode, Encode, Executor, IntoArguments, Pool, Type, database::HasStatementCache,
    migrate::Migrate,
};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::{OpenError, change::MovedHead, place::BLOCKED};

/// Helper of [`Imply`].
pub trait ImplyInner<T: ?Sized> {
    /// The type itself.
    type Is: ?Sized;
}

impl<S: ?Sized, T: ?Sized> ImplyInner<T> for S {
    type Is = T;
}

/// Makes a bound on `T` part of what the implementing trait promises.
pub trait Imply<T: ?Sized>: ImplyInner<T, Is = T> {}

impl<S: ?Sized, T: ?Sized> Imply<T> for S {}

/// A Rust type that the database can take and give.
pub trait Value<DB: Database>: for<'q> Encode<'q, DB> + for<'r> Decode<'r, DB> + Type<DB> {}

impl<DB: Database, T> Value<DB> for T where T: for<'q> Encode<'q, DB> + for<'r> Decode<'r, DB> + Type<DB> {}

/// A database that Rony's SQL runs on: only these types are bound, `$1` placeholders, `RETURNING`, `ON CONFLICT`,
/// `WITH … VALUES` and `UPDATE … FROM` are common to both, and the constants and methods are what is not.
#[async_trait]
pub trait Dialect:
    Database<Arguments: IntoArguments<Self>, Connection: Migrate>
    + HasStatementCache
    + Imply<i64, Is: Value<Self>>
    + Imply<bool, Is: Value<Self>>
    + Imply<String, Is: Value<Self>>
    + Imply<Uuid, Is: Value<Self>>
    + Imply<Vec<u8>, Is: Value<Self>>
    + Imply<Option<i64>, Is: Value<Self>>
    + Imply<Option<String>, Is: Value<Self>>
    + Imply<Option<Uuid>, Is: Value<Self>>
    + Imply<Option<Vec<u8>>, Is: Value<Self>>
    + Imply<usize, Is: ColumnIndex<Self::Row>>
    + Imply<&'static str, Is: ColumnIndex<Self::Row>>
    + for<'c> Imply<&'c mut <Self as Database>::Connection, Is: Executor<'c, Database = Self>>
    + for<'c> Imply<&'c Pool<Self>, Is: Executor<'c, Database = Self>>
{
    /// The backend's name, as in URLs and logs.
    const NAME: &'static str;
    /// The embedded migrations: number, what it does, SQL.
    const MIGRATIONS: &'static [(i64, &'static str, &'static str)];
    /// Whether other processes may write, as other nodes do.
    const SHARED: bool;
    /// Whether placeholders are numbered: SQLite knows numbered ones as names, and goes through all names before for each value that
    /// is bound, which for thousands of values takes longer than the statement.
    const NUMBERED: bool;
    /// Messages in one step of the job that projects, at most, as long as posting waits for it.
    const PROJECTED_AT_ONCE: i64;
    /// Begins a transaction that will write.
    const BEGIN: &'static str;
    /// As [`Self::BEGIN`], for statements over many rows at once: they are planned once, and look up each row by its key.
    const BEGIN_BY_KEYS: &'static str;
    /// Begins a transaction whose reads all see one moment.
    const BEGIN_SNAPSHOT: &'static str;
    /// Locks the rows that a select found, until the transaction ends.
    const FOR_UPDATE: &'static str;
    /// As [`Self::FOR_UPDATE`], but without those that somebody else has locked.
    const FOR_UPDATE_SKIP_LOCKED: &'static str;
    /// One row, one bigint: this transaction's tick of the database's clock, which goes into `moved` columns.
    const TICK: &'static str;
    /// One row, one bigint: everything that this statement cannot see yet will have a tick of at least this.
    const HORIZON: &'static str;
    /// The moment by the database's own clock, in milliseconds since 1970: for leases, which no node's clock may decide about.
    const NOW: &'static str;
    /// One row, one bigint: how many bytes Rony's tables and their indexes take.
    const BYTES: &'static str;
    /// Take everything of the conversation `$1` out of the search index.
    const CLEAR_SEARCH: &'static [&'static str];

    /// How a search goes through the messages that match the words `$13`.
    const SEARCH_WORDS: SearchWalk;
    /// How a search goes through all messages.
    const SEARCH_ALL: SearchWalk;

    /// Joins `m`, the message of a found `s`, if the person `$1` may see it; `visible` is the predicate of that, over the reader's
    /// row `r`. It must be looked up for each `s` in turn, so that a walk ends with its page: a planner left to itself may
    /// read all messages to join them.
    fn join_found(visible: &str) -> String;

    /// Opens the search index of the database that `chat` writes to, where it is kept apart from it, and makes it anew where it does not
    /// belong to that database. `None`: it is among the other tables, or there are no tables yet.
    async fn open_index(chat: &Pool<Self>) -> Result<Option<Index<Self>>, OpenError>;

    /// What `$13` of [`Self::SEARCH_WORDS`] is for a query that is not empty.
    fn match_expression(query: &Query) -> String;

    /// Writes entries into the search index; one that is there stays as it is.
    async fn index(connection: &mut Self::Connection, entries: &[SearchEntry]) -> sqlx::Result<()>;

    /// Writes an entry into the search index, in place of what was there.
    async fn reindex(connection: &mut Self::Connection, entry: &SearchEntry) -> sqlx::Result<()>;

    /// Reads `post_facts` of each post's key, all at once.
    async fn post_facts(connection: &mut Self::Connection, keys: &[PostKey]) -> sqlx::Result<Vec<Self::Row>>;

    /// Writes what posts come to, with as few statements as the database can.
    async fn write_posts(connection: &mut Self::Connection, posts: &PostWrites<'_>) -> sqlx::Result<()>;

    /// The version of the database, for `rony doctor`.
    async fn version(pool: &Pool<Self>) -> sqlx::Result<String>;
}

/// Which post: the conversation, its sender, and the id that the sender's client gave it.
pub(crate) type PostKey = (ConversationId, UserId, ClientId);

/// What must be known of a post, from `v (conversation_id, user_id, client_id)`: a row for each whose conversation and sender exist.
///
/// The columns: conversation, sender, client id, role and `hidden_upto` (NULL for no member), kind, visibility, archived_at,
/// the sender's deactivated_at, [`BLOCKED`], the seq of the message that was posted under this key before, and head and ordinal
/// of the conversation's stream.
pub(crate) fn post_facts() -> String {
    format!(
        "v.conversation_id, v.user_id, v.client_id, m.role, m.hidden_upto, c.kind, c.visibility, c.archived_at,
             u.deactivated_at, {BLOCKED}, p.seq, s.head, s.ordinal
         from v
         join rony_conversations c on c.id = v.conversation_id
         join rony_users u on u.id = v.user_id
         join rony_streams s on s.id = v.conversation_id
         left join rony_members m on m.conversation_id = v.conversation_id and m.user_id = v.user_id
         left join rony_messages p
             on p.conversation_id = v.conversation_id and p.sender_id = v.user_id and p.client_id = v.client_id"
    )
}

/// What the posts of a transaction come to.
#[derive(Debug)]
pub struct PostWrites<'p> {
    /// New messages.
    pub messages: &'p [Message],
    /// Up to where authors have read by that, in the order of the rows' key.
    pub read: &'p [((ConversationId, UserId), i64)],
    /// Where the conversations stand then.
    pub heads: &'p [MovedHead],
}

/// A search index that is kept apart from the rest. Its connections see the rest too, and by their own tables how far it is.
#[derive(Debug)]
pub struct Index<DB: Database> {
    /// For searching, and for what the job that makes it reads.
    pub read: Pool<DB>,
    /// For what that job writes, and nobody else.
    pub write: Pool<DB>,
    /// Whether the job has something to do for sure, as at first; held by whoever does it.
    pub behind: Mutex<bool>,
}

/// The parts of a statement that goes through the search index, from the newest position to the oldest.
#[derive(Clone, Copy, Debug)]
pub struct SearchWalk {
    /// The tables; `s` is the row of `rony_search`.
    pub from: &'static str,
    /// What must hold.
    pub matches: &'static str,
    /// The position of a row.
    pub position: &'static str,
    /// Newest first, in an order that the index has already, if it can; total.
    pub order: &'static str,
}

/// What the search index holds of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchEntry {
    /// Where it was posted.
    pub conversation: ConversationId,
    /// Its place in the stream.
    pub seq: Seq,
    /// By whom.
    pub sender: UserId,
    /// When.
    pub at: Timestamp,
    /// It holds the address of a page.
    pub link: bool,
    /// Its words, folded, with a space between.
    pub words: String,
}
