//! What a read mark is, its rule, and its own event.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    id::{ConversationId, MessageId, UserId},
    stream::EventBody,
    time::Timestamp,
};

/// Up to so many members a conversation shows them how far each has read.
pub const MOST_SHOWN: i64 = 50;

/// How far a person has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReadMark {
    /// Where.
    pub conversation_id: ConversationId,
    /// In the thread under this message; absent for the conversation itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread_id: Option<MessageId>,
    /// The number of the last message read: its `ordinal`, or its `thread_ordinal` in a thread.
    pub ordinal: i64,
}

/// Somebody has read up to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkRead {
    /// Who.
    pub user_id: UserId,
    /// How far, as they say.
    pub mark: ReadMark,
    /// When.
    pub at: Timestamp,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marked {
    /// Where the mark stands now: never before where it stood.
    pub mark: ReadMark,
    /// It moved, and the person's stream was told.
    pub moved: bool,
    /// Others see it: what [`may_show`] says.
    pub shown: bool,
}

/// Whether members see how far others have read. `blocked`: one of the two people of a direct conversation has blocked
/// the other.
#[must_use]
pub const fn may_show(members: i64, blocked: bool) -> bool {
    members <= MOST_SHOWN && !blocked
}

/// Whether a mark can stand at `ordinal`, where `newest` is the number of the newest message.
///
/// # Errors
///
/// [`Error::Invalid`] for the number of a message that does not exist: it would hide messages to come.
pub fn check_mark(ordinal: i64, newest: i64) -> Result<()> {
    if (0..=newest).contains(&ordinal) {
        return Ok(());
    }
    Err(Error::invalid("ordinal", format!("Give the number of a message that is there, {newest} at most.")))
}

/// What happens to a person's own read marks, on their own stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type")]
pub enum ReadEvent {
    /// One of the person's devices has shown more.
    #[serde(rename = "read.moved")]
    Moved(ReadMark),
}

impl EventBody for ReadEvent {}

/// How far one of the members has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OthersMark {
    /// Who.
    pub user_id: UserId,
    /// The `ordinal` of the last message that they have read.
    pub ordinal: i64,
}

/// How far members of a conversation have read: the frame `read_marks`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "read_marks")]
pub struct ReadMarks {
    /// Where.
    pub conversation_id: ConversationId,
    /// Whose marks moved, and to where.
    pub marks: Vec<OthersMark>,
}

impl ReadMarks {
    /// The gateway frame.
    #[must_use]
    pub fn encode(&self) -> Bytes {
        serde_json::to_vec(self).expect("marks are plain data").into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_beyond_the_newest_message_is_refused() {
        for (ordinal, newest, fine) in [(0, 0, true), (3, 3, true), (4, 3, false), (-1, 3, false)] {
            assert_eq!(check_mark(ordinal, newest).is_ok(), fine, "{ordinal} of {newest}");
        }
        assert!(check_mark(i64::MAX, i64::MAX - 1).is_err());
    }
}
