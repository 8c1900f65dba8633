//! Facts about members.

use std::time::Duration;

use rony_core::{
    Error,
    contact::ContactChanges,
    conversation::{NewConversation, Visibility},
    id::{ConversationId, UserId},
    member::{AddPeople, Level, Member, MemberSettings, SettingsChange},
    message::Window,
    page::Limit,
    permission::Role,
    time::Clock as _,
};

use super::{Person, World, facts};

impl World {
    /// A public group that `person` owns.
    ///
    /// # Panics
    ///
    /// As [`World::person`].
    pub async fn public_group(&self, person: &Person, title: &str) -> ConversationId {
        let new = NewConversation::group(self.client_id(), Vec::new());
        let new = NewConversation { visibility: Visibility::Public, title: title.to_owned(), ..new };
        self.start(person, new).await
    }

    async fn members(&self, reader: &Person, place: ConversationId) -> Vec<Member> {
        let page = self.rony.members().list(&reader.actor, place, Limit::MAX, None).await.expect("a list");
        let mut members = page.items;
        members.sort_unstable_by(|one, other| one.username.as_str().cmp(other.username.as_str()));
        members
    }

    async fn roles(&self, reader: &Person, place: ConversationId) -> Vec<(String, Role)> {
        let members = self.members(reader, place).await;
        members.into_iter().map(|member| (member.username.to_string(), member.role)).collect()
    }
}

fn people(people: &[&Person], role: Role) -> AddPeople {
    AddPeople { user_ids: people.iter().map(|person| person.id).collect(), role }
}

#[track_caller]
fn refused<T: std::fmt::Debug>(answer: Result<T, Error>, code: &str) {
    assert_eq!(answer.expect_err("is refused").code(), code);
}

