//! The bytes of a file on this machine, as fast as they go: what the system has in memory is read at once on the thread that sends
//! it, and only what it has not waits on a thread of its own. A download holds a few buffers, however large the file is.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use axum::body::Bytes;
use futures_util::stream::{self, Stream};

use crate::telemetry::count_download;

/// How many bytes are read at once: they fit into a processor's cache.
const PIECE: usize = 256 * 1024;

/// The bytes of `file` from `range.start` to before `range.end`.
pub(crate) fn stream(file: File, range: Range<u64>) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let from = Reading { file: Arc::new(file), at: range.start, end: range.end };
    stream::try_unfold(from, async |mut reading| {
        let bytes = reading.next().await?;
        Ok((!bytes.is_empty()).then_some((bytes, reading)))
    })
}

struct Reading {
    file: Arc<File>,
    at: u64,
    end: u64,
}

impl Reading {
    /// What comes next; nothing at the end.
    async fn next(&mut self) -> io::Result<Bytes> {
        let wanted = usize::try_from(self.end - self.at).unwrap_or(PIECE).min(PIECE);
        if wanted == 0 {
            return Ok(Bytes::new());
        }
        let mut piece = vec![0; wanted];
        let known = at_once(&self.file, &mut piece, self.at);
        let bytes = match known {
            Some(read) => {
                piece.truncate(read);
                piece
            }
            None => waiting(Arc::clone(&self.file), piece, self.at).await?,
        };
        if bytes.is_empty() {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file is shorter than it was"));
        }
        self.at += bytes.len() as u64;
        count_download(bytes.len());
        Ok(bytes.into())
    }
}

/// What the system has in memory; `None` where it would have to wait for the disk, or cannot tell.
#[cfg(target_os = "linux")]
fn at_once(file: &File, piece: &mut [u8], at: u64) -> Option<usize> {
    use rustix::io::{IoSliceMut, ReadWriteFlags, preadv2};
    preadv2(file, &mut [IoSliceMut::new(piece)], at, ReadWriteFlags::NOWAIT).ok().filter(|read| *read > 0)
}

#[cfg(not(target_os = "linux"))]
fn at_once(_: &File, _: &mut [u8], _: u64) -> Option<usize> {
    None
}

async fn waiting(file: Arc<File>, mut piece: Vec<u8>, at: u64) -> io::Result<Vec<u8>> {
    let read = tokio::task::spawn_blocking(move || {
        let read = file.read_at(&mut piece, at)?;
        piece.truncate(read);
        Ok(piece)
    });
    read.await.map_err(io::Error::other)?
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use futures_util::TryStreamExt as _;

    use super::*;

    async fn read(length: usize, range: Range<u64>) -> io::Result<Vec<u8>> {
        let mut file = tempfile::tempfile().expect("a file");
        let bytes: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
        file.write_all(&bytes).expect("room");
        let pieces: Vec<Bytes> = stream(file, range).try_collect().await?;
        Ok(pieces.concat())
    }

    #[tokio::test]
    async fn a_part_is_exactly_that_part() {
        for (length, range) in
            [(0, 0..0), (1, 0..1), (PIECE * 2 + 7, 0..PIECE as u64 * 2 + 7), (PIECE + 9, 5..PIECE as u64 + 6)]
        {
            let expected: Vec<u8> = range.clone().map(|at| (at % 251) as u8).collect();
            assert_eq!(read(length, range.clone()).await.expect("it reads"), expected, "{length} {range:?}");
        }
    }

    #[tokio::test]
    async fn a_file_that_ends_too_soon_breaks_the_answer_off() {
        let error = read(10, 0..11).await.expect_err("too short");
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}
