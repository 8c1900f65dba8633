//! Facts about folders: making, changing, moving and copying.

use rony_core::file::{CopyItem, IfExists, ItemChange, ItemKind, Level, Listing, NewFolder, Reader, Sort};

use super::{World, facts, name, names};

fn into(parent: Option<rony_core::id::ItemId>) -> ItemChange {
    ItemChange { parent_id: Some(parent), ..ItemChange::default() }
}

facts! {
    async fn a_folder_is_in_the_drive_of_who_made_it_and_told_to_their_devices(world: World) {
        let ann = world.person("ann").await;
        let top = world.folder(&ann, None, "Work").await;
        let inner = world.folder(&ann, Some(top.id), "Plans").await;
        assert_eq!((top.owner_id, top.parent_id, top.level), (ann.id, None, Level::Owner));
        assert_eq!((inner.kind, inner.parent_id), (ItemKind::Folder, Some(top.id)));
        let view = world.rony.files().get(&ann.actor, inner.id).await.unwrap();
        assert_eq!(view.item, inner);
        assert_eq!(view.path.iter().map(|crumb| crumb.id).collect::<Vec<_>>(), [top.id]);
        let events = world.own_events(&ann, "file.").await;
        assert_eq!(events[0]["parent_id"], serde_json::Value::Null);
        assert_eq!(events[1]["parent_id"], top.id.to_string());
        assert_eq!(events[1]["file_id"], inner.id.to_string());
    }

    async fn a_name_is_there_once_whatever_its_case(world: World) {
        let ann = world.person("ann").await;
        let first = world.folder(&ann, None, "Report").await;
        let again = |if_exists| NewFolder { if_exists, ..NewFolder::named(None, name("REPORT")) };
        let files = world.rony.files();
        let refused = files.create_folder(&ann.actor, again(IfExists::Fail)).await.unwrap_err();
        assert_eq!(refused.code(), "name_taken");
        assert_eq!(files.create_folder(&ann.actor, again(IfExists::Use)).await.unwrap().id, first.id);
        let numbered = files.create_folder(&ann.actor, again(IfExists::Rename)).await.unwrap();
        assert_eq!(numbered.name.as_str(), "REPORT (2)");
        let third = files.create_folder(&ann.actor, again(IfExists::Rename)).await.unwrap();
        assert_eq!(third.name.as_str(), "REPORT (3)");
        let ben = world.person("ben").await;
        world.folder(&ben, None, "Report").await;
        let change = ItemChange { name: Some(name("report")), ..ItemChange::default() };
        assert_eq!(files.change(&ann.actor, first.id, change).await.unwrap().name.as_str(), "report", "its own");
    }

    async fn of_two_who_take_a_name_at_once_one_gets_it(world: World) {
        let ann = world.person("ann").await;
        let make = || async { world.rony.files().create_folder(&ann.actor, NewFolder::named(None, name("One"))).await };
        let (one, two) = tokio::join!(make(), make());
        assert!(one.is_ok() != two.is_ok());
        assert_eq!(one.and(two).unwrap_err().code(), "name_taken");
    }

    async fn a_folder_has_an_icon_and_a_colour(world: World) {
        let ann = world.person("ann").await;
        let folder = world.folder(&ann, None, "Work").await;
        let change = ItemChange { icon: Some("🎨".into()), color: Some("teal".into()), ..ItemChange::default() };
        let changed = world.rony.files().change(&ann.actor, folder.id, change.clone()).await.unwrap();
        assert_eq!((changed.icon.as_str(), changed.color.as_str()), ("🎨", "teal"));
        let told = world.own_events(&ann, "file.").await.len();
        world.rony.files().change(&ann.actor, folder.id, change).await.unwrap();
        assert_eq!(world.own_events(&ann, "file.").await.len(), told, "the same again tells nobody");
    }

    async fn what_is_moved_is_told_of_both_folders(world: World) {
        let ann = world.person("ann").await;
        let (one, two) = (world.folder(&ann, None, "One").await, world.folder(&ann, None, "Two").await);
        let file = world.file(&ann, Some(one.id), "a.txt", 3).await;
        let moved = world.rony.files().change(&ann.actor, file.id, into(Some(two.id))).await.unwrap();
        assert_eq!(moved.parent_id, Some(two.id));
        let events = world.own_events(&ann, "file.").await;
        let parents: Vec<_> = events[events.len() - 2..].iter().map(|event| event["parent_id"].clone()).collect();
        assert_eq!(parents, [one.id.to_string(), two.id.to_string()]);
        let top = world.rony.files().change(&ann.actor, file.id, into(None)).await.unwrap();
        assert_eq!(top.parent_id, None);
    }

    async fn a_folder_never_lies_in_itself(world: World) {
        let ann = world.person("ann").await;
        let one = world.folder(&ann, None, "One").await;
        let two = world.folder(&ann, Some(one.id), "Two").await;
        let files = world.rony.files();
        let code = async |id, parent| files.change(&ann.actor, id, into(Some(parent))).await.unwrap_err().code();
        assert_eq!(code(one.id, two.id).await, "would_loop");
        assert_eq!(code(one.id, one.id).await, "would_loop");
        let file = world.file(&ann, None, "a.txt", 1).await;
        assert_eq!(code(two.id, file.id).await, "not_a_folder");
        let three = world.folder(&ann, None, "Three").await;
        let (left, right) = tokio::join!(
            files.change(&ann.actor, one.id, into(Some(three.id))),
            files.change(&ann.actor, three.id, into(Some(one.id))),
        );
        assert!(left.is_ok() != right.is_ok(), "one of them came first");
        assert_eq!(left.and(right).unwrap_err().code(), "would_loop");
    }

    async fn folders_go_sixty_four_deep_and_no_deeper(world: World) {
        let ann = world.person("ann").await;
        let mut folders = vec![world.folder(&ann, None, "1").await];
        for depth in 2..=64 {
            folders.push(world.folder(&ann, folders.last().map(|folder| folder.id), &depth.to_string()).await);
        }
        let deepest = folders[63].id;
        let files = world.rony.files();
        let refused = files.create_folder(&ann.actor, NewFolder::named(Some(deepest), name("65"))).await;
        assert_eq!(refused.unwrap_err().code(), "too_deep");
        assert_eq!(world.try_file(&ann, Some(deepest), "a", 1).await.unwrap_err().code(), "too_deep");
        let other = world.folder(&ann, None, "Other").await;
        world.file(&ann, Some(other.id), "a", 1).await;
        let moved = files.change(&ann.actor, other.id, into(Some(folders[62].id))).await;
        assert_eq!(moved.unwrap_err().code(), "too_deep", "with what lies in it");
        files.change(&ann.actor, other.id, into(Some(folders[61].id))).await.unwrap();
        let copied = files.copy(&ann.actor, folders[0].id, CopyItem { parent_id: Some(folders[0].id), name: None });
        assert_eq!(copied.await.unwrap_err().code(), "too_deep");
    }

    async fn what_is_in_a_drive_stays_there_and_is_copied_into_others(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let folder = world.folder(&ann, None, "Work").await;
        let inner = world.folder(&ann, Some(folder.id), "Inner").await;
        world.file(&ann, Some(inner.id), "a.txt", 5).await;
        let gone = world.file(&ann, Some(folder.id), "gone.txt", 9).await;
        world.rony.files().trash(&ann.actor, gone.id).await.unwrap();
        world.share(&ann, folder.id, &ben, Level::Manager).await;
        let files = world.rony.files();
        assert_eq!(files.change(&ben.actor, folder.id, into(None)).await.unwrap_err().code(), "other_drive");
        let copy = files.copy(&ben.actor, folder.id, CopyItem::default()).await.unwrap();
        assert_eq!((copy.owner_id, copy.created_by, copy.shared), (ben.id, Some(ben.id), false));
        let inside = world.files_in(&ben, Listing::Folder(Some(copy.id))).await;
        assert_eq!(names(&inside), ["Inner"], "without what is in the trash");
        let inside = world.files_in(&ben, Listing::Folder(Some(inside[0].id))).await;
        assert_eq!((names(&inside), inside[0].size, inside[0].version), (vec!["a.txt"], 5, 1));
        assert_eq!(files.drive(&ben.actor).await.unwrap().used, 5);
        assert_eq!(world.look(&ann, copy.id).await, "not_found");
        let again = files.copy(&ben.actor, folder.id, CopyItem::default()).await.unwrap();
        assert_eq!(again.name.as_str(), "Work (2)");
    }

    async fn a_folder_is_copied_into_itself_as_it_was(world: World) {
        let ann = world.person("ann").await;
        let folder = world.folder(&ann, None, "Work").await;
        world.file(&ann, Some(folder.id), "a.txt", 5).await;
        let copy = CopyItem { parent_id: Some(folder.id), name: Some(name("Copy")) };
        let copy = world.rony.files().copy(&ann.actor, folder.id, copy).await.unwrap();
        assert_eq!(names(&world.files_in(&ann, Listing::Folder(Some(folder.id))).await), ["Copy", "a.txt"]);
        assert_eq!(names(&world.files_in(&ann, Listing::Folder(Some(copy.id))).await), ["a.txt"]);
    }

    async fn an_upload_meets_a_name_as_its_sender_said(world: World) {
        let ann = world.person("ann").await;
        let first = world.file(&ann, None, "a.txt", 3).await;
        let upload = |if_exists| rony_core::file::AddFile {
            if_exists,
            ..world.upload(Reader::Person(ann.id), None, "A.TXT", 4)
        };
        assert_eq!(world.store.add_file(&upload(IfExists::Fail)).await.unwrap_err().code(), "name_taken");
        let numbered = world.store.add_file(&upload(IfExists::Rename)).await.unwrap();
        assert_eq!(numbered.name.as_str(), "A (2).TXT");
        let replaced = world.store.add_file(&upload(IfExists::Replace)).await.unwrap();
        assert_eq!((replaced.id, replaced.version, replaced.size), (first.id, 2, 4));
        world.folder(&ann, None, "b").await;
        let folder = rony_core::file::AddFile { name: name("b"), ..upload(IfExists::Replace) };
        assert_eq!(world.store.add_file(&folder).await.unwrap_err().code(), "name_taken", "it is a folder");
    }

    async fn a_star_is_for_who_gave_it(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let file = world.file(&ann, None, "a.txt", 3).await;
        world.share(&ann, file.id, &ben, Level::Viewer).await;
        let told = world.own_events(&ann, "file.").await.len();
        let star = |starred| ItemChange { starred: Some(starred), ..ItemChange::default() };
        assert!(world.rony.files().change(&ben.actor, file.id, star(true)).await.unwrap().starred);
        assert!(!world.rony.files().get(&ann.actor, file.id).await.unwrap().item.starred);
        assert_eq!(names(&world.files_in(&ben, Listing::Starred).await), ["a.txt"]);
        assert_eq!(world.files_in(&ann, Listing::Starred).await, []);
        assert_eq!(world.own_events(&ann, "file.").await.len(), told);
        assert_eq!(world.own_events(&ben, "file.").await.len(), 1);
        world.rony.files().revoke(&ann.actor, file.id, ben.id.uuid()).await.unwrap();
        assert_eq!(world.files_in(&ben, Listing::Starred).await, [], "it is not there any more");
        world.share(&ann, file.id, &ben, Level::Viewer).await;
        world.rony.files().change(&ben.actor, file.id, star(false)).await.unwrap();
        assert_eq!(world.files_by(&ben, Listing::Starred, Sort::NEWEST).await.unwrap(), []);
    }
}
