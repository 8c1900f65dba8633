//! Copying items with all that lies below them. The bytes are shared with the original.

use std::collections::HashMap;

use rony_core::{
    Error, Result,
    file::{By, CopyItem, FileName, IfExists, Item, ItemKind, MOST_COPIED, fits},
    id::{BlobId, ItemId},
    stream::StreamId,
    time::Timestamp,
};
use sqlx::Row;
use uuid::Uuid;

use super::{
    access::Eyes,
    add::{NewRow, insert},
    blob::{self, Counts},
    drive,
    place::{Spot, Target, begin, height, spot, target, tell},
    row::{kind, load_seen},
};
use crate::sql::{SqlStore, change::Change, dialect::Dialect, failed};

pub(super) async fn copy_item<DB: Dialect>(
    store: &SqlStore<DB>,
    by: By,
    id: ItemId,
    copy: &CopyItem,
) -> Result<Item> {
    let owner = {
        let mut connection = store.read().acquire().await.map_err(failed)?;
        target::<DB>(&mut connection, by.reader, copy.parent_id).await?.owner
    };
    let (mut change, found) = begin(store, by, id, [StreamId::from(owner)]).await?;
    if found.sight.in_trash {
        return Err(Error::conflict("in_trash", "This is in the trash: restore it first."));
    }
    let target = target::<DB>(change.connection(), by.reader, copy.parent_id).await?;
    target.holds(height::<DB>(change.connection(), id).await?)?;
    let wished = copy.name.as_ref().unwrap_or(&found.item.name);
    let how = (found.item.kind, IfExists::Rename);
    let Spot::Free(name) = spot::<DB>(change.connection(), target.parent, wished, how, None).await? else {
        return Err(Error::internal("a name that is numbered is free"));
    };
    let rows = copies(originals(&mut change, id).await?, by, target, name);
    let size = rows.iter().map(|row| row.size).sum();
    fits(drive::usage::<DB>(change.connection(), target.owner, by.limits).await?, size)?;
    let mut counts = Counts::new();
    for blob in rows.iter().filter_map(|row| row.blob) {
        *counts.entry(blob.uuid()).or_default() += 1;
    }
    insert(&mut change, &rows).await?;
    blob::count(&mut change, &counts).await?;
    drive::count(&mut change, target.owner, size, 0).await?;
    let top = rows.first().ok_or(Error::NotFound("file"))?;
    tell(&mut change, target.owner, top.id, target.parent);
    let item = load_seen::<DB>(change.connection(), Eyes::of_putting(by.reader), top.id).await?.item;
    change.commit().await?;
    Ok(item)
}

/// An item that is copied.
struct Original {
    id: Uuid,
    parent: Uuid,
    kind: ItemKind,
    name: String,
    icon: String,
    color: String,
    blob: Option<Uuid>,
    media_type: String,
    size: i64,
    modified_at: i64,
}

/// An item and all below it that is not in the trash, each behind the folder that it lies in.
async fn originals<DB: Dialect>(change: &mut Change<'_, DB>, id: ItemId) -> Result<Vec<Original>> {
    let rows = sqlx::query::<DB>(
        "with recursive down (id, depth) as (
             select id, 0 from rony_files where id = $1
             union all
             select c.id, down.depth + 1 from down join rony_files c on c.parent_id = down.id
             where c.trashed_at is null and c.purged_at is null)
         select f.id, f.parent_id, f.kind, f.name, f.icon, f.color, f.blob_id, f.media_type, f.size, f.modified_at
         from down join rony_files f on f.id = down.id order by down.depth limit $2",
    )
    .bind(id.uuid())
    .bind(MOST_COPIED + 1)
    .fetch_all(change.connection())
    .await
    .map_err(failed)?;
    if rows.len() as u64 > MOST_COPIED.unsigned_abs() {
        let detail = format!("Copy at most {MOST_COPIED} files and folders at once: copy it in parts.");
        return Err(Error::conflict("too_many", detail));
    }
    let original = |row: &DB::Row| {
        Ok(Original {
            id: row.get(0),
            parent: row.get(1),
            kind: kind(&row.get::<String, _>(2))?,
            name: row.get(3),
            icon: row.get(4),
            color: row.get(5),
            blob: row.get(6),
            media_type: row.get(7),
            size: row.get(8),
            modified_at: row.get(9),
        })
    };
    rows.iter().map(original).collect()
}

/// The rows of the copies, the topmost first.
fn copies(originals: Vec<Original>, by: By, target: Target, name: FileName) -> Vec<NewRow> {
    let mut ids: HashMap<Uuid, ItemId> = HashMap::with_capacity(originals.len());
    let mut name = Some(name);
    let copy = |original: Original| {
        let id = ItemId::new(by.at);
        ids.insert(original.id, id);
        NewRow {
            id,
            owner: target.owner,
            parent: ids.get(&original.parent).map_or(target.parent, |parent| parent.uuid()),
            kind: original.kind,
            name: name.take().unwrap_or_else(|| FileName::from_store(original.name)),
            icon: original.icon,
            color: original.color,
            blob: original.blob.map(BlobId),
            media_type: original.media_type,
            size: original.size,
            by: by.reader.person(),
            modified_at: Timestamp::from_millis(original.modified_at),
        }
    };
    originals.into_iter().map(copy).collect()
}
