//! Carries what the hub has to the sockets: a few tasks for all of them, one a core.
//!
//! A task for each socket would be woken by each event for each who receives it, and cost memory while nothing happens. Here an event
//! wakes each carrier once, and it goes round those of its sockets that the event is for: one system call each, with all that waits. A
//! socket that does not take it at once gets a task of its own, until it has.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use rony_core::hub::{Carrier, Close, Errand, Frames, Hub, Outlet};
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
}

/// What a carrier has to do.
#[derive(Default)]
struct Round {
    errands: Mutex<Errands>,
    call: Notify,
}

#[derive(Default)]
struct Errands {
    given: Vec<Errand>,
    /// The carrier has ended.
    ended: bool,
}

/// A socket's way out of the hub.
pub(super) struct Line {
    frames: Frames,
    mouth: Arc<Mouth>,
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
    /// Starts those of `hub` on the current tokio runtime.
    pub(crate) fn start(hub: &Hub) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let rounds: Box<[Arc<Round>]> = (0..cores).map(|_| Arc::default()).collect();
        // Without tokio's budget of a task: it would take a socket for full that is not. They yield by themselves.
        let carry = |round: &Arc<Round>| tokio::spawn(unconstrained(go_round(Arc::clone(round))));
        let tasks = rounds.iter().map(carry).collect();
        hub.carried_by(rounds.iter().map(|round| Arc::clone(round) as Arc<dyn Carrier>));
        Self { rounds, tasks }
    }
}

impl Drop for Carriers {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
        // The hub may live on.
        self.rounds
            .iter()
            .for_each(|round| *lock(&round.errands) = Errands { given: Vec::new(), ended: true });
    }
}

/// From now on what `frames` has is said by `mouth`, until the socket leaves the hub. Dropping what is answered ends it.
pub(super) fn carry(frames: Frames, mouth: Arc<Mouth>) -> Carried {
    let line = Arc::new(Line { frames, mouth, slow: Mutex::new(Slow::Nobody) });
    line.frames.let_out_by(Arc::clone(&line) as Arc<dyn Outlet>);
    Carried(line)
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
    let (mut errands, mut ready, mut room) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        round.call.notified().await;
        std::mem::swap(&mut errands, &mut lock(&round.errands).given);
        for some in errands.chunks_mut(AT_ONCE) {
            // One errand: each socket is at hand once. Several: each socket gets all that is for it in one go.
            let most = if some.len() == 1 { A_WHILE } else { usize::MAX };
            for errand in &mut *some {
                while errand.run(most, &mut ready) {
                    carry_all(&mut ready, &mut room).await;
                }
            }
            carry_all(&mut ready, &mut room).await;
        }
        errands.clear();
    }
}

async fn carry_all(ready: &mut Vec<Arc<dyn Outlet>>, room: &mut Vec<Bytes>) {
    for (number, outlet) in (1..).zip(ready.drain(..)) {
        outlet.carry(room);
        if number % A_WHILE == 0 {
            yield_now().await;
        }
    }
}

impl Carrier for Round {
    fn take(&self, errand: Errand) {
        let mut errands = lock(&self.errands);
        if errands.ended {
            drop(errands);
            return errand.run_now();
        }
        errands.given.push(errand);
        let is_first = errands.given.len() == 1;
        drop(errands);
        if is_first {
            self.call.notify_one();
        }
    }
}

impl Outlet for Line {
    fn carry(self: Arc<Self>, room: &mut Vec<Bytes>) {
        while self.frames.take(room, AT_ONCE) > 0 {
            match self.mouth.try_texts(room) {
                Ok(true) => {}
                Ok(false) => return self.carry_slowly(std::mem::take(room)),
                Err(_) => {
                    room.clear();
                    return self.frames.link().close(Close::Gone);
                }
            }
        }
    }
}

impl Line {
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
