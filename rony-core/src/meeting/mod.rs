//! Scheduled meetings: what is to happen when, who is asked to come, what they answer, and that they are reminded.
//!
//! A meeting is its organizer's, who alone changes and cancels it. Those who are asked see it and answer; nobody else learns that it is there.
//! It has a [`room`](crate::room) of its own from the first moment, whose code stays the same however often the meeting moves, and goes with it
//! when it is cancelled. Guests are asked with nothing but the link to that room.
//!
//! **When** is a local time in a zone, which is what people agree on, and the moment that follows from it, by which everything is sorted and
//! compared. A zone's rules decide what the clock shows: nobody computes with offsets.
//!
//! What happens is told in the own streams of the organizer and of all who are asked, as a reference ([`MeetingEvent`]); an answer, to the
//! organizer and to the other devices of who gave it. Invitations, changes, cancellations and reminders are
//! [`notification`](crate::notification)s. A reminder is a row that waits until it is due: whoever removes it, in one transaction with what it
//! says, gives it, so of several nodes one does, and a restart loses none.
//!
//! [`free`] finds a time that suits all.

pub mod free;
mod rule;
mod service;
mod store;
mod types;
mod zone;

pub use rule::{
    EARLIEST_REMINDER, Facts, LONGEST, MOST_INVITEES, MOST_MEETINGS, MOST_REMINDERS, answers, few_enough,
    is_current, keeps, may_schedule, minds, still_on, tells,
};
pub use service::{Cancelled, Meetings};
pub use store::{
    AddMeeting, CancelMeeting, ChangeMeeting, GiveAnswer, ListMeetings, MeetingKey, MeetingStore, WhoIsBusy,
};
pub use types::{
    Answer, Invitee, Meeting, MeetingChange, MeetingEvent, MeetingMade, MeetingStatus, NewMeeting, Range,
    SetAnswer,
};
pub use zone::{LocalTime, Zone};
