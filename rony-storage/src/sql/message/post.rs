//! Posting: while one transaction commits, the posts that arrive meanwhile form the next one.
//!
//! No timer, no added delay. One worker a store: four were slower than one, since they wait for each other's heads.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    io::ErrorKind,
    time::Duration,
};

use rony_core::{
    Error, Result,
    call::CallNote,
    id::{ConversationId, MessageId, UserId},
    message::{Facts, Mentioned, Message, NewMessage, Posted, Refused, ThreadSummary, admit},
    permission::Place,
    stream::{Seq, StreamId},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};
use uuid::Uuid;

use super::{
    attachment::{self, Attached},
    row,
};
use crate::sql::{
    SqlStore,
    change::{Change, LONGEST},
    dialect::{Dialect, PostKey, PostWrites},
    failed, values,
};

/// Posts in one transaction at most.
const BATCH: usize = values::MOST;
/// Calls that may wait for the worker; more wait outside.
const WAITING: usize = 4096;

type Answers = Vec<Result<Posted, Refused>>;

struct Job {
    batch: Vec<NewMessage>,
    answer: oneshot::Sender<Result<Answers>>,
}

/// The way to the worker. The worker ends when the last of these is gone.
#[derive(Clone)]
pub(crate) struct Poster(mpsc::Sender<Job>);

impl Poster {
    /// Starts the worker of a store, on the current tokio runtime.
    pub(crate) fn start<DB: Dialect>(store: SqlStore<DB>) -> Self
    where
        SqlStore<DB>: Send + Sync,
    {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(work(store, receiver));
        Self(sender)
    }

    pub(crate) async fn post(&self, batch: Vec<NewMessage>) -> Result<Answers> {
        let (answer, answered) = oneshot::channel();
        let stopped = || Error::Unavailable {
            retry_after: Duration::from_secs(1),
            detail: "The server could not do it, or is shutting down. Try again in a moment.",
            source: None,
        };
        self.0.send(Job { batch, answer }).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }
}

async fn work<DB: Dialect>(store: SqlStore<DB>, mut jobs: mpsc::Receiver<Job>) {
    let mut waiting = Vec::new();
    while jobs.recv_many(&mut waiting, BATCH).await > 0 {
        let mut rest = waiting.drain(..).peekable();
        while rest.peek().is_some() {
            let mut size = 0;
            let mut together = Vec::new();
            while let Some(job) = rest.next_if(|job| together.is_empty() || size + job.batch.len() <= BATCH) {
                size += job.batch.len();
                together.push(job);
            }
            // A fault in one batch must not end posting for all, so each is a task: who waits for it hears that it was not done.
            let store = store.clone();
            if tokio::spawn(async move { post_together(&store, together).await }).await.is_err() {
                tracing::error!(
                    "posting a batch failed by a fault of Rony's own; the line before this has the place"
                );
            }
        }
    }
}

/// Posts what several callers brought in one transaction; when that fails on somebody's data, each caller's on its own.
async fn post_together<DB: Dialect>(store: &SqlStore<DB>, jobs: Vec<Job>) {
    let all: Vec<NewMessage> = jobs.iter().flat_map(|job| job.batch.iter().cloned()).collect();
    match post(store, &all).await {
        Ok(answers) => {
            let mut answers = answers.into_iter();
            for job in jobs {
                let _ = job.answer.send(Ok(answers.by_ref().take(job.batch.len()).collect()));
            }
        }
        Err(Error::Unavailable { retry_after, detail, source }) => {
            tracing::warn!(error = source.as_deref().map(tracing::field::display), "posting failed");
            for job in jobs {
                let _ = job.answer.send(Err(Error::Unavailable { retry_after, detail, source: None }));
            }
        }
        Err(error) if jobs.len() == 1 => {
            jobs.into_iter().for_each(|job| drop(job.answer.send(Err(Error::internal(error.to_string())))));
        }
        Err(_) => {
            for job in jobs {
                let _ = job.answer.send(post(store, &job.batch).await);
            }
        }
    }
}

