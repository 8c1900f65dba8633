//! What is counted of an installation.

use async_trait::async_trait;

use super::Figures;
use crate::Result;

/// The port for counting what there is.
#[async_trait]
pub trait ServerStore: Send + Sync {
    /// What there is at this moment. It is quick, however many messages there are.
    ///
    /// # Errors
    ///
    /// When the database is away.
    async fn figures(&self) -> Result<Figures>;
}
