//! What one client knows of its streams, as a pure state machine: frames and answers go in, what is missing comes out. No
//! socket, no clock.
//!
//! A number that follows the last one is applied; one that is too high is held until `sync` has filled the gap; one that is
//! known already is dropped. A connection promises each stream strictly in order, so a number that does not grow on one
//! connection is a fault, and so is an event that comes again with another content.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use crate::wire::{Event, Message};

/// A message in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Post {
    /// The id that its sender gave it.
    pub(crate) client_id: Uuid,
    /// Whose it is.
    pub(crate) sender: Uuid,
    /// What it says.
    pub(crate) text: Box<str>,
}

impl Post {
    /// What of a message from the wire is compared.
    pub(crate) fn of(message: &Message<'_>) -> Self {
        Self { client_id: message.client_id, sender: message.sender_id, text: message.text.as_ref().into() }
    }
}

/// The message that an event says was posted.
pub(crate) fn posted(event: &Event<'_>) -> Option<Post> {
    event.posted().map(Post::of)
}

/// What of a stream is known.
#[derive(Debug, Default)]
struct Stream {
    /// The number of the newest event that was applied.
    last: i64,
    /// The newest number that the server has spoken of.
    head: i64,
    /// What came live beyond a gap.
    held: BTreeMap<i64, Option<Post>>,
    posts: BTreeMap<i64, Post>,
    /// The newest number on this connection.
    live: i64,
}

/// What a client knows, over all its connections.
#[derive(Debug, Default)]
pub(crate) struct View {
    streams: HashMap<Uuid, Stream>,
    faults: u64,
    first_fault: Option<String>,
}

impl View {
    /// A new connection: what waited beyond a gap will come again.
    pub(crate) fn connected(&mut self) {
        for stream in self.streams.values_mut() {
            stream.held.clear();
            stream.live = 0;
        }
    }

    /// Begins where a stream stands: what came before is of no interest.
    pub(crate) fn begin_at(&mut self, id: Uuid, head: i64) {
        self.streams.entry(id).or_insert_with(|| Stream { last: head, head, ..Stream::default() });
    }

    /// An event came on the connection.
    pub(crate) fn live(&mut self, id: Uuid, seq: i64, post: Option<Post>) {
        let stream = self.streams.entry(id).or_default();
        let newest = stream.live;
        stream.live = newest.max(seq);
        stream.head = stream.head.max(seq);
        if seq > stream.last {
            stream.held.insert(seq, post);
            stream.apply_held();
        }
        if seq <= newest {
            self.wrong(|| format!("stream {id}: {seq} came after {newest} on one connection"));
        }
    }

    /// The server said how far a stream goes.
    pub(crate) fn told(&mut self, id: Uuid, head: i64) {
        let stream = self.streams.entry(id).or_default();
        stream.head = stream.head.max(head);
    }

    /// An answer of `sync`: the events that follow `after`.
    pub(crate) fn synced(
        &mut self,
        id: Uuid,
        (after, head): (i64, i64),
        events: impl IntoIterator<Item = (i64, Option<Post>)>,
    ) {
        let mut expected = after + 1;
        let mut holes = None;
        let stream = self.streams.entry(id).or_default();
        stream.head = stream.head.max(head);
        for (seq, post) in events {
            if seq != expected {
                holes = Some((expected, seq));
            }
            expected = seq + 1;
            if seq > stream.last {
                stream.held.insert(seq, post);
            }
        }
        stream.apply_held();
        if let Some((expected, seq)) = holes {
            self.wrong(|| format!("stream {id}: sync answered {seq} where {expected} was due"));
        }
    }

    /// A page of messages was read instead of the events, up to the head that `reset` spoke of.
    pub(crate) fn read_instead(&mut self, id: Uuid, head: i64, posts: impl IntoIterator<Item = (i64, Post)>) {
        let stream = self.streams.entry(id).or_default();
        stream.posts.extend(posts);
        stream.last = stream.last.max(head);
        stream.head = stream.head.max(head);
        stream.held = stream.held.split_off(&(stream.last + 1));
        stream.apply_held();
    }

