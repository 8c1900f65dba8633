//! The rules of rooms, as pure functions over facts that the store reads inside its transaction.

use super::Room;
use crate::{Error, Result, id::UserId};

/// Rooms that one person can have.
pub const MOST_ROOMS: i64 = 200;

/// Co-hosts that a room keeps.
pub const MOST_CO_HOSTS: usize = 50;

/// Whether somebody may make one more room, who has so many already.
///
/// # Errors
///
/// [`Error::Conflict`] with code `too_many_rooms`.
pub fn may_make(rooms: i64) -> Result<()> {
    if rooms >= MOST_ROOMS {
        let detail = format!("You have {MOST_ROOMS} rooms already: delete one that is not needed.");
        return Err(Error::conflict("too_many_rooms", detail));
    }
    Ok(())
}

/// Whether somebody may change or delete a room, or only sees it (`sees`: as a member of its conversation).
///
/// # Errors
///
/// [`Error::Forbidden`] with code `not_yours`; [`Error::NotFound`] for who does not see it.
pub fn keeps(room: &Room, person: UserId, sees: bool) -> Result<()> {
    if room.owner_id == person {
        return Ok(());
    }
    if sees {
        return Err(Error::forbidden("not_yours", "Only whoever made this room can do this."));
    }
    Err(Error::NotFound("room"))
}

/// Whether a room may be deleted by itself: one that was made with a scheduled meeting goes with that.
///
/// # Errors
///
/// [`Error::Conflict`] with code `scheduled`.
pub fn may_delete(room: &Room) -> Result<()> {
    if room.scheduled {
        return Err(Error::conflict("scheduled", "This room belongs to a scheduled meeting: cancel that."));
    }
    Ok(())
}

/// What is said about a code that leads to no room.
pub(super) fn unknown() -> Error {
    Error::conflict(
        "room_unknown",
        "There is no meeting with this code. Look at it again, or ask for a new link.",
    )
}

/// What is said to guests where none may come.
pub(super) const fn no_guests() -> Error {
    Error::forbidden("guests_not_allowed", "This meeting is only for people with an account. Sign in first.")
}
