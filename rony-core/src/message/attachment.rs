//! Files that are attached to a message.

use serde::{Deserialize, Serialize};

use crate::{Error, Result, file::FileName, id::ItemId};

/// Files that one message shows at most.
const MOST: usize = 10;

/// A file that a message shows, as it was when the message was posted. Whoever sees the message sees the file as it is now, as long as it
/// is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attachment {
    /// Which file.
    pub file_id: ItemId,
    /// What it was called.
    pub name: FileName,
    /// The media type of its content.
    pub media_type: String,
    /// Bytes of its content.
    pub size: i64,
    /// Pixels from left to right, of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<i64>,
    /// Pixels from top to bottom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<i64>,
}

/// Checks what can be checked without looking anywhere.
///
/// # Errors
///
/// [`Error::Invalid`] for too many, and for one that is named twice.
pub(super) fn validate(files: &[ItemId]) -> Result<()> {
    if files.len() > MOST {
        let message = format!("A message shows at most {MOST} files: send the others in another one.");
        return Err(Error::invalid("attachments", message));
    }
    if files.iter().enumerate().any(|(index, file)| files[..index].contains(file)) {
        return Err(Error::invalid("attachments", "Name each file once."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_shows_a_few_files_each_once() {
        let file = |number| ItemId(uuid::Uuid::from_u128(number));
        let files: Vec<_> = (0..11).map(file).collect();
        validate(&files[..10]).unwrap();
        assert_eq!(validate(&files).unwrap_err().code(), "invalid");
        assert_eq!(validate(&[file(1), file(2), file(1)]).unwrap_err().code(), "invalid");
    }
}
