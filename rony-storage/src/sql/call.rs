//! Calls on SQL.

use std::{collections::HashMap, time::Duration};

use async_trait::async_trait;
use rony_core::{
    Error, Result,
    call::{
        BeginCall, Call, CallOutcome, CallPerson, CallStore, Callee, CalleeFacts, EndCall, ListCalls,
        MOST_CALLEES, Missed, Outcome, Ringing, may_begin, rings,
    },
    id::{CallId, ClientId, ConversationId, UserId},
    permission::{Action, check},
    time::Timestamp,
};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::{
    SqlStore,
    change::Change,
    dialect::Dialect,
    failed,
    member::read_level,
    place::{BLOCKED, standing},
    values,
};

/// How far back the calls of somebody count who begins many.
const MINUTE: i64 = 60_000;

#[async_trait]
impl<DB: Dialect> CallStore for SqlStore<DB> {
    async fn begin_call(&self, begin: &BeginCall) -> Result<Vec<Callee>> {
        let mut change = self.change(begin.at).await?;
        // Of two calls that somebody begins at once, both count.
        change.lock([begin.caller_id.into()]).await?;
        if let Some(callees) = begun(&mut change, begin).await? {
            return Ok(callees);
        }
        let standing = standing::<DB>(change.connection(), begin.conversation_id, begin.caller_id).await?;
        check(Action::Write, standing.place)?;
        let Members { callees, is_blocked } = members(&mut change, begin, standing.place.direct).await?;
        let lately = lately(&mut change, begin).await?;
        may_begin(standing.place, standing.place.direct && is_blocked, &callees, lately)?;
        clear_forgotten(&mut change, begin).await?;
        insert(&mut change, begin, &callees).await?;
        change.commit().await?;
        Ok(callees)
    }

    async fn forget_call(&self, id: CallId) -> Result<()> {
        let (mut transaction, _turn) = self.begin_in_turn(DB::BEGIN).await?;
        let sql = "delete from rony_calls where id = $1 and ended_at is null returning id";
        let gone = sqlx::query::<DB>(sql).bind(id.uuid()).fetch_optional(&mut *transaction).await;
        if gone.map_err(failed)?.is_some() {
            // The caller's own row stays for a while, of which nothing shows: they have begun one call more.
            sqlx::query::<DB>("delete from rony_call_people where call_id = $1 and ringing is not null")
                .bind(id.uuid())
                .execute(&mut *transaction)
                .await
                .map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)
    }

    async fn answer_call(&self, id: CallId, user: UserId, at: Timestamp) -> Result<()> {
        let (mut transaction, _turn) = self.begin_in_turn(DB::BEGIN).await?;
        sqlx::query::<DB>(
            "update rony_calls set answered_at = coalesce(answered_at, $2) where id = $1 and ended_at is null",
        )
        .bind(id.uuid())
        .bind(at.as_millis())
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        sqlx::query::<DB>(
            "update rony_call_people set outcome = $3 where call_id = $1 and user_id = $2 and ringing is not null
             and outcome is null",
        )
        .bind(id.uuid())
        .bind(user.uuid())
        .bind(word(&Outcome::Accepted))
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    async fn renew_calls(&self, ids: &[CallId], lease: Duration) -> Result<()> {
        for ids in ids.chunks(values::MOST) {
            let (mut transaction, _turn) = self.begin_in_turn(DB::BEGIN).await?;
            let sql = format!(
                "with v (id, lease) as (values {}) update rony_calls set lease_until = {} + v.lease from v
                 where rony_calls.id = v.id and rony_calls.ended_at is null",
                values::rows::<DB>(2, ids.len()),
                DB::NOW
            );
            let query = values::padded(ids).fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, id| {
                query.bind(id.uuid()).bind(millis(lease))
            });
            query.execute(&mut *transaction).await.map_err(failed)?;
            transaction.commit().await.map_err(failed)?;
        }
        Ok(())
    }

