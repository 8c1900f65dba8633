//! Who may do what: roles, actions, and the one rule that decides. What is not allowed here is denied.
//!
//! Ground: the nouns state facts about a place ([`Place`]) and ask [`check`]; lists and searches carry the same rule in
//! their SQL (`visible` of the storage crate).

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// What an account may do on the whole server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ServerRole {
    /// Uses the server.
    Member,
    /// Runs it: people, invitations, reset links, audit.
    Administrator,
}

/// What a member may do in a conversation; a later one may all that an earlier one may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads and writes; adds nobody.
    Guest,
    /// Reads, writes, adds people.
    Member,
    /// Also changes the conversation, its members and others' messages.
    Admin,
    /// Also makes owners, and deletes the conversation.
    Owner,
}

/// What somebody wants to do in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// Know that it exists: title, topic, number of members.
    See,
    /// Read messages and members.
    Read,
    /// Become a member without being added.
    Join,
    /// Write messages, react, type, change or delete own messages.
    Write,
    /// Pin and unpin messages.
    Pin,
    /// Add people, and make invite links.
    Invite,
    /// Change title, topic, icon; archive and bring back.
    Manage,
    /// Change roles below one's own, remove members.
    ManageMembers,
    /// Delete others' messages; see the earlier versions of any.
    Moderate,
    /// Delete the conversation; make owners.
    Own,
}

/// The facts about a conversation and the one who asks that [`check`] decides by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// What the asking person is in it, if anything.
    pub role: Option<Role>,
    /// Anybody with an account may find and join it.
    pub public: bool,
    /// It is between two people, and has neither roles nor guests.
    pub direct: bool,
    /// It is archived: readable, unchangeable.
    pub archived: bool,
}

/// The rule. Denied unless allowed.
///
/// # Errors
///
/// [`Error::NotFound`] when the actor may not even know of the place, [`Error::Forbidden`] when they may see it but not do
/// this, [`Error::Conflict`] with code `archived` when nobody may do it now.
pub fn check(action: Action, place: Place) -> Result<()> {
    let Some(role) = place.role else {
        return match action {
            Action::See | Action::Join if place.public => archived_unless(action == Action::See, place),
            _ if place.public => Err(Error::forbidden("not_a_member", "Join the conversation first.")),
            _ => Err(Error::NotFound("conversation")),
        };
    };
    let needed = match action {
        Action::See | Action::Read | Action::Join | Action::Write => Role::Guest,
        Action::Pin | Action::Invite => Role::Member,
        Action::Manage | Action::ManageMembers | Action::Moderate => Role::Admin,
        Action::Own => Role::Owner,
    };
    if place.direct
        && matches!(action, Action::Invite | Action::ManageMembers | Action::Moderate | Action::Own)
    {
        return Err(Error::forbidden(
            "direct_conversation",
            "A direct conversation is between two people: start a group instead.",
        ));
    }
    if role < needed && !(place.direct && matches!(action, Action::Pin | Action::Manage)) {
        return Err(Error::forbidden(
            "role_too_low",
            "Ask an owner or admin of the conversation to do this.",
        ));
    }
    // Bringing an archived conversation back is managing it, and so is deleting it for good.
    archived_unless(
        matches!(action, Action::See | Action::Read | Action::Manage | Action::Own | Action::ManageMembers),
        place,
    )
}

fn archived_unless(fine: bool, place: Place) -> Result<()> {
    if place.archived && !fine {
        return Err(Error::conflict(
            "archived",
            "This conversation is archived: bring it back before you change it.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUP: Place = Place { role: None, public: false, direct: false, archived: false };

    #[track_caller]
    fn denied(action: Action, place: Place, code: &str) {
        assert_eq!(check(action, place).unwrap_err().code(), code, "{action:?} {place:?}");
    }

    #[test]
    fn a_stranger_does_not_learn_that_a_private_conversation_exists() {
        for action in [Action::See, Action::Read, Action::Join, Action::Write, Action::Own] {
            denied(action, GROUP, "not_found");
        }
    }

    #[test]
    fn a_stranger_may_find_and_join_a_public_one_and_nothing_more() {
        let public = Place { public: true, ..GROUP };
        check(Action::See, public).unwrap();
        check(Action::Join, public).unwrap();
        denied(Action::Read, public, "not_a_member");
        denied(Action::Write, public, "not_a_member");
    }

    #[test]
    fn each_role_may_what_the_ones_below_may() {
        let actions = [
            Action::See,
            Action::Read,
            Action::Join,
            Action::Write,
            Action::Pin,
            Action::Invite,
            Action::Manage,
            Action::ManageMembers,
            Action::Moderate,
            Action::Own,
        ];
        let allowed = |role| actions.map(|action| check(action, Place { role: Some(role), ..GROUP }).is_ok());
        let roles = [Role::Guest, Role::Member, Role::Admin, Role::Owner].map(allowed);
        assert!(
            roles.windows(2).all(|pair| pair[0].iter().zip(pair[1]).all(|(lower, higher)| !lower || higher))
        );
        assert_eq!(roles.map(|row| row.iter().filter(|may| **may).count()), [4, 6, 9, 10]);
    }

    #[test]
    fn an_archived_conversation_is_read_but_not_written() {
        let archived = Place { role: Some(Role::Owner), archived: true, ..GROUP };
        check(Action::Read, archived).unwrap();
        check(Action::Manage, archived).unwrap();
        denied(Action::Write, archived, "archived");
        denied(Action::Join, Place { public: true, role: None, ..archived }, "archived");
    }
}
