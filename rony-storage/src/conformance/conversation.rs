//! Facts about conversations.

use rony_core::{
    conversation::{GENERAL, NewConversation},
    id::UserId,
    permission::Role,
    time::Clock as _,
};

use super::{World, facts};

facts! {
    async fn every_account_starts_in_general(world: World) {
        let (boss, ann) = (world.administrator("boss").await, world.person("ann").await);
        let conversations = world.rony.conversations();
        let mine = conversations.list(&ann.actor, Default::default(), None).await.unwrap();
        let [general] = &mine.items[..] else { panic!("{mine:?}") };
        assert_eq!((general.conversation.id, general.conversation.title.as_str()), (GENERAL, "General"));
        assert_eq!((general.member_count, general.role), (2, Some(Role::Member)));
        assert_eq!(conversations.get(&boss.actor, GENERAL).await.unwrap().role, Some(Role::Owner));
        let expected = ["conversation.created", "member.joined", "member.joined"];
        assert_eq!(world.event_types(&ann, GENERAL).await, expected);
        let left = world.rony.members().leave(&ann.actor, GENERAL).await;
        assert_eq!(left.unwrap_err().code(), "general");
        assert_eq!(conversations.delete(&boss.actor, GENERAL).await.unwrap_err().code(), "general");
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
        let own = world.events(&ben, ben.id).await;
        assert_eq!(own.last().unwrap()["type"], "member.joined");
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
}
