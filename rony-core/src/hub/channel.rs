//! One stream on this node: who reads it, and up to where it was delivered. Pure; time and locks are its owner's.

use std::sync::Arc;

use super::link::{Link, LinkId};
use crate::stream::{Envelope, Seq};

pub(super) struct Channel {
    delivered: Seq,
    /// The highest number that is known to exist, when that is more than was delivered.
    known: Seq,
    /// The driver was told, and has not started yet.
    marked: bool,
    /// The hub's count of deliveries at its last one.
    stamp: u64,
    /// In the order of their links' ids. Most streams have one reader, their person: a tree's first leaf alone has room for eleven.
    readers: Vec<Reader>,
}

struct Reader {
    link: Arc<Link>,
    /// Receives what has a higher number than this: what came before it reads by `sync`.
    from: Seq,
    hidden_upto: Seq,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Delivered,
    Old,
    /// Something is missing before it, and the driver does not know yet.
    Behind,
    /// Something is missing before it, as the driver knows.
    Waiting,
}

impl Channel {
    pub(super) const fn new(delivered: Seq) -> Self {
        Self { delivered, known: delivered, marked: false, stamp: 0, readers: Vec::new() }
    }

    pub(super) const fn delivered(&self) -> Seq {
        self.delivered
    }

    pub(super) const fn stamp(&self) -> u64 {
        self.stamp
    }

    pub(super) fn is_empty(&self) -> bool {
        self.readers.is_empty()
    }

    /// A reader who is there already stays as they are: the live event of their joining came first.
    pub(super) fn add(&mut self, link: &Arc<Link>, from: Seq, hidden_upto: Seq) {
        if let Err(place) = self.find(link.id()) {
            if self.readers.is_empty() {
                self.readers.reserve_exact(1);
            }
            self.readers.insert(place, Reader { link: Arc::clone(link), from, hidden_upto });
        }
    }

    pub(super) fn remove(&mut self, link: LinkId) {
        if let Ok(place) = self.find(link) {
            self.readers.remove(place);
        }
    }

    fn find(&self, link: LinkId) -> Result<usize, usize> {
        self.readers.binary_search_by_key(&link, |reader| reader.link.id())
    }

    pub(super) fn deliver(
        &mut self,
        envelope: &Envelope,
        newcomers: &[(Arc<Link>, Seq)],
        stamp: u64,
    ) -> Verdict {
        if envelope.seq <= self.delivered {
            return Verdict::Old;
        }
        if envelope.seq > self.delivered + 1 {
            return if self.notice(envelope.seq) { Verdict::Behind } else { Verdict::Waiting };
        }
        for (link, hidden_upto) in newcomers {
            self.add(link, envelope.seq - 1, *hidden_upto);
            link.reads(envelope.stream);
        }
        for change in envelope.audience.iter().filter(|change| change.hidden_upto.is_none()) {
            self.readers.retain(|reader| {
                let stays = reader.link.user() != change.user;
                if !stays {
                    reader.link.reads_no_more(envelope.stream);
                }
                stays
            });
        }
        self.fan_out(envelope);
        self.delivered = envelope.seq;
        self.stamp = stamp;
        self.known = self.known.max(envelope.seq);
        Verdict::Delivered
    }

    fn fan_out(&mut self, envelope: &Envelope) {
        let mut skipped = None;
        self.readers.retain(|reader| {
            if envelope.seq <= reader.from {
                return true;
            }
            let hidden = envelope.about.is_some_and(|about| about <= reader.hidden_upto);
            let frame = if hidden {
                skipped.get_or_insert_with(|| envelope.skipped()).clone()
            } else {
                envelope.frame.clone()
            };
            reader.link.send(frame)
        });
    }

    pub(super) fn skip(&mut self, seq: Seq) {
        self.delivered = self.delivered.max(seq);
    }

    /// Whether the driver has to be told that something is missing.
    pub(super) fn notice(&mut self, head: Seq) -> bool {
        self.known = self.known.max(head);
        let news = self.known > self.delivered && !self.marked;
        self.marked |= news;
        news
    }

    pub(super) fn start_repair(&mut self) -> Option<Seq> {
        self.marked = false;
        (self.known > self.delivered && !self.readers.is_empty()).then_some(self.delivered)
    }
}
