//! What people do in rooms, one story each.

use std::time::Duration;

use rony_rtc::{
    id::PeerId,
    person::Role,
    room::{Happened, Input, Limits, Lobby, Proof, Settings},
    signal::{
        ClientBody, ClientMessage, LeaveAction, LeaveReason, Level, Moderate, Nid, PeerState, Quality,
        Refusal, Sdp, ServerBody, Source,
    },
};

use super::world::{World, user};

fn add(source: Source) -> ClientBody {
    ClientBody::TrackAdd { cid: "cid".to_owned(), source, muted: false }
}

fn refusals(world: &World, client: usize) -> Vec<Refusal> {
    let told = world.clients[client].told.iter();
    told.filter_map(|body| if let ServerBody::Error { code, .. } = &**body { Some(*code) } else { None })
        .collect()
}

#[test]
fn a_guest_knocks_and_the_host_admits_them_with_one_click() {
    let mut world = World::stories();
    let host = world.user(1);
    let guest = world.guest(7);
    assert!(world.clients[guest].attendee.is_waiting());
    let knock = world.knocks(host)[0];
    world.moderate(host, Moderate::Admit { peer: knock });
    assert_eq!(world.role(guest), Some(Role::Guest));
    assert_eq!(world.knocks(host), []);
    world.assert_agreed();
}

#[test]
fn who_is_denied_learns_it_and_nothing_else() {
    let mut world = World::stories();
    let host = world.user(1);
    let guest = world.guest(7);
    world.chat(host);
    world.say(guest, ClientBody::Hand { up: true });
    assert_eq!(refusals(&world, guest), [Refusal::NotInRoom]);
    let peer = world.knocks(host)[0];
    world.moderate(host, Moderate::Deny { peer });
    assert_eq!(world.clients[guest].end, Some((LeaveReason::Denied, LeaveAction::Disconnect)));
    assert_eq!(world.heard(guest, |body| matches!(body, ServerBody::Chat { .. })), 0);
}

#[test]
fn a_lost_socket_is_not_a_leave() {
    let mut world = World::stories();
    let (host, ann) = (world.user(1), world.user(2));
    world.say(ann, add(Source::Camera));
    let me = world.me(ann).unwrap();
    world.offline(ann);
    let away =
        |body: &ServerBody| matches!(body, ServerBody::PeerUpdate(peer) if peer.state == PeerState::Away);
    assert_eq!(world.heard(host, away), 1);
    world.chat(host);
    world.offer(host, me, 2);
    world.pass(Duration::from_secs(29));
    world.online(ann);
    // The same seat, with everything that was missed, fresh credentials, and the track still there.
    assert_eq!(world.me(ann), Some(me));
    assert_eq!(world.heard(ann, |body| matches!(body, ServerBody::Chat { .. })), 1);
    assert_eq!(world.heard(ann, |body| matches!(body, ServerBody::Offer { .. })), 1);
    assert_eq!(world.heard(ann, |body| matches!(body, ServerBody::IceRefresh { .. })), 1);
    assert_eq!(world.room.tracks().count(), 1);
    world.assert_agreed();
}

#[test]
fn a_seat_is_kept_for_thirty_seconds() {
    let mut world = World::stories();
    let (host, ann) = (world.user(1), world.user(2));
    let me = world.me(ann).unwrap();
    world.say(ann, add(Source::Camera));
    world.offline(ann);
    world.pass(Duration::from_secs(30));
    let left =
        |body: &ServerBody| matches!(body, ServerBody::PeerUpdate(peer) if peer.state == PeerState::Left);
    assert_eq!(world.heard(host, left), 1);
    assert_eq!(world.room.tracks().count(), 0);
    // Who comes later joins anew, without being asked.
    world.online(ann);
    assert!(world.me(ann).is_some_and(|peer| peer != me));
    world.assert_agreed();
}

#[test]
fn a_second_socket_takes_the_seat_over() {
    let mut world = World::stories();
    let (_, ann) = (world.user(1), world.user(2));
    // The room has not heard of the loss when the new socket comes.
    world.calm = false;
    world.offline(ann);
    let (_, lost) = world.to_room.pop().unwrap();
    world.calm = true;
    let me = world.me(ann);
    world.online(ann);
    world.room(lost);
    assert_eq!(world.me(ann), me);
    world.pass(Duration::from_secs(60));
    world.assert_agreed();
}

