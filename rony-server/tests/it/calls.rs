//! Facts about calls: who rings, who ends up talking with whom, and what is kept of it, over real sockets.

mod nodes;

use std::{sync::Arc, time::Duration};

use rony_core::time::{ManualClock, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    command::Place,
    world::{Client, Person, Socket, World},
};

/// A device of somebody.
struct Device {
    socket: Socket,
    name: Uuid,
}

impl Device {
    async fn of(person: &Person) -> Self {
        Self::at(&person.client).await
    }

    async fn at(client: &Client) -> Self {
        Self { socket: client.gateway().await, name: Uuid::new_v4() }
    }

    async fn say(&mut self, message: Value) {
        self.socket.send(&json!({"type": "call", "device": self.name, "message": message})).await;
    }

    async fn about(&mut self, kind: &str, call: &str) {
        self.say(json!({"type": kind, "call": call})).await;
    }

    /// Calls the people of a conversation, and hears that it rings; the call's id.
    async fn calls(&mut self, place: &str) -> String {
        let call = Uuid::new_v4().to_string();
        self.say(json!({"type": "invite", "call": call, "conversation": place})).await;
        let calling = self.hear("calling").await;
        assert_eq!((&calling["call"], &calling["conversation"]), (&json!(call), &json!(place)));
        call
    }

    /// The next that it is told about calls.
    async fn next(&mut self) -> Value {
        self.socket.until("call").await["message"].take()
    }

    /// That the next is of this type.
    async fn hear(&mut self, kind: &str) -> Value {
        let message = self.next().await;
        assert_eq!(message["type"], kind, "{message}");
        message
    }

    async fn rings(&mut self, call: &str) -> Value {
        let ring = self.hear("ring").await;
        assert_eq!(ring["call"], call);
        ring
    }

    async fn ends(&mut self, call: &str, reason: &str) {
        let ended = self.hear("ended").await;
        assert_eq!((&ended["call"], &ended["reason"]), (&json!(call), &json!(reason)));
    }

    async fn refused(&mut self, code: &str) {
        assert_eq!(self.hear("refused").await["code"], code);
    }

    /// Makes sure that it was told nothing: what it is told now is the next that comes.
    async fn hears_nothing(&mut self) {
        let never = Uuid::new_v4().to_string();
        self.say(json!({"type": "here", "calls": [never]})).await;
        self.ends(&never, "hung_up").await;
    }

    /// Waits until the room says that it is over for this device; the reason.
    async fn leaves_room(&mut self) -> String {
        loop {
            let message = self.socket.until("rtc").await["message"].take();
            if message["type"] == "leave" {
                return message["reason"].as_str().expect("a reason").to_owned();
            }
        }
    }

    /// Comes to the room where the call's people meet.
    async fn enters(&mut self, room: &str) -> Value {
        let message = json!({"seq": 0, "type": "join", "room": room});
        self.socket.send(&json!({"type": "rtc", "room": room, "message": message})).await;
        loop {
            let message = self.socket.until("rtc").await["message"].take();
            if ["joined", "error"].contains(&message["type"].as_str().unwrap()) {
                return message;
            }
        }
    }
}

async fn direct(one: &Person, other: &Person) -> String {
    direct_by(&one.client, &other.id).await
}

async fn direct_by(client: &Client, other: &str) -> String {
    let new = json!({"client_id": Uuid::new_v4(), "kind": "direct", "member_ids": [other]});
    client.post("conversations", new).await.ok()["id"].as_str().expect("an id").to_owned()
}

/// Three people of a group, the first of whom calls, which rings at the others: they, a device of each, the group, and the call.
async fn trio(world: &World) -> ([Person; 3], [Device; 3], String, String) {
    let (people, group) = trio_of(world).await;
    let [ann, ben, cem] = &people;
    let (mut one, mut two, mut three) = (Device::of(ann).await, Device::of(ben).await, Device::of(cem).await);
    let call = one.calls(&group).await;
    two.rings(&call).await;
    three.rings(&call).await;
    (people, [one, two, three], group, call)
}

