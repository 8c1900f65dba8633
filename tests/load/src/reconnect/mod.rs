//! `rony-load reconnect`: everybody's connection drops at once, messages pass, everybody comes back at once and catches up.
//!
//! Once as one large conversation of which everybody missed everything, once as people who have thousands of conversations of
//! which few moved. Then `sync` alone, beside plain reads of the same rows.

mod client;
mod raw;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rony_core::Rony;
use tokio::task::JoinSet;
use tokio::time::Instant;
use uuid::Uuid;

use self::client::Client;
use crate::bench::catalogue::RECONNECT;
use crate::bench::cores;
use crate::bench::delays::Delays;
use crate::bench::ground::{Backend, Server};
use crate::bench::progress::Progress;
use crate::bench::report::{Aim, Report};
use crate::bench::socket::Socket;
use crate::bench::{self, Options};
use crate::database::Database;
use crate::http::Http;
use crate::os;
use crate::people::{self, Account};
use crate::text::text;
use crate::wire::{PostFrame, SyncRequest};
use crate::work::Work;

/// Messages that pass while everybody is away.
const MISSED: u64 = 100;

/// Who reads at once where `sync` stands alone.
const READERS: u32 = 16;

/// What is compared with plain reads.
const ALONE: &str = "sync alone";

/// What `--quick` makes smaller.
struct Size {
    /// Members of the large conversation.
    crowd: usize,
    /// People with many conversations, and how many.
    busy: usize,
    conversations: usize,
    time: Duration,
}

/// Who is there, and where they meet.
struct Cast {
    people: Vec<Account>,
    /// Of everybody.
    large: Uuid,
    /// Of the first `Size::busy` people.
    many: Vec<Uuid>,
}

/// Runs the subcommand.
///
/// # Errors
/// When it cannot be measured.
pub async fn run(options: &Options) -> Result<ExitCode> {
    bench::run(&RECONNECT, options, async |work, report| {
        let size = options.pick(
            Size { crowd: 1000, busy: 10, conversations: 2000, time: Duration::from_secs(3) },
            Size { crowd: 100, busy: 3, conversations: 100, time: Duration::from_secs(1) },
        );
        os::allow_open_files(4 * size.crowd as u64 + 500)?;
        let database = Backend::Sqlite.create(options, work).await?;
        let progress = Progress::new(RECONNECT.bench, &options.against);
        let cast = people::fill(database.url(), async |rony| populate(rony, &size, &progress).await).await?;
        let server = Server::start(&database, work, Some(cores::SERVER)).await?;
        let bench = Bench { server, size: &size, cast: &cast, progress: &progress };
        bench.measure(options.against == "raw", &database, work, report).await?;
        bench.server.stop().await?;
        database.remove().await
    })
    .await
}

async fn populate(rony: &Rony, size: &Size, progress: &Progress) -> Result<Cast> {
    progress.step((size.crowd + size.conversations) as u64, "people and conversations made");
    let mut people = Vec::with_capacity(size.crowd);
    for number in 0..size.crowd {
        people.push(people::enroll(rony, number, &format!("Person {number}")).await?);
        progress.one();
    }
    let users: Vec<Uuid> = people.iter().map(|account| account.user).collect();
    let large = people::meet(rony, "everybody", &users).await?;
    let mut many = Vec::with_capacity(size.conversations);
    for number in 0..size.conversations {
        many.push(people::meet(rony, &format!("group {number}"), &users[..size.busy]).await?);
        progress.one();
    }
    Ok(Cast { people, large, many })
}

struct Bench<'b> {
    server: Server,
    size: &'b Size,
    cast: &'b Cast,
    progress: &'b Progress,
}

