//! Facts about reactions.

use rony_core::{contact::ContactChanges, id::ConversationId, message::Message, reaction::MOST_EMOJI};

use super::{Person, World, facts};

async fn react(world: &World, person: &Person, message: &Message, emoji: &str) -> rony_core::Result<Message> {
    world.rony.reactions().add(&person.actor, message.conversation_id, message.id, emoji.into()).await
}

async fn unreact(
    world: &World,
    person: &Person,
    message: &Message,
    emoji: &str,
) -> rony_core::Result<Message> {
    world.rony.reactions().remove(&person.actor, message.conversation_id, message.id, emoji.into()).await
}

async fn told(world: &World, person: &Person, place: ConversationId) -> Vec<String> {
    let mut types = world.event_types(person, place).await;
    types.retain(|kind| kind.starts_with("reaction."));
    types
}

facts! {
    async fn a_reaction_changes_its_message_for_everybody(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let message = world.say(&ann, place, "Lunch?").await;
        let reacted = react(&world, &ben, &message, "👍").await.unwrap();
        assert_eq!(reacted.reactions[0].emoji, "👍");
        assert_eq!(reacted.reactions[0].user_ids, [ben.id]);
        let event = world.events(&ann, place).await.pop().unwrap();
        assert_eq!(event["type"], "reaction.added");
        assert_eq!(event["emoji"], "👍");
        assert_eq!(event["user_id"], ben.id.to_string());
        assert_eq!(event["seq"], reacted.version);
        assert_eq!(event["message"], serde_json::to_value(&reacted).unwrap());
    }

    async fn the_same_reaction_twice_is_one(world: World) {
        let ann = world.person("ann").await;
        let place = world.group(&[&ann]).await;
        let message = world.say(&ann, place, "Done").await;
        let first = react(&world, &ann, &message, "🎉").await.unwrap();
        assert_eq!(react(&world, &ann, &message, "🎉").await.unwrap(), first);
        let removed = unreact(&world, &ann, &message, "🎉").await.unwrap();
        assert!(removed.reactions.is_empty() && removed.version > first.version);
        assert_eq!(unreact(&world, &ann, &message, "🎉").await.unwrap(), removed);
        assert_eq!(told(&world, &ann, place).await, ["reaction.added", "reaction.removed"]);
    }

    async fn people_who_react_alike_stand_together(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let message = world.say(&ann, place, "Lunch?").await;
        for (person, emoji) in [(&ann, "👍"), (&ann, ":pizza:"), (&ben, "👍")] {
            react(&world, person, &message, emoji).await.unwrap();
            world.clock.advance(std::time::Duration::from_millis(1));
        }
        let message = world.rony.messages().get(&ben.actor, place, message.id).await.unwrap();
        let reactions: Vec<_> =
            message.reactions.iter().map(|one| (one.emoji.as_str(), one.user_ids.as_slice())).collect();
        assert_eq!(reactions, [("👍", [ann.id, ben.id].as_slice()), (":pizza:", [ann.id].as_slice())]);
    }

    async fn a_message_has_so_many_different_reactions_and_no_more(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let message = world.say(&ann, place, "Vote").await;
        for number in 0..MOST_EMOJI {
            react(&world, &ann, &message, &format!("n{number}")).await.unwrap();
        }
        assert_eq!(react(&world, &ben, &message, "one more").await.unwrap_err().code(), "invalid");
        assert_eq!(react(&world, &ben, &message, "more").await.unwrap_err().code(), "too_many_reactions");
        assert_eq!(react(&world, &ben, &message, "n0").await.unwrap().reactions[0].user_ids.len(), 2);
        unreact(&world, &ben, &message, "more").await.unwrap();
    }

    async fn a_deleted_message_takes_no_reactions(world: World) {
        let ann = world.person("ann").await;
        let place = world.group(&[&ann]).await;
        let message = world.say(&ann, place, "Oops").await;
        react(&world, &ann, &message, "👍").await.unwrap();
        world.rony.messages().delete(&ann.actor, place, message.id).await.unwrap();
        assert_eq!(react(&world, &ann, &message, "👍").await.unwrap_err().code(), "message_deleted");
        assert!(unreact(&world, &ann, &message, "👍").await.unwrap().reactions.is_empty());
    }

    async fn only_members_who_see_the_message_react(world: World) {
        let (ann, ben, eve) = (world.person("ann").await, world.person("ben").await, world.person("eve").await);
        let place = world.group_since_join(&[&ann]).await;
        let message = world.say(&ann, place, "Before").await;
        assert_eq!(react(&world, &eve, &message, "👍").await.unwrap_err().code(), "not_found");
        world.add(&ann, place, &ben).await;
        assert_eq!(react(&world, &ben, &message, "👍").await.unwrap_err().code(), "not_found");
        react(&world, &ann, &message, "👍").await.unwrap();
        assert_eq!(world.event_types(&ben, place).await.last().unwrap(), "skipped");
        let elsewhere = world.group(&[&ben]).await;
        let foreign = Message { conversation_id: elsewhere, ..message };
        assert_eq!(react(&world, &ben, &foreign, "👍").await.unwrap_err().code(), "not_found");
    }

    async fn a_blocked_person_does_not_react(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.direct(&ann, &ben).await;
        let message = world.say(&ann, place, "Leave me alone").await;
        react(&world, &ben, &message, "❤️").await.unwrap();
        let block = ContactChanges { blocked: Some(true), ..ContactChanges::default() };
        world.rony.contacts().change(&ann.actor, ben.id, block).await.unwrap();
        assert_eq!(react(&world, &ben, &message, "😡").await.unwrap_err().code(), "blocked");
        assert!(unreact(&world, &ben, &message, "❤️").await.unwrap().reactions.is_empty());
    }
}
