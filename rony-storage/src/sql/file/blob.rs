//! Blobs, and how many versions refer to each.

use std::collections::{BTreeMap, HashSet};

use rony_core::{
    Error, Result,
    file::{Made, PreviewState},
    id::{BlobId, ItemId, UserId},
    stream::StreamId,
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::{place::tell, row::write_preview};
use crate::sql::{SqlStore, change::Change, dialect::Dialect, failed, values};

/// A blob that is whole, with its first reference.
pub(super) struct NewBlob {
    pub(super) id: BlobId,
    pub(super) size: i64,
    pub(super) sha256: [u8; 32],
    pub(super) preview: PreviewState,
}

pub(super) async fn add<DB: Dialect>(change: &mut Change<'_, DB>, blob: &NewBlob) -> Result<()> {
    let at = change.at().as_millis();
    sqlx::query::<DB>(
        "insert into rony_blobs (id, size, sha256, refs, preview, created_at) values ($1, $2, $3, 1, $4, $5)",
    )
    .bind(blob.id.uuid())
    .bind(blob.size)
    .bind(blob.sha256.to_vec())
    .bind(write_preview(blob.preview).to_owned())
    .bind(at)
    .execute(change.connection())
    .await
    .map_err(failed)?;
    Ok(())
}

/// References that came, or went, by blob.
pub(super) type Counts = BTreeMap<Uuid, i64>;

/// Counts references. A blob that nothing refers to any more is noted for removal.
///
/// # Errors
///
/// [`Error::Internal`] for a reference to a blob that is gone: a file without bytes must not be.
pub(super) async fn count<DB: Dialect>(change: &mut Change<'_, DB>, counts: &Counts) -> Result<()> {
    // Drives share blobs, so their rows are locked in one order, as streams are.
    let counts: Vec<_> = counts.iter().map(|(id, count)| (*id, *count)).collect();
    for counts in counts.chunks(values::MOST) {
        lock(change, counts).await?;
        let sql = format!(
            "with v (id, count) as (values {})
             update rony_blobs set refs = refs + v.count from v where rony_blobs.id = v.id",
            values::rows::<DB>(2, counts.len())
        );
        let query = values::padded(counts)
            .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, (id, count)| query.bind(*id).bind(*count));
        query.execute(change.connection()).await.map_err(failed)?;
        if counts.iter().any(|(_, count)| *count < 0) {
            remove_unused(change, counts).await?;
        }
    }
    Ok(())
}

/// Takes the references of versions back that were removed (rows of `blob_id`, `size`), and answers how many bytes they were.
pub(super) async fn release<DB: Dialect>(change: &mut Change<'_, DB>, versions: &[DB::Row]) -> Result<i64> {
    let mut counts = Counts::new();
    for row in versions {
        *counts.entry(row.get(0)).or_default() -= 1;
    }
    count(change, &counts).await?;
    Ok(versions.iter().map(|row| row.get::<i64, _>(1)).sum())
}

/// Locks blobs, of which those that get references must be there.
async fn lock<DB: Dialect>(change: &mut Change<'_, DB>, counts: &[(Uuid, i64)]) -> Result<()> {
    let list = values::list::<DB>(counts.len());
    let sql = format!("select id from rony_blobs where id in ({list}) order by id{}", DB::FOR_UPDATE);
    let query =
        values::padded(counts).fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, (id, _)| query.bind(*id));
    let rows = query.fetch_all(change.connection()).await.map_err(failed)?;
    let there: HashSet<Uuid> = rows.iter().map(|row| row.get(0)).collect();
    match counts.iter().find(|(id, count)| *count > 0 && !there.contains(id)) {
        Some((id, _)) => Err(Error::internal(format!("a reference to a blob that is gone: {id}"))),
        None => Ok(()),
    }
}

