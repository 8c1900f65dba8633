//! Finding a time that suits all: when nobody has another meeting, within the hours in which people work.

use std::{fmt, str::FromStr, time::Duration};

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Range, Zone, rule::LONGEST};
use crate::{
    Error, Result,
    id::{MeetingId, UserId},
    time::Timestamp,
};

/// People whose meetings are looked at, at most.
const MOST_PEOPLE: usize = 50;
/// The longest time that is looked at: a month.
const LONGEST_RANGE: Duration = Duration::from_secs(31 * 24 * 60 * 60);

/// A time of day in which a meeting may begin or end, to the minute: `09:00`; `24:00` is the end of the day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, example = "09:00"))]
pub struct DayTime(u16);

/// What is no time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a time of day such as 09:00")]
pub struct DayTimeError;

impl DayTime {
    const MIDNIGHT: u16 = 24 * 60;

    /// The first moment of a day at which clocks show this or more.
    fn on(self, day: Date, zone: &Zone) -> Timestamp {
        if self.0 == Self::MIDNIGHT {
            return zone.first_moment(day.tomorrow().unwrap_or(day).at(0, 0, 0, 0));
        }
        let (hour, minute) = (self.0 / 60, self.0 % 60);
        zone.first_moment(day.at(hour as i8, minute as i8, 0, 0))
    }
}

impl fmt::Display for DayTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl fmt::Debug for DayTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for DayTime {
    type Err = DayTimeError;

    fn from_str(text: &str) -> Result<Self, DayTimeError> {
        let number = |part: &str| match part.as_bytes() {
            [b'0'..=b'9', b'0'..=b'9'] => part.parse::<u16>().ok(),
            _ => None,
        };
        let (hours, minutes) = text.split_once(':').ok_or(DayTimeError)?;
        match (number(hours), number(minutes)) {
            (Some(hours @ 0..24), Some(minutes @ 0..60)) => Ok(Self(hours * 60 + minutes)),
            (Some(24), Some(0)) => Ok(Self(Self::MIDNIGHT)),
            _ => Err(DayTimeError),
        }
    }
}

impl Serialize for DayTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DayTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "a day is a day")]
pub enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl From<Weekday> for Day {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Monday => Self::Monday,
            Weekday::Tuesday => Self::Tuesday,
            Weekday::Wednesday => Self::Wednesday,
            Weekday::Thursday => Self::Thursday,
            Weekday::Friday => Self::Friday,
            Weekday::Saturday => Self::Saturday,
            Weekday::Sunday => Self::Sunday,
        }
    }
}

/// When people meet: from one time of day up to a later one, on some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WorkingHours {
    /// Not before this.
    pub from: DayTime,
    /// Over by then; later than `from`.
    pub to: DayTime,
    /// On these days; Monday to Friday, when left out.
    #[serde(default = "work_days")]
    pub days: Vec<Day>,
}

fn work_days() -> Vec<Day> {
    vec![Day::Monday, Day::Tuesday, Day::Wednesday, Day::Thursday, Day::Friday]
}

/// A wish for a time that suits all.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FindTime {
    /// Who has to be free beside oneself, at most 50 people.
    pub people: Vec<UserId>,
    /// Not before this moment; never in the past.
    pub from: Timestamp,
    /// Over by this moment, at most 31 days later.
    pub to: Timestamp,
    /// How long it is to last, in minutes: 1 to 1,440.
    pub minutes: u32,
    /// The zone whose days and clocks `working_hours` means.
    pub zone: Zone,
    /// Only within these; at any time, when left out.
    #[serde(default)]
    pub working_hours: Option<WorkingHours>,
    /// A meeting of one's own that is to move: it is in nobody's way.
    #[serde(default)]
    pub meeting_id: Option<MeetingId>,
}

