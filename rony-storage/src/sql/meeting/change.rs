//! Changing, cancelling and answering meetings, and reminding of them.

use rony_core::{
    Error, Result,
    id::{MeetingId, UserId},
    meeting::{
        CancelMeeting, ChangeMeeting, GiveAnswer, Invitee, Meeting, MeetingEvent, answers, is_current, keeps,
        minds, still_on, tells,
    },
    notification::NotificationKind,
    stream::NewEvent,
    time::Timestamp,
};

use super::{
    add::may_ask,
    party::{Begun, begin, tell_changed},
    row,
};
use crate::sql::{SqlStore, audit, change::Change, dialect::Dialect, failed, notification, room};

pub(super) async fn change<DB: Dialect>(store: &SqlStore<DB>, asked: &ChangeMeeting) -> Result<Meeting> {
    let wanted = asked.change.people.as_deref().unwrap_or_default();
    let mut begun = begin(store, asked.id, asked.at, wanted).await?;
    let was = begun.meeting.clone();
    keeps(&was, asked.by)?;
    still_on(&was, asked.at)?;
    is_current(&was, asked.change.version)?;
    let mut next = was.changed(&asked.change, asked.at)?;
    let mut new = Vec::new();
    if let Some(people) = &asked.change.people {
        let people: Vec<_> = people.iter().copied().filter(|person| *person != was.organizer_id).collect();
        new.extend(people.iter().copied().filter(|person| was.answer_of(*person).is_none()));
        may_ask(&mut begun.change, asked.by, wanted, &new).await?;
        let invitee = |user_id| Invitee { user_id, answer: next.answer_of(user_id).unwrap_or_default() };
        next.invitees = people.into_iter().map(invitee).collect();
        next.invitees.sort_unstable_by_key(|invitee| invitee.user_id);
    }
    write(&mut begun.change, &was, &next).await?;
    tell(&mut begun, &was, &next, &new).await?;
    audit::record(&mut begun.change, &asked.entry).await?;
    begun.change.commit().await?;
    Ok(next)
}

async fn write<DB: Dialect>(change: &mut Change<'_, DB>, was: &Meeting, next: &Meeting) -> Result<()> {
    row::update(change, next).await?;
    if next.invitees != was.invitees || next.is_elsewhen(was) {
        row::write_people(change, next).await?;
    }
    // What was given already is not given again, unless it is about another time.
    if next.reminders != was.reminders || next.starts_at != was.starts_at {
        row::write_reminders(change, next).await?;
    }
    if next.title != was.title {
        sqlx::query::<DB>("update rony_rooms set title = $2 where id = $1")
            .bind(next.room_id.uuid())
            .bind(next.title.clone())
            .execute(change.connection())
            .await
            .map_err(failed)?;
    }
    Ok(())
}

/// Tells all who are or were asked what became of the meeting.
async fn tell<DB: Dialect>(
    begun: &mut Begun<'_, DB>,
    was: &Meeting,
    next: &Meeting,
    new: &[UserId],
) -> Result<()> {
    let gone: Vec<_> = people(was).filter(|person| next.answer_of(*person).is_none()).collect();
    for user in &gone {
        let removed = MeetingEvent::Removed { meeting_id: was.id };
        begun.change.append(*user, NewEvent::new(&removed), None);
    }
    notification::clear_of_meeting(&mut begun.change, was.id, &gone).await?;
    tell_changed(&mut begun.change, next.id, people(next).chain([next.organizer_id]));
    begun.notify(NotificationKind::MeetingInvitation, new).await?;
    if next.is_elsewhen(was) || next.title != was.title {
        let mut others = begun.those(tells);
        others.retain(|person| !gone.contains(person));
        begun.notify(NotificationKind::MeetingChange, &others).await?;
    }
    Ok(())
}

fn people(meeting: &Meeting) -> impl Iterator<Item = UserId> {
    meeting.invitees.iter().map(|invitee| invitee.user_id)
}

pub(super) async fn cancel<DB: Dialect>(store: &SqlStore<DB>, asked: &CancelMeeting) -> Result<Meeting> {
    let mut begun = begin(store, asked.id, asked.at, &[]).await?;
    let was = begun.meeting.clone();
    keeps(&was, asked.by)?;
    still_on(&was, asked.at)?;
    sqlx::query::<DB>(
        "update rony_meetings set cancelled_at = $2, changed_at = $2, version = version + 1 where id = $1",
    )
    .bind(was.id.uuid())
    .bind(asked.at.as_millis())
    .execute(begun.change.connection())
    .await
    .map_err(failed)?;
    room::remove(&mut begun.change, was.room_id).await?;
    row::take_reminders(&mut begun.change, was.id, None).await?;
    tell_changed(&mut begun.change, was.id, people(&was).chain([was.organizer_id]));
    let told = begun.those(tells);
    begun.notify(NotificationKind::MeetingCancellation, &told).await?;
    // The organizer may have been reminded of it.
    notification::clear_of_meeting(&mut begun.change, was.id, &[was.organizer_id]).await?;
    audit::record(&mut begun.change, &asked.entry).await?;
    begun.change.commit().await?;
    Ok(was)
}

pub(super) async fn answer<DB: Dialect>(store: &SqlStore<DB>, given: &GiveAnswer) -> Result<Meeting> {
    let begun = begin(store, given.id, given.at, &[given.by]).await?;
    if !begun.is_there() {
        return Err(Error::NotFound("meeting"));
    }
    answers(&begun.meeting, given.by, given.at)?;
    let Begun { mut change, mut meeting, .. } = begun;
    let Some(invitee) = meeting.invitees.iter_mut().find(|invitee| invitee.user_id == given.by) else {
        return Err(Error::NotFound("meeting"));
    };
    let news = std::mem::replace(&mut invitee.answer, given.answer) != given.answer;
    if news {
        sqlx::query::<DB>(
            "update rony_meeting_people set answer = $3 where meeting_id = $1 and user_id = $2",
        )
        .bind(given.id.uuid())
        .bind(given.by.uuid())
        .bind(row::write_answer(given.answer).to_owned())
        .execute(change.connection())
        .await
        .map_err(failed)?;
        tell_changed(&mut change, given.id, [given.by, meeting.organizer_id]);
    }
    notification::clear_of_meeting(&mut change, given.id, &[given.by]).await?;
    change.commit().await?;
    Ok(meeting)
}

pub(super) async fn remind<DB: Dialect>(store: &SqlStore<DB>, id: MeetingId, now: Timestamp) -> Result<bool> {
    let mut begun = begin(store, id, now, &[]).await?;
    if row::take_reminders(&mut begun.change, id, Some(now)).await? == 0 {
        return Ok(false);
    }
    // After a long time without a server nobody is reminded of what is over.
    if begun.is_there() && still_on(&begun.meeting, now).is_ok() {
        let people = begun.those(minds);
        begun.notify(NotificationKind::MeetingReminder, &people).await?;
    }
    begun.change.commit().await?;
    Ok(true)
}
