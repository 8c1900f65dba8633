//! What people say about themselves, and how they change it.

use serde::{Deserialize, Serialize};

use super::User;
use crate::{
    Error, FieldError, Result,
    id::UserId,
    patch,
    stream::EventBody,
    text::{self, TextError},
    time::Timestamp,
    username::DisplayName,
};

/// The longest title, in characters.
const TITLE_LIMIT: usize = 100;
/// The longest telephone number, in characters: the 15 digits of E.164, written generously, with an extension.
const PHONE_LIMIT: usize = 40;
/// The longest e-mail address, in bytes (RFC 5321, 4.5.3.1.3, less the angle brackets).
const EMAIL_LIMIT: usize = 254;
/// The longest text about oneself, in characters.
const ABOUT_LIMIT: usize = 2_000;
/// The longest status text, in characters.
pub(crate) const STATUS_LIMIT: usize = 100;

/// Who is told when somebody was last here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LastSeenPrivacy {
    /// Everybody with an account.
    #[default]
    Everybody,
    /// Those whom the person has in their contacts.
    Contacts,
    /// Nobody.
    Nobody,
}

/// Somebody as they see themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Profile {
    /// What everybody sees.
    #[serde(flatten)]
    pub user: User,
    /// Who is told when they were last here.
    pub last_seen_privacy: LastSeenPrivacy,
}

/// What somebody wants to be different about their profile; what is left out stays, and `null` or an empty text takes
/// away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ProfileChange {
    /// The name that others see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<DisplayName>,
    /// What they are: a position, a team; at most 100 characters on one line.
    #[serde(deserialize_with = "patch::text_or_null", skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// A telephone number; at most 40 characters on one line.
    #[serde(deserialize_with = "patch::text_or_null", skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// An e-mail address.
    #[serde(deserialize_with = "patch::text_or_null", skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// A name of the IANA time zone database, such as `Europe/Prague`.
    #[serde(deserialize_with = "patch::text_or_null", skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// What they say about themselves; at most 2,000 characters on any number of lines.
    #[serde(deserialize_with = "patch::text_or_null", skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// What they are up to; at most 100 characters on one line. A new text without `status_until` has no end.
    #[serde(deserialize_with = "patch::text_or_null", skip_serializing_if = "Option::is_none")]
    pub status_text: Option<String>,
    /// When the status text stops being true; `null`: never.
    #[serde(deserialize_with = "patch::given", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Timestamp>))]
    pub status_until: Option<Option<Timestamp>>,
    /// Who is told when they were last here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seen_privacy: Option<LastSeenPrivacy>,
}

impl ProfileChange {
    /// Checks what can be checked without looking anywhere, and brings texts into form.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] that names every field that is not right.
    pub fn validate(mut self, now: Timestamp) -> Result<Self> {
        let mut wrong = Vec::new();
        tidy(&mut self.title, &mut wrong, |text| line("title", text, TITLE_LIMIT));
        tidy(&mut self.phone, &mut wrong, |text| line("phone", text, PHONE_LIMIT));
        tidy(&mut self.email, &mut wrong, email);
        tidy(&mut self.time_zone, &mut wrong, time_zone);
        tidy(&mut self.about, &mut wrong, |text| Ok(text::block("about", text, ABOUT_LIMIT)?));
        tidy(&mut self.status_text, &mut wrong, |text| line("status_text", text, STATUS_LIMIT));
        if self.status_until.flatten().is_some_and(|until| until <= now) {
            wrong.push(field("status_until", "This is in the past: give a time that is still to come."));
        }
        if wrong.is_empty() { Ok(self) } else { Err(Error::Invalid(wrong)) }
    }

