//! What a reaction is, its rules, and its own events.

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    id::{ConversationId, MessageId, UserId},
    message::Message,
    permission::{Action, Place, check},
    stream::{EventBody, Seq},
    text::is_blank,
    time::Timestamp,
};

/// The longest emoji, in bytes: families with skin tones and flags of regions fit, and so do names such as `:party:`.
pub const LONGEST_EMOJI: usize = 64;
/// How many different emoji one message can have.
pub const MOST_EMOJI: usize = 50;

/// All who reacted to a message with the same emoji.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reaction {
    /// The emoji, as its sender's client wrote it.
    pub emoji: String,
    /// Who, in the order in which they did.
    pub user_ids: Vec<UserId>,
}

/// Somebody puts an emoji under a message, or takes it away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct React {
    /// Where.
    pub conversation_id: ConversationId,
    /// Under which message.
    pub message_id: MessageId,
    /// Who.
    pub user_id: UserId,
    /// When.
    pub at: Timestamp,
    /// The emoji, which [`check_emoji`] has accepted.
    pub emoji: String,
}

/// Whether a text can stand under a message: something short that can be seen, in one piece.
///
/// # Errors
///
/// [`Error::Invalid`] for what is longer than [`LONGEST_EMOJI`] bytes, invisible, or holds spaces or control characters.
pub fn check_emoji(emoji: &str) -> Result<()> {
    let refuse = |message: String| Err(Error::invalid("emoji", message));
    if is_blank(emoji) {
        return refuse("Choose an emoji.".into());
    }
    if emoji.len() > LONGEST_EMOJI {
        return refuse(format!("An emoji has at most {LONGEST_EMOJI} bytes: choose another one."));
    }
    if emoji.chars().any(|c| c.is_whitespace() || c.is_control() || turns_writing_around(c)) {
        return refuse("An emoji holds no spaces and no control characters: choose another one.".into());
    }
    Ok(())
}

/// Characters that would change how the text around a reaction is shown.
fn turns_writing_around(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether somebody may put `emoji` under `message`. `blocked`: one of the two people of a direct conversation has
/// blocked the other.
///
/// # Errors
///
/// What [`check`] says; code `blocked`, `message_deleted`, `too_many_reactions`.
pub fn may_react(place: Place, blocked: bool, message: &Message, emoji: &str) -> Result<()> {
    check(Action::Write, place)?;
    if blocked {
        return Err(Error::forbidden("blocked", "You cannot write to this person."));
    }
    if message.deleted_at.is_some() {
        return Err(Error::conflict("message_deleted", "This message was deleted."));
    }
    let known = message.reactions.iter().any(|reaction| reaction.emoji == emoji);
    if !known && message.reactions.len() >= MOST_EMOJI {
        let detail =
            format!("A message has at most {MOST_EMOJI} different reactions: use one that is there.");
        return Err(Error::conflict("too_many_reactions", detail));
    }
    Ok(())
}

/// What happens to the reactions of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type")]
pub enum ReactionEvent {
    /// Somebody put an emoji there.
    #[serde(rename = "reaction.added")]
    Added {
        /// Under which message.
        message_id: MessageId,
        /// Who.
        user_id: UserId,
        /// The emoji.
        emoji: String,
        /// The message's place in the stream.
        #[serde(skip)]
        posted: Seq,
    },
    /// Somebody took it away.
    #[serde(rename = "reaction.removed")]
    Removed {
        /// From which message.
        message_id: MessageId,
        /// Who.
        user_id: UserId,
        /// The emoji.
        emoji: String,
        /// The message's place in the stream.
        #[serde(skip)]
        posted: Seq,
    },
}

impl EventBody for ReactionEvent {
    fn about(&self) -> Option<Seq> {
        match self {
            Self::Added { posted, .. } | Self::Removed { posted, .. } => Some(*posted),
        }
    }

    fn message(&self) -> Option<MessageId> {
        match self {
            Self::Added { message_id, .. } | Self::Removed { message_id, .. } => Some(*message_id),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn emoji_of_all_kinds_are_taken() {
        for emoji in ["👍", "❤\u{FE0F}", "👩🏽‍❤️‍💋‍👨🏿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🇨🇭", "1️⃣", ":party_parrot:", "+1", "ok", "李"]
        {
            assert!(check_emoji(emoji).is_ok(), "{emoji:?}");
        }
    }

    #[test]
    fn what_cannot_be_seen_or_tears_the_line_is_refused() {
        for emoji in ["", " ", "\u{200D}", "\u{FE0F}", "a b", "a\nb", "a\0", "\u{202E}a", "a\u{1B}[2J"] {
            assert_eq!(check_emoji(emoji).unwrap_err().code(), "invalid", "{emoji:?}");
        }
        assert!(check_emoji(&"x".repeat(LONGEST_EMOJI + 1)).is_err());
    }

    #[test]
    fn an_event_carries_its_message_and_is_hidden_with_it() {
        let (message_id, user_id) = (MessageId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let event = ReactionEvent::Added { message_id, user_id, emoji: "👍".into(), posted: 7 };
        assert_eq!((event.about(), event.message()), (Some(7), Some(message_id)));
    }
}
