//! What the database knows of what the store of blobs has.

use std::collections::HashSet;

use rony_core::{
    Error, Result,
    blob::KnownBlob,
    id::{BlobId, UploadId},
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::sql::{SqlStore, dialect::Dialect, failed, values};

/// Of these blobs, those of which nothing is known: no file stands on them, no upload becomes them, and they do not wait for their removal.
pub(super) async fn blobs<DB: Dialect>(store: &SqlStore<DB>, blobs: &[BlobId]) -> Result<Vec<BlobId>> {
    let ids: Vec<Uuid> = blobs.iter().map(|blob| blob.uuid()).collect();
    let known = [("rony_blobs", "id"), ("rony_uploads", "blob_id"), ("rony_blob_removals", "id")];
    Ok(unknown(store, &ids, &known).await?.into_iter().map(BlobId).collect())
}

/// Of these uploads, those that there are not.
pub(super) async fn uploads<DB: Dialect>(
    store: &SqlStore<DB>,
    uploads: &[UploadId],
) -> Result<Vec<UploadId>> {
    let ids: Vec<Uuid> = uploads.iter().map(|upload| upload.uuid()).collect();
    Ok(unknown(store, &ids, &[("rony_uploads", "id")]).await?.into_iter().map(UploadId).collect())
}

/// Of these ids, those that are in none of the columns.
async fn unknown<DB: Dialect>(
    store: &SqlStore<DB>,
    ids: &[Uuid],
    columns: &[(&'static str, &'static str)],
) -> Result<Vec<Uuid>> {
    let mut missing = Vec::new();
    for ids in ids.chunks(values::MOST) {
        let mut known = HashSet::new();
        // What all statements see is one moment, so nothing slips from one table to another in between.
        let mut snapshot = store.snapshot().await?;
        for (table, column) in columns {
            let list = values::list::<DB>(ids.len());
            let sql = format!("select {column} from {table} where {column} in ({list})");
            let query =
                values::padded(ids).fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, id| query.bind(*id));
            let rows = query.fetch_all(&mut *snapshot).await.map_err(failed)?;
            known.extend(rows.iter().map(|row| row.get::<Uuid, _>(0)));
        }
        missing.extend(ids.iter().filter(|id| !known.contains(id)));
    }
    Ok(missing)
}

/// Blobs that files stand on, in the order of their ids.
pub(super) async fn known<DB: Dialect>(
    store: &SqlStore<DB>,
    after: Option<BlobId>,
    limit: i64,
) -> Result<Vec<KnownBlob>> {
    let rows =
        sqlx::query::<DB>("select id, size, sha256 from rony_blobs where id > $1 order by id limit $2")
            .bind(after.map_or(Uuid::nil(), BlobId::uuid))
            .bind(limit)
            .fetch_all(store.read())
            .await
            .map_err(failed)?;
    let read = |row: &DB::Row| {
        let sha256 = <[u8; 32]>::try_from(row.get::<Vec<u8>, _>(2));
        Ok(KnownBlob {
            id: BlobId(row.get(0)),
            size: row.get::<i64, _>(1).unsigned_abs(),
            sha256: sha256.map_err(|_| Error::internal("a hash that is none"))?,
        })
    };
    rows.iter().map(read).collect()
}