    async fn end_call(&self, end: &EndCall) -> Result<()> {
        let (mut transaction, _turn) = self.begin_in_turn(DB::BEGIN).await?;
        let ended = sqlx::query::<DB>(
            "update rony_calls set outcome = $2, video = $3, answered_at = coalesce(answered_at, $4), ended_at = $5
             where id = $1 and ended_at is null returning id",
        )
        .bind(end.id.uuid())
        .bind(word(&end.outcome))
        .bind(end.video)
        .bind(end.answered_at.map(Timestamp::as_millis))
        .bind(end.ended_at.as_millis())
        .fetch_optional(&mut *transaction)
        .await
        .map_err(failed)?;
        if ended.is_none() {
            return Ok(());
        }
        for (user, outcome) in &end.callees {
            sqlx::query::<DB>(
                "update rony_call_people set outcome = $3 where call_id = $1 and user_id = $2 and ringing is not null",
            )
            .bind(end.id.uuid())
            .bind(user.uuid())
            .bind(word(outcome))
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        }
        leave_to_tell::<DB>(&mut transaction, end.id).await?;
        transaction.commit().await.map_err(failed)
    }

    async fn abandon_calls(&self, all: bool, at: Timestamp) -> Result<()> {
        let mut connection = self.read().acquire().await.map_err(failed)?;
        let abandoned = overdue_calls::<DB>(&mut connection, all).await?;
        drop(connection);
        if abandoned.is_empty() {
            return Ok(());
        }
        let (mut transaction, _turn) = self.begin_in_turn(DB::BEGIN).await?;
        let sql = format!(
            "update rony_calls set outcome = case when answered_at is null then $3 else $4 end, ended_at = $5
             where id = $1 and ended_at is null and ($2 or lease_until <= {}) returning id",
            DB::NOW
        );
        for id in abandoned {
            // Whoever drives it may have renewed the lease meanwhile.
            let ended = sqlx::query::<DB>(AssertSqlSafe(sql.clone()))
                .bind(id.uuid())
                .bind(all)
                .bind(word(&CallOutcome::Missed))
                .bind(word(&CallOutcome::Answered))
                .bind(at.as_millis())
                .fetch_optional(&mut *transaction)
                .await
                .map_err(failed)?;
            if ended.is_none() {
                continue;
            }
            sqlx::query::<DB>(
                "update rony_call_people set outcome = $2 where call_id = $1 and ringing is not null and outcome is null",
            )
            .bind(id.uuid())
            .bind(word(&Outcome::Missed))
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
            leave_to_tell::<DB>(&mut transaction, id).await?;
        }
        transaction.commit().await.map_err(failed)
    }

    async fn untold_calls(&self, limit: i64) -> Result<Vec<Missed>> {
        let mut snapshot = self.snapshot().await?;
        let rows = sqlx::query::<DB>(
            "select id, conversation_id, caller_id, video, coalesce(note, id) from rony_calls where not told
             order by started_at limit $1",
        )
        .bind(limit)
        .fetch_all(&mut *snapshot)
        .await
        .map_err(failed)?;
        let ids: Vec<_> = rows.iter().map(|row| CallId(row.get(0))).collect();
        let mut people = people::<DB>(&mut snapshot, &ids).await?;
        let missed = |row: &DB::Row| {
            let id = CallId(row.get(0));
            let heard = people.remove(&id).unwrap_or_default().into_iter();
            let missed = heard.filter(is_to_be_told);
            Missed {
                id,
                note: ClientId(row.get(4)),
                conversation_id: ConversationId(row.get(1)),
                caller_id: UserId(row.get(2)),
                video: row.get(3),
                missed: missed.map(|(_, person)| person.user_id).collect(),
            }
        };
        Ok(rows.iter().map(missed).collect())
    }

