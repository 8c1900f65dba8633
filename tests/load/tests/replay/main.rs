//! Replays of two real logs, as a person would run them: the program is started, and its last line is read.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use tempfile::TempDir;

/// The two with the fewest members, and how many that are.
const LOGS: [(&str, u64); 2] = [("2008-12-11_11.txt", 155), ("2009-02-23_10.txt", 133)];

/// How many lines each log has.
const LINES: u64 = 1250;

/// One replay keeps a machine busy: side by side they would only be slower.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

#[test]
fn everybody_sees_everything_once_on_sqlite() {
    check(&[]);
}

#[test]
fn everybody_sees_everything_once_on_postgres() {
    check(&["--database", &postgres()]);
}

#[test]
fn the_database_alone_carries_news_between_two_nodes() {
    check(&["--database", &postgres(), "--nodes", "2", "--bus", "none"]);
}

#[test]
fn what_was_acknowledged_survives_a_killed_server_on_sqlite() {
    check(&["--kill-after-acks", "1000"]);
}

#[test]
fn what_was_acknowledged_survives_a_killed_server_on_postgres() {
    check(&["--database", &postgres(), "--kill-after-acks", "1000"]);
}

#[test]
fn a_folder_without_logs_is_refused_before_anything_starts() {
    let empty = tempfile::tempdir().expect("a temporary folder");
    let refused = rony_load(empty.path(), &[] as &[&str]);
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("no log in"), "{said}");
    assert!(refused.stdout.is_empty());
}

/// Replays both logs with drops, and expects zeros.
#[track_caller]
fn check(options: &[&str]) {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let logs = two_logs();
    let replay = rony_load(logs.path(), &[&["--disconnects", "--timeout", "300"], options].concat());
    let said = String::from_utf8_lossy(&replay.stderr);
    let printed = String::from_utf8_lossy(&replay.stdout);
    let result: Value =
        printed.lines().last().and_then(|line| serde_json::from_str(line).ok()).unwrap_or_else(|| {
            panic!("no result\n{printed}\n{said}");
        });
    assert!(replay.status.success(), "{result}\n{said}");

    let members: u64 = LOGS.iter().map(|(_, members)| members).sum();
    let count = |field: &str| result[field].as_u64().unwrap_or_else(|| panic!("no {field} in {result}"));
    assert_eq!(count("posted"), LINES * LOGS.len() as u64, "{result}");
    assert_eq!(count("expected_deliveries"), LINES * members, "{result}");
    assert_eq!(count("delivered"), LINES * members, "{result}");
    for zero in ["lost", "duplicated", "out_of_order"] {
        assert_eq!(count(zero), 0, "{result}\n{said}");
    }
    assert!(count("reconnects") >= 5 * (members - 1), "{result}");
}

fn rony_load(folder: &Path, options: &[impl AsRef<OsStr>]) -> std::process::Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_rony-load"));
    program.arg("replay").arg(folder).args(options).output().expect("rony-load can be started")
}

fn two_logs() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (log, _) in LOGS {
        let from = ubuntu_logs().join(log);
        std::fs::copy(&from, folder.path().join(log))
            .unwrap_or_else(|error| panic!("{} cannot be copied: {error}", from.display()));
    }
    folder
}

/// `$RONY_SHARED/data/ubuntu-irc`, or beside the checkout.
fn ubuntu_logs() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    std::env::var_os("RONY_SHARED").map_or_else(beside, PathBuf::from).join("data/ubuntu-irc")
}

/// A PostgreSQL server on which databases may be created.
fn postgres() -> String {
    std::env::var("RONY_TEST_POSTGRES").expect(
        "RONY_TEST_POSTGRES is not set: run the tests with `cargo xtask test`, which starts a PostgreSQL for them",
    )
}
