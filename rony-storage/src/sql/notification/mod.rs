//! Notifications on SQL: the list, and what clears them.

mod known;
mod list;
mod project;
mod reasons;
mod row;

use std::collections::HashSet;

use async_trait::async_trait;
use rony_core::{
    Error, Result,
    id::{ConversationId, MeetingId, MessageId, NotificationId, UserId},
    notification::{
        ClearNotifications, Cleared, DoNotDisturb, Notification, NotificationEvent, NotificationKey,
        NotificationKind, NotificationStore,
    },
    stream::NewEvent,
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};

pub(crate) use self::{list::open, project::project};
use super::{SqlStore, change::Change, dialect::Dialect, failed, values};

#[async_trait]
impl<DB: Dialect> NotificationStore for SqlStore<DB> {
    async fn notifications(
        &self,
        user: UserId,
        after: Option<NotificationKey>,
        rows: i64,
    ) -> Result<Vec<Notification>> {
        let mut snapshot = self.snapshot().await?;
        list::page::<DB>(&mut snapshot, user, after, rows).await
    }

    async fn clear_notifications(&self, clear: &ClearNotifications) -> Result<Vec<NotificationId>> {
        let user = clear.user;
        let mut change = self.change(clear.at).await?;
        change.lock([user.into()]).await?;
        let everybody = list::mentions_of_everybody::<DB>(change.connection(), user).await?;
        let everybody = everybody.into_iter().filter(|notification| is_meant(&clear.which, notification));
        let mut ids = match &clear.which {
            Cleared::UpTo(moment) => clear_up_to(&mut change, user, *moment).await?,
            Cleared::Ids(ids) => clear_ids(&mut change, user, ids).await?,
            Cleared::Conversation(place) => clear_read(&mut change, user, *place, None).await?,
        };
        // Those are no rows, so that they are one for all; who does not want to see one gets a row that says so.
        let seen =
            everybody.map(|notification| (user, Notification { cleared_at: Some(clear.at), ..notification }));
        let seen: Vec<_> = seen.collect();
        row::write(&mut change, &seen).await?;
        ids.extend(seen.iter().map(|(_, notification)| notification.id));
        tell_cleared(&mut change, user, &ids);
        change.commit().await?;
        Ok(ids)
    }

    async fn do_not_disturb(&self, user: UserId) -> Result<DoNotDisturb> {
        let mut connection = self.read().acquire().await.map_err(failed)?;
        do_not_disturb::<DB>(&mut connection, user).await
    }

    async fn set_do_not_disturb(&self, user: UserId, at: Timestamp, wish: DoNotDisturb) -> Result<()> {
        let mut change = self.change(at).await?;
        change.lock([user.into()]).await?;
        if do_not_disturb::<DB>(change.connection(), user).await? == wish {
            return Ok(());
        }
        sqlx::query::<DB>("update rony_users set dnd_until = $2 where id = $1")
            .bind(user.uuid())
            .bind(wish.until.map(Timestamp::as_millis))
            .execute(change.connection())
            .await
            .map_err(failed)?;
        change.append(user, NewEvent::new(&NotificationEvent::DoNotDisturb(wish)), None);
        change.commit().await
    }
}

/// Until when somebody does not want to be disturbed.
pub(crate) async fn do_not_disturb<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
) -> Result<DoNotDisturb> {
    let until = sqlx::query_scalar::<DB, Option<i64>>("select dnd_until from rony_users where id = $1")
        .bind(user.uuid())
        .fetch_optional(connection)
        .await
        .map_err(failed)?
        .ok_or(Error::NotFound("user"))?;
    Ok(DoNotDisturb { until: until.map(Timestamp::from_millis) })
}

/// Those who do not want to be disturbed at `at`.
async fn left_in_peace<DB: Dialect>(
    connection: &mut DB::Connection,
    people: &[UserId],
    at: Timestamp,
) -> Result<HashSet<UserId>> {
    let mut found = HashSet::new();
    for people in people.chunks(values::MOST) {
        let sql = format!(
            "select id from rony_users where dnd_until > $1 and id in ({})",
            values::list_from(2, people.len())
        );
        let query = sqlx::query::<DB>(AssertSqlSafe(sql)).bind(at.as_millis());
        let query = values::padded(people).fold(query, |query, user| query.bind(user.uuid()));
        let rows = query.fetch_all(&mut *connection).await.map_err(failed)?;
        found.extend(rows.iter().map(|row| UserId(row.get(0))));
    }
    Ok(found)
}

