//! The throw-away PostgreSQL: it is there while a command runs, and nothing of it stays behind, however that ends.

#![cfg(unix)]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// Longer than PostgreSQL ever takes to stop; only a failing test waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

/// PostgreSQL's SSLRequest, which is answered with one byte: its length, and the code of the request
/// (<https://www.postgresql.org/docs/current/protocol-message-formats.html>).
const ASKS_FOR_TLS: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// A command under `cargo xtask postgres` that has begun, and a connection to its server.
struct Run {
    xtask: Child,
    connection: TcpStream,
    /// Where everything temporary is kept, the cluster included.
    folder: TempDir,
}

/// Starts a shell that tells its server's address and then does `what`.
fn begin(what: &str) -> Run {
    let folder = tempfile::tempdir().unwrap();
    // The cluster may belong to another user, who has to get through.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["postgres", "--", "sh", "-c", &format!("echo $RONY_TEST_POSTGRES; {what}")])
        .env("TMPDIR", folder.path())
        .env("CARGO_TARGET_DIR", folder.path().join("target"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(xtask.stdout.as_mut().unwrap()).read_line(&mut url).unwrap();
    let address = url.trim().trim_start_matches("postgres://postgres@").trim_end_matches("/postgres");
    let mut connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(PATIENCE)).unwrap();
    // An answer means that it is taken. One that the server takes while it stops is not ended before it has said who it is, or a minute
    // has passed.
    connection.write_all(&ASKS_FOR_TLS).unwrap();
    connection.read_exact(&mut [0]).unwrap();
    Run { xtask, connection, folder }
}

impl Run {
    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.xtask), signal).unwrap();
    }

    /// The server ends its connections when it stops: an end or an error, but no timeout.
    #[track_caller]
    fn assert_server_stops(&mut self) {
        let stopped = match self.connection.read(&mut [0; 64]) {
            Ok(read) => read == 0,
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        };
        assert!(stopped, "the server is still there");
    }

    #[track_caller]
    fn assert_nothing_left(&self) {
        let left: Vec<_> =
            fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["target"]);
    }
}

#[test]
fn the_server_is_gone_when_the_command_has_ended_and_its_exit_code_is_passed_on() {
    let mut run = begin("read line; exit 7");
    drop(run.xtask.stdin.take());
    assert_eq!(run.xtask.wait().unwrap().code(), Some(7));
    run.assert_server_stops();
    run.assert_nothing_left();
}

#[test]
fn a_signal_ends_the_command_and_the_server() {
    for signal in [Signal::INT, Signal::TERM] {
        let mut run = begin("read line");
        run.signal(signal);
        assert!(!run.xtask.wait().unwrap().success());
        run.assert_server_stops();
        run.assert_nothing_left();
    }
}

#[test]
fn the_server_stops_even_when_nobody_is_left_to_stop_it() {
    let mut run = begin("read line");
    run.signal(Signal::KILL);
    run.xtask.wait().unwrap();
    run.assert_server_stops();
}
