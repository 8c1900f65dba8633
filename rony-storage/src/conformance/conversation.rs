//! Facts about conversations.

use rony_core::{
    Error,
    contact::ContactChanges,
    conversation::{
        ConversationChange, ConversationView, GENERAL, History, Kind, LISTED, MOST_MEMBERS, NewConversation,
        Visibility,
    },
    id::{ConversationId, UserId},
    message::Window,
    page::Limit,
    permission::Role,
    time::Clock as _,
};

use super::{Person, World, facts};

impl World {
    /// Archives a conversation, or brings it back.
    ///
    /// # Panics
    ///
    /// When `person` may not.
    pub async fn archive(&self, person: &Person, place: ConversationId, archived: bool) {
        let change = ConversationChange { archived: Some(archived), ..ConversationChange::default() };
        self.rony.conversations().change(&person.actor, place, change).await.expect("may be archived");
    }

    async fn view(&self, person: &Person, place: ConversationId) -> ConversationView {
        self.rony.conversations().get(&person.actor, place).await.expect("is there")
    }

    /// All that `person` is in but General, and how many pages it took.
    async fn list(&self, person: &Person, limit: u64) -> (Vec<ConversationView>, usize) {
        let (mut seen, mut cursor, mut pages) = (Vec::new(), None, 0);
        loop {
            let limit = Limit::new(limit).expect("a limit");
            let page = self.rony.conversations().list(&person.actor, limit, cursor.as_ref()).await.unwrap();
            seen.extend(page.items.into_iter().filter(|view| !view.conversation.general));
            pages += 1;
            cursor = page.next;
            if cursor.is_none() {
                return (seen, pages);
            }
        }
    }

    async fn found(&self, person: &Person, query: &str) -> Vec<String> {
        let page = self.rony.conversations().browse(&person.actor, query, Limit::MAX, None).await.unwrap();
        let mut titles: Vec<_> = page.items.into_iter().map(|view| view.conversation.title).collect();
        titles.sort_unstable();
        titles
    }
}

#[track_caller]
fn refused<T: std::fmt::Debug>(answer: Result<T, Error>, code: &str) {
    assert_eq!(answer.expect_err("is refused").code(), code);
}

fn titled(title: &str) -> ConversationChange {
    ConversationChange { title: Some(title.to_owned()), ..ConversationChange::default() }
}

