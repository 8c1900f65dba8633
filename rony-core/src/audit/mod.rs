//! Audit: who did what on the server, kept for its administrators.
//!
//! Entries are only ever added. A change that is audited carries its [`Entry`] to the store, which writes both in one
//! transaction: there is no change without its entry, and no entry about what did not happen. What has no change (a
//! sign-in that failed) is recorded by itself.
//!
//! Each noun names its own actions (`user.created`, `session.refused` …); the names are stable, programs filter by them.

mod service;
mod store;
mod types;

pub use service::Audit;
pub use store::AuditStore;
pub use types::{Entry, Filter};
