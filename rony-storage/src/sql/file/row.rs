//! From rows to items.

use std::fmt::Write as _;

use rony_core::{
    Error, Result,
    file::{FileName, Item, ItemKind, PreviewState, Sight},
    id::{BlobId, ItemId, UserId},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::access::{Eyes, SIGHT, sight};
use crate::sql::{dialect::Dialect, failed};

/// What is shared by itself.
const SHARED: &str = "(exists (select 1 from rony_grants g where g.file_id = f.id)
    or exists (select 1 from rony_shares l where l.file_id = f.id and l.revoked_at is null))";

/// The columns that [`read`] expects, of an item `f` and its blob `b`, for the reader `$1, $2, $3`.
pub(super) fn columns() -> String {
    format!(
        "f.id, f.owner_id, f.parent_id, f.kind, f.name, f.icon, f.color, f.media_type, f.size, b.sha256, f.version,
         b.width, b.height, coalesce(b.preview, 'none'), f.created_at, f.created_by, f.modified_at, f.modified_by,
         f.trashed_at, exists (select 1 from rony_stars s where s.user_id = $1 and s.file_id = f.id), {SHARED},
         f.blob_id, {SIGHT} as sight"
    )
}

/// Where [`columns`] come from.
pub(super) const FROM: &str = "rony_files f left join rony_blobs b on b.id = f.blob_id";

/// An item that a reader sees, and what is not for them.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) item: Item,
    /// The folder that it lies in, or the owner.
    pub(super) parent: Uuid,
    pub(super) blob: Option<BlobId>,
    /// What the reader may do with it.
    pub(crate) sight: Sight,
}

/// `None`: it is not there for the reader.
pub(super) fn read<DB: Dialect>(row: &DB::Row) -> Result<Option<Found>> {
    let Some(sight) = sight(row.get(22))? else { return Ok(None) };
    let (owner, parent): (Uuid, Uuid) = (row.get(1), row.get(2));
    let item = Item {
        id: ItemId(row.get(0)),
        owner_id: UserId(owner),
        parent_id: Some(ItemId(parent)).filter(|_| parent != owner && sight.above.is_some()),
        kind: kind(&row.get::<String, _>(3))?,
        name: FileName::from_store(row.get(4)),
        icon: row.get(5),
        color: row.get(6),
        media_type: row.get(7),
        size: row.get(8),
        sha256: row.get::<Option<Vec<u8>>, _>(9).as_deref().map(hex),
        version: row.get(10),
        width: row.get(11),
        height: row.get(12),
        preview: preview(&row.get::<String, _>(13))?,
        created_at: Timestamp::from_millis(row.get(14)),
        created_by: row.get::<Option<Uuid>, _>(15).map(UserId),
        modified_at: Timestamp::from_millis(row.get(16)),
        modified_by: row.get::<Option<Uuid>, _>(17).map(UserId),
        trashed_at: row.get::<Option<i64>, _>(18).map(Timestamp::from_millis),
        starred: row.get(19),
        level: sight.level,
        shared: row.get(20),
    };
    Ok(Some(Found { item, parent, blob: row.get::<Option<Uuid>, _>(21).map(BlobId), sight }))
}

/// An item, if it is there for the reader.
pub(crate) async fn load<DB: Dialect>(
    connection: &mut DB::Connection,
    eyes: Eyes,
    id: ItemId,
) -> Result<Option<Found>> {
    let sql = format!("select {} from {FROM} where f.id = $4", columns());
    let row = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(eyes.person)
        .bind(eyes.root)
        .bind(eyes.level)
        .bind(id.uuid())
        .fetch_optional(connection)
        .await
        .map_err(failed)?;
    row.as_ref().map_or(Ok(None), read::<DB>)
}

/// As [`load`].
///
/// # Errors
///
/// [`Error::NotFound`] when it is not there.
pub(crate) async fn load_seen<DB: Dialect>(
    connection: &mut DB::Connection,
    eyes: Eyes,
    id: ItemId,
) -> Result<Found> {
    load::<DB>(connection, eyes, id).await?.ok_or(Error::NotFound("file"))
}

/// In whose drive an item is, whoever asks; `None`: there is no such item any more.
pub(crate) async fn owner_of<DB: Dialect>(
    connection: &mut DB::Connection,
    id: ItemId,
) -> Result<Option<UserId>> {
    let owner = sqlx::query_scalar::<DB, Uuid>("select owner_id from rony_files where id = $1");
    Ok(owner.bind(id.uuid()).fetch_optional(connection).await.map_err(failed)?.map(UserId))
}

pub(super) fn kind(text: &str) -> Result<ItemKind> {
    match text {
        "folder" => Ok(ItemKind::Folder),
        "file" => Ok(ItemKind::File),
        other => Err(Error::internal(format!("a kind of item that this version does not know: {other}"))),
    }
}

pub(super) const fn write_kind(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Folder => "folder",
        ItemKind::File => "file",
    }
}

pub(super) fn preview(text: &str) -> Result<PreviewState> {
    match text {
        "none" => Ok(PreviewState::None),
        "waiting" => Ok(PreviewState::Waiting),
        "ready" => Ok(PreviewState::Ready),
        other => Err(Error::internal(format!("a state that this version does not know: {other}"))),
    }
}

pub(super) const fn write_preview(state: PreviewState) -> &'static str {
    match state {
        PreviewState::None => "none",
        PreviewState::Waiting => "waiting",
        PreviewState::Ready => "ready",
    }
}

/// Bytes in hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
