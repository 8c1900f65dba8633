//! What is kept of pins.

use async_trait::async_trait;

use super::{PinChange, PinList};
use crate::{
    Result,
    id::{ConversationId, UserId},
};

/// The port for pins. A message that the person does not see is not there.
#[async_trait]
pub trait PinStore: Send + Sync {
    /// Pins a message if [`super::may_pin`] says so, and tells the stream. Pinning what is pinned changes nothing.
    async fn pin(&self, change: PinChange) -> Result<()>;

    /// Takes a pin away, for who may pin, and tells the stream. Without a pin nothing changes.
    async fn unpin(&self, change: PinChange) -> Result<()>;

    /// The pins of a conversation that `reader` may see, in one consistent reading.
    async fn pins(&self, reader: UserId, conversation: ConversationId) -> Result<PinList>;
}