#[test]
fn a_late_copy_from_an_earlier_socket_does_not_take_the_seat_back() {
    let mut world = World::stories();
    let (_, ann) = (world.user(1), world.user(2));
    let me = world.me(ann);
    // The second socket asks for the seat, and is gone before the bus has brought that; nor does it bring the loss.
    world.offline(ann);
    world.calm = false;
    world.online(ann);
    let late = world.to_room.pop().unwrap();
    world.offline(ann);
    world.to_room.clear();
    world.calm = true;
    world.online(ann);
    world.to_room.push(late);
    world.pass(Duration::from_secs(60));
    assert_eq!(world.me(ann), me);
    world.assert_agreed();
}

#[test]
fn a_socket_without_a_word_counts_as_lost() {
    let mut world = World::stories();
    let (host, ann) = (world.user(1), world.user(2));
    // Its node died with it: nobody says that it is lost.
    world.calm = false;
    world.offline(ann);
    world.to_room.clear();
    world.calm = true;
    world.pass(Duration::from_secs(26));
    assert!(
        world.clients[host].attendee.view().unwrap().peers.values().any(|peer| peer.state == PeerState::Away)
    );
    world.pass(Duration::from_secs(30));
    world.assert_agreed();
}

#[test]
fn when_the_host_goes_the_longest_there_takes_over_and_gives_it_back() {
    let mut world = World::stories();
    let (host, ann, bo) = (world.user(1), world.user(2), world.user(3));
    let peer = world.me(bo).unwrap();
    world.moderate(host, Moderate::Role { peer, role: Role::CoHost });
    world.say(host, ClientBody::Leave);
    // A co-host before one who was there for longer.
    assert_eq!((world.role(ann), world.role(bo)), (Some(Role::Participant), Some(Role::Host)));
    world.offline(host);
    world.online(host);
    assert_eq!((world.role(host), world.role(bo)), (Some(Role::Host), Some(Role::CoHost)));
    world.assert_agreed();
}

#[test]
fn only_the_owner_makes_co_hosts_for_longer_than_a_meeting() {
    let mut world = World::stories();
    let (host, ann, bo) = (world.user(1), world.user(2), world.user(3));
    world.say(host, ClientBody::Leave);
    // Ann looks after the meeting now.
    assert_eq!(world.role(ann), Some(Role::Host));
    let peer = world.me(bo).unwrap();
    world.moderate(ann, Moderate::Role { peer, role: Role::CoHost });
    assert_eq!(world.role(bo), Some(Role::CoHost));
    world.say(bo, ClientBody::Leave);
    world.offline(bo);
    world.online(bo);
    assert_eq!(world.role(bo), Some(Role::Participant));
    world.assert_agreed();
}

#[test]
fn a_guest_never_becomes_the_host() {
    let mut world = World::stories();
    let (host, guest) = (world.user(1), world.guest(7));
    let peer = world.knocks(host)[0];
    world.moderate(host, Moderate::Admit { peer });
    world.moderate(host, Moderate::Role { peer, role: Role::Host });
    assert_eq!(refusals(&world, host), [Refusal::NotAllowed]);
    world.say(host, ClientBody::Leave);
    assert_eq!(world.role(guest), Some(Role::Guest));
    // The next guest waits for somebody who may open.
    let next = world.guest(8);
    world.offline(host);
    world.online(host);
    assert_eq!(world.knocks(host).len(), 1);
    assert!(world.clients[next].attendee.is_waiting());
}

#[test]
fn who_was_removed_cannot_come_back() {
    let mut world = World::stories();
    let (host, ann) = (world.user(1), world.user(2));
    let peer = world.me(ann).unwrap();
    world.moderate(host, Moderate::Kick { peer });
    assert_eq!(world.clients[ann].end, Some((LeaveReason::Removed, LeaveAction::Disconnect)));
    world.offline(ann);
    world.online(ann);
    assert_eq!(world.clients[ann].refused, Some(Refusal::Removed));
    world.assert_agreed();
}

