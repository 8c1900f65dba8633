//! The rules of writing, as pure functions over facts that the store reads inside its transaction.

use std::time::Duration;

use super::Message;
use crate::{
    Error,
    id::UserId,
    permission::{Action, Place, check},
};

/// What is true about a post at the moment when its place in the stream is fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The conversation, and what the sender is in it.
    pub place: Place,
    /// One of the two people of a direct conversation has blocked the other.
    pub blocked: bool,
    /// The sender's account is deactivated.
    pub deactivated: bool,
    /// The message that it answers is there and the sender may see it; true when it answers none.
    pub reply_found: bool,
    /// The same of its thread's first message, which must not itself be a reply in a thread.
    pub thread_found: bool,
}

/// Why a post was not taken. Its neighbours in the batch are not touched by it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Refused(#[from] pub Error);

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        refused.0
    }
}

/// Whether a post may be taken.
///
/// # Errors
///
/// [`Refused`] with what [`check`] says, or with code `account_deactivated`, `blocked`, `not_found`.
pub fn admit(facts: &Facts) -> Result<(), Refused> {
    check(Action::Write, facts.place)?;
    if facts.deactivated {
        return Err(Error::forbidden("account_deactivated", "This account is switched off.").into());
    }
    if facts.blocked {
        return Err(cannot_write().into());
    }
    if !facts.reply_found || !facts.thread_found {
        return Err(Error::NotFound("message").into());
    }
    Ok(())
}

const fn cannot_write() -> Error {
    Error::forbidden("blocked", "You cannot write to this person.")
}

/// Whether the text of a message may be changed: by its author only, and not after it was deleted. `blocked`: one of the
/// two people of a direct conversation has blocked the other; what cannot be written cannot be edited in either.
///
/// # Errors
///
/// What [`check`] says; codes `not_yours`, `blocked`, `not_written`, `message_deleted`.
pub fn may_edit(editor: UserId, place: Place, blocked: bool, message: &Message) -> Result<(), Error> {
    check(Action::Write, place)?;
    if message.sender_id != editor {
        return Err(Error::forbidden("not_yours", "Only its author can change a message."));
    }
    if blocked {
        return Err(cannot_write());
    }
    if message.call.is_some() {
        return Err(Error::conflict("not_written", "Nobody wrote this message: it tells of a call."));
    }
    if message.deleted_at.is_some() {
        return Err(Error::conflict("message_deleted", "This message was deleted."));
    }
    Ok(())
}

/// Whether a message may be deleted: by its author, and by admins of the conversation.
///
/// # Errors
///
/// What [`check`] says.
pub fn may_delete(user: UserId, place: Place, message: &Message) -> Result<(), Error> {
    check(if message.sender_id == user { Action::Write } else { Action::Moderate }, place)
}

/// How long a client should wait before it repeats a post whose fate is unknown.
pub(super) const RETRY: Duration = Duration::from_secs(1);
