//! What is kept of reactions.

use async_trait::async_trait;

use super::React;
use crate::{Result, message::Message};

/// The port for reactions. Both answer the message as it is then; what changes nothing makes no event.
#[async_trait]
pub trait ReactionStore: Send + Sync {
    /// Puts an emoji under a message if [`super::may_react`] says so, raises the message's version, and tells the stream.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] for a message that the person does not see; so for both.
    async fn react(&self, react: React) -> Result<Message>;

    /// Takes one's own away again, for who may write there.
    async fn unreact(&self, react: React) -> Result<Message>;
}