    async fn told_call(&self, id: CallId) -> Result<()> {
        let (mut transaction, _turn) = self.begin_in_turn(DB::BEGIN).await?;
        sqlx::query::<DB>("update rony_calls set told = $2 where id = $1")
            .bind(id.uuid())
            .bind(true)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    async fn outside_calls(
        &self,
        people: &[(ConversationId, UserId)],
    ) -> Result<Vec<(ConversationId, UserId)>> {
        let select = format!(
            "select v.conversation_id, v.user_id from v where v.user_id is not null and not exists (
                 select 1 from rony_members m join rony_users u on u.id = m.user_id
                 join rony_conversations c on c.id = m.conversation_id
                 where m.conversation_id = v.conversation_id and m.user_id = v.user_id and u.deactivated_at is null
                     and not ({BLOCKED}))"
        );
        self.those_of(people, &select).await
    }

    async fn calls(&self, list: &ListCalls) -> Result<Vec<Call>> {
        let mut snapshot = self.snapshot().await?;
        let before = list.before.map_or((i64::MAX, Uuid::max()), |key| (key.at.as_millis(), key.id.uuid()));
        let rows = sqlx::query::<DB>(
            "select c.id, c.conversation_id, c.caller_id, c.video, c.outcome, c.started_at, c.answered_at, c.ended_at
             from rony_call_people p join rony_calls c on c.id = p.call_id
             where p.user_id = $1 and (p.started_at, p.call_id) < ($2, $3) and coalesce(p.ringing, '') <> 'unheard'
             order by p.started_at desc, p.call_id desc limit $4",
        )
        .bind(list.reader.uuid())
        .bind(before.0)
        .bind(before.1)
        .bind(list.limit)
        .fetch_all(&mut *snapshot)
        .await
        .map_err(failed)?;
        let ids: Vec<_> = rows.iter().map(|row| CallId(row.get(0))).collect();
        let mut people = people::<DB>(&mut snapshot, &ids).await?;
        rows.iter().map(|row| read::<DB>(row, &mut people)).collect()
    }
}

type People = HashMap<CallId, Vec<(Ringing, CallPerson)>>;

fn read<DB: Dialect>(row: &DB::Row, people: &mut People) -> Result<Call> {
    let id = CallId(row.get(0));
    let millis = |column: usize| row.get::<Option<i64>, _>(column).map(Timestamp::from_millis);
    Ok(Call {
        id,
        conversation_id: ConversationId(row.get(1)),
        caller_id: UserId(row.get(2)),
        video: row.get(3),
        outcome: row.get::<Option<String>, _>(4).as_deref().map(read_word).transpose()?,
        callees: people.remove(&id).unwrap_or_default().into_iter().map(|(_, person)| person).collect(),
        started_at: Timestamp::from_millis(row.get(5)),
        answered_at: millis(6),
        ended_at: millis(7),
    })
}

/// Who was called, of each call.
async fn people<DB: Dialect>(connection: &mut DB::Connection, calls: &[CallId]) -> Result<People> {
    let mut found = People::new();
    for calls in calls.chunks(values::MOST) {
        let sql = format!(
            "select call_id, user_id, ringing, outcome from rony_call_people where ringing is not null and call_id in ({})
             order by user_id",
            values::list::<DB>(calls.len())
        );
        let query = values::padded(calls)
            .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, id| query.bind(id.uuid()));
        for row in query.fetch_all(&mut *connection).await.map_err(failed)? {
            let outcome = row.get::<Option<String>, _>(3).as_deref().map(read_word).transpose()?;
            let person = CallPerson { user_id: UserId(row.get(1)), outcome };
            let ringing = read_ringing(&row.get::<String, _>(2))?;
            found.entry(CallId(row.get(0))).or_default().push((ringing, person));
        }
    }
    Ok(found)
}

