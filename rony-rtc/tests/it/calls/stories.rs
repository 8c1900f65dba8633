//! What people do with calls, one story each.

use rony_rtc::call::{Audience, CallError, CallEvent, CallOutcome, EndReason, Input, Outcome};

use super::devices::{Shown, World, call, device, user};

const RINGS: Option<Shown> = Some(Shown::Ringing { waiting: false });
const TALKS: Option<Shown> = Some(Shown::Talking { held: false });

fn over(reason: EndReason) -> Option<Shown> {
    Some(Shown::Over(reason))
}

#[test]
fn all_devices_ring_and_one_answers() {
    let mut world = World::new();
    world.invite(1, 1, &[2]);
    assert_eq!((world.shown(20, 1), world.shown(21, 1)), (RINGS, RINGS));
    assert_eq!((world.shown(10, 1), world.shown(11, 1)), (Some(Shown::Calling), None));
    world.accept(1, 21);
    assert_eq!((world.shown(20, 1), world.shown(21, 1)), (over(EndReason::AnsweredElsewhere), TALKS));
    assert_eq!(world.shown(10, 1), TALKS);
    // The other device was a moment too slow; the first one asks again.
    world.accept(1, 20);
    world.accept(1, 21);
    assert_eq!(world.refused, [CallError::AnsweredElsewhere]);
    assert_eq!((world.shown(20, 1), world.shown(21, 1)), (over(EndReason::AnsweredElsewhere), TALKS));
    world.wait(60);
    world.hang_up(1, 1);
    assert_eq!((world.shown(10, 1), world.shown(21, 1)), (over(EndReason::HungUp), over(EndReason::HungUp)));
    let record = &world.logged[0];
    assert_eq!(record.outcome, CallOutcome::Answered);
    assert_eq!(record.ended_at.since(record.answered_at.unwrap()).as_secs(), 60);
    assert_eq!(record.missed().count(), 0);
}

#[test]
fn declining_on_one_device_silences_all() {
    let mut world = World::new();
    world.invite(1, 1, &[2]);
    world.decline(1, 2);
    world.decline(1, 2);
    assert_eq!(
        (world.shown(20, 1), world.shown(21, 1)),
        (over(EndReason::Declined), over(EndReason::Declined))
    );
    assert_eq!(world.shown(10, 1), over(EndReason::Declined));
    assert_eq!(world.logged.len(), 1);
    assert_eq!(world.logged[0].outcome, CallOutcome::Declined);
}

#[test]
fn nobody_answers_and_it_is_a_missed_call() {
    let mut world = World::new();
    world.invite(1, 1, &[2]);
    world.wait(44);
    assert_eq!(world.shown(20, 1), RINGS);
    world.wait(1);
    assert_eq!((world.shown(20, 1), world.shown(10, 1)), (over(EndReason::Missed), over(EndReason::Missed)));
    assert_eq!(world.logged[0].outcome, CallOutcome::Missed);
    assert_eq!(world.logged[0].missed().collect::<Vec<_>>(), [user(2)]);
    world.accept(1, 20);
    assert_eq!(world.refused, [CallError::NoSuchCall]);
}

#[test]
fn a_caller_who_gives_up_leaves_a_missed_call() {
    let mut world = World::new();
    world.invite(1, 1, &[2]);
    world.hang_up(1, 1);
    assert_eq!(
        (world.shown(20, 1), world.shown(10, 1)),
        (over(EndReason::Cancelled), over(EndReason::Cancelled))
    );
    assert_eq!(world.logged[0].outcome, CallOutcome::Cancelled);
    assert_eq!(world.logged[0].missed().collect::<Vec<_>>(), [user(2)]);
}

#[test]
fn who_does_not_want_to_be_disturbed_or_is_rung_already_is_busy() {
    let mut world = World::new();
    world.invite(1, 1, &[4]);
    assert_eq!((world.shown(40, 1), world.shown(10, 1)), (None, over(EndReason::Busy)));
    world.invite(2, 1, &[2]);
    world.invite(3, 3, &[2]);
    assert_eq!((world.shown(20, 3), world.shown(30, 3)), (None, over(EndReason::Busy)));
    assert_eq!(world.logged.iter().map(|record| record.outcome).collect::<Vec<_>>(), [CallOutcome::Busy; 2]);
}

