//! `rony-load meet`: two thousand people in five hundred rooms signal at once, as the meshes of four do that they are in: all come
//! in, every two agree with each other, and then begin anew again and again, as on a network that changes all the time.
//!
//! No sound and no picture flows: what is measured is what the server does, which passes descriptions and candidates on.

use std::collections::HashMap;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use rony_core::actor::{Actor, Trusted};
use rony_core::id::UserId;
use rony_core::permission::ServerRole;
use rony_core::room::NewRoom;
use serde::Deserialize;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use crate::bench::catalogue::MEET;
use crate::bench::cores;
use crate::bench::delays::Delays;
use crate::bench::ground::{Backend, Server};
use crate::bench::progress::Progress;
use crate::bench::report::Report;
use crate::bench::socket::{Door, Socket};
use crate::bench::{self, GRACE, Options};
use crate::os;
use crate::people::{self, Account};

/// As many as a mesh carries.
const IN_A_ROOM: usize = 4;
/// Every two people agree anew so often.
const EVERY: Duration = Duration::from_secs(5);
/// Candidates of each of the two, in one negotiation.
const CANDIDATES: u64 = 8;
/// Messages of one negotiation: an offer, an answer, and the candidates of both.
const MESSAGES: u64 = 2 + 2 * CANDIDATES;
/// Bytes of a description, as browsers make them for a microphone and a camera.
const DESCRIPTION: usize = 5_000;
/// When nothing is to be said, what was heard is acknowledged after so long.
const ACK: Duration = Duration::from_millis(250);
const PING: Duration = Duration::from_secs(10);
/// How long it may take until all are in.
const PATIENCE: Duration = Duration::from_secs(180);

/// What everybody does at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Connected,
    In,
    Busy,
    Over,
}

/// What all people together said and heard.
#[derive(Debug)]
struct Tally {
    began: Instant,
    greeted: AtomicU64,
    joined: AtomicU64,
    said: AtomicU64,
    heard: AtomicU64,
    /// Whether delays are noted.
    noting: AtomicBool,
    delays: Mutex<Delays>,
    filler: String,
}

impl Tally {
    /// A moment of this run, in microseconds.
    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Something arrived that was said at `sent`.
    fn arrived(&self, sent: u64) {
        self.heard.fetch_add(1, Relaxed);
        if self.noting.load(Relaxed) {
            let delay = Duration::from_micros(self.now().saturating_sub(sent));
            self.delays.lock().unwrap_or_else(PoisonError::into_inner).note(delay);
        }
    }
}

/// Runs the subcommand.
///
/// # Errors
/// When it cannot be measured; messages that were lost are part of the answer.
pub async fn run(options: &Options) -> Result<ExitCode> {
    bench::run(&MEET, options, async |work, report| {
        let (rooms, time) = options.pick((500, Duration::from_secs(30)), (20, Duration::from_secs(6)));
        let count = rooms * IN_A_ROOM;
        os::allow_open_files(count as u64 + 500)?;
        let progress = Progress::new(MEET.bench, &options.against);
        let database = Backend::Sqlite.create(options, work).await?;
        progress.step(count as u64, "people made, a room for every four");
        let (people, codes) = people::fill(database.url(), async |rony| {
            let (mut people, mut codes) = (Vec::with_capacity(count), Vec::with_capacity(rooms));
            for number in 0..count {
                people.push(people::enroll(rony, number, &format!("Person {number}")).await?);
                if number % IN_A_ROOM == 0 {
                    let owner = UserId(people[number].user);
                    let actor = Actor::trusted(Trusted::User(owner, ServerRole::Member));
                    codes.push(rony.rooms().create(&actor, NewRoom::default()).await?.room.code.to_string());
                }
                progress.one();
            }
            Ok((people, codes))
        })
        .await?;
        let server = Server::start(&database, work, Some(cores::SERVER)).await?;
        measure(&server, &people, &codes, time, &progress, report).await?;
        server.stop().await?;
        database.remove().await
    })
    .await
}