/// Who is called by a call that was begun before; `None`: there is none with this id.
async fn begun<DB: Dialect>(change: &mut Change<'_, DB>, begin: &BeginCall) -> Result<Option<Vec<Callee>>> {
    let row = sqlx::query::<DB>("select conversation_id, caller_id, ended_at from rony_calls where id = $1")
        .bind(begin.id.uuid())
        .fetch_optional(change.connection())
        .await
        .map_err(failed)?;
    let Some(row) = row else { return Ok(None) };
    let same = row.get::<Uuid, _>(0) == begin.conversation_id.uuid()
        && row.get::<Uuid, _>(1) == begin.caller_id.uuid();
    if !same || row.get::<Option<i64>, _>(2).is_some() {
        return Err(Error::conflict("call_over", "This call is over."));
    }
    let people = people::<DB>(change.connection(), &[begin.id]).await?.remove(&begin.id).unwrap_or_default();
    let callee = |(ringing, person): (Ringing, CallPerson)| Callee { user_id: person.user_id, ringing };
    Ok(Some(people.into_iter().map(callee).collect()))
}

struct Members {
    /// Who of them is called.
    callees: Vec<Callee>,
    /// The caller has blocked one of them.
    is_blocked: bool,
}

async fn members<DB: Dialect>(
    change: &mut Change<'_, DB>,
    begin: &BeginCall,
    direct: bool,
) -> Result<Members> {
    // Whom `rings` never names is left out at once, so that as many rows as can be called, and one more, are all of them or too many. The
    // other one of a direct conversation is asked for in any case: why they cannot be called is said.
    let rows = sqlx::query::<DB>(
        "select m.user_id, m.level, m.muted_until, u.dnd_until, u.deactivated_at is not null,
             exists (select 1 from rony_contacts k where k.owner_id = m.user_id and k.user_id = $2 and k.blocked),
             exists (select 1 from rony_contacts k where k.owner_id = $2 and k.user_id = m.user_id and k.blocked)
         from rony_members m join rony_users u on u.id = m.user_id
         where m.conversation_id = $1 and m.user_id <> $2 and u.deactivated_at is null and ($4 or not exists (
             select 1 from rony_contacts k where k.owner_id = $2 and k.user_id = m.user_id and k.blocked))
         limit $3",
    )
    .bind(begin.conversation_id.uuid())
    .bind(begin.caller_id.uuid())
    .bind(MOST_CALLEES as i64 + 1)
    .bind(direct)
    .fetch_all(change.connection())
    .await
    .map_err(failed)?;
    let mut found = Members { callees: Vec::new(), is_blocked: false };
    for row in rows {
        let millis = |column: usize| row.get::<Option<i64>, _>(column).map(Timestamp::from_millis);
        let facts = CalleeFacts {
            level: read_level(&row.get::<String, _>(1))?,
            muted_until: millis(2),
            peace_until: millis(3),
            deactivated: row.get(4),
            blocks: row.get(5),
            is_blocked: row.get(6),
        };
        found.is_blocked |= facts.is_blocked;
        let user_id = UserId(row.get(0));
        found.callees.extend(rings(&facts, begin.at).map(|ringing| Callee { user_id, ringing }));
    }
    Ok(found)
}

/// How many calls the caller began within the last minute.
async fn lately<DB: Dialect>(change: &mut Change<'_, DB>, begin: &BeginCall) -> Result<i64> {
    sqlx::query_scalar::<DB, i64>(
        "select count(*) from rony_call_people where user_id = $1 and started_at > $2 and ringing is null",
    )
    .bind(begin.caller_id.uuid())
    .bind(begin.at.as_millis() - MINUTE)
    .fetch_one(change.connection())
    .await
    .map_err(failed)
}

/// Removes what forgotten calls of the caller have left behind, once it counts no more.
async fn clear_forgotten<DB: Dialect>(change: &mut Change<'_, DB>, begin: &BeginCall) -> Result<()> {
    sqlx::query::<DB>(
        "delete from rony_call_people where user_id = $1 and ringing is null
         and started_at <= $2
         and not exists (select 1 from rony_calls c where c.id = rony_call_people.call_id)",
    )
    .bind(begin.caller_id.uuid())
    .bind(begin.at.as_millis() - MINUTE)
    .execute(change.connection())
    .await
    .map_err(failed)?;
    Ok(())
}

