//! Facts about messages, over HTTP.

use http::{Method, header};
use serde_json::{Value, json};

use crate::world::{Person, World};

fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Ann and Bob, and the address of the messages of their group.
async fn ann_and_bob(world: &World) -> (Person, Person, String) {
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let group = world.group(&ann, &[&bob]).await;
    (ann, bob, format!("conversations/{group}/messages"))
}

fn texts(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_repeated_post_answers_as_the_first_did() {
    let world = World::start().await;
    let (ann, bob, messages) = ann_and_bob(&world).await;
    let post = json!({"client_id": uuid(), "text": " **Hello**\t"});
    let (first, again) =
        (ann.client.post(&messages, post.clone()).await, ann.client.post(&messages, post).await);
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
    let first = first.ok();
    assert_eq!(again.ok(), first);
    assert_eq!((&first["seq"], &first["ordinal"], &first["version"]), (&json!(2), &json!(1), &json!(2)));
    assert_eq!((&first["text"], &first["sender_id"]), (&json!(" **Hello**\t"), &json!(ann.id)));
    let one = format!("{messages}/{}", first["id"].as_str().unwrap());
    assert_eq!(bob.client.get(&one).await.ok(), first);
}

#[tokio::test]
async fn what_cannot_be_posted_is_refused_with_its_reason() {
    let world = World::start().await;
    let (ann, _, messages) = ann_and_bob(&world).await;
    let with = |text: &str| json!({"client_id": uuid(), "text": text});
    for (body, field) in [
        (with(""), "text"),
        (with("a\u{0}b"), "text"),
        (with(&"x".repeat(16 * 1024 + 1)), "text"),
        (json!({"client_id": uuid()}), "text"),
        (json!({"text": "hi"}), "client_id"),
        (json!({"client_id": "1", "text": "hi"}), "client_id"),
        (json!({"client_id": uuid(), "text": 7}), "text"),
    ] {
        let problem = ann.client.post(&messages, body).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field);
    }
    let send = async |body: Vec<u8>| {
        let request = ann.client.request(Method::POST, &messages);
        ann.client.send(request.header(header::CONTENT_TYPE, "application/json"), body.into()).await
    };
    send(b"{\"text\":\"\xff\"}".to_vec()).await.problem(400, "invalid_utf8");
    send(b"{\"text\":".to_vec()).await.problem(400, "invalid_json");
    send(format!("{{\"text\":\"{}\"}}", "x".repeat(1 << 20)).into_bytes()).await.problem(413, "too_large");
    ann.client
        .post(&messages, json!({"client_id": uuid(), "text": "?", "reply_to": uuid()}))
        .await
        .problem(404, "not_found");
    let nowhere = format!("conversations/{}/messages", uuid());
    ann.client.post(&nowhere, with("hi")).await.problem(404, "not_found");
    assert!(texts(&ann.client.get(&messages).await.ok()).is_empty());
}

#[tokio::test]
async fn a_conversation_is_read_forwards_backwards_and_around() {
    let world = World::start().await;
    let (ann, bob, messages) = ann_and_bob(&world).await;
    let mut seqs = Vec::new();
    for text in ["a", "b", "c", "d", "e"] {
        let posted = ann.client.post(&messages, json!({"client_id": uuid(), "text": text})).await.ok();
        seqs.push(posted["seq"].as_i64().unwrap());
    }
    let check = async |query: String, expected: &[&str]| {
        let page = bob.client.get(&format!("{messages}?{query}")).await.ok();
        assert_eq!(texts(&page), expected, "{query}");
        assert_eq!(page["as_of"], 6);
        page["next"].as_str().map(ToOwned::to_owned)
    };
    let next = check("limit=2".into(), &["d", "e"]).await.unwrap();
    assert_eq!(check(format!("limit=9&cursor={next}"), &["a", "b", "c"]).await, None);
    check(format!("before={}&limit=2", seqs[3]), &["b", "c"]).await;
    let next = check(format!("after={}&limit=2", seqs[0]), &["b", "c"]).await.unwrap();
    assert_eq!(check(format!("limit=9&cursor={next}"), &["d", "e"]).await, None);
    check(format!("around={}&limit=2", seqs[2]), &["b", "c"]).await;
    for query in ["before=1&after=2", "before=x", "limit=201", "cursor=x", "beforehand=1"] {
        bob.client.get(&format!("{messages}?{query}")).await.problem(422, "invalid");
    }
    bob.client.get(&format!("{messages}?thread_id={}", uuid())).await.problem(404, "not_found");
}

