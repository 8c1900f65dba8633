//! Pairs of connections to a server: one side posts, the other waits for what was posted.
//!
//! A post's `client_id` holds the pair, the post's number, and when it was due; it comes back in the ack and in the event, so
//! nothing has to be looked up to know how long either took.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use rand::SeedableRng;
use rand::rngs::SmallRng;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use uuid::Uuid;

use super::GRACE;
use super::delays::Delays;
use super::pairs::Pair;
use super::socket::{Door, Socket};
use crate::text::text;

/// How long an ack may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Connected pairs.
#[derive(Debug)]
pub(crate) struct Chat {
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    /// The pair's number, the same in all runs: a receiver may hear in one run what another pair posted at the end of the last one.
    pair: u64,
    sender: Socket,
    receiver: Socket,
    conversations: Arc<[Uuid]>,
    /// Posts of all runs together.
    posted: u64,
}

/// How posts come.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pace {
    /// Each sender posts as soon as its last post is acknowledged.
    FullSpeed,
    /// So many a second, of all senders together, whatever becomes of them; delays count from when a post was due.
    Rate(f64),
}

/// What a run came to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// From a post to its ack.
    pub(crate) acks: Delays,
    /// From a post to its arrival at the receiver.
    pub(crate) deliveries: Delays,
    /// Acknowledged and never delivered, or delivered twice.
    pub(crate) lost: u64,
    /// From the first post to the last delivery.
    pub(crate) took: Duration,
}

impl Outcome {
    /// Posts a second.
    pub(crate) fn rate(&self) -> f64 {
        self.acks.count() as f64 / self.took.as_secs_f64()
    }
}

/// A while in which delays count, which somebody else begins and ends in the middle of a run.
#[derive(Debug, Default)]
pub(crate) struct While {
    began: OnceLock<Instant>,
    ended: OnceLock<Instant>,
}

impl While {
    /// It begins now.
    pub(crate) fn begin(&self) {
        self.began.get_or_init(Instant::now);
    }

    /// It ends now.
    pub(crate) fn end(&self) {
        self.ended.get_or_init(Instant::now);
    }

    /// Whether a moment that is past is in it.
    fn has(&self, moment: Instant) -> bool {
        self.began.get().is_some_and(|began| moment >= *began)
            && self.ended.get().is_none_or(|ended| moment <= *ended)
    }
}

/// What senders and receivers of a run know of each other.
struct Run {
    start: Instant,
    end: Instant,
    /// Between two posts of one sender.
    every: Option<Duration>,
    /// Only what was due in it counts among the delays.
    counted: Option<Arc<While>>,
}

impl Run {
    /// How late it is by now for what was due so long after the start; `None` where that does not count.
    fn delay(&self, due: Duration) -> Option<Duration> {
        let counts = self.counted.as_ref().is_none_or(|counted| counted.has(self.start + due));
        counts.then(|| self.start.elapsed().saturating_sub(due))
    }
}

impl Chat {
    /// Connects everybody to the server at `port`.
    ///
    /// # Errors
    /// When one cannot connect.
    pub(crate) async fn open(port: u16, pairs: &[Pair]) -> Result<Self> {
        let mut lines = Vec::with_capacity(pairs.len());
        for (number, pair) in (0..).zip(pairs) {
            let sender = connect(port, &pair.sender.token).await?;
            let receiver = connect(port, &pair.receiver.token).await?;
            let conversations = pair.conversations.clone().into();
            lines.push(Line { pair: number, sender, receiver, conversations, posted: 0 });
        }
        Ok(Self { lines })
    }

    /// How many messages all runs together have posted in each conversation.
    pub(crate) fn posted(&self) -> HashMap<Uuid, i64> {
        let mut posted = HashMap::new();
        for Line { conversations, posted: count, .. } in &self.lines {
            for number in 0..*count {
                *posted.entry(in_turn(conversations, number)).or_default() += 1;
            }
        }
        posted
    }

    /// Posts for so long.
    ///
    /// # Errors
    /// When a post is refused or not answered, or a connection ends.
    pub(crate) async fn run(&mut self, pace: Pace, time: Duration) -> Result<Outcome> {
        self.run_while(pace, time, None).await
    }

