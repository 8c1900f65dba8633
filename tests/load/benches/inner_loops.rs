//! The inner loops, each alone: `cargo bench -p rony-load`. Whether a change to one of them was worth it is seen here; what it is
//! worth in a running server is seen by `cargo xtask bench`.

#![expect(missing_docs, reason = "the macro makes a public function")]

use std::collections::BTreeMap;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use futures_util::future::join_all;
use rony_core::Rony;
use rony_core::actor::{Actor, Trusted};
use rony_core::conversation::GENERAL;
use rony_core::hub::{Frames, Hub};
use rony_core::id::{ClientId, UserId};
use rony_core::message::{Message, Post};
use rony_core::password::Argon2Hasher;
use rony_core::stream::{Envelope, Head, Since, Subscription};
use rony_core::sync::SyncRequest;
use rony_core::user::NewUser;
use rony_storage::SystemClock;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use uuid::Uuid;

/// Sockets that read one conversation.
const READERS: u64 = 1_000;

/// Posts that wait for the database at once.
const POSTS: u64 = 128;

/// Events that a client has missed.
const MISSED: u64 = 100;

/// An installation on SQLite, in a folder of its own, with one person.
struct Place {
    rony: Rony,
    ann: Actor,
    runtime: Runtime,
    _folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let runtime = Runtime::new().expect("a runtime");
        let url = format!("sqlite:{}", folder.path().join("rony.db").display());
        let (rony, ann) = runtime.block_on(async {
            let store = rony_storage::open(&url).await.expect("a database");
            let hasher = Arc::new(Argon2Hasher::new().expect("threads"));
            let rony = Rony::builder(store, Arc::new(SystemClock), hasher).build();
            let ann = NewUser::named("ann".parse().expect("a username"));
            let ann = rony.users().create(&Actor::trusted(Trusted::System), ann).await.expect("an account");
            (rony, Actor::trusted(Trusted::User(ann.id, ann.role)))
        });
        Self { rony, ann, runtime, _folder: folder }
    }

    async fn post(&self) -> Message {
        let post = Post {
            client_id: ClientId(Uuid::new_v4()),
            text: "words ".repeat(34),
            reply_to: None,
            thread_id: None,
            attachments: Vec::new(),
        };
        self.rony.messages().post(&self.ann, GENERAL, post).await.expect("it is posted").message
    }
}

fn event_encoding(criterion: &mut Criterion) {
    let place = Place::new();
    let message = place.runtime.block_on(place.post());
    criterion.bench_function("event encoding: one message of 200 bytes", |bencher| {
        bencher.iter(|| message.posted());
    });
}

fn hub_fan_out(criterion: &mut Criterion) {
    let place = Place::new();
    let first = place.runtime.block_on(place.post()).posted();
    let hub = Hub::default();
    let subscription =
        Subscription { head: Head { id: first.stream, head: 0 }, hidden_upto: 0, moved: Since::default() };
    let connect = |_| {
        let (link, frames) = hub.connect(UserId(Uuid::new_v4()), None);
        hub.subscribe(&link, &[subscription]);
        frames
    };
    let mut readers: Vec<Frames> = (0..READERS).map(connect).collect();
    let mut seq = 0;
    let mut group = criterion.benchmark_group("hub fan-out");
    group.throughput(Throughput::Elements(READERS)).bench_function("one event to 1,000 sockets", |bencher| {
        bencher.iter(|| {
            seq += 1;
            hub.deliver(&Arc::new(Envelope { seq, ..Envelope::clone(&first) }));
            readers.iter_mut().for_each(|frames| drop(frames.try_next().expect("it came")));
        });
    });
}

fn batching(criterion: &mut Criterion) {
    let place = Place::new();
    let mut group = criterion.benchmark_group("batching");
    group.sample_size(20).throughput(Throughput::Elements(POSTS));
    group.bench_function("128 posts at once, SQLite, synced", |bencher| {
        bencher.iter(|| place.runtime.block_on(join_all((0..POSTS).map(|_| place.post()))));
    });
}

fn sync_diff(criterion: &mut Criterion) {
    let place = Place::new();
    let last = place.runtime.block_on(async {
        let posted = join_all((0..MISSED).map(|_| place.post())).await;
        posted.iter().map(|message| message.seq).max().expect("some were posted")
    });
    let since = last - i64::try_from(MISSED).expect("a small number");
    let request =
        SyncRequest { streams: BTreeMap::from([(GENERAL.into(), since)]), ..SyncRequest::default() };
    let mut group = criterion.benchmark_group("sync diff");
    group.sample_size(20).throughput(Throughput::Elements(MISSED));
    group.bench_function("100 missed messages of one conversation", |bencher| {
        bencher.iter(|| {
            let answer = place.runtime.block_on(place.rony.streams().sync(&place.ann, &request));
            assert_eq!(answer.expect("an answer").streams[0].events.len() as u64, MISSED);
        });
    });
}

criterion_group!(benches, event_encoding, hub_fan_out, batching, sync_diff);
criterion_main!(benches);