    /// Writes the change over a profile.
    pub fn apply(&self, profile: &mut Profile) {
        let user = &mut profile.user;
        for (new, old) in [
            (&self.title, &mut user.title),
            (&self.phone, &mut user.phone),
            (&self.email, &mut user.email),
            (&self.time_zone, &mut user.time_zone),
            (&self.about, &mut user.about),
        ] {
            if let Some(new) = new {
                old.clone_from(new);
            }
        }
        if let Some(name) = &self.display_name {
            user.display_name.clone_from(name);
        }
        if let Some(text) = &self.status_text {
            user.status_text.clone_from(text);
            // The end of another text says nothing about this one.
            user.status_until = None;
        }
        if let Some(until) = self.status_until {
            user.status_until = until;
        }
        if user.status_text.is_empty() {
            user.status_until = None;
        }
        profile.last_seen_privacy = self.last_seen_privacy.unwrap_or(profile.last_seen_privacy);
    }
}

/// Brings a text that is given, and not empty, into form.
fn tidy(value: &mut Option<String>, wrong: &mut Vec<FieldError>, check: impl Fn(&str) -> Result<String>) {
    let Some(text) = value.as_mut().filter(|text| !text.is_empty()) else { return };
    match check(text) {
        Ok(tidied) => *text = tidied,
        Err(Error::Invalid(fields)) => wrong.extend(fields),
        Err(other) => wrong.push(field("body", &other.to_string())),
    }
}

fn field(name: &str, message: &str) -> FieldError {
    FieldError { field: name.to_owned(), message: message.to_owned() }
}

fn line(name: &'static str, value: &str, max: usize) -> Result<String> {
    text::line(name, value, max).map_err(|error: TextError| error.into())
}

/// Whether it looks like an address at all. Whether anybody reads what is sent there, only sending could tell.
fn email(value: &str) -> Result<String> {
    let value = line("email", value, EMAIL_LIMIT)?;
    let (local, domain) = value.rsplit_once('@').unwrap_or_default();
    let fine = !local.is_empty()
        && !domain.is_empty()
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !value.contains(char::is_whitespace)
        && value.len() <= EMAIL_LIMIT;
    if fine {
        Ok(value)
    } else {
        Err(Error::invalid("email", "This is no e-mail address: write one such as ann@example.org."))
    }
}

/// The time zone's name as the database of IANA writes it. The copy within this program is asked: what is a time zone
/// should not depend on the machine.
fn time_zone(value: &str) -> Result<String> {
    let zone = jiff::tz::TimeZoneDatabase::bundled().get(value.trim()).ok();
    zone.as_ref().and_then(|zone| zone.iana_name()).map(str::to_owned).ok_or_else(|| {
        Error::invalid("time_zone", "There is no such time zone: write a name such as Europe/Prague.")
    })
}

/// What happens to a person's profile, in this person's own stream: their other devices see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type")]
pub enum ProfileEvent {
    /// Something in it is different.
    #[serde(rename = "profile.changed")]
    Changed {
        /// All of it, as it is now.
        profile: Profile,
    },
}

impl EventBody for ProfileEvent {}

