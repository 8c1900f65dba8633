//! Scheduled meetings on SQL.

mod add;
mod change;
mod party;
mod row;

use async_trait::async_trait;
use rony_core::{
    Error, Result,
    id::{MeetingId, UserId},
    meeting::{
        AddMeeting, CancelMeeting, ChangeMeeting, GiveAnswer, ListMeetings, Meeting, MeetingKey, MeetingMade,
        MeetingStore, WhoIsBusy, free::Busy,
    },
    member::{Newcomer, may_bring},
    time::Timestamp,
    username::DisplayName,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::{SqlStore, dialect::Dialect, failed, member, values};

#[async_trait]
impl<DB: Dialect> MeetingStore for SqlStore<DB> {
    async fn add_meeting(&self, add: &AddMeeting) -> Result<MeetingMade> {
        add::add(self, add).await
    }

    async fn meeting(&self, reader: UserId, id: MeetingId) -> Result<Meeting> {
        let mut snapshot = self.snapshot().await?;
        let sql = format!("{} and p.user_id = $1 and m.id = $2", row::SEEN);
        let row = sqlx::query::<DB>(AssertSqlSafe(sql))
            .bind(reader.uuid())
            .bind(id.uuid())
            .fetch_optional(&mut *snapshot)
            .await
            .map_err(failed)?
            .ok_or(Error::NotFound("meeting"))?;
        let mut meetings = vec![row::read::<DB>(&row)?];
        row::fill::<DB>(&mut snapshot, &mut meetings).await?;
        meetings.pop().ok_or(Error::NotFound("meeting"))
    }

    async fn meeting_names(&self, reader: UserId, id: MeetingId) -> Result<Vec<(UserId, DisplayName)>> {
        let rows = sqlx::query::<DB>(
            "select u.id, u.display_name from rony_meeting_people p join rony_users u on u.id = p.user_id
             where p.meeting_id = $2 and exists (
                 select 1 from rony_meeting_people own where own.meeting_id = p.meeting_id and own.user_id = $1)
             order by u.id",
        )
        .bind(reader.uuid())
        .bind(id.uuid())
        .fetch_all(self.read())
        .await
        .map_err(failed)?;
        if rows.is_empty() {
            return Err(Error::NotFound("meeting"));
        }
        Ok(rows.iter().map(|row| (UserId(row.get(0)), DisplayName::from_store(row.get(1)))).collect())
    }

    async fn meetings(&self, list: &ListMeetings) -> Result<Vec<Meeting>> {
        let first = MeetingKey { starts_at: Timestamp::from_millis(i64::MIN), id: MeetingId(Uuid::nil()) };
        let after = list.after.unwrap_or(first);
        let mut snapshot = self.snapshot().await?;
        let sql = format!(
            "{} and p.user_id = $1 and p.ends_at > $2 and p.starts_at < $3 and (p.starts_at, p.meeting_id) > ($4, $5)
             order by p.starts_at, p.meeting_id limit $6",
            row::SEEN
        );
        let rows = sqlx::query::<DB>(AssertSqlSafe(sql))
            .bind(list.reader.uuid())
            .bind(list.range.from.as_millis())
            .bind(list.range.to.as_millis())
            .bind(after.starts_at.as_millis())
            .bind(after.id.uuid())
            .bind(list.limit)
            .fetch_all(&mut *snapshot)
            .await
            .map_err(failed)?;
        let mut meetings = rows.iter().map(row::read::<DB>).collect::<Result<Vec<_>>>()?;
        row::fill::<DB>(&mut snapshot, &mut meetings).await?;
        Ok(meetings)
    }

    async fn change_meeting(&self, asked: &ChangeMeeting) -> Result<Meeting> {
        change::change(self, asked).await
    }

    async fn cancel_meeting(&self, asked: &CancelMeeting) -> Result<Meeting> {
        change::cancel(self, asked).await
    }

    async fn answer_meeting(&self, answer: &GiveAnswer) -> Result<Meeting> {
        change::answer(self, answer).await
    }

    async fn busy(&self, who: &WhoIsBusy) -> Result<Vec<Busy>> {
        let mut snapshot = self.snapshot().await?;
        let known = member::newcomers::<DB>(&mut snapshot, who.reader, &who.people).await?;
        for (position, person) in who.people.iter().enumerate() {
            let person = known.get(person).copied().unwrap_or_default();
            // Who has blocked the reader is as somebody without meetings: that they block shows nowhere.
            may_bring(Newcomer { blocks: false, ..person }, "people", position)?;
        }
        let mut busy = Vec::new();
        for people in who.people.chunks(values::MOST) {
            let sql = format!(
                "select p.user_id, p.starts_at, p.ends_at from rony_meeting_people p
                 join rony_meetings m on m.id = p.meeting_id and m.cancelled_at is null
                 join rony_users o on o.id = m.organizer_id and o.deactivated_at is null
                 where p.ends_at > $1 and p.starts_at < $2 and p.answer <> 'declined'
                 and not (m.organizer_id = $3 and m.id = $4)
                 and not exists (select 1 from rony_contacts k where k.owner_id = p.user_id and k.user_id = $3 and k.blocked)
                 and p.user_id in ({}) order by p.starts_at, p.ends_at",
                values::list_from(5, people.len())
            );
            let query = sqlx::query::<DB>(AssertSqlSafe(sql))
                .bind(who.range.from.as_millis())
                .bind(who.range.to.as_millis())
                .bind(who.reader.uuid())
                .bind(who.without.map_or(Uuid::nil(), MeetingId::uuid));
            let query = values::padded(people).fold(query, |query, person| query.bind(person.uuid()));
            let rows = query.fetch_all(&mut *snapshot).await.map_err(failed)?;
            let moment = |row: &DB::Row, column| Timestamp::from_millis(row.get(column));
            busy.extend(rows.iter().map(|row| Busy {
                user_id: UserId(row.get(0)),
                from: moment(row, 1),
                to: moment(row, 2),
            }));
        }
        Ok(busy)
    }

    async fn due_reminders(&self, now: Timestamp, limit: i64) -> Result<Vec<MeetingId>> {
        let rows = sqlx::query::<DB>(
            "select meeting_id from rony_meeting_reminders where due_at <= $1
             group by meeting_id order by min(due_at), meeting_id limit $2",
        )
        .bind(now.as_millis())
        .bind(limit)
        .fetch_all(self.read())
        .await
        .map_err(failed)?;
        Ok(rows.iter().map(|row| MeetingId(row.get(0))).collect())
    }

    async fn remind(&self, id: MeetingId, now: Timestamp) -> Result<bool> {
        change::remind(self, id, now).await
    }
}
