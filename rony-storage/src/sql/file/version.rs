//! Contents and their versions.

use rony_core::{
    Error, Result,
    file::{By, Content, Deed, Item, MOST_VERSIONS_LISTED, Preview, Reader, Version, fits, may},
    id::{BlobId, ItemId, UserId},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::{
    access::Eyes,
    blob::{self, Counts},
    drive,
    place::{begin, tell},
    row::{Found, hex, load_seen},
};
use crate::sql::{SqlStore, change::Change, dialect::Dialect, failed, values};

/// What becomes the content of a file. The reference to the blob is counted already.
pub(super) struct NewContent {
    pub(super) blob: BlobId,
    pub(super) size: i64,
    pub(super) media_type: String,
    pub(super) modified_at: Timestamp,
}

/// The row of a version.
pub(super) struct NewVersion {
    pub(super) id: ItemId,
    pub(super) version: i64,
    pub(super) blob: BlobId,
    pub(super) size: i64,
    pub(super) media_type: String,
    pub(super) by: Option<UserId>,
}

/// Writes the rows of versions.
pub(super) async fn insert<DB: Dialect>(change: &mut Change<'_, DB>, rows: &[NewVersion]) -> Result<()> {
    const COLUMNS: &str = "file_id, version, blob_id, size, media_type, created_at, created_by";
    let at = change.at().as_millis();
    for rows in rows.chunks(values::MOST) {
        let sql = format!(
            "with v ({COLUMNS}) as (values {})
             insert into rony_file_versions ({COLUMNS}) select {COLUMNS} from v where file_id is not null",
            values::rows::<DB>(7, rows.len())
        );
        let mut query = sqlx::query::<DB>(AssertSqlSafe(sql));
        for row in values::optional(rows) {
            query = query
                .bind(row.map(|row| row.id.uuid()))
                .bind(row.map(|row| row.version))
                .bind(row.map(|row| row.blob.uuid()))
                .bind(row.map(|row| row.size))
                .bind(row.map(|row| row.media_type.clone()))
                .bind(at)
                .bind(row.and_then(|row| row.by).map(UserId::uuid));
        }
        query.execute(change.connection()).await.map_err(failed)?;
    }
    Ok(())
}

/// Puts a content into a file as its next version, and removes the oldest of those that are not kept.
///
/// # Errors
///
/// What [`fits`] says.
pub(super) async fn put<DB: Dialect>(
    change: &mut Change<'_, DB>,
    by: By,
    found: &Found,
    content: NewContent,
) -> Result<()> {
    let NewContent { blob, size, media_type, modified_at } = content;
    let Item { id, owner_id, version, .. } = found.item;
    let person = by.reader.person();
    let freed = forget_old(change, id, by.limits.versions_kept).await?;
    let used = drive::usage::<DB>(change.connection(), owner_id, by.limits).await?;
    fits(used, size - freed)?;
    let row = NewVersion { id, version: version + 1, blob, size, media_type: media_type.clone(), by: person };
    insert(change, &[row]).await?;
    drive::count(change, owner_id, size - freed, 0).await?;
    sqlx::query::<DB>(
        "update rony_files set blob_id = $2, media_type = $3, size = $4, version = $5, modified_at = $6, modified_by = $7
         where id = $1",
    )
    .bind(id.uuid())
    .bind(blob.uuid())
    .bind(media_type)
    .bind(size)
    .bind(version + 1)
    .bind(modified_at.as_millis())
    .bind(person.map(UserId::uuid))
    .execute(change.connection())
    .await
    .map_err(failed)?;
    tell(change, owner_id, id, found.parent);
    Ok(())
}

/// The bytes of all versions but the newest `kept`, which [`put`] removes.
pub(crate) async fn size_of_old<DB: Dialect>(
    connection: &mut DB::Connection,
    id: ItemId,
    kept: i64,
) -> Result<i64> {
    sqlx::query_scalar::<DB, i64>(
        "select cast(coalesce(sum(o.size), 0) as bigint) from rony_file_versions o
         where o.file_id = $1 and o.version <= (
             select v.version from rony_file_versions v where v.file_id = $1 order by v.version desc limit 1 offset $2)",
    )
    .bind(id.uuid())
    .bind(kept)
    .fetch_one(connection)
    .await
    .map_err(failed)
}

/// Removes all versions but the newest `kept`, and answers their bytes.
async fn forget_old<DB: Dialect>(change: &mut Change<'_, DB>, id: ItemId, kept: i64) -> Result<i64> {
    let rows = sqlx::query::<DB>(
        "delete from rony_file_versions where file_id = $1 and version <= (
             select v.version from rony_file_versions v where v.file_id = $1 order by v.version desc limit 1 offset $2)
         returning blob_id, size",
    )
    .bind(id.uuid())
    .bind(kept)
    .fetch_all(change.connection())
    .await
    .map_err(failed)?;
    blob::release(change, &rows).await
}