async fn measure(
    server: &Server,
    people: &[Account],
    codes: &[String],
    time: Duration,
    progress: &Progress,
    report: &mut Report,
) -> Result<()> {
    let (count, rooms) = (people.len() as u64, codes.len() as f64);
    let (phase, phases) = watch::channel(Phase::Connected);
    let tally = Arc::new(Tally {
        began: Instant::now(),
        greeted: AtomicU64::new(0),
        joined: AtomicU64::new(0),
        said: AtomicU64::new(0),
        heard: AtomicU64::new(0),
        noting: AtomicBool::new(true),
        delays: Mutex::default(),
        filler: filler(),
    });
    let mut open = JoinSet::new();
    progress.step(count, "people connect");
    for (number, account) in people.iter().enumerate() {
        let door = Door {
            port: server.port(),
            path: "/api/v1/gateway".to_owned(),
            token: Some(account.token.clone()),
        };
        let socket = Socket::open(&door, number).await?;
        let mut person = Person::new(socket, number, &codes[number / IN_A_ROOM], &tally);
        open.spawn({
            let phases = phases.clone();
            async move { person.live(phases).await.with_context(|| format!("person {number}")) }
        });
        progress.one();
    }
    until(&mut open, PATIENCE, "all are greeted", || tally.greeted.load(Relaxed) == count).await?;
    let alone = server.usage()?;

    // Every two agree once, as soon as both are in.
    let pairs = (IN_A_ROOM * (IN_A_ROOM - 1) / 2) as u64 * codes.len() as u64;
    progress.step(1, format!("meshes of {IN_A_ROOM} come together, {pairs} negotiations"));
    let began = Instant::now();
    phase.send_replace(Phase::In);
    until(&mut open, PATIENCE, "all have agreed", || {
        tally.joined.load(Relaxed) == count && tally.heard.load(Relaxed) >= pairs * MESSAGES
    })
    .await?;
    let took = began.elapsed();
    let case = format!("{count} people come to {} rooms at once", codes.len());
    let used = server.usage()?.cpu.saturating_sub(alone.cpu);
    report.figure(&case, "until all have agreed with all", "s", took.as_secs_f64());
    report.figure(&case, "server CPU for each person", "ms", used.as_secs_f64() * 1000.0 / count as f64);
    sleep(Duration::from_secs(2)).await;
    let there = server.usage()?;
    let kib = there.resident.saturating_sub(alone.resident) as f64 / 1024.0;
    report.figure(&case, "memory a room", "KiB", kib / rooms);

    *tally.delays.lock().unwrap_or_else(PoisonError::into_inner) = Delays::default();
    progress.step(time.as_secs(), "seconds in which every two agree anew, again and again");
    let (heard, began, before) = (tally.heard.load(Relaxed), Instant::now(), server.usage()?.cpu);
    phase.send_replace(Phase::Busy);
    while began.elapsed() < time {
        sleep(Duration::from_secs(1)).await;
        broken(&mut open)?;
        progress.one();
    }
    let (took, used) = (began.elapsed(), server.usage()?.cpu.saturating_sub(before));
    let messages = tally.heard.load(Relaxed) - heard;
    phase.send_replace(Phase::Over);
    let all_heard = || tally.heard.load(Relaxed) >= tally.said.load(Relaxed);
    let _ = until(&mut open, GRACE, "all is heard", all_heard).await;
    broken(&mut open)?;
    let (said, heard) = (tally.said.load(Relaxed), tally.heard.load(Relaxed));
    report.lost += said.abs_diff(heard);

    let case = format!("{count} people in {} rooms signal", codes.len());
    let each = used.as_secs_f64() * 1e6 / messages.max(1) as f64;
    let delays = tally.delays.lock().unwrap_or_else(PoisonError::into_inner);
    report.figure(&case, "messages passed on", "1/s", messages as f64 / took.as_secs_f64());
    report.figure(&case, "server CPU a message", "µs", each);
    report.figure(&case, "core of the server busy", "%", used.as_secs_f64() * 100.0 / took.as_secs_f64());
    report.figure(&case, "messages a core could pass on", "1/s", 1e6 / each);
    report.figure(&case, "from device to device, p50", "ms", delays.percentile_ms(0.5));
    report.figure(&case, "from device to device, p99", "ms", delays.percentile_ms(0.99));
    Ok(())
}

