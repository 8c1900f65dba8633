//! Who looks at whom on this node, and who may. Pure.
//!
//! Contacts and blocks of a person are read once, when they connect, and kept fresh from then on: nothing here asks the
//! database about a pair of people.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::{
    contact::Relation,
    hub::LinkId,
    id::{ConversationId, UserId},
};

/// See the module's documentation.
#[derive(Debug, Default)]
pub(super) struct Views(HashMap<UserId, Viewer>);

#[derive(Debug, Default)]
struct Viewer {
    ties: HashMap<UserId, Tie>,
    /// Nearly always one.
    links: Vec<(LinkId, View)>,
}

/// What two people are to each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tie {
    /// The other is in the viewer's contacts.
    kept: bool,
    /// The viewer is in the other's contacts.
    keeps: bool,
    /// The viewer has blocked the other.
    blocks: bool,
    /// The other has blocked the viewer.
    blocked: bool,
}

impl Tie {
    const fn hides(self) -> bool {
        self.blocks || self.blocked
    }

    const fn is_nothing(self) -> bool {
        !(self.kept || self.keeps || self.hides())
    }
}

/// What a device has in view.
#[derive(Debug, Default)]
struct View {
    people: HashSet<UserId>,
    conversation: Option<ConversationId>,
}

impl Views {
    /// A device of somebody, who is related to others like this.
    pub(super) fn connected(&mut self, user: UserId, link: LinkId, relations: &[Relation]) {
        let viewer = self.0.entry(user).or_default();
        viewer.ties.clear();
        viewer.links.reserve_exact(1);
        viewer.links.push((link, View::default()));
        for relation in relations {
            viewer.relate(user, relation);
        }
    }

    /// The device is gone.
    pub(super) fn disconnected(&mut self, user: UserId, link: LinkId) {
        let Some(viewer) = self.0.get_mut(&user) else { return };
        viewer.links.retain(|(other, _)| *other != link);
        if viewer.links.is_empty() {
            self.0.remove(&user);
        }
    }

    /// What the device has in view from now on. Nothing happens for one that is not connected.
    pub(super) fn watch(
        &mut self,
        user: UserId,
        link: LinkId,
        people: HashSet<UserId>,
        conversation: Option<ConversationId>,
    ) {
        let links = self.0.get_mut(&user).into_iter().flat_map(|viewer| &mut viewer.links);
        if let Some((_, view)) = links.into_iter().find(|(other, _)| *other == link) {
            *view = View { people, conversation };
        }
    }

    /// A contact or block is like this now. Answers those of the two who look from this node and to whom it is news: their
    /// topics may be others now.
    pub(super) fn relate(&mut self, relation: &Relation) -> Vec<UserId> {
        let both = [relation.owner, relation.user];
        let here = both.into_iter().filter(|user| {
            let viewer = self.0.get_mut(user);
            viewer.is_some_and(|viewer| viewer.relate(*user, relation))
        });
        here.collect()
    }

    /// Whether the device is connected.
    pub(super) fn has(&self, user: UserId, link: LinkId) -> bool {
        self.0.get(&user).is_some_and(|viewer| viewer.view(link).is_some())
    }

    /// Everybody whom the device looks at, whether they may be seen or not: the person, their contacts, whom it watches.
    pub(super) fn people(&self, user: UserId, link: LinkId) -> HashSet<UserId> {
        let Some(viewer) = self.0.get(&user) else { return HashSet::new() };
        let contacts = viewer.ties.iter().filter(|(_, tie)| tie.kept).map(|(other, _)| *other);
        let watched = viewer.view(link).into_iter().flat_map(|view| view.people.iter().copied());
        contacts.chain(watched).chain([user]).collect()
    }

    /// What the device receives: those people without the hidden ones, and the open conversation.
    pub(super) fn topics(&self, user: UserId, link: LinkId) -> HashSet<Uuid> {
        let people = self.people(user, link).into_iter().filter(|other| !self.hides(user, *other));
        let view = self.0.get(&user).and_then(|viewer| viewer.view(link));
        let conversation = view.and_then(|view| view.conversation).map(ConversationId::uuid);
        people.map(UserId::uuid).chain(conversation).collect()
    }

