//! Facts about scheduled meetings.

use std::time::Duration;

use rony_core::{
    Error, Result,
    contact::ContactChanges,
    id::{ConversationId, MeetingId, UserId},
    meeting::{
        Answer, Meeting, MeetingChange, MeetingStatus, NewMeeting, SetAnswer,
        free::{FindTime, FreeTimes},
    },
    notification::{DoNotDisturb, Notification, NotificationKind, SetClear},
    page::Limit,
    time::{Clock as _, Timestamp},
    user::AccountChange,
};
use serde_json::{Value, json};

use super::{Person, World, facts};

const MINUTE: Duration = Duration::from_secs(60);

fn code<T>(answer: Result<T>) -> &'static str {
    answer.err().expect("is refused").code()
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn change(meeting: &Meeting, mut what: Value) -> MeetingChange {
    what["version"] = json!(meeting.version);
    serde_json::from_value(what).expect("a change")
}

impl World {
    /// Half an hour at ten in Prague, the day after.
    pub(super) fn wish(&self, people: &[&Person]) -> NewMeeting {
        let people: Vec<_> = people.iter().map(|person| person.id).collect();
        serde_json::from_value(json!({
            "client_id": self.client_id(), "title": "Plans", "start": "2026-01-02T10:00", "zone": "Europe/Prague",
            "minutes": 30, "people": people,
        }))
        .expect("a wish")
    }

    async fn schedule(&self, by: &Person, new: NewMeeting) -> Meeting {
        self.rony.meetings().create(&by.actor, new).await.expect("may schedule a meeting").meeting
    }

    async fn meetings_of(&self, person: &Person) -> Vec<Meeting> {
        let page = self.rony.meetings().list(&person.actor, None, None, Limit::MAX, None).await;
        page.expect("is a person").items
    }

    async fn says(&self, person: &Person, meeting: &Meeting, answer: Answer) -> Result<Meeting> {
        self.rony.meetings().answer(&person.actor, meeting.id, SetAnswer { answer }).await
    }

    /// What is open about meetings.
    async fn told_now(&self, person: &Person) -> Vec<Notification> {
        let list = self.rony.notifications().list(&person.actor, Limit::MAX, None).await.expect("a list");
        let of_meetings = |it: &Notification| it.meeting_id.is_some() && it.cleared_at.is_none();
        list.items.into_iter().filter(of_meetings).collect()
    }

    /// The kinds of notifications of meetings that the person's own stream told of, one after the other.
    async fn told_of(&self, person: &Person) -> Vec<String> {
        let mut events = self.own_events(person, "notification.added").await;
        events.retain(|event| !event["notification"]["meeting_id"].is_null());
        let kind = |event: &Value| event["notification"]["kind"].as_str().expect("a kind").to_owned();
        events.iter().map(kind).collect()
    }

    async fn blocks(&self, person: &Person, other: &Person) {
        let changes = ContactChanges { blocked: Some(true), ..ContactChanges::default() };
        self.rony.contacts().change(&person.actor, other.id, changes).await.expect("is blocked");
    }

    async fn switches_off(&self, root: &Person, person: &Person) {
        let off = AccountChange { deactivated: Some(true), ..AccountChange::default() };
        self.rony.users().administer(&root.actor, person.id, off).await.expect("is switched off");
    }

    async fn free(&self, person: &Person, people: &[&Person]) -> Result<FreeTimes> {
        let find = self.find(people, None);
        self.rony.meetings().free_times(&person.actor, find).await
    }

    fn find(&self, people: &[&Person], meeting_id: Option<MeetingId>) -> FindTime {
        FindTime {
            people: people.iter().map(|person| person.id).collect(),
            from: at("2026-01-02T08:00:00Z"),
            to: at("2026-01-02T12:00:00Z"),
            minutes: 30,
            zone: "Europe/Prague".parse().expect("a zone"),
            working_hours: None,
            meeting_id,
        }
    }
}

fn spans(times: &[(Timestamp, Timestamp)]) -> Vec<String> {
    let clock = |moment: &Timestamp| moment.to_string()[11..16].to_owned();
    times.iter().map(|(from, to)| format!("{}-{}", clock(from), clock(to))).collect()
}

fn free_spans(times: &FreeTimes) -> Vec<String> {
    spans(&times.free.iter().map(|window| (window.from, window.to)).collect::<Vec<_>>())
}

