//! Whatever people do with calls, in any order: one device answers, all others hear an end, and each call is written down
//! once.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{prelude::*, sample::select};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use rony_rtc::{call::Input, id::CallId};

use super::devices::{Shown, World, call, device, user};

#[derive(Clone, Debug)]
enum Act {
    Invite { id: u128, caller: u128, callees: Vec<u128> },
    Accept { id: u128, on: u64 },
    Decline { id: u128, who: u128 },
    HangUp { id: u128, who: u128 },
    Hold { id: u128, who: u128, on: bool },
    Video { id: u128, who: u128, on: bool },
    Online { on: u64 },
    Wait { seconds: u64 },
}

/// What is known without a switchboard: who ever tried to begin which call.
#[derive(Clone, Debug, Default)]
struct Begun(BTreeMap<u128, BTreeSet<u128>>);

impl ReferenceStateMachine for Begun {
    type State = Self;
    type Transition = Act;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::default()).boxed()
    }

    fn transitions(state: &Self) -> BoxedStrategy<Act> {
        let next = state.0.len() as u128 + 1;
        // Mostly a new call, sometimes one that was begun already, by the same or somebody else.
        let id = prop_oneof![4 => Just(next), 1 => 1..=next];
        let some = || 1..=next;
        let who = || 1..5_u128;
        let on = || select(vec![10_u64, 11, 20, 21, 30, 31, 40, 41, 50]);
        prop_oneof![
            4 => (id, who(), proptest::collection::vec(1..6_u128, 1..4))
                .prop_map(|(id, caller, callees)| Act::Invite { id, caller, callees }),
            8 => (some(), on()).prop_map(|(id, on)| Act::Accept { id, on }),
            3 => (some(), who()).prop_map(|(id, who)| Act::Decline { id, who }),
            3 => (some(), who()).prop_map(|(id, who)| Act::HangUp { id, who }),
            2 => (some(), who(), any::<bool>()).prop_map(|(id, who, on)| Act::Hold { id, who, on }),
            1 => (some(), who(), any::<bool>()).prop_map(|(id, who, on)| Act::Video { id, who, on }),
            1 => on().prop_map(|on| Act::Online { on }),
            2 => (1..60_u64).prop_map(|seconds| Act::Wait { seconds }),
        ]
        .boxed()
    }

    fn apply(mut state: Self, act: &Act) -> Self {
        if let Act::Invite { id, caller, .. } = act {
            state.0.entry(*id).or_default().insert(*caller);
        }
        state
    }
}

struct Board;

impl StateMachineTest for Board {
    type SystemUnderTest = World;
    type Reference = Begun;

    fn init_test(_: &Begun) -> World {
        World::new()
    }

    fn apply(mut world: World, _: &Begun, act: Act) -> World {
        match act {
            Act::Invite { id, caller, callees } => world.invite(id, caller, &callees),
            Act::Accept { id, on } => world.accept(id, on),
            Act::Decline { id, who } => world.decline(id, who),
            Act::HangUp { id, who } => world.hang_up(id, who),
            Act::Hold { id, who, on } => world.input(Input::Hold { call: call(id), user: user(who), on }),
            Act::Video { id, who, on } => world.input(Input::Video { call: call(id), user: user(who), on }),
            Act::Online { on } => {
                world.input(Input::Online { user: user(u128::from(on / 10)), device: device(on) });
            }
            Act::Wait { seconds } => world.wait(seconds),
        }
        world
    }

    fn check_invariants(world: &World, begun: &Begun) {
        let live = |shown: &Shown| !matches!(shown, Shown::Over(_));
        let logged: Vec<CallId> = world.logged.iter().map(|record| record.info.call).collect();
        let once: BTreeSet<CallId> = logged.iter().copied().collect();
        assert_eq!(once.len(), logged.len(), "a call is written down once");
        for record in &world.logged {
            let number = record.info.call.0.as_u128();
            assert!(begun.0[&number].iter().any(|caller| user(*caller) == record.info.caller));
        }
        let mut talking: BTreeMap<(u128, CallId), usize> = BTreeMap::new();
        let mut free: BTreeMap<u128, usize> = BTreeMap::new();
        for ((who, on, call), shown) in &world.shown {
            assert!(
                !(once.contains(call) && live(shown)),
                "device {on} still shows {shown:?} of a call that is over"
            );
            if let Shown::Talking { held } = shown {
                *talking.entry((*who, *call)).or_default() += 1;
                *free.entry(*who).or_default() += usize::from(!held);
            }
        }
        assert!(world.shown.keys().all(|(who, ..)| *who != 5), "who is to hear nothing hears nothing");
        assert!(talking.values().all(|devices| *devices == 1), "one device of a person is in a call");
        assert!(free.values().all(|calls| *calls <= 1), "one call goes on, others are held");
        for ((who, on, call), shown) in &world.shown {
            let answered = talking.contains_key(&(*who, *call));
            let rings = matches!(shown, Shown::Ringing { .. });
            assert!(!(answered && rings), "device {on} rings although another one answered");
        }
        // With time everything that only rings is over.
        let mut later = World { board: world.board.clone(), now: world.now, ..World::new() };
        later.wait(60);
        assert_eq!(later.board.next_due(), None);
    }
}

prop_state_machine! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn one_device_answers_and_everybody_else_hears_an_end(sequential 1..60 => Board);
}