/// The same people and their group, before anybody calls.
async fn trio_of(world: &World) -> ([Person; 3], String) {
    let people = [world.person("ann").await, world.person("ben").await, world.person("cem").await];
    let [ann, ben, cem] = &people;
    let group = world.group(ann, &[ben, cem]).await;
    (people, group)
}

async fn log(client: &Client) -> Vec<Value> {
    client.get("calls").await.ok()["items"].as_array().expect("a list").clone()
}

/// The log, once its newest call is over.
async fn log_with_end(client: &Client, socket: &mut Socket) -> Value {
    loop {
        let newest = log(client).await.remove(0);
        if !newest["outcome"].is_null() {
            return newest;
        }
        // Written down a moment after it is told; asked for again and again, at the pace of the gateway's answers.
        socket.send(&json!({"type": "ping"})).await;
        socket.until("pong").await;
    }
}

#[tokio::test]
async fn all_devices_ring_one_answers_and_both_meet_in_a_room_of_their_own() {
    let world = World::start().await;
    let (ann, ben, eve) = (world.person("ann").await, world.person("ben").await, world.person("eve").await);
    let place = direct(&ann, &ben).await;
    let (mut phone, mut tablet) = (Device::of(&ben).await, Device::of(&ben).await);
    let (mut caller, mut other) = (Device::of(&ann).await, Device::of(&eve).await);
    let call = caller.calls(&place).await;
    let ring = phone.rings(&call).await;
    assert_eq!(
        (&ring["caller"], &ring["video"], &ring["waiting"]),
        (&json!(ann.id), &json!(false), &json!(false))
    );
    tablet.rings(&call).await;
    let room = ring["room"].as_str().unwrap().to_owned();
    // Nobody comes in before somebody has accepted, nor ever who was not called; and it is no room for guests.
    assert_eq!(caller.enters(&room).await["code"], "no_such_room");
    tablet.about("accept", &call).await;
    assert_eq!(tablet.hear("join").await["room"], room);
    phone.ends(&call, "answered_elsewhere").await;
    phone.about("accept", &call).await;
    phone.refused("answered_elsewhere").await;
    assert_eq!(caller.hear("join").await["room"], room);
    assert_eq!(caller.hear("accepted").await["user"], ben.id);
    assert_eq!(other.enters(&room).await["code"], "no_such_room");
    let guest = json!({"code": room, "name": "Bo"});
    world.anybody().post("rooms/guests", guest).await.problem(409, "room_unknown");
    let joined = caller.enters(&room).await;
    assert_eq!(joined["type"], "joined");
    assert_eq!(tablet.enters(&room).await["peers"].as_array().unwrap().len(), 2);

    tablet.say(json!({"type": "video", "call": call, "on": true})).await;
    assert_eq!(caller.hear("video").await["user"], ben.id);
    other.say(json!({"type": "video", "call": call, "on": true})).await;
    other.refused("no_such_call").await;
    caller.about("hang_up", &call).await;
    caller.ends(&call, "hung_up").await;
    assert_eq!(tablet.hear("left").await["user"], ann.id);
    tablet.ends(&call, "hung_up").await;
    phone.ends(&call, "hung_up").await;
    // Nobody stays in the room.
    let mut told = caller.socket.until("rtc").await["message"].take();
    while told["type"] != "leave" {
        told = caller.socket.until("rtc").await["message"].take();
    }
    assert_eq!(told["reason"], "ended");
    let newest = log_with_end(&ben.client, &mut phone.socket).await;
    assert_eq!((&newest["outcome"], &newest["video"]), (&json!("answered"), &json!(true)));
    assert_eq!(newest["callees"], json!([{"user_id": ben.id, "outcome": "accepted"}]));
    assert_eq!(log(&ann.client).await[0], newest);
    assert!(log(&eve.client).await.is_empty());
    phone.hears_nothing().await;
}

