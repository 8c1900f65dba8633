//! What conversations are for somebody: a few queries, whatever their number.

use std::collections::HashMap;

use rony_core::{
    Result,
    conversation::{Conversation, ConversationView, Kind},
    id::{ConversationId, UserId},
    member::MemberSettings,
    message::Message,
    text,
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::{
    create::peer_in,
    row::{COLUMNS, WIDTH, read},
};
use crate::sql::{
    dialect::Dialect,
    failed, member, message,
    place::{VISIBLE, read_role},
    values,
};

/// The conversations that `user` is in, in id order after `after`, `rows` at most, all as of the caller's transaction.
pub(crate) async fn views_after<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
    after: Option<ConversationId>,
    rows: i64,
) -> Result<Vec<ConversationView>> {
    let rows = sqlx::query::<DB>(
        "select conversation_id from rony_members where user_id = $1 and conversation_id > $2
         order by conversation_id limit $3",
    )
    .bind(user.uuid())
    .bind(after.map_or_else(Uuid::nil, ConversationId::uuid))
    .bind(rows)
    .fetch_all(&mut *connection)
    .await
    .map_err(failed)?;
    let ids: Vec<_> = rows.iter().map(|row| ConversationId(row.get(0))).collect();
    views::<DB>(connection, user, &ids).await
}

/// The public conversations whose title or topic contains `query`; see the store's trait.
pub(super) async fn public<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
    query: &str,
    after: Option<ConversationId>,
    rows: i64,
) -> Result<Vec<ConversationView>> {
    let rows = sqlx::query::<DB>(
        r"select id from rony_conversations where visibility = 'public' and archived_at is null and id > $2
          and fold like $1 escape '\' order by id limit $3",
    )
    .bind(containing(query))
    .bind(after.map_or_else(Uuid::nil, ConversationId::uuid))
    .bind(rows)
    .fetch_all(&mut *connection)
    .await
    .map_err(failed)?;
    let ids: Vec<_> = rows.iter().map(|row| ConversationId(row.get(0))).collect();
    views::<DB>(connection, user, &ids).await
}

/// The pattern of `like` for what contains a text. NUL, which PostgreSQL does not take, is in no title.
fn containing(query: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text::fold(query).trim().replace('\0', "\u{FFFD}").chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// These conversations for `user`, in this order, all as of the caller's transaction; those that are not there are left
/// out. Whether the user may know of them is the caller's to check.
pub(crate) async fn views<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
    ids: &[ConversationId],
) -> Result<Vec<ConversationView>> {
    let mut found = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(values::MOST) {
        for view in rows::<DB>(connection, user, ids).await? {
            found.insert(view.conversation.id, view);
        }
        for (id, mentions) in mentions::<DB>(connection, user, ids).await? {
            found.entry(id).and_modify(|view| view.mentions = mentions);
        }
        for message in last_messages::<DB>(connection, user, ids).await? {
            found.entry(message.conversation_id).and_modify(|view| view.last_message = Some(message));
        }
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

async fn rows<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
    ids: &[ConversationId],
) -> Result<Vec<ConversationView>> {
    let sql = format!(
        "select {COLUMNS}, c.member_count, c.direct_key, coalesce(s.head, 0), coalesce(s.ordinal, 0),
         r.role, r.joined_at, r.read_ordinal, r.level, r.muted_until, r.favorite
         from rony_conversations c
         left join rony_streams s on s.id = c.id
         left join rony_members r on r.conversation_id = c.id and r.user_id = $1
         where c.id in ({})",
        values::list_from(2, ids.len())
    );
    let query = sqlx::query::<DB>(AssertSqlSafe(sql)).bind(user.uuid());
    let query = values::padded(ids).fold(query, |query, id| query.bind(id.uuid()));
    let rows = query.fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(|row| view::<DB>(row, user)).collect()
}

fn view<DB: Dialect>(row: &DB::Row, user: UserId) -> Result<ConversationView> {
    let conversation = read::<DB>(row)?;
    let peer_id = row.get::<Option<String>, _>(WIDTH + 1).and_then(|key| peer_in(&key, user));
    let stranger = stranger(conversation, row.get(WIDTH), peer_id);
    let Some(role) = row.get::<Option<String>, _>(WIDTH + 4) else { return Ok(stranger) };
    let (newest_ordinal, read_ordinal): (i64, i64) = (row.get(WIDTH + 3), row.get(WIDTH + 6));
    Ok(ConversationView {
        role: Some(read_role(&role)?),
        joined_at: Some(Timestamp::from_millis(row.get(WIDTH + 5))),
        head: row.get(WIDTH + 2),
        newest_ordinal,
        read_ordinal,
        unread: (newest_ordinal - read_ordinal).max(0),
        level: member::read_level(&row.get::<String, _>(WIDTH + 7))?,
        muted_until: row.get::<Option<i64>, _>(WIDTH + 8).map(Timestamp::from_millis),
        favorite: row.get(WIDTH + 9),
        ..stranger
    })
}

/// What a conversation is for somebody who is not in it.
fn stranger(conversation: Conversation, member_count: i64, peer_id: Option<UserId>) -> ConversationView {
    let MemberSettings { level, muted_until, favorite } = MemberSettings::default();
    ConversationView {
        peer_id: peer_id.filter(|_| conversation.kind == Kind::Direct),
        conversation,
        member_count,
        role: None,
        joined_at: None,
        head: 0,
        newest_ordinal: 0,
        read_ordinal: 0,
        unread: 0,
        mentions: 0,
        last_message: None,
        level,
        muted_until,
        favorite,
    }
}

/// How many unread messages mention the person, by name or with everybody.
async fn mentions<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
    ids: &[ConversationId],
) -> Result<Vec<(ConversationId, i64)>> {
    let sql = format!(
        "select x.conversation_id, count(distinct x.seq) from rony_members r
         join rony_mentions x on x.conversation_id = r.conversation_id and x.user_id in ($1, $2)
         where r.user_id = $1 and x.ordinal > r.read_ordinal and x.sender_id <> $1 and r.conversation_id in ({})
         group by x.conversation_id",
        values::list_from(3, ids.len())
    );
    let query = sqlx::query::<DB>(AssertSqlSafe(sql)).bind(user.uuid()).bind(Uuid::nil());
    let query = values::padded(ids).fold(query, |query, id| query.bind(id.uuid()));
    let rows = query.fetch_all(connection).await.map_err(failed)?;
    Ok(rows.iter().map(|row| (ConversationId(row.get(0)), row.get(1))).collect())
}

/// The newest message, outside threads, of each conversation in which the person may see it.
async fn last_messages<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
    ids: &[ConversationId],
) -> Result<Vec<Message>> {
    let sql = format!(
        "select {} from rony_members r join rony_messages m on {VISIBLE} and m.seq = (
             select l.seq from rony_messages l where l.conversation_id = r.conversation_id and l.thread_id is null
             order by l.seq desc limit 1)
         where r.user_id = $1 and r.conversation_id in ({})",
        message::COLUMNS,
        values::list_from(2, ids.len())
    );
    let query = sqlx::query::<DB>(AssertSqlSafe(sql)).bind(user.uuid());
    let query = values::padded(ids).fold(query, |query, id| query.bind(id.uuid()));
    let rows = query.fetch_all(&mut *connection).await.map_err(failed)?;
    let mut messages = rows.iter().map(message::read::<DB>).collect::<Result<Vec<_>>>()?;
    message::complete::<DB>(connection, &mut messages).await?;
    Ok(messages)
}
