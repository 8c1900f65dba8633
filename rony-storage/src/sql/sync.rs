//! Reading streams on SQL: messages are their own events, all others have rows; together they are dense.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use rony_core::{
    Result,
    id::{ConversationId, MessageId, UserId},
    message::Message,
    stream::{AudienceChange, Envelope, Seq, StreamId, encode_event, encode_skipped},
    sync::{FURTHEST, Part, SyncStore},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::{
    SqlStore,
    dialect::Dialect,
    failed, message,
    stream::READS,
    values::{self, from_json},
};

#[async_trait]
impl<DB: Dialect> SyncStore for SqlStore<DB> {
    async fn parts(
        &self,
        reader: UserId,
        streams: &[(StreamId, Seq)],
        each: u32,
        all: u32,
    ) -> Result<Vec<Part>> {
        let mut snapshot = self.snapshot().await?;
        let mut parts = access::<DB>(&mut snapshot, reader, streams).await?;
        let asked: HashMap<_, _> = streams.iter().copied().collect();
        let mut left = i64::from(all);
        for (part, hidden_upto) in &mut parts {
            let last = asked[&part.id];
            if last >= part.head || last < part.trimmed || part.head - last > FURTHEST || left == 0 {
                continue;
            }
            let upto = part.head.min(last + left.min(i64::from(each)));
            let records = records::<DB>(&mut snapshot, part.id, last, upto).await?;
            left -= records.len() as i64;
            part.events = records.iter().map(|record| record.encode(*hidden_upto)).collect();
        }
        Ok(parts.into_iter().map(|(part, _)| part).collect())
    }

    async fn envelopes(&self, stream: StreamId, after: Seq, limit: u32) -> Result<Vec<Arc<Envelope>>> {
        let mut snapshot = self.snapshot().await?;
        let trimmed = sqlx::query_scalar::<DB, i64>("select trimmed from rony_streams where id = $1")
            .bind(stream.uuid())
            .fetch_optional(&mut *snapshot)
            .await
            .map_err(failed)?;
        let after = after.max(trimmed.unwrap_or(0));
        let records = records::<DB>(&mut snapshot, stream, after, after + i64::from(limit)).await?;
        Ok(records.into_iter().map(|record| record.envelope(stream)).collect())
    }
}

/// Those of the streams that the reader reads, with where they stand and up to where messages are hidden.
async fn access<DB: Dialect>(
    connection: &mut DB::Connection,
    reader: UserId,
    streams: &[(StreamId, Seq)],
) -> Result<Vec<(Part, Seq)>> {
    let mut found = Vec::with_capacity(streams.len());
    for streams in streams.chunks(values::MOST) {
        let placeholders: Vec<_> =
            (3..3 + streams.len().next_power_of_two()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "{READS} select s.id, s.head, s.trimmed, reads.hidden_upto
             from reads join rony_streams s on s.id = reads.id where s.id in ({})",
            placeholders.join(", ")
        );
        let query =
            sqlx::query::<DB>(AssertSqlSafe(sql)).bind(reader.uuid()).bind(StreamId::DIRECTORY.uuid());
        let query = values::padded(streams).fold(query, |query, (id, _)| query.bind(id.uuid()));
        for row in query.fetch_all(&mut *connection).await.map_err(failed)? {
            let part =
                Part { id: StreamId(row.get(0)), head: row.get(1), trimmed: row.get(2), events: Vec::new() };
            found.push((part, row.get(3)));
        }
    }
    Ok(found)
}

/// One number of a stream.
struct Record {
    seq: Seq,
    content: Content,
}

enum Content {
    Posted(Box<Message>),
    Event {
        at: Timestamp,
        body: String,
        about: Option<Seq>,
        audience: Vec<AudienceChange>,
        message: Option<Box<Message>>,
    },
}

impl Record {
    /// The event object for a reader from whom messages up to `hidden_upto` are hidden.
    fn encode(&self, hidden_upto: Seq) -> String {
        let hidden = match &self.content {
            Content::Posted(message) => message.seq <= hidden_upto,
            Content::Event { about, .. } => about.is_some_and(|about| about <= hidden_upto),
        };
        if hidden { encode_skipped(self.seq) } else { self.event() }
    }

