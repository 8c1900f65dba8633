//! What short texts that people write may contain: one line ([`line()`]: names, titles, topics, statuses) or several
//! ([`block`]: about, notes).
//!
//! The point is that a text shows what it holds: nothing that is empty to the eye, nothing that turns the rest of the
//! page around, nothing a database refuses. What a *username* may be is stricter and lives in
//! [`username`](crate::username); the text of messages is stored as written and has rules of its own.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// How many accents and other marks may follow one letter in a line. Four are the most that
/// [UTS #39, 5.4](https://www.unicode.org/reports/tr39/#Optional_Detection) expects of real words; a title may quote
/// stranger things, but stacks of marks must not paint over the lines around them.
const MAX_MARKS: usize = 8;

/// Checks one line of text, and gives it back trimmed and in Unicode's composed form (NFC).
///
/// `field` is the name of the field for the error, `max` the longest that it may be, in characters (Unicode scalar
/// values) of the result.
///
/// # Errors
/// When nothing visible is left, when it is too long, or when it contains line breaks, control characters, direction
/// overrides or piles of marks.
///
/// ```
/// use rony_core::text;
///
/// assert_eq!(text::line("title", "  Release 1.0 ", 80).unwrap(), "Release 1.0");
///
/// let error = text::line("title", "\u{200B}", 80).unwrap_err();
/// assert_eq!(error.field(), "title");
/// assert_eq!(error.to_string(), "write at least one character that can be seen");
/// ```
pub fn line(field: &'static str, value: &str, max: usize) -> Result<String, TextError> {
    let refuse = |problem| Err(TextError { field, problem });
    if is_blank(value) {
        return refuse(TextProblem::Empty);
    }
    let value = value.trim();
    if let Some(problem) = value.chars().find_map(line_problem) {
        return refuse(problem);
    }
    let value: String = value.nfc().collect();
    if value.chars().count() > max {
        return refuse(TextProblem::TooLong { max });
    }
    if longest_pile_of_marks(&value) > MAX_MARKS {
        return refuse(TextProblem::Marks);
    }
    Ok(value)
}

/// The same for a text that may be left empty; one of which nothing can be seen is.
///
/// # Errors
///
/// As [`line()`], but for an empty one.
pub fn line_or_nothing(field: &'static str, value: &str, max: usize) -> Result<String, TextError> {
    if is_blank(value) { Ok(String::new()) } else { line(field, value, max) }
}

/// Checks a text of several lines, and gives it back as it was written. It may be empty.
///
/// `field` is the name of the field for the error, `max` the longest that it may be, in characters (Unicode scalar
/// values).
///
/// # Errors
/// When it is too long or contains the character NUL, which PostgreSQL cannot store.
pub fn block(field: &'static str, value: &str, max: usize) -> Result<String, TextError> {
    if value.contains('\0') {
        return Err(TextError { field, problem: TextProblem::Control });
    }
    if value.chars().count() > max {
        return Err(TextError { field, problem: TextProblem::TooLong { max } });
    }
    Ok(value.to_owned())
}

/// The form in which texts are compared when letter case and ways of writing the same character do not matter: two texts
/// with the same form say the same to who searches.
///
/// ```
/// assert_eq!(rony_core::text::fold("CAFE\u{301}"), rony_core::text::fold("café"));
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfkc().collect()
}

/// Whether nothing of `text` can be seen: it is empty, or all of it is space, control or invisible characters.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c.is_control() || is_invisible(c))
}

/// Whether a character has no shape and takes no room: Unicode's property `Default_Ignorable_Code_Point` (joiners,
/// fillers, direction marks, variation selectors, tags …), the anchors of annotations, and the empty braille pattern.
///
/// Some of them do useful work between visible characters (in emoji, in Persian), so a line may contain them.
#[must_use]
pub(crate) fn is_invisible(c: char) -> bool {
    is_default_ignorable(c) || matches!(c, '\u{FFF9}'..='\u{FFFB}' | '\u{2800}')
}

/// <https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt>; a test compares it with
/// unicode-security's own table for every character.
fn is_default_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Why a character cannot be in a line, if it cannot.
pub(crate) fn line_problem(c: char) -> Option<TextProblem> {
    match c {
        '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
            Some(TextProblem::LineBreak)
        }
        // Embeddings, overrides and isolates, which can turn around what stands after them. Plain direction marks
        // (U+200E, U+200F, U+061C) cannot, and Arabic and Hebrew text needs them.
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => Some(TextProblem::Direction),
        c if c.is_control() => Some(TextProblem::Control),
        _ => None,
    }
}