facts! {
    async fn who_joins_is_told_of_in_both_streams(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.public_group(&ann, "Tea").await;
        world.rony.members().join(&ben.actor, place).await.unwrap();
        world.rony.members().join(&ben.actor, place).await.unwrap();
        assert_eq!(world.event_types(&ann, place).await, ["conversation.created", "member.joined"]);
        let own = world.own_events(&ben, "member.joined").await;
        let told: Vec<_> = own.iter().filter(|event| event["conversation_id"] == place.to_string()).collect();
        assert_eq!(told.len(), 1);
        assert_eq!((told[0]["user_id"].as_str(), told[0]["by_id"].as_str()), (Some(&*ben.id.to_string()), None));
        let joined = world.members(&ben, place).await.remove(1);
        assert_eq!((joined.user_id, joined.display_name.as_str()), (ben.id, "ben"));
        assert_eq!((joined.role, joined.joined_at), (Role::Member, world.clock.now()));
    }

    async fn who_joins_twice_at_once_joins_once(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.public_group(&ann, "Tea").await;
        let members = world.rony.members();
        let (one, other) = tokio::join!(members.join(&ben.actor, place), members.join(&ben.actor, place));
        one.and(other).unwrap();
        assert_eq!(world.event_types(&ann, place).await.len(), 2);
        let view = world.rony.conversations().get(&ben.actor, place).await.unwrap();
        assert_eq!(view.member_count, 2);
    }

    async fn a_private_conversation_cannot_be_joined_nor_read_by_strangers(world: World) {
        let (ann, eve) = (world.person("ann").await, world.person("eve").await);
        let place = world.group(&[&ann]).await;
        let members = world.rony.members();
        refused(members.join(&eve.actor, place).await, "not_found");
        refused(members.list(&eve.actor, place, Limit::DEFAULT, None).await, "not_found");
        refused(members.add(&eve.actor, place, people(&[&eve], Role::Guest)).await, "not_found");
        refused(members.change_role(&eve.actor, place, ann.id, Role::Guest).await, "not_found");
        refused(members.remove(&eve.actor, place, ann.id).await, "not_found");
        refused(members.leave(&eve.actor, place).await, "not_found");
        refused(members.keep(&eve.actor, place, SettingsChange::default()).await, "not_found");
        let open = world.public_group(&ann, "Tea").await;
        refused(members.list(&eve.actor, open, Limit::DEFAULT, None).await, "not_a_member");
        assert_eq!(world.event_types(&ann, place).await.len(), 1);
    }

    async fn people_are_added_all_or_none(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        let place = world.group(&[&ann, &ben]).await;
        let members = world.rony.members();
        let nobody = UserId::new(world.clock.now());
        let some = AddPeople { user_ids: vec![cem.id, nobody], role: Role::Member };
        let Err(Error::Invalid(fields)) = members.add(&ann.actor, place, some).await else { panic!() };
        assert_eq!(fields[0].field, "user_ids[1]");
        let block = ContactChanges { blocked: Some(true), ..ContactChanges::default() };
        world.rony.contacts().change(&cem.actor, ben.id, block).await.unwrap();
        refused(members.add(&ben.actor, place, people(&[&cem], Role::Member)).await, "blocked");
        assert_eq!(world.members(&ann, place).await.len(), 2);
        // Who is a member already stays what they are.
        let added = members.add(&ann.actor, place, people(&[&cem, &ben, &cem], Role::Guest)).await.unwrap();
        assert_eq!(added.len(), 2);
        let expected = [("ann", Role::Owner), ("ben", Role::Member), ("cem", Role::Guest)];
        assert_eq!(world.roles(&cem, place).await, expected.map(|(name, role)| (name.to_owned(), role)));
        let joined = world.events(&ben, place).await.pop().unwrap();
        assert_eq!((joined["type"].as_str(), joined["by_id"].as_str()), (Some("member.joined"), Some(&*ann.id.to_string())));
        refused(members.add(&cem.actor, place, people(&[&ben], Role::Guest)).await, "role_too_low");
        refused(members.add(&ben.actor, place, people(&[&ben], Role::Admin)).await, "role_too_low");
    }

    async fn a_removed_member_is_told_and_reads_no_more(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        world.say(&ann, place, "before").await;
        world.rony.members().remove(&ann.actor, place, ben.id).await.unwrap();
        let left = world.own_events(&ben, "member.left").await.pop().unwrap();
        assert_eq!((left["conversation_id"].as_str(), left["by_id"].as_str()), (Some(&*place.to_string()), Some(&*ann.id.to_string())));
        assert!(world.events(&ben, place).await.is_empty());
        refused(world.rony.conversations().get(&ben.actor, place).await, "not_found");
        refused(world.rony.messages().page(&ben.actor, place, None, Window::Newest, Limit::DEFAULT).await, "not_found");
        assert_eq!(world.event_types(&ann, place).await.pop().unwrap(), "member.left");
        refused(world.rony.members().remove(&ann.actor, place, ben.id).await, "not_found");
        let view = world.rony.conversations().get(&ann.actor, place).await.unwrap();
        assert_eq!(view.member_count, 1);
    }

    async fn who_comes_back_starts_at_the_newest_message(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        for (place, seen) in [
            (world.group(&[&ann, &ben]).await, vec!["one", "two", "three"]),
            (world.group_since_join(&[&ann, &ben]).await, vec!["three"]),
        ] {
            world.say(&ben, place, "one").await;
            world.rony.members().leave(&ben.actor, place).await.unwrap();
            world.say(&ann, place, "two").await;
            world.add(&ann, place, &ben).await;
            assert_eq!(world.rony.conversations().get(&ben.actor, place).await.unwrap().unread, 0);
            world.say(&ann, place, "three").await;
            assert_eq!(world.rony.conversations().get(&ben.actor, place).await.unwrap().unread, 1);
            let page = world.rony.messages().page(&ben.actor, place, None, Window::Newest, Limit::DEFAULT).await.unwrap();
            assert_eq!(page.items.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), seen);
        }
    }

    async fn a_conversation_keeps_an_owner_as_long_as_anybody_is_in_it(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let members = world.rony.members();
        refused(members.leave(&ann.actor, place).await, "last_owner");
        refused(members.change_role(&ann.actor, place, ann.id, Role::Member).await, "last_owner");
        members.change_role(&ann.actor, place, ben.id, Role::Owner).await.unwrap();
        members.leave(&ann.actor, place).await.unwrap();
        // Nobody is left behind: the last one may go, and what was written is archived.
        world.rony.members().leave(&ben.actor, place).await.unwrap();
        let events = world.store.envelopes(place.into(), 0, 50).await.unwrap();
        let last = String::from_utf8(events.last().unwrap().frame.to_vec()).unwrap();
        assert!(last.contains("conversation.changed") && !last.contains("\"archived_at\":null"), "{last}");
    }

    async fn of_two_owners_who_leave_at_once_one_stays(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        let place = world.group(&[&ann, &ben, &cem]).await;
        let members = world.rony.members();
        members.change_role(&ann.actor, place, ben.id, Role::Owner).await.unwrap();
        let (one, other) = tokio::join!(members.leave(&ann.actor, place), members.leave(&ben.actor, place));
        let codes: Vec<_> = [one, other].into_iter().filter_map(Result::err).map(|error| error.code()).collect();
        assert_eq!(codes, ["last_owner"]);
        assert_eq!(world.roles(&cem, place).await.iter().filter(|(_, role)| *role == Role::Owner).count(), 1);
    }

    async fn a_changed_role_holds_from_then_on_and_is_told_to_both(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        let place = world.group(&[&ann, &ben, &cem]).await;
        let members = world.rony.members();
        refused(members.change_role(&ben.actor, place, cem.id, Role::Guest).await, "role_too_low");
        let admin = members.change_role(&ann.actor, place, ben.id, Role::Admin).await.unwrap();
        assert_eq!((admin.user_id, admin.role), (ben.id, Role::Admin));
        members.change_role(&ann.actor, place, ben.id, Role::Admin).await.unwrap();
        assert_eq!(world.own_events(&ben, "member.changed").await.len(), 1);
        members.change_role(&ben.actor, place, cem.id, Role::Guest).await.unwrap();
        refused(members.change_role(&ben.actor, place, ann.id, Role::Guest).await, "role_too_low");
        refused(members.change_role(&ben.actor, place, cem.id, Role::Owner).await, "above_own_role");
        refused(members.remove(&ben.actor, place, ann.id).await, "role_too_low");
        members.remove(&ben.actor, place, cem.id).await.unwrap();
        let expected = ["conversation.created", "member.changed", "member.changed", "member.left"];
        assert_eq!(world.event_types(&ann, place).await, expected);
        let stranger = UserId::new(world.clock.now());
        refused(members.change_role(&ann.actor, place, stranger, Role::Guest).await, "not_found");
    }

    async fn a_direct_conversation_has_two_people_for_good(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        let place = world.direct(&ann, &ben).await;
        let members = world.rony.members();
        refused(members.add(&ann.actor, place, people(&[&cem], Role::Member)).await, "direct_conversation");
        refused(members.leave(&ann.actor, place).await, "direct_conversation");
        refused(members.remove(&ann.actor, place, ben.id).await, "direct_conversation");
        refused(members.change_role(&ann.actor, place, ben.id, Role::Guest).await, "direct_conversation");
        refused(members.change_role(&ann.actor, place, ann.id, Role::Guest).await, "direct_conversation");
    }

    async fn an_archived_conversation_can_be_left_but_nobody_comes(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        let place = world.public_group(&ann, "Tea").await;
        world.add(&ann, place, &ben).await;
        world.archive(&ann, place, true).await;
        refused(world.rony.members().join(&cem.actor, place).await, "archived");
        refused(world.rony.members().add(&ann.actor, place, people(&[&cem], Role::Member)).await, "archived");
        world.rony.members().leave(&ben.actor, place).await.unwrap();
    }

    async fn how_one_keeps_a_conversation_is_told_to_ones_own_devices_only(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let until = world.clock.now().plus(Duration::from_secs(3600));
        let members = world.rony.members();
        let quiet = SettingsChange { level: Some(Level::Mentions), muted_until: Some(Some(until)), favorite: None };
        let kept = members.keep(&ben.actor, place, quiet).await.unwrap();
        let expected = MemberSettings { level: Level::Mentions, muted_until: Some(until), favorite: false };
        assert_eq!(kept, expected);
        assert_eq!(members.keep(&ben.actor, place, quiet).await.unwrap(), expected);
        let loud = SettingsChange { muted_until: Some(None), favorite: Some(true), level: None };
        members.keep(&ben.actor, place, loud).await.unwrap();
        let view = world.rony.conversations().get(&ben.actor, place).await.unwrap();
        assert_eq!((view.level, view.muted_until, view.favorite), (Level::Mentions, None, true));
        let told = world.own_events(&ben, "member.settings").await;
        assert_eq!(told.len(), 2, "what changes nothing is not told");
        assert_eq!(told[0]["settings"], serde_json::to_value(expected).unwrap());
        assert!(world.own_events(&ann, "member.settings").await.is_empty());
        assert_eq!(world.event_types(&ann, place).await, ["conversation.created"]);
    }

    async fn members_come_in_pages(world: World) {
        let ann = world.person("ann").await;
        let place = world.public_group(&ann, "Tea").await;
        for name in ["ben", "cem", "dan", "eva"] {
            world.add(&ann, place, &world.person(name).await).await;
        }
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let limit = Limit::new(2).unwrap();
            let page = world.rony.members().list(&ann.actor, place, limit, cursor.as_ref()).await.unwrap();
            seen.extend(page.items.into_iter().map(|member| member.user_id));
            match page.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        assert!(seen.is_sorted() && seen.len() == 5, "{seen:?}");
        let foreign = rony_core::page::Cursor::encode("people", &ann.id);
        refused(world.rony.members().list(&ann.actor, place, Limit::MAX, Some(&foreign)).await, "invalid");
    }
}