impl Bench<'_> {
    async fn measure(&self, raw: bool, database: &Database, work: &Work, report: &mut Report) -> Result<()> {
        let (large, many) = (vec![self.cast.large], &self.cast.many);
        let first = self.head().await?;
        if raw {
            self.post(&large).await?;
            self.progress.step(1, format!("run of plain reads, with data in {}", work.path().display()));
            let rate = raw::rate(database.url(), (self.cast.large, first), READERS, self.size.time).await?;
            report.figure(ALONE, "events", "1/s", rate);
            return Ok(());
        }
        let crowd = format!("{} people, one conversation", self.size.crowd);
        self.stampede(&crowd, self.size.crowd, &large, report).await?;
        let busy = format!("{} people, {} conversations each", self.size.busy, self.size.conversations);
        self.stampede(&busy, self.size.busy, many, report).await?;
        let rate = self.sync_alone(first).await?;
        report.aimed(ALONE, "events", "1/s", rate, Aim::at_least(0.25).times("raw"));
        Ok(())
    }

    /// Where the large conversation stands.
    async fn head(&self) -> Result<i64> {
        let url = format!("http://127.0.0.1:{}/api/v1/conversations/{}", self.server.port(), self.cast.large);
        let answer = Http::new().get(&url, &self.cast.people[0].token).await?;
        let view: serde_json::Value = serde_json::from_slice(&answer)?;
        view["head"].as_i64().context("a conversation has no head")
    }

    async fn stampede(&self, case: &str, people: usize, places: &[Uuid], report: &mut Report) -> Result<()> {
        let port = self.server.port();
        self.progress.step(people as u64, format!("people who drop and come back: {case}"));
        let mut clients = Vec::with_capacity(people);
        let mut sockets = Vec::with_capacity(people);
        for (number, account) in self.cast.people[..people].iter().enumerate() {
            let mut client = Client::new(account.token.clone());
            let (_, socket) = client.connect(port, number).await?;
            clients.push(client);
            sockets.push(socket);
        }
        drop(sockets);
        self.post(places).await?;

        let before = self.server.usage()?;
        let (delays, missed) = self.come_back(clients).await?;
        let cpu = self.server.usage()?.cpu.saturating_sub(before.cpu);
        report.aimed(case, "caught up p99", "ms", delays.percentile_ms(0.99), Aim::at_most(5000.0));
        report.figure(case, "caught up p50", "ms", delays.percentile_ms(0.5));
        report.figure(case, "server CPU for each", "ms", cpu.as_secs_f64() * 1000.0 / people as f64);
        report.aimed(case, "lost or doubled", "", missed as f64, Aim::at_most(0.0));
        report.lost += missed;
        Ok(())
    }

    /// All at once: how long each took from the moment when they all began, and what was not exactly what had passed.
    async fn come_back(&self, clients: Vec<Client>) -> Result<(Delays, u64)> {
        let (port, began) = (self.server.port(), Instant::now());
        let mut coming = JoinSet::new();
        for (number, mut client) in clients.into_iter().enumerate() {
            coming.spawn(async move {
                let (messages, socket) = client.catch_up(port, number).await?;
                anyhow::Ok((messages, began.elapsed(), socket))
            });
        }
        let (mut delays, mut wrong, mut sockets) = (Delays::default(), 0, Vec::new());
        while let Some(done) = coming.join_next().await {
            let (messages, took, socket) = done.context("a client's task broke off")??;
            delays.note(took);
            wrong += messages.abs_diff(MISSED);
            sockets.push(socket);
            self.progress.one();
        }
        Ok((delays, wrong))
    }

    /// Posts what the others miss, in each of the places in turn.
    async fn post(&self, places: &[Uuid]) -> Result<()> {
        // Everybody is in all of the places who is the first of all.
        let (mut socket, mut rng) = (self.poster().await?, rand::rng());
        for place in places.iter().cycle().take(MISSED as usize) {
            let (id, text) = (Uuid::new_v4(), text(&mut rng));
            let frame = PostFrame { r#type: "post", id, conversation_id: *place, client_id: id, text: &text };
            socket.send(&serde_json::to_string(&frame)?).await?;
            let (mut acked, mut refused) = (false, false);
            while !acked {
                let look = |frame: &[u8]| {
                    acked |= frame.starts_with(br#"{"type":"ack""#);
                    refused |= frame.starts_with(br#"{"type":"error""#);
                };
                socket.read(look).await?;
                ensure!(!refused, "a post was refused");
            }
        }
        Ok(())
    }

    async fn poster(&self) -> Result<Socket> {
        let mut poster = Client::new(self.cast.people[0].token.clone());
        Ok(poster.connect(self.server.port(), 0).await?.1)
    }

    /// Events a second that some read who ask for the same hundred again and again.
    async fn sync_alone(&self, first: i64) -> Result<f64> {
        self.progress.step(1, "run of sync alone");
        let url = format!("http://127.0.0.1:{}/api/v1/sync", self.server.port());
        let (began, time) = (Instant::now(), self.size.time);
        let mut readers = JoinSet::new();
        for account in self.cast.people.iter().cycle().take(READERS as usize) {
            let (url, token, http) = (url.clone(), account.token.clone(), Http::new());
            let streams = std::collections::HashMap::from([(self.cast.large, first)]);
            readers.spawn(async move {
                let mut answers = 0;
                while began.elapsed() < time {
                    let answer = http.post(&url, &token, &SyncRequest { streams: streams.clone() }).await?;
                    ensure!(answer.len() as u64 > MISSED * 200, "sync leaves something out");
                    answers += 1;
                }
                Ok(answers)
            });
        }
        let mut answers: u64 = 0;
        while let Some(done) = readers.join_next().await {
            answers += done.context("a reader's task broke off")??;
        }
        Ok((answers * MISSED) as f64 / began.elapsed().as_secs_f64())
    }
}
