//! What a notification is, and its own events.

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    id::{ConversationId, MeetingId, MessageId, NotificationId, UserId},
    stream::{EventBody, Seq},
    time::Timestamp,
};

/// Notifications that can be cleared by id at once.
const MOST_IDS: usize = 500;

/// Why somebody is notified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NotificationKind {
    /// A message mentions them.
    Mention,
    /// Somebody wrote to them directly: one for each conversation, which counts.
    Direct,
    /// Somebody answered their message, or wrote in a thread that they follow: one for each thread, which counts.
    Reply,
    /// Somebody brought them into a conversation.
    Invitation,
    /// Somebody asks them to a meeting.
    MeetingInvitation,
    /// A meeting that they are asked to has another time or title.
    MeetingChange,
    /// A meeting that they were asked to is cancelled.
    MeetingCancellation,
    /// A meeting of theirs is about to begin, or begins.
    MeetingReminder,
    /// They missed a call.
    MissedCall,
}

/// Something that concerns a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notification {
    /// Its id, which is the person's own: others may have one with the same.
    pub id: NotificationId,
    /// Why.
    pub kind: NotificationKind,
    /// Where; `null`: it is about a meeting.
    pub conversation_id: Option<ConversationId>,
    /// About which scheduled meeting, if about one: the newest word about it takes the place of the one before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting_id: Option<MeetingId>,
    /// In which thread, if in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread_id: Option<MessageId>,
    /// By which message; the newest one, where several count as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// The message's number in the conversation's stream, to jump to; 0 without a message.
    pub seq: Seq,
    /// The message's number in the conversation, or in the thread: whoever has read up to it has seen this. 0 without a
    /// message.
    pub ordinal: i64,
    /// It mentions everybody, and them with the others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all: bool,
    /// Who wrote, or brought them in; the newest one, where several count as one.
    pub actor_id: Option<UserId>,
    /// How many messages it stands for.
    pub count: i64,
    /// It came while the person did not want to be disturbed: no sound, no banner.
    pub quiet: bool,
    /// When; of the newest message, where several count as one.
    pub at: Timestamp,
    /// When it was cleared; `null` as long as it is open.
    pub cleared_at: Option<Timestamp>,
}

/// Which notifications are to be cleared: one of these, or none for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct SetClear {
    /// All that came up to this moment: the `at` of the newest one that was shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub up_to: Option<Timestamp>,
    /// These; at most 500.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ids: Option<Vec<NotificationId>>,
    /// All of this conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<ConversationId>,
}

/// Which notifications are to be cleared, without contradiction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cleared {
    /// All that came up to this moment.
    UpTo(Timestamp),
    /// These.
    Ids(Vec<NotificationId>),
    /// All of a conversation.
    Conversation(ConversationId),
}

impl SetClear {
    /// What is meant.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] when more than one is given, and for more than 500 ids.
    pub(super) fn parse(self) -> Result<Cleared> {
        match (self.up_to, self.ids, self.conversation_id) {
            (None, None, None) => Ok(Cleared::UpTo(Timestamp::from_millis(i64::MAX))),
            (Some(up_to), None, None) => Ok(Cleared::UpTo(up_to)),
            (None, Some(ids), None) if ids.len() <= MOST_IDS => Ok(Cleared::Ids(ids)),
            (None, Some(_), None) => Err(Error::invalid(
                "ids",
                format!("Clear at most {MOST_IDS} at once, or all up to a moment."),
            )),
            (None, None, Some(conversation)) => Ok(Cleared::Conversation(conversation)),
            _ => {
                let message =
                    "Give one of `up_to`, `ids` and `conversation_id`, or none of them for everything.";
                Err(Error::invalid("up_to", message))
            }
        }
    }
}

/// Until when somebody does not want to be disturbed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DoNotDisturb {
    /// Notifications that come before this moment are quiet; `null`: none is.
    pub until: Option<Timestamp>,
}

impl DoNotDisturb {
    /// What of it is true at `now`.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        Self { until: self.until.filter(|until| *until > now) }
    }
}

/// What happens to a person's notifications, in their own stream. Leaving a conversation, and its end, take its notifications
/// along without an event of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type")]
pub enum NotificationEvent {
    /// There is a new one, or one that was there stands for more.
    #[serde(rename = "notification.added")]
    Added {
        /// It, as it is now.
        notification: Notification,
    },
    /// These are not open any more.
    #[serde(rename = "notification.cleared")]
    Cleared {
        /// Which.
        ids: Vec<NotificationId>,
    },
    /// They want to be left in peace, or not any more.
    #[serde(rename = "dnd.changed")]
    DoNotDisturb(DoNotDisturb),
}

impl EventBody for NotificationEvent {}

impl NotificationEvent {
    /// Ids in one event at most.
    const MOST: usize = 500;

    /// As few events as say that these are cleared.
    pub fn cleared(ids: &[NotificationId]) -> impl Iterator<Item = Self> {
        ids.chunks(Self::MOST).map(|ids| Self::Cleared { ids: ids.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cleared_is_said_in_one_way() {
        let moment = Timestamp::from_millis(1_000);
        let conversation = ConversationId(uuid::Uuid::from_u128(1));
        let up_to = SetClear { up_to: Some(moment), ..SetClear::default() };
        assert_eq!(up_to.parse().unwrap(), Cleared::UpTo(moment));
        assert!(matches!(SetClear::default().parse().unwrap(), Cleared::UpTo(end) if end > moment));
        let one = SetClear { conversation_id: Some(conversation), ..SetClear::default() };
        assert_eq!(one.clone().parse().unwrap(), Cleared::Conversation(conversation));
        let two = SetClear { up_to: Some(moment), ..one };
        assert_eq!(two.parse().unwrap_err().code(), "invalid");
        let many = vec![NotificationId(uuid::Uuid::nil()); 501];
        let many = SetClear { ids: Some(many), ..SetClear::default() };
        assert_eq!(many.parse().unwrap_err().code(), "invalid");
    }
}
