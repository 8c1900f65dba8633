//! The folder that a run writes to.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// A folder for data and logs. A temporary one goes at the end, unless it is kept.
#[derive(Debug)]
pub(crate) struct Work {
    temporary: Option<TempDir>,
    path: PathBuf,
}

impl Work {
    /// Opens the folder that was named, or makes a temporary one, whose name begins with the `program`'s.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn open(named: Option<&Path>, program: &str) -> Result<Self> {
        if let Some(path) = named {
            std::fs::create_dir_all(path).with_context(|| format!("cannot make {}", path.display()))?;
            // Servers run in folders of their own.
            let path = path.canonicalize().with_context(|| format!("cannot find {}", path.display()))?;
            return Ok(Self { temporary: None, path });
        }
        let temporary = tempfile::Builder::new().prefix(&format!("{program}-")).tempdir();
        let temporary = temporary.context("cannot make a temporary folder")?;
        Ok(Self { path: temporary.path().to_owned(), temporary: Some(temporary) })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Leaves the folder there, for whoever wants to know what went wrong.
    pub(crate) fn keep(&mut self) {
        if let Some(temporary) = &mut self.temporary {
            temporary.disable_cleanup(true);
        }
        eprintln!("the servers' data and logs are in {}", self.path.display());
    }
}
