//! The rules of scheduled meetings, as pure functions over facts that the store reads inside its transaction.

use std::time::Duration;

use super::{Answer, Meeting, MeetingStatus};
use crate::{Error, Result, id::UserId, time::Timestamp};

/// Meetings to come that one person can have scheduled.
pub const MOST_MEETINGS: i64 = 500;
/// People who can be asked to one meeting.
pub const MOST_INVITEES: usize = 100;
/// How long a meeting lasts at most, in minutes.
pub const LONGEST: u32 = 24 * 60;
/// How often people are reminded of one meeting at most.
pub const MOST_REMINDERS: usize = 5;
/// How long before a meeting people are reminded at most, in minutes: four weeks.
pub const EARLIEST_REMINDER: u32 = 28 * 24 * 60;
/// How far away a meeting is at most: two years.
const FURTHEST: Duration = Duration::from_secs(2 * 365 * 24 * 60 * 60);

/// Whether somebody may schedule one more meeting, who has so many to come.
///
/// # Errors
///
/// [`Error::Conflict`] with code `too_many_meetings`.
pub fn may_schedule(meetings: i64) -> Result<()> {
    if meetings >= MOST_MEETINGS {
        let detail =
            format!("You have {MOST_MEETINGS} meetings to come already: cancel one that is not needed.");
        return Err(Error::conflict("too_many_meetings", detail));
    }
    Ok(())
}

/// Whether so many people may be asked to one meeting; `field` is what asks them.
///
/// # Errors
///
/// [`Error::Invalid`].
pub fn few_enough(people: usize, field: &'static str) -> Result<()> {
    if people > MOST_INVITEES {
        let message = format!("Ask at most {MOST_INVITEES} people: all others can have the link.");
        return Err(Error::invalid(field, message));
    }
    Ok(())
}

/// A meeting starts after now, and not too far away.
pub(super) fn to_come(start: Timestamp, now: Timestamp) -> Result<()> {
    if start <= now {
        return Err(Error::invalid("start", "This is over already: give a time that is still to come."));
    }
    if start > now.plus(FURTHEST) {
        return Err(Error::invalid(
            "start",
            "This is too far away: a meeting is at most two years from now.",
        ));
    }
    Ok(())
}

/// Whether somebody may change or cancel a meeting, or is only asked to come to it.
///
/// # Errors
///
/// [`Error::Forbidden`] with code `not_yours`; [`Error::NotFound`] for who is not asked.
pub fn keeps(meeting: &Meeting, person: UserId) -> Result<()> {
    if meeting.organizer_id == person {
        return Ok(());
    }
    meeting.answer_of(person).ok_or(Error::NotFound("meeting"))?;
    Err(Error::forbidden("not_yours", "Only whoever scheduled this meeting can do this."))
}

/// Whether somebody may say if they come: who is asked to, as long as it is not over.
///
/// # Errors
///
/// [`Error::Conflict`] with code `organizer` for the organizer, and what [`still_on`] says; [`Error::NotFound`] for who is not asked.
pub fn answers(meeting: &Meeting, person: UserId, now: Timestamp) -> Result<()> {
    if meeting.organizer_id == person {
        return Err(Error::conflict("organizer", "This is your own meeting: you come, or cancel it."));
    }
    meeting.answer_of(person).ok_or(Error::NotFound("meeting"))?;
    still_on(meeting, now)
}

/// Whether there is anything to change or to answer: a meeting that is cancelled or over stays as it is.
///
/// # Errors
///
/// [`Error::Conflict`] with code `cancelled` or `meeting_over`.
pub fn still_on(meeting: &Meeting, now: Timestamp) -> Result<()> {
    if meeting.status == MeetingStatus::Cancelled {
        return Err(Error::conflict("cancelled", "This meeting is cancelled."));
    }
    if meeting.ends_at <= now {
        return Err(Error::conflict("meeting_over", "This meeting is over."));
    }
    Ok(())
}

/// Whether a change means the meeting as it is now.
///
/// # Errors
///
/// [`Error::Conflict`] with code `changed_meanwhile`.
pub fn is_current(meeting: &Meeting, version: i64) -> Result<()> {
    if meeting.version == version {
        return Ok(());
    }
    let detail = "This meeting was changed meanwhile: look at it again, then change it.";
    Err(Error::conflict_in("version", "changed_meanwhile", detail))
}

/// What is true about somebody who may be told of a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// They scheduled it.
    pub organizer: bool,
    /// What they answered.
    pub answer: Answer,
    /// They have blocked the organizer.
    pub blocks: bool,
    /// Their account is switched off.
    pub deactivated: bool,
}

/// Whether somebody is told by a notification what the organizer did: who scheduled it knows.
#[must_use]
pub const fn tells(facts: Facts) -> bool {
    !facts.organizer && !facts.blocks && !facts.deactivated
}

/// Whether somebody is reminded: the organizer too, and nobody who does not come.
#[must_use]
pub const fn minds(facts: Facts) -> bool {
    !facts.blocks && !facts.deactivated && !matches!(facts.answer, Answer::Declined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_does_not_come_is_not_reminded_and_who_blocks_is_told_nothing() {
        let fine = Facts { organizer: false, answer: Answer::None, blocks: false, deactivated: false };
        assert!(tells(fine) && minds(fine));
        let organizer = Facts { organizer: true, answer: Answer::Accepted, ..fine };
        assert!(!tells(organizer) && minds(organizer));
        let declined = Facts { answer: Answer::Declined, ..fine };
        assert!(tells(declined) && !minds(declined));
        for nobody in [Facts { blocks: true, ..fine }, Facts { deactivated: true, ..fine }] {
            assert!(!tells(nobody) && !minds(nobody));
        }
    }

    #[test]
    fn one_can_only_have_so_many_meetings_to_come() {
        may_schedule(MOST_MEETINGS - 1).unwrap();
        assert_eq!(may_schedule(MOST_MEETINGS).unwrap_err().code(), "too_many_meetings");
    }
}
