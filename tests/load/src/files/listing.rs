//! Pages of a folder with very many entries, in each order, on both databases.
//!
//! The rows are written straight into the tables, as uploads would have left them; the pages are asked for as the page does it.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use tokio::time::Instant;
use url::form_urlencoded::byte_serialize;
use uuid::Uuid;

use super::place::Place;
use crate::bench::Options;
use crate::bench::delays::Delays;
use crate::bench::ground::{Backend, Server};
use crate::bench::progress::Progress;
use crate::bench::report::{Aim, Report};
use crate::database::Database;
use crate::people;
use crate::work::Work;

/// The orders in which people look at a folder.
const SORTS: [&str; 4] = ["name", "-modified", "-size", "type"];

/// Pages that are turned in each order, of so many entries.
const PAGES: u64 = 40;
const ENTRIES: usize = 100;

/// What a page may take, in ms.
const AIM: f64 = 20.0;

/// A list, as far as this looks at it.
#[derive(Debug, Deserialize)]
struct Listed {
    items: Vec<Entry>,
    next: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    name: String,
}

/// Measures pages of a folder with `entries` files.
///
/// # Errors
/// When it cannot be measured, or a list has another order or other entries.
pub(super) async fn measure(
    options: &Options,
    entries: u64,
    work: &Work,
    progress: &Progress,
    report: &mut Report,
) -> Result<()> {
    for backend in Backend::BOTH {
        let named = if backend == Backend::Sqlite { "listing-" } else { "" };
        let folder = work.path().join(format!("{named}{}", backend.name()));
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let database = match backend {
            Backend::Sqlite => Database::create(None, &folder).await?,
            Backend::Postgres => backend.create(options, work).await?,
        };
        database.server_in_words().await?.into_iter().for_each(|words| report.beside(words));
        let measured = pages(backend, &database, entries, work, progress, report).await;
        database.remove().await?;
        measured?;
    }
    Ok(())
}

async fn pages(
    backend: Backend,
    database: &Database,
    entries: u64,
    work: &Work,
    progress: &Progress,
    report: &mut Report,
) -> Result<()> {
    let account =
        people::fill(database.url(), async |rony| people::enroll(rony, 0, "Collector").await).await?;
    progress.step(1, format!("folder of {entries} files filled"));
    fill(database.url(), account.user, entries).await?;
    let place =
        Place::Rony { server: Server::start(database, work, None).await?, tokens: vec![account.token] };
    progress.step(SORTS.len() as u64 * PAGES, "pages of it turned");
    let mut all = Delays::default();
    for sort in SORTS {
        let delays = turn(&place, sort, progress).await?;
        let case = format!("{}, folder of {entries}, by {sort}", backend.name());
        report.figure(&case, "a page, median", "ms", delays.percentile_ms(0.5));
        all.add(&delays);
    }
    let case = format!("{}, folder of {entries}", backend.name());
    report.aimed(
        &case,
        "a page in any order, 99 of 100 within",
        "ms",
        all.percentile_ms(0.99),
        Aim::at_most(AIM),
    );
    place.stop().await
}

async fn turn(place: &Place, sort: &str, progress: &Progress) -> Result<Delays> {
    let (mut line, mut delays, mut names) = (place.open().await?, Delays::default(), Vec::new());
    let mut cursor = String::new();
    for _ in 0..PAGES {
        let query = format!("sort={sort}&limit={ENTRIES}{cursor}");
        let began = Instant::now();
        let text = place.list(&mut line, &query).await?;
        delays.note(began.elapsed());
        progress.one();
        let listed: Listed = serde_json::from_str(&text).context("a list is not what it should be")?;
        ensure!(listed.items.len() == ENTRIES, "a page has {} entries", listed.items.len());
        names.extend(listed.items.into_iter().map(|entry| entry.name));
        let next = listed.next.context("the folder has more pages than it says")?;
        cursor = format!("&cursor={}", byte_serialize(next.as_bytes()).collect::<String>());
    }
    if sort == "name" {
        ensure!(names.is_sorted(), "the names are not in their order");
    }
    names.sort_unstable();
    names.dedup();
    ensure!(names.len() == PAGES as usize * ENTRIES, "pages have the same entries");
    Ok(delays)
}

/// Writes so many files of the same content into the top of a person's drive.
async fn fill(url: &str, owner: Uuid, entries: u64) -> Result<()> {
    if url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(url).await?;
        let sql = AssertSqlSafe(sqlite(owner, entries));
        sqlx::raw_sql(sql).execute(&mut connection).await.context("SQLite refuses files")?;
        return connection.close().await.context("SQLite did not close");
    }
    let mut connection = PgConnection::connect(url).await?;
    let sql = AssertSqlSafe(postgres(owner, entries));
    sqlx::raw_sql(sql).execute(&mut connection).await.context("PostgreSQL refuses files")?;
    connection.close().await.context("PostgreSQL did not close")
}

/// A moment of 2023, in unix milliseconds.
const FIRST: i64 = 1_700_000_000_000;

fn sqlite(owner: Uuid, entries: u64) -> String {
    let (owner, blob) = (owner.simple(), Uuid::new_v4().simple());
    format!(
        "pragma synchronous = off;
         begin immediate;
         insert into rony_blobs (id, size, sha256, refs, preview, created_at) values (x'{blob}', 1000, zeroblob(32), {entries}, 'none', {FIRST});
         insert into rony_files (id, owner_id, parent_id, kind, name, fold, icon, color, blob_id, media_type, size, version,
             created_at, created_by, modified_at, modified_by)
         with recursive n (i) as (select 1 union all select i + 1 from n where i < {entries})
         select randomblob(16), x'{owner}', x'{owner}', 'file', format('report %06d.txt', i), format('report %06d.txt', i), '', '', x'{blob}',
             case i % 3 when 0 then 'text/plain' when 1 then 'image/png' else 'application/pdf' end, i * 7919 % 1000003, 1,
             {FIRST} + i * 7919 % 1000003, x'{owner}', {FIRST} + i * 7919 % 1000003, x'{owner}' from n;
         insert into rony_file_versions (file_id, version, blob_id, size, media_type, created_at, created_by)
         select id, 1, blob_id, size, media_type, created_at, created_by from rony_files;
         commit;"
    )
}

fn postgres(owner: Uuid, entries: u64) -> String {
    let blob = Uuid::new_v4();
    format!(
        "begin;
         insert into rony_blobs (id, size, sha256, refs, preview, created_at) values ('{blob}', 1000, decode(repeat('00', 32), 'hex'), {entries}, 'none', {FIRST});
         insert into rony_files (id, owner_id, parent_id, kind, name, fold, icon, color, blob_id, media_type, size, version,
             created_at, created_by, modified_at, modified_by)
         select gen_random_uuid(), '{owner}', '{owner}', 'file', format('report %s.txt', lpad(i::text, 6, '0')),
             format('report %s.txt', lpad(i::text, 6, '0')), '', '', '{blob}',
             case i % 3 when 0 then 'text/plain' when 1 then 'image/png' else 'application/pdf' end, i * 7919 % 1000003, 1,
             {FIRST} + i * 7919 % 1000003, '{owner}', {FIRST} + i * 7919 % 1000003, '{owner}'
         from generate_series(1::bigint, {entries}) i;
         insert into rony_file_versions (file_id, version, blob_id, size, media_type, created_at, created_by)
         select id, 1, blob_id, size, media_type, created_at, created_by from rony_files;
         commit;
         analyze;"
    )
}
