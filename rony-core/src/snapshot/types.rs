//! What a snapshot holds.

use serde::{Deserialize, Serialize};

use crate::{
    contact::Contact,
    conversation::ConversationView,
    draft::Draft,
    member::Member,
    message::MessagePage,
    notification::{DoNotDisturb, Notification},
    pin::Pin,
    presence::OwnPresence,
    stream::{Seq, Since, StreamId},
    user::{Profile, UserSummary},
};

/// The moment of a snapshot in its stream: fold events with higher numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AsOf {
    /// The stream.
    pub stream: StreamId,
    /// Its newest event that is in the snapshot.
    pub seq: Seq,
}

/// All that is one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonalSnapshot {
    /// In one's own stream.
    pub as_of: AsOf,
    /// The directory's newest event that is in it.
    pub directory_as_of: AsOf,
    /// For `resume`.
    pub since: Since,
    /// Oneself.
    pub me: Profile,
    /// The conversations that one is in, those with the newest messages first; each `head` is its stream's moment.
    pub conversations: Vec<ConversationView>,
    /// One's contacts, and those one has blocked.
    pub contacts: Vec<Contact>,
    /// How one has chosen to appear.
    pub presence: OwnPresence,
    /// Until when one does not want to be disturbed.
    pub do_not_disturb: DoNotDisturb,
    /// One's open notifications, the newest first, at most 500. Unread messages that mention everybody are not among them:
    /// they follow from the conversations.
    pub notifications: Vec<Notification>,
    /// What one was about to write.
    pub drafts: Vec<Draft>,
    /// One's contacts, and the other ends of one's direct conversations.
    pub people: Vec<UserSummary>,
}

/// A conversation as it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationSnapshot {
    /// In the conversation's stream.
    pub as_of: AsOf,
    /// The conversation, and what it is for the one who asks.
    pub conversation: ConversationView,
    /// Its members, up to 200; of a larger one they are read page by page.
    pub members: Vec<Member>,
    /// The newest messages, at most 50.
    pub messages: MessagePage,
    /// What is pinned, the newest pin first.
    pub pins: Vec<Pin>,
    /// Who wrote the messages.
    pub people: Vec<UserSummary>,
}
