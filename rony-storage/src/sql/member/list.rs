//! Lists of members, page by page.

use rony_core::{
    Error, Result,
    id::{ConversationId, UserId},
    member::{Level, Member},
    permission::{Action, check},
    time::Timestamp,
    username::{DisplayName, Username},
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::sql::{
    SqlStore,
    dialect::Dialect,
    failed,
    place::{read_role, standing},
    values,
};

pub(super) async fn page<DB: Dialect>(
    store: &SqlStore<DB>,
    reader: UserId,
    conversation: ConversationId,
    after: Option<UserId>,
    rows: i64,
) -> Result<Vec<Member>> {
    let mut snapshot = store.snapshot().await?;
    check(Action::Read, standing::<DB>(&mut snapshot, conversation, reader).await?.place)?;
    list::<DB>(&mut snapshot, conversation, after, rows).await
}

/// The members of a conversation in id order after `after`, on the caller's connection.
pub(crate) async fn list<DB: Dialect>(
    connection: &mut DB::Connection,
    conversation: ConversationId,
    after: Option<UserId>,
    rows: i64,
) -> Result<Vec<Member>> {
    let rows = sqlx::query::<DB>(
        "select m.user_id, m.role, m.joined_at, u.username, u.display_name
         from rony_members m join rony_users u on u.id = m.user_id
         where m.conversation_id = $1 and m.user_id > $2 order by m.user_id limit $3",
    )
    .bind(conversation.uuid())
    .bind(after.map_or_else(Uuid::nil, UserId::uuid))
    .bind(rows)
    .fetch_all(connection)
    .await
    .map_err(failed)?;
    rows.iter().map(read::<DB>).collect()
}

/// Those of `users` who are members, in id order, on the caller's connection.
pub(super) async fn among<DB: Dialect>(
    connection: &mut DB::Connection,
    conversation: ConversationId,
    users: &[UserId],
) -> Result<Vec<Member>> {
    let mut members = Vec::with_capacity(users.len());
    for users in users.chunks(values::MOST) {
        let sql = format!(
            "select m.user_id, m.role, m.joined_at, u.username, u.display_name
             from rony_members m join rony_users u on u.id = m.user_id
             where m.conversation_id = $1 and m.user_id in ({})",
            values::list_from(2, users.len())
        );
        let query = sqlx::query::<DB>(AssertSqlSafe(sql)).bind(conversation.uuid());
        let query = values::padded(users).fold(query, |query, id| query.bind(id.uuid()));
        for row in query.fetch_all(&mut *connection).await.map_err(failed)? {
            members.push(read::<DB>(&row)?);
        }
    }
    members.sort_unstable_by_key(|member| member.user_id);
    Ok(members)
}

fn read<DB: Dialect>(row: &DB::Row) -> Result<Member> {
    Ok(Member {
        user_id: UserId(row.get(0)),
        role: read_role(&row.get::<String, _>(1))?,
        joined_at: Timestamp::from_millis(row.get(2)),
        username: Username::from_store(row.get(3)),
        display_name: DisplayName::from_store(row.get(4)),
    })
}

/// A level as its column has it.
pub(crate) fn read_level(text: &str) -> Result<Level> {
    match text {
        "all" => Ok(Level::All),
        "mentions" => Ok(Level::Mentions),
        "nothing" => Ok(Level::Nothing),
        other => Err(Error::internal(format!("a level that this version does not know: {other}"))),
    }
}

/// A level as its column wants it.
pub(super) const fn write_level(level: Level) -> &'static str {
    match level {
        Level::All => "all",
        Level::Mentions => "mentions",
        Level::Nothing => "nothing",
    }
}
