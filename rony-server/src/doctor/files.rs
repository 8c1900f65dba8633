//! Where the bytes of files lie: a folder that can be written to, or an object store that answers.

use std::path::Path;
use std::time::Duration;

use rustix::fs::{Access, access};

use super::Finding;
use super::machine::existing;
use crate::blobs;
use crate::config::{Config, FileStore};
use crate::error::chain;

const SUBJECT: &str = "files";
/// How long an object store has to answer.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn examine(config: &Config) -> Finding {
    match config.files.store {
        FileStore::Disk => folder(&config.files_folder()),
        FileStore::S3 => object_store(config).await,
    }
}

fn folder(folder: &Path) -> Finding {
    const ADVICE: &str =
        "Give this user the right to write there, or choose another folder with `files_path`.";
    let existing = existing(folder);
    if !existing.is_dir() {
        let seen = format!("{} is no folder", existing.display());
        return Finding::fail(SUBJECT, seen, "Choose another one with `files_path`.");
    }
    match access(&existing, Access::WRITE_OK | Access::EXEC_OK) {
        Err(error) => {
            Finding::fail(SUBJECT, format!("{} cannot be written to: {error}", existing.display()), ADVICE)
        }
        Ok(()) if existing != folder => {
            Finding::ok(SUBJECT, format!("{} does not exist yet; the first start makes it", folder.display()))
        }
        Ok(()) => Finding::ok(SUBJECT, format!("{} can be written to", folder.display())),
    }
}

async fn object_store(config: &Config) -> Finding {
    const ADVICE: &str =
        "Look at the settings files_s3_…, and at what the key may do: list, read, write and delete.";
    let bucket = &config.files.s3.bucket;
    let shelves = match blobs::open(config, FileStore::S3) {
        Ok(shelves) => shelves,
        Err(error) => return Finding::fail(SUBJECT, error.to_string(), ADVICE),
    };
    match tokio::time::timeout(PATIENCE, shelves.blobs.stored(0)).await {
        Ok(Ok(_)) => Finding::ok(SUBJECT, format!("the bucket {bucket} answers")),
        Ok(Err(error)) => {
            Finding::fail(SUBJECT, format!("the bucket {bucket} cannot be read: {}", chain(&error)), ADVICE)
        }
        Err(_) => Finding::fail(SUBJECT, format!("the bucket {bucket} does not answer"), ADVICE),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::*;

    #[tokio::test]
    async fn a_folder_for_files_can_be_written_to() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let mut config = Config { data: root.path().to_owned(), ..Config::default() };
        assert_eq!(examine(&config).await.verdict, Verdict::Ok);
        std::fs::write(root.path().join("files"), "").expect("a file");
        let finding = examine(&config).await;
        assert_eq!(finding.verdict, Verdict::Fail);
        assert!(finding.advice.contains("files_path"));
        config.files.path = Some(root.path().join("elsewhere"));
        assert_eq!(examine(&config).await.verdict, Verdict::Ok);
    }

    #[tokio::test]
    async fn an_object_store_that_is_not_there_is_told() {
        let mut config = Config::default();
        config.files.store = FileStore::S3;
        config.files.s3.bucket = "rony".to_owned();
        config.files.s3.endpoint = "http://127.0.0.1:1".to_owned();
        config.files.s3.allow_http = true;
        config.files.s3.access_key_id = "key".to_owned();
        config.files.s3.secret_access_key = "s3cret".into();
        let finding = examine(&config).await;
        assert_eq!(finding.verdict, Verdict::Fail);
        assert!(
            finding.seen.contains("the bucket rony") && !finding.seen.contains("s3cret"),
            "{}",
            finding.seen
        );
    }
}
