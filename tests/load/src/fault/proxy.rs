//! A small TCP proxy between the server and PostgreSQL, which cuts connections when it is told to: all of them at once, so
//! that nothing passes any more, or one between its COMMIT and the answer.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use url::Url;

/// How long PostgreSQL may take to answer a COMMIT whose answer nobody will see.
const COMMIT: Duration = Duration::from_secs(10);

/// What becomes of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Bytes pass; connections older than this generation are cut.
    Pass(u64),
    /// Connections of this generation and older stay open and nothing passes, ever; younger ones pass.
    Silent(u64),
}

/// See the module's documentation. Connections end when it is dropped.
#[derive(Debug)]
pub(crate) struct Proxy {
    shared: Arc<Shared>,
    mode: watch::Sender<Mode>,
    generation: u64,
    _listening: JoinSet<()>,
}

#[derive(Debug)]
struct Shared {
    server: u16,
    mode: watch::Receiver<Mode>,
    /// Connections that begin now are of this generation.
    generation: AtomicU64,
    /// One in so many commits is cut; 0: none.
    every: AtomicU64,
    commits: AtomicU64,
    before: AtomicU64,
    after: AtomicU64,
}

impl Proxy {
    /// Stands in front of the server at `url`; gives the URL by which it is reached through the proxy.
    ///
    /// # Errors
    /// When the URL names no server on this machine, or there is no port.
    pub(crate) async fn start(url: &str) -> Result<(Self, String)> {
        let mut url = Url::parse(url).context("the database's URL is none")?;
        let server = url.port().unwrap_or(5432);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("no port for the proxy")?;
        let port = listener.local_addr()?.port();
        let (mode, modes) = watch::channel(Mode::Pass(0));
        let counters: [AtomicU64; 5] = Default::default();
        let [generation, every, commits, before, after] = counters;
        let shared = Arc::new(Shared { server, mode: modes, generation, every, commits, before, after });
        let mut listening = JoinSet::new();
        listening.spawn(listen(listener, shared.clone()));
        // Without TLS, so that a COMMIT can be seen.
        url.set_query(Some("sslmode=disable"));
        url.set_port(Some(port)).ok().context("the database's URL has no host")?;
        url.set_host(Some("127.0.0.1"))?;
        Ok((Self { shared, mode, generation: 0, _listening: listening }, url.into()))
    }

    /// Cuts all connections that there are.
    pub(crate) fn cut(&mut self) {
        let youngest = self.next_generation();
        self.mode.send_replace(Mode::Pass(youngest));
    }

    /// On the connections that there are nothing passes any more, and nobody says so.
    pub(crate) fn silence(&mut self) {
        let silent = self.generation;
        self.next_generation();
        self.mode.send_replace(Mode::Silent(silent));
    }

    /// From now on one in `every` commits is cut, by turns before PostgreSQL gets it and before the server gets its answer;
    /// 0: none.
    pub(crate) fn cut_commits(&self, every: u64) {
        self.shared.every.store(every, Relaxed);
    }

    /// How many commits were cut before PostgreSQL got them, and after it had committed.
    pub(crate) fn cuts(&self) -> (u64, u64) {
        (self.shared.before.load(Relaxed), self.shared.after.load(Relaxed))
    }

    fn next_generation(&mut self) -> u64 {
        self.generation += 1;
        self.shared.generation.store(self.generation, Relaxed);
        self.generation
    }
}

async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((client, _)) = listener.accept().await else { continue };
        let shared = shared.clone();
        connections.spawn(async move {
            // However it ends, both sides see a connection that is gone.
            let _ = pass(client, &shared).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

/// Passes bytes until one side ends, or the connection is cut.
async fn pass(mut client: TcpStream, shared: &Shared) -> Result<()> {
    let generation = shared.generation.load(Relaxed);
    let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, shared.server)).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut mode, mut frontend) = (shared.mode.clone(), Frontend::default());
    let (mut from_client, mut from_server) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
    loop {
        match *mode.borrow_and_update() {
            Mode::Pass(youngest) if generation < youngest => return Ok(()),
            Mode::Silent(silent) if generation <= silent => break,
            _ => {}
        }
        tokio::select! {
            changed = mode.changed() => changed?,
            read = client.read(&mut from_client) => {
                let bytes = &from_client[..read?];
                if bytes.is_empty() {
                    return Ok(());
                }
                if frontend.commits(bytes) && shared.is_cut() {
                    return cut(&mut server, bytes, shared).await;
                }
                server.write_all(bytes).await?;
            }
            read = server.read(&mut from_server) => {
                let bytes = &from_server[..read?];
                if bytes.is_empty() {
                    return Ok(());
                }
                client.write_all(bytes).await?;
            }
        }
    }
    // Open until the proxy cuts everything, or ends.
    let _ = mode.wait_for(|mode| matches!(mode, Mode::Pass(youngest) if generation < *youngest)).await;
    Ok(())
}

