//! Facts about rooms.

use std::{net::IpAddr, time::Duration};

use rony_core::{
    Result,
    actor::Actor,
    audit::Filter,
    conversation::NewConversation,
    id::{ClientId, ConversationId, MessageId, NodeId, UserId},
    page::Limit,
    room::{GuestPass, Lobby, Mail, NewRoom, Note, Proof, Room, RoomChange, RoomCode, SWITCHBOARD, Visitor},
    secret::Secret,
    time::{Clock as _, Timestamp},
    user::AccountChange,
};

use super::{Person, SYSTEM, World, facts};

fn code<T>(answer: Result<T>) -> &'static str {
    answer.err().expect("is refused").code()
}

fn of(conversation: ConversationId) -> NewRoom {
    NewRoom { conversation_id: Some(conversation), ..NewRoom::default() }
}

fn address() -> Option<IpAddr> {
    Some("192.0.2.7".parse().expect("an address"))
}

impl World {
    async fn room(&self, by: &Person, new: NewRoom) -> Room {
        self.rony.rooms().create(&by.actor, new).await.expect("may make a room").room
    }

    async fn rooms_of(&self, person: &Person) -> Vec<Room> {
        self.rony.rooms().list(&person.actor, None, Limit::MAX, None).await.expect("is a person").items
    }

    async fn comes(&self, room: &Room, name: &str) -> Result<GuestPass> {
        self.rony.rooms().invite_in(&room.code.to_string(), name, None).await
    }

    async fn holder_of_pass(&self, pass: &GuestPass) -> Result<Actor> {
        self.rony.rooms().guest(&Secret::from(pass.token.reveal())).await.map(|(actor, ..)| actor)
    }
}

