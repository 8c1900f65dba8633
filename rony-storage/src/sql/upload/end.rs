//! Uploads that end without becoming files, and with them what they reserved. Whoever ends some has locked the stream of the drive's owner.

use rony_core::{
    Result,
    id::{ItemId, ShareId, UploadId, UserId},
    share::takes,
    stream::StreamId,
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::sql::{
    SqlStore,
    change::Change,
    dialect::Dialect,
    failed,
    file::{count_use, note_removals},
    share, values,
};

/// Removes uploads' rows, all into one drive. What was reserved and becomes no file is free again, and the blobs that may be there are noted for
/// removal.
pub(super) async fn forget<DB: Dialect>(
    change: &mut Change<'_, DB>,
    owner: UserId,
    uploads: &[UploadId],
) -> Result<()> {
    for uploads in uploads.chunks(values::MOST) {
        let list = values::list::<DB>(uploads.len());
        let sql = format!("delete from rony_uploads where id in ({list}) returning blob_id, length, item_id");
        let query = values::padded(uploads)
            .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, id| query.bind(id.uuid()));
        let rows = query.fetch_all(change.connection()).await.map_err(failed)?;
        let unfinished: Vec<_> = rows.iter().filter(|row| row.get::<Option<Uuid>, _>(2).is_none()).collect();
        let reserved: i64 = unfinished.iter().map(|row| row.get::<i64, _>(1)).sum();
        let blobs: Vec<Uuid> = unfinished.iter().map(|row| row.get(0)).collect();
        count_use(change, owner, 0, -reserved).await?;
        note_removals(change, &blobs).await?;
    }
    Ok(())
}

/// Forgets all uploads on their way by a link into somebody's drive, and answers which they were.
pub(in crate::sql) async fn forget_by_link<DB: Dialect>(
    change: &mut Change<'_, DB>,
    owner: UserId,
    link: ShareId,
) -> Result<Vec<UploadId>> {
    let rows = sqlx::query::<DB>(
        "select id from rony_uploads where share_id = $1 and owner_id = $2 and item_id is null",
    )
    .bind(link.uuid())
    .bind(owner.uuid())
    .fetch_all(change.connection())
    .await
    .map_err(failed)?;
    forget_rows(change, owner, &rows).await
}

/// Forgets all uploads on their way by links into an item, or into what lies below it, and answers which they were. It goes up from where
/// each upload goes, since that is never far, while there may be much below an item.
pub(in crate::sql) async fn forget_into<DB: Dialect>(
    change: &mut Change<'_, DB>,
    owner: UserId,
    item: ItemId,
) -> Result<Vec<UploadId>> {
    let rows = sqlx::query::<DB>(
        "with recursive up (upload_id, id) as (
             select u.id, coalesce(u.replace_id, u.parent_id, s.file_id)
             from rony_uploads u join rony_shares s on s.id = u.share_id
             where u.share_id is not null and u.owner_id = $1 and u.item_id is null
             union all
             select up.upload_id, f.parent_id from up join rony_files f on f.id = up.id)
         select upload_id from up where id = $2",
    )
    .bind(owner.uuid())
    .bind(item.uuid())
    .fetch_all(change.connection())
    .await
    .map_err(failed)?;
    forget_rows(change, owner, &rows).await
}

/// Forgets the uploads of these rows.
async fn forget_rows<DB: Dialect>(
    change: &mut Change<'_, DB>,
    owner: UserId,
    rows: &[DB::Row],
) -> Result<Vec<UploadId>> {
    let uploads: Vec<_> = rows.iter().map(|row| UploadId(row.get(0))).collect();
    forget(change, owner, &uploads).await?;
    Ok(uploads)
}

/// Links by which uploads are on their way.
pub(super) async fn links<DB: Dialect>(store: &SqlStore<DB>) -> Result<Vec<ShareId>> {
    let rows = sqlx::query::<DB>(
        "select distinct share_id from rony_uploads where share_id is not null and item_id is null",
    )
    .fetch_all(store.read())
    .await
    .map_err(failed)?;
    Ok(rows.iter().map(|row| ShareId(row.get(0))).collect())
}

pub(super) async fn discard_by_link<DB: Dialect>(
    store: &SqlStore<DB>,
    link: ShareId,
    at: Timestamp,
) -> Result<Vec<UploadId>> {
    let mut change = store.change(at).await?;
    // A link leads into one drive for ever.
    let owner = sqlx::query_scalar::<DB, Uuid>(
        "select owner_id from rony_uploads where share_id = $1 and item_id is null limit 1",
    )
    .bind(link.uuid())
    .fetch_optional(change.connection())
    .await
    .map_err(failed)?;
    let Some(owner) = owner.map(UserId) else { return Ok(Vec::new()) };
    change.lock([StreamId::from(owner)]).await?;
    if takes(share::offer_of::<DB>(change.connection(), link).await?, at) {
        return Ok(Vec::new());
    }
    let ended = forget_by_link(&mut change, owner, link).await?;
    change.commit().await?;
    Ok(ended)
}