facts! {
    async fn every_account_starts_in_general(world: World) {
        let (boss, ann) = (world.administrator("boss").await, world.person("ann").await);
        let conversations = world.rony.conversations();
        let mine = conversations.list(&ann.actor, Limit::DEFAULT, None).await.unwrap();
        let [general] = &mine.items[..] else { panic!("{mine:?}") };
        assert_eq!((general.conversation.id, general.conversation.title.as_str()), (GENERAL, "General"));
        assert_eq!((general.member_count, general.role), (2, Some(Role::Member)));
        assert_eq!(world.view(&boss, GENERAL).await.role, Some(Role::Owner));
        let expected = ["conversation.created", "member.joined", "member.joined"];
        assert_eq!(world.event_types(&ann, GENERAL).await, expected);
        refused(world.rony.members().leave(&ann.actor, GENERAL).await, "general");
        refused(world.rony.members().remove(&boss.actor, GENERAL, ann.id).await, "general");
        refused(conversations.delete(&boss.actor, GENERAL).await, "general");
        let private = ConversationChange { visibility: Some(Visibility::Private), ..Default::default() };
        refused(conversations.change(&boss.actor, GENERAL, private).await, "general");
    }

    async fn a_group_is_there_for_all_who_were_named(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        let new = NewConversation {
            title: "Harbour".into(),
            ..NewConversation::group(world.client_id(), vec![ben.id, ben.id, ann.id])
        };
        let place = world.start(&ann, new).await;
        let conversations = world.rony.conversations();
        let view = conversations.get(&ben.actor, place).await.unwrap();
        assert_eq!((view.conversation.title.as_str(), view.member_count), ("Harbour", 2));
        assert_eq!((view.role, view.unread, view.head), (Some(Role::Member), 0, 1));
        assert_eq!(conversations.get(&ann.actor, place).await.unwrap().role, Some(Role::Owner));
        assert_eq!(conversations.get(&cem.actor, place).await.unwrap_err().code(), "not_found");
        assert_eq!(world.event_types(&ben, place).await, ["conversation.created"]);
        let own = world.own_events(&ben, "member.joined").await;
        assert_eq!(own.last().unwrap()["by_id"], ann.id.to_string());
    }

    async fn a_pair_has_one_direct_conversation_whoever_starts_it(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let first = world.direct(&ann, &ben).await;
        assert_eq!(world.direct(&ben, &ann).await, first);
        let view = world.rony.conversations().get(&ben.actor, first).await.unwrap();
        assert_eq!((view.peer_id, view.role, view.member_count), (Some(ann.id), Some(Role::Member), 2));
    }

    async fn a_conversation_with_oneself_is_for_notes(world: World) {
        let ann = world.person("ann").await;
        let notes = world.direct(&ann, &ann).await;
        assert_eq!(world.direct(&ann, &ann).await, notes);
        let view = world.rony.conversations().get(&ann.actor, notes).await.unwrap();
        assert_eq!((view.peer_id, view.member_count), (Some(ann.id), 1));
    }

    async fn a_retried_start_is_the_same_conversation(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let new = NewConversation::group(world.client_id(), vec![ben.id]);
        let (once, again) = tokio::join!(world.start(&ann, new.clone()), world.start(&ann, new.clone()));
        assert_eq!(once, again);
        assert_ne!(world.start(&ben, NewConversation { member_ids: vec![], ..new }).await, once);
    }

    async fn nobody_is_started_with_who_is_not_there(world: World) {
        let ann = world.person("ann").await;
        let nobody = UserId::new(world.clock.now());
        for new in [
            NewConversation::group(world.client_id(), vec![nobody]),
            NewConversation::direct(world.client_id(), nobody),
        ] {
            let error = world.rony.conversations().create(&ann.actor, new).await.unwrap_err();
            assert_eq!(error.code(), "invalid");
        }
        let mine = world.rony.conversations().list(&ann.actor, Default::default(), None).await.unwrap();
        assert!(mine.items.iter().all(|view| view.conversation.general));
    }

    async fn a_block_stands_before_a_new_direct_conversation_and_not_before_an_old_one(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        let old = world.direct(&ann, &ben).await;
        let block = ContactChanges { blocked: Some(true), ..ContactChanges::default() };
        for other in [&ben, &cem] {
            world.rony.contacts().change(&ann.actor, other.id, block.clone()).await.unwrap();
        }
        assert_eq!(world.direct(&ben, &ann).await, old);
        let conversations = world.rony.conversations();
        let start = async |one: &Person, other: &Person| {
            conversations.create(&one.actor, NewConversation::direct(world.client_id(), other.id)).await
        };
        refused(start(&ann, &cem).await, "blocked");
        refused(start(&cem, &ann).await, "blocked");
        let pulled = NewConversation::group(world.client_id(), vec![ben.id, ann.id]);
        refused(conversations.create(&cem.actor, pulled).await, "blocked");
        world.group(&[&ann, &cem]).await;
    }

    async fn a_direct_conversation_has_nothing_of_a_group(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let direct = || NewConversation::direct(world.client_id(), ben.id);
        let group = NewConversation::group(world.client_id(), Vec::new());
        for new in [
            NewConversation { title: "Us".into(), ..direct() },
            NewConversation { visibility: Visibility::Public, ..direct() },
            NewConversation { history: History::SinceJoin, ..direct() },
            NewConversation { member_ids: vec![], ..direct() },
            NewConversation { member_ids: vec![ann.id, ben.id], ..direct() },
            NewConversation { title: "two\nlines".into(), ..group.clone() },
            NewConversation { title: "x".repeat(101), ..group.clone() },
            NewConversation { member_ids: vec![ben.id; MOST_MEMBERS + 1], ..group },
        ] {
            refused(world.rony.conversations().create(&ann.actor, new).await, "invalid");
        }
        let place = world.direct(&ann, &ben).await;
        refused(world.rony.conversations().change(&ann.actor, place, titled("Us")).await, "direct_conversation");
        refused(world.rony.conversations().delete(&ann.actor, place).await, "direct_conversation");
    }

    async fn a_pair_that_starts_at_once_from_both_sides_meets_in_one_conversation(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let tries = (0..8).map(|index| {
            let (rony, client) = (world.rony.clone(), world.client_id());
            let (one, other) = if index % 2 == 0 { (&ann, &ben) } else { (&ben, &ann) };
            let (actor, new) = (one.actor.clone(), NewConversation::direct(client, other.id));
            tokio::spawn(async move { rony.conversations().create(&actor, new).await.unwrap() })
        });
        let mut started = Vec::new();
        for one in tries.collect::<Vec<_>>() {
            started.push(one.await.unwrap());
        }
        assert_eq!(started.iter().filter(|created| !created.existed).count(), 1);
        assert!(started.iter().all(|one| one.conversation.conversation.id == started[0].conversation.conversation.id));
        assert_eq!(world.own_events(&ann, "member.joined").await.len(), 2, "General, and this one");
    }

    async fn a_large_conversation_starts_in_one_step(world: World) {
        let ann = world.person("ann").await;
        let mut others = Vec::new();
        for index in 0..600 {
            others.push(world.person(&format!("u{index}")).await);
        }
        let ids = others.iter().map(|person| person.id).collect();
        let place = world.start(&ann, NewConversation::group(world.client_id(), ids)).await;
        assert_eq!(world.view(&others[599], place).await.member_count, 601);
        let events = world.events(&others[0], place).await;
        assert_eq!((events.len(), events[0]["member_count"].as_i64()), (1, Some(601)));
        assert!(events[0]["members"].is_null(), "more than {LISTED} are read page by page");
        for person in [&others[0], &others[511], &others[512], &others[599]] {
            assert_eq!(world.own_events(person, "member.joined").await.len(), 2);
        }
        world.rony.conversations().delete(&ann.actor, place).await.unwrap();
        assert_eq!(world.own_events(&others[599], "conversation.deleted").await.len(), 1);
    }

    async fn counts_are_each_persons_own(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        assert!(world.view(&ben, place).await.last_message.is_none());
        for text in ["@ben tea?", "@all lunch", "@ben and @all: both, once", "@ann to myself", "nobody"] {
            world.say(&ann, place, text).await;
        }
        let view = world.view(&ben, place).await;
        assert_eq!((view.newest_ordinal, view.read_ordinal, view.unread, view.mentions), (5, 0, 5, 3));
        assert_eq!((view.head, view.last_message.unwrap().text.as_str()), (6, "nobody"));
        let own = world.view(&ann, place).await;
        assert_eq!((own.unread, own.mentions), (0, 0), "who posts has read up to the own message");
        world.say(&ben, place, "I am here").await;
        let view = world.view(&ben, place).await;
        assert_eq!((view.unread, view.mentions), (0, 0));
        assert_eq!(world.view(&ann, place).await.unread, 1);
    }

    async fn a_long_list_comes_in_pages_with_everything_in_it(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let mut places = Vec::new();
        for index in 0..5 {
            let place = world.group(&[&ann, &ben]).await;
            world.say(&ben, place, &format!("@ann {index}")).await;
            places.push(place);
        }
        places.push(world.direct(&ann, &ben).await);
        world.group(&[&ben]).await;
        let (mut listed, pages) = world.list(&ann, 3).await;
        assert_eq!(pages, 3);
        for view in &listed {
            assert_eq!(view, &world.view(&ann, view.conversation.id).await);
        }
        listed.sort_unstable_by_key(|view| places.iter().position(|place| *place == view.conversation.id));
        let seen: Vec<_> = listed.iter().map(|view| (view.conversation.id, view.unread, view.mentions)).collect();
        let expected = |place: &ConversationId| if *place == places[5] { (*place, 0, 0) } else { (*place, 1, 1) };
        assert_eq!(seen, places.iter().map(expected).collect::<Vec<_>>());
        assert_eq!((listed[5].conversation.kind, listed[5].peer_id), (Kind::Direct, Some(ben.id)));
    }

    async fn public_conversations_are_found_by_their_words_whatever_the_case(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        for title in ["Café \u{c9}t\u{e9}", "100% wool", "a_b", "back\\slash", "Gone"] {
            world.public_group(&ann, title).await;
        }
        let new = NewConversation::group(world.client_id(), Vec::new());
        world.start(&ann, NewConversation { title: "Café secret".into(), ..new }).await;
        let (gone, _) = world.list(&ann, 50).await;
        let gone = gone.iter().find(|view| view.conversation.title == "Gone").unwrap();
        world.archive(&ann, gone.conversation.id, true).await;
        assert_eq!(world.found(&ben, "CAFE\u{301} ").await, ["Café \u{c9}t\u{e9}"]);
        assert_eq!(world.found(&ben, "%").await, ["100% wool"]);
        assert_eq!(world.found(&ben, "_").await, ["a_b"]);
        assert_eq!(world.found(&ben, "\\").await, ["back\\slash"]);
        assert!(world.found(&ben, "\0").await.is_empty());
        assert_eq!(world.found(&ben, "").await.len(), 5, "General is public too");
    }

    async fn a_public_conversation_shows_a_stranger_what_it_is_and_nothing_more(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.public_group(&ann, "Tea").await;
        world.say(&ann, place, "@ben @all hello").await;
        let view = world.view(&ben, place).await;
        assert_eq!((view.conversation.title.as_str(), view.member_count, view.role), ("Tea", 1, None));
        assert_eq!((view.head, view.newest_ordinal, view.unread, view.mentions), (0, 0, 0, 0));
        assert!(view.last_message.is_none() && view.joined_at.is_none());
    }

    async fn a_change_is_told_with_the_whole_conversation(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let conversations = world.rony.conversations();
        refused(conversations.change(&ben.actor, place, titled("Mine")).await, "role_too_low");
        let change = ConversationChange { topic: Some("Leaves".into()), icon: Some("\u{1F375}".into()), ..titled("Tea") };
        let view = conversations.change(&ann.actor, place, change.clone()).await.unwrap();
        let now = &view.conversation;
        assert_eq!((now.title.as_str(), now.topic.as_str(), now.icon.as_str()), ("Tea", "Leaves", "\u{1F375}"));
        conversations.change(&ann.actor, place, change).await.unwrap();
        let events = world.events(&ben, place).await;
        assert_eq!(events.len(), 2, "what changes nothing is not told");
        assert_eq!(events[1]["type"], "conversation.changed");
        assert_eq!(events[1]["conversation"], serde_json::to_value(now).unwrap());
        assert_eq!(events[1]["by_id"], ann.id.to_string());
        assert_eq!(world.found(&ben, "tea").await.len(), 0);
        let open = ConversationChange { visibility: Some(Visibility::Public), ..Default::default() };
        conversations.change(&ann.actor, place, open).await.unwrap();
        assert_eq!(world.found(&ben, "leaves").await, ["Tea"]);
    }

    async fn an_archived_conversation_is_read_and_brought_back(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let message = world.say(&ben, place, "tea").await;
        world.archive(&ann, place, true).await;
        let messages = world.rony.messages();
        refused(messages.edit(&ben.actor, place, message.id, "coffee".into()).await, "archived");
        refused(messages.delete(&ben.actor, place, message.id).await, "archived");
        let page = messages.page(&ben.actor, place, None, Window::Newest, Limit::DEFAULT).await.unwrap();
        assert_eq!(page.items.len(), 1);
        assert_eq!(world.view(&ben, place).await.conversation.archived_at, Some(world.clock.now()));
        world.archive(&ann, place, false).await;
        world.say(&ben, place, "coffee").await;
    }

    async fn another_history_holds_for_those_who_join_after(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        let place = world.group(&[&ann, &ben]).await;
        world.say(&ann, place, "old").await;
        let change = ConversationChange { history: Some(History::SinceJoin), ..Default::default() };
        world.rony.conversations().change(&ann.actor, place, change).await.unwrap();
        world.add(&ann, place, &cem).await;
        for (reader, seen) in [(&ben, 1), (&cem, 0)] {
            let page = world.rony.messages().page(&reader.actor, place, None, Window::Newest, Limit::DEFAULT).await.unwrap();
            assert_eq!(page.items.len(), seen);
            assert_eq!(world.view(reader, place).await.last_message.is_some(), seen == 1);
        }
    }

    async fn of_a_deleted_conversation_nothing_is_left_and_all_are_told(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let new = NewConversation::group(world.client_id(), vec![ben.id]);
        let place = world.start(&ann, NewConversation { title: "canary".into(), ..new.clone() }).await;
        let message = world.say(&ben, place, "canary @ann").await;
        world.rony.messages().edit(&ben.actor, place, message.id, "canary @all".into()).await.unwrap();
        let conversations = world.rony.conversations();
        refused(conversations.delete(&ben.actor, place).await, "role_too_low");
        conversations.delete(&ann.actor, place).await.unwrap();
        refused(conversations.delete(&ann.actor, place).await, "not_found");
        for person in [&ann, &ben] {
            refused(conversations.get(&person.actor, place).await, "not_found");
            refused(world.rony.messages().get(&person.actor, place, message.id).await, "not_found");
            assert!(world.list(person, 50).await.0.is_empty());
            assert!(world.events(person, place).await.is_empty());
            let told = world.own_events(person, "conversation.deleted").await;
            assert_eq!(told[0]["conversation_id"], place.to_string());
        }
        let left = world.store.envelopes(place.into(), 0, 50).await.unwrap();
        let frames: Vec<_> = left.iter().map(|left| String::from_utf8(left.frame.to_vec()).unwrap()).collect();
        assert!(frames.len() == 1 && !frames[0].contains("canary"), "{frames:?}");
        assert_eq!(left[0].audience.len(), 2);
        // The same client may start it anew.
        assert_ne!(world.start(&ann, new).await, place);
    }

    async fn a_node_that_missed_everything_hears_that_a_conversation_was_deleted(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        // The store announces to the first node only: the other one has the database, and nothing else.
        let other = world.another_node();
        let mut ben = other.streams().connect(&ben.actor, None, 1).await.unwrap();
        for text in ["one", "two", "three"] {
            world.say(&ann, place, text).await;
        }
        world.rony.conversations().delete(&ann.actor, place).await.unwrap();
        other.catch_up().all(ben.since).await.unwrap();
        let mut frames = Vec::new();
        while let Some(frame) = ben.frames.try_next() {
            frames.push(serde_json::from_slice::<serde_json::Value>(&frame).unwrap());
        }
        frames.retain(|frame| frame["event"]["type"] == "conversation.deleted");
        assert_eq!(frames.len(), 1, "in the own stream; of the other one they are no reader any more: {frames:?}");
        assert_eq!(other.hub().start_repair(place.into()), None, "nothing is missing that could come");
    }
}
