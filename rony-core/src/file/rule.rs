//! The rules of files, as pure functions over facts that the store reads inside its transaction.

use super::{IfExists, Item, ItemKind, Level, Reader, Subject};
use crate::{Error, Result, id::UserId};

/// Folders in folders, at most: an item at the top is on level 1.
pub const MOST_DEPTH: i64 = 64;
/// Items that one copy makes at most.
pub const MOST_COPIED: i64 = 10_000;
/// Grants that one item has at most.
pub const MOST_GRANTS: i64 = 500;
/// Versions of a file that are listed at most.
pub const MOST_VERSIONS_LISTED: i64 = 1_000;

/// What a reader sees of an item that is there for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    /// What they may do with it.
    pub level: Level,
    /// What they may do with the folder that it lies in; `None`: they do not see that. For what is at the top of a drive, what its owner may.
    pub above: Option<Level>,
    /// It, or something above it, is in the trash.
    pub in_trash: bool,
}

/// What somebody wants to do with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    /// Look at it, download, copy from it, mark it with a star.
    See,
    /// Put something in: it is a folder.
    Create,
    /// Rename, recolour, replace its content; see and bring back versions.
    Edit,
    /// Take it out of the folder that it lies in: move or throw it away.
    Take,
    /// Share it, and see with whom it is shared.
    Share,
    /// Take it out of the trash.
    Restore,
    /// Remove it from the trash for good.
    Delete,
    /// Remove one of its versions for good.
    Forget,
}

/// Whether somebody may do something with an item. `sight`: what they see of it; `None`: it is not there for them.
///
/// # Errors
///
/// [`Error::NotFound`] for what is not there for them; codes `level_too_low`, `in_trash`.
pub fn may(deed: Deed, sight: Option<Sight>) -> Result<Sight> {
    let sight = sight.ok_or(Error::NotFound("file"))?;
    let allowed = match deed {
        Deed::See => true,
        Deed::Create | Deed::Edit => sight.level >= Level::Editor,
        // Who may change one thing only must not take it away from everybody else.
        Deed::Take => {
            sight.level >= Level::Manager || sight.above.is_some_and(|level| level >= Level::Editor)
        }
        Deed::Share => sight.level >= Level::Manager,
        Deed::Restore | Deed::Delete | Deed::Forget => sight.level == Level::Owner,
    };
    if !allowed {
        return Err(Error::forbidden(
            "level_too_low",
            "This is shared with you, but not for that: ask whoever shared it.",
        ));
    }
    if sight.in_trash && !matches!(deed, Deed::See | Deed::Restore | Deed::Delete) {
        return Err(Error::conflict("in_trash", "This is in the trash: restore it first."));
    }
    Ok(sight)
}

/// Whether somebody may move an item out of where it lies, into a folder that they see at the level `into`; `same_drive`: both are in one.
/// Nobody gets more of an item by moving it to where they may do more.
///
/// # Errors
///
/// What [`may`] says of [`Deed::Take`]; codes `other_drive`, `level_too_low`.
pub fn may_move(sight: Sight, into: Level, same_drive: bool) -> Result<()> {
    may(Deed::Take, Some(sight))?;
    if !same_drive {
        let detail = "This is in somebody else's drive, where it stays: make a copy of it instead.";
        return Err(Error::conflict("other_drive", detail));
    }
    if into > sight.level {
        return Err(Error::forbidden(
            "level_too_low",
            "In that folder you may do more than here: ask whoever shared this to move it.",
        ));
    }
    Ok(())
}

/// Whether somebody may make folders where they may put files in.
///
/// # Errors
///
/// Code `level_too_low` for who only puts files in.
pub fn may_make_folders(reader: Reader) -> Result<()> {
    if reader.is_blind() {
        let detail = "This link is for putting files in, not folders.";
        return Err(Error::forbidden("level_too_low", detail));
    }
    Ok(())
}

/// What happens when a name is taken: what whoever puts something in wishes. Who sees nothing never meets what is there, since they must not
/// learn of it.
#[must_use]
pub const fn when_taken(reader: Reader, wish: IfExists) -> IfExists {
    if reader.is_blind() { IfExists::Rename } else { wish }
}

/// What a subject is to the one who shares something with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// There is none: no person with an account that is in use, no conversation that the one who shares is a member of.
    No,
    /// There is.
    Yes,
    /// A person who has blocked the one who shares.
    Blocks,
}

