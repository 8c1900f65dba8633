//! Facts about messages.

use std::collections::HashSet;

use rony_core::{
    contact::ContactChanges,
    id::{ClientId, ConversationId, MessageId},
    message::{Message, MessagePage, NewMessage, Post, TEXT_LIMIT, Window},
    page::{Cursor, Limit},
    stream::StreamId,
    time::Clock as _,
};

use super::{Person, World, facts};

/// What a client posts that has a text and nothing else.
fn post(client_id: ClientId, text: &str) -> Post {
    Post { client_id, text: text.to_owned(), reply_to: None, thread_id: None }
}

impl World {
    /// Posts a text.
    ///
    /// # Panics
    ///
    /// When it is refused.
    pub async fn say(&self, person: &Person, place: ConversationId, text: &str) -> Message {
        let posted = self.rony.messages().post(&person.actor, place, post(self.client_id(), text)).await;
        posted.expect("is posted").message
    }

    async fn refusal(&self, person: &Person, place: ConversationId, post: Post) -> &'static str {
        let refused = self.rony.messages().post(&person.actor, place, post).await;
        refused.expect_err("is refused").code()
    }

    fn new_message(&self, person: &Person, place: ConversationId, text: &str) -> NewMessage {
        let at = self.clock.now();
        NewMessage {
            id: MessageId::new(at),
            conversation_id: place,
            sender_id: person.id,
            at,
            post: post(self.client_id(), text),
            mentions: Default::default(),
        }
    }

    async fn page(&self, person: &Person, place: ConversationId, window: Window, limit: u64) -> MessagePage {
        let limit = Limit::new(limit).expect("a limit");
        self.rony.messages().page(&person.actor, place, None, window, limit).await.expect("a page")
    }
}