pub(super) async fn list<DB: Dialect>(
    store: &SqlStore<DB>,
    reader: Reader,
    id: ItemId,
) -> Result<Vec<Version>> {
    let mut snapshot = store.snapshot().await?;
    let found = load_seen::<DB>(&mut snapshot, Eyes::of(reader), id).await?;
    may(Deed::Edit, Some(found.sight))?;
    let current = found.item.file()?.version;
    let rows = sqlx::query::<DB>(
        "select v.version, v.size, b.sha256, v.media_type, v.created_at, v.created_by from rony_file_versions v
         join rony_blobs b on b.id = v.blob_id where v.file_id = $1 order by v.version desc limit $2",
    )
    .bind(id.uuid())
    .bind(MOST_VERSIONS_LISTED)
    .fetch_all(&mut *snapshot)
    .await
    .map_err(failed)?;
    let version = |row: &DB::Row| Version {
        version: row.get(0),
        size: row.get(1),
        sha256: hex(&row.get::<Vec<u8>, _>(2)),
        media_type: row.get(3),
        created_at: Timestamp::from_millis(row.get(4)),
        created_by: row.get::<Option<Uuid>, _>(5).map(UserId),
        current: row.get::<i64, _>(0) == current,
    };
    Ok(rows.iter().map(version).collect())
}

/// A version's row.
struct Kept {
    blob: BlobId,
    size: i64,
    media_type: String,
    sha256: Vec<u8>,
    created_at: Timestamp,
}

async fn kept<DB: Dialect>(connection: &mut DB::Connection, id: ItemId, version: i64) -> Result<Kept> {
    let row = sqlx::query::<DB>(
        "select v.blob_id, v.size, v.media_type, b.sha256, v.created_at from rony_file_versions v
         join rony_blobs b on b.id = v.blob_id where v.file_id = $1 and v.version = $2",
    )
    .bind(id.uuid())
    .bind(version)
    .fetch_optional(connection)
    .await
    .map_err(failed)?
    .ok_or(Error::NotFound("version"))?;
    Ok(Kept {
        blob: BlobId(row.get(0)),
        size: row.get(1),
        media_type: row.get(2),
        sha256: row.get(3),
        created_at: Timestamp::from_millis(row.get(4)),
    })
}

pub(super) async fn restore<DB: Dialect>(
    store: &SqlStore<DB>,
    by: By,
    id: ItemId,
    version: i64,
) -> Result<Item> {
    let (mut change, found) = begin(store, by, id, []).await?;
    may(Deed::Edit, Some(found.sight))?;
    found.item.clone().file()?;
    let Kept { blob, size, media_type, .. } = kept::<DB>(change.connection(), id, version).await?;
    if version == found.item.version {
        return Ok(found.item);
    }
    // Counted first: with the version it came from the blob could lose its last reference.
    blob::count(&mut change, &Counts::from([(blob.uuid(), 1)])).await?;
    let content = NewContent { blob, size, media_type, modified_at: by.at };
    put(&mut change, by, &found, content).await?;
    let item = load_seen::<DB>(change.connection(), Eyes::of(by.reader), id).await?.item;
    change.commit().await?;
    Ok(item)
}

pub(super) async fn delete<DB: Dialect>(
    store: &SqlStore<DB>,
    by: By,
    id: ItemId,
    version: i64,
) -> Result<()> {
    let (mut change, found) = begin(store, by, id, []).await?;
    may(Deed::Forget, Some(found.sight))?;
    let item = found.item.file()?;
    let Kept { blob, size, .. } = kept::<DB>(change.connection(), id, version).await?;
    if version == item.version {
        let detail = "This is what the file holds now: put in something else first, or delete the file.";
        return Err(Error::conflict("current_version", detail));
    }
    sqlx::query::<DB>("delete from rony_file_versions where file_id = $1 and version = $2")
        .bind(id.uuid())
        .bind(version)
        .execute(change.connection())
        .await
        .map_err(failed)?;
    blob::count(&mut change, &Counts::from([(blob.uuid(), -1)])).await?;
    drive::count(&mut change, item.owner_id, -size, 0).await?;
    tell(&mut change, item.owner_id, id, found.parent);
    change.commit().await
}

pub(super) async fn content<DB: Dialect>(
    store: &SqlStore<DB>,
    reader: Reader,
    id: ItemId,
    version: Option<i64>,
) -> Result<Content> {
    let mut snapshot = store.snapshot().await?;
    let found = load_seen::<DB>(&mut snapshot, Eyes::of(reader), id).await?;
    let item = found.item.file()?;
    let wanted = version.unwrap_or(item.version);
    if wanted != item.version {
        // What was replaced may have been replaced for a reason.
        may(Deed::Edit, Some(found.sight))?;
    }
    let kept = kept::<DB>(&mut snapshot, id, wanted).await?;
    Ok(Content {
        item_id: id,
        blob: kept.blob,
        name: item.name,
        media_type: kept.media_type,
        size: kept.size,
        sha256: hex(&kept.sha256),
        modified_at: if wanted == item.version { item.modified_at } else { kept.created_at },
        version: wanted,
    })
}

pub(super) async fn preview<DB: Dialect>(
    store: &SqlStore<DB>,
    reader: Reader,
    id: ItemId,
) -> Result<Preview> {
    let mut connection = store.read().acquire().await.map_err(failed)?;
    let found = load_seen::<DB>(&mut connection, Eyes::of(reader), id).await?;
    let (item, blob) = (found.item.file()?, found.blob);
    let blob = blob.ok_or(Error::NotFound("file"))?;
    Ok(Preview { blob, state: item.preview, width: item.width, height: item.height })
}
