//! `rony blobs`: for whoever moves the bytes of people's files from one place to another.

use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};
use rony_core::{Store, blob::KnownBlob};
use rony_storage::blob::{Moved, migrate};

use super::say;
use crate::blobs::open;
use crate::config::{self, FileStore, Flags, Sources};
use crate::server::open_store;

/// What can be done with the bytes of files.
#[derive(Debug, Subcommand)]
pub(super) enum BlobsCommand {
    /// Copy all files to another store; run it again after an interruption, and it goes on
    ///
    /// The server may run meanwhile. Copy once while it does, stop it, copy what came since, set `files_store`, and start it again.
    /// Nothing is removed from the old store.
    Migrate {
        /// Where the files lie now
        #[arg(long, value_name = "disk|s3", value_parser = store)]
        from: FileStore,
        /// Where they shall lie
        #[arg(long, value_name = "disk|s3", value_parser = store)]
        to: FileStore,
        #[command(flatten)]
        settings: Flags<true>,
    },
}

fn store(text: &str) -> Result<FileStore, String> {
    text.parse()
}

/// Does what was asked for.
pub(super) async fn run(command: BlobsCommand) -> Result<ExitCode> {
    let BlobsCommand::Migrate { from, to, settings } = command;
    ensure!(from != to, "The files lie there already: choose two different stores for --from and --to.");
    let config = config::load(&Sources::of_process(settings))?.config;
    let blobs = all(&*open_store(&config).await?).await?;
    let (from, to) = (open(&config, from)?, open(&config, to)?);
    let bytes = blobs.iter().map(|blob| blob.size).sum();
    let bar = progress_bar(bytes);
    let mut copied = 0;
    let moved = |moved: Moved| {
        copied += usize::from(moved.copied);
        bar.inc(moved.blob.size);
    };
    migrate(&*from.blobs, &*to.blobs, &blobs, moved).await?;
    bar.finish_and_clear();
    let there = blobs.len() - copied;
    say(format!("{copied} files were copied, {there} were there already."))?;
    Ok(ExitCode::SUCCESS)
}

/// How many blobs are asked of the database at once.
const PAGE: i64 = 1_000;

/// All blobs that files stand on.
async fn all(store: &dyn Store) -> Result<Vec<KnownBlob>> {
    let mut blobs: Vec<KnownBlob> = Vec::new();
    loop {
        let page = store.known_blobs(blobs.last().map(|blob| blob.id), PAGE).await?;
        if page.is_empty() {
            return Ok(blobs);
        }
        blobs.extend(page);
    }
}

/// Shown to people at a terminal, and to nobody else.
fn progress_bar(bytes: u64) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left");
    ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
