//! What rony-core asks of the outside: SQL on SQLite and PostgreSQL, and the system's clock.

mod clock;
#[cfg(feature = "conformance")]
pub mod conformance;
mod sql;

pub use clock::SystemClock;
pub use sql::{
    Inspection, OpenError, Options, SqlStore, dialect::Dialect, file_of, inspect, open, open_postgres,
    open_sqlite, open_with,
};
