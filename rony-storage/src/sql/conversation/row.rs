//! From rows to conversations.

use rony_core::{
    Error, Result,
    conversation::{Conversation, History, Kind, Visibility},
    id::{ConversationId, UserId},
    permission::Place,
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::sql::{dialect::Dialect, failed, place::read_role};

/// The columns that [`read`] expects, of the table alias `c`.
pub(super) const COLUMNS: &str = "c.id, c.kind, c.visibility, c.history, c.title, c.topic, c.icon, c.is_general, \
    c.created_by, c.created_at, c.archived_at";
/// How many they are: where the columns after them start.
pub(super) const WIDTH: usize = 11;

/// A conversation as its row has it.
pub(super) fn read<DB: Dialect>(row: &DB::Row) -> Result<Conversation> {
    Ok(Conversation {
        id: ConversationId(row.get(0)),
        kind: read_kind(&row.get::<String, _>(1))?,
        visibility: read_visibility(&row.get::<String, _>(2))?,
        history: read_history(&row.get::<String, _>(3))?,
        title: row.get(4),
        topic: row.get(5),
        icon: row.get(6),
        general: row.get(7),
        created_by: row.get::<Option<Uuid>, _>(8).map(UserId),
        created_at: Timestamp::from_millis(row.get(9)),
        archived_at: row.get::<Option<i64>, _>(10).map(Timestamp::from_millis),
    })
}

/// A conversation, and what somebody is in it: what a change reads after its locks.
pub(crate) struct Site {
    pub(crate) conversation: Conversation,
    pub(crate) member_count: i64,
    pub(crate) place: Place,
}

/// See [`Site`].
///
/// # Errors
///
/// [`Error::NotFound`] when there is no such conversation. Whether `user` may know of it is for the caller to check.
pub(crate) async fn site<DB: Dialect>(
    connection: &mut DB::Connection,
    conversation: ConversationId,
    user: UserId,
) -> Result<Site> {
    let sql = format!(
        "select {COLUMNS}, c.member_count, m.role from rony_conversations c
         left join rony_members m on m.conversation_id = c.id and m.user_id = $2 where c.id = $1"
    );
    let row = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(conversation.uuid())
        .bind(user.uuid())
        .fetch_optional(connection)
        .await
        .map_err(failed)?
        .ok_or(Error::NotFound("conversation"))?;
    let conversation = read::<DB>(&row)?;
    let role = row.get::<Option<String>, _>(WIDTH + 1).as_deref().map(read_role).transpose()?;
    Ok(Site { place: place_of(&conversation, role), member_count: row.get(WIDTH), conversation })
}

/// The facts that rules decide by.
pub(super) fn place_of(conversation: &Conversation, role: Option<rony_core::permission::Role>) -> Place {
    Place {
        role,
        public: conversation.visibility == Visibility::Public,
        direct: conversation.kind == Kind::Direct,
        archived: conversation.archived_at.is_some(),
    }
}

pub(super) const fn write_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Direct => "direct",
        Kind::Group => "group",
    }
}

fn read_kind(text: &str) -> Result<Kind> {
    match text {
        "direct" => Ok(Kind::Direct),
        "group" => Ok(Kind::Group),
        other => Err(unknown(other)),
    }
}

pub(super) const fn write_visibility(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Private => "private",
        Visibility::Public => "public",
    }
}

fn read_visibility(text: &str) -> Result<Visibility> {
    match text {
        "private" => Ok(Visibility::Private),
        "public" => Ok(Visibility::Public),
        other => Err(unknown(other)),
    }
}

pub(super) const fn write_history(history: History) -> &'static str {
    match history {
        History::All => "all",
        History::SinceJoin => "since_join",
    }
}

fn read_history(text: &str) -> Result<History> {
    match text {
        "all" => Ok(History::All),
        "since_join" => Ok(History::SinceJoin),
        other => Err(unknown(other)),
    }
}

fn unknown(text: &str) -> Error {
    Error::internal(format!("a word about a conversation that this version does not know: {text}"))
}
