//! Facts about sharing: with people, with conversations, and by links.

use rony_core::{
    contact::ContactChanges,
    file::{
        AddFile, IfExists, ItemChange, Level, LinkLevel, ListRows, Listing, Query, Reader, Sort, Subject,
    },
    id::{ConversationId, ItemId, UserId},
    message::Post,
    user::AccountChange,
};
use uuid::Uuid;

use super::{Person, World, facts, name, names};

impl World {
    async fn level(&self, person: &Person, id: ItemId) -> Option<Level> {
        self.rony.files().get(&person.actor, id).await.ok().map(|view| view.item.level)
    }

    async fn share_refused(&self, by: &Person, id: ItemId, subject: Subject, level: Level) -> &'static str {
        self.rony.files().grant(&by.actor, id, subject, level).await.expect_err("is refused").code()
    }
}

fn renamed(to: &str) -> ItemChange {
    ItemChange { name: Some(name(to)), ..ItemChange::default() }
}

facts! {
    async fn a_grant_holds_for_all_below_and_ends_at_once(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let folder = world.folder(&ann, None, "Work").await;
        let inner = world.folder(&ann, Some(folder.id), "Inner").await;
        let file = world.file(&ann, Some(inner.id), "a.txt", 3).await;
        assert_eq!(world.level(&ben, file.id).await, None);
        world.share(&ann, inner.id, &ben, Level::Viewer).await;
        assert_eq!(world.level(&ben, file.id).await, Some(Level::Viewer));
        assert_eq!(world.level(&ben, folder.id).await, None, "not above");
        let view = world.rony.files().get(&ben.actor, file.id).await.unwrap();
        assert_eq!(view.path.iter().map(|crumb| crumb.id).collect::<Vec<_>>(), [inner.id]);
        let given = world.rony.files().get(&ben.actor, inner.id).await.unwrap().item;
        assert_eq!((given.parent_id, given.shared), (None, true));
        world.share(&ann, file.id, &ben, Level::Editor).await;
        assert_eq!(world.level(&ben, file.id).await, Some(Level::Editor), "the highest counts");
        world.share(&ann, folder.id, &ben, Level::Manager).await;
        assert_eq!(world.level(&ben, file.id).await, Some(Level::Manager));
        for id in [folder.id, inner.id, file.id] {
            world.rony.files().revoke(&ann.actor, id, ben.id.uuid()).await.unwrap();
        }
        assert_eq!(world.level(&ben, file.id).await, None);
    }

    async fn whom_it_is_shared_with_is_told_and_so_is_the_owner(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let file = world.file(&ann, None, "a.txt", 3).await;
        world.share(&ann, file.id, &ben, Level::Viewer).await;
        world.share(&ann, file.id, &ben, Level::Viewer).await;
        world.share(&ann, file.id, &ben, Level::Editor).await;
        world.rony.files().revoke(&ann.actor, file.id, ben.id.uuid()).await.unwrap();
        let told = world.own_events(&ben, "grant.").await;
        let seen: Vec<_> = told.iter().map(|it| (it["type"].as_str().unwrap(), it["level"].as_str())).collect();
        assert_eq!(seen, [("grant.added", Some("viewer")), ("grant.added", Some("editor")), ("grant.removed", None)]);
        assert_eq!(told[0]["file_id"], file.id.to_string());
        assert_eq!(world.own_events(&ann, "file.").await.len(), 4);
        let gone = world.rony.files().revoke(&ann.actor, file.id, ben.id.uuid()).await.unwrap_err();
        assert_eq!(gone.code(), "not_found");
    }

    async fn what_somebody_gave_further_ends_when_they_may_share_no_more(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let (cem, dan) = (world.person("cem").await, world.person("dan").await);
        let folder = world.folder(&ann, None, "Work").await;
        let inner = world.folder(&ann, Some(folder.id), "Inner").await;
        let file = world.file(&ann, Some(inner.id), "a.txt", 3).await;
        let levels = async || {
            let mut levels = Vec::new();
            for person in [&ben, &cem, &dan] {
                levels.push(world.level(person, file.id).await);
            }
            levels
        };
        let give_all = async || {
            world.share(&ann, folder.id, &ben, Level::Manager).await;
            world.share(&ben, inner.id, &ben, Level::Manager).await;
            world.share(&ben, inner.id, &cem, Level::Manager).await;
            world.share(&cem, file.id, &ben, Level::Manager).await;
            world.share(&cem, file.id, &dan, Level::Viewer).await;
        };
        give_all().await;
        world.rony.files().revoke(&ann.actor, folder.id, ben.id.uuid()).await.unwrap();
        assert_eq!(levels().await, [None, None, None]);
        let told = world.own_events(&dan, "grant.").await;
        assert_eq!(told.last().map(|it| it["type"].as_str()), Some(Some("grant.removed")));

        give_all().await;
        world.share(&ann, folder.id, &ben, Level::Editor).await;
        assert_eq!(levels().await, [Some(Level::Editor), None, None], "less is as good as nothing");

        give_all().await;
        world.share(&ann, folder.id, &cem, Level::Manager).await;
        world.rony.files().revoke(&ann.actor, folder.id, ben.id.uuid()).await.unwrap();
        assert_eq!(
            levels().await,
            [Some(Level::Manager), Some(Level::Manager), Some(Level::Viewer)],
            "what somebody gave who may share yet stays"
        );
    }

    async fn nobody_is_given_anything_by_whom_they_blocked(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let (file, given) = (world.file(&ann, None, "a.txt", 3).await, world.file(&ann, None, "b.txt", 3).await);
        world.share(&ann, given.id, &ben, Level::Editor).await;
        let block = ContactChanges { blocked: Some(true), ..ContactChanges::default() };
        world.rony.contacts().change(&ben.actor, ann.id, block).await.unwrap();
        assert_eq!(world.share_refused(&ann, file.id, Subject::Person(ben.id), Level::Viewer).await, "blocked");
        assert_eq!(world.level(&ben, file.id).await, None);
        world.share(&ann, given.id, &ben, Level::Viewer).await;
        assert_eq!(world.level(&ben, given.id).await, Some(Level::Viewer), "what they have can become less");
    }

    async fn a_conversation_s_members_of_now_see_what_is_shared_with_it(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        let group = world.group(&[&ann, &ben]).await;
        let file = world.file(&ann, None, "a.txt", 3).await;
        let subject = Subject::Conversation(group);
        world.rony.files().grant(&ann.actor, file.id, subject, Level::Editor).await.unwrap();
        assert_eq!(world.event_types(&ben, group).await.last().unwrap(), "grant.added");
        assert_eq!((world.level(&ben, file.id).await, world.level(&cem, file.id).await), (Some(Level::Editor), None));
        world.add(&ann, group, &cem).await;
        assert_eq!(world.level(&cem, file.id).await, Some(Level::Editor));
        world.rony.members().remove(&ann.actor, group, ben.id).await.unwrap();
        assert_eq!(world.level(&ben, file.id).await, None);
        assert_eq!(world.files_in(&ben, Listing::Shared).await, []);
        world.rony.conversations().delete(&ann.actor, group).await.unwrap();
        assert_eq!(world.level(&cem, file.id).await, None);
        assert_eq!(world.rony.files().grants(&ann.actor, file.id).await.unwrap(), []);
    }

    async fn one_shares_what_one_manages_with_whom_there_is(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let (root, cem) = (world.administrator("root").await, world.person("cem").await);
        let file = world.file(&ann, None, "a.txt", 3).await;
        let to = |person: &Person| Subject::Person(person.id);
        assert_eq!(world.share_refused(&ben, file.id, to(&cem), Level::Viewer).await, "not_found");
        assert_eq!(world.share_refused(&root, file.id, to(&cem), Level::Viewer).await, "not_found", "nor administrators");
        world.share(&ann, file.id, &ben, Level::Editor).await;
        assert_eq!(world.share_refused(&ben, file.id, to(&cem), Level::Viewer).await, "level_too_low");
        assert_eq!(world.rony.files().grants(&ben.actor, file.id).await.unwrap_err().code(), "level_too_low");
        world.share(&ann, file.id, &ben, Level::Manager).await;
        world.share(&ben, file.id, &cem, Level::Viewer).await;
        assert_eq!(world.share_refused(&ben, file.id, to(&ann), Level::Viewer).await, "invalid");
        assert_eq!(world.share_refused(&ben, file.id, to(&cem), Level::Owner).await, "invalid");
        let nobody = Subject::Person(UserId(Uuid::from_u128(1)));
        assert_eq!(world.share_refused(&ann, file.id, nobody, Level::Viewer).await, "not_found");
        let foreign = world.group(&[&cem]).await;
        assert_eq!(world.share_refused(&ann, file.id, Subject::Conversation(foreign), Level::Viewer).await, "not_found");
        let nowhere = Subject::Conversation(ConversationId(Uuid::from_u128(2)));
        assert_eq!(world.share_refused(&ann, file.id, nowhere, Level::Viewer).await, "not_found");
        let off = AccountChange { role: None, deactivated: Some(true) };
        world.rony.users().administer(&root.actor, cem.id, off).await.unwrap();
        assert_eq!(world.share_refused(&ann, file.id, to(&cem), Level::Editor).await, "not_found");
    }

    async fn grants_are_listed_with_those_of_the_folders_that_one_manages(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        let group = world.group(&[&ann]).await;
        let folder = world.folder(&ann, None, "Work").await;
        let file = world.file(&ann, Some(folder.id), "a.txt", 3).await;
        world.share(&ann, folder.id, &cem, Level::Viewer).await;
        world.share(&ann, file.id, &ben, Level::Manager).await;
        world.rony.files().grant(&ann.actor, file.id, Subject::Conversation(group), Level::Viewer).await.unwrap();
        let all = world.rony.files().grants(&ann.actor, file.id).await.unwrap();
        assert_eq!(all.iter().map(|grant| grant.file_id).collect::<Vec<_>>(), [file.id, file.id, folder.id]);
        assert!(all.iter().any(|grant| grant.name == "ben" && grant.level == Level::Manager));
        let seen = world.rony.files().grants(&ben.actor, file.id).await.unwrap();
        assert!(seen.iter().all(|grant| grant.file_id == file.id && grant.granted_by == ann.id));
        assert_eq!(seen.len(), 2, "who sees the folder is not for ben to know");
    }

    async fn one_leaves_what_is_shared_with_one(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        let file = world.file(&ann, None, "a.txt", 3).await;
        world.share(&ann, file.id, &ben, Level::Viewer).await;
        world.share(&ann, file.id, &cem, Level::Viewer).await;
        let files = world.rony.files();
        assert_eq!(files.revoke(&ben.actor, file.id, cem.id.uuid()).await.unwrap_err().code(), "level_too_low");
        files.revoke(&ben.actor, file.id, ben.id.uuid()).await.unwrap();
        assert_eq!(world.level(&ben, file.id).await, None);
    }

    async fn what_somebody_handed_on_in_a_message_ends_with_their_right_to(world: World) {
        let (ann, ben, cem) = (world.person("ann").await, world.person("ben").await, world.person("cem").await);
        let file = world.file(&ann, None, "plan.txt", 3).await;
        let team = world.group(&[&ann, &ben]).await;
        for (subject, id) in [(Subject::Person(ben.id), ben.id.uuid()), (Subject::Conversation(team), team.uuid())] {
            world.rony.files().grant(&ann.actor, file.id, subject, Level::Manager).await.unwrap();
            let place = world.direct(&ben, &cem).await;
            let post = Post { attachments: vec![file.id], ..Post::text(world.client_id(), "See".to_owned()) };
            world.rony.messages().post(&ben.actor, place, post).await.unwrap();
            assert_eq!(world.level(&cem, file.id).await, Some(Level::Viewer));
            world.rony.files().revoke(&ann.actor, file.id, id).await.unwrap();
            assert_eq!(world.level(&cem, file.id).await, None);
            assert_eq!(world.level(&ben, file.id).await, None, "nor by their own message");
        }
    }

    async fn nobody_gets_more_of_a_file_by_moving_it(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let (edited, managed) = (world.folder(&ann, None, "Edited").await, world.folder(&ann, None, "Managed").await);
        let file = world.file(&ann, Some(edited.id), "a.txt", 3).await;
        world.share(&ann, edited.id, &ben, Level::Editor).await;
        world.share(&ann, managed.id, &ben, Level::Manager).await;
        let there = |folder: ItemId| ItemChange { parent_id: Some(Some(folder)), ..ItemChange::default() };
        let refused = world.rony.files().change(&ben.actor, file.id, there(managed.id)).await.unwrap_err();
        assert_eq!(refused.code(), "level_too_low");
        let other = world.file(&ann, Some(managed.id), "b.txt", 3).await;
        world.rony.files().change(&ben.actor, other.id, there(edited.id)).await.unwrap();
    }

    async fn an_editor_changes_what_is_there_and_takes_nothing_out(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let folder = world.folder(&ann, None, "Work").await;
        let inner = world.folder(&ann, Some(folder.id), "Inner").await;
        let file = world.file(&ann, Some(inner.id), "a.txt", 3).await;
        let files = world.rony.files();
        world.share(&ann, folder.id, &ben, Level::Viewer).await;
        assert_eq!(files.change(&ben.actor, file.id, renamed("b")).await.unwrap_err().code(), "level_too_low");
        assert_eq!(world.try_file(&ben, Some(inner.id), "new", 1).await.unwrap_err().code(), "level_too_low");
        world.share(&ann, inner.id, &ben, Level::Editor).await;
        files.change(&ben.actor, file.id, renamed("b")).await.unwrap();
        files.change(&ben.actor, inner.id, renamed("Inside")).await.unwrap();
        let made = world.try_file(&ben, Some(inner.id), "new", 1).await.unwrap();
        assert_eq!((made.owner_id, made.created_by), (ann.id, Some(ben.id)));
        let up = ItemChange { parent_id: Some(Some(folder.id)), ..ItemChange::default() };
        assert_eq!(files.change(&ben.actor, file.id, up).await.unwrap_err().code(), "level_too_low");
        assert_eq!(files.trash(&ben.actor, inner.id).await.unwrap_err().code(), "level_too_low");
        files.trash(&ben.actor, made.id).await.unwrap();
    }

    async fn a_link_opens_what_it_leads_to_and_nothing_beside_it(world: World) {
        let ann = world.person("ann").await;
        let folder = world.folder(&ann, None, "Work").await;
        let inner = world.folder(&ann, Some(folder.id), "Inner").await;
        let file = world.file(&ann, Some(inner.id), "a.txt", 3).await;
        let beside = world.file(&ann, Some(folder.id), "secret a.txt", 3).await;
        let link = Reader::Link { root: inner.id, level: LinkLevel::Viewer };
        let seen = world.store.item(link, file.id).await.unwrap();
        assert_eq!((seen.item.level, seen.item.starred), (Level::Viewer, false));
        assert_eq!(seen.path.iter().map(|crumb| crumb.id).collect::<Vec<_>>(), [inner.id]);
        assert_eq!(world.store.item(link, inner.id).await.unwrap().item.parent_id, None);
        for id in [folder.id, beside.id] {
            assert_eq!(world.store.item(link, id).await.unwrap_err().code(), "not_found");
        }
        let rows = |of| ListRows { of, sort: Sort::default(), after: None, limit: 10 };
        let items = world.store.items(link, &rows(Listing::Folder(None))).await.unwrap();
        assert_eq!(names(&items), ["a.txt"]);
        let query = Query { text: "a.txt".to_owned(), ..Query::default() };
        let items = world.store.items(link, &rows(Listing::Search(query))).await.unwrap();
        assert_eq!(names(&items), ["a.txt"]);
        let listed = world.store.items(link, &rows(Listing::Folder(Some(folder.id)))).await;
        assert_eq!(listed.unwrap_err().code(), "not_found");
        let upload = world.upload(link, None, "b.txt", 1);
        assert_eq!(world.store.add_file(&upload).await.unwrap_err().code(), "level_too_low");
        world.rony.files().trash(&ann.actor, folder.id).await.unwrap();
        assert_eq!(world.store.item(link, file.id).await.unwrap_err().code(), "not_found");
    }

    async fn who_may_only_put_in_sees_nothing_and_overwrites_nothing(world: World) {
        let ann = world.person("ann").await;
        let folder = world.folder(&ann, None, "Box").await;
        let there = world.file(&ann, Some(folder.id), "a.txt", 3).await;
        let link = Reader::Link { root: folder.id, level: LinkLevel::Drop };
        let rows = ListRows { of: Listing::Folder(None), sort: Sort::default(), after: None, limit: 10 };
        assert_eq!(world.store.items(link, &rows).await.unwrap_err().code(), "not_found");
        assert_eq!(world.store.item(link, there.id).await.unwrap_err().code(), "not_found");
        assert_eq!(world.store.content(link, there.id, None).await.unwrap_err().code(), "not_found");
        for if_exists in [IfExists::Replace, IfExists::Fail] {
            let upload = AddFile { if_exists, ..world.upload(link, None, "a.txt", 1) };
            let put = world.store.add_file(&upload).await.unwrap();
            assert_ne!(put.id, there.id);
            assert_eq!((put.owner_id, put.created_by), (ann.id, None));
        }
        let replace = AddFile { replace: Some(there.id), ..world.upload(link, None, "a.txt", 1) };
        assert_eq!(world.store.add_file(&replace).await.unwrap_err().code(), "not_found");
        let inside = world.files_in(&ann, Listing::Folder(Some(folder.id))).await;
        assert_eq!(names(&inside), ["a (2).txt", "a (3).txt", "a.txt"]);
        let new = rony_core::file::NewFolder::named(None, name("Folder"));
        assert_eq!(world.store.create_folder(world.by(link), &new).await.unwrap_err().code(), "level_too_low");
    }
}
