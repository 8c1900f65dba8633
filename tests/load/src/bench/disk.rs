//! What the disk itself takes for a sync, at this moment: beside every durable figure, because it moves within minutes.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};

use super::delays::Delays;

/// Appends 4 KiB and syncs the data to disk, `count` times, with a file of its own in `folder`.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn probe(folder: &Path, count: usize) -> Result<Delays> {
    let path = folder.join("disk-sync-probe");
    let mut file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let (page, mut delays) = ([7_u8; 4096], Delays::default());
    for _ in 0..count {
        let began = Instant::now();
        file.write_all(&page).and_then(|()| file.sync_data()).context("the disk does not take a page")?;
        delays.note(began.elapsed());
    }
    std::fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
    Ok(delays)
}
