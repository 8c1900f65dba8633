//! Facts about read marks and drafts, over HTTP and by the gateway.

use serde_json::{Value, json};

use crate::world::{Person, World};

async fn post(person: &Person, place: &str, text: &str) -> Value {
    let message = json!({"client_id": uuid::Uuid::new_v4(), "text": text});
    person.client.post(&format!("conversations/{place}/messages"), message).await.ok()
}

#[tokio::test]
async fn a_mark_is_the_same_on_all_devices() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let place = world.group(&ann, &[&ben]).await;
    for text in ["1", "2", "3"] {
        post(&ann, &place, text).await;
    }
    let mut device = ben.client.gateway().await;
    let read = format!("conversations/{place}/read");
    let mark = |ordinal| json!({"conversation_id": place, "ordinal": ordinal});
    assert_eq!(ben.client.put(&read, json!({"ordinal": 2})).await.ok(), mark(2));
    assert_eq!(device.event("read.moved").await["ordinal"], 2);
    assert_eq!(ben.client.put(&read, json!({"ordinal": 1})).await.ok(), mark(2));
    device.send(&json!({"type": "read", "id": 7, "conversation_id": place, "ordinal": 3})).await;
    assert_eq!(device.until("ack").await, json!({"type": "ack", "id": 7}));
    let conversation = ben.client.get(&format!("conversations/{place}")).await.ok();
    assert_eq!((&conversation["read_ordinal"], &conversation["unread"]), (&json!(3), &json!(0)));
    let marks = ann.client.get(&read).await.ok();
    assert!(marks["items"].as_array().unwrap().contains(&json!({"user_id": ben.id, "ordinal": 3})));
}

#[tokio::test]
async fn a_forged_mark_is_refused() {
    let world = World::start().await;
    let (ann, eve) = (world.person("ann").await, world.person("eve").await);
    let place = world.group(&ann, &[]).await;
    post(&ann, &place, "1").await;
    let read = format!("conversations/{place}/read");
    for body in [json!({"ordinal": 2}), json!({"ordinal": -1}), json!({"ordinal": "1"}), json!({})] {
        let problem = ann.client.put(&read, body.clone()).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], "ordinal", "{body}");
    }
    eve.client.put(&read, json!({"ordinal": 1})).await.problem(404, "not_found");
    eve.client.get(&read).await.problem(404, "not_found");
    let mut device = ann.client.gateway().await;
    device.send(&json!({"type": "read", "id": 1, "conversation_id": place, "ordinal": 9})).await;
    let error = device.until("error").await;
    assert_eq!((&error["id"], &error["code"]), (&json!(1), &json!("invalid")));
}

#[tokio::test]
async fn who_looks_sees_others_read() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let place = world.group(&ann, &[&ben]).await;
    post(&ann, &place, "1").await;
    let mut looking = ann.client.gateway().await;
    looking.send(&json!({"type": "watch", "user_ids": [], "conversation_id": place})).await;
    looking.send(&json!({"type": "ping", "id": 1})).await;
    looking.until("pong").await;
    ben.client.put(&format!("conversations/{place}/read"), json!({"ordinal": 1})).await.ok();
    let marks = looking.until("read_marks").await;
    assert_eq!(marks["marks"], json!([{"user_id": ben.id, "ordinal": 1}]));
}

#[tokio::test]
async fn a_draft_waits_on_all_devices() {
    let world = World::start().await;
    let (ann, eve) = (world.person("ann").await, world.person("eve").await);
    let place = world.group(&ann, &[]).await;
    let draft = format!("conversations/{place}/draft");
    let mut device = ann.client.gateway().await;
    assert_eq!(ann.client.get(&draft).await.ok(), json!({"conversation_id": place, "text": ""}));
    let saved = ann.client.put(&draft, json!({"text": "Dear"})).await.ok();
    assert_eq!(saved["text"], "Dear");
    let event = device.event("draft.changed").await;
    assert_eq!((&event["conversation_id"], &event["text"]), (&json!(place), &Value::Null));
    assert_eq!(ann.client.get(&draft).await.ok(), saved);
    assert_eq!(ann.client.get("drafts").await.ok(), json!({"items": [saved], "next": null}));
    let root = post(&ann, &place, "Root").await;
    let thread = json!({"text": "In the thread", "thread_id": root["id"]});
    ann.client.put(&draft, thread).await.ok();
    let of_thread = format!("{draft}?thread_id={}", root["id"].as_str().unwrap());
    assert_eq!(ann.client.get(&of_thread).await.ok()["text"], "In the thread");
    ann.client.put(&draft, json!({"text": ""})).await.ok();
    assert_eq!(ann.client.get("drafts").await.ok()["items"].as_array().unwrap().len(), 1);
    for text in ["a\u{0}b".to_owned(), "x".repeat(16_385)] {
        ann.client.put(&draft, json!({"text": text})).await.problem(422, "invalid");
    }
    eve.client.get(&draft).await.problem(404, "not_found");
    eve.client.put(&draft, json!({"text": "x"})).await.problem(404, "not_found");
}
