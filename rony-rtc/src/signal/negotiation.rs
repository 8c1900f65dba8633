//! One peer's side of agreeing with another on what to send: "perfect negotiation" as a pure machine.
//!
//! Either side may offer at any time. When both do at once (glare), the **polite** one, which is the peer with the higher
//! number, takes its offer back and answers, and offers again afterwards; the other ignores the offer, and its candidates
//! too. That is the pattern of the [W3C's recommendation](https://www.w3.org/TR/webrtc/#perfect-negotiation-example), made
//! explicit for platforms that roll nothing back by themselves, and with numbers for messages that may be lost, doubled and
//! reordered:
//!
//! - Negotiations of a pair are counted in rounds. An offer is for the round after the one that its sender agreed on last,
//!   and its [`Nid`] is twice the round, and one more if the polite peer makes it.
//! - An offer of a round that is agreed already is stale; the one that was agreed on itself is answered again, since the first
//!   answer may have been lost. An offer from two rounds ahead shows that one's own offer was answered and the answer is
//!   late: it waits.
//! - An answer is taken only for the offer that is out. An offer without an answer is said again.
//!
//! So at most one offer of a round is ever agreed on, and when both sides rest they have agreed on the same.
//!
//! A platform (a browser, the native peer) does one thing at a time and tells when it is done: [`Effect::Do`] is followed by
//! [`Input::Done`], and what is heard meanwhile waits here.

use std::{collections::VecDeque, mem, time::Duration};

use super::types::{Candidate, Description, Nid, Sdp};
use crate::id::PeerId;

/// How long an offer waits for its answer before it is said again for the first time; each further time doubles it.
const FIRST_RETRY: Duration = Duration::from_secs(3);
/// The longest that it waits.
const LAST_RETRY: Duration = Duration::from_secs(24);
/// How long a connection may be interrupted before ICE is restarted: most interruptions end by themselves.
const INTERRUPTED: Duration = Duration::from_secs(4);
/// How long to wait after something failed.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// After so many failures or restarts in a row without a connection it is given up.
const PATIENCE: u32 = 5;
/// How many messages wait while the platform works; what is lost beyond that is said again.
const QUEUE: usize = 256;
/// How many candidates wait for their description.
const EARLY: usize = 128;
/// Candidates of so many negotiations are taken: gathering goes on while another one is agreed on.
const RECENT: usize = 8;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// What one wants to send has changed (a browser's `negotiationneeded`).
    Needed,
    /// The way to the other must be found anew: after a seat was resumed, or the network changed.
    Restart,
    /// The platform's connection changed.
    Connection(Connection),
    /// The other side says something.
    Heard(Description),
    /// The platform found a way to reach this side; `None` with `last` when there are no more.
    Found {
        /// The way.
        candidate: Option<Candidate>,
        /// Whether none will follow.
        last: bool,
    },
    /// The platform has done what it was asked to.
    Done(Outcome),
    /// Time has passed.
    Tick,
}

/// How the connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// Media flows.
    Connected,
    /// It was interrupted, maybe for a moment.
    Disconnected,
    /// It will not come back by itself.
    Failed,
}

/// What the platform made of what it was asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An offer, which is its local description now.
    Offered(Sdp),
    /// The other's description is in force.
    Applied,
    /// An answer, which is its local description now.
    Answered(Sdp),
    /// It could not.
    Failed,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask the platform, and tell [`Input::Done`] afterwards. It is asked one thing at a time.
    Do(Operation),
    /// Give the platform a candidate of the other side, and do not wait. `None`: there are no more.
    AddCandidate(Option<Candidate>),
    /// Tell the other side.
    Tell(Description),
    /// Nothing helps: close the connection and join the room anew.
    GaveUp,
}

