//! What may be asked.

use super::{ConversationSnapshot, PersonalSnapshot, SnapshotStore};
use crate::{
    Result,
    actor::{Actor, Scope},
    id::ConversationId,
    time::Clock,
};

/// The use cases of snapshots. Made by [`crate::Rony::snapshots`].
pub struct Snapshots<'r> {
    pub(crate) store: &'r dyn SnapshotStore,
    pub(crate) clock: &'r dyn Clock,
}

impl Snapshots<'_> {
    /// All that is the actor's own.
    ///
    /// # Errors
    ///
    /// When the token may not read.
    pub async fn personal(&self, actor: &Actor) -> Result<PersonalSnapshot> {
        self.store.personal(actor.user(Scope::Read)?, self.clock.now()).await
    }

    /// A conversation as it is opened.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] when the actor may not know of it, `not_a_member` when they have to join first.
    pub async fn conversation(&self, actor: &Actor, id: ConversationId) -> Result<ConversationSnapshot> {
        self.store.conversation_snapshot(actor.user(Scope::Read)?, id, self.clock.now()).await
    }
}
