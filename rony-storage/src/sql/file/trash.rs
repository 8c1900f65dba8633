//! Throwing away, bringing back, and deleting for good.

use rony_core::{
    Error, Result,
    file::{By, Deed, IfExists, Item, may},
    id::{ItemId, UploadId, UserId},
    stream::StreamId,
    time::Timestamp,
};
use sqlx::Row;
use uuid::Uuid;

use super::{
    access::Eyes,
    place::{Spot, begin, spot, tell},
    row::{Found, load, load_seen},
};
use crate::sql::{SqlStore, change::Change, dialect::Dialect, failed, upload};

pub(super) async fn trash<DB: Dialect>(store: &SqlStore<DB>, by: By, id: ItemId) -> Result<Vec<UploadId>> {
    let (mut change, found) = begin(store, by, id, []).await?;
    if found.item.trashed_at.is_some() {
        return Ok(Vec::new());
    }
    may(Deed::Take, Some(found.sight))?;
    sqlx::query::<DB>("update rony_files set trashed_at = $2 where id = $1")
        .bind(id.uuid())
        .bind(by.at.as_millis())
        .execute(change.connection())
        .await
        .map_err(failed)?;
    let ended = upload::forget_into(&mut change, found.item.owner_id, id).await?;
    tell(&mut change, found.item.owner_id, id, found.parent);
    change.commit().await?;
    Ok(ended)
}

pub(super) async fn restore<DB: Dialect>(store: &SqlStore<DB>, by: By, id: ItemId) -> Result<Item> {
    let (mut change, found) = begin(store, by, id, []).await?;
    thrown_away(&found, Deed::Restore)?;
    let item = &found.item;
    let parent = back_to(&mut change, by, &found).await?;
    let how = (item.kind, IfExists::Rename);
    let Spot::Free(name) = spot::<DB>(change.connection(), parent, &item.name, how, Some(id)).await? else {
        return Err(Error::internal("a name that is numbered is free"));
    };
    sqlx::query::<DB>(
        "update rony_files set trashed_at = null, parent_id = $2, name = $3, fold = $4 where id = $1",
    )
    .bind(id.uuid())
    .bind(parent)
    .bind(name.as_str().to_owned())
    .bind(name.fold())
    .execute(change.connection())
    .await
    .map_err(failed)?;
    tell(&mut change, item.owner_id, id, parent);
    let item = load_seen::<DB>(change.connection(), Eyes::of(by.reader), id).await?.item;
    change.commit().await?;
    Ok(item)
}

/// Where an item lay; the top, when that is not there any more.
async fn back_to<DB: Dialect>(change: &mut Change<'_, DB>, by: By, found: &Found) -> Result<Uuid> {
    let owner = found.item.owner_id.uuid();
    if found.parent == owner {
        return Ok(owner);
    }
    let parent = load::<DB>(change.connection(), Eyes::of(by.reader), ItemId(found.parent)).await?;
    Ok(parent.filter(|parent| !parent.sight.in_trash).map_or(owner, |_| found.parent))
}

/// Whether it is the top of what was thrown away, and its owner asks.
fn thrown_away(found: &Found, deed: Deed) -> Result<()> {
    may(deed, Some(found.sight))?;
    if found.item.trashed_at.is_none() {
        return Err(Error::conflict("not_in_trash", "This is not in the trash: throw it away first."));
    }
    Ok(())
}

pub(super) async fn delete<DB: Dialect>(store: &SqlStore<DB>, by: By, id: ItemId) -> Result<()> {
    let (mut change, found) = begin(store, by, id, []).await?;
    thrown_away(&found, Deed::Delete)?;
    sqlx::query::<DB>("update rony_files set purged_at = $2 where id = $1")
        .bind(id.uuid())
        .bind(by.at.as_millis())
        .execute(change.connection())
        .await
        .map_err(failed)?;
    tell(&mut change, found.item.owner_id, id, found.parent);
    change.commit().await
}

pub(super) async fn empty<DB: Dialect>(store: &SqlStore<DB>, owner: UserId, at: Timestamp) -> Result<()> {
    let mut change = store.change(at).await?;
    change.lock([StreamId::from(owner)]).await?;
    delete_thrown_away(&mut change, owner, at).await?;
    change.commit().await
}

/// Deletes for good what somebody threw away until then.
pub(super) async fn delete_thrown_away<DB: Dialect>(
    change: &mut Change<'_, DB>,
    owner: UserId,
    until: Timestamp,
) -> Result<()> {
    let at = change.at().as_millis();
    let rows = sqlx::query::<DB>(
        "update rony_files set purged_at = $3
         where owner_id = $1 and trashed_at is not null and trashed_at <= $2 and purged_at is null
         returning id, parent_id",
    )
    .bind(owner.uuid())
    .bind(until.as_millis())
    .bind(at)
    .fetch_all(change.connection())
    .await
    .map_err(failed)?;
    // No folder's list changes by it, only the trash's: one event says that, however much there was.
    if let Some(row) = rows.first() {
        tell(change, owner, ItemId(row.get(0)), row.get(1));
    }
    Ok(())
}
