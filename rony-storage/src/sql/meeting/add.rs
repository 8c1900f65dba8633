//! Making scheduled meetings, with their rooms and those who are asked to come.

use std::collections::HashSet;

use rony_core::{
    Error, Result,
    id::{ConversationId, MeetingId, UserId},
    meeting::{AddMeeting, Answer, Invitee, MOST_INVITEES, Meeting, MeetingMade, few_enough, may_schedule},
    member::{Newcomer, may_bring},
    notification::NotificationKind,
    permission::{Action, check},
    stream::StreamId,
};
use sqlx::Row;

use super::{party::tell_changed, row};
use crate::sql::{
    SqlStore, audit, change::Change, dialect::Dialect, failed, member, notification, place::standing, room,
    values::json,
};

pub(super) async fn add<DB: Dialect>(store: &SqlStore<DB>, add: &AddMeeting) -> Result<MeetingMade> {
    let mut meeting = add.meeting.clone();
    let organizer = meeting.organizer_id;
    let mut change = store.change(meeting.created_at).await?;
    let members = match add.conversation_id {
        Some(place) => members_of::<DB>(change.connection(), place).await?,
        None => Vec::new(),
    };
    let named: Vec<_> = meeting.invitees.iter().map(|invitee| invitee.user_id).collect();
    let people = named.iter().chain(&members).chain([&organizer]).map(|user| StreamId::from(*user));
    change.lock(people.chain(add.conversation_id.map(StreamId::from))).await?;
    if let Some(meeting) = repeated(&mut change, add).await? {
        return Ok(MeetingMade { meeting, new: false });
    }
    may_ask(&mut change, organizer, &named, &named).await?;
    let mut asked = named.clone();
    if let Some(place) = add.conversation_id {
        asked.extend(of_conversation(&mut change, organizer, place, &members).await?);
        let mut seen = HashSet::from([organizer]);
        asked.retain(|person| seen.insert(*person));
        few_enough(asked.len(), "conversation_id")?;
    }
    asked.sort_unstable();
    may_schedule(to_come(&mut change, organizer).await?)?;
    meeting.invitees = asked.iter().map(|user| Invitee { user_id: *user, answer: Answer::None }).collect();
    insert(&mut change, &meeting, add).await?;
    tell_changed(&mut change, meeting.id, asked.iter().copied().chain([organizer]));
    let kind = NotificationKind::MeetingInvitation;
    notification::of_meeting(&mut change, meeting.id, kind, organizer, &asked).await?;
    audit::record(&mut change, &add.entry).await?;
    change.commit().await?;
    Ok(MeetingMade { meeting, new: true })
}

async fn insert<DB: Dialect>(change: &mut Change<'_, DB>, meeting: &Meeting, add: &AddMeeting) -> Result<()> {
    room::insert(change, &add.room, None, None).await?;
    sqlx::query::<DB>(
        "insert into rony_meetings (id, organizer_id, client_id, title, description, local_start, zone, minutes, starts_at,
             ends_at, reminders, room_id, cancelled_at, version, created_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, null, $13, $14, $14)",
    )
    .bind(meeting.id.uuid())
    .bind(meeting.organizer_id.uuid())
    .bind(add.client_id.uuid())
    .bind(meeting.title.clone())
    .bind(meeting.description.clone())
    .bind(meeting.start.to_string())
    .bind(meeting.zone.name().to_owned())
    .bind(i64::from(meeting.minutes))
    .bind(meeting.starts_at.as_millis())
    .bind(meeting.ends_at.as_millis())
    .bind(json(&meeting.reminders))
    .bind(meeting.room_id.uuid())
    .bind(meeting.version)
    .bind(meeting.created_at.as_millis())
    .execute(change.connection())
    .await
    .map_err(failed)?;
    row::write_people(change, meeting).await?;
    row::write_reminders(change, meeting).await
}

/// The meeting that the same wish made before.
async fn repeated<DB: Dialect>(change: &mut Change<'_, DB>, add: &AddMeeting) -> Result<Option<Meeting>> {
    let row = sqlx::query::<DB>("select id from rony_meetings where organizer_id = $1 and client_id = $2")
        .bind(add.meeting.organizer_id.uuid())
        .bind(add.client_id.uuid())
        .fetch_optional(change.connection())
        .await
        .map_err(failed)?;
    match row {
        Some(row) => row::load::<DB>(change.connection(), MeetingId(row.get(0))).await.map(Some),
        None => Ok(None),
    }
}

/// Whether these people may all be asked; where they stand in `wish` is said with what is wrong.
pub(super) async fn may_ask<DB: Dialect>(
    change: &mut Change<'_, DB>,
    by: UserId,
    wish: &[UserId],
    people: &[UserId],
) -> Result<()> {
    let known = member::newcomers::<DB>(change.connection(), by, people).await?;
    for (position, person) in wish.iter().enumerate().filter(|(_, person)| people.contains(person)) {
        may_bring(known.get(person).copied().unwrap_or_default(), "people", position)?;
    }
    Ok(())
}

/// Those of the members, read before the lock, who are still in the conversation and may be asked.
async fn of_conversation<DB: Dialect>(
    change: &mut Change<'_, DB>,
    by: UserId,
    place: ConversationId,
    before: &[UserId],
) -> Result<Vec<UserId>> {
    let standing = standing::<DB>(change.connection(), place, by).await?;
    check(Action::Write, standing.place)?;
    if standing.blocked {
        return Err(Error::forbidden("blocked", "You cannot meet with this person."));
    }
    let before: HashSet<_> = before.iter().copied().collect();
    let mut members = members_of::<DB>(change.connection(), place).await?;
    members.retain(|member| before.contains(member));
    let known = member::newcomers::<DB>(change.connection(), by, &members).await?;
    members.retain(|member| {
        matches!(known.get(member), Some(Newcomer { deactivated: false, blocks: false, .. }))
    });
    Ok(members)
}

async fn members_of<DB: Dialect>(
    connection: &mut DB::Connection,
    place: ConversationId,
) -> Result<Vec<UserId>> {
    // One more than can be asked, beside the organizer: then it is too many, however many there are.
    let rows = sqlx::query::<DB>(
        "select user_id from rony_members where conversation_id = $1 order by user_id limit $2",
    )
    .bind(place.uuid())
    .bind(MOST_INVITEES as i64 + 2)
    .fetch_all(connection)
    .await
    .map_err(failed)?;
    Ok(rows.iter().map(|row| UserId(row.get(0))).collect())
}

/// How many meetings somebody has scheduled that are not over.
async fn to_come<DB: Dialect>(change: &mut Change<'_, DB>, organizer: UserId) -> Result<i64> {
    let at = change.at().as_millis();
    sqlx::query_scalar::<DB, i64>(
        "select count(*) from rony_meetings where organizer_id = $1 and ends_at > $2 and cancelled_at is null",
    )
    .bind(organizer.uuid())
    .bind(at)
    .fetch_one(change.connection())
    .await
    .map_err(failed)
}
