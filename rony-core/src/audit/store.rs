//! What is kept of the audit log.

use async_trait::async_trait;

use super::{Entry, Filter};
use crate::{Result, id::AuditId};

/// The port for the audit log. Stores whose changes are audited write entries in their own transactions.
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// Adds an entry that belongs to no change.
    ///
    /// # Errors
    ///
    /// When the database is away; so for all methods.
    async fn record(&self, entry: &Entry) -> Result<()>;

    /// The newest entries that match `filter` and are older than `before`, newest first, `limit` at most.
    async fn entries(&self, filter: &Filter, before: Option<AuditId>, limit: i64) -> Result<Vec<Entry>>;
}
