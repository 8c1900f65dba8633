//! What snapshots need of a database.

use async_trait::async_trait;

use super::{ConversationSnapshot, PersonalSnapshot};
use crate::{
    Result,
    id::{ConversationId, UserId},
    time::Timestamp,
};

/// The port for snapshots: each is read in one consistent transaction.
#[async_trait]
pub trait SnapshotStore: Send + Sync {
    /// All that is a person's own, as shown at `now`.
    async fn personal(&self, user: UserId, now: Timestamp) -> Result<PersonalSnapshot>;

    /// A conversation as its reader may see it, as shown at `now`.
    ///
    /// # Errors
    ///
    /// What [`crate::permission::check`] says of reading it.
    async fn conversation_snapshot(
        &self,
        reader: UserId,
        conversation: ConversationId,
        now: Timestamp,
    ) -> Result<ConversationSnapshot>;
}
