//! The machine: the data folder, the disk it is on, and the clock.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rony_core::time::{Clock, Timestamp};
use rony_storage::SystemClock;
use rustix::fs::{Access, access, statvfs};

use super::Finding;
use crate::config::Config;

const MIB: u64 = 1024 * 1024;

/// Below this much free space nothing can be written soon.
const TOO_LITTLE: u64 = 100 * MIB;

/// Below this much free space somebody should make room.
const LITTLE: u64 = 1024 * MIB;

pub(super) fn examine(config: &Config) -> Vec<Finding> {
    vec![folder(&config.data), disk(&config.data), clock(&config.data, SystemClock.now())]
}

fn folder(data: &Path) -> Finding {
    const SUBJECT: &str = "data folder";
    let shown = data.display();
    let existing = existing(data);
    if !existing.is_dir() {
        let seen = format!("{} is no folder", existing.display());
        return Finding::fail(SUBJECT, seen, "Choose another one with `data`.");
    }
    if let Err(error) = access(&existing, Access::WRITE_OK | Access::EXEC_OK) {
        return Finding::fail(
            SUBJECT,
            format!("{} cannot be written to: {error}", existing.display()),
            "Give this user the right to write there, or choose another folder with `data`.",
        );
    }
    if existing != data {
        return Finding::ok(SUBJECT, format!("{shown} does not exist yet; the first start makes it"));
    }
    let others = fs::metadata(data).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0);
    if others {
        let advice = format!("Let nobody else in: chmod 700 {shown}");
        return Finding::warn(SUBJECT, format!("other users of this machine may look into {shown}"), advice);
    }
    Finding::ok(SUBJECT, format!("{shown} can be written to"))
}

/// The folder itself, or the nearest one above it that there is.
pub(super) fn existing(folder: &Path) -> PathBuf {
    let mut candidates =
        folder.ancestors().filter(|folder| folder.exists() && !folder.as_os_str().is_empty());
    candidates.next().map_or_else(|| PathBuf::from("."), Path::to_owned)
}

fn disk(data: &Path) -> Finding {
    const SUBJECT: &str = "disk";
    const ADVICE: &str = "Make room, or move the data folder to a larger disk and set `data` to it.";
    let free = match statvfs(existing(data)) {
        Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
        Err(error) => {
            return Finding::warn(SUBJECT, format!("the free space cannot be read: {error}"), ADVICE);
        }
    };
    let seen = format!("{} MiB are free", free / MIB);
    match free {
        ..TOO_LITTLE => Finding::fail(SUBJECT, seen, ADVICE),
        TOO_LITTLE..LITTLE => Finding::warn(SUBJECT, seen, ADVICE),
        _ => Finding::ok(SUBJECT, seen),
    }
}

/// A clock that is behind what it wrote itself was set back, or was ahead; one from before this program is plainly
/// wrong.
fn clock(data: &Path, now: Timestamp) -> Finding {
    const SUBJECT: &str = "clock";
    const ADVICE: &str = "Switch on time synchronisation: timedatectl set-ntp true";
    /// 2026-01-01T00:00:00Z.
    const LONG_AGO: i64 = 1_767_225_600_000;
    const MINUTE: i64 = 60_000;
    if now.as_millis() < LONG_AGO {
        return Finding::fail(SUBJECT, format!("it says {now}, which is long past"), ADVICE);
    }
    match newest_change(data) {
        Some(newest) if newest.as_millis() > now.as_millis() + MINUTE => {
            let seen = format!("it says {now}, but the data folder was last changed at {newest}");
            Finding::warn(SUBJECT, seen, format!("The clock was set back. {ADVICE}"))
        }
        _ => Finding::ok(SUBJECT, format!("it says {now}")),
    }
}

fn newest_change(folder: &Path) -> Option<Timestamp> {
    let entries = fs::read_dir(folder).ok()?;
    let times = entries.filter_map(|entry| entry.ok()?.metadata().ok()?.modified().ok());
    times.filter_map(|time| jiff::Timestamp::try_from(time).ok()).max().map(Timestamp::from)
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::*;

    #[test]
    fn a_folder_that_does_not_exist_yet_is_fine_where_it_can_be_made() {
        let root = tempfile::tempdir().expect("a temporary folder");
        assert_eq!(folder(&root.path().join("rony/data")).verdict, Verdict::Ok);
        assert_eq!(folder(Path::new("not-there-yet")).verdict, Verdict::Ok);
        fs::write(root.path().join("file"), "").expect("a file");
        assert_eq!(folder(&root.path().join("file/data")).verdict, Verdict::Fail);
    }

    #[test]
    fn a_folder_open_to_others_is_worth_a_warning() {
        let root = tempfile::tempdir().expect("a temporary folder");
        fs::set_permissions(root.path(), fs::Permissions::from_mode(0o700)).expect("permissions");
        assert_eq!(folder(root.path()).verdict, Verdict::Ok);
        fs::set_permissions(root.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
        let finding = folder(root.path());
        assert_eq!(finding.verdict, Verdict::Warn);
        assert!(finding.advice.contains("chmod 700"));
    }

    #[test]
    fn a_clock_that_was_set_back_is_noticed() {
        let root = tempfile::tempdir().expect("a temporary folder");
        fs::write(root.path().join("rony.db"), "").expect("a file");
        let now = SystemClock.now();
        let hour = std::time::Duration::from_secs(3600);
        assert_eq!(clock(root.path(), now).verdict, Verdict::Ok);
        assert_eq!(clock(root.path(), now.minus(hour)).verdict, Verdict::Warn);
        assert_eq!(clock(root.path(), Timestamp::from_millis(0)).verdict, Verdict::Fail);
    }
}
