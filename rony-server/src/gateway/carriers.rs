//! Carries what the hub has to the sockets: a few tasks for all of them, one a core.
//!
//! A task for each socket would be woken by each event for each who receives it, and cost memory while nothing happens. Here an event
//! wakes each carrier once, and it goes round those of its sockets that the event is for: one system call each, with all that waits. A
//! socket that does not take it at once gets a task of its own, until it has.

use std::{
    collections::VecDeque,
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
/// Errands that may wait for a carrier: enough for a frame to each of tens of thousands of sockets at once. Past that the server cannot keep
/// up, and those whom the errand is for come back through `sync`.
const MOST: usize = 64 * 1024;
/// Errands for which there is always room.
const KEPT: usize = 1024;

/// The carriers of a server. They end with it.
pub(crate) struct Carriers {
    hub: Arc<Hub>,
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
    given: VecDeque<Errand>,
    /// The carrier has ended.
    ended: bool,
}

/// What a carrier is about. When it ends, those to whom it had still to go are closed, so that they come back; so are those for whom
/// something is given to it afterwards.
struct Going {
    round: Arc<Round>,
    errands: VecDeque<Errand>,
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
    pub(crate) fn start(hub: &Arc<Hub>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let rounds: Box<[Arc<Round>]> = (0..cores).map(|_| Arc::default()).collect();
        // Without tokio's budget of a task: it would take a socket for full that is not. They yield by themselves.
        let carry = |round: &Arc<Round>| tokio::spawn(unconstrained(go_round(Going::new(round))));
        let tasks = rounds.iter().map(carry).collect();
        hub.carried_by(rounds.iter().map(|round| Arc::clone(round) as Arc<dyn Carrier>));
        Self { hub: Arc::clone(hub), rounds, tasks }
    }
}

impl Drop for Carriers {
    fn drop(&mut self) {
        for round in &self.rounds {
            self.hub.dismiss(&(Arc::clone(round) as Arc<dyn Carrier>));
        }
        self.tasks.iter().for_each(JoinHandle::abort);
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

async fn go_round(mut going: Going) {
    let (mut ready, mut room) = (Vec::new(), Vec::new());
    let mut visited = 0;
    loop {
        going.round.call.notified().await;
        std::mem::swap(&mut going.errands, &mut lock(&going.round.errands).given);
        while !going.errands.is_empty() {
            // One errand: each socket is written to while it is at hand. Several: each gets all that is for it in one go.
            let mut together = going.errands.len().min(AT_ONCE);
            let alone = together == 1;
            while together > 0
                && let Some(errand) = going.errands.front_mut()
            {
                let count = errand.run(A_WHILE, &mut ready);
                if count < A_WHILE {
                    going.errands.pop_front();
                    together -= 1;
                }
                visited += count;
                if alone || together == 0 {
                    carry_all(&mut ready, &mut room, &mut visited).await;
                }
                take_a_breath(&mut visited).await;
            }
        }
        going.errands.shrink_to(KEPT);
    }
}

async fn carry_all(ready: &mut Vec<Arc<dyn Outlet>>, room: &mut Vec<Bytes>, visited: &mut usize) {
    for outlet in ready.drain(..) {
        outlet.carry(room);
        *visited += 1;
        take_a_breath(visited).await;
    }
}

/// Lets others have the thread once in a while.
async fn take_a_breath(visited: &mut usize) {
    if *visited >= A_WHILE {
        *visited = 0;
        yield_now().await;
    }
}

impl Carrier for Round {
    fn take(&self, errand: Errand) {
        let mut errands = lock(&self.errands);
        let refused = match (errands.ended, errands.given.len()) {
            (true, _) => Some(Close::Draining),
            (false, MOST..) => Some(Close::TooSlow),
            (false, _) => None,
        };
        if let Some(reason) = refused {
            drop(errands);
            return errand.refuse(reason);
        }
        errands.given.push_back(errand);
        let is_first = errands.given.len() == 1;
        drop(errands);
        if is_first {
            self.call.notify_one();
        }
    }
}

impl Going {
    /// Made before its task is: a task that ends before it begins ends a carrier, too.
    fn new(round: &Arc<Round>) -> Self {
        Self { round: Arc::clone(round), errands: VecDeque::new() }
    }
}

impl Drop for Going {
    fn drop(&mut self) {
        let given = {
            let mut errands = lock(&self.round.errands);
            errands.ended = true;
            std::mem::take(&mut errands.given)
        };
        self.errands.drain(..).chain(given).for_each(|errand| errand.refuse(Close::Draining));
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

#[cfg(test)]
mod tests {
    use rony_core::{id::UserId, time::Clock as _};
    use rony_storage::SystemClock;

    use super::*;

    fn connect(hub: &Hub) -> Frames {
        hub.connect(UserId::new(SystemClock.now()), None).1
    }

    #[tokio::test]
    async fn a_carrier_queues_what_it_is_given() {
        let hub = Arc::default();
        let _carriers = Carriers::start(&hub);
        let mut frames = connect(&hub);
        frames.link().send(Bytes::from_static(b"one"));
        frames.link().send(Bytes::from_static(b"two"));
        let mut came = Vec::new();
        while came.len() < 2 {
            frames.next(&mut came, 1).await;
        }
        assert_eq!(came, ["one", "two"]);
    }

    #[tokio::test]
    async fn whose_carrier_ended_is_closed_and_comes_back_without_one() {
        let hub = Arc::default();
        let carriers = Carriers::start(&hub);
        let (waits, idle) = (connect(&hub), connect(&hub));
        waits.link().send(Bytes::from_static(b"before"));
        drop(carriers);
        assert_eq!(waits.link().ended().await, Close::Draining);
        idle.link().send(Bytes::from_static(b"after"));
        assert_eq!(idle.link().ended().await, Close::Draining);
        let mut back = connect(&hub);
        back.link().send(Bytes::from_static(b"again"));
        assert_eq!(back.try_next().expect("it is queued at once"), "again");
    }

    #[tokio::test]
    async fn who_cannot_be_kept_up_with_is_closed() {
        let hub = Arc::default();
        let _carriers = Carriers::start(&hub);
        let busy = connect(&hub);
        // The test has the one thread, so the carrier does not come to it.
        (0..MOST).for_each(|_| busy.link().send(Bytes::new()));
        assert_eq!(busy.link().closed(), None);
        busy.link().send(Bytes::new());
        assert_eq!(busy.link().closed(), Some(Close::TooSlow));
    }
}
