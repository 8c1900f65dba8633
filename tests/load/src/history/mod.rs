//! `rony-load history`: what reading costs in a conversation of a million messages, beside the same in one of a thousand.
//!
//! The use cases are called in this process: a server's own share is the same for both, and would hide a difference.

mod fill;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use rony_core::actor::Actor;
use rony_core::id::ConversationId;
use rony_core::message::Window;
use rony_core::page::Limit;
use rony_core::projection::Projected;
use rony_core::search::{Kind, SearchRequest};
use rony_core::time::Timestamp;
use rony_core::{Rony, Store};
use tokio::time::Instant;
use uuid::Uuid;

use crate::bench::catalogue::HISTORY;
use crate::bench::delays::Delays;
use crate::bench::ground::Backend;
use crate::bench::progress::Progress;
use crate::bench::report::{Aim, Report};
use crate::bench::{self, Options};
use crate::database::Database;
use crate::people;

/// Messages in the short conversation.
const SHORT: u64 = 1_000;

/// Conversations of the reader, the long one among them.
const CONVERSATIONS: usize = 500;

/// Unread messages in each of the others.
const UNREAD: usize = 3;

/// Pages that are turned back.
const PAGES: usize = 5;

/// What `--quick` makes smaller.
struct Size {
    messages: u64,
    /// How often each thing is done; the middle counts.
    times: usize,
}

/// Runs the subcommand.
///
/// # Errors
/// When it cannot be measured.
pub async fn run(options: &Options) -> Result<ExitCode> {
    bench::run(&HISTORY, options, async |work, report| {
        let (long, times) = options.pick((1_000_000, 41), (20_000, 11));
        let messages = if options.against == "short" { SHORT } else { long };
        let size = Size { messages, times };
        let progress = Progress::new(HISTORY.bench, &options.against);
        for backend in Backend::BOTH {
            let database = backend.create(options, work).await?;
            database.server_in_words().await?.into_iter().for_each(|words| report.beside(words));
            let measured = measure(backend, &database, &size, &progress, report).await;
            database.remove().await?;
            measured?;
        }
        Ok(())
    })
    .await
}

async fn measure(
    backend: Backend,
    database: &Database,
    size: &Size,
    progress: &Progress,
    report: &mut Report,
) -> Result<()> {
    progress.step(CONVERSATIONS as u64, "conversations made");
    let (reader, writer, conversation) = people::fill(database.url(), async |rony| {
        let reader = people::enroll(rony, 0, "Reader").await?.user;
        let writer = people::enroll(rony, 1, "Writer").await?.user;
        let long = people::meet(rony, "Group 0", &[reader, writer]).await?;
        for number in 1..CONVERSATIONS {
            let short = people::meet(rony, &format!("Group {number}"), &[reader, writer]).await?;
            say_something(rony, writer, short).await?;
            progress.one();
        }
        Ok((reader, writer, long))
    })
    .await?;
    progress.step(size.messages, "messages written");
    fill::fill(database.url(), conversation, writer, size.messages).await?;

    let reading = Reading::open(database.url(), reader, conversation, size).await?;
    progress.step(size.messages, "messages brought into the search index");
    reading.index(progress).await?;
    progress.step(Deed::ALL.len() as u64, "ways to read");
    for deed in Deed::ALL {
        let delays = reading.time(deed).await?;
        let case = format!("{}, {}", backend.name(), deed.name());
        match deed {
            // How these grow is stated; they are what is looked for, not where.
            Deed::Rare | Deed::Common => report.figure(&case, "median", "ms", delays.percentile_ms(0.5)),
            _ => {
                let aim = Aim::at_most(2.0).times("short");
                report.aimed(&case, "median", "ms", delays.percentile_ms(0.5), aim);
            }
        }
        progress.one();
    }
    reading.close.close().await;
    Ok(())
}

/// Posts what the reader has not read.
async fn say_something(rony: &Rony, writer: Uuid, conversation: Uuid) -> Result<()> {
    for _ in 0..UNREAD {
        let post = people::message("see you there".to_owned());
        rony.messages().post(&people::member(writer), ConversationId(conversation), post).await?;
    }
    Ok(())
}

/// What a reader does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Open,
    PageBack,
    Jump,
    Rare,
    Common,
    Unread,
}

impl Deed {
    const ALL: [Self; 6] = [Self::Open, Self::PageBack, Self::Jump, Self::Rare, Self::Common, Self::Unread];

    const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::PageBack => "page back five times",
            Self::Jump => "jump to a date",
            Self::Rare => "search a rare word",
            Self::Common => "search a common word",
            Self::Unread => "unread over 500 conversations",
        }
    }
}

/// A reader with a database that is open in this process.
struct Reading {
    rony: Rony,
    close: Close,
    actor: Actor,
    conversation: ConversationId,
    messages: u64,
    times: usize,
}

