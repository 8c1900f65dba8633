//! Facts about folders that are large: a page of one takes as long as a page of a small one, in every order.

use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use rony_core::{
    file::{Level, ListItems, Listing, Sort, SortBy, Subject},
    id::ItemId,
    page::{Cursor, Limit},
};
use rony_storage::conformance::{Person, World};
use uuid::Uuid;

use crate::{
    backend::{Backend, Postgres, Sqlite},
    on_runtime,
};

/// Files in the folder; a tenth as many folders are beside them.
const FILES: i64 = 100_000;
/// How long a page may take at the most, as a test is compiled, on a machine that does something else too: to sort all files takes several
/// times as long. Compiled as a server is, and alone, it is a few milliseconds.
const PATIENCE: Duration = Duration::from_millis(120);

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("sqlite::large::a_large_folder_is_paged_quickly_in_every_order", || {
            on_runtime(a_large_folder_is_paged_quickly_in_every_order::<Sqlite>(fill_sqlite))
        }),
        Trial::test("postgres::large::a_large_folder_is_paged_quickly_in_every_order", || {
            on_runtime(a_large_folder_is_paged_quickly_in_every_order::<Postgres>(fill_postgres))
        }),
    ]
}

async fn a_large_folder_is_paged_quickly_in_every_order<B: Backend>(fill: fn(Uuid, Uuid) -> String) {
    let database = B::create().await;
    let world = World::new(database.open().await);
    let (ann, ben) = (world.person("ann").await, world.person("ben").await);
    let folder = world.folder(&ann, None, "Large").await;
    world
        .rony
        .files()
        .grant(&ann.actor, folder.id, Subject::Person(ben.id), Level::Viewer)
        .await
        .expect("shared");
    database.run(fill(ann.id.uuid(), folder.id.uuid())).await;
    for person in [&ann, &ben] {
        for by in [SortBy::Name, SortBy::Modified, SortBy::Size, SortBy::Type] {
            for desc in [false, true] {
                let longest = pages(&world, person, folder.id, Sort { by, desc }).await;
                assert!(longest < PATIENCE, "a page by {by:?} (desc: {desc}) took {longest:?}");
            }
        }
    }
    database.remove().await;
}

/// Goes through the first pages, over the end of the folders, and answers how long the longest of all but the first took.
async fn pages(world: &World, person: &Person, folder: ItemId, sort: Sort) -> Duration {
    let (mut cursor, mut longest, mut last): (Option<Cursor>, _, _) = (None, Duration::ZERO, None);
    for number in 0..60 {
        let of = Listing::Folder(Some(folder));
        let list = ListItems { of, sort, limit: Limit::MAX, cursor: cursor.as_ref() };
        let began = Instant::now();
        let page = world.rony.files().list(&person.actor, list).await.expect("a page");
        // The first one has the statement planned.
        if number > 0 {
            longest = longest.max(began.elapsed());
        }
        assert_eq!(page.items.len(), Limit::MAX.get());
        assert_ne!(page.items.first().map(|item| item.id), last);
        last = page.items.last().map(|item| item.id);
        cursor = page.next;
    }
    longest
}

const COLUMNS: &str = "id, owner_id, parent_id, kind, name, fold, icon, color, media_type, size, version, created_at, modified_at";

fn fill_sqlite(owner: Uuid, folder: Uuid) -> String {
    let rows = |kind: &str, count: i64| {
        format!(
            "with recursive n (i) as (select 1 union all select i + 1 from n where i < {count})
             insert into rony_files ({COLUMNS})
             select randomblob(16), x'{owner}', x'{folder}', '{kind}', '{kind} ' || i, '{kind} ' || i, '', '',
                 'type/' || (i % 7), (i * 7919) % 1000, 1, 1767225600000 + (i * 7919) % 50000, 1767225600000 + (i * 7919) % 50000 from n;",
            owner = owner.simple(),
            folder = folder.simple(),
        )
    };
    format!("{}{}", rows("folder", FILES / 10), rows("file", FILES))
}

fn fill_postgres(owner: Uuid, folder: Uuid) -> String {
    let rows = |kind: &str, count: i64| {
        format!(
            "insert into rony_files ({COLUMNS})
             select gen_random_uuid(), '{owner}', '{folder}', '{kind}', '{kind} ' || i, '{kind} ' || i, '', '',
                 'type/' || (i % 7), (i * 7919) % 1000, 1, 1767225600000 + (i * 7919) % 50000, 1767225600000 + (i * 7919) % 50000
             from generate_series(1, {count}) i;"
        )
    };
    format!("{}{}", rows("folder", FILES / 10), rows("file", FILES))
}