/// What a platform is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Make an offer and make it the local description; answered by [`Outcome::Offered`].
    Offer {
        /// With new ICE credentials.
        restart: bool,
        /// Take back what was begun before.
        rollback: bool,
    },
    /// Make this offer of the other side the remote description; answered by [`Outcome::Applied`].
    TakeOffer {
        /// The offer.
        sdp: Sdp,
        /// Take back one's own offer first.
        rollback: bool,
    },
    /// Make an answer and make it the local description; answered by [`Outcome::Answered`].
    Answer,
    /// Make this answer the remote description; answered by [`Outcome::Applied`].
    TakeAnswer {
        /// The answer.
        sdp: Sdp,
    },
}

/// What the platform is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Offer { nid: Nid, restart: bool },
    TakeOffer { nid: Nid, rollback: bool },
    Answer { nid: Nid },
    TakeAnswer { nid: Nid },
}

/// An offer that waits for its answer.
#[derive(Clone, Debug)]
struct Offered {
    nid: Nid,
    sdp: Sdp,
    restart: bool,
    again_at: Duration,
    retry: Duration,
}

/// See the module's documentation.
#[derive(Clone, Debug)]
pub struct Negotiation {
    polite: bool,
    /// What was agreed on last; 0 before the first time.
    agreed: Nid,
    /// One's own answer to it, if the other side had offered.
    answer: Option<Sdp>,
    offer: Option<Offered>,
    doing: Option<Doing>,
    /// Whether the platform was left with half a negotiation.
    dirty: bool,
    needed: bool,
    restart: bool,
    restart_at: Option<Duration>,
    retry_at: Option<Duration>,
    failures: u32,
    gave_up: bool,
    queue: VecDeque<Description>,
    early: VecDeque<(Nid, Option<Candidate>)>,
    /// The negotiations whose remote description was in force, the newest last.
    recent: VecDeque<Nid>,
    /// Candidates of this side that the platform found before it said what they belong to.
    found: Vec<(Option<Candidate>, bool)>,
}

const fn round(nid: Nid) -> u32 {
    nid.0 / 2
}

impl Negotiation {
    /// The side of `me` towards `other`. Nothing happens before something is needed or heard.
    #[must_use]
    pub fn new(me: PeerId, other: PeerId) -> Self {
        Self {
            polite: me.is_polite_to(other),
            agreed: Nid(0),
            answer: None,
            offer: None,
            doing: None,
            dirty: false,
            needed: false,
            restart: false,
            restart_at: None,
            retry_at: None,
            failures: 0,
            gave_up: false,
            queue: VecDeque::new(),
            early: VecDeque::new(),
            recent: VecDeque::new(),
            found: Vec::new(),
        }
    }

    /// Whether there is nothing to do: no offer is out, and none is needed.
    #[must_use]
    pub fn is_stable(&self) -> bool {
        self.doing.is_none() && self.offer.is_none() && !self.needed && !self.restart && self.queue.is_empty()
    }

    /// What was agreed on last.
    #[must_use]
    pub fn agreed(&self) -> Option<Nid> {
        (self.agreed.0 > 0).then_some(self.agreed)
    }

    /// When to tell [`Input::Tick`], by the steady clock.
    #[must_use]
    pub fn next_due(&self) -> Option<Duration> {
        let again = self.offer.as_ref().map(|offer| offer.again_at);
        [again, self.restart_at, self.retry_at].into_iter().flatten().min()
    }

    /// Takes what happened, and says what to do.
    pub fn handle(&mut self, now: Duration, input: Input) -> Vec<Effect> {
        let mut effects = Vec::new();
        match input {
            Input::Needed => self.needed = true,
            Input::Restart => self.restart = true,
            Input::Connection(connection) => self.connection(now, connection, &mut effects),
            Input::Heard(Description::Trickle { nid, candidate, .. }) => {
                self.candidate(nid, candidate, &mut effects);
            }
            Input::Heard(description) => {
                if self.queue.len() < QUEUE {
                    self.queue.push_back(description);
                }
            }
            Input::Found { candidate, last } => self.found(candidate, last, &mut effects),
            Input::Done(outcome) => self.done(now, outcome, &mut effects),
            Input::Tick => self.tick(now, &mut effects),
        }
        self.go_on(&mut effects);
        effects
    }

