//! Facts about meetings: rooms, their doors, and what people say in them over real sockets.

use std::{sync::Arc, time::Duration};

use rony_core::time::{ManualClock, Timestamp};
use serde_json::{Value, json};

use crate::world::{Client, Person, Seat, Socket, World};

async fn room_with(owner: &Person, wish: Value) -> Value {
    owner.client.post("rooms", wish).await.ok()
}

async fn room(owner: &Person) -> String {
    code_of(&room_with(owner, json!({})).await)
}

fn code_of(room: &Value) -> String {
    room["code"].as_str().expect("a code").to_owned()
}

/// What a guest was given who has a code.
async fn token(world: &World, code: &str, name: &str) -> String {
    let made = world.anybody().post("rooms/guests", json!({"code": code, "name": name})).await.ok();
    made["token"].as_str().expect("a token").to_owned()
}

async fn socket_of_guest(world: &World, token: &str) -> Socket {
    let mut socket = Socket::open_at(world.address, "/api/v1/gateway?guest", None).await;
    socket.send(&json!({"type": "auth", "token": token})).await;
    socket.send(&json!({"type": "resume"})).await;
    socket.hello = socket.until("guest_hello").await;
    socket
}

/// A guest who has knocked.
async fn knocking(world: &World, token: &str, code: &str) -> Seat {
    let mut seat = Seat::new(socket_of_guest(world, token).await, code);
    seat.join(json!({})).await;
    seat.hear("waiting").await;
    seat
}

/// A guest whom the host has let in.
async fn admitted(world: &World, host: &mut Seat, token: &str) -> Seat {
    let mut guest = knocking(world, token, &host.code).await;
    host.moderate("admit", json!({"peer": guest.peer})).await;
    guest.hear("joined").await;
    let peer = guest.peer.clone();
    assert_eq!(host.update_of(&peer).await["state"], "here");
    guest
}

#[tokio::test]
async fn a_host_and_a_guest_with_nothing_but_a_link_meet() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let made = room_with(&ann, json!({"title": "Plans"})).await;
    let code = code_of(&made);
    assert!(made["url"].as_str().unwrap().ends_with(&format!("/meet#{code}")));
    let preview = world.anybody().post("rooms/preview", json!({"code": code.to_uppercase()})).await.ok();
    assert_eq!((preview["title"].as_str(), preview["host"].as_str()), (Some("Plans"), Some("ann")));

    let mut host = Seat::of(&ann, &code).await;
    host.join(json!({})).await;
    let joined = host.hear("joined").await;
    assert_eq!((&joined["mode"], &joined["peers"][0]["role"]), (&json!("mesh"), &json!("host")));

    let token = token(&world, &code, "Bo").await;
    let mut guest = knocking(&world, &token, &code).await;
    assert_eq!(guest.socket.hello["room"], code);
    let knock = host.hear("knock").await;
    assert_eq!((&knock["name"], &knock["peer"]), (&json!("Bo"), &guest.peer));
    host.moderate("admit", json!({"peer": guest.peer})).await;
    let joined = guest.hear("joined").await;
    assert_eq!(joined["peers"].as_array().unwrap().len(), 2);
    assert_eq!(joined["knocks"], json!([]));
    let arrived = host.hear("peer_update").await;
    assert_eq!((&arrived["role"], arrived.get("user_id")), (&json!("guest"), None));

    // Who says it is stamped by the server, whatever a client writes.
    host.say(json!({"type": "offer", "target": guest.peer, "from": 99, "nid": 2, "sdp": "v=0\r\no=host"}))
        .await;
    let offer = guest.hear("offer").await;
    assert_eq!((&offer["from"], &offer["nid"]), (&host.peer, &json!(2)));
    guest.say(json!({"type": "answer", "target": host.peer, "nid": 2, "sdp": "v=0\r\no=guest"})).await;
    let answer = host.hear("answer").await;
    assert_eq!((&answer["from"], &answer["sdp"]), (&guest.peer, &json!("v=0\r\no=guest")));
    let candidate = json!({"candidate": "candidate:1 1 udp 1 192.0.2.1 5000 typ host", "sdpMid": "0"});
    guest.say(json!({"type": "trickle", "target": host.peer, "nid": 2, "candidate": candidate})).await;
    assert_eq!(host.hear("trickle").await["candidate"], candidate);

    guest.say(json!({"type": "track_add", "cid": "mic", "source": "microphone"})).await;
    host.hear("track_published").await;
    guest.say(json!({"type": "hand", "up": true})).await;
    assert_eq!(host.hear("peer_update").await["hand"], true);
    guest.say(json!({"type": "reaction", "emoji": "👍"})).await;
    assert_eq!(host.hear("reaction").await["from"], guest.peer);
    host.moderate("mute", json!({"peer": guest.peer, "source": "microphone"})).await;
    assert_eq!(guest.hear("mute_request").await["muted"], true);
    host.moderate("end", json!({})).await;
    assert_eq!(guest.socket.until("rtc").await["type"], "rtc");
    for seat in [&mut host, &mut guest] {
        seat.leaves().await;
    }
}

