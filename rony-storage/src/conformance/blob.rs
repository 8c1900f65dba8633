//! Facts about stores of blobs. They do not need a database: [`cases`] has a list of its own.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use rony_core::{
    blob::{BlobStore, ByteStream, Derived, Disposition, PreviewSize, shelf},
    id::{BlobId, UploadId},
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::Telling;

/// Opens the store under test, and opens it again, as after a crash.
pub type Open = Arc<dyn Fn() -> Arc<dyn BlobStore> + Send + Sync>;

/// One fact about a store of blobs.
#[derive(Clone, Copy)]
pub struct BlobCase {
    /// The fact: `what_is_not_finished_cannot_be_read`.
    pub name: &'static str,
    /// Tells it of a fresh, empty store. Panics when it is not true.
    pub run: fn(Open) -> Telling,
}

/// Turns `async fn name(open: Open) { … }`s into cases.
macro_rules! blob_facts {
    ($(async fn $name:ident($open:ident: Open) $body:block)*) => {
        /// All of them.
        #[must_use]
        pub fn cases() -> Vec<BlobCase> {
            vec![$(BlobCase { name: stringify!($name), run: |open| Box::pin($name(open)) }),*]
        }

        $(async fn $name($open: Open) $body)*
    };
}

/// A stream of these bytes, in pieces of at most `piece`.
fn pieces(bytes: &[u8], piece: usize) -> ByteStream {
    let pieces: Vec<_> = bytes.chunks(piece.max(1)).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    stream::iter(pieces).boxed()
}

/// As [`pieces`], cut off at the end.
fn cut(bytes: &[u8]) -> ByteStream {
    pieces(bytes, 1000).chain(stream::iter([Err("the connection is gone".into())])).boxed()
}