async fn insert<DB: Dialect>(
    change: &mut Change<'_, DB>,
    begin: &BeginCall,
    callees: &[Callee],
) -> Result<()> {
    let sql = format!(
        "insert into rony_calls (id, conversation_id, caller_id, video, started_at, lease_until, told, note)
         values ($1, $2, $3, $4, $5, {} + $6, $7, $8)",
        DB::NOW
    );
    sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(begin.id.uuid())
        .bind(begin.conversation_id.uuid())
        .bind(begin.caller_id.uuid())
        .bind(begin.video)
        .bind(begin.at.as_millis())
        .bind(millis(begin.lease))
        .bind(true)
        .bind(begin.note.uuid())
        .execute(change.connection())
        .await
        .map_err(failed)?;
    let others = callees.iter().map(|callee| (callee.user_id, Some(write_ringing(callee.ringing))));
    for (user, ringing) in [(begin.caller_id, None)].into_iter().chain(others) {
        sqlx::query::<DB>(
            "insert into rony_call_people (user_id, started_at, call_id, ringing) values ($1, $2, $3, $4)
             on conflict do nothing",
        )
        .bind(user.uuid())
        .bind(begin.at.as_millis())
        .bind(begin.id.uuid())
        .bind(ringing.map(str::to_owned))
        .execute(change.connection())
        .await
        .map_err(failed)?;
    }
    Ok(())
}

async fn overdue_calls<DB: Dialect>(connection: &mut DB::Connection, all: bool) -> Result<Vec<CallId>> {
    let sql =
        format!("select id from rony_calls where ended_at is null and ($1 or lease_until <= {})", DB::NOW);
    let rows = sqlx::query::<DB>(AssertSqlSafe(sql)).bind(all).fetch_all(connection).await.map_err(failed)?;
    Ok(rows.iter().map(|row| CallId(row.get(0))).collect())
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

/// Notes that a call is still to be told of, if somebody missed it.
async fn leave_to_tell<DB: Dialect>(connection: &mut DB::Connection, id: CallId) -> Result<()> {
    let people = people::<DB>(connection, &[id]).await?.remove(&id).unwrap_or_default();
    if people.iter().any(is_to_be_told) {
        sqlx::query::<DB>("update rony_calls set told = $2 where id = $1")
            .bind(id.uuid())
            .bind(false)
            .execute(connection)
            .await
            .map_err(failed)?;
    }
    Ok(())
}

/// Whether somebody has missed a call. Those who know nothing of it, since they have blocked the caller, count as all others: a message that left
/// them out would say so. They are not notified, and in a direct conversation there is no message, since nothing can be written there.
fn is_to_be_told((_, person): &(Ringing, CallPerson)) -> bool {
    person.outcome.is_some_and(Outcome::is_missed)
}

fn read_ringing(text: &str) -> Result<Ringing> {
    match text {
        "loud" => Ok(Ringing::Loud),
        "quiet" => Ok(Ringing::Quiet),
        "unheard" => Ok(Ringing::Unheard),
        other => Err(Error::internal(format!("a way to ring that this version does not know: {other}"))),
    }
}

const fn write_ringing(ringing: Ringing) -> &'static str {
    match ringing {
        Ringing::Loud => "loud",
        Ringing::Quiet => "quiet",
        Ringing::Unheard => "unheard",
    }
}

/// An outcome as its column has it.
fn word<T: Serialize>(outcome: &T) -> String {
    values::json(outcome).trim_matches('"').to_owned()
}

fn read_word<T: DeserializeOwned>(word: &str) -> Result<T> {
    values::from_json(&values::json(word))
}