/// The length of the longest run of combining marks.
pub(crate) fn longest_pile_of_marks(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in text.nfd() {
        run = if is_combining_mark(c) { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// Why a text cannot be taken: which field, and a sentence that says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct TextError {
    field: &'static str,
    problem: TextProblem,
}

impl TextError {
    /// The field's name, as it stands in the request.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        self.field
    }

    /// What is wrong with it.
    #[must_use]
    pub const fn problem(&self) -> TextProblem {
        self.problem
    }
}

/// What can be wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextProblem {
    /// Nothing of it can be seen.
    #[error("write at least one character that can be seen")]
    Empty,
    /// It has more characters than are allowed.
    #[error("use at most {max} characters")]
    TooLong {
        /// How many it may have.
        max: usize,
    },
    /// It goes over several lines.
    #[error("write it on one line")]
    LineBreak,
    /// It contains control characters, which have no shape and which no keyboard writes into a text field.
    #[error("remove the control characters: typing it again instead of pasting it helps")]
    Control,
    /// It contains characters that change the direction of writing.
    #[error(
        "remove the hidden characters that change the direction of the text: type it again instead of pasting it"
    )]
    Direction,
    /// It piles up too many accents or other marks on one letter.
    #[error("use fewer accents and marks on one letter")]
    Marks,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn refused(value: &str, expected: TextProblem) {
        let error = line("title", value, 10).unwrap_err();
        assert_eq!((error.field(), error.problem()), ("title", expected), "{value:?}");
    }

    #[test]
    fn a_line_is_trimmed_and_composed() {
        assert_eq!(line("title", "\u{3000} Cafe\u{301}\n", 4).unwrap(), "Café");
    }

    #[test]
    fn what_cannot_be_seen_is_empty() {
        for value in ["", " ", "\0", "\u{200B}", "\u{2800}\u{3164} \u{FE0F}\u{E0041}", "\u{202E}\t"] {
            refused(value, TextProblem::Empty);
        }
    }

    #[test]
    fn a_line_has_no_breaks_controls_or_overrides() {
        refused("a\nb", TextProblem::LineBreak);
        refused("a\u{2028}b", TextProblem::LineBreak);
        refused("a\0b", TextProblem::Control);
        refused("a\u{1B}[2J", TextProblem::Control);
        refused("a\u{202E}b", TextProblem::Direction);
        refused("a\u{2066}b", TextProblem::Direction);
    }

    #[test]
    fn length_is_counted_in_characters_not_bytes() {
        assert!(line("title", &"李".repeat(10), 10).is_ok());
        refused(&"李".repeat(11), TextProblem::TooLong { max: 10 });
    }

    #[test]
    fn marks_do_not_pile_up() {
        let zalgo = format!("z{}", "\u{300}\u{301}\u{316}".repeat(3));
        assert_eq!(line("title", &zalgo, 100).unwrap_err().problem(), TextProblem::Marks);
    }

    #[test]
    fn emoji_and_right_to_left_text_are_fine() {
        for value in
            ["👩‍👩‍👧 ❤️", "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", "می‌خواهم", "שלום\u{200F}!"]
        {
            assert_eq!(line("title", value, 50).unwrap(), value);
        }
    }

    #[test]
    fn a_block_stays_as_it_was_written() {
        for value in ["", " two\r\n\tlines ", "\u{202E}"] {
            assert_eq!(block("about", value, 20).unwrap(), value);
        }
        assert_eq!(block("about", "a\0", 20).unwrap_err().problem(), TextProblem::Control);
        assert_eq!(block("about", "abc", 2).unwrap_err().problem(), TextProblem::TooLong { max: 2 });
    }

    #[test]
    fn our_table_of_ignorable_characters_is_unicodes() {
        for c in '\0'..=char::MAX {
            // A skeleton drops exactly the default-ignorable characters.
            let ignored = unicode_security::skeleton(c.encode_utf8(&mut [0; 4])).next().is_none();
            assert_eq!(is_default_ignorable(c), ignored, "U+{:04X}", u32::from(c));
        }
    }

    proptest! {
        #[test]
        fn an_accepted_line_is_accepted_again_unchanged(value in any::<String>()) {
            if let Ok(once) = line("title", &value, 64) {
                prop_assert_eq!(line("title", &once, 64).unwrap(), once);
            }
        }
    }
}
