//! `rony-load login`: everybody signs in at once, while others chat. Beside it argon2 alone, in a loop.
//!
//! Hashing a password takes as long as it does; what is measured is that the chat does not feel it, and that a server spends
//! on hashing at least half of what all of its cores could.

use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rony_core::Rony;
use rony_core::actor::{Actor, Trusted};
use rony_core::password::{self, Argon2Hasher, PasswordHasher};
use rony_core::user::NewUser;
use rony_core::username::Username;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::bench::catalogue::LOGIN;
use crate::bench::chat::{Chat, Pace, While};
use crate::bench::debt;
use crate::bench::delays::Delays;
use crate::bench::disk::Probe;
use crate::bench::ground::{Backend, Server};
use crate::bench::pairs::{self, Pair};
use crate::bench::progress::Progress;
use crate::bench::report::{Aim, Report};
use crate::bench::{self, Options, usage};
use crate::people;
use crate::work::Work;

/// Those who chat meanwhile, and where.
const SENDERS: usize = 32;
const CONVERSATIONS: usize = 100;

/// Everybody's.
const PASSWORD: &str = "nine blue kettles sing";

/// What is compared with argon2 alone.
const STORM: &str = "everybody at once";

/// What goes on meanwhile.
const CHAT: &str = "chat at half speed";

/// What `--quick` makes smaller.
struct Size {
    people: usize,
    /// Of the chat before the storm, and of its first measurement.
    time: Duration,
    hashes: u32,
}

/// Runs the subcommand.
///
/// # Errors
/// When it cannot be measured.
pub async fn run(options: &Options) -> Result<ExitCode> {
    bench::run(&LOGIN, options, async |work, report| {
        let size = options.pick(
            Size { people: 200, time: Duration::from_secs(4), hashes: 100 },
            Size { people: 20, time: Duration::from_secs(1), hashes: 20 },
        );
        match options.against.as_str() {
            "argon2" => alone(size.hashes, report).await,
            _ => storm(options, work, &size, report).await,
        }
    })
    .await
}

/// One hash after the other on one thread, as if every core did so; and what cores that share memory and caches really do.
async fn alone(hashes: u32, report: &mut Report) -> Result<()> {
    let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let one = hashes_a_second(NonZeroUsize::MIN, hashes).await?;
    report.figure(STORM, "logins", "1/s", cores.get() as f64 * one);
    report.figure(STORM, "a hash", "ms", 1000.0 / one);
    let all = hashes_a_second(cores, hashes).await?;
    report.figure(STORM, "hashes on all cores at once", "1/s", all);
    Ok(())
}

/// So many threads, each with one hash after the other.
async fn hashes_a_second(threads: NonZeroUsize, hashes: u32) -> Result<f64> {
    let options = password::Options { threads, ..password::Options::default() };
    let hasher = Arc::new(Argon2Hasher::start(options).context("passwords cannot be hashed")?);
    let began = Instant::now();
    let mut done = JoinSet::new();
    for _ in 0..hashes {
        let hasher = Arc::clone(&hasher);
        done.spawn(async move { hasher.hash(PASSWORD.into()).await });
    }
    while let Some(hash) = done.join_next().await {
        hash.context("a hash broke off")?.context("a password cannot be hashed")?;
    }
    Ok(f64::from(hashes) / began.elapsed().as_secs_f64())
}

