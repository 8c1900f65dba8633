//! A meeting for a calendar: a file of iCalendar (RFC 5545), as it is taken by Thunderbird, Outlook, Google and Apple.
//!
//! Times are moments in UTC, which every calendar shows in its owner's zone, so no rules of zones have to go along. People are named by
//! their names and by `urn:uuid:` addresses: an e-mail address is nobody's business. The organizer's calendar and everybody else's know the
//! meeting by its id, so a file that is downloaded again changes what is there, and one of a cancelled meeting takes it away. There are no
//! alarms in it: Rony reminds, and a calendar does so as its owner likes.

use icalendar::{Calendar, Component as _, Event, EventLike as _, Property};
use rony_core::{
    id::UserId,
    meeting::{Answer, Meeting, MeetingStatus},
    time::Timestamp,
    username::DisplayName,
};

/// The media type of what [`invite`] writes.
pub(crate) const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

/// The meeting as a file; `url` leads to its room, as long as there is one.
pub(crate) fn invite(meeting: &Meeting, names: &[(UserId, DisplayName)], url: Option<&str>) -> String {
    let cancelled = meeting.status == MeetingStatus::Cancelled;
    let method = match (cancelled, meeting.invitees.is_empty()) {
        (true, _) => "CANCEL",
        (false, true) => "PUBLISH",
        (false, false) => "REQUEST",
    };
    let mut event = Event::new();
    event
        .uid(&meeting.id.to_string())
        .add_property("DTSTAMP", utc(meeting.changed_at))
        .add_property("CREATED", utc(meeting.created_at))
        .add_property("LAST-MODIFIED", utc(meeting.changed_at))
        .add_property("DTSTART", utc(meeting.starts_at))
        .add_property("DTEND", utc(meeting.ends_at))
        .add_property("SEQUENCE", (meeting.version - 1).max(0).to_string())
        .add_property("STATUS", if cancelled { "CANCELLED" } else { "CONFIRMED" })
        .summary(&plain(&meeting.title))
        .append_property(person("ORGANIZER", meeting.organizer_id, names).done());
    for invitee in &meeting.invitees {
        let mut attendee = person("ATTENDEE", invitee.user_id, names);
        attendee.add_parameter("CUTYPE", "INDIVIDUAL").add_parameter("ROLE", "REQ-PARTICIPANT");
        // Who reads this answers in Rony: a reply by mail would reach nobody.
        attendee.add_parameter("RSVP", "FALSE").add_parameter("PARTSTAT", standing(invitee.answer));
        event.append_multi_property(attendee.done());
    }
    let mut words = plain(&meeting.description);
    if let Some(url) = url {
        event.add_property("URL", url).location(url);
        if !words.is_empty() {
            words.push_str("\n\n");
        }
        words.push_str(url);
    }
    if !words.is_empty() {
        event.description(&words);
    }
    let mut calendar = Calendar::empty();
    for (name, value) in [("VERSION", "2.0"), ("PRODID", "-//Rony//Meetings//EN"), ("METHOD", method)] {
        calendar.append_property(Property::new(name, value));
    }
    calendar.push(event.done());
    calendar.to_string()
}

/// A moment as RFC 5545 writes it (3.3.5, form 2).
fn utc(moment: Timestamp) -> String {
    jiff::Timestamp::from(moment).strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn person(property: &str, user: UserId, names: &[(UserId, DisplayName)]) -> Property {
    let mut person = Property::new(property, format!("urn:uuid:{user}"));
    if let Some((_, name)) = names.iter().find(|(id, _)| *id == user) {
        // A parameter cannot hold this mark in any way (RFC 5545, 3.2).
        person.add_parameter("CN", &plain(name.as_str()).replace('"', "'").replace('\n', " "));
    }
    person
}

const fn standing(answer: Answer) -> &'static str {
    match answer {
        Answer::None => "NEEDS-ACTION",
        Answer::Accepted => "ACCEPTED",
        Answer::Tentative => "TENTATIVE",
        Answer::Declined => "DECLINED",
    }
}