fn is_meant(which: &Cleared, notification: &Notification) -> bool {
    match which {
        Cleared::UpTo(moment) => notification.at <= *moment,
        Cleared::Ids(ids) => ids.contains(&notification.id),
        Cleared::Conversation(place) => notification.conversation_id == Some(*place),
    }
}

async fn clear_up_to<DB: Dialect>(
    change: &mut Change<'_, DB>,
    user: UserId,
    moment: Timestamp,
) -> Result<Vec<NotificationId>> {
    let rows = sqlx::query::<DB>(
        "update rony_notifications set cleared_at = $2 where user_id = $1 and cleared_at is null and at <= $3 returning id",
    )
    .bind(user.uuid())
    .bind(change.at().as_millis())
    .bind(moment.as_millis())
    .fetch_all(change.connection())
    .await
    .map_err(failed)?;
    Ok(rows.iter().map(|row| NotificationId(row.get(0))).collect())
}

async fn clear_ids<DB: Dialect>(
    change: &mut Change<'_, DB>,
    user: UserId,
    ids: &[NotificationId],
) -> Result<Vec<NotificationId>> {
    let mut cleared = Vec::new();
    for ids in ids.chunks(values::MOST) {
        let sql = format!(
            "update rony_notifications set cleared_at = $2 where user_id = $1 and cleared_at is null and id in ({})
             returning id",
            values::list_from(3, ids.len())
        );
        let query = sqlx::query::<DB>(AssertSqlSafe(sql)).bind(user.uuid()).bind(change.at().as_millis());
        let query = values::padded(ids).fold(query, |query, id| query.bind(id.uuid()));
        let rows = query.fetch_all(change.connection()).await.map_err(failed)?;
        cleared.extend(rows.iter().map(|row| NotificationId(row.get(0))));
    }
    Ok(cleared)
}

/// Up to where somebody has read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadUpTo {
    /// In which thread, if in one.
    pub(crate) thread: Option<MessageId>,
    pub(crate) ordinal: i64,
}

/// Clears what somebody has seen by reading in a conversation, all of it without a mark, in the transaction of a change that
/// has locked their own stream. Tells nobody: see [`tell_cleared`].
pub(crate) async fn clear_read<DB: Dialect>(
    change: &mut Change<'_, DB>,
    user: UserId,
    conversation: ConversationId,
    read: Option<ReadUpTo>,
) -> Result<Vec<NotificationId>> {
    const START: &str = "update rony_notifications set cleared_at = $3 where user_id = $1 and conversation_id = $2 and cleared_at is null";
    let condition = match read {
        None => "",
        Some(ReadUpTo { thread: None, .. }) => "and thread_id is null and ordinal <= $4",
        Some(ReadUpTo { thread: Some(_), .. }) => "and thread_id = $5 and ordinal <= $4",
    };
    let sql = format!("{START} {condition} returning id");
    let mut query = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(user.uuid())
        .bind(conversation.uuid())
        .bind(change.at().as_millis());
    if let Some(ReadUpTo { thread, ordinal }) = read {
        query = query.bind(ordinal);
        if let Some(thread) = thread {
            query = query.bind(thread.uuid());
        }
    }
    let rows = query.fetch_all(change.connection()).await.map_err(failed)?;
    Ok(rows.iter().map(|row| NotificationId(row.get(0))).collect())
}

/// Tells somebody's own stream, which the change has locked, that these are not open any more.
pub(crate) fn tell_cleared<DB: Dialect>(change: &mut Change<'_, DB>, user: UserId, ids: &[NotificationId]) {
    for event in NotificationEvent::cleared(ids) {
        change.append(user, NewEvent::new(&event), None);
    }
}

/// The notifications of a message alone: not those that stand for others, too.
const OF_MESSAGE_ALONE: &str =
    "message_id = $1 and (kind = 'mention' or (kind = 'reply' and thread_id is null))";

/// Who has an open notification of this message alone.
pub(crate) async fn notified_of<DB: Dialect>(
    connection: &mut DB::Connection,
    message: MessageId,
) -> Result<Vec<UserId>> {
    let sql =
        format!("select user_id from rony_notifications where {OF_MESSAGE_ALONE} and cleared_at is null");
    let rows = sqlx::query::<DB>(AssertSqlSafe(sql)).bind(message.uuid()).fetch_all(connection).await;
    Ok(rows.map_err(failed)?.iter().map(|row| UserId(row.get(0))).collect())
}

