//! Facts about reading: parts of a conversation, and who may not see them.

use rony_core::{
    id::{ConversationId, MessageId},
    message::{Post, Window},
    page::{Cursor, Limit},
    time::Clock as _,
};

use super::{World, facts, post, texts};

facts! {
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

    async fn a_stranger_cannot_tell_a_private_conversation_from_none(world: World) {
        let (ann, eve) = (world.person("ann").await, world.person("eve").await);
        let place = world.group(&[&ann]).await;
        let message = world.say(&ann, place, "between us").await.id;
        let none = (ConversationId::new(world.clock.now()), MessageId::new(world.clock.now()));
        let tries = async |(place, message): (ConversationId, MessageId)| {
            let (messages, emoji) = (world.rony.messages(), "👍".to_owned());
            [
                messages.edit(&eve.actor, place, message, "?".into()).await.unwrap_err(),
                messages.delete(&eve.actor, place, message).await.unwrap_err(),
                messages.versions(&eve.actor, place, message).await.unwrap_err(),
                world.rony.reactions().add(&eve.actor, place, message, emoji).await.unwrap_err(),
                world.rony.pins().add(&eve.actor, place, message).await.unwrap_err(),
            ]
            .map(|error| (error.code(), error.to_string()))
        };
        assert_eq!(tries((place, message)).await, tries(none).await);
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
