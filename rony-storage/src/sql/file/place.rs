//! Where something goes: the folder, whether there is room for a name, and how deep it is.

use std::collections::HashSet;

use rony_core::{
    Error, Result,
    file::{By, Deed, FileEvent, FileName, IfExists, ItemKind, Level, MOST_DEPTH, Reader, Sight, may},
    id::{ItemId, UserId},
    stream::{NewEvent, StreamId},
};
use sqlx::Row;
use uuid::Uuid;

use super::{
    access::Eyes,
    row::{self, Found, load_seen},
};
use crate::sql::{SqlStore, change::Change, dialect::Dialect, failed};

/// A folder that something may be put into, or the top of a drive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    /// In whose drive.
    pub(crate) owner: UserId,
    /// The folder, or the owner.
    pub(super) parent: Uuid,
    /// How many folders there are from the top down to it, itself included.
    pub(super) depth: i64,
    /// What the reader may do there.
    pub(super) level: Level,
}

impl Target {
    /// Whether what is so high (an item alone: 1) fits below.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] with code `too_deep`.
    pub(super) fn holds(self, height: i64) -> Result<()> {
        if self.depth + height > MOST_DEPTH {
            let detail =
                format!("Folders go at most {MOST_DEPTH} deep: choose a place that is not so far down.");
            return Err(Error::conflict("too_deep", detail));
        }
        Ok(())
    }
}

/// The folder `parent`, for a reader who puts something in; `None`: the top of their own drive, or what their link leads to.
///
/// # Errors
///
/// What [`may`] says of [`Deed::Create`]; code `not_a_folder`.
pub(crate) async fn target<DB: Dialect>(
    connection: &mut DB::Connection,
    reader: Reader,
    parent: Option<ItemId>,
) -> Result<Target> {
    let id = match (parent, reader) {
        (Some(id), _) | (None, Reader::Link { root: id, .. }) => id,
        (None, Reader::Person(owner)) => {
            return Ok(Target { owner, parent: owner.uuid(), depth: 0, level: Level::Owner });
        }
    };
    let found = load_seen::<DB>(connection, Eyes::of_putting(reader), id).await?;
    let Sight { level, .. } = may(Deed::Create, Some(found.sight))?;
    let folder = found.item.folder()?;
    let depth = depth::<DB>(connection, id).await?;
    Ok(Target { owner: folder.owner_id, parent: id.uuid(), depth, level })
}

/// The ids from an item up to the top, itself first.
pub(super) async fn above<DB: Dialect>(connection: &mut DB::Connection, id: ItemId) -> Result<Vec<Uuid>> {
    let rows = sqlx::query::<DB>(
        "with recursive up (id, parent_id, depth) as (
             select id, parent_id, 0 from rony_files where id = $1
             union all
             select a.id, a.parent_id, up.depth + 1 from up join rony_files a on a.id = up.parent_id)
         select id from up order by depth",
    )
    .bind(id.uuid())
    .fetch_all(connection)
    .await
    .map_err(failed)?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

async fn depth<DB: Dialect>(connection: &mut DB::Connection, id: ItemId) -> Result<i64> {
    Ok(i64::try_from(above::<DB>(connection, id).await?.len()).unwrap_or(i64::MAX))
}

/// How many levels an item and what lies below it take: 1 for one that is empty.
pub(super) async fn height<DB: Dialect>(connection: &mut DB::Connection, id: ItemId) -> Result<i64> {
    sqlx::query_scalar::<DB, i64>(
        "with recursive down (id, depth) as (
             select id, 1 from rony_files where id = $1
             union all
             select c.id, down.depth + 1 from down join rony_files c on c.parent_id = down.id where c.kind = 'folder')
         select cast(max(down.depth + case when exists (
             select 1 from rony_files c where c.parent_id = down.id and c.kind = 'file') then 1 else 0 end) as bigint)
         from down",
    )
    .bind(id.uuid())
    .fetch_one(connection)
    .await
    .map_err(failed)
}

/// What becomes of a name.
pub(super) enum Spot {
    /// It is free, or another one is.
    Free(FileName),
    /// Something has it, and that is to be taken.
    Taken(ItemId),
}

