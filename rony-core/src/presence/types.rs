//! What presence is, and its own events.

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    id::UserId,
    stream::EventBody,
    text,
    time::Timestamp,
    user::{LastSeenPrivacy, STATUS_LIMIT},
};

/// How present somebody is, as others see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// At one of their devices.
    Online,
    /// Connected, but not at their devices.
    Away,
    /// There, and does not want to be disturbed: people choose it, devices do not.
    Busy,
    /// Not connected, or appears so.
    #[default]
    Offline,
}

/// How present a device is. The most present of a person's devices counts, which is the greatest of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeviceStatus {
    /// It is connected, and nobody uses it.
    Away,
    /// It is used.
    Online,
}

impl From<DeviceStatus> for Status {
    fn from(status: DeviceStatus) -> Self {
        match status {
            DeviceStatus::Away => Self::Away,
            DeviceStatus::Online => Self::Online,
        }
    }
}

/// How somebody wants to appear.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetPresence {
    /// `online`: as present as the devices are; `away` or `busy`: so, as long as a device is connected; `offline`: always
    /// offline.
    pub status: Status,
    /// What they are up to, at most 100 characters on one line; empty takes it away, left out leaves it.
    #[serde(default)]
    pub text: Option<String>,
    /// When this ends: the status is as present as the devices are again, and a text that is given is gone.
    #[serde(default)]
    pub until: Option<Timestamp>,
}

impl SetPresence {
    /// The wish as it is stored.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for an end in the past, and for a text that is too long or shows nothing.
    pub(super) fn validate(mut self, now: Timestamp) -> Result<Self> {
        if self.until.is_some_and(|until| until <= now) {
            return Err(Error::invalid("until", "This is in the past: give a time that is still to come."));
        }
        if let Some(written) = self.text.as_deref().filter(|text| !text.is_empty()) {
            self.text = Some(text::line("text", written, STATUS_LIMIT)?);
        }
        Ok(self)
    }
}

/// How somebody has chosen to appear, as they themselves see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnPresence {
    /// As in the request.
    pub status: Status,
    /// When the status ends; `null`: it stays.
    pub until: Option<Timestamp>,
    /// What they are up to; empty when nothing is given.
    pub text: String,
    /// When the text ends; `null`: it stays.
    pub text_until: Option<Timestamp>,
}

/// What is kept of somebody's presence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Who.
    pub user: UserId,
    /// How they want to appear.
    pub status: Status,
    /// When that ends.
    pub until: Option<Timestamp>,
    /// What they are up to.
    pub text: String,
    /// When that ends.
    pub text_until: Option<Timestamp>,
    /// When they were last seen by others.
    pub last_seen: Option<Timestamp>,
    /// Who is told when that was.
    pub last_seen_privacy: LastSeenPrivacy,
}

impl Chosen {
    /// As the person sees it at `now`: what has ended is gone.
    #[must_use]
    pub fn own(&self, now: Timestamp) -> OwnPresence {
        let status = self.status_at(now);
        let text = self.text_at(now);
        OwnPresence {
            status,
            until: self.until.filter(|_| status != Status::Online),
            text: text.to_owned(),
            text_until: self.text_until.filter(|_| !text.is_empty()),
        }
    }

    /// How they want to appear at `now`.
    #[must_use]
    pub fn status_at(&self, now: Timestamp) -> Status {
        if self.until.is_some_and(|until| until <= now) { Status::Online } else { self.status }
    }

    /// What they are up to at `now`.
    #[must_use]
    pub fn text_at(&self, now: Timestamp) -> &str {
        if self.text_until.is_some_and(|until| until <= now) { "" } else { &self.text }
    }
}

/// Somebody's presence, as somebody else is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PresenceChange {
    /// Whose.
    pub user_id: UserId,
    /// How present they are.
    pub status: Status,
    /// What they are up to; empty when nothing is given.
    pub text: String,
    /// Since when they are that present; for somebody who is offline, when they were last seen. `null` when that is not
    /// known, or not told.
    pub since: Option<Timestamp>,
}

/// What happens to somebody's presence for good, in their own stream: all else is not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type")]
pub enum PresenceEvent {
    /// They chose how to appear.
    #[serde(rename = "presence.set")]
    Set {
        /// What they chose.
        presence: OwnPresence,
    },
}

impl EventBody for PresenceEvent {}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_millis(1_000_000)
    }

    #[test]
    fn what_has_ended_is_gone() {
        let end = now().plus(std::time::Duration::from_secs(60));
        let until = Some(end);
        let chosen = Chosen {
            user: UserId(uuid::Uuid::nil()),
            status: Status::Busy,
            until,
            text: "Lunch".to_owned(),
            text_until: until,
            last_seen: None,
            last_seen_privacy: LastSeenPrivacy::Everybody,
        };
        let own = chosen.own(now());
        assert_eq!((own.status, own.text.as_str(), own.until), (Status::Busy, "Lunch", until));
        let own = chosen.own(end);
        assert_eq!((own.status, own.text.as_str(), own.until), (Status::Online, "", None));
    }

    #[test]
    fn a_wish_ends_in_the_future_and_shows_something() {
        let wish = SetPresence { until: Some(now()), ..SetPresence::default() };
        assert_eq!(wish.validate(now()).unwrap_err().code(), "invalid");
        let wish = SetPresence { text: Some(" \u{200b}".to_owned()), ..SetPresence::default() };
        assert_eq!(wish.validate(now()).unwrap_err().code(), "invalid");
        let wish = SetPresence { text: Some(" Lunch ".to_owned()), ..SetPresence::default() };
        assert_eq!(wish.validate(now()).unwrap().text.unwrap(), "Lunch");
    }
}
