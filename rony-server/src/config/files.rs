//! What an operator may set about people's files.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

const GIB: i64 = 1024 * 1024 * 1024;

/// Where people's files are kept, and how much of them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Files {
    /// Where their bytes lie.
    pub store: FileStore,
    /// The folder for them. `None`: `files` in the data folder.
    pub path: Option<PathBuf>,
    /// How many bytes each person may keep. `None`: as many as fit.
    pub quota: Option<i64>,
    /// The largest file, in bytes.
    pub largest: i64,
    /// How many earlier versions of a file are kept.
    pub versions_kept: u32,
    /// After so many days, what is in the trash is deleted for good.
    pub trash_days: u32,
    /// The object store, where it keeps them.
    pub s3: S3,
}

impl Default for Files {
    fn default() -> Self {
        Self {
            store: FileStore::Disk,
            path: None,
            quota: Some(10 * GIB),
            largest: 100 * GIB,
            versions_kept: 10,
            trash_days: 30,
            s3: S3::default(),
        }
    }
}

/// Where the bytes of files lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileStore {
    /// In a folder of this machine.
    Disk,
    /// In an object store that speaks S3: all nodes of an installation share it.
    S3,
}

impl FromStr for FileStore {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "disk" => Ok(Self::Disk),
            "s3" => Ok(Self::S3),
            _ => Err("write `disk` (a folder of this machine) or `s3` (an object store)".to_owned()),
        }
    }
}

/// An object store that speaks S3.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct S3 {
    /// The bucket, which must be there.
    pub bucket: String,
    /// Its region; many other stores than Amazon's want none.
    pub region: String,
    /// The store's address; empty for Amazon's.
    pub endpoint: String,
    /// Who is asking.
    pub access_key_id: String,
    /// The key that proves it.
    pub secret_access_key: Hidden,
    /// Whether the address may be one without TLS.
    pub allow_http: bool,
    /// What the names of all objects begin with, so that a bucket may be shared.
    pub prefix: String,
}

/// Text that never shows itself.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Hidden(String);

impl Hidden {
    /// The text itself, for whoever needs it and never for a log.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Hidden {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden(…)")
    }
}
