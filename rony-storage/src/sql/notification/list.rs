//! A person's list: their own rows, and the unread messages that mention everybody.

use rony_core::{
    Result,
    id::{NotificationId, UserId},
    notification::{Notification, NotificationKey},
    time::Timestamp,
};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::row::{COLUMNS, read};
use crate::sql::{dialect::Dialect, failed, place::VISIBLE};

/// Unread mentions of everybody that a list shows at most.
const MOST_OF_EVERYBODY: i64 = 500;

pub(super) async fn page<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
    after: Option<NotificationKey>,
    rows: i64,
) -> Result<Vec<Notification>> {
    let first = NotificationKey {
        cleared: false,
        at: Timestamp::from_millis(i64::MAX),
        id: NotificationId(Uuid::max()),
    };
    let after = after.unwrap_or(first);
    let mut found = Vec::new();
    if !after.cleared {
        found = rows_of::<DB>(connection, user, after, rows).await?;
        let everybody = mentions_of_everybody::<DB>(connection, user).await?.into_iter();
        found.extend(everybody.filter(|it| (it.at, it.id) < (after.at, after.id)));
        found.sort_unstable_by_key(|it| std::cmp::Reverse((it.at, it.id)));
        found.truncate(usize::try_from(rows).unwrap_or(usize::MAX));
    }
    let rows = rows - found.len() as i64;
    if rows > 0 {
        let after = if after.cleared { after } else { NotificationKey { cleared: true, ..first } };
        found.extend(rows_of::<DB>(connection, user, after, rows).await?);
    }
    Ok(found)
}

/// The newest open notifications of a person that are rows, for a snapshot.
pub(crate) async fn open<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
    rows: i64,
) -> Result<Vec<Notification>> {
    let (at, id) = (Timestamp::from_millis(i64::MAX), NotificationId(Uuid::max()));
    rows_of::<DB>(connection, user, NotificationKey { cleared: false, at, id }, rows).await
}

/// Rows after a key, of its kind.
async fn rows_of<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
    after: NotificationKey,
    rows: i64,
) -> Result<Vec<Notification>> {
    let kind = if after.cleared { "not null" } else { "null" };
    let sql = format!(
        "select {COLUMNS} from rony_notifications n where n.user_id = $1 and n.cleared_at is {kind}
         and (n.at, n.id) < ($2, $3) order by n.at desc, n.id desc limit $4"
    );
    let rows = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(user.uuid())
        .bind(after.at.as_millis())
        .bind(after.id.uuid())
        .bind(rows)
        .fetch_all(connection)
        .await
        .map_err(failed)?;
    rows.iter().map(read::<DB>).collect()
}

/// The unread messages of a person's conversations that mention everybody, and that the person has neither cleared nor been
/// notified of by name. Each has the message's id as its own.
pub(super) async fn mentions_of_everybody<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
) -> Result<Vec<Notification>> {
    let sql = format!(
        "select m.id, 'mention', m.conversation_id, m.thread_id, m.id, m.seq, m.ordinal, true, m.sender_id,
         cast(1 as bigint), coalesce(u.dnd_until, 0) > m.at, m.at, cast(null as bigint), null
         from rony_members r
         join rony_users u on u.id = r.user_id
         join rony_conversations c on c.id = r.conversation_id and c.kind <> 'direct'
         join rony_mentions x on x.conversation_id = r.conversation_id and x.user_id = $2 and x.ordinal > r.read_ordinal
         join rony_messages m on {VISIBLE} and m.seq = x.seq
         where r.user_id = $1 and r.level <> 'nothing' and coalesce(r.muted_until, 0) <= m.at and m.sender_id <> $1
         and not exists (select 1 from rony_notifications n where n.user_id = $1 and n.message_id = m.id)
         and not exists (select 1 from rony_contacts k where k.owner_id = $1 and k.user_id = m.sender_id and k.blocked)
         order by m.at desc limit $3"
    );
    let rows = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(user.uuid())
        .bind(Uuid::nil())
        .bind(MOST_OF_EVERYBODY)
        .fetch_all(connection)
        .await
        .map_err(failed)?;
    rows.iter().map(read::<DB>).collect()
}