#[test]
fn after_somebody_was_removed_guests_knock_at_an_open_door() {
    let open = || Settings { lobby: Lobby::Off, ..Settings::new(user(1)) };
    for removed in [World::guest, World::user] {
        let mut world = World::new(open(), Limits::default());
        let host = world.user(1);
        let ann = removed(&mut world, 2);
        assert!(!world.clients[ann].attendee.is_waiting());
        let peer = world.me(ann).unwrap();
        world.moderate(host, Moderate::Kick { peer });
        // Who was removed, or anybody else.
        let (guest, bo) = (world.guest(7), world.user(3));
        assert!(world.clients[guest].attendee.is_waiting());
        assert_eq!(world.role(bo), Some(Role::Participant));
        world.assert_agreed();
    }
}

#[test]
fn a_locked_room_lets_in_nobody_but_who_looks_after_it() {
    let mut world = World::new(
        Settings { co_hosts: [user(3)].into_iter().collect(), ..Settings::new(user(1)) },
        Limits::default(),
    );
    let (host, ann) = (world.user(1), world.user(2));
    world.moderate(ann, Moderate::Lock { on: true });
    assert_eq!(refusals(&world, ann), [Refusal::NotAllowed]);
    world.moderate(host, Moderate::Lock { on: true });
    let late = world.user(4);
    assert_eq!(world.clients[late].refused, Some(Refusal::Locked));
    let co_host = world.user(3);
    assert_eq!(world.role(co_host), Some(Role::CoHost));
    world.assert_agreed();
}

#[test]
fn a_room_that_is_kept_shut_is_shut_whenever_nobody_has_opened_it() {
    let shut = Settings { locked: true, ..Settings::new(user(1)) };
    let mut world = World::new(shut.clone(), Limits::default());
    let early = world.user(2);
    assert_eq!(world.clients[early].refused, Some(Refusal::Locked));
    let host = world.user(1);
    world.moderate(host, Moderate::Lock { on: false });
    // What does not speak of the door leaves it as the host wants it.
    world.room(Input::Settings(Settings { chat: false, ..shut }));
    let ann = world.user(2);
    assert_eq!(world.role(ann), Some(Role::Participant));
    world.room(Input::Settings(Settings::new(user(1))));
    world.room(Input::Settings(Settings { locked: true, ..Settings::new(user(1)) }));
    world.wait(Duration::from_millis(250));
    assert_eq!(world.heard(ann, |body| *body == ServerBody::Lock { on: true }), 1);
    world.moderate(host, Moderate::Lock { on: false });
    world.say(ann, ClientBody::Leave);
    world.say(host, ClientBody::Leave);
    let late = world.user(2);
    assert_eq!(world.clients[late].refused, Some(Refusal::Locked));
}

#[test]
fn a_password_opens_and_a_wrong_one_does_not() {
    let mut world = World::new(Settings { password: true, ..Settings::new(user(1)) }, Limits::default());
    for (verdict, refused) in [
        (Proof::Missing, Some(Refusal::PasswordNeeded)),
        (Proof::Wrong, Some(Refusal::PasswordWrong)),
        (Proof::Right, None),
    ] {
        world.password = verdict;
        let ann = world.user(2);
        assert_eq!(world.clients[ann].refused, refused);
    }
}

#[test]
fn muting_is_done_and_unmuting_is_asked() {
    let mut world = World::stories();
    let (host, ann) = (world.user(1), world.user(2));
    let (by, peer) = (world.me(host).unwrap(), world.me(ann).unwrap());
    world.say(ann, add(Source::Microphone));
    world.moderate(host, Moderate::Mute { peer, source: Source::Microphone });
    let request = |muted| ServerBody::MuteRequest { by, source: Source::Microphone, muted };
    assert_eq!(world.heard(ann, |body| *body == request(true)), 1);
    assert!(world.room.tracks().all(|track| track.muted));
    world.moderate(host, Moderate::AskUnmute { peer, source: Source::Microphone });
    assert_eq!(world.heard(ann, |body| *body == request(false)), 1);
    assert!(world.room.tracks().all(|track| track.muted));
    world.say(ann, ClientBody::Mute { source: Source::Microphone, muted: false });
    assert!(world.room.tracks().all(|track| !track.muted));
    world.assert_agreed();
}

