//! Lists of links, and of who opened them.

use rony_core::{
    Result,
    file::{Deed, Reader, may},
    id::{ItemId, ShareId},
    share::{ListOpenings, ListShares, Opening, Share},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::{
    look::may_look,
    offer::{COLUMNS, read},
};
use crate::sql::{
    SqlStore,
    dialect::Dialect,
    failed,
    file::{Eyes, load_seen},
};

pub(super) async fn shares<DB: Dialect>(store: &SqlStore<DB>, list: &ListShares) -> Result<Vec<Share>> {
    let ListShares { reader, file_id, before, limit } = *list;
    let mut snapshot = store.snapshot().await?;
    let which = match file_id {
        Some(id) => {
            let found = load_seen::<DB>(&mut snapshot, Eyes::of(Reader::Person(reader)), id).await?;
            may(Deed::Share, Some(found.sight))?;
            "s.file_id = $1"
        }
        None => "(s.created_by = $1 or f.owner_id = $1)",
    };
    let sql = format!(
        "select {COLUMNS} from rony_shares s join rony_files f on f.id = s.file_id
         where {which} and s.revoked_at is null and f.purged_at is null and s.id < $2 order by s.id desc limit $3"
    );
    let rows = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(file_id.map_or(reader.uuid(), ItemId::uuid))
        .bind(before.map_or(Uuid::max(), ShareId::uuid))
        .bind(limit)
        .fetch_all(&mut *snapshot)
        .await
        .map_err(failed)?;
    rows.iter().map(read::<DB>).collect()
}

pub(super) async fn openings<DB: Dialect>(
    store: &SqlStore<DB>,
    list: &ListOpenings,
) -> Result<Vec<(Uuid, Opening)>> {
    let mut snapshot = store.snapshot().await?;
    may_look::<DB>(&mut snapshot, list.id, list.reader).await?;
    let rows = sqlx::query::<DB>(
        "select id, at, address, user_agent from rony_openings
         where share_id = $1 and id < $2 order by id desc limit $3",
    )
    .bind(list.id.uuid())
    .bind(list.before.unwrap_or(Uuid::max()))
    .bind(list.limit)
    .fetch_all(&mut *snapshot)
    .await
    .map_err(failed)?;
    let opening = |row: &DB::Row| {
        let (address, user_agent) = (row.get(2), row.get(3));
        (row.get(0), Opening { at: Timestamp::from_millis(row.get(1)), address, user_agent })
    };
    Ok(rows.iter().map(opening).collect())
}
