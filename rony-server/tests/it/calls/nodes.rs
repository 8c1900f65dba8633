//! Facts about calls of people who are connected to different nodes, which hear of each other by the database alone.

use serde_json::json;

use super::{Device, direct, log, log_with_end, trio_of};
use crate::world::{Person, World};

/// The next of this type, whatever else is told before.
async fn until(device: &mut Device, kind: &str) -> serde_json::Value {
    loop {
        let told = device.next().await;
        if told["type"] == kind {
            return told;
        }
    }
}

async fn pair(world: &World) -> (Person, Person, String) {
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let place = direct(&ann, &ben).await;
    (ann, ben, place)
}

#[tokio::test]
async fn devices_ring_at_all_nodes_one_answers_and_both_meet() {
    let near = World::start().await;
    let far = near.another_node().await;
    let (ann, ben, place) = pair(&near).await;
    let mut caller = Device::of(&ann).await;
    let (mut phone, mut tablet) = (Device::of(&ben.at(&far)).await, Device::of(&ben).await);
    let call = caller.calls(&place).await;
    let room = phone.rings(&call).await["room"].as_str().unwrap().to_owned();
    tablet.rings(&call).await;
    phone.about("accept", &call).await;
    assert_eq!(phone.hear("join").await["room"], room);
    tablet.ends(&call, "answered_elsewhere").await;
    tablet.about("accept", &call).await;
    tablet.refused("answered_elsewhere").await;
    caller.hear("join").await;
    assert_eq!(caller.hear("accepted").await["user"], ben.id);

    assert_eq!(caller.enters(&room).await["type"], "joined");
    assert_eq!(phone.enters(&room).await["peers"].as_array().unwrap().len(), 2);
    phone.say(json!({"type": "hold", "call": call, "on": true})).await;
    assert_eq!(phone.hear("held").await["on"], true);
    let held = caller.hear("held").await;
    assert_eq!((&held["user"], &held["on"]), (&json!(ben.id), &json!(true)));
    phone.say(json!({"type": "hold", "call": call, "on": false})).await;
    phone.hear("held").await;
    assert_eq!(caller.hear("held").await["on"], false);
    caller.say(json!({"type": "video", "call": call, "on": true})).await;
    assert_eq!(phone.hear("video").await["user"], ann.id);

    phone.about("hang_up", &call).await;
    phone.ends(&call, "hung_up").await;
    assert_eq!(caller.hear("left").await["user"], ben.id);
    caller.ends(&call, "hung_up").await;
    assert_eq!(caller.leaves_room().await, "ended");
    assert_eq!(phone.leaves_room().await, "ended");
    let newest = log_with_end(&ben.client, &mut tablet.socket).await;
    assert_eq!((&newest["outcome"], &newest["video"]), (&json!("answered"), &json!(true)));
}

#[tokio::test]
async fn nobody_comes_in_by_another_node_who_is_not_in_the_call() {
    let near = World::start().await;
    let far = near.another_node().await;
    let (ann, ben, place) = pair(&near).await;
    let eve = near.person("eve").await;
    let (mut caller, mut phone) = (Device::of(&ann).await, Device::of(&ben.at(&far)).await);
    let mut other = Device::of(&eve.at(&far)).await;
    let call = caller.calls(&place).await;
    let room = phone.rings(&call).await["room"].as_str().unwrap().to_owned();
    // Nor before it was accepted.
    assert_eq!(phone.enters(&room).await["code"], "no_such_room");
    phone.about("accept", &call).await;
    phone.hear("join").await;
    assert_eq!(other.enters(&room).await["code"], "no_such_room");
    other.say(json!({"type": "hold", "call": call, "on": true})).await;
    other.refused("no_such_call").await;
    assert_eq!(phone.enters(&room).await["type"], "joined");
    // Who comes back by yet another node is let in there, even before that one was told of the call.
    let last = near.another_node().await;
    let mut back = Device { name: phone.name, ..Device::of(&ben.at(&last)).await };
    drop(phone);
    back.say(json!({"type": "here", "calls": [call]})).await;
    assert_eq!(back.hear("join").await["call"], call);
    assert_eq!(back.enters(&room).await["type"], "joined");
    back.about("hang_up", &call).await;
    until(&mut caller, "ended").await;
}