/// Bytes that repeat at no power of two.
fn some(length: usize) -> Vec<u8> {
    (0..length).map(|at| u8::try_from(at % 251).unwrap_or_default()).collect()
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn ids() -> (UploadId, BlobId) {
    (UploadId(Uuid::new_v4()), BlobId(Uuid::new_v4()))
}

async fn add(store: &Arc<dyn BlobStore>, upload: UploadId, offset: u64, bytes: &[u8]) {
    let appended = store.append(upload, offset, pieces(bytes, 100_000)).await.expect("is written");
    assert_eq!((appended.written, appended.cut), (bytes.len() as u64, false));
}

/// A blob of these bytes.
async fn blob(store: &Arc<dyn BlobStore>, bytes: &[u8]) -> BlobId {
    let (upload, blob) = ids();
    add(store, upload, 0, bytes).await;
    assert_eq!(store.finish(upload, blob, bytes.len() as u64).await.expect("is whole"), sha256(bytes));
    blob
}

async fn read(store: &Arc<dyn BlobStore>, blob: BlobId, range: std::ops::Range<u64>) -> Vec<u8> {
    let bytes = store.read(blob, range).await.expect("can be read");
    bytes.map_ok(|piece| piece.to_vec()).try_concat().await.expect("to the end")
}

async fn unreadable(store: &Arc<dyn BlobStore>, blob: BlobId) {
    assert_eq!(store.read(blob, 0..1).await.err().expect("is not there").code(), "not_found");
    assert_eq!(store.size(blob).await.expect("an answer"), None);
}

blob_facts! {
    async fn what_is_not_finished_cannot_be_read(open: Open) {
        let (store, (upload, blob)) = (open(), ids());
        unreadable(&store, blob).await;
        add(&store, upload, 0, b"half of ").await;
        unreadable(&store, blob).await;
        add(&store, upload, 8, b"it").await;
        assert_eq!(store.finish(upload, blob, 10).await.expect("is whole"), sha256(b"half of it"));
        assert_eq!(read(&store, blob, 0..10).await, b"half of it");
        assert_eq!(store.size(blob).await.expect("an answer"), Some(10));
    }

    async fn what_came_before_a_cut_is_kept_and_goes_on(open: Open) {
        let (store, (upload, blob), whole) = (open(), ids(), some(20_000));
        let appended = store.append(upload, 0, cut(&whole[..7_000])).await.expect("is written");
        assert_eq!((appended.written, appended.cut), (7_000, true));
        add(&store, upload, 7_000, &whole[7_000..]).await;
        assert_eq!(store.finish(upload, blob, 20_000).await.expect("is whole"), sha256(&whole));
        assert_eq!(read(&store, blob, 0..20_000).await, whole);
    }

    async fn what_lies_behind_the_offset_is_thrown_away(open: Open) {
        let (store, (upload, blob)) = (open(), ids());
        add(&store, upload, 0, b"right").await;
        add(&store, upload, 5, b" and wrong, and long").await;
        add(&store, upload, 5, b" and").await;
        add(&store, upload, 7, b"ll").await;
        assert_eq!(store.finish(upload, blob, 9).await.expect("is whole"), sha256(b"right all"));
        assert_eq!(read(&store, blob, 0..9).await, b"right all");
    }

    async fn what_was_lost_is_noticed(open: Open) {
        let (store, (upload, blob)) = (open(), ids());
        add(&store, upload, 0, b"short").await;
        let more = store.append(upload, 6, pieces(b"more", 10)).await;
        assert_eq!(more.expect_err("there is a gap").code(), "upload_lost");
        assert_eq!(store.finish(upload, blob, 6).await.expect_err("it is too short").code(), "upload_lost");
        unreadable(&store, blob).await;
        let (never, blob) = ids();
        assert_eq!(store.finish(never, blob, 1).await.expect_err("there is nothing").code(), "upload_lost");
    }

    async fn finishing_twice_answers_the_same(open: Open) {
        let (store, (upload, blob)) = (open(), ids());
        add(&store, upload, 0, b"once").await;
        let first = store.finish(upload, blob, 4).await.expect("is whole");
        assert_eq!(store.finish(upload, blob, 4).await.expect("is whole"), first);
        assert_eq!(open().finish(upload, blob, 4).await.expect("after a crash too"), first);
        assert_eq!(read(&store, blob, 0..4).await, b"once");
        assert_eq!(store.staged().await.expect("a list"), []);
    }

    async fn a_crash_loses_nothing_that_was_acknowledged(open: Open) {
        let (upload, blob) = ids();
        let whole = some(100_000);
        add(&open(), upload, 0, &whole[..30_000]).await;
        add(&open(), upload, 30_000, &whole[30_000..]).await;
        // Now between the last byte and the name.
        assert_eq!(open().finish(upload, blob, 100_000).await.expect("is whole"), sha256(&whole));
        assert_eq!(read(&open(), blob, 0..100_000).await, whole);
    }

    async fn an_upload_of_nothing_is_a_blob_too(open: Open) {
        let (store, (upload, blob)) = (open(), ids());
        assert_eq!(store.finish(upload, blob, 0).await.expect("is whole"), sha256(b""));
        assert_eq!(store.size(blob).await.expect("an answer"), Some(0));
        assert_eq!(read(&store, blob, 0..0).await, b"");
    }

    async fn any_range_can_be_read(open: Open) {
        let (store, whole) = (open(), some(9_000_000));
        let blob = blob(&store, &whole).await;
        for range in [0..1, 0..9_000_000, 262_143..262_145, 8_999_999..9_000_000, 1_000_000..5_000_000, 5..5] {
            let (start, end) = (usize::try_from(range.start).unwrap_or(0), usize::try_from(range.end).unwrap_or(0));
            assert!(read(&store, blob, range).await == whole[start..end]);
        }
        let beyond = store.read(blob, 8_999_999..9_000_001).await;
        assert_eq!(beyond.err().expect("it ends before").code(), "not_found");
    }

    async fn a_large_upload_in_uneven_pieces_is_the_same_bytes(open: Open) {
        let (store, (upload, blob), whole) = (open(), ids(), some(20_000_000));
        let mut at = 0;
        for next in [1, 8_388_608, 8_388_609, 8_400_000, 17_000_001, 20_000_000] {
            add(&store, upload, at as u64, &whole[at..next]).await;
            at = next;
        }
        assert_eq!(store.finish(upload, blob, 20_000_000).await.expect("is whole"), sha256(&whole));
        assert!(read(&store, blob, 0..20_000_000).await == whole);
    }

    async fn what_is_discarded_is_gone(open: Open) {
        let (store, (upload, _)) = (open(), ids());
        add(&store, upload, 0, b"never mind").await;
        assert_eq!(store.staged().await.expect("a list").len(), 1);
        store.discard(upload).await.expect("is gone");
        store.discard(upload).await.expect("is gone already");
        assert_eq!(store.staged().await.expect("a list"), []);
        let more = store.append(upload, 10, pieces(b"more", 10)).await;
        assert_eq!(more.expect_err("there is nothing").code(), "upload_lost");
    }

    async fn a_blob_goes_with_all_that_was_made_of_it(open: Open) {
        let store = open();
        let (gone, kept) = (blob(&store, b"a picture").await, blob(&store, b"another").await);
        for blob in [gone, kept] {
            let key = Derived { blob, size: PreviewSize::Small };
            assert_eq!(store.get(key).await.expect_err("none yet").code(), "not_found");
            store.put(key, Bytes::from_static(b"old")).await.expect("is kept");
            store.put(key, Bytes::from_static(b"new")).await.expect("is kept");
            assert_eq!(store.get(key).await.expect("is there"), "new");
        }
        store.delete(gone).await.expect("is gone");
        store.delete(gone).await.expect("is gone already");
        unreadable(&store, gone).await;
        let small = |blob| Derived { blob, size: PreviewSize::Small };
        assert_eq!(store.get(small(gone)).await.expect_err("gone too").code(), "not_found");
        assert_eq!(store.get(small(kept)).await.expect("is there"), "new");
        assert_eq!(read(&store, kept, 0..7).await, b"another");
    }

    async fn all_that_is_there_can_be_listed(open: Open) {
        let (store, mut blobs) = (open(), BTreeSet::new());
        for size in 1..6 {
            blobs.insert((blob(&store, &some(size)).await, size as u64));
        }
        let (upload, _) = ids();
        add(&store, upload, 0, b"half").await;
        let mut listed = BTreeSet::new();
        for number in 0..=u8::MAX {
            if blobs.iter().any(|(id, _)| shelf(*id) == number) {
                let stored = store.stored(number).await.expect("a list");
                assert!(stored.iter().all(|blob| shelf(blob.id) == number && blob.written_at.as_millis() > 0));
                listed.extend(stored.iter().map(|blob| (blob.id, blob.size)));
            }
        }
        assert_eq!(listed, blobs);
        let staged = store.staged().await.expect("a list");
        assert_eq!(staged.iter().map(|staged| staged.id).collect::<Vec<_>>(), [upload]);
        assert!(staged[0].written_at.as_millis() > 0);
    }

    async fn an_address_that_needs_no_asking_says_how_to_take_the_bytes(open: Open) {
        let store = open();
        let blob = blob(&store, b"a letter").await;
        let to = Disposition { inline: false, name: "für Ann.txt".into(), media_type: "text/plain".into() };
        if let Some(url) = store.presigned(blob, &to, Duration::from_secs(60)).await.expect("an answer") {
            assert!(url.contains(&blob.to_string()) && url.contains("X-Amz-Expires=60"), "{url}");
            assert!(url.contains("response-content-disposition=attachment"), "{url}");
        }
    }
}
