//! What a member is, and its own events.

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    id::{ConversationId, UserId},
    patch,
    permission::Role,
    stream::{AudienceChange, EventBody, Seq},
    time::Timestamp,
    username::{DisplayName, Username},
};

/// How many people may be added at once.
pub const MOST_ADDED: usize = 500;

/// Somebody's place in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seat {
    /// Who.
    pub user_id: UserId,
    /// What they may do in it.
    pub role: Role,
}

/// Somebody in a conversation, with the names to show them by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// Who.
    pub user_id: UserId,
    /// What they may do in it.
    pub role: Role,
    /// When they joined.
    pub joined_at: Timestamp,
    /// The name by which they are mentioned.
    pub username: Username,
    /// The name that others see.
    pub display_name: DisplayName,
}

/// What somebody wants to be told of in a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Every message.
    #[default]
    All,
    /// Messages that mention them, or answer theirs.
    Mentions,
    /// Nothing.
    Nothing,
}

/// How somebody keeps a conversation, on all of their devices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberSettings {
    /// What they want to be told of.
    pub level: Level,
    /// Until when they want to be told nothing.
    pub muted_until: Option<Timestamp>,
    /// They keep it at the top.
    pub favorite: bool,
}

/// What is to be different about how one keeps a conversation; what is left out stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SettingsChange {
    /// What one wants to be told of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Until when one wants to be told nothing; `null` to be told again.
    #[serde(default, deserialize_with = "patch::given", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Timestamp>))]
    pub muted_until: Option<Option<Timestamp>>,
    /// Keep it at the top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub favorite: Option<bool>,
}

impl SettingsChange {
    /// The settings after the change.
    #[must_use]
    pub fn apply(self, before: MemberSettings) -> MemberSettings {
        MemberSettings {
            level: self.level.unwrap_or(before.level),
            muted_until: self.muted_until.unwrap_or(before.muted_until),
            favorite: self.favorite.unwrap_or(before.favorite),
        }
    }
}

/// Whom somebody wants to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddPeople {
    /// At most [`MOST_ADDED`]; who is a member already stays as they are.
    pub user_ids: Vec<UserId>,
    /// What they may do in it: not more than the one who adds them.
    pub role: Role,
}

impl AddPeople {
    /// Checks what can be checked without looking anywhere.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for nobody, or for too many.
    pub fn validate(&self) -> Result<()> {
        match self.user_ids.len() {
            0 => Err(Error::invalid("user_ids", "Name at least one person.")),
            1..=MOST_ADDED => Ok(()),
            _ => Err(Error::invalid("user_ids", format!("Add at most {MOST_ADDED} people at once."))),
        }
    }
}

/// People on their way into a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddMembers {
    /// Where.
    pub conversation_id: ConversationId,
    /// Who adds them.
    pub by_id: UserId,
    /// When.
    pub at: Timestamp,
    /// Whom, and as what.
    pub people: AddPeople,
}

/// Somebody's role is to be different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeRole {
    /// Where.
    pub conversation_id: ConversationId,
    /// Whose.
    pub user_id: UserId,
    /// The new one.
    pub role: Role,
    /// Who changes it.
    pub by_id: UserId,
    /// When.
    pub at: Timestamp,
}

/// Somebody is to be out of a conversation: removed, or gone by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemoveMember {
    /// Where.
    pub conversation_id: ConversationId,
    /// Who goes.
    pub user_id: UserId,
    /// Who wants it; the same for leaving.
    pub by_id: UserId,
    /// When.
    pub at: Timestamp,
}

/// How one keeps a conversation is to be different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeepConversation {
    /// Which.
    pub conversation_id: ConversationId,
    /// Who keeps it.
    pub user_id: UserId,
    /// What is to be different.
    pub change: SettingsChange,
    /// When.
    pub at: Timestamp,
}

/// What happens to members: in the conversation's stream and in the person's own, settings only in the latter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type")]
pub enum MemberEvent {
    /// Somebody joined, was added, or was in it from the start (the latter stands in their own stream only; the
    /// conversation's says `conversation.created`).
    #[serde(rename = "member.joined")]
    Joined {
        /// Where.
        conversation_id: ConversationId,
        /// Who.
        user_id: UserId,
        /// What they may do in it.
        role: Role,
        /// Who brought them; `null` when they came by themselves.
        by_id: Option<UserId>,
        /// In the conversation's stream: from where they see it.
        #[serde(skip)]
        hidden_upto: Option<Seq>,
    },
    /// Somebody left, or was removed.
    #[serde(rename = "member.left")]
    Left {
        /// Where.
        conversation_id: ConversationId,
        /// Who.
        user_id: UserId,
        /// Who removed them; themselves when they left.
        by_id: UserId,
        /// In the conversation's stream: they stop to receive it.
        #[serde(skip)]
        ends: bool,
    },
    /// Somebody's role is different.
    #[serde(rename = "member.changed")]
    Changed {
        /// Where.
        conversation_id: ConversationId,
        /// Whose.
        user_id: UserId,
        /// What they may do now.
        role: Role,
        /// Who changed it; `null` when the server did.
        by_id: Option<UserId>,
    },
    /// One keeps a conversation differently now.
    #[serde(rename = "member.settings")]
    Settings {
        /// Which.
        conversation_id: ConversationId,
        /// How.
        settings: MemberSettings,
    },
}

impl EventBody for MemberEvent {
    fn audience(&self) -> Vec<AudienceChange> {
        match *self {
            Self::Joined { user_id, hidden_upto: Some(seq), .. } => {
                vec![AudienceChange { user: user_id, hidden_upto: Some(seq) }]
            }
            Self::Left { user_id, ends: true, .. } => {
                vec![AudienceChange { user: user_id, hidden_upto: None }]
            }
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_unmutes_and_leaving_it_out_changes_nothing() {
        let muted =
            MemberSettings { muted_until: Some(Timestamp::from_millis(1)), ..MemberSettings::default() };
        let change = |json| serde_json::from_str::<SettingsChange>(json).unwrap();
        assert_eq!(change(r#"{"favorite":true}"#).apply(muted), MemberSettings { favorite: true, ..muted });
        assert_eq!(change(r#"{"muted_until":null}"#).apply(muted).muted_until, None);
        assert_eq!(change(r#"{"level":"mentions"}"#).apply(muted).level, Level::Mentions);
    }

    #[test]
    fn only_the_conversations_stream_moves_the_audience() {
        let (conversation_id, user_id) = (ConversationId(uuid::Uuid::nil()), UserId(uuid::Uuid::nil()));
        let left = |ends| MemberEvent::Left { conversation_id, user_id, by_id: user_id, ends };
        assert_eq!(left(true).audience(), [AudienceChange { user: user_id, hidden_upto: None }]);
        assert!(left(false).audience().is_empty());
    }
}