facts! {
    async fn a_room_is_found_by_its_code_however_it_is_written(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let room = world.room(&ann, NewRoom { title: "Plans".into(), ..NewRoom::default() }).await;
        for code in [room.code.to_string(), room.code.letters().to_uppercase()] {
            let seen = world.rony.rooms().preview(&code, None).await.unwrap();
            assert_eq!((seen.title.as_str(), seen.host.as_str(), seen.guests), ("Plans", "ann", true));
        }
        let visit = world.rony.rooms().visit(&ben.actor, room.code).await.unwrap();
        assert_eq!((visit.visitor, visit.door.room), (Visitor::Person(ben.id, "ben".into()), room.clone()));
        let other = RoomCode::random().unwrap();
        assert_eq!(code(world.rony.rooms().visit(&ben.actor, other).await), "room_unknown");
        assert_eq!(code(world.rony.rooms().preview("hello", None).await), "room_unknown");
        // Who has the code may come, and does not see the room in a list for that.
        assert_eq!(code(world.rony.rooms().get(&ben.actor, room.id).await), "not_found");
        assert_eq!(world.rooms_of(&ann).await, [room]);
        assert!(world.rooms_of(&ben).await.is_empty());
    }

    async fn wrong_codes_are_few_from_an_address(world: World) {
        let ann = world.person("ann").await;
        let room = world.room(&ann, NewRoom::default()).await.code.to_string();
        for _ in 0..50 {
            let wrong = RoomCode::random().unwrap().to_string();
            assert_eq!(code(world.rony.rooms().preview(&wrong, address()).await), "room_unknown");
        }
        // Not even a right one: whoever guesses must not see when they have found one.
        assert_eq!(code(world.rony.rooms().preview(&room, address()).await), "rate_limited");
        // Who has an account answers for themselves, whatever others try where they are.
        let ann_there = ann.actor.clone().from_address(address());
        world.rony.rooms().visit(&ann_there, room.parse().unwrap()).await.unwrap();
        world.rony.rooms().preview(&room, None).await.unwrap();
        world.clock.advance(Duration::from_secs(60));
        world.rony.rooms().preview(&room, address()).await.unwrap();
    }

    async fn a_conversation_has_one_room_that_its_members_see(world: World) {
        let (ann, ben, eve) = (world.person("ann").await, world.person("ben").await, world.person("eve").await);
        let place = world.group(&[&ann, &ben]).await;
        let room = world.room(&ann, of(place)).await;
        let again = world.rony.rooms().create(&ben.actor, of(place)).await.unwrap();
        assert_eq!((again.new, &again.room), (false, &room));
        assert_eq!(code(world.rony.rooms().create(&eve.actor, of(place)).await), "not_found");
        assert_eq!(world.rony.rooms().get(&ben.actor, room.id).await.unwrap(), room);
        let list = world.rony.rooms().list(&ben.actor, Some(place), Limit::MAX, None).await.unwrap();
        assert_eq!(list.items, std::slice::from_ref(&room));
        assert_eq!(code(world.rony.rooms().delete(&ben.actor, room.id).await), "not_yours");
        assert_eq!(code(world.rony.rooms().change(&ben.actor, room.id, RoomChange::default()).await), "not_yours");
        assert_eq!(code(world.rony.rooms().delete(&eve.actor, room.id).await), "not_found");
        let pass = world.comes(&room, "Guest").await.unwrap();
        world.rony.conversations().delete(&ann.actor, place).await.unwrap();
        assert_eq!(code(world.rony.rooms().get(&ann.actor, room.id).await), "not_found");
        assert_eq!(code(world.holder_of_pass(&pass).await), "guest_expired");
    }

    async fn a_room_that_is_made_twice_is_one(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let wish = || NewRoom { client_id: Some(world.client_id()), ..NewRoom::default() };
        let (one, other) = (wish(), wish());
        let room = world.room(&ann, one.clone()).await;
        let again = world.rony.rooms().create(&ann.actor, one.clone()).await.unwrap();
        assert_eq!((again.new, again.room), (false, room.clone()));
        assert_ne!(world.room(&ann, other).await.id, room.id);
        // The id is its maker's own.
        assert_ne!(world.room(&ben, one).await.id, room.id);
    }

    async fn two_who_start_from_a_conversation_at_once_meet_in_one_room(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let rooms = world.rony.rooms();
        let both = tokio::join!(rooms.create(&ann.actor, of(place)), rooms.create(&ben.actor, of(place)));
        let (one, other) = (both.0.unwrap(), both.1.unwrap());
        assert_eq!(one.room, other.room);
        assert!(one.new != other.new);
    }

    async fn who_is_not_of_the_conversation_is_an_outsider_to_its_meeting(world: World) {
        let (ann, ben, eve) = (world.person("ann").await, world.person("ben").await, world.person("eve").await);
        let place = world.group(&[&ann, &ben]).await;
        let (room, own) = (world.room(&ann, of(place)).await, world.room(&ann, NewRoom::default()).await);
        let outsider = async |person: &Person, room: &Room| {
            world.rony.rooms().visit(&person.actor, room.code).await.unwrap().outsider
        };
        assert!(!outsider(&ben, &room).await);
        assert!(outsider(&eve, &room).await);
        assert!(!outsider(&eve, &own).await);
        world.rony.members().leave(&ben.actor, place).await.unwrap();
        assert!(outsider(&ben, &room).await);
    }

    async fn who_tries_codes_from_many_addresses_is_stopped_all_the_same(world: World) {
        let (ann, eve) = (world.person("ann").await, world.person("eve").await);
        let room = world.room(&ann, NewRoom::default()).await;
        let from = |person: &Person, number: u8| person.actor.clone().from_address(Some([192, 0, 2, number].into()));
        for number in 0..50 {
            let wrong = RoomCode::random().unwrap();
            assert_eq!(code(world.rony.rooms().visit(&from(&eve, number), wrong).await), "room_unknown");
        }
        assert_eq!(code(world.rony.rooms().visit(&from(&eve, 99), room.code).await), "rate_limited");
        world.rony.rooms().visit(&from(&ann, 99), room.code).await.unwrap();
        world.clock.advance(Duration::from_secs(18));
        world.rony.rooms().visit(&from(&eve, 99), room.code).await.unwrap();
    }

    async fn a_co_host_stays_one(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let room = world.room(&ann, NewRoom::default()).await;
        let kept = async || world.rony.rooms().get(&ann.actor, room.id).await.unwrap().co_hosts;
        for _ in 0..2 {
            world.rony.rooms().keep_co_host(room.id, ann.id, ben.id, true).await.unwrap();
            assert_eq!(kept().await, [ben.id]);
        }
        world.rony.rooms().keep_co_host(room.id, ann.id, ben.id, false).await.unwrap();
        assert!(kept().await.is_empty());
        world.rony.rooms().delete(&ann.actor, room.id).await.unwrap();
        assert_eq!(code(world.rony.rooms().keep_co_host(room.id, ann.id, ben.id, true).await), "not_found");
        let filter = Filter { target_id: Some(room.id.uuid()), ..Filter::default() };
        let log = world.rony.audit().list(&SYSTEM, &filter, Limit::MAX, None).await.unwrap().items;
        let said = log.iter().filter(|entry| entry.action.starts_with("room.co_host")).count();
        assert_eq!(said, 2, "what changed nothing is not said");
    }

    async fn one_node_drives_a_meeting_at_a_time(world: World) {
        let ann = world.person("ann").await;
        let (room, store) = (world.room(&ann, NewRoom::default()).await.id, &world.store);
        let (near, far) = (world.rony.node(), NodeId::new(Timestamp::from_millis(7)));
        let (long, over) = (Duration::from_secs(600), Duration::ZERO);
        let first = store.acquire_lease(room, near, long).await.unwrap().unwrap();
        assert_eq!((first.node, first.epoch), (near, 1));
        assert_eq!(store.acquire_lease(room, far, long).await.unwrap().unwrap(), first);
        assert_eq!(store.leases(&[room]).await.unwrap(), [(room, first.clone())]);
        // A new meeting on the same node is another one.
        let second = store.acquire_lease(room, near, long).await.unwrap().unwrap();
        assert_eq!((second.node, second.epoch), (near, 2));
        assert!(store.renew_leases(near, &[(room, 1)], long).await.unwrap().is_empty());
        assert!(store.renew_leases(far, &[(room, 2)], long).await.unwrap().is_empty());
        let note = Note {
            message_id: MessageId::new(Timestamp::from_millis(1)),
            conversation_id: ConversationId::new(Timestamp::from_millis(1)),
            by: ann.id,
            since: Timestamp::from_millis(5),
        };
        store.note_meeting(room, near, 1, Some(note)).await.unwrap();
        assert_eq!(store.leases(&[room]).await.unwrap()[0].1.note, None);
        store.note_meeting(room, near, 2, Some(note)).await.unwrap();
        // The owner falls silent: its lease runs out, and whoever takes it over knows of the message.
        assert_eq!(store.renew_leases(near, &[(room, 2)], over).await.unwrap(), [room]);
        assert!(store.leases(&[room]).await.unwrap().is_empty());
        let third = store.acquire_lease(room, far, long).await.unwrap().unwrap();
        assert_eq!((third.node, third.epoch, third.note), (far, 3, Some(note)));
        assert!(store.renew_leases(near, &[(room, 2)], long).await.unwrap().is_empty());
        store.release_lease(room, near, 2).await.unwrap();
        assert_eq!(store.leases(&[room]).await.unwrap().len(), 1);
        store.release_lease(room, far, 3).await.unwrap();
        assert!(store.leases(&[room]).await.unwrap().is_empty());
        assert!(store.left_notes(long).await.unwrap().is_empty(), "it may be taken over yet");
        // Whoever finds it may be killed before they have said that the meeting is over: it stays until they have.
        for _ in 0..2 {
            let left = store.left_notes(over).await.unwrap();
            assert_eq!(left.iter().map(|(room, note, _)| (*room, *note)).collect::<Vec<_>>(), [(room, note)]);
        }
        store.clear_note(room, &Note { by: UserId::new(Timestamp::from_millis(9)), ..note }).await.unwrap();
        assert_eq!(store.left_notes(over).await.unwrap().len(), 1, "that was another one");
        let fourth = store.acquire_lease(room, far, long).await.unwrap().unwrap();
        store.clear_note(room, &note).await.unwrap();
        assert_eq!(store.leases(&[room]).await.unwrap()[0].1.note, Some(note), "it goes on again");
        store.release_lease(room, far, fourth.epoch).await.unwrap();
        store.clear_note(room, &note).await.unwrap();
        assert!(store.left_notes(over).await.unwrap().is_empty());
        world.rony.rooms().delete(&ann.actor, room).await.unwrap();
        assert_eq!(store.acquire_lease(room, near, long).await.unwrap(), None);
    }

    async fn one_node_drives_all_calls_at_a_time_for_which_there_is_no_room(world: World) {
        let (near, far) = (world.rony.node(), NodeId::new(Timestamp::from_millis(7)));
        let (store, long) = (&world.store, Duration::from_secs(600));
        let first = store.acquire_lease(SWITCHBOARD, near, long).await.unwrap().unwrap();
        assert_eq!((first.node, first.epoch), (near, 1));
        assert_eq!(store.acquire_lease(SWITCHBOARD, far, long).await.unwrap(), Some(first));
        assert_eq!(store.renew_leases(near, &[(SWITCHBOARD, 1)], long).await.unwrap(), [SWITCHBOARD]);
        store.release_lease(SWITCHBOARD, near, 1).await.unwrap();
        assert!(store.leases(&[SWITCHBOARD]).await.unwrap().is_empty());
        let second = store.acquire_lease(SWITCHBOARD, far, long).await.unwrap().unwrap();
        assert_eq!((second.node, second.epoch), (far, 2));
        assert!(store.renew_leases(near, &[(SWITCHBOARD, 1)], long).await.unwrap().is_empty());
        // Whoever drives them tells all nodes that there are.
        assert!(store.nodes().await.unwrap().is_empty());
        for node in [near, far] {
            store.renew_node(node, world.clock.now()).await.unwrap();
        }
        let mut nodes = store.nodes().await.unwrap();
        nodes.sort_unstable();
        let mut both = [near, far];
        both.sort_unstable();
        assert_eq!(nodes, both);
    }

    async fn of_two_nodes_that_open_a_meeting_at_once_one_does(world: World) {
        let ann = world.person("ann").await;
        let room = world.room(&ann, NewRoom::default()).await.id;
        let node = |number| NodeId::new(Timestamp::from_millis(number));
        let (one, other, span) = (node(1), node(2), Duration::from_secs(600));
        let both = tokio::join!(
            world.store.acquire_lease(room, one, span),
            world.store.acquire_lease(room, other, span),
        );
        assert_eq!(both.0.unwrap(), both.1.unwrap());
    }

    async fn mail_goes_to_one_node_once_and_does_not_last(world: World) {
        let node = |number| NodeId::new(Timestamp::from_millis(number));
        let (one, other, store) = (node(1), node(2), &world.store);
        let (long, over) = (Duration::from_secs(600), Duration::ZERO);
        let body = |number: usize| format!("{number} {}", "x".repeat(20_000));
        let mail = |node, number| Mail { node, body: body(number) };
        store.send_mail(&[mail(one, 1), mail(other, 2), mail(one, 3)]).await.unwrap();
        assert_eq!(store.take_mail(one, long, 1).await.unwrap(), [body(1)]);
        assert_eq!(store.take_mail(one, long, 100).await.unwrap(), [body(3)]);
        assert!(store.take_mail(one, long, 100).await.unwrap().is_empty());
        assert!(store.take_mail(other, over, 100).await.unwrap().is_empty(), "it is too old");
        store.send_mail(&[mail(one, 4)]).await.unwrap();
        store.prune_mail(long).await.unwrap();
        assert_eq!(store.take_mail(one, long, 100).await.unwrap(), [body(4)]);
        store.send_mail(&[mail(one, 5)]).await.unwrap();
        store.prune_mail(over).await.unwrap();
        assert!(store.take_mail(one, long, 100).await.unwrap().is_empty());
    }

    async fn a_room_whose_owner_has_left_the_conversation_is_that_of_whoever_asks_for_it_next(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let room = world.room(&ben, of(place)).await;
        world.rony.members().leave(&ben.actor, place).await.unwrap();
        // The same one, since a meeting may go on in it.
        let client_id = Some(ClientId::new(world.clock.now()));
        for _ in 0..2 {
            let made = world.rony.rooms().create(&ann.actor, NewRoom { client_id, ..of(place) }).await.unwrap();
            assert_eq!((made.new, made.room.id, made.room.owner_id), (false, room.id, ann.id));
        }
        let change = RoomChange { locked: Some(true), ..RoomChange::default() };
        assert!(world.rony.rooms().change(&ann.actor, room.id, change.clone()).await.unwrap().locked);
        assert_eq!(code(world.rony.rooms().change(&ben.actor, room.id, change).await), "not_found");
    }

    async fn who_made_a_room_changes_it_and_its_end_is_the_end_of_its_guests(world: World) {
        let ann = world.person("ann").await;
        let room = world.room(&ann, NewRoom::default()).await;
        let pass = world.comes(&room, " Bo ").await.unwrap();
        assert_eq!(pass.guest.name, "Bo");
        let change = RoomChange { title: Some("Lunch".into()), locked: Some(true), ..RoomChange::default() };
        let changed = world.rony.rooms().change(&ann.actor, room.id, change).await.unwrap();
        assert_eq!(changed, Room { title: "Lunch".into(), locked: true, ..room.clone() });
        let change = RoomChange { lobby: Some(Lobby::Everyone), guests: Some(false), ..RoomChange::default() };
        let changed = world.rony.rooms().change(&ann.actor, room.id, change).await.unwrap();
        assert_eq!(world.rony.rooms().get(&ann.actor, room.id).await.unwrap(), changed);
        assert_eq!((changed.title.as_str(), changed.lobby, changed.guests), ("Lunch", Lobby::Everyone, false));
        assert_eq!(code(world.holder_of_pass(&pass).await), "guests_not_allowed");
        assert_eq!(code(world.comes(&room, "Cy").await), "guests_not_allowed");
        assert_eq!(world.rony.rooms().delete(&ann.actor, room.id).await.unwrap(), changed);
        assert_eq!(code(world.holder_of_pass(&pass).await), "guest_expired");
        assert_eq!(code(world.rony.rooms().delete(&ann.actor, room.id).await), "not_found");
        let filter = Filter { target_id: Some(room.id.uuid()), ..Filter::default() };
        let log = world.rony.audit().list(&SYSTEM, &filter, Limit::MAX, None).await.unwrap().items;
        let mut actions: Vec<_> = log.iter().map(|entry| &*entry.action).collect();
        actions.sort_unstable();
        assert_eq!(actions, ["room.changed", "room.changed", "room.created", "room.deleted"]);
    }

    async fn a_guest_comes_to_one_room_for_some_hours_and_nowhere_else(world: World) {
        let ann = world.person("ann").await;
        let (room, other) = (world.room(&ann, NewRoom::default()).await, world.room(&ann, NewRoom::default()).await);
        let pass = world.comes(&room, "Bo").await.unwrap();
        let bo = world.holder_of_pass(&pass).await.unwrap();
        let visit = world.rony.rooms().visit(&bo, room.code).await.unwrap();
        assert_eq!(visit.visitor, Visitor::Guest(pass.guest.id));
        assert_eq!(code(world.rony.rooms().visit(&bo, other.code).await), "room_unknown");
        let group = NewConversation::group(world.client_id(), Vec::new());
        assert_eq!(code(world.rony.conversations().create(&bo, group).await), "person_needed");
        assert_eq!(code(world.rony.rooms().list(&bo, None, Limit::MAX, None).await), "person_needed");
        assert_eq!(code(world.comes(&room, "\u{200B}").await), "invalid");
        world.clock.advance(Duration::from_secs(12 * 60 * 60));
        assert_eq!(code(world.holder_of_pass(&pass).await), "guest_expired");
        world.rony.rooms().collect().await.unwrap();
    }

    async fn a_rooms_password_is_compared_and_wrong_ones_are_few(world: World) {
        let ann = world.person("ann").await;
        let secret = NewRoom { password: Some("swordfish".into()), ..NewRoom::default() };
        let room = world.room(&ann, secret).await;
        assert!(room.has_password);
        let door = world.rony.rooms().visit(&ann.actor, room.code).await.unwrap().door;
        let prove = async |password: Option<&str>| {
            let password = password.map(Secret::from);
            world.rony.rooms().prove(&door, password.as_ref(), address()).await
        };
        assert_eq!(prove(None).await.unwrap(), Proof::Missing);
        assert_eq!(prove(Some("swordfish")).await.unwrap(), Proof::Right);
        for _ in 0..10 {
            assert_eq!(prove(Some("tuna")).await.unwrap(), Proof::Wrong);
        }
        assert_eq!(code(prove(Some("swordfish")).await), "rate_limited");
        let change = RoomChange { password: Some(None), ..RoomChange::default() };
        assert!(!world.rony.rooms().change(&ann.actor, room.id, change).await.unwrap().has_password);
        assert_eq!(world.rony.rooms().visit(&ann.actor, room.code).await.unwrap().door.password, None);
    }

    async fn the_rooms_of_who_was_switched_off_are_closed(world: World) {
        let (ann, root) = (world.person("ann").await, world.administrator("root").await);
        let room = world.room(&ann, NewRoom::default()).await;
        let pass = world.comes(&room, "Bo").await.unwrap();
        let off = AccountChange { deactivated: Some(true), ..AccountChange::default() };
        world.rony.users().administer(&root.actor, ann.id, off).await.unwrap();
        assert_eq!(code(world.rony.rooms().preview(&room.code.to_string(), None).await), "room_unknown");
        assert_eq!(code(world.holder_of_pass(&pass).await), "guest_expired");
    }
}
