//! What a scheduled meeting is, and its own events.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    LocalTime, Zone,
    rule::{self, EARLIEST_REMINDER, LONGEST, MOST_REMINDERS},
};
use crate::{
    Error, Result,
    id::{ClientId, ConversationId, MeetingId, RoomId, UserId},
    room::RoomCode,
    stream::EventBody,
    text,
    time::Timestamp,
};

/// The longest title, in characters: a room's.
const TITLE: usize = 100;
/// The longest description, in characters.
const DESCRIPTION: usize = 4_000;
/// Ten minutes before, and at the start.
const REMINDERS: [u32; 2] = [10, 0];

/// Whether somebody comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// They have not said, or not since it has another time.
    #[default]
    None,
    /// They come.
    Accepted,
    /// They may come.
    Tentative,
    /// They do not come.
    Declined,
}

/// Somebody who is asked to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitee {
    /// Who.
    pub user_id: UserId,
    /// What they said.
    pub answer: Answer,
}

/// Whether a meeting is going to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MeetingStatus {
    /// It is, or was.
    #[default]
    Scheduled,
    /// It is not: its organizer cancelled it.
    Cancelled,
}

/// A scheduled meeting, as those see it who are asked to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Meeting {
    /// Its id.
    pub id: MeetingId,
    /// Whose it is.
    pub organizer_id: UserId,
    /// What it is called.
    pub title: String,
    /// What it is about; may be empty.
    pub description: String,
    /// When it starts, as clocks in `zone` show it.
    pub start: LocalTime,
    /// The time zone that was meant.
    pub zone: Zone,
    /// How long it lasts, in minutes.
    pub minutes: u32,
    /// The moment when it starts, which follows from `start` and `zone`.
    pub starts_at: Timestamp,
    /// The moment when it ends.
    pub ends_at: Timestamp,
    /// When people are reminded, in minutes before the start; 0: when it starts.
    pub reminders: Vec<u32>,
    /// The room where it is held.
    pub room_id: RoomId,
    /// The room's code; `null` when the meeting is cancelled.
    pub code: Option<RoomCode>,
    /// Whether it is going to be.
    pub status: MeetingStatus,
    /// Who else is asked to come.
    pub invitees: Vec<Invitee>,
    /// Counts what the organizer changed: to be sent back with the next change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the organizer last changed it.
    pub changed_at: Timestamp,
}

/// A wish for a meeting.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewMeeting {
    /// So that a repeated wish makes no second meeting: any UUID.
    pub client_id: ClientId,
    /// What it is called, at most 100 characters.
    pub title: String,
    /// What it is about, at most 4,000 characters.
    #[serde(default)]
    pub description: String,
    /// When it starts, as clocks in `zone` show it: to come, and at most two years away.
    pub start: LocalTime,
    /// The time zone that is meant.
    pub zone: Zone,
    /// How long it lasts, in minutes: 1 to 1,440.
    pub minutes: u32,
    /// Who is asked to come, at most 100 people.
    #[serde(default)]
    pub people: Vec<UserId>,
    /// Whose members are asked to come too: all who are in it now.
    #[serde(default)]
    pub conversation_id: Option<ConversationId>,
    /// When people are reminded, in minutes before the start: at most 5 times, at most four weeks before; 10 minutes before and at the start,
    /// when left out.
    #[serde(default = "reminders")]
    pub reminders: Vec<u32>,
    /// Whether people without an account may ask to come in by the link; they may, when left out.
    #[serde(default = "yes")]
    pub guests: bool,
}

fn reminders() -> Vec<u32> {
    REMINDERS.to_vec()
}

const fn yes() -> bool {
    true
}

impl NewMeeting {
    /// Checks what can be checked without looking anywhere.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for texts that are too long or cannot be read, for a time that is over or too far away, for too many people and
    /// for reminders that nobody could be given.
    pub fn validate(mut self, now: Timestamp) -> Result<Self> {
        self.title = text::line("title", &self.title, TITLE)?;
        self.description = text::block("description", &self.description, DESCRIPTION)?;
        check_minutes(self.minutes)?;
        rule::to_come(self.zone.moment(self.start), now)?;
        check_people(&mut self.people)?;
        check_reminders(&mut self.reminders)?;
        Ok(self)
    }
}

/// What changes about a meeting; what is left out stays.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MeetingChange {
    /// The `version` of the meeting that is meant: what somebody changed meanwhile is not overwritten unseen.
    pub version: i64,
    /// What it is called.
    #[serde(default)]
    pub title: Option<String>,
    /// What it is about.
    #[serde(default)]
    pub description: Option<String>,
    /// When it starts, as clocks in the zone show it.
    #[serde(default)]
    pub start: Option<LocalTime>,
    /// The time zone that is meant.
    #[serde(default)]
    pub zone: Option<Zone>,
    /// How long it lasts, in minutes.
    #[serde(default)]
    pub minutes: Option<u32>,
    /// All who are asked to come: who is not among them is not asked any more.
    #[serde(default)]
    pub people: Option<Vec<UserId>>,
    /// When people are reminded, in minutes before the start.
    #[serde(default)]
    pub reminders: Option<Vec<u32>>,
}

