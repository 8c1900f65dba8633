//! Posting without sockets: the use cases and the store in this process, with everything on.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use rand::SeedableRng;
use rand::rngs::SmallRng;
use rony_core::Rony;
use rony_core::id::ConversationId;
use rony_core::page::Limit;
use rony_core::search::{Kind, SearchRequest};
use rony_storage::{Options, SqlStore};
use sqlx::Postgres;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;
use uuid::Uuid;

use crate::bench::debt::{self, Place};
use crate::bench::delays::Delays;
use crate::bench::pairs::Pair;
use crate::people;
use crate::text::text;

/// The use cases and the store on a PostgreSQL, in this process.
pub(super) struct Alone {
    rony: Rony,
    store: SqlStore<Postgres>,
    /// Search index and notifications are made meanwhile, as in a server.
    jobs: JoinHandle<()>,
}

impl Alone {
    /// Opens the database at `url`.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(super) async fn open(url: &str) -> Result<Self> {
        let store = rony_storage::open_postgres(url, &Options::default()).await?;
        let rony = people::use_cases(Arc::new(store.clone()))?;
        let jobs = tokio::spawn({
            let rony = rony.clone();
            async move { rony.run().await }
        });
        Ok(Self { rony, store, jobs })
    }

    /// Lets the senders of `pairs` post for so long, each its next message once the last is on disk.
    ///
    /// # Errors
    /// When a post is refused.
    pub(super) async fn post(&self, pairs: &[Pair], time: Duration) -> Result<Done> {
        crowd(&self.rony, pairs, time).await
    }

    /// The number of the newest message that a search in a place finds.
    ///
    /// # Errors
    /// When it is refused.
    pub(super) async fn newest_found(&self, place: &Place<'_>) -> Result<i64> {
        let conversation = Some(ConversationId(place.conversation));
        let (kind, limit) = (Some(Kind::Messages), Limit::new(debt::NEWEST)?);
        let request = SearchRequest { conversation, kind, limit, ..SearchRequest::default() };
        let found = self.rony.search().search(&people::member(place.member.user), request).await?;
        Ok(found.messages.items.iter().map(|hit| hit.message.ordinal).max().unwrap_or(0))
    }

    /// Ends the jobs and the connections.
    pub(super) async fn close(self) {
        self.jobs.abort();
        let _ = self.jobs.await;
        self.store.close().await;
    }
}

/// What storage does for a message, in its two parts: how many a second can be posted while nobody makes the search index and the
/// notifications, and how many a second that job can take in alone. Together they are what one core, or the one writer of
/// SQLite, has to do.
///
/// # Errors
/// When the database at `url` cannot be opened, or a post is refused.
pub(super) async fn parts(url: &str, pairs: &[Pair], time: Duration) -> Result<(f64, f64)> {
    let rony = people::use_cases(rony_storage::open(url).await?)?;
    // What others left over is not counted.
    rony.projections().run_once().await.context("the index cannot be made")?;
    let posted = crowd(&rony, pairs, time).await?.rate;
    let begin = Instant::now();
    let indexed = rony.projections().run_once().await.context("the index cannot be made")?;
    Ok((posted, indexed as f64 / begin.elapsed().as_secs_f64()))
}

/// What a crowd came to.
pub(super) struct Done {
    /// How long a post took.
    pub(super) delays: Delays,
    /// Posts a second.
    pub(super) rate: f64,
    /// How many messages each conversation has now.
    messages: HashMap<Uuid, i64>,
}

impl Done {
    /// Where the crowd of `pairs` posted.
    pub(super) fn places<'p>(&self, pairs: &'p [Pair]) -> Vec<Place<'p>> {
        debt::places(pairs, &self.messages)
    }
}

async fn crowd(rony: &Rony, pairs: &[Pair], time: Duration) -> Result<Done> {
    let begin = Instant::now();
    let mut senders = JoinSet::new();
    for pair in pairs {
        senders.spawn(send(rony.clone(), pair.clone(), begin + time));
    }
    let (mut all, mut messages) = (Delays::default(), HashMap::new());
    while let Some(done) = senders.join_next().await {
        let (delays, newest) = done.context("a sender's task broke off")??;
        all.add(&delays);
        for (conversation, ordinal) in newest {
            let most = messages.entry(conversation).or_insert(ordinal);
            *most = ordinal.max(*most);
        }
    }
    let rate = all.count() as f64 / begin.elapsed().as_secs_f64();
    Ok(Done { delays: all, rate, messages })
}

/// How long each post took, and the number of the newest in each conversation.
async fn send(rony: Rony, pair: Pair, until: Instant) -> Result<(Delays, HashMap<Uuid, i64>)> {
    let (mut delays, mut newest, mut rng) = (Delays::default(), HashMap::new(), SmallRng::from_os_rng());
    let actor = people::member(pair.sender.user);
    for conversation in pair.conversations.iter().cycle() {
        let begin = Instant::now();
        if begin >= until {
            break;
        }
        let post = people::message(text(&mut rng));
        let posted = rony.messages().post(&actor, ConversationId(*conversation), post).await;
        let posted = posted.context("a post was refused")?;
        delays.note(begin.elapsed());
        newest.insert(*conversation, posted.message.ordinal);
    }
    Ok((delays, newest))
}
