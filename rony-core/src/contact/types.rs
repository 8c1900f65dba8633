//! What a contact is, and its own events.

use serde::{Deserialize, Serialize};

use crate::{Error, Result, id::UserId, stream::EventBody, text, time::Timestamp, username::UsernameKey};

/// Groups that a contact can be in.
const MOST_GROUPS: usize = 32;
/// The longest name of a group, in characters.
const GROUP_LIMIT: usize = 64;
/// The longest nickname, in characters.
const NICKNAME_LIMIT: usize = 80;
/// The longest note, in characters.
const NOTE_LIMIT: usize = 4_000;

/// Somebody in a person's contacts, or whom the person has blocked, as only this person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contact {
    /// Who.
    pub user_id: UserId,
    /// They are in the list; false for somebody who is only blocked.
    pub listed: bool,
    /// They stand at the top of the list.
    pub favorite: bool,
    /// The groups they are in, each once.
    pub groups: Vec<String>,
    /// What the owner calls them; empty: by their own name.
    pub nickname: String,
    /// What the owner wants to remember of them.
    pub note: String,
    /// They can neither write to the owner directly nor see how present the owner is.
    pub blocked: bool,
    /// Since when.
    pub created_at: Timestamp,
}

/// Whom to add, and how: either `user_id` or `username`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct AddContact {
    /// Who.
    pub user_id: Option<UserId>,
    /// Who, by the name under which they sign in; an `@` in front does no harm.
    pub username: Option<String>,
    /// They stand at the top of the list.
    pub favorite: Option<bool>,
    /// The groups they are in: at most 32, each of at most 64 characters.
    pub groups: Option<Vec<String>>,
    /// What the owner calls them, at most 80 characters; empty: by their own name.
    pub nickname: Option<String>,
    /// What the owner wants to remember of them, at most 4,000 characters.
    pub note: Option<String>,
    /// They can neither write to the owner directly nor see how present the owner is.
    pub blocked: Option<bool>,
}

/// What changes; what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ContactChanges {
    /// They stand at the top of the list.
    pub favorite: Option<bool>,
    /// All groups they are in from now on: at most 32, each of at most 64 characters.
    pub groups: Option<Vec<String>>,
    /// What the owner calls them, at most 80 characters; empty: by their own name.
    pub nickname: Option<String>,
    /// What the owner wants to remember of them, at most 4,000 characters.
    pub note: Option<String>,
    /// They can neither write to the owner directly nor see how present the owner is. This one can be set for people who
    /// are not in the list, too.
    pub blocked: Option<bool>,
}

/// By what a contact-to-be is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    Id(UserId),
    Username(UsernameKey),
}

impl AddContact {
    /// Who is meant, and the rest, both checked.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] unless exactly one of `user_id` and `username` is there, and as [`ContactChanges::validate`].
    pub(super) fn parse(self) -> Result<(Named, ContactChanges)> {
        let named = match (self.user_id, &self.username) {
            (Some(id), None) => Named::Id(id),
            (None, Some(name)) => {
                let name = name.trim();
                Named::Username(UsernameKey::typed(name.strip_prefix('@').unwrap_or(name)))
            }
            _ => {
                let message = "Say who: give either `user_id` or `username`.";
                return Err(Error::invalid("username", message));
            }
        };
        let Self { favorite, groups, nickname, note, blocked, .. } = self;
        Ok((named, ContactChanges { favorite, groups, nickname, note, blocked }.validate()?))
    }
}

impl Contact {
    /// There is a reason to keep it: they are in the list, or blocked.
    #[must_use]
    pub const fn is_kept(&self) -> bool {
        self.listed || self.blocked
    }
}

impl ContactChanges {
    /// The changes as they are stored: texts trimmed, groups each once.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a text that is too long or shows nothing, and for too many groups.
    pub(super) fn validate(mut self) -> Result<Self> {
        if let Some(groups) = self.groups.take() {
            self.groups = Some(validate_groups(&groups)?);
        }
        if let Some(nickname) = self.nickname.take() {
            let empty = nickname.trim().is_empty();
            let checked =
                if empty { String::new() } else { text::line("nickname", &nickname, NICKNAME_LIMIT)? };
            self.nickname = Some(checked);
        }
        if let Some(note) = self.note.take() {
            self.note = Some(text::block("note", &note, NOTE_LIMIT)?);
        }
        Ok(self)
    }

    /// Writes them over `contact`.
    pub fn apply(&self, contact: &mut Contact) {
        let Self { favorite, groups, nickname, note, blocked } = self.clone();
        contact.favorite = favorite.unwrap_or(contact.favorite);
        contact.blocked = blocked.unwrap_or(contact.blocked);
        contact.groups = groups.unwrap_or_else(|| std::mem::take(&mut contact.groups));
        contact.nickname = nickname.unwrap_or_else(|| std::mem::take(&mut contact.nickname));
        contact.note = note.unwrap_or_else(|| std::mem::take(&mut contact.note));
    }
}

fn validate_groups(groups: &[String]) -> Result<Vec<String>> {
    if groups.len() > MOST_GROUPS {
        let message = format!("A contact can be in at most {MOST_GROUPS} groups.");
        return Err(Error::invalid("groups", message));
    }
    let mut checked: Vec<String> = Vec::with_capacity(groups.len());
    for group in groups {
        let group = text::line("groups", group, GROUP_LIMIT)?;
        if !checked.contains(&group) {
            checked.push(group);
        }
    }
    Ok(checked)
}

/// What happens to a person's contacts, in this person's own stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type")]
pub enum ContactEvent {
    /// Somebody was added, or something about them was changed.
    #[serde(rename = "contact.changed")]
    Changed {
        /// They, as they are now.
        contact: Contact,
    },
    /// Somebody is neither in the list nor blocked any more.
    #[serde(rename = "contact.removed")]
    Removed {
        /// Who.
        user_id: UserId,
    },
}

impl EventBody for ContactEvent {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(changes: ContactChanges, field: &str) {
        match changes.validate() {
            Err(Error::Invalid(fields)) => assert_eq!(fields[0].field, field),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn exactly_one_way_of_naming_is_taken() {
        let (user_id, username) = (UserId(uuid::Uuid::from_u128(1)), "Ann".to_owned());
        let by_id = AddContact { user_id: Some(user_id), ..AddContact::default() };
        assert_eq!(by_id.clone().parse().unwrap().0, Named::Id(user_id));
        let both = AddContact { username: Some(username), ..by_id };
        assert_eq!(both.parse().unwrap_err().code(), "invalid");
        assert_eq!(AddContact::default().parse().unwrap_err().code(), "invalid");
    }

    #[test]
    fn texts_and_groups_have_their_limits() {
        refused(ContactChanges { nickname: Some("x".repeat(81)), ..Default::default() }, "nickname");
        refused(ContactChanges { note: Some("x".repeat(4_001)), ..Default::default() }, "note");
        refused(ContactChanges { groups: Some(vec![" ".into()]), ..Default::default() }, "groups");
        let many = (0..33).map(|n| n.to_string()).collect();
        refused(ContactChanges { groups: Some(many), ..Default::default() }, "groups");
    }

    #[test]
    fn an_empty_nickname_takes_the_old_one_away() {
        let changes = ContactChanges { nickname: Some("  ".into()), ..Default::default() };
        assert_eq!(changes.validate().unwrap().nickname.unwrap(), "");
    }
}
