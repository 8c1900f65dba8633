//! What `rony-core` asks of the outside: the stores on SQLite and PostgreSQL, the bytes of files on a disk or in an object store, and the system's clock.
//!
//! [`open`] opens the database that a URL names, brings its tables to this version, and answers a store for all of
//! `rony-core`'s use cases:
//!
//! ```
//! use std::sync::Arc;
//!
//! use rony_core::{Rony, actor::{Actor, Trusted}, password::Argon2Hasher, user::NewUser};
//! use rony_storage::SystemClock;
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let url = format!("sqlite:{}", folder.path().join("chat.db").display());
//! // `sqlite:chat.db`, or `postgres://user:password@host/database`.
//! let store = rony_storage::open(&url).await?;
//! let rony = Rony::builder(store, Arc::new(SystemClock), Arc::new(Argon2Hasher::new()?)).build();
//!
//! let ann = rony.users().create(&Actor::trusted(Trusted::System), NewUser::named("ann".parse()?)).await?;
//! assert_eq!(ann.username.as_str(), "ann");
//! # Ok(())
//! # }
//! ```
//!
//! # Where things are
//!
//! | item | what it is |
//! | --- | --- |
//! | [`SqlStore`] | all stores at once, from one SQL text for both databases; [`SqlStore::with_pools`] takes pools of the host application |
//! | [`Dialect`] | the little in which the two databases truly differ |
//! | [`Options`], [`OpenError`] | how a database is opened, and why it was not |
//! | [`inspect`] | looks at a database without changing it |
//! | [`blob`] | where the bytes of files are: on a disk, or in an object store (feature `s3`) |
//! | [`SystemClock`] | the time of this machine, for `rony-core`, which reads no clock |
//! | `conformance` (a feature) | the facts that every storage must make true; run it against your own |
//!
//! All tables are named `rony_*`, so a database can be shared with the host application. There are no rules here: inside
//! a transaction a store reads facts, asks `rony-core`, and writes what is allowed.

pub mod blob;
mod clock;
#[cfg(feature = "conformance")]
pub mod conformance;
mod sql;

pub use clock::SystemClock;
pub use sql::{
    Inspection, OpenError, Options, SqlStore, dialect::Dialect, file_of, inspect, open, open_postgres,
    open_sqlite, open_with,
};
