use std::collections::BTreeMap;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const ANN: UserId = UserId(Uuid::from_u128(1));
const PHONE: LinkId = LinkId(1);
const LAPTOP: LinkId = LinkId(2);
const OTHER: NodeId = NodeId(Uuid::from_u128(9));

/// The moment so many seconds after the board started.
fn at(seconds: u64) -> Now {
    let steady = Duration::from_secs(seconds);
    Now { steady, wall: Timestamp::from_millis(1_000_000).plus(steady) }
}

fn chosen(user: UserId, status: Status) -> Chosen {
    Chosen {
        user,
        status,
        until: None,
        text: String::new(),
        text_until: None,
        last_seen: None,
        last_seen_privacy: LastSeenPrivacy::Everybody,
    }
}

/// A board on which it is known what Ann chose.
fn board() -> Board {
    let mut board = Board::default();
    board.learn(chosen(ANN, Status::Online), at(0));
    board
}

#[track_caller]
fn shows(board: &mut Board, now: Now, status: Status) {
    board.wake(now);
    assert_eq!(board.shown(ANN).status, status);
}

#[test]
fn the_most_present_device_counts() {
    let mut board = board();
    board.connected(ANN, PHONE, None, at(0));
    board.connected(ANN, LAPTOP, None, at(0));
    board.report(ANN, PHONE, DeviceStatus::Away, at(1));
    shows(&mut board, at(1), Status::Online);
    board.report(ANN, LAPTOP, DeviceStatus::Away, at(2));
    shows(&mut board, at(2), Status::Away);
    board.heard(OTHER, ANN, Some(DeviceStatus::Online), at(3).wall, at(3));
    shows(&mut board, at(3), Status::Online);
}

#[test]
fn a_short_drop_is_seen_by_nobody() {
    let mut board = board();
    board.connected(ANN, PHONE, None, at(0));
    board.take_changes();
    board.disconnected(ANN, PHONE, at(10));
    board.wake(at(39));
    board.connected(ANN, LAPTOP, None, at(39));
    board.wake(at(100));
    assert!(board.take_changes().is_empty());
}

#[test]
fn who_does_not_come_back_was_seen_until_they_left() {
    let mut board = board();
    board.connected(ANN, PHONE, None, at(0));
    board.disconnected(ANN, PHONE, at(10));
    board.wake(at(40));
    let (_, shown) = board.take_changes().remove(0);
    assert_eq!((shown.status, shown.since), (Status::Offline, Some(at(10).wall)));
    let publication = board.take_unpublished();
    assert!(publication.is_empty(), "other nodes never knew of it: {publication:?}");
}

#[test]
fn a_device_that_came_back_is_as_present_as_it_says_now() {
    let mut board = board();
    let session = Some(SessionId(Uuid::from_u128(5)));
    board.connected(ANN, PHONE, session, at(0));
    board.disconnected(ANN, PHONE, at(1));
    board.connected(ANN, LAPTOP, session, at(2));
    board.report(ANN, LAPTOP, DeviceStatus::Away, at(3));
    shows(&mut board, at(3), Status::Away);
}

#[test]
fn a_device_that_nobody_uses_is_away_until_somebody_does() {
    let mut board = board();
    board.connected(ANN, PHONE, None, at(0));
    board.report(ANN, PHONE, DeviceStatus::Online, at(300));
    shows(&mut board, at(899), Status::Online);
    shows(&mut board, at(900), Status::Away);
    board.report(ANN, PHONE, DeviceStatus::Online, at(901));
    shows(&mut board, at(901), Status::Online);
}

#[test]
fn what_a_person_chose_stands_above_their_devices_until_it_ends() {
    let mut board = board();
    board.connected(ANN, PHONE, None, at(0));
    let busy = Chosen { until: Some(at(100).wall), ..chosen(ANN, Status::Busy) };
    board.learn(busy, at(1));
    board.report(ANN, PHONE, DeviceStatus::Away, at(2));
    shows(&mut board, at(99), Status::Busy);
    shows(&mut board, at(100), Status::Away);
}