#[test]
fn screens_and_chat_can_be_switched_off() {
    let settings = Settings { screens: false, chat: false, ..Settings::new(user(1)) };
    let mut world = World::new(settings, Limits::default());
    let (host, ann) = (world.user(1), world.user(2));
    world.say(ann, ClientBody::Screen { on: true });
    world.say(ann, add(Source::Screen));
    world.chat(ann);
    assert_eq!(refusals(&world, ann), [Refusal::SwitchedOff; 3]);
    world.say(host, add(Source::Screen));
    world.say(host, add(Source::ScreenAudio));
    assert_eq!(world.room.tracks().count(), 2);
    world.say(host, ClientBody::Screen { on: false });
    assert_eq!(world.room.tracks().count(), 0);
}

#[test]
fn who_speaks_is_told_in_pauses_and_the_last_to_begin_comes_first() {
    let mut world = World::stories();
    let (host, ann) = (world.user(1), world.user(2));
    world.say(host, ClientBody::Speaking { on: true });
    world.say(ann, ClientBody::Speaking { on: true });
    assert_eq!(world.heard(host, |body| matches!(body, ServerBody::Speakers { .. })), 0);
    world.pass(Duration::from_millis(500));
    let both = ServerBody::Speakers { peers: vec![world.me(ann).unwrap(), world.me(host).unwrap()] };
    assert_eq!(world.heard(host, |body| *body == both), 1);
    world.offline(ann);
    world.pass(Duration::from_millis(500));
    assert_eq!(world.room.speakers(), [world.me(host).unwrap()]);
}

#[test]
fn a_sender_is_told_the_best_picture_that_anybody_wants() {
    let mut world = World::stories();
    let (host, ann, bo) = (world.user(1), world.user(2), world.user(3));
    world.say(host, add(Source::Camera));
    let track = world.room.tracks().next().unwrap().track;
    let wanted = |world: &World, quality| {
        world.heard(host, |body| *body == ServerBody::TrackQuality { track, quality })
    };
    world.say(ann, ClientBody::Subscribe { track, quality: Quality::Low });
    assert_eq!(wanted(&world, Quality::Low), 0);
    world.say(bo, ClientBody::Subscribe { track, quality: Quality::Off });
    assert_eq!(wanted(&world, Quality::Low), 1);
    world.say(ann, ClientBody::Leave);
    assert_eq!(wanted(&world, Quality::Off), 1);
}

#[test]
fn chat_is_stamped_shown_to_all_and_reported_once() {
    let mut world = World::stories();
    let (host, ann) = (world.user(1), world.user(2));
    let me = world.me(ann).unwrap();
    world.chat(ann);
    for client in [host, ann] {
        let said = |body: &ServerBody| matches!(body, ServerBody::Chat { from, name, .. } if *from == me && name == "User 2");
        assert_eq!(world.heard(client, said), 1);
    }
    let kept = world.happened.iter().filter(|happened| matches!(happened, Happened::Chat { .. }));
    assert_eq!(kept.count(), 1);
}

#[test]
fn descriptions_reach_only_whom_they_are_for_and_stale_answers_nobody() {
    let mut world = World::stories();
    let (host, ann, bo) = (world.user(1), world.user(2), world.user(3));
    let (one, two) = (world.me(host).unwrap(), world.me(ann).unwrap());
    world.offer(host, two, 2);
    world.offer(host, two, 4);
    let answer = |nid| ClientBody::Answer {
        target: one,
        nid: rony_rtc::signal::Nid(nid),
        sdp: rony_rtc::signal::Sdp(format!("v=0 from {two} to {one}")),
    };
    world.say(ann, answer(2));
    world.say(ann, answer(4));
    assert_eq!(refusals(&world, ann), [Refusal::Stale]);
    assert_eq!(world.heard(host, |body| matches!(body, ServerBody::Answer { .. })), 1);
    assert_eq!(world.heard(bo, |body| body.description().is_some()), 0);
    world.offer(host, PeerId(99), 2);
    world.offer(host, one, 2);
    assert_eq!(refusals(&world, host), [Refusal::NoSuchPeer; 2]);
}