#[tokio::test]
async fn who_guesses_codes_is_stopped() {
    let world = World::start().await;
    let (ann, eve) = (world.person("ann").await, world.person("eve").await);
    let code = room(&ann).await;
    let mut seat = Seat::of(&eve, "abc-defg-hjk").await;
    for number in 0..50 {
        if number == 25 {
            // On another connection, which may ask as often as each.
            seat = Seat::of(&eve, "abc-defg-hjk").await;
        }
        world
            .anybody()
            .post("rooms/preview", json!({"code": "kjh-gfed-cba"}))
            .await
            .problem(409, "room_unknown");
        seat.join(json!({})).await;
        seat.refused("no_such_room").await;
    }
    // The right one too: whoever guesses must not see that they have found one.
    seat.code.clone_from(&code);
    seat.join(json!({})).await;
    seat.refused("rate_limited").await;
    let body = json!({"code": code});
    world.anybody().post("rooms/preview", body).await.problem(429, "rate_limited");
    let body = json!({"code": code, "name": "Bo"});
    world.anybody().post("rooms/guests", body).await.problem(429, "rate_limited");
}

#[tokio::test]
async fn who_was_refused_in_many_rooms_is_in_none() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let mut seat = Seat::of(&ben, "").await;
    for _ in 0..5 {
        seat.code = code_of(&room_with(&ann, json!({"locked": true})).await);
        seat.join(json!({})).await;
        seat.refused("locked").await;
    }
    for number in 0..5 {
        seat.code = room(&ann).await;
        (seat.said, seat.seen) = (0, 0);
        seat.join(json!({})).await;
        match number {
            4 => assert_eq!(seat.socket.until("error").await["code"], "too_many_rooms"),
            _ => drop(seat.hear("joined").await),
        }
    }
}

#[tokio::test]
async fn who_was_removed_stays_out() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let mut host = Seat::taken(&ann, &room(&ann).await).await;
    let bo = token(&world, &host.code, "Bo").await;
    let mut guest = admitted(&world, &mut host, &bo).await;
    host.moderate("kick", json!({"peer": guest.peer})).await;
    while guest.next().await["reason"] != "removed" {}
    guest.join(json!({})).await;
    guest.refused("removed").await;
    host.moderate("lock", json!({"on": true})).await;
    host.hear("lock").await;
    // As somebody else, so to speak.
    let other = token(&world, &host.code, "Bob").await;
    let mut again = Seat::new(socket_of_guest(&world, &other).await, &host.code);
    again.join(json!({})).await;
    again.refused("locked").await;
    host.moderate("lock", json!({"on": false})).await;
    host.hear("lock").await;
    again.join(json!({})).await;
    again.hear("waiting").await;
    host.moderate("deny", json!({"peer": again.peer})).await;
    while again.next().await["reason"] != "denied" {}
}

