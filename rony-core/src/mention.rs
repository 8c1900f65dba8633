//! Finds who is mentioned in a message, in the Markdown source as people write it.
//!
//! A mention is an `@` and what can be a username. It is none:
//! - in code spans and fenced code blocks (what is merely indented is no code to people who write messages)
//! - in the address of a link
//! - in an e-mail address, a path or a handle of elsewhere: `ann@example.org`, `example.org/@ann`, `@ann@example.org`
//! - behind a backslash: `\@ann`
//!
//! Whether somebody has the name is not known here. `@ann.lee` may mean "ann.lee", or "ann" at the end of a sentence;
//! and Chinese, Japanese, Korean or Thai words follow a name without a space. So a name is found at its longest, and
//! [`candidates`] gives what else it may be, to be looked up longest first.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::username::{Username, UsernameKey, is_punctuation};

mod markdown;

/// How many people one message can mention by name.
pub const MAX_NAMES: usize = 50;

/// Who a message mentions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentions {
    /// The names, without `@`, as they were written (in composed form), each once (by [`UsernameKey`]), in order; at
    /// most [`MAX_NAMES`].
    pub names: Vec<String>,
    /// Whether there were more names than that.
    pub more: bool,
    /// Whether `@all` is mentioned.
    pub all: bool,
    /// Whether `@here` is mentioned.
    pub here: bool,
}

/// Finds the mentions in a message, in time proportional to its length.
///
/// ```
/// use rony_core::mention::mentions;
///
/// let found = mentions("@Ann, can you and @мария look at `@deprecated`? (mail: ann@example.org) @here");
/// assert_eq!(found.names, ["Ann", "мария"]);
/// assert!(found.here && !found.all);
/// ```
#[must_use]
pub fn mentions(text: &str) -> Mentions {
    let mut found = Found::default();
    if text.contains('@') {
        for block in markdown::prose(text) {
            scan(block, &mut found);
        }
    }
    found.mentions
}

/// What a name found by [`mentions`] may be, longest first: itself, and what is left when it is cut before punctuation
/// or where a writing system without spaces begins or goes on.
///
/// ```
/// use rony_core::mention::candidates;
///
/// assert_eq!(candidates("ann.lee").collect::<Vec<_>>(), ["ann.lee", "ann"]);
/// assert_eq!(candidates("annさん").collect::<Vec<_>>(), ["annさん", "annさ", "ann"]);
/// ```
pub fn candidates(name: &str) -> impl Iterator<Item = &str> {
    let mut ends = Vec::new();
    let mut chars = name.char_indices().skip(1).peekable();
    let mut before = name.chars().next();
    for count in 1..=Username::MAX {
        let next = chars.next();
        let end = next.map_or(name.len(), |(at, _)| at);
        if count >= Username::MIN && before.is_some_and(|before| ends_between(before, next.map(|(_, c)| c))) {
            ends.push(end);
        }
        match next {
            Some((_, c)) => before = Some(c),
            None => break,
        }
    }
    ends.into_iter().rev().map(|end| &name[..end])
}

/// Whether a name can end after `before`, with `next` following.
fn ends_between(before: char, next: Option<char>) -> bool {
    !is_punctuation(before)
        && next.is_none_or(|next| {
            is_punctuation(next) || (!is_combining_mark(next) && (is_unspaced(before) || is_unspaced(next)))
        })
}

/// Whether a character belongs to a writing system that sets no spaces between words (or, as Korean, adds particles and
/// titles to names).
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(
        c,
        '\u{0E00}'..='\u{0EFF}' // Thai, Lao
        | '\u{1000}'..='\u{109F}' // Myanmar
        | '\u{1100}'..='\u{11FF}' // Hangul letters
        | '\u{1780}'..='\u{17FF}' // Khmer
        | '\u{3005}'..='\u{3007}' // Chinese repetition marks and zero
        | '\u{3040}'..='\u{312F}' // Hiragana, Katakana, Bopomofo
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' // Chinese characters
        | '\u{20000}'..='\u{3FFFF}' // more of them
        | '\u{AC00}'..='\u{D7AF}' // Hangul syllables
    )
}

/// What was found so far.
#[derive(Default)]
struct Found {
    mentions: Mentions,
    seen: HashSet<UsernameKey>,
}

impl Found {
    /// Takes what stands behind an `@`, up to the first character that no username has.
    fn add(&mut self, written: &str) {
        // A name in decomposed form has up to three times as many characters; more than that is no name, and must not
        // cost more than one either.
        let written: String = written.chars().take(4 * Username::MAX).nfc().collect();
        if stands_for(&written, "all") {
            self.mentions.all = true;
        } else if stands_for(&written, "here") {
            self.mentions.here = true;
        } else if let (false, Some(name)) = (self.mentions.more, candidates(&written).next()) {
            let key = UsernameKey::of(name);
            if self.seen.contains(&key) {
                return;
            }
            if self.seen.len() == MAX_NAMES {
                self.mentions.more = true;
                return;
            }
            self.seen.insert(key);
            self.mentions.names.push(name.to_owned());
        }
    }
}

/// Whether `written` is `word`, alone or with text behind it that sets no spaces. "@all.hands" is a name.
fn stands_for(written: &str, word: &str) -> bool {
    written.split_at_checked(word.len()).is_some_and(|(start, rest)| {
        start.eq_ignore_ascii_case(word) && rest.chars().next().is_none_or(is_unspaced)
    })
}

/// Finds the mentions in one block of prose.
fn scan(block: &str, found: &mut Found) {
    let code = markdown::CodeSpans::new(block);
    // Whether what stands directly before is part of a word, an address or a path.
    let mut word = false;
    let mut at = 0;
    while let Some(c) = block[at..].chars().next() {
        let after = at + c.len_utf8();
        let rest = &block[after..];
        (at, word) = match c {
            '\\' => (after + usize::from(rest.starts_with(|c: char| c.is_ascii_punctuation())), false),
            '`' => (code.skip(at), false),
            ']' if rest.starts_with('(') => {
                (markdown::skip_destination(block, after + 1).unwrap_or(after), false)
            }
            ':' if word && rest.starts_with("//") => (after + markdown::address_len(rest), false),
            '@' if !word => mention(block, after, found),
            '@' => (after, true),
            c => (after, continues_word(c, word)),
        };
    }
}

/// Whether a word, an address or a path goes on (or begins) with `c`. Words without spaces do not: "请@李雷" is a mention.
fn continues_word(c: char, word: bool) -> bool {
    match c {
        '.' | '_' | '-' | '+' | '%' | '&' | '=' | '#' | '/' => word,
        c => (c.is_alphanumeric() || is_combining_mark(c)) && !is_unspaced(c),
    }
}

/// Reads the name behind an `@`. Gives where to go on, and whether that is within a word.
fn mention(block: &str, from: usize, found: &mut Found) -> (usize, bool) {
    let rest = &block[from..];
    let len = rest.find(|c: char| !(c.is_alphanumeric() || is_combining_mark(c) || is_punctuation(c)));
    let name = rest[..len.unwrap_or(rest.len())].trim_end_matches(is_punctuation);
    let end = from + name.len();
    if block[end..].starts_with('@') {
        return (end, true);
    }
    if !name.starts_with(|c| is_punctuation(c) || is_combining_mark(c)) {
        found.add(name);
    }
    (end, false)
}

#[cfg(test)]
mod tests;
