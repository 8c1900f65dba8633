//! What may be asked of streams, and how the hub catches up.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use serde_json::value::RawValue;

use super::{FURTHEST, MOST_EVENTS, PAGE, SyncAnswer, SyncRequest, SyncStore, SyncStream, store::Part};
use crate::{
    Error, Result,
    actor::{Actor, Scope},
    hub::{Frames, Hub, Link},
    id::UserId,
    session::Sessions,
    stream::{Head, Moves, Seq, Since, StreamId, StreamStore, Subscriptions},
};

/// The use cases of sync. Made by [`crate::Rony::streams`].
pub struct Streams<'r> {
    pub(crate) store: &'r dyn SyncStore,
    pub(crate) streams: &'r dyn StreamStore,
    pub(crate) sessions: Sessions<'r>,
    pub(crate) hub: &'r Hub,
}

/// A socket that is connected: from now on its queue fills.
pub struct Connected {
    /// What to write to it. Hand its link to [`Hub::disconnect`] when the socket ends.
    pub frames: Frames,
    /// Where the person's streams stand; the socket receives what comes after. With `since`, only those that moved.
    pub moved: Vec<Head>,
    /// There are more than [`PAGE`] of them: page through `sync`, from the `since` that the client came with.
    pub more: bool,
    /// Where to resume from the next time.
    pub since: Since,
}

impl Streams<'_> {
    /// Connects a socket of the actor: it receives all that happens in their streams after the heads that are answered,
    /// each event once. `most`: how many sockets a person may have on a node.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] with code `too_many_connections`; [`Error::Unauthenticated`] when the actor's session has ended.
    pub async fn connect(&self, actor: &Actor, since: Option<Since>, most: usize) -> Result<Connected> {
        let user = actor.user(Scope::Read)?;
        if self.hub.links_of(user).len() >= most {
            let detail =
                format!("You are connected {most} times already: close a window, or sign out a device.");
            return Err(Error::conflict("too_many_connections", detail));
        }
        // First into the hub, then reading: whoever is removed in between is not subscribed by the older reading.
        let (link, frames) = self.hub.connect(user, actor.session());
        let mut entering = Entering { hub: self.hub, link: Some(&link) };
        let subscriptions = self.subscriptions(actor, user).await?;
        entering.link = None;
        let heads = self.hub.subscribe(&link, &subscriptions.streams);
        let mut moved = moved_since(since, &subscriptions, heads);
        let more = moved.len() > PAGE as usize;
        moved.truncate(PAGE as usize);
        Ok(Connected { frames, moved, more, since: subscriptions.since })
    }

    async fn subscriptions(&self, actor: &Actor, user: UserId) -> Result<Subscriptions> {
        // What was revoked before the hub knew the socket did not cut it.
        self.sessions.confirm(actor).await?;
        self.streams.subscriptions(user).await
    }

    /// Answers what happened in the named streams, and which streams moved.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for more than 500 streams, negative numbers, or a limit out of range.
    pub async fn sync(&self, actor: &Actor, request: &SyncRequest) -> Result<SyncAnswer> {
        let user = actor.user(Scope::Read)?;
        let each = validate(request)?;
        // Heads are read first: what commits in between is then in the parts, and named again the next time.
        let moves = match request.since {
            Some(since) => self.streams.moved_for(user, since, request.next, PAGE).await?,
            None => Moves { since: self.streams.since().await?, ..Moves::default() },
        };
        let asked: Vec<_> = request.streams.iter().map(|(id, seq)| (*id, *seq)).collect();
        let parts = match asked.is_empty() {
            true => Vec::new(),
            false => self.store.parts(user, &asked, each, MOST_EVENTS).await?,
        };
        let read: HashSet<_> = parts.iter().map(|part| part.id).collect();
        let streams = parts.into_iter().map(|part| answer(request.streams[&part.id], part));
        Ok(SyncAnswer {
            streams: streams.collect::<Result<_>>()?,
            joined: moves
                .heads
                .iter()
                .map(|head| head.id)
                .filter(|id| !request.streams.contains_key(id))
                .collect(),
            left: asked.iter().map(|(id, _)| *id).filter(|id| !read.contains(id)).collect(),
            since: moves.since,
            next: moves.heads.last().filter(|_| moves.more).map(|head| head.id),
            moved: moves.heads,
        })
    }
}

