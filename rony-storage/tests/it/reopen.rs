//! Facts about what is there when a database is opened again, as after a restart or a crash.

use libtest_mimic::Trial;
use rony_core::{
    conversation::NewConversation,
    message::{Post, Window},
    page::Limit,
};
use rony_storage::conformance::World;

use crate::{
    backend::{Backend, Postgres, Sqlite},
    on_runtime,
};

pub(crate) fn trials() -> Vec<Trial> {
    [of::<Sqlite>(), of::<Postgres>()].into_iter().flatten().collect()
}

fn of<B: Backend>() -> [Trial; 2] {
    [
        trial::<B, _>("a_retried_send_is_the_same_message", a_retried_send_is_the_same_message),
        trial::<B, _>("a_retried_start_is_the_same_conversation", a_retried_start_is_the_same_conversation),
    ]
}

fn trial<B: Backend, F: Future<Output = ()>>(
    name: &str,
    fact: impl FnOnce(B) -> F + Send + 'static,
) -> Trial {
    Trial::test(format!("{}::reopen::{name}", B::NAME), move || {
        on_runtime(async move { fact(B::create().await).await })
    })
}

async fn a_retried_send_is_the_same_message<B: Backend>(database: B) {
    let world = World::new(database.open().await);
    let ann = world.person("ann").await;
    let place = world.group(&[&ann]).await;
    let post = Post {
        client_id: world.client_id(),
        text: "once".into(),
        reply_to: None,
        thread_id: None,
        attachments: Vec::new(),
    };
    let first = world.rony.messages().post(&ann.actor, place, post.clone()).await.expect("is posted");
    drop(world);

    let world = World::new(database.open().await);
    let again = world.rony.messages().post(&ann.actor, place, post).await.expect("is posted");
    assert_eq!((again.repeated, again.message), (true, first.message));
    let next = world.say(&ann, place, "and on").await;
    assert_eq!((next.seq, next.ordinal), (3, 2));
    let messages = world.rony.messages();
    let page = messages.page(&ann.actor, place, None, Window::Newest, Limit::DEFAULT);
    assert_eq!(page.await.expect("a page").items.len(), 2);
    drop(world);
    database.remove().await;
}

async fn a_retried_start_is_the_same_conversation<B: Backend>(database: B) {
    let world = World::new(database.open().await);
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let group = NewConversation::group(world.client_id(), vec![ben.id]);
    let (started, met) = (world.start(&ann, group.clone()).await, world.direct(&ann, &ben).await);
    drop(world);

    let world = World::new(database.open().await);
    assert_eq!(world.start(&ann, group).await, started);
    assert_eq!(world.direct(&ben, &ann).await, met);
    drop(world);
    database.remove().await;
}
