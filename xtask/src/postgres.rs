//! A throw-away PostgreSQL cluster for as long as a chore needs it. `cluster.sh` does the work; this file
//! finds the programs, picks the port and waits until the server is ready.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::IsTerminal as _;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::geteuid;

use crate::{process, setup, workspace};

/// The variable that carries the superuser's URL to the tests.
pub(crate) const URL: &str = "RONY_TEST_POSTGRES";

/// Making a cluster takes two seconds; a busy machine gets more.
const START: Duration = Duration::from_secs(120);

/// `cargo xtask postgres`: a cluster for as long as `command` runs, or until Ctrl-C when there is none.
///
/// # Errors
/// When there is no PostgreSQL, or it or `command` cannot be started.
pub(crate) fn with_command(command: &[OsString]) -> Result<ExitCode> {
    let cluster = Cluster::start()?;
    let Some((program, arguments)) = command.split_first() else {
        println!("{URL}={}\nCtrl-C stops and removes it.", cluster.url());
        while !process::stopping() {
            process::wait_a_tick();
        }
        return Ok(ExitCode::SUCCESS);
    };
    let mut command = Command::new(program);
    command.args(arguments).env(URL, cluster.url());
    workspace::without_cargo_run(&mut command);
    let run = if std::io::stdin().is_terminal() { process::run_for_person } else { process::run };
    Ok(process::exit_code(run(&mut command)?))
}

/// A running server. Dropping it stops the server and removes its folder; so does the end of this process,
/// however it comes.
pub(crate) struct Cluster {
    port: u16,
    script: Child,
    /// Closing it is what ends the script.
    lifeline: Option<ChildStdin>,
    folder: PathBuf,
}

impl Cluster {
    /// Starts a server on a free port of the loopback address, after installing PostgreSQL if that is needed
    /// and allowed.
    ///
    /// # Errors
    /// When PostgreSQL is missing and cannot be installed, or does not start; its own words are in the log that is named.
    pub(crate) fn start() -> Result<Self> {
        let programs = setup::postgres()?;
        let folder = tempfile::Builder::new().prefix("rony-postgres-").tempdir()?;
        let log = workspace::logs()?.join("postgres.log");
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();

        let mut command = script(&programs, folder.path(), port);
        // A new file, not the old one emptied: another run may still be writing to that.
        let _ = fs::remove_file(&log);
        let output = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        command.stdin(Stdio::piped()).stdout(output.try_clone()?).stderr(output);
        run_as_package_user(&mut command, folder.path())?;
        let mut script = command.spawn().context("cannot run sh")?;
        let lifeline = script.stdin.take();
        // From here on the script removes it.
        let mut cluster = Self { port, script, lifeline, folder: folder.keep() };
        cluster.wait_until_ready().with_context(|| format!("its log is {}", log.display()))?;
        Ok(cluster)
    }

    /// The superuser's URL.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Reads the server's own status file: unlike a connection to the port, it cannot be another server's
    /// answer.
    fn wait_until_ready(&mut self) -> Result<()> {
        let status = self.folder.join("data/postmaster.pid");
        let begin = Instant::now();
        while !fs::read_to_string(&status).is_ok_and(|text| text.lines().any(|line| line.trim() == "ready")) {
            process::check_stopping()?;
            if let Some(ended) = self.script.try_wait()? {
                bail!("PostgreSQL did not start ({ended})");
            }
            ensure!(begin.elapsed() < START, "PostgreSQL was not ready after {} s", START.as_secs());
            process::wait_a_tick();
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        let _ = self.script.wait();
        // The script runs as the package's user, who cannot remove the folder itself from a private place.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn script(programs: &Path, folder: &Path, port: u16) -> Command {
    // A database of a real installation folds letters by Unicode's rules; each system has its own name for
    // that.
    let locale = if cfg!(target_os = "macos") { "en_US.UTF-8" } else { "C.UTF-8" };
    let mut command = Command::new("sh");
    command.args(["-c", include_str!("cluster.sh"), "cluster.sh"]).arg(programs).arg(folder);
    command.arg(port.to_string()).arg(locale);
    // The caller's PG* variables and locale are none of this cluster's business.
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    // A group of its own, so that Ctrl-C reaches the tests before it takes their database away.
    command.current_dir(folder).process_group(0);
    command
}

/// PostgreSQL refuses to run as root: root hands the cluster to the user that the package made.
fn run_as_package_user(command: &mut Command, folder: &Path) -> Result<()> {
    if !geteuid().is_root() {
        return Ok(());
    }
    let (user, group) = (id_of_postgres("-u")?, id_of_postgres("-g")?);
    chown(folder, Some(user), Some(group))?;
    command.uid(user).gid(group);
    Ok(())
}

fn id_of_postgres(which: &str) -> Result<u32> {
    let output = Command::new("id").args([which, "postgres"]).output().context("cannot run id")?;
    String::from_utf8_lossy(&output.stdout).trim().parse().context(
        "PostgreSQL does not run as root and there is no user `postgres`; make one with: useradd --system postgres",
    )
}

/// The folder of the newest installed PostgreSQL server's programs.
pub(crate) fn find_programs() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = ["/usr/lib/postgresql", "/usr", "/opt/homebrew/opt", "/usr/local/opt"]
        .iter()
        .flat_map(|parent| fs::read_dir(parent).into_iter().flatten().flatten())
        .filter(|entry| version(&entry.path()).is_some())
        .map(|entry| entry.path())
        .collect();
    folders.sort_by_key(|folder| version(folder));
    let newest_first = folders.into_iter().rev().map(|folder| folder.join("bin"));
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    newest_first
        .chain(pg_config_bindir())
        .chain(std::env::split_paths(&on_path))
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// The version in the name of a package's folder: Debian's `15`, the PostgreSQL project's `pgsql-15`,
/// Homebrew's `postgresql@15`.
fn version(folder: &Path) -> Option<u32> {
    let name = folder.file_name()?.to_str()?;
    let number = name.strip_prefix("pgsql-").or_else(|| name.strip_prefix("postgresql@")).unwrap_or(name);
    number.parse().ok()
}

fn pg_config_bindir() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    Some(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}
