//! What is to be brought to sockets. Where there are thousands of them, a carrier goes round them; whoever has the news does not.

use std::sync::Arc;

use bytes::Bytes;

use super::link::{Close, Link, Outlet};
use crate::stream::{Envelope, Seq};

/// Goes round sockets for the hub, each carrier those that are given to it: one a core, so that each has its own part of a large
/// conversation.
pub trait Carrier: Send + Sync {
    /// Takes an errand, which is to be [run](Errand::run) after all that were taken before it, or [refused](Errand::refuse). Called while a
    /// stream is locked: it must be quick, and must not run it there.
    fn take(&self, errand: Errand);
}

/// One event for all who read its stream, or one frame for one socket; of one carrier.
pub struct Errand {
    what: What,
    /// For how many it is done.
    done: usize,
}

enum What {
    Event {
        envelope: Arc<Envelope>,
        skipped: Option<Bytes>,
        readers: Arc<Vec<Reader>>,
    },
    Frame(Arc<Link>, Bytes),
    /// Something waits in its queue since before there was somebody to take it.
    Ready(Arc<Link>),
}

/// Who reads a stream.
#[derive(Clone)]
pub(super) struct Reader {
    pub(super) link: Arc<Link>,
    /// Receives what has a higher number than this: what came before it reads by `sync`.
    pub(super) from: Seq,
    pub(super) hidden_upto: Seq,
}

impl Errand {
    pub(super) const fn event(envelope: Arc<Envelope>, readers: Arc<Vec<Reader>>) -> Self {
        Self { what: What::Event { envelope, skipped: None, readers }, done: 0 }
    }

    pub(super) const fn frame(link: Arc<Link>, frame: Bytes) -> Self {
        Self { what: What::Frame(link, frame), done: 0 }
    }

    pub(super) const fn ready(link: Arc<Link>) -> Self {
        Self { what: What::Ready(link), done: 0 }
    }

    /// Gives it to those sockets' carrier; where they have none, does all of it at once, and has what waits taken away.
    pub(super) fn give(mut self, carrier: Option<&Arc<dyn Carrier>>) {
        if let Some(carrier) = carrier {
            return carrier.take(self);
        }
        let mut ready = Vec::new();
        self.run(usize::MAX, &mut ready);
        let mut room = Vec::new();
        ready.into_iter().for_each(|outlet| outlet.carry(&mut room));
    }

    /// Queues for up to `most` sockets more what is for them, and appends to `ready` the outlets of those in whose queue something waits
    /// now. For how many it did; when they are fewer than `most`, it is done.
    pub fn run(&mut self, most: usize, ready: &mut Vec<Arc<dyn Outlet>>) -> usize {
        let left = self.links() - self.done;
        let now = left.min(most);
        match &mut self.what {
            _ if now == 0 => {}
            What::Event { envelope, skipped, readers } => {
                let readers = &readers[self.done..self.done + now];
                for reader in readers.iter().filter(|reader| envelope.seq > reader.from) {
                    let hidden = envelope.about.is_some_and(|about| about <= reader.hidden_upto);
                    let frame = if hidden {
                        skipped.get_or_insert_with(|| envelope.skipped())
                    } else {
                        &envelope.frame
                    };
                    ready.extend(reader.link.queue(frame.clone()));
                }
            }
            What::Frame(link, frame) => ready.extend(link.queue(std::mem::take(frame))),
            What::Ready(link) => ready.extend(link.outlet()),
        }
        self.done += now;
        now
    }

    /// Does nothing more of it: those for whom it is not done are closed, so that they miss nothing unknowingly, and come back.
    pub fn refuse(self, reason: Close) {
        match &self.what {
            What::Event { readers, .. } => {
                readers[self.done..].iter().for_each(|reader| reader.link.close(reason));
            }
            What::Frame(link, _) | What::Ready(link) if self.done == 0 => link.close(reason),
            What::Frame(..) | What::Ready(_) => {}
        }
    }

    fn links(&self) -> usize {
        match &self.what {
            What::Event { readers, .. } => readers.len(),
            What::Frame(..) | What::Ready(_) => 1,
        }
    }
}