    /// As [`Chat::run`], and only what was due in `counted` is among the delays, and so in the rate.
    ///
    /// # Errors
    /// As [`Chat::run`].
    pub(crate) async fn run_while(
        &mut self,
        pace: Pace,
        time: Duration,
        counted: Option<Arc<While>>,
    ) -> Result<Outcome> {
        let lines = std::mem::take(&mut self.lines);
        let count = lines.len();
        let every = match pace {
            Pace::FullSpeed => None,
            Pace::Rate(rate) => Some(Duration::from_secs_f64(count as f64 / rate)),
        };
        let start = Instant::now();
        let run = Arc::new(Run { start, end: start + time, every, counted });
        let mut tasks = JoinSet::new();
        for line in lines {
            let first = every.unwrap_or_default().mul_f64(line.pair as f64 / count as f64);
            tasks.spawn(line.run(Arc::clone(&run), first));
        }
        let mut outcome = Outcome::default();
        let mut latest = start;
        while let Some(done) = tasks.join_next().await {
            let (line, acks, deliveries, lost, ended) = done.context("a pair's task broke off")??;
            outcome.acks.add(&acks);
            outcome.deliveries.add(&deliveries);
            outcome.lost += lost;
            latest = latest.max(ended);
            self.lines.push(line);
        }
        outcome.took = latest - start;
        Ok(outcome)
    }
}

impl Line {
    async fn run(mut self, run: Arc<Run>, first: Duration) -> Result<(Self, Delays, Delays, u64, Instant)> {
        let before = self.posted;
        let Self { pair, sender, receiver, conversations, posted } = &mut self;
        let pair = *pair;
        let finished = AtomicU64::new(u64::MAX);
        let send = async {
            let acks = match run.every {
                None => full_speed(sender, conversations, posted, pair, &run).await,
                Some(every) => paced(sender, conversations, posted, pair, &run, (first, every)).await,
            };
            finished.store(*posted, Relaxed);
            acks
        };
        let hear = hear(receiver, pair, before, &finished, &run);
        let (acks, heard) = tokio::join!(send, hear);
        let (acks, (deliveries, lost, ended)) = (acks?, heard?);
        Ok((self, acks, deliveries, lost, ended))
    }
}