#[tokio::test]
async fn nobody_outside_is_heard_and_nobody_outside_hears() {
    let world = World::start().await;
    let (ann, eve) = (world.person("ann").await, world.person("eve").await);
    let mut host = Seat::taken(&ann, &room(&ann).await).await;
    let mut stranger = Seat::of(&eve, &host.code).await;
    let offer = |target: &Value| json!({"type": "offer", "target": target, "nid": 2, "sdp": "v=0"});
    stranger.say(offer(&host.peer)).await;
    let answer = stranger.next().await;
    assert_eq!((&answer["type"], &answer["reason"]), (&json!("leave"), &json!("not_here")));

    let bo = token(&world, &host.code, "Bo").await;
    let mut waiting = knocking(&world, &bo, &host.code).await;
    host.hear("knock").await;
    waiting.say(offer(&host.peer)).await;
    waiting.refused("not_in_room").await;
    waiting.moderate("admit", json!({"peer": waiting.peer})).await;
    waiting.refused("not_in_room").await;
    host.nothing_came().await;
    host.say(offer(&waiting.peer)).await;
    host.refused("no_such_peer").await;
    host.say(json!({"type": "chat", "text": "Shall we?", "client_id": uuid::Uuid::new_v4()})).await;
    host.hear("chat").await;
    waiting.nothing_came().await;
}

#[tokio::test]
async fn a_lost_socket_is_not_a_leave() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let mut host = Seat::taken(&ann, &room(&ann).await).await;
    let bo = token(&world, &host.code, "Bo").await;
    let guest = admitted(&world, &mut host, &bo).await;
    let Seat { socket, code, said, seen, peer, session } = guest;
    drop(socket);
    assert_eq!(host.update_of(&peer).await["state"], "away");
    host.say(json!({"type": "reaction", "emoji": "👋"})).await;

    let socket = socket_of_guest(&world, &bo).await;
    let mut back = Seat { socket, code, said, seen, peer: peer.clone(), session: session.clone() };
    // A key that somebody else has is worth nothing to them.
    let eve = token(&world, &host.code, "Eve").await;
    let resume = json!({"resume": {"session": session, "last_seq": seen, "attempt": 2}});
    let mut thief = Seat::new(socket_of_guest(&world, &eve).await, &host.code);
    thief.join(resume.clone()).await;
    assert_eq!(thief.next().await["reason"], "expired");

    back.join(resume).await;
    assert_eq!(back.next().await["type"], "resumed");
    assert_eq!(back.hear("reaction").await["emoji"], "👋");
    back.hear("ice_refresh").await;
    assert_eq!(host.update_of(&peer).await["state"], "here");
    back.say(json!({"type": "reaction", "emoji": "🙂"})).await;
    let heard = host.hear("reaction").await;
    assert_eq!((&heard["from"], &heard["emoji"]), (&peer, &json!("🙂")));
}

#[tokio::test]
async fn a_seat_is_kept_for_half_a_minute() {
    let clock = Arc::new(ManualClock::new(Timestamp::from_millis(1_795_000_000_000)));
    let world = World::at(Arc::clone(&clock)).await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let mut host = Seat::taken(&ann, &room(&ann).await).await;
    let other = Seat::taken(&ben, &host.code).await;
    let peer = other.peer.clone();
    assert_eq!(host.update_of(&peer).await["state"], "here");
    drop(other);
    assert_eq!(host.update_of(&peer).await["state"], "away");
    clock.advance(Duration::from_secs(20));
    host.nothing_came_of(&peer).await;
    clock.advance(Duration::from_secs(10));
    assert_eq!(host.update_of(&peer).await["state"], "left");
}

impl Seat {
    /// Says that one is there; nobody has gone until then.
    async fn nothing_came_of(&mut self, peer: &Value) {
        self.frame(json!({"seq": 0, "ack": self.seen, "type": "ping"})).await;
        loop {
            let message = self.next().await;
            assert_ne!(message["peer"], *peer, "{message}");
            if message["type"] == "pong" {
                return;
            }
        }
    }
}

#[tokio::test]
async fn when_the_host_goes_somebody_with_an_account_takes_over() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let mut host = Seat::taken(&ann, &room(&ann).await).await;
    let bo = token(&world, &host.code, "Bo").await;
    let mut guest = admitted(&world, &mut host, &bo).await;
    let mut other = Seat::taken(&ben, &host.code).await;
    host.say(json!({"type": "leave"})).await;
    let heir = other.peer.clone();
    loop {
        let update = guest.update_of(&heir).await;
        if update["role"] == "host" {
            break;
        }
    }
    // Who hosts now hears who knocks.
    let cy = token(&world, &host.code, "Cy").await;
    let waiting = knocking(&world, &cy, &host.code).await;
    assert_eq!(other.hear("knock").await["peer"], waiting.peer);
}

