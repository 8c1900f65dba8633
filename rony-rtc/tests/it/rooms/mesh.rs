//! A mesh by way of a room: everybody negotiates with everybody, while sockets break and the bus loses, doubles and reorders.
//! In the end each pair has agreed on the same.

use std::{collections::BTreeMap, time::Duration};

use proptest::{prelude::*, sample::Index};
use rony_rtc::{
    id::PeerId,
    room::{Limits, Settings},
    signal::{ClientBody, Description, negotiation::Input},
};

use super::world::{World, user};
use crate::platform::Side;

const PEOPLE: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    Online(Index),
    Offline(Index),
    Needed(Index),
    ToRoom(Index),
    ToClient(Index),
    Lose(bool, Index),
    Double(bool, Index),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let at = any::<Index>;
    prop_oneof![
        2 => at().prop_map(Step::Online),
        1 => at().prop_map(Step::Offline),
        3 => at().prop_map(Step::Needed),
        12 => at().prop_map(Step::ToRoom),
        16 => at().prop_map(Step::ToClient),
        2 => (any::<bool>(), at()).prop_map(|(side, at)| Step::Lose(side, at)),
        2 => (any::<bool>(), at()).prop_map(|(side, at)| Step::Double(side, at)),
        3 => (0..5000_u64).prop_map(Step::Wait),
    ]
}

struct Mesh {
    world: World,
    /// By client, its own number, and the other's.
    sides: BTreeMap<(usize, PeerId, PeerId), Side>,
    /// How much of what each client was told is done.
    done: [usize; PEOPLE],
}

impl Mesh {
    fn new() -> Self {
        let mut world = World::new(Settings::new(user(1)), Limits::default());
        world.calm = false;
        for number in 1..=PEOPLE as u128 {
            world.user(number);
        }
        Self { world, sides: BTreeMap::new(), done: [0; PEOPLE] }
    }

    /// Takes what clients were told to their negotiations, and what these say to the room.
    fn pump(&mut self) {
        for client in 0..PEOPLE {
            let told = &self.world.clients[client].told;
            // A client that joined anew has heard nothing yet.
            let from = self.done[client].min(told.len());
            let told: Vec<_> = told[from..].to_vec();
            self.done[client] = from + told.len();
            let Some(view) = self.world.clients[client].attendee.view() else { continue };
            let (me, others) = (view.me, view.peers.keys().copied().filter(|peer| *peer != view.me));
            let others: Vec<PeerId> = others.collect();
            self.sides
                .retain(|(whose, own, other), _| *whose != client || (*own == me && others.contains(other)));
            for other in others {
                self.sides.entry((client, me, other)).or_insert_with(|| {
                    let mut side = Side::new("p", me.0, other.0);
                    assert!(side.feed(Duration::ZERO, Input::Needed).is_empty());
                    side
                });
            }
            for (from, description) in told.iter().filter_map(|body| body.description()) {
                self.feed(client, me, from, Input::Heard(description));
            }
        }
        let keys: Vec<_> = self.sides.keys().copied().collect();
        for (client, me, other) in keys {
            let now = self.world.now.elapsed;
            let said = self.sides.get_mut(&(client, me, other)).map(|side| side.work(now));
            self.say(client, other, said.unwrap_or_default());
        }
    }

    fn feed(&mut self, client: usize, me: PeerId, other: PeerId, input: Input) {
        let now = self.world.now.elapsed;
        let said = self.sides.get_mut(&(client, me, other)).map(|side| side.feed(now, input));
        self.say(client, other, said.unwrap_or_default());
    }

    fn say(&mut self, client: usize, other: PeerId, said: Vec<Description>) {
        for description in said {
            self.world.say(client, ClientBody::describe(other, description));
        }
    }

    fn needed(&mut self, client: usize) {
        let keys: Vec<_> = self.sides.keys().copied().filter(|(whose, ..)| *whose == client).collect();
        keys.into_iter().for_each(|(_, me, other)| self.feed(client, me, other, Input::Needed));
    }

    fn wait(&mut self, millis: u64) {
        self.world.wait(Duration::from_millis(millis));
        let keys: Vec<_> = self.sides.keys().copied().collect();
        keys.into_iter().for_each(|(client, me, other)| self.feed(client, me, other, Input::Tick));
    }

    fn take(&mut self, step: &Step) {
        let (room, air) = (self.world.to_room.len(), self.world.to_clients.len());
        let world = &mut self.world;
        match step {
            Step::Online(client) => world.online(client.index(PEOPLE)),
            Step::Offline(client) => world.offline(client.index(PEOPLE)),
            Step::Needed(client) => self.needed(client.index(PEOPLE)),
            Step::ToRoom(at) if room > 0 => world.deliver_to_room(at.index(room)),
            Step::ToClient(at) if air > 0 => world.deliver_to_client(at.index(air)),
            Step::Lose(true, at) if room > 0 => drop(world.to_room.remove(at.index(room))),
            Step::Lose(false, at) if air > 0 => drop(world.to_clients.remove(at.index(air))),
            Step::Double(true, at) if room > 0 => world.to_room.push(world.to_room[at.index(room)].clone()),
            Step::Double(false, at) if air > 0 => {
                world.to_clients.push(world.to_clients[at.index(air)].clone());
            }
            Step::Wait(millis) => self.wait(*millis),
            _ => {}
        }
        self.pump();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn each_pair_agrees_on_the_same(steps in proptest::collection::vec(step(), 1..200)) {
        let mut mesh = Mesh::new();
        for step in &steps {
            mesh.take(step);
        }
        // The network behaves, and everybody is there.
        mesh.world.calm = true;
        for client in 0..PEOPLE {
            mesh.world.online(client);
        }
        for _ in 0..4 * 120 {
            mesh.pump();
            mesh.wait(250);
        }
        let pairs: Vec<(PeerId, PeerId)> = mesh.sides.keys().map(|(_, me, other)| (*me, *other)).collect();
        prop_assert_eq!(pairs.len(), PEOPLE * (PEOPLE - 1));
        let side = |me, other| mesh.sides.iter().find(|((_, a, b), _)| (*a, *b) == (me, other)).map(|(_, side)| side);
        for (me, other) in pairs {
            let (one, two) = (side(me, other).unwrap(), side(other, me).unwrap());
            prop_assert!(one.machine.is_stable() && one.platform.current.is_some());
            prop_assert_eq!(&one.platform.current, &two.platform.current);
        }
    }
}
