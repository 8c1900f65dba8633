//! How present everybody is: a pure state machine. What happens comes in with the moment at which it happened; what others
//! must be told, and what other nodes must know, comes out.
//!
//! A person is as present as the most present of their devices, here and on other nodes; what they chose stands above
//! that. A device that dropped counts for [`GRACE`] as it was, since most come back at once.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use super::{Chosen, DeviceStatus, Status};
use crate::{
    hub::LinkId,
    id::{NodeId, SessionId, UserId},
    time::Timestamp,
    user::LastSeenPrivacy,
};

/// So long a device counts after its connection dropped.
pub(super) const GRACE: Duration = Duration::from_secs(30);
/// A device that shows no sign of being used for so long is away, whatever it said.
pub(super) const IDLE: Duration = Duration::from_secs(10 * 60);
/// What ends at a time of day is looked at this often at least: the time of day may be set.
const LOOK: Duration = Duration::from_secs(60);

/// A moment on both clocks: spans are measured by the steady one, moments are told by the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Now {
    pub(super) steady: Duration,
    pub(super) wall: Timestamp,
}

/// See the module's documentation.
#[derive(Debug, Default)]
pub(super) struct Board {
    /// Boxed: a table is half empty after it has grown.
    people: HashMap<UserId, Box<Person>>,
    /// When to look at whom again, by the steady clock.
    wakes: BTreeSet<(Duration, UserId)>,
    /// Who may appear otherwise than others were told.
    changed: BTreeSet<UserId>,
    /// Who may be otherwise here than other nodes know.
    unpublished: BTreeSet<UserId>,
}

#[derive(Debug, Default)]
struct Person {
    devices: Vec<Device>,
    /// On other nodes.
    elsewhere: Vec<Elsewhere>,
    /// `None`: nobody here looks at them, and nobody has read it.
    chosen: Option<Chosen>,
    /// How present they are on this node, and since when.
    local: Option<(DeviceStatus, Timestamp)>,
    /// What other nodes know of that.
    published: Option<DeviceStatus>,
    /// When the last device left this node.
    left: Option<Timestamp>,
    /// When others saw the person last, as far as it is known here.
    last_seen: Option<Timestamp>,
    /// `None` as long as `chosen` is.
    shown: Option<Shown>,
    told: Option<Shown>,
    wake: Option<Duration>,
}

#[derive(Debug)]
struct Device {
    link: LinkId,
    session: Option<SessionId>,
    status: DeviceStatus,
    /// When it last showed a sign of being used.
    active: Duration,
    /// When its connection dropped.
    dropped: Option<Now>,
}

#[derive(Clone, Copy, Debug)]
struct Elsewhere {
    node: NodeId,
    status: DeviceStatus,
    since: Timestamp,
}

/// How somebody appears.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) status: Status,
    pub(super) text: String,
    pub(super) since: Option<Timestamp>,
    /// Who is told `since`; it matters for who is offline.
    pub(super) privacy: LastSeenPrivacy,
}

/// How present somebody is on a node, for the other nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Who.
    pub user: UserId,
    /// How present; `None`: not there any more.
    pub status: Option<DeviceStatus>,
    /// Since when.
    pub since: Timestamp,
    /// When others last saw them, where that is news.
    pub last_seen: Option<Timestamp>,
}

impl Board {
    /// A device connected. One of the same session that dropped is this one, come back.
    pub(super) fn connected(&mut self, user: UserId, link: LinkId, session: Option<SessionId>, now: Now) {
        let person = self.people.entry(user).or_default();
        person.devices.retain(|old| old.dropped.is_none() || session.is_none() || old.session != session);
        let (status, active) = (DeviceStatus::Online, now.steady);
        // Nearly always it is the only one.
        person.devices.reserve_exact(1);
        person.devices.push(Device { link, session, status, active, dropped: None });
        self.settle(user, now);
    }

    /// A device's connection ended.
    pub(super) fn disconnected(&mut self, user: UserId, link: LinkId, now: Now) {
        if let Some(device) = self.device(user, link) {
            device.dropped = Some(now);
            self.settle(user, now);
        }
    }

    /// A device says how it is used. Anything a person does is the same as saying `online`.
    pub(super) fn report(&mut self, user: UserId, link: LinkId, status: DeviceStatus, now: Now) {
        let Some(device) = self.device(user, link) else { return };
        let before = device.present(now);
        (device.status, device.active) = (status, now.steady);
        if device.present(now) != before {
            self.settle(user, now);
        }
    }

    /// What another node knows of somebody.
    pub(super) fn heard(
        &mut self,
        node: NodeId,
        user: UserId,
        status: Option<DeviceStatus>,
        since: Timestamp,
        now: Now,
    ) {
        if status.is_none() && !self.people.contains_key(&user) {
            return;
        }
        let person = self.people.entry(user).or_default();
        let before = person.elsewhere.len();
        person.elsewhere.retain(|other| other.node != node);
        match status {
            Some(status) => person.elsewhere.push(Elsewhere { node, status, since }),
            None if person.elsewhere.len() < before => person.seen(since, now),
            None => {}
        }
        self.settle(user, now);
    }

