//! One stream on this node: who reads it, and up to where it was delivered. Pure; time and locks are its owner's.

use std::sync::Arc;

use super::{
    errand::{Carrier, Errand, Reader},
    link::{Link, LinkId},
};
use crate::stream::{Envelope, Seq};

pub(super) struct Channel {
    delivered: Seq,
    /// The highest number that is known to exist, when that is more than was delivered.
    known: Seq,
    /// The driver was told, and has not started yet.
    marked: bool,
    /// The hub's count of deliveries at its last one.
    stamp: u64,
    /// Those of each carrier. Most streams have one reader, their person.
    groups: Vec<Group>,
}

struct Group {
    carrier: Option<Arc<dyn Carrier>>,
    /// In the order of their links' ids. An errand that is on its way has them as they were when it was given.
    readers: Arc<Vec<Reader>>,
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
        Self { delivered, known: delivered, marked: false, stamp: 0, groups: Vec::new() }
    }

    pub(super) const fn delivered(&self) -> Seq {
        self.delivered
    }

    pub(super) const fn stamp(&self) -> u64 {
        self.stamp
    }

    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// A reader who is there already stays as they are: the live event of their joining came first.
    pub(super) fn add(&mut self, link: &Arc<Link>, from: Seq, hidden_upto: Seq) {
        let reader = Reader { link: Arc::clone(link), from, hidden_upto };
        let Some(group) = self.groups.iter_mut().find(|group| group.is_of(link)) else {
            self.groups.reserve_exact(1);
            return self
                .groups
                .push(Group { carrier: link.carrier().cloned(), readers: Arc::new(vec![reader]) });
        };
        if group.find(link.id()).is_ok() {
            return;
        }
        let readers = Arc::make_mut(&mut group.readers);
        if readers.len() == readers.capacity() {
            // Who dropped their end of the queue may not have said so; looked at when there is no more room, it costs next to nothing.
            readers.retain(|reader| !reader.link.is_over());
        }
        let place = readers.partition_point(|other| other.link.id() < link.id());
        readers.insert(place, reader);
    }

    pub(super) fn remove(&mut self, link: &Link) {
        if let Some(group) = self.groups.iter_mut().find(|group| group.is_of(link))
            && let Ok(place) = group.find(link.id())
        {
            Arc::make_mut(&mut group.readers).remove(place);
            self.groups.retain(|group| !group.readers.is_empty());
        }
    }

    pub(super) fn deliver(
        &mut self,
        envelope: &Arc<Envelope>,
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
            let leaves = |reader: &Reader| reader.link.user() == change.user;
            for group in self.groups.iter_mut().filter(|group| group.readers.iter().any(leaves)) {
                group.readers.iter().filter(|reader| leaves(reader)).for_each(|reader| {
                    reader.link.reads_no_more(envelope.stream);
                });
                Arc::make_mut(&mut group.readers).retain(|reader| !leaves(reader));
            }
        }
        self.fan_out(envelope);
        self.delivered = envelope.seq;
        self.stamp = stamp;
        self.known = self.known.max(envelope.seq);
        Verdict::Delivered
    }

    fn fan_out(&mut self, envelope: &Arc<Envelope>) {
        for group in &mut self.groups {
            let errand = Errand::event(Arc::clone(envelope), Arc::clone(&group.readers));
            errand.give(group.carrier.as_ref());
            // Who dropped their end of the queue may not have said so.
            if group.carrier.is_none() && group.readers.iter().any(|reader| reader.link.is_over()) {
                Arc::make_mut(&mut group.readers).retain(|reader| !reader.link.is_over());
            }
        }
        self.groups.retain(|group| !group.readers.is_empty());
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
        (self.known > self.delivered && !self.groups.is_empty()).then_some(self.delivered)
    }
}

impl Group {
    fn is_of(&self, link: &Link) -> bool {
        match (&self.carrier, link.carrier()) {
            (Some(of), Some(other)) => Arc::ptr_eq(of, other),
            (of, other) => of.is_none() && other.is_none(),
        }
    }

    fn find(&self, link: LinkId) -> Result<usize, usize> {
        self.readers.binary_search_by_key(&link, |reader| reader.link.id())
    }
}