#[test]
fn credentials_are_renewed_before_they_expire() {
    let mut world = World::stories();
    let ann = world.user(2);
    let first = world.clients[ann].attendee.view().unwrap().ice.clone();
    // A name for the relay, which tells its log neither who it is nor how to come in: one for each person, since the relay's quotas go by it.
    let second = world.user(2);
    let other = world.user(3);
    let [name, again, others] = [ann, second, other].map(|client| {
        let ice = &world.clients[client].attendee.view().unwrap().ice;
        ice.servers[0].username.clone().unwrap()
    });
    assert!(name.starts_with("3600:") && name.len() == "3600:".len() + 16, "{name}");
    assert_eq!(name, again);
    assert_ne!(name, others);
    // They are good for an hour.
    world.pass(Duration::from_secs(45 * 60 - 1));
    assert_eq!(world.heard(ann, |body| matches!(body, ServerBody::IceRefresh { .. })), 0);
    world.pass(Duration::from_secs(2));
    assert_eq!(world.heard(ann, |body| matches!(body, ServerBody::IceRefresh { .. })), 1);
    assert_ne!(world.clients[ann].attendee.view().unwrap().ice, first);
}

#[test]
fn a_full_room_and_a_full_lobby_say_so() {
    let mut world = World::new(Settings::new(user(1)), Limits { people: 2, lobby: 1, ..Limits::default() });
    let (host, guest, second) = (world.user(1), world.guest(7), world.guest(8));
    assert_eq!(world.clients[second].refused, Some(Refusal::LobbyFull));
    let ann = world.user(2);
    let late = world.user(3);
    assert_eq!(world.clients[late].refused, Some(Refusal::Full));
    let peer = world.knocks(host)[0];
    world.moderate(host, Moderate::Admit { peer });
    assert_eq!(refusals(&world, host), [Refusal::Full]);
    world.say(ann, ClientBody::Leave);
    world.moderate(host, Moderate::Admit { peer });
    assert_eq!(world.role(guest), Some(Role::Guest));
}

#[test]
fn who_is_in_a_hurry_is_slowed_down_and_loses_nothing() {
    let mut world = World::stories();
    let (host, ann) = (world.user(1), world.user(2));
    for number in 0..400 {
        world.say(ann, ClientBody::Mute { source: Source::Camera, muted: number % 2 == 0 });
    }
    world.say(ann, ClientBody::Hand { up: true });
    assert!(world.clients[host].attendee.view().unwrap().peers.values().all(|peer| !peer.hand));
    world.pass(Duration::from_secs(60));
    assert!(world.clients[host].attendee.view().unwrap().peers.values().any(|peer| peer.hand));
    world.assert_agreed();
}

#[test]
fn who_floods_a_room_is_put_out() {
    let mut world = World::stories();
    let (_, ann) = (world.user(1), world.user(2));
    let connection = world.clients[ann].connection.unwrap();
    for _ in 0..1000 {
        let message = ClientMessage { seq: 0, ack: 0, id: None, body: ClientBody::Ping };
        world.to_room.push((world.now.elapsed, Input::Say { connection, message }));
    }
    world.pass(Duration::from_millis(250));
    assert_eq!(world.clients[ann].end, Some((LeaveReason::RateLimited, LeaveAction::Disconnect)));
}

#[test]
fn chat_too_fast_is_refused_one_by_one() {
    let mut world = World::stories();
    let ann = world.user(2);
    for _ in 0..25 {
        world.chat(ann);
    }
    assert_eq!(refusals(&world, ann), [Refusal::RateLimited; 5]);
}

fn shows(cid: &str, muted: bool) -> ClientBody {
    ClientBody::TrackAdd { cid: cid.to_owned(), source: Source::Camera, muted }
}

/// A host, somebody with an account, and a guest on four devices, in a room whose door is open.
fn with_four_devices() -> (World, usize, usize, Vec<usize>) {
    let mut world = World::new(Settings { lobby: Lobby::Off, ..Settings::new(user(1)) }, Limits::default());
    let (host, ann) = (world.user(1), world.user(2));
    let guests = (0..4).map(|_| world.guest(7)).collect();
    (world, host, ann, guests)
}

