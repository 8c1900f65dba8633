//! How full drives are. Whoever changes it has locked the owner's stream.

use rony_core::{
    Result,
    file::{DriveUse, Limits},
    id::UserId,
};
use sqlx::Row;

use crate::sql::{change::Change, dialect::Dialect, failed};

/// How full a drive is.
pub(crate) async fn usage<DB: Dialect>(
    connection: &mut DB::Connection,
    owner: UserId,
    limits: Limits,
) -> Result<DriveUse> {
    let row = sqlx::query::<DB>("select used, reserved, quota from rony_drives where owner_id = $1")
        .bind(owner.uuid())
        .fetch_optional(connection)
        .await
        .map_err(failed)?;
    Ok(row.map_or(DriveUse { used: 0, reserved: 0, quota: limits.quota }, |row| DriveUse {
        used: row.get(0),
        reserved: row.get(1),
        quota: row.get::<Option<i64>, _>(2).or(limits.quota),
    }))
}

/// Adds to what is used and to what is reserved; both may be negative.
pub(crate) async fn count<DB: Dialect>(
    change: &mut Change<'_, DB>,
    owner: UserId,
    used: i64,
    reserved: i64,
) -> Result<()> {
    if used == 0 && reserved == 0 {
        return Ok(());
    }
    sqlx::query::<DB>(
        "insert into rony_drives (owner_id, used, reserved) values ($1, $2, $3)
         on conflict (owner_id) do update set used = rony_drives.used + excluded.used,
         reserved = rony_drives.reserved + excluded.reserved",
    )
    .bind(owner.uuid())
    .bind(used)
    .bind(reserved)
    .execute(change.connection())
    .await
    .map_err(failed)?;
    Ok(())
}
