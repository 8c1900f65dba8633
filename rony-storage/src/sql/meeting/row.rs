//! Between rows and meetings.

use std::collections::HashMap;

use rony_core::{
    Error, Result,
    id::{MeetingId, RoomId, UserId},
    meeting::{Answer, Invitee, Meeting, MeetingStatus},
    room::RoomCode,
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};

use crate::sql::{
    change::Change,
    dialect::Dialect,
    failed,
    values::{self, from_json, json},
};

/// What [`read`] expects.
const COLUMNS: &str = "m.id, m.organizer_id, m.title, m.description, m.local_start, m.zone, m.minutes, m.starts_at, m.ends_at, \
    m.reminders, m.room_id, m.cancelled_at, m.version, m.created_at, m.changed_at, r.code";

/// The meetings of the people `p` that are there for them: none whose organizer is switched off.
pub(super) const SEEN: &str =
    "select m.id, m.organizer_id, m.title, m.description, m.local_start, m.zone, m.minutes, m.starts_at, \
    m.ends_at, m.reminders, m.room_id, m.cancelled_at, m.version, m.created_at, m.changed_at, r.code
    from rony_meeting_people p join rony_meetings m on m.id = p.meeting_id
    join rony_users o on o.id = m.organizer_id left join rony_rooms r on r.id = m.room_id
    where o.deactivated_at is null";

/// A meeting without its invitees.
pub(super) fn read<DB: Dialect>(row: &DB::Row) -> Result<Meeting> {
    let moment = |column: usize| Timestamp::from_millis(row.get(column));
    let cancelled = row.get::<Option<i64>, _>(11).is_some();
    let code = row.get::<Option<String>, _>(15);
    Ok(Meeting {
        id: MeetingId(row.get(0)),
        organizer_id: UserId(row.get(1)),
        title: row.get(2),
        description: row.get(3),
        start: row.get::<String, _>(4).parse().map_err(Error::internal)?,
        zone: row.get::<String, _>(5).parse().map_err(Error::internal)?,
        minutes: u32::try_from(row.get::<i64, _>(6)).map_err(Error::internal)?,
        starts_at: moment(7),
        ends_at: moment(8),
        reminders: from_json(&row.get::<String, _>(9))?,
        room_id: RoomId(row.get(10)),
        code: code.map(|code| code.parse::<RoomCode>()).transpose().map_err(Error::internal)?,
        status: if cancelled { MeetingStatus::Cancelled } else { MeetingStatus::Scheduled },
        invitees: Vec::new(),
        version: row.get(12),
        created_at: moment(13),
        changed_at: moment(14),
    })
}

/// Whom meetings are for.
pub(super) async fn fill<DB: Dialect>(
    connection: &mut DB::Connection,
    meetings: &mut [Meeting],
) -> Result<()> {
    let ids: Vec<_> = meetings.iter().map(|meeting| meeting.id).collect();
    let mut people: HashMap<MeetingId, Vec<Invitee>> = HashMap::new();
    for ids in ids.chunks(values::MOST) {
        let sql = format!(
            "select meeting_id, user_id, answer from rony_meeting_people where meeting_id in ({}) order by meeting_id, user_id",
            values::list::<DB>(ids.len())
        );
        let query = values::padded(ids)
            .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, id| query.bind(id.uuid()));
        for row in query.fetch_all(&mut *connection).await.map_err(failed)? {
            let invitee =
                Invitee { user_id: UserId(row.get(1)), answer: read_answer(&row.get::<String, _>(2))? };
            people.entry(MeetingId(row.get(0))).or_default().push(invitee);
        }
    }
    for meeting in meetings {
        meeting.invitees = people.remove(&meeting.id).unwrap_or_default();
        meeting.invitees.retain(|invitee| invitee.user_id != meeting.organizer_id);
    }
    Ok(())
}

/// A meeting, whoever asks.
///
/// # Errors
///
/// [`Error::NotFound`] when there is none.
pub(super) async fn load<DB: Dialect>(connection: &mut DB::Connection, id: MeetingId) -> Result<Meeting> {
    let sql = format!(
        "select {COLUMNS} from rony_meetings m left join rony_rooms r on r.id = m.room_id where m.id = $1"
    );
    let row = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(id.uuid())
        .fetch_optional(&mut *connection)
        .await
        .map_err(failed)?
        .ok_or(Error::NotFound("meeting"))?;
    let mut meeting = read::<DB>(&row)?;
    fill::<DB>(connection, std::slice::from_mut(&mut meeting)).await?;
    Ok(meeting)
}