#[test]
fn what_changes_nothing_is_told_to_nobody() {
    let (mut world, host, ann, guests) = with_four_devices();
    let before = world.clients[ann].told.len();
    for _ in 0..70 {
        for guest in &guests {
            world.say(*guest, shows("cid", false));
            world.say(*guest, ClientBody::Mute { source: Source::Camera, muted: false });
            world.say(*guest, ClientBody::Quality { level: Level::Poor });
            world.say(*guest, ClientBody::Hand { up: false });
        }
    }
    for _ in 0..3 {
        world.moderate(host, Moderate::Lock { on: true });
        let peer = world.me(ann).unwrap();
        world.moderate(host, Moderate::Role { peer, role: Role::CoHost });
    }
    // A track and a level of each, the door, and one more co-host.
    assert_eq!(world.clients[ann].told.len() - before, 4 * 2 + 2);
    world.assert_agreed();
}

#[test]
fn what_all_hear_of_is_limited_for_a_person_and_not_for_a_device() {
    let (mut world, host, ann, guests) = with_four_devices();
    let before = world.clients[host].told.len();
    for number in 0..290 {
        for guest in &guests {
            world.say(*guest, shows(&number.to_string(), number % 2 == 0));
        }
    }
    let told = world.clients[host].told.len() - before;
    assert!((20..=60).contains(&told), "{told}");
    assert!(refusals(&world, guests[0]).iter().all(|refusal| *refusal == Refusal::RateLimited));
    // What shows less is never refused, and others are as free as ever.
    let refused = refusals(&world, guests[0]).len();
    world.say(guests[0], ClientBody::Mute { source: Source::Camera, muted: true });
    world.say(guests[0], ClientBody::TrackRemove { source: Source::Camera });
    assert_eq!(refusals(&world, guests[0]).len(), refused);
    world.say(ann, shows("cid", false));
    assert_eq!(refusals(&world, ann), []);
    assert_eq!(world.guest(7), world.clients.len() - 1);
    assert_eq!(world.clients.last().unwrap().refused, Some(Refusal::RateLimited));
    world.pass(Duration::from_secs(1));
    world.say(guests[0], shows("cid", false));
    assert_eq!(refusals(&world, guests[0]).len(), refused);
    world.assert_agreed();
}

#[test]
fn nobody_floods_one_other_with_descriptions() {
    let (mut world, _, ann, guests) = with_four_devices();
    let target = world.me(ann).unwrap();
    for nid in 1..=40 {
        let sdp = Sdp(format!("v=0 large {}", "x".repeat(60_000)));
        world.say(guests[0], ClientBody::Offer { target, nid: Nid(2 * nid), sdp });
    }
    for _ in 0..290 {
        for guest in &guests {
            world.say(*guest, ClientBody::Trickle { target, nid: Nid(2), candidate: None, last: true });
        }
    }
    let offers = world.heard(ann, |body| matches!(body, ServerBody::Offer { .. }));
    let trickles = world.heard(ann, |body| matches!(body, ServerBody::Trickle { .. }));
    assert!((5..10).contains(&offers) && (50..=120).contains(&trickles), "{offers} {trickles}");
    assert_eq!((world.me(ann), world.clients[ann].end), (Some(target), None));
}

#[test]
fn who_comes_back_is_told_how_it_is_and_not_how_it_became_so() {
    let (mut world, host, ann, _) = with_four_devices();
    world.offline(ann);
    world.say(host, shows("cid", false));
    for step in 0..10 {
        world.say(host, ClientBody::Speaking { on: step % 2 == 0 });
        world.say(host, ClientBody::Mute { source: Source::Camera, muted: step % 2 == 0 });
        world.say(host, ClientBody::Quality { level: [Level::Poor, Level::Good][step % 2] });
        world.wait(Duration::from_millis(500));
    }
    world.clients[ann].told.clear();
    world.online(ann);
    let peer = world.me(host).unwrap();
    let told = |which: fn(&ServerBody) -> bool| world.heard(ann, which);
    assert_eq!(told(|body| matches!(body, ServerBody::TrackPublished(track) if !track.muted)), 1);
    assert_eq!(told(|body| matches!(body, ServerBody::TrackPublished(_))), 1);
    assert_eq!(told(|body| matches!(body, ServerBody::Speakers { .. })), 1);
    assert_eq!(told(|body| matches!(body, ServerBody::Quality { .. })), 1);
    assert_eq!(world.heard(ann, |body| *body == ServerBody::Quality { peer, level: Level::Good }), 1);
    world.assert_agreed();
}

