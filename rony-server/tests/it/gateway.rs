//! Facts about the gateway: events once and in order, errors that leave the connection open, and ends that say why.

use rony_core::{
    id::UserId,
    stream::{Envelope, StreamId},
};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Bytes, Message};

use crate::world::{Person, Socket, World};

fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}

fn post(conversation: &str, text: &str) -> Value {
    json!({"type": "post", "id": text, "conversation_id": conversation, "client_id": uuid(), "text": text})
}

/// Ann and Bob with a group of their own.
async fn ann_and_bob(world: &World) -> (Person, Person, String) {
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let group = world.group(&ann, &[&bob]).await;
    (ann, bob, group)
}

#[tokio::test]
async fn two_people_talk_and_both_see_the_same_event_once() {
    let world = World::start().await;
    let (ann, bob, group) = ann_and_bob(&world).await;
    let (mut from_ann, mut from_bob) = (ann.client.gateway().await, bob.client.gateway().await);
    from_ann.send(&post(&group, "Hello, Bob")).await;
    let seen_by_bob = from_bob.event("message.posted").await;
    let mut ack = Value::Null;
    let mut seen_by_ann = Value::Null;
    while ack.is_null() || seen_by_ann.is_null() {
        let mut frame = from_ann.next().await;
        match frame["type"].as_str() {
            Some("ack") => ack = frame,
            Some("event") => seen_by_ann = frame["event"].take(),
            _ => {}
        }
    }
    assert_eq!(seen_by_bob, seen_by_ann);
    assert_eq!(seen_by_bob["message"]["text"], "Hello, Bob");
    assert_eq!(seen_by_bob["message"]["sender_id"], ann.id.as_str());
    assert_eq!((&ack["message_id"], &ack["seq"]), (&seen_by_bob["message"]["id"], &seen_by_bob["seq"]));
}

#[tokio::test]
async fn sync_hands_out_what_came_while_a_client_was_away_exactly_as_it_went_out_live() {
    let world = World::start().await;
    let (ann, bob, group) = ann_and_bob(&world).await;
    let mut live = bob.client.gateway().await;
    let head = bob.client.get(&format!("conversations/{group}")).await.ok()["head"].clone();
    let mut from_ann = ann.client.gateway().await;
    let mut events = Vec::new();
    for text in ["one", "two", "three"] {
        from_ann.send(&post(&group, text)).await;
        events.push(live.event("message.posted").await);
    }
    let answer = bob.client.post("sync", json!({"streams": {&group: head}})).await.ok();
    assert_eq!(answer["streams"][0]["events"], Value::Array(events));
    assert_eq!(answer["streams"][0]["more"], false);
}

#[tokio::test]
async fn a_resuming_client_is_told_which_streams_moved() {
    let world = World::start().await;
    let (ann, bob, group) = ann_and_bob(&world).await;
    let quiet = world.group(&ann, &[&bob]).await;
    let since = bob.client.gateway().await.hello["since"].clone();
    let mut from_ann = ann.client.gateway().await;
    from_ann.send(&post(&group, "while you were away")).await;
    from_ann.until("ack").await;
    let mut socket = Socket::open(world.address, bob.client.token()).await;
    socket.resume(since).await;
    let moved: Vec<_> = socket.hello["moved"].as_array().unwrap().iter().map(|head| &head["id"]).collect();
    assert!(moved.contains(&&json!(group)), "{}", socket.hello);
    assert!(!moved.contains(&&json!(quiet)), "{}", socket.hello);
}

#[tokio::test]
async fn a_socket_without_credentials_signs_in_by_its_first_frame() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let mut socket = Socket::open(world.address, None).await;
    socket.send(&json!({"type": "auth", "token": ann.client.token()})).await;
    socket.resume(Value::Null).await;
    assert_eq!(socket.hello["user_id"], ann.id.as_str());
}

#[tokio::test]
async fn a_socket_that_does_not_sign_in_is_closed() {
    let world = World::start().await;
    for frame in [
        json!({"type": "resume"}),
        json!({"type": "auth", "token": "rony_s_nonsense"}),
        post(&uuid(), "hello"),
    ] {
        let mut socket = Socket::open(world.address, None).await;
        socket.send(&frame).await;
        assert_eq!(socket.closed().await, 4001, "{frame}");
    }
}

#[tokio::test]
async fn a_token_that_may_not_read_is_refused_for_good() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let made = ann.client.post("tokens", json!({"name": "writer", "scopes": ["write"]})).await.ok();
    let token = made["token"].as_str().unwrap();
    let mut by_header = Socket::open(world.address, Some(token)).await;
    let mut by_frame = Socket::open(world.address, None).await;
    by_frame.send(&json!({"type": "auth", "token": token})).await;
    for socket in [&mut by_header, &mut by_frame] {
        socket.send(&json!({"type": "resume"})).await;
        assert_eq!(socket.until("error").await["code"], "scope_missing");
        assert_eq!(socket.closed().await, 4001, "not `come again`: it would, for ever");
    }
}

