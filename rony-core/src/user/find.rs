//! Finding people by the beginnings of their names.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::{
    id::UserId,
    username::{DisplayName, Username},
};

/// Whom to look for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindUsers {
    /// How a part of their username or display name begins, letter case and accents aside; everybody, when left out.
    pub query: String,
    /// Deactivated accounts too; for administrators.
    pub deactivated: bool,
}

/// Where a page of people begins: behind the one with this search text and id.
pub type FoundUpTo = (String, UserId);

/// What a store keeps of somebody's names to find them by: a space before each word, so that `" an"` is in it when a word
/// begins with "an". People are listed in its order, which begins with the display name.
#[must_use]
pub fn search_text(username: &Username, display_name: &DisplayName) -> String {
    format!(" {} {}", fold(display_name.as_str()), fold(username.as_str()))
}

/// What must be in [`search_text`] of somebody whom this query means; `None`: it means everybody. NUL, which not every
/// database takes, is in no name.
#[must_use]
pub fn search_part(query: &str) -> Option<String> {
    let query = fold(query).replace('\0', "\u{FFFD}");
    if query.is_empty() { None } else { Some(format!(" {query}")) }
}

/// The most characters of a folded name that count; the longest of them make a cursor of less than 1 KiB.
const FOLDED_LIMIT: usize = 64;

/// Without letter case, accents, compatibility forms and the `@` of mentions, with one space between words.
fn fold(text: &str) -> String {
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).nfkc();
    let plain: String = plain.collect();
    let words = plain.split_whitespace().map(|word| word.trim_start_matches('@'));
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(FOLDED_LIMIT).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finds(query: &str) -> bool {
        let text = search_text(&"jnovak".parse().unwrap(), &DisplayName::parse("Jiří  Novák-Malý").unwrap());
        search_part(query).is_none_or(|part| text.contains(&part))
    }

    #[test]
    fn people_are_found_by_the_beginnings_of_their_names() {
        for query in [
            "",
            "  ",
            "jiri",
            "Jiří",
            "JIŘ",
            "nov",
            "jiří novák",
            " jiri  nov ",
            "jnov",
            "@jnovak",
            "jiri novak-maly j",
        ] {
            assert!(finds(query), "{query:?}");
        }
        for query in ["iri", "ovak", "novak jiri", "jnovakk", "%", "_", "jiri\0"] {
            assert!(!finds(query), "{query:?}");
        }
    }

    proptest! {
        #[test]
        fn everybody_is_found_by_each_beginning_of_their_name(name in "\\PC{1,20}", length in 0..20_usize) {
            if let Ok(name) = DisplayName::parse(&name) {
                let username = "ann".parse().unwrap();
                let beginning: String = fold(name.as_str()).chars().take(length).collect();
                let text = search_text(&username, &name);
                prop_assert!(search_part(&beginning).is_none_or(|part| text.contains(&part)));
            }
        }
    }
}