fn texts(page: &MessagePage) -> Vec<&str> {
    page.items.iter().map(|message| message.text.as_str()).collect()
}

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

    async fn what_an_edited_message_said_is_kept_for_its_author_and_admins(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        let place = world.group(&[&ann, &ben, &cem]).await;
        let messages = world.rony.messages();
        let message = world.say(&ben, place, "one").await;
        world.clock.advance(std::time::Duration::from_secs(5));
        let edited = messages.edit(&ben.actor, place, message.id, "two".into()).await.unwrap();
        assert_eq!((edited.text.as_str(), edited.version), ("two", message.version + 1));
        assert_eq!((edited.seq, edited.edited_at), (message.seq, Some(world.clock.now())));
        let same = messages.edit(&ben.actor, place, message.id, "two".into()).await.unwrap();
        assert_eq!(same, edited, "nothing changed, so nothing happened");
        messages.edit(&ben.actor, place, message.id, "three".into()).await.unwrap();
        for reader in [&ann, &ben] {
            let versions = messages.versions(&reader.actor, place, message.id).await.unwrap();
            let kept: Vec<_> = versions.iter().map(|kept| (kept.text.as_str(), kept.version)).collect();
            assert_eq!(kept, [("one", message.version), ("two", edited.version)]);
        }
        let curious = messages.versions(&cem.actor, place, message.id).await;
        assert_eq!(curious.unwrap_err().code(), "not_yours");
        let foreign = messages.edit(&ann.actor, place, message.id, "mine".into()).await;
        assert_eq!(foreign.unwrap_err().code(), "not_yours");
        assert_eq!(messages.edit(&ben.actor, place, message.id, "\0".into()).await.unwrap_err().code(), "invalid");
        let edit = world.events(&cem, place).await.swap_remove(2);
        assert_eq!((edit["type"].as_str(), edit["message"]["text"].as_str()), (Some("message.edited"), Some("three")));
    }

    async fn a_tombstone_holds_nothing_of_what_was_said(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let messages = world.rony.messages();
        let sent = post(world.client_id(), "canary one @ben @all");
        let message = messages.post(&ann.actor, place, sent.clone()).await.unwrap().message;
        messages.edit(&ann.actor, place, message.id, "canary two @ben @all".into()).await.unwrap();
        assert_eq!(messages.delete(&ben.actor, place, message.id).await.unwrap_err().code(), "role_too_low");
        let tombstone = messages.delete(&ann.actor, place, message.id).await.unwrap();
        assert_eq!(tombstone.deleted_at, Some(world.clock.now()));
        assert_eq!(messages.delete(&ann.actor, place, message.id).await.unwrap(), tombstone);
        assert_eq!(messages.get(&ben.actor, place, message.id).await.unwrap(), tombstone);
        assert_eq!(messages.post(&ann.actor, place, sent).await.unwrap().message, tombstone);
        assert!(messages.versions(&ann.actor, place, message.id).await.unwrap().is_empty());
        let edit = messages.edit(&ann.actor, place, message.id, "back".into()).await;
        assert_eq!(edit.unwrap_err().code(), "message_deleted");
        let seen = [
            serde_json::to_string(&world.events(&ben, place).await).unwrap(),
            serde_json::to_string(&world.page(&ben, place, Window::Newest, 50).await).unwrap(),
            serde_json::to_string(&world.rony.conversations().get(&ben.actor, place).await.unwrap()).unwrap(),
        ];
        assert!(seen.iter().all(|text| !text.contains("canary") && !text.contains("mentions\":{")), "{seen:?}");
        let view = world.rony.conversations().get(&ben.actor, place).await.unwrap();
        assert_eq!((view.unread, view.mentions), (1, 0));
    }

    async fn an_admin_deletes_what_others_wrote(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group(&[&ann, &ben]).await;
        let message = world.say(&ben, place, "rude").await;
        assert!(world.rony.messages().delete(&ann.actor, place, message.id).await.unwrap().deleted_at.is_some());
        let direct = world.direct(&ann, &ben).await;
        let own = world.say(&ben, direct, "mine").await;
        let foreign = world.rony.messages().delete(&ann.actor, direct, own.id).await;
        assert_eq!(foreign.unwrap_err().code(), "direct_conversation");
    }

    async fn a_conversation_is_read_in_parts(world: World) {
        let ann = world.person("ann").await;
        let place = world.group(&[&ann]).await;
        let mut seqs = Vec::new();
        for text in ["a", "b", "c", "d", "e", "f"] {
            seqs.push(world.say(&ann, place, text).await.seq);
        }
        let check = async |window, limit, expected: &[&str], more: (bool, bool)| {
            let page = world.page(&ann, place, window, limit).await;
            assert_eq!(texts(&page), expected, "{window:?}");
            assert_eq!((page.more_before, page.more_after), more, "{window:?}");
            assert_eq!(page.as_of, 7);
        };
        check(Window::Newest, 2, &["e", "f"], (true, false)).await;
        check(Window::Newest, 9, &["a", "b", "c", "d", "e", "f"], (false, false)).await;
        check(Window::Before(seqs[4]), 2, &["c", "d"], (true, true)).await;
        check(Window::Before(seqs[2]), 2, &["a", "b"], (false, true)).await;
        check(Window::Before(i64::MAX), 1, &["f"], (true, false)).await;
        check(Window::After(seqs[1]), 2, &["c", "d"], (true, true)).await;
        check(Window::After(seqs[3]), 2, &["e", "f"], (true, false)).await;
        check(Window::After(0), 1, &["a"], (false, true)).await;
        check(Window::Around(seqs[2]), 4, &["a", "b", "c", "d"], (false, true)).await;
        check(Window::Around(seqs[5]), 2, &["e", "f"], (true, false)).await;
        check(Window::Around(i64::MIN), 2, &["a"], (false, true)).await;
    }

    async fn the_pages_of_a_conversation_lead_on_to_each_other(world: World) {
        let ann = world.person("ann").await;
        let place = world.group(&[&ann]).await;
        for text in ["a", "b", "c", "d", "e"] {
            world.say(&ann, place, text).await;
        }
        for (start, expected) in [(Window::Newest, ["de", "bc", "a"]), (Window::After(0), ["ab", "cd", "e"])] {
            let (mut window, mut seen) = (Some(start), Vec::new());
            while let Some(here) = window {
                let page = world.page(&ann, place, here, 2).await;
                seen.push(texts(&page).concat());
                window = page.next.map(|next| Window::at(&next).unwrap());
            }
            assert_eq!(seen, expected);
        }
        assert_eq!(Window::at(&Cursor::encode("members", &1)).unwrap_err().code(), "invalid");
    }

    async fn a_stranger_reads_nothing(world: World) {
        let (ann, eve) = (world.person("ann").await, world.person("eve").await);
        let place = world.group(&[&ann]).await;
        let message = world.say(&ann, place, "between us").await;
        let messages = world.rony.messages();
        let page = messages.page(&eve.actor, place, None, Window::Newest, Limit::DEFAULT).await;
        assert_eq!(page.unwrap_err().code(), "not_found");
        assert_eq!(messages.get(&eve.actor, place, message.id).await.unwrap_err().code(), "not_found");
        assert_eq!(messages.versions(&eve.actor, place, message.id).await.unwrap_err().code(), "not_found");
        let own = world.group(&[&eve]).await;
        assert_eq!(messages.get(&eve.actor, own, message.id).await.unwrap_err().code(), "not_found");
        let thread = messages.page(&eve.actor, own, Some(message.id), Window::Newest, Limit::DEFAULT).await;
        assert_eq!(thread.unwrap_err().code(), "not_found");
        assert!(world.events(&eve, place).await.is_empty());
    }

    async fn who_sees_the_history_since_joining_sees_no_older_message_anywhere(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let place = world.group_since_join(&[&ann]).await;
        let old = world.say(&ann, place, "old canary").await;
        world.add(&ann, place, &ben).await;
        let new = world.say(&ann, place, "new").await;
        let messages = world.rony.messages();
        messages.edit(&ann.actor, place, old.id, "older canary".into()).await.unwrap();
        for window in [Window::Newest, Window::After(0), Window::Before(new.seq + 1), Window::Around(old.seq)] {
            let page = world.page(&ben, place, window, 50).await;
            assert_eq!(texts(&page), ["new"], "{window:?}");
            assert!(!page.more_before && !page.more_after, "{window:?}");
        }
        assert_eq!(messages.get(&ben.actor, place, old.id).await.unwrap_err().code(), "not_found");
        let events = world.events(&ben, place).await;
        let types: Vec<_> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
        assert_eq!(types, ["conversation.created", "skipped", "member.joined", "message.posted", "skipped"]);
        assert!(!serde_json::to_string(&events).unwrap().contains("canary"));
        for hidden in [Post { reply_to: Some(old.id), ..post(world.client_id(), "?") }, Post { thread_id: Some(old.id), ..post(world.client_id(), "?") }] {
            assert_eq!(world.refusal(&ben, place, hidden).await, "not_found");
        }
        let view = world.rony.conversations().get(&ben.actor, place).await.unwrap();
        assert_eq!((view.unread, view.newest_ordinal, view.read_ordinal), (1, 2, 1));
    }
}
