//! Facts about the audit log.

use std::time::Duration;

use rony_core::{
    audit::{Entry, Filter},
    page::Limit,
    time::Clock,
};

use super::{World, facts};

facts! {
    async fn an_entry_comes_back_whole(world: World) {
        let (root, ben) = (world.administrator("root").await, world.person("ben").await);
        let actor = root.actor.clone().from_address(Some("2001:db8::1".parse().unwrap()));
        let entry = Entry::new(world.clock.now(), "test.done").by(&actor).to(ben.id).with("why", "because").with("n", 7);
        world.store.record(&entry).await.unwrap();
        let filter = Filter { action: Some("test.done".into()), ..Filter::default() };
        let page = world.rony.audit().list(&root.actor, &filter, Limit::default(), None).await.unwrap();
        assert_eq!(page.items, [entry]);
    }

    async fn entries_are_found_by_who_what_whom_and_when(world: World) {
        let (root, ben) = (world.administrator("root").await, world.person("ben").await);
        let before = world.clock.now();
        world.clock.advance(Duration::from_secs(60));
        let now = world.clock.now();
        for action in ["test.one", "test.two"] {
            world.store.record(&Entry::new(now, action).by(&root.actor).to(ben.id)).await.unwrap();
        }
        let count = async |filter: Filter| {
            world.rony.audit().list(&root.actor, &filter, Limit::MAX, None).await.unwrap().items.len()
        };
        assert_eq!(count(Filter { actor_id: Some(root.id), ..Filter::default() }).await, 2);
        assert_eq!(count(Filter { actor_id: Some(ben.id), ..Filter::default() }).await, 0);
        assert_eq!(count(Filter { action: Some("test.two".into()), ..Filter::default() }).await, 1);
        assert_eq!(count(Filter { target_id: Some(ben.id.uuid()), ..Filter::default() }).await, 3);
        assert_eq!(count(Filter { since: Some(now), ..Filter::default() }).await, 2);
        assert_eq!(count(Filter { until: Some(now), since: Some(before), ..Filter::default() }).await, 2);
    }

    async fn the_log_is_read_in_pages_newest_first(world: World) {
        let root = world.administrator("root").await;
        for _ in 0..5 {
            world.clock.advance(Duration::from_millis(1));
            world.store.record(&Entry::new(world.clock.now(), "test.done")).await.unwrap();
        }
        let filter = Filter { action: Some("test.done".into()), ..Filter::default() };
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let limit = Limit::new(2).unwrap();
            let page = world.rony.audit().list(&root.actor, &filter, limit, cursor.as_ref()).await.unwrap();
            seen.extend(page.items.iter().map(|entry| entry.at));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 5);
        assert!(seen.is_sorted_by(|newer, older| newer > older));
    }

    async fn making_an_account_is_in_the_log(world: World) {
        let root = world.administrator("root").await;
        let page = world.rony.audit().list(&root.actor, &Filter::default(), Limit::default(), None).await.unwrap();
        let entry = &page.items[0];
        assert_eq!((entry.action.as_ref(), entry.actor_id, entry.target_id), ("user.created", None, Some(root.id.uuid())));
    }

    async fn only_administrators_read_the_log(world: World) {
        let ann = world.person("ann").await;
        let error = world.rony.audit().list(&ann.actor, &Filter::default(), Limit::default(), None).await.unwrap_err();
        assert_eq!(error.code(), "administrators_only");
    }
}
