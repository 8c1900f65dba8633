//! Whatever people and the network do: when all is quiet again, everybody sees the room as it is.

use std::time::Duration;

use proptest::{prelude::*, sample::Index};
use rony_core::id::UserId;
use rony_rtc::{
    id::{GuestId, PeerId},
    person::{Person, Role},
    room::{Input, Limits, Lobby, Settings},
    signal::{ClientBody, Moderate, Source},
};

use super::world::{World, user};

#[derive(Clone, Debug)]
enum Step {
    Online(Index),
    Offline(Index),
    Say(Index, Said),
    ToRoom(Index),
    ToClient(Index),
    Lose(bool, Index),
    Double(bool, Index),
    Wait(u64),
    Lobby(Lobby),
}

#[derive(Clone, Debug)]
enum Said {
    Leave,
    Hand(bool),
    Speaking(bool),
    Track(Source, Option<&'static str>),
    Mute(Source, bool),
    Chat,
    Offer(Index, u32),
    Lock(bool),
    Admit(Index),
    Deny(Index),
    Kick(Index),
    MuteOther(Index),
    Role(Index, Role),
    End,
}

fn said() -> impl Strategy<Value = Said> {
    let source = || proptest::sample::select(vec![Source::Microphone, Source::Camera, Source::Screen]);
    let cid = proptest::sample::select(vec![None, Some("one"), Some("other")]);
    let role = proptest::sample::select(vec![Role::Host, Role::CoHost, Role::Participant]);
    prop_oneof![
        2 => Just(Said::Leave),
        2 => any::<bool>().prop_map(Said::Hand),
        2 => any::<bool>().prop_map(Said::Speaking),
        3 => (source(), cid).prop_map(|(source, cid)| Said::Track(source, cid)),
        2 => (source(), any::<bool>()).prop_map(|(source, on)| Said::Mute(source, on)),
        3 => Just(Said::Chat),
        3 => (any::<Index>(), 2..9_u32).prop_map(|(to, nid)| Said::Offer(to, nid)),
        1 => any::<bool>().prop_map(Said::Lock),
        5 => any::<Index>().prop_map(Said::Admit),
        1 => any::<Index>().prop_map(Said::Deny),
        1 => any::<Index>().prop_map(Said::Kick),
        1 => any::<Index>().prop_map(Said::MuteOther),
        2 => (any::<Index>(), role).prop_map(|(who, role)| Said::Role(who, role)),
        1 => proptest::bool::weighted(0.1).prop_map(|end| if end { Said::End } else { Said::Chat }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let at = any::<Index>;
    let lobby = proptest::sample::select(vec![Lobby::Off, Lobby::Guests, Lobby::Everyone]);
    prop_oneof![
        4 => at().prop_map(Step::Online),
        2 => at().prop_map(Step::Offline),
        10 => (at(), said()).prop_map(|(client, said)| Step::Say(client, said)),
        16 => at().prop_map(Step::ToRoom),
        20 => at().prop_map(Step::ToClient),
        3 => (any::<bool>(), at()).prop_map(|(side, at)| Step::Lose(side, at)),
        3 => (any::<bool>(), at()).prop_map(|(side, at)| Step::Double(side, at)),
        4 => prop_oneof![3 => 0..2000_u64, 1 => 0..40_000_u64].prop_map(Step::Wait),
        1 => lobby.prop_map(Step::Lobby),
    ]
}

fn settings(lobby: Lobby) -> Settings {
    let co_hosts = [user(2)].into_iter().collect();
    Settings { co_hosts, lobby, ..Settings::new(user(1)) }
}

/// An owner, a co-host, two with accounts, two guests; all ask to come in.
fn world() -> World {
    let mut world = World::new(settings(Lobby::Guests), Limits::default());
    world.calm = false;
    for number in 1..5_u128 {
        world.add(Person::user(UserId(uuid::Uuid::from_u128(number)), format!("User {number}")));
    }
    for number in 5..7_u128 {
        world.add(Person::guest(GuestId(uuid::Uuid::from_u128(number)), format!("Guest {number}")));
    }
    for client in 0..6 {
        world.online(client);
    }
    world
}

/// Somebody whom the client sees in the room.
fn peer(world: &World, client: usize, at: Index) -> Option<PeerId> {
    let peers: Vec<PeerId> = world.clients[client].attendee.view()?.peers.keys().copied().collect();
    (!peers.is_empty()).then(|| peers[at.index(peers.len())])
}

/// Mostly somebody whom the client sees waiting; else a number that may be anybody's.
fn knock(world: &World, client: usize, at: Index) -> PeerId {
    let knocks = world.knocks(client);
    if knocks.is_empty() { PeerId(1 + at.index(8) as u32) } else { knocks[at.index(knocks.len())] }
}

fn speak(world: &mut World, client: usize, said: &Said) {
    let someone = |world: &World, at: &Index| peer(world, client, *at).unwrap_or(PeerId(1));
    let body = match said {
        Said::Leave => ClientBody::Leave,
        Said::Hand(up) => ClientBody::Hand { up: *up },
        Said::Speaking(on) => ClientBody::Speaking { on: *on },
        Said::Track(source, Some(cid)) => {
            ClientBody::TrackAdd { cid: (*cid).to_owned(), source: *source, muted: false }
        }
        Said::Track(source, None) => ClientBody::TrackRemove { source: *source },
        Said::Mute(source, muted) => ClientBody::Mute { source: *source, muted: *muted },
        Said::Chat => return world.chat(client),
        Said::Offer(at, nid) => {
            let target = someone(world, at);
            return world.offer(client, target, *nid);
        }
        Said::Lock(on) => ClientBody::Moderate(Moderate::Lock { on: *on }),
        Said::Admit(at) => ClientBody::Moderate(Moderate::Admit { peer: knock(world, client, *at) }),
        Said::Deny(at) => ClientBody::Moderate(Moderate::Deny { peer: knock(world, client, *at) }),
        Said::Kick(at) => ClientBody::Moderate(Moderate::Kick { peer: someone(world, at) }),
        Said::MuteOther(at) => {
            ClientBody::Moderate(Moderate::Mute { peer: someone(world, at), source: Source::Microphone })
        }
        Said::Role(at, role) => {
            ClientBody::Moderate(Moderate::Role { peer: someone(world, at), role: *role })
        }
        Said::End => ClientBody::Moderate(Moderate::End),
    };
    world.say(client, body);
}

fn take(world: &mut World, step: &Step) {
    let clients = world.clients.len();
    let (room, air) = (world.to_room.len(), world.to_clients.len());
    match step {
        Step::Online(client) => world.online(client.index(clients)),
        Step::Offline(client) => world.offline(client.index(clients)),
        Step::Say(client, said) => speak(world, client.index(clients), said),
        Step::ToRoom(at) if room > 0 => world.deliver_to_room(at.index(room)),
        Step::ToClient(at) if air > 0 => world.deliver_to_client(at.index(air)),
        Step::Lose(true, at) if room > 0 => drop(world.to_room.remove(at.index(room))),
        Step::Lose(false, at) if air > 0 => drop(world.to_clients.remove(at.index(air))),
        Step::Double(true, at) if room > 0 => world.to_room.push(world.to_room[at.index(room)].clone()),
        Step::Double(false, at) if air > 0 => world.to_clients.push(world.to_clients[at.index(air)].clone()),
        Step::Wait(millis) => world.wait(Duration::from_millis(*millis)),
        Step::Lobby(lobby) => world.room(Input::Settings(settings(*lobby))),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn everybody_sees_the_room_as_it_is(steps in proptest::collection::vec(step(), 1..300)) {
        let mut world = world();
        for step in &steps {
            take(&mut world, step);
        }
        // The network behaves from now on, and nobody does anything.
        world.calm = true;
        world.pass(Duration::from_secs(90));
        world.assert_agreed();
    }
}
