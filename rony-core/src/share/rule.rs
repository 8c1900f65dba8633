//! The rules of links, as pure functions over facts that the store reads inside its transaction.

use super::Share;
use crate::{
    Error, Result,
    file::{Deed, ItemKind, Level, LinkLevel, Sight, may},
    id::UserId,
    time::Timestamp,
    username::DisplayName,
};

/// Links that one item can have.
pub const MOST_SHARES: i64 = 100;

/// Whether somebody may make a link to an item, of which they have this sight and which has so many links already.
///
/// # Errors
///
/// What [`may`] says of [`Deed::Share`]; [`Error::Invalid`] for a letter box that is no folder; [`Error::Conflict`] with code
/// `too_many_shares`.
pub fn may_make(sight: Sight, kind: ItemKind, level: LinkLevel, count: i64) -> Result<()> {
    may(Deed::Share, Some(sight))?;
    if level == LinkLevel::Drop && kind == ItemKind::File {
        return Err(Error::invalid("level", "Files can only be put into a folder: choose viewer or editor."));
    }
    if count >= MOST_SHARES {
        let detail = format!("There are {MOST_SHARES} links to this already: revoke one that is not needed.");
        return Err(Error::conflict("too_many_shares", detail));
    }
    Ok(())
}

/// Whether somebody who may share what a link leads to, of which they have this sight, may change the link: who made it, and the owner of the
/// drive. Others could make it open more than its maker meant; they may take it back, and make one of their own.
///
/// # Errors
///
/// [`Error::Forbidden`] with code `not_your_link`.
pub fn may_change(share: &Share, person: UserId, sight: Sight) -> Result<()> {
    if share.created_by == person || sight.level == Level::Owner {
        return Ok(());
    }
    Err(Error::forbidden(
        "not_your_link",
        "Only the person who made this link, and the owner of what it opens, can change it. You can end it and make one of your own.",
    ))
}

/// A link and everything that decides whether it is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The link.
    pub share: Share,
    /// The hash of its password.
    pub password: Option<String>,
    /// It was revoked.
    pub revoked: bool,
    /// What its maker sees of the item now; `None`: it is not there for them, or their account is switched off.
    pub maker: Option<Sight>,
    /// The name of its maker.
    pub shared_by: DisplayName,
}

/// The link, if it is one that is live at `now`, whatever was downloaded.
///
/// # Errors
///
/// [`Error::Conflict`] with code `share_unknown`, `share_revoked` or `share_expired`.
pub fn live(offer: Option<Offer>, now: Timestamp) -> Result<Offer> {
    let offer = offer.ok_or_else(unknown)?;
    if offer.revoked || may(Deed::Share, offer.maker).is_err() {
        return Err(Error::conflict(
            "share_revoked",
            "This link was taken back. Ask the person who sent it for a new one.",
        ));
    }
    if offer.share.expires_at.is_some_and(|end| end <= now) {
        return Err(Error::conflict(
            "share_expired",
            "This link has ended. Ask the person who sent it for a new one.",
        ));
    }
    Ok(offer)
}

/// Whether something can be put in by a link: it is [`live`], and not for looking only.
#[must_use]
pub fn takes(offer: Option<Offer>, now: Timestamp) -> bool {
    live(offer, now).is_ok_and(|offer| offer.share.level != LinkLevel::Viewer)
}

/// The link, if it is [`live`] and there is a download left.
///
/// # Errors
///
/// As [`live`], and code `share_used_up`.
pub fn good(offer: Option<Offer>, now: Timestamp) -> Result<Offer> {
    let offer = live(offer, now)?;
    if offer.share.max_downloads.is_some_and(|most| offer.share.downloads >= most) {
        return Err(used_up());
    }
    Ok(offer)
}

fn used_up() -> Error {
    Error::conflict(
        "share_used_up",
        "This link was used as often as it could be. Ask the person who sent it for a new one.",
    )
}

