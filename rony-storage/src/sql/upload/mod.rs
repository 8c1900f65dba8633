//! Uploads on SQL.

mod end;
mod orphan;
mod row;

use async_trait::async_trait;
use rony_core::{
    Error, Result,
    blob::KnownBlob,
    file::{By, fits},
    id::{BlobId, ItemId, ShareId, UploadId, UserId},
    stream::StreamId,
    time::Timestamp,
    upload::{Advance, Complete, KeptUpload, NewUpload, Upload, UploadStore, Uploader, fits_guest, may_add},
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

pub(super) use self::end::{forget_by_link, forget_into};
use self::{
    end::forget,
    row::{load, write_if_exists},
};
use super::{
    SqlStore,
    change::Change,
    dialect::Dialect,
    failed,
    file::{self, Placed, add_file, check_place, count_use, size_of_old, usage},
    share,
};

#[async_trait]
impl<DB: Dialect> UploadStore for SqlStore<DB> {
    async fn add_upload(&self, by: By, kept: &KeptUpload) -> Result<Upload> {
        let mut change = self.change(by.at).await?;
        let owner =
            file::drive_for::<DB>(change.connection(), by.reader, kept.new.parent_id, kept.new.replace)
                .await?;
        change.lock([StreamId::from(owner)]).await?;
        check_place::<DB>(change.connection(), by.reader, &kept.new).await?;
        may_add(open(&mut change, kept.uploader, by.at).await?)?;
        let drive = usage::<DB>(change.connection(), owner, by.limits).await?;
        fits(drive, kept.upload.length)?;
        if let Uploader::Share(link) = kept.uploader {
            // Behind the lock: what a link reserves after it was taken back would stay.
            share::live_now::<DB>(change.connection(), link, by.at).await?;
        }
        if kept.uploader != Uploader::Person(owner) {
            fits_guest(drive, reserved_by(&mut change, kept.uploader, owner).await?, kept.upload.length)?;
        }
        count_use(&mut change, owner, 0, kept.upload.length).await?;
        let upload = Upload { owner_id: owner, ..kept.upload.clone() };
        insert(&mut change, kept, &upload).await?;
        change.commit().await?;
        Ok(upload)
    }

    async fn upload(&self, id: UploadId) -> Result<Option<KeptUpload>> {
        let mut connection = self.read().acquire().await.map_err(failed)?;
        load::<DB>(&mut connection, id, "").await
    }

    async fn advance_upload(&self, advance: Advance) -> Result<()> {
        let Advance { id, from, to, expires_at } = advance;
        let (mut transaction, _turn) = self.begin_in_turn(DB::BEGIN).await?;
        let moved = sqlx::query::<DB>(
            "update rony_uploads set sent = $3, expires_at = $4
             where id = $1 and sent = $2 and item_id is null returning id",
        )
        .bind(id.uuid())
        .bind(from)
        .bind(to)
        .bind(expires_at.as_millis())
        .fetch_optional(&mut *transaction)
        .await
        .map_err(failed)?;
        if moved.is_none() {
            return Err(Error::conflict(
                "offset_mismatch",
                "The upload went on elsewhere: ask how far it is, and go on from that.",
            ));
        }
        transaction.commit().await.map_err(failed)
    }

    async fn complete_upload(&self, complete: &Complete) -> Result<ItemId> {
        let Complete { id, add } = complete;
        let mut change = self.change(add.by.at).await?;
        let kept = load::<DB>(change.connection(), *id, "").await?.ok_or(Error::NotFound("upload"))?;
        change.lock([StreamId::from(kept.upload.owner_id)]).await?;
        // Whoever makes it a file, or discards it, has locked the owner's stream: so this stays true.
        let kept = load::<DB>(change.connection(), *id, DB::FOR_UPDATE).await?;
        let kept = kept.ok_or(Error::NotFound("upload"))?;
        if let Some(item) = kept.upload.item_id {
            return Ok(item);
        }
        if let Uploader::Share(share) = kept.uploader {
            share::live_now::<DB>(change.connection(), share, add.by.at).await?;
        }
        let item = add_file(&mut change, add).await?.id;
        sqlx::query::<DB>("update rony_uploads set item_id = $2 where id = $1")
            .bind(id.uuid())
            .bind(item.uuid())
            .execute(change.connection())
            .await
            .map_err(failed)?;
        change.commit().await?;
        Ok(item)
    }

    async fn discard_upload(&self, id: UploadId, at: Timestamp, ended_by: Option<Timestamp>) -> Result<bool> {
        let mut change = self.change(at).await?;
        let Some(kept) = load::<DB>(change.connection(), id, "").await? else { return Ok(false) };
        change.lock([StreamId::from(kept.upload.owner_id)]).await?;
        let kept = load::<DB>(change.connection(), id, DB::FOR_UPDATE).await?;
        let ended = |kept: &KeptUpload| ended_by.is_none_or(|ended| kept.upload.expires_at <= ended);
        let Some(kept) = kept.filter(ended) else { return Ok(false) };
        forget(&mut change, kept.upload.owner_id, &[id]).await?;
        change.commit().await?;
        Ok(true)
    }

    async fn links_uploading(&self) -> Result<Vec<ShareId>> {
        end::links(self).await
    }

    async fn discard_by_link(&self, link: ShareId, at: Timestamp) -> Result<Vec<UploadId>> {
        end::discard_by_link(self, link, at).await
    }

    async fn ended_uploads(&self, until: Timestamp, limit: i64) -> Result<Vec<UploadId>> {
        ending(self, "item_id is not null or sent < length", until, limit).await
    }

    async fn whole_uploads(&self, until: Timestamp, limit: i64) -> Result<Vec<UploadId>> {
        ending(self, "item_id is null and sent = length", until, limit).await
    }

    async fn may_put(&self, by: By, new: &NewUpload) -> Result<()> {
        let mut connection = self.read().acquire().await.map_err(failed)?;
        file::drive_for::<DB>(&mut connection, by.reader, new.parent_id, new.replace).await.map(|_| ())
    }

    async fn check_place(&self, by: By, new: &NewUpload) -> Result<Option<i64>> {
        let mut snapshot = self.snapshot().await?;
        let Placed { owner, file } = check_place::<DB>(&mut snapshot, by.reader, new).await?;
        let freed = match file {
            Some(file) => size_of_old::<DB>(&mut snapshot, file, by.limits.versions_kept).await?,
            None => 0,
        };
        let drive = usage::<DB>(&mut snapshot, owner, by.limits).await?;
        fits(drive, new.length - freed)?;
        Ok(drive.room().map(|room| room.saturating_add(freed)))
    }

    async fn unknown_blobs(&self, blobs: &[BlobId]) -> Result<Vec<BlobId>> {
        orphan::blobs(self, blobs).await
    }

    async fn unknown_uploads(&self, uploads: &[UploadId]) -> Result<Vec<UploadId>> {
        orphan::uploads(self, uploads).await
    }

    async fn known_blobs(&self, after: Option<BlobId>, limit: i64) -> Result<Vec<KnownBlob>> {
        orphan::known(self, after, limit).await
    }
}

/// Uploads of which something is true, of those that end until then, the oldest first.
async fn ending<DB: Dialect>(
    store: &SqlStore<DB>,
    which: &'static str,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<UploadId>> {
    let sql = format!(
        "select id from rony_uploads where expires_at <= $1 and ({which}) order by expires_at limit $2"
    );
    let rows = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(until.as_millis())
        .bind(limit)
        .fetch_all(store.read())
        .await
        .map_err(failed)?;
    Ok(rows.iter().map(|row| UploadId(row.get(0))).collect())
}

/// How many uploads somebody has on their way.
async fn open<DB: Dialect>(change: &mut Change<'_, DB>, uploader: Uploader, at: Timestamp) -> Result<i64> {
    let (column, id) = column_of(uploader);
    let sql = format!(
        "select count(*) from rony_uploads where {column} = $1 and item_id is null and expires_at > $2"
    );
    let row = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(id)
        .bind(at.as_millis())
        .fetch_one(change.connection())
        .await
        .map_err(failed)?;
    Ok(row.get(0))
}

/// How many bytes a guest's uploads on their way reserve in somebody's drive.
async fn reserved_by<DB: Dialect>(
    change: &mut Change<'_, DB>,
    guest: Uploader,
    owner: UserId,
) -> Result<i64> {
    let (column, id) = column_of(guest);
    let sql = format!(
        "select cast(coalesce(sum(length), 0) as bigint) from rony_uploads
         where {column} = $1 and owner_id = $2 and item_id is null"
    );
    sqlx::query_scalar::<DB, i64>(AssertSqlSafe(sql))
        .bind(id)
        .bind(owner.uuid())
        .fetch_one(change.connection())
        .await
        .map_err(failed)
}

/// In which column it stands who alone may go on with an upload, and as what.
const fn column_of(uploader: Uploader) -> (&'static str, Uuid) {
    match uploader {
        Uploader::Person(id) => ("person_id", id.uuid()),
        Uploader::Share(id) => ("share_id", id.uuid()),
    }
}

async fn insert<DB: Dialect>(change: &mut Change<'_, DB>, kept: &KeptUpload, upload: &Upload) -> Result<()> {
    let (person, share) = match kept.uploader {
        Uploader::Person(id) => (Some(id.uuid()), None),
        Uploader::Share(id) => (None, Some(id.uuid())),
    };
    let new = &kept.new;
    sqlx::query::<DB>(
        "insert into rony_uploads (id, blob_id, file_id, owner_id, person_id, share_id, parent_id, replace_id, name,
             media_type, if_exists, sha256, modified_at, sent, length, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(upload.id.uuid())
    .bind(kept.blob.uuid())
    .bind(kept.file_id.uuid())
    .bind(upload.owner_id.uuid())
    .bind(person)
    .bind(share)
    .bind(new.parent_id.map(ItemId::uuid))
    .bind(new.replace.map(ItemId::uuid))
    .bind(new.name.as_str().to_owned())
    .bind(upload.media_type.clone())
    .bind(write_if_exists(new.if_exists).to_owned())
    .bind(new.sha256.map(|sha256| sha256.to_vec()))
    .bind(new.modified_at.map(Timestamp::as_millis))
    .bind(upload.offset)
    .bind(upload.length)
    .bind(upload.expires_at.as_millis())
    .execute(change.connection())
    .await
    .map_err(failed)?;
    Ok(())
}

/// Who alone may go on with an upload, from its two columns.
fn uploader(person: Option<Uuid>, share: Option<Uuid>) -> Result<Uploader> {
    match (person, share) {
        (Some(person), None) => Ok(Uploader::Person(UserId(person))),
        (None, Some(share)) => Ok(Uploader::Share(share.into())),
        _ => Err(Error::internal("an upload of nobody")),
    }
}