/// With line feeds alone between lines, and without the other control characters: none may stand in a calendar's text, and a carriage
/// return would end a line for some readers.
fn plain(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

#[cfg(test)]
mod tests {
    use rony_core::{
        id::{MeetingId, RoomId},
        meeting::Invitee,
    };
    use uuid::Uuid;

    use super::*;

    fn meeting(title: &str, description: &str) -> Meeting {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let invitee = |n, answer| Invitee { user_id: UserId(Uuid::from_u128(n)), answer };
        Meeting {
            id: MeetingId(Uuid::from_u128(0xa)),
            organizer_id: UserId(Uuid::from_u128(1)),
            title: title.to_owned(),
            description: description.to_owned(),
            start: "2026-11-27T15:00".parse().unwrap(),
            zone: "Europe/Prague".parse().unwrap(),
            minutes: 30,
            starts_at: at("2026-11-27T14:00:00Z"),
            ends_at: at("2026-11-27T14:30:00Z"),
            reminders: vec![10, 0],
            room_id: RoomId(Uuid::from_u128(0xb)),
            code: Some("abc-defg-hjk".parse().unwrap()),
            status: MeetingStatus::Scheduled,
            invitees: vec![invitee(2, Answer::Accepted), invitee(3, Answer::None)],
            version: 3,
            created_at: at("2026-11-01T08:00:00Z"),
            changed_at: at("2026-11-02T08:00:00Z"),
        }
    }

    fn names(name: &str) -> Vec<(UserId, DisplayName)> {
        let named = |n, name: &str| (UserId(Uuid::from_u128(n)), DisplayName::parse(name).unwrap());
        vec![named(1, "Ann"), named(2, name)]
    }

    /// The lines as they are meant (RFC 5545, 3.1).
    #[track_caller]
    fn lines(file: &str) -> Vec<String> {
        for line in file.split("\r\n") {
            assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{line:?}");
        }
        let lines = file.strip_suffix("\r\n").expect("an end of the last line").replace("\r\n ", "");
        lines.split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_meeting_is_an_event_that_any_calendar_takes() {
        let meeting = meeting("Plans; all, of \\ them", "Bring coffee");
        let lines = lines(&invite(&meeting, &names("Ben"), Some("https://a.example/meet#x")));
        for line in [
            "METHOD:REQUEST",
            "SUMMARY:Plans\\; all\\, of \\\\ them",
            "DESCRIPTION:Bring coffee\\n\\nhttps://a.example/meet#x",
            "DTSTART:20261127T140000Z",
            "DTEND:20261127T143000Z",
            "SEQUENCE:2",
            "ORGANIZER;CN=Ann:urn:uuid:00000000-0000-0000-0000-000000000001",
        ] {
            assert!(lines.iter().any(|it| it == line), "{line} in {lines:#?}");
        }
    }

    #[test]
    fn a_cancelled_meeting_takes_itself_away() {
        let cancelled =
            Meeting { status: MeetingStatus::Cancelled, code: None, version: 4, ..meeting("Plans", "") };
        let lines = lines(&invite(&cancelled, &names("Ben"), None));
        for line in
            ["METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:3", "UID:00000000-0000-0000-0000-00000000000a"]
        {
            assert!(lines.iter().any(|it| it == line), "{line}");
        }
        assert!(!lines.iter().any(|line| line.starts_with("URL")));
        let alone = Meeting { invitees: Vec::new(), ..meeting("Plans", "") };
        assert!(invite(&alone, &names("Ben"), None).contains("METHOD:PUBLISH\r\n"));
    }

    #[test]
    fn what_people_write_stays_text() {
        let hostile = "Plans\nEND:VEVENT\nATTENDEE:mailto:eve@example.org";
        let words = "one\r\nBEGIN:VALARM\rX:1\u{0}\u{1b}";
        let name = r#""x";PARTSTAT=DECLINED:y""#;
        let file = invite(&meeting(hostile, words), &names(name), Some("https://a.example/meet#x"));
        let lines = lines(&file);
        assert_eq!(lines.iter().filter(|line| *line == "END:VEVENT").count(), 1);
        assert_eq!(lines.iter().filter(|line| *line == "BEGIN:VALARM").count(), 0);
        let attendees: Vec<_> = lines.iter().filter(|line| line.starts_with("ATTENDEE")).collect();
        assert_eq!(attendees.len(), 2);
        assert!(attendees[0].contains(r#"CN="'x';PARTSTAT=DECLINED:y'""#), "{}", attendees[0]);
        assert!(
            !file.contains("mailto:eve")
                || lines.iter().any(|line| line.starts_with("SUMMARY:Plans\\nEND:VEVENT\\n"))
        );
    }
}
