//! Facts about notifications over HTTP and on real sockets.

use serde_json::{Value, json};

use crate::world::{Person, World};

async fn post(person: &Person, place: &str, text: &str) -> Value {
    let post = json!({"client_id": uuid::Uuid::new_v4(), "text": text});
    person.client.post(&format!("conversations/{place}/messages"), post).await.ok()
}

async fn list(person: &Person) -> Vec<Value> {
    person.client.get("notifications").await.ok()["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_mention_is_told_on_all_devices_and_cleared_by_reading_on_one() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let group = world.group(&ann, &[&ben]).await;
    ben.client.post("notifications/clear", json!({})).await.ok();
    let mut other_device = ben.client.gateway().await;
    let message = post(&ann, &group, "@ben, look").await;
    let told = other_device.event("notification.added").await["notification"].clone();
    assert_eq!((&told["kind"], &told["message_id"]), (&json!("mention"), &message["id"]));
    assert_eq!(list(&ben).await[0], told);
    let mark = json!({"ordinal": message["ordinal"]});
    ben.client.put(&format!("conversations/{group}/read"), mark).await.ok();
    assert_eq!(other_device.event("notification.cleared").await["ids"], json!([told["id"]]));
    assert!(list(&ben).await.iter().all(|notification| !notification["cleared_at"].is_null()));
}

#[tokio::test]
async fn being_brought_into_a_group_is_a_notification_that_can_be_cleared() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let group = world.group(&ann, &[&ben]).await;
    let notifications = list(&ben).await;
    assert_eq!((notifications.len(), &notifications[0]["kind"]), (1, &json!("invitation")));
    assert_eq!(notifications[0]["conversation_id"], json!(group));
    let clear = |body: Value| ben.client.post("notifications/clear", body);
    let cleared = clear(json!({"ids": [notifications[0]["id"]]})).await.ok();
    assert_eq!(cleared["ids"], json!([notifications[0]["id"]]));
    assert_eq!(clear(json!({"conversation_id": group})).await.ok()["ids"], json!([]));
    let both = json!({"ids": [], "conversation_id": group});
    clear(both).await.problem(422, "invalid");
    assert!(list(&ann).await.is_empty());
    world.anybody().get("notifications").await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_person_is_left_in_peace_until_a_moment_on_all_devices() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let mut other_device = ben.client.gateway().await;
    let until = json!({"until": "2100-01-01T00:00:00.000Z"});
    assert_eq!(ben.client.put("me/dnd", until.clone()).await.ok(), until);
    assert_eq!(other_device.event("dnd.changed").await["until"], until["until"]);
    assert_eq!(ben.client.get("me/dnd").await.ok(), until);
    world.group(&ann, &[&ben]).await;
    assert_eq!(list(&ben).await[0]["quiet"], true);
    assert_eq!(ben.client.put("me/dnd", json!({"until": null})).await.ok(), json!({"until": null}));
    let past = json!({"until": "1999-01-01T00:00:00Z"});
    let problem = ben.client.put("me/dnd", past).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["field"], "until");
}