#[tokio::test]
async fn who_declines_silences_all_devices_and_misses_nothing() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let place = direct(&ann, &ben).await;
    let (mut phone, mut tablet) = (Device::of(&ben).await, Device::of(&ben).await);
    let mut caller = Device::of(&ann).await;
    let call = caller.calls(&place).await;
    phone.rings(&call).await;
    tablet.rings(&call).await;
    phone.about("decline", &call).await;
    phone.ends(&call, "declined").await;
    tablet.ends(&call, "declined").await;
    let told = caller.hear("unanswered").await;
    assert_eq!((&told["user"], &told["outcome"]), (&json!(ben.id), &json!("declined")));
    caller.ends(&call, "declined").await;
    assert_eq!(log_with_end(&ann.client, &mut caller.socket).await["outcome"], "declined");
    let page = ben.client.get(&format!("conversations/{place}/messages")).await.ok();
    assert_eq!(page["items"], json!([]));
}

#[tokio::test]
async fn who_gives_up_leaves_a_missed_call_in_the_conversation_and_a_notification() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let place = direct(&ann, &ben).await;
    let (mut phone, mut caller) = (Device::of(&ben).await, Device::of(&ann).await);
    let call = caller.calls(&place).await;
    phone.rings(&call).await;
    caller.about("hang_up", &call).await;
    phone.ends(&call, "cancelled").await;
    caller.ends(&call, "cancelled").await;
    let posted = phone.socket.event("message.posted").await["message"].take();
    assert_eq!((&posted["call"]["id"], &posted["call"]["missed"]), (&json!(call), &json!([ben.id])));
    assert_eq!((&posted["sender_id"], &posted["text"]), (&json!(ann.id), &json!("")));
    let told = phone.socket.event("notification.added").await["notification"].take();
    assert_eq!((&told["kind"], &told["message_id"]), (&json!("missed_call"), &posted["id"]));
    assert_eq!(log_with_end(&ben.client, &mut phone.socket).await["outcome"], "cancelled");
    // The same invitation once more does not ring again.
    caller.say(json!({"type": "invite", "call": call, "conversation": place})).await;
    caller.refused("call_over").await;
    phone.hears_nothing().await;
}

#[tokio::test]
async fn it_rings_for_a_while_and_who_comes_meanwhile_hears_it_too() {
    let clock = Arc::new(ManualClock::new(Timestamp::from_millis(1_795_000_000_000)));
    let world = World::at(Arc::clone(&clock)).await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let place = direct(&ann, &ben).await;
    let mut caller = Device::of(&ann).await;
    let call = caller.calls(&place).await;
    clock.advance(Duration::from_secs(40));
    let mut late = Device::of(&ben).await;
    late.say(json!({"type": "here"})).await;
    assert_eq!(late.rings(&call).await["ring_ms"], 5000);
    clock.advance(Duration::from_secs(5));
    late.ends(&call, "missed").await;
    assert_eq!(caller.hear("unanswered").await["outcome"], "missed");
    caller.ends(&call, "missed").await;
    let posted = late.socket.event("message.posted").await["message"].take();
    assert_eq!(posted["call"]["missed"], json!([ben.id]));
}

#[tokio::test]
async fn who_is_called_by_two_holds_one_of_them_and_a_third_finds_them_busy() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let (cem, dan) = (world.person("cem").await, world.person("dan").await);
    let mut phone = Device::of(&ben).await;
    let (mut first, mut second) = (Device::of(&ann).await, Device::of(&cem).await);
    let one = first.calls(&direct(&ann, &ben).await).await;
    phone.rings(&one).await;
    // Whoever is rung is not rung by somebody else.
    let mut third = Device::of(&dan).await;
    let place = direct(&dan, &ben).await;
    let busy = Uuid::new_v4().to_string();
    third.say(json!({"type": "invite", "call": busy, "conversation": place})).await;
    third.hear("calling").await;
    assert_eq!(third.hear("unanswered").await["outcome"], "busy");
    third.ends(&busy, "busy").await;
    let posted = phone.socket.event("message.posted").await["message"].take();
    assert_eq!(posted["call"]["missed"], json!([ben.id]));
    phone.about("accept", &one).await;
    phone.hear("join").await;
    first.hear("join").await;
    first.hear("accepted").await;

    let two = second.calls(&direct(&cem, &ben).await).await;
    assert_eq!(phone.rings(&two).await["waiting"], true);
    phone.about("accept", &two).await;
    assert_eq!(phone.hear("join").await["call"], two);
    let held = phone.hear("held").await;
    assert_eq!((&held["call"], &held["on"]), (&json!(one), &json!(true)));
    let held = first.hear("held").await;
    assert_eq!((&held["user"], &held["on"]), (&json!(ben.id), &json!(true)));
    phone.say(json!({"type": "hold", "call": one, "on": false})).await;
    let aside = phone.hear("held").await;
    assert_eq!((&aside["call"], &aside["on"]), (&json!(two), &json!(true)));
    assert_eq!(phone.hear("held").await["on"], false);
    assert_eq!(first.hear("held").await["on"], false);
    second.hear("join").await;
    second.hear("accepted").await;
    assert_eq!(second.hear("held").await["on"], true);
}

