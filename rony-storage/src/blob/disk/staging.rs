//! The file in which an upload is gathered. Everything here waits for disks, and runs on threads that may.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::mpsc::{SyncSender, sync_channel},
    thread::{self, JoinHandle},
};

use bytes::Bytes;
use rony_core::Result;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc::Receiver;

use super::{fine_when_absent, make_folder, sync_folder, sync_names};
use crate::blob::error::{io_failed, lost};

/// After so many bytes the disk is told to begin, on a thread of its own, so that little is left to wait for at the end.
const FLUSH: u64 = 8 * 1024 * 1024;
/// How much is read at a time to hash a file again.
const REREAD: usize = 1024 * 1024;

/// See the module's documentation.
pub(super) struct Staging {
    path: PathBuf,
    /// The hash of the first so many bytes: up to where the last append began, and up to where it ended. The former is for an append
    /// that did not count in the end. After a restart both are unknown, and the file is read again when it is whole.
    known: [Option<(u64, Sha256)>; 2],
}

impl Staging {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, known: [Some((0, Sha256::new())), None] }
    }

    fn hash_of(&self, length: u64) -> Option<Sha256> {
        self.known.iter().flatten().find(|(known, _)| *known == length).map(|(_, hash)| hash.clone())
    }

    /// Adds what comes at `offset`, and answers how much came.
    pub(super) fn append(&mut self, offset: u64, mut pieces: Receiver<Bytes>) -> Result<u64> {
        let mut file = self.open().map_err(io_failed)?;
        let length = file.metadata().map_err(io_failed)?.len();
        if length < offset {
            return Err(lost());
        }
        let before = self.hash_of(offset);
        let mut hash = before.clone();
        let written = self::write(&mut file, offset, length, &mut pieces, hash.as_mut());
        let written = written.map_err(|error| {
            // What does not count only takes room, of which there may be none left.
            let _ = file.set_len(offset);
            io_failed(error)
        })?;
        self.known = [before.map(|hash| (offset, hash)), hash.map(|hash| (offset + written, hash))];
        Ok(written)
    }

    /// The file, made if it is not there.
    fn open(&self) -> io::Result<File> {
        match OpenOptions::new().write(true).open(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let file = OpenOptions::new().write(true).create(true).truncate(false).open(&self.path)?;
                self.path.parent().map_or(Ok(()), sync_folder)?;
                Ok(file)
            }
            opened => opened,
        }
    }

    /// Makes the file the one at `to`, whole, which is below the folder `root`. One that is there already, of the same length, is the same.
    pub(super) fn finish(&mut self, to: &Path, root: &Path, length: u64) -> Result<[u8; 32]> {
        match fs::metadata(to) {
            Ok(there) if there.len() == length => {
                // Whoever put it there may have been cut off before it lasted.
                File::open(to).and_then(|file| file.sync_all()).map_err(io_failed)?;
                sync_names(to, root).map_err(io_failed)?;
                fs::remove_file(&self.path).or_else(fine_when_absent).map_err(io_failed)?;
                read_hash(to).map_err(io_failed)
            }
            _ => self.become_whole(to, root, length),
        }
    }

    fn become_whole(&self, to: &Path, root: &Path, length: u64) -> Result<[u8; 32]> {
        let file = self.open().map_err(io_failed)?;
        let there = file.metadata().map_err(io_failed)?.len();
        if there < length {
            return Err(lost());
        }
        let known = self.hash_of(length);
        let whole = || -> io::Result<[u8; 32]> {
            if there > length {
                file.set_len(length)?;
            }
            file.sync_all()?;
            let hash = known.map_or_else(|| read_hash(&self.path), |hash| Ok(hash.finalize().into()))?;
            if let Some(folder) = to.parent() {
                make_folder(folder)?;
                fs::rename(&self.path, to)?;
                sync_names(to, root)?;
            }
            Ok(hash)
        };
        whole().map_err(io_failed)
    }

    pub(super) fn discard(&mut self) -> Result<()> {
        *self = Self::new(std::mem::take(&mut self.path));
        fs::remove_file(&self.path).or_else(fine_when_absent).map_err(io_failed)
    }
}

/// Writes the pieces at `offset`, hashes them while they are still in the cache, and syncs.
fn write(
    file: &mut File,
    offset: u64,
    length: u64,
    pieces: &mut Receiver<Bytes>,
    mut hash: Option<&mut Sha256>,
) -> io::Result<u64> {
    if length > offset {
        file.set_len(offset)?;
    }
    file.seek(SeekFrom::Start(offset))?;
    let mut flusher: Option<Flusher> = None;
    let (mut written, mut next_flush) = (0, FLUSH);
    while let Some(piece) = pieces.blocking_recv() {
        file.write_all(&piece)?;
        if let Some(hash) = hash.as_mut() {
            hash.update(&piece);
        }
        written += piece.len() as u64;
        if written >= next_flush {
            match &flusher {
                Some(flusher) => flusher.tell(),
                None => flusher.insert(Flusher::start(file)?).tell(),
            }
            next_flush = written + FLUSH;
        }
    }
    // An error of writing back is told once only, to whoever syncs first.
    flusher.map_or(Ok(()), Flusher::end)?;
    file.sync_data()?;
    Ok(written)
}

/// A thread that syncs a file when it is told to. Only what is long needs one.
struct Flusher {
    told: SyncSender<()>,
    thread: JoinHandle<io::Result<()>>,
}

impl Flusher {
    fn start(file: &File) -> io::Result<Self> {
        let ((told, flushes), file) = (sync_channel(1), file.try_clone()?);
        let flush = move || flushes.iter().try_for_each(|()| file.sync_data());
        Ok(Self { told, thread: thread::Builder::new().spawn(flush)? })
    }

    /// When it is still busy with what came before, it takes this along the next time.
    fn tell(&self) {
        let _ = self.told.try_send(());
    }

    /// Waits until it has done what it was told, and answers what became of that.
    fn end(self) -> io::Result<()> {
        drop(self.told);
        self.thread.join().map_err(|_| io::Error::other("the thread that flushes panicked"))?
    }
}

/// The hash of a whole file.
fn read_hash(path: &Path) -> io::Result<[u8; 32]> {
    let (mut file, mut hash, mut buffer) = (File::open(path)?, Sha256::new(), vec![0; REREAD]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hash.finalize().into()),
            read => hash.update(&buffer[..read]),
        }
    }
}
