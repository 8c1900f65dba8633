//! When clients lose their connection on purpose: drawn from a seed before the replay begins, measured in progress, so
//! that drops fall into the middle of things however fast the server is.

use std::collections::VecDeque;
use std::time::Duration;

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

/// How often every client drops at least.
pub(crate) const LEAST: u64 = 5;

/// How much more often a client may drop.
const MOST_EXTRA: u64 = 2;

/// How long after its moment a drop happens at most: until then the client may be in a handshake, in `sync`, or live.
const LATEST: Duration = Duration::from_millis(200);

/// One loss of one client's connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// How long the client goes on after it is told.
    pub(crate) after: Duration,
    /// Whether it says goodbye, or just vanishes.
    pub(crate) politely: bool,
}

/// All drops of all clients, in the order in which they fall due.
#[derive(Debug)]
pub(crate) struct Plan(VecDeque<(u64, usize, Cut)>);

impl Plan {
    /// Draws [`LEAST`] drops or a few more for each client, anywhere in the posting of `posts` messages.
    pub(crate) fn draw(seed: u64, clients: usize, posts: u64) -> Self {
        let mut rng = SmallRng::seed_from_u64(seed);
        let mut drops = Vec::new();
        for client in 0..clients {
            for _ in 0..LEAST + rng.random_range(0..=MOST_EXTRA) {
                let cut =
                    Cut { after: rng.random_range(Duration::ZERO..LATEST), politely: rng.random_ratio(1, 4) };
                drops.push((rng.random_range(0..posts.max(1)), client, cut));
            }
        }
        drops.sort_by_key(|(due, client, _)| (*due, *client));
        Self(drops.into())
    }

    /// No drops at all.
    pub(crate) fn none() -> Self {
        Self(VecDeque::new())
    }

    /// The drops that fall due when `posted` messages are posted, and their clients. Each comes once.
    pub(crate) fn due(&mut self, posted: u64) -> impl Iterator<Item = (usize, Cut)> {
        let count = self.0.partition_point(|(due, _, _)| *due < posted);
        self.0.drain(..count).map(|(_, client, cut)| (client, cut))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut plan: Plan, posts: u64) -> Vec<(u64, usize, Cut)> {
        let due = (1..=posts).flat_map(|posted| {
            plan.due(posted).map(move |(client, cut)| (posted, client, cut)).collect::<Vec<_>>()
        });
        due.collect()
    }

    #[test]
    fn every_client_drops_often_enough_while_messages_are_posted() {
        let drops = all(Plan::draw(7, 20, 100), 100);
        for client in 0..20 {
            let own = drops.iter().filter(|(_, dropped, _)| *dropped == client).count() as u64;
            assert!((LEAST..=LEAST + MOST_EXTRA).contains(&own), "client {client} drops {own} times");
        }
    }

    #[test]
    fn a_short_replay_has_all_its_drops_too() {
        assert!(all(Plan::draw(7, 3, 1), 1).len() as u64 >= 3 * LEAST);
    }

    #[test]
    fn the_same_seed_draws_the_same_drops() {
        assert_eq!(all(Plan::draw(7, 9, 50), 50), all(Plan::draw(7, 9, 50), 50));
        assert_ne!(all(Plan::draw(7, 9, 50), 50), all(Plan::draw(8, 9, 50), 50));
    }

    #[test]
    fn without_drops_nothing_falls_due() {
        assert!(all(Plan::none(), 10).is_empty());
    }
}