impl MeetingChange {
    /// As [`NewMeeting::validate`], but for the time, which [`Meeting::changed`] checks.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn validate(mut self) -> Result<Self> {
        self.title = self.title.map(|title| text::line("title", &title, TITLE)).transpose()?;
        let description = self.description.map(|words| text::block("description", &words, DESCRIPTION));
        self.description = description.transpose()?;
        self.minutes.map_or(Ok(()), check_minutes)?;
        self.people.as_mut().map_or(Ok(()), check_people)?;
        self.reminders.as_mut().map_or(Ok(()), check_reminders)?;
        Ok(self)
    }
}

fn check_minutes(minutes: u32) -> Result<()> {
    if minutes == 0 || minutes > LONGEST {
        return Err(Error::invalid("minutes", "A meeting lasts from one minute to one day."));
    }
    Ok(())
}

/// Each once.
fn check_people(people: &mut Vec<UserId>) -> Result<()> {
    let mut seen = std::collections::HashSet::new();
    people.retain(|person| seen.insert(*person));
    rule::few_enough(people.len(), "people")
}

/// Each once, the earliest first.
fn check_reminders(reminders: &mut Vec<u32>) -> Result<()> {
    reminders.sort_unstable_by(|one, other| other.cmp(one));
    reminders.dedup();
    if reminders.len() > MOST_REMINDERS {
        return Err(Error::invalid("reminders", format!("Remind people at most {MOST_REMINDERS} times.")));
    }
    if reminders.first().is_some_and(|minutes| *minutes > EARLIEST_REMINDER) {
        return Err(Error::invalid("reminders", "Remind people at most four weeks before."));
    }
    Ok(())
}

impl Meeting {
    /// What it is after its organizer changed it at `now`. Who comes is another matter: `people` is not looked at, but answers about another
    /// time count no more.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for another time that is over or too far away.
    pub fn changed(&self, change: &MeetingChange, now: Timestamp) -> Result<Self> {
        let mut next = self.clone();
        if let Some(title) = &change.title {
            next.title.clone_from(title);
        }
        if let Some(description) = &change.description {
            next.description.clone_from(description);
        }
        if let Some(reminders) = &change.reminders {
            next.reminders.clone_from(reminders);
        }
        next.start = change.start.unwrap_or(next.start);
        if let Some(zone) = &change.zone {
            next.zone.clone_from(zone);
        }
        next.minutes = change.minutes.unwrap_or(next.minutes);
        next.starts_at = next.zone.moment(next.start);
        next.ends_at = end(next.starts_at, next.minutes);
        if next.starts_at != self.starts_at {
            rule::to_come(next.starts_at, now)?;
        }
        if next.is_elsewhen(self) {
            next.invitees.iter_mut().for_each(|invitee| invitee.answer = Answer::None);
        }
        (next.version, next.changed_at) = (self.version + 1, now);
        Ok(next)
    }

    /// It takes another time than `other`.
    #[must_use]
    pub fn is_elsewhen(&self, other: &Self) -> bool {
        (self.starts_at, self.ends_at) != (other.starts_at, other.ends_at)
    }

    /// What `person` said, if they are asked to come.
    #[must_use]
    pub fn answer_of(&self, person: UserId) -> Option<Answer> {
        self.invitees.iter().find(|invitee| invitee.user_id == person).map(|invitee| invitee.answer)
    }

    /// The moment of a reminder that many minutes before the start.
    #[must_use]
    pub fn reminder_at(&self, minutes: u32) -> Timestamp {
        self.starts_at.minus(Duration::from_secs(u64::from(minutes) * 60))
    }
}

/// When a meeting ends that starts at `start`.
pub(super) fn end(start: Timestamp, minutes: u32) -> Timestamp {
    start.plus(Duration::from_secs(u64::from(minutes) * 60))
}

/// A meeting was made, or was there already.
#[derive(Clone, Debug)]
pub struct MeetingMade {
    /// The meeting.
    pub meeting: Meeting,
    /// It was not there before.
    pub new: bool,
}

/// What somebody says about coming.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetAnswer {
    /// What they say.
    pub answer: Answer,
}

/// From one moment up to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first moment.
    pub from: Timestamp,
    /// The first moment that is not in it any more.
    pub to: Timestamp,
}

