//! Facts about calls.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use rony_core::{
    Result,
    call::{Call, CallOutcome, CallPerson, Callee, EndCall, LEASE, MOST_A_MINUTE, Outcome, Ringing},
    contact::ContactChanges,
    id::{CallId, ClientId, ConversationId, UserId},
    member::{Level, SettingsChange},
    message::{Message, Post},
    notification::{DoNotDisturb, Notification, NotificationKind},
    page::Limit,
    time::{Clock as _, Timestamp},
    user::AccountChange,
};

use super::{Person, World, facts};

/// An account is switched off.
const OFF: AccountChange = AccountChange { role: None, deactivated: Some(true) };

fn code<T>(answer: Result<T>) -> &'static str {
    answer.err().expect("is refused").code()
}

impl World {
    fn call_id(&self) -> CallId {
        CallId(self.client_id().uuid())
    }

    async fn ring(&self, by: &Person, place: ConversationId) -> Result<(CallId, Vec<Callee>)> {
        let id = self.call_id();
        self.rony.calls().begin(&by.actor, id, place, false).await.map(|callees| (id, callees))
    }

    async fn rings(&self, by: &Person, place: ConversationId) -> CallId {
        self.ring(by, place).await.expect("may call").0
    }

    /// A call ends that nobody accepted.
    async fn ends(&self, id: CallId, outcome: CallOutcome, callees: &[(UserId, Outcome)]) {
        let ended_at = self.clock.now();
        let callees: BTreeMap<_, _> = callees.iter().copied().collect();
        let end = EndCall { id, outcome, callees, video: false, answered_at: None, ended_at };
        self.rony.calls().end(&end).await.expect("is written down");
    }

    async fn call_log(&self, person: &Person) -> Vec<Call> {
        self.rony.calls().list(&person.actor, Limit::MAX, None).await.expect("is a person").items
    }

    async fn messages_of_calls(&self, reader: &Person, place: ConversationId) -> Vec<Message> {
        let window = rony_core::message::Window::Newest;
        let page = self.rony.messages().page(&reader.actor, place, None, window, Limit::MAX).await;
        let mut messages = page.expect("is a member").items;
        messages.retain(|message| message.call.is_some());
        messages
    }

    async fn missed_calls(&self, person: &Person) -> Vec<Notification> {
        self.rony.projections().run_once().await.expect("projects");
        let list = self.rony.notifications().list(&person.actor, Limit::MAX, None).await;
        let mut list = list.expect("is a person").items;
        list.retain(|notification| notification.kind == NotificationKind::MissedCall);
        list
    }
}