/// Waits until something holds.
async fn until(
    open: &mut JoinSet<Result<()>>,
    patience: Duration,
    what: &str,
    holds: impl Fn() -> bool,
) -> Result<()> {
    let deadline = Instant::now() + patience;
    while !holds() {
        broken(open)?;
        ensure!(Instant::now() < deadline, "not {what} after {patience:?}");
        sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// Complains about somebody whose connection or meeting ended.
fn broken(open: &mut JoinSet<Result<()>>) -> Result<()> {
    open.try_join_next().transpose().context("a person's task broke off")?.unwrap_or(Ok(()))
}

/// The rest of a description.
fn filler() -> String {
    const LINE: &str = "a=rtpmap:96 VP8/90000\\r\\n";
    LINE.repeat(DESCRIPTION / LINE.len())
}

/// A frame of the gateway, as far as it is of interest.
#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    message: Option<Message>,
    code: Option<String>,
}

/// A message of a room, likewise.
#[derive(Deserialize)]
struct Message {
    seq: u64,
    #[serde(rename = "type")]
    kind: String,
    #[serde(rename = "self")]
    me: Option<u32>,
    #[serde(default)]
    peers: Vec<Peer>,
    from: Option<u32>,
    nid: Option<u64>,
    sdp: Option<String>,
    candidate: Option<Candidate>,
    code: Option<String>,
    reason: Option<String>,
}

#[derive(Deserialize)]
struct Peer {
    peer: u32,
}

#[derive(Deserialize)]
struct Candidate {
    candidate: String,
}

/// Somebody in a room, on one connection.
struct Person {
    socket: Socket,
    code: String,
    tally: Arc<Tally>,
    me: Option<u32>,
    said: u64,
    seen: u64,
    /// The newest negotiation with each of those who were there before, with whom this one begins.
    begun: HashMap<u32, u64>,
    /// What is to be sent.
    out: Vec<String>,
    ack_at: Option<Instant>,
    ping_at: Instant,
    /// When to begin anew with somebody.
    anew_at: Option<Instant>,
    /// With whom, in turn.
    turn: usize,
    phase: Phase,
    number: usize,
}

impl Person {
    fn new(socket: Socket, number: usize, code: &str, tally: &Arc<Tally>) -> Self {
        Self {
            socket,
            code: code.to_owned(),
            tally: Arc::clone(tally),
            me: None,
            said: 0,
            seen: 0,
            begun: HashMap::new(),
            out: vec![r#"{"type":"resume"}"#.to_owned()],
            ack_at: None,
            ping_at: Instant::now() + PING,
            anew_at: None,
            turn: 0,
            phase: Phase::Connected,
            number,
        }
    }

    /// Lives until the connection ends, which is an error.
    async fn live(&mut self, mut phases: watch::Receiver<Phase>) -> Result<()> {
        let mut frames = Vec::new();
        loop {
            for text in std::mem::take(&mut self.out) {
                self.socket.send(&text).await?;
            }
            let due = [self.ack_at, self.anew_at].into_iter().flatten().fold(self.ping_at, Instant::min);
            tokio::select! {
                done = self.socket.read(|frame| frames.push(frame.to_vec())) => done?,
                () = sleep_until(due) => {}
                changed = phases.changed() => {
                    changed.context("the bench has ended")?;
                    let phase = *phases.borrow();
                    self.enter(phase);
                }
            }
            for frame in frames.drain(..) {
                self.hear(&frame)?;
            }
            self.do_what_is_due();
        }
    }

    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        match phase {
            Phase::In => {
                let join = format!(r#""seq":0,"type":"join","room":"{}""#, self.code);
                self.frame(&join);
            }
            // All rooms at different moments of the five seconds.
            Phase::Busy if !self.begun.is_empty() => {
                let offset = EVERY.mul_f64((self.number % 997) as f64 / 997.0);
                self.anew_at = Some(Instant::now() + offset / self.others());
            }
            _ => self.anew_at = None,
        }
    }

    fn others(&self) -> u32 {
        u32::try_from(self.begun.len().max(1)).unwrap_or(1)
    }

    fn do_what_is_due(&mut self) {
        let now = Instant::now();
        if self.anew_at.is_some_and(|at| at <= now) {
            self.anew_at = Some(now + EVERY / self.others());
            let mut others: Vec<u32> = self.begun.keys().copied().collect();
            others.sort_unstable();
            self.turn += 1;
            self.begin(others[self.turn % others.len()]);
        }
        if self.me.is_some() && self.ping_at <= now {
            self.ping_at = now + PING;
            self.frame(&format!(r#""seq":0,"ack":{},"type":"ping""#, self.seen));
        } else if self.ping_at <= now {
            self.ping_at = now + PING;
        }
        if self.ack_at.is_some_and(|at| at <= now) {
            self.ack_at = None;
            self.frame(&format!(r#""seq":0,"ack":{},"type":"ack""#, self.seen));
        }
    }

    fn frame(&mut self, message: &str) {
        self.out.push(format!(r#"{{"type":"rtc","room":"{}","message":{{{message}}}}}"#, self.code));
    }

    fn say(&mut self, message: &str) {
        self.said += 1;
        self.ack_at = None;
        self.frame(&format!(r#""seq":{},"ack":{},{message}"#, self.said, self.seen));
    }

    /// Begins a negotiation with somebody who was there before: with a higher number one is polite, and one's numbers are odd.
    fn begin(&mut self, target: u32) {
        let nid = self.begun.get(&target).map_or(1, |last| last + 2);
        self.begun.insert(target, nid);
        self.describe("offer", target, nid);
    }

    fn describe(&mut self, kind: &str, target: u32, nid: u64) {
        let tally = Arc::clone(&self.tally);
        self.say(&format!(
            r#""type":"{kind}","target":{target},"nid":{nid},"sdp":"v=0\r\no=- {} 2 IN IP4 127.0.0.1\r\n{}""#,
            tally.now(),
            tally.filler
        ));
        for _ in 0..CANDIDATES {
            let now = tally.now();
            self.say(&format!(
                r#""type":"trickle","target":{target},"nid":{nid},"candidate":{{"candidate":"candidate:{now} 1 udp 2113937151 192.0.2.1 50000 typ host generation 0","sdpMid":"0","sdpMLineIndex":0}}"#
            ));
        }
        tally.said.fetch_add(1 + CANDIDATES, Relaxed);
    }

    fn hear(&mut self, frame: &[u8]) -> Result<()> {
        let frame: Frame<'_> = serde_json::from_slice(frame).context("a frame cannot be read")?;
        let message = match (frame.kind, frame.message) {
            ("hello", _) => {
                self.tally.greeted.fetch_add(1, Relaxed);
                return Ok(());
            }
            ("error", _) => bail!("the server refuses: {}", frame.code.unwrap_or_default()),
            ("rtc", Some(message)) => message,
            _ => return Ok(()),
        };
        if message.seq > 0 {
            if message.seq != self.seen + 1 {
                return Ok(()); // It was said again, or something before it is missing and will be.
            }
            self.seen = message.seq;
            self.ack_at.get_or_insert_with(|| Instant::now() + ACK);
        }
        match message.kind.as_str() {
            "joined" => {
                self.tally.joined.fetch_add(1, Relaxed);
                self.me = message.me;
                for peer in
                    message.peers.iter().map(|peer| peer.peer).filter(|peer| Some(*peer) != message.me)
                {
                    self.begin(peer);
                }
            }
            "offer" => {
                self.tally.arrived(moment(message.sdp.as_deref(), "o=- ")?);
                let (from, nid) = message.from.zip(message.nid).context("an offer of nobody")?;
                self.describe("answer", from, nid);
            }
            "answer" => self.tally.arrived(moment(message.sdp.as_deref(), "o=- ")?),
            "trickle" => {
                let candidate = message.candidate.as_ref().map(|candidate| candidate.candidate.as_str());
                self.tally.arrived(moment(candidate, "candidate:")?);
            }
            "leave" => bail!("the meeting ended: {}", message.reason.unwrap_or_default()),
            "error" => bail!("the room refuses: {}", message.code.unwrap_or_default()),
            _ => {}
        }
        Ok(())
    }
}

/// When something was said, which stands in it behind `mark`.
fn moment(text: Option<&str>, mark: &str) -> Result<u64> {
    let after = text.and_then(|text| text.split(mark).nth(1));
    let number = after.and_then(|after| after.split(' ').next()?.parse().ok());
    number.context("a message came that nobody here said")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moment_is_found_in_what_was_said_then() {
        assert_eq!(moment(Some("v=0\r\no=- 1234 2 IN IP4 127.0.0.1\r\n"), "o=- ").unwrap(), 1234);
        assert_eq!(moment(Some("candidate:77 1 udp"), "candidate:").unwrap(), 77);
        assert!(moment(Some("v=0"), "o=- ").is_err() && moment(None, "o=- ").is_err());
    }
}
