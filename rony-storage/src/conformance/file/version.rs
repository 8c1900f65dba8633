//! Facts about contents and their versions.

use rony_core::file::{AddFile, Level, Made, PreviewState, Reader};

use super::{World, facts};

facts! {
    async fn replacing_keeps_what_was_there(world: World) {
        let ann = world.person("ann").await;
        let file = world.file(&ann, None, "a.txt", 3).await;
        let first = world.rony.shares().content(&ann.actor, file.id, None).await.unwrap();
        assert_eq!((first.size, first.version, first.sha256.len()), (3, 1, 64));
        let replaced = world.replace(&ann, file.id, 5).await.unwrap();
        assert_eq!((replaced.id, replaced.version, replaced.size), (file.id, 2, 5));
        let versions = world.rony.files().versions(&ann.actor, file.id).await.unwrap();
        let seen: Vec<_> = versions.iter().map(|it| (it.version, it.size, it.current)).collect();
        assert_eq!(seen, [(2, 5, true), (1, 3, false)]);
        let earlier = world.rony.shares().content(&ann.actor, file.id, Some(1)).await.unwrap();
        assert_eq!(earlier.blob, first.blob);
        let missing = world.rony.shares().content(&ann.actor, file.id, Some(3)).await.unwrap_err();
        assert_eq!(missing.code(), "not_found");
        assert_eq!(world.rony.files().drive(&ann.actor).await.unwrap().used, 8);
    }

    async fn an_earlier_content_comes_back_as_a_new_version(world: World) {
        let ann = world.person("ann").await;
        let file = world.file(&ann, None, "a.txt", 3).await;
        world.replace(&ann, file.id, 5).await.unwrap();
        let first = world.rony.shares().content(&ann.actor, file.id, Some(1)).await.unwrap();
        let back = world.rony.files().restore_version(&ann.actor, file.id, 1).await.unwrap();
        assert_eq!((back.version, back.size), (3, 3));
        let now = world.rony.shares().content(&ann.actor, file.id, None).await.unwrap();
        assert_eq!(now.blob, first.blob);
        world.rony.files().delete_version(&ann.actor, file.id, 1).await.unwrap();
        assert_eq!(world.store.removals(10).await.unwrap(), [], "it is the content of now, too");
        assert_eq!(world.rony.files().drive(&ann.actor).await.unwrap().used, 8);
    }

    async fn ten_replaced_versions_are_kept(world: World) {
        let ann = world.person("ann").await;
        let file = world.file(&ann, None, "a.txt", 1).await;
        for size in 2..=13 {
            world.replace(&ann, file.id, size).await.unwrap();
        }
        let versions = world.rony.files().versions(&ann.actor, file.id).await.unwrap();
        assert_eq!(versions.iter().map(|it| it.version).collect::<Vec<_>>(), (3..=13).rev().collect::<Vec<_>>());
        assert_eq!(world.store.removals(10).await.unwrap().len(), 2);
        assert_eq!(world.rony.files().drive(&ann.actor).await.unwrap().used, (3..=13).sum::<i64>());
    }

    async fn a_version_is_removed_by_the_owner_and_not_what_the_file_holds(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let file = world.file(&ann, None, "a.txt", 3).await;
        world.replace(&ann, file.id, 5).await.unwrap();
        world.share(&ann, file.id, &ben, Level::Manager).await;
        let files = world.rony.files();
        assert_eq!(files.delete_version(&ben.actor, file.id, 1).await.unwrap_err().code(), "level_too_low");
        assert_eq!(files.delete_version(&ann.actor, file.id, 2).await.unwrap_err().code(), "current_version");
        files.delete_version(&ann.actor, file.id, 1).await.unwrap();
        assert_eq!(files.delete_version(&ann.actor, file.id, 1).await.unwrap_err().code(), "not_found");
        assert_eq!((files.drive(&ann.actor).await.unwrap().used, world.store.removals(9).await.unwrap().len()), (5, 1));
    }

    async fn who_may_only_look_sees_the_content_of_now(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let file = world.file(&ann, None, "a.txt", 3).await;
        world.replace(&ann, file.id, 5).await.unwrap();
        world.share(&ann, file.id, &ben, Level::Viewer).await;
        let files = world.rony.files();
        assert_eq!(world.rony.shares().content(&ben.actor, file.id, None).await.unwrap().version, 2);
        assert_eq!(world.rony.shares().content(&ben.actor, file.id, Some(1)).await.unwrap_err().code(), "level_too_low");
        assert_eq!(files.versions(&ben.actor, file.id).await.unwrap_err().code(), "level_too_low");
        assert_eq!(world.replace(&ben, file.id, 1).await.unwrap_err().code(), "level_too_low");
        world.share(&ann, file.id, &ben, Level::Editor).await;
        let replaced = world.replace(&ben, file.id, 1).await.unwrap();
        assert_eq!((replaced.modified_by, replaced.owner_id), (Some(ben.id), ann.id));
        assert_eq!(files.drive(&ann.actor).await.unwrap().used, 9, "the drive's owner pays");
    }

    async fn a_drive_takes_as_much_as_its_quota(world: World) {
        let ann = world.person("ann").await;
        let gib = 1_i64 << 30;
        let file = world.file(&ann, None, "large", 6 * gib).await;
        assert_eq!(world.try_file(&ann, None, "larger", 5 * gib).await.unwrap_err().code(), "quota_exceeded");
        assert_eq!(world.replace(&ann, file.id, 5 * gib).await.unwrap_err().code(), "quota_exceeded");
        let copied = world.rony.files().copy(&ann.actor, file.id, Default::default()).await;
        assert_eq!(copied.unwrap_err().code(), "quota_exceeded");
        assert_eq!(world.rony.files().drive(&ann.actor).await.unwrap().used, 6 * gib);
        world.file(&ann, None, "fits", 4 * gib).await;
        assert_eq!(world.try_file(&ann, None, "one", 1).await.unwrap_err().code(), "quota_exceeded");
        world.file(&ann, None, "empty", 0).await;
    }

    async fn a_folder_has_no_content(world: World) {
        let ann = world.person("ann").await;
        let folder = world.folder(&ann, None, "Work").await;
        let files = world.rony.files();
        assert_eq!(world.rony.shares().content(&ann.actor, folder.id, None).await.unwrap_err().code(), "not_a_file");
        assert_eq!(files.versions(&ann.actor, folder.id).await.unwrap_err().code(), "not_a_file");
        assert_eq!(files.preview(&ann.actor, folder.id).await.unwrap_err().code(), "not_a_file");
        assert_eq!(world.replace(&ann, folder.id, 1).await.unwrap_err().code(), "not_a_file");
    }

    async fn a_picture_waits_for_its_preview_and_its_owner_is_told(world: World) {
        let ann = world.person("ann").await;
        let upload = AddFile {
            preview: PreviewState::Waiting,
            media_type: "image/png".to_owned(),
            ..world.upload(Reader::Person(ann.id), None, "a.png", 9)
        };
        let file = world.store.add_file(&upload).await.unwrap();
        assert_eq!(file.preview, PreviewState::Waiting);
        let waiting = world.rony.files().waiting_previews(10).await.unwrap();
        assert_eq!(waiting, [(upload.blob, 9)]);
        assert_eq!(file.media_type, "image/png");
        let made = Made { blob: upload.blob, state: PreviewState::Ready, width: Some(640), height: Some(480) };
        world.rony.files().set_preview(made).await.unwrap();
        let preview = world.rony.files().preview(&ann.actor, file.id).await.unwrap();
        assert_eq!((preview.blob, preview.state, preview.width), (upload.blob, PreviewState::Ready, Some(640)));
        assert_eq!(world.rony.files().waiting_previews(10).await.unwrap(), []);
        assert_eq!(world.own_events(&ann, "file.").await.len(), 2);
    }
}