/// Whether something may be shared with a subject; nobody is given anything by a person whom they blocked. `count`: grants that the item has
/// already.
///
/// # Errors
///
/// [`Error::Invalid`] for a level that nobody can give, and for the owner themselves; [`Error::NotFound`] for a subject that there is not;
/// [`Error::Forbidden`] with code `blocked`; [`Error::Conflict`] with code `too_many_grants`.
pub fn may_grant(subject: Subject, level: Level, owner: UserId, known: Known, count: i64) -> Result<()> {
    if level == Level::Owner {
        return Err(Error::invalid("level", "Choose viewer, editor or manager: there is one owner."));
    }
    if subject == Subject::Person(owner) {
        return Err(Error::invalid("subject_id", "It is theirs already: choose somebody else."));
    }
    match (known, subject) {
        (Known::Yes, _) => {}
        (Known::No, Subject::Person(_)) => return Err(Error::NotFound("user")),
        (Known::No, Subject::Conversation(_)) => return Err(Error::NotFound("conversation")),
        (Known::Blocks, _) => return Err(Error::forbidden("blocked", "You cannot share with this person.")),
    }
    if count >= MOST_GRANTS {
        let detail = format!(
            "This is shared with {MOST_GRANTS} already: share it with a conversation, or take some away first."
        );
        return Err(Error::conflict("too_many_grants", detail));
    }
    Ok(())
}

/// Whether an item may be attached to a message.
///
/// # Errors
///
/// What [`may`] says of [`Deed::Share`]; [`Error::Invalid`] for a folder.
pub fn may_attach(sight: Option<Sight>, kind: ItemKind) -> Result<()> {
    may(Deed::Share, sight)?;
    match kind {
        ItemKind::File => Ok(()),
        ItemKind::Folder => {
            Err(Error::invalid("attachments", "A folder cannot be attached: share it with the conversation."))
        }
    }
}

/// How full a drive is, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DriveUse {
    /// What its versions take.
    pub used: i64,
    /// What uploads on their way will need.
    pub reserved: i64,
    /// The most; `None`: no limit.
    pub quota: Option<i64>,
}

impl DriveUse {
    /// How many bytes more fit; `None`: any number.
    #[must_use]
    pub fn room(self) -> Option<i64> {
        let taken = self.used.saturating_add(self.reserved);
        self.quota.map(|quota| quota.saturating_sub(taken).max(0))
    }
}

/// Whether `bytes` more fit into a drive.
///
/// # Errors
///
/// [`Error::Conflict`] with code `quota_exceeded`.
pub fn fits(drive: DriveUse, bytes: i64) -> Result<()> {
    if bytes > 0 && drive.room().is_some_and(|room| bytes > room) { Err(no_room()) } else { Ok(()) }
}

/// What is said when something does not fit.
pub(crate) fn no_room() -> Error {
    Error::conflict(
        "quota_exceeded",
        "There is not enough room in the drive: empty the trash, or delete something for good.",
    )
}

impl Item {
    /// The item as a folder.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] with code `not_a_folder`.
    pub fn folder(self) -> Result<Self> {
        if self.kind == ItemKind::Folder {
            return Ok(self);
        }
        Err(Error::conflict("not_a_folder", "This is a file: choose a folder."))
    }

    /// The item as a file.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] with code `not_a_file`.
    pub fn file(self) -> Result<Self> {
        if self.kind == ItemKind::File {
            return Ok(self);
        }
        Err(Error::conflict("not_a_file", "This is a folder: choose a file."))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LEVELS: [Level; 4] = [Level::Viewer, Level::Editor, Level::Manager, Level::Owner];
    const DEEDS: [Deed; 8] = [
        Deed::See,
        Deed::Create,
        Deed::Edit,
        Deed::Take,
        Deed::Share,
        Deed::Restore,
        Deed::Delete,
        Deed::Forget,
    ];

    fn sight(level: Level) -> Option<Sight> {
        Some(Sight { level, above: None, in_trash: false })
    }

    fn code(deed: Deed, sight: Option<Sight>) -> &'static str {
        may(deed, sight).map_or_else(|error| error.code(), |_| "fine")
    }

    #[test]
    fn what_is_not_seen_is_not_there() {
        for deed in DEEDS {
            assert_eq!(code(deed, None), "not_found");
        }
    }

    #[test]
    fn each_level_may_what_it_is_for() {
        let allowed =
            |level| DEEDS.into_iter().filter(|deed| may(*deed, sight(level)).is_ok()).collect::<Vec<_>>();
        assert_eq!(allowed(Level::Viewer), [Deed::See]);
        assert_eq!(allowed(Level::Editor), [Deed::See, Deed::Create, Deed::Edit]);
        assert_eq!(allowed(Level::Manager), [Deed::See, Deed::Create, Deed::Edit, Deed::Take, Deed::Share]);
        assert_eq!(allowed(Level::Owner), DEEDS);
    }

