//! Facts about presence and typing, told by clients on real sockets.

use serde_json::{Value, json};

use crate::world::{Socket, World};

/// The next time that a socket is told something of a person.
async fn told(socket: &mut Socket, person: &str) -> Value {
    loop {
        let frame = socket.until("presence").await;
        let changes = frame["changes"].as_array().unwrap();
        if let Some(change) = changes.iter().find(|change| change["user_id"] == person) {
            return change.clone();
        }
    }
}

#[tokio::test]
async fn contacts_see_each_other_come_and_what_they_chose() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    ann.client.post("contacts", json!({"username": "ben"})).await.ok();
    let mut looking = ann.client.gateway().await;
    assert_eq!(told(&mut looking, &ben.id).await["status"], "offline");
    let mut device = ben.client.gateway().await;
    assert_eq!(told(&mut looking, &ben.id).await["status"], "online");
    device.send(&json!({"type": "presence", "status": "away"})).await;
    assert_eq!(told(&mut looking, &ben.id).await["status"], "away");
    let set = json!({"status": "busy", "text": "In a meeting", "until": "2100-01-01T00:00:00.000Z"});
    let own = ben.client.put("me/presence", set).await.ok();
    assert_eq!(device.event("presence.set").await["presence"], own);
    assert_eq!(ben.client.get("me/presence").await.ok(), own);
    let busy = told(&mut looking, &ben.id).await;
    assert_eq!((&busy["status"], &busy["text"]), (&json!("busy"), &json!("In a meeting")));
    ben.client.put("me/presence", json!({"status": "offline"})).await.ok();
    assert_eq!(told(&mut looking, &ben.id).await["status"], "offline");
}

#[tokio::test]
async fn a_stranger_is_seen_while_they_are_watched_and_a_blocked_person_sees_nothing() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let mut looking = ann.client.gateway().await;
    let _device = ben.client.gateway().await;
    looking.send(&json!({"type": "watch", "user_ids": [ben.id]})).await;
    // Ben was greeted, and counts as present a moment later: what is told first may still be from before it.
    while told(&mut looking, &ben.id).await["status"] != "online" {}
    ben.client.patch(&format!("contacts/{}", ann.id), json!({"blocked": true})).await.ok();
    let hidden = told(&mut looking, &ben.id).await;
    assert_eq!((&hidden["status"], &hidden["since"]), (&json!("offline"), &Value::Null));
}

#[tokio::test]
async fn a_wish_that_cannot_be_is_refused_with_the_field_that_is_wrong() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    for (body, field) in [
        (json!({}), "status"),
        (json!({"status": "asleep"}), "status"),
        (json!({"status": "busy", "until": "1999-01-01T00:00:00Z"}), "until"),
        (json!({"status": "busy", "until": "soon"}), "until"),
        (json!({"status": "busy", "text": "x".repeat(101)}), "text"),
    ] {
        let problem = ann.client.put("me/presence", body.clone()).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field, "{body}");
    }
    world.anybody().put("me/presence", json!({"status": "busy"})).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn too_much_or_foreign_things_cannot_be_watched() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let mut socket = ann.client.gateway().await;
    let many: Vec<_> = (0..201).map(|_| uuid::Uuid::new_v4()).collect();
    let foreign = uuid::Uuid::new_v4();
    for (frame, code) in [
        (json!({"type": "watch", "user_ids": many}), "invalid"),
        (json!({"type": "watch", "conversation_id": foreign}), "not_found"),
        (json!({"type": "typing", "conversation_id": foreign}), "not_found"),
        (json!({"type": "presence", "status": "busy"}), "invalid_frame"),
    ] {
        socket.send(&frame).await;
        assert_eq!(socket.until("error").await["code"], code, "{frame}");
    }
}

#[tokio::test]
async fn who_types_is_seen_by_others_who_have_the_conversation_open() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let group = world.group(&ann, &[&ben]).await;
    let (mut from_ann, mut from_ben) = (ann.client.gateway().await, ben.client.gateway().await);
    for socket in [&mut from_ann, &mut from_ben] {
        socket.send(&json!({"type": "watch", "conversation_id": group})).await;
    }
    from_ann.send(&json!({"type": "typing", "conversation_id": group})).await;
    assert_eq!(from_ben.until("typing").await["user_ids"], json!([ann.id]));
    from_ben.send(&json!({"type": "typing", "conversation_id": group})).await;
    loop {
        let frame = from_ann.until("typing").await;
        assert_ne!(frame["user_ids"], json!([ann.id]), "nobody is told of themselves");
        if frame["user_ids"] == json!([ben.id]) {
            break;
        }
    }
    while from_ben.until("typing").await["user_ids"] != json!([]) {}
}
