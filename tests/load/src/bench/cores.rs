//! Who runs on which core. A server that shares its core with its load is measured together with it.

use anyhow::{Context, Result};
use rustix::process::Pid;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// One of the cores that this process was given when it started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Core(usize);

/// Where servers run: the first core.
pub(crate) const SERVER: Core = Core(0);

/// Where the load runs: the last core, which is the first one where there is only one.
pub(crate) const LOAD: Core = Core(usize::MAX);

/// Moves all threads of this process to `core`; those that they start come there too.
///
/// # Errors
/// When the system does not allow it.
pub(crate) fn stay_on(core: Core) -> Result<()> {
    let set = core.set()?;
    let threads = std::fs::read_dir("/proc/self/task").context("the threads of this process are hidden")?;
    for thread in threads.flatten() {
        let id = thread.file_name().to_string_lossy().parse().ok().and_then(Pid::from_raw);
        // A thread may have ended since.
        if let Err(error) = sched_setaffinity(id, &set)
            && error != rustix::io::Errno::SRCH
        {
            return Err(error).context("this process cannot be pinned to a core");
        }
    }
    Ok(())
}

/// Runs `start`, which starts a process, so that the process and its threads run on `core`: a process begins where the
/// thread is that starts it.
///
/// # Errors
/// When this thread cannot move there, or what `start` says.
pub(crate) fn starting_on<T>(core: Core, start: impl FnOnce() -> Result<T>) -> Result<T> {
    let here = sched_getaffinity(None).context("this thread does not know its cores")?;
    sched_setaffinity(None, &core.set()?).context("this thread cannot be pinned to a core")?;
    let started = start();
    sched_setaffinity(None, &here).context("this thread cannot go back to its cores")?;
    started
}

impl Core {
    fn set(self) -> Result<CpuSet> {
        let all = all()?;
        let mut set = CpuSet::new();
        set.set(all[self.0.min(all.len() - 1)]);
        Ok(set)
    }
}

/// The cores that the process that started this one has: this process's own may be fewer by now.
fn all() -> Result<Vec<usize>> {
    use std::sync::OnceLock;
    static ALL: OnceLock<Vec<usize>> = OnceLock::new();
    if let Some(known) = ALL.get() {
        return Ok(known.clone());
    }
    let given = sched_getaffinity(None).context("this process does not know its cores")?;
    let cores = (0..CpuSet::MAX_CPU).filter(|core| given.is_set(*core)).collect();
    Ok(ALL.get_or_init(|| cores).clone())
}