/// What is said about a token that opens no link.
pub(crate) fn unknown() -> Error {
    Error::conflict(
        "share_unknown",
        "This link does not exist here. Copy the whole link again, or ask for a new one.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{ItemId, ShareId};

    const MANAGER: Sight = Sight { level: Level::Manager, above: None, in_trash: false };

    fn offer(change: impl FnOnce(&mut Offer)) -> Offer {
        let nil = uuid::Uuid::nil();
        let share = Share {
            id: ShareId(nil),
            file_id: ItemId(nil),
            name: String::new(),
            level: LinkLevel::Viewer,
            created_by: UserId(nil),
            created_at: Timestamp::from_millis(0),
            expires_at: Some(Timestamp::from_millis(100)),
            has_password: false,
            max_downloads: Some(2),
            downloads: 1,
            log_openings: false,
            opened: 0,
            last_opened_at: None,
        };
        let shared_by = DisplayName::from_store("Ann".to_owned());
        let mut offer = Offer { share, password: None, revoked: false, maker: Some(MANAGER), shared_by };
        change(&mut offer);
        offer
    }

    #[track_caller]
    fn refused(change: impl FnOnce(&mut Offer), code: &str) {
        assert_eq!(good(Some(offer(change)), Timestamp::from_millis(50)).unwrap_err().code(), code);
    }

    #[test]
    fn a_link_is_good_until_its_end_its_last_download_or_its_revocation() {
        good(Some(offer(|_| ())), Timestamp::from_millis(99)).unwrap();
        assert_eq!(
            good(Some(offer(|_| ())), Timestamp::from_millis(100)).unwrap_err().code(),
            "share_expired"
        );
        refused(|offer| offer.share.downloads = 2, "share_used_up");
        live(Some(offer(|offer| offer.share.downloads = 2)), Timestamp::from_millis(50)).unwrap();
        refused(|offer| offer.revoked = true, "share_revoked");
        assert_eq!(good(None, Timestamp::from_millis(0)).unwrap_err().code(), "share_unknown");
    }

    #[test]
    fn a_link_takes_something_while_it_is_live_and_not_for_looking_only() {
        let takes = |change: fn(&mut Offer)| takes(Some(offer(change)), Timestamp::from_millis(50));
        assert!(takes(|offer| offer.share.level = LinkLevel::Drop));
        assert!(takes(|offer| offer.share.level = LinkLevel::Editor));
        assert!(!takes(|_| ()));
        assert!(!takes(|offer| (offer.share.level, offer.revoked) = (LinkLevel::Drop, true)));
    }

    #[test]
    fn a_link_is_as_good_as_the_one_who_made_it() {
        refused(|offer| offer.maker = None, "share_revoked");
        refused(|offer| offer.maker = Some(Sight { level: Level::Editor, ..MANAGER }), "share_revoked");
        refused(|offer| offer.maker = Some(Sight { in_trash: true, ..MANAGER }), "share_revoked");
    }

    #[test]
    fn who_made_a_link_and_the_owner_change_it_and_no_other_manager() {
        let share = offer(|_| ()).share;
        let (maker, other) = (share.created_by, UserId(uuid::Uuid::max()));
        may_change(&share, maker, MANAGER).unwrap();
        may_change(&share, other, Sight { level: Level::Owner, ..MANAGER }).unwrap();
        assert_eq!(may_change(&share, other, MANAGER).unwrap_err().code(), "not_your_link");
    }

    #[test]
    fn who_may_share_makes_links_and_letter_boxes_are_folders() {
        may_make(MANAGER, ItemKind::File, LinkLevel::Editor, 0).unwrap();
        may_make(MANAGER, ItemKind::Folder, LinkLevel::Drop, 0).unwrap();
        let code = |sight, kind, level, count| may_make(sight, kind, level, count).unwrap_err().code();
        assert_eq!(code(MANAGER, ItemKind::File, LinkLevel::Drop, 0), "invalid");
        assert_eq!(code(MANAGER, ItemKind::File, LinkLevel::Viewer, MOST_SHARES), "too_many_shares");
        let editor = Sight { level: Level::Editor, ..MANAGER };
        assert_eq!(code(editor, ItemKind::File, LinkLevel::Viewer, 0), "level_too_low");
    }
}