/// A socket that is in the hub and not connected yet: it leaves when that fails, and when nobody waits for it any more.
struct Entering<'h> {
    hub: &'h Hub,
    link: Option<&'h Arc<Link>>,
}

impl Drop for Entering<'_> {
    fn drop(&mut self) {
        if let Some(link) = self.link {
            self.hub.disconnect(link);
        }
    }
}

/// The heads that a client which has seen everything before `since` does not know.
fn moved_since(since: Option<Since>, read: &Subscriptions, heads: Vec<Head>) -> Vec<Head> {
    // A database that was restored from a backup may stand before what the client has seen: then all may have moved.
    let Some(since) = since.filter(|since| *since <= read.since) else { return heads };
    let read: HashMap<_, _> = read.streams.iter().map(|stream| (stream.head.id, stream)).collect();
    let is_news =
        |head: &Head| read.get(&head.id).is_none_or(|read| read.moved >= since || head.head > read.head.head);
    heads.into_iter().filter(is_news).collect()
}

fn validate(request: &SyncRequest) -> Result<u32> {
    if request.streams.len() > PAGE as usize {
        return Err(Error::invalid("streams", format!("Ask for at most {PAGE} streams at once.")));
    }
    if request.streams.values().any(|seq| *seq < 0) {
        return Err(Error::invalid("streams", "A stream's number is 0 or more."));
    }
    match request.limit.unwrap_or(MOST_EVENTS) {
        limit @ 1..=MOST_EVENTS => Ok(limit),
        _ => Err(Error::invalid("limit", format!("Ask for 1 to {MOST_EVENTS} events of each stream."))),
    }
}

fn answer(last: Seq, part: Part) -> Result<SyncStream> {
    let Part { id, head, trimmed, events } = part;
    let reset = last > head || last < trimmed || head - last > FURTHEST;
    let more = !reset && last + (events.len() as Seq) < head;
    let events =
        events.into_iter().map(RawValue::from_string).collect::<Result<_, _>>().map_err(Error::internal)?;
    Ok(SyncStream { id, head, events, more, reset })
}

/// What keeps the hub of a node in step with the database. Made by [`crate::Rony::catch_up`].
pub struct CatchUp<'r> {
    pub(crate) store: &'r dyn SyncStore,
    pub(crate) streams: &'r dyn StreamStore,
    pub(crate) hub: &'r Hub,
}

impl CatchUp<'_> {
    /// Events that are read at once.
    const BATCH: u32 = 500;

    /// Hands the hub what it missed of one stream, all of it.
    ///
    /// # Errors
    ///
    /// When the database is away: the stream is then behind still.
    pub async fn stream(&self, stream: StreamId, mut delivered: Seq) -> Result<()> {
        loop {
            let envelopes = self.store.envelopes(stream, delivered, Self::BATCH).await?;
            for envelope in &envelopes {
                if envelope.seq > delivered + 1 {
                    // Trimmed meanwhile, with a deleted conversation: it cannot come any more.
                    self.hub.skip(stream, envelope.seq - 1);
                }
                self.hub.deliver(envelope);
                delivered = envelope.seq;
            }
            if envelopes.len() < Self::BATCH as usize {
                return Ok(());
            }
        }
    }

    /// Asks which streams moved since `since`, catches up with those that somebody here reads, and answers from where to
    /// ask the next time. When it is done, the node has delivered everything that committed before that.
    ///
    /// # Errors
    ///
    /// When the database is away: ask again from the same `since`.
    pub async fn all(&self, since: Since) -> Result<Since> {
        let mut after = None;
        let mut next = None;
        loop {
            let moves = self.streams.moved(since, after, Self::BATCH).await?;
            for head in &moves.heads {
                self.hub.notice(*head);
                if let Some(delivered) = self.hub.start_repair(head.id) {
                    self.stream(head.id, delivered).await?;
                }
            }
            // What commits while the pages are read is asked for again.
            let next = *next.get_or_insert(moves.since);
            if !moves.more {
                self.hub.caught_up(next);
                return Ok(next);
            }
            after = moves.heads.last().map(|head| head.id);
        }
    }
}
