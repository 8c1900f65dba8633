//! Making items: folders, and files of blobs that are whole.

use rony_core::{
    Result,
    file::{
        AddFile, By, Deed, FileName, Item, ItemKind, NewFolder, Reader, fits, may, may_make_folders,
        when_taken,
    },
    id::{BlobId, ItemId, UserId},
    stream::StreamId,
    time::Timestamp,
    upload::NewUpload,
};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{
    access::Eyes,
    blob::{self, NewBlob},
    drive,
    place::{Spot, Target, spot, target, tell},
    row::{Found, load_seen, write_kind},
    version::{self, NewVersion},
};
use crate::sql::{SqlStore, change::Change, dialect::Dialect, failed, values};

/// The row of an item that is made.
#[derive(Clone, Debug)]
pub(super) struct NewRow {
    pub(super) id: ItemId,
    pub(super) owner: UserId,
    pub(super) parent: Uuid,
    pub(super) kind: ItemKind,
    pub(super) name: FileName,
    pub(super) icon: String,
    pub(super) color: String,
    pub(super) blob: Option<BlobId>,
    pub(super) media_type: String,
    pub(super) size: i64,
    pub(super) by: Option<UserId>,
    pub(super) modified_at: Timestamp,
}

impl NewRow {
    /// A folder that somebody makes.
    fn folder(by: By, target: Target, name: FileName, new: &NewFolder) -> Self {
        Self {
            id: ItemId::new(by.at),
            owner: target.owner,
            parent: target.parent,
            kind: ItemKind::Folder,
            name,
            icon: new.icon.clone(),
            color: new.color.clone(),
            blob: None,
            media_type: String::new(),
            size: 0,
            by: by.reader.person(),
            modified_at: by.at,
        }
    }
}

/// Writes items' rows, and the versions of their contents.
pub(super) async fn insert<DB: Dialect>(change: &mut Change<'_, DB>, rows: &[NewRow]) -> Result<()> {
    const COLUMNS: &str = "id, owner_id, parent_id, kind, name, fold, icon, color, blob_id, media_type, size, version, \
        created_at, created_by, modified_at";
    let at = change.at().as_millis();
    for rows in rows.chunks(values::MOST) {
        let sql = format!(
            "with v ({COLUMNS}) as (values {})
             insert into rony_files ({COLUMNS}, modified_by) select {COLUMNS}, created_by from v where id is not null",
            values::rows::<DB>(15, rows.len())
        );
        let mut query = sqlx::query::<DB>(AssertSqlSafe(sql));
        for row in values::optional(rows) {
            query = query
                .bind(row.map(|row| row.id.uuid()))
                .bind(row.map(|row| row.owner.uuid()))
                .bind(row.map(|row| row.parent))
                .bind(row.map(|row| write_kind(row.kind).to_owned()))
                .bind(row.map(|row| row.name.as_str().to_owned()))
                .bind(row.map(|row| row.name.fold()))
                .bind(row.map(|row| row.icon.clone()))
                .bind(row.map(|row| row.color.clone()))
                .bind(row.and_then(|row| row.blob).map(BlobId::uuid))
                .bind(row.map(|row| row.media_type.clone()))
                .bind(row.map(|row| row.size))
                .bind(row.map(|row| i64::from(row.blob.is_some())))
                .bind(at)
                .bind(row.and_then(|row| row.by).map(UserId::uuid))
                .bind(row.map(|row| row.modified_at.as_millis()));
        }
        query.execute(change.connection()).await.map_err(failed)?;
    }
    let content = |row: &NewRow| {
        let (id, size, media_type, by) = (row.id, row.size, row.media_type.clone(), row.by);
        row.blob.map(|blob| NewVersion { id, version: 1, blob, size, media_type, by })
    };
    version::insert(change, &rows.iter().filter_map(content).collect::<Vec<_>>()).await
}

pub(super) async fn create_folder<DB: Dialect>(
    store: &SqlStore<DB>,
    by: By,
    new: &NewFolder,
) -> Result<Item> {
    let mut change = store.change(by.at).await?;
    let owner = drive_for::<DB>(change.connection(), by.reader, new.parent_id, None).await?;
    change.lock([StreamId::from(owner)]).await?;
    let eyes = Eyes::of(by.reader);
    let target = target::<DB>(change.connection(), by.reader, new.parent_id).await?;
    may_make_folders(by.reader)?;
    let how = (ItemKind::Folder, new.if_exists);
    let name = match spot::<DB>(change.connection(), target.parent, &new.name, how, None).await? {
        Spot::Taken(id) => return Ok(load_seen::<DB>(change.connection(), eyes, id).await?.item),
        Spot::Free(name) => name,
    };
    target.holds(1)?;
    let row = NewRow::folder(by, target, name, new);
    insert(&mut change, std::slice::from_ref(&row)).await?;
    tell(&mut change, row.owner, row.id, row.parent);
    let item = load_seen::<DB>(change.connection(), eyes, row.id).await?.item;
    change.commit().await?;
    Ok(item)
}

/// Whose drive something would go into, when the reader may put it there: before the locks, since it never changes, and for an early refusal.
///
/// # Errors
///
/// What [`add_file`] says about the place.
pub(crate) async fn drive_for<DB: Dialect>(
    connection: &mut DB::Connection,
    reader: Reader,
    parent: Option<ItemId>,
    replace: Option<ItemId>,
) -> Result<UserId> {
    let Some(id) = replace else { return Ok(target::<DB>(connection, reader, parent).await?.owner) };
    let found = load_seen::<DB>(connection, Eyes::of(reader), id).await?;
    may(Deed::Edit, Some(found.sight))?;
    Ok(found.item.file()?.owner_id)
}

