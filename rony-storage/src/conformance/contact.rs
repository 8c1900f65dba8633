//! Facts about contacts.

use rony_core::{
    contact::{AddContact, ContactChanges},
    id::UserId,
    page::Limit,
};

use super::{Person, World, facts};

fn named(username: &str) -> AddContact {
    AddContact { username: Some(username.to_owned()), ..AddContact::default() }
}

fn blocked(blocked: bool) -> ContactChanges {
    ContactChanges { blocked: Some(blocked), ..ContactChanges::default() }
}

async fn all(world: &World, owner: &Person) -> Vec<UserId> {
    let page = world.rony.contacts().list(&owner.actor, Limit::MAX, None).await.unwrap();
    page.items.iter().map(|contact| contact.user_id).collect()
}

facts! {
    async fn a_contact_is_added_by_name_and_is_there_as_it_was_noted(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("Ben").await);
        let add = AddContact {
            favorite: Some(true),
            groups: Some(vec!["Work".into(), " Chess ".into(), "Work".into()]),
            nickname: Some("Benny".into()),
            note: Some("Likes tea.\nNot coffee.".into()),
            ..named("@ben")
        };
        let added = world.rony.contacts().add(&ann.actor, add).await.unwrap();
        assert_eq!((added.user_id, added.listed, added.favorite, added.blocked), (ben.id, true, true, false));
        assert_eq!((added.groups.as_slice(), added.nickname.as_str()), (["Work", "Chess"].map(String::from).as_slice(), "Benny"));
        let page = world.rony.contacts().list(&ann.actor, Limit::MAX, None).await.unwrap();
        assert_eq!(page.items, std::slice::from_ref(&added));
        let events = world.own_events(&ann, "contact.").await;
        assert_eq!(events[0]["type"], "contact.changed");
        assert_eq!(events[0]["contact"], serde_json::to_value(&added).unwrap());
    }

    async fn nobody_learns_that_they_are_a_contact_or_blocked(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        world.rony.contacts().add(&ann.actor, named("ben")).await.unwrap();
        world.rony.contacts().change(&ann.actor, ben.id, blocked(true)).await.unwrap();
        assert!(all(&world, &ben).await.is_empty());
        assert!(world.own_events(&ben, "contact.").await.is_empty());
    }

    async fn adding_somebody_again_changes_what_is_given_and_nothing_else(world: World) {
        let (ann, _) = (world.person("ann").await, world.person("ben").await);
        let noted = AddContact { note: Some("tea".into()), ..named("ben") };
        world.rony.contacts().add(&ann.actor, noted).await.unwrap();
        world.clock.advance(std::time::Duration::from_secs(60));
        let again = AddContact { favorite: Some(true), ..named("ben") };
        let contact = world.rony.contacts().add(&ann.actor, again).await.unwrap();
        assert_eq!((contact.note.as_str(), contact.favorite), ("tea", true));
        let same = world.rony.contacts().add(&ann.actor, named("ben")).await.unwrap();
        assert_eq!(same, contact);
        assert_eq!(world.own_events(&ann, "contact.").await.len(), 2, "where nothing changed, nothing is told");
    }

    async fn a_block_stands_without_a_contact_and_outlives_one(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let contacts = world.rony.contacts();
        let contact = contacts.change(&ann.actor, ben.id, blocked(true)).await.unwrap();
        assert_eq!((contact.listed, contact.blocked), (false, true));
        contacts.add(&ann.actor, named("ben")).await.unwrap();
        contacts.remove(&ann.actor, ben.id).await.unwrap();
        let page = contacts.list(&ann.actor, Limit::MAX, None).await.unwrap();
        assert_eq!((page.items[0].listed, page.items[0].blocked), (false, true));
        assert_eq!(contacts.remove(&ann.actor, ben.id).await.unwrap_err().code(), "not_found");
        contacts.change(&ann.actor, ben.id, blocked(false)).await.unwrap();
        assert!(all(&world, &ann).await.is_empty());
        let events = world.own_events(&ann, "contact.").await;
        let kinds: Vec<_> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["contact.changed", "contact.changed", "contact.changed", "contact.removed"]);
    }

    async fn what_was_noted_is_gone_with_the_contact(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let contacts = world.rony.contacts();
        let noted = AddContact { note: Some("tea".into()), groups: Some(vec!["Work".into()]), ..named("ben") };
        contacts.add(&ann.actor, noted).await.unwrap();
        contacts.remove(&ann.actor, ben.id).await.unwrap();
        assert!(all(&world, &ann).await.is_empty());
        let contact = contacts.add(&ann.actor, named("ben")).await.unwrap();
        assert!(contact.note.is_empty() && contact.groups.is_empty());
    }

    async fn oneself_and_nobody_are_no_contacts(world: World) {
        let ann = world.person("ann").await;
        let contacts = world.rony.contacts();
        assert_eq!(contacts.add(&ann.actor, named("ann")).await.unwrap_err().code(), "invalid");
        assert_eq!(contacts.change(&ann.actor, ann.id, blocked(true)).await.unwrap_err().code(), "invalid");
        let stranger = UserId(uuid::Uuid::from_u128(7));
        let by_name = contacts.add(&ann.actor, named("nobody")).await.unwrap_err();
        let by_id = AddContact { user_id: Some(stranger), ..AddContact::default() };
        let by_id = contacts.add(&ann.actor, by_id).await.unwrap_err();
        assert_eq!((by_name.to_string(), by_name.code()), (by_id.to_string(), "not_found"));
        assert_eq!(contacts.change(&ann.actor, stranger, blocked(true)).await.unwrap_err().code(), "not_found");
        let ben = world.person("ben").await;
        let note = ContactChanges { note: Some("?".into()), ..ContactChanges::default() };
        assert_eq!(contacts.change(&ann.actor, ben.id, note).await.unwrap_err().code(), "not_found");
        assert!(world.own_events(&ann, "contact.").await.is_empty());
    }

    async fn a_long_list_comes_in_pages(world: World) {
        let ann = world.person("ann").await;
        for name in ["ben", "cem", "dan", "eva", "fay"] {
            world.person(name).await;
            world.rony.contacts().add(&ann.actor, named(name)).await.unwrap();
        }
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let limit = Limit::new(2).unwrap();
            let page = world.rony.contacts().list(&ann.actor, limit, cursor.as_ref()).await.unwrap();
            seen.extend(page.items.iter().map(|contact| contact.user_id));
            match page.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, all(&world, &ann).await);
        assert_eq!(seen.len(), 5);
    }

    async fn relations_show_both_sides(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        world.rony.contacts().add(&ann.actor, named("ben")).await.unwrap();
        world.rony.contacts().change(&cem.actor, ben.id, blocked(true)).await.unwrap();
        let relations = world.store.relations(ben.id).await.unwrap();
        let mut seen: Vec<_> = relations.iter().map(|it| (it.owner, it.user, it.listed, it.blocked)).collect();
        seen.sort_unstable();
        let mut expected = [(ann.id, ben.id, true, false), (cem.id, ben.id, false, true)];
        expected.sort_unstable();
        assert_eq!(seen, expected);
    }
}
