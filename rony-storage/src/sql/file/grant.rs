//! What is shared with whom.

use rony_core::{
    Error, Result,
    file::{
        By, Deed, Grant, GrantEvent, GrantTo, Known, Level, Reader, Subject, SubjectKind, may, may_grant,
    },
    id::{ItemId, UserId},
    stream::{NewEvent, StreamId},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::{
    access::{self, Eyes, SIGHT, write_level},
    place::{begin, tell},
    row::load_seen,
};
use crate::sql::{SqlStore, change::Change, dialect::Dialect, failed};

pub(super) async fn list<DB: Dialect>(
    store: &SqlStore<DB>,
    reader: Reader,
    id: ItemId,
) -> Result<Vec<Grant>> {
    let eyes = Eyes::of(reader);
    let mut snapshot = store.snapshot().await?;
    may(Deed::Share, Some(load_seen::<DB>(&mut snapshot, eyes, id).await?.sight))?;
    let sql = format!(
        "with recursive way (id, parent_id, depth) as (
             select id, parent_id, 0 from rony_files where id = $4
             union all
             select a.id, a.parent_id, way.depth + 1 from way join rony_files a on a.id = way.parent_id)
         select g.file_id, g.kind, g.subject_id, coalesce(u.display_name, c.title, ''), g.level, g.granted_by, g.created_at,
             {SIGHT}
         from way join rony_files f on f.id = way.id join rony_grants g on g.file_id = f.id
         left join rony_users u on u.id = g.subject_id
         left join rony_members m on m.conversation_id = g.subject_id and m.user_id = $1
         left join rony_conversations c on c.id = m.conversation_id
         order by way.depth, g.created_at, g.subject_id"
    );
    let rows = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(eyes.person)
        .bind(eyes.root)
        .bind(eyes.level)
        .bind(id.uuid())
        .fetch_all(&mut *snapshot)
        .await
        .map_err(failed)?;
    let mut grants = Vec::with_capacity(rows.len());
    for row in &rows {
        // Who may share a folder does not learn who sees the one around it.
        if access::sight(row.get(7))?.is_some_and(|sight| sight.level >= Level::Manager) {
            grants.push(read::<DB>(row)?);
        }
    }
    Ok(grants)
}

fn read<DB: Dialect>(row: &DB::Row) -> Result<Grant> {
    Ok(Grant {
        file_id: ItemId(row.get(0)),
        subject: Subject::new(kind(&row.get::<String, _>(1))?, row.get(2)),
        name: row.get(3),
        level: access::level(row.get(4))?,
        granted_by: UserId(row.get(5)),
        created_at: Timestamp::from_millis(row.get(6)),
    })
}

fn kind(text: &str) -> Result<SubjectKind> {
    match text {
        "person" => Ok(SubjectKind::Person),
        "conversation" => Ok(SubjectKind::Conversation),
        other => Err(Error::internal(format!("a kind of subject that this version does not know: {other}"))),
    }
}

const fn write_kind(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Person => "person",
        SubjectKind::Conversation => "conversation",
    }
}

pub(super) async fn grant<DB: Dialect>(store: &SqlStore<DB>, grant: GrantTo) -> Result<()> {
    let GrantTo { by, id, subject, level } = grant;
    let known = known(store, by, subject).await?;
    // A stream is made for whom there is; whoever is made up gets none.
    let stream = (known != Known::No).then_some(StreamId(subject.uuid()));
    // Who may share it from now on keeps what they gave.
    let further =
        if level == Level::Manager { Vec::new() } else { given_further(store, id, subject.uuid()).await? };
    let streams: Vec<_> =
        stream.into_iter().chain(further.iter().map(|given| StreamId(given.subject))).collect();
    let (mut change, found) = begin(store, by, id, streams).await?;
    may(Deed::Share, Some(found.sight))?;
    let given = given(&mut change, id, subject.uuid()).await?;
    if given == Some(level) {
        return Ok(());
    }
    let known = match known {
        Known::No => Known::No,
        _ => known_in::<DB>(change.connection(), by, subject).await?,
    };
    let (known, count) = match (known, given) {
        // What they have already may be made less, or more.
        (Known::Blocks, Some(_)) => (Known::Yes, 0),
        (known, Some(_)) => (known, 0),
        (known, None) => (known, count(&mut change, id).await?),
    };
    may_grant(subject, level, found.item.owner_id, known, count)?;
    write(&mut change, grant).await?;
    end_further(&mut change, id, subject.uuid(), &further).await?;
    change.append(StreamId(subject.uuid()), NewEvent::new(&GrantEvent::Added { file_id: id, level }), None);
    tell(&mut change, found.item.owner_id, id, found.parent);
    change.commit().await
}

