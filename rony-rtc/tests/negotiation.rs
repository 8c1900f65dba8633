//! Two sides of a negotiation over a channel that loses, doubles and reorders, while both change their minds: they always come
//! to rest with the same agreement, and nothing stale is ever taken.

use std::time::Duration;

use proptest::{prelude::*, sample::Index};
use rony_rtc::{
    id::PeerId,
    signal::{
        Candidate, Description, Sdp,
        negotiation::{Connection, Effect, Input, Negotiation, Operation, Outcome},
    },
};

/// What a browser's `RTCPeerConnection` would do, and refuse.
#[derive(Debug, Default)]
struct Platform {
    name: &'static str,
    offers: u32,
    /// The agreement: offer and answer.
    current: Option<(Sdp, Sdp)>,
    local_offer: Option<Sdp>,
    remote_offer: Option<Sdp>,
    /// Descriptions of the other side that were in force.
    known: Vec<String>,
    /// How often each further thing fails.
    fails: u32,
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

struct Side {
    machine: Negotiation,
    platform: Platform,
    /// What the platform has been asked and has not done yet.
    asked: Option<Operation>,
}

impl Side {
    fn new(name: &'static str, me: u32, other: u32) -> Self {
        let platform = Platform { name, ..Platform::default() };
        Self { machine: Negotiation::new(PeerId(me), PeerId(other)), platform, asked: None }
    }

    /// Feeds the machine, and gives what it tells the other side.
    fn feed(&mut self, now: Duration, input: Input) -> Vec<Description> {
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

    fn work(&mut self, now: Duration) -> Vec<Description> {
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

#[derive(Clone, Debug)]
enum Step {
    Needed(bool),
    Restart(bool),
    Disconnected(bool),
    Work(bool),
    Deliver(bool, Index),
    Lose(bool, Index),
    Double(bool, Index),
    Fail(bool),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let side = any::<bool>;
    prop_oneof![
        3 => side().prop_map(Step::Needed),
        1 => side().prop_map(Step::Restart),
        1 => side().prop_map(Step::Disconnected),
        8 => side().prop_map(Step::Work),
        8 => (side(), any::<Index>()).prop_map(|(to, at)| Step::Deliver(to, at)),
        3 => (side(), any::<Index>()).prop_map(|(to, at)| Step::Lose(to, at)),
        3 => (side(), any::<Index>()).prop_map(|(to, at)| Step::Double(to, at)),
        1 => side().prop_map(Step::Fail),
        2 => (0..6000_u64).prop_map(Step::Wait),
    ]
}

struct Pair {
    sides: [Side; 2],
    /// What is on its way to each side.
    air: [Vec<Description>; 2],
    now: Duration,
}

impl Pair {
    fn new() -> Self {
        let sides = [Side::new("a", 1, 2), Side::new("b", 2, 1)];
        Self { sides, air: [Vec::new(), Vec::new()], now: Duration::ZERO }
    }

    fn feed(&mut self, side: usize, input: Input) {
        let told = self.sides[side].feed(self.now, input);
        self.air[1 - side].extend(told);
    }

    fn work(&mut self, side: usize) {
        let told = self.sides[side].work(self.now);
        self.air[1 - side].extend(told);
    }

    fn wait(&mut self, millis: u64) {
        self.now += Duration::from_millis(millis);
        for side in [0, 1] {
            self.feed(side, Input::Tick);
        }
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Needed(side) => self.feed(side.into(), Input::Needed),
            Step::Restart(side) => self.feed(side.into(), Input::Restart),
            Step::Disconnected(side) => self.feed(side.into(), Input::Connection(Connection::Disconnected)),
            Step::Work(side) => self.work(side.into()),
            Step::Deliver(to, at) => {
                let air = &mut self.air[usize::from(to)];
                if !air.is_empty() {
                    let description = air.remove(at.index(air.len()));
                    self.feed(to.into(), Input::Heard(description));
                }
            }
            Step::Lose(to, at) => {
                let air = &mut self.air[usize::from(to)];
                if !air.is_empty() {
                    air.remove(at.index(air.len()));
                }
            }
            Step::Double(to, at) => {
                let air = &mut self.air[usize::from(to)];
                if !air.is_empty() {
                    air.push(air[at.index(air.len())].clone());
                }
            }
            Step::Fail(side) => self.sides[usize::from(side)].platform.fails = 1,
            Step::Wait(millis) => self.wait(millis),
        }
    }

    /// The channel behaves from now on.
    fn settle(&mut self) {
        for _ in 0..500 {
            let air = std::mem::take(&mut self.air);
            for (to, descriptions) in air.into_iter().enumerate() {
                for description in descriptions {
                    self.feed(to, Input::Heard(description));
                }
                self.work(to);
            }
            if self.air.iter().all(Vec::is_empty) {
                if self.sides.iter().all(|side| side.machine.is_stable()) {
                    return;
                }
                self.wait(1000);
            }
        }
        panic!("they never came to rest");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn both_sides_always_come_to_rest_with_the_same_agreement(
        steps in proptest::collection::vec(step(), 1..120)
    ) {
        let mut pair = Pair::new();
        let wanted = steps.iter().any(|step| matches!(step, Step::Needed(_) | Step::Restart(_)));
        for step in steps {
            pair.step(&step);
        }
        pair.settle();
        let [a, b] = &pair.sides;
        prop_assert_eq!(&a.platform.current, &b.platform.current);
        prop_assert_eq!(a.machine.agreed(), b.machine.agreed());
        prop_assert!(!wanted || a.platform.current.is_some());
    }
}

#[test]
fn when_both_offer_at_once_the_polite_one_gives_way_and_is_heard_afterwards() {
    let mut pair = Pair::new();
    for side in [0, 1] {
        pair.feed(side, Input::Needed);
        pair.work(side);
    }
    pair.settle();
    // The first agreement was on a's offer, the second on what b wanted to change.
    assert_eq!(pair.sides[0].platform.current.as_ref().unwrap().0.0, "v=0 offer b2");
    assert_eq!(pair.sides[1].platform.known[0], "v=0 offer a1");
    assert_eq!(pair.sides[0].platform.known, ["v=0 answer to v=0 offer a1", "v=0 offer b2"]);
}

#[test]
fn a_failed_connection_is_restarted_and_in_the_end_given_up() {
    let mut machine = Negotiation::new(PeerId(1), PeerId(2));
    let failed = || Input::Connection(Connection::Failed);
    let effects = machine.handle(Duration::ZERO, failed());
    assert_eq!(effects, [Effect::Do(Operation::Offer { restart: true, rollback: false })]);
    let given_up = (0..10)
        .flat_map(|_| machine.handle(Duration::ZERO, failed()))
        .filter(|effect| *effect == Effect::GaveUp);
    assert_eq!(given_up.count(), 1);
}

#[test]
fn an_interruption_that_ends_by_itself_restarts_nothing() {
    let mut machine = Negotiation::new(PeerId(1), PeerId(2));
    machine.handle(Duration::ZERO, Input::Connection(Connection::Disconnected));
    assert_eq!(machine.next_due(), Some(Duration::from_secs(4)));
    machine.handle(Duration::from_secs(2), Input::Connection(Connection::Connected));
    assert_eq!(machine.handle(Duration::from_secs(5), Input::Tick), []);
    machine.handle(Duration::from_secs(6), Input::Connection(Connection::Disconnected));
    let effects = machine.handle(Duration::from_secs(10), Input::Tick);
    assert_eq!(effects, [Effect::Do(Operation::Offer { restart: true, rollback: false })]);
}
