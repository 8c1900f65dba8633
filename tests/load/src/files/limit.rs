//! What the machine itself can do with a file: write and sync it, hash it, and copy it over a socket.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use sha2::{Digest as _, Sha256};

use super::line::Content;

/// Megabytes (2^20 bytes) a second.
pub(super) fn rate(bytes: u64, began: Instant) -> f64 {
    bytes as f64 / f64::from(1 << 20) / began.elapsed().as_secs_f64()
}

/// Writes `length` bytes to a new file in `folder` and syncs them; the rate. The file stays, for [`copy`].
///
/// # Errors
/// When the disk does not take it.
pub(super) fn write(folder: &Path, length: u64) -> Result<f64> {
    let path = folder.join("raw");
    let began = Instant::now();
    let mut file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let (content, mut at) = (Content::of(length), 0);
    while at < length {
        let slice = content.slice(at);
        file.write_all(slice).context("the disk does not take a file")?;
        at += slice.len() as u64;
    }
    file.sync_all().context("the disk does not sync a file")?;
    Ok(rate(length, began))
}

/// Makes the SHA-256 of `length` bytes on one thread; the rate.
pub(super) fn hash(length: u64) -> f64 {
    let (began, mut hash) = (Instant::now(), Sha256::new());
    let (content, mut at) = (Content::of(length), 0);
    while at < length {
        let slice = content.slice(at);
        hash.update(slice);
        at += slice.len() as u64;
    }
    std::hint::black_box(hash.finalize());
    rate(length, began)
}

/// Sends the file of [`write`] over a socket of this machine, as the kernel does it best (sendfile), and reads it; the rate.
///
/// # Errors
/// When the file is gone, or a socket breaks.
pub(super) fn copy(folder: &Path, length: u64) -> Result<f64> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no port is free")?;
    let address = listener.local_addr().context("a socket does not know where it is")?;
    let mut file = File::open(folder.join("raw")).context("the file is gone")?;
    let began = Instant::now();
    let sender = std::thread::spawn(move || -> std::io::Result<u64> {
        let (mut socket, _) = listener.accept()?;
        std::io::copy(&mut file, &mut socket)
    });
    let mut socket = TcpStream::connect(address).context("the socket is out of reach")?;
    let (mut buffer, mut seen) = (vec![0; 256 << 10], 0);
    loop {
        let read = socket.read(&mut buffer).context("the copy was cut off")?;
        if read == 0 {
            break;
        }
        seen += read as u64;
    }
    sender.join().expect("copying does not panic").context("the copy was cut off")?;
    ensure!(seen == length, "{seen} bytes were copied, not {length}");
    Ok(rate(length, began))
}
