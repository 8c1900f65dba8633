//! Facts about contacts over HTTP.

use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn contacts_are_added_changed_and_removed_on_all_devices() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let mut other_device = ann.client.gateway().await;
    let added = ann.client.post("contacts", json!({"username": "Ben", "groups": ["Work", "Chess"]})).await;
    assert_eq!(added.status, 201);
    let added = added.ok();
    assert_eq!((&added["user_id"], &added["groups"]), (&json!(ben.id), &json!(["Work", "Chess"])));
    assert_eq!(other_device.event("contact.changed").await["contact"], added);

    let path = format!("contacts/{}", ben.id);
    let changed = ann.client.patch(&path, json!({"favorite": true, "nickname": "Benny"})).await.ok();
    assert_eq!((&changed["favorite"], &changed["groups"]), (&json!(true), &added["groups"]));
    assert_eq!(ann.client.get("contacts").await.ok()["items"], json!([changed]));
    assert_eq!(ben.client.get("contacts").await.ok()["items"], json!([]));

    assert_eq!(ann.client.delete(&path).await.status, 204);
    assert_eq!(other_device.event("contact.removed").await["user_id"], json!(ben.id));
    ann.client.delete(&path).await.problem(404, "not_found");
    assert_eq!(ann.client.get("contacts").await.ok(), json!({"items": [], "next": null}));
}

#[tokio::test]
async fn a_contact_that_cannot_be_is_refused_with_the_field_that_is_wrong() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let contacts = |body: Value| ann.client.post("contacts", body);
    contacts(json!({"username": "nobody"})).await.problem(404, "not_found");
    contacts(json!({"user_id": uuid::Uuid::new_v4()})).await.problem(404, "not_found");
    for (body, field) in [
        (json!({}), "username"),
        (json!({"user_id": ann.id, "username": "ann"}), "username"),
        (json!({"username": "ann"}), "user_id"),
        (json!({"user_id": "ann"}), "user_id"),
        (json!({"username": "ann", "note": "a\u{0}b"}), "note"),
        (json!({"username": "ann", "nick": "?"}), "nick"),
    ] {
        let problem = contacts(body.clone()).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field, "{body}");
    }
    world.anybody().get("contacts").await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_person_is_blocked_without_being_a_contact() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let path = format!("contacts/{}", ben.id);
    let blocked = ann.client.patch(&path, json!({"blocked": true})).await.ok();
    assert_eq!((&blocked["listed"], &blocked["blocked"]), (&json!(false), &json!(true)));
    let free = ann.client.patch(&path, json!({"blocked": false})).await.ok();
    assert_eq!(free["blocked"], false);
    assert_eq!(ann.client.get("contacts").await.ok()["items"], json!([]));
    ann.client.patch(&path, json!({"favorite": true})).await.problem(404, "not_found");
}
