//! The servers under test: the `rony` that lies beside this program, as processes of their own.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

use crate::bench::cores::{self, Core};
use crate::http::Http;
use crate::os;

/// How long a server may take to become ready, and to stop.
const PATIENCE: Duration = Duration::from_secs(60);

/// Ports to try. They lie below those that Linux gives to outgoing connections: a client that dials a port on which nobody
/// listens for a moment, because its server is being restarted, could otherwise be given that very port and be
/// connected to itself.
const PORTS: std::ops::Range<u16> = 20_000..30_000;

/// How servers are started.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    /// The server's program.
    pub(crate) program: PathBuf,
    /// The database that all of them share.
    pub(crate) database: String,
    /// Where their data and logs go.
    pub(crate) folder: PathBuf,
    /// Whether nodes hear of each other by the database alone.
    pub(crate) no_bus: bool,
    /// What else `serve` is told.
    pub(crate) arguments: Vec<String>,
    /// What it finds in its environment beside this program's own.
    pub(crate) environment: Vec<(String, String)>,
    /// The core that they run on; `None`: wherever the system puts them.
    pub(crate) core: Option<Core>,
}

impl Setup {
    /// Servers that nothing unusual is asked of.
    pub(crate) fn new(program: PathBuf, database: &str, folder: &Path) -> Self {
        Self {
            program,
            database: database.to_owned(),
            folder: folder.to_owned(),
            no_bus: false,
            arguments: ["--metrics", "off"].map(str::to_owned).into(),
            environment: Vec::new(),
            core: None,
        }
    }
}

/// Running servers. They are killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Nodes {
    setup: Setup,
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    number: usize,
    port: u16,
    process: Child,
}

impl Nodes {
    /// Starts `count` servers, one after the other, and waits until each is ready.
    ///
    /// # Errors
    /// When a server ends or does not become ready.
    pub(crate) async fn start(setup: Setup, count: usize) -> Result<Self> {
        let mut nodes = Self { setup, nodes: Vec::new() };
        for number in 1..=count {
            let port = free_port()?;
            let process = nodes.spawn(number, port)?;
            nodes.nodes.push(Node { number, port, process });
            nodes.ready(number - 1).await?;
        }
        Ok(nodes)
    }

    /// The port of each server.
    pub(crate) fn ports(&self) -> Vec<u16> {
        self.nodes.iter().map(|node| node.port).collect()
    }

    /// The process id of the first server.
    pub(crate) fn process(&self) -> Option<u32> {
        self.nodes[0].process.id()
    }

    /// Kills the first server as a power cut would (SIGKILL), and starts it again on the same data and port.
    ///
    /// # Errors
    /// When it does not come back.
    pub(crate) async fn kill_and_restart(&mut self) -> Result<()> {
        self.kill().await?;
        self.start_again()?;
        self.first_ready().await
    }

    /// Kills the first server as a power cut would (SIGKILL).
    ///
    /// # Errors
    /// When it cannot be killed.
    pub(crate) async fn kill(&mut self) -> Result<()> {
        self.nodes[0].process.kill().await.context("the server cannot be killed")
    }

