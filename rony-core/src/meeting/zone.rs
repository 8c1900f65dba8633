//! Local times and the zones that give them a meaning.

use std::{fmt, str::FromStr};

use jiff::{
    civil::DateTime,
    tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::time::Timestamp;

/// A time zone of the database of IANA, by its name: `Europe/Prague`.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, example = "Europe/Prague"))]
pub struct Zone(TimeZone);

/// What names no zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such time zone: write a name such as Europe/Prague")]
pub struct ZoneError;

impl Zone {
    /// Its name, as the database writes it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// What the clocks show at that moment.
    #[must_use]
    pub fn local(&self, moment: Timestamp) -> LocalTime {
        LocalTime(self.civil(moment))
    }

    pub(super) fn civil(&self, moment: Timestamp) -> DateTime {
        self.0.to_datetime(moment.into())
    }

    /// The moment at which clocks show that, as calendars understand it (RFC 5545, 3.3.5): of a time that comes twice the first one, and of one
    /// that is left out what it would be if the clocks were set later.
    #[must_use]
    pub fn moment(&self, local: LocalTime) -> Timestamp {
        self.0
            .to_ambiguous_timestamp(local.0)
            .compatible()
            .map_or(Timestamp::from_millis(i64::MAX), Into::into)
    }

    /// The first moment at which clocks show that or more: of a time that is left out, when the clocks are set.
    pub(super) fn first_moment(&self, local: DateTime) -> Timestamp {
        let ambiguous = self.0.to_ambiguous_timestamp(local);
        let Ok(moment) = ambiguous.compatible() else { return Timestamp::from_millis(i64::MAX) };
        match ambiguous.offset() {
            AmbiguousOffset::Gap { .. } => {
                // Strictly before: the moment itself may be the one.
                let behind = Timestamp::from(moment).plus(std::time::Duration::from_millis(1));
                let set = self.0.preceding(behind.into()).next().map(|transition| transition.timestamp());
                set.unwrap_or(moment).into()
            }
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => moment.into(),
        }
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Zone {
    type Err = ZoneError;

    /// The copy within this program is asked: what is a time zone should not depend on the machine.
    fn from_str(text: &str) -> Result<Self, ZoneError> {
        let zone = TimeZoneDatabase::bundled().get(text.trim()).map_err(|_| ZoneError)?;
        if zone.iana_name().is_some() { Ok(Self(zone)) } else { Err(ZoneError) }
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// What clocks and calendars show somewhere, to the minute: `2026-11-27T15:00`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, example = "2026-11-27T15:00"))]
pub struct LocalTime(DateTime);

const FORM: &str = "%Y-%m-%dT%H:%M";

/// What is no local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a local time such as 2026-11-27T15:00")]
pub struct LocalTimeError;

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.strftime(FORM).fmt(f)
    }
}

impl fmt::Debug for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for LocalTime {
    type Err = LocalTimeError;

    fn from_str(text: &str) -> Result<Self, LocalTimeError> {
        DateTime::strptime(FORM, text).map(Self).map_err(|_| LocalTimeError)
    }
}

impl Serialize for LocalTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LocalTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(zone: &str, local: &str, moment: &str) {
        let zone: Zone = zone.parse().unwrap();
        assert_eq!(zone.moment(local.parse().unwrap()), moment.parse().unwrap(), "{local} in {zone:?}");
    }

    #[test]
    fn the_rules_of_a_zone_decide_what_a_local_time_is() {
        is("Europe/Prague", "2026-11-27T15:00", "2026-11-27T14:00:00Z");
        is("Europe/Prague", "2026-07-01T15:00", "2026-07-01T13:00:00Z");
        // Left out, and twice.
        is("Europe/Prague", "2026-03-29T02:30", "2026-03-29T01:30:00Z");
        is("Europe/Prague", "2026-10-25T02:30", "2026-10-25T00:30:00Z");
        is("UTC", "2026-03-29T02:30", "2026-03-29T02:30:00Z");
        is("asia/kathmandu", "2026-01-01T00:00", "2025-12-31T18:15:00Z");
    }

    #[test]
    fn working_hours_that_are_left_out_begin_when_the_clocks_are_set() {
        let zone: Zone = "Europe/Prague".parse().unwrap();
        for local in ["2026-03-29T02:00", "2026-03-29T02:30", "2026-03-29T03:00"] {
            let local: LocalTime = local.parse().unwrap();
            assert_eq!(zone.first_moment(local.0), "2026-03-29T01:00:00Z".parse().unwrap(), "{local}");
        }
    }

    #[test]
    fn what_is_no_zone_and_no_time_is_refused() {
        for zone in ["", "Mars/Olympus", "+01:00", "CET+1"] {
            assert_eq!(zone.parse::<Zone>(), Err(ZoneError), "{zone}");
        }
        for time in
            ["", "2026-11-27", "2026-02-30T10:00", "2026-11-27T15:00Z", "2026-11-27T15:00:00+01:00", "15:00"]
        {
            assert_eq!(time.parse::<LocalTime>(), Err(LocalTimeError), "{time}");
        }
        let zone: Zone = serde_json::from_str("\"europe/prague\"").unwrap();
        assert_eq!(serde_json::to_string(&zone).unwrap(), "\"Europe/Prague\"");
        let time: LocalTime = serde_json::from_str("\"2026-11-07T05:00\"").unwrap();
        assert_eq!(serde_json::to_string(&time).unwrap(), "\"2026-11-07T05:00\"");
    }
}
