//! Facts about notifications.

use std::time::Duration;

use rony_core::{
    contact::ContactChanges,
    id::ConversationId,
    member::{Level, SettingsChange},
    message::{Message, Post},
    notification::{DoNotDisturb, Notification, NotificationKind, SetClear},
    page::Limit,
    read::ReadMark,
    time::Clock as _,
};
use serde_json::json;

use super::{Person, World, facts};

/// Ann, Ben and Cem in a group, to which they were brought long ago.
async fn three(world: &World) -> ([Person; 3], ConversationId) {
    let people = [world.person("ann").await, world.person("ben").await, world.person("cem").await];
    let place = world.group(&[&people[0], &people[1], &people[2]]).await;
    for person in &people {
        clear(world, person, SetClear::default()).await;
    }
    (people, place)
}

async fn clear(world: &World, person: &Person, which: SetClear) -> usize {
    world.rony.notifications().clear(&person.actor, which).await.expect("is cleared").len()
}

async fn listed(world: &World, person: &Person) -> Vec<Notification> {
    world.rony.notifications().list(&person.actor, Limit::MAX, None).await.expect("a list").items
}

/// What is open, after the job ran.
async fn open(world: &World, person: &Person) -> Vec<Notification> {
    world.project().await;
    let mut open = listed(world, person).await;
    open.retain(|notification| notification.cleared_at.is_none());
    open
}

#[track_caller]
fn shape(notifications: &[Notification]) -> Vec<(NotificationKind, i64)> {
    notifications.iter().map(|notification| (notification.kind, notification.count)).collect()
}

async fn answer(world: &World, person: &Person, to: &Message, text: &str) -> Message {
    let (client_id, text, reply_to) = (world.client_id(), text.to_owned(), Some(to.id));
    let post = Post { client_id, text, reply_to, thread_id: None, attachments: Vec::new() };
    let posted = world.rony.messages().post(&person.actor, to.conversation_id, post).await;
    posted.expect("is posted").message
}

async fn read(world: &World, person: &Person, message: &Message) {
    let (thread_id, ordinal) = match message.thread_id {
        None => (None, message.ordinal),
        thread => (thread, message.thread_ordinal),
    };
    let mark = ReadMark { conversation_id: message.conversation_id, thread_id, ordinal };
    world.rony.reads().mark(&person.actor, mark).await.expect("is marked");
}

async fn keep(world: &World, person: &Person, place: ConversationId, change: SettingsChange) {
    world.rony.members().keep(&person.actor, place, change).await.expect("is kept");
}

async fn level(world: &World, person: &Person, place: ConversationId, level: Level) {
    keep(world, person, place, SettingsChange { level: Some(level), ..Default::default() }).await;
}

use NotificationKind::{Direct, Invitation, Mention, Reply};