#[tokio::test]
async fn what_is_changed_about_a_room_holds_at_once() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let made = room_with(&ann, json!({"lobby": "off"})).await;
    let (code, path) = (code_of(&made), format!("rooms/{}", made["id"].as_str().unwrap()));
    let mut host = Seat::taken(&ann, &code).await;
    let bo = token(&world, &code, "Bo").await;
    let mut guest = Seat::new(socket_of_guest(&world, &bo).await, &code);
    guest.join(json!({"name": " Bobby "})).await;
    assert_eq!(guest.hear("joined").await["peers"][1]["name"], "Bobby");

    ann.client.patch(&path, json!({"locked": true})).await.ok();
    assert_eq!(guest.hear("lock").await["on"], true);
    ann.client.patch(&path, json!({"locked": false, "password": "swordfish"})).await.ok();
    assert_eq!(guest.hear("lock").await["on"], false);
    let cy = token(&world, &code, "Cy").await;
    let mut late = Seat::new(socket_of_guest(&world, &cy).await, &code);
    late.join(json!({})).await;
    late.refused("password_needed").await;
    late.join(json!({"password": "tuna"})).await;
    late.refused("password_wrong").await;
    late.join(json!({"password": "swordfish"})).await;
    late.hear("joined").await;

    ann.client.patch(&path, json!({"guests": false})).await.ok();
    let body = json!({"code": code, "name": "Di"});
    world.anybody().post("rooms/guests", body).await.problem(403, "guests_not_allowed");
    ann.client.delete(&path).await.ok();
    for seat in [&mut host, &mut guest, &mut late] {
        while seat.next().await["reason"] != "ended" {}
    }
    let mut socket = Socket::open(world.address, None).await;
    socket.send(&json!({"type": "auth", "token": bo})).await;
    assert_eq!(socket.until("error").await["code"], "guest_expired");
    assert_eq!(socket.closed().await, 4001);
}

#[tokio::test]
async fn a_guest_takes_part_in_one_meeting_and_nothing_else() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let (code, other) = (room(&ann).await, room(&ann).await);
    let bo = token(&world, &code, "Bo").await;
    for path in ["conversations", "me", "rooms", "users"] {
        let answer = world.anybody().with_token(&bo).get(path).await;
        assert_eq!(answer.status.as_u16(), 401, "{path}");
    }
    // A credential that is good for nothing any more does not keep them out: browsers send cookies of sessions that have ended.
    let mut socket = Socket::open_at(world.address, "/api/v1/gateway?guest", Some("rony_s_over")).await;
    let cy = token(&world, &code, "Cy").await;
    socket.send(&json!({"type": "auth", "token": cy})).await;
    socket.send(&json!({"type": "resume"})).await;
    assert_eq!(socket.until("guest_hello").await["name"], "Cy");
    let mut seat = Seat::new(socket_of_guest(&world, &bo).await, &other);
    seat.join(json!({})).await;
    seat.refused("no_such_room").await;
    let place = uuid::Uuid::new_v4();
    seat.socket.send(&json!({"type": "typing", "conversation_id": place})).await;
    assert_eq!(seat.socket.until("error").await["code"], "person_needed");
    seat.socket.send(&json!({"type": "ping", "id": 7})).await;
    assert_eq!(seat.socket.until("pong").await["id"], 7);
    let mut more = Vec::new();
    for _ in 0..3 {
        more.push(socket_of_guest(&world, &bo).await);
    }
    assert_eq!(socket_of_guest(&world, &bo).await.closed().await, 4009);
}

