//! Facts about drafts.

use std::time::Duration;

use rony_core::{
    draft::{Draft, MOST_DRAFTS},
    id::{ConversationId, MessageId},
};

use super::{Person, World, facts};

async fn save(
    world: &World,
    person: &Person,
    place: ConversationId,
    thread: Option<MessageId>,
    text: &str,
) -> rony_core::Result<Draft> {
    world.clock.advance(Duration::from_millis(1));
    world.rony.drafts().save(&person.actor, place, thread, text.into()).await
}

async fn texts(world: &World, person: &Person) -> Vec<String> {
    let drafts = world.rony.drafts().list(&person.actor).await.unwrap();
    drafts.into_iter().map(|draft| draft.text).collect()
}

facts! {
    async fn a_draft_is_kept_until_it_is_empty(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let saved = save(&world, &ann, place, None, "Dear").await.unwrap();
        assert_eq!(world.rony.drafts().get(&ann.actor, place, None).await.unwrap(), saved);
        let saved = save(&world, &ann, place, None, "Dear Ben").await.unwrap();
        assert_eq!(save(&world, &ann, place, None, "Dear Ben").await.unwrap(), saved);
        assert_eq!(world.rony.drafts().list(&ann.actor).await.unwrap(), [saved]);
        for _ in 0..2 {
            let gone = save(&world, &ann, place, None, "").await.unwrap();
            assert_eq!((gone.text.as_str(), gone.updated_at), ("", None));
        }
        assert_eq!(texts(&world, &ann).await, [""; 0]);
        let told = world.own_events(&ann, "draft.").await;
        assert_eq!(told.len(), 3);
        assert_eq!(told[0]["conversation_id"], place.to_string());
        assert!(told.iter().all(|event| !event.to_string().contains("Dear")), "an event never holds the text");
        assert!(world.own_events(&ben, "draft.").await.is_empty());
    }

    async fn each_thread_has_a_draft_of_its_own(world: World) {
        let ann = world.person("ann").await;
        let place = world.group(&[&ann]).await;
        let root = world.say(&ann, place, "Root").await;
        save(&world, &ann, place, None, "outside").await.unwrap();
        save(&world, &ann, place, Some(root.id), "inside").await.unwrap();
        let inside = world.rony.drafts().get(&ann.actor, place, Some(root.id)).await.unwrap();
        assert_eq!((inside.text.as_str(), inside.thread_id), ("inside", Some(root.id)));
        assert_eq!(texts(&world, &ann).await, ["inside", "outside"]);
        assert_eq!(world.own_events(&ann, "draft.").await[1]["thread_id"], root.id.to_string());
        let reply = world.reply(&ann, &root, "Reply").await;
        assert_eq!(save(&world, &ann, place, Some(reply.id), "x").await.unwrap_err().code(), "not_found");
    }

    async fn drafts_are_nobody_elses(world: World) {
        let (ann, ben, eve) = (world.person("ann").await, world.person("ben").await, world.person("eve").await);
        let place = world.group(&[&ann, &ben]).await;
        save(&world, &ann, place, None, "Mine").await.unwrap();
        assert_eq!(world.rony.drafts().get(&ben.actor, place, None).await.unwrap().text, "");
        assert_eq!(save(&world, &eve, place, None, "x").await.unwrap_err().code(), "not_found");
        assert_eq!(world.rony.drafts().get(&eve.actor, place, None).await.unwrap_err().code(), "not_found");
    }

    async fn who_leaves_leaves_no_draft_behind(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        save(&world, &ben, place, None, "Later").await.unwrap();
        world.rony.members().leave(&ben.actor, place).await.unwrap();
        assert_eq!(texts(&world, &ben).await, [""; 0]);
        assert_eq!(world.rony.drafts().get(&ben.actor, place, None).await.unwrap_err().code(), "not_found");
        world.add(&ann, place, &ben).await;
        assert_eq!(texts(&world, &ben).await, [""; 0]);
    }

    async fn a_person_has_so_many_drafts_and_no_more(world: World) {
        let ann = world.person("ann").await;
        let place = world.group(&[&ann]).await;
        let mut last = world.say(&ann, place, "0").await;
        for number in 1..=MOST_DRAFTS {
            save(&world, &ann, place, Some(last.id), "text").await.unwrap();
            last = world.say(&ann, place, &number.to_string()).await;
        }
        assert_eq!(save(&world, &ann, place, None, "text").await.unwrap_err().code(), "too_many_drafts");
        save(&world, &ann, place, Some(last.thread_id.unwrap_or(last.id)), "").await.unwrap();
        assert_eq!(texts(&world, &ann).await.len() as i64, MOST_DRAFTS);
    }
}