/// Writes all that changes about a meeting.
pub(super) async fn update<DB: Dialect>(change: &mut Change<'_, DB>, meeting: &Meeting) -> Result<()> {
    sqlx::query::<DB>(
        "update rony_meetings set title = $2, description = $3, local_start = $4, zone = $5, minutes = $6, starts_at = $7,
             ends_at = $8, reminders = $9, version = $10, changed_at = $11 where id = $1",
    )
    .bind(meeting.id.uuid())
    .bind(meeting.title.clone())
    .bind(meeting.description.clone())
    .bind(meeting.start.to_string())
    .bind(meeting.zone.name().to_owned())
    .bind(i64::from(meeting.minutes))
    .bind(meeting.starts_at.as_millis())
    .bind(meeting.ends_at.as_millis())
    .bind(json(&meeting.reminders))
    .bind(meeting.version)
    .bind(meeting.changed_at.as_millis())
    .execute(change.connection())
    .await
    .map_err(failed)?;
    Ok(())
}

/// Writes who takes part anew, with the meeting's times.
pub(super) async fn write_people<DB: Dialect>(change: &mut Change<'_, DB>, meeting: &Meeting) -> Result<()> {
    sqlx::query::<DB>("delete from rony_meeting_people where meeting_id = $1")
        .bind(meeting.id.uuid())
        .execute(change.connection())
        .await
        .map_err(failed)?;
    let organizer = Invitee { user_id: meeting.organizer_id, answer: Answer::Accepted };
    let people: Vec<_> = meeting.invitees.iter().copied().chain([organizer]).collect();
    for people in people.chunks(values::MOST) {
        let sql = format!(
            "with v (user_id, meeting_id, starts_at, ends_at, answer) as (values {})
             insert into rony_meeting_people (user_id, meeting_id, starts_at, ends_at, answer)
             select user_id, meeting_id, starts_at, ends_at, answer from v where user_id is not null",
            values::rows::<DB>(5, people.len())
        );
        let mut query = sqlx::query::<DB>(AssertSqlSafe(sql));
        for person in values::optional(people) {
            query = query
                .bind(person.map(|person| person.user_id.uuid()))
                .bind(meeting.id.uuid())
                .bind(meeting.starts_at.as_millis())
                .bind(meeting.ends_at.as_millis())
                .bind(person.map(|person| write_answer(person.answer).to_owned()));
        }
        query.execute(change.connection()).await.map_err(failed)?;
    }
    Ok(())
}

/// Takes the reminders of a meeting that are due by `upto`; all of them without one. How many there were.
pub(super) async fn take_reminders<DB: Dialect>(
    change: &mut Change<'_, DB>,
    meeting: MeetingId,
    upto: Option<Timestamp>,
) -> Result<u64> {
    let rows = sqlx::query::<DB>(
        "delete from rony_meeting_reminders where meeting_id = $1 and due_at <= $2 returning due_at",
    )
    .bind(meeting.uuid())
    .bind(upto.map_or(i64::MAX, Timestamp::as_millis))
    .fetch_all(change.connection())
    .await
    .map_err(failed)?;
    Ok(rows.len() as u64)
}

/// Writes the reminders that are still to come.
pub(super) async fn write_reminders<DB: Dialect>(
    change: &mut Change<'_, DB>,
    meeting: &Meeting,
) -> Result<()> {
    take_reminders(change, meeting.id, None).await?;
    let due = meeting.reminders.iter().map(|minutes| meeting.reminder_at(*minutes));
    let at = change.at();
    for due in due.filter(|due| *due > at) {
        sqlx::query::<DB>("insert into rony_meeting_reminders (meeting_id, due_at) values ($1, $2)")
            .bind(meeting.id.uuid())
            .bind(due.as_millis())
            .execute(change.connection())
            .await
            .map_err(failed)?;
    }
    Ok(())
}

pub(super) fn read_answer(text: &str) -> Result<Answer> {
    match text {
        "none" => Ok(Answer::None),
        "accepted" => Ok(Answer::Accepted),
        "tentative" => Ok(Answer::Tentative),
        "declined" => Ok(Answer::Declined),
        other => Err(Error::internal(format!("an answer that this version does not know: {other}"))),
    }
}

pub(super) const fn write_answer(answer: Answer) -> &'static str {
    match answer {
        Answer::None => "none",
        Answer::Accepted => "accepted",
        Answer::Tentative => "tentative",
        Answer::Declined => "declined",
    }
}
