//! From rows to uploads.

use rony_core::{
    Error, Result,
    file::{FileName, IfExists},
    id::{BlobId, ItemId, UploadId, UserId},
    time::Timestamp,
    upload::{KeptUpload, NewUpload, Upload},
};
use sqlx::{AssertSqlSafe, Row};

use super::uploader;
use crate::sql::{dialect::Dialect, failed};

/// An upload; `lock`: what the database calls it to lock the row.
pub(super) async fn load<DB: Dialect>(
    connection: &mut DB::Connection,
    id: UploadId,
    lock: &str,
) -> Result<Option<KeptUpload>> {
    let sql = format!(
        "select id, blob_id, file_id, owner_id, person_id, share_id, parent_id, replace_id, name, media_type, if_exists,
             sha256, modified_at, sent, length, expires_at, item_id
         from rony_uploads where id = $1{lock}"
    );
    let row = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(id.uuid())
        .fetch_optional(connection)
        .await
        .map_err(failed)?;
    row.as_ref().map(read::<DB>).transpose()
}

fn read<DB: Dialect>(row: &DB::Row) -> Result<KeptUpload> {
    let item = |column: usize| row.get::<Option<uuid::Uuid>, _>(column).map(ItemId);
    let (name, media_type): (String, String) = (row.get(8), row.get(9));
    let sha256 = row.get::<Option<Vec<u8>>, _>(11).map(<[u8; 32]>::try_from).transpose();
    let upload = Upload {
        id: UploadId(row.get(0)),
        owner_id: UserId(row.get(3)),
        offset: row.get(13),
        length: row.get(14),
        name: FileName::from_store(name),
        media_type,
        expires_at: Timestamp::from_millis(row.get(15)),
        item_id: item(16),
    };
    let new = NewUpload {
        parent_id: item(6),
        name: upload.name.clone(),
        length: upload.length,
        media_type: Some(upload.media_type.clone()),
        replace: item(7),
        if_exists: read_if_exists(&row.get::<String, _>(10))?,
        sha256: sha256.map_err(|_| Error::internal("a hash that is none"))?,
        modified_at: row.get::<Option<i64>, _>(12).map(Timestamp::from_millis),
    };
    Ok(KeptUpload {
        upload,
        uploader: uploader(row.get(4), row.get(5))?,
        blob: BlobId(row.get(1)),
        file_id: ItemId(row.get(2)),
        new,
    })
}

fn read_if_exists(text: &str) -> Result<IfExists> {
    match text {
        "fail" => Ok(IfExists::Fail),
        "use" => Ok(IfExists::Use),
        "rename" => Ok(IfExists::Rename),
        "replace" => Ok(IfExists::Replace),
        other => Err(Error::internal(format!("a wish that this version does not know: {other}"))),
    }
}

pub(super) const fn write_if_exists(if_exists: IfExists) -> &'static str {
    match if_exists {
        IfExists::Fail => "fail",
        IfExists::Use => "use",
        IfExists::Rename => "rename",
        IfExists::Replace => "replace",
    }
}
