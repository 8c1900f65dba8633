//! Nobody sees what they may not, one by one, in lists or in searches, whatever people do before: the store is compared with a plain
//! model of who may see what.

use std::collections::{BTreeSet, HashMap, HashSet};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use rony_core::{
    file::{ItemChange, ItemKind, Level, Listing, Query, Sort, Subject},
    id::{ConversationId, ItemId, UserId},
};
use uuid::Uuid;

use super::{Person, World, facts, name};

/// Things that are done in a run, and from which number chance begins.
const DEEDS: usize = 160;
const SEED: u64 = 7_730_241_990_415_028_613;

struct Known {
    owner: UserId,
    parent: Option<ItemId>,
    kind: ItemKind,
    trashed: bool,
}

/// Who may see what, in the plainest words.
struct Model {
    random: StdRng,
    people: Vec<Person>,
    groups: Vec<ConversationId>,
    members: HashSet<(ConversationId, UserId)>,
    items: HashMap<ItemId, Known>,
    ids: Vec<ItemId>,
    grants: HashMap<(ItemId, Uuid), Level>,
}

impl Model {
    /// The item, and the folders above it.
    fn way(&self, id: ItemId) -> Vec<ItemId> {
        std::iter::successors(Some(id), |id| self.items[id].parent).collect()
    }

    fn in_trash(&self, id: ItemId) -> bool {
        self.way(id).iter().any(|id| self.items[id].trashed)
    }

    fn level(&self, person: &Person, id: ItemId) -> Option<Level> {
        if !self.way(id).iter().all(|id| self.items.contains_key(id)) {
            return None;
        }
        if self.items[&id].owner == person.id {
            return Some(Level::Owner);
        }
        if self.in_trash(id) {
            return None;
        }
        let mine = |subject: Uuid| {
            subject == person.id.uuid() || self.members.contains(&(ConversationId(subject), person.id))
        };
        let given = |id: ItemId| self.grants.iter().filter(move |((item, _), _)| *item == id);
        let levels = self.way(id).into_iter().flat_map(given);
        levels.filter(|((_, subject), _)| mine(*subject)).map(|(_, level)| *level).max()
    }

    /// Does something, if the model says that it may be done, and nothing if not.
    async fn next(&mut self, world: &World, number: usize) -> String {
        let person = self.people.choose(&mut self.random).expect("some").clone();
        let id = *self.ids.choose(&mut self.random).expect("some");
        let level = self.level(&person, id);
        let free = !self.items.contains_key(&id) || !self.in_trash(id);
        match self.random.random_range(0..14_u32) {
            0..=3 => self.put_in(world, &person, id, level.filter(|_| free), number).await,
            4 => self.put_in(world, &person, id, None, number).await,
            5..=7 => self.share(world, &person, id, level.filter(|_| free)).await,
            8 => self.end_share(world, &person, id, level).await,
            9 => self.join_or_leave(world).await,
            10 => self.throw(world, &person, id).await,
            11 => self.bring_back(world, &person, id).await,
            12 => self.move_under(world, &person, id).await,
            _ => self.delete(world, &person, id).await,
        }
    }

    /// Into the folder, or at the top of the own drive without a level.
    async fn put_in(
        &mut self,
        world: &World,
        person: &Person,
        id: ItemId,
        level: Option<Level>,
        number: usize,
    ) -> String {
        let may = level.is_some_and(|level| level >= Level::Editor)
            && self.items.get(&id).is_some_and(|item| item.kind == ItemKind::Folder);
        let parent = may.then_some(id);
        let made = if number.is_multiple_of(2) {
            world.folder(person, parent, &format!("n{number}")).await
        } else {
            world.file(person, parent, &format!("n{number}"), 1).await
        };
        let known = Known { owner: made.owner_id, parent, kind: made.kind, trashed: false };
        self.items.insert(made.id, known);
        self.ids.push(made.id);
        format!("makes {}", made.id)
    }

    async fn share(&mut self, world: &World, person: &Person, id: ItemId, level: Option<Level>) -> String {
        let to = if self.random.random_bool(0.5) {
            Subject::Person(self.people.choose(&mut self.random).expect("some").id)
        } else {
            Subject::Conversation(*self.groups.choose(&mut self.random).expect("some"))
        };
        let given = *[Level::Viewer, Level::Editor, Level::Manager].choose(&mut self.random).expect("some");
        let done = world.rony.files().grant(&person.actor, id, to, given).await;
        let known = match to {
            Subject::Person(user) => self.items.get(&id).is_some_and(|item| item.owner != user),
            Subject::Conversation(group) => self.members.contains(&(group, person.id)),
        };
        let may = known && level.is_some_and(|level| level >= Level::Manager);
        assert_eq!(done.is_ok(), may, "{done:?}");
        if may {
            self.grants.insert((id, to.uuid()), given);
        }
        format!("shares {id}: {done:?}")
    }

    async fn end_share(
        &mut self,
        world: &World,
        person: &Person,
        id: ItemId,
        level: Option<Level>,
    ) -> String {
        let given: Vec<_> = self.grants.keys().filter(|(item, _)| *item == id).map(|key| key.1).collect();
        let Some(subject) = given.iter().min().copied() else { return "nothing".to_owned() };
        let done = world.rony.files().revoke(&person.actor, id, subject).await;
        let own = subject == person.id.uuid() && level.is_some();
        let free = self.items.contains_key(&id) && !self.in_trash(id);
        let may = own || (free && level.is_some_and(|level| level >= Level::Manager));
        assert_eq!(done.is_ok(), may, "{done:?}");
        if may {
            self.grants.remove(&(id, subject));
        }
        format!("ends sharing {id}: {done:?}")
    }