async fn write<DB: Dialect>(change: &mut Change<'_, DB>, grant: GrantTo) -> Result<()> {
    let by = grant.by.reader.person().ok_or_else(|| Error::internal("only people share"))?;
    sqlx::query::<DB>(
        "insert into rony_grants (file_id, subject_id, kind, level, granted_by, created_at)
         values ($1, $2, $3, $4, $5, $6) on conflict (file_id, subject_id) do update
         set level = excluded.level, granted_by = excluded.granted_by, created_at = excluded.created_at",
    )
    .bind(grant.id.uuid())
    .bind(grant.subject.uuid())
    .bind(write_kind(grant.subject.kind()).to_owned())
    .bind(write_level(grant.level))
    .bind(by.uuid())
    .bind(grant.by.at.as_millis())
    .execute(change.connection())
    .await
    .map_err(failed)?;
    Ok(())
}

async fn known<DB: Dialect>(store: &SqlStore<DB>, by: By, subject: Subject) -> Result<Known> {
    let mut connection = store.read().acquire().await.map_err(failed)?;
    known_in::<DB>(&mut connection, by, subject).await
}

/// What a subject is to the one who shares.
async fn known_in<DB: Dialect>(connection: &mut DB::Connection, by: By, subject: Subject) -> Result<Known> {
    let sql = match subject {
        Subject::Person(_) => {
            "select k.owner_id is not null from rony_users u
             left join rony_contacts k on k.owner_id = u.id and k.user_id = $2 and k.blocked
             where u.id = $1 and u.deactivated_at is null"
        }
        Subject::Conversation(_) => {
            "select false from rony_members where conversation_id = $1 and user_id = $2"
        }
    };
    let by = by.reader.person().map_or_else(Uuid::nil, UserId::uuid);
    let query = sqlx::query_scalar::<DB, bool>(sql).bind(subject.uuid()).bind(by);
    Ok(match query.fetch_optional(connection).await.map_err(failed)? {
        None => Known::No,
        Some(false) => Known::Yes,
        Some(true) => Known::Blocks,
    })
}

async fn given<DB: Dialect>(change: &mut Change<'_, DB>, id: ItemId, subject: Uuid) -> Result<Option<Level>> {
    let row = sqlx::query::<DB>("select level from rony_grants where file_id = $1 and subject_id = $2")
        .bind(id.uuid())
        .bind(subject)
        .fetch_optional(change.connection())
        .await
        .map_err(failed)?;
    row.map(|row| access::level(row.get(0))).transpose()
}

async fn count<DB: Dialect>(change: &mut Change<'_, DB>, id: ItemId) -> Result<i64> {
    sqlx::query_scalar::<DB, i64>("select count(*) from rony_grants where file_id = $1")
        .bind(id.uuid())
        .fetch_one(change.connection())
        .await
        .map_err(failed)
}

