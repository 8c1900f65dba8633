//! What the operating system says about this process, under the names that Prometheus dashboards expect. Linux only;
//! elsewhere these figures are absent.

use std::fs;

/// Reads them anew and hands them to the metrics recorder.
pub(super) fn record() {
    if let Some(bytes) = resident_bytes() {
        metrics::gauge!("process_resident_memory_bytes").set(bytes);
    }
    if let Ok(open) = fs::read_dir("/proc/self/fd") {
        metrics::gauge!("process_open_fds").set(open.count() as f64);
    }
    if let Some(most) = most_open_files() {
        metrics::gauge!("process_max_fds").set(most);
    }
}

/// `VmRSS:     12345 kB` (proc_pid_status(5)).
fn resident_bytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024.0)
}

/// `Max open files            1024                 524288               files` (proc_pid_limits(5)): the soft one counts.
fn most_open_files() -> Option<f64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}
