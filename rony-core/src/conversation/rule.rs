//! The rules of conversations, as pure functions over facts that the store reads inside its transaction.

use super::{ConversationChange, Kind, Visibility};
use crate::{
    Error, Result,
    member::{Newcomer, may_bring},
    permission::{Action, Place, check},
};

/// Whether somebody may be put into a conversation that is being started; `position` is theirs in `member_ids`.
///
/// # Errors
///
/// What [`may_bring`] says; for direct conversations code `blocked` whoever of the two blocked the other.
pub fn may_start(kind: Kind, newcomer: Newcomer, position: usize) -> Result<()> {
    if kind == Kind::Direct && (newcomer.blocks || newcomer.blocked) {
        return Err(Error::forbidden("blocked", "You cannot write to this person."));
    }
    may_bring(newcomer, "member_ids", position)
}

/// Whether a conversation may be changed like that. Direct ones have nothing but an archive; the one that everybody is in
/// stays public and open.
///
/// # Errors
///
/// What [`check`] says; codes `direct_conversation`, `general`.
pub fn may_change_conversation(place: Place, general: bool, change: &ConversationChange) -> Result<()> {
    check(Action::Manage, place)?;
    if place.direct && !change.is_only_archiving() {
        return Err(Error::forbidden("direct_conversation", "A direct conversation can only be archived."));
    }
    let hides = change.visibility == Some(Visibility::Private) || change.archived == Some(true);
    if general && hides {
        return Err(Error::forbidden("general", "This conversation is for everybody, and stays open."));
    }
    Ok(())
}

/// Whether a conversation may be deleted for good: by its owners, and never the one that everybody is in.
///
/// # Errors
///
/// What [`check`] says; code `general`.
pub fn may_delete_conversation(place: Place, general: bool) -> Result<()> {
    check(Action::Own, place)?;
    if general {
        return Err(Error::forbidden("general", "This conversation is for everybody, and stays."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permission::Role;

    const FINE: Newcomer = Newcomer { exists: true, deactivated: false, blocks: false, blocked: false };
    const OWNER: Place = Place { role: Some(Role::Owner), public: true, direct: false, archived: false };

    #[track_caller]
    fn refused(answer: Result<()>, code: &str) {
        assert_eq!(answer.unwrap_err().code(), code);
    }

    #[test]
    fn a_block_stands_between_two_people_whoever_made_it() {
        may_start(Kind::Direct, FINE, 0).unwrap();
        refused(may_start(Kind::Direct, Newcomer { blocks: true, ..FINE }, 0), "blocked");
        refused(may_start(Kind::Direct, Newcomer { blocked: true, ..FINE }, 0), "blocked");
        may_start(Kind::Group, Newcomer { blocked: true, ..FINE }, 0).unwrap();
        refused(may_start(Kind::Direct, Newcomer { deactivated: true, ..FINE }, 0), "invalid");
    }

    #[test]
    fn general_stays_open_and_undeleted_even_for_its_owners() {
        may_delete_conversation(OWNER, false).unwrap();
        refused(may_delete_conversation(OWNER, true), "general");
        let topic = ConversationChange { topic: Some("News".into()), ..Default::default() };
        may_change_conversation(OWNER, true, &topic).unwrap();
        for hides in [
            ConversationChange { visibility: Some(Visibility::Private), ..Default::default() },
            ConversationChange { archived: Some(true), ..Default::default() },
        ] {
            may_change_conversation(OWNER, false, &hides).unwrap();
            refused(may_change_conversation(OWNER, true, &hides), "general");
        }
    }

    #[test]
    fn of_a_direct_conversation_only_the_archive_changes() {
        let direct = Place { role: Some(Role::Member), public: false, direct: true, archived: false };
        let archive = ConversationChange { archived: Some(true), ..Default::default() };
        may_change_conversation(direct, false, &archive).unwrap();
        let named = ConversationChange { title: Some("Us".into()), ..archive };
        refused(may_change_conversation(direct, false, &named), "direct_conversation");
    }
}
