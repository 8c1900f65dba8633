//! Two sides of a negotiation over a channel that loses, doubles and reorders, while both change their minds: they always come
//! to rest with the same agreement, and nothing stale is ever taken.

use std::time::Duration;

use proptest::{prelude::*, sample::Index};
use rony_rtc::{
    id::PeerId,
    signal::{
        Description,
        negotiation::{Connection, Effect, Input, Negotiation, Operation},
    },
};

use crate::platform::Side;

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
