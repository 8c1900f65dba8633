//! What a conversation is, and its own events.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Error, Result,
    id::{ClientId, ConversationId, UserId},
    member::{Level, Seat},
    message::Message,
    patch,
    permission::Role,
    stream::{AudienceChange, EventBody, Seq},
    text,
    time::Timestamp,
};

/// The public conversation that every account is in from its first moment to its last.
pub const GENERAL: ConversationId =
    ConversationId(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0002));
/// How many people a conversation may be started with.
pub const MOST_MEMBERS: usize = 5_000;
/// `conversation.created` lists the members up to this number; of a larger conversation they are read page by page.
pub const LISTED: usize = 100;

const TITLE_LIMIT: usize = 100;
const TOPIC_LIMIT: usize = 500;
const ICON_LIMIT: usize = 16;

/// What kind of conversation it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Between two people, or of one with themselves.
    Direct,
    /// Of any number of people.
    Group,
}

/// Who may find it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Its members; others are added or invited.
    #[default]
    Private,
    /// Everybody with an account, who may also join.
    Public,
}

/// What somebody who joins sees of what was written before. A change holds for who joins after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum History {
    /// All of it.
    #[default]
    All,
    /// Nothing: only what is written since they joined.
    SinceJoin,
}

impl History {
    /// Up to which seq messages are hidden from who joins when the stream stands at `head`.
    #[must_use]
    pub const fn hidden_upto(self, head: Seq) -> Seq {
        match self {
            Self::All => 0,
            Self::SinceJoin => head,
        }
    }
}

/// A conversation as everybody who may find it sees it. Texts are empty when nothing was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conversation {
    /// Its id, which is that of its stream too.
    pub id: ConversationId,
    /// Direct or group.
    pub kind: Kind,
    /// Who may find it.
    pub visibility: Visibility,
    /// What newcomers see of the past.
    pub history: History,
    /// Its name; empty for direct ones, and for groups that are called by their members' names.
    pub title: String,
    /// What it is about.
    pub topic: String,
    /// An emoji, or a letter or two.
    pub icon: String,
    /// It is the one that everybody is in: nobody can leave it, and it cannot be deleted.
    pub general: bool,
    /// Who started it; `null` when the server did.
    pub created_by: Option<UserId>,
    /// When it was started.
    pub created_at: Timestamp,
    /// Since when it is archived: readable, and unchangeable until it is brought back.
    pub archived_at: Option<Timestamp>,
}

/// A conversation with what it is for the one who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationView {
    /// The conversation itself.
    #[serde(flatten)]
    pub conversation: Conversation,
    /// How many members it has.
    pub member_count: i64,
    /// The other person of a direct conversation; oneself in one's own notes.
    pub peer_id: Option<UserId>,
    /// What one may do in it; `null` when one is no member.
    pub role: Option<Role>,
    /// When one joined.
    pub joined_at: Option<Timestamp>,
    /// The number of the newest event of its stream.
    pub head: Seq,
    /// The number of the newest message.
    pub newest_ordinal: i64,
    /// The number of the last message that one has read.
    pub read_ordinal: i64,
    /// How many messages one has not read.
    pub unread: i64,
    /// How many of those mention one, by name or with everybody.
    pub mentions: i64,
    /// The newest message, outside threads, that one may see.
    pub last_message: Option<Message>,
    /// What one wants to be told of.
    pub level: Level,
    /// Until when one wants to be told nothing.
    pub muted_until: Option<Timestamp>,
    /// One keeps it at the top.
    pub favorite: bool,
}

/// A conversation that somebody wants to start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewConversation {
    /// Any UUID of the client's choice; asking again with it answers the conversation that is there.
    pub client_id: ClientId,
    /// Direct or group.
    pub kind: Kind,
    /// Who may find it; a direct one is always private.
    #[serde(default)]
    pub visibility: Visibility,
    /// What newcomers see of the past.
    #[serde(default)]
    pub history: History,
    /// Who is in it from the start, besides the one who asks: exactly one person for a direct one (oneself for notes).
    #[serde(default)]
    pub member_ids: Vec<UserId>,
    /// Its name, at most 100 characters; groups only.
    #[serde(default)]
    pub title: String,
    /// What it is about, at most 500 characters; groups only.
    #[serde(default)]
    pub topic: String,
    /// An emoji, or a letter or two; groups only.
    #[serde(default)]
    pub icon: String,
}

impl NewConversation {
    /// A private group with nobody in it but the one who starts it.
    #[must_use]
    pub const fn group(client_id: ClientId, member_ids: Vec<UserId>) -> Self {
        Self {
            client_id,
            kind: Kind::Group,
            visibility: Visibility::Private,
            history: History::All,
            member_ids,
            title: String::new(),
            topic: String::new(),
            icon: String::new(),
        }
    }

    /// The direct conversation with `peer`.
    #[must_use]
    pub fn direct(client_id: ClientId, peer: UserId) -> Self {
        Self { kind: Kind::Direct, ..Self::group(client_id, vec![peer]) }
    }

