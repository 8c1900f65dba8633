//! A stand-in for a browser's connection, and a negotiation that drives one.

use std::time::Duration;

use rony_rtc::{
    id::PeerId,
    signal::{
        Candidate, Description, Sdp,
        negotiation::{Effect, Input, Negotiation, Operation, Outcome},
    },
};

/// What a browser's `RTCPeerConnection` would do, and refuse.
#[derive(Debug, Default)]
pub(crate) struct Platform {
    name: &'static str,
    offers: u32,
    /// The agreement: offer and answer.
    pub(crate) current: Option<(Sdp, Sdp)>,
    local_offer: Option<Sdp>,
    remote_offer: Option<Sdp>,
    /// Descriptions of the other side that were in force.
    pub(crate) known: Vec<String>,
    /// How often each further thing fails.
    pub(crate) fails: u32,
}

impl Platform {
    fn run(&mut self, operation: Operation) -> Outcome {
        if self.fails > 0 {
            self.fails -= 1;
            if let Operation::TakeOffer { rollback: true, .. } | Operation::Offer { rollback: true, .. } =
                operation
            {
                (self.local_offer, self.remote_offer) = (None, None);
            }
            return Outcome::Failed;
        }
        match operation {
            Operation::Offer { rollback, .. } => {
                self.roll(rollback);
                assert_eq!(
                    (&self.local_offer, &self.remote_offer),
                    (&None, &None),
                    "offers in a stable state only"
                );
                self.offers += 1;
                let sdp = Sdp(format!("v=0 offer {}{}", self.name, self.offers));
                self.local_offer = Some(sdp.clone());
                Outcome::Offered(sdp)
            }
            Operation::TakeOffer { sdp, rollback } => {
                self.roll(rollback);
                assert_eq!(
                    (&self.local_offer, &self.remote_offer),
                    (&None, &None),
                    "rolls back before it takes"
                );
                self.known.push(sdp.0.clone());
                self.remote_offer = Some(sdp);
                Outcome::Applied
            }
            Operation::Answer => {
                let offer = self.remote_offer.take().expect("answers what was offered");
                let answer = Sdp(format!("v=0 answer to {}", offer.0));
                self.current = Some((offer, answer.clone()));
                Outcome::Answered(answer)
            }
            Operation::TakeAnswer { sdp } => {
                let offer = self.local_offer.take().expect("takes an answer to an offer");
                assert_eq!(sdp.0, format!("v=0 answer to {}", offer.0), "a stale answer was taken");
                self.known.push(sdp.0.clone());
                self.current = Some((offer, sdp));
                Outcome::Applied
            }
        }
    }

    fn roll(&mut self, back: bool) {
        if back {
            (self.local_offer, self.remote_offer) = (None, None);
        }
    }
}

pub(crate) struct Side {
    pub(crate) machine: Negotiation,
    pub(crate) platform: Platform,
    /// What the platform has been asked and has not done yet.
    asked: Option<Operation>,
}

impl Side {
    pub(crate) fn new(name: &'static str, me: u32, other: u32) -> Self {
        let platform = Platform { name, ..Platform::default() };
        Self { machine: Negotiation::new(PeerId(me), PeerId(other)), platform, asked: None }
    }

    /// Feeds the machine, and gives what it tells the other side.
    pub(crate) fn feed(&mut self, now: Duration, input: Input) -> Vec<Description> {
        let mut told = Vec::new();
        for effect in self.machine.handle(now, input) {
            match effect {
                Effect::Do(operation) => {
                    assert!(self.asked.replace(operation).is_none(), "one thing at a time");
                }
                Effect::Tell(description) => told.push(description),
                Effect::AddCandidate(candidate) => {
                    let of = candidate.expect("only real ones are sent here").candidate;
                    assert!(self.platform.known.contains(&of), "a candidate of {of}, which was ignored");
                }
                Effect::GaveUp => {}
            }
        }
        told
    }

    pub(crate) fn work(&mut self, now: Duration) -> Vec<Description> {
        let Some(operation) = self.asked.take() else { return Vec::new() };
        let outcome = self.platform.run(operation);
        let described = match &outcome {
            Outcome::Offered(sdp) | Outcome::Answered(sdp) => Some(sdp.0.clone()),
            _ => None,
        };
        let mut told = self.feed(now, Input::Done(outcome));
        if let Some(candidate) = described {
            let candidate =
                Candidate { candidate, sdp_mid: None, sdp_m_line_index: None, username_fragment: None };
            told.extend(self.feed(now, Input::Found { candidate: Some(candidate), last: false }));
        }
        told
    }
}
