//! Cutting a text into words, and folding each to what it is compared by.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

use crate::{mention::is_unspaced, text::is_invisible};

/// Longer words are cut: PostgreSQL refuses words of more than 2 KiB, and nobody types so many letters to find one.
const LONGEST: usize = 64;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// What it is compared by: small letters, without accents, one form for what looks alike; never empty.
    pub folded: String,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
}

/// The words of a text: runs of letters and digits. Where a writing system sets no spaces between words, each character is
/// one; a run of them is then found as a phrase.
///
/// ```
/// use rony_core::search::words;
///
/// let folded: Vec<_> = words("Crème brûlée, ICH-2 李雷").map(|word| word.folded).collect();
/// assert_eq!(folded, ["creme", "brulee", "ich", "2", "李", "雷"]);
/// ```
pub fn words(text: &str) -> impl Iterator<Item = Word> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find(char::is_alphanumeric)?;
            at = start + word_len(&text[start..]);
            if let Some(folded) = fold(&text[start..at]) {
                return Some(Word { folded, range: start..at });
            }
        }
    })
}

/// The words of a text as the index takes them: folded, with a space between.
#[must_use]
pub fn index_text(text: &str) -> String {
    let mut indexed = String::with_capacity(text.len());
    for word in words(text) {
        if !indexed.is_empty() {
            indexed.push(' ');
        }
        indexed.push_str(&word.folded);
    }
    indexed
}

/// Whether a text holds the address of a page.
#[must_use]
pub fn has_link(text: &str) -> bool {
    text.match_indices("://").any(|(at, slashes)| {
        let (before, after) = (&text.as_bytes()[..at], &text[at + slashes.len()..]);
        let ends_with = |scheme: &str| {
            before.len() >= scheme.len()
                && before[before.len() - scheme.len()..].eq_ignore_ascii_case(scheme.as_bytes())
        };
        (ends_with("http") || ends_with("https")) && after.starts_with(char::is_alphanumeric)
    })
}

/// How long the word is that `text` begins with.
fn word_len(text: &str) -> usize {
    let mut chars = text.char_indices();
    let single = chars.next().is_some_and(|(_, first)| stands_alone(first));
    let ends = |c: char| !belongs_to_letter(c) && (single || !c.is_alphanumeric() || stands_alone(c));
    chars.find(|(_, c)| ends(*c)).map_or(text.len(), |(at, _)| at)
}

/// Whether a character is a word by itself: its writing system sets no spaces.
fn stands_alone(c: char) -> bool {
    const HALF_WIDTH: std::ops::RangeInclusive<char> = '\u{FF65}'..='\u{FFDC}';
    is_unspaced(c) || HALF_WIDTH.contains(&c)
}

/// Whether a character goes with the letter before it: a mark (two kana marks of half width are none for Unicode), a
/// joiner, the rest of a Korean syllable that is written in parts. The space without width is none: it parts words.
fn belongs_to_letter(c: char) -> bool {
    is_combining_mark(c)
        || matches!(c, '\u{1160}'..='\u{11FF}' | '\u{FF9E}' | '\u{FF9F}')
        || (is_invisible(c) && c != '\u{200B}')
}

/// What a word is compared by; `None` when nothing of it is left.
fn fold(word: &str) -> Option<String> {
    if word.is_ascii() {
        return Some(word[..word.len().min(LONGEST)].to_ascii_lowercase());
    }
    // Through capitals to small letters is Unicode's case folding in all that matters here ("ß" and "SS", "ς" and "Σ").
    // Decomposed before it, to part letters and accents, and after it, since some letters bring accents of their own.
    let plain = word.nfkd().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfkd();
    let folded: String = plain.filter(|c| counts(*c)).nfc().take(LONGEST).collect();
    (!folded.is_empty()).then_some(folded)
}

/// Whether a decomposed character tells words apart. Accents do not: people leave them out. (Only marks above and below
/// letters are accents: vowel signs, voicing marks and the like make other words.) Nor does what the index would take for
/// the end of a word.
fn counts(c: char) -> bool {
    let is_accent = (200..=240).contains(&canonical_combining_class(c));
    let parts_words = c.is_whitespace() || c.is_control() || (c.is_ascii() && !c.is_ascii_alphanumeric());
    !is_accent && !parts_words && !is_invisible(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).map(|word| word.folded).collect()
    }

    #[track_caller]
    fn same(a: &str, b: &str) {
        assert_eq!(index_text(a), index_text(b), "{a:?} and {b:?}");
    }

    #[track_caller]
    fn different(a: &str, b: &str) {
        assert_ne!(index_text(a), index_text(b), "{a:?} and {b:?}");
    }

    #[test]
    fn words_are_found_whatever_case_accents_and_forms_they_are_written_in() {
        same("STRASSE", "straße");
        same("Ὀδυσσεύς", "οδυσσευσ");
        same("ещё", "Еще");
        same("İstanbul", "istanbul");
        same("ﬁle", "FILE");
        same("ＡＢＣ１２", "abc12");
        same("Cafe\u{301}", "café");
        same("مُحَمَّد", "مُحَمَّد");
        same("\u{1112}\u{1161}\u{11AB}", "한");
        same("ｶﾞｷ", "ガキ");
        same("می\u{200C}خواهم", "میخواهم");
    }

    #[test]
    fn marks_that_make_another_word_count() {
        different("か", "が");
        different("किताब", "कताब");
    }

    #[test]
    fn what_stands_between_words_is_not_indexed() {
        assert_eq!(
            folded("don't `rm -rf /` foo_bar, a.b@c.org!"),
            ["don", "t", "rm", "rf", "foo", "bar", "a", "b", "c", "org"]
        );
        assert_eq!(folded("!\"*-:()'\\ \0\n👍🏽 …"), [] as [&str; 0]);
    }

    #[test]
    fn writing_without_spaces_is_cut_into_characters() {
        assert_eq!(folded("我喜欢Rust吗"), ["我", "喜", "欢", "rust", "吗"]);
        assert_eq!(folded("ไทย"), ["ไ", "ท", "ย"]);
    }

    #[test]
    fn a_word_without_end_is_cut() {
        assert_eq!(folded(&"x".repeat(16_384))[0].len(), LONGEST);
        assert_eq!(folded(&"é".repeat(8_000))[0].chars().count(), LONGEST);
    }

    #[test]
    fn links_are_addresses_of_pages() {
        for text in ["see https://example.org/a", "<HTTP://example.org>", "(http://[::1] and https://é.fr)"]
        {
            assert!(has_link(text), "{text}");
        }
        for text in ["", "http", "https://", "ftp://example.org", "a://b", "http:// example.org"] {
            assert!(!has_link(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_folded_word_holds_nothing_that_parts_words(text in any::<String>()) {
            for word in words(&text) {
                prop_assert!(!word.folded.is_empty());
                prop_assert!(word.folded.chars().all(|c| !c.is_ascii() || c.is_ascii_alphanumeric()));
                prop_assert!(!word.folded.contains(char::is_whitespace));
                prop_assert!(word.folded.chars().count() <= LONGEST);
                prop_assert!(!text[word.range].is_empty());
            }
        }

        #[test]
        fn words_follow_each_other(text in "[a-zA-Zäéß李กि́ .,-]{0,40}") {
            let ranges: Vec<_> = words(&text).map(|word| word.range).collect();
            prop_assert!(ranges.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}
