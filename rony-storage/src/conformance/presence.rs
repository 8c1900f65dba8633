//! Facts about presence.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use rony_core::{
    Rony,
    contact::{AddContact, ContactChanges},
    hub::{Frames, Link},
    id::UserId,
    presence::{DeviceStatus, PresenceChange, SetPresence, Status},
    time::Clock,
    user::{LastSeenPrivacy, ProfileChange},
    wire::ServerFrame,
};

use super::{Person, World, facts};

/// Somebody's device, connected to a node, with what it was told.
struct Device {
    rony: Rony,
    link: Arc<Link>,
    frames: Frames,
    people: BTreeMap<UserId, PresenceChange>,
    /// Who was typing, each time that it was told.
    typing: Vec<Vec<UserId>>,
}

impl Device {
    async fn connect(rony: &Rony, person: &Person) -> Self {
        let frames = rony.streams().connect(&person.actor, None, 10).await.unwrap().frames;
        let link = Arc::clone(frames.link());
        rony.presence().connected(&link).await.unwrap();
        Self { rony: rony.clone(), link, frames, people: BTreeMap::new(), typing: Vec::new() }
    }

    fn drop_connection(&self) {
        self.rony.hub().disconnect(&self.link);
        self.rony.presence().disconnected(&self.link);
    }

    /// Reads what waits; how many frames of presence there were.
    fn read(&mut self) -> usize {
        let mut count = 0;
        while let Some(frame) = self.frames.try_next() {
            match serde_json::from_slice(&frame) {
                Ok(ServerFrame::Presence { changes }) => {
                    count += 1;
                    self.people.extend(changes.into_iter().map(|change| (change.user_id, change)));
                }
                Ok(ServerFrame::Typing { user_ids, .. }) => self.typing.push(user_ids),
                _ => {}
            }
        }
        count
    }

    /// How somebody appears by all that was told; `None`: nothing was.
    fn sees(&mut self, person: &Person) -> Option<Status> {
        self.read();
        self.people.get(&person.id).map(|change| change.status)
    }
}

fn named(username: &str) -> AddContact {
    AddContact { username: Some(username.to_owned()), ..AddContact::default() }
}

async fn block(world: &World, owner: &Person, other: &Person, blocked: bool) {
    let changes = ContactChanges { blocked: Some(blocked), ..ContactChanges::default() };
    world.rony.contacts().change(&owner.actor, other.id, changes).await.unwrap();
}

async fn choose(rony: &Rony, person: &Person, status: Status) {
    rony.presence().set(&person.actor, SetPresence { status, ..SetPresence::default() }).await.unwrap();
}

/// Lets time pass, with a beat of all nodes at the end.
async fn pass(world: &World, nodes: &[&Rony], seconds: u64) {
    world.clock.advance(Duration::from_secs(seconds));
    // What one wrote the other reads in the next beat.
    for node in nodes.iter().chain(nodes) {
        node.presence().tick().await.unwrap();
    }
}

/// Ann has Ben in her contacts.
async fn ann_and_ben(world: &World) -> (Person, Person) {
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    world.rony.contacts().add(&ann.actor, named("ben")).await.unwrap();
    (ann, ben)
}

