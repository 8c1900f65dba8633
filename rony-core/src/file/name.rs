//! The names of files and folders.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use crate::{
    Error,
    error::sentence,
    text::{self, TextProblem},
};

/// Room that is kept for ` (123456)` behind a name that is taken, in bytes.
const NUMBER: usize = 9;

/// The name of a file or a folder: 1 to 255 bytes of UTF-8 in composed form (NFC), which every system can store and show.
///
/// Two names in one folder are the same when they differ in letter case or in the way of writing a character only: see
/// [`FileName::fold`].
///
/// ```
/// use rony_core::file::FileName;
///
/// let name: FileName = " Report.PDF ".parse().unwrap();
/// assert_eq!(name.as_str(), "Report.PDF");
/// assert_eq!(name.fold(), "report.pdf");
/// assert_eq!(name.numbered(2).as_str(), "Report (2).PDF");
/// assert!("a/b".parse::<FileName>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 255, example = "Report.pdf"))]
pub struct FileName(String);

/// Why a text cannot be the name of a file, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileNameError {
    /// Nothing of it can be seen.
    #[error("give it a name that can be seen")]
    Empty,
    /// It has more bytes than are allowed.
    #[error("use a shorter name: at most {} bytes, which is as many plain letters", FileName::MAX)]
    TooLong,
    /// It separates folders, here or elsewhere.
    #[error("leave out / and \\ : they separate folders")]
    Separator,
    /// It moves the cursor, ends the line, or does something else than to be shown.
    #[error("leave out line breaks and other control characters")]
    Control,
    /// It turns around what stands after it.
    #[error("leave out the characters that change the direction of writing")]
    Direction,
    /// It means this folder, or the one above.
    #[error("choose another name: . and .. mean folders")]
    Dots,
}

impl FileName {
    /// The most bytes of a name: what the file systems of all common machines take.
    pub const MAX: usize = 255;
    /// The most bytes of its folded form, which a few characters make much longer.
    const MAX_FOLD: usize = 512;

    /// Checks a name as somebody typed it, or as their machine calls the file. Space around it is dropped.
    ///
    /// # Errors
    ///
    /// When it breaks a rule; the error says which, and what to do.
    pub fn parse(text: &str) -> Result<Self, FileNameError> {
        let text = text.trim();
        // Composing shrinks a text to a third at most; nobody makes us compose a megabyte.
        if text.len() > 4 * Self::MAX {
            return Err(FileNameError::TooLong);
        }
        let name: String = text.nfc().collect();
        if let Some(problem) = name.chars().find_map(problem) {
            return Err(problem);
        }
        if text::is_blank(&name) {
            return Err(FileNameError::Empty);
        }
        if matches!(name.as_str(), "." | "..") {
            return Err(FileNameError::Dots);
        }
        let name = Self(name);
        if name.0.len() > Self::MAX || name.fold().len() > Self::MAX_FOLD {
            return Err(FileNameError::TooLong);
        }
        Ok(name)
    }

    /// Takes a name back that was parsed when it was stored.
    #[must_use]
    pub fn from_store(text: String) -> Self {
        Self(text)
    }

    /// The name as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What all names have in common that are the same to people: in a folder it is there once.
    #[must_use]
    pub fn fold(&self) -> String {
        text::fold(&self.0)
    }

    /// Another name, for when this one is taken: `report (2).pdf`. What is too long for that loses the end of its stem.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        let (stem, extension) = self.split();
        Self(format!("{} ({number}){extension}", self.room(stem, extension)))
    }

    /// What the folded forms of all [`Self::numbered`] begin with.
    #[must_use]
    pub fn numbered_fold(&self) -> String {
        let (stem, extension) = self.split();
        text::fold(&format!("{} (", self.room(stem, extension)))
    }

    /// The stem and the extension with its dot: a short one behind something that can be seen.
    fn split(&self) -> (&str, &str) {
        match self.0.rfind('.') {
            Some(dot) if dot > 0 && self.0.len() - dot <= 16 => self.0.split_at(dot),
            _ => (&self.0, ""),
        }
    }

    /// As much of the stem as leaves room for a number.
    fn room<'n>(&self, stem: &'n str, extension: &str) -> &'n str {
        let most = Self::MAX - NUMBER - extension.len();
        let mut end = stem.len().min(most);
        while !stem.is_char_boundary(end) {
            end -= 1;
        }
        stem[..end].trim_end()
    }
}

