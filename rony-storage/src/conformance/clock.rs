//! Facts about a clock that somebody sets back: what happens keeps its order, and nothing is lost.

use std::time::Duration;

use rony_core::{
    message::Window,
    page::Limit,
    stream::{Since, StreamId},
    time::Clock as _,
};

use super::{World, facts};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

facts! {
    async fn messages_keep_their_order_when_the_clock_is_set_back(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let today = world.clock.now();
        let mut posted = Vec::new();
        for (text, at) in [("1", today), ("2", today), ("3", today.minus(DAY)), ("4", today.minus(DAY)), ("5", today)] {
            world.clock.set(at);
            posted.push(world.say(&ann, place, text).await);
        }
        let numbers: Vec<_> = posted.iter().map(|message| (message.seq, message.ordinal)).collect();
        assert_eq!(numbers, [(2, 1), (3, 2), (4, 3), (5, 4), (6, 5)]);
        let limit = Limit::new(2).unwrap();
        for (window, texts) in [
            (Window::Newest, ["4", "5"]),
            (Window::Before(4), ["1", "2"]),
            (Window::After(3), ["3", "4"]),
        ] {
            let page = world.rony.messages().page(&ben.actor, place, None, window, limit).await.unwrap();
            assert_eq!(page.items.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), texts);
        }
        let events = world.events(&ben, place).await;
        assert!(events.iter().map(|event| event["seq"].as_i64().unwrap()).eq(1..=6));
        let view = world.rony.conversations().get(&ben.actor, place).await.unwrap();
        assert_eq!((view.unread, view.last_message.unwrap().text.as_str()), (5, "5"));
    }

    async fn a_client_catches_up_and_everything_is_found_when_the_clock_is_set_back(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        world.say(&ann, place, "raven 1 @ben").await;
        world.project().await;
        let since: Since = world.store.since().await.unwrap();
        world.clock.set(world.clock.now().minus(DAY));
        world.say(&ann, place, "raven 2 @ben").await;
        world.project().await;
        let moved = world.store.moved_for(ben.id, since, None, 100).await.unwrap();
        assert!(moved.heads.iter().any(|head| head.id == StreamId::from(place)), "{moved:?}");
        let mut found = world.searched(&ben, "raven").await;
        found.sort_unstable();
        assert_eq!(found, ["raven 1 @ben", "raven 2 @ben"]);
        let listed = world.rony.notifications().list(&ben.actor, Limit::MAX, None).await.unwrap();
        let named = listed.items.iter().filter(|notification| notification.message_id.is_some()).count();
        assert_eq!(named, 2, "{listed:?}");
    }
}
