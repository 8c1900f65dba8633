//! What may be done with presence, and what a node does about it by itself.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use tokio::sync::RwLockReadGuard;

use super::{
    DeviceStatus, OwnPresence, PresenceStore, SetPresence, Status,
    board::{Now, Shown},
    frame::{self, Entry},
    live::{Lease, Live, SILENCE, State},
    store::News,
};
use crate::{
    Error, Result,
    actor::{Actor, Scope},
    bus::{Bus, Signal},
    contact::ContactStore,
    hub::{Hub, Link, LinkId},
    id::{ConversationId, NodeId, UserId},
    stream::StreamId,
    time::Clock,
    user::LastSeenPrivacy,
};

/// People in one `watch` at most.
const MOST_WATCHED: usize = 200;

/// The use cases of presence. Made by [`crate::Rony::presence`].
pub struct Presence<'r> {
    pub(crate) store: &'r dyn PresenceStore,
    pub(crate) contacts: &'r dyn ContactStore,
    pub(crate) hub: &'r Hub,
    pub(crate) bus: &'r dyn Bus,
    pub(crate) clock: &'r dyn Clock,
    pub(crate) node: NodeId,
    pub(crate) live: &'r Live,
}

impl Presence<'_> {
    /// A socket connected and is in the hub: its person is present, and it is told how present the contacts are.
    ///
    /// # Errors
    ///
    /// When the database is away. Hand the socket to [`Presence::disconnected`] all the same.
    pub async fn connected(&self, link: &Arc<Link>) -> Result<()> {
        let _lease = self.in_step().await?;
        let relations = self.contacts.relations(link.user()).await?;
        {
            let mut state = self.live.state();
            state.views.connected(link.user(), link.id(), &relations);
            state.board.connected(link.user(), link.id(), link.session(), self.now());
        }
        self.look(link, &HashSet::new()).await
    }

    /// A socket ended. Its person counts as present for half a minute still.
    pub fn disconnected(&self, link: &Arc<Link>) {
        let mut state = self.live.state();
        state.views.disconnected(link.user(), link.id());
        state.board.disconnected(link.user(), link.id(), self.now());
        // News may have given it topics after it left the hub.
        self.hub.watch(link, HashSet::new());
    }

    /// A device says how it is used.
    pub fn report(&self, link: &Link, status: DeviceStatus) {
        self.live.state().board.report(link.user(), link.id(), status, self.now());
    }

    /// Somebody did something on a device, by which it is in use.
    pub fn active(&self, link: &Link) {
        self.report(link, DeviceStatus::Online);
    }

    /// What a socket has in view from now on. It is told how present the people are, and who is typing; whoever may not
    /// be seen appears offline.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for more than 200 people, [`Error::NotFound`] for a conversation that the actor is not in.
    pub async fn watch(
        &self,
        actor: &Actor,
        link: &Arc<Link>,
        people: &[UserId],
        conversation: Option<ConversationId>,
    ) -> Result<()> {
        let user = actor.user(Scope::Read)?;
        if people.len() > MOST_WATCHED {
            let message = format!("Watch at most {MOST_WATCHED} people at once.");
            return Err(Error::invalid("user_ids", message));
        }
        if let Some(conversation) = conversation {
            check_member(link, conversation)?;
        }
        let _lease = self.in_step().await?;
        let known = {
            let mut state = self.live.state();
            let known = state.views.people(user, link.id());
            state.views.watch(user, link.id(), people.iter().copied().collect(), conversation);
            known
        };
        self.look(link, &known).await?;
        if let Some(conversation) = conversation {
            let state = self.live.state();
            let typing = visible_typing(&state, link, &state.typing.who(conversation));
            if !typing.is_empty() {
                link.send(frame::typing(conversation, &typing));
            }
        }
        Ok(())
    }

    /// Somebody is typing. Others who have the conversation open are told within a second.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] for a conversation that the actor is not in.
    pub fn typing(&self, actor: &Actor, link: &Link, conversation: ConversationId) -> Result<()> {
        let user = actor.user(Scope::Write)?;
        check_member(link, conversation)?;
        let now = self.now();
        let is_news = {
            let mut state = self.live.state();
            state.board.report(user, link.id(), DeviceStatus::Online, now);
            state.typing.heard(conversation, user, now.steady)
        };
        if is_news {
            self.bus.publish(self.node, Signal::Typing { conversation_id: conversation, user_id: user });
        }
        Ok(())
    }

    /// Another node says that somebody is typing.
    pub fn heard_typing(&self, conversation: ConversationId, user: UserId) {
        self.live.state().typing.heard(conversation, user, self.now().steady);
    }

    /// How the actor has chosen to appear.
    ///
    /// # Errors
    ///
    /// When the database is away.
    pub async fn own(&self, actor: &Actor) -> Result<OwnPresence> {
        let user = actor.user(Scope::Read)?;
        let chosen = self.store.chosen(&[user]).await?;
        Ok(chosen.first().ok_or(Error::NotFound("user"))?.own(self.clock.now()))
    }

    /// Chooses how the actor appears, on all devices.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for an end in the past, and for a text that is too long or shows nothing.
    pub async fn set(&self, actor: &Actor, set: SetPresence) -> Result<OwnPresence> {
        let user = actor.user(Scope::Profile)?;
        let now = self.now();
        let set = set.validate(now.wall)?;
        let _lease = self.in_step().await?;
        // Who hides from now on was seen until now, if they were.
        let seen =
            set.status == Status::Offline && self.live.state().board.shown(user).status != Status::Offline;
        let chosen = self.store.set_presence(user, now.wall, &set, seen).await?;
        let own = chosen.own(now.wall);
        self.live.state().board.learn_if_known(chosen, now);
        Ok(own)
    }

    /// What a node does about presence once every [`super::BEAT`]: hears what other nodes wrote, tells its sockets what
    /// changed, one frame each, and writes what other nodes must know.
    ///
    /// # Errors
    ///
    /// When the database is away. The sockets are told what this node knows by itself.
    pub async fn tick(&self) -> Result<()> {
        let heard = self.hear().await;
        self.tell();
        heard?;
        self.publish().await
    }

    /// Makes sure that news do not overtake what is read as long as this is held, and that all news after it are heard.
    async fn in_step(&self) -> Result<RwLockReadGuard<'_, Lease>> {
        loop {
            let lease = self.live.lease.read().await;
            if lease.since.is_some() {
                return Ok(lease);
            }
            drop(lease);
            self.hear().await?;
        }
    }

    async fn hear(&self) -> Result<()> {
        let mut lease = self.live.lease.write().await;
        let now = self.now();
        let heard = self.hear_others(&mut lease, now).await;
        if heard.is_err() {
            lease.blind(now.steady);
        }
        heard
    }

    async fn hear_others(&self, lease: &mut Lease, now: Now) -> Result<()> {
        if lease.is_due(now.steady) {
            let held = self.store.renew_node(self.node, now.wall).await?;
            lease.renewed(now.steady);
            let mut state = self.live.state();
            if !held {
                state.board.publish_all();
            }
            state.board.forget(|user| self.hub.is_watched(user.uuid()));
        }
        let news = self.store.presence_since(lease.since).await?;
        let gone = lease.observe(self.node, &news.nodes, now.steady);
        let seen = now.wall.minus(SILENCE);
        for node in &gone.silent {
            self.store.remove_node(*node, seen).await?;
        }
        {
            let mut state = self.live.state();
            for node in gone.silent.into_iter().chain(gone.unlisted) {
                state.board.node_gone(node, seen, now);
            }
        }
        let since = news.since;
        for (link, known) in self.take_over(news, now) {
            self.look(&link, &known).await?;
        }
        lease.since = Some(since);
        Ok(())
    }

    /// Takes news over. Answers the sockets that have others in view now, with the people who did not change for them.
    fn take_over(&self, news: News, now: Now) -> Vec<(Arc<Link>, HashSet<UserId>)> {
        let mut state = self.live.state();
        for present in news.present.into_iter().filter(|present| present.node != self.node) {
            state.board.heard(present.node, present.user, present.status, present.since, now);
        }
        for chosen in news.chosen {
            state.board.learn_if_known(chosen, now);
        }
        let mut others: HashMap<UserId, HashSet<UserId>> = HashMap::new();
        for relation in &news.relations {
            for user in state.views.relate(relation) {
                let other = if user == relation.owner { relation.user } else { relation.owner };
                others.entry(user).or_default().insert(other);
            }
        }
        let links = others.into_iter().flat_map(|(user, others)| {
            let links = self.hub.links_of(user).into_iter();
            links.map(move |link| (link, others.clone())).collect::<Vec<_>>()
        });
        let links = links.map(|(link, others)| {
            let people = state.views.people(link.user(), link.id());
            (link, people.difference(&others).copied().collect())
        });
        links.collect()
    }

    /// Gives a socket the topics that it has in view, and tells it how present the people are, but for those it knows.
    /// The caller holds the lease, so that nothing that is read here is older than what is known.
    async fn look(&self, link: &Arc<Link>, known: &HashSet<UserId>) -> Result<()> {
        let (user, id) = (link.user(), link.id());
        let unknown: Vec<_> = {
            let state = self.live.state();
            let people = state.views.people(user, id).into_iter();
            people.filter(|other| !state.board.knows(*other)).collect()
        };
        let chosen = if unknown.is_empty() { Vec::new() } else { self.store.chosen(&unknown).await? };
        let now = self.now();
        let mut state = self.live.state();
        for chosen in chosen {
            state.board.learn(chosen, now);
        }
        if !state.views.has(user, id) {
            return Ok(());
        }
        self.hub.watch(link, state.views.topics(user, id));
        let people = state.views.people(user, id);
        let new = people.difference(known).map(|other| state.entry(user, *other));
        // Under the lock: a later change must not overtake this.
        for frame in frame::presence(new.map(|entry| entry.encode().into())) {
            link.send(frame);
        }
        Ok(())
    }

    /// Tells the sockets of this node what changed since the last time: one frame each, whatever the number of people.
    fn tell(&self) {
        let now = self.now();
        let (changes, typing) = {
            let mut state = self.live.state();
            state.board.wake(now);
            (state.board.take_changes(), state.typing.take_changes(now.steady))
        };
        let mut frames: HashMap<LinkId, (Arc<Link>, Vec<Arc<str>>)> = HashMap::new();
        for (user, shown) in changes {
            self.tell_of(user, shown, &mut frames);
        }
        for (link, entries) in frames.into_values() {
            for frame in frame::presence(entries.into_iter()) {
                link.send(frame);
            }
        }
        for (conversation, users) in typing {
            self.tell_typing(conversation, &users);
        }
    }

    fn tell_of(&self, user: UserId, shown: Shown, frames: &mut HashMap<LinkId, (Arc<Link>, Vec<Arc<str>>)>) {
        let watchers = self.hub.watchers(user.uuid());
        if watchers.is_empty() {
            return;
        }
        let entry = Entry::new(user, shown);
        let whole: Arc<str> = entry.encode().into();
        let private =
            entry.is_private().then(|| (Arc::from(entry.without_since().encode()), self.live.state()));
        for link in watchers {
            let text = match &private {
                Some((less, state)) if !state.may_know(link.user(), &entry) => less,
                _ => &whole,
            };
            frames.entry(link.id()).or_insert((link, Vec::new())).1.push(Arc::clone(text));
        }
    }

    fn tell_typing(&self, conversation: ConversationId, users: &[UserId]) {
        let state = self.live.state();
        let to_most = frame::typing(conversation, users);
        for link in self.hub.watchers(conversation.uuid()) {
            // Somebody who was removed may have it open still.
            if check_member(&link, conversation).is_err() {
                continue;
            }
            let visible = visible_typing(&state, &link, users);
            let all = visible.len() == users.len();
            link.send(if all { to_most.clone() } else { frame::typing(conversation, &visible) });
        }
    }

    async fn publish(&self) -> Result<()> {
        let lease = self.live.lease.read().await;
        if !lease.is_held() {
            return Ok(());
        }
        let publications = self.live.state().board.take_unpublished();
        if publications.is_empty() {
            return Ok(());
        }
        let written = self.store.publish_presence(self.node, &publications).await;
        let board = &mut self.live.state().board;
        match written {
            Ok(()) => board.published(&publications),
            Err(_) => board.unpublished(&publications),
        }
        written
    }

    fn now(&self) -> Now {
        Now { steady: self.clock.elapsed(), wall: self.clock.now() }
    }
}