#[tokio::test]
async fn replies_in_a_thread_are_read_by_themselves() {
    let world = World::start().await;
    let (ann, bob, messages) = ann_and_bob(&world).await;
    let root = ann.client.post(&messages, json!({"client_id": uuid(), "text": "plans"})).await.ok();
    let reply = json!({"client_id": uuid(), "text": "first", "thread_id": root["id"]});
    let reply = bob.client.post(&messages, reply).await.ok();
    assert_eq!((&reply["ordinal"], &reply["thread_ordinal"]), (&json!(0), &json!(1)));
    let page = ann.client.get(&messages).await.ok();
    assert_eq!((texts(&page), &page["items"][0]["thread"]["newest_ordinal"]), (vec!["plans"], &json!(1)));
    let thread = format!("{messages}?thread_id={}", root["id"].as_str().unwrap());
    assert_eq!(texts(&ann.client.get(&thread).await.ok()), ["first"]);
}

#[tokio::test]
async fn an_edit_keeps_what_was_said_and_a_deletion_keeps_nothing() {
    let world = World::start().await;
    let (ann, bob, messages) = ann_and_bob(&world).await;
    let mut socket = bob.client.gateway().await;
    let posted = bob.client.post(&messages, json!({"client_id": uuid(), "text": "tee"})).await.ok();
    let one = format!("{messages}/{}", posted["id"].as_str().unwrap());
    let edited = bob.client.patch(&one, json!({"text": "tea"})).await.ok();
    assert_eq!((&edited["text"], &edited["version"]), (&json!("tea"), &json!(3)));
    assert_eq!(socket.event("message.edited").await["message"], edited);
    let versions = ann.client.get(&format!("{one}/versions")).await.ok();
    assert_eq!((texts(&versions), &versions["next"]), (vec!["tee"], &Value::Null));
    ann.client.patch(&one, json!({"text": "mine"})).await.problem(403, "not_yours");
    assert_eq!(ann.client.delete(&one).await.status, 204);
    let deleted = socket.event("message.deleted").await;
    assert_eq!((&deleted["message"]["text"], &deleted["message"]["id"]), (&json!(""), &posted["id"]));
    assert_ne!(ann.client.get(&one).await.ok()["deleted_at"], Value::Null);
    assert!(texts(&ann.client.get(&format!("{one}/versions")).await.ok()).is_empty());
    bob.client.patch(&one, json!({"text": "again"})).await.problem(409, "message_deleted");
    assert_eq!(bob.client.delete(&one).await.status, 204);
}

#[tokio::test]
async fn a_stranger_and_nobody_at_all_read_and_write_nothing() {
    let world = World::start().await;
    let (ann, _, messages) = ann_and_bob(&world).await;
    let eve = world.person("eve").await;
    let posted = ann.client.post(&messages, json!({"client_id": uuid(), "text": "between us"})).await.ok();
    let one = format!("{messages}/{}", posted["id"].as_str().unwrap());
    let text = json!({"client_id": uuid(), "text": "hi"});
    for (client, status, code) in
        [(eve.client.clone(), 404, "not_found"), (world.anybody(), 401, "unauthenticated")]
    {
        client.get(&messages).await.problem(status, code);
        client.post(&messages, text.clone()).await.problem(status, code);
        client.get(&one).await.problem(status, code);
        client.patch(&one, json!({"text": "x"})).await.problem(status, code);
        client.delete(&one).await.problem(status, code);
        client.get(&format!("{one}/versions")).await.problem(status, code);
    }
    assert_eq!(texts(&ann.client.get(&messages).await.ok()), ["between us"]);
}