    /// Starts the first server, which was killed, on the same data and port. It may not be ready yet.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(crate) fn start_again(&mut self) -> Result<()> {
        let (number, port) = (self.nodes[0].number, self.nodes[0].port);
        self.nodes[0].process = self.spawn(number, port)?;
        Ok(())
    }

    /// Servers that are started from now on are this program.
    pub(crate) fn set_program(&mut self, program: &Path) {
        program.clone_into(&mut self.setup.program);
    }

    /// Waits until the first server is ready.
    ///
    /// # Errors
    /// When it ends, or takes too long.
    pub(crate) async fn first_ready(&mut self) -> Result<()> {
        self.ready(0).await
    }

    /// Complains about a server that has ended by itself.
    ///
    /// # Errors
    /// When there is one; the message has the end of its log.
    pub(crate) fn check(&mut self) -> Result<()> {
        let folder = &self.setup.folder;
        for node in &mut self.nodes {
            if let Some(status) = node.process.try_wait().context("the server's process is out of reach")? {
                bail!(ended(folder, node.number, status));
            }
        }
        Ok(())
    }

    /// Asks all servers to stop (SIGTERM) and waits for them.
    ///
    /// # Errors
    /// When one does not stop by itself, or not with success.
    pub(crate) async fn stop(mut self) -> Result<()> {
        for process in self.nodes.iter().filter_map(|node| node.process.id()) {
            os::ask_to_stop(process)?;
        }
        for node in &mut self.nodes {
            let number = node.number;
            let status = timeout(PATIENCE, node.process.wait()).await;
            let status = status.with_context(|| format!("node {number} ignores SIGTERM"))??;
            if !status.success() {
                bail!(ended(&self.setup.folder, number, status));
            }
        }
        Ok(())
    }

    fn spawn(&self, number: usize, port: u16) -> Result<Child> {
        let data = self.setup.folder.join(format!("node-{number}"));
        std::fs::create_dir_all(&data).with_context(|| format!("cannot make {}", data.display()))?;
        let log = log_file(&self.setup.folder, number);
        let log = OpenOptions::new().create(true).append(true).open(&log);
        let log = log.context("the server's log cannot be opened")?;
        let mut command = Command::new(&self.setup.program);
        command.arg("serve").arg("--data").arg(&data).args(["--port", &port.to_string()]);
        command.args(["--database", &self.setup.database]).args(&self.setup.arguments);
        if self.setup.no_bus {
            command.args(["--bus", "none"]);
        }
        // What the person who runs this has set for a server of their own must not change what is measured.
        for (name, _) in std::env::vars_os().filter(|(name, _)| is_setting(name)) {
            command.env_remove(name);
        }
        command.envs(self.setup.environment.iter().map(|(name, value)| (name, value)));
        command.current_dir(&data).stdin(Stdio::null()).kill_on_drop(true);
        command.stdout(log.try_clone().context("the server's log cannot be shared")?).stderr(log);
        let mut spawn =
            || command.spawn().with_context(|| format!("cannot start {}", self.setup.program.display()));
        match self.setup.core {
            Some(core) => cores::starting_on(core, spawn),
            None => spawn(),
        }
    }

    async fn ready(&mut self, index: usize) -> Result<()> {
        let node = &mut self.nodes[index];
        let url = format!("http://127.0.0.1:{}/health/ready", node.port);
        let (http, deadline) = (Http::new(), Instant::now() + PATIENCE);
        while !http.is_ok(&url).await {
            if let Some(status) = node.process.try_wait().context("the server's process is out of reach")? {
                bail!(ended(&self.setup.folder, node.number, status));
            }
            if Instant::now() > deadline {
                let log = log_file(&self.setup.folder, node.number);
                bail!("node {} is not ready after {PATIENCE:?}; its log is {}", node.number, log.display());
            }
            sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}

/// The server's program beside this one: they come from one build.
///
/// # Errors
/// When it is not there; the message says how to build it.
pub(crate) fn program() -> Result<PathBuf> {
    let this = std::env::current_exe().context("this program does not know where it lies")?;
    let beside = this.with_file_name(format!("rony{}", std::env::consts::EXE_SUFFIX));
    if beside.is_file() {
        return Ok(beside);
    }
    bail!(
        "there is no server beside this program ({}): build both with `cargo build -p rony-server -p rony-load` \
         (with --release where this one was built so)",
        beside.display()
    );
}

/// A port on which nobody listens, below those of outgoing connections.
///
/// # Errors
/// When there is none.
pub(crate) fn free_port() -> Result<u16> {
    let start = rand::random_range(PORTS);
    let mut ports = (start..PORTS.end).chain(PORTS.start..start);
    ports
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .with_context(|| format!("no port from {} to {} is free", PORTS.start, PORTS.end))
}

fn is_setting(name: &OsString) -> bool {
    name.to_string_lossy().starts_with("RONY_")
}

fn log_file(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("node-{number}.log"))
}

/// How a server ended, with the last lines that it wrote.
fn ended(folder: &Path, number: usize, status: ExitStatus) -> String {
    let log = log_file(folder, number);
    let text = std::fs::read_to_string(&log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let last = lines[lines.len().saturating_sub(15)..].join("\n");
    format!("node {number} ended ({status}); the end of its log {}:\n{last}", log.display())
}
