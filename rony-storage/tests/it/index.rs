//! Facts about the file of the search index, which SQLite has beside the database's: it is never what anything depends on.

use std::{fs, path::PathBuf};

use libtest_mimic::Trial;
use rony_core::id::ConversationId;
use rony_storage::{
    OpenError, Options, SqlStore,
    conformance::{Person, World},
    open_sqlite,
};
use sqlx::{AssertSqlSafe, Connection, Sqlite, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

use crate::on_runtime;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("one_that_is_missing_is_made_anew", one_that_is_missing_is_made_anew),
        trial("one_that_is_damaged_is_made_anew", one_that_is_damaged_is_made_anew),
        trial("one_of_another_database_is_made_anew", one_of_another_database_is_made_anew),
        trial("it_follows_a_database_that_was_put_back", it_follows_a_database_that_was_put_back),
        trial("an_older_one_goes_on_from_where_it_was", an_older_one_goes_on_from_where_it_was),
        trial("it_leaves_the_database_that_held_it_before", it_leaves_the_database_that_held_it_before),
        trial("posting_does_not_wait_for_it", posting_does_not_wait_for_it),
        trial("a_database_in_memory_is_refused", a_database_in_memory_is_refused),
    ]
}

fn trial<F: Future<Output = ()>>(name: &str, fact: impl FnOnce() -> F + Send + 'static) -> Trial {
    Trial::test(format!("sqlite::index::{name}"), move || on_runtime(fact()))
}

/// A folder with a database, which is opened and closed.
struct Folder(TempDir);

/// The database while it is open.
struct Opened {
    store: SqlStore<Sqlite>,
    world: World,
}

impl Folder {
    fn new() -> Self {
        Self(TempDir::new().expect("a temporary folder"))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    async fn open(&self) -> Opened {
        let url = format!("sqlite:{}", self.file("rony.db").display());
        let store = open_sqlite(&url, &Options::default()).await.expect("opens");
        Opened { world: World::new(std::sync::Arc::new(store.clone())), store }
    }

    /// Runs statements on one of the files.
    async fn run(&self, file: &str, sql: &str) {
        let mut connection = self.connect(file).await;
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.expect("SQLite obeys");
        connection.close().await.expect("closes");
    }

    async fn connect(&self, file: &str) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.file(file));
        SqliteConnection::connect_with(&options).await.expect("opens")
    }

    /// A folder in which ann has said "raven", and the index knows it.
    async fn with_a_raven() -> (Self, Person, ConversationId) {
        let folder = Self::new();
        let opened = folder.open().await;
        let ann = opened.world.person("ann").await;
        let place = opened.world.group(&[&ann]).await;
        opened.world.say(&ann, place, "raven").await;
        opened.world.project().await;
        assert_eq!(opened.world.searched(&ann, "raven").await, ["raven"]);
        opened.store.close().await;
        (folder, ann, place)
    }

    /// That the index knows it once the job has come by.
    async fn finds_the_raven_anew(&self, ann: &Person) {
        let Opened { world, store } = self.open().await;
        world.project().await;
        assert_eq!(world.searched(ann, "raven").await, ["raven"]);
        store.close().await;
    }
}

async fn one_that_is_missing_is_made_anew() {
    let (folder, ann, _) = Folder::with_a_raven().await;
    fs::remove_file(folder.file("rony-search.db")).expect("it was there");
    folder.finds_the_raven_anew(&ann).await;
}

async fn one_that_is_damaged_is_made_anew() {
    let (folder, ann, _) = Folder::with_a_raven().await;
    fs::write(folder.file("rony-search.db"), "no database".repeat(1000)).expect("can be written");
    folder.finds_the_raven_anew(&ann).await;
}

async fn one_of_another_database_is_made_anew() {
    let (folder, ann, _) = Folder::with_a_raven().await;
    let (other, ben, _) = Folder::with_a_raven().await;
    fs::copy(other.file("rony-search.db"), folder.file("rony-search.db")).expect("can be copied");
    let Opened { world, store } = folder.open().await;
    world.project().await;
    assert_eq!(world.searched(&ann, "raven").await, ["raven"]);
    assert_eq!(world.searched(&ben, "raven").await, [""; 0]);
    store.close().await;
}

