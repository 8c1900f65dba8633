//! Carries what the hub queues to the sockets: a few tasks for all of them, one a core.
//!
//! A task for each socket would be woken by each event for each who receives it, and cost memory while nothing happens. Here an event
//! wakes a carrier once, and it goes round the sockets that have something: one system call each, with all that waits. A
//! socket that does not take it at once gets a task of its own, until it has.

use std::{
    num::NonZeroUsize,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use rony_core::hub::{Close, Frames, Outlet};
use tokio::{
    sync::Notify,
    task::{AbortHandle, JoinHandle, unconstrained, yield_now},
};

use super::halves::Mouth;

/// Frames that are written in one go.
const AT_ONCE: usize = 64;
/// Sockets after which a carrier lets others have its thread.
const A_WHILE: usize = 64;

/// The carriers of a server. They end with it.
pub(crate) struct Carriers {
    rounds: Box<[Arc<Round>]>,
    tasks: Box<[JoinHandle<()>]>,
    next: AtomicUsize,
}

/// The sockets to which a carrier has to go.
#[derive(Default)]
struct Round {
    waiting: Mutex<Vec<Arc<Line>>>,
    call: Notify,
}

/// A socket's way out of the hub.
pub(super) struct Line {
    frames: Frames,
    mouth: Arc<Mouth>,
    round: Arc<Round>,
    slow: Mutex<Slow>,
}

/// Who carries to a socket that does not take everything at once.
enum Slow {
    Nobody,
    Task(AbortHandle),
    /// The socket has ended: nobody begins any more.
    Ended,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Carriers {
    /// Starts them on the current tokio runtime.
    pub(crate) fn start() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let rounds: Box<[Arc<Round>]> = (0..cores).map(|_| Arc::default()).collect();
        // Without tokio's budget of a task: it would take a socket for full that is not. They yield by themselves.
        let carry = |round: &Arc<Round>| tokio::spawn(unconstrained(go_round(Arc::clone(round))));
        let tasks = rounds.iter().map(carry).collect();
        Self { rounds, tasks, next: AtomicUsize::new(0) }
    }

    /// From now on what `frames` has is said by `mouth`, until the socket leaves the hub. Dropping what is answered ends it.
    pub(super) fn carry(&self, frames: Frames, mouth: Arc<Mouth>) -> Carried {
        let number = self.next.fetch_add(1, Ordering::Relaxed) % self.rounds.len();
        let round = Arc::clone(&self.rounds[number]);
        let line = Arc::new(Line { frames, mouth, round, slow: Mutex::new(Slow::Nobody) });
        line.frames.let_out_by(Arc::clone(&line) as Arc<dyn Outlet>);
        Carried(line)
    }
}

impl Drop for Carriers {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// A socket that is carried to.
pub(super) struct Carried(Arc<Line>);

impl Drop for Carried {
    fn drop(&mut self) {
        if let Slow::Task(task) = std::mem::replace(&mut *lock(&self.0.slow), Slow::Ended) {
            task.abort();
        }
    }
}

async fn go_round(round: Arc<Round>) {
    let (mut lines, mut frames) = (Vec::new(), Vec::new());
    loop {
        round.call.notified().await;
        std::mem::swap(&mut lines, &mut *lock(&round.waiting));
        for (number, line) in (1..).zip(lines.drain(..)) {
            Line::carry(line, &mut frames);
            if number % A_WHILE == 0 {
                yield_now().await;
            }
        }
    }
}

impl Outlet for Line {
    fn ready(self: Arc<Self>) {
        let round = Arc::clone(&self.round);
        let mut waiting = lock(&round.waiting);
        waiting.push(self);
        let is_first = waiting.len() == 1;
        drop(waiting);
        if is_first {
            round.call.notify_one();
        }
    }
}

impl Line {
    /// Says what waits, as long as the socket takes it at once. `frames` is empty before and after.
    fn carry(self: Arc<Self>, frames: &mut Vec<Bytes>) {
        while self.frames.take(frames, AT_ONCE) > 0 {
            match self.mouth.try_texts(frames) {
                Ok(true) => {}
                Ok(false) => return self.carry_slowly(std::mem::take(frames)),
                Err(_) => {
                    frames.clear();
                    return self.frames.link().close(Close::Gone);
                }
            }
        }
    }

    /// Finishes what was begun, and says `frames` and what waits behind them, however long the socket takes.
    fn carry_slowly(self: Arc<Self>, mut frames: Vec<Bytes>) {
        let line = Arc::clone(&self);
        let mut slow = lock(&self.slow);
        if matches!(*slow, Slow::Ended) {
            return;
        }
        let task = tokio::spawn(async move {
            loop {
                if line.mouth.texts(frames.drain(..)).await.is_err() {
                    return line.frames.link().close(Close::Gone);
                }
                if line.frames.take(&mut frames, AT_ONCE) == 0 {
                    return;
                }
            }
        });
        *slow = Slow::Task(task.abort_handle());
    }
}
