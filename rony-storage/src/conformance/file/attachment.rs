//! Facts about files that messages show.

use rony_core::{
    Result,
    file::Level,
    id::{ConversationId, ItemId},
    message::{Message, Post, Window},
    page::Limit,
};

use super::{Person, World, facts};

impl World {
    async fn attach(
        &self,
        person: &Person,
        place: ConversationId,
        text: &str,
        attachments: Vec<ItemId>,
    ) -> Result<Message> {
        let post = Post { attachments, ..Post::text(self.client_id(), text.to_owned()) };
        Ok(self.rony.messages().post(&person.actor, place, post).await?.message)
    }
}

facts! {
    async fn a_message_shows_its_files_as_they_were(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let group = world.group(&[&ann, &ben]).await;
        let file = world.file(&ann, None, "plan.txt", 3).await;
        let posted = world.attach(&ann, group, "", vec![file.id]).await.unwrap();
        world.replace(&ann, file.id, 9).await.unwrap();
        let page = world.rony.messages().page(&ben.actor, group, None, Window::Newest, Limit::MAX).await.unwrap();
        let read = page.items.last().unwrap();
        assert_eq!(read, &posted);
        let attachment = &read.attachments[0];
        assert_eq!((attachment.file_id, attachment.name.as_str(), attachment.size), (file.id, "plan.txt", 3));
        let event = world.events(&ben, group).await.pop().unwrap();
        assert_eq!(event["message"]["attachments"][0]["file_id"], file.id.to_string());
        assert_eq!(world.rony.shares().content(&ben.actor, file.id, None).await.unwrap().size, 9, "the file of now");
        assert_eq!(world.rony.files().get(&ben.actor, file.id).await.unwrap().item.level, Level::Viewer);
    }

    async fn who_does_not_see_the_message_does_not_see_the_file(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        let group = world.group_since_join(&[&ann, &ben]).await;
        let file = world.file(&ann, None, "plan.txt", 3).await;
        world.attach(&ann, group, "See", vec![file.id]).await.unwrap();
        assert_eq!(world.look(&ben, file.id).await, "there");
        assert_eq!(world.look(&cem, file.id).await, "not_found");
        world.add(&ann, group, &cem).await;
        assert_eq!(world.look(&cem, file.id).await, "not_found", "it is from before");
        let again = world.attach(&ann, group, "Again", vec![file.id]).await.unwrap();
        assert_eq!(world.look(&cem, file.id).await, "there");
        world.rony.messages().delete(&ann.actor, group, again.id).await.unwrap();
        assert_eq!(world.look(&cem, file.id).await, "not_found");
        assert_eq!(world.look(&ben, file.id).await, "there", "the first one is left");
        world.rony.members().remove(&ann.actor, group, ben.id).await.unwrap();
        assert_eq!(world.look(&ben, file.id).await, "not_found");
    }

    async fn a_message_that_is_deleted_shows_nothing_any_more(world: World) {
        let ann = world.person("ann").await;
        let group = world.group(&[&ann]).await;
        let file = world.file(&ann, None, "plan.txt", 3).await;
        let posted = world.attach(&ann, group, "See", vec![file.id]).await.unwrap();
        let tombstone = world.rony.messages().delete(&ann.actor, group, posted.id).await.unwrap();
        assert_eq!(tombstone.attachments, []);
        let read = world.rony.messages().get(&ann.actor, group, posted.id).await.unwrap();
        assert_eq!(read, tombstone);
        assert_eq!(world.look(&ann, file.id).await, "there", "the file stays");
    }

    async fn an_edit_leaves_the_files_where_they_are(world: World) {
        let ann = world.person("ann").await;
        let group = world.group(&[&ann]).await;
        let file = world.file(&ann, None, "plan.txt", 3).await;
        let posted = world.attach(&ann, group, "See", vec![file.id]).await.unwrap();
        let edited = world.rony.messages().edit(&ann.actor, group, posted.id, "Look".to_owned()).await.unwrap();
        assert_eq!(edited.attachments, posted.attachments);
        let read = world.rony.messages().get(&ann.actor, group, posted.id).await.unwrap();
        assert_eq!(read.attachments, posted.attachments);
    }

    async fn one_attaches_files_that_one_may_share(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let group = world.group(&[&ann, &ben]).await;
        let (file, folder) = (world.file(&ann, None, "plan.txt", 3).await, world.folder(&ann, None, "Work").await);
        let code = async |person, attachments| world.attach(person, group, "See", attachments).await.unwrap_err().code();
        assert_eq!(code(&ben, vec![file.id]).await, "not_found");
        world.share(&ann, file.id, &ben, Level::Editor).await;
        assert_eq!(code(&ben, vec![file.id]).await, "level_too_low");
        world.share(&ann, file.id, &ben, Level::Manager).await;
        world.attach(&ben, group, "See", vec![file.id]).await.unwrap();
        assert_eq!(code(&ann, vec![folder.id]).await, "invalid");
        assert_eq!(code(&ann, vec![file.id, file.id]).await, "invalid");
        world.rony.files().trash(&ann.actor, file.id).await.unwrap();
        assert_eq!(code(&ann, vec![file.id]).await, "in_trash");
        let empty = world.attach(&ann, group, "", Vec::new()).await.unwrap_err();
        assert_eq!(empty.code(), "invalid");
        let page = world.rony.messages().page(&ann.actor, group, None, Window::Newest, Limit::MAX).await.unwrap();
        assert_eq!(page.items.len(), 1, "what was refused left nothing behind");
    }

    async fn a_retry_is_the_same_message_whatever_became_of_the_file(world: World) {
        let ann = world.person("ann").await;
        let group = world.group(&[&ann]).await;
        let file = world.file(&ann, None, "plan.txt", 3).await;
        let post = Post { attachments: vec![file.id], ..Post::text(world.client_id(), String::new()) };
        let first = world.rony.messages().post(&ann.actor, group, post.clone()).await.unwrap();
        world.rony.files().trash(&ann.actor, file.id).await.unwrap();
        let again = world.rony.messages().post(&ann.actor, group, post).await.unwrap();
        assert!(again.repeated);
        assert_eq!(again.message, first.message);
    }

    async fn a_file_goes_with_the_conversation_that_showed_it(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let group = world.group(&[&ann, &ben]).await;
        let file = world.file(&ann, None, "plan.txt", 3).await;
        world.attach(&ann, group, "See", vec![file.id]).await.unwrap();
        world.rony.conversations().delete(&ann.actor, group).await.unwrap();
        assert_eq!(world.look(&ben, file.id).await, "not_found");
    }
}