    /// Another node is gone; who was there was last seen at `seen`.
    pub(super) fn node_gone(&mut self, node: NodeId, seen: Timestamp, now: Now) {
        let there = |person: &Person| person.elsewhere.iter().any(|other| other.node == node);
        let users: Vec<_> =
            self.people.iter().filter(|(_, person)| there(person)).map(|(user, _)| *user).collect();
        for user in users {
            self.heard(node, user, None, seen, now);
        }
    }

    /// What somebody chose, as it was just read. People need it before they are looked at.
    pub(super) fn learn(&mut self, chosen: Chosen, now: Now) {
        let user = chosen.user;
        let person = self.people.entry(user).or_default();
        person.last_seen = person.last_seen.max(chosen.last_seen);
        person.chosen = Some(chosen);
        self.settle(user, now);
    }

    /// What somebody chose, if anybody here looks at them.
    pub(super) fn learn_if_known(&mut self, chosen: Chosen, now: Now) {
        if self.knows(chosen.user) {
            self.learn(chosen, now);
        }
    }

    /// Whether it is known what somebody chose.
    pub(super) fn knows(&self, user: UserId) -> bool {
        self.people.get(&user).is_some_and(|person| person.chosen.is_some())
    }

    /// How somebody appears.
    pub(super) fn shown(&self, user: UserId) -> Shown {
        self.people.get(&user).and_then(|person| person.shown.clone()).unwrap_or_default()
    }

    /// Looks at everybody for whom time makes a difference by now.
    pub(super) fn wake(&mut self, now: Now) {
        while let Some((at, user)) = self.wakes.first().copied().filter(|(at, _)| *at <= now.steady) {
            self.wakes.remove(&(at, user));
            if let Some(person) = self.people.get_mut(&user) {
                person.wake = None;
                self.settle(user, now);
            }
        }
    }

    /// Those who appear otherwise than at the last call.
    pub(super) fn take_changes(&mut self) -> Vec<(UserId, Shown)> {
        let changed = std::mem::take(&mut self.changed);
        let news = changed.into_iter().filter_map(|user| {
            let person = self.people.get_mut(&user)?;
            if person.shown == person.told {
                return None;
            }
            person.told.clone_from(&person.shown);
            person.shown.clone().map(|shown| (user, shown))
        });
        news.collect()
    }

    /// What other nodes must know. Hand it to [`Board::published`] when they can, or to [`Board::unpublished`].
    pub(super) fn take_unpublished(&mut self) -> Vec<Publication> {
        let unpublished = std::mem::take(&mut self.unpublished);
        unpublished.iter().filter_map(|user| self.people.get(user)?.publication(*user)).collect()
    }

    /// This is written.
    pub(super) fn published(&mut self, publications: &[Publication]) {
        for publication in publications {
            let Some(person) = self.people.get_mut(&publication.user) else { continue };
            person.published = publication.status;
            if person.local.map(|(status, _)| status) != person.published {
                self.unpublished.insert(publication.user);
            }
        }
    }

    /// This could not be written.
    pub(super) fn unpublished(&mut self, publications: &[Publication]) {
        self.unpublished.extend(publications.iter().map(|publication| publication.user));
    }

    /// Other nodes have forgotten this one: tell them everything again.
    pub(super) fn publish_all(&mut self) {
        for (user, person) in &mut self.people {
            person.published = None;
            if person.local.is_some() {
                self.unpublished.insert(*user);
            }
        }
    }

    /// Forgets what is of no use: people who are nowhere, and what people chose whom nobody looks at.
    pub(super) fn forget(&mut self, is_watched: impl Fn(UserId) -> bool) {
        let (wakes, changed) = (&mut self.wakes, &mut self.changed);
        self.people.retain(|user, person| {
            if !person.devices.is_empty() || person.published.is_some() || is_watched(*user) {
                return true;
            }
            (person.chosen, person.shown, person.told) = (None, None, None);
            if let Some(at) = person.wake.take() {
                wakes.remove(&(at, *user));
            }
            changed.remove(user);
            !person.elsewhere.is_empty()
        });
    }

    fn device(&mut self, user: UserId, link: LinkId) -> Option<&mut Device> {
        let person = self.people.get_mut(&user)?;
        person.devices.iter_mut().find(|device| device.link == link && device.dropped.is_none())
    }

    /// Works out anew how somebody appears, and when to look again.
    fn settle(&mut self, user: UserId, now: Now) {
        let Some(person) = self.people.get_mut(&user) else { return };
        person.settle_devices(now);
        if person.local.map(|(status, _)| status) != person.published {
            self.unpublished.insert(user);
        }
        person.show(now);
        if person.shown != person.told {
            self.changed.insert(user);
        }
        let wake = person.next_look(now);
        if wake != person.wake {
            if let Some(old) = person.wake.take() {
                self.wakes.remove(&(old, user));
            }
            self.wakes.extend(wake.map(|at| (at, user)));
            person.wake = wake;
        }
    }
}

