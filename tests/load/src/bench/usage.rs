//! What a process has used of the machine, read from /proc: its own and its children's.

use std::fs::read_to_string;
use std::time::Duration;

use anyhow::{Context, Result};

/// What a process and its children have used so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// CPU time, in user and system mode.
    pub(crate) cpu: Duration,
    /// Bytes of memory that are resident; what processes of a family share is counted once.
    pub(crate) resident: u64,
}

/// Reads it.
///
/// # Errors
/// When the process has ended.
pub(crate) fn of(process: u32) -> Result<Usage> {
    let ended = || format!("process {process} has ended");
    let children = children(process);
    let mut usage = Usage { cpu: cpu(process).with_context(ended)?, resident: 0 };
    if children.is_empty() {
        usage.resident = kilobytes(process, "status", "VmRSS:").with_context(ended)? * 1024;
        return Ok(usage);
    }
    for member in children.into_iter().chain([process]) {
        if member != process {
            usage.cpu += cpu(member).unwrap_or_default();
        }
        usage.resident += kilobytes(member, "smaps_rollup", "Pss:").unwrap_or_default() * 1024;
    }
    Ok(usage)
}

/// How long this process itself has run, without its children.
///
/// # Errors
/// When the system does not say.
pub(crate) fn of_itself() -> Result<Duration> {
    cpu(std::process::id()).context("the system does not say how long this process has run")
}

/// What all cores of the machine together have been busy with so far, whoever it was for.
///
/// # Errors
/// Where there is no /proc/stat.
pub(crate) fn machine() -> Result<Duration> {
    let stat = read_to_string("/proc/stat").context("the machine does not say how busy it is")?;
    let total =
        stat.lines().next().and_then(|line| line.strip_prefix("cpu ")).context("/proc/stat has no sum")?;
    let ticks: Vec<u64> = total.split_whitespace().filter_map(|field| field.parse().ok()).collect();
    // user, nice, system, idle, iowait, irq, softirq, steal; what guests take is in the first two already (proc(5)).
    let busy: u64 =
        ticks.iter().take(8).enumerate().filter(|(at, _)| !matches!(at, 3 | 4)).map(|(_, it)| it).sum();
    Ok(Duration::from_secs_f64(busy as f64 / rustix::param::clock_ticks_per_second() as f64))
}

/// The sum of what its threads have run, to the nanosecond; or what the process is charged with in ticks, where that is
/// clearly more because threads have ended.
fn cpu(process: u32) -> Option<Duration> {
    let charged = charged(process)?;
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).ok()?;
    let run = threads.flatten().filter_map(|thread| {
        let schedule = read_to_string(thread.path().join("schedstat")).ok()?;
        schedule.split(' ').next()?.parse().ok().map(Duration::from_nanos)
    });
    let run: Duration = run.sum();
    let tick = Duration::from_secs(1) / u32::try_from(rustix::param::clock_ticks_per_second()).ok()?;
    Some(if charged > run + 2 * tick { charged } else { run })
}

fn charged(process: u32) -> Option<Duration> {
    let stat = read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in brackets, may hold anything; user and system time are the 14th and 15th field.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let ticks: u64 = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    Some(Duration::from_secs_f64(ticks as f64 / rustix::param::clock_ticks_per_second() as f64))
}

fn children(process: u32) -> Vec<u32> {
    let listed = read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    listed.split_whitespace().filter_map(|child| child.parse().ok()).collect()
}

fn kilobytes(process: u32, file: &str, field: &str) -> Option<u64> {
    let text = read_to_string(format!("/proc/{process}/{file}")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(field))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_works_and_remembers_uses_more() {
        let before = of(std::process::id()).unwrap();
        let mut memory = vec![1_u8; 32 << 20];
        while of(std::process::id()).unwrap().cpu < before.cpu + Duration::from_millis(20) {
            memory.iter_mut().for_each(|byte| *byte = byte.wrapping_add(3));
        }
        let after = of(std::process::id()).unwrap();
        assert!(after.resident > before.resident + (16 << 20), "{before:?} {after:?}");
        assert!(std::hint::black_box(&memory)[0] != 2);
    }

    #[test]
    fn a_machine_that_works_gets_busier() {
        let before = machine().unwrap();
        while machine().unwrap() < before + Duration::from_millis(20) {
            std::hint::black_box(of(std::process::id()).unwrap());
        }
    }

    #[test]
    fn a_process_that_is_not_there_is_an_error() {
        assert!(of(u32::MAX).is_err());
    }
}
