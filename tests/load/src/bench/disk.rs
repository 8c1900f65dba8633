//! What the disk itself takes for a sync, at this moment: beside every durable figure, because it moves within minutes.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};

use super::delays::Delays;
use super::report::Report;

/// Syncs in one look at the disk.
const SYNCS: usize = 100;

/// A look at the disk before something is measured and another one after it: together what a sync took at that time.
#[derive(Debug)]
pub(crate) struct Probe<'p> {
    folder: &'p Path,
    syncs: Delays,
}

impl<'p> Probe<'p> {
    /// Looks at the disk that `folder` is on.
    ///
    /// # Errors
    /// When a file cannot be written there.
    pub(crate) fn begin(folder: &'p Path) -> Result<Self> {
        Ok(Self { folder, syncs: look(folder)? })
    }

    /// Looks again, and notes both together as figures of `case`.
    ///
    /// # Errors
    /// As [`Probe::begin`].
    pub(crate) fn end(mut self, case: &str, report: &mut Report) -> Result<Delays> {
        self.syncs.add(&look(self.folder)?);
        report.figure(case, "disk sync, p50", "ms", self.syncs.percentile_ms(0.5));
        report.figure(case, "disk sync, p99", "ms", self.syncs.percentile_ms(0.99));
        Ok(self.syncs)
    }
}

/// Appends 4 KiB and syncs the data to disk, again and again, with a file of its own in `folder`.
fn look(folder: &Path) -> Result<Delays> {
    let path = folder.join("disk-sync-probe");
    let mut file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let (page, mut delays) = ([7_u8; 4096], Delays::default());
    for _ in 0..SYNCS {
        let began = Instant::now();
        file.write_all(&page).and_then(|()| file.sync_data()).context("the disk does not take a page")?;
        delays.note(began.elapsed());
    }
    std::fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
    Ok(delays)
}
