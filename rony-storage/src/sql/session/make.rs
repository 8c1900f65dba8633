//! Begins sessions and makes access tokens.

use std::collections::BTreeSet;

use rony_core::{
    Error, Result,
    audit::Entry,
    id::{SessionId, UserId},
    session::{By, Kept, Kind, MOST_DEVICES, MOST_TOKENS, NewSession, Owner, may_begin},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};

use super::{end::revoke, list_from, write_kind};
use crate::sql::{SqlStore, audit, change::Change, dialect::Dialect, failed, values};

pub(super) async fn begin<DB: Dialect>(
    store: &SqlStore<DB>,
    sessions: &[NewSession],
    by: By,
    entry: &Entry,
) -> Result<()> {
    let mut change = store.change(entry.at).await?;
    let owners: BTreeSet<UserId> = sessions.iter().map(|new| new.session.user_id).collect();
    let owners: Vec<UserId> = owners.into_iter().collect();
    for owners in owners.chunks(values::MOST) {
        check_owners(&mut change, owners, by).await?;
    }
    if let By::Owner(Some(session)) | By::Administrator(Some(session)) = by {
        check_maker(&mut change, session).await?;
    }
    for sessions in sessions.chunks(values::MOST) {
        insert(&mut change, sessions).await?;
    }
    for owners in owners.chunks(values::MOST) {
        bound_devices(&mut change, owners).await?;
    }
    if sessions.iter().any(|new| new.session.kind == Kind::Token) {
        bound_tokens(&mut change, &owners).await?;
    }
    audit::record(&mut change, entry).await?;
    change.commit().await
}

/// Locks the owners' rows, so that nobody is deactivated meanwhile, and asks the rule about each.
async fn check_owners<DB: Dialect>(change: &mut Change<'_, DB>, owners: &[UserId], by: By) -> Result<()> {
    let sql = format!(
        "select bot, deactivated_at from rony_users where id in ({}) order by id{}",
        values::list::<DB>(owners.len()),
        DB::FOR_UPDATE
    );
    let query = values::padded(owners)
        .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, owner| query.bind(owner.uuid()));
    let rows = query.fetch_all(change.connection()).await.map_err(failed)?;
    if rows.len() < owners.len() {
        return Err(Error::NotFound("user"));
    }
    let owner =
        |row: &DB::Row| Owner { bot: row.get(0), deactivated: row.get::<Option<i64>, _>(1).is_some() };
    rows.iter().try_for_each(|row| may_begin(by, owner(row)))
}

/// Whoever makes a token is signed in still.
async fn check_maker<DB: Dialect>(change: &mut Change<'_, DB>, session: SessionId) -> Result<()> {
    let there = sqlx::query::<DB>("select id from rony_sessions where id = $1")
        .bind(session.uuid())
        .fetch_optional(change.connection())
        .await
        .map_err(failed)?;
    there.map(drop).ok_or_else(Error::unauthenticated)
}

pub(super) async fn insert<DB: Dialect>(change: &mut Change<'_, DB>, sessions: &[NewSession]) -> Result<()> {
    const COLUMNS: &str = "id, user_id, token_hash, kind, name, scopes, address, user_agent, created_at, last_used_at, expires_at";
    let sql = format!(
        "with v ({COLUMNS}) as (values {}) insert into rony_sessions ({COLUMNS}) select {COLUMNS} from v where id is not null",
        values::rows::<DB>(11, sessions.len())
    );
    let mut query = sqlx::query::<DB>(AssertSqlSafe(sql));
    for new in values::optional(sessions) {
        let session = new.map(|new| &new.session);
        query = query
            .bind(session.map(|session| session.id.uuid()))
            .bind(session.map(|session| session.user_id.uuid()))
            .bind(new.map(|new| new.token.as_bytes().to_vec()))
            .bind(session.map(|session| write_kind(session.kind).to_owned()))
            .bind(session.map(|session| session.name.clone()))
            .bind(session.map(scopes_column))
            .bind(session.map(|session| session.address.clone()))
            .bind(session.map(|session| session.user_agent.clone()))
            .bind(session.map(|session| session.created_at.as_millis()))
            .bind(session.map(|session| session.last_used_at.as_millis()))
            .bind(session.and_then(|session| session.expires_at.map(Timestamp::as_millis)));
    }
    query.execute(change.connection()).await.map_err(failed)?;
    Ok(())
}

/// A device has all scopes, those that there will be too.
fn scopes_column(session: &Kept) -> String {
    match session.kind {
        Kind::Device => String::new(),
        Kind::Token => values::json(&session.scopes.iter().collect::<Vec<_>>()),
    }
}

/// Signs out the devices that were not used for longest, where somebody has too many.
pub(super) async fn bound_devices<DB: Dialect>(change: &mut Change<'_, DB>, owners: &[UserId]) -> Result<()> {
    let sql = format!(
        "delete from rony_sessions where id in (select id from (
             select id, row_number() over (partition by user_id order by last_used_at desc, id desc) as place
             from rony_sessions where kind = 'device' and user_id in ({})
         ) as devices where place > $1) returning user_id, id",
        list_from(2, owners.len())
    );
    let query = sqlx::query::<DB>(AssertSqlSafe(sql)).bind(MOST_DEVICES);
    let query = values::padded(owners).fold(query, |query, owner| query.bind(owner.uuid()));
    let rows = query.fetch_all(change.connection()).await.map_err(failed)?;
    let revoked: Vec<_> = rows.iter().map(|row| (UserId(row.get(0)), Some(SessionId(row.get(1))))).collect();
    revoke(change, &revoked).await
}

async fn bound_tokens<DB: Dialect>(change: &mut Change<'_, DB>, owners: &[UserId]) -> Result<()> {
    for owner in owners {
        let count = sqlx::query_scalar::<DB, i64>(
            "select count(*) from rony_sessions where user_id = $1 and kind = 'token'",
        )
        .bind(owner.uuid())
        .fetch_one(change.connection())
        .await
        .map_err(failed)?;
        if count > MOST_TOKENS {
            return Err(Error::conflict(
                "too_many_tokens",
                format!("There are {MOST_TOKENS} tokens already. Delete one that is not needed any more."),
            ));
        }
    }
    Ok(())
}
