//! What a pin is, its rule, and its own events.

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    id::{ConversationId, MessageId, UserId},
    message::Message,
    page::Cursor,
    permission::{Action, Place, check},
    stream::{EventBody, Seq},
    time::Timestamp,
};

/// How many pins a conversation can have.
pub const MOST_PINS: i64 = 100;

/// A pinned message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pin {
    /// The message as it is now.
    pub message: Message,
    /// Who pinned it.
    pub pinned_by: UserId,
    /// When.
    pub pinned_at: Timestamp,
}

/// The pins of a conversation that the reader may see, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PinList {
    /// The pins, all of them: at most [`MOST_PINS`].
    pub items: Vec<Pin>,
    /// Always `null`: there are no more pages.
    pub next: Option<Cursor>,
    /// The stream's head at the moment of the reading: fold later events into this list.
    pub as_of: Seq,
}

/// Somebody pins a message, or takes the pin away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinChange {
    /// Where.
    pub conversation_id: ConversationId,
    /// Which message.
    pub message_id: MessageId,
    /// Who.
    pub user_id: UserId,
    /// When.
    pub at: Timestamp,
}

/// Whether a message may be pinned, where `pins` are there already.
///
/// # Errors
///
/// What [`check`] says; code `message_deleted`, `too_many_pins`.
pub fn may_pin(place: Place, message: &Message, pins: i64) -> Result<()> {
    check(Action::Pin, place)?;
    if message.deleted_at.is_some() {
        return Err(Error::conflict("message_deleted", "This message was deleted."));
    }
    if pins >= MOST_PINS {
        let detail = format!("A conversation has at most {MOST_PINS} pins: take one away first.");
        return Err(Error::conflict("too_many_pins", detail));
    }
    Ok(())
}

/// What happens to the pins of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type")]
pub enum PinEvent {
    /// A message was pinned.
    #[serde(rename = "pin.added")]
    Added {
        /// Which.
        message_id: MessageId,
        /// By whom.
        user_id: UserId,
        /// The message's place in the stream.
        #[serde(skip)]
        posted: Seq,
    },
    /// Its pin was taken away.
    #[serde(rename = "pin.removed")]
    Removed {
        /// Whose.
        message_id: MessageId,
        /// By whom.
        user_id: UserId,
        /// The message's place in the stream.
        #[serde(skip)]
        posted: Seq,
    },
}

impl EventBody for PinEvent {
    fn about(&self) -> Option<Seq> {
        match self {
            Self::Added { posted, .. } | Self::Removed { posted, .. } => Some(*posted),
        }
    }

    /// Whoever sees a pin needs the message, which may be older than all that they have; not when it goes.
    fn message(&self) -> Option<MessageId> {
        match self {
            Self::Added { message_id, .. } => Some(*message_id),
            Self::Removed { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_pin_is_hidden_with_its_message_and_brings_it_when_it_comes() {
        let (message_id, user_id) = (MessageId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let added = PinEvent::Added { message_id, user_id, posted: 7 };
        assert_eq!((added.about(), added.message()), (Some(7), Some(message_id)));
        let removed = PinEvent::Removed { message_id, user_id, posted: 7 };
        assert_eq!((removed.about(), removed.message()), (Some(7), None));
    }
}
