//! From the driver's errors to the domain's, in one place.

use std::time::Duration;

use rony_core::Error;

/// What a failed statement means to a use case: the database is away or busy (try again), or Rony has a fault.
pub(crate) fn failed(error: sqlx::Error) -> Error {
    if is_passing(&error) {
        return Error::Unavailable {
            retry_after: Duration::from_secs(2),
            detail: "The database does not answer. Try again in a moment.",
            source: Some(Box::new(error)),
        };
    }
    Error::internal(error)
}

/// Whether the same statement may well succeed later: connection trouble, locks, shutdown, a full disk.
fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(database) => database.code().is_some_and(|code| is_passing_code(&code)),
        _ => false,
    }
}

/// SQLSTATE classes of PostgreSQL: 08 connection, 40 rollback, 53 resources, 55 object state (locks), 57 intervention;
/// SQLite's result codes, the last byte of which is the primary one: 5 busy, 6 locked, 10 I/O, 13 full, 14 cannot open.
fn is_passing_code(code: &str) -> bool {
    if code.len() == 5 {
        return ["08", "40", "53", "55", "57", "58"].iter().any(|class| code.starts_with(class));
    }
    code.parse::<u32>().is_ok_and(|code| [5, 6, 10, 13, 14].contains(&(code & 0xff)))
}
