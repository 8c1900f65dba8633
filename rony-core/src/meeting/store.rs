//! What is kept of scheduled meetings.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{Answer, Meeting, MeetingChange, MeetingMade, Range, free::Busy};
use crate::{
    Result,
    audit::Entry,
    id::{ClientId, ConversationId, MeetingId, UserId},
    room::Room,
    time::Timestamp,
    username::DisplayName,
};

/// A meeting on its way into the store, with its room.
#[derive(Clone, Debug)]
pub struct AddMeeting {
    /// The meeting; those who are asked by name are its invitees.
    pub meeting: Meeting,
    /// By what a repetition is known.
    pub client_id: ClientId,
    /// The conversation whose members are asked too.
    pub conversation_id: Option<ConversationId>,
    /// Where it is held.
    pub room: Room,
    /// What the audit log says about it.
    pub entry: Entry,
}

/// Where a meeting stands in lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingKey {
    /// When it starts.
    pub starts_at: Timestamp,
    /// Its id.
    pub id: MeetingId,
}

impl MeetingKey {
    /// Where this one stands.
    #[must_use]
    pub const fn of(meeting: &Meeting) -> Self {
        Self { starts_at: meeting.starts_at, id: meeting.id }
    }
}

/// Which meetings are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListMeetings {
    /// By whom: who scheduled them, or is asked to come.
    pub reader: UserId,
    /// Those of which a part lies in it.
    pub range: Range,
    /// Those after this one.
    pub after: Option<MeetingKey>,
    /// So many at most.
    pub limit: i64,
}

/// Something about a meeting is to change.
#[derive(Clone, Debug)]
pub struct ChangeMeeting {
    /// Which.
    pub id: MeetingId,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub change: MeetingChange,
    /// What the audit log says about it.
    pub entry: Entry,
}

/// A meeting is not to be.
#[derive(Clone, Debug)]
pub struct CancelMeeting {
    /// Which.
    pub id: MeetingId,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// What the audit log says about it.
    pub entry: Entry,
}

/// Somebody says if they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GiveAnswer {
    /// To what.
    pub id: MeetingId,
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// What they say.
    pub answer: Answer,
}

/// Whose meetings are asked for, to find a time.
#[derive(Clone, Debug)]
pub struct WhoIsBusy {
    /// By whom.
    pub reader: UserId,
    /// Whose.
    pub people: Vec<UserId>,
    /// When.
    pub range: Range,
    /// A meeting of the reader's that is to move: it is in nobody's way.
    pub without: Option<MeetingId>,
}

/// The port for scheduled meetings. One whose organizer is switched off is there for nobody.
#[async_trait]
pub trait MeetingStore: Send + Sync {
    /// Adds a meeting and its room if [`super::may_schedule`] says so, tells all who are asked to come and notifies them. A repetition by the
    /// same person answers what there is.
    ///
    /// # Errors
    ///
    /// What [`crate::member::may_bring`] says of those who are asked by name, and [`crate::permission::check`] of writing in the conversation;
    /// of its members those are left out whom one may not bring. [`crate::Error::Invalid`] when it has too many. When the database is away; so for
    /// all methods.
    async fn add_meeting(&self, add: &AddMeeting) -> Result<MeetingMade>;

    /// A meeting that the person scheduled or is asked to come to.
    ///
    /// # Errors
    ///
    /// [`crate::Error::NotFound`] for others.
    async fn meeting(&self, reader: UserId, id: MeetingId) -> Result<Meeting>;

    /// The names of all who take part, in the order of their ids.
    ///
    /// # Errors
    ///
    /// As [`Self::meeting`].
    async fn meeting_names(&self, reader: UserId, id: MeetingId) -> Result<Vec<(UserId, DisplayName)>>;

    /// A person's meetings, the next one first, cancelled ones too.
    async fn meetings(&self, list: &ListMeetings) -> Result<Vec<Meeting>>;

    /// Changes a meeting if [`super::keeps`], [`super::still_on`] and [`super::is_current`] say so, with the reminders that are to come; tells all who
    /// are or were asked to come, and notifies those who have to know.
    ///
    /// # Errors
    ///
    /// What they say, what [`Meeting::changed`] says, and [`crate::member::may_bring`] of those who are new.
    async fn change_meeting(&self, change: &ChangeMeeting) -> Result<Meeting>;

    /// Cancels a meeting if [`super::keeps`] and [`super::still_on`] say so, with its room and its reminders; tells and notifies all who are asked
    /// to come. Answers what it was.
    ///
    /// # Errors
    ///
    /// What they say.
    async fn cancel_meeting(&self, cancel: &CancelMeeting) -> Result<Meeting>;

    /// Keeps an answer if [`super::answers`] says so, tells the organizer and whoever gave it, and clears what notified them.
    ///
    /// # Errors
    ///
    /// What it says.
    async fn answer_meeting(&self, answer: &GiveAnswer) -> Result<Meeting>;

    /// When people have meetings that they did not decline, in the order of time; nothing of who has blocked the reader.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Invalid`] for who has no account or one that is switched off.
    async fn busy(&self, who: &WhoIsBusy) -> Result<Vec<Busy>>;

    /// Meetings of which somebody is to be reminded by `now`, those first that are due for longest.
    async fn due_reminders(&self, now: Timestamp, limit: i64) -> Result<Vec<MeetingId>>;

    /// Takes the reminders of a meeting that are due, and notifies those whom [`super::minds`] names: once, however many were due, and not at all
    /// when it is over. False when there is none any more: somebody else took them.
    async fn remind(&self, id: MeetingId, now: Timestamp) -> Result<bool>;
}
