//! Facts about posting: what is taken, once, and under which numbers.

use std::collections::HashSet;

use rony_core::{
    contact::ContactChanges,
    id::{ConversationId, MessageId},
    message::{NewMessage, Post, TEXT_LIMIT, Window},
    page::Limit,
    stream::StreamId,
    time::Clock as _,
    user::AccountChange,
};

use super::{World, facts, post, texts};

facts! {
    async fn a_message_is_there_as_it_was_written(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let text = " **Tea**?\r\n\t\u{7}\u{202E}\u{1F375} ";
        let message = world.say(&ann, place, text).await;
        assert_eq!((message.seq, message.ordinal, message.version), (2, 1, 2));
        assert_eq!((message.text.as_str(), message.sender_id, message.created_at), (text, ann.id, world.clock.now()));
        let read = world.rony.messages().get(&ben.actor, place, message.id).await.unwrap();
        assert_eq!(read, message);
        let events = world.events(&ben, place).await;
        assert_eq!(events[1]["type"], "message.posted");
        assert_eq!(events[1]["message"], serde_json::to_value(&message).unwrap());
    }

    async fn a_text_that_cannot_be_kept_is_refused_before_it_is_posted(world: World) {
        let ann = world.person("ann").await;
        let place = world.group(&[&ann]).await;
        for text in ["", " \n", "a\0b", &"x".repeat(TEXT_LIMIT + 1)] {
            assert_eq!(world.refusal(&ann, place, post(world.client_id(), text)).await, "invalid");
        }
        let longest = "ß".repeat(TEXT_LIMIT / 2);
        assert_eq!(world.say(&ann, place, &longest).await.text, longest);
        assert_eq!(world.event_types(&ann, place).await, ["conversation.created", "message.posted"]);
    }

    async fn numbers_have_no_hole_whoever_posts_at_once(world: World) {
        let ann = world.person("ann").await;
        let (one, other) = (world.group(&[&ann]).await, world.group(&[&ann]).await);
        let posts = (0..64).map(|index| {
            let (rony, ann) = (world.rony.clone(), ann.clone());
            let clients: Vec<_> = (0..8).map(|_| world.client_id()).collect();
            tokio::spawn(async move {
                let mut posted = Vec::new();
                for (round, client) in clients.into_iter().enumerate() {
                    let place = if (index + round) % 2 == 0 { one } else { other };
                    posted.push(rony.messages().post(&ann.actor, place, post(client, "hello")).await.unwrap().message);
                }
                posted
            })
        });
        let mut posted = Vec::new();
        for task in posts.collect::<Vec<_>>() {
            let of_one = task.await.unwrap();
            for place in [one, other] {
                let seqs: Vec<_> = of_one.iter().filter(|m| m.conversation_id == place).map(|m| m.seq).collect();
                assert!(seqs.is_sorted(), "what one client posts in turn stays in turn: {seqs:?}");
            }
            posted.extend(of_one);
        }
        for place in [one, other] {
            let mut there: Vec<_> = posted.iter().filter(|message| message.conversation_id == place).collect();
            there.sort_unstable_by_key(|message| message.seq);
            let numbers: Vec<_> = there.iter().map(|message| (message.seq, message.ordinal)).collect();
            assert_eq!(numbers, (1..=256).map(|ordinal| (ordinal + 1, ordinal)).collect::<Vec<_>>());
            let events = world.events(&ann, place).await;
            let seqs: Vec<_> = events.iter().map(|event| event["seq"].as_i64().unwrap()).collect();
            assert_eq!(seqs, (1..=257).collect::<Vec<_>>());
        }
    }

    async fn a_retried_send_is_the_same_message(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let (messages, sent) = (world.rony.messages(), post(world.client_id(), "once"));
        let first = messages.post(&ann.actor, place, sent.clone()).await.unwrap();
        let other_text = Post { text: "twice".into(), ..sent.clone() };
        let again = messages.post(&ann.actor, place, other_text).await.unwrap();
        assert_eq!((first.repeated, again.repeated), (false, true));
        assert_eq!(again.message, first.message);
        // Somebody else's client, or another conversation, may come to the same id.
        assert!(!messages.post(&ben.actor, place, sent.clone()).await.unwrap().repeated);
        let elsewhere = world.group(&[&ann]).await;
        assert!(!messages.post(&ann.actor, elsewhere, sent).await.unwrap().repeated);
    }

    async fn a_send_that_is_there_twice_at_once_is_one_message(world: World) {
        let ann = world.person("ann").await;
        let place = world.group(&[&ann]).await;
        let sent = post(world.client_id(), "once");
        let tries = (0..16).map(|_| {
            let (rony, actor, sent) = (world.rony.clone(), ann.actor.clone(), sent.clone());
            tokio::spawn(async move { rony.messages().post(&actor, place, sent).await.unwrap() })
        });
        let mut answers = Vec::new();
        for one in tries.collect::<Vec<_>>() {
            answers.push(one.await.unwrap());
        }
        assert_eq!(answers.iter().filter(|posted| !posted.repeated).count(), 1);
        let ids: HashSet<_> = answers.iter().map(|posted| (posted.message.id, posted.message.seq)).collect();
        assert_eq!(ids.len(), 1);
        assert_eq!(world.page(&ann, place, Window::Newest, 50).await.items.len(), 1);
    }

    async fn a_send_that_is_in_a_batch_twice_is_one_message(world: World) {
        let ann = world.person("ann").await;
        let place = world.group(&[&ann]).await;
        let once = world.new_message(&ann, place, "once");
        let again = NewMessage { id: MessageId::new(world.clock.now()), ..once.clone() };
        let other = world.new_message(&ann, place, "other");
        let answers = world.store.post(vec![once, again, other]).await.unwrap();
        let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
        assert_eq!(answers.iter().map(|posted| posted.repeated).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!(answers.iter().map(|posted| posted.message.seq).collect::<Vec<_>>(), [2, 2, 3]);
    }

    async fn an_edited_message_answers_its_retry_as_it_is_now(world: World) {
        let ann = world.person("ann").await;
        let place = world.group(&[&ann]).await;
        let (messages, sent) = (world.rony.messages(), post(world.client_id(), "tee"));
        let first = messages.post(&ann.actor, place, sent.clone()).await.unwrap().message;
        let edited = messages.edit(&ann.actor, place, first.id, "tea".into()).await.unwrap();
        assert_eq!(messages.post(&ann.actor, place, sent).await.unwrap().message, edited);
    }

    async fn a_removed_members_late_post_leaves_its_neighbours_alone(world: World) {
        let (ann, ben, eve) = (world.person("ann").await, world.person("ben").await, world.person("eve").await);
        let place = world.group(&[&ann, &ben]).await;
        world.rony.members().remove(&ann.actor, place, ben.id).await.unwrap();
        let head = world.events(&ann, place).await.len() as i64;
        let nowhere = ConversationId::new(world.clock.now());
        let answers = world.store.post(vec![
            world.new_message(&ann, place, "before"),
            world.new_message(&ben, place, "late"),
            world.new_message(&eve, place, "never in it"),
            world.new_message(&ann, nowhere, "nowhere"),
            world.new_message(&ann, place, "after"),
        ]);
        let answers = answers.await.unwrap();
        let seen: Vec<_> = answers
            .into_iter()
            .map(|answer| answer.map(|posted| posted.message.seq).map_err(|refused| refused.0.code()))
            .collect();
        let refused = Err("not_found");
        assert_eq!(seen, [Ok(head + 1), refused, refused, refused, Ok(head + 2)]);
        assert_eq!(texts(&world.page(&ann, place, Window::Newest, 50).await), ["before", "after"]);
        let made_up = world.store.heads(&[StreamId::from(nowhere)]).await.unwrap();
        assert_eq!(made_up[0].head, 0);
    }

    async fn no_post_of_who_left_has_a_higher_number(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let (rony, actor) = (world.rony.clone(), ben.actor.clone());
        let clients: Vec<_> = (0..500).map(|_| world.client_id()).collect();
        let (posting, posted) = tokio::sync::oneshot::channel();
        let poster = tokio::spawn(async move {
            let mut posting = Some(posting);
            for client in clients {
                if let Err(error) = rony.messages().post(&actor, place, post(client, "still here")).await {
                    return error.code();
                }
                posting.take().map(|posting| posting.send(()));
            }
            "never refused"
        });
        posted.await.unwrap();
        world.rony.members().leave(&ben.actor, place).await.unwrap();
        assert_eq!(poster.await.unwrap(), "not_found");
        let types = world.event_types(&ann, place).await;
        assert_eq!(types.last().unwrap(), "member.left");
    }

    async fn a_block_ends_writing_between_two_people_and_changing_what_was_written(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.direct(&ann, &ben).await;
        let before = world.say(&ben, place, "hi").await;
        let block = |blocked| ContactChanges { blocked: Some(blocked), ..ContactChanges::default() };
        world.rony.contacts().change(&ann.actor, ben.id, block(true)).await.unwrap();
        for person in [&ann, &ben] {
            assert_eq!(world.refusal(person, place, post(world.client_id(), "?")).await, "blocked");
        }
        let messages = world.rony.messages();
        let edit = messages.edit(&ben.actor, place, before.id, "and another thing".into()).await;
        assert_eq!(edit.unwrap_err().code(), "blocked");
        messages.delete(&ben.actor, place, before.id).await.unwrap();
        // In a group they meet as before.
        let group = world.group(&[&ann, &ben]).await;
        world.say(&ben, group, "hello all").await;
        world.rony.contacts().change(&ann.actor, ben.id, block(false)).await.unwrap();
        world.say(&ben, place, "thanks").await;
    }

    async fn a_reply_names_a_message_of_the_same_conversation(world: World) {
        let ann = world.person("ann").await;
        let (place, other) = (world.group(&[&ann]).await, world.group(&[&ann]).await);
        let (asked, elsewhere) = (world.say(&ann, place, "tea?").await, world.say(&ann, other, "tea?").await);
        let answer = |to| Post { reply_to: Some(to), ..post(world.client_id(), "yes") };
        let posted = world.rony.messages().post(&ann.actor, place, answer(asked.id)).await.unwrap().message;
        assert_eq!((posted.reply_to, posted.ordinal), (Some(asked.id), 2));
        assert_eq!(world.refusal(&ann, place, answer(elsewhere.id)).await, "not_found");
        assert_eq!(world.refusal(&ann, place, answer(MessageId::new(world.clock.now()))).await, "not_found");
    }

    async fn a_thread_counts_its_own_replies(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let root = world.say(&ann, place, "plans").await;
        let reply = |text, thread| Post { thread_id: Some(thread), ..post(world.client_id(), text) };
        let messages = world.rony.messages();
        let first = messages.post(&ben.actor, place, reply("one", root.id)).await.unwrap().message;
        let second = messages.post(&ann.actor, place, reply("two", root.id)).await.unwrap().message;
        assert_eq!((first.ordinal, first.thread_ordinal, second.thread_ordinal), (0, 1, 2));
        assert_eq!(world.say(&ben, place, "in the open").await.ordinal, 2);
        let page = world.page(&ben, place, Window::Newest, 50).await;
        assert_eq!(texts(&page), ["plans", "in the open"]);
        assert_eq!(page.items[0].thread.map(|thread| thread.newest_ordinal), Some(2));
        let thread = messages.page(&ben.actor, place, Some(root.id), Window::Newest, Limit::DEFAULT).await.unwrap();
        assert_eq!(texts(&thread), ["one", "two"]);
        assert_eq!(world.refusal(&ann, place, reply("a thread in a thread", first.id)).await, "not_found");
        let unread = world.rony.conversations().get(&ann.actor, place).await.unwrap().unread;
        assert_eq!(unread, 1, "a reply in a thread is not unread in the conversation");
    }

    async fn two_replies_of_one_batch_follow_each_other_in_the_thread(world: World) {
        let ann = world.person("ann").await;
        let place = world.group(&[&ann]).await;
        let root = world.say(&ann, place, "plans").await;
        let reply = |text: &str| {
            let mut new = world.new_message(&ann, place, text);
            new.post.thread_id = Some(root.id);
            new
        };
        let answers = world.store.post(vec![reply("one"), reply("two"), reply("three")]).await.unwrap();
        let ordinals: Vec<_> = answers.iter().map(|posted| posted.as_ref().unwrap().message.thread_ordinal).collect();
        assert_eq!(ordinals, [1, 2, 3]);
    }

    async fn a_switched_off_account_posts_nothing(world: World) {
        let (root, ann) = (world.administrator("root").await, world.person("ann").await);
        let place = world.group(&[&ann]).await;
        let off = AccountChange { role: None, deactivated: Some(true) };
        world.rony.users().administer(&root.actor, ann.id, off).await.unwrap();
        assert_eq!(world.refusal(&ann, place, post(world.client_id(), "?")).await, "account_deactivated");
    }

    async fn who_is_no_member_is_named_and_not_told(world: World) {
        let (ann, ben, eve) = (world.person("ann").await, world.person("ben").await, world.person("eve").await);
        let place = world.group(&[&ann, &ben]).await;
        let message = world.say(&ann, place, "@eve @ben @nobody").await;
        assert_eq!((message.mentions.users.as_slice(), message.mentions.all), ([eve.id, ben.id].as_slice(), false));
        world.add(&ann, place, &eve).await;
        for (reader, mentions) in [(&ben, 1), (&eve, 0)] {
            let view = world.rony.conversations().get(&reader.actor, place).await.unwrap();
            assert_eq!(view.mentions, mentions, "what was said before somebody joined is not unread");
        }
    }

    async fn an_archived_conversation_takes_no_post_but_answers_a_retry(world: World) {
        let ann = world.person("ann").await;
        let place = world.group(&[&ann]).await;
        let sent = post(world.client_id(), "just in time");
        let first = world.rony.messages().post(&ann.actor, place, sent.clone()).await.unwrap();
        world.archive(&ann, place, true).await;
        assert_eq!(world.refusal(&ann, place, post(world.client_id(), "late")).await, "archived");
        let again = world.rony.messages().post(&ann.actor, place, sent).await.unwrap();
        assert_eq!((again.repeated, again.message), (true, first.message));
    }

    async fn a_conversation_that_is_archived_while_all_post_takes_nothing_after_that(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let (posting, mut posted) = tokio::sync::mpsc::unbounded_channel();
        let posters: Vec<_> = [&ann, &ben].map(|person| {
            let (rony, actor, posting) = (world.rony.clone(), person.actor.clone(), posting.clone());
            let clients: Vec<_> = (0..500).map(|_| world.client_id()).collect();
            tokio::spawn(async move {
                let mut taken = Vec::new();
                for client in clients {
                    match rony.messages().post(&actor, place, post(client, "still open")).await {
                        Ok(posted) => taken.push(posted.message.seq),
                        Err(error) => return (taken, error.code()),
                    }
                    posting.send(()).unwrap();
                }
                (taken, "never refused")
            })
        }).into();
        for _ in 0..4 {
            posted.recv().await.unwrap();
        }
        world.archive(&ann, place, true).await;
        let mut taken = Vec::new();
        for poster in posters {
            let (seqs, refusal) = poster.await.unwrap();
            assert_eq!(refusal, "archived");
            taken.extend(seqs);
        }
        taken.sort_unstable();
        let events = world.events(&ben, place).await;
        let (last, before) = events.split_last().unwrap();
        assert_eq!(last["type"], "conversation.changed");
        let there = before.iter().filter(|event| event["type"] == "message.posted");
        assert!(there.map(|event| event["seq"].as_i64().unwrap()).eq(taken), "what was acknowledged is there, and no more");
    }
}
