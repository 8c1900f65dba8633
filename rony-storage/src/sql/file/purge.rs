//! The job that removes what was deleted for good, a little in each step. It may be cut after any: what is left is found again, and still
//! nobody sees it.

use rony_core::{Result, file::Purge, id::UserId, stream::StreamId};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::{blob, drive, trash::delete_thrown_away};
use crate::sql::{SqlStore, change::Change, dialect::Dialect, failed, values};

/// What is kept of an item beside its row and its versions.
const OF_ITEM: [&str; 3] = [
    "delete from rony_grants where file_id",
    "delete from rony_stars where file_id",
    "delete from rony_attachments where file_id",
];

/// One step: the drive with the oldest trash that is due, or a part of what was deleted first. Answers whether there may be more.
pub(super) async fn step<DB: Dialect>(store: &SqlStore<DB>, purge: Purge) -> Result<bool> {
    if let Some(owner) = due(store, purge).await? {
        let mut change = store.change(purge.at).await?;
        change.lock([StreamId::from(owner)]).await?;
        delete_thrown_away(&mut change, owner, purge.trashed_until).await?;
        change.commit().await?;
        return Ok(true);
    }
    let Some((top, owner)) = deleted(store).await? else { return Ok(false) };
    let mut change = store.change(purge.at).await?;
    change.lock([StreamId::from(owner)]).await?;
    remove_some(&mut change, owner, top, purge.most).await?;
    change.commit().await?;
    Ok(true)
}

/// A drive with something in the trash that lay there too long.
async fn due<DB: Dialect>(store: &SqlStore<DB>, purge: Purge) -> Result<Option<UserId>> {
    let row = sqlx::query::<DB>(
        "select owner_id from rony_files where trashed_at is not null and trashed_at <= $1 and purged_at is null
         order by trashed_at limit 1",
    )
    .bind(purge.trashed_until.as_millis())
    .fetch_optional(store.read())
    .await
    .map_err(failed)?;
    Ok(row.map(|row| UserId(row.get(0))))
}

/// The top of what was deleted first, and whose it was.
async fn deleted<DB: Dialect>(store: &SqlStore<DB>) -> Result<Option<(Uuid, UserId)>> {
    let row = sqlx::query::<DB>(
        "select id, owner_id from rony_files where purged_at is not null order by purged_at limit 1",
    )
    .fetch_optional(store.read())
    .await
    .map_err(failed)?;
    Ok(row.map(|row| (row.get(0), UserId(row.get(1)))))
}

/// Removes up to `most` items that lie below `top`, or at last itself. They are taken from a folder with nothing but leaves in it, so
/// that whatever is left hangs on the top for ever.
async fn remove_some<DB: Dialect>(
    change: &mut Change<'_, DB>,
    owner: UserId,
    top: Uuid,
    most: i64,
) -> Result<()> {
    let folder = deepest(change, top).await?;
    let rows = sqlx::query::<DB>("select id from rony_files where parent_id = $1 limit $2")
        .bind(folder)
        .bind(most)
        .fetch_all(change.connection())
        .await
        .map_err(failed)?;
    let mut leaves: Vec<Uuid> = rows.iter().map(|row| row.get(0)).collect();
    if leaves.is_empty() {
        leaves.push(folder);
    }
    for leaves in leaves.chunks(values::MOST) {
        remove(change, owner, leaves).await?;
    }
    Ok(())
}

/// Goes down from a folder as long as there is one in it that is not empty.
async fn deepest<DB: Dialect>(change: &mut Change<'_, DB>, top: Uuid) -> Result<Uuid> {
    let mut folder = top;
    loop {
        let below = sqlx::query::<DB>(
            "select c.id from rony_files c where c.parent_id = $1 and c.kind = 'folder'
             and exists (select 1 from rony_files d where d.parent_id = c.id) limit 1",
        )
        .bind(folder)
        .fetch_optional(change.connection())
        .await
        .map_err(failed)?;
        match below {
            Some(row) => folder = row.get(0),
            None => return Ok(folder),
        }
    }
}

/// Removes items with all that is kept of them; their bytes are free then, and their blobs lose a reference each.
async fn remove<DB: Dialect>(change: &mut Change<'_, DB>, owner: UserId, items: &[Uuid]) -> Result<()> {
    let list = values::list::<DB>(items.len());
    let sql = format!("delete from rony_file_versions where file_id in ({list}) returning blob_id, size");
    let query =
        values::padded(items).fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, id| query.bind(*id));
    let versions = query.fetch_all(change.connection()).await.map_err(failed)?;
    let freed = blob::release(change, &versions).await?;
    drive::count(change, owner, -freed, 0).await?;
    for statement in OF_ITEM.into_iter().chain(["delete from rony_files where id"]) {
        let sql = format!("{statement} in ({list})");
        let query =
            values::padded(items).fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, id| query.bind(*id));
        query.execute(change.connection()).await.map_err(failed)?;
    }
    Ok(())
}