impl State {
    /// How somebody appears to a viewer.
    fn entry(&self, viewer: UserId, other: UserId) -> Entry {
        if self.views.hides(viewer, other) {
            return Entry::new(other, Shown::default());
        }
        let entry = Entry::new(other, self.board.shown(other));
        if self.may_know(viewer, &entry) { entry } else { entry.without_since() }
    }

    /// Whether a viewer may know when somebody was last seen.
    fn may_know(&self, viewer: UserId, entry: &Entry) -> bool {
        match entry.privacy() {
            _ if !entry.is_private() || viewer == entry.user() => true,
            LastSeenPrivacy::Everybody => true,
            LastSeenPrivacy::Contacts => self.views.is_contact_of(viewer, entry.user()),
            LastSeenPrivacy::Nobody => false,
        }
    }
}

/// Who of them a socket's person may see typing.
fn visible_typing(state: &State, link: &Link, users: &[UserId]) -> Vec<UserId> {
    let me = link.user();
    users.iter().copied().filter(|user| *user != me && !state.views.hides(me, *user)).collect()
}

/// A member's socket reads the conversation's stream: no question to the database.
fn check_member(link: &Link, conversation: ConversationId) -> Result<()> {
    let stream = StreamId::from(conversation);
    let is_conversation = stream != StreamId::DIRECTORY && stream != link.user().into();
    if is_conversation && link.is_reading(stream) { Ok(()) } else { Err(Error::NotFound("conversation")) }
}
