//! The loop that hears the one UDP port. The crate `turn` has one of its own, which keeps each nonce that it ever gave to anybody, and
//! ends with whatever panics.

use std::{
    cell::RefCell, collections::HashMap, fmt, io, net::SocketAddr, panic::AssertUnwindSafe, sync::Arc,
    time::Duration,
};

use futures_util::FutureExt as _;
use rony_core::time::Clock;
use tokio::{
    net::UdpSocket,
    sync::{Mutex, watch},
    task::JoinHandle,
    time::Instant,
};
use turn::{
    allocation::allocation_manager::{Manager, ManagerConfig},
    auth::AuthHandler,
    server::request::Request,
};
use util::Conn;

use super::{
    Options, Watch,
    front::Front,
    gate::{Gate, Verdict},
    lines::{Caller, Lines},
    own::{LOOK_AGAIN, Own},
    ports::{CALLER, Desk, Ports},
};
use crate::ice::TurnSecret;

/// What browsers are told to sign for.
const REALM: &str = "rony";
/// The largest packet that is read: an Ethernet frame's, and what TURN puts around it.
const LARGEST: usize = 2048;
/// How long a nonce is good.
const NONCE: Duration = Duration::from_secs(3600);
/// How many nonces are kept. Who comes with one that was forgotten is given another.
const NONCES: usize = 20_000;
/// How long a client may leave its channel alone.
const CHANNEL: Duration = Duration::from_secs(600);

/// The server; it runs until it is closed or dropped.
pub struct TurnServer {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: Option<JoinHandle<()>>,
}

impl fmt::Debug for TurnServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TurnServer").field("address", &self.address).finish_non_exhaustive()
    }
}

impl TurnServer {
    /// Serves on `socket`, on the current tokio runtime. Credentials are those of `secret`.
    ///
    /// # Errors
    /// When the socket has no address.
    pub fn start(
        socket: UdpSocket,
        secret: TurnSecret,
        options: Options,
        clock: Arc<dyn Clock>,
        watch: Arc<dyn Watch>,
    ) -> io::Result<Self> {
        let front = Arc::new(Front::new(socket)?);
        let address = front.address();
        let own = Own::new(options.external_ip.clone(), address.ip());
        let lines = Arc::new(Lines::new(options, own, watch));
        let ports = Ports { lines: Arc::clone(&lines), clock: Arc::clone(&clock) };
        let manager =
            Manager::new(ManagerConfig { relay_addr_generator: Box::new(ports), alloc_close_notify: None });
        let desk = Desk { lines: Arc::clone(&lines), secret, clock: Arc::clone(&clock) };
        let (stop, stopped) = watch::channel(false);
        let server = Serving {
            front,
            lines,
            clock,
            manager: Arc::new(manager),
            desk: Arc::new(desk),
            nonces: Arc::default(),
        };
        let task = Some(tokio::spawn(server.run(stopped)));
        Ok(Self { address, stop, task })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends it, and all allocations.
    pub async fn close(mut self) {
        self.stop.send_replace(true);
        if let Some(task) = self.task.take() {
            let _ = task.await;
        }
    }
}

impl Drop for TurnServer {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

struct Serving {
    front: Arc<Front>,
    lines: Arc<Lines>,
    clock: Arc<dyn Clock>,
    manager: Arc<Manager>,
    desk: Arc<dyn AuthHandler + Send + Sync>,
    nonces: Arc<Mutex<HashMap<String, Instant>>>,
}

impl Serving {
    async fn run(self, mut stopped: watch::Receiver<bool>) {
        let mut gate = Gate::new(self.clock.elapsed());
        let mut buffer = vec![0; LARGEST];
        let mut look = tokio::time::interval(LOOK_AGAIN);
        loop {
            tokio::select! {
                _ = stopped.changed() => break,
                _ = look.tick() => {
                    self.lines.own.look();
                    self.tidy_up().await;
                }
                received = self.front.recv_from(&mut buffer) => {
                    // Such as that an answer did not arrive.
                    let Ok((length, from)) = received else { continue };
                    self.hear(&mut gate, from, &buffer[..length]).await;
                }
            }
        }
        let _ = self.manager.close().await;
    }

    async fn hear(&self, gate: &mut Gate, from: SocketAddr, packet: &[u8]) {
        let judge = AssertUnwindSafe(|| gate.judge(self.clock.elapsed(), &self.lines, from, packet));
        match std::panic::catch_unwind(judge).unwrap_or(Verdict::Drop) {
            Verdict::Drop => {}
            Verdict::Answer(answer) => drop(self.front.send_to(&answer, from).await),
            Verdict::Pass => self.handle(from, packet).await,
        }
    }

    async fn handle(&self, from: SocketAddr, packet: &[u8]) {
        if self.nonces.lock().await.len() >= NONCES {
            self.nonces.lock().await.clear();
        }
        let mut request = Request {
            conn: Arc::clone(&self.front) as Arc<dyn Conn + Send + Sync>,
            src_addr: from,
            buff: packet.to_vec(),
            allocation_manager: Arc::clone(&self.manager),
            nonces: Arc::clone(&self.nonces),
            auth_handler: Arc::clone(&self.desk),
            realm: REALM.to_owned(),
            channel_bind_timeout: CHANNEL,
        };
        let caller = Caller { address: from, username: String::new(), at: self.clock.now() };
        let handled = CALLER.scope(RefCell::new(caller), request.handle_request());
        // An error was answered already, and a packet at which the crate stumbles must not end everybody's calls.
        let _ = AssertUnwindSafe(handled).catch_unwind().await;
    }

    async fn tidy_up(&self) {
        self.nonces.lock().await.retain(|_, given| given.elapsed() < NONCE);
    }
}