/// A profile on its way to be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeProfile {
    /// Whose.
    pub user_id: UserId,
    /// When.
    pub at: Timestamp,
    /// What is to be different.
    pub change: ProfileChange,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_millis(0)
    }

    fn read(json: &str) -> ProfileChange {
        serde_json::from_str(json).unwrap()
    }

    #[track_caller]
    fn refused(json: &str, fields: &[&str]) {
        let Err(Error::Invalid(wrong)) = read(json).validate(now()) else { panic!("{json} is fine") };
        assert_eq!(wrong.iter().map(|wrong| wrong.field.as_str()).collect::<Vec<_>>(), fields);
    }

    #[track_caller]
    fn kept(json: &str) -> ProfileChange {
        read(json).validate(now()).unwrap_or_else(|error| panic!("{json}: {error}"))
    }

    fn profile() -> Profile {
        let user = User {
            id: UserId(uuid::Uuid::nil()),
            username: "ann".parse().unwrap(),
            display_name: DisplayName::parse("Ann").unwrap(),
            role: crate::permission::ServerRole::Member,
            bot: false,
            title: "Cook".to_owned(),
            phone: String::new(),
            email: String::new(),
            time_zone: String::new(),
            about: String::new(),
            status_text: "Out for lunch".to_owned(),
            status_until: Some(now().plus(std::time::Duration::from_secs(60))),
            avatar: None,
            created_at: now(),
            deactivated_at: None,
        };
        Profile { user, last_seen_privacy: LastSeenPrivacy::Everybody }
    }

    fn after(json: &str) -> Profile {
        let mut profile = profile();
        kept(json).apply(&mut profile);
        profile
    }

    #[test]
    fn what_is_left_out_stays_and_null_takes_away() {
        assert_eq!(after("{}"), profile());
        assert_eq!(after(r#"{"title": null}"#).user.title, "");
        assert_eq!(after(r#"{"title": ""}"#).user.title, "");
        assert_eq!(after(r#"{"phone": " +420 123 "}"#).user.phone, "+420 123");
        assert_eq!(after(r#"{"display_name": null}"#).user.display_name.as_str(), "Ann");
    }

    #[test]
    fn a_new_status_does_not_end_with_the_old_one() {
        assert_eq!(after(r#"{"status_text": "Back"}"#).user.status_until, None);
        assert_eq!(after(r#"{"status_until": null}"#).user.status_until, None);
        assert_eq!(after(r#"{"status_until": null}"#).user.status_text, "Out for lunch");
        assert_eq!(after(r#"{"status_text": null}"#).user.status_until, None);
        let both = after(r#"{"status_text": "Back", "status_until": "1970-01-01T00:00:01.000Z"}"#);
        assert_eq!(both.user.status_until, Some(now().plus(std::time::Duration::from_secs(1))));
        let end_of_nothing = after(r#"{"status_text": "", "status_until": "1970-01-01T00:00:01.000Z"}"#);
        assert_eq!(end_of_nothing.user.status_until, None);
    }

    #[test]
    fn all_wrong_fields_are_named_at_once() {
        refused(
            r#"{"title": "a\nb", "email": "ann", "time_zone": "Mars/Olympus", "about": "\u0000",
                "status_until": "1970-01-01T00:00:00.000Z"}"#,
            &["title", "email", "time_zone", "about", "status_until"],
        );
        assert!(serde_json::from_str::<ProfileChange>(r#"{"role": "administrator"}"#).is_err());
    }

    #[test]
    fn an_email_address_is_checked_lightly() {
        for address in ["ann@example.org", "a.b+c@localhost", "用户@例え.jp"] {
            assert_eq!(kept(&format!(r#"{{"email": " {address}"}}"#)).email.as_deref(), Some(address));
        }
        for address in ["ann", "@example.org", "ann@", "ann lee@example.org", "ann@.org", "ann@org."] {
            refused(&format!(r#"{{"email": "{address}"}}"#), &["email"]);
        }
    }

    #[test]
    fn a_time_zone_has_the_name_that_iana_gave_it() {
        assert_eq!(kept(r#"{"time_zone": "europe/prague"}"#).time_zone.as_deref(), Some("Europe/Prague"));
        assert_eq!(kept(r#"{"time_zone": "UTC"}"#).time_zone.as_deref(), Some("UTC"));
        for zone in ["Europe", "../etc/passwd", "CET-1CEST,M3.5.0,M10.5.0/3", "+02:00"] {
            refused(&format!(r#"{{"time_zone": "{zone}"}}"#), &["time_zone"]);
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_accepted_again_unchanged(text in any::<String>()) {
            let change = ProfileChange {
                title: Some(text.clone()),
                email: Some(text.clone()),
                time_zone: Some(text.clone()),
                about: Some(text),
                ..ProfileChange::default()
            };
            if let Ok(once) = change.validate(now()) {
                prop_assert_eq!(once.clone().validate(now()).unwrap(), once);
            }
        }
    }
}
