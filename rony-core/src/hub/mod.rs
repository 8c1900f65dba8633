//! The hub: from committed events to the sockets of this node, in order, each once.
//!
//! A socket is a [`Link`]: a bounded queue of encoded frames. For each stream that somebody here reads there is a
//! channel, which knows the last number that it delivered. An event that is too early (another node's came first, a
//! wake-up was lost) marks the channel as behind; [`Hub::behind`] hands it to whoever can read the database, and
//! [`Hub::deliver`] takes what was read. Who receives a stream follows from the audience changes that envelopes carry,
//! so a removed person stops receiving exactly there.
//!
//! Who delivers goes to no socket where there are [`Carrier`]s: each has its part of the sockets, and gets an [`Errand`] for all of them.
//!
//! No lock is held across an await, and nothing here asks the database: that is the business of the services.

mod channel;
mod errand;
mod link;

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use tokio::sync::mpsc;
use uuid::Uuid;

use self::channel::{Channel, Verdict};
pub use self::errand::{Carrier, Errand};
pub use self::link::{Close, Frames, Link, LinkId, Outlet};
use crate::{
    id::{SessionId, UserId},
    stream::{Envelope, Head, Seq, Since, StreamId, Subscription},
};

/// Frames that may wait for a slow reader; past that it is closed and comes back through `sync`.
pub const QUEUE: usize = 512;

/// See the module's documentation.
pub struct Hub {
    channels: RwLock<HashMap<StreamId, Arc<Mutex<Channel>>>>,
    people: Mutex<HashMap<UserId, Vec<Arc<Link>>>>,
    /// Who has what in view, in the order of the links' ids.
    topics: Mutex<HashMap<Uuid, Vec<Arc<Link>>>>,
    next_link: AtomicU64,
    carriers: RwLock<Box<[Arc<dyn Carrier>]>>,
    since: AtomicI64,
    deliveries: AtomicU64,
    behind: mpsc::UnboundedSender<StreamId>,
    behind_receiver: tokio::sync::Mutex<mpsc::UnboundedReceiver<StreamId>>,
}

impl Default for Hub {
    fn default() -> Self {
        let (behind, behind_receiver) = mpsc::unbounded_channel();
        Self {
            channels: RwLock::default(),
            people: Mutex::default(),
            topics: Mutex::default(),
            next_link: AtomicU64::new(1),
            carriers: RwLock::default(),
            since: AtomicI64::new(0),
            deliveries: AtomicU64::new(0),
            behind,
            behind_receiver: tokio::sync::Mutex::new(behind_receiver),
        }
    }
}

