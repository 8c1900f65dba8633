//! Facts about read marks.

use rony_core::{
    contact::ContactChanges,
    id::{ConversationId, MessageId},
    message::{Message, Post},
    read::{MOST_SHOWN, OthersMark, ReadMark},
};

use super::{Person, World, facts};

async fn mark(world: &World, person: &Person, place: ConversationId, ordinal: i64) -> rony_core::Result<i64> {
    let mark = ReadMark { conversation_id: place, thread_id: None, ordinal };
    Ok(world.rony.reads().mark(&person.actor, mark).await?.ordinal)
}

async fn mark_thread(
    world: &World,
    person: &Person,
    place: ConversationId,
    thread: MessageId,
    ordinal: i64,
) -> rony_core::Result<i64> {
    let mark = ReadMark { conversation_id: place, thread_id: Some(thread), ordinal };
    Ok(world.rony.reads().mark(&person.actor, mark).await?.ordinal)
}

impl World {
    /// Posts a text into the thread under a message.
    ///
    /// # Panics
    ///
    /// When it is refused.
    pub async fn reply(&self, person: &Person, root: &Message, text: &str) -> Message {
        let (client_id, text, thread_id) = (self.client_id(), text.to_owned(), Some(root.id));
        let post = Post { client_id, text, reply_to: None, thread_id, attachments: Vec::new() };
        let posted = self.rony.messages().post(&person.actor, root.conversation_id, post).await;
        posted.expect("is posted").message
    }
}