/// What must be closed at the end.
enum Close {
    Sqlite(rony_storage::SqlStore<sqlx::Sqlite>),
    Postgres(rony_storage::SqlStore<sqlx::Postgres>),
}

impl Close {
    async fn open(url: &str) -> Result<(Self, Arc<dyn Store>)> {
        let options = rony_storage::Options::default();
        if url.starts_with("sqlite:") {
            let store = rony_storage::open_sqlite(url, &options).await?;
            return Ok((Self::Sqlite(store.clone()), Arc::new(store)));
        }
        let store = rony_storage::open_postgres(url, &options).await?;
        Ok((Self::Postgres(store.clone()), Arc::new(store)))
    }

    async fn close(self) {
        match self {
            Self::Sqlite(store) => store.close().await,
            Self::Postgres(store) => store.close().await,
        }
    }
}

impl Reading {
    async fn open(url: &str, reader: Uuid, conversation: Uuid, size: &Size) -> Result<Self> {
        let (close, store) = Close::open(url).await?;
        let (rony, actor) = (people::use_cases(store)?, people::member(reader));
        let conversation = ConversationId(conversation);
        Ok(Self { rony, close, actor, conversation, messages: size.messages, times: size.times })
    }

    /// Lets the search index follow the messages, where [`fill::fill`] left that to it.
    async fn index(&self, progress: &Progress) -> Result<()> {
        loop {
            let Projected { messages, more } = self.rony.projections().step().await?;
            progress.some(messages);
            if !more {
                return Ok(());
            }
        }
    }

    async fn time(&self, deed: Deed) -> Result<Delays> {
        let mut delays = Delays::default();
        self.read(deed, 0).await?;
        for round in 0..self.times {
            let began = Instant::now();
            self.read(deed, round).await?;
            delays.note(began.elapsed());
        }
        Ok(delays)
    }

    async fn read(&self, deed: Deed, round: usize) -> Result<()> {
        match deed {
            Deed::Open => {
                let snapshot = self.rony.snapshots().conversation(&self.actor, self.conversation).await?;
                ensure!(!snapshot.messages.items.is_empty(), "the conversation is empty");
            }
            Deed::PageBack => {
                let mut window = Window::Newest;
                for _ in 0..PAGES {
                    let page = self.page(window).await?;
                    window = Window::Before(page.first().copied().context("a page is empty")?);
                }
            }
            Deed::Jump => self.jump(round).await?,
            Deed::Rare => self.search(fill::RARE, 3).await?,
            Deed::Common => self.search(fill::COMMON, Limit::default().get()).await?,
            Deed::Unread => {
                let snapshot = self.rony.snapshots().personal(&self.actor).await?;
                let unread: i64 = snapshot.conversations.iter().map(|view| view.unread).sum();
                let short = snapshot.conversations.iter().filter(|view| view.unread == UNREAD as i64).count();
                ensure!(short == CONVERSATIONS - 1, "{short} conversations have {UNREAD} unread messages");
                ensure!(
                    unread == i64::try_from(self.messages)? + (short * UNREAD) as i64,
                    "{unread} messages are unread"
                );
            }
        }
        Ok(())
    }

    /// The seqs on a page.
    async fn page(&self, window: Window) -> Result<Vec<i64>> {
        let limit = Limit::default();
        let page = self.rony.messages().page(&self.actor, self.conversation, None, window, limit).await?;
        Ok(page.items.iter().map(|message| message.seq).collect())
    }

    /// To a date that is another each time: the last message before it, and what is around that.
    async fn jump(&self, round: usize) -> Result<()> {
        let number = (self.messages as usize / 2 + round * 7) % self.messages as usize;
        let until = Timestamp::from_millis(fill::FIRST + number as i64 * fill::EVERY);
        let request = SearchRequest {
            conversation: Some(self.conversation),
            until: Some(until),
            kind: Some(Kind::Messages),
            limit: Limit::new(1)?,
            ..SearchRequest::default()
        };
        let found = self.rony.search().search(&self.actor, request).await?;
        let seq = found.messages.items.first().context("nothing was posted before that date")?.message.seq;
        ensure!(self.page(Window::Around(seq)).await?.contains(&seq), "the page misses its own middle");
        Ok(())
    }

    async fn search(&self, word: &str, expected: usize) -> Result<()> {
        let request = SearchRequest {
            query: word.to_owned(),
            conversation: Some(self.conversation),
            kind: Some(Kind::Messages),
            ..SearchRequest::default()
        };
        let found = self.rony.search().search(&self.actor, request).await?.messages.items.len();
        ensure!(found == expected, "{word} was found {found} times, not {expected}");
        Ok(())
    }
}
