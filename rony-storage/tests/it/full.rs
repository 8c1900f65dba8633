//! Facts about a disk that is full, and is not any more. SQLite is told how large its file may become, which it takes like a
//! full disk: it ends the transaction by itself.

use std::sync::Arc;

use libtest_mimic::Trial;
use rony_core::{Error, message::Post};
use rony_storage::{SqlStore, conformance::World};
use sqlx::{
    AssertSqlSafe, Pool, Sqlite, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions},
};
use tempfile::TempDir;

use crate::on_runtime;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("sqlite::full::posting_fails_cleanly_and_goes_on_when_there_is_room", || {
            on_runtime(posting_fails_cleanly_and_goes_on_when_there_is_room())
        }),
        Trial::test("sqlite::full::a_transaction_that_sqlite_ended_by_itself_holds_up_no_other", || {
            on_runtime(a_transaction_that_sqlite_ended_by_itself_holds_up_no_other())
        }),
    ]
}

async fn posting_fails_cleanly_and_goes_on_when_there_is_room() {
    let (_folder, write, world) = world().await;
    let ann = world.person("ann").await;
    let place = world.group(&[&ann]).await;

    limit(&write, "1").await;
    let mut taken = 0;
    let refused = loop {
        let post = long_post(&world);
        match world.rony.messages().post(&ann.actor, place, post).await {
            Ok(_) => taken += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, Error::Unavailable { .. }), "try again later: {refused:?}");

    limit(&write, "1000000").await;
    let next = world.rony.messages().post(&ann.actor, place, long_post(&world)).await.expect("there is room");
    assert_eq!(next.message.ordinal, taken + 1, "what was refused left nothing behind");
}

/// As when a commit finds the disk full: SQLite has rolled back, and sqlx does not know.
async fn a_transaction_that_sqlite_ended_by_itself_holds_up_no_other() {
    let (_folder, write, world) = world().await;
    let ann = world.person("ann").await;
    let place = world.group(&[&ann]).await;
    let connection = write.acquire().await.expect("a connection");
    let mut ended = Transaction::begin(connection, None).await.expect("begins");
    sqlx::raw_sql("rollback").execute(&mut *ended).await.expect("SQLite obeys");
    drop(ended);
    let next = world.rony.messages().post(&ann.actor, place, long_post(&world)).await;
    assert_eq!(next.expect("nothing is in the way").message.ordinal, 1);
}

/// A store whose one connection for writing is at hand; the folder goes with the first value.
async fn world() -> (TempDir, Pool<Sqlite>, World) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let options = SqliteConnectOptions::new().filename(folder.path().join("rony.db")).create_if_missing(true);
    let options = options.journal_mode(SqliteJournalMode::Wal);
    let one = || SqlitePoolOptions::new().max_connections(1);
    let write = one().connect_with(options.clone()).await.expect("opens");
    let read = one().connect_with(options).await.expect("opens");
    let store = SqlStore::<Sqlite>::with_pools(read, write.clone(), true).await.expect("has tables");
    (folder, write, World::new(Arc::new(store)))
}

fn long_post(world: &World) -> Post {
    Post {
        client_id: world.client_id(),
        text: "x".repeat(16_000),
        reply_to: None,
        thread_id: None,
        attachments: Vec::new(),
    }
}

/// How many pages the file may have; SQLite takes no fewer than there are.
async fn limit(pool: &Pool<Sqlite>, pages: &str) {
    let pragma = AssertSqlSafe(format!("pragma max_page_count = {pages}"));
    sqlx::raw_sql(pragma).execute(pool).await.expect("SQLite obeys");
}
