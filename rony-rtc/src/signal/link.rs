//! One end of a seat's conversation with its room: numbers, acknowledgements, and saying again what was lost.
//!
//! Between a client and the node that owns its room lie a socket, which may break, and the bus between nodes, which may lose,
//! double and reorder. Each end therefore numbers what it says, keeps it until the other has acknowledged it, says it again
//! when that takes long, and hands on what it hears once and in order. A new socket changes nothing of this: whoever comes
//! back names the last number that it saw, and is told the rest.
//!
//! Acknowledgements ride on what is said anyway, and go alone only when nothing was said for a while.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

/// How long to wait for an acknowledgement before something is said again for the first time; each further time doubles it.
const FIRST_RETRY: Duration = Duration::from_secs(1);
/// The longest that it is waited for.
const LAST_RETRY: Duration = Duration::from_secs(8);
/// How long an acknowledgement waits for something to ride on.
const ACK_AFTER: Duration = Duration::from_millis(250);
/// How many are said again at once: if they get through, the rest follows.
const RESEND: usize = 16;
/// How far ahead of a missing message others are kept.
const AHEAD: usize = 64;
/// How many messages wait for an acknowledgement before the other end counts as one that does not listen.
pub const OUTBOX_LIMIT: usize = 1024;
/// How many bytes.
pub const OUTBOX_BYTES: usize = 2 * 1024 * 1024;

/// See the module's documentation. `Out` is what this end says, `In` what it hears.
#[derive(Clone, Debug)]
pub struct Link<Out, In> {
    /// The number of the last that was said.
    said: u64,
    /// The number of the last that may have reached the other end: what is later may still be taken out.
    sent: u64,
    outbox: VecDeque<Waiting<Out>>,
    bytes: usize,
    resend_at: Option<Duration>,
    retry: Duration,
    /// The number of the last that was heard and handed on.
    seen: u64,
    early: BTreeMap<u64, In>,
    ack_at: Option<Duration>,
}

#[derive(Clone, Debug)]
struct Waiting<Out> {
    seq: u64,
    bytes: usize,
    body: Out,
}

/// The other end does not listen: too much waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too much waits for this device: it does not take what is sent to it")]
pub struct Full;

/// What was missed is not there any more, or never was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what was missed is not kept any more: join anew")]
pub struct Missed;

/// What is to be sent because time has passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due<Out> {
    /// To be said again, under its own number.
    pub again: Vec<(u64, Out)>,
    /// Whether an acknowledgement must go alone.
    pub ack: bool,
}

impl<Out: Clone, In> Default for Link<Out, In> {
    fn default() -> Self {
        Self::new()
    }
}

