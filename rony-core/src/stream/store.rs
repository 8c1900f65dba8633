//! What is kept of streams: their heads, and where the database's own clock stands.

use std::sync::Arc;

use async_trait::async_trait;

use super::{Envelope, Head, Seq, Since, StreamId};
use crate::{Result, id::UserId};

/// Who is told of committed events, once for each, in commit order within a stream wherever one writer made them.
///
/// Called right after the commit, on the task that made it: it must not block.
pub trait Announce: Send + Sync + 'static {
    /// These events are committed.
    fn announce(&self, envelopes: &[Arc<Envelope>]);
}

/// Streams that moved, and the moment up to which that is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// The streams that may have moved, each once, with their heads.
    pub heads: Vec<Head>,
    /// Ask from here the next time. Everything that committed before it is in `heads`.
    pub since: Since,
    /// There is more than was asked for: ask again, after the last stream of this answer.
    pub more: bool,
}

/// The ports that the hub and `sync` need of a database.
#[async_trait]
pub trait StreamStore: Send + Sync {
    /// From now on tells `listener` of everything that this store commits. The first caller wins: a store has one listener.
    fn announce_to(&self, listener: Arc<dyn Announce>);

    /// Where the database's clock stands: everything that is not yet visible now will have moved at or after it.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Unavailable`] when the database is away; so for all methods of all stores.
    async fn since(&self) -> Result<Since>;

    /// All streams of the installation that moved at or after `since`, in id order after `after`, `limit` at most.
    async fn moved(&self, since: Since, after: Option<StreamId>, limit: u32) -> Result<Moves>;

    /// The streams that `user` reads (their own, the directory, their conversations) and that moved at or after `since`,
    /// in id order after `after`, `limit` at most.
    async fn moved_for(
        &self,
        user: UserId,
        since: Since,
        after: Option<StreamId>,
        limit: u32,
    ) -> Result<Moves>;

    /// The heads of these streams; a stream that has no event yet has head 0.
    async fn heads(&self, streams: &[StreamId]) -> Result<Vec<Head>>;

    /// All that `user` reads, with heads, and from where they may see each: read in one consistent transaction.
    async fn subscriptions(&self, user: UserId) -> Result<Subscriptions>;
}

/// What a person reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subscriptions {
    /// One row for each stream.
    pub streams: Vec<Subscription>,
    /// The moment of the reading.
    pub since: Since,
}

/// One stream that a person reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The stream and where it stands.
    pub head: Head,
    /// Messages with a seq up to and including this are hidden from the person.
    pub hidden_upto: Seq,
    /// When it moved last, on the database's clock.
    pub moved: Since,
}
