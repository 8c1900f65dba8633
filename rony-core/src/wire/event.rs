//! The events of all nouns, as clients read them: what `event` frames and `sync` carry.
//!
//! The server encodes events without this sum ([`crate::stream::encode_event`]), where each noun knows only its own; it is
//! for clients, and the place where the names of all events stand together.

use serde::{Deserialize, Serialize};

use crate::{
    contact::ContactEvent,
    conversation::ConversationEvent,
    draft::DraftEvent,
    file::{FileEvent, GrantEvent},
    meeting::MeetingEvent,
    member::MemberEvent,
    message::{Message, MessageEvent},
    notification::NotificationEvent,
    pin::PinEvent,
    presence::PresenceEvent,
    reaction::ReactionEvent,
    read::ReadEvent,
    stream::Seq,
    time::Timestamp,
    user::{ProfileEvent, UserEvent},
};

/// Every `type` of an event.
pub const EVENT_TYPES: &[&str] = &[
    "message.posted",
    "message.edited",
    "message.deleted",
    "reaction.added",
    "reaction.removed",
    "pin.added",
    "pin.removed",
    "read.moved",
    "draft.changed",
    "user.created",
    "user.changed",
    "profile.changed",
    "conversation.created",
    "conversation.changed",
    "conversation.deleted",
    "member.joined",
    "member.left",
    "member.changed",
    "member.settings",
    "contact.changed",
    "contact.removed",
    "presence.set",
    "notification.added",
    "notification.cleared",
    "dnd.changed",
    "file.changed",
    "grant.added",
    "grant.removed",
    "meeting.changed",
    "meeting.removed",
    "skipped",
];

/// An event object: something that happened in a stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventObject {
    /// Its number in the stream: 1, 2, 3 … without a hole.
    pub seq: Seq,
    /// When it happened; absent where the reader may not see what it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
    /// The message that it is about, as it is now and not as it was then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
}

/// What happened: the sum of all nouns' events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Event {
    /// A message was posted, or something that the reader may not see.
    Stream(StreamEvent),
    /// A message changed.
    Message(MessageEvent),
    /// A conversation began, changed, or is gone.
    Conversation(ConversationEvent),
    /// Somebody came, went, or has another role; or the reader keeps a conversation differently.
    Member(MemberEvent),
    /// The reader's contacts changed.
    Contact(ContactEvent),
    /// Somebody reacted to a message, or does not any more.
    Reaction(ReactionEvent),
    /// A message was pinned, or is not any more.
    Pin(PinEvent),
    /// The person has read more, on one of their devices.
    Read(ReadEvent),
    /// A draft of the person changed, on one of their devices.
    Draft(DraftEvent),
    /// The reader chose how to appear.
    Presence(PresenceEvent),
    /// Something concerns the reader, or does not any more.
    Notification(NotificationEvent),
    /// Something in the reader's drive changed.
    File(FileEvent),
    /// Something is shared with the reader, or not any more.
    Grant(GrantEvent),
    /// A meeting that the reader is asked to changed, or they are not asked any more.
    Meeting(MeetingEvent),
    /// Somebody is new, or has another name or picture.
    User(UserEvent),
    /// One's own profile changed.
    Profile(ProfileEvent),
    /// An event of a newer server: its number counts, and there is nothing else to do with it.
    Unknown {
        /// Its type.
        #[serde(rename = "type")]
        kind: String,
    },
}

/// The events that the stream itself makes, and no noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum StreamEvent {
    /// A message was posted; a message is its own event.
    #[serde(rename = "message.posted")]
    Posted,
    /// Something that the reader may not see stands under this number.
    #[serde(rename = "skipped")]
    Skipped,
}
