//! The rules of membership, as pure functions over facts that the store reads inside its transaction.

use crate::{
    Error, Result,
    permission::{Action, Place, Role, check},
};

/// What is true about somebody who is to be brought into a conversation, as seen from the one who brings them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Newcomer {
    /// There is such an account.
    pub exists: bool,
    /// It is switched off.
    pub deactivated: bool,
    /// They have blocked the one who brings them.
    pub blocks: bool,
    /// The one who brings them has blocked them.
    pub blocked: bool,
}

/// Whether somebody may be brought in: nobody is, by a person whom they blocked. `position` is theirs in the request's
/// list `field`.
///
/// # Errors
///
/// [`Error::Invalid`] when there is nobody whom one could talk to; [`Error::Forbidden`] with code `blocked`.
pub fn may_bring(newcomer: Newcomer, field: &str, position: usize) -> Result<()> {
    let invalid = |message| Err(Error::invalid(format!("{field}[{position}]"), message));
    match newcomer {
        Newcomer { exists: false, .. } => invalid("There is no such person."),
        Newcomer { deactivated: true, .. } => invalid("This account is switched off: leave this person out."),
        Newcomer { blocks: true, .. } => {
            Err(Error::forbidden("blocked", "You cannot add one of these people."))
        }
        _ => Ok(()),
    }
}

/// Whether people may be added with `role`: never with more than one has oneself, and admins by those who manage members.
///
/// # Errors
///
/// What [`check`] says; code `above_own_role`.
pub fn may_add(place: Place, role: Role) -> Result<()> {
    check(Action::Invite, place)?;
    if role > Role::Member {
        check(Action::ManageMembers, place)?;
    }
    not_above(place, role)
}

fn not_above(place: Place, role: Role) -> Result<()> {
    if Some(role) > place.role {
        return Err(Error::forbidden("above_own_role", "You cannot give a role that is above your own."));
    }
    Ok(())
}

/// What is true about a role that is to be different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleChange {
    /// The conversation, and what the one who asks is in it.
    pub place: Place,
    /// The role of the person whom it is about.
    pub before: Role,
    /// The role that they are to have.
    pub after: Role,
    /// They ask for it themselves.
    pub oneself: bool,
    /// The conversation has no other owner.
    pub last_owner: bool,
}

/// Whether a role may be changed: of those below one's own by those who manage members, of anybody by owners, one's own
/// downwards by anybody; never to more than one's own, and the last owner stays one.
///
/// # Errors
///
/// What [`check`] says; codes `above_own_role`, `role_too_low`, `last_owner`.
pub fn may_change_role(change: RoleChange) -> Result<()> {
    let RoleChange { place, before, after, oneself, last_owner } = change;
    check(if oneself { Action::Read } else { Action::ManageMembers }, place)?;
    if place.direct {
        // A direct conversation has no roles; the rule of members says so in its own words.
        return check(Action::ManageMembers, place);
    }
    not_above(place, after)?;
    if !oneself {
        outranks(place, before)?;
    }
    if before == Role::Owner && after < Role::Owner && last_owner {
        return Err(needs_an_owner());
    }
    Ok(())
}

/// Owners outrank everybody, others those below them.
fn outranks(place: Place, other: Role) -> Result<()> {
    if place.role != Some(Role::Owner) && place.role <= Some(other) {
        return Err(Error::forbidden(
            "role_too_low",
            "You cannot do this to somebody with the same role as yours, or a higher one.",
        ));
    }
    Ok(())
}

fn needs_an_owner() -> Error {
    Error::conflict("last_owner", "Make somebody else an owner first: a conversation needs one.")
}

/// What is true about somebody who is to be out of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The conversation, and what the one who asks is in it.
    pub place: Place,
    /// It is the conversation that everybody is in.
    pub general: bool,
    /// The role of the person who is to go.
    pub role: Role,
    /// They ask for it themselves: they leave.
    pub oneself: bool,
    /// The conversation has no other owner.
    pub last_owner: bool,
    /// The conversation has no other member.
    pub alone: bool,
}

/// Whether somebody may leave or be removed: groups may be left at any time, archived ones too, but the last owner hands
/// over first if anybody stays behind.
///
/// # Errors
///
/// What [`check`] says; codes `direct_conversation`, `general`, `role_too_low`, `last_owner`.
pub fn may_remove(removal: Removal) -> Result<()> {
    let Removal { place, general, role, oneself, last_owner, alone } = removal;
    check(if oneself { Action::Read } else { Action::ManageMembers }, place)?;
    if place.direct {
        return Err(Error::forbidden(
            "direct_conversation",
            "A direct conversation cannot be left: mute it instead.",
        ));
    }
    if general {
        return Err(Error::forbidden(
            "general",
            "Everybody is in this conversation, and stays: mute it instead.",
        ));
    }
    if !oneself {
        outranks(place, role)?;
    }
    if last_owner && !alone {
        return Err(needs_an_owner());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
