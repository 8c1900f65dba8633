//! Facts about uploads.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use rony_core::{
    Error, Result, Rony, Settings,
    blob::{BlobStore as _, ByteStream},
    file::{Drive, IfExists, Item, Level, ListItems, Listing, Sort, Subject},
    id::{ItemId, UploadId},
    page::Limit,
    upload::{Checksum, NewUpload, PutFile, Upload},
};
use sha2::{Digest as _, Sha256};

use super::{Person, World, facts};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) fn bytes(text: &str) -> ByteStream {
    let pieces: Vec<_> = text.as_bytes().chunks(3).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    stream::iter(pieces).boxed()
}

fn new(name: &str, length: i64) -> NewUpload {
    NewUpload::named(None, name.parse().expect("a name"), length)
}

fn put(name: &str, if_exists: IfExists) -> PutFile {
    PutFile { parent_id: None, name: name.parse().expect("a name"), media_type: None, if_exists, expected: 0 }
}

fn code<T: std::fmt::Debug>(answer: Result<T>) -> &'static str {
    answer.expect_err("is refused").code()
}

pub(super) fn with_quota(quota: i64) -> Settings {
    let mut settings = Settings::default();
    settings.files.quota = Some(quota);
    settings
}

impl World {
    async fn begin_upload(&self, by: &Person, name: &str, length: i64) -> Upload {
        self.rony.uploads().create(&by.actor, new(name, length)).await.expect("may begin")
    }

    async fn send(&self, by: &Person, id: UploadId, offset: i64, text: &str) -> Result<Upload> {
        self.rony.uploads().append(&by.actor, id, offset, None, bytes(text)).await
    }

    /// Sends all of an upload, and is gone before it is a file.
    async fn send_and_vanish(&self, by: &Person, id: UploadId, text: &str) {
        self.blobs.fail(1, true);
        assert_eq!(code(self.send(by, id, 0, text).await), "unavailable");
    }

    /// Lets the job look at all shelves of the store of blobs, which takes 256 minutes.
    async fn collect_everywhere(&self) {
        for _ in 0..256 {
            self.rony.uploads().collect().await.expect("collects");
            self.clock.advance(Duration::from_secs(60));
        }
    }

    async fn top(&self, person: &Person) -> Vec<Item> {
        let list =
            ListItems { of: Listing::Folder(None), sort: Sort::default(), limit: Limit::MAX, cursor: None };
        self.rony.files().list(&person.actor, list).await.expect("a list").items
    }

    pub(super) async fn drive_of(&self, person: &Person) -> Drive {
        self.rony.files().drive(&person.actor).await.expect("a drive")
    }

    async fn text_of(&self, person: &Person, id: ItemId) -> String {
        let content = self.rony.shares().content(&person.actor, id, None).await.expect("a file");
        let bytes = self.blobs.bytes(content.blob).expect("has bytes");
        assert_eq!((bytes.len() as i64, content.sha256), (content.size, hex(&bytes)));
        String::from_utf8(bytes.to_vec()).expect("text")
    }