impl FindTime {
    /// Checks what can be checked without looking anywhere.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a range that is empty or too long, a length that no meeting has, hours that end before they begin, and too many people.
    pub fn validate(self) -> Result<Self> {
        if self.people.len() > MOST_PEOPLE {
            return Err(Error::invalid("people", format!("Ask about at most {MOST_PEOPLE} people.")));
        }
        if self.to <= self.from {
            return Err(Error::invalid("to", "This must be later than the first moment."));
        }
        if self.to.since(self.from) > LONGEST_RANGE {
            return Err(Error::invalid("to", "Look at 31 days at most."));
        }
        if self.minutes == 0 || self.minutes > LONGEST {
            return Err(Error::invalid("minutes", "A meeting lasts from one minute to one day."));
        }
        if self.working_hours.as_ref().is_some_and(|hours| hours.to <= hours.from) {
            return Err(Error::invalid("working_hours", "The end must be later than the beginning."));
        }
        Ok(self)
    }
}

/// Somebody has a meeting. Which, is nobody's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Busy {
    /// Who.
    pub user_id: UserId,
    /// From this moment.
    pub from: Timestamp,
    /// Up to this one.
    pub to: Timestamp,
}

/// A time in which all are free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Window {
    /// From this moment.
    pub from: Timestamp,
    /// Up to this one.
    pub to: Timestamp,
}

/// When a meeting could be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FreeTimes {
    /// All times in which everybody is free for long enough, the first one first. The meeting may start anywhere in one as long as it ends in it.
    pub free: Vec<Window>,
    /// When whom something else keeps, each person's times joined.
    pub busy: Vec<Busy>,
}

/// What there is to say about these people in this range.
pub(super) fn times(busy: Vec<Busy>, range: Range, find: &FindTime) -> FreeTimes {
    let taken = busy.iter().map(|busy| Window { from: busy.from, to: busy.to }).collect();
    let free = windows(taken, range, find.minutes, &find.zone, find.working_hours.as_ref());
    FreeTimes { free, busy: joined_by_person(busy, range) }
}

/// All times within `range` and `hours` that overlap nothing of `taken` and last `minutes` at least, in their order, each as long as can be.
#[must_use]
pub fn windows(
    mut taken: Vec<Window>,
    range: Range,
    minutes: u32,
    zone: &Zone,
    hours: Option<&WorkingHours>,
) -> Vec<Window> {
    taken.retain(|window| window.from < window.to);
    let taken = joined(taken);
    let mut free = Vec::new();
    for open in hours.map_or_else(|| vec![whole(range)], |hours| working(range, zone, hours)) {
        let mut from = open.from;
        for busy in taken.iter().filter(|busy| busy.to > open.from && busy.from < open.to) {
            free.push(Window { from, to: busy.from });
            from = busy.to;
        }
        free.push(Window { from, to: open.to });
    }
    let long_enough = Duration::from_secs(u64::from(minutes) * 60);
    free.retain(|window| window.from < window.to && window.to.since(window.from) >= long_enough);
    free
}

const fn whole(range: Range) -> Window {
    Window { from: range.from, to: range.to }
}

/// The working hours within a range. Those of one day that end when those of the next one begin are one time.
fn working(range: Range, zone: &Zone, hours: &WorkingHours) -> Vec<Window> {
    let (first, last) = (zone.civil(range.from).date(), zone.civil(range.to).date());
    let days = first.series(jiff::Span::new().days(1)).take_while(|day| *day <= last);
    let days = days.filter(|day| hours.days.contains(&day.weekday().into()));
    let windows = days.map(|day| Window {
        from: hours.from.on(day, zone).max(range.from),
        to: hours.to.on(day, zone).min(range.to),
    });
    joined(windows.filter(|window| window.from < window.to).collect())
}

/// The same times, in their order, where none touches another.
fn joined(mut windows: Vec<Window>) -> Vec<Window> {
    windows.sort_unstable_by_key(|window| (window.from, window.to));
    let mut joined: Vec<Window> = Vec::with_capacity(windows.len());
    for window in windows {
        match joined.last_mut() {
            Some(last) if window.from <= last.to => last.to = last.to.max(window.to),
            _ => joined.push(window),
        }
    }
    joined
}

