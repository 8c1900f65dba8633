//! What a message is, and its own events.

use serde::{Deserialize, Serialize};

use super::attachment::{self, Attachment};
use crate::{
    Error, Result,
    call::CallNote,
    id::{ClientId, ConversationId, ItemId, MessageId, UserId},
    page::Cursor,
    reaction::Reaction,
    stream::{Envelope, EventBody, Seq, encode_event},
    time::Timestamp,
};

/// The longest text of a message: 16 KiB of UTF-8.
pub const TEXT_LIMIT: usize = 16 * 1024;

/// A message as everybody who may read it sees it. Deleted, it is a tombstone: its text, mentions, attachments and
/// reactions are gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Where it was posted.
    pub conversation_id: ConversationId,
    /// Who posted it.
    pub sender_id: UserId,
    /// The id that the sender's client gave it; a retry with the same one is the same message.
    pub client_id: ClientId,
    /// Its place in the conversation's stream.
    pub seq: Seq,
    /// Its number among the conversation's messages, from 1; 0 for a reply in a thread.
    pub ordinal: i64,
    /// The seq of its last change; that of its posting when it was never changed.
    pub version: Seq,
    /// The message whose thread it is a reply in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread_id: Option<MessageId>,
    /// Its number among the replies of its thread, from 1; 0 outside threads.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub thread_ordinal: i64,
    /// What its thread, if it has one, has come to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<ThreadSummary>,
    /// The message that it answers; a quote is fetched by id, so that its reader's own rights decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
    /// The Markdown source as it was written.
    pub text: String,
    /// Whom it mentions.
    #[serde(default, skip_serializing_if = "Mentioned::is_empty")]
    pub mentions: Mentioned,
    /// The files that it shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// The call that somebody missed, of which it tells; it has no text then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<CallNote>,
    /// When it was posted.
    pub created_at: Timestamp,
    /// When its text was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// When it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Timestamp>,
    /// Reactions, in the order in which each emoji was first used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
}

/// The replies under a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ThreadSummary {
    /// The number of the newest reply; also how many there are.
    pub newest_ordinal: i64,
    /// When it came.
    pub last_reply_at: Timestamp,
}

/// Whom a message mentions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mentioned {
    /// The accounts that it names, at most 50; who is no member is named, but not told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<UserId>,
    /// Everybody in the conversation (`@all`, `@here`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all: bool,
}

impl Mentioned {
    /// Whether it mentions nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.users.is_empty() && !self.all
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

impl Message {
    /// The message as clients see it.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a message is plain data")
    }

    /// Its "posted" event, with the message as it is now: what `sync` hands out, and the same live.
    #[must_use]
    pub fn posted_event(&self) -> String {
        encode_event(self.seq, self.created_at, r#"{"type":"message.posted"}"#, Some(&self.to_json()))
    }

    /// Its "posted" event on its way to the sockets.
    #[must_use]
    pub fn posted(&self) -> std::sync::Arc<Envelope> {
        Envelope::new(self.conversation_id.into(), self.seq, None, Vec::new(), &self.posted_event())
    }
}

/// What a client asks to be posted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Post {
    /// Any UUID of the client's choice; posting it again answers the first message.
    pub client_id: ClientId,
    /// Markdown, 1 to 16,384 bytes; with attachments it may be empty.
    pub text: String,
    /// A message of the same conversation that this one answers.
    #[serde(default)]
    pub reply_to: Option<MessageId>,
    /// The message in whose thread this one belongs.
    #[serde(default)]
    pub thread_id: Option<MessageId>,
    /// Files to show, at most 10, each of which the sender may share.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<ItemId>,
}

impl Post {
    /// A post of nothing but a text.
    #[must_use]
    pub const fn text(client_id: ClientId, text: String) -> Self {
        Self { client_id, text, reply_to: None, thread_id: None, attachments: Vec::new() }
    }

    /// Checks what can be checked without looking anywhere.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a text that is empty, too long, or holds NUL, and for too many attachments.
    pub fn validate(&self) -> Result<()> {
        attachment::validate(&self.attachments)?;
        if self.text.is_empty() && !self.attachments.is_empty() {
            return Ok(());
        }
        validate_text(&self.text)
    }
}

/// The rule of texts, for posting and editing.
pub(super) fn validate_text(text: &str) -> Result<()> {
    if text.trim().is_empty() {
        return Err(Error::invalid("text", "Write something first."));
    }
    if text.len() > TEXT_LIMIT {
        let message = format!(
            "A message has at most {TEXT_LIMIT} bytes, this one has {}: send it in parts.",
            text.len()
        );
        return Err(Error::invalid("text", message));
    }
    if text.contains('\0') {
        return Err(Error::invalid(
            "text",
            "The text holds a NUL character, which cannot be stored: remove it.",
        ));
    }
    Ok(())
}

