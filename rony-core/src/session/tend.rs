//! What a node does about sessions by itself: closing the sockets of those that ended, clearing away.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::{Ending, Expired, Held, Sessions, rule};
use crate::{
    Result,
    hub::Close,
    id::{RevocationId, SessionId, UserId},
    stream::Since,
};

/// Sockets whose sessions are looked at in one query.
const BATCH: usize = 500;
/// How long revocations are kept: a node that hears nothing for so long has no sockets any more.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// How far a node has read the revocations.
#[derive(Default)]
pub(crate) struct Watch(Mutex<Seen>);

#[derive(Clone, Default)]
struct Seen {
    since: Since,
    /// What the last answer held: the next one may hold it again.
    items: HashSet<RevocationId>,
}

impl Sessions<'_> {
    /// Closes the sockets of what was revoked on any node since the last call. To be called twice a second, whatever bus
    /// there is.
    ///
    /// # Errors
    ///
    /// When the database is away: the next call asks for the same again.
    pub async fn poll_revocations(&self) -> Result<()> {
        let seen = self.state.watch.get();
        let answer = self.store.revoked_since(seen.since).await?;
        let fresh = || answer.items.iter().filter(|item| !seen.items.contains(&item.id));
        self.cut(&fresh().filter_map(|item| item.session_id).collect());
        let outside = fresh().filter(|item| item.session_id.is_none());
        self.cut_outside(&outside.map(|item| item.user_id).collect());
        let items = answer.items.iter().map(|item| item.id).collect();
        self.state.watch.set(Seen { since: answer.since, items });
        Ok(())
    }

    /// Looks at the sessions of the sockets of this node: closes those that are over or gone, and counts the others as
    /// used, since they are. To be called twice a minute.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn tend_connected(&self) -> Result<()> {
        let connected: Vec<SessionId> = self.hub.sessions().into_iter().collect();
        for ids in connected.chunks(BATCH) {
            let (held, now) = (self.store.held(ids).await?, self.clock.now());
            let (over, alive): (Vec<_>, Vec<_>) = held
                .iter()
                .partition(|held| held.deactivated || rule::is_over(&held.session, now, self.settings));
            let found: HashSet<_> = alive.iter().map(|held| held.session.id).collect();
            self.cut(&ids.iter().copied().filter(|id| !found.contains(id)).collect());
            for Held { session, .. } in over {
                self.end(session.user_id, Ending::One(session.kind, session.id), None).await?;
            }
            let used = alive.iter().filter(|held| rule::is_use(&held.session, now, self.settings));
            let used: Vec<_> = used.map(|held| held.session.id).collect();
            if !used.is_empty() {
                self.store.used(&used, now, None).await?;
            }
        }
        Ok(())
    }

    /// Removes sessions and reset links that have expired, revocations that every node has seen, and failed sign-ins that are
    /// forgiven.
    /// To be called every hour.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn prune(&self) -> Result<()> {
        let now = self.clock.now();
        let expired = Expired {
            now,
            used_by: now.minus(self.settings.session_idle),
            created_by: now.minus(self.settings.session_lifetime),
        };
        self.store.prune(expired, now.minus(KEPT)).await
    }

    /// Closes the sockets of these sessions on this node.
    pub(super) fn cut(&self, sessions: &HashSet<SessionId>) {
        if !sessions.is_empty() {
            let of = |session: SessionId| sessions.contains(&session);
            self.hub.close_where(Close::Revoked, |link| link.session().is_some_and(of));
        }
    }

    /// Closes the sockets of these people that came without a session of ours.
    fn cut_outside(&self, users: &HashSet<UserId>) {
        if !users.is_empty() {
            let of = |user: UserId| users.contains(&user);
            self.hub.close_where(Close::Revoked, |link| link.session().is_none() && of(link.user()));
        }
    }
}

impl Watch {
    fn get(&self) -> Seen {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, seen: Seen) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = seen;
    }
}
