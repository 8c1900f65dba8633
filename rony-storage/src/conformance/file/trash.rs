//! Facts about the trash, and about what is deleted for good.

use std::time::Duration;

use rony_core::{
    file::{CopyItem, Item, ItemChange, Level, Listing, Purge},
    time::Clock as _,
};

use super::{Person, World, facts, name, names};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl World {
    async fn throw(&self, person: &Person, item: &Item) {
        self.rony.files().trash(&person.actor, item.id).await.expect("may be thrown away");
    }

    /// One step of removing, of so many items at most.
    async fn purge_step(&self, most: i64) -> bool {
        let at = self.clock.now();
        self.store.purge(Purge { at, trashed_until: at.minus(30 * DAY), most }).await.expect("a step")
    }
}

facts! {
    async fn what_is_thrown_away_is_there_for_its_owner_and_only_in_the_trash(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let folder = world.folder(&ann, None, "Work").await;
        let file = world.file(&ann, Some(folder.id), "a.txt", 3).await;
        world.share(&ann, folder.id, &ben, Level::Editor).await;
        world.throw(&ann, &folder).await;
        for id in [folder.id, file.id] {
            assert_eq!(world.look(&ben, id).await, "not_found");
            assert_eq!(world.look(&ann, id).await, "there");
        }
        assert_eq!(names(&world.files_in(&ann, Listing::Trash).await), ["Work"], "the top of it");
        assert_eq!(world.files_in(&ben, Listing::Trash).await, []);
        assert_eq!(world.files_in(&ann, Listing::Folder(None)).await, []);
        assert_eq!(world.files_in(&ann, Listing::Recent).await, []);
        let files = world.rony.files();
        let rename = ItemChange { name: Some(name("b")), ..ItemChange::default() };
        assert_eq!(files.change(&ann.actor, file.id, rename).await.unwrap_err().code(), "in_trash");
        assert_eq!(files.copy(&ann.actor, file.id, CopyItem::default()).await.unwrap_err().code(), "in_trash");
        assert_eq!(world.try_file(&ann, Some(folder.id), "b", 1).await.unwrap_err().code(), "in_trash");
        assert_eq!(files.trash(&ann.actor, file.id).await.unwrap_err().code(), "in_trash");
        files.trash(&ann.actor, folder.id).await.unwrap();
    }

    async fn what_is_restored_is_where_it_was_under_a_free_name(world: World) {
        let ann = world.person("ann").await;
        let folder = world.folder(&ann, None, "Work").await;
        let file = world.file(&ann, Some(folder.id), "report.pdf", 3).await;
        world.throw(&ann, &file).await;
        world.file(&ann, Some(folder.id), "Report.pdf", 1).await;
        let back = world.rony.files().restore(&ann.actor, file.id).await.unwrap();
        assert_eq!((back.parent_id, back.name.as_str()), (Some(folder.id), "report (2).pdf"));
        let refused = world.rony.files().restore(&ann.actor, file.id).await.unwrap_err();
        assert_eq!(refused.code(), "not_in_trash");
    }

    async fn what_lay_in_a_folder_that_is_gone_comes_back_at_the_top(world: World) {
        let ann = world.person("ann").await;
        let folder = world.folder(&ann, None, "Work").await;
        let file = world.file(&ann, Some(folder.id), "a.txt", 3).await;
        world.throw(&ann, &file).await;
        world.throw(&ann, &folder).await;
        let back = world.rony.files().restore(&ann.actor, file.id).await.unwrap();
        assert_eq!((back.parent_id, back.trashed_at), (None, None));
        let folder = world.rony.files().restore(&ann.actor, folder.id).await.unwrap();
        assert_eq!(world.files_in(&ann, Listing::Folder(Some(folder.id))).await, []);
    }

    async fn only_the_owner_restores_and_deletes(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let folder = world.folder(&ann, None, "Work").await;
        let file = world.file(&ann, Some(folder.id), "a.txt", 3).await;
        world.share(&ann, folder.id, &ben, Level::Editor).await;
        let files = world.rony.files();
        assert_eq!(files.trash(&ben.actor, folder.id).await.unwrap_err().code(), "level_too_low", "what was given itself");
        assert_eq!(files.delete(&ann.actor, file.id).await.unwrap_err().code(), "not_in_trash");
        world.throw(&ben, &file).await;
        assert_eq!(files.restore(&ben.actor, file.id).await.unwrap_err().code(), "not_found");
        assert_eq!(files.delete(&ben.actor, file.id).await.unwrap_err().code(), "not_found");
        files.delete(&ann.actor, file.id).await.unwrap();
        assert_eq!(world.look(&ann, file.id).await, "not_found");
        assert_eq!(files.restore(&ann.actor, file.id).await.unwrap_err().code(), "not_found");
    }

    async fn what_is_deleted_for_good_is_gone_at_once_and_its_bytes_a_little_later(world: World) {
        let ann = world.person("ann").await;
        let folder = world.folder(&ann, None, "Work").await;
        let inner = world.folder(&ann, Some(folder.id), "Inner").await;
        let file = world.file(&ann, Some(inner.id), "a.txt", 3).await;
        let blob = world.rony.shares().content(&ann.actor, file.id, None).await.unwrap().blob;
        world.blobs.keep(blob);
        world.throw(&ann, &folder).await;
        world.rony.files().delete(&ann.actor, folder.id).await.unwrap();
        for id in [folder.id, inner.id, file.id] {
            assert_eq!(world.look(&ann, id).await, "not_found");
        }
        assert_eq!(world.rony.files().drive(&ann.actor).await.unwrap().used, 3);
        assert!(world.blobs.bytes(blob).is_some());
        // The store of blobs is away at first.
        world.blobs.fail(0, false);
        assert_eq!(world.rony.files().collect().await.unwrap_err().code(), "unavailable");
        assert_eq!(world.rony.files().drive(&ann.actor).await.unwrap().used, 0);
        assert_eq!(world.store.removals(10).await.unwrap(), [blob]);
        world.collect().await;
        assert_eq!((world.store.removals(10).await.unwrap(), world.blobs.bytes(blob)), (vec![], None));
    }

    async fn bytes_that_a_copy_shares_stay_until_the_last_is_gone(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let file = world.file(&ann, None, "a.txt", 3).await;
        let blob = world.rony.shares().content(&ann.actor, file.id, None).await.unwrap().blob;
        world.blobs.keep(blob);
        world.share(&ann, file.id, &ben, Level::Viewer).await;
        let copy = world.rony.files().copy(&ben.actor, file.id, CopyItem::default()).await.unwrap();
        for (person, item) in [(&ann, &file), (&ben, &copy)] {
            assert!(world.blobs.bytes(blob).is_some(), "one is left");
            world.throw(person, item).await;
            world.rony.files().empty_trash(&person.actor).await.unwrap();
            world.collect().await;
        }
        assert_eq!(world.blobs.bytes(blob), None);
    }

    async fn what_lies_in_the_trash_too_long_is_deleted(world: World) {
        let ann = world.person("ann").await;
        let (one, two) = (world.file(&ann, None, "one", 3).await, world.file(&ann, None, "two", 4).await);
        world.throw(&ann, &one).await;
        world.clock.advance(DAY);
        world.throw(&ann, &two).await;
        world.clock.advance(29 * DAY);
        world.collect().await;
        assert_eq!(names(&world.files_in(&ann, Listing::Trash).await), ["two"]);
        assert_eq!(world.rony.files().drive(&ann.actor).await.unwrap().used, 4);
    }

    async fn removing_goes_on_wherever_it_was_cut(world: World) {
        let ann = world.person("ann").await;
        let top = world.folder(&ann, None, "Top").await;
        let kept = world.file(&ann, None, "kept", 1).await;
        let mut ids = vec![top.id];
        for number in 0..3 {
            let folder = world.folder(&ann, Some(top.id), &format!("Folder {number}")).await;
            ids.push(folder.id);
            for number in 0..4 {
                ids.push(world.file(&ann, Some(folder.id), &format!("file {number}"), 10).await.id);
            }
            ids.push(world.folder(&ann, Some(folder.id), "empty").await.id);
        }
        world.throw(&ann, &top).await;
        world.rony.files().delete(&ann.actor, top.id).await.unwrap();
        let mut used = world.rony.files().drive(&ann.actor).await.unwrap().used;
        assert_eq!(used, 121);
        let mut steps = 0;
        while world.purge_step(3).await {
            steps += 1;
            assert!(steps < 50, "it comes to an end");
            let now = world.rony.files().drive(&ann.actor).await.unwrap().used;
            assert!(now <= used);
            used = now;
            for id in &ids {
                assert_eq!(world.look(&ann, *id).await, "not_found", "after step {steps}");
            }
        }
        assert!(steps >= 6, "in {steps} steps of three");
        assert_eq!(used, 1);
        assert_eq!(world.store.removals(100).await.unwrap().len(), 12);
        assert_eq!(world.look(&ann, kept.id).await, "there");
    }

    async fn a_drive_says_how_much_of_it_is_in_the_trash(world: World) {
        let ann = world.person("ann").await;
        let folder = world.folder(&ann, None, "Work").await;
        let file = world.file(&ann, Some(folder.id), "a.txt", 3).await;
        world.replace(&ann, file.id, 4).await.unwrap();
        world.file(&ann, None, "b.txt", 5).await;
        world.throw(&ann, &folder).await;
        let drive = world.rony.files().drive(&ann.actor).await.unwrap();
        assert_eq!((drive.used, drive.trash, drive.reserved, drive.quota), (12, 7, 0, Some(10 << 30)));
    }
}