#[test]
fn who_chose_to_be_busy_and_is_not_there_is_offline() {
    let mut board = Board::default();
    board.learn(chosen(ANN, Status::Busy), at(0));
    shows(&mut board, at(0), Status::Offline);
}

#[test]
fn who_appears_offline_was_seen_until_they_chose_so_and_not_later() {
    let mut board = board();
    board.connected(ANN, PHONE, None, at(0));
    board.learn(chosen(ANN, Status::Offline), at(50));
    assert_eq!(board.shown(ANN).since, Some(at(50).wall));
    let before = board.shown(ANN);
    board.take_changes();
    board.published(&board_publications(&board));
    board.disconnected(ANN, PHONE, at(70));
    board.wake(at(100));
    assert_eq!(board.shown(ANN), before);
    assert!(board.take_changes().is_empty());
    assert_eq!(board.take_unpublished()[0].last_seen, Some(at(50).wall));
}

fn board_publications(board: &Board) -> Vec<Publication> {
    board.people[&ANN].publication(ANN).into_iter().collect()
}

#[test]
fn what_could_not_be_written_is_written_later() {
    let mut board = board();
    board.connected(ANN, PHONE, None, at(0));
    let publications = board.take_unpublished();
    assert_eq!(publications[0].status, Some(DeviceStatus::Online));
    board.unpublished(&publications);
    assert_eq!(board.take_unpublished(), publications);
    board.published(&publications);
    assert!(board.take_unpublished().is_empty());
    board.publish_all();
    assert_eq!(board.take_unpublished(), publications);
}

#[test]
fn a_node_that_is_gone_takes_its_people_along() {
    let mut board = board();
    board.heard(OTHER, ANN, Some(DeviceStatus::Online), at(1).wall, at(1));
    shows(&mut board, at(1), Status::Online);
    board.node_gone(OTHER, at(20).wall, at(60));
    shows(&mut board, at(60), Status::Offline);
    assert_eq!(board.shown(ANN).since, Some(at(20).wall));
}

#[test]
fn nothing_is_kept_of_people_who_are_nowhere_and_whom_nobody_looks_at() {
    let mut board = board();
    board.forget(|_| true);
    assert!(board.knows(ANN));
    board.forget(|_| false);
    assert!(board.people.is_empty() && board.wakes.is_empty());
}

/// What may happen to two people with three devices each.
#[derive(Clone, Debug)]
enum Step {
    Connect { device: u64, session: bool },
    Disconnect { device: u64 },
    Report { device: u64, status: DeviceStatus },
    Elsewhere { status: Option<DeviceStatus> },
    Choose { status: Status, seconds: Option<u64> },
    Pass { seconds: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    let device = || 1..4_u64;
    let status = || prop_oneof![Just(DeviceStatus::Online), Just(DeviceStatus::Away)];
    let choice =
        prop_oneof![Just(Status::Online), Just(Status::Away), Just(Status::Busy), Just(Status::Offline)];
    prop_oneof![
        3 => (device(), any::<bool>()).prop_map(|(device, session)| Step::Connect { device, session }),
        3 => device().prop_map(|device| Step::Disconnect { device }),
        3 => (device(), status()).prop_map(|(device, status)| Step::Report { device, status }),
        1 => proptest::option::of(status()).prop_map(|status| Step::Elsewhere { status }),
        1 => (choice, proptest::option::of(1..200_u64)).prop_map(|(status, seconds)| Step::Choose { status, seconds }),
        4 => prop_oneof![1..40_u64, 500..700_u64].prop_map(|seconds| Step::Pass { seconds }),
    ]
}

/// The same, thought simply: nothing is remembered but what happened.
#[derive(Default)]
struct Model {
    devices: Vec<Thing>,
    elsewhere: Option<DeviceStatus>,
    chosen: Option<(Status, Option<u64>)>,
}

struct Thing {
    device: u64,
    has_session: bool,
    status: DeviceStatus,
    active: u64,
    dropped: Option<u64>,
}

impl Model {
    fn connect(&mut self, device: u64, has_session: bool, now: u64) {
        // A device that dropped stays beside the new one, unless the session says that they are the same.
        let is_same = |old: &Thing| has_session && old.has_session && old.device == device;
        self.devices.retain(|old| old.dropped.is_none() || !is_same(old));
        let (status, active) = (DeviceStatus::Online, now);
        self.devices.push(Thing { device, has_session, status, active, dropped: None });
    }