#[tokio::test]
async fn two_who_call_each_other_talk() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let place = direct(&ann, &ben).await;
    let (mut one, mut other) = (Device::of(&ann).await, Device::of(&ben).await);
    let call = one.calls(&place).await;
    other.rings(&call).await;
    let crossing = Uuid::new_v4();
    other.say(json!({"type": "invite", "call": crossing, "conversation": place})).await;
    assert_eq!(other.hear("join").await["call"], call);
    one.hear("join").await;
    one.hear("accepted").await;
    one.about("hang_up", &call).await;
    one.ends(&call, "hung_up").await;
    log_with_end(&ben.client, &mut other.socket).await;
    let log = log(&ben.client).await;
    assert_eq!((log.len(), &log[0]["outcome"]), (1, &json!("answered")));
}

#[tokio::test]
async fn a_group_rings_at_all_its_members() {
    let world = World::start().await;
    let ([ann, _, cem], [mut one, mut two, mut three], _, call) = trio(&world).await;
    two.about("accept", &call).await;
    let room = two.hear("join").await["room"].as_str().unwrap().to_owned();
    one.hear("join").await;
    one.hear("accepted").await;
    three.about("accept", &call).await;
    three.hear("join").await;
    assert_eq!(one.hear("accepted").await["user"], cem.id);
    two.hear("accepted").await;
    for device in [&mut one, &mut two, &mut three] {
        assert_eq!(device.enters(&room).await["type"], "joined");
    }
    // Whoever leaves the room for good has hung up.
    let leave = json!({"seq": 1, "ack": 0, "type": "leave"});
    one.socket.send(&json!({"type": "rtc", "room": room, "message": leave})).await;
    one.ends(&call, "hung_up").await;
    assert_eq!(two.hear("left").await["user"], ann.id);
    let general = ann.client.get("conversations").await.ok();
    let general = general["items"].as_array().unwrap().iter().find(|it| it["general"] == true).unwrap();
    let call = Uuid::new_v4();
    for number in 0..40 {
        world.account(&format!("person{number}"), "swordfish swordfish").await;
    }
    one.say(json!({"type": "invite", "call": call, "conversation": general["id"]})).await;
    one.refused("too_many").await;
}

#[tokio::test]
async fn who_was_blocked_rings_at_nobody_and_cannot_tell() {
    let world = World::start().await;
    let (ann, ben, eve) = (world.person("ann").await, world.person("ben").await, world.person("eve").await);
    let place = direct(&ann, &ben).await;
    ben.client.patch(&format!("contacts/{}", ann.id), json!({"blocked": true})).await.ok();
    let (mut caller, mut phone, mut other) =
        (Device::of(&ann).await, Device::of(&ben).await, Device::of(&eve).await);
    let call = caller.calls(&place).await;
    phone.hears_nothing().await;
    phone.about("accept", &call).await;
    phone.refused("no_such_call").await;
    // Nor does it keep others from calling.
    let second = other.calls(&direct(&eve, &ben).await).await;
    phone.rings(&second).await;
    caller.about("hang_up", &call).await;
    assert_eq!(caller.hear("ended").await["reason"], "cancelled");
    log_with_end(&ann.client, &mut caller.socket).await;
    assert_eq!(log(&ben.client).await.len(), 1);
    phone.say(json!({"type": "invite", "call": Uuid::new_v4(), "conversation": place})).await;
    phone.refused("blocked").await;
    other.say(json!({"type": "invite", "call": Uuid::new_v4(), "conversation": place})).await;
    other.refused("not_found").await;
}

