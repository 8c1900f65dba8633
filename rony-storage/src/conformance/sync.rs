//! Facts about who cannot catch up by events alone: the answer is `reset`, and the snapshot has what is missing.

use rony_core::{
    id::ConversationId,
    stream::Seq,
    sync::{FURTHEST, SyncRequest, SyncStream},
};
use serde_json::Value;

use super::{Person, World, facts};

/// Messages that are posted in one transaction.
const BATCH: usize = 500;

facts! {
    async fn who_is_too_far_behind_loads_the_snapshot_and_goes_on_from_there(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let last = ask(&world, &ben, place, 0).await.head;
        // One more than there are events for.
        let texts: Vec<String> = (0..=FURTHEST).map(|number| number.to_string()).collect();
        for texts in texts.chunks(BATCH) {
            let batch = texts.iter().map(|text| world.new_message(&ann, place, text)).collect();
            let posted = world.store.post(batch).await.expect("are posted");
            assert!(posted.iter().all(Result::is_ok));
        }

        let near = ask(&world, &ben, place, last + 1).await;
        assert!(near.more && !near.reset);
        assert_eq!(near.events.first().map(|event| text(event.get())), Some("1".to_owned()));
        let far = ask(&world, &ben, place, last).await;
        assert!(far.reset && !far.more && far.events.is_empty(), "{far:?}");
        loads_the_snapshot(&world, (&ann, &ben), place, far.head, &FURTHEST.to_string()).await;
    }

    /// As after the server was restored from a backup that is older than what the client has seen.
    async fn who_is_ahead_of_the_server_loads_the_snapshot_and_goes_on_from_there(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let newest = world.say(&ann, place, "restored").await;

        let level = ask(&world, &ben, place, newest.seq).await;
        assert!(!level.reset && level.events.is_empty(), "{level:?}");
        let ahead = ask(&world, &ben, place, newest.seq + 1).await;
        assert!(ahead.reset && ahead.events.is_empty(), "{ahead:?}");
        loads_the_snapshot(&world, (&ann, &ben), place, ahead.head, "restored").await;
    }
}

/// The snapshot is of the moment that `reset` spoke of, has the newest message, and events go on from it.
async fn loads_the_snapshot(
    world: &World,
    (ann, ben): (&Person, &Person),
    place: ConversationId,
    head: Seq,
    newest: &str,
) {
    let snapshot = world.rony.snapshots().conversation(&ben.actor, place).await.expect("a snapshot");
    let known = snapshot.messages.items.iter().max_by_key(|message| message.seq);
    assert_eq!((snapshot.as_of.seq, known.map(|message| message.text.as_str())), (head, Some(newest)));
    world.say(ann, place, "after").await;
    let told = ask(world, ben, place, snapshot.as_of.seq).await;
    assert!(!told.reset && !told.more);
    let told: Vec<_> = told.events.iter().map(|event| text(event.get())).collect();
    assert_eq!(told, ["after"]);
}

async fn ask(world: &World, person: &Person, place: ConversationId, last: Seq) -> SyncStream {
    let request = SyncRequest { streams: [(place.into(), last)].into(), ..SyncRequest::default() };
    let answer = world.rony.streams().sync(&person.actor, &request).await.expect("an answer");
    answer.streams.into_iter().next().expect("they read it")
}

/// What the message says that an event is about.
fn text(event: &str) -> String {
    let event: Value = serde_json::from_str(event).expect("JSON");
    event["message"]["text"].as_str().expect("a text").to_owned()
}