facts! {
    async fn who_is_mentioned_is_notified_once_and_nobody_else(world: World) {
        let ([ann, ben, cem], place) = three(&world).await;
        let message = world.say(&ann, place, "@ben and @ann, look").await;
        let notifications = open(&world, &ben).await;
        assert_eq!(shape(&notifications), [(Mention, 1)]);
        let it = &notifications[0];
        assert_eq!((it.message_id, it.seq, it.ordinal), (Some(message.id), message.seq, message.ordinal));
        assert_eq!((it.actor_id, it.conversation_id, it.quiet), (Some(ann.id), Some(place), false));
        let told = world.own_events(&ben, "notification.added").await;
        assert_eq!(told.last().unwrap()["notification"], serde_json::to_value(it).unwrap());
        assert!(open(&world, &ann).await.is_empty() && open(&world, &cem).await.is_empty());
        assert_eq!(open(&world, &ben).await, notifications, "the job has nothing new to say");
    }

    async fn direct_messages_are_one_notification_that_counts(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.direct(&ann, &ben).await;
        assert!(open(&world, &ben).await.is_empty(), "nothing was written yet");
        world.say(&ann, place, "Hello").await;
        let first = open(&world, &ben).await;
        for text in ["@ben", "are you there?"] {
            world.say(&ann, place, text).await;
        }
        let last = open(&world, &ben).await;
        assert_eq!(shape(&last), [(Direct, 3)]);
        assert_eq!(last[0].id, first[0].id);
        assert_eq!(last[0].ordinal, 3);
        assert_eq!(world.own_events(&ben, "notification.added").await.len(), 2);
        assert!(open(&world, &ann).await.is_empty());
    }

    async fn who_is_answered_is_notified(world: World) {
        let ([ann, ben, cem], place) = three(&world).await;
        let question = world.say(&ann, place, "Tea?").await;
        answer(&world, &ben, &question, "Yes").await;
        answer(&world, &cem, &question, "@ann no").await;
        answer(&world, &ann, &question, "I mean now").await;
        assert_eq!(shape(&open(&world, &ann).await), [], "she answered herself last, so she has seen them");
        answer(&world, &ben, &question, "Now, then").await;
        assert_eq!(shape(&open(&world, &ann).await), [(Reply, 1)]);
    }

    async fn a_thread_is_one_notification_for_those_who_follow_it(world: World) {
        let ([ann, ben, cem], place) = three(&world).await;
        let root = world.say(&ann, place, "About the party").await;
        world.reply(&ben, &root, "I bring tea").await;
        world.reply(&ben, &root, "and cake").await;
        assert_eq!(shape(&open(&world, &ann).await), [(Reply, 2)]);
        assert!(open(&world, &cem).await.is_empty());
        let last = world.reply(&cem, &root, "and music").await;
        let to_ann = open(&world, &ann).await;
        assert_eq!((shape(&to_ann), to_ann[0].thread_id), (vec![(Reply, 3)], Some(root.id)));
        assert_eq!(shape(&open(&world, &ben).await), [(Reply, 1)]);
        read(&world, &ann, &last).await;
        assert!(open(&world, &ann).await.is_empty());
        world.reply(&ben, &root, "Thanks").await;
        assert!(open(&world, &ben).await.is_empty(), "who answers has seen what came before");
        assert_eq!(shape(&open(&world, &ann).await), [(Reply, 1)]);
    }

    async fn reading_clears_what_came_up_to_there(world: World) {
        let ([ann, ben, _], place) = three(&world).await;
        let first = world.say(&ann, place, "@ben one").await;
        world.clock.advance(Duration::from_secs(1));
        let second = world.say(&ann, place, "@ben two").await;
        let before = open(&world, &ben).await;
        assert_eq!(shape(&before), [(Mention, 1), (Mention, 1)]);
        read(&world, &ben, &first).await;
        let left = open(&world, &ben).await;
        assert_eq!(left[0].message_id, Some(second.id));
        let told = world.own_events(&ben, "notification.cleared").await;
        assert_eq!(told.last().unwrap()["ids"], json!([before[1].id]));
        read(&world, &ben, &second).await;
        assert!(open(&world, &ben).await.is_empty());
        assert_eq!(listed(&world, &ben).await.len(), 3, "what was cleared is in the list still");
    }

    async fn what_was_read_before_the_job_ran_notifies_nobody(world: World) {
        let ([ann, ben, _], place) = three(&world).await;
        let message = world.say(&ann, place, "@ben one").await;
        read(&world, &ben, &message).await;
        world.say(&ann, place, "@ben two").await;
        world.say(&ben, place, "I know").await;
        assert!(open(&world, &ben).await.is_empty());
    }

    async fn who_writes_has_seen_what_came_before(world: World) {
        let ([ann, ben, _], place) = three(&world).await;
        world.say(&ann, place, "@ben one").await;
        assert_eq!(open(&world, &ben).await.len(), 1);
        world.say(&ben, place, "I know").await;
        assert!(open(&world, &ben).await.is_empty());
    }

    async fn people_are_told_of_what_they_want_to_be_told_of(world: World) {
        let ([ann, ben, cem], place) = three(&world).await;
        level(&world, &ben, place, Level::Nothing).await;
        level(&world, &cem, place, Level::Mentions).await;
        world.say(&ann, place, "@ben @cem").await;
        assert_eq!((open(&world, &ben).await.len(), open(&world, &cem).await.len()), (0, 1));
        let muted_until = Some(Some(world.clock.now().plus(Duration::from_secs(60))));
        keep(&world, &cem, place, SettingsChange { muted_until, ..Default::default() }).await;
        level(&world, &ben, place, Level::All).await;
        world.say(&ann, place, "@ben @cem again").await;
        assert_eq!((open(&world, &ben).await.len(), open(&world, &cem).await.len()), (1, 1));
        world.clock.advance(Duration::from_secs(60));
        world.say(&ann, place, "@cem still there?").await;
        assert_eq!(open(&world, &cem).await.len(), 2);
    }

    async fn nobody_is_notified_by_whom_they_have_blocked(world: World) {
        let ([ann, ben, _], place) = three(&world).await;
        let changes = ContactChanges { blocked: Some(true), ..Default::default() };
        world.rony.contacts().change(&ben.actor, ann.id, changes).await.unwrap();
        world.say(&ann, place, "@ben and @all").await;
        assert!(open(&world, &ben).await.is_empty());
    }

    async fn nobody_is_notified_of_what_they_may_not_see(world: World) {
        let [ann, ben, cem] = [world.person("ann").await, world.person("ben").await, world.person("cem").await];
        let dan = world.person("dan").await;
        let place = world.group_since_join(&[&ann, &ben]).await;
        clear(&world, &ben, SetClear::default()).await;
        world.say(&ann, place, "@ben @cem @dan").await;
        let deleted = world.say(&ann, place, "@ben oh").await;
        world.rony.messages().delete(&ann.actor, place, deleted.id).await.unwrap();
        world.add(&ann, place, &cem).await;
        assert_eq!(shape(&open(&world, &cem).await), [(Invitation, 1)], "it was written before");
        assert_eq!(open(&world, &ben).await.len(), 1, "the other one is deleted");
        assert!(open(&world, &dan).await.is_empty());
    }

    async fn a_message_that_is_deleted_notifies_nobody_any_more(world: World) {
        let ([ann, ben, cem], place) = three(&world).await;
        let question = world.say(&cem, place, "Tea?").await;
        let (client_id, text) = (world.client_id(), "@ben no".to_owned());
        let post = Post { client_id, text, reply_to: Some(question.id), thread_id: None, attachments: Vec::new() };
        let message = world.rony.messages().post(&ann.actor, place, post).await.unwrap().message;
        let before = open(&world, &ben).await;
        assert_eq!((before.len(), open(&world, &cem).await.len()), (1, 1));
        world.rony.messages().delete(&ann.actor, place, message.id).await.unwrap();
        assert!(open(&world, &ben).await.is_empty() && open(&world, &cem).await.is_empty());
        let told = world.own_events(&ben, "notification.cleared").await;
        assert_eq!(told.last().unwrap()["ids"], json!([before[0].id]));
    }

    async fn who_is_removed_is_notified_of_nothing_any_more(world: World) {
        let ([ann, ben, cem], place) = three(&world).await;
        world.say(&ann, place, "@ben @cem").await;
        assert_eq!(open(&world, &ben).await.len(), 1);
        world.say(&ann, place, "@ben @cem again").await;
        world.rony.members().remove(&ann.actor, place, ben.id).await.unwrap();
        assert!(open(&world, &ben).await.is_empty() && listed(&world, &ben).await.is_empty());
        assert_eq!(open(&world, &cem).await.len(), 2);
    }

    async fn a_conversation_that_is_deleted_or_archived_meanwhile_leaves_nothing_half_done(world: World) {
        let ([ann, ben, _], place) = three(&world).await;
        world.say(&ann, place, "@ben").await;
        assert_eq!(open(&world, &ben).await.len(), 1);
        world.say(&ann, place, "@ben again").await;
        let (conversations, projections) = (world.rony.conversations(), world.rony.projections());
        let (deleted, projected) =
            tokio::join!(conversations.delete(&ann.actor, place), projections.run_once());
        deleted.unwrap();
        projected.unwrap();
        assert!(open(&world, &ben).await.is_empty() && listed(&world, &ben).await.is_empty());
        let other = world.group(&[&ann, &ben]).await;
        world.clock.advance(Duration::from_secs(1));
        world.say(&ann, other, "@ben here").await;
        let archived = rony_core::conversation::ConversationChange { archived: Some(true), ..Default::default() };
        world.rony.conversations().change(&ann.actor, other, archived).await.unwrap();
        assert_eq!(shape(&open(&world, &ben).await), [(Mention, 1), (Invitation, 1)]);
    }

    async fn whoever_is_brought_into_a_conversation_is_notified_at_once(world: World) {
        let [ann, ben, cem] = [world.person("ann").await, world.person("ben").await, world.person("cem").await];
        let place = world.group(&[&ann, &ben]).await;
        world.add(&ann, place, &cem).await;
        for person in [&ben, &cem] {
            let notifications = listed(&world, person).await;
            assert_eq!(shape(&notifications), [(Invitation, 1)]);
            assert_eq!((notifications[0].actor_id, notifications[0].conversation_id), (Some(ann.id), Some(place)));
        }
        assert!(listed(&world, &ann).await.is_empty());
        let message = world.say(&ann, place, "Welcome").await;
        read(&world, &cem, &message).await;
        assert!(open(&world, &cem).await.is_empty(), "who reads there knows");
    }

    async fn everybody_is_mentioned_without_a_row_for_each(world: World) {
        let ([ann, ben, cem], place) = three(&world).await;
        level(&world, &cem, place, Level::Nothing).await;
        let message = world.say(&ann, place, "@all come").await;
        let notifications = open(&world, &ben).await;
        assert_eq!((shape(&notifications), notifications[0].all), (vec![(Mention, 1)], true));
        assert_eq!(notifications[0].message_id, Some(message.id));
        assert!(open(&world, &ann).await.is_empty() && open(&world, &cem).await.is_empty());
        assert!(world.own_events(&ben, "notification.added").await.len() <= 1, "only the invitation");
        let other = world.say(&ann, place, "@all really").await;
        read(&world, &ben, &message).await;
        assert_eq!(open(&world, &ben).await[0].message_id, Some(other.id));
        assert_eq!(clear(&world, &ben, SetClear::default()).await, 1);
        assert_eq!(clear(&world, &ben, SetClear::default()).await, 0, "it is cleared, though it is not read");
        assert!(open(&world, &ben).await.is_empty());
    }

    async fn who_wants_to_be_left_in_peace_is_notified_quietly(world: World) {
        let ([ann, ben, _], place) = three(&world).await;
        let until = Some(world.clock.now().plus(Duration::from_secs(60)));
        let notifications = world.rony.notifications();
        notifications.set_do_not_disturb(&ben.actor, DoNotDisturb { until }).await.unwrap();
        notifications.set_do_not_disturb(&ben.actor, DoNotDisturb { until }).await.unwrap();
        assert_eq!(world.own_events(&ben, "dnd.changed").await.len(), 1);
        world.say(&ann, place, "@ben").await;
        assert!(open(&world, &ben).await[0].quiet);
        assert_eq!(notifications.do_not_disturb(&ben.actor).await.unwrap().until, until);
        world.clock.advance(Duration::from_secs(60));
        assert_eq!(notifications.do_not_disturb(&ben.actor).await.unwrap().until, None);
        world.say(&ann, place, "@ben").await;
        assert!(!open(&world, &ben).await[0].quiet);
        let past = DoNotDisturb { until };
        assert_eq!(notifications.set_do_not_disturb(&ben.actor, past).await.unwrap_err().code(), "invalid");
    }

    async fn notifications_are_cleared_one_by_one_by_place_or_up_to_a_moment(world: World) {
        let ([ann, ben, _], place) = three(&world).await;
        let other = world.group(&[&ann, &ben]).await;
        for (place, text) in [(place, "@ben 1"), (place, "@ben 2"), (other, "@ben 3"), (other, "@ben 4")] {
            world.clock.advance(Duration::from_secs(1));
            world.say(&ann, place, text).await;
        }
        let notifications = open(&world, &ben).await;
        assert_eq!(shape(&notifications), [(Mention, 1), (Mention, 1), (Mention, 1), (Mention, 1), (Invitation, 1)]);
        let foreign = open(&world, &ann).await;
        assert!(foreign.is_empty());
        let one = SetClear { ids: Some(vec![notifications[0].id]), ..Default::default() };
        assert_eq!((clear(&world, &ann, one.clone()).await, clear(&world, &ben, one).await), (0, 1));
        let up_to = SetClear { up_to: Some(notifications[3].at), ..Default::default() };
        assert_eq!(clear(&world, &ben, up_to).await, 2, "the oldest mention, and the invitation before it");
        let there = SetClear { conversation_id: Some(place), ..Default::default() };
        assert_eq!(clear(&world, &ben, there).await, 1);
        assert_eq!(clear(&world, &ben, SetClear::default()).await, 1);
        assert!(open(&world, &ben).await.is_empty());
    }

    async fn the_list_comes_in_pages_with_what_is_open_first(world: World) {
        let ([ann, ben, _], place) = three(&world).await;
        let mut messages = Vec::new();
        for number in 0..6 {
            world.clock.advance(Duration::from_secs(1));
            let everybody = if number == 4 { "@all" } else { "@ben" };
            messages.push(world.say(&ann, place, everybody).await);
        }
        world.project().await;
        read(&world, &ben, &messages[2]).await;
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let limit = Limit::new(2).unwrap();
            let page = world.rony.notifications().list(&ben.actor, limit, cursor.as_ref()).await.unwrap();
            seen.extend(page.items);
            match page.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, listed(&world, &ben).await);
        let order: Vec<_> = seen.iter().map(|it| it.message_id).collect();
        let expected = [5, 4, 3, 2, 1, 0].map(|index: usize| Some(messages[index].id));
        assert_eq!(order, [expected.as_slice(), &[None]].concat());
        assert!(seen[..3].iter().all(|it| it.cleared_at.is_none()));
    }

    async fn many_messages_at_once_are_projected_in_a_few_steps(world: World) {
        let ([ann, ben, cem], place) = three(&world).await;
        let direct = world.direct(&ann, &ben).await;
        for number in 0..300 {
            world.say(&ann, place, if number % 3 == 0 { "@ben @cem" } else { "-" }).await;
            world.say(&ann, direct, "Hello").await;
        }
        let (to_ben, to_cem) = (open(&world, &ben).await, open(&world, &cem).await);
        assert_eq!((to_ben.len(), to_cem.len()), (101, 100));
        assert_eq!(to_ben.iter().filter(|it| it.kind == Direct).map(|it| it.count).sum::<i64>(), 300);
    }
}
