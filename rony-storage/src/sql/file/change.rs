//! Changing items: names, looks, places and stars.

use rony_core::{
    Error, Result,
    file::{By, Deed, FileEvent, IfExists, Item, ItemChange, may, may_move},
    id::{ItemId, UserId},
    stream::{NewEvent, StreamId},
};
use uuid::Uuid;

use super::{
    access::Eyes,
    place::{Spot, above, begin, height, spot, target, tell},
    row::{Found, load_seen},
};
use crate::sql::{SqlStore, change::Change, dialect::Dialect, failed};

pub(super) async fn change_item<DB: Dialect>(
    store: &SqlStore<DB>,
    by: By,
    id: ItemId,
    wish: &ItemChange,
) -> Result<Item> {
    let starrer = by.reader.person().filter(|_| wish.starred.is_some());
    let (mut change, found) = begin(store, by, id, starrer.map(StreamId::from)).await?;
    let mut changed = false;
    if wish.is_shared() {
        changed |= change_shared(&mut change, by, &found, wish).await?;
    }
    if let (Some(user), Some(starred)) = (starrer, wish.starred) {
        changed |= star(&mut change, user, &found, starred).await?;
    }
    if !changed {
        return Ok(found.item);
    }
    let item = load_seen::<DB>(change.connection(), Eyes::of(by.reader), id).await?.item;
    change.commit().await?;
    Ok(item)
}

/// Changes what others see too. Answers whether anything is another than before.
async fn change_shared<DB: Dialect>(
    change: &mut Change<'_, DB>,
    by: By,
    found: &Found,
    wish: &ItemChange,
) -> Result<bool> {
    let item = &found.item;
    if wish.name.is_some() || wish.icon.is_some() || wish.color.is_some() {
        may(Deed::Edit, Some(found.sight))?;
    }
    let moved = match wish.parent_id {
        Some(parent) => moves_to(change, by, found, parent).await?,
        None => None,
    };
    let mut name = wish.name.clone().unwrap_or_else(|| item.name.clone());
    let parent = moved.unwrap_or(found.parent);
    if moved.is_some() || name != item.name {
        let how = (item.kind, wish.if_exists);
        debug_assert!(matches!(wish.if_exists, IfExists::Fail | IfExists::Rename));
        if let Spot::Free(free) = spot::<DB>(change.connection(), parent, &name, how, Some(item.id)).await? {
            name = free;
        }
    }
    let icon = wish.icon.as_ref().unwrap_or(&item.icon);
    let color = wish.color.as_ref().unwrap_or(&item.color);
    if moved.is_none() && (&name, icon, color) == (&item.name, &item.icon, &item.color) {
        return Ok(false);
    }
    sqlx::query::<DB>(
        "update rony_files set parent_id = $2, name = $3, fold = $4, icon = $5, color = $6 where id = $1",
    )
    .bind(item.id.uuid())
    .bind(parent)
    .bind(name.as_str().to_owned())
    .bind(name.fold())
    .bind(icon.clone())
    .bind(color.clone())
    .execute(change.connection())
    .await
    .map_err(failed)?;
    if moved.is_some() {
        tell(change, item.owner_id, item.id, found.parent);
    }
    tell(change, item.owner_id, item.id, parent);
    Ok(true)
}

/// The folder into which an item is moved, or the owner; `None`: it is there.
async fn moves_to<DB: Dialect>(
    change: &mut Change<'_, DB>,
    by: By,
    found: &Found,
    parent: Option<ItemId>,
) -> Result<Option<Uuid>> {
    let target = target::<DB>(change.connection(), by.reader, parent).await?;
    if target.parent == found.parent {
        return Ok(None);
    }
    may_move(found.sight, target.level, target.owner == found.item.owner_id)?;
    if target.depth > 0 {
        let id = found.item.id;
        let into = above::<DB>(change.connection(), ItemId(target.parent)).await?;
        if into.contains(&id.uuid()) {
            let detail = "A folder cannot lie in itself: choose another place.";
            return Err(Error::conflict("would_loop", detail));
        }
    }
    target.holds(height::<DB>(change.connection(), found.item.id).await?)?;
    Ok(Some(target.parent))
}

/// Gives or takes a person's star, and tells their own stream.
async fn star<DB: Dialect>(
    change: &mut Change<'_, DB>,
    user: UserId,
    found: &Found,
    starred: bool,
) -> Result<bool> {
    let item = &found.item;
    if item.starred == starred {
        return Ok(false);
    }
    let at = change.at().as_millis();
    let query = if starred {
        sqlx::query::<DB>("insert into rony_stars (user_id, file_id, at) values ($1, $2, $3)")
            .bind(user.uuid())
            .bind(item.id.uuid())
            .bind(at)
    } else {
        sqlx::query::<DB>("delete from rony_stars where user_id = $1 and file_id = $2")
            .bind(user.uuid())
            .bind(item.id.uuid())
    };
    query.execute(change.connection()).await.map_err(failed)?;
    let event = FileEvent::Changed { file_id: item.id, parent_id: item.parent_id };
    change.append(user, NewEvent::new(&event), None);
    Ok(true)
}
