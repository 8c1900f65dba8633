//! Facts about conversations and their members, over HTTP.

use serde_json::{Value, json};

use crate::world::{Person, World};

fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}

fn group(members: &[&Person]) -> Value {
    let ids: Vec<_> = members.iter().map(|person| &person.id).collect();
    json!({"client_id": uuid(), "kind": "group", "member_ids": ids, "title": "Tea"})
}

fn direct(peer: &Person) -> Value {
    json!({"client_id": uuid(), "kind": "direct", "member_ids": [peer.id]})
}

#[tokio::test]
async fn a_conversation_shows_everything_a_list_needs() {
    let world = World::start().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let started = ann.client.post("conversations", group(&[&bob])).await;
    assert_eq!(started.status, 201);
    let started = started.ok();
    let place = format!("conversations/{}", started["id"].as_str().unwrap());
    let text = json!({"client_id": uuid(), "text": "@bob tea?"});
    ann.client.post(&format!("{place}/messages"), text).await.ok();
    let view = bob.client.get(&place).await.ok();
    assert_eq!(
        (&view["kind"], &view["visibility"], &view["history"]),
        (&json!("group"), &json!("private"), &json!("all"))
    );
    assert_eq!(
        (&view["title"], &view["role"], &view["member_count"]),
        (&json!("Tea"), &json!("member"), &json!(2))
    );
    assert_eq!(
        (&view["head"], &view["newest_ordinal"], &view["read_ordinal"]),
        (&json!(2), &json!(1), &json!(0))
    );
    assert_eq!((&view["unread"], &view["mentions"]), (&json!(1), &json!(1)));
    assert_eq!(view["last_message"]["text"], "@bob tea?");
    let list = bob.client.get("conversations?limit=1").await.ok();
    let rest = format!("conversations?cursor={}", list["next"].as_str().unwrap());
    let rest = bob.client.get(&rest).await.ok();
    assert_eq!(rest["next"], Value::Null);
    assert!([&list["items"][0], &rest["items"][0]].contains(&&view));
}

#[tokio::test]
async fn a_repeated_start_answers_as_the_first_did_and_a_pair_meets_where_it_met() {
    let world = World::start().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let new = group(&[&bob]);
    let (first, again) =
        (ann.client.post("conversations", new.clone()).await, ann.client.post("conversations", new).await);
    assert_eq!((first.status, again.status), (first.status, first.status));
    assert_eq!(first.ok(), again.ok());
    let met = ann.client.post("conversations", direct(&bob)).await;
    assert_eq!(met.status, 201);
    let met_again = bob.client.post("conversations", direct(&ann)).await;
    assert_eq!(met_again.status, 200);
    let (met, met_again) = (met.ok(), met_again.ok());
    assert_eq!(met["id"], met_again["id"]);
    assert_eq!((&met["peer_id"], &met_again["peer_id"]), (&json!(bob.id), &json!(ann.id)));
}

