//! The conformance suite of blobs on a disk and on S3; and facts about moving from one to the other.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use libtest_mimic::Trial;
use rony_core::{
    blob::{BlobStore, Derived, KnownBlob, PreviewSize},
    id::{BlobId, UploadId},
    secret::Secret,
};
use rony_storage::{
    blob::{DiskBlobs, S3Blobs, S3Options, migrate},
    conformance::blob::{BlobCase, Open, cases},
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::on_runtime;

const KEY: &str = "a-key-that-opens-the-test-bucket";

pub(crate) fn trials() -> Vec<Trial> {
    let facts = cases().into_iter().flat_map(|case| [on_disk(case), on_s3(case)]);
    let moving = [
        Trial::test("blobs::from_a_disk_to_s3_and_back", || on_runtime(from_a_disk_to_s3_and_back())),
        Trial::test("blobs::what_is_damaged_does_not_move", || on_runtime(what_is_damaged_does_not_move())),
    ];
    facts.chain(moving).collect()
}

fn on_disk(case: BlobCase) -> Trial {
    Trial::test(format!("disk::blob::{}", case.name), move || {
        on_runtime(async move {
            let folder = TempDir::new().expect("a temporary folder");
            (case.run)(disk(&folder)).await;
        })
    })
}

fn on_s3(case: BlobCase) -> Trial {
    Trial::test(format!("s3::blob::{}", case.name), move || {
        on_runtime(async move {
            let folder = TempDir::new().expect("a temporary folder");
            (case.run)(s3(&folder).await).await;
        })
    })
}

fn disk(folder: &TempDir) -> Open {
    let root = folder.path().to_owned();
    Arc::new(move || Arc::new(DiskBlobs::open(&root).expect("opens")))
}

/// An object store in this process, which lives as long as the runtime.
async fn s3(folder: &TempDir) -> Open {
    std::fs::create_dir_all(folder.path().join("bucket")).expect("a bucket");
    let mut service = S3ServiceBuilder::new(FileSystem::new(folder.path()).expect("a folder"));
    service.set_auth(SimpleAuth::from_single("rony", KEY));
    let service = service.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let mut options = S3Options::new("bucket", "test");
    options.endpoint = Some(format!("http://{}", listener.local_addr().expect("an address")));
    options.access_key_id = Some("rony".to_owned());
    options.secret_access_key = Some(Secret::from(KEY));
    options.allow_http = true;
    options.prefix = "files/".to_owned();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                let served = auto::Builder::new(TokioExecutor::new());
                let _ = served.serve_connection(TokioIo::new(socket), service).await;
            });
        }
    });
    Arc::new(move || Arc::new(S3Blobs::new(&options).expect("options")))
}

/// A blob of `size` bytes that are all `byte`.
async fn blob(store: &dyn BlobStore, byte: u8, size: usize) -> KnownBlob {
    let (upload, id) = (UploadId(Uuid::new_v4()), BlobId(Uuid::new_v4()));
    let bytes = stream::iter([Ok(Bytes::from(vec![byte; size]))]).boxed();
    store.append(upload, 0, bytes).await.expect("is written");
    let sha256 = store.finish(upload, id, size as u64).await.expect("is whole");
    KnownBlob { id, size: size as u64, sha256 }
}

async fn read(store: &dyn BlobStore, blob: KnownBlob) -> Vec<u8> {
    let bytes = store.read(blob.id, 0..blob.size).await.expect("can be read");
    bytes.map_ok(|piece| piece.to_vec()).try_concat().await.expect("to the end")
}

async fn from_a_disk_to_s3_and_back() {
    let folders = [(); 3].map(|()| TempDir::new().expect("a temporary folder"));
    let (old, bucket, new) = (disk(&folders[0])(), (s3(&folders[1]).await)(), disk(&folders[2])());
    let mut blobs = vec![blob(&*old, 1, 10).await, blob(&*old, 2, 9_000_000).await];
    let preview = Derived { blob: blobs[0].id, size: PreviewSize::Large };
    old.put(preview, Bytes::from_static(b"small and seen")).await.expect("is kept");
    migrate(&*old, &*bucket, &blobs[..1], |_| ()).await.expect("moves");
    // As if it had been interrupted: what is there is skipped the next time.
    blobs.push(blob(&*old, 3, 0).await);
    let mut told = Vec::new();
    migrate(&*old, &*bucket, &blobs, |moved| told.push((moved.blob.id, moved.copied))).await.expect("moves");
    assert_eq!(told, [(blobs[0].id, false), (blobs[1].id, true), (blobs[2].id, true)]);
    migrate(&*bucket, &*new, &blobs, |moved| assert!(moved.copied)).await.expect("moves back");
    for (blob, byte) in blobs.iter().zip(1..) {
        assert!(read(&*new, *blob).await.iter().all(|read| *read == byte));
        assert_eq!(new.size(blob.id).await.expect("an answer"), Some(blob.size));
    }
    assert_eq!(new.get(preview).await.expect("came along"), "small and seen");
}

async fn what_is_damaged_does_not_move() {
    let folders = [(); 2].map(|()| TempDir::new().expect("a temporary folder"));
    let (old, new) = (disk(&folders[0])(), disk(&folders[1])());
    let damaged = KnownBlob { sha256: [0; 32], ..blob(&*old, 1, 10).await };
    assert_eq!(migrate(&*old, &*new, &[damaged], |_| ()).await.expect_err("is damaged").code(), "internal");
    assert_eq!(new.size(damaged.id).await.expect("an answer"), None);
    let missing = KnownBlob { id: BlobId(Uuid::new_v4()), ..damaged };
    assert_eq!(migrate(&*old, &*new, &[missing], |_| ()).await.expect_err("is missing").code(), "internal");
}