#[tokio::test]
async fn who_declines_gives_up_or_is_busy_is_so_whichever_node_they_are_at() {
    let near = World::start().await;
    let far = near.another_node().await;
    let (ann, ben, place) = pair(&near).await;
    let dan = near.person("dan").await;
    let (mut one, mut other) = (Device::of(&ann).await, Device::of(&ben.at(&far)).await);
    // The first call makes its node the one that drives all.
    let call = one.calls(&place).await;
    other.rings(&call).await;
    other.about("decline", &call).await;
    other.ends(&call, "declined").await;
    assert_eq!(one.hear("unanswered").await["outcome"], "declined");
    one.ends(&call, "declined").await;

    let call = other.calls(&place).await;
    one.rings(&call).await;
    // Whoever is rung by somebody at one node is busy for somebody at another.
    let mut third = Device::of(&dan.at(&far)).await;
    let busy = third.calls(&direct(&dan, &ann).await).await;
    assert_eq!(third.hear("unanswered").await["outcome"], "busy");
    third.ends(&busy, "busy").await;
    other.about("hang_up", &call).await;
    one.ends(&call, "cancelled").await;
    other.ends(&call, "cancelled").await;
    assert_eq!(log_with_end(&ben.client, &mut one.socket).await["outcome"], "cancelled");

    // Two who call each other from two nodes talk.
    let call = other.calls(&place).await;
    one.rings(&call).await;
    let crossing = uuid::Uuid::new_v4();
    one.say(json!({"type": "invite", "call": crossing, "conversation": place})).await;
    assert_eq!(one.hear("join").await["call"], call);
    other.hear("join").await;
    other.hear("accepted").await;
    // Who has come to another node meanwhile is told how it stands, once.
    let mut late = Device::of(&ann.at(&far)).await;
    late.say(json!({"type": "here", "calls": [call]})).await;
    late.ends(&call, "answered_elsewhere").await;
    one.about("hang_up", &call).await;
    until(&mut other, "ended").await;
}

#[tokio::test]
async fn who_calls_by_another_node_than_the_one_that_drives_calls_is_heard_by_all() {
    let near = World::start().await;
    let far = near.another_node().await;
    let ([ann, ben, cem], group) = trio_of(&near).await;
    let mut first = Device::of(&ann).await;
    let (mut one, mut two) = (Device::of(&ben.at(&far)).await, Device::of(&cem.at(&far)).await);
    let before = first.calls(&group).await;
    for device in [&mut one, &mut two] {
        device.rings(&before).await;
    }
    first.about("hang_up", &before).await;
    for device in [&mut one, &mut two, &mut first] {
        device.ends(&before, "cancelled").await;
    }
    let call = one.calls(&group).await;
    first.rings(&call).await;
    let room = two.rings(&call).await["room"].as_str().unwrap().to_owned();
    for device in [&mut two, &mut first] {
        device.about("accept", &call).await;
        until(device, "join").await;
    }
    until(&mut one, "join").await;
    // All three meet, of whom two came by a node that does not drive the call.
    for device in [&mut one, &mut two, &mut first] {
        assert_eq!(device.enters(&room).await["type"], "joined");
    }
    // Who is taken out of the group there is out of the call here.
    ann.at(&far).client.delete(&format!("conversations/{group}/members/{}", cem.id)).await.ok();
    until(&mut two, "ended").await;
    assert_eq!(two.leaves_room().await, "left");
    assert_eq!(until(&mut first, "left").await["user"], cem.id);
}

#[tokio::test]
async fn when_the_node_ends_that_drives_the_calls_they_are_over_and_the_next_works() {
    let near = World::start().await;
    let far = near.another_node().await;
    let (ann, ben, place) = pair(&near).await;
    let (mut caller, mut phone) = (Device::of(&ann).await, Device::of(&ben.at(&far)).await);
    let call = caller.calls(&place).await;
    phone.rings(&call).await;
    near.end().await;
    phone.ends(&call, "cancelled").await;
    let mut caller = Device::of(&ann.at(&far)).await;
    let call = caller.calls(&place).await;
    phone.rings(&call).await;
    phone.about("accept", &call).await;
    phone.hear("join").await;
}

#[test]
fn when_the_node_dies_that_drives_the_calls_who_is_rung_has_missed_them() {
    let machine = tokio::runtime::Runtime::new().expect("another machine, so to speak");
    let near = machine.block_on(machine.spawn(World::start())).expect("it starts");
    let here = tokio::runtime::Runtime::new().expect("this machine");
    here.block_on(async {
        let far = near.another_node().await;
        let (ann, ben, place) = pair(&near).await;
        let (mut caller, mut phone) = (Device::of(&ann).await, Device::of(&ben.at(&far)).await);
        let call = caller.calls(&place).await;
        phone.rings(&call).await;
        // Nothing that runs there comes to an end: no lease is given up, and nobody says goodbye.
        machine.shutdown_background();

        phone.ends(&call, "missed").await;
        let (ann, ben) = (ann.at(&far), ben.at(&far));
        let mut caller = Device::of(&ann).await;
        caller.say(json!({"type": "here", "calls": [call]})).await;
        caller.ends(&call, "hung_up").await;
        // The log says so too, and a message, when nobody has said for a while that it goes on.
        let posted = phone.socket.event("message.posted").await["message"].take();
        assert_eq!((&posted["call"]["id"], &posted["call"]["missed"]), (&json!(call), &json!([ben.id])));
        assert_eq!(log(&ben.client).await[0]["outcome"], "missed");
        // Another node drives what comes next.
        let next = caller.calls(&place).await;
        phone.rings(&next).await;
        phone.about("accept", &next).await;
        assert_eq!(phone.hear("join").await["call"], next);
    });
}