/// Where an upload goes, as it is now.
pub(crate) struct Placed {
    /// Into whose drive.
    pub(crate) owner: UserId,
    /// The file that gets the content, if there is one.
    pub(crate) file: Option<ItemId>,
}

/// Where a file goes, if it can be put where an upload wants it: for an early refusal, [`add_file`] asks again.
///
/// # Errors
///
/// What [`add_file`] says about the place and the name.
pub(crate) async fn check_place<DB: Dialect>(
    connection: &mut DB::Connection,
    reader: Reader,
    new: &NewUpload,
) -> Result<Placed> {
    if new.replace.is_some() {
        let owner = drive_for::<DB>(connection, reader, new.parent_id, new.replace).await?;
        return Ok(Placed { owner, file: new.replace });
    }
    let target = target::<DB>(connection, reader, new.parent_id).await?;
    target.holds(1)?;
    let how = (ItemKind::File, when_taken(reader, new.if_exists));
    let file = match spot::<DB>(connection, target.parent, &new.name, how, None).await? {
        Spot::Taken(id) => Some(id),
        Spot::Free(_) => None,
    };
    Ok(Placed { owner: target.owner, file })
}

pub(super) async fn add<DB: Dialect>(store: &SqlStore<DB>, add: &AddFile) -> Result<Item> {
    let mut change = store.change(add.by.at).await?;
    let owner = drive_for::<DB>(change.connection(), add.by.reader, add.parent_id, add.replace).await?;
    change.lock([StreamId::from(owner)]).await?;
    let item = add_file(&mut change, add).await?;
    change.commit().await?;
    Ok(item)
}

/// Makes a whole blob a file, or the new content of one, and tells the owner's stream, which the caller has locked: see [`drive_for`]. Nothing
/// else than this refers to the blob yet.
///
/// # Errors
///
/// What [`may`] says; codes `name_taken`, `not_a_folder`, `not_a_file`, `too_deep`, `quota_exceeded`.
pub(crate) async fn add_file<DB: Dialect>(change: &mut Change<'_, DB>, add: &AddFile) -> Result<Item> {
    let reader = add.by.reader;
    let place = match add.replace {
        Some(id) => Place::File(id),
        None => place_of(change, add).await?,
    };
    let (owner, id) = match place {
        Place::New(target, name) => new_file(change, add, target, name).await?,
        Place::File(id) => {
            let found = load_seen::<DB>(change.connection(), Eyes::of(reader), id).await?;
            replace_content(change, add, found).await?
        }
    };
    debug_assert!(change.head(owner) > 0, "the owner's stream is locked and told");
    Ok(load_seen::<DB>(change.connection(), Eyes::of_putting(reader), id).await?.item)
}

/// Where a file goes.
enum Place {
    New(Target, FileName),
    File(ItemId),
}

async fn place_of<DB: Dialect>(change: &mut Change<'_, DB>, add: &AddFile) -> Result<Place> {
    let reader = add.by.reader;
    let target = target::<DB>(change.connection(), reader, add.parent_id).await?;
    let if_exists = when_taken(reader, add.if_exists);
    let how = (ItemKind::File, if_exists);
    Ok(match spot::<DB>(change.connection(), target.parent, &add.name, how, None).await? {
        Spot::Free(name) => Place::New(target, name),
        Spot::Taken(id) => Place::File(id),
    })
}

async fn new_file<DB: Dialect>(
    change: &mut Change<'_, DB>,
    add: &AddFile,
    target: Target,
    name: FileName,
) -> Result<(UserId, ItemId)> {
    target.holds(1)?;
    let row = NewRow {
        id: add.id,
        owner: target.owner,
        parent: target.parent,
        kind: ItemKind::File,
        name,
        icon: String::new(),
        color: String::new(),
        blob: Some(add.blob),
        media_type: add.media_type.clone(),
        size: add.size,
        by: add.by.reader.person(),
        modified_at: add.modified_at.unwrap_or(add.by.at),
    };
    drive::count(change, row.owner, 0, -add.reserved).await?;
    fits(drive::usage::<DB>(change.connection(), row.owner, add.by.limits).await?, row.size)?;
    blob::add(change, &NewBlob::of(add)).await?;
    insert(change, std::slice::from_ref(&row)).await?;
    drive::count(change, row.owner, row.size, 0).await?;
    tell(change, row.owner, row.id, row.parent);
    Ok((row.owner, row.id))
}

async fn replace_content<DB: Dialect>(
    change: &mut Change<'_, DB>,
    add: &AddFile,
    found: Found,
) -> Result<(UserId, ItemId)> {
    may(Deed::Edit, Some(found.sight))?;
    let (owner, id) = (found.item.owner_id, found.item.id);
    found.item.clone().file()?;
    drive::count(change, owner, 0, -add.reserved).await?;
    blob::add(change, &NewBlob::of(add)).await?;
    let content = version::NewContent {
        blob: add.blob,
        size: add.size,
        media_type: add.media_type.clone(),
        modified_at: add.modified_at.unwrap_or(add.by.at),
    };
    version::put(change, add.by, &found, content).await?;
    Ok((owner, id))
}

impl NewBlob {
    const fn of(add: &AddFile) -> Self {
        Self { id: add.blob, size: add.size, sha256: add.sha256, preview: add.preview }
    }
}
