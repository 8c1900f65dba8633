//! [`PasswordHasher`] with argon2id, on a few threads of its own, so that a storm of sign-ins slows down sign-ins and
//! nothing else.

use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use async_trait::async_trait;
use tokio::sync::oneshot;

use super::{HashError, PasswordHasher, normalize};
use crate::{background::give_way, secret::Secret};

/// What one hash costs, with one lane (p = 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory, in KiB; at least 8.
    pub memory_kib: u32,
    /// Passes over that memory; at least 1.
    pub passes: u32,
}

impl Default for Cost {
    /// 19 MiB and 2 passes: the first choice of OWASP's
    /// [Password Storage Cheat Sheet](https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id).
    /// About 16 ms on a common server.
    fn default() -> Self {
        Self { memory_kib: 19_456, passes: 2 }
    }
}

/// How an [`Argon2Hasher`] works.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What one hash costs.
    pub cost: Cost,
    /// How many hashes are made at once. Each takes [`Cost::memory_kib`] while it is made.
    pub threads: NonZeroUsize,
    /// How many may wait for a thread; one more is [`HashError::Busy`].
    pub waiting: usize,
}

impl Default for Options {
    /// All cores where the threads can give way to others (as on Linux), else half of them; and 1,000 who wait: with 16 ms a
    /// hash, the last of them waits 16 s on one thread, which is as long as a client waits for an answer. That goes for cores that
    /// rest now and then. On some that are always full a hash takes seconds: a server that can hardly pass on what people say
    /// lets few come in.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let share = if cfg!(target_os = "linux") { cores } else { cores / 2 };
        let threads = NonZeroUsize::new(share).unwrap_or(NonZeroUsize::MIN);
        Self { cost: Cost::default(), threads, waiting: 1_000 }
    }
}

/// Hashes passwords with argon2id, version 0x13.
///
/// Who asks and goes away before their turn costs nothing: their job is skipped. Dropping the hasher ends its threads
/// and waits for the hashes that are being made.
///
/// ```
/// use rony_core::password::{Argon2Hasher, Cost, PasswordHasher};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), rony_core::password::HashError> {
/// let hasher = Argon2Hasher::with_cost(Cost { memory_kib: 8, passes: 1 })?; // for a test; `new()` for people
/// let phc = hasher.hash("correct horse".into()).await?;
/// assert!(hasher.verify("correct horse".into(), Some(&phc)).await?);
/// assert!(!hasher.verify("correct horse".into(), None).await?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Argon2Hasher {
    cost: Cost,
    /// `None` only while dropping.
    queue: Option<SyncSender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

/// One piece of work; it looks itself whether somebody still waits for it.
type Job = Box<dyn FnOnce(&Engine) + Send>;

impl Argon2Hasher {
    /// Starts the threads, with everything at its default.
    ///
    /// # Errors
    /// [`HashError::Resources`] when the machine gives no thread or no random numbers.
    pub fn new() -> Result<Self, HashError> {
        Self::start(Options::default())
    }

    /// Starts the threads, with another cost; a small one makes tests fast.
    ///
    /// # Errors
    /// As [`new`](Self::new), and [`HashError::Cost`] when argon2 does not allow it.
    pub fn with_cost(cost: Cost) -> Result<Self, HashError> {
        Self::start(Options { cost, ..Options::default() })
    }

    /// Starts the threads.
    ///
    /// # Errors
    /// As [`with_cost`](Self::with_cost).
    pub fn start(options: Options) -> Result<Self, HashError> {
        let engine = Arc::new(Engine::new(options.cost)?);
        let (queue, jobs) = sync_channel(options.waiting);
        let jobs = Arc::new(Mutex::new(jobs));
        // Made first, so that its drop ends the threads that started when a later one does not.
        let mut hasher = Self { cost: options.cost, queue: Some(queue), threads: Vec::new() };
        for number in 0..options.threads.get() {
            let (engine, jobs) = (Arc::clone(&engine), Arc::clone(&jobs));
            let thread = std::thread::Builder::new()
                .name(format!("rony-password-{number}"))
                .spawn(move || work(&engine, &jobs))
                .map_err(|_| HashError::Resources)?;
            hasher.threads.push(thread);
        }
        Ok(hasher)
    }

    /// Waits for a thread and lets it do `task`.
    async fn run<T: Send + 'static>(
        &self,
        task: impl FnOnce(&Engine) -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |engine| {
            if !reply.is_closed() {
                // Nobody there any more: they went while we worked.
                let _ = reply.send(task(engine));
            }
        });
        let queue = self.queue.as_ref().ok_or(HashError::Resources)?;
        queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => HashError::Busy,
            TrySendError::Disconnected(_) => HashError::Resources,
        })?;
        answer.await.unwrap_or(Err(HashError::Resources))
    }
}