#[tokio::test]
async fn what_is_wrong_with_a_new_conversation_is_named() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    for (body, field) in [
        (json!({"kind": "group"}), "client_id"),
        (json!({"client_id": uuid()}), "kind"),
        (json!({"client_id": uuid(), "kind": "party"}), "kind"),
        (json!({"client_id": uuid(), "kind": "group", "colour": "red"}), "colour"),
        (json!({"client_id": uuid(), "kind": "group", "member_ids": [uuid()]}), "member_ids[0]"),
        (json!({"client_id": uuid(), "kind": "group", "member_ids": ["bob"]}), "member_ids[0]"),
        (json!({"client_id": uuid(), "kind": "direct"}), "member_ids"),
        (json!({"client_id": uuid(), "kind": "group", "title": "a\u{0}b"}), "title"),
    ] {
        let problem = ann.client.post("conversations", body).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field);
    }
    ann.client.get("conversations?limit=0").await.problem(422, "invalid");
    ann.client.get("conversations?cursor=nonsense").await.problem(422, "invalid");
    ann.client.get("conversations/nonsense").await.problem(404, "not_found");
    ann.client.get(&format!("conversations/{}", uuid())).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_public_conversation_is_found_joined_and_left() {
    let world = World::start().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let new = json!({"client_id": uuid(), "kind": "group", "visibility": "public", "title": "Green Tea"});
    let id = ann.client.post("conversations", new).await.ok()["id"].as_str().unwrap().to_owned();
    let found = bob.client.get("conversations?scope=public&query=green%20tea").await.ok();
    assert_eq!((&found["items"][0]["id"], &found["items"][0]["role"]), (&json!(id), &Value::Null));
    let place = format!("conversations/{id}");
    bob.client.get(&format!("{place}/messages")).await.problem(403, "not_a_member");
    assert_eq!(bob.client.post(&format!("{place}/join"), Value::Null).await.status, 204);
    assert_eq!(bob.client.get(&place).await.ok()["role"], "member");
    let members = bob.client.get(&format!("{place}/members")).await.ok();
    let mut names: Vec<_> = members["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| member["username"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["ann", "bob"]);
    ann.client.post(&format!("{place}/leave"), Value::Null).await.problem(409, "last_owner");
    assert_eq!(bob.client.post(&format!("{place}/leave"), Value::Null).await.status, 204);
    assert_eq!(bob.client.get(&place).await.ok()["role"], Value::Null);
}

#[tokio::test]
async fn members_are_added_raised_and_removed() {
    let world = World::start().await;
    let (ann, bob, cem) = (world.person("ann").await, world.person("bob").await, world.person("cem").await);
    let place = format!("conversations/{}", world.group(&ann, &[&bob]).await);
    let members = format!("{place}/members");
    let added = bob.client.post(&members, json!({"user_id": cem.id, "role": "guest"})).await.ok();
    assert_eq!(
        (&added["items"][0]["user_id"], &added["items"][0]["role"]),
        (&json!(cem.id), &json!("guest"))
    );
    let (of_bob, of_cem) = (format!("{members}/{}", bob.id), format!("{members}/{}", cem.id));
    bob.client.patch(&of_cem, json!({"role": "member"})).await.problem(403, "role_too_low");
    assert_eq!(ann.client.patch(&of_bob, json!({"role": "admin"})).await.ok()["role"], "admin");
    bob.client.patch(&of_bob, json!({"role": "owner"})).await.problem(403, "above_own_role");
    assert_eq!(bob.client.delete(&of_cem).await.status, 204);
    cem.client.get(&place).await.problem(404, "not_found");
    bob.client.delete(&of_cem).await.problem(404, "not_found");
    bob.client.post(&members, json!({"user_ids": []})).await.problem(422, "invalid");
}

#[tokio::test]
async fn a_removed_member_stops_receiving_events() {
    let world = World::start().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let id = world.group(&ann, &[&bob]).await;
    let place = format!("conversations/{id}");
    let mut socket = bob.client.gateway().await;
    let say = async |text: &str| {
        let body = json!({"client_id": uuid(), "text": text});
        ann.client.post(&format!("{place}/messages"), body).await.ok();
    };
    say("before").await;
    assert_eq!(socket.event("message.posted").await["message"]["text"], "before");
    assert_eq!(ann.client.delete(&format!("{place}/members/{}", bob.id)).await.status, 204);
    say("after").await;
    assert_eq!(socket.event("member.left").await["conversation_id"], id.as_str());
    // Whatever comes next in another conversation comes without a word from the one that was left.
    let other = world.group(&ann, &[&bob]).await;
    assert_eq!(socket.next().await["stream"], other.as_str());
}

#[tokio::test]
async fn a_change_is_for_all_and_how_one_keeps_it_for_oneself() {
    let world = World::start().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let place = format!("conversations/{}", world.group(&ann, &[&bob]).await);
    let changed = ann.client.patch(&place, json!({"topic": "Leaves", "icon": "\u{1F375}"})).await.ok();
    assert_eq!((&changed["title"], &changed["topic"]), (&json!("Friends"), &json!("Leaves")));
    assert_eq!(ann.client.patch(&place, json!({"topic": null})).await.ok()["topic"], "");
    bob.client.patch(&place, json!({"title": "Mine"})).await.problem(403, "role_too_low");
    ann.client.patch(&place, json!({"titel": "?"})).await.problem(422, "invalid");
    let mine = format!("{place}/me");
    let until = "2030-01-01T00:00:00.000Z";
    let kept = bob.client.patch(&mine, json!({"level": "mentions", "muted_until": until})).await.ok();
    assert_eq!(kept, json!({"level": "mentions", "muted_until": until, "favorite": false}));
    let kept = bob.client.patch(&mine, json!({"muted_until": null, "favorite": true})).await.ok();
    assert_eq!(kept, json!({"level": "mentions", "muted_until": null, "favorite": true}));
    assert_eq!(ann.client.get(&place).await.ok()["level"], "all");
    assert_ne!(ann.client.patch(&place, json!({"archived": true})).await.ok()["archived_at"], Value::Null);
    let post = json!({"client_id": uuid(), "text": "?"});
    bob.client.post(&format!("{place}/messages"), post).await.problem(409, "archived");
    assert_eq!(ann.client.delete(&place).await.status, 204);
    bob.client.get(&place).await.problem(404, "not_found");
}
