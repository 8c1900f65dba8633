//! What an upload is.

use serde::Serialize;

use super::rule;
use crate::{
    Error, Result,
    file::{FileName, IfExists},
    id::{ItemId, ShareId, UploadId, UserId},
    time::Timestamp,
};

/// An upload on its way, or one that became a file not long ago.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// Whose drive it goes into.
    pub owner_id: UserId,
    /// How many bytes are there for good.
    pub offset: i64,
    /// How many there will be.
    pub length: i64,
    /// What the file will be called.
    pub name: FileName,
    /// Its media type.
    pub media_type: String,
    /// When it ends, if nothing is added until then.
    pub expires_at: Timestamp,
    /// The file that it became; `null`: not yet.
    pub item_id: Option<ItemId>,
}

/// A wish to upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUpload {
    /// Into which folder; `None`: to the top of the own drive, or what a link leads to.
    pub parent_id: Option<ItemId>,
    /// What it will be called.
    pub name: FileName,
    /// How many bytes it has.
    pub length: i64,
    /// Its media type; `None`: what the name's ending says.
    pub media_type: Option<String>,
    /// The file that gets the new content; then the folder and the name say nothing.
    pub replace: Option<ItemId>,
    /// What happens when the name is taken: anything but [`IfExists::Use`].
    pub if_exists: IfExists,
    /// What the SHA-256 of the whole must be.
    pub sha256: Option<[u8; 32]>,
    /// When it was last changed, where it comes from.
    pub modified_at: Option<Timestamp>,
}

impl NewUpload {
    /// A new file in a folder, of which nothing else is known.
    #[must_use]
    pub const fn named(parent_id: Option<ItemId>, name: FileName, length: i64) -> Self {
        Self {
            parent_id,
            name,
            length,
            media_type: None,
            replace: None,
            if_exists: IfExists::Fail,
            sha256: None,
            modified_at: None,
        }
    }

    /// Checks what can be checked without looking anywhere. `largest`: the most bytes that the operator allows.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a length that cannot be or is not allowed, for a media type that is none, and for `use`.
    pub(crate) fn validate(&self, largest: Option<i64>) -> Result<()> {
        if self.length < 0 {
            return Err(Error::invalid("length", "Say how many bytes the file has: 0 or more."));
        }
        rule::small_enough(self.length, largest)?;
        rule::content_only(self.if_exists)
    }
}

/// A small file in one piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutFile {
    /// As in [`NewUpload`]; so for all fields.
    pub parent_id: Option<ItemId>,
    /// What it will be called.
    pub name: FileName,
    /// Its media type; `None`: what the name's ending says.
    pub media_type: Option<String>,
    /// What happens when the name is taken.
    pub if_exists: IfExists,
    /// How many bytes are known to come, at least; 0 where nothing is known.
    pub expected: i64,
}

/// What a piece of an upload must hash to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checksum {
    /// SHA-256 of the piece.
    pub sha256: [u8; 32],
}

/// Who uploads, and alone may go on with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uploader {
    /// A person.
    Person(UserId),
    /// Whoever holds this link.
    Share(ShareId),
}