pub(super) async fn revoke<DB: Dialect>(
    store: &SqlStore<DB>,
    by: By,
    id: ItemId,
    subject: Uuid,
) -> Result<()> {
    // An id that somebody made up gets no stream: the grant is looked for first.
    let stream = {
        let row = sqlx::query::<DB>("select level from rony_grants where file_id = $1 and subject_id = $2")
            .bind(id.uuid())
            .bind(subject)
            .fetch_optional(store.read())
            .await
            .map_err(failed)?;
        row.map(|_| StreamId(subject))
    };
    let further = given_further(store, id, subject).await?;
    let streams: Vec<_> =
        stream.into_iter().chain(further.iter().map(|given| StreamId(given.subject))).collect();
    let (mut change, found) = begin(store, by, id, streams).await?;
    let own = by.reader.person().is_some_and(|person| person.uuid() == subject);
    may(if own { Deed::See } else { Deed::Share }, Some(found.sight))?;
    let removed =
        sqlx::query::<DB>("delete from rony_grants where file_id = $1 and subject_id = $2 returning level")
            .bind(id.uuid())
            .bind(subject)
            .fetch_optional(change.connection())
            .await
            .map_err(failed)?;
    let Some(stream) = stream.filter(|_| removed.is_some()) else { return Err(Error::NotFound("grant")) };
    change.append(stream, NewEvent::new(&GrantEvent::Removed { file_id: id }), None);
    end_further(&mut change, id, subject, &further).await?;
    tell(&mut change, found.item.owner_id, id, found.parent);
    change.commit().await
}

/// What somebody gave to a subject.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Further {
    file: Uuid,
    subject: Uuid,
    by: Uuid,
}

/// What a person gave to others of an item and of what is below it, and what these gave in turn.
async fn given_further<DB: Dialect>(store: &SqlStore<DB>, id: ItemId, person: Uuid) -> Result<Vec<Further>> {
    let mut connection = store.read().acquire().await.map_err(failed)?;
    let (mut further, mut people) = (Vec::new(), vec![person]);
    let mut next = 0;
    while let Some(by) = people.get(next).copied() {
        next += 1;
        // Up from what they gave, since that is never far, while there may be much below an item.
        let rows = sqlx::query::<DB>(
            "with recursive up (file_id, subject_id, id) as (
                 select file_id, subject_id, file_id from rony_grants where granted_by = $1
                 union all
                 select up.file_id, up.subject_id, f.parent_id from up join rony_files f on f.id = up.id)
             select file_id, subject_id from up where id = $2",
        )
        .bind(by)
        .bind(id.uuid())
        .fetch_all(&mut *connection)
        .await
        .map_err(failed)?;
        for row in rows {
            let given = Further { file: row.get(0), subject: row.get(1), by };
            if given.subject != person || given.file != id.uuid() {
                further.push(given);
            }
            if !people.contains(&given.subject) {
                people.push(given.subject);
            }
        }
    }
    Ok(further)
}

/// Ends what a person gave further of an item, when they may share it no more. Who has it from somebody else, too, keeps that.
async fn end_further<DB: Dialect>(
    change: &mut Change<'_, DB>,
    id: ItemId,
    person: Uuid,
    further: &[Further],
) -> Result<()> {
    if further.is_empty() || manages::<DB>(change.connection(), id, person).await? {
        return Ok(());
    }
    let mut ended = vec![person];
    for given in further {
        if !ended.contains(&given.by) {
            if manages::<DB>(change.connection(), ItemId(given.file), given.by).await? {
                continue;
            }
            ended.push(given.by);
        }
        let removed = sqlx::query::<DB>(
            "delete from rony_grants where file_id = $1 and subject_id = $2 and granted_by = $3 returning level",
        )
        .bind(given.file)
        .bind(given.subject)
        .bind(given.by)
        .fetch_optional(change.connection())
        .await
        .map_err(failed)?;
        if removed.is_some() {
            let gone = GrantEvent::Removed { file_id: ItemId(given.file) };
            change.append(StreamId(given.subject), NewEvent::new(&gone), None);
        }
    }
    Ok(())
}

/// Whether a person may share an item.
async fn manages<DB: Dialect>(connection: &mut DB::Connection, id: ItemId, person: Uuid) -> Result<bool> {
    match load_seen::<DB>(connection, Eyes::of(Reader::Person(UserId(person))), id).await {
        Ok(found) => Ok(found.sight.level >= Level::Manager),
        Err(Error::NotFound(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
