//! Many connections at once, one light task each.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use anyhow::{Context, Result, bail};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::{JoinHandle, JoinSet};

use super::progress::Progress;
use super::socket::{Door, Socket};

/// How many handshakes run at once.
const HANDSHAKES: usize = 64;

/// What the connections of a crowd are, and what becomes of their frames.
pub(crate) trait Listener: Send + Sync + 'static {
    /// What connection `number` (0, 1, …) hears: the payload of one text frame.
    fn hear(&self, number: usize, frame: &[u8]);
}

/// Open connections. They are cut when this is dropped.
#[derive(Debug)]
pub(crate) struct Crowd {
    tasks: Vec<JoinHandle<()>>,
    /// Texts for the first connection to send.
    voice: mpsc::UnboundedSender<String>,
    fate: Arc<Fate>,
}

/// Connections that ended by themselves.
#[derive(Debug, Default)]
struct Fate {
    lost: AtomicUsize,
    first: std::sync::OnceLock<String>,
}

impl Crowd {
    /// Opens one connection for each door, sends `greeting` on each that has one, and from then on tells `listener` what
    /// comes.
    ///
    /// # Errors
    /// When one cannot be opened.
    pub(crate) async fn open(
        doors: Vec<Door>,
        greeting: Option<&'static str>,
        listener: &Arc<impl Listener>,
        progress: &Progress,
    ) -> Result<Self> {
        progress.step(doors.len() as u64, "connections opened");
        let room = Arc::new(Semaphore::new(HANDSHAKES));
        let mut opening = JoinSet::new();
        for (number, door) in doors.into_iter().enumerate() {
            let room = room.clone();
            opening.spawn(async move {
                let _room = room.acquire().await.context("nobody closes it")?;
                let mut socket = Socket::open(&door, number).await?;
                if let Some(greeting) = greeting {
                    socket.send(greeting).await?;
                }
                Ok::<_, anyhow::Error>((number, socket))
            });
        }
        let (voice, texts) = mpsc::unbounded_channel();
        let (mut texts, mut tasks, fate) = (Some(texts), Vec::new(), Arc::new(Fate::default()));
        while let Some(opened) = opening.join_next().await {
            let (number, socket) = opened.context("a connection's task broke off")??;
            let texts = if number == 0 { texts.take() } else { None };
            let (listener, fate) = (listener.clone(), fate.clone());
            tasks.push(tokio::spawn(async move {
                let error = follow(socket, number, texts, &*listener).await;
                fate.lost.fetch_add(1, Relaxed);
                let _ = fate.first.set(format!("connection {number}: {error:#}"));
            }));
            progress.one();
        }
        Ok(Self { tasks, voice, fate })
    }

    /// Sends `text` on the first connection, without waiting for anything.
    pub(crate) fn say(&self, text: String) {
        // Where the first connection has ended, `check` says so.
        let _ = self.voice.send(text);
    }

    /// How many connections have ended.
    pub(crate) fn lost(&self) -> u64 {
        self.fate.lost.load(Relaxed) as u64
    }

    /// Complains about connections that have ended.
    ///
    /// # Errors
    /// When there are any; the message has the reason of the first.
    pub(crate) fn check(&self) -> Result<()> {
        match (self.fate.lost.load(Relaxed), self.fate.first.get()) {
            (0, _) => Ok(()),
            (count, why) => bail!(
                "{count} connections ended, the first of them: {}",
                why.map_or("unknown", String::as_str)
            ),
        }
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Lives on one connection until it ends; why it did.
async fn follow(
    mut socket: Socket,
    number: usize,
    texts: Option<mpsc::UnboundedReceiver<String>>,
    listener: &impl Listener,
) -> anyhow::Error {
    let Some(mut texts) = texts else {
        loop {
            if let Err(error) = socket.read(|frame| listener.hear(number, frame)).await {
                return error;
            }
        }
    };
    loop {
        let done = tokio::select! {
            done = socket.read(|frame| listener.hear(number, frame)) => done,
            Some(text) = texts.recv() => socket.send(&text).await,
        };
        if let Err(error) = done {
            return error;
        }
    }
}
