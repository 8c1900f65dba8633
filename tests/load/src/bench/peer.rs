//! What Rony is measured beside, as a process of its own: the floor, nginx with nchan.

use std::fs::{File, read_to_string};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

use super::cores;
use crate::os;
use crate::server::free_port;

/// How long it may take to start, and to stop.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running one. It is asked to stop when this is dropped.
#[derive(Debug)]
pub(crate) struct Peer {
    name: &'static str,
    process: Child,
    port: u16,
    log: PathBuf,
}

impl Peer {
    /// Starts, on the servers' core, what `command` makes for a free port, and waits until it listens there.
    ///
    /// # Errors
    /// When it does not start; the message has what it wrote.
    pub(crate) async fn start(
        name: &'static str,
        folder: &Path,
        command: impl FnOnce(u16) -> Result<Command>,
    ) -> Result<Self> {
        let (port, log) = (free_port()?, folder.join(format!("{name}.log")));
        let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let mut command = command(port)?;
        command.stdin(Stdio::null());
        command.stdout(file.try_clone().context("the log cannot be shared")?).stderr(file);
        let spawn = || command.spawn().with_context(|| format!("cannot start {name}"));
        let process = cores::starting_on(cores::SERVER, spawn)?;
        let mut peer = Self { name, process, port, log };
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            peer.check()?;
            if Instant::now() > deadline {
                bail!("{name} does not listen after {PATIENCE:?}; its log is {}", peer.log.display());
            }
            sleep(Duration::from_millis(20)).await;
        }
        Ok(peer)
    }

    /// Starts a subcommand of this program that takes `--port`.
    ///
    /// # Errors
    /// As [`Peer::start`].
    pub(crate) async fn start_own(name: &'static str, folder: &Path) -> Result<Self> {
        let program = std::env::current_exe().context("this program does not know where it lies")?;
        Self::start(name, folder, |port| {
            let mut command = Command::new(program);
            command.arg(name).args(["--port", &port.to_string()]);
            Ok(command)
        })
        .await
    }

    /// Where it listens.
    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// Its process.
    ///
    /// # Errors
    /// When it has ended.
    pub(crate) fn id(&self) -> Result<u32> {
        self.process.id().with_context(|| format!("{} has ended", self.name))
    }

    /// Complains when it has ended by itself.
    ///
    /// # Errors
    /// When it has; the message has what it wrote.
    pub(crate) fn check(&mut self) -> Result<()> {
        if let Some(status) = self.process.try_wait().context("the process is out of reach")? {
            let text = read_to_string(&self.log).unwrap_or_default();
            bail!("{} ended ({status}); its log {}:\n{text}", self.name, self.log.display());
        }
        Ok(())
    }

    /// Asks it to stop (SIGTERM) and waits for it.
    ///
    /// # Errors
    /// When it had ended before, or does not stop.
    pub(crate) async fn stop(mut self) -> Result<()> {
        self.check()?;
        os::ask_to_stop(self.id()?)?;
        timeout(PATIENCE, self.process.wait())
            .await
            .with_context(|| format!("{} ignores SIGTERM", self.name))?
            .with_context(|| format!("{} cannot be waited for", self.name))?;
        Ok(())
    }
}

/// The nginx of this machine with `configuration`, in words: its version, that of the Debian package of a `module`, and all
/// directives but those that only say where something lies.
pub(crate) async fn nginx_in_words(
    module: Option<&str>,
    configuration: impl FnOnce(&Path) -> String,
) -> String {
    const FOLDER: &str = "/FOLDER";
    let said = |output: Output| {
        [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat()
    };
    let version = Command::new("nginx").arg("-v").output().await.map(said).unwrap_or_default();
    let version = version.trim().trim_start_matches("nginx version: ").to_owned();
    let package = match module {
        Some(module) => Command::new("dpkg-query").arg("-W").arg(module).output().await.map(said),
        None => Ok(String::new()),
    };
    let package = package.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let configuration = configuration(Path::new(FOLDER));
    let lines =
        configuration.lines().map(str::trim).filter(|line| !line.contains(FOLDER) && !line.starts_with('#'));
    let with = if package.is_empty() { String::new() } else { format!(" with {package}") };
    format!("{version}{with}: {}", lines.collect::<Vec<_>>().join(" "))
}

impl Drop for Peer {
    /// Asks, where killing would leave the processes that it has started: nginx ends its workers, if it lives to hear of it.
    fn drop(&mut self) {
        if let Some(id) = self.process.id() {
            let _ = os::ask_to_stop(id);
        }
    }
}