    fn event(&self) -> String {
        match &self.content {
            Content::Posted(message) => message.posted_event(),
            Content::Event { at, body, message, .. } => {
                let message = message.as_ref().map(|message| message.to_json());
                encode_event(self.seq, *at, body, message.as_deref())
            }
        }
    }

    fn envelope(self, stream: StreamId) -> Arc<Envelope> {
        let event = self.event();
        let (about, audience) = match self.content {
            Content::Posted(_) => (None, Vec::new()),
            Content::Event { about, audience, .. } => (about, audience),
        };
        Envelope::new(stream, self.seq, about, audience, &event)
    }
}

/// The records of a stream with numbers above `after`, up to and including `upto`.
async fn records<DB: Dialect>(
    connection: &mut DB::Connection,
    stream: StreamId,
    after: Seq,
    upto: Seq,
) -> Result<Vec<Record>> {
    let mut records = posted::<DB>(connection, stream, after, upto).await?;
    records.extend(events::<DB>(connection, stream, after, upto).await?);
    records.sort_unstable_by_key(|record| record.seq);
    Ok(records)
}

async fn posted<DB: Dialect>(
    connection: &mut DB::Connection,
    stream: StreamId,
    after: Seq,
    upto: Seq,
) -> Result<Vec<Record>> {
    let sql = format!(
        "select {} from rony_messages m where m.conversation_id = $1 and m.seq > $2 and m.seq <= $3",
        message::COLUMNS
    );
    let rows = sqlx::query::<DB>(AssertSqlSafe(sql))
        .bind(stream.uuid())
        .bind(after)
        .bind(upto)
        .fetch_all(&mut *connection)
        .await
        .map_err(failed)?;
    let mut messages = rows.iter().map(message::read::<DB>).collect::<Result<Vec<_>>>()?;
    message::complete::<DB>(connection, &mut messages).await?;
    Ok(messages
        .into_iter()
        .map(|message| Record { seq: message.seq, content: Content::Posted(Box::new(message)) })
        .collect())
}

async fn events<DB: Dialect>(
    connection: &mut DB::Connection,
    stream: StreamId,
    after: Seq,
    upto: Seq,
) -> Result<Vec<Record>> {
    let rows = sqlx::query::<DB>(
        "select seq, at, body, about, message_id, audience from rony_events
         where stream_id = $1 and seq > $2 and seq <= $3",
    )
    .bind(stream.uuid())
    .bind(after)
    .bind(upto)
    .fetch_all(&mut *connection)
    .await
    .map_err(failed)?;
    let about = rows.iter().filter_map(|row| row.get::<Option<Uuid>, _>(4).map(MessageId));
    let messages = messages::<DB>(connection, ConversationId(stream.0), about.collect()).await?;
    let record = |row: &DB::Row| -> Result<Record> {
        let message = row.get::<Option<Uuid>, _>(4).and_then(|id| messages.get(&MessageId(id)));
        let content = Content::Event {
            at: Timestamp::from_millis(row.get(1)),
            body: row.get(2),
            about: row.get(3),
            audience: row
                .get::<Option<String>, _>(5)
                .map_or(Ok(Vec::new()), |audience| from_json(&audience))?,
            message: message.cloned().map(Box::new),
        };
        Ok(Record { seq: row.get(0), content })
    };
    rows.iter().map(record).collect()
}

/// Messages that events refer to, as they are now.
async fn messages<DB: Dialect>(
    connection: &mut DB::Connection,
    conversation: ConversationId,
    mut ids: Vec<MessageId>,
) -> Result<HashMap<MessageId, Message>> {
    ids.sort_unstable();
    ids.dedup();
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(values::MOST) {
        let sql = format!(
            "select {} from rony_messages m where m.id in ({})",
            message::COLUMNS,
            values::list::<DB>(ids.len())
        );
        let query = values::padded(ids)
            .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, id| query.bind(id.uuid()));
        let rows = query.fetch_all(&mut *connection).await.map_err(failed)?;
        let rows = rows.iter().map(message::read::<DB>).collect::<Result<Vec<_>>>()?;
        found.extend(rows.into_iter().filter(|message| message.conversation_id == conversation));
    }
    message::complete::<DB>(connection, &mut found).await?;
    Ok(found.into_iter().map(|message| (message.id, message)).collect())
}