#[test]
fn accepting_a_second_call_holds_the_first_and_a_third_is_refused() {
    let mut world = World::new();
    world.invite(1, 1, &[2]);
    world.accept(1, 20);
    world.invite(2, 3, &[2]);
    assert_eq!(world.shown(20, 2), Some(Shown::Ringing { waiting: true }));
    world.accept(2, 20);
    assert_eq!((world.shown(20, 1), world.shown(20, 2)), (Some(Shown::Talking { held: true }), TALKS));
    let told = |world: &World| {
        world.events.iter().any(|(to, event)| {
            to.user() == user(1) && *event == CallEvent::Held { call: call(1), user: user(2), on: true }
        })
    };
    assert!(told(&world));
    world.invite(3, 2, &[1]);
    assert_eq!(world.refused, [CallError::TooManyCalls]);
    // Back to the first: the second waits now.
    world.input(Input::Hold { call: call(1), user: user(2), on: false });
    assert_eq!((world.shown(20, 1), world.shown(20, 2)), (TALKS, Some(Shown::Talking { held: true })));
}

#[test]
fn a_second_call_that_nobody_answers_gives_the_first_back() {
    type End = fn(&mut World);
    let ends: [(&[u128], End); 4] = [
        (&[4], |_| {}),
        (&[3], |world| world.decline(2, 3)),
        (&[3], |world| world.wait(45)),
        (&[3], |world| world.hang_up(2, 1)),
    ];
    for (callees, end) in ends {
        let mut world = World::new();
        world.invite(1, 1, &[2]);
        world.accept(1, 20);
        world.invite(2, 1, callees);
        end(&mut world);
        assert!(matches!(world.shown(10, 2), Some(Shown::Over(_))));
        assert_eq!(world.shown(10, 1), TALKS);
        let told = |number| {
            let own = world.events.iter().filter(|(to, _)| to.user() == user(number));
            let held = own.filter_map(|(_, event)| match event {
                CallEvent::Held { call: id, user: who, on } => Some((*id, *who, *on)),
                _ => None,
            });
            held.collect::<Vec<_>>()
        };
        let aside_and_back = [(call(1), user(1), true), (call(1), user(1), false)];
        assert_eq!((told(1), told(2)), (aside_and_back.to_vec(), aside_and_back.to_vec()));
    }
}

#[test]
fn a_first_call_comes_back_by_itself_only_from_where_a_second_one_put_it() {
    let held = Some(Shown::Talking { held: true });
    // Put aside by hand before.
    let mut world = World::new();
    world.invite(1, 1, &[2]);
    world.accept(1, 20);
    world.input(Input::Hold { call: call(1), user: user(1), on: true });
    world.invite(2, 1, &[3]);
    world.decline(2, 3);
    assert_eq!(world.shown(10, 1), held);
    // The second was answered.
    world.input(Input::Hold { call: call(1), user: user(1), on: false });
    world.invite(3, 1, &[3]);
    world.accept(3, 30);
    world.hang_up(3, 3);
    assert_eq!(world.shown(10, 1), held);
    // The first is over meanwhile.
    world.input(Input::Hold { call: call(1), user: user(1), on: false });
    world.invite(4, 1, &[3]);
    world.hang_up(1, 2);
    world.decline(4, 3);
    assert_eq!(world.shown(10, 1), over(EndReason::HungUp));
    assert!(world.board.is_empty());
}

#[test]
fn two_who_call_each_other_are_connected() {
    let mut world = World::new();
    world.invite(1, 1, &[2]);
    world.invite(2, 2, &[1]);
    assert_eq!((world.shown(10, 1), world.shown(20, 1)), (TALKS, TALKS));
    assert_eq!(world.shown(21, 1), over(EndReason::AnsweredElsewhere));
    assert_eq!(world.board.len(), 1);
}

#[test]
fn an_invitation_that_is_sent_twice_rings_once_and_not_after_the_end() {
    let mut world = World::new();
    world.invite(1, 1, &[2]);
    world.invite(1, 1, &[2]);
    let rings = world.events.iter().filter(|(_, event)| matches!(event, CallEvent::Ring { .. }));
    assert_eq!(rings.count(), 1);
    world.invite(1, 3, &[2]);
    world.hang_up(1, 1);
    world.invite(1, 1, &[2]);
    assert_eq!(world.refused, [CallError::Taken, CallError::NoSuchCall]);
    assert!(world.board.is_empty());
}

#[test]
fn a_group_rings_until_everybody_has_decided_and_goes_on_while_two_are_in() {
    let mut world = World::new();
    world.invite(1, 1, &[1, 2, 3, 4]);
    world.decline(1, 2);
    assert_eq!((world.shown(10, 1), world.shown(30, 1)), (Some(Shown::Calling), RINGS));
    world.accept(1, 30);
    assert_eq!(world.shown(10, 1), TALKS);
    world.hang_up(1, 3);
    assert_eq!(world.shown(10, 1), over(EndReason::HungUp));
    let legs: Vec<Outcome> = world.logged[0].callees.values().copied().collect();
    assert_eq!(legs, [Outcome::Declined, Outcome::Accepted, Outcome::Busy]);
}