facts! {
    async fn a_person_is_seen_by_those_who_have_them_in_their_contacts(world: World) {
        let (ann, ben) = ann_and_ben(&world).await;
        let cem = world.person("cem").await;
        let rony = &world.rony;
        let (mut ann, mut cem) = (Device::connect(rony, &ann).await, Device::connect(rony, &cem).await);
        assert_eq!(ann.sees(&ben), Some(Status::Offline));
        let at = world.clock.now();
        let device = Device::connect(rony, &ben).await;
        pass(&world, &[rony], 1).await;
        assert_eq!(ann.sees(&ben), Some(Status::Online));
        assert_eq!(ann.people[&ben.id].since, Some(at));
        rony.presence().report(&device.link, DeviceStatus::Away);
        pass(&world, &[rony], 1).await;
        assert_eq!(ann.sees(&ben), Some(Status::Away));
        assert_eq!(cem.sees(&ben), None);
    }

    async fn a_drop_of_the_connection_is_seen_when_it_lasts(world: World) {
        let (ann, ben) = ann_and_ben(&world).await;
        let rony = &world.rony;
        let (mut ann, device) = (Device::connect(rony, &ann).await, Device::connect(rony, &ben).await);
        pass(&world, &[rony], 1).await;
        ann.read();
        device.drop_connection();
        pass(&world, &[rony], 29).await;
        let device = Device::connect(rony, &ben).await;
        pass(&world, &[rony], 60).await;
        assert_eq!(ann.read(), 0, "a short drop is told to nobody");
        let left = world.clock.now();
        device.drop_connection();
        pass(&world, &[rony], 31).await;
        assert_eq!(ann.sees(&ben), Some(Status::Offline));
        assert_eq!(ann.people[&ben.id].since, Some(left));
        assert_eq!(world.store.chosen(&[ben.id]).await.unwrap()[0].last_seen, Some(left));
    }

    async fn many_changes_are_one_frame(world: World) {
        let ann = world.person("ann").await;
        let mut people = Vec::new();
        for name in ["ben", "cem", "dan", "eva", "fay"] {
            people.push(world.person(name).await);
            world.rony.contacts().add(&ann.actor, named(name)).await.unwrap();
        }
        let mut ann = Device::connect(&world.rony, &ann).await;
        ann.read();
        for person in &people {
            Device::connect(&world.rony, person).await;
        }
        pass(&world, &[&world.rony], 1).await;
        assert_eq!(ann.read(), 1);
        assert!(people.iter().all(|person| ann.people[&person.id].status == Status::Online));
    }

    async fn who_watches_somebody_is_told_until_they_look_elsewhere(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let rony = &world.rony;
        let (mut looking, device) = (Device::connect(rony, &ann).await, Device::connect(rony, &ben).await);
        assert_eq!(looking.sees(&ben), None);
        rony.presence().watch(&ann.actor, &looking.link, &[ben.id], None).await.unwrap();
        assert_eq!(looking.sees(&ben), Some(Status::Online));
        rony.presence().report(&device.link, DeviceStatus::Away);
        pass(&world, &[rony], 1).await;
        assert_eq!(looking.sees(&ben), Some(Status::Away));
        rony.presence().watch(&ann.actor, &looking.link, &[], None).await.unwrap();
        choose(rony, &ben, Status::Busy).await;
        pass(&world, &[rony], 1).await;
        assert_eq!(looking.sees(&ben), Some(Status::Away), "the last that was told");
    }

    async fn a_watch_has_its_limits(world: World) {
        let ann = world.person("ann").await;
        let device = Device::connect(&world.rony, &ann).await;
        let presence = world.rony.presence();
        let error = presence.watch(&ann.actor, &device.link, &[ann.id; 201], None).await.unwrap_err();
        assert_eq!(error.code(), "invalid");
        let foreign = Some(ann.id.uuid().into());
        let error = presence.watch(&ann.actor, &device.link, &[], foreign).await.unwrap_err();
        assert_eq!(error.code(), "not_found");
        let foreign = uuid::Uuid::from_u128(7).into();
        assert_eq!(presence.typing(&ann.actor, &device.link, foreign).unwrap_err().code(), "not_found");
    }

    async fn a_block_hides_both_from_each_other_at_once_and_tells_nobody(world: World) {
        let (ann, ben) = ann_and_ben(&world).await;
        let rony = &world.rony;
        world.rony.contacts().add(&ben.actor, named("ann")).await.unwrap();
        let (mut ann_sees, mut ben_sees) = (Device::connect(rony, &ann).await, Device::connect(rony, &ben).await);
        pass(&world, &[rony], 1).await;
        assert_eq!((ann_sees.sees(&ben), ben_sees.sees(&ann)), (Some(Status::Online), Some(Status::Online)));
        block(&world, &ben, &ann, true).await;
        pass(&world, &[rony], 1).await;
        assert_eq!((ann_sees.sees(&ben), ben_sees.sees(&ann)), (Some(Status::Offline), Some(Status::Offline)));
        assert_eq!(ann_sees.people[&ben.id].since, None);
        choose(rony, &ben, Status::Busy).await;
        rony.presence().watch(&ann.actor, &ann_sees.link, &[ben.id], None).await.unwrap();
        pass(&world, &[rony], 1).await;
        assert_eq!(ann_sees.sees(&ben), Some(Status::Offline));
        let mut again = Device::connect(rony, &ann).await;
        assert_eq!(again.sees(&ben), Some(Status::Offline));
        block(&world, &ben, &ann, false).await;
        pass(&world, &[rony], 1).await;
        assert_eq!((ann_sees.sees(&ben), ben_sees.sees(&ann)), (Some(Status::Busy), Some(Status::Online)));
    }

    async fn a_block_that_came_before_the_first_beat_counts(world: World) {
        let (ann, ben) = ann_and_ben(&world).await;
        let rony = &world.rony;
        let (mut ann_sees, _device) = (Device::connect(rony, &ann).await, Device::connect(rony, &ben).await);
        block(&world, &ben, &ann, true).await;
        pass(&world, &[rony], 1).await;
        assert_eq!(ann_sees.sees(&ben), Some(Status::Offline));
    }

    async fn who_appears_offline_leaves_no_trace(world: World) {
        let (ann, ben) = ann_and_ben(&world).await;
        let rony = &world.rony;
        let (mut ann, device) = (Device::connect(rony, &ann).await, Device::connect(rony, &ben).await);
        pass(&world, &[rony], 1).await;
        let hidden = world.clock.now();
        choose(rony, &ben, Status::Offline).await;
        pass(&world, &[rony], 1).await;
        assert_eq!(ann.sees(&ben), Some(Status::Offline));
        assert_eq!(ann.people[&ben.id].since, Some(hidden));
        pass(&world, &[rony], 100).await;
        device.drop_connection();
        pass(&world, &[rony], 100).await;
        assert_eq!(ann.read(), 0);
        assert_eq!(world.store.chosen(&[ben.id]).await.unwrap()[0].last_seen, Some(hidden));
    }

    async fn when_somebody_was_last_here_is_told_to_whom_they_choose(world: World) {
        let (ann, ben) = ann_and_ben(&world).await;
        let rony = &world.rony;
        let mut ann_sees = Device::connect(rony, &ann).await;
        let device = Device::connect(rony, &ben).await;
        device.drop_connection();
        pass(&world, &[rony], 31).await;
        ann_sees.read();
        assert!(ann_sees.people[&ben.id].since.is_some());
        for (privacy, told) in [(LastSeenPrivacy::Nobody, false), (LastSeenPrivacy::Everybody, true), (LastSeenPrivacy::Contacts, false)] {
            let change = ProfileChange { last_seen_privacy: Some(privacy), ..ProfileChange::default() };
            rony.profiles().change(&ben.actor, change).await.unwrap();
            pass(&world, &[rony], 1).await;
            ann_sees.read();
            assert_eq!(ann_sees.people[&ben.id].since.is_some(), told, "{privacy:?}");
        }
        rony.contacts().add(&ben.actor, named("ann")).await.unwrap();
        pass(&world, &[rony], 1).await;
        ann_sees.read();
        assert!(ann_sees.people[&ben.id].since.is_some(), "she is in his contacts now");
    }

    async fn what_a_person_chose_is_on_all_their_devices_and_ends(world: World) {
        let (ann, ben) = ann_and_ben(&world).await;
        let rony = &world.rony;
        let (mut ann, _device) = (Device::connect(rony, &ann).await, Device::connect(rony, &ben).await);
        let until = world.clock.now().plus(Duration::from_secs(100));
        let set = SetPresence { status: Status::Busy, text: Some("Exam".into()), until: Some(until) };
        let own = rony.presence().set(&ben.actor, set.clone()).await.unwrap();
        assert_eq!((own.status, own.until, own.text.as_str()), (Status::Busy, Some(until), "Exam"));
        assert_eq!(rony.presence().own(&ben.actor).await.unwrap(), own);
        rony.presence().set(&ben.actor, set).await.unwrap();
        let events = world.events(&ben, ben.id).await;
        let set: Vec<_> = events.iter().filter(|event| event["type"] == "presence.set").collect();
        assert_eq!(set.len(), 1, "choosing the same again is no news");
        assert_eq!(set[0]["presence"], serde_json::to_value(&own).unwrap());
        pass(&world, &[rony], 1).await;
        assert_eq!(ann.sees(&ben), Some(Status::Busy));
        assert_eq!(ann.people[&ben.id].text, "Exam");
        pass(&world, &[rony], 99).await;
        assert_eq!(ann.sees(&ben), Some(Status::Online));
        assert_eq!(ann.people[&ben.id].text, "");
        assert_eq!(rony.presence().own(&ben.actor).await.unwrap().status, Status::Online);
    }

    async fn a_status_text_that_was_changed_in_the_profile_is_told(world: World) {
        let (ann, ben) = ann_and_ben(&world).await;
        let mut ann = Device::connect(&world.rony, &ann).await;
        pass(&world, &[&world.rony], 1).await;
        let change = ProfileChange { status_text: Some("At lunch".into()), ..ProfileChange::default() };
        world.rony.profiles().change(&ben.actor, change).await.unwrap();
        pass(&world, &[&world.rony], 1).await;
        ann.read();
        assert_eq!(ann.people[&ben.id].text, "At lunch");
    }

    async fn people_on_another_node_are_seen_through_the_database(world: World) {
        let (ann, ben) = ann_and_ben(&world).await;
        let (here, there) = (&world.rony, &world.another_node());
        let (mut ann_sees, device) = (Device::connect(here, &ann).await, Device::connect(there, &ben).await);
        pass(&world, &[here, there], 1).await;
        assert_eq!(ann_sees.sees(&ben), Some(Status::Online));
        there.presence().report(&device.link, DeviceStatus::Away);
        pass(&world, &[here, there], 1).await;
        assert_eq!(ann_sees.sees(&ben), Some(Status::Away));
        choose(there, &ben, Status::Busy).await;
        pass(&world, &[here, there], 1).await;
        assert_eq!(ann_sees.sees(&ben), Some(Status::Busy));
        block(&world, &ben, &ann, true).await;
        pass(&world, &[here, there], 1).await;
        assert_eq!(ann_sees.sees(&ben), Some(Status::Offline));
        block(&world, &ben, &ann, false).await;
        choose(there, &ben, Status::Online).await;
        device.drop_connection();
        pass(&world, &[here, there], 31).await;
        assert_eq!(ann_sees.sees(&ben), Some(Status::Offline));
        let late = &mut Device::connect(&world.another_node(), &ann).await;
        assert_eq!(late.sees(&ben), Some(Status::Offline));
    }

    async fn a_node_that_dies_takes_its_people_along_and_brings_them_back(world: World) {
        let (ann, ben) = ann_and_ben(&world).await;
        let (here, there) = (&world.rony, &world.another_node());
        let (mut ann, _device) = (Device::connect(here, &ann).await, Device::connect(there, &ben).await);
        pass(&world, &[here, there], 1).await;
        assert_eq!(ann.sees(&ben), Some(Status::Online));
        for _ in 0..4 {
            pass(&world, &[here], 10).await;
        }
        assert_eq!(ann.sees(&ben), Some(Status::Online));
        pass(&world, &[here], 10).await;
        assert_eq!(ann.sees(&ben), Some(Status::Offline));
        assert!(world.store.chosen(&[ben.id]).await.unwrap()[0].last_seen.is_some());
        pass(&world, &[here, there], 1).await;
        assert_eq!(ann.sees(&ben), Some(Status::Online), "it was only slow");
    }

    async fn who_types_is_seen_by_the_others_who_have_the_conversation_open_and_stops(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        let place = world.group(&[&ann, &ben, &cem]).await;
        let rony = &world.rony;
        let mut from_ann = Device::connect(rony, &ann).await;
        let (mut from_ben, mut from_cem) = (Device::connect(rony, &ben).await, Device::connect(rony, &cem).await);
        for (person, device) in [(&ann, &from_ann), (&ben, &from_ben)] {
            rony.presence().watch(&person.actor, &device.link, &[], Some(place)).await.unwrap();
        }
        for _ in 0..50 {
            rony.presence().typing(&ann.actor, &from_ann.link, place).unwrap();
        }
        pass(&world, &[rony], 1).await;
        from_ben.read();
        assert_eq!(from_ben.typing, [vec![ann.id]], "however often she said so");
        rony.presence().heard_typing(place, cem.id);
        pass(&world, &[rony], 1).await;
        pass(&world, &[rony], 6).await;
        for device in [&mut from_ann, &mut from_ben, &mut from_cem] {
            device.read();
        }
        assert_eq!(from_ben.typing.last(), Some(&vec![]));
        assert!(from_ann.typing.iter().flatten().all(|user| *user == cem.id), "nobody is told of themselves");
        assert!(from_cem.typing.is_empty(), "the conversation is not open there");
    }

    async fn who_was_removed_or_blocked_sees_nobody_type(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        let place = world.group(&[&ann, &ben, &cem]).await;
        let rony = &world.rony;
        let from_ann = Device::connect(rony, &ann).await;
        let (mut from_ben, mut from_cem) = (Device::connect(rony, &ben).await, Device::connect(rony, &cem).await);
        for (person, device) in [(&ben, &from_ben), (&cem, &from_cem)] {
            rony.presence().watch(&person.actor, &device.link, &[], Some(place)).await.unwrap();
        }
        block(&world, &ann, &ben, true).await;
        rony.members().remove(&ann.actor, place, cem.id).await.unwrap();
        pass(&world, &[rony], 1).await;
        rony.presence().typing(&ann.actor, &from_ann.link, place).unwrap();
        pass(&world, &[rony], 1).await;
        from_ben.read();
        from_cem.read();
        assert!(from_ben.typing.iter().all(Vec::is_empty) && from_cem.typing.is_empty());
        let error = rony.presence().typing(&cem.actor, &from_cem.link, place).unwrap_err();
        assert_eq!(error.code(), "not_found");
    }

    async fn nothing_is_written_where_nothing_changes(world: World) {
        let (_, ben) = ann_and_ben(&world).await;
        let _device = Device::connect(&world.rony, &ben).await;
        pass(&world, &[&world.rony], 1).await;
        let before = world.store.since().await.unwrap();
        pass(&world, &[&world.rony], 1).await;
        assert_eq!(world.store.since().await.unwrap(), before);
    }
}