    /// Sends a text as a patient client does: whatever fails, it asks how far the upload is, and goes on from there.
    async fn send_patiently(&self, rony: &Rony, by: &Person, id: UploadId, text: &str) -> Upload {
        loop {
            let Ok(upload) = rony.uploads().get(&by.actor, id).await else { continue };
            if upload.item_id.is_some() {
                return upload;
            }
            let offset = usize::try_from(upload.offset).expect("a length");
            let end = text.len().min(offset + 5);
            let sent =
                rony.uploads().append(&by.actor, id, upload.offset, None, bytes(&text[offset..end])).await;
            assert!(matches!(sent, Ok(_) | Err(Error::Unavailable { .. })), "{sent:?}");
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

facts! {
    async fn an_upload_in_pieces_is_a_file_with_its_last_byte(world: World) {
        let ann = world.person("ann").await;
        let upload = world.begin_upload(&ann, "letter.txt", 11).await;
        assert_eq!((upload.owner_id, upload.offset, upload.item_id), (ann.id, 0, None));
        assert_eq!(upload.media_type, "text/plain");
        assert_eq!(world.send(&ann, upload.id, 0, "hello ").await.unwrap().offset, 6);
        assert_eq!(world.rony.uploads().get(&ann.actor, upload.id).await.unwrap().offset, 6);
        assert!(world.top(&ann).await.is_empty(), "half a file is none");
        let whole = world.send(&ann, upload.id, 6, "world").await.unwrap();
        let item = whole.item_id.expect("is a file");
        assert_eq!(world.rony.uploads().get(&ann.actor, upload.id).await.unwrap().item_id, Some(item));
        assert_eq!(world.text_of(&ann, item).await, "hello world");
        assert_eq!(world.top(&ann).await[0].name.as_str(), "letter.txt");
        assert_eq!(world.own_events(&ann, "file.").await.len(), 1);
    }

    async fn an_upload_of_nothing_is_a_file_at_once(world: World) {
        let ann = world.person("ann").await;
        let upload = world.begin_upload(&ann, "empty", 0).await;
        assert_eq!(world.text_of(&ann, upload.item_id.expect("is a file")).await, "");
    }

    async fn room_is_reserved_when_an_upload_begins(world: World) {
        let ann = world.person("ann").await;
        let rony = world.node_with(with_quota(10));
        let (uploads, other) = (rony.uploads(), world.node_with(with_quota(10)));
        let (one, two) = tokio::join!(
            uploads.create(&ann.actor, new("a", 6)),
            async { other.uploads().create(&ann.actor, new("b", 6)).await },
        );
        assert!(one.is_ok() != two.is_ok(), "two at once: {one:?} {two:?}");
        let (taken, refused) = if one.is_ok() { (one, two) } else { (two, one) };
        assert_eq!(code(refused), "quota_exceeded");
        let taken = taken.unwrap();
        assert_eq!(world.drive_of(&ann).await.reserved, 6);
        uploads.create(&ann.actor, new("c", 4)).await.expect("the rest");
        assert_eq!(code(uploads.create(&ann.actor, new("d", 1)).await), "quota_exceeded");
        uploads.discard(&ann.actor, taken.id).await.unwrap();
        assert_eq!(code(uploads.get(&ann.actor, taken.id).await), "not_found");
        assert_eq!((world.drive_of(&ann).await.reserved, world.drive_of(&ann).await.used), (4, 0));
        let upload = uploads.create(&ann.actor, new("e", 6)).await.expect("there is room again");
        uploads.append(&ann.actor, upload.id, 0, None, bytes("123456")).await.unwrap();
        assert_eq!((world.drive_of(&ann).await.reserved, world.drive_of(&ann).await.used), (4, 6));
    }

    async fn what_is_too_large_or_has_no_place_does_not_begin(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let mut settings = Settings::default();
        settings.files.largest = Some(100);
        let rony = world.node_with(settings);
        assert_eq!(code(rony.uploads().create(&ann.actor, new("a", 101)).await), "invalid");
        assert_eq!(code(rony.uploads().create(&ann.actor, new("a", -1)).await), "invalid");
        let uploads = world.rony.uploads();
        let upload = world.begin_upload(&ann, "a", 1).await;
        world.send(&ann, upload.id, 0, "1").await.unwrap();
        assert_eq!(code(uploads.create(&ann.actor, new("A", 1)).await), "name_taken");
        let item = world.top(&ann).await.remove(0);
        let into = NewUpload { parent_id: Some(item.id), ..new("b", 1) };
        assert_eq!(code(uploads.create(&ann.actor, into).await), "not_a_folder");
        let replace = NewUpload { replace: Some(item.id), ..new("b", 1) };
        assert_eq!(code(uploads.create(&ben.actor, replace.clone()).await), "not_found");
        let upload = uploads.create(&ann.actor, replace).await.unwrap();
        assert_eq!(world.send(&ann, upload.id, 0, "2").await.unwrap().item_id, Some(item.id));
        assert_eq!(world.text_of(&ann, item.id).await, "2");
        let numbered = NewUpload { if_exists: IfExists::Rename, ..new("a", 1) };
        let upload = uploads.create(&ann.actor, numbered).await.unwrap();
        world.send(&ann, upload.id, 0, "3").await.unwrap();
        assert_eq!(world.top(&ann).await[1].name.as_str(), "a (2)");
    }

    async fn only_who_began_goes_on(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let upload = world.begin_upload(&ann, "a", 2).await;
        assert_eq!(code(world.rony.uploads().get(&ben.actor, upload.id).await), "not_found");
        assert_eq!(code(world.send(&ben, upload.id, 0, "1").await), "not_found");
        assert_eq!(code(world.rony.uploads().discard(&ben.actor, upload.id).await), "not_found");
    }

    async fn bytes_go_where_the_upload_is_and_no_more_than_announced(world: World) {
        let ann = world.person("ann").await;
        let upload = world.begin_upload(&ann, "a", 5).await;
        assert_eq!(code(world.send(&ann, upload.id, 1, "1").await), "offset_mismatch");
        world.send(&ann, upload.id, 0, "123").await.unwrap();
        assert_eq!(code(world.send(&ann, upload.id, 0, "123").await), "offset_mismatch");
        assert_eq!(code(world.send(&ann, upload.id, 3, "4567").await), "invalid");
        assert_eq!(world.rony.uploads().get(&ann.actor, upload.id).await.unwrap().offset, 3);
        let whole = world.send(&ann, upload.id, 3, "45").await.unwrap();
        assert_eq!(world.text_of(&ann, whole.item_id.unwrap()).await, "12345");
        assert_eq!(world.send(&ann, upload.id, 5, "").await.unwrap(), whole, "nothing more is fine");
        assert_eq!(code(world.send(&ann, upload.id, 5, "6").await), "invalid");
    }

    async fn what_came_before_a_cut_counts(world: World) {
        let ann = world.person("ann").await;
        let upload = world.begin_upload(&ann, "a", 6).await;
        let cut = bytes("123").chain(stream::iter([Err("the connection is gone".into())])).boxed();
        let uploads = world.rony.uploads();
        assert_eq!(uploads.append(&ann.actor, upload.id, 0, None, cut).await.unwrap().offset, 3);
        let whole = world.send(&ann, upload.id, 3, "456").await.unwrap();
        assert_eq!(world.text_of(&ann, whole.item_id.unwrap()).await, "123456");
    }

    async fn one_writes_at_a_time(world: World) {
        let ann = world.person("ann").await;
        let upload = world.begin_upload(&ann, "a", 6).await;
        let uploads = world.rony.uploads();
        let slow = bytes("123").chain(stream::pending()).boxed();
        tokio::select! {
            biased;
            _ = uploads.append(&ann.actor, upload.id, 0, None, slow) => panic!("it never ends"),
            second = async {
                // The first has its turn as soon as it was looked at once.
                world.send(&ann, upload.id, 0, "123").await
            } => assert_eq!(code(second), "upload_busy"),
        }
        world.send(&ann, upload.id, 0, "123456").await.expect("the first is gone, and with it its turn");
    }

    async fn bytes_with_a_checksum_count_together_or_not_at_all(world: World) {
        let ann = world.person("ann").await;
        let upload = world.begin_upload(&ann, "a", 6).await;
        let uploads = world.rony.uploads();
        let checksum = |text: &str| Some(Checksum { sha256: Sha256::digest(text).into() });
        let wrong = uploads.append(&ann.actor, upload.id, 0, checksum("124"), bytes("123")).await;
        assert_eq!(code(wrong), "checksum_mismatch");
        let cut = bytes("123").chain(stream::iter([Err("gone".into())])).boxed();
        assert_eq!(code(uploads.append(&ann.actor, upload.id, 0, checksum("123"), cut).await), "checksum_mismatch");
        assert_eq!(uploads.get(&ann.actor, upload.id).await.unwrap().offset, 0);
        uploads.append(&ann.actor, upload.id, 0, checksum("123"), bytes("123")).await.unwrap();
        let whole = uploads.append(&ann.actor, upload.id, 3, checksum("456"), bytes("456")).await.unwrap();
        assert_eq!(world.text_of(&ann, whole.item_id.unwrap()).await, "123456");
    }

    async fn a_file_that_is_not_what_was_announced_is_thrown_away(world: World) {
        let ann = world.person("ann").await;
        let announced = NewUpload { sha256: Some(Sha256::digest("abc").into()), ..new("a", 3) };
        let upload = world.rony.uploads().create(&ann.actor, announced.clone()).await.unwrap();
        assert_eq!(code(world.send(&ann, upload.id, 0, "abd").await), "checksum_mismatch");
        assert_eq!(code(world.rony.uploads().get(&ann.actor, upload.id).await), "not_found");
        assert_eq!(world.drive_of(&ann).await.reserved, 0);
        world.rony.files().collect().await.unwrap();
        assert_eq!(world.blobs.count(), (0, 0));
        let upload = world.rony.uploads().create(&ann.actor, announced).await.unwrap();
        world.send(&ann, upload.id, 0, "abc").await.unwrap();
    }

    async fn whatever_fails_a_file_is_there_once_or_not_at_all(world: World) {
        let ann = world.person("ann").await;
        let text = "a text that comes in some pieces";
        let length = i64::try_from(text.len()).unwrap();
        for late in [false, true] {
            for after in 0.. {
                let upload = world.begin_upload(&ann, "a", length).await;
                assert_eq!((world.drive_of(&ann).await.reserved, world.top(&ann).await.len()), (length, 0));
                world.blobs.fail(after, late);
                let whole = world.send_patiently(&world.rony, &ann, upload.id, text).await;
                let done = !world.blobs.has_failed();
                world.blobs.fail(usize::MAX, false);
                assert_eq!(world.text_of(&ann, whole.item_id.unwrap()).await, text);
                let drive = world.drive_of(&ann).await;
                assert_eq!((drive.reserved, drive.used, world.top(&ann).await.len()), (0, length, 1));
                assert_eq!(world.blobs.count(), (1, 0), "and nothing is left over");
                world.rony.files().trash(&ann.actor, whole.item_id.unwrap()).await.unwrap();
                world.rony.files().empty_trash(&ann.actor).await.unwrap();
                world.rony.files().collect().await.unwrap();
                assert_eq!((world.drive_of(&ann).await.used, world.blobs.count()), (0, (0, 0)));
                if done {
                    break;
                }
            }
        }
    }

    async fn two_nodes_that_complete_an_upload_at_once_make_one_file(world: World) {
        let ann = world.person("ann").await;
        let upload = world.begin_upload(&ann, "a", 3).await;
        world.send_and_vanish(&ann, upload.id, "123").await;
        let (here, there) = (world.rony.clone(), world.another_node());
        let (one, two) = tokio::join!(
            async { here.uploads().get(&ann.actor, upload.id).await.unwrap() },
            async { there.uploads().get(&ann.actor, upload.id).await.unwrap() },
        );
        assert!(one.item_id.is_some() && one.item_id == two.item_id, "{one:?} {two:?}");
        assert_eq!((world.top(&ann).await.len(), world.drive_of(&ann).await.used), (1, 3));
    }

    async fn two_nodes_that_write_at_once_keep_the_bytes_of_one(world: World) {
        let ann = world.person("ann").await;
        let upload = world.begin_upload(&ann, "a", 3).await;
        let (here, there) = (world.rony.clone(), world.another_node());
        let (one, two) = tokio::join!(
            async { here.uploads().append(&ann.actor, upload.id, 0, None, bytes("12")).await },
            async { there.uploads().append(&ann.actor, upload.id, 0, None, bytes("12")).await },
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        assert_eq!(code(one.and(two)), "offset_mismatch");
        let whole = world.send(&ann, upload.id, 2, "3").await.unwrap();
        assert_eq!(world.text_of(&ann, whole.item_id.unwrap()).await, "123");
    }

    async fn what_nobody_goes_on_with_ends_and_its_room_is_free(world: World) {
        let ann = world.person("ann").await;
        let (kept, upload) = (world.begin_upload(&ann, "a", 3).await, world.begin_upload(&ann, "b", 5).await);
        world.send(&ann, upload.id, 0, "12").await.unwrap();
        world.clock.advance(DAY - Duration::from_secs(1));
        world.send(&ann, kept.id, 0, "1").await.unwrap();
        world.rony.uploads().collect().await.unwrap();
        assert_eq!(world.drive_of(&ann).await.reserved, 8);
        world.clock.advance(Duration::from_secs(1));
        assert_eq!(code(world.send(&ann, upload.id, 2, "345").await), "not_found", "not even a moment later");
        world.rony.uploads().collect().await.unwrap();
        assert_eq!((world.drive_of(&ann).await.reserved, world.blobs.count()), (3, (0, 1)));
        let whole = world.send(&ann, kept.id, 1, "23").await.unwrap();
        world.clock.advance(2 * DAY);
        world.rony.uploads().collect().await.unwrap();
        assert_eq!(world.text_of(&ann, whole.item_id.unwrap()).await, "123", "a file stays");
        assert_eq!(world.drive_of(&ann).await.used, 3);
    }

    async fn an_upload_that_was_lost_ends_and_is_begun_anew(world: World) {
        let ann = world.person("ann").await;
        let upload = world.begin_upload(&ann, "a", 6).await;
        world.send(&ann, upload.id, 0, "123").await.unwrap();
        world.blobs.discard(upload.id).await.unwrap();
        assert_eq!(world.send(&ann, upload.id, 3, "456").await.unwrap_err().code(), "upload_lost");
        let gone = world.rony.uploads().get(&ann.actor, upload.id).await.unwrap_err();
        assert_eq!((gone.code(), world.drive_of(&ann).await.reserved), ("not_found", 0));
    }

    async fn bytes_that_nothing_speaks_of_are_removed_when_they_are_old(world: World) {
        let ann = world.person("ann").await;
        let file = world.rony.uploads().put(&ann.actor, put("a", IfExists::Fail), bytes("123"), 10).await.unwrap();
        let upload = world.begin_upload(&ann, "b", 3).await;
        let orphan = rony_core::id::BlobId(uuid::Uuid::new_v4());
        let staged = UploadId(uuid::Uuid::new_v4());
        world.blobs.append(staged, 0, bytes("lost")).await.unwrap();
        world.blobs.finish(staged, orphan, 4).await.unwrap();
        world.blobs.append(staged, 0, bytes("lost")).await.unwrap();
        world.collect_everywhere().await;
        assert_eq!(world.blobs.count(), (2, 1), "not yet");
        world.clock.advance(DAY - Duration::from_secs(257 * 60));
        world.send(&ann, upload.id, 0, "1").await.unwrap();
        world.clock.advance(Duration::from_secs(60));
        world.collect_everywhere().await;
        assert_eq!(world.blobs.count(), (2, 1), "what was gathered is, and a blob is not");
        assert_eq!(world.send(&ann, upload.id, 1, "23").await.unwrap().offset, 3, "nor is an upload on its way");
        world.clock.advance(5 * DAY);
        world.collect_everywhere().await;
        assert_eq!(world.blobs.count(), (3, 0), "a week is not over");
        world.clock.advance(DAY);
        world.collect_everywhere().await;
        assert_eq!(world.blobs.count(), (2, 0));
        assert_eq!(world.text_of(&ann, file.id).await, "123");
    }

    async fn what_was_sent_whole_becomes_a_file_though_nobody_asks(world: World) {
        let ann = world.person("ann").await;
        let (one, same) = (world.begin_upload(&ann, "a", 3).await, world.begin_upload(&ann, "a", 4).await);
        world.send_and_vanish(&ann, one.id, "123").await;
        world.rony.uploads().collect().await.unwrap();
        assert!(world.top(&ann).await.is_empty(), "whoever sent it may be about to ask");
        world.clock.advance(Duration::from_secs(60));
        world.rony.uploads().collect().await.unwrap();
        let file = world.top(&ann).await.remove(0);
        assert_eq!(world.text_of(&ann, file.id).await, "123");
        assert_eq!(world.rony.uploads().get(&ann.actor, one.id).await.unwrap().item_id, Some(file.id));
        world.send_and_vanish(&ann, same.id, "1234").await;
        world.clock.advance(Duration::from_secs(60));
        world.rony.uploads().collect().await.unwrap();
        assert_eq!(code(world.rony.uploads().get(&ann.actor, same.id).await), "not_found", "its name was taken");
        assert_eq!((world.drive_of(&ann).await.reserved, world.drive_of(&ann).await.used), (0, 3));
        let late = world.begin_upload(&ann, "late", 2).await;
        world.send_and_vanish(&ann, late.id, "12").await;
        world.clock.advance(2 * DAY);
        world.rony.uploads().collect().await.unwrap();
        assert_eq!(world.top(&ann).await.len(), 2, "even when no server ran for a day");
        assert_eq!((world.drive_of(&ann).await.reserved, world.drive_of(&ann).await.used), (0, 5));
    }

    async fn nobody_is_told_that_all_is_there_before_it_is_a_file(world: World) {
        let ann = world.person("ann").await;
        let upload = world.begin_upload(&ann, "a", 3).await;
        world.send_and_vanish(&ann, upload.id, "123").await;
        let uploads = world.rony.uploads();
        tokio::select! {
            biased;
            _ = uploads.append(&ann.actor, upload.id, 3, None, stream::pending().boxed()) => panic!("it never ends"),
            told = async {
                // The first has its turn as soon as it was looked at once.
                uploads.get(&ann.actor, upload.id).await
            } => assert_eq!(code(told), "upload_busy"),
        }
        assert!(uploads.get(&ann.actor, upload.id).await.unwrap().item_id.is_some());
    }

    async fn who_may_not_put_something_there_any_more_makes_no_file(world: World) {
        let (ann, ben) = (world.person("ann").await, world.person("ben").await);
        let folder = world.folder(&ann, None, "Ours").await;
        let files = world.rony.files();
        let subject = Subject::Person(ben.id);
        let into = |name: &str| NewUpload { parent_id: Some(folder.id), ..new(name, 6) };
        files.grant(&ann.actor, folder.id, subject, Level::Editor).await.unwrap();
        let uploads = world.rony.uploads();
        let upload = uploads.create(&ben.actor, into("a")).await.unwrap();
        world.send(&ben, upload.id, 0, "123").await.unwrap();
        let (rony, owner) = (world.rony.clone(), ann.actor.clone());
        let meanwhile = stream::once(async move {
            rony.files().grant(&owner, folder.id, subject, Level::Viewer).await.expect("may share");
            Ok(Bytes::from_static(b"456"))
        });
        let late = uploads.append(&ben.actor, upload.id, 3, None, meanwhile.boxed()).await;
        assert_eq!(code(late), "level_too_low", "when all is there");
        assert_eq!(code(uploads.get(&ben.actor, upload.id).await), "level_too_low");
        files.grant(&ann.actor, folder.id, subject, Level::Editor).await.unwrap();
        let other = uploads.create(&ben.actor, into("b")).await.unwrap();
        files.revoke(&ann.actor, folder.id, ben.id.uuid()).await.unwrap();
        assert_eq!(code(world.send(&ben, other.id, 0, "123").await), "not_found", "before a byte comes");
        world.clock.advance(Duration::from_secs(60));
        uploads.collect().await.unwrap();
        assert_eq!(world.drive_of(&ann).await.reserved, 6, "the whole one ended, the other does in a day");
        assert_eq!(world.drive_of(&ann).await.used, 0);
        files.collect().await.unwrap();
        assert_eq!(world.blobs.count(), (0, 0));
    }

    async fn bytes_that_cannot_be_removed_hold_up_no_others(world: World) {
        let ann = world.person("ann").await;
        for name in ["a", "b"] {
            let file = world.rony.uploads().put(&ann.actor, put(name, IfExists::Fail), bytes("1"), 10).await.unwrap();
            world.rony.files().trash(&ann.actor, file.id).await.unwrap();
        }
        world.rony.files().empty_trash(&ann.actor).await.unwrap();
        world.blobs.fail(0, false);
        assert_eq!(code(world.rony.files().collect().await), "unavailable");
        assert_eq!(world.blobs.count(), (1, 0), "the other is gone");
        world.rony.files().collect().await.unwrap();
        assert_eq!(world.blobs.count(), (0, 0));
    }

    async fn a_small_file_comes_in_one_piece(world: World) {
        let ann = world.person("ann").await;
        let uploads = world.rony.uploads();
        let file = uploads.put(&ann.actor, put("a.txt", IfExists::Fail), bytes("123"), 3).await.unwrap();
        assert_eq!((file.size, file.media_type.as_str()), (3, "text/plain"));
        assert_eq!(world.text_of(&ann, file.id).await, "123");
        let again = uploads.put(&ann.actor, put("a.txt", IfExists::Fail), bytes("123"), 3).await;
        assert_eq!(code(again), "name_taken");
        let again = uploads.put(&ann.actor, put("a.txt", IfExists::Replace), bytes("12"), 3).await.unwrap();
        assert_eq!((again.id, again.version), (file.id, 2));
        let more = uploads.put(&ann.actor, put("b", IfExists::Fail), bytes("1234"), 3).await;
        assert_eq!(code(more), "invalid");
        let cut = bytes("12").chain(stream::iter([Err("gone".into())])).boxed();
        assert_eq!(code(uploads.put(&ann.actor, put("b", IfExists::Fail), cut, 3).await), "unavailable");
        assert_eq!(world.blobs.count(), (2, 0), "what was refused leaves nothing behind");
        let full = world.node_with(with_quota(6));
        let full = full.uploads();
        assert_eq!(code(full.put(&ann.actor, put("b", IfExists::Fail), bytes("12"), 3).await), "quota_exceeded");
        assert_eq!(world.blobs.count(), (2, 0));
        full.put(&ann.actor, put("b", IfExists::Fail), bytes("1"), 3).await.expect("there is room for that");
    }

    async fn of_a_file_in_one_piece_no_more_is_taken_than_there_is_room_for(world: World) {
        let ann = world.person("ann").await;
        let mut settings = with_quota(10);
        settings.files.versions_kept = 1;
        let rony = world.node_with(settings);
        let uploads = rony.uploads();
        let unasked: ByteStream = stream::poll_fn(|_| panic!("no byte is asked for")).boxed();
        let large = PutFile { expected: 11, ..put("a", IfExists::Fail) };
        assert_eq!(code(uploads.put(&ann.actor, large, unasked, 100).await), "quota_exceeded");
        let taken = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&taken);
        let endless = stream::repeat_with(move || {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok(Bytes::from_static(b"x"))
        });
        let refused = uploads.put(&ann.actor, put("a", IfExists::Fail), endless.boxed(), 1_000_000).await;
        assert_eq!(code(refused), "quota_exceeded");
        assert_eq!(taken.load(Ordering::Relaxed), 11, "what fits, and one that does not");
        assert_eq!(world.blobs.count(), (0, 0));
        for text in ["1234", "5678"] {
            let known = PutFile { expected: 4, ..put("a", IfExists::Replace) };
            uploads.put(&ann.actor, known, bytes(text), 100).await.expect("there is room");
        }
        let known = PutFile { expected: 6, ..put("a", IfExists::Replace) };
        let file = uploads.put(&ann.actor, known, bytes("123456"), 100).await.expect("the oldest version goes");
        assert_eq!(world.text_of(&ann, file.id).await, "123456");
        let huge = PutFile { expected: 101, ..put("b", IfExists::Fail) };
        assert_eq!(code(world.rony.uploads().put(&ann.actor, huge, bytes("1"), 100).await), "invalid");
    }
}
