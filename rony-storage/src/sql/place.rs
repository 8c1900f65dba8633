//! The facts about a conversation and somebody in it, and the one predicate of what they may see.

use rony_core::{
    Error, Result,
    id::{ConversationId, MessageId, UserId},
    permission::{Action, Place, Role, check},
    stream::Seq,
};
use sqlx::{AssertSqlSafe, Row};

use super::{SqlStore, dialect::Dialect, failed, values};

/// The one predicate of history, for every statement that shows messages: `r` is the reader's row of `rony_members`,
/// `m` the message.
pub(crate) const VISIBLE: &str = "m.conversation_id = r.conversation_id and m.seq > r.hidden_upto";

/// Whether `c` is a direct conversation of which one person has blocked the other.
pub(crate) const BLOCKED: &str = "c.kind = 'direct' and exists (
     select 1 from rony_members a
     join rony_members b on b.conversation_id = a.conversation_id and b.user_id <> a.user_id
     join rony_contacts k on k.owner_id = a.user_id and k.user_id = b.user_id and k.blocked
     where a.conversation_id = c.id)";

impl<DB: Dialect> SqlStore<DB> {
    /// Those of people in conversations whom `select` finds: it reads them from `v (conversation_id, user_id)`, in which some rows are NULL.
    pub(crate) async fn those_of(
        &self,
        people: &[(ConversationId, UserId)],
        select: &str,
    ) -> Result<Vec<(ConversationId, UserId)>> {
        let mut found = Vec::new();
        for people in people.chunks(values::MOST) {
            let rows = values::rows::<DB>(2, people.len());
            let sql = format!("with v (conversation_id, user_id) as (values {rows}) {select}");
            let mut query = sqlx::query::<DB>(AssertSqlSafe(sql));
            for one in values::optional(people) {
                let (place, user) = one.map(|(place, user)| (place.uuid(), user.uuid())).unzip();
                query = query.bind(place).bind(user);
            }
            let rows = query.fetch_all(self.read()).await.map_err(failed)?;
            found.extend(rows.iter().map(|row| (ConversationId(row.get(0)), UserId(row.get(1)))));
        }
        Ok(found)
    }
}

/// Reads a [`Place`] from a row: the role (or NULL) at `role`, kind, visibility and `archived_at` from `conversation` on.
pub(crate) fn place<DB: Dialect>(row: &DB::Row, role: usize, conversation: usize) -> Result<Place> {
    Ok(Place {
        role: row.get::<Option<String>, _>(role).as_deref().map(read_role).transpose()?,
        direct: row.get::<String, _>(conversation) == "direct",
        public: row.get::<String, _>(conversation + 1) == "public",
        archived: row.get::<Option<i64>, _>(conversation + 2).is_some(),
    })
}

/// A role as its column has it.
pub(crate) fn read_role(text: &str) -> Result<Role> {
    match text {
        "guest" => Ok(Role::Guest),
        "member" => Ok(Role::Member),
        "admin" => Ok(Role::Admin),
        "owner" => Ok(Role::Owner),
        other => Err(Error::internal(format!("a role that this version does not know: {other}"))),
    }
}

/// A role as its column wants it.
pub(crate) const fn write_role(role: Role) -> &'static str {
    match role {
        Role::Guest => "guest",
        Role::Member => "member",
        Role::Admin => "admin",
        Role::Owner => "owner",
    }
}

/// What somebody is in a conversation, read on the caller's transaction.
pub(crate) struct Standing {
    pub(crate) place: Place,
    /// Messages with a seq up to and including this are hidden from them.
    pub(crate) hidden_upto: Seq,
    /// It is a direct conversation, and one of the two has blocked the other.
    pub(crate) blocked: bool,
}

impl Standing {
    /// Whether a message with this seq is there for them.
    pub(crate) fn sees(&self, seq: Seq) -> bool {
        self.place.role.is_some() && seq > self.hidden_upto
    }
}

/// See [`Standing`].
///
/// # Errors
///
/// [`Error::NotFound`] when there is no such conversation, or they may not know of it.
pub(crate) async fn standing<DB: Dialect>(
    connection: &mut DB::Connection,
    conversation: ConversationId,
    user: UserId,
) -> Result<Standing> {
    let standing = standing_unseen::<DB>(connection, conversation, user).await?;
    // Whatever else is not there is said of places that one sees: of others that would tell that they exist.
    check(Action::See, standing.place)?;
    Ok(standing)
}

/// The same of somebody who does not ask themselves.
///
/// # Errors
///
/// [`Error::NotFound`] when there is no such conversation.
pub(crate) async fn standing_unseen<DB: Dialect>(
    connection: &mut DB::Connection,
    conversation: ConversationId,
    user: UserId,
) -> Result<Standing> {
    let sql = format!(
        "select m.role, coalesce(m.hidden_upto, 0), c.kind, c.visibility, c.archived_at, {BLOCKED}
         from rony_conversations c left join rony_members m on m.conversation_id = c.id and m.user_id = $2
         where c.id = $1"
    );
    let row = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(conversation.uuid())
        .bind(user.uuid())
        .fetch_optional(connection)
        .await
        .map_err(failed)?
        .ok_or(Error::NotFound("conversation"))?;
    Ok(Standing { place: place::<DB>(&row, 0, 2)?, hidden_upto: row.get(1), blocked: row.get(5) })
}

/// Whether one of the two people of a direct conversation has blocked the other; in a group nobody is blocked.
pub(crate) async fn blocked<DB: Dialect>(
    connection: &mut DB::Connection,
    conversation: ConversationId,
    place: Place,
) -> Result<bool> {
    if !place.direct {
        return Ok(false);
    }
    let row = sqlx::query::<DB>(
        "select a.user_id from rony_members a
         join rony_members b on b.conversation_id = a.conversation_id and b.user_id <> a.user_id
         join rony_contacts k on k.owner_id = a.user_id and k.user_id = b.user_id and k.blocked
         where a.conversation_id = $1",
    )
    .bind(conversation.uuid())
    .fetch_optional(connection)
    .await
    .map_err(failed)?;
    Ok(row.is_some())
}

/// The number of the newest reply in the thread under a message, 0 before the first.
///
/// # Errors
///
/// [`Error::NotFound`] when the message is not there for them, or is itself a reply in a thread.
pub(crate) async fn newest_in_thread<DB: Dialect>(
    connection: &mut DB::Connection,
    standing: &Standing,
    conversation: ConversationId,
    thread: MessageId,
) -> Result<i64> {
    let row = sqlx::query::<DB>(
        "select m.seq, coalesce(t.newest_ordinal, 0) from rony_messages m left join rony_threads t on t.id = m.id
         where m.id = $1 and m.conversation_id = $2 and m.thread_id is null",
    )
    .bind(thread.uuid())
    .bind(conversation.uuid())
    .fetch_optional(connection)
    .await
    .map_err(failed)?;
    let row = row.filter(|row| standing.sees(row.get(0))).ok_or(Error::NotFound("message"))?;
    Ok(row.get(1))
}