#[tokio::test]
async fn a_device_that_loses_its_connection_is_still_in_its_call_for_half_a_minute() {
    let clock = Arc::new(ManualClock::new(Timestamp::from_millis(1_795_000_000_000)));
    let world = World::at(Arc::clone(&clock)).await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let place = direct(&ann, &ben).await;
    let (mut caller, mut phone) = (Device::of(&ann).await, Device::of(&ben).await);
    let call = caller.calls(&place).await;
    phone.rings(&call).await;
    phone.about("accept", &call).await;
    phone.hear("join").await;
    caller.hear("join").await;
    caller.hear("accepted").await;
    let name = phone.name;
    drop(phone);
    clock.advance(Duration::from_secs(20));
    caller.hears_nothing_but(&call).await;
    let mut back = Device { socket: ben.client.gateway().await, name };
    back.say(json!({"type": "here", "calls": [call]})).await;
    assert_eq!(back.hear("join").await["call"], call);
    drop(back);
    caller.sees_gone(&clock, &ben).await;
    caller.ends(&call, "hung_up").await;
}

impl Device {
    /// That somebody whose socket has ended has left the call, once they have had the time to come back.
    async fn sees_gone(&mut self, clock: &ManualClock, who: &Person) {
        // The socket's end is seen when others see it.
        loop {
            clock.advance(Duration::from_secs(30));
            self.socket.send(&json!({"type": "ping"})).await;
            let frame = self.socket.next().await;
            if frame["type"] == "call" {
                assert_eq!(
                    (&frame["message"]["type"], &frame["message"]["user"]),
                    (&json!("left"), &json!(who.id))
                );
                break;
            }
        }
    }

    /// As [`Self::hears_nothing`], of a device that is in a call, which it is told of again.
    async fn hears_nothing_but(&mut self, call: &str) {
        self.say(json!({"type": "here", "calls": [call]})).await;
        assert_eq!(self.hear("join").await["call"], call);
    }
}

#[tokio::test]
async fn who_hangs_up_is_out_of_the_room_whatever_their_device_does() {
    let world = World::start().await;
    let (_, [mut one, mut two, mut three], _, call) = trio(&world).await;
    for device in [&mut two, &mut three] {
        device.about("accept", &call).await;
    }
    let room = two.hear("join").await["room"].as_str().unwrap().to_owned();
    for device in [&mut one, &mut two, &mut three] {
        assert_eq!(device.enters(&room).await["type"], "joined");
    }
    // The caller too, whose room it is.
    one.about("hang_up", &call).await;
    assert_eq!(one.leaves_room().await, "left");
    // Then nobody is left to talk with.
    two.about("hang_up", &call).await;
    assert_eq!(two.leaves_room().await, "ended");
    assert_eq!(three.leaves_room().await, "ended");
}

#[tokio::test]
async fn a_second_seat_that_is_given_up_does_not_end_the_call() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let place = direct(&ann, &ben).await;
    let (mut caller, mut phone, mut tab) =
        (Device::of(&ann).await, Device::of(&ben).await, Device::of(&ben).await);
    let call = caller.calls(&place).await;
    phone.rings(&call).await;
    tab.rings(&call).await;
    phone.about("accept", &call).await;
    let room = phone.hear("join").await["room"].as_str().unwrap().to_owned();
    caller.hear("join").await;
    caller.hear("accepted").await;
    tab.ends(&call, "answered_elsewhere").await;
    for device in [&mut caller, &mut phone, &mut tab] {
        assert_eq!(device.enters(&room).await["type"], "joined");
    }
    let leave = json!({"seq": 1, "ack": 0, "type": "leave"});
    tab.socket.send(&json!({"type": "rtc", "room": room, "message": leave})).await;
    assert_eq!(tab.leaves_room().await, "left");
    caller.hears_nothing_but(&call).await;
    phone.socket.send(&json!({"type": "rtc", "room": room, "message": leave})).await;
    assert_eq!(caller.hear("left").await["user"], ben.id);
    caller.ends(&call, "hung_up").await;
}

