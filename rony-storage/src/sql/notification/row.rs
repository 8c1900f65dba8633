//! Between rows and notifications.

use rony_core::{
    Error, Result,
    id::{ConversationId, MeetingId, MessageId, NotificationId, UserId},
    notification::{Notification, NotificationKind},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::sql::{change::Change, dialect::Dialect, failed, values};

/// The columns that [`read`] expects, of the table alias `n`.
pub(super) const COLUMNS: &str = "n.id, n.kind, n.conversation_id, n.thread_id, n.message_id, n.message_seq, n.ordinal, \
    n.everybody, n.actor_id, n.count, n.quiet, n.at, n.cleared_at, n.meeting_id";

/// In the place of a conversation, where there is none.
const NOWHERE: Uuid = Uuid::nil();

/// How many [`COLUMNS`] there are.
pub(super) const WIDTH: usize = 14;

pub(super) fn read<DB: Dialect>(row: &DB::Row) -> Result<Notification> {
    Ok(Notification {
        id: NotificationId(row.get(0)),
        kind: read_kind(&row.get::<String, _>(1))?,
        conversation_id: Some(row.get(2)).filter(|id| *id != NOWHERE).map(ConversationId),
        meeting_id: row.get::<Option<Uuid>, _>(13).map(MeetingId),
        thread_id: row.get::<Option<Uuid>, _>(3).map(MessageId),
        message_id: row.get::<Option<Uuid>, _>(4).map(MessageId),
        seq: row.get(5),
        ordinal: row.get(6),
        all: row.get(7),
        actor_id: row.get::<Option<Uuid>, _>(8).map(UserId),
        count: row.get(9),
        quiet: row.get(10),
        at: Timestamp::from_millis(row.get(11)),
        cleared_at: row.get::<Option<i64>, _>(12).map(Timestamp::from_millis),
    })
}

/// Writes people's notifications as they are now, new or not.
pub(super) async fn write<DB: Dialect>(
    change: &mut Change<'_, DB>,
    notifications: &[(UserId, Notification)],
) -> Result<()> {
    const NAMES: &str = "user_id, id, kind, conversation_id, thread_id, message_id, message_seq, ordinal, everybody, \
        actor_id, count, quiet, at, cleared_at, meeting_id";
    for notifications in notifications.chunks(values::MOST) {
        let sql = format!(
            "with v ({NAMES}) as (values {})
             insert into rony_notifications ({NAMES}) select {NAMES} from v where user_id is not null
             on conflict (user_id, id) do update set message_id = excluded.message_id, message_seq = excluded.message_seq,
             ordinal = excluded.ordinal, actor_id = excluded.actor_id, count = excluded.count, quiet = excluded.quiet,
             at = excluded.at, cleared_at = excluded.cleared_at",
            values::rows::<DB>(WIDTH + 1, notifications.len())
        );
        let mut query = sqlx::query::<DB>(AssertSqlSafe(sql));
        for row in values::optional(notifications) {
            let it = row.map(|(_, notification)| notification);
            query = query
                .bind(row.map(|(user, _)| user.uuid()))
                .bind(it.map(|it| it.id.uuid()))
                .bind(it.map(|it| write_kind(it.kind).to_owned()))
                .bind(it.map(|it| it.conversation_id.map_or(NOWHERE, ConversationId::uuid)))
                .bind(it.and_then(|it| it.thread_id).map(MessageId::uuid))
                .bind(it.and_then(|it| it.message_id).map(MessageId::uuid))
                .bind(it.map(|it| it.seq))
                .bind(it.map(|it| it.ordinal))
                .bind(it.is_some_and(|it| it.all))
                .bind(it.and_then(|it| it.actor_id).map(UserId::uuid))
                .bind(it.map(|it| it.count))
                .bind(it.is_some_and(|it| it.quiet))
                .bind(it.map(|it| it.at.as_millis()))
                .bind(it.and_then(|it| it.cleared_at).map(Timestamp::as_millis))
                .bind(it.and_then(|it| it.meeting_id).map(MeetingId::uuid));
        }
        query.execute(change.connection()).await.map_err(failed)?;
    }
    Ok(())
}

fn read_kind(text: &str) -> Result<NotificationKind> {
    match text {
        "mention" => Ok(NotificationKind::Mention),
        "direct" => Ok(NotificationKind::Direct),
        "reply" => Ok(NotificationKind::Reply),
        "invitation" => Ok(NotificationKind::Invitation),
        "meeting_invitation" => Ok(NotificationKind::MeetingInvitation),
        "meeting_change" => Ok(NotificationKind::MeetingChange),
        "meeting_cancellation" => Ok(NotificationKind::MeetingCancellation),
        "meeting_reminder" => Ok(NotificationKind::MeetingReminder),
        "missed_call" => Ok(NotificationKind::MissedCall),
        other => Err(Error::internal(format!("a notification that this version does not know: {other}"))),
    }
}

const fn write_kind(kind: NotificationKind) -> &'static str {
    match kind {
        NotificationKind::Mention => "mention",
        NotificationKind::Direct => "direct",
        NotificationKind::Reply => "reply",
        NotificationKind::Invitation => "invitation",
        NotificationKind::MeetingInvitation => "meeting_invitation",
        NotificationKind::MeetingChange => "meeting_change",
        NotificationKind::MeetingCancellation => "meeting_cancellation",
        NotificationKind::MeetingReminder => "meeting_reminder",
        NotificationKind::MissedCall => "missed_call",
    }
}