#[async_trait]
impl PasswordHasher for Argon2Hasher {
    async fn hash(&self, password: Secret) -> Result<String, HashError> {
        self.run(move |engine| engine.hash(&password)).await
    }

    async fn verify(&self, password: Secret, phc: Option<&str>) -> Result<bool, HashError> {
        let phc = phc.map(str::to_owned);
        self.run(move |engine| engine.verify(&password, phc.as_deref())).await
    }

    fn needs_rehash(&self, phc: &str) -> bool {
        let Ok(hash) = PasswordHash::new(phc) else { return true };
        let Ok(params) = Params::try_from(&hash) else { return true };
        hash.algorithm != Algorithm::Argon2id.ident()
            || hash.version != Some(Version::V0x13.into())
            || params.m_cost() < self.cost.memory_kib
            || params.t_cost() < self.cost.passes
    }
}

impl Drop for Argon2Hasher {
    fn drop(&mut self) {
        // Without a sender the threads see the end of the queue. Whatever is still in it, nobody waits for: a waiting
        // future borrows this hasher.
        self.queue = None;
        for thread in self.threads.drain(..) {
            // A thread that panicked has said so already.
            let _ = thread.join();
        }
    }
}

/// The life of a thread: one job after the other until the hasher is dropped.
fn work(engine: &Engine, jobs: &Mutex<Receiver<Job>>) {
    give_way();
    loop {
        // The lock is held while waiting, and the other idle threads wait for the lock instead: one of them always
        // gets the next job. It is released before the job runs.
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => job(engine),
            Err(_) => return,
        }
    }
}

/// The hashing itself.
struct Engine {
    argon2: Argon2<'static>,
    /// The hash of no one's password, to spend the same time on people who do not exist.
    dummy: PasswordHash,
}

