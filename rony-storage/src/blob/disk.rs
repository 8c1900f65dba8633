//! Blobs on a disk: a file each, gathered in a file of its own, and renamed into place when whole.
//!
//! What was acknowledged is on the disk, and so is a name that was: files are synced before their folder, and the folder before the
//! answer. A reader never meets half a blob, because a name appears only when all is there.

mod staging;

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, ErrorKind, Read as _, Seek as _, SeekFrom},
    ops::Range,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use rony_core::{
    Error, Result,
    blob::{Appended, BlobStore, ByteStream, Derived, Disposition, StagedUpload, StoredBlob},
    id::{BlobId, UploadId},
    time::Timestamp,
};
use tokio::{
    sync::{Semaphore, TryAcquireError, mpsc},
    task::{JoinHandle, spawn_blocking},
};

use self::staging::Staging;
use super::{
    error::{NOT_FOUND, io_failed},
    keys,
};

/// How many bytes are read at a time: enough that the calls cost nothing, and little enough to stay in a core's cache.
const CHUNK: u64 = 256 * 1024;
/// How many pieces of an upload wait for the disk at most.
const WAITING: usize = 4;
/// How many uploads are written to at once. Each holds a thread for as long as its bytes come; Tokio has 512 of these, and reading needs some too.
const MOST_AT_ONCE: usize = 256;
/// When somebody who found no thread free shall come again.
const COME_AGAIN: Duration = Duration::from_secs(5);
/// Of how many uploads the running hash is remembered. Beyond that all are forgotten, and made again from the files when needed.
const REMEMBERED: usize = 4096;

/// Blobs in a folder of a disk. Only one process may use the folder.
pub struct DiskBlobs {
    root: PathBuf,
    /// What is known of uploads on their way. Each has a lock of its own, which is held while its file is written: an append that
    /// nobody waits for any more may still be at work when the next one comes.
    uploads: Mutex<HashMap<UploadId, Arc<Mutex<Staging>>>>,
    /// A permit for each thread that may write to an upload.
    writers: Arc<Semaphore>,
}

impl DiskBlobs {
    /// Blobs in `root`, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// When it cannot be made or written to.
    pub fn open(root: impl Into<PathBuf>) -> io::Result<Self> {
        let root = root.into();
        for folder in [keys::BLOBS, "previews", keys::UPLOADS] {
            make_folder(&root.join(folder))?;
        }
        sync_folder(&root)?;
        Ok(Self { root, uploads: Mutex::default(), writers: Arc::new(Semaphore::new(MOST_AT_ONCE)) })
    }

    /// The file of a blob, for whoever has a faster way to send a file than reading it. It is there when the blob is.
    #[must_use]
    pub fn path(&self, blob: BlobId) -> PathBuf {
        self.root.join(keys::blob(blob))
    }

    fn staging(&self, upload: UploadId) -> Arc<Mutex<Staging>> {
        let mut uploads = self.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        if uploads.len() > REMEMBERED {
            // Those that are at work now keep theirs: two locks for one file must not be.
            uploads.retain(|_, staging| Arc::strong_count(staging) > 1);
        }
        let made = || Arc::new(Mutex::new(Staging::new(self.root.join(keys::upload(upload)))));
        Arc::clone(uploads.entry(upload).or_insert_with(made))
    }

    fn forget(&self, upload: UploadId) {
        self.uploads.lock().unwrap_or_else(PoisonError::into_inner).remove(&upload);
    }

    /// Works on an upload's file, on a thread that may wait for disks.
    async fn on_staging<T: Send + 'static>(
        &self,
        upload: UploadId,
        work: impl FnOnce(&mut Staging) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let staging = self.staging(upload);
        on_thread(move || work(&mut staging.lock().unwrap_or_else(PoisonError::into_inner))).await
    }
}

#[async_trait]
impl BlobStore for DiskBlobs {
    async fn append(&self, upload: UploadId, offset: u64, mut bytes: ByteStream) -> Result<Appended> {
        let (send, receive) = mpsc::channel::<Bytes>(WAITING);
        let permit = Arc::clone(&self.writers).try_acquire_owned().map_err(too_many)?;
        let staging = self.staging(upload);
        let writing = spawn_blocking(move || {
            // Until the thread ends, whether or not somebody still waits for it.
            let _permit = permit;
            staging.lock().unwrap_or_else(PoisonError::into_inner).append(offset, receive)
        });
        let mut cut = false;
        while let Some(piece) = bytes.next().await {
            let Ok(piece) = piece else {
                cut = true;
                break;
            };
            // Refused when the writer has given up; what it says then is the answer.
            if send.send(piece).await.is_err() {
                break;
            }
        }
        drop(send);
        let written = writing.await.map_err(Error::internal)??;
        Ok(Appended { written, cut })
    }

    async fn finish(&self, upload: UploadId, blob: BlobId, length: u64) -> Result<[u8; 32]> {
        let (path, shelves) = (self.path(blob), self.root.join(keys::BLOBS));
        let hash = self.on_staging(upload, move |staging| staging.finish(&path, &shelves, length)).await?;
        self.forget(upload);
        Ok(hash)
    }

    async fn discard(&self, upload: UploadId) -> Result<()> {
        self.on_staging(upload, |staging| staging.discard()).await?;
        self.forget(upload);
        Ok(())
    }

