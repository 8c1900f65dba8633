//! The judge itself is judged: what is right counts as nothing, and each injected fault counts as exactly that fault.

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::replay::log;

const STREAM: Uuid = Uuid::from_u128(1);

/// The events of a stream, as a server that keeps its promises would have numbered them: number and content.
type Stream = Vec<(i64, Arrived)>;

/// One step in the life of a member.
#[derive(Clone, Debug)]
enum Step {
    /// The server commits the next event and sends it.
    Live,
    /// The server commits the next event, and this member's connection is gone before it comes.
    Missed,
    /// The connection is new; whether a `sync` follows at once.
    Reconnect { sync: bool },
    /// The server says where the stream stands; the member asks for what it lacks.
    Heartbeat,
}

fn expected(posts: usize) -> Arc<Expected> {
    let text: String = (0..posts).map(|number| format!("[00:00] <amy> line {number}\n")).collect();
    Arc::new(Expected::new(&log::parse("a.txt".into(), text.as_bytes()), &[Uuid::from_u128(7)]))
}

/// `posts` messages, with an event that is no message before every third.
fn stream_of(posts: usize) -> Stream {
    let arrived = (0..posts).flat_map(|index| {
        let joined = (index % 3 == 0).then_some(Arrived::Other);
        joined.into_iter().chain([Arrived::Post(index)])
    });
    arrived.enumerate().map(|(index, arrived)| (index as i64 + 1, arrived)).collect()
}

/// Numbers events from 1, as a server does that does not know they are wrong.
fn renumbered(stream: Stream) -> Stream {
    stream.into_iter().enumerate().map(|(index, (_, arrived))| (index as i64 + 1, arrived)).collect()
}

fn sync(follower: &mut Follower, stream: &[(i64, Arrived)]) {
    for (_, last) in follower.positions() {
        let next = stream.iter().copied().filter(|(seq, _)| *seq > last);
        follower.synced(STREAM, stream.len() as i64, next);
    }
}

/// Lets a member live through `steps` while the server commits `stream`, and lets it catch up at the end.
fn live_through(posts: usize, stream: &[(i64, Arrived)], steps: &[Step]) -> Follower {
    let mut follower = Follower::new([(STREAM, expected(posts))]);
    let mut committed = 0;
    for step in steps.iter().cycle().take(steps.len() * (stream.len() + 1)) {
        match step {
            Step::Live if committed < stream.len() => {
                let (seq, arrived) = stream[committed];
                committed += 1;
                follower.live(STREAM, seq, arrived);
            }
            Step::Missed if committed < stream.len() => {
                committed += 1;
                follower.connected();
            }
            Step::Live | Step::Missed => {}
            Step::Reconnect { sync: with_sync } => {
                follower.connected();
                if *with_sync {
                    sync(&mut follower, &stream[..committed]);
                }
            }
            Step::Heartbeat => {
                follower.moved(STREAM, committed as i64);
                if !follower.behind().is_empty() {
                    sync(&mut follower, &stream[..committed]);
                }
            }
        }
    }
    follower.connected();
    sync(&mut follower, stream);
    follower
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => Just(Step::Live),
        1 => Just(Step::Missed),
        1 => any::<bool>().prop_map(|sync| Step::Reconnect { sync }),
        1 => Just(Step::Heartbeat),
    ];
    prop::collection::vec(step, 1..40)
}

/// The counters that are not 0, in the words of the result.
fn faults(follower: &Follower, posts: usize) -> Vec<&'static str> {
    let counts = follower.counts();
    let lost = posts as u64 - counts.delivered;
    let named = [("lost", lost), ("duplicated", counts.duplicated), ("out_of_order", counts.out_of_order)];
    named.into_iter().filter(|(_, count)| *count > 0).map(|(name, _)| name).collect()
}