impl Engine {
    fn new(cost: Cost) -> Result<Self, HashError> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, None).map_err(|_| HashError::Cost)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut nobody = [0; 32];
        getrandom::fill(&mut nobody).map_err(|_| HashError::Resources)?;
        let dummy = argon2.hash_password(&nobody).map_err(|_| HashError::Resources)?;
        Ok(Self { argon2, dummy })
    }

    fn hash(&self, password: &Secret) -> Result<String, HashError> {
        let password = normalize(password);
        match self.argon2.hash_password(password.reveal().as_bytes()) {
            Ok(hash) => Ok(hash.to_string()),
            Err(_) => Err(HashError::Resources),
        }
    }

    fn verify(&self, password: &Secret, phc: Option<&str>) -> Result<bool, HashError> {
        let parsed = phc.map(PasswordHash::new).transpose().map_err(|_| HashError::Unreadable)?;
        let hash = parsed.as_ref().unwrap_or(&self.dummy);
        match self.argon2.verify_password(normalize(password).reveal().as_bytes(), hash) {
            Ok(()) => Ok(phc.is_some()),
            Err(password_hash::Error::PasswordInvalid) => Ok(false),
            Err(password_hash::Error::OutOfMemory) => Err(HashError::Resources),
            Err(_) => Err(HashError::Unreadable),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc::{Sender, channel};
    use std::task::{Context, Poll, Waker};

    use super::*;

    const CHEAP: Cost = Cost { memory_kib: 8, passes: 1 };

    fn hasher(waiting: usize) -> Argon2Hasher {
        Argon2Hasher::start(Options { cost: CHEAP, threads: NonZeroUsize::MIN, waiting }).unwrap()
    }

    /// Keeps the hasher's only thread busy until the returned sender is used or dropped.
    fn occupy(hasher: &Argon2Hasher) -> (Sender<()>, impl Future<Output = Result<(), HashError>>) {
        let (started, has_started) = channel();
        let (release, released) = channel::<()>();
        let mut job = Box::pin(hasher.run(move |_| {
            started.send(()).unwrap();
            let _ = released.recv();
            Ok(())
        }));
        assert!(poll_once(&mut job).is_pending());
        has_started.recv().unwrap();
        (release, job)
    }

    fn poll_once<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
        pin!(future).poll(&mut Context::from_waker(Waker::noop()))
    }

    #[tokio::test]
    async fn the_right_password_is_recognised_and_no_other() {
        let hasher = hasher(10);
        let phc = hasher.hash("correct horse".into()).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{phc}");
        assert_eq!(hasher.verify("correct horse".into(), Some(&phc)).await, Ok(true));
        assert_eq!(hasher.verify("correct house".into(), Some(&phc)).await, Ok(false));
        assert_eq!(hasher.verify("".into(), Some(&phc)).await, Ok(false));
    }

    #[tokio::test]
    async fn the_same_password_has_another_hash_each_time() {
        let hasher = hasher(10);
        let (a, b) = (hasher.hash("correct horse".into()).await, hasher.hash("correct horse".into()).await);
        assert_ne!(a.unwrap(), b.unwrap());
    }

    #[tokio::test]
    async fn another_keyboard_writes_the_same_password() {
        let hasher = hasher(10);
        let phc = hasher.hash("caf\u{e9} au lait".into()).await.unwrap();
        assert_eq!(hasher.verify("cafe\u{301} au lait".into(), Some(&phc)).await, Ok(true));
    }

    #[tokio::test]
    async fn nobody_has_no_password_and_a_broken_hash_is_named() {
        let hasher = hasher(10);
        assert_eq!(hasher.verify("correct horse".into(), None).await, Ok(false));
        for phc in [
            "",
            "plain text",
            "$argon2id$v=19$m=1,t=0,p=1$c2FsdHNhbHQ$aGFzaA",
            "$2b$10$abcdefghijklmnopqrstuv",
        ] {
            assert_eq!(hasher.verify("x".into(), Some(phc)).await, Err(HashError::Unreadable), "{phc}");
        }
    }

    #[test]
    fn an_unknown_person_costs_what_a_known_one_does() {
        let engine = Engine::new(Cost { memory_kib: 64, passes: 3 }).unwrap();
        let known = PasswordHash::new(&engine.hash(&"correct horse".into()).unwrap()).unwrap();
        assert_eq!(engine.dummy.params, known.params);
        assert_eq!(engine.dummy.algorithm, known.algorithm);
    }

    #[tokio::test]
    async fn a_hash_made_more_cheaply_is_made_again() {
        let old = hasher(10).hash("correct horse".into()).await.unwrap();
        let strict = Argon2Hasher::with_cost(Cost { memory_kib: 16, passes: 2 }).unwrap();
        assert!(strict.needs_rehash(&old));
        assert_eq!(strict.verify("correct horse".into(), Some(&old)).await, Ok(true));
        let new = strict.hash("correct horse".into()).await.unwrap();
        assert!(!strict.needs_rehash(&new));
        assert!(!hasher(10).needs_rehash(&new));
        assert!(strict.needs_rehash(&new.replace("argon2id", "argon2i")));
        assert!(strict.needs_rehash("plain text"));
    }

    #[tokio::test]
    async fn who_comes_to_a_full_queue_is_told_so_at_once() {
        let hasher = hasher(1);
        let (release, occupied) = occupy(&hasher);
        let mut waits = hasher.hash("correct horse".into());
        assert!(poll_once(&mut waits).is_pending());
        assert_eq!(hasher.hash("correct horse".into()).await, Err(HashError::Busy));
        assert_eq!(hasher.verify("correct horse".into(), None).await, Err(HashError::Busy));
        drop(release);
        assert_eq!(occupied.await, Ok(()));
        assert!(waits.await.is_ok());
    }

    #[tokio::test]
    async fn the_job_of_somebody_who_left_is_skipped() {
        let hasher = hasher(10);
        let (release, occupied) = occupy(&hasher);
        let done = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&done);
        let mut leaves = Box::pin(hasher.run(move |_| {
            flag.store(true, Ordering::SeqCst);
            Ok(())
        }));
        assert!(poll_once(&mut leaves).is_pending());
        drop(leaves);
        drop(release);
        occupied.await.unwrap();
        hasher.hash("correct horse".into()).await.unwrap();
        assert!(!done.load(Ordering::SeqCst));
    }

    #[test]
    fn dropping_the_hasher_ends_its_threads() {
        let hasher = hasher(1);
        let engine = Arc::new(());
        let alive = Arc::downgrade(&engine);
        let mut job = Box::pin(hasher.run(move |_| {
            let _held_by_the_thread = engine;
            Ok(())
        }));
        assert!(poll_once(&mut job).is_pending());
        drop(job);
        drop(hasher);
        assert!(alive.upgrade().is_none());
    }

    #[test]
    fn a_cost_that_argon2_does_not_know_is_refused() {
        for cost in [Cost { memory_kib: 7, passes: 1 }, Cost { memory_kib: 8, passes: 0 }] {
            assert_eq!(Argon2Hasher::with_cost(cost).unwrap_err(), HashError::Cost);
        }
    }
}
