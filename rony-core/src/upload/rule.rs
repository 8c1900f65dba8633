//! The rules of uploads.

use crate::{
    Error, Result,
    file::{DriveUse, FileName, IfExists, PreviewState, Reader},
    id::ItemId,
    media,
};

/// So many bytes of an upload are made to last at once: a crash loses this much at most.
pub const MOST_AT_ONCE: i64 = 64 * 1024 * 1024;
/// The longest piece that can have a checksum, in bytes: it counts as a whole or not at all.
pub const MOST_WITH_CHECKSUM: i64 = MOST_AT_ONCE;
/// Uploads that one person, or one link, can have on their way.
pub const MOST_OPEN: i64 = 500;
/// What uploads of one guest reserve together is at most one of so many parts of the room that is left without them. Half: a guest brings
/// any file that a drive with some room takes, and its owner always has as much room for themselves.
const PART_OF_GUEST: i64 = 2;
/// The largest picture of which a small one is made, in bytes.
const LARGEST_PICTURE: i64 = 64 * 1024 * 1024;
/// The longest media type: what RFC 6838 allows.
const LONGEST_TYPE: usize = 255;

/// Pictures that a small one can be made of.
const PICTURES: [&str; 5] = ["image/bmp", "image/gif", "image/jpeg", "image/png", "image/webp"];

/// Whether somebody who has so many uploads on their way may begin another one.
///
/// # Errors
///
/// [`Error::Conflict`] with code `too_many_uploads`.
pub fn may_add(open: i64) -> Result<()> {
    if open < MOST_OPEN {
        return Ok(());
    }
    let detail = format!("There are {MOST_OPEN} uploads on their way already: finish or discard some first.");
    Err(Error::conflict("too_many_uploads", detail))
}

/// Whether a guest of a drive, a link or a person who is not its owner, may have `bytes` more reserved there; `by_them`: what their uploads on
/// their way reserve already. Announcing costs nothing, and the owner cannot see what is only announced: so they always have room left.
///
/// # Errors
///
/// [`Error::Conflict`] with code `too_much_at_once`.
pub fn fits_guest(drive: DriveUse, by_them: i64, bytes: i64) -> Result<()> {
    let Some(quota) = drive.quota else { return Ok(()) };
    let others = drive.used.saturating_add(drive.reserved.saturating_sub(by_them));
    let most = quota.saturating_sub(others).max(0) / PART_OF_GUEST;
    if bytes == 0 || by_them.saturating_add(bytes) <= most {
        return Ok(());
    }
    Err(Error::conflict(
        "too_much_at_once",
        "This is more than can be on its way into somebody else's drive at once. Let the other uploads end first, or ask the person whose \
         drive it is to make room.",
    ))
}

/// Whether somebody may name this folder to put something into: who sees nothing puts it where the link leads.
pub(super) fn may_name(reader: Reader, parent: Option<ItemId>) -> Result<()> {
    match (reader, parent) {
        (Reader::Link { root, .. }, Some(parent)) if reader.is_blind() && parent != root => {
            Err(Error::NotFound("file"))
        }
        _ => Ok(()),
    }
}

/// Whether a file may have so many bytes.
pub(super) fn small_enough(length: i64, largest: Option<i64>) -> Result<()> {
    match largest {
        Some(largest) if length > largest => Err(too_large(largest)),
        _ => Ok(()),
    }
}

pub(super) fn too_large(largest: i64) -> Error {
    Error::invalid("length", format!("This file is too large: {largest} bytes are the most."))
}

/// A folder that is there can be used; a file is replaced.
pub(super) fn content_only(if_exists: IfExists) -> Result<()> {
    if if_exists == IfExists::Use {
        return Err(Error::invalid("if_exists", "Say fail, rename or replace."));
    }
    Ok(())
}

/// The media type of what is about to be uploaded, in small letters and without parameters: what whoever uploads says, or what the name's
/// ending says. When the bytes are there, they have the last word ([`media::media_type`]).
///
/// # Errors
///
/// [`Error::Invalid`] for something that is no media type.
pub(super) fn media_type(given: Option<&str>, name: &FileName) -> Result<String> {
    let Some(given) =
        given.and_then(|given| given.split(';').next()).map(str::trim).filter(|given| !given.is_empty())
    else {
        return Ok(media::by_name(name.as_str()));
    };
    if given.len() > LONGEST_TYPE || !is_media_type(given) {
        return Err(Error::invalid("media_type", "Write it like image/png, or leave it out."));
    }
    Ok(given.to_ascii_lowercase())
}

/// `type/subtype`, of the characters of a token in RFC 9110.
fn is_media_type(text: &str) -> bool {
    let token = |part: &str| {
        !part.is_empty() && part.bytes().all(|c| c.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&c))
    };
    text.split_once('/').is_some_and(|(kind, subtype)| token(kind) && token(subtype))
}

/// Whether a small picture is to be made of what was uploaded.
pub(super) fn preview(media_type: &str, size: i64) -> PreviewState {
    if PICTURES.contains(&media_type) && (1..=LARGEST_PICTURE).contains(&size) {
        PreviewState::Waiting
    } else {
        PreviewState::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(given: Option<&str>, name: &str) -> Result<String> {
        media_type(given, &FileName::parse(name).unwrap())
    }

    #[test]
    fn a_media_type_is_what_is_said_or_what_the_name_ends_with() {
        assert_eq!(of(None, "Photo.JPG").unwrap(), "image/jpeg");
        assert_eq!(of(Some(""), "notes").unwrap(), media::UNKNOWN);
        assert_eq!(of(Some(" Text/HTML; charset=utf-8"), "a.png").unwrap(), "text/html");
        for wrong in ["image", "image/", "/png", "a/b/c", "image/p\nng", "image/é"] {
            assert_eq!(of(Some(wrong), "a").unwrap_err().code(), "invalid", "{wrong:?}");
        }
    }

    #[test]
    fn a_small_picture_is_made_of_pictures_that_are_not_huge() {
        assert_eq!(preview("image/png", 1), PreviewState::Waiting);
        assert_eq!(preview("image/png", LARGEST_PICTURE + 1), PreviewState::None);
        assert_eq!(preview("image/png", 0), PreviewState::None);
        assert_eq!(preview("image/svg+xml", 1), PreviewState::None, "it may hold programs");
    }

    #[test]
    fn uploads_of_a_guest_reserve_half_of_the_room_that_is_left_without_them() {
        let drive = |used, reserved| DriveUse { used, reserved, quota: Some(100) };
        fits_guest(drive(0, 0), 0, 50).unwrap();
        assert_eq!(fits_guest(drive(0, 0), 0, 51).unwrap_err().code(), "too_much_at_once");
        fits_guest(drive(20, 40), 30, 5).unwrap();
        assert_eq!(fits_guest(drive(20, 40), 30, 6).unwrap_err().code(), "too_much_at_once");
        fits_guest(drive(200, 0), 0, 0).unwrap();
        assert_eq!(fits_guest(drive(200, 0), 0, 1).unwrap_err().code(), "too_much_at_once");
        fits_guest(DriveUse { quota: None, ..drive(0, 0) }, 0, i64::MAX).unwrap();
    }

    #[test]
    fn uploads_on_their_way_are_not_endless() {
        may_add(MOST_OPEN - 1).unwrap();
        assert_eq!(may_add(MOST_OPEN).unwrap_err().code(), "too_many_uploads");
        assert_eq!(small_enough(11, Some(10)).unwrap_err().code(), "invalid");
        small_enough(i64::MAX, None).unwrap();
    }
}