#[test]
fn nobody_is_kept_from_coming_back_by_what_others_do_meanwhile() {
    let mut world = World::new(Settings { lobby: Lobby::Off, ..Settings::new(user(1)) }, Limits::default());
    let (_, ann) = (world.user(1), world.user(2));
    let guests: Vec<usize> = (0..4).map(|number| world.guest(7 + number)).collect();
    let me = world.me(ann);
    world.offline(ann);
    for step in 0..115 {
        for guest in &guests {
            world.say(*guest, ClientBody::Speaking { on: step % 2 == 0 });
            world.say(*guest, shows(&step.to_string(), false));
            world.say(*guest, ClientBody::Mute { source: Source::Camera, muted: true });
            world.say(*guest, ClientBody::Mute { source: Source::Camera, muted: false });
            world.say(*guest, ClientBody::Quality { level: [Level::Good, Level::Poor][step % 2] });
            world.say(*guest, ClientBody::Hand { up: step % 2 == 0 });
        }
        world.wait(Duration::from_millis(250));
    }
    assert!(guests.iter().all(|guest| refusals(&world, *guest).len() > 100));
    world.online(ann);
    assert_eq!((world.me(ann), world.clients[ann].end), (me, None));
    world.pass(Duration::from_secs(5));
    world.assert_agreed();
}

#[test]
fn a_message_that_cannot_be_read_is_answered_and_does_not_stop_the_next() {
    let mut world = World::stories();
    let ann = world.user(2);
    let connection = world.clients[ann].connection.unwrap();
    for json in
        [r#"{"seq":1,"id":"a","type":"fly"}"#, r#"{"seq":2,"type":"offer","target":1,"nid":2,"sdp":"no"}"#]
    {
        let message = ClientMessage::parse(json).unwrap();
        world.to_room.push((world.now.elapsed, Input::Say { connection, message }));
    }
    world.pass(Duration::from_millis(250));
    assert_eq!(refusals(&world, ann), [Refusal::Invalid; 2]);
}

#[test]
fn the_end_is_for_all_and_only_the_host_may_call_it() {
    let mut world = World::stories();
    let (host, ann, guest) = (world.user(1), world.user(2), world.guest(7));
    world.moderate(ann, Moderate::End);
    assert_eq!(refusals(&world, ann), [Refusal::NotAllowed]);
    world.moderate(host, Moderate::End);
    for client in [host, ann, guest] {
        assert_eq!(world.clients[client].end, Some((LeaveReason::Ended, LeaveAction::Disconnect)));
    }
    assert_eq!(world.happened.last(), Some(&Happened::Ended));
    assert!(world.room.is_deserted());
    let late = world.user(3);
    assert_eq!(world.clients[late].refused, Some(Refusal::Ended));
}

#[test]
fn the_owner_on_two_devices_is_one_host() {
    let mut world = World::stories();
    let (desk, phone) = (world.user(1), world.user(1));
    assert_eq!((world.role(desk), world.role(phone)), (Some(Role::Host), Some(Role::CoHost)));
    world.say(desk, ClientBody::Leave);
    assert_eq!(world.role(phone), Some(Role::Host));
    world.assert_agreed();
}

#[test]
fn with_a_lobby_for_everyone_people_with_an_account_knock_too() {
    let mut world =
        World::new(Settings { lobby: Lobby::Everyone, ..Settings::new(user(1)) }, Limits::default());
    let ann = world.user(2);
    assert!(world.clients[ann].attendee.is_waiting());
    let host = world.user(1);
    // Who knocked before the host came is seen as well.
    assert_eq!(world.knocks(host).len(), 1);
}