/// A post on its way into the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMessage {
    /// The message's id, if it is new.
    pub id: MessageId,
    /// Where.
    pub conversation_id: ConversationId,
    /// Who.
    pub sender_id: UserId,
    /// When, by the server's clock.
    pub at: Timestamp,
    /// What.
    pub post: Post,
    /// Whom its text mentions.
    pub mentions: Mentioned,
    /// The missed call of which it tells. No client can post that.
    pub call: Option<CallNote>,
}

/// A change of a message's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditMessage {
    /// Where.
    pub conversation_id: ConversationId,
    /// Which.
    pub message_id: MessageId,
    /// Who.
    pub editor_id: UserId,
    /// When.
    pub at: Timestamp,
    /// The new text.
    pub text: String,
    /// Whom it mentions now.
    pub mentions: Mentioned,
}

/// A message is to become a tombstone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeleteMessage {
    /// Where.
    pub conversation_id: ConversationId,
    /// Which.
    pub message_id: MessageId,
    /// Who.
    pub user_id: UserId,
    /// When.
    pub at: Timestamp,
}

/// What an edited message said before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageVersion {
    /// The `version` that the message had with this text.
    pub version: Seq,
    /// The text.
    pub text: String,
    /// When it was replaced.
    pub replaced_at: Timestamp,
    /// By whom.
    pub replaced_by: UserId,
}

/// Which part of a conversation (or of a thread in it) to read. Positions are `seq`s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The newest ones.
    Newest,
    /// What came before this, newest first taken.
    Before(Seq),
    /// What came after this, oldest first taken.
    After(Seq),
    /// Half before, half from this on: to jump to a message.
    Around(Seq),
}

/// What cursors of messages are for; see [`Cursor::encode`].
const LIST: &str = "messages";

/// What a cursor of messages says: in which direction it goes on, and from where.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Onward {
    Before(Seq),
    After(Seq),
}

impl Window {
    /// The window in which a page's `next` goes on.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a cursor that no page of messages gave.
    pub fn at(cursor: &Cursor) -> Result<Self> {
        Ok(match cursor.decode(LIST)? {
            Onward::Before(seq) => Self::Before(seq),
            Onward::After(seq) => Self::After(seq),
        })
    }
}

/// Some messages of a conversation, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessagePage {
    /// The messages.
    pub items: Vec<Message>,
    /// There are older ones that the reader may see.
    pub more_before: bool,
    /// There are newer ones.
    pub more_after: bool,
    /// The stream's head at the moment of the reading: fold later events into this page.
    pub as_of: Seq,
    /// Where to go on in the direction of the window: towards newer ones after `after` and `around`, else towards older
    /// ones; `null` at the end.
    pub next: Option<Cursor>,
}

impl MessagePage {
    /// A page of what was read for `window`.
    #[must_use]
    pub fn new(window: Window, items: Vec<Message>, more: (bool, bool), as_of: Seq) -> Self {
        let (more_before, more_after) = more;
        let onward = match window {
            Window::Newest | Window::Before(_) => {
                items.first().filter(|_| more_before).map(|message| Onward::Before(message.seq))
            }
            Window::After(_) | Window::Around(_) => {
                items.last().filter(|_| more_after).map(|message| Onward::After(message.seq))
            }
        };
        let next = onward.map(|onward| Cursor::encode(LIST, &onward));
        Self { items, more_before, more_after, as_of, next }
    }
}

/// What happens to a message after its posting. References only: the current message is rendered beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type")]
pub enum MessageEvent {
    /// Its text was changed.
    #[serde(rename = "message.edited")]
    Edited {
        /// Which.
        message_id: MessageId,
        /// Its place in the stream.
        #[serde(skip)]
        posted: Seq,
    },
    /// It was deleted.
    #[serde(rename = "message.deleted")]
    Deleted {
        /// Which.
        message_id: MessageId,
        /// Its place in the stream.
        #[serde(skip)]
        posted: Seq,
    },
}

impl EventBody for MessageEvent {
    fn about(&self) -> Option<Seq> {
        match self {
            Self::Edited { posted, .. } | Self::Deleted { posted, .. } => Some(*posted),
        }
    }

    fn message(&self) -> Option<MessageId> {
        match self {
            Self::Edited { message_id, .. } | Self::Deleted { message_id, .. } => Some(*message_id),
        }
    }
}