fn busy_spans(times: &FreeTimes, person: UserId) -> Vec<String> {
    let busy = times.busy.iter().filter(|busy| busy.user_id == person);
    spans(&busy.map(|busy| (busy.from, busy.to)).collect::<Vec<_>>())
}

fn kinds(notifications: &[Notification]) -> Vec<NotificationKind> {
    notifications.iter().map(|notification| notification.kind).collect()
}

use NotificationKind::{MeetingCancellation, MeetingChange as Changed, MeetingInvitation, MeetingReminder};

facts! {
    async fn who_is_asked_sees_a_meeting_and_nobody_else(world: World) {
        let [ann, ben, eve] = [world.person("ann").await, world.person("ben").await, world.person("eve").await];
        let meeting = world.schedule(&ann, world.wish(&[&ben, &ann])).await;
        assert_eq!((meeting.starts_at, meeting.ends_at), (at("2026-01-02T09:00:00Z"), at("2026-01-02T09:30:00Z")));
        assert_eq!((meeting.answer_of(ben.id), meeting.answer_of(ann.id)), (Some(Answer::None), None));
        for person in [&ann, &ben] {
            assert_eq!(world.rony.meetings().get(&person.actor, meeting.id).await.unwrap(), meeting);
            assert_eq!(world.meetings_of(person).await, std::slice::from_ref(&meeting));
            let events = world.own_events(person, "meeting.").await;
            assert_eq!(events.len(), 1);
            assert_eq!((&events[0]["type"], &events[0]["meeting_id"]), (&json!("meeting.changed"), &json!(meeting.id)));
        }
        let told = world.told_now(&ben).await;
        assert_eq!(kinds(&told), [MeetingInvitation]);
        assert_eq!((told[0].meeting_id, told[0].conversation_id, told[0].actor_id), (Some(meeting.id), None, Some(ann.id)));
        assert!(world.told_now(&ann).await.is_empty(), "who scheduled it knows");

        // Of who is not asked there is no trace, and a guessed id is one that does not exist.
        assert!(world.meetings_of(&eve).await.is_empty());
        assert!(world.own_events(&eve, "meeting.").await.is_empty());
        for id in [meeting.id, MeetingId::new(world.clock.now())] {
            assert_eq!(code(world.rony.meetings().get(&eve.actor, id).await), "not_found");
            let title = change(&meeting, json!({"title": "Mine"}));
            assert_eq!(code(world.rony.meetings().change(&eve.actor, id, title).await), "not_found");
            assert_eq!(code(world.rony.meetings().cancel(&eve.actor, id).await), "not_found");
            let answer = SetAnswer { answer: Answer::Accepted };
            assert_eq!(code(world.rony.meetings().answer(&eve.actor, id, answer).await), "not_found");
        }
        let title = change(&meeting, json!({"title": "Mine"}));
        assert_eq!(code(world.rony.meetings().change(&ben.actor, meeting.id, title).await), "not_yours");
        assert_eq!(code(world.rony.meetings().cancel(&ben.actor, meeting.id).await), "not_yours");
    }

    async fn a_repeated_wish_is_the_same_meeting(world: World) {
        let [ann, ben] = [world.person("ann").await, world.person("ben").await];
        let wish = world.wish(&[&ben]);
        let meeting = world.schedule(&ann, wish.clone()).await;
        let node = world.another_node();
        let again = node.meetings().create(&ann.actor, NewMeeting { title: "Other".into(), ..wish.clone() }).await.unwrap();
        assert_eq!((again.new, &again.meeting), (false, &meeting));
        assert_eq!(world.told_now(&ben).await.len(), 1);
        // Another person's ids are their own.
        let bens = node.meetings().create(&ben.actor, NewMeeting { people: Vec::new(), ..wish }).await.unwrap();
        assert!(bens.new && bens.meeting.id != meeting.id && bens.meeting.invitees.is_empty());
        // Two at once are one.
        let wish = world.wish(&[&ben]);
        let (one, other) = tokio::join!(
            async { node.meetings().create(&ann.actor, wish.clone()).await },
            async { world.rony.meetings().create(&ann.actor, wish.clone()).await },
        );
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!((one.meeting.id, one.new), (other.meeting.id, !other.new));
    }

    async fn a_meeting_has_a_room_whose_code_stays(world: World) {
        let [ann, ben] = [world.person("ann").await, world.person("ben").await];
        let meeting = world.schedule(&ann, world.wish(&[&ben])).await;
        let code_of_room = meeting.code.expect("a code");
        let preview = world.rony.rooms().preview(&code_of_room.to_string(), None).await.unwrap();
        assert_eq!((preview.title.as_str(), preview.guests), ("Plans", true));
        let room = world.rony.rooms().get(&ann.actor, meeting.room_id).await.unwrap();
        assert!(room.scheduled && room.code == code_of_room);
        assert!(world.rony.rooms().list(&ann.actor, None, Limit::MAX, None).await.unwrap().items.is_empty());
        assert_eq!(code(world.rony.rooms().delete(&ann.actor, meeting.room_id).await), "scheduled");
        assert_eq!(code(world.rony.rooms().get(&ben.actor, meeting.room_id).await), "not_found");
        let moved = change(&meeting, json!({"title": "Lunch", "start": "2026-01-03T12:00"}));
        let moved = world.rony.meetings().change(&ann.actor, meeting.id, moved).await.unwrap();
        assert_eq!(moved.code, meeting.code);
        let visit = world.rony.rooms().visit(&ben.actor, code_of_room).await.unwrap();
        assert_eq!((visit.door.room.title.as_str(), visit.door.room.owner_id), ("Lunch", ann.id));
        let private = NewMeeting { guests: false, ..world.wish(&[]) };
        let private = world.schedule(&ann, private).await.code.expect("a code");
        assert_eq!(code(world.rony.rooms().invite_in(&private.to_string(), "Bo", None).await), "guests_not_allowed");

        let cancelled = world.rony.meetings().cancel(&ann.actor, meeting.id).await.unwrap();
        assert_eq!((cancelled.code, cancelled.meeting.code), (Some(code_of_room), None));
        assert_eq!(code(world.rony.rooms().visit(&ben.actor, code_of_room).await), "room_unknown");
    }

    async fn another_time_is_told_and_takes_the_answers_back(world: World) {
        let [ann, ben, cem] = [world.person("ann").await, world.person("ben").await, world.person("cem").await];
        let meeting = world.schedule(&ann, world.wish(&[&ben, &cem])).await;
        world.says(&ben, &meeting, Answer::Accepted).await.unwrap();
        let words = change(&meeting, json!({"description": "Bring coffee", "reminders": [60]}));
        let words = world.rony.meetings().change(&ann.actor, meeting.id, words).await.unwrap();
        assert_eq!((words.version, words.answer_of(ben.id)), (2, Some(Answer::Accepted)));
        assert!(world.told_now(&ben).await.is_empty(), "nobody has to know at once");
        assert_eq!(world.own_events(&ben, "meeting.changed").await.len(), 3, "asked, answered, changed");
        let stale = change(&meeting, json!({"title": "Mine"}));
        assert_eq!(code(world.rony.meetings().change(&ann.actor, meeting.id, stale).await), "changed_meanwhile");

        let moved = change(&words, json!({"zone": "America/New_York", "minutes": 45}));
        let moved = world.rony.meetings().change(&ann.actor, meeting.id, moved).await.unwrap();
        assert_eq!((moved.starts_at, moved.ends_at), (at("2026-01-02T15:00:00Z"), at("2026-01-02T15:45:00Z")));
        assert_eq!(moved.answer_of(ben.id), Some(Answer::None));
        assert_eq!(world.rony.meetings().get(&ben.actor, meeting.id).await.unwrap(), moved);
        assert_eq!(world.meetings_of(&cem).await, std::slice::from_ref(&moved));
        assert_eq!(kinds(&world.told_now(&ben).await), [Changed]);
        assert_eq!(kinds(&world.told_now(&cem).await), [Changed], "one word about each meeting: the newest");
        assert_eq!(world.told_of(&cem).await, ["meeting_invitation", "meeting_change"]);
        assert!(world.told_now(&ann).await.is_empty());
        let past = change(&moved, json!({"start": "2025-12-31T23:00", "zone": "UTC"}));
        assert_eq!(code(world.rony.meetings().change(&ann.actor, meeting.id, past).await), "invalid");
    }

    async fn people_are_asked_later_and_not_any_more(world: World) {
        let [ann, ben, cem] = [world.person("ann").await, world.person("ben").await, world.person("cem").await];
        let meeting = world.schedule(&ann, world.wish(&[&ben])).await;
        world.says(&ben, &meeting, Answer::Tentative).await.unwrap();
        let both = change(&meeting, json!({"people": [cem.id, ann.id, ben.id]}));
        let both = world.rony.meetings().change(&ann.actor, meeting.id, both).await.unwrap();
        assert_eq!((both.answer_of(ben.id), both.answer_of(cem.id)), (Some(Answer::Tentative), Some(Answer::None)));
        assert_eq!(kinds(&world.told_now(&cem).await), [MeetingInvitation]);
        assert!(world.told_now(&ben).await.is_empty());
        let one = change(&both, json!({"people": [ben.id], "title": "Lunch"}));
        world.rony.meetings().change(&ann.actor, meeting.id, one).await.unwrap();
        assert_eq!(code(world.rony.meetings().get(&cem.actor, meeting.id).await), "not_found");
        assert!(world.meetings_of(&cem).await.is_empty());
        assert!(world.told_now(&cem).await.is_empty(), "what was open about it is gone with it");
        assert_eq!(world.own_events(&cem, "meeting.removed").await.len(), 1);
        assert_eq!(world.told_of(&cem).await, ["meeting_invitation"], "nothing of the new title");
        assert_eq!(kinds(&world.told_now(&ben).await), [Changed]);
    }

    async fn an_answer_is_told_to_the_organizer_and_clears_what_asked(world: World) {
        let [ann, ben, cem] = [world.person("ann").await, world.person("ben").await, world.person("cem").await];
        let meeting = world.schedule(&ann, world.wish(&[&ben, &cem])).await;
        let answered = world.says(&ben, &meeting, Answer::Accepted).await.unwrap();
        assert_eq!((answered.answer_of(ben.id), answered.version), (Some(Answer::Accepted), 1));
        assert_eq!(world.rony.meetings().get(&cem.actor, meeting.id).await.unwrap(), answered);
        assert!(world.told_now(&ben).await.is_empty());
        for (person, events) in [(&ann, 2), (&ben, 2), (&cem, 1)] {
            assert_eq!(world.own_events(person, "meeting.changed").await.len(), events);
        }
        // Said again it is no news.
        world.says(&ben, &meeting, Answer::Accepted).await.unwrap();
        assert_eq!(world.own_events(&ann, "meeting.changed").await.len(), 2);
        assert_eq!(code(world.says(&ann, &meeting, Answer::Declined).await), "organizer");
        world.clock.set(meeting.ends_at);
        assert_eq!(code(world.says(&ben, &meeting, Answer::Declined).await), "meeting_over");
        let title = change(&meeting, json!({"title": "Lunch"}));
        assert_eq!(code(world.rony.meetings().change(&ann.actor, meeting.id, title).await), "meeting_over");
    }

    async fn nobody_is_asked_by_whom_they_blocked(world: World) {
        let [ann, ben, cem] = [world.person("ann").await, world.person("ben").await, world.person("cem").await];
        let root = world.administrator("root").await;
        world.blocks(&ben, &ann).await;
        assert_eq!(code(world.rony.meetings().create(&ann.actor, world.wish(&[&cem, &ben])).await), "blocked");
        assert!(world.meetings_of(&cem).await.is_empty());
        let meeting = world.schedule(&ann, world.wish(&[&cem])).await;
        let both = change(&meeting, json!({"people": [cem.id, ben.id]}));
        assert_eq!(code(world.rony.meetings().change(&ann.actor, meeting.id, both).await), "blocked");
        // Who blocks later is told nothing more.
        world.rony.notifications().clear(&cem.actor, SetClear::default()).await.unwrap();
        world.blocks(&cem, &ann).await;
        let title = change(&meeting, json!({"title": "Lunch"}));
        world.rony.meetings().change(&ann.actor, meeting.id, title).await.unwrap();
        world.clock.set(meeting.starts_at);
        world.rony.meetings().remind().await.unwrap();
        assert!(world.told_now(&cem).await.is_empty());
        // There is nobody to ask.
        let dan = world.person("dan").await;
        world.switches_off(&root, &dan).await;
        let nobody = UserId::new(world.clock.now());
        let later = NewMeeting { start: "2026-01-03T10:00".parse().unwrap(), ..world.wish(&[&cem]) };
        for (person, field) in [(dan.id, "people[0]"), (nobody, "people[0]")] {
            let wish = NewMeeting { people: vec![person], ..later.clone() };
            let Error::Invalid(fields) = world.rony.meetings().create(&ann.actor, wish).await.unwrap_err() else {
                panic!("is invalid")
            };
            assert_eq!(fields[0].field, field);
        }
    }

    async fn the_members_of_a_conversation_are_asked(world: World) {
        let [ann, ben, cem, eve] =
            [world.person("ann").await, world.person("ben").await, world.person("cem").await, world.person("eve").await];
        let place = world.group(&[&ann, &ben, &cem]).await;
        world.blocks(&cem, &ann).await;
        let of = |place: ConversationId, people: &[&Person]| NewMeeting { conversation_id: Some(place), ..world.wish(people) };
        let meeting = world.schedule(&ann, of(place, &[&ben, &eve])).await;
        let mut asked: Vec<_> = meeting.invitees.iter().map(|invitee| invitee.user_id).collect();
        asked.sort_unstable();
        let mut expected = [ben.id, eve.id];
        expected.sort_unstable();
        assert_eq!(asked, expected, "each once, without who may not be asked");
        assert_eq!(code(world.rony.meetings().create(&eve.actor, of(place, &[])).await), "not_found");
        let direct = world.direct(&ann, &ben).await;
        world.blocks(&ben, &ann).await;
        assert_eq!(code(world.rony.meetings().create(&ann.actor, of(direct, &[])).await), "blocked");
    }

    async fn meetings_are_listed_by_time_in_pages(world: World) {
        let [ann, ben] = [world.person("ann").await, world.person("ben").await];
        let mut made = Vec::new();
        for start in ["2026-01-04T10:00", "2026-01-02T10:00", "2026-01-03T10:00"] {
            let wish = NewMeeting { start: start.parse().unwrap(), ..world.wish(&[&ben]) };
            made.push(world.schedule(&ann, wish).await);
        }
        made.sort_by_key(|meeting| meeting.starts_at);
        let meetings = world.rony.meetings();
        let one = Limit::new(1).unwrap();
        let (mut cursor, mut listed) = (None, Vec::new());
        loop {
            let page = meetings.list(&ben.actor, None, None, one, cursor.as_ref()).await.unwrap();
            listed.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(listed, made);
        // What touches a range only with its edge is not in it.
        let range = async |from: &str, to: &str| {
            meetings.list(&ben.actor, Some(at(from)), Some(at(to)), Limit::MAX, None).await.unwrap().items.len()
        };
        assert_eq!(range("2026-01-02T09:30:00Z", "2026-01-03T09:00:00Z").await, 0);
        assert_eq!(range("2026-01-02T09:29:00Z", "2026-01-03T09:01:00Z").await, 2);
        world.clock.set(at("2026-01-03T09:10:00Z"));
        assert_eq!(world.meetings_of(&ann).await, &made[1..], "what goes on is still there");
        let foreign = world.rony.rooms().list(&ann.actor, None, one, None).await.unwrap().next;
        assert!(foreign.is_none());
    }

    async fn a_cancelled_meeting_is_told_and_reminds_of_nothing(world: World) {
        let [ann, ben] = [world.person("ann").await, world.person("ben").await];
        let meeting = world.schedule(&ann, world.wish(&[&ben])).await;
        let cancelled = world.rony.meetings().cancel(&ann.actor, meeting.id).await.unwrap().meeting;
        assert_eq!((cancelled.status, cancelled.version), (MeetingStatus::Cancelled, 2));
        assert_eq!(world.rony.meetings().get(&ben.actor, meeting.id).await.unwrap(), cancelled);
        assert_eq!(kinds(&world.told_now(&ben).await), [MeetingCancellation]);
        assert_eq!(code(world.rony.meetings().cancel(&ann.actor, meeting.id).await), "cancelled");
        assert_eq!(code(world.says(&ben, &meeting, Answer::Accepted).await), "cancelled");
        let title = change(&cancelled, json!({"title": "Lunch"}));
        assert_eq!(code(world.rony.meetings().change(&ann.actor, meeting.id, title).await), "cancelled");
        world.clock.set(meeting.starts_at);
        assert_eq!(world.rony.meetings().remind().await.unwrap(), 0);
        let free = world.free(&ann, &[&ben]).await.unwrap();
        assert!(free.busy.is_empty(), "it is in nobody's way");
    }

    async fn people_are_reminded_once_whatever_node_is_there(world: World) {
        let [ann, ben, cem] = [world.person("ann").await, world.person("ben").await, world.person("cem").await];
        let meeting = world.schedule(&ann, world.wish(&[&ben, &cem])).await;
        world.says(&ben, &meeting, Answer::Accepted).await.unwrap();
        world.says(&cem, &meeting, Answer::Declined).await.unwrap();
        let nodes = [world.another_node(), world.another_node(), world.another_node()];
        let all_remind = async || {
            let remind = async |node: usize| nodes[node].meetings().remind().await.unwrap();
            let (one, two, three) = tokio::join!(remind(0), remind(1), remind(2));
            one + two + three
        };
        world.clock.set(meeting.starts_at.minus(MINUTE * 10).minus(Duration::from_millis(1)));
        assert_eq!(all_remind().await, 0);
        world.clock.set(meeting.starts_at.minus(MINUTE * 10));
        assert_eq!(all_remind().await, 1);
        for person in [&ann, &ben] {
            let told = world.told_now(person).await;
            assert_eq!(kinds(&told), [MeetingReminder]);
            assert_eq!((told[0].meeting_id, told[0].quiet), (Some(meeting.id), false));
        }
        assert_eq!(all_remind().await, 0);
        let peace = DoNotDisturb { until: Some(meeting.ends_at) };
        world.rony.notifications().set_do_not_disturb(&ben.actor, peace).await.unwrap();
        world.clock.set(meeting.starts_at);
        // A node that was started again meanwhile knows of it too.
        assert_eq!(world.another_node().meetings().remind().await.unwrap(), 1);
        assert_eq!(all_remind().await, 0);
        assert_eq!(world.told_of(&ann).await, ["meeting_reminder", "meeting_reminder"]);
        let told = world.told_now(&ben).await;
        assert_eq!((kinds(&told), told[0].quiet), (vec![MeetingReminder], true));
        assert_eq!(world.told_of(&cem).await, ["meeting_invitation"], "who does not come is not reminded");
    }

    async fn reminders_that_were_missed_are_one_and_none_when_it_is_over(world: World) {
        let [ann, ben] = [world.person("ann").await, world.person("ben").await];
        let reminders = vec![0, 10, 60, 40_320];
        let first = world.schedule(&ann, NewMeeting { reminders: reminders.clone(), ..world.wish(&[&ben]) }).await;
        world.clock.advance(MINUTE);
        assert_eq!(world.rony.meetings().remind().await.unwrap(), 0, "what was over when it was made is none");
        world.clock.set(first.starts_at.plus(MINUTE));
        assert_eq!(world.rony.meetings().remind().await.unwrap(), 1);
        assert_eq!(world.told_of(&ann).await, ["meeting_reminder"], "three were due");
        let start = "2026-01-03T10:00".parse().unwrap();
        let second = world.schedule(&ann, NewMeeting { start, reminders, ..world.wish(&[&ben]) }).await;
        world.clock.set(second.ends_at);
        world.rony.meetings().remind().await.unwrap();
        assert_eq!(world.told_of(&ann).await, ["meeting_reminder"]);
        world.clock.advance(MINUTE);
        assert_eq!(world.rony.meetings().remind().await.unwrap(), 0);
    }

    async fn another_time_has_other_reminders(world: World) {
        let ann = world.person("ann").await;
        let meeting = world.schedule(&ann, world.wish(&[])).await;
        world.clock.set(meeting.starts_at.minus(MINUTE * 5));
        assert_eq!(world.rony.meetings().remind().await.unwrap(), 1);
        // Other words remind of nothing again.
        let words = change(&meeting, json!({"description": "Bring coffee"}));
        let words = world.rony.meetings().change(&ann.actor, meeting.id, words).await.unwrap();
        assert_eq!(world.rony.meetings().remind().await.unwrap(), 0);
        let later = change(&words, json!({"start": "2026-01-02T11:00"}));
        let later = world.rony.meetings().change(&ann.actor, meeting.id, later).await.unwrap();
        world.clock.set(meeting.starts_at);
        assert_eq!(world.rony.meetings().remind().await.unwrap(), 0);
        for minutes in [10, 0] {
            world.clock.set(later.starts_at.minus(MINUTE * minutes));
            assert_eq!(world.rony.meetings().remind().await.unwrap(), 1);
        }
        assert_eq!(world.told_of(&ann).await.len(), 3);
    }

    async fn a_node_that_runs_reminds_by_itself(world: World) {
        let ann = world.person("ann").await;
        let meeting = world.schedule(&ann, world.wish(&[])).await;
        world.clock.set(meeting.starts_at);
        let running = tokio::spawn({
            let rony = world.rony.clone();
            async move { rony.run().await }
        });
        while world.told_now(&ann).await.is_empty() {
            tokio::task::yield_now().await;
        }
        running.abort();
        assert_eq!(kinds(&world.told_now(&ann).await), [MeetingReminder]);
    }

    async fn a_time_is_found_without_a_word_about_what_people_do(world: World) {
        let [ann, ben, cem] = [world.person("ann").await, world.person("ben").await, world.person("cem").await];
        let start = |start: &str, people: &[&Person]| NewMeeting { start: start.parse().unwrap(), ..world.wish(people) };
        let first = world.schedule(&ben, start("2026-01-02T09:15", &[])).await;
        let second = world.schedule(&cem, start("2026-01-02T11:00", &[&ben])).await;
        world.schedule(&cem, start("2026-01-02T12:00", &[])).await;
        let times = world.free(&ann, &[&ben]).await.unwrap();
        assert_eq!(free_spans(&times), ["08:45-10:00", "10:30-12:00"], "a quarter of an hour is too short");
        assert_eq!(busy_spans(&times, ben.id), ["08:15-08:45", "10:00-10:30"]);
        let all = world.free(&ann, &[&ben, &cem]).await.unwrap();
        assert_eq!(free_spans(&all), ["08:45-10:00", "10:30-11:00", "11:30-12:00"]);
        // What one does not come to is in nobody's way, nor what is to move.
        world.says(&ben, &second, Answer::Declined).await.unwrap();
        let times = world.free(&ann, &[&ben]).await.unwrap();
        assert_eq!(busy_spans(&times, ben.id), ["08:15-08:45"]);
        let find = world.find(&[&ann], Some(first.id));
        let without = world.rony.meetings().free_times(&ben.actor, find).await.unwrap();
        assert!(without.busy.is_empty());
        let find = world.find(&[&ben], Some(first.id));
        let not_mine = world.rony.meetings().free_times(&ann.actor, find).await.unwrap();
        assert_eq!(busy_spans(&not_mine, ben.id), ["08:15-08:45"], "only of one's own meetings");
        // Of whoever blocks nothing is told: neither when they are busy nor that they block.
        world.blocks(&ben, &ann).await;
        let times = world.free(&ann, &[&ben]).await.unwrap();
        assert!(times.busy.is_empty());
        let nobody = FindTime { people: vec![UserId::new(world.clock.now())], ..world.find(&[], None) };
        assert_eq!(code(world.rony.meetings().free_times(&ann.actor, nobody).await), "invalid");
        // Never in the past.
        world.clock.set(at("2026-01-02T11:40:00Z"));
        assert!(world.free(&cem, &[]).await.unwrap().free.is_empty());
    }

    async fn the_meetings_of_who_was_switched_off_are_there_for_nobody(world: World) {
        let [ann, ben, root] =
            [world.person("ann").await, world.person("ben").await, world.administrator("root").await];
        let meeting = world.schedule(&ann, world.wish(&[&ben])).await;
        let other = world.schedule(&root, world.wish(&[&ann])).await;
        world.switches_off(&root, &ann).await;
        assert_eq!(code(world.rony.meetings().get(&ben.actor, meeting.id).await), "not_found");
        assert!(world.meetings_of(&ben).await.is_empty());
        assert_eq!(code(world.says(&ben, &meeting, Answer::Accepted).await), "not_found");
        let busy = world.free(&root, &[&ben]).await.unwrap().busy;
        assert!(busy.iter().all(|busy| busy.user_id == root.id), "what is there for nobody keeps nobody");
        world.clock.set(other.starts_at);
        world.rony.meetings().remind().await.unwrap();
        assert_eq!(world.told_of(&ben).await, ["meeting_invitation"]);
        assert_eq!(world.told_of(&root).await, ["meeting_reminder"]);
        assert_eq!(world.rony.meetings().remind().await.unwrap(), 0);
    }
}
