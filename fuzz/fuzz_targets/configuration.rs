//! `rony.toml`, as somebody wrote it.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use rony_server::config::{Sources, load};
use tempfile::TempDir;

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a temporary folder"));

fuzz_target!(|text: &str| {
    std::fs::write(FOLDER.path().join("rony.toml"), text).expect("the file can be written");
    let sources = Sources { folder: FOLDER.path().to_owned(), ..Sources::default() };
    if let Err(error) = load(&sources) {
        assert!(!error.mistakes.is_empty());
    }
});