/// What happens to meetings, in the own streams of those who take part. What the meeting is, its readers ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type")]
pub enum MeetingEvent {
    /// There is a new one, one changed or is cancelled, or somebody answered, which the organizer and they themselves learn.
    #[serde(rename = "meeting.changed")]
    Changed {
        /// Which.
        meeting_id: MeetingId,
    },
    /// They are not asked to come any more: it is not there for them.
    #[serde(rename = "meeting.removed")]
    Removed {
        /// Which.
        meeting_id: MeetingId,
    },
}

impl EventBody for MeetingEvent {}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_millis(0)
    }

    fn new() -> NewMeeting {
        serde_json::from_str(
            r#"{"client_id":"0190163d-8694-739b-aea5-966c26f8ad91","title":" Plans ","start":"1970-01-02T10:00","zone":"Europe/Prague","minutes":30}"#,
        )
        .unwrap()
    }

    #[track_caller]
    fn refused(new: NewMeeting, field: &str) {
        let Error::Invalid(fields) = new.validate(now()).unwrap_err() else { panic!("{field}") };
        assert_eq!(fields[0].field, field);
    }

    #[test]
    fn a_meeting_is_to_come_and_lasts_a_day_at_most() {
        let fine = new().validate(now()).unwrap();
        assert_eq!(
            (fine.title.as_str(), fine.reminders.as_slice(), fine.guests),
            ("Plans", &[10, 0][..], true)
        );
        let at = |start: &str| NewMeeting { start: start.parse().unwrap(), ..new() };
        refused(at("1970-01-01T01:00"), "start");
        refused(at("1972-01-02T10:00"), "start");
        refused(NewMeeting { title: " ".into(), ..new() }, "title");
        refused(NewMeeting { description: "x".repeat(4_001), ..new() }, "description");
        refused(NewMeeting { minutes: 0, ..new() }, "minutes");
        refused(NewMeeting { minutes: 1_441, ..new() }, "minutes");
        refused(NewMeeting { reminders: vec![1, 2, 3, 4, 5, 6], ..new() }, "reminders");
        refused(NewMeeting { reminders: vec![40_321], ..new() }, "reminders");
        let people = (0..101).map(|n| UserId(uuid::Uuid::from_u128(n))).collect();
        refused(NewMeeting { people, ..new() }, "people");
        let twice = vec![UserId(uuid::Uuid::nil()); 200];
        let fine = NewMeeting { people: twice, reminders: vec![0, 60, 0], ..new() }.validate(now()).unwrap();
        assert_eq!((fine.people.len(), fine.reminders), (1, vec![60, 0]));
    }

    #[test]
    fn another_time_takes_the_answers_back_and_another_title_does_not() {
        let new = new();
        let starts_at = new.zone.moment(new.start);
        let invitee = Invitee { user_id: UserId(uuid::Uuid::nil()), answer: Answer::Accepted };
        let meeting = Meeting {
            id: MeetingId(uuid::Uuid::nil()),
            organizer_id: UserId(uuid::Uuid::max()),
            title: new.title,
            description: new.description,
            start: new.start,
            zone: new.zone,
            minutes: new.minutes,
            starts_at,
            ends_at: end(starts_at, new.minutes),
            reminders: new.reminders,
            room_id: RoomId(uuid::Uuid::nil()),
            code: None,
            status: MeetingStatus::Scheduled,
            invitees: vec![invitee],
            version: 1,
            created_at: now(),
            changed_at: now(),
        };
        let change = |json: &str| serde_json::from_str::<MeetingChange>(json).unwrap().validate().unwrap();
        let titled = meeting.changed(&change(r#"{"version":1,"title":"Lunch"}"#), now()).unwrap();
        assert_eq!((titled.title.as_str(), titled.version), ("Lunch", 2));
        assert_eq!(titled.answer_of(invitee.user_id), Some(Answer::Accepted));
        // The same time by another name is the same time.
        let moved = change(r#"{"version":1,"start":"1970-01-02T09:00","zone":"UTC"}"#);
        let same = meeting.changed(&moved, now()).unwrap();
        assert_eq!((same.starts_at, same.zone.name()), (starts_at, "UTC"));
        assert_eq!(same.answer_of(invitee.user_id), Some(Answer::Accepted));
        let zone = change(r#"{"version":1,"zone":"America/New_York"}"#);
        let later = meeting.changed(&zone, now()).unwrap();
        assert_eq!(later.starts_at, starts_at.plus(Duration::from_secs(6 * 60 * 60)));
        assert_eq!(later.answer_of(invitee.user_id), Some(Answer::None));
        let past = change(r#"{"version":1,"start":"1969-01-02T10:00"}"#);
        assert_eq!(meeting.changed(&past, now()).unwrap_err().code(), "invalid");
        // Long over: a title may still be put right.
        let over = meeting.ends_at.plus(Duration::from_secs(1));
        meeting.changed(&change(r#"{"version":1,"title":"Lunch"}"#), over).unwrap();
    }
}
