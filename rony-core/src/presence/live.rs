//! What a node holds of presence in memory; all of it can be lost.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{board::Board, typing::Typing, views::Views};
use crate::{id::NodeId, stream::Since};

/// A node renews its lease this often.
const RENEWAL: Duration = Duration::from_secs(15);
/// A node that did not renew its lease for so long is gone.
pub(super) const SILENCE: Duration = Duration::from_secs(45);

/// See the module's documentation.
#[derive(Default)]
pub(crate) struct Live {
    state: Mutex<State>,
    /// Held for reading while somebody's relations or choices are read and taken over: news must not overtake them.
    pub(super) lease: tokio::sync::RwLock<Lease>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) board: Board,
    pub(super) views: Views,
    pub(super) typing: Typing,
}

impl Live {
    /// A panic while the lock was held leaves plain maps behind, which are as good as before.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// This node's lease, and what it has seen of the others'. Pure; spans are by the steady clock.
#[derive(Debug, Default)]
pub(super) struct Lease {
    /// Up to where news were read.
    pub(super) since: Option<Since>,
    renewed: Option<Duration>,
    /// The others: the number of the last renewal that was seen, and when it was seen first.
    others: HashMap<NodeId, (i64, Duration)>,
}

impl Lease {
    /// Whether it is time to renew.
    pub(super) fn is_due(&self, now: Duration) -> bool {
        self.renewed.is_none_or(|renewed| now.saturating_sub(renewed) >= RENEWAL)
    }

    pub(super) fn renewed(&mut self, now: Duration) {
        self.renewed = Some(now);
    }

    /// Whether there is one: before, nothing of this node is of use to others.
    pub(super) const fn is_held(&self) -> bool {
        self.renewed.is_some()
    }

    /// Who holds leases now. Answers the nodes that are gone: those with no lease any more, and those whose lease was not
    /// renewed for [`SILENCE`], which should be taken from them.
    pub(super) fn observe(&mut self, me: NodeId, nodes: &[(NodeId, i64)], now: Duration) -> Gone {
        for (node, beat) in nodes.iter().filter(|(node, _)| *node != me) {
            let seen = self.others.entry(*node).or_insert((*beat, now));
            if seen.0 != *beat {
                *seen = (*beat, now);
            }
        }
        let mut gone = Gone::default();
        self.others.retain(|node, (_, seen)| {
            let listed = nodes.iter().any(|(other, _)| other == node);
            let silent = now.saturating_sub(*seen) >= SILENCE;
            if !listed {
                gone.unlisted.push(*node);
            } else if silent {
                gone.silent.push(*node);
            }
            listed
        });
        gone
    }

    /// The database did not answer: others may not have been able to renew their leases either.
    pub(super) fn blind(&mut self, now: Duration) {
        self.others.values_mut().for_each(|(_, seen)| *seen = now);
    }
}

/// See [`Lease::observe`].
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Gone {
    pub(super) silent: Vec<NodeId>,
    pub(super) unlisted: Vec<NodeId>,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const ME: NodeId = NodeId(Uuid::from_u128(1));
    const OTHER: NodeId = NodeId(Uuid::from_u128(2));

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_node_that_does_not_renew_its_lease_is_gone_whatever_the_time_of_day() {
        let mut lease = Lease::default();
        assert_eq!(lease.observe(ME, &[(ME, 1), (OTHER, 1)], seconds(0)), Gone::default());
        assert_eq!(lease.observe(ME, &[(ME, 1), (OTHER, 2)], seconds(40)), Gone::default());
        assert_eq!(lease.observe(ME, &[(ME, 1), (OTHER, 2)], seconds(84)), Gone::default());
        let gone = lease.observe(ME, &[(ME, 1), (OTHER, 2)], seconds(85));
        assert_eq!(gone.silent, [OTHER]);
        assert_eq!(lease.observe(ME, &[(ME, 1)], seconds(86)).unlisted, [OTHER]);
        assert_eq!(lease.observe(ME, &[(ME, 1)], seconds(87)), Gone::default());
    }

    #[test]
    fn a_database_that_was_away_takes_no_lease_from_anybody() {
        let mut lease = Lease::default();
        lease.observe(ME, &[(OTHER, 1)], seconds(0));
        lease.blind(seconds(50));
        assert_eq!(lease.observe(ME, &[(OTHER, 1)], seconds(51)), Gone::default());
    }

    #[test]
    fn a_lease_is_renewed_in_time() {
        let mut lease = Lease::default();
        assert!(lease.is_due(seconds(0)) && !lease.is_held());
        lease.renewed(seconds(0));
        assert!(!lease.is_due(seconds(14)) && lease.is_due(seconds(15)));
    }
}
