//! The database: whether it answers, what it is, whether its tables fit, and whether its clock agrees.

use std::time::Duration;

use rony_core::time::{Clock, Timestamp};
use rony_storage::{Inspection, SystemClock, inspect};

use super::Finding;
use crate::config::Config;

const SUBJECT: &str = "database";

/// A database that does not answer at all is given up.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn examine(config: &Config) -> Vec<Finding> {
    let url = config.database_url();
    let began = SystemClock.now();
    match tokio::time::timeout(PATIENCE, inspect(url.expose())).await {
        Err(_) => vec![Finding::fail(SUBJECT, format!("{url} does not answer"), url.advice())],
        Ok(Err(error)) => vec![Finding::fail(SUBJECT, format!("{url}: {error}"), url.advice())],
        Ok(Ok(None)) => {
            vec![Finding::ok(SUBJECT, format!("{url} does not exist yet; the first start makes it"))]
        }
        Ok(Ok(Some(inspection))) => {
            let mut findings = vec![tables(&inspection)];
            findings.extend(inspection.now.map(|theirs| clock(theirs, began, SystemClock.now())));
            findings
        }
    }
}

fn tables(found: &Inspection) -> Finding {
    let version = &found.version;
    if found.unknown > 0 {
        return Finding::fail(
            SUBJECT,
            format!("{version}; its tables were made by a newer Rony"),
            "Start the newer Rony again, or go back to a backup from before the update.",
        );
    }
    match (found.applied, found.pending) {
        (_, 0) => Finding::ok(SUBJECT, format!("{version}; its tables are up to date")),
        (0, _) => Finding::ok(SUBJECT, format!("{version}; it is empty, the first start makes the tables")),
        (_, pending) => Finding::warn(
            SUBJECT,
            format!("{version}; {pending} changes of its tables are due"),
            "Make a backup. The next start makes the changes by itself, or now: rony migrate",
        ),
    }
}

/// The database was asked between `began` and `ended`, so only what lies outside is a difference.
fn clock(theirs: Timestamp, began: Timestamp, ended: Timestamp) -> Finding {
    const SUBJECT: &str = "clock";
    let apart = theirs.since(ended).max(began.since(theirs));
    let seen = format!("{} s apart from the database's", apart.as_secs());
    let advice = "Switch on time synchronisation on both machines: timedatectl set-ntp true";
    match apart.as_secs() {
        0..2 => Finding::ok(SUBJECT, "it agrees with the database's"),
        2..60 => Finding::warn(SUBJECT, seen, advice),
        _ => Finding::fail(SUBJECT, seen, advice),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000 + millis)
    }

    #[test]
    fn the_databases_clock_may_differ_by_as_long_as_the_question_took() {
        assert_eq!(clock(at(500), at(0), at(900)).verdict, Verdict::Ok);
        assert_eq!(clock(at(5_000), at(0), at(900)).verdict, Verdict::Warn);
        assert_eq!(clock(at(-5_000), at(0), at(900)).verdict, Verdict::Warn);
        assert_eq!(clock(at(86_400_000), at(0), at(900)).verdict, Verdict::Fail);
    }

    #[tokio::test]
    async fn a_file_that_does_not_exist_yet_stays_away() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = Config { data: folder.path().to_owned(), ..Config::default() };
        let findings = examine(&config).await;
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].verdict, Verdict::Ok);
        assert!(!folder.path().join("rony.db").exists());
    }

    #[tokio::test]
    async fn tables_that_are_up_to_date_are_fine() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = Config { data: folder.path().to_owned(), ..Config::default() };
        let url = config.database_url();
        let store = rony_storage::open_sqlite(url.expose(), &rony_storage::Options::default()).await;
        store.expect("a new database").close().await;
        let findings = examine(&config).await;
        assert!(findings[0].seen.ends_with("its tables are up to date"), "{findings:?}");
    }

    #[tokio::test]
    async fn what_is_no_database_is_told_without_its_password() {
        let database = "postgres://rony:s3cret@127.0.0.1:1/rony".parse().expect("a URL");
        let config = Config { database: Some(database), ..Config::default() };
        let findings = examine(&config).await;
        assert_eq!(findings[0].verdict, Verdict::Fail);
        assert!(!findings[0].to_string().contains("s3cret"));
    }
}