#[test]
fn who_comes_later_is_told_who_will_not_come_and_who_has_put_it_aside() {
    let mut world = World::new();
    world.invite(1, 1, &[2, 3, 4]);
    world.decline(1, 2);
    world.input(Input::Hold { call: call(1), user: user(1), on: true });
    let told = |world: &World| {
        let own = world.events.iter().filter(|(to, _)| *to == Audience::Device(user(3), device(30)));
        let own = own.map(|(_, event)| event.clone());
        own.filter(|event| !matches!(event, CallEvent::Join(_))).collect::<Vec<_>>()
    };
    world.accept(1, 30);
    let standing = [
        CallEvent::Unanswered { call: call(1), user: user(2), outcome: Outcome::Declined },
        CallEvent::Unanswered { call: call(1), user: user(4), outcome: Outcome::Busy },
        CallEvent::Held { call: call(1), user: user(1), on: true },
    ];
    assert_eq!(told(&world), standing);
    world.events.clear();
    world.input(Input::Online { user: user(3), device: device(30) });
    assert_eq!(told(&world), standing);
}

#[test]
fn a_device_that_comes_while_it_rings_rings_too() {
    let mut world = World::new();
    world.invite(1, 1, &[2]);
    world.wait(40);
    world.devices.get_mut(&2).unwrap().push(22);
    world.input(Input::Online { user: user(2), device: device(22) });
    assert_eq!(world.shown(22, 1), RINGS);
    let rest = world.events.iter().rev().find_map(|(_, event)| match event {
        CallEvent::Ring { ring_ms, .. } => Some(*ring_ms),
        _ => None,
    });
    assert_eq!(rest, Some(5000));
}

#[test]
fn a_voice_call_becomes_a_video_call() {
    let mut world = World::new();
    world.invite(1, 1, &[2]);
    world.accept(1, 20);
    world.input(Input::Video { call: call(1), user: user(1), on: true });
    let told = |(to, event): &(Audience, CallEvent)| {
        to.user() == user(2) && *event == CallEvent::Video { call: call(1), user: user(1), on: true }
    };
    assert!(world.events.iter().any(told));
    world.input(Input::Video { call: call(1), user: user(3), on: true });
    assert_eq!(world.refused, [CallError::NoSuchCall]);
    world.hang_up(1, 2);
    assert!(world.logged[0].info.video);
}

#[test]
fn who_is_not_to_hear_of_a_call_hears_nothing_and_is_not_busy_by_it() {
    let mut world = World::new();
    world.invite(1, 1, &[5]);
    assert_eq!((world.shown(50, 1), world.shown(10, 1)), (None, Some(Shown::Calling)));
    assert!(!world.board.concerns(call(1), user(5)));
    world.accept(1, 50);
    world.decline(1, 5);
    world.input(Input::Online { user: user(5), device: device(50) });
    assert_eq!(world.refused, [CallError::NoSuchCall]);
    world.wait(45);
    assert_eq!((world.shown(50, 1), world.shown(10, 1)), (None, over(EndReason::Missed)));
    assert_eq!(world.logged[0].callees[&user(5)], Outcome::Missed);
    assert!(world.events.iter().all(|(to, _)| to.user() != user(5)));
}

#[test]
fn a_device_that_comes_back_is_told_how_its_calls_stand() {
    let mut world = World::new();
    let told = |world: &mut World, on: u64| {
        world.shown.clear();
        world.input(Input::Online { user: user(u128::from(on / 10)), device: device(on) });
        world.shown(on, 1)
    };
    world.invite(1, 1, &[2]);
    assert_eq!((told(&mut world, 10), told(&mut world, 11)), (Some(Shown::Calling), None));
    assert!(!world.board.admits(call(1), user(1)));
    world.accept(1, 20);
    assert_eq!((told(&mut world, 10), told(&mut world, 20)), (TALKS, TALKS));
    assert_eq!((told(&mut world, 11), told(&mut world, 21)), (None, None));
    world.input(Input::Hold { call: call(1), user: user(2), on: true });
    assert_eq!(told(&mut world, 20), Some(Shown::Talking { held: true }));
    assert!(world.board.admits(call(1), user(1)) && !world.board.admits(call(1), user(3)));
    assert_eq!(world.board.calls_of(user(2), device(20)).collect::<Vec<_>>(), [call(1)]);
}
