//! What one member has seen, as a pure state machine: frames and answers go in, counters come out. No socket, no clock.
//!
//! It judges in two places. Frames are judged **as they arrive**: a connection promises each stream strictly in order, so
//! a number that comes twice on one connection is `duplicated`, and a new number below an earlier one is `out_of_order`.
//! What a client then **applies** (repeats dropped by number, gaps filled by `sync`) is judged against the log: a post
//! that was applied before, or that the log does not have, is `duplicated`; a post that comes after a later one of the
//! log is `out_of_order`; what was never applied is lost.
//!
//! A repeat between `sync` and the connection, or between two connections, is how resuming works, and is no fault.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::AddAssign;
use std::sync::Arc;

use uuid::Uuid;

use crate::replay::expect::{Arrived, Expected};

/// What was counted; see the module for what each means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Posts that were applied for the first time.
    pub(crate) delivered: u64,
    /// What came once too often.
    pub(crate) duplicated: u64,
    /// What came after something that stands behind it.
    pub(crate) out_of_order: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.delivered += other.delivered;
        self.duplicated += other.duplicated;
        self.out_of_order += other.out_of_order;
    }
}

/// What one member follows and has seen, over all its connections.
#[derive(Debug)]
pub(crate) struct Follower {
    conversations: HashMap<Uuid, Conversation>,
    connection: HashMap<Uuid, Arrivals>,
    counts: Counts,
}

/// One conversation in the eyes of one member.
#[derive(Debug)]
struct Conversation {
    expected: Arc<Expected>,
    /// The number of the newest event that was applied.
    last: i64,
    /// The newest number that the server has spoken of.
    head: i64,
    /// What came live beyond a gap.
    held: BTreeMap<i64, Arrived>,
    seen: Vec<bool>,
    missing: usize,
    newest: Option<usize>,
}

/// The numbers of one stream on one connection.
#[derive(Debug, Default)]
struct Arrivals {
    seqs: HashSet<i64>,
    newest: i64,
}

/// What a member has not seen of one log.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Missing {
    /// The log's file name.
    pub(crate) log: String,
    /// How many of its posts.
    pub(crate) posts: usize,
    /// The line of the first of them.
    pub(crate) first_line: usize,
}

impl Follower {
    /// A member that has seen nothing yet of what is expected in each stream.
    pub(crate) fn new(expected: impl IntoIterator<Item = (Uuid, Arc<Expected>)>) -> Self {
        let conversations = expected.into_iter().map(|(stream, expected)| {
            let posts = expected.posts().len();
            let fresh = Conversation {
                expected,
                last: 0,
                head: 0,
                held: BTreeMap::new(),
                seen: vec![false; posts],
                missing: posts,
                newest: None,
            };
            (stream, fresh)
        });
        Self { conversations: conversations.collect(), connection: HashMap::new(), counts: Counts::default() }
    }

    /// The log that is played in a stream, if this member follows it.
    pub(crate) fn expected(&self, stream: Uuid) -> Option<&Arc<Expected>> {
        self.conversations.get(&stream).map(|conversation| &conversation.expected)
    }

    /// Begins where a stream stands at the first connection: what came before is not to be seen.
    pub(crate) fn begin_at(&mut self, stream: Uuid, head: i64) {
        if let Some(conversation) = self.conversations.get_mut(&stream) {
            conversation.last = head;
            conversation.head = head;
        }
    }

    /// A new connection: nothing has come on it yet, and what waited beyond a gap will come again.
    pub(crate) fn connected(&mut self) {
        self.connection.clear();
        for conversation in self.conversations.values_mut() {
            conversation.held.clear();
        }
    }