async fn storm(options: &Options, work: &Work, size: &Size, report: &mut Report) -> Result<()> {
    let progress = Progress::new(LOGIN.bench, &options.against);
    let database = Backend::Sqlite.create(options, work).await?;
    progress.step(size.people as u64, "people with passwords made");
    let pairs: Vec<Pair> = people::fill(database.url(), async |rony| {
        for number in 0..size.people {
            enroll(rony, number).await?;
            progress.one();
        }
        pairs::make(rony, 0, SENDERS, CONVERSATIONS).await
    })
    .await?;
    let server = Server::start(&database, work, None).await?;
    let mut chat = Chat::open(server.port(), &pairs).await?;

    progress.step(3, "runs of chat: at full speed, at half of it, with everybody signing in");
    chat.run(Pace::FullSpeed, size.time / 4).await?;
    let fastest = chat.run(Pace::FullSpeed, size.time).await?;
    // What full speed leaves for the search index would make the calm after it less than that.
    debt::of_chat(&server, &chat, &pairs).await?;
    progress.one();
    let pace = Pace::Rate(fastest.rate() / 2.0);
    let folder = Backend::Sqlite.folder(work);
    let disk = Probe::begin(&folder)?;
    let busy = usage::machine()?;
    let calm = chat.run(pace, size.time).await?;
    let busy = usage::machine()?.saturating_sub(busy);
    progress.one();
    // The chat goes on at least as long as the storm.
    let lasts = size.time + Duration::from_millis(25) * u32::try_from(size.people)?;
    let open = Arc::new(While::default());
    let (during, storm) = tokio::join!(
        chat.run_while(pace, lasts, Some(Arc::clone(&open))),
        sign_everybody_in(server.port(), size.people, &open)
    );
    let (during, storm) = (during?, storm?);
    ensure!(during.deliveries.count() > 0, "nobody posted while people signed in");

    let aim = Aim::at_least(0.5).times("argon2");
    report.aimed(STORM, "logins", "1/s", size.people as f64 / storm.took.as_secs_f64(), aim);
    report.figure(STORM, "login p50", "ms", storm.delays.percentile_ms(0.5));
    report.figure(STORM, "login p99", "ms", storm.delays.percentile_ms(0.99));
    report.aimed(STORM, "refused", "", storm.refused as f64, Aim::at_most(0.0));
    let (before, after) = (calm.deliveries.percentile_ms(0.99), during.deliveries.percentile_ms(0.99));
    report.figure(CHAT, "messages", "1/s", calm.rate());
    // What is left of the machine is all that hashing can have.
    report.figure(CHAT, "cores busy, calm", "", busy.as_secs_f64() / calm.took.as_secs_f64());
    report.figure(CHAT, "delivered p99, calm", "ms", before);
    report.figure(CHAT, "delivered p99, in the storm", "ms", after);
    report.aimed(CHAT, "p99 in the storm ÷ calm", "", after / before, Aim::at_most(2.0));
    disk.end(CHAT, report)?;
    report.lost += storm.refused + fastest.lost + calm.lost + during.lost;
    server.stop().await?;
    database.remove().await
}

async fn enroll(rony: &Rony, number: usize) -> Result<()> {
    let mut new = NewUser::named(Username::parse(&format!("guest{number}"))?);
    new.password = Some(PASSWORD.into());
    rony.users().create(&Actor::trusted(Trusted::System), new).await?;
    Ok(())
}

/// How the storm went.
struct Storm {
    delays: Delays,
    refused: u64,
    took: Duration,
}

/// What is due in the chat while a login waits for its answer counts there: `open` is that while.
async fn sign_everybody_in(port: u16, people: usize, open: &While) -> Result<Storm> {
    // The chat is in full swing by then.
    sleep(Duration::from_secs(1)).await;
    let began = Instant::now();
    open.begin();
    let mut logins = JoinSet::new();
    for number in 0..people {
        logins.spawn(async move { sign_in(port, number).await.map(|answer| (answer, began.elapsed())) });
    }
    let mut storm = Storm { delays: Delays::default(), refused: 0, took: Duration::ZERO };
    while let Some(done) = logins.join_next().await {
        let (answer, took) = done.context("a login's task broke off")??;
        if !answer.starts_with("HTTP/1.1 201 ") {
            eprintln!("a login was refused: {answer}");
            storm.refused += 1;
        }
        storm.delays.note(took);
        storm.took = storm.took.max(took);
    }
    open.end();
    Ok(storm)
}

/// Signs somebody in on a connection of their own; the server's answer.
async fn sign_in(port: u16, number: usize) -> Result<String> {
    let body = format!(r#"{{"username":"guest{number}","password":"{PASSWORD}"}}"#);
    let request = format!(
        "POST /api/v1/sessions HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.context("nobody listens for logins")?;
    stream.write_all(request.as_bytes()).await.context("a login cannot be sent")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.context("a login is not answered")?;
    ensure!(!answer.is_empty(), "a login is not answered");
    Ok(answer)
}