    /// Whether a block stands between a viewer and somebody else.
    pub(super) fn hides(&self, viewer: UserId, other: UserId) -> bool {
        self.tie(viewer, other).hides()
    }

    /// Whether somebody else has the viewer in their contacts.
    pub(super) fn is_contact_of(&self, viewer: UserId, other: UserId) -> bool {
        viewer == other || self.tie(viewer, other).keeps
    }

    fn tie(&self, viewer: UserId, other: UserId) -> Tie {
        self.0.get(&viewer).and_then(|viewer| viewer.ties.get(&other)).copied().unwrap_or_default()
    }
}

impl Viewer {
    fn view(&self, link: LinkId) -> Option<&View> {
        self.links.iter().find(|(other, _)| *other == link).map(|(_, view)| view)
    }

    /// Whether it is news.
    fn relate(&mut self, me: UserId, relation: &Relation) -> bool {
        let other = if relation.owner == me { relation.user } else { relation.owner };
        let tie = self.ties.entry(other).or_default();
        let before = *tie;
        if relation.owner == me {
            (tie.kept, tie.blocks) = (relation.listed, relation.blocked);
        } else {
            (tie.keeps, tie.blocked) = (relation.listed, relation.blocked);
        }
        let is_news = *tie != before;
        if tie.is_nothing() {
            self.ties.remove(&other);
        }
        is_news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: UserId = UserId(Uuid::from_u128(1));
    const BEN: UserId = UserId(Uuid::from_u128(2));
    const CEM: UserId = UserId(Uuid::from_u128(3));
    const LINK: LinkId = LinkId(1);

    fn relation(owner: UserId, user: UserId, listed: bool, blocked: bool) -> Relation {
        Relation { owner, user, listed, blocked }
    }

    fn topics(views: &Views, user: UserId) -> Vec<Uuid> {
        let mut topics: Vec<_> = views.topics(user, LINK).into_iter().collect();
        topics.sort_unstable();
        topics
    }

    #[test]
    fn contacts_are_always_in_view_and_so_is_whom_one_watches() {
        let mut views = Views::default();
        views.connected(ANN, LINK, &[relation(ANN, BEN, true, false)]);
        assert_eq!(topics(&views, ANN), [ANN.uuid(), BEN.uuid()]);
        views.watch(ANN, LINK, HashSet::from([CEM]), None);
        assert_eq!(topics(&views, ANN), [ANN.uuid(), BEN.uuid(), CEM.uuid()]);
        views.watch(ANN, LINK, HashSet::new(), None);
        assert_eq!(topics(&views, ANN), [ANN.uuid(), BEN.uuid()]);
    }

    #[test]
    fn a_block_hides_both_from_each_other() {
        let mut views = Views::default();
        views.connected(ANN, LINK, &[relation(ANN, BEN, true, false)]);
        views.connected(BEN, LINK, &[relation(ANN, BEN, true, false), relation(BEN, ANN, true, false)]);
        assert_eq!(views.relate(&relation(ANN, BEN, true, true)), [ANN, BEN]);
        assert!(views.relate(&relation(ANN, BEN, true, true)).is_empty(), "they know it already");
        assert_eq!(topics(&views, ANN), [ANN.uuid()]);
        assert_eq!(topics(&views, BEN), [BEN.uuid()]);
        assert_eq!(
            views.people(BEN, LINK),
            HashSet::from([ANN, BEN]),
            "they do not know that they are blocked"
        );
        views.relate(&relation(ANN, BEN, true, false));
        assert_eq!(topics(&views, BEN), [ANN.uuid(), BEN.uuid()]);
    }

    #[test]
    fn nothing_is_kept_of_who_is_not_connected() {
        let mut views = Views::default();
        views.connected(ANN, LINK, &[relation(BEN, ANN, true, false)]);
        assert!(views.is_contact_of(ANN, BEN));
        views.disconnected(ANN, LINK);
        assert!(views.relate(&relation(ANN, BEN, true, true)).is_empty());
        assert!(views.0.is_empty());
    }
}
