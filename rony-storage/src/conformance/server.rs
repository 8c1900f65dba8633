//! Facts about what is told of an installation.

use rony_core::{
    id::ConversationId,
    message::Post,
    server::{Figures, Registration},
    user::AccountChange,
};

use super::{Person, World, facts};

facts! {
    async fn administrators_are_told_what_there_is(world: World) {
        let (root, ann, ben) = (world.administrator("root").await, world.person("ann").await, world.person("ben").await);
        let before = figures(&world, &root).await;
        assert_eq!((before.people, before.administrators, before.bots, before.deactivated), (3, 1, 0, 0));
        assert!(before.database.bytes > 0 && !before.database.version.is_empty());
        let (group, direct) = (world.group(&[&ann, &ben]).await, world.direct(&ann, &ben).await);
        for (place, texts) in [(group, 3), (direct, 2)] {
            for _ in 0..texts {
                post(&world, &ann, place).await;
            }
        }
        let change = AccountChange { deactivated: Some(true), ..AccountChange::default() };
        world.rony.users().administer(&root.actor, ben.id, change).await.unwrap();
        let after = figures(&world, &root).await;
        assert_eq!((after.people, after.administrators, after.deactivated), (2, 1, 1));
        assert_eq!((after.groups, after.directs), (before.groups + 1, before.directs + 1));
        assert_eq!(after.messages, before.messages + 5);
        world.rony.conversations().delete(&ann.actor, group).await.unwrap();
        let last = figures(&world, &root).await;
        assert_eq!((last.groups, last.messages), (before.groups, before.messages + 2));
    }

    async fn the_server_says_how_it_is_set_up_and_since_when_it_runs(world: World) {
        let root = world.administrator("root").await;
        let started_at = world.rony.server().state(&root.actor).await.unwrap().at;
        world.clock.advance(std::time::Duration::from_secs(60));
        let state = world.rony.server().state(&root.actor).await.unwrap();
        assert_eq!(state.registration, Registration::Closed);
        assert_eq!(state.started_at, started_at);
        assert_eq!(state.at.since(started_at).as_secs(), 60);
    }

    async fn nobody_else_is_told_of_the_server(world: World) {
        let ann = world.person("ann").await;
        let error = world.rony.server().state(&ann.actor).await.unwrap_err();
        assert_eq!(error.code(), "administrators_only");
    }
}

async fn figures(world: &World, root: &Person) -> Figures {
    world.rony.server().state(&root.actor).await.unwrap().figures
}

async fn post(world: &World, by: &Person, place: ConversationId) {
    let post = Post {
        client_id: world.client_id(),
        text: "Hello".into(),
        reply_to: None,
        thread_id: None,
        attachments: Vec::new(),
    };
    world.rony.messages().post(&by.actor, place, post).await.unwrap();
}