async fn remove_unused<DB: Dialect>(change: &mut Change<'_, DB>, counts: &[(Uuid, i64)]) -> Result<()> {
    let list = values::list::<DB>(counts.len());
    let sql = format!("delete from rony_blobs where id in ({list}) and refs <= 0 returning id");
    let query =
        values::padded(counts).fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, (id, _)| query.bind(*id));
    let unused = query.fetch_all(change.connection()).await.map_err(failed)?;
    note_removals(change, &unused.iter().map(|row| row.get(0)).collect::<Vec<_>>()).await
}

/// Notes that the bytes of blobs are to be removed; [`values::MOST`] of them at most.
pub(crate) async fn note_removals<DB: Dialect>(change: &mut Change<'_, DB>, blobs: &[Uuid]) -> Result<()> {
    if blobs.is_empty() {
        return Ok(());
    }
    let at = change.at().as_millis();
    let sql = format!(
        "with v (id, at) as (values {}) insert into rony_blob_removals (id, at)
         select id, at from v where id is not null on conflict (id) do nothing",
        values::rows::<DB>(2, blobs.len())
    );
    let query = values::optional(blobs)
        .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, id| query.bind(id.copied()).bind(at));
    query.execute(change.connection()).await.map_err(failed)?;
    Ok(())
}

pub(super) async fn removals<DB: Dialect>(store: &SqlStore<DB>, limit: i64) -> Result<Vec<BlobId>> {
    let rows = sqlx::query::<DB>("select id from rony_blob_removals order by at, id limit $1")
        .bind(limit)
        .fetch_all(store.read())
        .await
        .map_err(failed)?;
    Ok(rows.iter().map(|row| BlobId(row.get(0))).collect())
}

pub(super) async fn removed<DB: Dialect>(store: &SqlStore<DB>, blobs: &[BlobId]) -> Result<()> {
    let (mut transaction, _turn) = store.begin_in_turn(DB::BEGIN).await?;
    for blobs in blobs.chunks(values::MOST) {
        let sql = format!("delete from rony_blob_removals where id in ({})", values::list::<DB>(blobs.len()));
        let query = values::padded(blobs)
            .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, id| query.bind(id.uuid()));
        query.execute(&mut *transaction).await.map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)
}

pub(super) async fn waiting<DB: Dialect>(store: &SqlStore<DB>, limit: i64) -> Result<Vec<(BlobId, i64)>> {
    let rows = sqlx::query::<DB>(
        "select id, size from rony_blobs where preview = 'waiting' order by created_at limit $1",
    )
    .bind(limit)
    .fetch_all(store.read())
    .await
    .map_err(failed)?;
    Ok(rows.iter().map(|row| (BlobId(row.get(0)), row.get(1))).collect())
}

pub(super) async fn set_preview<DB: Dialect>(store: &SqlStore<DB>, made: Made, at: Timestamp) -> Result<()> {
    let mut change = store.change(at).await?;
    // Copies that come in between see the blob's row as it is then.
    let shown = shown(&mut change, made.blob).await?;
    change.lock(shown.iter().map(|(_, owner, _)| StreamId::from(*owner))).await?;
    sqlx::query::<DB>("update rony_blobs set preview = $2, width = $3, height = $4 where id = $1")
        .bind(made.blob.uuid())
        .bind(write_preview(made.state).to_owned())
        .bind(made.width)
        .bind(made.height)
        .execute(change.connection())
        .await
        .map_err(failed)?;
    for (id, owner, parent) in shown {
        tell(&mut change, owner, id, parent);
    }
    change.commit().await
}

/// Items that hold a blob now: id, owner, parent. Of many copies a few are told, the others show it when they are looked at.
async fn shown<DB: Dialect>(
    change: &mut Change<'_, DB>,
    blob: BlobId,
) -> Result<Vec<(ItemId, UserId, Uuid)>> {
    let rows = sqlx::query::<DB>(
        "select id, owner_id, parent_id from rony_files where blob_id = $1 and purged_at is null limit 100",
    )
    .bind(blob.uuid())
    .fetch_all(change.connection())
    .await
    .map_err(failed)?;
    Ok(rows.iter().map(|row| (ItemId(row.get(0)), UserId(row.get(1)), row.get(2))).collect())
}
