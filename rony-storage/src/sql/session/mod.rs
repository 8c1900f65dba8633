//! Sessions on SQL: devices, tokens, and what ends them.

mod end;
mod make;
mod sign_in;

use async_trait::async_trait;
use rony_core::{
    Error, Result,
    actor::Scopes,
    audit::Entry,
    id::{RevocationId, SessionId, UserId},
    secret::TokenHash,
    session::{
        By, Ending, Expired, Held, Kept, Kind, NewSession, Revocation, Revocations, SessionStore, Whence,
    },
    stream::Since,
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::{SqlStore, audit, dialect::Dialect, failed, user, values};

pub(crate) use self::end::end;

/// A select of sessions, with their owners, that [`read_held`] understands; `$where` follows.
macro_rules! held {
    ($where:literal) => {
        concat!(
            "select s.id, s.user_id, s.kind, s.name, s.scopes, s.address, s.user_agent, s.created_at, s.last_used_at, \
             s.expires_at, u.role, u.deactivated_at from rony_sessions s join rony_users u on u.id = s.user_id where ",
            $where
        )
    };
}

#[async_trait]
impl<DB: Dialect> SessionStore for SqlStore<DB> {
    async fn begin(&self, sessions: &[NewSession], by: By, entry: &Entry) -> Result<()> {
        make::begin(self, sessions, by, entry).await
    }

    async fn opened_by(&self, token: &TokenHash) -> Result<Option<Held>> {
        let row = sqlx::query::<DB>(held!("s.token_hash = $1"))
            .bind(token.as_bytes().to_vec())
            .fetch_optional(self.read())
            .await
            .map_err(failed)?;
        row.as_ref().map(read_held::<DB>).transpose()
    }

    async fn held(&self, ids: &[SessionId]) -> Result<Vec<Held>> {
        let mut held = Vec::with_capacity(ids.len());
        for ids in ids.chunks(values::MOST) {
            let sql = format!("{} ({})", held!("s.id in"), values::list::<DB>(ids.len()));
            let query = values::padded(ids)
                .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, id| query.bind(id.uuid()));
            for row in query.fetch_all(self.read()).await.map_err(failed)? {
                held.push(read_held::<DB>(&row)?);
            }
        }
        Ok(held)
    }

    async fn sessions(
        &self,
        user: UserId,
        kind: Kind,
        after: Option<SessionId>,
        limit: i64,
    ) -> Result<Vec<Kept>> {
        let rows = sqlx::query::<DB>(held!(
            "s.user_id = $1 and s.kind = $2 and s.id < $3 order by s.id desc limit $4"
        ))
        .bind(user.uuid())
        .bind(write_kind(kind).to_owned())
        .bind(after.map_or(Uuid::max(), SessionId::uuid))
        .bind(limit)
        .fetch_all(self.read())
        .await
        .map_err(failed)?;
        rows.iter().map(|row| read_held::<DB>(row).map(|held| held.session)).collect()
    }

    async fn used(&self, ids: &[SessionId], at: Timestamp, from: Option<Whence<'_>>) -> Result<()> {
        for ids in ids.chunks(values::MOST) {
            // Rows are locked in one order, whichever node comes first.
            let sql = format!(
                "update rony_sessions set last_used_at = $1, address = coalesce($2, address),
                 user_agent = coalesce($3, user_agent) where id in
                 (select id from rony_sessions where id in ({}) and last_used_at < $1 order by id{})",
                list_from(4, ids.len()),
                DB::FOR_UPDATE
            );
            let query = sqlx::query::<DB>(AssertSqlSafe(sql))
                .bind(at.as_millis())
                .bind(from.and_then(|from| given(from.address)))
                .bind(from.and_then(|from| given(from.user_agent)));
            let query = values::padded(ids).fold(query, |query, id| query.bind(id.uuid()));
            query.execute(self.write()).await.map_err(failed)?;
        }
        Ok(())
    }

    async fn end(
        &self,
        user: UserId,
        ending: Ending,
        at: Timestamp,
        entry: Option<&Entry>,
    ) -> Result<Vec<SessionId>> {
        let mut change = self.change(at).await?;
        let ended = end(&mut change, user, ending).await?;
        if ended.is_empty() && ending != Ending::Everything {
            return Ok(ended);
        }
        if let Some(entry) = entry {
            audit::record(&mut change, entry).await?;
        }
        change.commit().await?;
        Ok(ended)
    }

    async fn revoked_since(&self, since: Since) -> Result<Revocations> {
        let sql = format!(
            "with h (tick) as ({}) select h.tick, r.id, r.user_id, r.session_id
             from h left join rony_revocations r on r.moved >= $1",
            DB::HORIZON
        );
        let rows = sqlx::query::<DB>(AssertSqlSafe(sql))
            .bind(since.0)
            .fetch_all(self.read())
            .await
            .map_err(failed)?;
        let horizon = rows.first().map_or(since, |row| Since(row.get(0)));
        let revocation = |row: &DB::Row| {
            Some(Revocation {
                id: RevocationId(row.get::<Option<Uuid>, _>(1)?),
                user_id: UserId(row.get(2)),
                session_id: row.get::<Option<Uuid>, _>(3).map(SessionId),
            })
        };
        Ok(Revocations { items: rows.iter().filter_map(revocation).collect(), since: horizon })
    }

    async fn prune(&self, expired: Expired, revoked_before: Timestamp) -> Result<()> {
        end::prune(self, expired, revoked_before).await
    }
}

fn given(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// `$from, $from+1, …` for that many values, padded.
fn list_from(from: usize, count: usize) -> String {
    let numbers = (from..from + count.next_power_of_two()).map(|number| format!("${number}"));
    numbers.collect::<Vec<_>>().join(", ")
}

fn read_held<DB: Dialect>(row: &DB::Row) -> Result<Held> {
    let kind = read_kind(&row.get::<String, _>(2))?;
    let session = Kept {
        id: SessionId(row.get(0)),
        user_id: UserId(row.get(1)),
        kind,
        name: row.get(3),
        scopes: match kind {
            Kind::Device => Scopes::ALL,
            Kind::Token => values::from_json::<Vec<_>>(&row.get::<String, _>(4))?.into_iter().collect(),
        },
        address: row.get(5),
        user_agent: row.get(6),
        created_at: Timestamp::from_millis(row.get(7)),
        last_used_at: Timestamp::from_millis(row.get(8)),
        expires_at: row.get::<Option<i64>, _>(9).map(Timestamp::from_millis),
    };
    Ok(Held {
        session,
        role: user::read_role(&row.get::<String, _>(10))?,
        deactivated: row.get::<Option<i64>, _>(11).is_some(),
    })
}

fn read_kind(text: &str) -> Result<Kind> {
    match text {
        "device" => Ok(Kind::Device),
        "token" => Ok(Kind::Token),
        other => Err(Error::internal(format!("a kind of session that this version does not know: {other}"))),
    }
}

const fn write_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Device => "device",
        Kind::Token => "token",
    }
}