/// One transaction, in bounded time: when the database falls silent, what came of it is unknown, and the next post is not held up.
async fn post<DB: Dialect>(store: &SqlStore<DB>, batch: &[NewMessage]) -> Result<Answers> {
    let silent = |_| failed(sqlx::Error::Io(ErrorKind::TimedOut.into()));
    timeout(LONGEST, post_at_once(store, batch)).await.map_err(silent)?
}

async fn post_at_once<DB: Dialect>(store: &SqlStore<DB>, batch: &[NewMessage]) -> Result<Answers> {
    let at = batch.iter().map(|new| new.at).max().unwrap_or_else(|| Timestamp::from_millis(0));
    let mut change = store.posting(at).await?;
    let owners = Attached::owners(&mut change, batch).await?;
    let streams = batch.iter().map(|new| StreamId::from(new.conversation_id));
    change.lock_known(streams.chain(owners)).await?;
    let known = Known::read(&mut change, batch).await?;
    let mut taken = Taken::default();
    let mut answers = Vec::with_capacity(batch.len());
    for new in batch {
        answers.push(taken.take(&mut change, &known, new));
    }
    if !taken.messages.is_empty() {
        taken.write(&mut change).await?;
        change.commit().await?;
        store.is_to_be_projected();
    }
    Ok(answers)
}

/// What was read after the locks, for the whole batch at once.
#[derive(Default)]
struct Known {
    members: HashMap<(ConversationId, UserId), Member>,
    posted: HashMap<PostKey, Message>,
    referred: HashMap<MessageId, Referred>,
    attached: Attached,
}

struct Member {
    place: Place,
    deactivated: bool,
    blocked: bool,
    hidden_upto: Seq,
}

/// A message that a post answers, or in whose thread it belongs.
struct Referred {
    conversation: ConversationId,
    seq: Seq,
    in_thread: bool,
    thread_ordinal: i64,
}

const fn key(new: &NewMessage) -> PostKey {
    (new.conversation_id, new.sender_id, new.post.client_id)
}

impl Known {
    async fn read<DB: Dialect>(change: &mut Change<'_, DB>, batch: &[NewMessage]) -> Result<Self> {
        let mut known = Self::default();
        let repeated = known.read_facts(change, batch).await?;
        known.read_posted(change, &repeated).await?;
        known.read_referred(change, batch).await?;
        known.attached = Attached::read(change, batch).await?;
        Ok(known)
    }

    /// Answers which messages are there already under the keys of the batch.
    async fn read_facts<DB: Dialect>(
        &mut self,
        change: &mut Change<'_, DB>,
        batch: &[NewMessage],
    ) -> Result<Vec<(ConversationId, Seq)>> {
        let keys: Vec<_> = batch.iter().map(key).collect();
        let mut repeated = Vec::new();
        let rows = DB::post_facts(change.connection(), &keys).await.map_err(failed)?;
        for row in rows {
            let member = Member {
                place: crate::sql::place::<DB>(&row, 3, 5)?,
                deactivated: row.get::<Option<i64>, _>(8).is_some(),
                blocked: row.get(9),
                hidden_upto: row.get::<Option<i64>, _>(4).unwrap_or(0),
            };
            let conversation = ConversationId(row.get(0));
            change.stands_at(conversation, row.get(11), row.get(12));
            self.members.insert((conversation, UserId(row.get(1))), member);
            repeated.extend(row.get::<Option<i64>, _>(10).map(|seq| (conversation, seq)));
        }
        Ok(repeated)
    }