/// Nothing of it tells how many meetings somebody has, nor what is before or after the range.
fn joined_by_person(mut busy: Vec<Busy>, range: Range) -> Vec<Busy> {
    busy.sort_by_key(|busy| busy.user_id);
    let each = busy.chunk_by(|one, other| one.user_id == other.user_id).flat_map(|busy| {
        let user_id = busy[0].user_id;
        let within =
            busy.iter().map(|busy| Window { from: busy.from.max(range.from), to: busy.to.min(range.to) });
        let within = joined(within.filter(|window| window.from < window.to).collect());
        within.into_iter().map(move |Window { from, to }| Busy { user_id, from, to })
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn window(from: &str, to: &str) -> Window {
        Window { from: at(from), to: at(to) }
    }

    fn hours(from: &str, to: &str) -> WorkingHours {
        WorkingHours { from: from.parse().unwrap(), to: to.parse().unwrap(), days: work_days() }
    }

    #[test]
    fn what_is_free_lies_between_meetings_and_within_the_hours_of_work() {
        let zone = "Europe/Prague".parse().unwrap();
        let range = Range { from: at("2026-11-27T12:00:00Z"), to: at("2026-11-30T23:00:00Z") };
        let taken = vec![
            window("2026-11-27T13:00:00Z", "2026-11-27T14:00:00Z"),
            window("2026-11-27T13:30:00Z", "2026-11-27T14:45:00Z"),
            window("2026-11-30T08:00:00Z", "2026-11-30T10:00:00Z"),
        ];
        let found = windows(taken, range, 60, &zone, Some(&hours("09:00", "17:00")));
        // Friday's last hour is cut in two; the week-end is nobody's; Monday begins when the first meeting is over.
        assert_eq!(
            found,
            [
                window("2026-11-27T12:00:00Z", "2026-11-27T13:00:00Z"),
                window("2026-11-27T14:45:00Z", "2026-11-27T16:00:00Z"),
                window("2026-11-30T10:00:00Z", "2026-11-30T16:00:00Z"),
            ]
        );
    }

    #[test]
    fn hours_that_are_the_whole_day_have_no_seam_at_midnight() {
        let zone = "Europe/Prague".parse().unwrap();
        let range = Range { from: at("2026-11-24T20:00:00Z"), to: at("2026-11-25T20:00:00Z") };
        let found = windows(Vec::new(), range, 24 * 60, &zone, Some(&hours("00:00", "24:00")));
        assert_eq!(found, [whole(range)]);
    }

    #[test]
    fn of_people_nothing_is_told_but_when_they_are_busy_within_the_range() {
        let user_id = UserId(uuid::Uuid::nil());
        let busy = |from: &str, to: &str| Busy { user_id, from: at(from), to: at(to) };
        let range = Range { from: at("2026-11-27T12:00:00Z"), to: at("2026-11-27T18:00:00Z") };
        let told = joined_by_person(
            vec![
                busy("2026-11-27T13:00:00Z", "2026-11-27T14:00:00Z"),
                busy("2026-11-27T10:00:00Z", "2026-11-27T13:00:00Z"),
                busy("2026-11-27T17:00:00Z", "2026-11-27T20:00:00Z"),
            ],
            range,
        );
        let (one, other) = (("12:00", "14:00"), ("17:00", "18:00"));
        let expected = [one, other]
            .map(|(from, to)| busy(&format!("2026-11-27T{from}:00Z"), &format!("2026-11-27T{to}:00Z")));
        assert_eq!(told, expected);
    }

    #[test]
    fn a_wish_that_cannot_be_is_refused() {
        let wish = |from: &str, to: &str, minutes: u32, hours: Option<WorkingHours>| {
            let zone = "UTC".parse().unwrap();
            let (from, to, people) = (at(from), at(to), Vec::new());
            FindTime { people, from, to, minutes, zone, working_hours: hours, meeting_id: None }
                .validate()
                .is_ok()
        };
        let (from, to) = ("2026-11-27T12:00:00Z", "2026-12-28T12:00:00Z");
        assert!(wish(from, to, 1_440, Some(hours("09:00", "09:01"))));
        assert!(!wish(to, from, 30, None));
        assert!(!wish(from, "2026-12-28T12:00:00.001Z", 30, None));
        assert!(!wish(from, to, 0, None) && !wish(from, to, 1_441, None));
        assert!(!wish(from, to, 30, Some(hours("09:00", "09:00"))));
        for time in ["", "9:00", "24:01", "12:60", "+1:00", "09:00:00"] {
            assert_eq!(time.parse::<DayTime>(), Err(DayTimeError), "{time}");
        }
    }

    /// Whether a minute is one of work, as somebody finds out who looks at a clock all day: work begins with the first minute of the day at which
    /// it shows `from` or more, and ends with the first at which it shows `to` or more.
    fn minutes_of_work(zone: &Zone, hours: &WorkingHours, first: i64, last: i64) -> Vec<bool> {
        let start = first - 2 * 24 * 60;
        let minute = |minute: i64| Timestamp::from_millis(minute * 60_000);
        let (mut work, mut day, mut begun, mut ended) = (Vec::new(), None, false, false);
        for moment in start..last {
            let clock = zone.civil(minute(moment));
            if day != Some(clock.date()) {
                (day, begun, ended) = (Some(clock.date()), false, false);
            }
            let shown = DayTime(clock.hour() as u16 * 60 + clock.minute() as u16);
            begun |= shown >= hours.from;
            ended |= shown >= hours.to;
            let is_work = begun && !ended && hours.days.contains(&clock.date().weekday().into());
            if moment >= first {
                work.push(is_work);
            }
        }
        work
    }

    fn zones() -> impl Strategy<Value = (&'static str, &'static str)> {
        // A day on which clocks are set, or not; by an hour, by half an hour, at midnight.
        prop_oneof![
            Just(("Europe/Prague", "2026-03-28T00:00:00Z")),
            Just(("Europe/Prague", "2026-10-24T00:00:00Z")),
            Just(("America/New_York", "2026-03-07T00:00:00Z")),
            Just(("America/New_York", "2026-10-31T00:00:00Z")),
            Just(("Australia/Lord_Howe", "2026-04-03T00:00:00Z")),
            Just(("Australia/Lord_Howe", "2026-10-02T00:00:00Z")),
            Just(("Africa/Cairo", "2026-04-23T00:00:00Z")),
            Just(("Asia/Kathmandu", "2026-06-01T00:00:00Z")),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        /// Every minute is looked at: what is found is exactly the runs of minutes of work in which nobody is busy and which are long enough.
        #[test]
        fn a_time_is_found_if_and_only_if_there_is_one(
            (zone, day) in zones(),
            begins in 0..24 * 60_i64,
            lasts in 1..3 * 24 * 60_i64,
            minutes in 1..300_u32,
            taken in prop::collection::vec((0..4 * 24 * 60_i64, 0..400_i64), 0..12),
            (one, other) in (0..=24 * 60_u16, 0..=24 * 60_u16),
            hours in any::<bool>(),
            days in prop::collection::vec(any::<bool>(), 7),
        ) {
            let zone: Zone = zone.parse().unwrap();
            let day = at(day).as_millis() / 60_000;
            let (first, last) = (day + begins, day + begins + lasts);
            let minute = |minute: i64| Timestamp::from_millis(minute * 60_000);
            let week = [Day::Monday, Day::Tuesday, Day::Wednesday, Day::Thursday, Day::Friday, Day::Saturday, Day::Sunday];
            let days = week.into_iter().zip(days).filter_map(|(day, works)| works.then_some(day)).collect();
            let work = WorkingHours { from: DayTime(one.min(other)), to: DayTime(one.max(other)), days };
            prop_assume!(work.from < work.to);

            let mut free = if hours {
                minutes_of_work(&zone, &work, first, last)
            } else {
                vec![true; lasts as usize]
            };
            for (from, length) in &taken {
                for moment in day + from..day + from + length {
                    if (first..last).contains(&moment) {
                        free[(moment - first) as usize] = false;
                    }
                }
            }
            let mut expected = Vec::new();
            let mut from = first;
            for run in free.chunk_by(|one, other| one == other) {
                let to = from + run.len() as i64;
                if run[0] && run.len() >= minutes as usize {
                    expected.push(Window { from: minute(from), to: minute(to) });
                }
                from = to;
            }

            let taken = taken.iter().map(|(from, length)| Window { from: minute(day + from), to: minute(day + from + length) });
            let range = Range { from: minute(first), to: minute(last) };
            let found = windows(taken.collect(), range, minutes, &zone, hours.then_some(&work));
            prop_assert_eq!(found, expected);
        }
    }
}
