//! What may be done with read marks.

use std::sync::{Mutex, PoisonError};

use super::{MarkRead, OthersMark, ReadMark, ReadStore, Receipts};
use crate::{
    Result,
    actor::{Actor, Scope},
    bus::{Bus, Signal},
    hub::Hub,
    id::{ConversationId, NodeId},
    time::Clock,
};

/// The use cases of read marks. Made by [`crate::Rony::reads`].
pub struct Reads<'r> {
    pub(crate) store: &'r dyn ReadStore,
    pub(crate) clock: &'r dyn Clock,
    pub(crate) receipts: &'r Mutex<Receipts>,
    pub(crate) hub: &'r Hub,
    pub(crate) bus: &'r dyn Bus,
    pub(crate) node: NodeId,
}

impl Reads<'_> {
    /// Marks as read up to a message, and answers where the mark stands: it never goes back.
    ///
    /// # Errors
    ///
    /// What [`super::check_mark`] says; [`crate::Error::NotFound`] when the actor is not a member, or does not see the thread.
    pub async fn mark(&self, actor: &Actor, mark: ReadMark) -> Result<ReadMark> {
        let user_id = actor.user(Scope::Write)?;
        let marked = self.store.mark_read(MarkRead { user_id, mark, at: self.clock.now() }).await?;
        if marked.moved && marked.shown && mark.thread_id.is_none() {
            self.receipts().note(mark.conversation_id, user_id, marked.mark.ordinal);
        }
        Ok(marked.mark)
    }

    /// How far each member has read, to begin with; what moves later comes as `read_marks`. Empty where marks are not
    /// [shown](super::may_show).
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] when the actor is not a member.
    pub async fn marks(&self, actor: &Actor, conversation: ConversationId) -> Result<Vec<OthersMark>> {
        self.store.marks(actor.user(Scope::Read)?, conversation).await
    }

    /// Shows the marks that moved since the last time to the members who have the conversation in view. Called once a second.
    pub fn flush(&self) {
        let moved = self.receipts().drain();
        for marks in moved {
            let (stream, frame) = (marks.conversation_id.into(), marks.encode());
            self.hub.show(stream, &frame);
            self.bus.publish(self.node, Signal::Ephemeral { stream, frame });
        }
    }

    /// A panic while it was held leaves a plain map behind, which is as good as before.
    fn receipts(&self) -> std::sync::MutexGuard<'_, Receipts> {
        self.receipts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
