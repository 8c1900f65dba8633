//! The rules of invites, as pure functions over facts that the store reads inside its transaction.

use super::{Invite, InvitedTo};
use crate::{
    Error, Result,
    permission::{Action, Place, ServerRole, check},
    time::Timestamp,
    username::DisplayName,
};

/// Who makes an invite, or made it: what is true about them now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    /// The server itself, by its command line.
    Server,
    /// A person.
    Person {
        /// What they may do on the whole server.
        role: ServerRole,
        /// Their account is switched off.
        deactivated: bool,
    },
}

/// Whether an invite may be made: into a conversation by whoever may bring people there, and to an account alone by
/// administrators. Being an administrator opens no conversation. `place`: the conversation and what the maker is in it.
///
/// # Errors
///
/// What [`check`] says; codes `administrators_only`, `account_deactivated`.
pub fn may_make(maker: Maker, place: Option<Place>) -> Result<()> {
    match (maker, place) {
        (Maker::Server, _) => Ok(()),
        (Maker::Person { deactivated: true, .. }, _) => {
            Err(Error::forbidden("account_deactivated", "This account is switched off."))
        }
        (Maker::Person { .. }, Some(place)) => check(Action::Invite, place),
        (Maker::Person { role: ServerRole::Administrator, .. }, None) => Ok(()),
        (Maker::Person { role: ServerRole::Member, .. }, None) => Err(Error::forbidden(
            "administrators_only",
            "Name a conversation to invite people into: only administrators invite people without one.",
        )),
    }
}

/// An invite and everything that decides whether it is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The invite.
    pub invite: Invite,
    /// It was revoked.
    pub revoked: bool,
    /// Who made it, as they are now.
    pub maker: Maker,
    /// The conversation that it leads into, and what its maker is in it now; `None` when it leads into none, or the
    /// conversation is gone.
    pub place: Option<Place>,
    /// The name of who made it.
    pub invited_by: Option<DisplayName>,
    /// What the conversation is called.
    pub conversation: Option<InvitedTo>,
}

/// The invite that a token opens, if it opens one that is good at `now`.
///
/// # Errors
///
/// [`Error::Conflict`] with code `invite_unknown`, `invite_revoked`, `invite_expired` or `invite_used_up`.
pub fn good(offer: Option<Offer>, now: Timestamp) -> Result<Offer> {
    let offer = offer.ok_or_else(unknown)?;
    let Offer { invite, revoked, maker, place, .. } = &offer;
    let gone = invite.conversation_id.is_some() && place.is_none();
    if *revoked || gone || may_make(*maker, *place).is_err() {
        return Err(Error::conflict(
            "invite_revoked",
            "This invitation was taken back. Ask the person who sent it for a new one.",
        ));
    }
    if invite.expires_at.is_some_and(|end| end <= now) {
        return Err(Error::conflict(
            "invite_expired",
            "This invitation has ended. Ask the person who sent it for a new one.",
        ));
    }
    if invite.uses_left.is_some_and(|left| left <= 0) {
        return Err(Error::conflict(
            "invite_used_up",
            "This invitation was used as often as it could be. Ask the person who sent it for a new one.",
        ));
    }
    Ok(offer)
}

/// What is said about a token that opens no invite.
pub(crate) fn unknown() -> Error {
    Error::conflict(
        "invite_unknown",
        "This invitation does not exist here. Copy the whole link again, or ask for a new one.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        id::{ConversationId, InviteId, UserId},
        permission::Role,
    };

    const MEMBER: Maker = Maker::Person { role: ServerRole::Member, deactivated: false };
    const ROOT: Maker = Maker::Person { role: ServerRole::Administrator, deactivated: false };
    const GROUP: Place = Place { role: Some(Role::Member), public: false, direct: false, archived: false };

    fn offer(change: impl FnOnce(&mut Offer)) -> Offer {
        let invite = Invite {
            id: InviteId(uuid::Uuid::nil()),
            created_by: Some(UserId(uuid::Uuid::nil())),
            conversation_id: Some(ConversationId(uuid::Uuid::nil())),
            created_at: Timestamp::from_millis(0),
            expires_at: Some(Timestamp::from_millis(100)),
            uses_left: Some(1),
            used: 0,
        };
        let mut offer = Offer {
            invite,
            revoked: false,
            maker: MEMBER,
            place: Some(GROUP),
            invited_by: None,
            conversation: None,
        };
        change(&mut offer);
        offer
    }

    #[track_caller]
    fn refused(change: impl FnOnce(&mut Offer), code: &str) {
        assert_eq!(good(Some(offer(change)), Timestamp::from_millis(50)).unwrap_err().code(), code);
    }

    #[test]
    fn members_invite_where_they_may_and_administrators_to_the_server() {
        may_make(MEMBER, Some(GROUP)).unwrap();
        may_make(ROOT, None).unwrap();
        may_make(Maker::Server, None).unwrap();
        assert_eq!(may_make(MEMBER, None).unwrap_err().code(), "administrators_only");
        let guest = Place { role: Some(Role::Guest), ..GROUP };
        assert_eq!(may_make(MEMBER, Some(guest)).unwrap_err().code(), "role_too_low");
        let foreign = Place { role: None, ..GROUP };
        assert_eq!(may_make(ROOT, Some(foreign)).unwrap_err().code(), "not_found", "nor do administrators");
        let direct = Place { direct: true, ..GROUP };
        assert_eq!(may_make(MEMBER, Some(direct)).unwrap_err().code(), "direct_conversation");
    }

    #[test]
    fn an_invite_is_good_until_its_end_its_last_use_or_its_revocation() {
        good(Some(offer(|_| ())), Timestamp::from_millis(99)).unwrap();
        assert_eq!(
            good(Some(offer(|_| ())), Timestamp::from_millis(100)).unwrap_err().code(),
            "invite_expired"
        );
        refused(|offer| offer.invite.uses_left = Some(0), "invite_used_up");
        refused(|offer| offer.revoked = true, "invite_revoked");
        let endless = offer(|offer| (offer.invite.uses_left, offer.invite.expires_at) = (None, None));
        good(Some(endless), Timestamp::from_millis(i64::MAX)).unwrap();
        assert_eq!(good(None, Timestamp::from_millis(0)).unwrap_err().code(), "invite_unknown");
    }

    #[test]
    fn an_invite_is_as_good_as_the_one_who_made_it() {
        refused(
            |offer| offer.maker = Maker::Person { role: ServerRole::Member, deactivated: true },
            "invite_revoked",
        );
        refused(|offer| offer.place = Some(Place { role: None, ..GROUP }), "invite_revoked");
        refused(|offer| offer.place = Some(Place { archived: true, ..GROUP }), "invite_revoked");
        refused(|offer| offer.place = None, "invite_revoked");
        let demoted = |offer: &mut Offer| (offer.invite.conversation_id, offer.place) = (None, None);
        refused(demoted, "invite_revoked");
    }
}