#[tokio::test]
async fn who_was_removed_from_the_conversation_while_it_rang_does_not_come_in() {
    let world = World::start().await;
    let ([ann, _, cem], [mut one, _two, mut three], group, call) = trio(&world).await;
    ann.client.delete(&format!("conversations/{group}/members/{}", cem.id)).await.ok();
    three.about("accept", &call).await;
    three.ends(&call, "declined").await;
    assert_eq!(one.hear("unanswered").await["user"], cem.id);
}

#[tokio::test]
async fn who_is_taken_out_of_the_conversation_is_out_of_its_call() {
    let world = World::start().await;
    let ([ann, _, cem], [mut one, mut two, mut three], group, call) = trio(&world).await;
    for device in [&mut two, &mut three] {
        device.about("accept", &call).await;
    }
    let room = three.hear("join").await["room"].as_str().unwrap().to_owned();
    for device in [&mut one, &mut two, &mut three] {
        assert_eq!(device.enters(&room).await["type"], "joined");
    }
    ann.client.delete(&format!("conversations/{group}/members/{}", cem.id)).await.ok();
    while three.next().await["type"] != "ended" {}
    assert_eq!(three.leaves_room().await, "left");
    let mut told = two.next().await;
    while told["type"] != "left" {
        told = two.next().await;
    }
    assert_eq!(told["user"], cem.id);
    // The others go on.
    two.say(json!({"type": "video", "call": call, "on": true})).await;
    while one.next().await["type"] != "video" {}
}

#[tokio::test]
async fn who_is_taken_out_of_the_conversation_is_rung_no_more() {
    let world = World::start().await;
    let ([ann, _, cem], [mut one, _two, mut three], group, call) = trio(&world).await;
    ann.client.delete(&format!("conversations/{group}/members/{}", cem.id)).await.ok();
    three.ends(&call, "declined").await;
    assert_eq!(one.hear("unanswered").await["user"], cem.id);
}

#[tokio::test]
async fn a_call_ends_when_one_of_the_two_blocks_the_other() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let place = direct(&ann, &ben).await;
    let (mut caller, mut phone) = (Device::of(&ann).await, Device::of(&ben).await);
    let call = caller.calls(&place).await;
    phone.rings(&call).await;
    phone.about("accept", &call).await;
    phone.hear("join").await;
    caller.hear("join").await;
    caller.hear("accepted").await;
    ben.client.patch(&format!("contacts/{}", ann.id), json!({"blocked": true})).await.ok();
    for device in [&mut phone, &mut caller] {
        let mut told = device.next().await;
        while told["type"] != "ended" {
            told = device.next().await;
        }
        assert_eq!(told["reason"], "hung_up");
    }
}

#[tokio::test]
async fn a_call_that_two_devices_of_the_caller_begin_at_once_is_one_and_is_kept() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let place = direct(&ann, &ben).await;
    let (mut one, mut two, mut phone) =
        (Device::of(&ann).await, Device::of(&ann).await, Device::of(&ben).await);
    for _ in 0..4 {
        let call = Uuid::new_v4().to_string();
        let invite = json!({"type": "invite", "call": call, "conversation": place});
        tokio::join!(one.say(invite.clone()), two.say(invite));
        phone.rings(&call).await;
        phone.about("decline", &call).await;
        phone.ends(&call, "declined").await;
        let newest = log_with_end(&ben.client, &mut phone.socket).await;
        assert_eq!((&newest["id"], &newest["outcome"]), (&json!(call), &json!("declined")));
    }
}

