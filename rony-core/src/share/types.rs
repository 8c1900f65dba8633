//! What a link is.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    file::{Item, LinkLevel},
    id::{ItemId, ShareId, UserId},
    password, patch,
    secret::{Secret, Token},
    text,
    time::Timestamp,
    username::DisplayName,
};

/// The longest name of a link, in characters.
const NAME: usize = 100;
/// The most downloads that a link can be limited to.
const MOST_DOWNLOADS: i64 = 1_000_000;

/// A link, as those who look after it see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Share {
    /// Its id.
    pub id: ShareId,
    /// The file or folder that it opens.
    pub file_id: ItemId,
    /// What its makers call it; may be empty.
    pub name: String,
    /// What its holders may do.
    pub level: LinkLevel,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// When it ends; `null`: not by itself.
    pub expires_at: Option<Timestamp>,
    /// It wants a password.
    pub has_password: bool,
    /// How many downloads it is good for; `null`: any number.
    pub max_downloads: Option<i64>,
    /// How many there were.
    pub downloads: i64,
    /// Who opens it is noted.
    pub log_openings: bool,
    /// How often it was opened.
    pub opened: i64,
    /// When it was last opened.
    pub last_opened_at: Option<Timestamp>,
}

/// A wish for a link.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewShare {
    /// What its makers call it; may be empty.
    #[serde(default)]
    pub name: String,
    /// What its holders may do: `viewer`, `editor`, or for folders `drop`.
    pub level: LinkLevel,
    /// When it ends; not by itself, when left out.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// The password that it wants, of at least 4 characters; none, when left out.
    #[serde(default)]
    pub password: Option<Secret>,
    /// How many downloads it is good for, 1 to 1,000,000; any number, when left out.
    #[serde(default)]
    pub max_downloads: Option<i64>,
    /// Whether to note who opens it.
    #[serde(default)]
    pub log_openings: bool,
}

impl NewShare {
    /// A link of this level without conditions.
    #[must_use]
    pub const fn of(level: LinkLevel) -> Self {
        let name = String::new();
        Self { name, level, expires_at: None, password: None, max_downloads: None, log_openings: false }
    }

    /// Checks what can be checked without looking anywhere.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for an end in the past, a password that is too short or too long, a number of downloads that makes no sense, and a
    /// name that is too long.
    pub fn validate(mut self, now: Timestamp) -> Result<Self> {
        self.name = label(&self.name)?;
        ends_later(self.expires_at, now)?;
        self.password.as_ref().map_or(Ok(()), password::check_shared)?;
        some_downloads(self.max_downloads)?;
        Ok(self)
    }
}

/// What changes about a link; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ShareChange {
    /// What its makers call it.
    #[serde(default)]
    pub name: Option<String>,
    /// What its holders may do.
    #[serde(default)]
    pub level: Option<LinkLevel>,
    /// When it ends; `null`: not by itself.
    #[serde(default, deserialize_with = "patch::given")]
    pub expires_at: Option<Option<Timestamp>>,
    /// The password that it wants; `null`: none.
    #[serde(default, deserialize_with = "patch::given")]
    pub password: Option<Option<Secret>>,
    /// How many downloads it is good for, those that there were included; `null`: any number.
    #[serde(default, deserialize_with = "patch::given")]
    pub max_downloads: Option<Option<i64>>,
    /// Whether to note who opens it.
    #[serde(default)]
    pub log_openings: Option<bool>,
}

impl ShareChange {
    /// As [`NewShare::validate`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn validate(mut self, now: Timestamp) -> Result<Self> {
        self.name = self.name.as_deref().map(label).transpose()?;
        ends_later(self.expires_at.flatten(), now)?;
        self.password.as_ref().and_then(Option::as_ref).map_or(Ok(()), password::check_shared)?;
        some_downloads(self.max_downloads.flatten())?;
        Ok(self)
    }
}

fn label(name: &str) -> Result<String> {
    Ok(text::line_or_nothing("name", name, NAME)?)
}

fn ends_later(end: Option<Timestamp>, now: Timestamp) -> Result<()> {
    if end.is_some_and(|end| end <= now) {
        return Err(Error::invalid("expires_at", "This is in the past: give a time that is still to come."));
    }
    Ok(())
}

fn some_downloads(most: Option<i64>) -> Result<()> {
    if most.is_some_and(|most| !(1..=MOST_DOWNLOADS).contains(&most)) {
        let detail = format!("Give a number from 1 to {MOST_DOWNLOADS}, or leave it out.");
        return Err(Error::invalid("max_downloads", detail));
    }
    Ok(())
}

/// A link was made.
#[derive(Clone, Debug)]
pub struct ShareMade {
    /// What its address carries: shown now, and never again.
    pub token: Token,
    /// What is kept of it.
    pub share: Share,
}

/// A link, for who holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SharedView {
    /// What its makers call it; may be empty.
    pub name: String,
    /// What may be done.
    pub level: LinkLevel,
    /// The name of who shares.
    pub shared_by: DisplayName,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// How many more downloads it is good for; `null`: any number.
    pub downloads_left: Option<i64>,
}

/// A link was opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What opens everything that the link leads to, for a while.
    pub pass: Token,
    /// When the pass ends.
    pub expires_at: Timestamp,
    /// The link.
    pub share: SharedView,
    /// What it leads to. Of a letter box only what it is called is told.
    pub item: Item,
}

/// Somebody opened a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Opening {
    /// When.
    pub at: Timestamp,
    /// The network from which, not the very address; empty when it is not known.
    pub address: String,
    /// The program that it was done with; may be empty.
    pub user_agent: String,
}

/// One download's address.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// What the address carries.
    pub token: Token,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// The network of an address: enough to tell somebody from somebody else, and not to find anybody. The first three quarters of an
/// IPv4 address, the first 48 bits of an IPv6 address.
#[must_use]
pub fn shortened(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => format!("{}/24", Ipv4Addr::from_bits(address.to_bits() >> 8 << 8)),
        IpAddr::V6(address) => format!("{}/48", Ipv6Addr::from_bits(address.to_bits() >> 80 << 80)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_ends_later_and_has_conditions_that_make_sense() {
        let now = Timestamp::from_millis(1_000);
        let new = || NewShare::of(LinkLevel::Viewer);
        let refused = |new: NewShare| new.validate(now).unwrap_err().code();
        assert_eq!(refused(NewShare { expires_at: Some(now), ..new() }), "invalid");
        assert_eq!(refused(NewShare { max_downloads: Some(0), ..new() }), "invalid");
        assert_eq!(refused(NewShare { password: Some("abc".into()), ..new() }), "invalid");
        assert_eq!(refused(NewShare { name: "x".repeat(101), ..new() }), "invalid");
        NewShare { password: Some("abcd".into()), ..new() }.validate(now).unwrap();
        let change = ShareChange { max_downloads: Some(Some(0)), ..ShareChange::default() };
        assert_eq!(change.validate(now).unwrap_err().code(), "invalid");
        let change: ShareChange = serde_json::from_str(r#"{"expires_at":null}"#).unwrap();
        assert_eq!((change.expires_at, change.max_downloads), (Some(None), None));
    }

    #[test]
    fn an_address_is_kept_as_its_network() {
        let short = |address: &str| shortened(address.parse().unwrap());
        assert_eq!(short("192.0.2.77"), "192.0.2.0/24");
        assert_eq!(short("::ffff:192.0.2.77"), "192.0.2.0/24");
        assert_eq!(short("2001:db8:1:2:3::4"), "2001:db8:1::/48");
    }
}