    async fn read(&self, blob: BlobId, range: Range<u64>) -> Result<ByteStream> {
        let path = self.path(blob);
        let file = on_thread(move || {
            let mut file = File::open(path).map_err(or_not_found)?;
            if file.metadata().map_err(io_failed)?.len() < range.end {
                return Err(NOT_FOUND);
            }
            file.seek(SeekFrom::Start(range.start)).map_err(io_failed)?;
            Ok((file, range.end.saturating_sub(range.start)))
        });
        let (file, left) = file.await?;
        Ok(pieces(file, left))
    }

    async fn put(&self, key: Derived, bytes: Bytes) -> Result<()> {
        let path = self.root.join(keys::derived(key));
        on_thread(move || {
            let folder = path.parent().unwrap_or(&path);
            fs::create_dir_all(folder).map_err(io_failed)?;
            let unfinished = folder.join(format!(".{}", uuid::Uuid::new_v4()));
            fs::write(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, &path)).map_err(io_failed)
        })
        .await
    }

    async fn get(&self, key: Derived) -> Result<Bytes> {
        let path = self.root.join(keys::derived(key));
        on_thread(move || fs::read(path).map(Bytes::from).map_err(or_not_found)).await
    }

    async fn delete(&self, blob: BlobId) -> Result<()> {
        let (path, derived) = (self.path(blob), self.root.join(keys::derived_folder(blob)));
        on_thread(move || {
            fs::remove_dir_all(derived).or_else(fine_when_absent).map_err(io_failed)?;
            fs::remove_file(path).or_else(fine_when_absent).map_err(io_failed)
        })
        .await
    }

    async fn presigned(&self, _: BlobId, _: &Disposition, _: Duration) -> Result<Option<String>> {
        Ok(None)
    }

    async fn size(&self, blob: BlobId) -> Result<Option<u64>> {
        let path = self.path(blob);
        on_thread(move || match fs::metadata(path) {
            Ok(metadata) => Ok(Some(metadata.len())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_failed(error)),
        })
        .await
    }

    async fn stored(&self, shelf: u8) -> Result<Vec<StoredBlob>> {
        let folder = self.root.join(keys::shelf_folder(shelf));
        on_thread(move || {
            let mut stored = Vec::new();
            for level in names(&folder).map_err(io_failed)? {
                for (id, size, written_at) in files(&folder.join(level)).map_err(io_failed)? {
                    stored.push(StoredBlob { id, size, written_at });
                }
            }
            Ok(stored)
        })
        .await
    }

    async fn staged(&self) -> Result<Vec<StagedUpload>> {
        let folder = self.root.join(keys::UPLOADS);
        on_thread(move || {
            let files = files(&folder).map_err(io_failed)?;
            Ok(files.into_iter().map(|(id, _, written_at)| StagedUpload { id, written_at }).collect())
        })
        .await
    }
}

/// The bytes of a file from where it stands, in pieces. While one piece is on its way to the reader the next one is read.
fn pieces(file: File, left: u64) -> ByteStream {
    let first = (left > 0).then(|| read_piece(file, left));
    let stream = stream::try_unfold((first, left), |(reading, left)| async move {
        let Some(reading) = reading else { return Ok(None) };
        let (file, piece) = reading.await??;
        let left = left.saturating_sub(piece.len() as u64);
        let next = (left > 0).then(|| read_piece(file, left));
        Ok(Some((piece, (next, left))))
    });
    Box::pin(stream)
}

fn read_piece(mut file: File, left: u64) -> JoinHandle<io::Result<(File, Bytes)>> {
    spawn_blocking(move || {
        let size = left.min(CHUNK);
        let mut piece = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        let read = file.by_ref().take(size).read_to_end(&mut piece)?;
        if (read as u64) < size {
            return Err(io::Error::new(ErrorKind::UnexpectedEof, "the file of a blob became shorter"));
        }
        Ok((file, piece.into()))
    })
}

/// Does what may wait for a disk where no other work is held up.
async fn on_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    spawn_blocking(work).await.map_err(Error::internal)?
}

/// The names in a folder; none when there is no folder.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return fine_when_absent(error).map(|()| Vec::new()),
    };
    entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

/// The files in a folder that are named by an id, with their size and when they were written.
fn files<I: std::str::FromStr>(folder: &Path) -> io::Result<Vec<(I, u64, Timestamp)>> {
    let mut files = Vec::new();
    for name in names(folder)? {
        let Ok(id) = name.parse() else { continue };
        // It may have gone since the folder was read.
        let Ok(metadata) = fs::metadata(folder.join(name)) else { continue };
        files.push((id, metadata.len(), written_at(metadata.modified()?)));
    }
    Ok(files)
}

fn written_at(time: SystemTime) -> Timestamp {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

fn too_many(error: TryAcquireError) -> Error {
    Error::Unavailable {
        retry_after: COME_AGAIN,
        detail: "Many files are being sent at the moment. Try again in a few seconds.",
        source: Some(error.into()),
    }
}

fn or_not_found(error: io::Error) -> Error {
    if error.kind() == ErrorKind::NotFound { NOT_FOUND } else { io_failed(error) }
}

fn fine_when_absent(error: io::Error) -> io::Result<()> {
    if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

/// Makes a folder and those above it, so that they are there after a power failure too.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent() {
        make_folder(above)?;
        match fs::create_dir(folder) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
            _ => sync_folder(above)?,
        }
    }
    Ok(())
}

/// Makes the name of a file last, and those of the folders between it and `root`. They are there already, but whoever made one may be
/// about to sync it, or have been cut off.
fn sync_names(file: &Path, root: &Path) -> io::Result<()> {
    let names = file.ancestors().take_while(|name| *name != root);
    names.filter_map(Path::parent).try_for_each(sync_folder)
}

/// Makes the names in a folder last. Only Unix has that; elsewhere the file system sees to it.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
