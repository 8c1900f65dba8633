//! Facts about edits, which keep what was said, and tombstones, which do not.

use rony_core::{message::Window, time::Clock as _};

use super::{World, facts, post};

facts! {
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
}