impl<Out: Clone, In> Link<Out, In> {
    /// A fresh one.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            said: 0,
            sent: 0,
            outbox: VecDeque::new(),
            bytes: 0,
            resend_at: None,
            retry: FIRST_RETRY,
            seen: 0,
            early: BTreeMap::new(),
            ack_at: None,
        }
    }

    /// The number to acknowledge with whatever is sent.
    #[must_use]
    pub const fn seen(&self) -> u64 {
        self.seen
    }

    /// Whether the other end never acknowledged anything.
    #[must_use]
    pub fn is_unheard(&self) -> bool {
        self.said == self.outbox.len() as u64
    }

    /// How many messages wait for an acknowledgement.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.outbox.len()
    }

    /// Gives `body`, which weighs about `bytes`, its number and keeps it until it is acknowledged.
    ///
    /// # Errors
    /// When the other end does not listen.
    pub fn say(&mut self, now: Duration, body: Out, bytes: usize) -> Result<u64, Full> {
        let seq = self.keep(now, body, bytes)?;
        self.sent = seq;
        Ok(seq)
    }

    /// Keeps `body` for when there is a way to the other end again. It takes the place of what was kept since there was none and
    /// for which `outdated` holds: the other end never hears of that.
    ///
    /// # Errors
    /// When too much waits already.
    pub fn say_later(
        &mut self,
        now: Duration,
        body: Out,
        bytes: usize,
        outdated: impl Fn(&Out) -> bool,
    ) -> Result<(), Full> {
        let sent = self.sent;
        let mut freed = 0;
        self.outbox.retain(|waiting| {
            let keep = waiting.seq <= sent || !outdated(&waiting.body);
            freed += if keep { 0 } else { waiting.bytes };
            keep
        });
        self.bytes -= freed;
        // Nobody was told the numbers after `sent`: they close up. What went before may be acknowledged, and gone.
        for (seq, waiting) in (sent + 1..).zip(self.outbox.iter_mut().filter(|waiting| waiting.seq > sent)) {
            waiting.seq = seq;
        }
        self.said = self.outbox.back().map_or(sent, |last| last.seq.max(sent));
        self.keep(now, body, bytes).map(drop)
    }

    fn keep(&mut self, now: Duration, body: Out, bytes: usize) -> Result<u64, Full> {
        if self.outbox.len() >= OUTBOX_LIMIT || self.bytes + bytes > OUTBOX_BYTES {
            return Err(Full);
        }
        self.said += 1;
        self.bytes += bytes;
        self.outbox.push_back(Waiting { seq: self.said, bytes, body });
        self.resend_at.get_or_insert(now + self.retry);
        self.ack_at = None;
        Ok(self.said)
    }

    /// Hears a numbered message, and hands on what is in order now.
    pub fn hear(&mut self, now: Duration, seq: u64, body: In) -> Vec<In> {
        self.ack_at.get_or_insert(now + ACK_AFTER);
        // What is far ahead is not kept: it will be said again.
        if seq > self.seen && seq - self.seen <= AHEAD as u64 {
            self.early.entry(seq).or_insert(body);
        }
        let mut heard = Vec::new();
        while let Some(body) = self.early.remove(&(self.seen + 1)) {
            self.seen += 1;
            heard.push(body);
        }
        heard
    }

    /// The other end has seen everything up to `ack`. A number that was never said changes nothing.
    pub fn acked(&mut self, now: Duration, ack: u64) {
        if ack > self.said {
            return;
        }
        let before = self.outbox.len();
        while self.outbox.front().is_some_and(|first| first.seq <= ack) {
            let first = self.outbox.pop_front();
            self.bytes -= first.map_or(0, |first| first.bytes);
        }
        if self.outbox.len() < before {
            self.retry = FIRST_RETRY;
            self.resend_at = (!self.outbox.is_empty()).then(|| now + self.retry);
        }
    }

    /// An acknowledgement went with something that was not numbered.
    pub fn ack_went(&mut self) {
        self.ack_at = None;
    }

    /// The other end is back, and has seen everything up to `last_seq`: what it missed.
    ///
    /// # Errors
    /// When some of that is not kept any more, or `last_seq` was never said.
    pub fn replay(&mut self, now: Duration, last_seq: u64) -> Result<Vec<(u64, Out)>, Missed> {
        let oldest = self.said - self.outbox.len() as u64;
        if last_seq > self.said || last_seq < oldest {
            return Err(Missed);
        }
        self.acked(now, last_seq);
        Ok(self.again(now))
    }

    /// Everything that is not acknowledged, to be said again at once: the way to the other end is new.
    pub fn again(&mut self, now: Duration) -> Vec<(u64, Out)> {
        self.retry = FIRST_RETRY;
        self.sent = self.said;
        self.resend_at = (!self.outbox.is_empty()).then(|| now + self.retry);
        self.outbox.iter().map(|waiting| (waiting.seq, waiting.body.clone())).collect()
    }

    /// When [`due`](Self::due) will have something.
    #[must_use]
    pub fn next_due(&self) -> Option<Duration> {
        [self.resend_at, self.ack_at].into_iter().flatten().min()
    }

    /// What is to be sent because time has passed.
    pub fn due(&mut self, now: Duration) -> Due<Out> {
        let mut again = Vec::new();
        if self.resend_at.is_some_and(|at| at <= now) {
            self.retry = (self.retry * 2).min(LAST_RETRY);
            self.resend_at = Some(now + self.retry);
            again.extend(self.outbox.iter().take(RESEND).map(|waiting| (waiting.seq, waiting.body.clone())));
        }
        let ack = self.ack_at.is_some_and(|at| at <= now) && again.is_empty();
        if ack || !again.is_empty() {
            self.ack_at = None;
        }
        Due { again, ack }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index};

    use super::*;

    const NOW: Duration = Duration::ZERO;

    #[test]
    fn what_comes_twice_or_early_is_handed_on_once_and_in_order() {
        let mut link: Link<(), char> = Link::new();
        assert!(link.hear(NOW, 2, 'b').is_empty());
        assert_eq!(link.hear(NOW, 1, 'a'), ['a', 'b']);
        assert!(link.hear(NOW, 2, 'b').is_empty());
        assert!(link.hear(NOW, 900, 'z').is_empty());
        assert_eq!(link.seen(), 2);
    }

    #[test]
    fn what_is_not_acknowledged_is_said_again_ever_more_slowly() {
        let mut link: Link<char, ()> = Link::new();
        link.say(NOW, 'a', 1).unwrap();
        assert_eq!(link.due(Duration::from_millis(999)).again, []);
        assert_eq!(link.due(Duration::from_millis(1000)).again, [(1, 'a')]);
        assert_eq!(link.next_due(), Some(Duration::from_secs(3)));
        link.acked(Duration::from_secs(2), 7);
        assert_eq!(link.waiting(), 1);
        link.acked(Duration::from_secs(2), 1);
        assert_eq!((link.waiting(), link.next_due()), (0, None));
    }

    #[test]
    fn an_acknowledgement_goes_alone_only_when_nothing_was_said() {
        let mut link: Link<char, char> = Link::new();
        link.hear(NOW, 1, 'x');
        assert!(!link.due(Duration::from_millis(249)).ack);
        assert!(link.due(Duration::from_millis(250)).ack);
        link.hear(Duration::from_secs(1), 2, 'y');
        link.say(Duration::from_secs(1), 'a', 1).unwrap();
        assert!(!link.due(Duration::from_millis(1300)).ack);
    }

    #[test]
    fn an_end_that_does_not_listen_costs_a_bounded_memory() {
        let mut link: Link<(), ()> = Link::new();
        assert_eq!((0..2 * OUTBOX_LIMIT).filter(|_| link.say(NOW, (), 1).is_ok()).count(), OUTBOX_LIMIT);
        let mut link: Link<(), ()> = Link::new();
        assert_eq!(link.say(NOW, (), OUTBOX_BYTES + 1), Err(Full));
    }

    #[test]
    fn a_replay_is_whole_or_refused() {
        let mut link: Link<char, ()> = Link::new();
        for body in ['a', 'b', 'c'] {
            link.say(NOW, body, 1).unwrap();
        }
        assert_eq!(link.replay(NOW, 1), Ok(vec![(2, 'b'), (3, 'c')]));
        assert_eq!(link.replay(NOW, 0), Err(Missed));
        assert_eq!(link.replay(NOW, 4), Err(Missed));
    }

    #[test]
    fn what_is_outdated_before_it_went_is_never_said() {
        let mut link: Link<&str, ()> = Link::new();
        let later = |link: &mut Link<&'static str, ()>, body: &'static str| {
            link.say_later(NOW, body, 1, |old| old[..1] == body[..1]).unwrap();
        };
        link.say(NOW, "a1", 1).unwrap();
        for body in ["a2", "b1", "a3", "c1", "b2"] {
            later(&mut link, body);
        }
        // What went stays, since it may have been heard.
        assert_eq!(link.replay(NOW, 0), Ok(vec![(1, "a1"), (2, "a3"), (3, "c1"), (4, "b2")]));
        later(&mut link, "c2");
        assert_eq!(link.say(NOW, "d1", 1), Ok(6));
        link.acked(NOW, 4);
        assert_eq!(link.replay(NOW, 4), Ok(vec![(5, "c2"), (6, "d1")]));
        link.acked(NOW, 6);
        (0..2 * OUTBOX_LIMIT).for_each(|_| later(&mut link, "e1"));
        assert_eq!((link.waiting(), link.bytes), (1, 1));
    }

    proptest! {
        /// Two ends, and a channel that loses, doubles and reorders for as long as `faults` last.
        #[test]
        fn everything_said_is_heard_once_and_in_order(
            count in 1..150_u32, faults in proptest::collection::vec((0..4_u8, any::<Index>()), 0..400)
        ) {
            let (mut a, mut b): (Link<u32, u32>, Link<u32, u32>) = (Link::new(), Link::new());
            let (mut air, mut heard): (Vec<(u64, u32)>, Vec<u32>) = (Vec::new(), Vec::new());
            let mut now = NOW;
            let mut faults = faults.into_iter();
            for body in 0..count {
                let seq = a.say(now, body, 1).unwrap();
                air.push((seq, body));
            }
            for _ in 0..10_000 {
                if heard.len() == count as usize && a.waiting() == 0 { break }
                if air.is_empty() {
                    now += Duration::from_millis(250);
                    air.extend(a.due(now).again);
                    if b.due(now).ack { a.acked(now, b.seen()); }
                    continue;
                }
                let (fault, at) = faults.next().map_or((0, 0), |(fault, at)| (fault, at.index(air.len())));
                match fault {
                    1 => { air.remove(at); }
                    2 => air.push(air[at]),
                    _ => {
                        let (seq, body) = air.remove(at);
                        heard.extend(b.hear(now, seq, body));
                    }
                }
            }
            prop_assert_eq!(heard, (0..count).collect::<Vec<_>>());
            prop_assert_eq!(a.waiting(), 0);
        }
    }
}