facts! {
    async fn a_mark_only_grows_and_each_step_is_told_once(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        for text in ["1", "2", "3"] {
            world.say(&ann, place, text).await;
        }
        for (ordinal, stands) in [(2, 2), (1, 2), (2, 2), (3, 3)] {
            assert_eq!(mark(&world, &ben, place, ordinal).await.unwrap(), stands);
        }
        let told = world.own_events(&ben, "read.").await;
        let told: Vec<_> = told.iter().map(|event| event["ordinal"].as_i64().unwrap()).collect();
        assert_eq!(told, [2, 3]);
        assert!(world.own_events(&ann, "read.").await.is_empty());
        assert!(!world.event_types(&ann, place).await.contains(&"read.moved".to_owned()));
    }

    async fn who_posts_has_read_that_far(world: World) {
        let ann = world.person("ann").await;
        let place = world.group(&[&ann]).await;
        world.say(&ann, place, "1").await;
        world.say(&ann, place, "2").await;
        assert_eq!(mark(&world, &ann, place, 1).await.unwrap(), 2);
        assert!(world.own_events(&ann, "read.").await.is_empty());
    }

    async fn a_forged_mark_is_refused_and_moves_nothing(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        world.say(&ann, place, "1").await;
        for ordinal in [2, -1, i64::MAX, i64::MIN] {
            assert_eq!(mark(&world, &ben, place, ordinal).await.unwrap_err().code(), "invalid", "{ordinal}");
        }
        assert_eq!(mark(&world, &ben, place, 0).await.unwrap(), 0);
        let eve = world.person("eve").await;
        assert_eq!(mark(&world, &eve, place, 1).await.unwrap_err().code(), "not_found");
    }

    async fn a_former_member_marks_nothing(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        world.say(&ann, place, "1").await;
        world.rony.members().remove(&ann.actor, place, ben.id).await.unwrap();
        assert_eq!(mark(&world, &ben, place, 1).await.unwrap_err().code(), "not_found");
        assert!(world.own_events(&ben, "read.").await.is_empty());
    }

    async fn threads_have_marks_of_their_own(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let root = world.say(&ann, place, "Root").await;
        let reply = world.reply(&ann, &root, "First").await;
        world.reply(&ann, &root, "Second").await;
        for (ordinal, stands) in [(1, 1), (2, 2), (1, 2)] {
            assert_eq!(mark_thread(&world, &ben, place, root.id, ordinal).await.unwrap(), stands);
        }
        let told = world.own_events(&ben, "read.").await;
        assert_eq!(told.len(), 2);
        assert_eq!(told[0]["thread_id"], root.id.to_string());
        assert_eq!(mark(&world, &ben, place, 0).await.unwrap(), 0);
        assert_eq!(mark_thread(&world, &ben, place, root.id, 3).await.unwrap_err().code(), "invalid");
        assert_eq!(mark_thread(&world, &ben, place, reply.id, 0).await.unwrap_err().code(), "not_found");
    }

    async fn hidden_threads_have_no_marks(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group_since_join(&[&ann]).await;
        let root = world.say(&ann, place, "Before").await;
        world.reply(&ann, &root, "Reply").await;
        world.add(&ann, place, &ben).await;
        assert_eq!(mark_thread(&world, &ben, place, root.id, 1).await.unwrap_err().code(), "not_found");
    }

    async fn members_of_a_small_conversation_see_how_far_others_have_read(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        world.say(&ann, place, "1").await;
        mark(&world, &ben, place, 1).await.unwrap();
        let mut marks = world.rony.reads().marks(&ann.actor, place).await.unwrap();
        marks.sort_by_key(|mark| mark.user_id != ann.id);
        let all = [ann.id, ben.id].map(|user_id| OthersMark { user_id, ordinal: 1 });
        assert_eq!(marks, all);
        for number in 2..MOST_SHOWN {
            let person = world.person(&format!("person{number}")).await;
            world.add(&ann, place, &person).await;
        }
        assert_eq!(world.rony.reads().marks(&ann.actor, place).await.unwrap().len() as i64, MOST_SHOWN);
        world.add(&ann, place, &world.person("onemore").await).await;
        assert!(world.rony.reads().marks(&ann.actor, place).await.unwrap().is_empty());
        let eve = world.person("eve").await;
        assert_eq!(world.rony.reads().marks(&eve.actor, place).await.unwrap_err().code(), "not_found");
    }

    async fn a_blocked_person_does_not_see_how_far_the_other_has_read(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.direct(&ann, &ben).await;
        world.say(&ben, place, "Read this").await;
        assert_eq!(world.rony.reads().marks(&ben.actor, place).await.unwrap().len(), 2);
        let block = ContactChanges { blocked: Some(true), ..ContactChanges::default() };
        world.rony.contacts().change(&ann.actor, ben.id, block).await.unwrap();
        let mut looking = world.rony.streams().connect(&ben.actor, None, 1).await.unwrap();
        world.rony.hub().watch(looking.frames.link(), [place.uuid()].into());
        assert_eq!(mark(&world, &ann, place, 1).await.unwrap(), 1);
        world.rony.reads().flush();
        assert!(looking.frames.try_next().is_none());
        assert!(world.rony.reads().marks(&ben.actor, place).await.unwrap().is_empty());
    }

    async fn others_marks_go_to_members_who_look(world: World) {
        let (ann, ben, eve) = (world.person("ann").await, world.person("ben").await, world.person("eve").await);
        let place = world.group(&[&ann, &ben]).await;
        world.say(&ann, place, "1").await;
        let mut looking = world.rony.streams().connect(&ann.actor, None, 1).await.unwrap();
        let mut outside = world.rony.streams().connect(&eve.actor, None, 1).await.unwrap();
        for socket in [&looking, &outside] {
            world.rony.hub().watch(socket.frames.link(), [place.uuid()].into());
        }
        mark(&world, &ben, place, 1).await.unwrap();
        world.rony.reads().flush();
        let frame = looking.frames.try_next().unwrap();
        assert_eq!(
            serde_json::from_slice::<serde_json::Value>(&frame).unwrap(),
            serde_json::json!({
                "type": "read_marks", "conversation_id": place, "marks": [{ "user_id": ben.id, "ordinal": 1 }],
            })
        );
        assert!(outside.frames.try_next().is_none());
        world.rony.reads().flush();
        assert!(looking.frames.try_next().is_none());
    }
}
