//! From rows to messages.

use std::collections::HashMap;

use rony_core::{
    Result,
    id::{ClientId, ConversationId, MessageId, UserId},
    message::{Message, ThreadSummary},
    reaction::Reaction,
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::sql::{dialect::Dialect, failed, values};

/// The columns that [`read`] expects, of the table alias `m`.
pub(crate) const COLUMNS: &str = "m.id, m.conversation_id, m.sender_id, m.client_id, m.seq, m.ordinal, m.version, \
    m.thread_id, m.thread_ordinal, m.reply_to, m.text, m.mentions, m.at, m.edited_at, m.deleted_at, m.attachments, m.call";

/// How many they are: the index of the first column after them.
pub(crate) const WIDTH: usize = 17;

/// A message as its row has it: without reactions and thread, which [`complete`] adds.
pub(crate) fn read<DB: Dialect>(row: &DB::Row) -> Result<Message> {
    let (mentions, attachments, call): (String, String, String) = (row.get(11), row.get(15), row.get(16));
    Ok(Message {
        id: MessageId(row.get(0)),
        conversation_id: ConversationId(row.get(1)),
        sender_id: UserId(row.get(2)),
        client_id: ClientId(row.get(3)),
        seq: row.get(4),
        ordinal: row.get(5),
        version: row.get(6),
        thread_id: row.get::<Option<Uuid>, _>(7).map(MessageId),
        thread_ordinal: row.get(8),
        thread: None,
        reply_to: row.get::<Option<Uuid>, _>(9).map(MessageId),
        text: row.get(10),
        mentions: if mentions.is_empty() { Default::default() } else { values::from_json(&mentions)? },
        attachments: if attachments.is_empty() { Vec::new() } else { values::from_json(&attachments)? },
        call: if call.is_empty() { None } else { Some(values::from_json(&call)?) },
        created_at: Timestamp::from_millis(row.get(12)),
        edited_at: row.get::<Option<i64>, _>(13).map(Timestamp::from_millis),
        deleted_at: row.get::<Option<i64>, _>(14).map(Timestamp::from_millis),
        reactions: Vec::new(),
    })
}

/// Adds reactions and threads to messages that were read on the same connection: two queries, whatever their number.
pub(crate) async fn complete<DB: Dialect>(
    connection: &mut DB::Connection,
    messages: &mut [Message],
) -> Result<()> {
    // A message that never changed has no reactions.
    let changed: Vec<_> =
        messages.iter().filter(|message| message.version > message.seq).map(|m| m.id).collect();
    let mut reactions = reactions::<DB>(connection, &changed).await?;
    let roots: Vec<_> = messages.iter().filter(|message| message.thread_id.is_none()).map(|m| m.id).collect();
    let threads = threads::<DB>(connection, &roots).await?;
    for message in messages {
        message.reactions = reactions.remove(&message.id).unwrap_or_default();
        message.thread = threads.get(&message.id).copied();
    }
    Ok(())
}

async fn reactions<DB: Dialect>(
    connection: &mut DB::Connection,
    messages: &[MessageId],
) -> Result<HashMap<MessageId, Vec<Reaction>>> {
    let mut found: HashMap<MessageId, Vec<Reaction>> = HashMap::new();
    for messages in messages.chunks(values::MOST) {
        let sql = format!(
            "select message_id, emoji, user_id from rony_reactions where message_id in ({}) order by at, emoji, user_id",
            values::list::<DB>(messages.len())
        );
        let query = values::padded(messages)
            .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, id| query.bind(id.uuid()));
        for row in query.fetch_all(&mut *connection).await.map_err(failed)? {
            let (emoji, user): (String, UserId) = (row.get(1), UserId(row.get(2)));
            let reactions = found.entry(MessageId(row.get(0))).or_default();
            match reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
                Some(reaction) => reaction.user_ids.push(user),
                None => reactions.push(Reaction { emoji, user_ids: vec![user] }),
            }
        }
    }
    Ok(found)
}

async fn threads<DB: Dialect>(
    connection: &mut DB::Connection,
    roots: &[MessageId],
) -> Result<HashMap<MessageId, ThreadSummary>> {
    let mut found = HashMap::new();
    for roots in roots.chunks(values::MOST) {
        let sql = format!(
            "select id, newest_ordinal, last_reply_at from rony_threads where id in ({})",
            values::list::<DB>(roots.len())
        );
        let query = values::padded(roots)
            .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, id| query.bind(id.uuid()));
        for row in query.fetch_all(&mut *connection).await.map_err(failed)? {
            let summary = ThreadSummary {
                newest_ordinal: row.get(1),
                last_reply_at: Timestamp::from_millis(row.get(2)),
            };
            found.insert(MessageId(row.get(0)), summary);
        }
    }
    Ok(found)
}
