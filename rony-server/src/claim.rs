//! One server for one SQLite file. Two of them would answer from the same file, slowly, at two addresses, and the
//! person who started the second by mistake would not notice. PostgreSQL is made for several nodes and needs no claim.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// Holds the file until it is dropped, or the process ends in whatever way: the lock is the system's.
#[derive(Debug)]
pub(crate) struct Claim {
    _lock: File,
}

/// Why the file could not be claimed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClaimError {
    /// Another server has it.
    #[error(
        "Another Rony{} already works with {}.\n  \
         What to do: use that one, or stop it first. To run a second one beside it, give it a folder of its own: \
         rony serve --data OTHER_FOLDER",
        process.as_ref().map(|id| format!(" (process {id})")).unwrap_or_default(),
        database.display()
    )]
    Taken {
        /// The SQLite file.
        database: PathBuf,
        /// The other's process, where it could be read.
        process: Option<u32>,
    },
    /// The file that stands for the claim cannot be used.
    #[error(
        "{} cannot be written: {source}.\n  \
         What to do: check the path in `data` or `database`, and that the user that runs Rony may write there.",
        file.display()
    )]
    File {
        /// Which.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Claim {
    /// Claims the SQLite database in `database` for this process, by a file with `.lock` after its name.
    ///
    /// # Errors
    ///
    /// When another process has it, or the lock's file cannot be written.
    pub(crate) fn of(database: &Path) -> Result<Self, ClaimError> {
        let mut name = OsString::from(database);
        name.push(".lock");
        let path = PathBuf::from(name);
        let unusable = |source| ClaimError::File { file: path.clone(), source };
        let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = options.map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(ClaimError::Taken { database: database.to_owned(), process: holder(&mut file) });
            }
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
        }
        file.set_len(0).map_err(unusable)?;
        write!(file, "{}", std::process::id()).map_err(unusable)?;
        Ok(Self { _lock: file })
    }
}

/// The number that the holder wrote.
fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_server_is_told_who_has_the_file_until_it_is_free() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = folder.path().join("rony.db");
        let first = Claim::of(&database).expect("it is free");
        let said = Claim::of(&database).expect_err("it is taken").to_string();
        assert!(said.contains(&format!("(process {})", std::process::id())), "{said}");
        drop(first);
        Claim::of(&database).expect("it is free again");
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error_that_names_the_file() {
        let said = Claim::of(Path::new("/no/such/folder/rony.db")).expect_err("no folder").to_string();
        assert!(said.contains("/no/such/folder/rony.db.lock") && said.contains("What to do"), "{said}");
    }
}