#[tokio::test]
async fn what_is_no_frame_gets_an_error_and_the_connection_goes_on() {
    let world = World::start().await;
    let (ann, _, group) = ann_and_bob(&world).await;
    let mut socket = ann.client.gateway().await;
    for (frame, code) in [
        ("{", "invalid_json"),
        ("[]", "invalid_frame"),
        (r#"{"type":"dance"}"#, "invalid_frame"),
        (r#"{"type":"post","id":1}"#, "invalid_frame"),
        (r#"{"type":"resume"}"#, "already_resumed"),
    ] {
        socket.send_message(Message::text(frame)).await;
        assert_eq!(socket.until("error").await["code"], code, "{frame}");
    }
    // Whoever waits for the answer to a frame is told that it was not done, though the frame could not be read.
    for frame in [
        json!({"type": "post", "id": 8, "conversation_id": group, "client_id": "mine", "text": "Hello"}),
        json!({"type": "post", "id": "a", "conversation_id": group, "client_id": uuid()}),
        json!({"type": "read", "id": 9, "conversation_id": group, "ordinal": "all"}),
    ] {
        socket.send(&frame).await;
        let error = socket.until("error").await;
        assert_eq!((&error["code"], &error["id"]), (&json!("invalid_frame"), &frame["id"]));
    }
    let text = "x".repeat(16 * 1024 + 1);
    for (text, code) in [(text.as_str(), "invalid"), ("a\0b", "invalid"), ("  ", "invalid")] {
        socket.send(&post(&group, text)).await;
        let error = socket.until("error").await;
        assert_eq!((&error["code"], &error["id"]), (&json!(code), &json!(text)));
    }
    socket.send(&post(&uuid(), "into nowhere")).await;
    assert_eq!(socket.until("error").await["code"], "not_found");
    socket.send(&json!({"type": "ping", "id": 7})).await;
    assert_eq!(socket.until("pong").await["id"], 7);
}

#[tokio::test]
async fn a_frame_that_is_too_large_or_not_text_ends_the_connection() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    for message in [Message::text("x".repeat(200 * 1024)), Message::Binary(Bytes::from_static(b"\xff\xfe"))] {
        let mut socket = ann.client.gateway().await;
        socket.send_message(message).await;
        assert!(socket.closed().await > 0);
    }
}

#[tokio::test]
async fn the_same_post_from_two_devices_at_once_is_one_message() {
    let world = World::start().await;
    let (ann, bob, group) = ann_and_bob(&world).await;
    let mut hears = bob.client.gateway().await;
    let (mut phone, desk) = (ann.client.gateway().await, ann.client.clone());
    for number in 0..10 {
        let text = number.to_string();
        let frame = post(&group, &text);
        let body = json!({"client_id": frame["client_id"], "text": text});
        let messages = format!("conversations/{group}/messages");
        let by_phone = async {
            phone.send(&frame).await;
            phone.until("ack").await
        };
        let (ack, posted) = tokio::join!(by_phone, desk.post(&messages, body));
        let posted = posted.ok();
        assert_eq!((&ack["message_id"], &ack["seq"]), (&posted["id"], &posted["seq"]));
        assert_eq!(hears.event("message.posted").await["message"], posted);
    }
    let page = bob.client.get(&format!("conversations/{group}/messages")).await.ok();
    assert_eq!(page["items"].as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn a_person_has_a_limited_number_of_sockets() {
    let world = World::with(|config| config.max_sockets_per_user = 2).await;
    let ann = world.person("ann").await;
    let (_first, _second) = (ann.client.gateway().await, ann.client.gateway().await);
    let mut third = Socket::open(world.address, ann.client.token()).await;
    third.send(&json!({"type": "resume"})).await;
    assert_eq!(third.until("error").await["code"], "too_many_connections");
    assert_eq!(third.closed().await, 4009);
}

#[tokio::test]
async fn a_server_that_stops_tells_its_sockets_to_come_back() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let mut socket = ann.client.gateway().await;
    world.server.drain().start();
    assert_eq!(socket.closed().await, 4012);
}

#[tokio::test]
async fn a_stalled_reader_is_cut_and_catches_up_afterwards() {
    let world = World::start().await;
    let (ann, bob, group) = ann_and_bob(&world).await;
    let head = bob.client.get(&format!("conversations/{group}")).await.ok()["head"].as_i64().unwrap();
    // Bob's socket reads nothing from now on: the kernel's buffers fill, then his queue on the server.
    let mut stalled = bob.client.gateway().await;
    let mut from_ann = ann.client.gateway().await;
    let long = "long ".repeat(3000);
    let link = world.server.rony().hub().links_of(bob.id.parse().unwrap()).remove(0);
    let mut posted = 0;
    while link.closed().is_none() {
        from_ann.send(&post(&group, &long)).await;
        from_ann.until("ack").await;
        posted += 1;
        assert!(posted < 5_000, "memory would not be bounded");
    }
    assert_eq!(link.closed(), Some(rony_core::hub::Close::TooSlow));
    assert!(stalled.closed().await > 0);
    let mut last = head;
    loop {
        let answer = bob.client.post("sync", json!({"streams": {&group: last}})).await.ok();
        last += answer["streams"][0]["events"].as_array().unwrap().len() as i64;
        if answer["streams"][0]["more"] == false {
            break;
        }
    }
    assert_eq!(last, head + posted);
}

#[tokio::test]
async fn who_reads_too_slowly_is_told_so_behind_all_that_was_on_its_way() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let mut slow = ann.client.gateway().await;
    let user: UserId = ann.id.parse().expect("an id");
    let moved = slow.hello["moved"].as_array().expect("a list");
    let own = moved.iter().find(|head| head["id"] == ann.id.as_str()).expect("the own stream");
    let head = own["head"].as_i64().expect("a number");
    let hub = world.server.rony().hub();
    let link = hub.links_of(user).pop().expect("a connection");
    // Nothing of this is read: it fills what the system holds for a connection, and then the queue.
    let text = "x".repeat(64 * 1024);
    for seq in head + 1.. {
        if link.closed().is_some() {
            break;
        }
        let event = json!({"seq": seq, "type": "skipped", "text": text}).to_string();
        hub.deliver(&Envelope::new(StreamId::from(user), seq, None, Vec::new(), &event));
        tokio::task::yield_now().await;
    }
    // What the server has not read when it closes must not take its reason back either.
    for _ in 0..20 {
        slow.send(&json!({"type": "ping"})).await;
    }
    assert_eq!(slow.closed().await, 4008);
}