#[tokio::test]
async fn members_alone_are_told_of_the_relay() {
    let world = World::with(|config| {
        config.rtc.stun = vec!["stun:stun.example.org:3478".to_owned()];
        config.rtc.turn = vec!["turn:turn.example.org:3478".to_owned()];
        config.rtc.turn_secret = "a secret of sixteen bytes".into();
    })
    .await;
    let ann = world.person("ann").await;
    let mut host = Seat::of(&ann, &room(&ann).await).await;
    host.join(json!({})).await;
    let ice = host.hear("joined").await["ice"].take();
    assert_eq!(ice["servers"][0]["urls"], json!(["stun:stun.example.org:3478"]));
    assert_eq!(ice["ttl_seconds"], 3600);
    let relay = &ice["servers"][1];
    assert!(relay["username"].as_str().unwrap().contains(':') && relay["credential"].is_string());

    let bo = token(&world, &host.code, "Bo").await;
    let mut guest = Seat::new(socket_of_guest(&world, &bo).await, &host.code);
    guest.join(json!({})).await;
    assert!(guest.hear("waiting").await.get("ice").is_none());
    host.moderate("admit", json!({"peer": guest.peer})).await;
    assert_ne!(guest.hear("joined").await["ice"]["servers"][1]["username"], relay["username"]);
}

#[tokio::test]
async fn a_meeting_of_a_conversation_takes_one_request_and_is_one_for_all() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let place = world.group(&ann, &[&ben]).await;
    let start = async |client: &Client| client.post("rooms", json!({"conversation_id": place})).await;
    let (one, two) = tokio::join!(start(&ann.client), start(&ben.client));
    let statuses = [one.status.as_u16(), two.status.as_u16()];
    assert!(statuses.contains(&201) && statuses.contains(&200), "{statuses:?}");
    let (one, two) = (one.ok(), two.ok());
    assert_eq!(one["code"], two["code"]);
    let code = code_of(&one);
    let mut first = Seat::taken(&ann, &code).await;
    let second = Seat::taken(&ben, &code).await;
    assert_eq!(first.update_of(&second.peer).await["user_id"], ben.id);
}