    async fn read_posted<DB: Dialect>(
        &mut self,
        change: &mut Change<'_, DB>,
        places: &[(ConversationId, Seq)],
    ) -> Result<()> {
        let mut messages = Vec::with_capacity(places.len());
        for places in places.chunks(values::MOST) {
            let sql = format!(
                "with v (conversation_id, seq) as (values {}) select {} from v
                 join rony_messages m on m.conversation_id = v.conversation_id and m.seq = v.seq",
                values::rows::<DB>(2, places.len()),
                row::COLUMNS
            );
            let query = values::padded(places)
                .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, (conversation, seq)| {
                    query.bind(conversation.uuid()).bind(*seq)
                });
            for row in query.fetch_all(change.connection()).await.map_err(failed)? {
                messages.push(row::read::<DB>(&row)?);
            }
        }
        if !messages.is_empty() {
            row::complete::<DB>(change.connection(), &mut messages).await?;
        }
        for message in messages {
            self.posted.insert((message.conversation_id, message.sender_id, message.client_id), message);
        }
        Ok(())
    }

    async fn read_referred<DB: Dialect>(
        &mut self,
        change: &mut Change<'_, DB>,
        batch: &[NewMessage],
    ) -> Result<()> {
        let ids = batch.iter().flat_map(|new| [new.post.reply_to, new.post.thread_id]).flatten();
        let ids: Vec<_> = ids.collect::<HashSet<_>>().into_iter().collect();
        for ids in ids.chunks(values::MOST) {
            let sql = format!(
                "select m.id, m.conversation_id, m.seq, m.thread_id, coalesce(t.newest_ordinal, 0)
                 from rony_messages m left join rony_threads t on t.id = m.id where m.id in ({})",
                values::list::<DB>(ids.len())
            );
            let query = values::padded(ids)
                .fold(sqlx::query::<DB>(AssertSqlSafe(sql)), |query, id| query.bind(id.uuid()));
            for row in query.fetch_all(change.connection()).await.map_err(failed)? {
                let referred = Referred {
                    conversation: ConversationId(row.get(1)),
                    seq: row.get(2),
                    in_thread: row.get::<Option<Uuid>, _>(3).is_some(),
                    thread_ordinal: row.get(4),
                };
                self.referred.insert(MessageId(row.get(0)), referred);
            }
        }
        Ok(())
    }

    fn facts(&self, new: &NewMessage) -> Result<Facts, Refused> {
        let member = self
            .members
            .get(&(new.conversation_id, new.sender_id))
            .ok_or(Refused(Error::NotFound("conversation")))?;
        let visible = |id: Option<MessageId>| {
            id.map(|id| self.referred.get(&id)).map(|referred| {
                referred.filter(|it| it.conversation == new.conversation_id && it.seq > member.hidden_upto)
            })
        };
        Ok(Facts {
            place: member.place,
            blocked: member.blocked,
            deactivated: member.deactivated,
            reply_found: visible(new.post.reply_to).is_none_or(|found| found.is_some()),
            thread_found: visible(new.post.thread_id)
                .is_none_or(|found| found.is_some_and(|it| !it.in_thread)),
        })
    }
}

/// What the transaction is going to write.
#[derive(Default)]
struct Taken {
    messages: Vec<Message>,
    by_client: HashMap<PostKey, usize>,
    threads: HashMap<MessageId, ThreadSummary>,
}

impl Taken {
    /// Answers one post: the first message of a retry, a refusal, or a new message under the next number.
    fn take<DB: Dialect>(
        &mut self,
        change: &mut Change<'_, DB>,
        known: &Known,
        new: &NewMessage,
    ) -> Result<Posted, Refused> {
        let facts = known.facts(new)?;
        let key = key(new);
        let first =
            known.posted.get(&key).or_else(|| self.by_client.get(&key).map(|index| &self.messages[*index]));
        if let (Some(message), true) = (first, facts.place.role.is_some()) {
            return Ok(Posted { message: message.clone(), repeated: true });
        }
        admit(&facts)?;
        let attachments = known.attached.of(new)?;
        let message = Message { attachments, ..self.number(change, known, new) };
        change.announce(message.posted());
        self.by_client.insert(key, self.messages.len());
        self.messages.push(message.clone());
        Ok(Posted { message, repeated: false })
    }

    fn number<DB: Dialect>(
        &mut self,
        change: &mut Change<'_, DB>,
        known: &Known,
        new: &NewMessage,
    ) -> Message {
        let thread_id = new.post.thread_id;
        let (seq, ordinal) = change.number(new.conversation_id, thread_id.is_none());
        let thread_ordinal = thread_id.map_or(0, |root| {
            let before = || known.referred.get(&root).map_or(0, |it| it.thread_ordinal);
            let thread = self
                .threads
                .entry(root)
                .or_insert_with(|| ThreadSummary { newest_ordinal: before(), last_reply_at: new.at });
            thread.newest_ordinal += 1;
            thread.last_reply_at = new.at;
            thread.newest_ordinal
        });
        Message {
            id: new.id,
            conversation_id: new.conversation_id,
            sender_id: new.sender_id,
            client_id: new.post.client_id,
            seq,
            ordinal,
            version: seq,
            thread_id,
            thread_ordinal,
            thread: None,
            reply_to: new.post.reply_to,
            text: new.post.text.clone(),
            mentions: new.mentions.clone(),
            attachments: Vec::new(),
            call: new.call.clone(),
            created_at: new.at,
            edited_at: None,
            deleted_at: None,
            reactions: Vec::new(),
        }
    }