/// Finds a name in a folder, or at the top of a drive, for an item of this kind; `except` has its name already.
///
/// # Errors
///
/// [`Error::Conflict`] with code `name_taken`.
pub(super) async fn spot<DB: Dialect>(
    connection: &mut DB::Connection,
    parent: Uuid,
    name: &FileName,
    (kind, if_exists): (ItemKind, IfExists),
    except: Option<ItemId>,
) -> Result<Spot> {
    let row = sqlx::query::<DB>(
        "select id, kind from rony_files
         where parent_id = $1 and fold = $2 and trashed_at is null and purged_at is null",
    )
    .bind(parent)
    .bind(name.fold())
    .fetch_optional(&mut *connection)
    .await
    .map_err(failed)?;
    let taken = row.map(|row| (ItemId(row.get(0)), row.get::<String, _>(1)));
    let Some((id, other)) = taken.filter(|(id, _)| Some(*id) != except) else {
        return Ok(Spot::Free(name.clone()));
    };
    let alike = row::kind(&other)? == kind;
    match if_exists {
        IfExists::Rename => numbered::<DB>(connection, parent, name).await.map(Spot::Free),
        IfExists::Use | IfExists::Replace if alike => Ok(Spot::Taken(id)),
        _ => Err(Error::conflict_in(
            "name",
            "name_taken",
            "There is something of that name already: choose another name.",
        )),
    }
}

/// The first free one of `report (2).pdf`, `report (3).pdf` …
async fn numbered<DB: Dialect>(
    connection: &mut DB::Connection,
    parent: Uuid,
    name: &FileName,
) -> Result<FileName> {
    let from = name.numbered_fold();
    // The character behind the parenthesis that opens: all that begins so lies before it.
    let to = format!("{})", from.trim_end_matches('('));
    let rows = sqlx::query::<DB>(
        "select fold from rony_files
         where parent_id = $1 and fold >= $2 and fold < $3 and trashed_at is null and purged_at is null",
    )
    .bind(parent)
    .bind(from)
    .bind(to)
    .fetch_all(connection)
    .await
    .map_err(failed)?;
    let taken: HashSet<String> = rows.iter().map(|row| row.get(0)).collect();
    let free = (2..).map(|number| name.numbered(number)).find(|name| !taken.contains(&name.fold()));
    Ok(free.expect("there are more numbers than files"))
}

/// Tells the owner's stream that an item in a folder changed, or was there.
pub(super) fn tell<DB: Dialect>(change: &mut Change<'_, DB>, owner: UserId, id: ItemId, parent: Uuid) {
    let parent_id = Some(ItemId(parent)).filter(|_| parent != owner.uuid());
    change.append(owner, NewEvent::new(&FileEvent::Changed { file_id: id, parent_id }), None);
}

/// As [`tell`], of an item that was found.
pub(crate) fn tell_of<DB: Dialect>(change: &mut Change<'_, DB>, found: &Found) {
    tell(change, found.item.owner_id, found.item.id, found.parent);
}

/// Begins a change of an item that the reader sees, as [`lock_seen`]. `also` is locked with it.
///
/// # Errors
///
/// [`Error::NotFound`] when it is not there for the reader.
pub(super) async fn begin<DB: Dialect>(
    store: &SqlStore<DB>,
    by: By,
    id: ItemId,
    also: impl IntoIterator<Item = StreamId>,
) -> Result<(Change<'_, DB>, Found)> {
    let mut change = store.change(by.at).await?;
    let found = lock_seen(&mut change, Eyes::of(by.reader), id, also).await?;
    Ok((change, found))
}

/// An item that somebody sees. Its owner's stream is locked then, and `also`, so what is found is true until the commit.
///
/// # Errors
///
/// [`Error::NotFound`] when it is not there for them.
pub(crate) async fn lock_seen<DB: Dialect>(
    change: &mut Change<'_, DB>,
    eyes: Eyes,
    id: ItemId,
    also: impl IntoIterator<Item = StreamId>,
) -> Result<Found> {
    // Whose drive it is never changes.
    let owner = load_seen::<DB>(change.connection(), eyes, id).await?.item.owner_id;
    change.lock(also.into_iter().chain([owner.into()])).await?;
    load_seen::<DB>(change.connection(), eyes, id).await
}