    #[test]
    fn an_editor_takes_away_what_lies_in_a_folder_that_they_edit_and_not_what_alone_is_shared_with_them() {
        let within = Sight { level: Level::Editor, above: Some(Level::Editor), in_trash: false };
        assert_eq!(code(Deed::Take, Some(within)), "fine");
        assert_eq!(code(Deed::Take, Some(Sight { above: Some(Level::Viewer), ..within })), "level_too_low");
        assert_eq!(code(Deed::Take, Some(Sight { above: None, ..within })), "level_too_low");
    }

    #[test]
    fn who_only_puts_in_makes_no_folders_and_meets_nothing() {
        use crate::{actor::LinkLevel, id::ItemId};
        let link = |level| Reader::Link { root: ItemId(uuid::Uuid::nil()), level };
        assert_eq!(may_make_folders(link(LinkLevel::Drop)).unwrap_err().code(), "level_too_low");
        may_make_folders(link(LinkLevel::Editor)).unwrap();
        assert_eq!(when_taken(link(LinkLevel::Drop), IfExists::Replace), IfExists::Rename);
        assert_eq!(when_taken(link(LinkLevel::Editor), IfExists::Replace), IfExists::Replace);
    }

    #[test]
    fn nobody_gets_more_of_an_item_by_moving_it() {
        let within = Sight { level: Level::Editor, above: Some(Level::Editor), in_trash: false };
        may_move(within, Level::Editor, true).unwrap();
        assert_eq!(may_move(within, Level::Manager, true).unwrap_err().code(), "level_too_low");
        may_move(Sight { level: Level::Manager, ..within }, Level::Manager, true).unwrap();
        assert_eq!(may_move(within, Level::Owner, false).unwrap_err().code(), "other_drive");
    }

    #[test]
    fn what_is_in_the_trash_is_looked_at_restored_or_deleted() {
        let trashed = Some(Sight { level: Level::Owner, above: Some(Level::Owner), in_trash: true });
        for deed in DEEDS {
            let fine = matches!(deed, Deed::See | Deed::Restore | Deed::Delete);
            assert_eq!(code(deed, trashed), if fine { "fine" } else { "in_trash" }, "{deed:?}");
        }
    }

    #[test]
    fn one_shares_with_somebody_that_there_is_and_does_not_give_the_drive_away() {
        let (owner, other) = (UserId(uuid::Uuid::from_u128(1)), UserId(uuid::Uuid::from_u128(2)));
        let code = |subject, level, known, count| {
            may_grant(subject, level, owner, known, count).map_or_else(|error| error.code(), |()| "fine")
        };
        assert_eq!(code(Subject::Person(other), Level::Manager, Known::Yes, 0), "fine");
        assert_eq!(code(Subject::Person(other), Level::Owner, Known::Yes, 0), "invalid");
        assert_eq!(code(Subject::Person(owner), Level::Viewer, Known::Yes, 0), "invalid");
        assert_eq!(code(Subject::Person(other), Level::Viewer, Known::No, 0), "not_found");
        assert_eq!(code(Subject::Person(other), Level::Viewer, Known::Yes, MOST_GRANTS), "too_many_grants");
        assert_eq!(code(Subject::Person(other), Level::Viewer, Known::Blocks, 0), "blocked");
    }

    #[test]
    fn who_may_share_a_file_may_attach_it() {
        may_attach(sight(Level::Manager), ItemKind::File).unwrap();
        assert_eq!(may_attach(sight(Level::Editor), ItemKind::File).unwrap_err().code(), "level_too_low");
        assert_eq!(may_attach(None, ItemKind::File).unwrap_err().code(), "not_found");
        assert_eq!(may_attach(sight(Level::Owner), ItemKind::Folder).unwrap_err().code(), "invalid");
    }

    #[test]
    fn a_drive_is_full_at_its_quota_and_not_before() {
        let drive = DriveUse { used: 60, reserved: 30, quota: Some(100) };
        fits(drive, 10).unwrap();
        assert_eq!(fits(drive, 11).unwrap_err().code(), "quota_exceeded");
        fits(DriveUse { quota: None, ..drive }, i64::MAX).unwrap();
        let over = DriveUse { used: 200, ..drive };
        fits(over, 0).unwrap();
        assert_eq!(
            (drive.room(), over.room(), DriveUse { quota: None, ..drive }.room()),
            (Some(10), Some(0), None)
        );
    }

    proptest! {
        #[test]
        fn more_sight_never_allows_less(
            deed in proptest::sample::select(&DEEDS[..]),
            low in 0..4_usize, high in 0..4_usize, above in proptest::option::of(0..4_usize), in_trash in any::<bool>(),
        ) {
            let (low, high) = (low.min(high), low.max(high));
            let sight = |level: usize| Sight { level: LEVELS[level], above: above.map(|at| LEVELS[at]), in_trash };
            if may(deed, Some(sight(low))).is_ok() {
                prop_assert!(may(deed, Some(sight(high))).is_ok());
            }
        }
    }
}
