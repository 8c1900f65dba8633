//! From rows to links, and all that decides whether they are good.

use rony_core::{
    Result,
    file::Reader,
    id::{ItemId, ShareId, UserId},
    secret::TokenHash,
    share::{Offer, Share},
    time::Timestamp,
    username::DisplayName,
};
use sqlx::{AssertSqlSafe, Row};

use super::read_level;
use crate::sql::{
    dialect::Dialect,
    failed,
    file::{self, Eyes},
};

/// The columns that [`read`] expects, of the table alias `s`.
pub(super) const COLUMNS: &str =
    "s.id, s.file_id, s.name, s.level, s.created_by, s.created_at, s.expires_at, s.password_hash,
    s.max_downloads, s.downloads, s.log_openings, s.opened, s.last_opened_at";

pub(super) fn read<DB: Dialect>(row: &DB::Row) -> Result<Share> {
    Ok(Share {
        id: ShareId(row.get(0)),
        file_id: ItemId(row.get(1)),
        name: row.get(2),
        level: read_level(&row.get::<String, _>(3))?,
        created_by: UserId(row.get(4)),
        created_at: Timestamp::from_millis(row.get(5)),
        expires_at: row.get::<Option<i64>, _>(6).map(Timestamp::from_millis),
        has_password: row.get::<Option<String>, _>(7).is_some(),
        max_downloads: row.get(8),
        downloads: row.get(9),
        log_openings: row.get(10),
        opened: row.get(11),
        last_opened_at: row.get::<Option<i64>, _>(12).map(Timestamp::from_millis),
    })
}

/// A link that is not revoked; `lock`: what the database calls it to lock the row.
pub(super) async fn share<DB: Dialect>(
    connection: &mut DB::Connection,
    id: ShareId,
    lock: &str,
) -> Result<Option<Share>> {
    let sql = format!("select {COLUMNS} from rony_shares s where s.id = $1 and s.revoked_at is null{lock}");
    let row = sqlx::query::<DB>(AssertSqlSafe(sql)).bind(id.uuid()).fetch_optional(connection).await;
    row.map_err(failed)?.as_ref().map(read::<DB>).transpose()
}

fn select(which: &str) -> String {
    format!(
        "select {COLUMNS}, s.revoked_at, u.display_name, u.deactivated_at
         from rony_shares s join rony_users u on u.id = s.created_by where {which}"
    )
}

pub(super) async fn by_token<DB: Dialect>(
    connection: &mut DB::Connection,
    token: &TokenHash,
) -> Result<Option<Offer>> {
    let row = sqlx::query::<DB>(AssertSqlSafe(select("s.token_hash = $1")))
        .bind(token.as_bytes().to_vec())
        .fetch_optional(&mut *connection)
        .await
        .map_err(failed)?;
    with_maker::<DB>(connection, row).await
}

pub(super) async fn by_pass<DB: Dialect>(
    connection: &mut DB::Connection,
    pass: &TokenHash,
    now: Timestamp,
) -> Result<Option<Offer>> {
    let which = "s.id = (select p.share_id from rony_passes p where p.token_hash = $1 and p.expires_at > $2)";
    let row = sqlx::query::<DB>(AssertSqlSafe(select(which)))
        .bind(pass.as_bytes().to_vec())
        .bind(now.as_millis())
        .fetch_optional(&mut *connection)
        .await
        .map_err(failed)?;
    with_maker::<DB>(connection, row).await
}

pub(in crate::sql) async fn by_id<DB: Dialect>(
    connection: &mut DB::Connection,
    id: ShareId,
) -> Result<Option<Offer>> {
    let row = sqlx::query::<DB>(AssertSqlSafe(select("s.id = $1")))
        .bind(id.uuid())
        .fetch_optional(&mut *connection)
        .await
        .map_err(failed)?;
    with_maker::<DB>(connection, row).await
}

/// Also looks what the maker may do now.
async fn with_maker<DB: Dialect>(
    connection: &mut DB::Connection,
    row: Option<DB::Row>,
) -> Result<Option<Offer>> {
    let Some(row) = row else { return Ok(None) };
    let share = read::<DB>(&row)?;
    let deactivated = row.get::<Option<i64>, _>(15).is_some();
    let eyes = Eyes::of(Reader::Person(share.created_by));
    let found = file::load::<DB>(connection, eyes, share.file_id).await?;
    Ok(Some(Offer {
        password: row.get(7),
        revoked: row.get::<Option<i64>, _>(13).is_some(),
        maker: found.filter(|_| !deactivated).map(|found| found.sight),
        shared_by: DisplayName::from_store(row.get(14)),
        share,
    }))
}