impl Device {
    fn present(&self, now: Now) -> DeviceStatus {
        let idle = now.steady.saturating_sub(self.active) >= IDLE;
        if idle { DeviceStatus::Away } else { self.status }
    }

    /// When time alone will change something about it.
    fn next_look(&self, now: Now) -> Option<Duration> {
        let idle = (self.present(now) == DeviceStatus::Online).then_some(self.active + IDLE);
        let end = self.dropped.map(|dropped| dropped.steady + GRACE);
        idle.into_iter().chain(end).min()
    }
}

impl Person {
    /// Drops devices that did not come back, and finds the most present of the others.
    fn settle_devices(&mut self, now: Now) {
        let is_gone = |device: &Device| {
            device.dropped.is_some_and(|dropped| now.steady.saturating_sub(dropped.steady) >= GRACE)
        };
        let gone = self.devices.iter().filter(|device| is_gone(device)).filter_map(|device| device.dropped);
        let left = gone.map(|dropped| dropped.wall).max();
        self.devices.retain(|device| !is_gone(device));
        let status = self.devices.iter().map(|device| device.present(now)).max();
        match (status, self.local) {
            (Some(status), Some((before, _))) if status == before => {}
            (Some(status), _) => self.local = Some((status, now.wall)),
            (None, Some(_)) => {
                self.local = None;
                self.left = left;
                self.seen(left.unwrap_or(now.wall), now);
            }
            (None, None) => {}
        }
    }

    /// Others saw the person until `at`, unless the person appeared offline.
    fn seen(&mut self, at: Timestamp, now: Now) {
        // Where it is not known what they chose, they may have been hiding.
        let seen = self.chosen.as_ref().is_some_and(|chosen| chosen.status_at(now.wall) != Status::Offline);
        if seen {
            self.last_seen = self.last_seen.max(Some(at));
        }
    }

    /// The most present that the person is anywhere, and since when.
    fn present(&self) -> Option<(DeviceStatus, Timestamp)> {
        let elsewhere = self.elsewhere.iter().map(|other| (other.status, other.since));
        let all = || self.local.into_iter().chain(elsewhere.clone());
        let most = all().map(|(status, _)| status).max()?;
        all().filter(|(status, _)| *status == most).min_by_key(|(_, since)| *since)
    }

    /// Brings `shown` up to date.
    fn show(&mut self, now: Now) {
        let Some(chosen) = &self.chosen else { return };
        let present = self.present();
        let status = match (present, chosen.status_at(now.wall)) {
            (None, _) | (_, Status::Offline) => Status::Offline,
            (Some((status, _)), Status::Online) => status.into(),
            (Some(_), chosen) => chosen,
        };
        let before = self.shown.as_ref().map(|shown| (shown.status, shown.since));
        if status == Status::Offline && before.is_some_and(|(before, _)| before != Status::Offline) {
            // Who hides from now on was seen until now; who left has been seen until then, as `seen` noted.
            let until_now = present.map(|_| now.wall);
            self.last_seen = self.last_seen.max(until_now);
        }
        let since = match (status, before) {
            (Status::Offline, _) => self.last_seen,
            (_, Some((before, since))) if before == status => since,
            (_, Some(_)) => Some(now.wall),
            (_, None) => present.map(|(_, since)| since),
        };
        let (text, privacy) = (chosen.text_at(now.wall).to_owned(), chosen.last_seen_privacy);
        self.shown = Some(Shown { status, text, since, privacy });
        if self.told.is_none() {
            // Whoever looks at somebody for the first time is told at once.
            self.told.clone_from(&self.shown);
        }
    }

    fn next_look(&self, now: Now) -> Option<Duration> {
        let devices = self.devices.iter().filter_map(|device| device.next_look(now));
        let ends = self.chosen.iter().flat_map(|chosen| [chosen.until, chosen.text_until]).flatten();
        let ends = ends.filter(|end| *end > now.wall).map(|end| now.steady + end.since(now.wall).min(LOOK));
        devices.chain(ends).min()
    }

    /// What other nodes must know, if it is news to them.
    fn publication(&self, user: UserId) -> Option<Publication> {
        let status = self.local.map(|(status, _)| status);
        if status == self.published {
            return None;
        }
        Some(match self.local {
            Some((status, since)) => Publication { user, status: Some(status), since, last_seen: None },
            None => {
                let since = self.left.or(self.last_seen).unwrap_or(Timestamp::from_millis(0));
                Publication { user, status: None, since, last_seen: self.last_seen }
            }
        })
    }
}

#[cfg(test)]
mod tests;
