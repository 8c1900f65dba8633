//! Facts about folders that are large: whoever turns their pages sees everything once, in every order. How long a page takes is measured
//! by `rony-load files`.

use std::collections::HashSet;

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
const FILES: i64 = 2_000;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("sqlite::large::a_large_folder_is_paged_whole_in_every_order", || {
            on_runtime(a_large_folder_is_paged_whole_in_every_order::<Sqlite>(fill_sqlite))
        }),
        Trial::test("postgres::large::a_large_folder_is_paged_whole_in_every_order", || {
            on_runtime(a_large_folder_is_paged_whole_in_every_order::<Postgres>(fill_postgres))
        }),
    ]
}

async fn a_large_folder_is_paged_whole_in_every_order<B: Backend>(fill: fn(Uuid, Uuid) -> String) {
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
                let seen = pages(&world, person, folder.id, Sort { by, desc }).await;
                let all = usize::try_from(FILES + FILES / 10).expect("a number of files");
                assert_eq!(seen.len(), all, "by {by:?} (desc: {desc})");
                let different: HashSet<ItemId> = seen.into_iter().collect();
                assert_eq!(different.len(), all, "by {by:?} (desc: {desc})");
            }
        }
    }
    database.remove().await;
}

/// Turns all pages, and answers what was on them.
async fn pages(world: &World, person: &Person, folder: ItemId, sort: Sort) -> Vec<ItemId> {
    let (mut cursor, mut seen): (Option<Cursor>, _) = (None, Vec::new());
    loop {
        let of = Listing::Folder(Some(folder));
        let list = ListItems { of, sort, limit: Limit::MAX, cursor: cursor.as_ref() };
        let page = world.rony.files().list(&person.actor, list).await.expect("a page");
        seen.extend(page.items.into_iter().map(|item| item.id));
        cursor = page.next;
        if cursor.is_none() {
            return seen;
        }
    }
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
