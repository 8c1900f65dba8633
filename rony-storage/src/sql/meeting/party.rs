//! Those who take part in a meeting, their streams, and what they are told.

use std::collections::BTreeSet;

use rony_core::{
    Error, Result,
    id::{MeetingId, UserId},
    meeting::{Facts, Meeting, MeetingEvent},
    notification::NotificationKind,
    stream::{NewEvent, StreamId},
    time::Timestamp,
};
use sqlx::Row;

use super::row;
use crate::sql::{SqlStore, change::Change, dialect::Dialect, failed, notification};

/// A meeting whose change has begun: all who take part are known, and their streams are locked.
pub(super) struct Begun<'s, DB: Dialect> {
    pub(super) change: Change<'s, DB>,
    pub(super) meeting: Meeting,
    /// What is true about each of them, the organizer too.
    people: Vec<(UserId, Facts)>,
}

/// Begins to change a meeting, with the streams of `others` locked too. Every change of a meeting locks its organizer's stream, so no two of them are
/// under way at once.
///
/// # Errors
///
/// [`Error::NotFound`] when there is none.
pub(super) async fn begin<'s, DB: Dialect>(
    store: &'s SqlStore<DB>,
    id: MeetingId,
    at: Timestamp,
    others: &[UserId],
) -> Result<Begun<'s, DB>> {
    loop {
        let mut change = store.change(at).await?;
        let before = people_of::<DB>(change.connection(), id).await?;
        if before.is_empty() {
            return Err(Error::NotFound("meeting"));
        }
        let known: BTreeSet<_> = before.iter().map(|(user, _)| *user).collect();
        change.lock(known.iter().chain(others).map(|user| StreamId::from(*user))).await?;
        let people = people_of::<DB>(change.connection(), id).await?;
        // Somebody was asked meanwhile: once more, with them.
        if people.iter().all(|(user, _)| known.contains(user)) {
            let meeting = row::load::<DB>(change.connection(), id).await?;
            return Ok(Begun { change, meeting, people });
        }
    }
}

impl<DB: Dialect> Begun<'_, DB> {
    /// Those of whom `which` is true.
    pub(super) fn those(&self, which: impl Fn(Facts) -> bool) -> Vec<UserId> {
        self.people.iter().filter(|(_, facts)| which(*facts)).map(|(user, _)| *user).collect()
    }

    /// Nobody sees a meeting whose organizer is switched off.
    pub(super) fn is_there(&self) -> bool {
        !self.people.iter().any(|(_, facts)| facts.organizer && facts.deactivated)
    }

    /// Notifies people of it, on behalf of its organizer.
    pub(super) async fn notify(&mut self, kind: NotificationKind, people: &[UserId]) -> Result<()> {
        let Meeting { id, organizer_id, .. } = self.meeting;
        notification::of_meeting(&mut self.change, id, kind, organizer_id, people).await
    }
}

/// Tells people's own streams, which the change has locked, that there is something to look at.
pub(super) fn tell_changed<DB: Dialect>(
    change: &mut Change<'_, DB>,
    meeting_id: MeetingId,
    people: impl IntoIterator<Item = UserId>,
) {
    for user in people {
        change.append(user, NewEvent::new(&MeetingEvent::Changed { meeting_id }), None);
    }
}

async fn people_of<DB: Dialect>(
    connection: &mut DB::Connection,
    id: MeetingId,
) -> Result<Vec<(UserId, Facts)>> {
    let rows = sqlx::query::<DB>(
        "select p.user_id, p.answer, p.user_id = m.organizer_id, u.deactivated_at is not null, exists (
             select 1 from rony_contacts k where k.owner_id = p.user_id and k.user_id = m.organizer_id and k.blocked)
         from rony_meeting_people p join rony_meetings m on m.id = p.meeting_id join rony_users u on u.id = p.user_id
         where p.meeting_id = $1 order by p.user_id",
    )
    .bind(id.uuid())
    .fetch_all(connection)
    .await
    .map_err(failed)?;
    let facts = |row: &DB::Row| {
        let answer = row::read_answer(&row.get::<String, _>(1))?;
        let facts = Facts { organizer: row.get(2), answer, deactivated: row.get(3), blocks: row.get(4) };
        Ok((UserId(row.get(0)), facts))
    };
    rows.iter().map(facts).collect()
}