async fn connect(port: u16, token: &str) -> Result<Socket> {
    let door = Door { port, path: "/api/v1/gateway".to_owned(), token: Some(token.to_owned()) };
    let mut socket = Socket::open(&door, 0).await?;
    socket.send(r#"{"type":"resume"}"#).await?;
    let mut greeted = false;
    while !greeted {
        socket.read(|frame| greeted |= frame.starts_with(br#"{"type":"hello""#)).await?;
    }
    Ok(socket)
}

async fn full_speed(
    socket: &mut Socket,
    conversations: &[Uuid],
    posted: &mut u64,
    pair: u64,
    run: &Run,
) -> Result<Delays> {
    let (mut acks, mut rng) = (Delays::default(), SmallRng::from_os_rng());
    while Instant::now() < run.end {
        post(socket, conversations, posted, pair, run.start.elapsed(), &mut rng).await?;
        wait_for_acks(socket, run, &mut acks, 1).await?;
    }
    Ok(acks)
}

async fn paced(
    socket: &mut Socket,
    conversations: &[Uuid],
    posted: &mut u64,
    pair: u64,
    run: &Run,
    (first, every): (Duration, Duration),
) -> Result<Delays> {
    let (mut acks, mut rng) = (Delays::default(), SmallRng::from_os_rng());
    let (mut due, mut open) = (first, 0_u64);
    let mut refused = None;
    while run.start + due < run.end {
        tokio::select! {
            biased;
            () = sleep_until(run.start + due) => {
                post(socket, conversations, posted, pair, due, &mut rng).await?;
                open += 1;
                due += every;
            }
            read = socket.read(|frame| note_ack(frame, run, &mut acks, &mut open, &mut refused)) => read?,
        }
        check(&mut refused)?;
    }
    wait_for_acks(socket, run, &mut acks, open).await?;
    Ok(acks)
}

/// Where a line's post of that number goes.
const fn in_turn(conversations: &[Uuid], number: u64) -> Uuid {
    conversations[number as usize % conversations.len()]
}

async fn post(
    socket: &mut Socket,
    conversations: &[Uuid],
    posted: &mut u64,
    pair: u64,
    due: Duration,
    rng: &mut SmallRng,
) -> Result<()> {
    let conversation = in_turn(conversations, *posted);
    let id = Uuid::from_u64_pair((pair << 32) | *posted, u64::try_from(due.as_nanos())?);
    *posted += 1;
    let text = text(rng);
    let frame = format!(
        r#"{{"type":"post","id":"{id}","conversation_id":"{conversation}","client_id":"{id}","text":"{text}"}}"#
    );
    socket.send(&frame).await
}

async fn wait_for_acks(socket: &mut Socket, run: &Run, acks: &mut Delays, mut open: u64) -> Result<()> {
    let mut refused = None;
    while open > 0 {
        let read = socket.read(|frame| note_ack(frame, run, acks, &mut open, &mut refused));
        timeout(PATIENCE, read).await.context("a post was not acknowledged")??;
        check(&mut refused)?;
    }
    Ok(())
}

fn check(refused: &mut Option<String>) -> Result<()> {
    refused.take().map_or(Ok(()), |frame| Err(anyhow!("a post was refused: {frame}")))
}

fn note_ack(frame: &[u8], run: &Run, acks: &mut Delays, open: &mut u64, refused: &mut Option<String>) {
    if frame.starts_with(br#"{"type":"ack""#) {
        if let Some(delay) = id_after(frame, br#""id":""#).and_then(|id| run.delay(due(id))) {
            acks.note(delay);
        }
        *open = open.saturating_sub(1);
    } else if frame.starts_with(br#"{"type":"error""#) {
        *refused = Some(String::from_utf8_lossy(frame).into_owned());
    }
}

/// Hears the posts of one pair from number `before` on, until all that the sender has posted are here, or too long has passed.
async fn hear(
    socket: &mut Socket,
    pair: u64,
    before: u64,
    finished: &AtomicU64,
    run: &Run,
) -> Result<(Delays, u64, Instant)> {
    let (mut delays, mut seen, mut doubled) = (Delays::default(), Vec::new(), 0);
    let (mut count, mut last, mut deadline) = (0, run.start, None);
    loop {
        let end = finished.load(Relaxed);
        if end != u64::MAX && count >= end - before {
            break;
        }
        if end != u64::MAX && Instant::now() > *deadline.get_or_insert_with(|| Instant::now() + GRACE) {
            break;
        }
        let read = socket.read(|frame| {
            let Some(id) = posted_id(frame).filter(|id| id.as_u64_pair().0 >> 32 == pair) else { return };
            let number = (id.as_u64_pair().0 & u64::from(u32::MAX)).saturating_sub(before) as usize;
            if seen.len() <= number {
                seen.resize(number + 1, false);
            }
            doubled += u64::from(std::mem::replace(&mut seen[number], true));
            count += 1;
            last = Instant::now();
            if let Some(delay) = run.delay(due(id)) {
                delays.note(delay);
            }
        });
        tokio::select! {
            read = read => read?,
            // Only to look again whether the sender has finished.
            () = sleep(Duration::from_millis(100)) => {}
        }
    }
    let posted = finished.load(Relaxed) - before;
    ensure!(posted > 0, "a sender posted nothing");
    if doubled > 0 || count < posted {
        eprintln!("pair {pair}: {posted} posted, {count} heard, {doubled} of them doubled");
    }
    let found = seen.iter().filter(|seen| **seen).count() as u64;
    Ok((delays, posted.saturating_sub(found) + doubled, last))
}

/// The client id of a posted message.
fn posted_id(frame: &[u8]) -> Option<Uuid> {
    frame.starts_with(br#"{"type":"event""#).then(|| id_after(frame, br#""client_id":""#)).flatten()
}

fn id_after(frame: &[u8], name: &[u8]) -> Option<Uuid> {
    let at = frame.windows(name.len()).position(|window| window == name)? + name.len();
    Uuid::try_parse_ascii(frame.get(at..at + 36)?).ok()
}

/// When the post of that id was due, after the start of its run.
const fn due(id: Uuid) -> Duration {
    Duration::from_nanos(id.as_u64_pair().1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_whose_post_it_is_and_when_it_was_due() {
        let id = Uuid::from_u64_pair((7 << 32) | 3, 1_500_000);
        let frame = format!(r#"{{"type":"event","event":{{"message":{{"client_id":"{id}","text":"x"}}}}}}"#);
        let found = posted_id(frame.as_bytes()).unwrap();
        assert_eq!((found.as_u64_pair().0 >> 32, due(found)), (7, Duration::from_micros(1500)));
        assert_eq!(posted_id(br#"{"type":"ack","id":"x"}"#), None);
    }

    #[test]
    fn only_what_was_due_within_a_while_counts() {
        let (start, counted) = (Instant::now(), Arc::new(While::default()));
        let run = Run { start, end: start, every: None, counted: Some(Arc::clone(&counted)) };
        assert_eq!(run.delay(Duration::ZERO), None);
        counted.begin();
        let due = start.elapsed();
        assert!(run.delay(due).is_some());
        counted.end();
        assert!(run.delay(due).is_some());
        assert_eq!(run.delay(Duration::ZERO), None);
        assert_eq!(run.delay(start.elapsed() + Duration::from_secs(1)), None);
    }
}