    async fn join_or_leave(&mut self, world: &World) -> String {
        let group = *self.groups.choose(&mut self.random).expect("some");
        let other = self.people[self.random.random_range(1..self.people.len())].clone();
        let owner = self.people[0].clone();
        if self.members.remove(&(group, other.id)) {
            world.rony.members().remove(&owner.actor, group, other.id).await.expect("is removed");
            return format!("{} leaves {group}", other.id);
        }
        world.add(&owner, group, &other).await;
        self.members.insert((group, other.id));
        format!("{} joins {group}", other.id)
    }

    async fn throw(&mut self, world: &World, person: &Person, id: ItemId) -> String {
        let done = world.rony.files().trash(&person.actor, id).await;
        if done.is_ok() {
            self.items.get_mut(&id).expect("it is there").trashed = true;
        }
        format!("throws {id}: {done:?}")
    }

    async fn bring_back(&mut self, world: &World, person: &Person, id: ItemId) -> String {
        let done = world.rony.files().restore(&person.actor, id).await;
        if let Ok(item) = &done {
            let known = self.items.get_mut(&id).expect("it is there");
            (known.trashed, known.parent) = (false, item.parent_id);
        }
        format!("restores {id}: {:?}", done.map(|_| ()))
    }

    async fn move_under(&mut self, world: &World, person: &Person, id: ItemId) -> String {
        let folder = *self.ids.choose(&mut self.random).expect("some");
        let change = ItemChange {
            parent_id: Some(Some(folder)),
            name: Some(name(&Uuid::new_v4().to_string())),
            ..Default::default()
        };
        let done = world.rony.files().change(&person.actor, id, change).await;
        if done.is_ok() {
            assert!(!self.way(folder).contains(&id), "never below itself");
            self.items.get_mut(&id).expect("it is there").parent = Some(folder);
        }
        format!("moves {id} under {folder}: {:?}", done.map(|_| ()))
    }

    async fn delete(&mut self, world: &World, person: &Person, id: ItemId) -> String {
        let done = world.rony.files().delete(&person.actor, id).await;
        if done.is_ok() {
            let below: Vec<_> =
                self.ids.iter().copied().filter(|other| self.way_or_none(*other).contains(&id)).collect();
            self.items.retain(|id, _| !below.contains(id));
            world.rony.files().collect().await.expect("collects");
        }
        format!("deletes {id}: {done:?}")
    }

    fn way_or_none(&self, id: ItemId) -> Vec<ItemId> {
        if self.items.contains_key(&id) { self.way(id) } else { Vec::new() }
    }

    /// What everybody sees, one by one, in all lists and in a search for everything, is what the model says.
    async fn compare(&self, world: &World, context: &str) {
        for person in &self.people {
            let mut live = BTreeSet::new();
            for id in &self.ids {
                let level = if self.items.contains_key(id) { self.level(person, *id) } else { None };
                let seen = world.rony.files().get(&person.actor, *id).await.ok();
                assert_eq!(seen.map(|view| view.item.level), level, "{id} for {}: {context}", person.id);
                if level.is_some() && !self.in_trash(*id) {
                    live.insert(*id);
                }
            }
            let ids = async |of| -> BTreeSet<ItemId> {
                world
                    .files_by(person, of, Sort::default())
                    .await
                    .expect("a list")
                    .iter()
                    .map(|item| item.id)
                    .collect()
            };
            assert_eq!(
                ids(Listing::Search(Query::default())).await,
                live,
                "a search by {}: {context}",
                person.id
            );
            let files = live.iter().filter(|id| self.items[*id].kind == ItemKind::File).copied().collect();
            assert_eq!(ids(Listing::Recent).await, files, "recent of {}: {context}", person.id);
            let shared = ids(Listing::Shared).await;
            assert!(shared.is_subset(&live), "shared with {}: {context}", person.id);
            for id in live.iter().filter(|id| self.items[*id].kind == ItemKind::Folder) {
                assert!(ids(Listing::Folder(Some(*id))).await.is_subset(&live), "the folder {id}: {context}");
            }
        }
    }
}

facts! {
    async fn nobody_sees_what_they_may_not_after_any_row_of_deeds(world: World) {
        let mut people = Vec::new();
        for name in ["ann", "ben", "cem"] {
            people.push(world.person(name).await);
        }
        let groups = vec![world.group(&[&people[0]]).await, world.group(&[&people[0], &people[1]]).await];
        let members = [(groups[0], people[0].id), (groups[1], people[0].id), (groups[1], people[1].id)].into();
        let first = world.folder(&people[0], None, "first").await;
        let known = Known { owner: people[0].id, parent: None, kind: ItemKind::Folder, trashed: false };
        let mut model = Model {
            random: StdRng::seed_from_u64(SEED),
            people,
            groups,
            members,
            items: [(first.id, known)].into(),
            ids: vec![first.id],
            grants: HashMap::new(),
        };
        let mut context = String::new();
        for number in 0..DEEDS {
            let deed = model.next(&world, number).await;
            context = format!("{context}\n{number}: {deed}");
            if number % 8 == 7 {
                model.compare(&world, &format!("seed {SEED}{context}")).await;
            }
        }
    }
}
