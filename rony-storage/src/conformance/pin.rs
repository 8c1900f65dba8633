//! Facts about pins.

use rony_core::{id::ConversationId, message::Message, permission::Role, pin::MOST_PINS};

use super::{Person, World, facts};

async fn pinned(world: &World, person: &Person, place: ConversationId) -> Vec<String> {
    let list = world.rony.pins().list(&person.actor, place).await.unwrap();
    list.items.into_iter().map(|pin| pin.message.text).collect()
}

async fn pin(world: &World, person: &Person, message: &Message) -> rony_core::Result<()> {
    world.rony.pins().add(&person.actor, message.conversation_id, message.id).await
}

async fn unpin(world: &World, person: &Person, message: &Message) -> rony_core::Result<()> {
    world.rony.pins().remove(&person.actor, message.conversation_id, message.id).await
}

facts! {
    async fn a_pin_is_told_and_listed_until_it_is_taken_away(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let (first, second) = (world.say(&ann, place, "First").await, world.say(&ben, place, "Second").await);
        for message in [&first, &second, &first] {
            pin(&world, &ben, message).await.unwrap();
            world.clock.advance(std::time::Duration::from_millis(1));
        }
        let list = world.rony.pins().list(&ann.actor, place).await.unwrap();
        assert_eq!(list.items.iter().map(|pin| &pin.message).collect::<Vec<_>>(), [&second, &first]);
        assert_eq!(list.items[0].pinned_by, ben.id);
        let events = world.events(&ann, place).await;
        assert_eq!(list.as_of, events.last().unwrap()["seq"]);
        let added: Vec<_> = events.iter().filter(|event| event["type"] == "pin.added").collect();
        assert_eq!(added.len(), 2);
        assert_eq!(added[0]["message"]["text"], "First");
        for _ in 0..2 {
            unpin(&world, &ann, &first).await.unwrap();
        }
        assert_eq!(pinned(&world, &ann, place).await, ["Second"]);
        let types = world.event_types(&ann, place).await;
        assert_eq!(types.iter().filter(|kind| *kind == "pin.removed").count(), 1);
    }

    async fn a_deleted_message_is_not_pinned(world: World) {
        let ann = world.person("ann").await;
        let place = world.group(&[&ann]).await;
        let message = world.say(&ann, place, "Secret").await;
        pin(&world, &ann, &message).await.unwrap();
        world.rony.messages().delete(&ann.actor, place, message.id).await.unwrap();
        assert_eq!(pinned(&world, &ann, place).await, [""; 0]);
        assert_eq!(pin(&world, &ann, &message).await.unwrap_err().code(), "message_deleted");
    }

    async fn a_conversation_has_so_many_pins_and_no_more(world: World) {
        let ann = world.person("ann").await;
        let place = world.group(&[&ann]).await;
        let mut last = world.say(&ann, place, "0").await;
        for number in 1..=MOST_PINS {
            pin(&world, &ann, &last).await.unwrap();
            last = world.say(&ann, place, &number.to_string()).await;
        }
        assert_eq!(pin(&world, &ann, &last).await.unwrap_err().code(), "too_many_pins");
    }

    async fn guests_read_pins_and_set_none(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let message = world.say(&ann, place, "Rules").await;
        pin(&world, &ben, &message).await.unwrap();
        world.rony.members().change_role(&ann.actor, place, ben.id, Role::Guest).await.unwrap();
        assert_eq!(unpin(&world, &ben, &message).await.unwrap_err().code(), "role_too_low");
        assert_eq!(pin(&world, &ben, &message).await.unwrap_err().code(), "role_too_low");
        assert_eq!(pinned(&world, &ben, place).await, ["Rules"]);
    }

    async fn pins_of_hidden_messages_are_hidden(world: World) {
        let (ann, ben, eve) = (world.person("ann").await, world.person("ben").await, world.person("eve").await);
        let place = world.group_since_join(&[&ann]).await;
        let message = world.say(&ann, place, "Before").await;
        world.add(&ann, place, &ben).await;
        pin(&world, &ann, &message).await.unwrap();
        assert_eq!(pinned(&world, &ben, place).await, [""; 0]);
        assert_eq!(world.event_types(&ben, place).await.last().unwrap(), "skipped");
        assert_eq!(unpin(&world, &ben, &message).await.unwrap_err().code(), "not_found");
        assert_eq!(world.rony.pins().list(&eve.actor, place).await.unwrap_err().code(), "not_found");
    }
}