/// The texts of a conversation's messages, as soon as there are so many.
async fn texts(person: &Person, place: &str, count: usize) -> Vec<String> {
    loop {
        let page = person.client.get(&format!("conversations/{place}/messages")).await.ok();
        let items = page["items"].as_array().expect("messages");
        let texts = items.iter().map(|item| item["text"].as_str().expect("a text").to_owned());
        let texts: Vec<String> = texts.collect();
        if texts.len() >= count {
            return texts;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_conversation_keeps_what_its_members_wrote_in_the_meeting_and_how_long_it_was() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let place = world.group(&ann, &[&ben]).await;
    let code = code_of(&room_with(&ann, json!({"conversation_id": place})).await);
    let mut host = Seat::taken(&ann, &code).await;
    let started = texts(&ben, &place, 1).await.remove(0);
    assert!(started.starts_with("Started a meeting: http") && started.ends_with(&code), "{started}");
    let bo = token(&world, &code, "Bo").await;
    let mut guest = admitted(&world, &mut host, &bo).await;
    let mut other = Seat::taken(&ben, &code).await;
    let chat = |text: &str| json!({"type": "chat", "text": text, "client_id": uuid::Uuid::new_v4()});
    guest.say(chat("Who reads this?")).await;
    host.hear("chat").await;
    other.say(chat("I do")).await;
    host.hear("chat").await;
    let kept = texts(&ann, &place, 2).await;
    assert_eq!(kept, [started, "I do".to_owned()], "what a guest writes stays in the meeting");
    host.moderate("end", json!({})).await;
    while host.next().await["reason"] != "ended" {}
    loop {
        let first = texts(&ann, &place, 2).await.remove(0);
        if first.starts_with("Meeting ended after less than a minute: http") && first.ends_with(&code) {
            break;
        }
        assert!(first.starts_with("Started a meeting"), "{first}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn who_is_not_of_the_conversation_knocks_and_who_leaves_it_is_out() {
    let world = World::start().await;
    let (ann, ben, eve) = (world.person("ann").await, world.person("ben").await, world.person("eve").await);
    let place = world.group(&ann, &[&ben]).await;
    let code = code_of(&room_with(&ann, json!({"conversation_id": place})).await);
    let mut host = Seat::taken(&ann, &code).await;
    let mut stranger = Seat::of(&eve, &code).await;
    stranger.join(json!({})).await;
    stranger.hear("waiting").await;
    let knock = host.hear("knock").await;
    assert_eq!((&knock["user_id"], &knock["name"]), (&json!(eve.id), &json!("eve")));
    host.moderate("admit", json!({"peer": stranger.peer})).await;
    stranger.hear("joined").await;
    let mut member = Seat::taken(&ben, &code).await;
    ann.client.delete(&format!("conversations/{place}/members/{}", ben.id)).await.ok();
    while member.next().await["reason"] != "removed" {}
    // Whom the host let in stays.
    stranger.nothing_came_of(&host.peer).await;
    ann.client.delete(&format!("conversations/{place}")).await.ok();
    while stranger.next().await["reason"] != "ended" {}
}

#[tokio::test]
async fn who_was_removed_as_a_guest_knocks_under_another_name_at_an_open_door_too() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let code = code_of(&room_with(&ann, json!({"lobby": "off"})).await);
    let mut host = Seat::taken(&ann, &code).await;
    let bo = token(&world, &code, "Bo").await;
    let mut guest = Seat::new(socket_of_guest(&world, &bo).await, &code);
    guest.join(json!({})).await;
    guest.hear("joined").await;
    host.moderate("kick", json!({"peer": guest.peer})).await;
    while guest.next().await["reason"] != "removed" {}
    let other = token(&world, &code, "Not Bo").await;
    knocking(&world, &other, &code).await;
    assert_eq!(host.hear("knock").await["name"], "Not Bo");
}

#[tokio::test]
async fn a_co_host_is_one_in_the_next_meeting_too() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let made = room_with(&ann, json!({"lobby": "everyone"})).await;
    let (code, path) = (code_of(&made), format!("rooms/{}", made["id"].as_str().unwrap()));
    let mut host = Seat::taken(&ann, &code).await;
    let mut other = Seat::of(&ben, &code).await;
    other.join(json!({})).await;
    other.hear("waiting").await;
    host.moderate("admit", json!({"peer": other.peer})).await;
    other.hear("joined").await;
    host.moderate("role", json!({"peer": other.peer, "role": "co_host"})).await;
    while ann.client.get(&path).await.ok()["co_hosts"] != json!([ben.id]) {
        tokio::task::yield_now().await;
    }
    host.say(json!({"type": "leave"})).await;
    other.say(json!({"type": "leave"})).await;
    for seat in [&mut host, &mut other] {
        while seat.next().await["reason"] != "left" {}
    }
    let next = Seat::taken(&ben, &code).await;
    let mut host = Seat::of(&ann, &code).await;
    host.join(json!({})).await;
    let peers = host.hear("joined").await["peers"].take();
    let role = |peer: &Value| {
        let peers = peers.as_array().unwrap();
        peers.iter().find(|info| info["peer"] == *peer).expect("is in")["role"].clone()
    };
    assert_eq!((role(&next.peer), role(&host.peer)), (json!("co_host"), json!("host")));
}

#[tokio::test]
async fn a_room_that_is_asked_for_twice_is_made_once() {
    let world = World::start().await;
    let ann = world.person("ann").await;
    let wish = json!({"client_id": uuid::Uuid::new_v4(), "title": "Plans"});
    let first = ann.client.post("rooms", wish.clone()).await;
    let second = ann.client.post("rooms", wish).await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 200));
    assert_eq!(first.ok(), second.ok());
}