/// Ends a connection around its COMMIT: without passing it on, or after PostgreSQL has answered it.
async fn cut(server: &mut TcpStream, commit: &[u8], shared: &Shared) -> Result<()> {
    if shared.before.load(Relaxed) <= shared.after.load(Relaxed) {
        shared.before.fetch_add(1, Relaxed);
        return Ok(());
    }
    server.write_all(commit).await?;
    let mut answer = [0; 64];
    let read = timeout(COMMIT, server.read(&mut answer)).await.context("no answer to COMMIT")??;
    shared.after.fetch_add(u64::from(read > 0), Relaxed);
    Ok(())
}

impl Shared {
    fn is_cut(&self) -> bool {
        let every = self.every.load(Relaxed);
        every > 0 && self.commits.fetch_add(1, Relaxed) % every == every - 1
    }
}

/// Reads along what a client of PostgreSQL sends, byte by byte, and finds `COMMIT` (PostgreSQL's manual, "Frontend/Backend
/// Protocol"): after a start-up message without a type, messages of a type byte, a length that counts itself, and content.
#[derive(Debug, Default)]
struct Frontend {
    started: bool,
    header: Vec<u8>,
    content: Vec<u8>,
    /// Bytes of content that are still to come.
    missing: usize,
}

/// A simple query that commits.
const COMMIT_QUERY: &[u8] = b"COMMIT\0";

impl Frontend {
    /// Whether these bytes complete a COMMIT.
    fn commits(&mut self, bytes: &[u8]) -> bool {
        // To the end: each byte moves the state on.
        bytes.iter().filter(|byte| self.push(**byte)).count() > 0
    }

    fn push(&mut self, byte: u8) -> bool {
        if self.missing == 0 {
            self.header.push(byte);
            self.begin();
            return false;
        }
        self.missing -= 1;
        if self.content.len() < COMMIT_QUERY.len() + 1 {
            self.content.push(byte);
        }
        self.missing == 0 && self.end()
    }

    /// A header is complete: the length tells how much follows.
    fn begin(&mut self) {
        let type_bytes = usize::from(self.started);
        let Some(length) = self.header.get(type_bytes..type_bytes + 4) else { return };
        let length = length.iter().fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
        self.missing = length.saturating_sub(4);
        self.content.clear();
        if self.missing == 0 {
            self.end();
        }
    }

    fn end(&mut self) -> bool {
        let commit = self.started && self.header[0] == b'Q' && self.content == COMMIT_QUERY;
        self.started = true;
        self.header.clear();
        commit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u8, content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len() + 4).expect("a small message");
        [&[kind], length.to_be_bytes().as_slice(), content].concat()
    }

    fn started() -> Frontend {
        let mut frontend = Frontend::default();
        let startup = [&12_u32.to_be_bytes()[..], &196_608_u32.to_be_bytes(), b"user"].concat();
        assert!(!frontend.commits(&startup));
        frontend
    }

    #[test]
    fn a_commit_is_found_among_other_messages_however_they_are_cut_up() {
        let stream = [
            message(b'P', b"COMMIT\0"),
            message(b'S', b""),
            message(b'Q', b"COMMIT\0"),
            message(b'Q', b"COMMITS\0"),
            message(b'Q', b"ROLLBACK\0"),
        ]
        .concat();
        let mut frontend = started();
        let found: Vec<usize> = (0..stream.len()).filter(|at| frontend.commits(&stream[*at..=*at])).collect();
        let end = message(b'P', b"COMMIT\0").len() + message(b'S', b"").len() + 12;
        assert_eq!(found, [end - 1]);
        assert!(started().commits(&stream));
    }
}
