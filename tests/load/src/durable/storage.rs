//! Posting without sockets: the use cases and the store in this process, with everything on.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use rand::SeedableRng;
use rand::rngs::SmallRng;
use rony_core::Rony;
use rony_core::actor::{Actor, Trusted};
use rony_core::id::{ClientId, ConversationId, UserId};
use rony_core::message::Post;
use rony_core::password::Argon2Hasher;
use rony_core::permission::ServerRole;
use rony_storage::{Options, SystemClock};
use tokio::task::JoinSet;
use tokio::time::Instant;
use uuid::Uuid;

use crate::bench::delays::Delays;
use crate::bench::pairs::Pair;
use crate::text::text;

/// Lets the senders of each of `crowds` post for so long, each its next message once the last is on disk: how long a post
/// took, and how many there were a second, for each crowd.
///
/// # Errors
/// When the database at `url` cannot be opened, or a post is refused.
pub(super) async fn run(url: &str, crowds: &[Vec<Pair>], time: Duration) -> Result<Vec<(Delays, f64)>> {
    let store = rony_storage::open_postgres(url, &Options::default()).await?;
    let hasher = Argon2Hasher::new().context("passwords cannot be hashed")?;
    let rony = Rony::builder(Arc::new(store.clone()), Arc::new(SystemClock), Arc::new(hasher)).build();
    // Search index and notifications are made meanwhile, as in a server.
    let jobs = tokio::spawn({
        let rony = rony.clone();
        async move { rony.run().await }
    });
    let mut done = Vec::with_capacity(crowds.len());
    for pairs in crowds {
        done.push(crowd(&rony, pairs, time).await?);
    }
    jobs.abort();
    let _ = jobs.await;
    store.close().await;
    Ok(done)
}

/// What storage does for a message, in its two parts: how many a second can be posted while nobody makes the search index and the
/// notifications, and how many a second that job can take in alone. Together they are what one core, or the one writer of
/// SQLite, has to do.
///
/// # Errors
/// As [`run`].
pub(super) async fn parts(url: &str, pairs: &[Pair], time: Duration) -> Result<(f64, f64)> {
    let hasher = Argon2Hasher::new().context("passwords cannot be hashed")?;
    let store = rony_storage::open(url).await?;
    let rony = Rony::builder(store, Arc::new(SystemClock), Arc::new(hasher)).build();
    // What others left over is not counted.
    rony.projections().run_once().await.context("the index cannot be made")?;
    let (_, posted) = crowd(&rony, pairs, time).await?;
    let begin = Instant::now();
    let indexed = rony.projections().run_once().await.context("the index cannot be made")?;
    Ok((posted, indexed as f64 / begin.elapsed().as_secs_f64()))
}

async fn crowd(rony: &Rony, pairs: &[Pair], time: Duration) -> Result<(Delays, f64)> {
    let begin = Instant::now();
    let mut senders = JoinSet::new();
    for pair in pairs {
        senders.spawn(send(rony.clone(), pair.clone(), begin + time));
    }
    let mut all = Delays::default();
    while let Some(done) = senders.join_next().await {
        all.add(&done.context("a sender's task broke off")??);
    }
    let rate = all.count() as f64 / begin.elapsed().as_secs_f64();
    Ok((all, rate))
}

async fn send(rony: Rony, pair: Pair, until: Instant) -> Result<Delays> {
    let (mut delays, mut rng) = (Delays::default(), SmallRng::from_os_rng());
    let actor = Actor::trusted(Trusted::User(UserId(pair.sender.user), ServerRole::Member));
    for conversation in pair.conversations.iter().cycle() {
        let begin = Instant::now();
        if begin >= until {
            break;
        }
        let (client_id, text) = (ClientId(Uuid::new_v4()), text(&mut rng));
        let post = Post { client_id, text, reply_to: None, thread_id: None, attachments: Vec::new() };
        let posted = rony.messages().post(&actor, ConversationId(*conversation), post).await;
        posted.context("a post was refused")?;
        delays.note(begin.elapsed());
    }
    Ok(delays)
}