#[tokio::test]
async fn people_at_two_nodes_meet_in_one_room() {
    let near = World::start().await;
    let far = near.another_node().await;
    let ann = near.person("ann").await;
    let made = room_with(&ann, json!({})).await;
    let (code, path) = (code_of(&made), format!("rooms/{}", made["id"].as_str().unwrap()));
    let mut host = Seat::taken(&ann, &code).await;
    let bo = token(&far, &code, "Bo").await;
    let mut guest = knocking(&far, &bo, &code).await;
    assert_eq!(host.hear("knock").await["name"], "Bo");
    host.moderate("admit", json!({"peer": guest.peer})).await;
    assert_eq!(guest.hear("joined").await["peers"].as_array().unwrap().len(), 2);

    // A description is longer than a notification of a database may be.
    let sdp = format!("v=0\r\no=host {}", "x".repeat(30_000));
    host.say(json!({"type": "offer", "target": guest.peer, "nid": 2, "sdp": sdp})).await;
    let offer = guest.hear("offer").await;
    assert_eq!((&offer["from"], &offer["sdp"]), (&host.peer, &json!(sdp)));
    guest.say(json!({"type": "answer", "target": host.peer, "nid": 2, "sdp": "v=0\r\no=guest"})).await;
    assert_eq!(host.hear("answer").await["from"], guest.peer);
    for number in 0..20 {
        let candidate = json!({"candidate": format!("candidate:{number} 1 udp 1 192.0.2.1 5000 typ host"), "sdpMid": "0"});
        guest.say(json!({"type": "trickle", "target": host.peer, "nid": 2, "candidate": candidate})).await;
        assert_eq!(host.hear("trickle").await["candidate"], candidate);
    }

    // What is changed by way of one node reaches the meeting at another, and so does a socket that is lost.
    let ann_there = ann.at(&far);
    ann_there.client.patch(&path, json!({"locked": true})).await.ok();
    assert_eq!(guest.hear("lock").await["on"], true);
    let peer = guest.peer.clone();
    let Seat { socket, code, said, seen, session, .. } = guest;
    drop(socket);
    assert_eq!(host.update_of(&peer).await["state"], "away");
    // The seat is taken up at the other node.
    let mut guest =
        Seat { socket: socket_of_guest(&near, &bo).await, code, said, seen, peer, session: session.clone() };
    guest.join(json!({"resume": {"session": session, "last_seq": guest.seen, "attempt": 2}})).await;
    assert_eq!(guest.next().await["type"], "resumed");
    ann_there.client.delete(&path).await.ok();
    for seat in [&mut host, &mut guest] {
        while seat.next().await["reason"] != "ended" {}
    }
}

#[tokio::test]
async fn when_a_node_ends_its_meetings_go_on_at_another() {
    let near = World::start().await;
    let far = near.another_node().await;
    let (ann, ben) = (near.person("ann").await, near.person("ben").await);
    let host = Seat::taken(&ann, &room(&ann).await).await;
    let mut other = Seat::of(&ben.at(&far), &host.code).await;
    other.join(json!({})).await;
    other.hear("joined").await;
    near.end().await;
    let told = other.leaves().await;
    assert_eq!((&told["reason"], &told["action"]), (&json!("moved"), &json!("reconnect")));
    (other.said, other.seen) = (0, 0);
    other.join(json!({})).await;
    other.hear("joined").await;
    let mut host = Seat::of(&ann.at(&far), &host.code).await;
    host.join(json!({})).await;
    let peers = host.hear("joined").await["peers"].take();
    assert_eq!(peers.as_array().unwrap().len(), 2);
    assert_eq!(other.update_of(&host.peer).await["role"], "host");
}

#[test]
fn when_a_node_dies_without_a_word_its_meetings_go_on_at_another() {
    let machine = tokio::runtime::Runtime::new().expect("another machine, so to speak");
    let near = machine.block_on(machine.spawn(World::start())).expect("it starts");
    let here = tokio::runtime::Runtime::new().expect("this machine");
    here.block_on(async {
        let far = near.another_node().await;
        let (ann, ben) = (near.person("ann").await, near.person("ben").await);
        let host = Seat::taken(&ann, &room(&ann).await).await;
        let mut other = Seat::of(&ben.at(&far), &host.code).await;
        other.join(json!({})).await;
        other.hear("joined").await;
        // Nothing that runs there comes to an end: no lease is given up, and nobody says goodbye.
        machine.shutdown_background();

        let told = other.leaves().await;
        assert_eq!((&told["reason"], &told["action"]), (&json!("moved"), &json!("reconnect")));
        (other.said, other.seen) = (0, 0);
        other.join(json!({})).await;
        other.hear("joined").await;
        let mut host = Seat::of(&ann.at(&far), &host.code).await;
        host.join(json!({})).await;
        assert_eq!(host.hear("joined").await["peers"].as_array().unwrap().len(), 2);
        assert_eq!(other.update_of(&host.peer).await["role"], "host");
        host.say(json!({"type": "offer", "target": other.peer, "nid": 2, "sdp": "v=0"})).await;
        assert_eq!(other.hear("offer").await["from"], host.peer);
    });
}
