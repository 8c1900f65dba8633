use super::*;
use crate::stream::AudienceChange;

const STREAM: StreamId = StreamId(Uuid::from_u128(7));

fn user(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

fn event(seq: Seq) -> Arc<Envelope> {
    Envelope::new(STREAM, seq, None, Vec::new(), &format!(r#"{{"seq":{seq}}}"#))
}

fn at(head: Seq) -> Vec<Subscription> {
    vec![Subscription { head: Head { id: STREAM, head }, hidden_upto: 0, moved: Since(0) }]
}

/// The numbers that wait in a socket's queue; skipped ones are negative.
fn drain(frames: &mut Frames) -> Vec<Seq> {
    let mut seen = Vec::new();
    while let Some(frame) = frames.try_next() {
        let frame: serde_json::Value = serde_json::from_slice(&frame).unwrap();
        let seq = frame["event"]["seq"].as_i64().unwrap();
        seen.push(if frame["event"]["type"] == "skipped" { -seq } else { seq });
    }
    seen
}

#[test]
fn each_event_arrives_once_and_in_order() {
    let hub = Hub::default();
    let (link, mut frames) = hub.connect(user(1), None);
    hub.subscribe(&link, &at(0));
    for seq in [1, 2, 2, 1, 3] {
        hub.deliver(&event(seq));
    }
    assert_eq!(drain(&mut frames), [1, 2, 3]);
}

#[test]
fn an_event_is_encoded_once_for_all_who_read_it() {
    let hub = Hub::default();
    let mut readers: Vec<_> = (1..=3).map(|n| hub.connect(user(n), None)).collect();
    let late = [Subscription { hidden_upto: 2, ..at(0)[0] }];
    let mut newcomers: Vec<_> = (4..=5).map(|n| hub.connect(user(n), None)).collect();
    readers.iter().for_each(|(link, _)| drop(hub.subscribe(link, &at(0))));
    newcomers.iter().for_each(|(link, _)| drop(hub.subscribe(link, &late)));
    hub.deliver(&Envelope::new(STREAM, 1, Some(1), Vec::new(), r#"{"seq":1}"#));
    for group in [&mut readers, &mut newcomers] {
        let frames: Vec<_> = group.iter_mut().map(|(_, frames)| frames.try_next().unwrap()).collect();
        assert!(frames.iter().all(|frame| frame.as_ptr() == frames[0].as_ptr()), "one text, and no copies");
    }
}

#[tokio::test]
async fn a_gap_is_read_from_the_database_once_and_then_filled() {
    let hub = Hub::default();
    let (link, mut frames) = hub.connect(user(1), None);
    hub.subscribe(&link, &at(0));
    hub.deliver(&event(1));
    hub.deliver(&event(3));
    hub.deliver(&event(4));
    assert_eq!(hub.behind().await, (STREAM, 1));
    assert_eq!(drain(&mut frames), [1]);
    (2..=4).for_each(|seq| hub.deliver(&event(seq)));
    assert_eq!(drain(&mut frames), [2, 3, 4]);
    assert_eq!(hub.start_repair(STREAM), None, "nothing is missing any more");
}

#[tokio::test]
async fn what_is_trimmed_is_waited_for_no_longer() {
    let hub = Hub::default();
    let (link, mut frames) = hub.connect(user(1), None);
    hub.subscribe(&link, &at(0));
    hub.deliver(&event(5));
    assert_eq!(hub.behind().await, (STREAM, 0));
    hub.skip(STREAM, 4);
    hub.deliver(&event(5));
    assert_eq!(drain(&mut frames), [5]);
    assert_eq!(hub.start_repair(STREAM), None);
}

#[tokio::test]
async fn a_lost_event_is_found_by_the_head_that_the_database_tells() {
    let hub = Hub::default();
    let (link, _frames) = hub.connect(user(1), None);
    hub.subscribe(&link, &at(5));
    hub.notice(Head { id: STREAM, head: 5 });
    hub.notice(Head { id: STREAM, head: 9 });
    assert_eq!(hub.behind().await, (STREAM, 5));
}

#[test]
fn a_socket_receives_only_what_came_after_its_hello() {
    let hub = Hub::default();
    let (early, mut early_frames) = hub.connect(user(1), None);
    hub.subscribe(&early, &at(0));
    hub.deliver(&event(1));
    hub.deliver(&event(2));
    // The second socket's reading of the database saw number 1 only; number 2 was delivered meanwhile.
    let (late, mut late_frames) = hub.connect(user(2), None);
    assert_eq!(hub.subscribe(&late, &at(1)), [Head { id: STREAM, head: 2 }]);
    hub.deliver(&event(3));
    assert_eq!(drain(&mut early_frames), [1, 2, 3]);
    assert_eq!(drain(&mut late_frames), [3]);
}

#[test]
fn a_person_who_is_added_receives_from_the_event_that_adds_them() {
    let hub = Hub::default();
    let (_link, mut frames) = hub.connect(user(1), None);
    hub.subscribe(frames.link(), &[]);
    let joins = vec![AudienceChange { user: user(1), hidden_upto: Some(3) }];
    hub.deliver(&Envelope::new(STREAM, 4, None, joins, r#"{"seq":4}"#));
    hub.deliver(&Envelope::new(STREAM, 5, Some(2), Vec::new(), r#"{"seq":5}"#));
    hub.deliver(&Envelope::new(STREAM, 6, Some(4), Vec::new(), r#"{"seq":6}"#));
    assert_eq!(drain(&mut frames), [4, -5, 6], "an event about a hidden message is skipped");
}

#[test]
fn a_removed_person_stops_receiving_exactly_there() {
    let hub = Hub::default();
    let (link, mut frames) = hub.connect(user(1), None);
    hub.subscribe(&link, &at(0));
    hub.deliver(&event(1));
    let leaves = vec![AudienceChange { user: user(1), hidden_upto: None }];
    hub.deliver(&Envelope::new(STREAM, 2, None, leaves, r#"{"seq":2}"#));
    hub.deliver(&event(3));
    assert_eq!(drain(&mut frames), [1]);
}

#[test]
fn a_removal_between_reading_and_subscribing_is_not_undone() {
    let hub = Hub::default();
    let (link, mut frames) = hub.connect(user(1), None);
    let leaves = vec![AudienceChange { user: user(1), hidden_upto: None }];
    hub.deliver(&Envelope::new(STREAM, 2, None, leaves, r#"{"seq":2}"#));
    assert!(hub.subscribe(&link, &at(1)).is_empty());
    hub.deliver(&event(3));
    assert!(drain(&mut frames).is_empty());
}

#[tokio::test]
async fn a_slow_reader_is_closed_and_slows_nobody() {
    let hub = Hub::default();
    let (slow, mut slow_frames) = hub.connect(user(1), None);
    let (quick, mut quick_frames) = hub.connect(user(2), None);
    hub.subscribe(&slow, &at(0));
    hub.subscribe(&quick, &at(0));
    let mut seen = Vec::new();
    for seq in 1..=QUEUE as Seq + 1 {
        hub.deliver(&event(seq));
        seen.extend(drain(&mut quick_frames));
    }
    assert_eq!(seen.len(), QUEUE + 1);
    assert_eq!(slow.closed(), Some(Close::TooSlow));
    assert_eq!(slow_frames.next(&mut Vec::new(), 10).await, 0);
}

#[test]
fn what_has_no_number_reaches_readers_who_look() {
    let hub = Hub::default();
    let show = |number| hub.show(STREAM, &format!(r#"{{"event":{{"seq":{number}}}}}"#).into());
    let (looking, mut frames) = hub.connect(user(1), None);
    let (away, mut away_frames) = hub.connect(user(2), None);
    let (stranger, mut stranger_frames) = hub.connect(user(3), None);
    hub.subscribe(&looking, &at(0));
    hub.subscribe(&away, &at(0));
    for link in [&looking, &stranger] {
        hub.watch(link, HashSet::from([STREAM.uuid()]));
    }
    show(1);
    hub.watch(&looking, HashSet::new());
    show(2);
    assert_eq!(drain(&mut frames), [1]);
    assert!(drain(&mut away_frames).is_empty());
    assert!(drain(&mut stranger_frames).is_empty());
}

#[test]
fn nothing_is_kept_for_a_socket_that_left() {
    let hub = Hub::default();
    let (link, frames) = hub.connect(user(1), None);
    hub.subscribe(&link, &at(0));
    hub.watch(&link, HashSet::from([Uuid::nil()]));
    hub.disconnect(&link);
    assert!(hub.channels.read().unwrap().is_empty());
    assert!(hub.people().is_empty());
    assert!(hub.watchers(Uuid::nil()).is_empty());
    drop(frames);
    assert_eq!(Arc::strong_count(&link), 1);
}

fn moves_audience(seq: Seq, hidden_upto: Option<Seq>) -> Arc<Envelope> {
    let change = AudienceChange { user: user(1), hidden_upto };
    Envelope::new(STREAM, seq, None, vec![change], &format!(r#"{{"seq":{seq}}}"#))
}

#[test]
fn who_came_back_reads_though_their_removal_is_told_again() {
    let hub = Hub::default();
    let (link, mut frames) = hub.connect(user(1), None);
    hub.subscribe(&link, &at(0));
    let removal = moves_audience(1, None);
    hub.deliver(&removal);
    assert!(!link.is_reading(STREAM));
    hub.deliver(&moves_audience(2, Some(0)));
    hub.deliver(&removal);
    assert!(link.is_reading(STREAM), "what was read from the database came first");
    assert_eq!(hub.news(&link), [Head { id: STREAM, head: 2 }]);
    assert_eq!(drain(&mut frames), [2]);
}

#[test]
fn who_is_removed_while_they_subscribe_is_not_subscribed_by_an_older_reading() {
    for _ in 0..2_000 {
        let hub = Hub::default();
        let (other, _frames) = hub.connect(user(2), None);
        hub.subscribe(&other, &at(0));
        let (link, mut frames) = hub.connect(user(1), None);
        let together = std::sync::Barrier::new(2);
        std::thread::scope(|threads| {
            threads.spawn(|| {
                together.wait();
                hub.deliver(&moves_audience(1, None));
            });
            together.wait();
            hub.subscribe(&link, &at(0));
        });
        hub.deliver(&event(2));
        assert!(drain(&mut frames).is_empty(), "they were removed with number 1");
    }
}

/// A carrier that goes when it is told to, `most` sockets at a time.
#[derive(Default)]
struct Later(Mutex<Vec<Errand>>);

impl Carrier for Later {
    fn take(&self, errand: Errand) {
        lock(&self.0).push(errand);
    }
}

impl Later {
    fn go(&self, most: usize) {
        for mut errand in std::mem::take(&mut *lock(&self.0)) {
            let mut ready = Vec::new();
            while errand.run(most, &mut ready) == most {}
            ready.into_iter().for_each(|outlet| outlet.carry(&mut Vec::new()));
        }
    }
}

/// Keeps what it carried.
struct Basket {
    frames: Frames,
    carried: Mutex<Vec<Bytes>>,
}

impl Outlet for Basket {
    fn carry(self: Arc<Self>, room: &mut Vec<Bytes>) {
        while self.frames.take(room, 1) > 0 {
            lock(&self.carried).append(room);
        }
    }
}

fn basket(frames: Frames) -> Arc<Basket> {
    let basket = Arc::new(Basket { frames, carried: Mutex::default() });
    basket.frames.let_out_by(Arc::clone(&basket) as Arc<dyn Outlet>);
    basket
}

fn carried_by(carriers: &[Arc<Later>]) -> Hub {
    let hub = Hub::default();
    hub.carried_by(carriers.iter().map(|carrier| Arc::clone(carrier) as Arc<dyn Carrier>));
    hub
}

#[test]
fn each_carrier_brings_everything_to_its_own_sockets_in_the_order_in_which_it_was_said() {
    let carriers = [Arc::new(Later::default()), Arc::new(Later::default())];
    let hub = carried_by(&carriers);
    let baskets: Vec<_> = (1..=5)
        .map(|n| {
            let (link, frames) = hub.connect(user(n), None);
            hub.subscribe(&link, &at(0));
            // What comes before somebody takes it waits.
            hub.deliver(&event(n as Seq));
            link.send(Bytes::from_static(b"beat"));
            basket(frames)
        })
        .collect();
    hub.deliver(&event(6));
    assert!(baskets.iter().all(|basket| lock(&basket.carried).is_empty()), "whoever delivers goes to nobody");
    carriers[0].go(1);
    let came = |basket: &Arc<Basket>| lock(&basket.carried).len();
    assert_eq!(baskets.iter().map(came).collect::<Vec<_>>(), [0, 6, 0, 4, 0]);
    carriers[1].go(2);
    for (first, basket) in (1..).zip(&baskets) {
        let text = |frame: &Bytes| String::from_utf8(frame.to_vec()).unwrap();
        let came: Vec<_> = lock(&basket.carried).iter().map(text).collect();
        let mut expected: Vec<_> = (first..=6).map(|seq| text(&event(seq).frame)).collect();
        expected.insert(1, "beat".to_owned());
        assert_eq!(came, expected);
    }
}

#[test]
fn who_is_removed_gets_what_was_on_its_way_and_nothing_after_it() {
    let carrier = [Arc::new(Later::default())];
    let hub = carried_by(&carrier);
    let (link, mut frames) = hub.connect(user(1), None);
    let (_stays, mut others) = hub.connect(user(2), None);
    hub.subscribe(&link, &at(0));
    hub.subscribe(others.link(), &at(0));
    hub.deliver(&event(1));
    hub.deliver(&moves_audience(2, None));
    hub.deliver(&event(3));
    carrier[0].go(usize::MAX);
    assert_eq!((drain(&mut frames), drain(&mut others)), (vec![1], vec![1, 2, 3]));
}

#[test]
fn an_errand_to_a_socket_that_left_is_nothing() {
    let carrier = [Arc::new(Later::default())];
    let hub = carried_by(&carrier);
    let (link, frames) = hub.connect(user(1), None);
    hub.subscribe(&link, &at(0));
    let basket = basket(frames);
    hub.deliver(&event(1));
    hub.disconnect(&link);
    carrier[0].go(usize::MAX);
    assert!(lock(&basket.carried).is_empty());
    assert!(hub.channels.read().unwrap().is_empty());
}

#[test]
fn without_a_carrier_whoever_delivers_goes_round() {
    let hub = Hub::default();
    let (link, frames) = hub.connect(user(1), None);
    hub.subscribe(&link, &at(0));
    hub.deliver(&event(1));
    let basket = basket(frames);
    hub.deliver(&event(2));
    assert_eq!(lock(&basket.carried).len(), 2);
}

#[test]
fn an_errand_is_done_once_for_each_socket_and_a_refused_one_closes_the_others() {
    let carrier = [Arc::new(Later::default())];
    let hub = carried_by(&carrier);
    let mut sockets: Vec<_> = (1..=3).map(|n| hub.connect(user(n), None)).collect();
    sockets.iter().for_each(|(link, _)| drop(hub.subscribe(link, &at(0))));
    hub.deliver(&event(1));
    let mut errand = lock(&carrier[0].0).remove(0);
    assert_eq!(errand.run(2, &mut Vec::new()), 2);
    errand.refuse(Close::Draining);
    let closed: Vec<_> = sockets.iter().map(|(link, _)| link.closed()).collect();
    assert_eq!(closed, [None, None, Some(Close::Draining)]);
    let came: Vec<_> = sockets.iter_mut().map(|(_, frames)| drain(frames)).collect();
    assert_eq!(came, [vec![1], vec![1], vec![]]);
    sockets[0].0.send(Bytes::from_static(b"beat"));
    let mut beat = lock(&carrier[0].0).remove(0);
    assert_eq!([beat.run(9, &mut Vec::new()), beat.run(9, &mut Vec::new())], [1, 0]);
}

#[test]
fn who_was_too_slow_for_one_event_gets_none_behind_it() {
    let carrier = [Arc::new(Later::default())];
    let hub = carried_by(&carrier);
    let (link, mut frames) = hub.connect(user(1), None);
    hub.subscribe(&link, &at(0));
    let last = QUEUE as Seq + 1;
    (1..=last).for_each(|seq| hub.deliver(&event(seq)));
    carrier[0].go(usize::MAX);
    assert_eq!(link.closed(), Some(Close::TooSlow));
    let first = frames.try_next();
    hub.deliver(&event(last + 1));
    carrier[0].go(usize::MAX);
    assert!(first.is_some());
    assert_eq!(drain(&mut frames), (2..last).collect::<Vec<_>>());
}

#[test]
fn who_is_dismissed_gets_no_more_sockets() {
    let carriers = [Arc::new(Later::default()), Arc::new(Later::default())];
    let hub = carried_by(&carriers);
    let first: Arc<dyn Carrier> = Arc::clone(&carriers[0]) as Arc<dyn Carrier>;
    hub.dismiss(&first);
    for n in 1..=4 {
        let (link, _frames) = hub.connect(user(n), None);
        link.send(Bytes::from_static(b"beat"));
    }
    assert_eq!(carriers.map(|carrier| lock(&carrier.0).len()), [0, 4]);
}