/// Why a character cannot be in a name, if it cannot.
fn problem(c: char) -> Option<FileNameError> {
    match c {
        '/' | '\\' => Some(FileNameError::Separator),
        c => text::line_problem(c).map(|problem| match problem {
            TextProblem::Direction => FileNameError::Direction,
            _ => FileNameError::Control,
        }),
    }
}

impl TryFrom<String> for FileName {
    type Error = FileNameError;

    fn try_from(text: String) -> Result<Self, FileNameError> {
        Self::parse(&text)
    }
}

impl FromStr for FileName {
    type Err = FileNameError;

    fn from_str(text: &str) -> Result<Self, FileNameError> {
        Self::parse(text)
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<FileNameError> for Error {
    fn from(error: FileNameError) -> Self {
        Self::invalid("name", sentence(&error))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn refused(text: &str, error: FileNameError) {
        assert_eq!(FileName::parse(text), Err(error), "{text:?}");
    }

    #[test]
    fn a_name_can_be_stored_and_shown_everywhere() {
        refused("", FileNameError::Empty);
        refused(" \u{200B} ", FileNameError::Empty);
        refused("a/b", FileNameError::Separator);
        refused("a\\b", FileNameError::Separator);
        refused("a\0b", FileNameError::Control);
        refused("a\r\nb", FileNameError::Control);
        refused("a\u{2028}b", FileNameError::Control);
        refused("photo\u{202E}gpj.exe", FileNameError::Direction);
        refused("a\u{2066}b", FileNameError::Direction);
        refused(".", FileNameError::Dots);
        refused(" .. ", FileNameError::Dots);
        refused(&"a".repeat(256), FileNameError::TooLong);
        refused(&"\u{FDFA}".repeat(60), FileNameError::TooLong);
        assert_eq!(FileName::parse(&"a".repeat(255)).unwrap().as_str().len(), 255);
        assert_eq!(FileName::parse(".profile").unwrap().as_str(), ".profile");
        assert_eq!(FileName::parse("cafe\u{301}").unwrap().as_str(), "café");
    }

    #[test]
    fn what_a_number_is_put_behind() {
        let numbered = |text: &str| FileName::parse(text).unwrap().numbered(2).0;
        assert_eq!(numbered("report.pdf"), "report (2).pdf");
        assert_eq!(numbered("folder"), "folder (2)");
        assert_eq!(numbered(".profile"), ".profile (2)");
        assert_eq!(numbered("Mr. a long story about everything"), "Mr. a long story about everything (2)");
    }

    #[test]
    fn a_wrong_name_is_told_in_a_sentence() {
        let error = Error::from(FileName::parse("").unwrap_err());
        assert_eq!(error.to_string(), "Give it a name that can be seen.");
    }

    proptest! {
        #[test]
        fn what_was_taken_is_taken_again_as_it_is(text in "\\PC{0,90}") {
            if let Ok(name) = FileName::parse(&text) {
                prop_assert_eq!(FileName::parse(name.as_str()), Ok(name.clone()));
                prop_assert!(name.as_str().len() <= FileName::MAX);
                prop_assert!(!name.as_str().contains(['/', '\\', '\0', '\n', '\r']));
            }
        }

        #[test]
        fn a_numbered_name_fits_and_is_found_by_its_beginning(text in "\\PC{1,90}", number in 2..999_999_u32) {
            if let Ok(name) = FileName::parse(&text) {
                let numbered = name.numbered(number);
                prop_assert!(numbered.as_str().len() <= FileName::MAX);
                prop_assert!(numbered.fold().starts_with(&name.numbered_fold()));
                prop_assert_ne!(numbered.fold(), name.fold());
            }
        }

        #[test]
        fn anything_is_answered(text in any::<String>()) {
            let _ = FileName::parse(&text);
        }
    }
}