/// What was said after the copy was made is gone, and other messages have its numbers.
async fn it_follows_a_database_that_was_put_back() {
    let (folder, ann, place) = Folder::with_a_raven().await;
    let copy = folder.file("copy.db").display().to_string();
    folder.run("rony.db", &format!("vacuum into '{copy}'")).await;
    let Opened { world, store } = folder.open().await;
    world.say(&ann, place, "swallow").await;
    world.project().await;
    assert_eq!(world.searched(&ann, "swallow").await, ["swallow"]);
    store.close().await;

    fs::rename(copy, folder.file("rony.db")).expect("can be put back");
    let Opened { world, store } = folder.open().await;
    world.say(&ann, place, "swift").await;
    world.project().await;
    assert_eq!(world.searched(&ann, "swallow").await, [""; 0]);
    assert_eq!(world.searched(&ann, "swift").await, ["swift"]);
    assert_eq!(world.searched(&ann, "raven").await, ["raven"]);
    store.close().await;
}

/// As after a power failure, in which it may lose what it wrote last.
async fn an_older_one_goes_on_from_where_it_was() {
    let (folder, ann, place) = Folder::with_a_raven().await;
    let before = fs::read(folder.file("rony-search.db")).expect("it is there");
    let Opened { world, store } = folder.open().await;
    let said = world.say(&ann, place, "swallow").await;
    world.project().await;
    world.rony.messages().edit(&ann.actor, place, said.id, "swift".into()).await.expect("may be changed");
    world.project().await;
    store.close().await;

    fs::write(folder.file("rony-search.db"), before).expect("can be written");
    let Opened { world, store } = folder.open().await;
    assert_eq!(world.searched(&ann, "raven").await, ["raven"], "it is not made anew");
    world.project().await;
    assert_eq!(world.searched(&ann, "swallow").await, [""; 0]);
    assert_eq!(world.searched(&ann, "swift").await, ["swift"]);
    store.close().await;
}

/// A database of a version that had the index among its tables.
async fn it_leaves_the_database_that_held_it_before() {
    let (folder, ann, _) = Folder::with_a_raven().await;
    let before = "delete from rony_migrations where version = 10;
        delete from rony_meta where name = 'search_index';
        create table rony_search (position integer primary key, conversation_id blob, seq integer, sender_id blob, link integer);
        create virtual table rony_search_words using fts5 (words, content = '', contentless_delete = 1)";
    folder.run("rony.db", before).await;
    fs::remove_file(folder.file("rony-search.db")).expect("it was there");
    folder.finds_the_raven_anew(&ann).await;
    let mut connection = folder.connect("rony.db").await;
    let left =
        sqlx::query_scalar::<_, i64>("select count(*) from sqlite_master where name like 'rony_search%'");
    assert_eq!(left.fetch_one(&mut connection).await.expect("an answer"), 0);
}

/// Somebody else holds the writer of the index's file.
async fn posting_does_not_wait_for_it() {
    let (folder, ann, place) = Folder::with_a_raven().await;
    let Opened { world, store } = folder.open().await;
    let mut holder = folder.connect("rony-search.db").await;
    sqlx::raw_sql("begin immediate").execute(&mut holder).await.expect("SQLite obeys");
    let said = world.say(&ann, place, "swallow").await;
    world.rony.messages().edit(&ann.actor, place, said.id, "swift".into()).await.expect("may be changed");
    assert_eq!(world.searched(&ann, "raven").await, ["raven"]);
    sqlx::raw_sql("rollback").execute(&mut holder).await.expect("SQLite obeys");
    world.project().await;
    assert_eq!(world.searched(&ann, "swift").await, ["swift"]);
    store.close().await;
}

async fn a_database_in_memory_is_refused() {
    let refused = open_sqlite("sqlite::memory:", &Options::default()).await.err();
    assert!(matches!(refused, Some(OpenError::InMemory)), "{refused:?}");
}