    /// The streams in which something is missing, with the number to ask from.
    pub(crate) fn behind(&self) -> HashMap<Uuid, i64> {
        let behind = self.streams.iter().filter(|(_, stream)| stream.last < stream.head);
        behind.map(|(id, stream)| (*id, stream.last)).collect()
    }

    /// The number of the newest event of a stream that was applied.
    pub(crate) fn last(&self, id: Uuid) -> i64 {
        self.streams.get(&id).map_or(0, |stream| stream.last)
    }

    /// The messages of a stream by their numbers.
    pub(crate) fn posts(&self, id: Uuid) -> Option<&BTreeMap<i64, Post>> {
        self.streams.get(&id).map(|stream| &stream.posts)
    }

    /// How often a rule was broken, and how first.
    pub(crate) fn faults(&self) -> (u64, Option<&str>) {
        (self.faults, self.first_fault.as_deref())
    }

    fn wrong(&mut self, what: impl FnOnce() -> String) {
        self.faults += 1;
        self.first_fault.get_or_insert_with(what);
    }
}

impl Stream {
    fn apply_held(&mut self) {
        while let Some(entry) = self.held.first_entry() {
            let seq = *entry.key();
            if seq > self.last + 1 {
                return;
            }
            let post = entry.remove();
            if seq == self.last + 1 {
                self.last = seq;
                self.posts.extend(post.map(|post| (seq, post)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: Uuid = Uuid::from_u128(7);

    fn post(number: i64) -> Option<Post> {
        let client_id = Uuid::from_u128(number.unsigned_abs().into());
        Some(Post { client_id, sender: Uuid::nil(), text: number.to_string().into() })
    }

    fn live(view: &mut View, numbers: &[i64]) {
        numbers.iter().for_each(|seq| view.live(STREAM, *seq, post(*seq)));
    }

    fn known(view: &View) -> Vec<i64> {
        view.posts(STREAM).map(|posts| posts.keys().copied().collect()).unwrap_or_default()
    }

    #[test]
    fn a_gap_is_held_until_sync_has_filled_it() {
        let mut view = View::default();
        live(&mut view, &[1, 2, 5]);
        assert_eq!((view.last(STREAM), view.behind()), (2, HashMap::from([(STREAM, 2)])));
        view.synced(STREAM, (2, 5), [(3, post(3)), (4, post(4))]);
        assert_eq!(
            (known(&view), view.behind(), view.faults()),
            (vec![1, 2, 3, 4, 5], HashMap::new(), (0, None))
        );
    }

    #[test]
    fn what_sync_brought_already_may_come_live_but_not_twice() {
        let mut view = View::default();
        view.synced(STREAM, (0, 2), [(1, post(1)), (2, post(2))]);
        live(&mut view, &[2, 3]);
        assert_eq!((known(&view), view.faults().0), (vec![1, 2, 3], 0));
        live(&mut view, &[3]);
        assert_eq!(view.faults().0, 1);
        view.connected();
        live(&mut view, &[3, 4]);
        assert_eq!(view.faults().0, 1, "another connection may repeat");
    }

    #[test]
    fn a_hole_in_an_answer_is_a_fault() {
        let mut view = View::default();
        view.synced(STREAM, (0, 3), [(1, post(1)), (3, post(3))]);
        assert_eq!((view.last(STREAM), view.faults().0), (1, 1));
    }

    #[test]
    fn who_is_too_far_behind_reads_the_messages_and_goes_on_from_there() {
        let mut view = View::default();
        live(&mut view, &[1, 9]);
        view.read_instead(STREAM, 8, (1..=8).filter_map(|seq| Some((seq, post(seq)?))));
        assert_eq!((view.last(STREAM), known(&view).len()), (9, 9));
    }
}
