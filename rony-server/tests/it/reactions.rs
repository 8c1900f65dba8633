//! Facts about reactions and pins over HTTP.

use serde_json::{Value, json};

use crate::world::{Person, World};

async fn post(person: &Person, place: &str, text: &str) -> Value {
    let message = json!({"client_id": uuid::Uuid::new_v4(), "text": text});
    person.client.post(&format!("conversations/{place}/messages"), message).await.ok()
}

fn path(message: &Value, emoji: &str) -> String {
    let (place, id) = (message["conversation_id"].as_str().unwrap(), message["id"].as_str().unwrap());
    format!("conversations/{place}/messages/{id}/reactions/{emoji}")
}

#[tokio::test]
async fn a_reaction_reaches_others_with_the_message_as_it_is() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let place = world.group(&ann, &[&ben]).await;
    let message = post(&ann, &place, "Lunch?").await;
    let mut device = ann.client.gateway().await;
    let thumb = path(&message, "%F0%9F%91%8D");
    let reacted = ben.client.put(&thumb, Value::Null).await.ok();
    assert_eq!(reacted["reactions"], json!([{"emoji": "👍", "user_ids": [ben.id]}]));
    let event = device.event("reaction.added").await;
    assert_eq!((&event["emoji"], &event["message"]), (&json!("👍"), &reacted));
    assert_eq!(ben.client.put(&thumb, Value::Null).await.ok(), reacted);
    let removed = ben.client.delete(&thumb).await.ok();
    assert_eq!(removed["reactions"], Value::Null);
    assert_eq!(device.event("reaction.removed").await["message"], removed);
    assert_eq!(ben.client.delete(&thumb).await.ok(), removed);
}

#[tokio::test]
async fn what_is_no_emoji_is_refused() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let place = world.group(&ann, &[]).await;
    let message = post(&ann, &place, "Hello").await;
    for emoji in ["%20", "a%20b", "a%00", "%E2%80%AE", &"x".repeat(65)] {
        let problem = ann.client.put(&path(&message, emoji), Value::Null).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], "emoji", "{emoji}");
    }
    ann.client.put(&path(&message, "%FF"), Value::Null).await.problem(404, "not_found");
    ann.client.put(&path(&message, "%3Aparty%3A"), Value::Null).await.ok();
    world.anybody().put(&path(&message, "x"), Value::Null).await.problem(401, "unauthenticated");
    let eve = world.person("eve").await;
    eve.client.put(&path(&message, "x"), Value::Null).await.problem(404, "not_found");
}

#[tokio::test]
async fn pins_are_set_listed_and_taken_away() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let place = world.group(&ann, &[&ben]).await;
    let message = post(&ann, &place, "Rules").await;
    let (list, one) = (
        format!("conversations/{place}/pins"),
        format!("conversations/{place}/pins/{}", message["id"].as_str().unwrap()),
    );
    let mut device = ann.client.gateway().await;
    for _ in 0..2 {
        assert_eq!(ben.client.put(&one, Value::Null).await.status, 204);
    }
    let event = device.event("pin.added").await;
    assert_eq!(event["message"], message);
    let pins = ann.client.get(&list).await.ok();
    assert_eq!((&pins["items"][0]["message"], &pins["items"][0]["pinned_by"]), (&message, &json!(ben.id)));
    assert_eq!((&pins["next"], &pins["as_of"]), (&Value::Null, &event["seq"]));
    for _ in 0..2 {
        assert_eq!(ann.client.delete(&one).await.status, 204);
    }
    assert_eq!(device.event("pin.removed").await["message_id"], message["id"]);
    assert_eq!(ann.client.get(&list).await.ok()["items"], json!([]));
    let eve = world.person("eve").await;
    eve.client.get(&list).await.problem(404, "not_found");
    eve.client.put(&one, Value::Null).await.problem(404, "not_found");
    eve.client.delete(&one).await.problem(404, "not_found");
}
