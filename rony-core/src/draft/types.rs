//! What a draft is, its rules, and its own event.

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    id::{ConversationId, MessageId, UserId},
    message::TEXT_LIMIT,
    stream::EventBody,
    time::Timestamp,
};

/// How many drafts a person can have.
pub const MOST_DRAFTS: i64 = 200;

/// What somebody has begun to write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Draft {
    /// Where it would be posted.
    pub conversation_id: ConversationId,
    /// In the thread under this message; absent for the conversation itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread_id: Option<MessageId>,
    /// Markdown; empty when there is no draft.
    pub text: String,
    /// When it was changed last; absent when there is no draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

/// Somebody's draft becomes this text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaveDraft {
    /// Whose.
    pub user_id: UserId,
    /// Where.
    pub conversation_id: ConversationId,
    /// In the thread under this message.
    pub thread_id: Option<MessageId>,
    /// The text; empty to have no draft any more.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// Checks a draft's text. It may be empty, and it may be only spaces, as long as it is written.
///
/// # Errors
///
/// [`Error::Invalid`] for a text that is too long, or holds NUL.
pub(super) fn check_text(text: &str) -> Result<()> {
    if text.len() > TEXT_LIMIT {
        let detail = format!("A draft has at most {TEXT_LIMIT} bytes, as a message: make it shorter.");
        return Err(Error::invalid("text", detail));
    }
    if text.contains('\0') {
        let detail = "The text holds a NUL character, which cannot be stored: remove it.";
        return Err(Error::invalid("text", detail));
    }
    Ok(())
}

/// Whether one more draft may be kept, where `drafts` are there already.
///
/// # Errors
///
/// Code `too_many_drafts`.
pub fn may_keep(drafts: i64) -> Result<()> {
    if drafts >= MOST_DRAFTS {
        let detail = format!("You have {MOST_DRAFTS} drafts already: send or delete one first.");
        return Err(Error::conflict("too_many_drafts", detail));
    }
    Ok(())
}

/// What happens to a person's drafts, on their own stream. Without the text: read the draft to know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type")]
pub enum DraftEvent {
    /// A draft came, changed or went.
    #[serde(rename = "draft.changed")]
    Changed {
        /// Where.
        conversation_id: ConversationId,
        /// In the thread under this message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread_id: Option<MessageId>,
    },
}

impl EventBody for DraftEvent {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_message_could_be_is_no_draft_either() {
        check_text("").unwrap();
        check_text(" \n").unwrap();
        check_text(&"x".repeat(TEXT_LIMIT)).unwrap();
        assert!(check_text(&"x".repeat(TEXT_LIMIT + 1)).is_err());
        assert!(check_text("a\0").is_err());
    }
}