proptest! {
    #[test]
    fn drops_and_gaps_that_sync_fills_are_no_fault(posts in 1..30usize, steps in steps()) {
        let follower = live_through(posts, &stream_of(posts), &steps);
        prop_assert_eq!(faults(&follower, posts), Vec::<&str>::new());
        prop_assert!(follower.is_done() && follower.missing().is_empty());
    }

    #[test]
    fn a_post_that_the_server_lost_is_lost(posts in 1..30usize, steps in steps(), which in any::<Index>()) {
        let mut stream = stream_of(posts);
        let which = which.index(posts);
        stream.retain(|(_, arrived)| *arrived != Arrived::Post(which));
        let follower = live_through(posts, &renumbered(stream), &steps);
        prop_assert_eq!(faults(&follower, posts), ["lost"]);
        let missing = Missing { log: "a.txt".into(), posts: 1, first_line: which + 1 };
        prop_assert_eq!(follower.missing(), [missing]);
    }

    #[test]
    fn a_post_stored_twice_is_duplicated(posts in 1..30usize, steps in steps(), which in any::<Index>()) {
        let mut stream = stream_of(posts);
        let at = which.index(stream.len());
        prop_assume!(stream[at].1 != Arrived::Other);
        stream.insert(at, stream[at]);
        let follower = live_through(posts, &renumbered(stream), &steps);
        prop_assert_eq!(faults(&follower, posts), ["duplicated"]);
    }

    #[test]
    fn a_message_that_nobody_posted_is_duplicated(posts in 1..30usize, steps in steps(), at in any::<Index>()) {
        let mut stream = stream_of(posts);
        stream.insert(at.index(stream.len()), (0, Arrived::Stranger));
        let follower = live_through(posts, &renumbered(stream), &steps);
        prop_assert_eq!(faults(&follower, posts), ["duplicated"]);
    }

    #[test]
    fn posts_in_another_order_than_the_logs_are_out_of_order(
        posts in 2..30usize,
        steps in steps(),
        which in any::<Index>(),
    ) {
        let mut stream = stream_of(posts);
        let first = which.index(posts - 1);
        for (_, arrived) in &mut stream {
            match arrived {
                Arrived::Post(index) if *index == first => *arrived = Arrived::Post(first + 1),
                Arrived::Post(index) if *index == first + 1 => *arrived = Arrived::Post(first),
                _ => {}
            }
        }
        let follower = live_through(posts, &stream, &steps);
        prop_assert_eq!(faults(&follower, posts), ["out_of_order"]);
    }

    #[test]
    fn a_frame_sent_twice_on_one_connection_is_duplicated(
        posts in 1..30usize,
        first in any::<Index>(),
        again in any::<Index>(),
    ) {
        let stream = stream_of(posts);
        let first = first.index(stream.len());
        let mut frames = stream.clone();
        frames.insert(first + 1 + again.index(stream.len() - first), stream[first]);
        let mut follower = Follower::new([(STREAM, expected(posts))]);
        for (seq, arrived) in frames {
            follower.live(STREAM, seq, arrived);
        }
        prop_assert_eq!(faults(&follower, posts), ["duplicated"]);
    }

    #[test]
    fn frames_that_overtake_each_other_on_one_connection_are_out_of_order(
        posts in 2..30usize,
        which in any::<Index>(),
        syncs in any::<bool>(),
    ) {
        let stream = stream_of(posts);
        let mut frames = stream.clone();
        let which = which.index(frames.len() - 1);
        frames.swap(which, which + 1);
        let mut follower = Follower::new([(STREAM, expected(posts))]);
        for (seq, arrived) in frames {
            follower.live(STREAM, seq, arrived);
            if syncs && !follower.behind().is_empty() {
                sync(&mut follower, &stream[..seq as usize]);
            }
        }
        prop_assert_eq!(faults(&follower, posts), ["out_of_order"]);
    }

    #[test]
    fn a_sync_that_repeats_or_shuffles_is_noticed(posts in 2..30usize, which in any::<Index>()) {
        let stream = stream_of(posts);
        let which = which.index(stream.len() - 1);
        let mut repeated = stream.clone();
        repeated.insert(which, stream[which]);
        let mut follower = Follower::new([(STREAM, expected(posts))]);
        follower.synced(STREAM, stream.len() as i64, repeated);
        prop_assert_eq!(faults(&follower, posts), ["duplicated"]);

        let mut shuffled = stream.clone();
        shuffled.swap(which, which + 1);
        let mut follower = Follower::new([(STREAM, expected(posts))]);
        follower.synced(STREAM, stream.len() as i64, shuffled);
        prop_assert!(faults(&follower, posts).contains(&"out_of_order"));
    }
}

#[test]
fn a_gap_is_asked_for_and_what_waits_beyond_it_is_kept() {
    let stream = stream_of(3);
    let mut follower = Follower::new([(STREAM, expected(3))]);
    follower.live(STREAM, stream[0].0, stream[0].1);
    follower.live(STREAM, stream[2].0, stream[2].1);
    assert_eq!(follower.behind(), HashMap::from([(STREAM, 1)]));
    follower.synced(STREAM, 3, [stream[1]]);
    assert!(follower.behind().is_empty());
    assert_eq!(follower.counts().delivered, 2);
}

#[test]
fn what_came_before_the_first_connection_is_not_waited_for() {
    let mut follower = Follower::new([(STREAM, expected(1))]);
    follower.begin_at(STREAM, 40);
    follower.live(STREAM, 41, Arrived::Post(0));
    assert!(follower.is_done());
}

#[test]
fn a_repeat_on_a_stream_that_is_not_followed_counts_too() {
    let mut follower = Follower::new([]);
    let directory = Uuid::from_u128(2);
    follower.live(directory, 5, Arrived::Other);
    follower.live(directory, 5, Arrived::Other);
    assert_eq!(follower.counts(), Counts { duplicated: 1, ..Counts::default() });
}