facts! {
    async fn a_missed_call_is_a_message_and_a_notification_once(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.direct(&ann, &ben).await;
        let (id, callees) = world.ring(&ann, place).await.unwrap();
        assert_eq!(callees, [Callee { user_id: ben.id, ringing: Ringing::Loud }]);
        assert_eq!(world.call_log(&ben).await[0].outcome, None);
        world.clock.advance(Duration::from_secs(45));
        for _ in 0..2 {
            world.ends(id, CallOutcome::Missed, &[(ben.id, Outcome::Missed)]).await;
        }
        let messages = world.messages_of_calls(&ben, place).await;
        let [message] = &messages[..] else { panic!("one message: {messages:?}") };
        let note = message.call.as_ref().unwrap();
        assert_eq!((note.id, note.video, &note.missed), (id, false, &vec![ben.id]));
        assert_eq!((message.sender_id, message.text.as_str()), (ann.id, ""));
        let missed = world.missed_calls(&ben).await;
        assert_eq!((missed.len(), missed[0].message_id, missed[0].actor_id), (1, Some(message.id), Some(ann.id)));
        assert!(world.missed_calls(&ann).await.is_empty());
        // The event of its posting says the same.
        let events = world.events(&ben, place).await;
        let posted = events.iter().find(|event| event["message"]["id"] == message.id.to_string()).unwrap();
        assert_eq!(posted["message"]["call"]["missed"], serde_json::json!([ben.id]));
        for person in [&ann, &ben] {
            let log = world.call_log(person).await;
            assert_eq!((log.len(), log[0].outcome, log[0].callees[0].outcome), (1, Some(CallOutcome::Missed), Some(Outcome::Missed)));
            assert_eq!(log[0].ended_at, Some(log[0].started_at.plus(Duration::from_secs(45))));
        }
    }

    async fn a_call_that_was_answered_or_declined_leaves_no_message(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.direct(&ann, &ben).await;
        let declined = world.rings(&ann, place).await;
        world.ends(declined, CallOutcome::Declined, &[(ben.id, Outcome::Declined)]).await;
        world.clock.advance(Duration::from_secs(1));
        let answered = world.rings(&ben, place).await;
        let at = world.clock.now();
        world.rony.calls().answered(answered, ann.id, at).await.unwrap();
        world.clock.advance(Duration::from_secs(60));
        let callees = [(ann.id, Outcome::Accepted)].into_iter().collect();
        let (outcome, ended_at) = (CallOutcome::Answered, world.clock.now());
        let end = EndCall { id: answered, outcome, callees, video: true, answered_at: Some(at), ended_at };
        world.rony.calls().end(&end).await.unwrap();
        assert!(world.messages_of_calls(&ben, place).await.is_empty());
        assert!(world.missed_calls(&ben).await.is_empty() && world.missed_calls(&ann).await.is_empty());
        let log = world.call_log(&ann).await;
        let outcomes: Vec<_> = log.iter().map(|call| (call.id, call.outcome, call.video)).collect();
        assert_eq!(outcomes, [(answered, Some(CallOutcome::Answered), true), (declined, Some(CallOutcome::Declined), false)]);
        assert_eq!((log[0].answered_at, log[0].ended_at), (Some(at), Some(ended_at)));
    }

    async fn nobody_takes_the_place_of_what_tells_of_a_missed_call(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.direct(&ann, &ben).await;
        let id = world.rings(&ann, place).await;
        // All that somebody outside of the server knows of the call before it ends.
        let mine = Post::text(ClientId(id.uuid()), "Hello".to_owned());
        world.rony.messages().post(&ann.actor, place, mine).await.unwrap();
        for _ in 0..2 {
            world.ends(id, CallOutcome::Cancelled, &[(ben.id, Outcome::Cancelled)]).await;
        }
        assert_eq!(world.messages_of_calls(&ben, place).await.len(), 1);
        assert_eq!(world.missed_calls(&ben).await.len(), 1);
    }

    async fn no_nodes_clock_ends_a_call(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.direct(&ann, &ben).await;
        let id = world.rings(&ann, place).await;
        world.clock.advance(LEASE * 100);
        world.rony.calls().collect().await.unwrap();
        assert_eq!(world.call_log(&ann).await[0].outcome, None);
        world.store.renew_calls(&[id], Duration::ZERO).await.unwrap();
        world.rony.calls().renew(&[id]).await.unwrap();
        world.rony.calls().collect().await.unwrap();
        assert_eq!(world.call_log(&ann).await[0].outcome, None);
        world.store.renew_calls(&[id], Duration::ZERO).await.unwrap();
        world.rony.calls().collect().await.unwrap();
        assert_eq!(world.call_log(&ann).await[0].outcome, Some(CallOutcome::Missed));
    }

    async fn who_goes_from_a_conversation_may_be_no_more_in_its_calls(world: World) {
        let (root, ann) = (world.administrator("root").await, world.person("ann").await);
        let (ben, cem) = (world.person("ben").await, world.person("cem").await);
        let group = world.group(&[&ann, &ben, &cem]).await;
        let direct = world.direct(&ann, &ben).await;
        let asked = [(group, ann.id), (group, ben.id), (group, cem.id), (direct, ann.id), (direct, ben.id)];
        let outside = async || {
            let outside: BTreeSet<_> = world.rony.calls().outside(&asked).await.unwrap().into_iter().collect();
            outside
        };
        assert!(outside().await.is_empty());
        world.rony.members().remove(&ann.actor, group, cem.id).await.unwrap();
        let mut gone = BTreeSet::from([(group, cem.id)]);
        assert_eq!(outside().await, gone);
        let block = |on| ContactChanges { blocked: Some(on), ..ContactChanges::default() };
        // In a group whoever blocked somebody hears them all the same.
        world.rony.contacts().change(&ben.actor, ann.id, block(true)).await.unwrap();
        let both = BTreeSet::from([(direct, ann.id), (direct, ben.id)]);
        assert_eq!(outside().await, gone.union(&both).copied().collect());
        world.rony.contacts().change(&ben.actor, ann.id, block(false)).await.unwrap();
        world.rony.users().administer(&root.actor, ben.id, OFF).await.unwrap();
        gone.extend([(group, ben.id), (direct, ben.id)]);
        assert_eq!(outside().await, gone);
        world.rony.conversations().delete(&ann.actor, group).await.unwrap();
        assert!(outside().await.contains(&(group, ann.id)));
    }

    async fn a_call_that_nobody_drives_any_more_was_missed(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        let place = world.group(&[&ann, &ben, &cem]).await;
        let (rung, kept) = (world.rings(&ann, place).await, world.rings(&ben, place).await);
        world.rony.calls().answered(rung, cem.id, world.clock.now()).await.unwrap();
        world.store.renew_calls(&[rung], Duration::ZERO).await.unwrap();
        world.rony.calls().collect().await.unwrap();
        let log = world.call_log(&ben).await;
        let of = |id: CallId| log.iter().find(|call| call.id == id).unwrap();
        assert_eq!((of(rung).outcome, of(kept).outcome), (Some(CallOutcome::Answered), None));
        let outcomes: BTreeMap<_, _> = of(rung).callees.iter().map(|it| (it.user_id, it.outcome)).collect();
        assert_eq!((outcomes[&cem.id], outcomes[&ben.id]), (Some(Outcome::Accepted), Some(Outcome::Missed)));
        assert_eq!(world.missed_calls(&ben).await.len(), 1);
        assert!(world.missed_calls(&cem).await.is_empty());
        // Somebody else drives none on this database.
        world.rony.calls().abandon().await.unwrap();
        assert_eq!(world.missed_calls(&cem).await.len(), 1);
        assert_eq!(world.missed_calls(&ann).await.len(), 1);
        world.rony.calls().abandon().await.unwrap();
        assert_eq!(world.messages_of_calls(&ann, place).await.len(), 2);
    }

    async fn who_blocked_the_caller_hears_nothing_and_the_caller_cannot_tell(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.direct(&ann, &ben).await;
        let block = ContactChanges { blocked: Some(true), ..ContactChanges::default() };
        world.rony.contacts().change(&ben.actor, ann.id, block).await.unwrap();
        let (id, callees) = world.ring(&ann, place).await.unwrap();
        assert_eq!(callees, [Callee { user_id: ben.id, ringing: Ringing::Unheard }]);
        world.ends(id, CallOutcome::Missed, &[(ben.id, Outcome::Missed)]).await;
        assert!(world.call_log(&ben).await.is_empty());
        assert!(world.missed_calls(&ben).await.is_empty());
        assert!(world.messages_of_calls(&ben, place).await.is_empty());
        assert_eq!(world.call_log(&ann).await[0].outcome, Some(CallOutcome::Missed));
        assert_eq!(code(world.ring(&ben, place).await), "blocked");
    }

    async fn what_tells_of_a_missed_call_names_those_too_who_blocked_the_caller(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        let place = world.group(&[&ann, &ben, &cem]).await;
        let block = ContactChanges { blocked: Some(true), ..ContactChanges::default() };
        world.rony.contacts().change(&ben.actor, ann.id, block).await.unwrap();
        let outcomes = |of_cem| [(ben.id, Outcome::Missed), (cem.id, of_cem)];
        for of_cem in [Outcome::Missed, Outcome::Accepted] {
            let id = world.rings(&ann, place).await;
            let outcome = if of_cem == Outcome::Missed { CallOutcome::Missed } else { CallOutcome::Answered };
            world.ends(id, outcome, &outcomes(of_cem)).await;
            let logged = world.call_log(&ann).await.into_iter().find(|call| call.id == id).unwrap();
            let missed = |person: &&CallPerson| person.outcome == Some(Outcome::Missed);
            let logged: BTreeSet<_> = logged.callees.iter().filter(missed).map(|person| person.user_id).collect();
            let messages = world.messages_of_calls(&ann, place).await;
            let told = messages.iter().filter_map(|message| message.call.as_ref()).find(|note| note.id == id).unwrap();
            // The message and the log say the same, so neither says what the other leaves out.
            assert_eq!(told.missed.iter().copied().collect::<BTreeSet<_>>(), logged);
            assert!(logged.contains(&ben.id));
        }
        assert!(world.missed_calls(&ben).await.is_empty() && world.call_log(&ben).await.is_empty());
        assert_eq!(world.missed_calls(&cem).await.len(), 1);
    }

    async fn who_does_not_want_to_be_disturbed_is_told_afterwards(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.direct(&ann, &ben).await;
        let peace = |until: Option<Timestamp>| DoNotDisturb { until };
        let later = world.clock.now().plus(Duration::from_secs(3600));
        world.rony.notifications().set_do_not_disturb(&ben.actor, peace(Some(later))).await.unwrap();
        let (id, callees) = world.ring(&ann, place).await.unwrap();
        assert_eq!(callees, [Callee { user_id: ben.id, ringing: Ringing::Quiet }]);
        world.ends(id, CallOutcome::Busy, &[(ben.id, Outcome::Busy)]).await;
        let missed = world.missed_calls(&ben).await;
        assert_eq!((missed.len(), missed[0].quiet), (1, true));
        world.rony.notifications().set_do_not_disturb(&ben.actor, peace(None)).await.unwrap();
        let nothing = SettingsChange { level: Some(Level::Nothing), ..SettingsChange::default() };
        world.rony.members().keep(&ben.actor, place, nothing).await.unwrap();
        assert_eq!(world.ring(&ann, place).await.unwrap().1[0].ringing, Ringing::Quiet);
    }

    async fn only_who_writes_in_a_conversation_calls_its_people(world: World) {
        let (ann, ben, eve) = (world.person("ann").await, world.person("ben").await, world.person("eve").await);
        let place = world.direct(&ann, &ben).await;
        assert_eq!(code(world.ring(&eve, place).await), "not_found");
        let alone = world.group(&[&eve]).await;
        assert_eq!(code(world.ring(&eve, alone).await), "nobody");
        let (id, callees) = world.ring(&ann, place).await.unwrap();
        let again = world.rony.calls().begin(&ann.actor, id, place, false).await.unwrap();
        assert_eq!(again, callees);
        assert_eq!(code(world.rony.calls().begin(&ben.actor, id, place, false).await), "call_over");
        assert!(world.call_log(&eve).await.is_empty());
        world.rony.calls().forget(id).await.unwrap();
        assert!(world.call_log(&ann).await.is_empty() && world.call_log(&ben).await.is_empty());
    }

    async fn calls_that_somebody_begins_are_few_in_a_minute(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.direct(&ann, &ben).await;
        for number in 0..MOST_A_MINUTE {
            let id = world.rings(&ann, place).await;
            // Those count too that came to nothing at once, as when one has as many calls as one can have.
            if number % 2 == 0 {
                world.rony.calls().forget(id).await.unwrap();
            }
        }
        assert_eq!(code(world.ring(&ann, place).await), "rate_limited");
        assert_eq!(world.call_log(&ann).await.len(), MOST_A_MINUTE as usize / 2);
        world.rings(&ben, place).await;
        world.clock.advance(Duration::from_secs(60));
        world.rings(&ann, place).await;
    }

    async fn a_group_is_rung_whole_or_not_at_all(world: World) {
        let (admin, ann) = (world.administrator("ada").await, world.person("ann").await);
        let mut gone = Vec::new();
        for number in 0..130 {
            gone.push(world.person(&format!("gone{number}")).await);
        }
        let ben = world.person("ben").await;
        let people: Vec<_> = [&ann].into_iter().chain(&gone).chain([&ben]).collect();
        let place = world.group(&people).await;
        assert_eq!(code(world.ring(&ann, place).await), "too_many");
        let (switched_off, blocked) = gone.split_at(100);
        for person in switched_off {
            world.rony.users().administer(&admin.actor, person.id, OFF).await.unwrap();
        }
        for person in blocked {
            let block = ContactChanges { blocked: Some(true), ..ContactChanges::default() };
            world.rony.contacts().change(&ann.actor, person.id, block).await.unwrap();
        }
        // However many there are who cannot be called: who can is not overlooked.
        assert_eq!(world.ring(&ann, place).await.unwrap().1, [Callee { user_id: ben.id, ringing: Ringing::Loud }]);
        // For him there are those as well whom Ann has blocked: 31 of them all.
        assert_eq!(world.ring(&ben, place).await.unwrap().1.len(), 31);
    }

    async fn the_log_comes_in_pages_the_newest_first(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.direct(&ann, &ben).await;
        let mut rung = Vec::new();
        for _ in 0..5 {
            rung.push(world.rings(&ann, place).await);
            world.clock.advance(Duration::from_secs(1));
        }
        rung.reverse();
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let limit = Limit::new(2).unwrap();
            let page = world.rony.calls().list(&ben.actor, limit, cursor.as_ref()).await.unwrap();
            seen.extend(page.items.iter().map(|call| call.id));
            let Some(next) = page.next else { break };
            cursor = Some(next);
        }
        assert_eq!(seen, rung);
        world.rony.conversations().delete(&ann.actor, place).await.expect_err("nobody deletes a direct one");
    }

    async fn the_calls_of_a_conversation_go_with_it(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let id = world.rings(&ann, place).await;
        world.rony.conversations().delete(&ann.actor, place).await.unwrap();
        world.ends(id, CallOutcome::Missed, &[(ben.id, Outcome::Missed)]).await;
        assert!(world.call_log(&ann).await.is_empty() && world.call_log(&ben).await.is_empty());
    }

    async fn what_tells_of_a_call_is_not_edited_and_can_be_deleted(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.direct(&ann, &ben).await;
        let id = world.rings(&ann, place).await;
        world.ends(id, CallOutcome::Cancelled, &[(ben.id, Outcome::Cancelled)]).await;
        let message = world.messages_of_calls(&ann, place).await[0].id;
        let edited = world.rony.messages().edit(&ann.actor, place, message, "Sorry".into()).await;
        assert_eq!(code(edited), "not_written");
        let gone = world.rony.messages().delete(&ann.actor, place, message).await.unwrap();
        assert_eq!(gone.call, None);
        assert!(world.messages_of_calls(&ben, place).await.is_empty());
    }
}
