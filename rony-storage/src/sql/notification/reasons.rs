//! Whom new messages may concern, and why: read before anything is locked, so it decides nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rony_core::{
    Result,
    id::{ConversationId, MessageId, UserId},
    message::Message,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::sql::{dialect::Dialect, failed, values};

/// Followers of a thread who are notified of a reply at most: those who have read furthest.
const MOST_FOLLOWERS: i64 = 100;

/// Why a message may concern somebody.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reason {
    pub(super) direct: bool,
    pub(super) mentioned: bool,
    pub(super) answered: bool,
    pub(super) missed: bool,
}

/// Whom a batch may concern.
pub(super) struct Reasons {
    /// For each message.
    pub(super) of: Vec<BTreeMap<UserId, Reason>>,
    /// Authors who have something open where they wrote: who writes has seen it.
    pub(super) authors: BTreeSet<(UserId, ConversationId)>,
}

impl Reasons {
    pub(super) async fn read<DB: Dialect>(
        connection: &mut DB::Connection,
        messages: &[Message],
    ) -> Result<Self> {
        let direct = direct_members::<DB>(connection, messages).await?;
        let authors_of = authors_of_referred::<DB>(connection, messages).await?;
        let followers = followers::<DB>(connection, messages).await?;
        let mut of = Vec::with_capacity(messages.len());
        for message in messages {
            let mut reasons: BTreeMap<UserId, Reason> = BTreeMap::new();
            for user in direct.get(&message.conversation_id).into_iter().flatten() {
                let reason = reasons.entry(*user).or_default();
                match message.thread_id {
                    None => reason.direct = true,
                    Some(_) => reason.answered = true,
                }
            }
            for user in message.call.iter().flat_map(|call| &call.missed) {
                reasons.entry(*user).or_default().missed = true;
            }
            for user in &message.mentions.users {
                reasons.entry(*user).or_default().mentioned = true;
            }
            let referred = [message.reply_to, message.thread_id].into_iter().flatten();
            let answered = referred.filter_map(|id| authors_of.get(&id));
            let following = message.thread_id.and_then(|id| followers.get(&id)).into_iter().flatten();
            for user in answered.chain(following) {
                reasons.entry(*user).or_default().answered = true;
            }
            reasons.remove(&message.sender_id);
            of.push(reasons);
        }
        let authors = authors_with_open::<DB>(connection, messages).await?;
        Ok(Self { of, authors })
    }

    /// All whose own streams may be told something.
    pub(super) fn people(&self) -> BTreeSet<UserId> {
        let authors = self.authors.iter().map(|(user, _)| *user);
        self.of.iter().flat_map(|reasons| reasons.keys().copied()).chain(authors).collect()
    }

    /// Each person who may be told of a message, with something of the message.
    pub(super) fn pairs(
        &self,
        messages: &[Message],
        of: impl Fn(&Message) -> Option<Uuid>,
    ) -> Vec<(Uuid, Uuid)> {
        let each =
            messages.iter().zip(&self.of).filter_map(|(message, reasons)| Some((of(message)?, reasons)));
        let pairs = each.flat_map(|(id, reasons)| reasons.keys().map(move |user| (user.uuid(), id)));
        pairs.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// The members of the direct conversations among those of a batch.
async fn direct_members<DB: Dialect>(
    connection: &mut DB::Connection,
    messages: &[Message],
) -> Result<HashMap<ConversationId, Vec<UserId>>> {
    let ids: BTreeSet<_> = messages.iter().map(|message| message.conversation_id.uuid()).collect();
    let sql = "select r.conversation_id, r.user_id from rony_conversations c
         join rony_members r on r.conversation_id = c.id where c.kind = 'direct' and c.id in";
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for row in by_ids::<DB>(connection, sql, &ids).await? {
        found.entry(ConversationId(row.get(0))).or_default().push(UserId(row.get(1)));
    }
    Ok(found)
}

/// Who wrote the messages that those of a batch answer, or in whose threads they are.
async fn authors_of_referred<DB: Dialect>(
    connection: &mut DB::Connection,
    messages: &[Message],
) -> Result<HashMap<MessageId, UserId>> {
    let ids = messages.iter().flat_map(|message| [message.reply_to, message.thread_id]).flatten();
    let ids: BTreeSet<_> = ids.map(MessageId::uuid).collect();
    let rows = by_ids::<DB>(connection, "select id, sender_id from rony_messages where id in", &ids).await?;
    Ok(rows.iter().map(|row| (MessageId(row.get(0)), UserId(row.get(1)))).collect())
}

async fn followers<DB: Dialect>(
    connection: &mut DB::Connection,
    messages: &[Message],
) -> Result<HashMap<MessageId, Vec<UserId>>> {
    let threads: BTreeSet<_> = messages.iter().filter_map(|message| message.thread_id).collect();
    let mut found = HashMap::with_capacity(threads.len());
    for thread in threads {
        let rows = sqlx::query::<DB>(
            "select user_id from rony_thread_members where thread_id = $1 and follows order by read_ordinal desc limit $2",
        )
        .bind(thread.uuid())
        .bind(MOST_FOLLOWERS)
        .fetch_all(&mut *connection)
        .await
        .map_err(failed)?;
        found.insert(thread, rows.iter().map(|row| UserId(row.get(0))).collect());
    }
    Ok(found)
}

async fn authors_with_open<DB: Dialect>(
    connection: &mut DB::Connection,
    messages: &[Message],
) -> Result<BTreeSet<(UserId, ConversationId)>> {
    let pairs = messages.iter().map(|message| (message.sender_id.uuid(), message.conversation_id.uuid()));
    let pairs: Vec<_> = pairs.collect::<BTreeSet<_>>().into_iter().collect();
    let sql = "select v.a, v.b from v where exists (select 1 from rony_notifications n
         where n.user_id = v.a and n.conversation_id = v.b and n.cleared_at is null)";
    let rows = by_pairs::<DB>(connection, sql, &pairs).await?;
    Ok(rows.iter().map(|row| (UserId(row.get(0)), ConversationId(row.get(1)))).collect())
}

/// Rows of a statement over the table `v (a, b)` of these pairs.
pub(super) async fn by_pairs<DB: Dialect>(
    connection: &mut DB::Connection,
    select: &str,
    pairs: &[(Uuid, Uuid)],
) -> Result<Vec<DB::Row>> {
    let mut rows = Vec::new();
    for pairs in pairs.chunks(values::MOST) {
        let sql = format!("with v (a, b) as (values {}) {select}", values::rows::<DB>(2, pairs.len()));
        let query = values::padded(pairs)
            .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, (a, b)| query.bind(*a).bind(*b));
        rows.extend(query.fetch_all(&mut *connection).await.map_err(failed)?);
    }
    Ok(rows)
}

/// Rows of a statement that ends with `in`, and these ids.
async fn by_ids<DB: Dialect>(
    connection: &mut DB::Connection,
    select: &str,
    ids: &BTreeSet<Uuid>,
) -> Result<Vec<DB::Row>> {
    let ids: Vec<_> = ids.iter().copied().collect();
    let mut rows = Vec::new();
    for ids in ids.chunks(values::MOST) {
        let sql = format!("{select} ({})", values::list::<DB>(ids.len()));
        let query =
            values::padded(ids).fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, id| query.bind(*id));
        rows.extend(query.fetch_all(&mut *connection).await.map_err(failed)?);
    }
    Ok(rows)
}