    fn go_on(&mut self, effects: &mut Vec<Effect>) {
        while self.doing.is_none()
            && let Some(description) = self.queue.pop_front()
        {
            match description {
                Description::Offer { nid, sdp } => self.hear_offer(nid, sdp, effects),
                Description::Answer { nid, sdp } => self.hear_answer(nid, sdp, effects),
                Description::Trickle { .. } => {}
            }
        }
        let wanted = self.needed || self.restart;
        if self.doing.is_none() && self.offer.is_none() && self.retry_at.is_none() && wanted {
            let nid = Nid((round(self.agreed) + 1) * 2 + u32::from(self.polite));
            let restart = mem::take(&mut self.restart);
            self.needed = false;
            let rollback = mem::take(&mut self.dirty);
            self.start(Doing::Offer { nid, restart }, Operation::Offer { restart, rollback }, effects);
        }
    }

    fn start(&mut self, doing: Doing, operation: Operation, effects: &mut Vec<Effect>) {
        self.doing = Some(doing);
        effects.push(Effect::Do(operation));
    }

    fn hear_offer(&mut self, nid: Nid, sdp: Sdp, effects: &mut Vec<Effect>) {
        if nid.0 % 2 == u32::from(self.polite) {
            return; // One's own kind of number: the other side cannot have made it.
        }
        if nid == self.agreed
            && let Some(answer) = &self.answer
        {
            effects.push(Effect::Tell(Description::Answer { nid, sdp: answer.clone() }));
        }
        // Of a round that is agreed, or of one after the next, whose answer is on its way and is said again.
        if round(nid) != round(self.agreed) + 1 {
            return;
        }
        let mut rollback = mem::take(&mut self.dirty);
        if let Some(offer) = &self.offer {
            if !self.polite {
                return; // Glare: the other side gives way.
            }
            self.restart |= offer.restart;
            self.needed = true;
            self.offer = None;
            rollback = true;
        }
        self.start(Doing::TakeOffer { nid, rollback }, Operation::TakeOffer { sdp, rollback }, effects);
    }

    fn hear_answer(&mut self, nid: Nid, sdp: Sdp, effects: &mut Vec<Effect>) {
        if self.offer.as_ref().is_some_and(|offer| offer.nid == nid) {
            self.start(Doing::TakeAnswer { nid }, Operation::TakeAnswer { sdp }, effects);
        }
    }

    fn done(&mut self, now: Duration, outcome: Outcome, effects: &mut Vec<Effect>) {
        match (self.doing.take(), outcome) {
            (Some(Doing::Offer { nid, restart }), Outcome::Offered(sdp)) => {
                let again_at = now + FIRST_RETRY;
                let offer = Offered { nid, sdp: sdp.clone(), restart, again_at, retry: FIRST_RETRY };
                self.offer = Some(offer);
                effects.push(Effect::Tell(Description::Offer { nid, sdp }));
                self.tell_found(nid, effects);
            }
            (Some(Doing::TakeOffer { nid, .. }), Outcome::Applied) => {
                self.in_force(nid, effects);
                self.start(Doing::Answer { nid }, Operation::Answer, effects);
            }
            (Some(Doing::Answer { nid }), Outcome::Answered(sdp)) => {
                self.agree(nid, Some(sdp.clone()));
                effects.push(Effect::Tell(Description::Answer { nid, sdp }));
                self.tell_found(nid, effects);
            }
            (Some(Doing::TakeAnswer { nid }), Outcome::Applied) => {
                self.offer = None;
                self.in_force(nid, effects);
                self.agree(nid, None);
            }
            (Some(doing), _) => self.failed(now, doing, effects),
            (None, _) => {}
        }
    }

