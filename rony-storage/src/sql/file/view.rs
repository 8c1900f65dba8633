//! One item with where it is, and a drive as a whole.

use rony_core::{
    Result,
    file::{Crumb, Drive, FileName, ItemView, Limits, Reader},
    id::{ItemId, UserId},
};
use sqlx::{AssertSqlSafe, Row};

use super::{
    access::{Eyes, SIGHT},
    drive::usage,
    row::load_seen,
};
use crate::sql::{SqlStore, dialect::Dialect, failed};

pub(super) async fn item<DB: Dialect>(store: &SqlStore<DB>, reader: Reader, id: ItemId) -> Result<ItemView> {
    let eyes = Eyes::of(reader);
    let mut snapshot = store.snapshot().await?;
    let item = load_seen::<DB>(&mut snapshot, eyes, id).await?.item;
    let path = match item.parent_id {
        Some(parent) => path::<DB>(&mut snapshot, eyes, parent).await?,
        None => Vec::new(),
    };
    Ok(ItemView { item, path })
}

/// The folders from the top down to `folder` that the reader sees.
async fn path<DB: Dialect>(
    connection: &mut DB::Connection,
    eyes: Eyes,
    folder: ItemId,
) -> Result<Vec<Crumb>> {
    let sql = format!(
        "with recursive way (id, parent_id, depth) as (
             select id, parent_id, 0 from rony_files where id = $4
             union all
             select a.id, a.parent_id, way.depth + 1 from way join rony_files a on a.id = way.parent_id)
         select f.id, f.name from way join rony_files f on f.id = way.id where {SIGHT} > 0 order by way.depth desc"
    );
    let rows = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(eyes.person)
        .bind(eyes.root)
        .bind(eyes.level)
        .bind(folder.uuid())
        .fetch_all(connection)
        .await
        .map_err(failed)?;
    let crumb = |row: &DB::Row| Crumb { id: ItemId(row.get(0)), name: FileName::from_store(row.get(1)) };
    Ok(rows.iter().map(crumb).collect())
}

pub(super) async fn drive<DB: Dialect>(store: &SqlStore<DB>, owner: UserId, limits: Limits) -> Result<Drive> {
    let mut snapshot = store.snapshot().await?;
    let drive = usage::<DB>(&mut snapshot, owner, limits).await?;
    let trash = sqlx::query_scalar::<DB, i64>(
        "with recursive thrown (id) as (
             select id from rony_files where owner_id = $1 and trashed_at is not null and purged_at is null
             union
             select c.id from thrown join rony_files c on c.parent_id = thrown.id)
         select cast(coalesce(sum(v.size), 0) as bigint) from thrown join rony_file_versions v on v.file_id = thrown.id",
    )
    .bind(owner.uuid())
    .fetch_one(&mut *snapshot)
    .await
    .map_err(failed)?;
    Ok(Drive { used: drive.used, reserved: drive.reserved, quota: drive.quota, trash })
}