    /// Checks what can be checked without looking anywhere, and brings texts into form.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] with what to do.
    pub fn validate(mut self) -> Result<Self> {
        if self.member_ids.len() > MOST_MEMBERS {
            let message = format!("Start with at most {MOST_MEMBERS} people, and add the others later.");
            return Err(Error::invalid("member_ids", message));
        }
        self.title = line("title", &self.title, TITLE_LIMIT)?;
        self.topic = line("topic", &self.topic, TOPIC_LIMIT)?;
        self.icon = line("icon", &self.icon, ICON_LIMIT)?;
        if self.kind == Kind::Group {
            return Ok(self);
        }
        let only_groups = |field| {
            Err(Error::invalid(
                field,
                "A direct conversation does not have this: leave it out, or start a group.",
            ))
        };
        match self {
            _ if self.member_ids.len() != 1 => {
                Err(Error::invalid("member_ids", "Name the one person whom the conversation is with."))
            }
            _ if self.visibility == Visibility::Public => only_groups("visibility"),
            _ if self.history != History::All => only_groups("history"),
            _ if !self.title.is_empty() => only_groups("title"),
            _ if !self.topic.is_empty() => only_groups("topic"),
            _ if !self.icon.is_empty() => only_groups("icon"),
            direct => Ok(direct),
        }
    }
}

/// One line of text that may be empty.
fn line(field: &'static str, value: &str, max: usize) -> Result<String> {
    if value.is_empty() { Ok(String::new()) } else { Ok(text::line(field, value, max)?) }
}

/// What somebody wants to be different about a conversation; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConversationChange {
    /// Its name, at most 100 characters; empty for none.
    #[serde(default, deserialize_with = "patch::text_or_null", skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it is about, at most 500 characters; empty for nothing.
    #[serde(default, deserialize_with = "patch::text_or_null", skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// An emoji, or a letter or two; empty for none.
    #[serde(default, deserialize_with = "patch::text_or_null", skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Who may find it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
    /// What those who join from now on see of the past.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<History>,
    /// Whether it is archived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
}

impl ConversationChange {
    /// Checks what can be checked without looking anywhere, and brings texts into form.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] with what to do.
    pub fn validate(mut self) -> Result<Self> {
        let form = |field, text: Option<String>, max| text.map(|text| line(field, &text, max)).transpose();
        self.title = form("title", self.title, TITLE_LIMIT)?;
        self.topic = form("topic", self.topic, TOPIC_LIMIT)?;
        self.icon = form("icon", self.icon, ICON_LIMIT)?;
        Ok(self)
    }

    /// Whether only archiving, or bringing back, is asked for.
    #[must_use]
    pub fn is_only_archiving(&self) -> bool {
        *self == Self { archived: self.archived, ..Self::default() }
    }

    /// The conversation as it is after the change.
    #[must_use]
    pub fn apply(self, at: Timestamp, before: Conversation) -> Conversation {
        let archived_at = match self.archived {
            Some(true) => before.archived_at.or(Some(at)),
            Some(false) => None,
            None => before.archived_at,
        };
        Conversation {
            title: self.title.unwrap_or(before.title),
            topic: self.topic.unwrap_or(before.topic),
            icon: self.icon.unwrap_or(before.icon),
            visibility: self.visibility.unwrap_or(before.visibility),
            history: self.history.unwrap_or(before.history),
            archived_at,
            ..before
        }
    }
}

/// A conversation on its way into the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateConversation {
    /// Its id, if it is new.
    pub id: ConversationId,
    /// Who starts it.
    pub creator_id: UserId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub new: NewConversation,
}

/// A change on its way into the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeConversation {
    /// Which.
    pub id: ConversationId,
    /// Who.
    pub user_id: UserId,
    /// When.
    pub at: Timestamp,
    /// What is to be different.
    pub change: ConversationChange,
}

/// A conversation is to be gone, with all that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeleteConversation {
    /// Which.
    pub id: ConversationId,
    /// Who.
    pub user_id: UserId,
    /// When.
    pub at: Timestamp,
}

/// What happens to a conversation, in its own stream; that it is deleted stands in each member's personal stream too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type")]
pub enum ConversationEvent {
    /// It was started. (Each member's personal stream says `member.joined`.)
    #[serde(rename = "conversation.created")]
    Created {
        /// The conversation.
        conversation: Conversation,
        /// How many people are in it.
        member_count: i64,
        /// Who is in it, unless they are more than [`LISTED`].
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        members: Vec<Seat>,
        /// Who receives the stream from now on.
        #[serde(skip)]
        audience: Vec<AudienceChange>,
    },
    /// Its title, topic, icon, visibility or history are different, or it was archived or brought back.
    #[serde(rename = "conversation.changed")]
    Changed {
        /// The conversation as it is now.
        conversation: Conversation,
        /// Who did it; `null` when it came about by itself.
        by_id: Option<UserId>,
    },
    /// It was deleted, and nothing of it is left.
    #[serde(rename = "conversation.deleted")]
    Deleted {
        /// Which.
        conversation_id: ConversationId,
        /// Who did it.
        by_id: UserId,
        /// Everybody stops to receive the stream.
        #[serde(skip)]
        audience: Vec<AudienceChange>,
    },
}

impl ConversationEvent {
    /// A conversation was started with these people.
    #[must_use]
    pub fn created(conversation: Conversation, members: &[Seat]) -> Self {
        let change = |seat: &Seat| AudienceChange { user: seat.user_id, hidden_upto: Some(0) };
        Self::Created {
            conversation,
            member_count: i64::try_from(members.len()).unwrap_or(i64::MAX),
            members: if members.len() <= LISTED { members.to_vec() } else { Vec::new() },
            audience: members.iter().map(change).collect(),
        }
    }
}

impl EventBody for ConversationEvent {
    fn audience(&self) -> Vec<AudienceChange> {
        match self {
            Self::Created { audience, .. } | Self::Deleted { audience, .. } => audience.clone(),
            Self::Changed { .. } => Vec::new(),
        }
    }
}