    /// An event came on the connection.
    pub(crate) fn live(&mut self, stream: Uuid, seq: i64, arrived: Arrived) {
        let arrivals = self.connection.entry(stream).or_default();
        if !arrivals.seqs.insert(seq) {
            self.counts.duplicated += 1;
        } else if seq < arrivals.newest {
            self.counts.out_of_order += 1;
        }
        arrivals.newest = arrivals.newest.max(seq);
        if let Some(conversation) = self.conversations.get_mut(&stream) {
            conversation.head = conversation.head.max(seq);
            if seq > conversation.last {
                conversation.held.entry(seq).or_insert(arrived);
                conversation.apply_held(&mut self.counts);
            }
        }
    }

    /// The server said how far a stream goes.
    pub(crate) fn moved(&mut self, stream: Uuid, head: i64) {
        if let Some(conversation) = self.conversations.get_mut(&stream) {
            conversation.head = conversation.head.max(head);
        }
    }

    /// An answer of `sync` came: the next events of a stream after the number that was asked for.
    pub(crate) fn synced(
        &mut self,
        stream: Uuid,
        head: i64,
        events: impl IntoIterator<Item = (i64, Arrived)>,
    ) {
        let Some(conversation) = self.conversations.get_mut(&stream) else { return };
        conversation.head = conversation.head.max(head);
        let mut previous = None;
        for (seq, arrived) in events {
            match previous {
                Some(previous) if seq == previous => self.counts.duplicated += 1,
                Some(previous) if seq < previous => self.counts.out_of_order += 1,
                _ => {}
            }
            previous = Some(seq);
            if seq > conversation.last {
                conversation.held.remove(&seq);
                conversation.apply(seq, arrived, &mut self.counts);
            }
        }
        conversation.apply_held(&mut self.counts);
    }

    /// The streams of which something is known to be missing, with the last number that is there: what to ask `sync` for.
    pub(crate) fn behind(&self) -> HashMap<Uuid, i64> {
        let behind =
            self.conversations.iter().filter(|(_, conversation)| conversation.last < conversation.head);
        behind.map(|(stream, conversation)| (*stream, conversation.last)).collect()
    }

    /// The last number of every stream that is followed.
    pub(crate) fn positions(&self) -> HashMap<Uuid, i64> {
        self.conversations.iter().map(|(stream, conversation)| (*stream, conversation.last)).collect()
    }

    /// Whether all that is expected was seen, and nothing more is known to be there.
    pub(crate) fn is_done(&self) -> bool {
        self.conversations
            .values()
            .all(|conversation| conversation.missing == 0 && conversation.last >= conversation.head)
    }

    /// What was counted up to now.
    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    /// What was not seen, for each log of which something is missing.
    pub(crate) fn missing(&self) -> Vec<Missing> {
        let missing = self.conversations.values().filter_map(Conversation::missing);
        let mut missing: Vec<Missing> = missing.collect();
        missing.sort_by(|a, b| a.log.cmp(&b.log));
        missing
    }
}

impl Conversation {
    /// Applies what waited, as far as the numbers follow each other.
    fn apply_held(&mut self, counts: &mut Counts) {
        while let Some(first) = self.held.first_entry() {
            if *first.key() > self.last + 1 {
                return;
            }
            let (seq, arrived) = first.remove_entry();
            if seq > self.last {
                self.apply(seq, arrived, counts);
            }
        }
    }

    fn apply(&mut self, seq: i64, arrived: Arrived, counts: &mut Counts) {
        self.last = seq;
        match arrived {
            Arrived::Other => {}
            Arrived::Post(index) if !self.seen[index] => {
                self.seen[index] = true;
                self.missing -= 1;
                counts.delivered += 1;
                if self.newest.is_some_and(|newest| index < newest) {
                    counts.out_of_order += 1;
                }
                self.newest = self.newest.max(Some(index));
            }
            Arrived::Post(_) | Arrived::Stranger => counts.duplicated += 1,
        }
    }

    fn missing(&self) -> Option<Missing> {
        let first = self.seen.iter().position(|seen| !seen)?;
        Some(Missing {
            log: self.expected.name.clone(),
            posts: self.missing,
            first_line: self.expected.posts()[first].line,
        })
    }
}

#[cfg(test)]
mod tests;