    fn agree(&mut self, nid: Nid, answer: Option<Sdp>) {
        self.agreed = nid;
        self.answer = answer;
        self.failures = 0;
        // What waited for an offer of this round that was not the one belongs to nothing any more.
        self.early.retain(|(other, _)| round(*other) > round(nid));
    }

    fn failed(&mut self, now: Duration, doing: Doing, effects: &mut Vec<Effect>) {
        match doing {
            Doing::Offer { restart, .. } => {
                self.needed = true;
                self.restart |= restart;
                self.retry_at = Some(now + AFTER_FAILURE);
            }
            // The platform has the offer and no answer: whatever comes next begins with a rollback.
            Doing::Answer { nid } => {
                self.dirty = true;
                self.recent.retain(|other| *other != nid);
            }
            // The other side says it again.
            Doing::TakeOffer { .. } | Doing::TakeAnswer { .. } => {}
        }
        self.lose_patience(effects);
    }

    fn lose_patience(&mut self, effects: &mut Vec<Effect>) {
        self.failures += 1;
        if self.failures >= PATIENCE && !mem::replace(&mut self.gave_up, true) {
            effects.push(Effect::GaveUp);
        }
    }

    fn connection(&mut self, now: Duration, connection: Connection, effects: &mut Vec<Effect>) {
        match connection {
            Connection::Connected => {
                (self.restart_at, self.restart, self.failures, self.gave_up) = (None, false, 0, false);
            }
            Connection::Disconnected => {
                self.restart_at.get_or_insert(now + INTERRUPTED);
            }
            Connection::Failed => {
                self.restart_at = None;
                self.restart = true;
                self.lose_patience(effects);
            }
        }
    }

    fn tick(&mut self, now: Duration, effects: &mut Vec<Effect>) {
        if self.retry_at.is_some_and(|at| at <= now) {
            self.retry_at = None;
        }
        if self.restart_at.is_some_and(|at| at <= now) {
            self.restart_at = None;
            self.restart = true;
        }
        if let Some(offer) = &mut self.offer
            && offer.again_at <= now
        {
            offer.retry = (offer.retry * 2).min(LAST_RETRY);
            offer.again_at = now + offer.retry;
            if self.doing.is_none() {
                let (nid, sdp) = (offer.nid, offer.sdp.clone());
                effects.push(Effect::Tell(Description::Offer { nid, sdp }));
            }
        }
    }

    /// A description of the other side is in force: its candidates are good from now on.
    fn in_force(&mut self, nid: Nid, effects: &mut Vec<Effect>) {
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(nid);
        for (other, candidate) in mem::take(&mut self.early) {
            if other == nid {
                effects.push(Effect::AddCandidate(candidate));
            } else {
                self.early.push_back((other, candidate));
            }
        }
    }

    fn candidate(&mut self, nid: Nid, candidate: Option<Candidate>, effects: &mut Vec<Effect>) {
        if self.recent.contains(&nid) {
            effects.push(Effect::AddCandidate(candidate));
        } else if round(nid) > round(self.agreed) && self.early.len() < EARLY {
            self.early.push_back((nid, candidate));
        }
    }

    fn found(&mut self, candidate: Option<Candidate>, last: bool, effects: &mut Vec<Effect>) {
        if matches!(self.doing, Some(Doing::TakeOffer { rollback: true, .. })) {
            return; // It belongs to what is being taken back.
        }
        let unknown = matches!(self.doing, Some(Doing::Offer { .. } | Doing::Answer { .. }));
        let nid = self.offer.as_ref().map_or(self.agreed, |offer| offer.nid);
        if unknown || nid.0 == 0 {
            self.found.push((candidate, last));
        } else {
            effects.push(Effect::Tell(Description::Trickle { nid, candidate, last }));
        }
    }

    fn tell_found(&mut self, nid: Nid, effects: &mut Vec<Effect>) {
        for (candidate, last) in self.found.drain(..) {
            effects.push(Effect::Tell(Description::Trickle { nid, candidate, last }));
        }
    }
}