    async fn write<DB: Dialect>(&self, change: &mut Change<'_, DB>) -> Result<()> {
        let (read, heads) = (self.read_marks(), change.take_moved());
        let writes = PostWrites { messages: &self.messages, read: &read, heads: &heads };
        DB::write_posts(change.connection(), &writes).await.map_err(failed)?;
        write_mentions(change, &self.messages).await?;
        attachment::write(change, &self.messages).await?;
        self.write_threads(change).await
    }

    /// Who posts has read up to the own message: no second event says so.
    fn read_marks(&self) -> Vec<((ConversationId, UserId), i64)> {
        let counted = self.messages.iter().filter(|message| message.ordinal > 0);
        let marks: BTreeMap<_, _> =
            counted.map(|message| ((message.conversation_id, message.sender_id), message.ordinal)).collect();
        // Rows in the order of their key touch the tree from left to right.
        marks.into_iter().collect()
    }

    async fn write_threads<DB: Dialect>(&self, change: &mut Change<'_, DB>) -> Result<()> {
        for message in self.messages.iter().filter(|message| message.thread_id.is_some()) {
            let (Some(root), ordinal) = (message.thread_id, message.thread_ordinal) else { continue };
            sqlx::query::<DB>(
                "insert into rony_threads (id, conversation_id, newest_ordinal, last_reply_at) values ($1, $2, $3, $4)
                 on conflict (id) do update set newest_ordinal = excluded.newest_ordinal, last_reply_at = excluded.last_reply_at",
            )
            .bind(root.uuid())
            .bind(message.conversation_id.uuid())
            .bind(ordinal)
            .bind(message.created_at.as_millis())
            .execute(change.connection())
            .await
            .map_err(failed)?;
            // Who replies follows the thread, and has read up to the own reply.
            sqlx::query::<DB>(
                "insert into rony_thread_members (thread_id, user_id, read_ordinal, follows) values ($1, $2, $3, true)
                 on conflict (thread_id, user_id) do update set read_ordinal = excluded.read_ordinal, follows = true",
            )
            .bind(root.uuid())
            .bind(message.sender_id.uuid())
            .bind(ordinal)
            .execute(change.connection())
            .await
            .map_err(failed)?;
        }
        Ok(())
    }
}

/// Mentions as the column holds them: empty for nobody, which is nearly always.
pub(crate) fn mentions_column(mentions: &Mentioned) -> String {
    if mentions.is_empty() { String::new() } else { values::json(mentions) }
}

/// The missed call of which a message tells, as the column holds it: empty for none, which is nearly always.
pub(crate) fn call_column(call: Option<&CallNote>) -> String {
    call.map(values::json).unwrap_or_default()
}

/// A row for each named member, and one for all; from these mentions are counted.
pub(super) async fn write_mentions<DB: Dialect>(
    change: &mut Change<'_, DB>,
    messages: &[Message],
) -> Result<()> {
    for message in messages.iter().filter(|message| !message.mentions.is_empty()) {
        let everybody = message.mentions.all.then_some(UserId(Uuid::nil()));
        for user in message.mentions.users.iter().copied().chain(everybody) {
            sqlx::query::<DB>(
                "insert into rony_mentions (conversation_id, user_id, seq, ordinal, sender_id)
                 values ($1, $2, $3, $4, $5) on conflict do nothing",
            )
            .bind(message.conversation_id.uuid())
            .bind(user.uuid())
            .bind(message.seq)
            .bind(message.ordinal)
            .bind(message.sender_id.uuid())
            .execute(change.connection())
            .await
            .map_err(failed)?;
        }
    }
    Ok(())
}