    fn live(&mut self, device: u64) -> &mut Thing {
        let mut things = self.devices.iter_mut();
        things.find(|thing| thing.device == device && thing.dropped.is_none()).unwrap()
    }

    fn local(&self, now: u64) -> Option<DeviceStatus> {
        let there = self.devices.iter().filter(|thing| thing.dropped.is_none_or(|at| now < at + 30));
        let idle = |thing: &Thing| now >= thing.active + 600;
        there.map(|thing| if idle(thing) { DeviceStatus::Away } else { thing.status }).max()
    }

    fn status(&self, now: u64) -> Status {
        let Some(present) = self.local(now).max(self.elsewhere) else { return Status::Offline };
        match self.chosen {
            Some((status, until)) if status != Status::Online && until.is_none_or(|until| now < until) => {
                status
            }
            _ => present.into(),
        }
    }
}

proptest! {
    #[test]
    fn whatever_happens_others_see_what_is_true(steps in proptest::collection::vec(step(), 1..60)) {
        let mut board = board();
        let mut model = Model::default();
        // What somebody who is told every change believes, and what another node does.
        let mut told = Status::Offline;
        let mut mirror = Board::default();
        mirror.learn(chosen(ANN, Status::Online), at(0));
        let (mut now, mut next_link) = (0, 1);
        let mut links: BTreeMap<u64, LinkId> = BTreeMap::new();
        for step in steps {
            match step {
                Step::Connect { device, session } if !links.contains_key(&device) => {
                    let link = LinkId(next_link);
                    next_link += 1;
                    links.insert(device, link);
                    let id = session.then_some(SessionId(Uuid::from_u128(device.into())));
                    board.connected(ANN, link, id, at(now));
                    model.connect(device, session, now);
                }
                Step::Disconnect { device } => {
                    if let Some(link) = links.remove(&device) {
                        board.disconnected(ANN, link, at(now));
                        model.live(device).dropped = Some(now);
                    }
                }
                Step::Report { device, status } => {
                    if let Some(link) = links.get(&device) {
                        board.report(ANN, *link, status, at(now));
                        let thing = model.live(device);
                        (thing.status, thing.active) = (status, now);
                    }
                }
                Step::Elsewhere { status } => {
                    board.heard(OTHER, ANN, status, at(now).wall, at(now));
                    model.elsewhere = status;
                }
                Step::Choose { status, seconds } => {
                    let until = seconds.map(|seconds| now + seconds);
                    let wish = Chosen { until: until.map(|until| at(until).wall), ..chosen(ANN, status) };
                    board.learn(wish, at(now));
                    model.chosen = Some((status, until));
                }
                Step::Pass { seconds } => now += seconds,
                Step::Connect { .. } => {}
            }
            board.wake(at(now));
            let changes = board.take_changes();
            prop_assert!(changes.len() <= 1);
            if let Some((_, shown)) = changes.into_iter().next() {
                told = shown.status;
            }
            prop_assert_eq!(told, model.status(now));
            let publications = board.take_unpublished();
            for publication in &publications {
                mirror.heard(OTHER, ANN, publication.status, publication.since, at(now));
            }
            board.published(&publications);
            let local = model.local(now).map_or(Status::Offline, Status::from);
            prop_assert_eq!(mirror.shown(ANN).status, local);
        }
    }
}