#[tokio::test]
async fn what_nobody_may_say_is_refused() {
    let world = World::start().await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let place = direct(&ann, &ben).await;
    let mut device = Device::of(&ann).await;
    device.say(json!({"type": "invite", "call": "?"})).await;
    assert_eq!(device.socket.until("error").await["code"], "invalid");
    device.hears_nothing().await;
    let other = json!({"type": "here"});
    device.socket.send(&json!({"type": "call", "device": Uuid::new_v4(), "message": other})).await;
    assert_eq!(device.socket.until("error").await["code"], "invalid");
    let token = json!({"name": "reader", "scopes": ["read"]});
    let made = ann.client.post("tokens", token).await.ok();
    let mut reader = Device::at(&ann.client.with_token(made["token"].as_str().unwrap())).await;
    reader.say(json!({"type": "invite", "call": Uuid::new_v4(), "conversation": place})).await;
    reader.refused("scope_missing").await;
    // A socket that says too much is not heard for a while.
    for _ in 0..60 {
        device.about("decline", &Uuid::new_v4().to_string()).await;
    }
    device.refused("rate_limited").await;
}

#[tokio::test]
async fn a_server_that_is_killed_while_it_rings_tells_of_the_missed_call_afterwards() {
    let place = Place::new();
    let serve = ["serve", "--port", "0", "--metrics", "off"];
    let server = place.start(&serve);
    let anybody = Client::new(server.address(), None);
    let link = server.told("Set up").expect("a link");
    let token = link.rsplit('#').next().expect("a token");
    let first = json!({"token": token, "username": "ada", "password": "correct horse battery"});
    let ada = anybody.post("setup", first).await.ok()["token"].as_str().unwrap().to_owned();
    let ada = anybody.with_token(&ada);
    let made = ada.post("users", json!({"username": "ben", "password": "battery horse correct"})).await.ok();
    let ben = made["id"].as_str().unwrap().to_owned();
    let sign_in = json!({"username": "ben", "password": "battery horse correct"});
    let bens = anybody.post("sessions", sign_in).await.ok()["token"].as_str().unwrap().to_owned();
    let bens = anybody.with_token(&bens);
    let direct = direct_by(&ada, &ben).await;
    let (mut caller, mut phone) = (Device::at(&ada).await, Device::at(&bens).await);
    let call = caller.calls(&direct).await;
    phone.rings(&call).await;
    server.kill();

    let server = place.start(&serve);
    let bens = Client::new(server.address(), bens.token().map(str::to_owned));
    let log = log(&bens).await;
    assert_eq!((log.len(), &log[0]["id"], &log[0]["outcome"]), (1, &json!(call), &json!("missed")));
    let page = bens.get(&format!("conversations/{direct}/messages")).await.ok();
    assert_eq!((&page["items"][0]["call"]["id"], &page["items"][1]), (&json!(call), &Value::Null));
    // A device that thinks that it still rings learns that it does not.
    let mut phone = Device::at(&bens).await;
    phone.say(json!({"type": "here", "calls": [call]})).await;
    phone.ends(&call, "hung_up").await;
    assert_eq!(server.stop(), Some(0));
}

#[tokio::test]
async fn tabs_that_say_to_be_the_same_device_end_its_call_when_both_are_closed() {
    let clock = Arc::new(ManualClock::new(Timestamp::from_millis(1_795_000_000_000)));
    let world = World::at(Arc::clone(&clock)).await;
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let place = direct(&ann, &ben).await;
    let (mut caller, mut tab) = (Device::of(&ann).await, Device::of(&ben).await);
    tab.say(json!({"type": "here", "calls": []})).await;
    let mut double = Device { socket: ben.client.gateway().await, name: tab.name };
    double.say(json!({"type": "here", "calls": []})).await;
    let call = caller.calls(&place).await;
    double.rings(&call).await;
    tab.about("accept", &call).await;
    caller.hear("join").await;
    caller.hear("accepted").await;
    drop(double);
    drop(tab);
    caller.sees_gone(&clock, &ben).await;
    caller.ends(&call, "hung_up").await;
}
