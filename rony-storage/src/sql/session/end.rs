//! Ending sessions, and clearing away what is left of them.

use rony_core::{
    Result,
    id::{RevocationId, SessionId, UserId},
    session::{Ending, Expired},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::write_kind;
use crate::sql::{SqlStore, change::Change, dialect::Dialect, failed, values};

/// Ends sessions of a person within a change, and leaves word for all nodes. What must hold for sign-ins that happen at
/// the same time (a new password, a deactivation) is written to the person's row before: they wait for that row.
pub(crate) async fn end<DB: Dialect>(
    change: &mut Change<'_, DB>,
    user: UserId,
    ending: Ending,
) -> Result<Vec<SessionId>> {
    let query = match ending {
        Ending::One(kind, id) => sqlx::query::<DB>(
            "delete from rony_sessions where user_id = $1 and kind = $2 and id = $3 returning user_id, id",
        )
        .bind(user.uuid())
        .bind(write_kind(kind).to_owned())
        .bind(id.uuid()),
        Ending::Devices { but } => sqlx::query::<DB>(
            "delete from rony_sessions where user_id = $1 and kind = 'device' and id <> $2 returning user_id, id",
        )
        .bind(user.uuid())
        .bind(but.map_or(Uuid::nil(), SessionId::uuid)),
        Ending::Everything => {
            sqlx::query::<DB>("delete from rony_sessions where user_id = $1 returning user_id, id")
                .bind(user.uuid())
        }
    };
    let rows = query.fetch_all(change.connection()).await.map_err(failed)?;
    let ended: Vec<_> = rows.iter().map(|row| SessionId(row.get(1))).collect();
    let mut revoked: Vec<_> = ended.iter().map(|session| (user, Some(*session))).collect();
    if ending == Ending::Everything {
        revoked.push((user, None));
    }
    revoke(change, &revoked).await?;
    Ok(ended)
}

/// Leaves word that these must be cut: of a person a session, or the sockets without one.
pub(super) async fn revoke<DB: Dialect>(
    change: &mut Change<'_, DB>,
    revoked: &[(UserId, Option<SessionId>)],
) -> Result<()> {
    let (at, tick) = (change.at(), change.tick());
    for revoked in revoked.chunks(values::MOST) {
        let sql = format!(
            "with v (id, user_id, session_id, at, moved) as (values {})
             insert into rony_revocations (id, user_id, session_id, at, moved)
             select id, user_id, session_id, at, moved from v where id is not null",
            values::rows::<DB>(5, revoked.len())
        );
        let mut query = sqlx::query::<DB>(AssertSqlSafe(sql));
        for revoked in values::optional(revoked) {
            query = query
                .bind(revoked.map(|_| RevocationId::new(at).uuid()))
                .bind(revoked.map(|(user, _)| user.uuid()))
                .bind(revoked.and_then(|(_, session)| session.map(SessionId::uuid)))
                .bind(at.as_millis())
                .bind(tick);
        }
        query.execute(change.connection()).await.map_err(failed)?;
    }
    Ok(())
}

pub(super) async fn prune<DB: Dialect>(
    store: &SqlStore<DB>,
    expired: Expired,
    revoked_before: Timestamp,
) -> Result<()> {
    sqlx::query::<DB>(
        "delete from rony_sessions
         where expires_at <= $1 or (kind = 'device' and (last_used_at <= $2 or created_at <= $3))",
    )
    .bind(expired.now.as_millis())
    .bind(expired.used_by.as_millis())
    .bind(expired.created_by.as_millis())
    .execute(store.write())
    .await
    .map_err(failed)?;
    sqlx::query::<DB>("delete from rony_resets where expires_at <= $1")
        .bind(expired.now.as_millis())
        .execute(store.write())
        .await
        .map_err(failed)?;
    sqlx::query::<DB>("delete from rony_revocations where at < $1")
        .bind(revoked_before.as_millis())
        .execute(store.write())
        .await
        .map_err(failed)?;
    // In the order in which tries are charged, so that neither waits for the other.
    let sql = format!(
        "delete from rony_attempts where subject in
         (select subject from rony_attempts where clear_at <= $1 order by subject{})",
        DB::FOR_UPDATE
    );
    sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(expired.now.as_millis())
        .execute(store.write())
        .await
        .map_err(failed)?;
    Ok(())
}
