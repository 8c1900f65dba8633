//! A PostgreSQL of this run's own, which can be stopped and started again. It lives no longer than this program, however that
//! ends: a shell keeps it, and ends it when the pipe to this program closes.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

use crate::server::free_port;

/// How long PostgreSQL may take to start, and to stop.
const PATIENCE: Duration = Duration::from_secs(60);

/// Serves until a line names a signal, which PostgreSQL then gets, or until the pipe closes.
const KEEPER: &str = r#"exec 3<&0 </dev/null
"$1/postgres" -D "$2" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= 3<&- &
server=$!
{
    if read -r signal <&3; then kill -s "$signal" "$server"; else
        while kill -s QUIT "$server" 2>/dev/null; do sleep 0.2; done
    fi
} &
exec 3<&-
wait "$server""#;

/// See the module's documentation.
#[derive(Debug)]
pub(crate) struct Cluster {
    programs: PathBuf,
    folder: TempDir,
    user: Option<(u32, u32)>,
    port: u16,
    keeper: Option<Child>,
}

impl Cluster {
    /// Makes one, with the programs of the newest PostgreSQL that is installed, and starts it.
    ///
    /// # Errors
    /// When there is no PostgreSQL, or it does not start.
    pub(crate) async fn start() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("rony-fault-postgres-").tempdir()?;
        let user = package_user(folder.path()).await?;
        let mut cluster = Self { programs: programs()?, folder, user, port: free_port()?, keeper: None };
        let mut initdb = cluster.command(&cluster.programs.join("initdb"));
        initdb.arg("--pgdata").arg(cluster.data());
        initdb.args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]);
        let made = initdb.output().await.context("initdb cannot be run")?;
        ensure!(made.status.success(), "initdb failed: {}", String::from_utf8_lossy(&made.stderr));
        cluster.start_again().await?;
        Ok(cluster)
    }

    /// The superuser's URL.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres?sslmode=disable", self.port)
    }

    /// Starts it again on the same data and port, and waits until it answers.
    ///
    /// # Errors
    /// When it does not.
    pub(crate) async fn start_again(&mut self) -> Result<()> {
        let mut keeper = self.command(Path::new("sh"));
        keeper.args(["-c", KEEPER, "keeper"]).arg(&self.programs).arg(self.data()).arg(self.port.to_string());
        keeper.stdin(Stdio::piped());
        self.keeper = Some(keeper.spawn().context("sh cannot be run")?);
        let begun = Instant::now();
        while PgConnection::connect(&self.url()).await.is_err() {
            ensure!(begun.elapsed() < PATIENCE, "PostgreSQL did not start in {} s", PATIENCE.as_secs());
            sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Stops it: `INT` cuts all connections and ends in good order, `QUIT` ends at once, as in a crash.
    ///
    /// # Errors
    /// When it does not end.
    pub(crate) async fn stop(&mut self, signal: &str) -> Result<()> {
        let mut keeper = self.keeper.take().context("PostgreSQL is stopped already")?;
        let mut pipe = keeper.stdin.take().context("nobody hears")?;
        pipe.write_all(format!("{signal}\n").as_bytes()).await?;
        let ended = tokio::time::timeout(PATIENCE, keeper.wait()).await;
        ended.context("PostgreSQL does not stop")??;
        Ok(())
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A command that runs as the user to whom the cluster belongs, away from the caller's settings.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if program != Path::new("sh") {
            command.stderr(Stdio::piped());
        }
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }
}

/// PostgreSQL refuses to run as root: root hands the folder to the user that the package made.
async fn package_user(folder: &Path) -> Result<Option<(u32, u32)>> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let (user, group) = (id_of_postgres("-u").await?, id_of_postgres("-g").await?);
    std::os::unix::fs::chown(folder, Some(user), Some(group))?;
    Ok(Some((user, group)))
}

async fn id_of_postgres(which: &str) -> Result<u32> {
    let output = Command::new("id").args([which, "postgres"]).output().await.context("id cannot be run")?;
    String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .context("PostgreSQL does not run as root and there is no user `postgres`; make one with: useradd --system postgres")
}

/// The folder of the newest installed PostgreSQL's programs.
fn programs() -> Result<PathBuf> {
    let packages = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let version = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = packages.map(|entry| entry.path()).max_by_key(version).map(|folder| folder.join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    newest
        .into_iter()
        .chain(std::env::split_paths(&path))
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
        .context("PostgreSQL is not installed: its programs `initdb` and `postgres` are needed")
}