/// A panic while a lock was held leaves plain maps behind, which are as good as before.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    /// From now on `carriers` go to the sockets that connect, each to its part of them; without any, whoever has something for them does.
    pub fn carried_by(&self, carriers: impl IntoIterator<Item = Arc<dyn Carrier>>) {
        *self.carriers.write().unwrap_or_else(PoisonError::into_inner) = carriers.into_iter().collect();
    }

    /// Gives `carrier` no sockets any more; it closes those that it has.
    pub fn dismiss(&self, carrier: &Arc<dyn Carrier>) {
        let mut carriers = self.carriers.write().unwrap_or_else(PoisonError::into_inner);
        *carriers = carriers.iter().filter(|other| !Arc::ptr_eq(other, carrier)).cloned().collect();
    }

    /// Registers a socket of `user`. Its streams follow by [`Hub::subscribe`]; what removes the person from a stream
    /// between the two is remembered, so that a stale reading of the database cannot subscribe them again.
    pub fn connect(&self, user: UserId, session: Option<SessionId>) -> (Arc<Link>, Frames) {
        let number = self.next_link.fetch_add(1, Ordering::Relaxed);
        let carriers = self.carriers.read().unwrap_or_else(PoisonError::into_inner);
        let carrier = (number as usize).checked_rem(carriers.len()).map(|next| Arc::clone(&carriers[next]));
        drop(carriers);
        let (link, frames) = Link::new(LinkId(number), user, session, QUEUE, carrier);
        lock(&self.people).entry(user).or_default().push(Arc::clone(&link));
        (link, frames)
    }

    /// Subscribes a fresh socket to what the database said its person reads. Answers for each stream the number from
    /// which on the socket receives: the reading's head, or a later one that was delivered meanwhile.
    pub fn subscribe(&self, link: &Arc<Link>, subscriptions: &[Subscription]) -> Vec<Head> {
        let heads = subscriptions.iter().filter_map(|subscription| {
            let Head { id, head } = subscription.head;
            let channel = self.channel_or_new(id, head);
            let mut channel = lock(&channel);
            let from = head.max(channel.delivered());
            if !link.joining(id, head) {
                return None;
            }
            channel.add(link, from, subscription.hidden_upto);
            link.reads(id);
            Some(Head { id, head: from })
        });
        let heads = heads.collect();
        link.settled();
        heads
    }

    /// Takes a socket out of everything. Channels that nobody reads any more are dropped.
    pub fn disconnect(&self, link: &Arc<Link>) {
        link.close(Close::Gone);
        {
            let mut people = lock(&self.people);
            if let Some(links) = people.get_mut(&link.user()) {
                links.retain(|other| other.id() != link.id());
                if links.is_empty() {
                    people.remove(&link.user());
                }
            }
        }
        self.watch(link, HashSet::new());
        for stream in link.take_streams() {
            self.unsubscribe(stream, link);
        }
        link.end();
    }

    fn unsubscribe(&self, stream: StreamId, link: &Link) {
        let Some(channel) = self.channel(stream) else { return };
        let empty = {
            let mut channel = lock(&channel);
            channel.remove(link);
            channel.is_empty()
        };
        if empty {
            let mut channels = self.channels.write().unwrap_or_else(PoisonError::into_inner);
            // Somebody may have come in between: `channel_or_new` adds under the map's lock.
            if channels
                .get(&stream)
                .is_some_and(|channel| lock(channel).is_empty() && Arc::strong_count(channel) <= 2)
            {
                channels.remove(&stream);
            }
        }
    }

    /// Hands one committed event to all who read its stream here. Old news is dropped; an event that is too early is
    /// dropped too, and the stream is [behind](Hub::behind).
    pub fn deliver(&self, envelope: &Arc<Envelope>) {
        // First: a socket that is just subscribing from an older reading either hears of the removal here, or is in the
        // channel by then, which takes it out.
        self.note_removals(envelope);
        let starts = |change: &&crate::stream::AudienceChange| change.hidden_upto.is_some();
        let newcomers: Vec<(Arc<Link>, Seq)> = (envelope.audience.iter().filter(starts))
            .flat_map(|change| {
                let links = self.links_of(change.user);
                links.into_iter().map(|link| (link, change.hidden_upto.unwrap_or(0)))
            })
            .collect();
        let channel = match self.channel(envelope.stream) {
            Some(channel) => channel,
            None if newcomers.is_empty() => return,
            None => self.channel_or_new(envelope.stream, envelope.seq - 1),
        };
        let mut channel = lock(&channel);
        let stamp = self.deliveries.fetch_add(1, Ordering::Relaxed) + 1;
        if channel.deliver(envelope, &newcomers, stamp) == Verdict::Behind {
            let _ = self.behind.send(envelope.stream);
        }
    }

    /// Sockets that are just subscribing must hear of removals that the database's reading may not have seen.
    fn note_removals(&self, envelope: &Envelope) {
        for change in envelope.audience.iter().filter(|change| change.hidden_upto.is_none()) {
            for link in self.links_of(change.user) {
                link.left(envelope.stream, envelope.seq);
            }
        }
    }

    /// Goes on after `seq`, where what came before it is not in the database any more. Clients see the gap, and load a
    /// snapshot.
    pub fn skip(&self, stream: StreamId, seq: Seq) {
        if let Some(channel) = self.channel(stream) {
            lock(&channel).skip(seq);
        }
    }

    /// Tells that a stream stands at `head` somewhere: marks it as behind when this node has not delivered that far.
    pub fn notice(&self, Head { id, head }: Head) {
        if let Some(channel) = self.channel(id)
            && lock(&channel).notice(head)
        {
            let _ = self.behind.send(id);
        }
    }

    /// The next stream that is behind, and the last number that was delivered: read what follows from the database and
    /// [`Hub::deliver`] it. One driver a node asks.
    pub async fn behind(&self) -> (StreamId, Seq) {
        let mut receiver = self.behind_receiver.lock().await;
        loop {
            // The hub holds a sender, so the channel cannot close.
            let Some(stream) = receiver.recv().await else { return std::future::pending().await };
            if let Some(delivered) = self.start_repair(stream) {
                return (stream, delivered);
            }
        }
    }

    /// The last number delivered of `stream`, if it is still behind and somebody reads it; from now on it may be marked again.
    pub fn start_repair(&self, stream: StreamId) -> Option<Seq> {
        let channel = self.channel(stream)?;
        lock(&channel).start_repair()
    }

    /// The node has delivered everything that committed before `since`.
    pub fn caught_up(&self, since: Since) {
        self.since.fetch_max(since.0, Ordering::Relaxed);
    }

    /// Up to where a client of this node that has read its queue has seen everything. Goes out in heartbeats.
    #[must_use]
    pub fn since(&self) -> Since {
        Since(self.since.load(Ordering::Relaxed))
    }

    /// The streams of a socket that moved since the last time this was asked of it, with what was delivered: what the
    /// client must have when it has read its queue.
    #[must_use]
    pub fn news(&self, link: &Link) -> Vec<Head> {
        // Counted first: what is delivered while this runs is named again the next time.
        let (last, streams) = link.beat(self.deliveries.load(Ordering::Relaxed));
        let news = streams.into_iter().filter_map(|id| {
            let channel = self.channel(id)?;
            let channel = lock(&channel);
            (channel.stamp() > last).then(|| Head { id, head: channel.delivered() })
        });
        news.collect()
    }

    /// The sockets of a person on this node.
    #[must_use]
    pub fn links_of(&self, user: UserId) -> Vec<Arc<Link>> {
        lock(&self.people).get(&user).cloned().unwrap_or_default()
    }

    /// The people who have sockets on this node, with how many.
    #[must_use]
    pub fn people(&self) -> Vec<(UserId, usize)> {
        lock(&self.people).iter().map(|(user, links)| (*user, links.len())).collect()
    }

    /// The sessions with which sockets of this node came.
    #[must_use]
    pub fn sessions(&self) -> HashSet<SessionId> {
        lock(&self.people).values().flatten().filter_map(|link| link.session()).collect()
    }

    /// Closes all sockets that `of` picks, with `reason`.
    pub fn close_where(&self, reason: Close, of: impl Fn(&Link) -> bool) {
        let links: Vec<_> = lock(&self.people).values().flatten().filter(|link| of(link)).cloned().collect();
        links.iter().for_each(|link| link.close(reason));
    }

    /// From now on `link` has exactly these topics in view (conversations, people).
    pub fn watch(&self, link: &Arc<Link>, topics: HashSet<Uuid>) {
        let mut all = lock(&self.topics);
        for topic in link.swap_topics(topics.clone()).difference(&topics) {
            if let Some(watchers) = all.get_mut(topic) {
                if let Ok(place) = watchers.binary_search_by_key(&link.id(), |link| link.id()) {
                    watchers.remove(place);
                }
                if watchers.is_empty() {
                    all.remove(topic);
                }
            }
        }
        for topic in topics {
            let watchers = all.entry(topic).or_insert_with(|| Vec::with_capacity(1));
            if let Err(place) = watchers.binary_search_by_key(&link.id(), |link| link.id()) {
                watchers.insert(place, Arc::clone(link));
            }
        }
    }

    /// The sockets that have `topic` in view.
    #[must_use]
    pub fn watchers(&self, topic: Uuid) -> Vec<Arc<Link>> {
        lock(&self.topics).get(&topic).cloned().unwrap_or_default()
    }

    /// Whether some socket has `topic` in view.
    #[must_use]
    pub fn is_watched(&self, topic: Uuid) -> bool {
        lock(&self.topics).contains_key(&topic)
    }

    /// Hands a frame that has no number to all who read `stream` and have it in view.
    pub fn show(&self, stream: StreamId, frame: &Bytes) {
        for link in self.watchers(stream.uuid()).iter().filter(|link| link.is_reading(stream)) {
            link.send(frame.clone());
        }
    }

    fn channel(&self, stream: StreamId) -> Option<Arc<Mutex<Channel>>> {
        self.channels.read().unwrap_or_else(PoisonError::into_inner).get(&stream).cloned()
    }

    fn channel_or_new(&self, stream: StreamId, delivered: Seq) -> Arc<Mutex<Channel>> {
        if let Some(channel) = self.channel(stream) {
            return channel;
        }
        let mut channels = self.channels.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(channels.entry(stream).or_insert_with(|| Arc::new(Mutex::new(Channel::new(delivered)))))
    }
}

#[cfg(test)]
mod tests;