/// Takes the notifications of a message back that is deleted. The change has locked the own streams of `people`.
pub(crate) async fn withdraw<DB: Dialect>(
    change: &mut Change<'_, DB>,
    message: MessageId,
    people: &[UserId],
) -> Result<()> {
    let sql = format!(
        "delete from rony_notifications where {OF_MESSAGE_ALONE} and user_id = $2 returning id, cleared_at is null"
    );
    for user in people {
        let row = sqlx::query::<DB>(AssertSqlSafe(sql.clone()))
            .bind(message.uuid())
            .bind(user.uuid())
            .fetch_optional(change.connection())
            .await
            .map_err(failed)?;
        if let Some(row) = row.filter(|row| row.get::<bool, _>(1)) {
            tell_cleared(change, *user, &[NotificationId(row.get(0))]);
        }
    }
    Ok(())
}

/// Notifies people that somebody brought them into a conversation. The change has locked their own streams.
pub(crate) async fn invite<DB: Dialect>(
    change: &mut Change<'_, DB>,
    conversation: ConversationId,
    people: &[UserId],
    by: UserId,
) -> Result<()> {
    let at = change.at();
    let people: Vec<_> = people.iter().copied().filter(|user| *user != by).collect();
    let notification =
        Notification { conversation_id: Some(conversation), ..by_deed(NotificationKind::Invitation, by, at) };
    add(change, &people, notification).await
}

/// A notification of something that somebody did, and that is no message.
fn by_deed(kind: NotificationKind, by: UserId, at: Timestamp) -> Notification {
    Notification {
        id: NotificationId::new(at),
        kind,
        conversation_id: None,
        meeting_id: None,
        thread_id: None,
        message_id: None,
        seq: 0,
        ordinal: 0,
        all: false,
        actor_id: Some(by),
        count: 1,
        quiet: false,
        at,
        cleared_at: None,
    }
}

/// Gives the same notification to each of these people, whose own streams the change has locked.
async fn add<DB: Dialect>(
    change: &mut Change<'_, DB>,
    people: &[UserId],
    notification: Notification,
) -> Result<()> {
    let at = change.at();
    let in_peace = left_in_peace::<DB>(change.connection(), people, at).await?;
    let notifications = people.iter().map(|user| {
        let (id, quiet) = (NotificationId::new(at), in_peace.contains(user));
        (*user, Notification { id, quiet, ..notification.clone() })
    });
    let notifications: Vec<_> = notifications.collect();
    row::write(change, &notifications).await?;
    for (user, notification) in notifications {
        change.append(user, NewEvent::new(&NotificationEvent::Added { notification }), None);
    }
    Ok(())
}

/// Notifies people of a meeting, in the place of what is open about it. The change has locked their own streams.
pub(crate) async fn of_meeting<DB: Dialect>(
    change: &mut Change<'_, DB>,
    meeting: MeetingId,
    kind: NotificationKind,
    by: UserId,
    people: &[UserId],
) -> Result<()> {
    clear_of_meeting(change, meeting, people).await?;
    let notification = Notification { meeting_id: Some(meeting), ..by_deed(kind, by, change.at()) };
    add(change, people, notification).await
}

/// Clears what is open about a meeting, and tells the people's own streams, which the change has locked.
pub(crate) async fn clear_of_meeting<DB: Dialect>(
    change: &mut Change<'_, DB>,
    meeting: MeetingId,
    people: &[UserId],
) -> Result<()> {
    let at = change.at().as_millis();
    for people in people.chunks(values::MOST) {
        let sql = format!(
            "update rony_notifications set cleared_at = $2 where meeting_id = $1 and cleared_at is null and user_id in ({})
             returning user_id, id",
            values::list_from(3, people.len())
        );
        let query = sqlx::query::<DB>(AssertSqlSafe(sql)).bind(meeting.uuid()).bind(at);
        let query = values::padded(people).fold(query, |query, user| query.bind(user.uuid()));
        for row in query.fetch_all(change.connection()).await.map_err(failed)? {
            tell_cleared(change, UserId(row.get(0)), &[NotificationId(row.get(1))]);
        }
    }
    Ok(())
}
