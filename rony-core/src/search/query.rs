//! What somebody looks for, made of words: nothing in it is syntax to a database.

use super::words::words;
use crate::{Error, Result, mention::is_unspaced};

/// The longest query, in characters.
pub const LONGEST_QUERY: usize = 256;

/// What somebody looks for: all of its clauses must be in a text. Without clauses it matches every text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    clauses: Vec<Clause>,
}

/// Words that must stand in a text one after another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Folded as [`super::words`] does it: letters and digits only. At least one.
    pub words: Vec<String>,
    /// The last word is only the beginning of one.
    pub prefix: bool,
}

impl Query {
    /// Reads what somebody typed. Words must all be there, in any order; in quotation marks one after another. A word that
    /// is still being typed, at the very end, is a beginning. There are no operators: `-`, `*`, `:` part words, as in
    /// the texts.
    ///
    /// ```
    /// use rony_core::search::Query;
    ///
    /// let query = Query::parse("deploy \"blue green\" stag").unwrap();
    /// let words: Vec<_> = query.clauses().iter().map(|clause| (clause.words.join(" "), clause.prefix)).collect();
    /// assert_eq!(words, [("deploy".into(), false), ("blue green".into(), false), ("stag".into(), true)]);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for more than [`LONGEST_QUERY`] characters, and for a text without a letter or digit that is
    /// not empty: it could find nothing.
    pub fn parse(text: &str) -> Result<Self> {
        if text.chars().count() > LONGEST_QUERY {
            return Err(Error::invalid("query", format!("Look for at most {LONGEST_QUERY} characters.")));
        }
        let clauses: Vec<_> = parts(text).filter_map(|(part, typing)| clause(part, typing)).collect();
        if clauses.is_empty() && !text.trim().is_empty() {
            return Err(Error::invalid("query", "Look for at least one letter or digit."));
        }
        Ok(Self { clauses })
    }

    /// What must be in a text, all of it.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// Whether nothing is looked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '「' | '」')
}

/// What stands between quotation marks, and each piece between spaces outside of them; with whether it reaches the end of
/// the text, so that it may still be growing.
fn parts(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut pieces = text.split(is_quote).enumerate().peekable();
    std::iter::from_fn(move || {
        let (index, piece) = pieces.next()?;
        let last = pieces.peek().is_none();
        // Odd pieces are quoted; the mark that would end the last of them may not be typed yet.
        let split: Vec<_> = match index % 2 {
            1 => vec![piece],
            _ => piece.split(char::is_whitespace).collect(),
        };
        let end = split.len() - 1;
        Some(split.into_iter().enumerate().map(move |(index, part)| (part, last && index == end)))
    })
    .flatten()
}

fn clause(part: &str, typing: bool) -> Option<Clause> {
    let found: Vec<_> = words(part).collect();
    let last = found.last()?;
    // A letter begins too many words to be of use; where characters are words, one is whole.
    let grows = last.folded.chars().nth(1).is_some() && !last.folded.starts_with(is_unspaced);
    let prefix = typing && grows && last.range.end == part.len();
    Some(Clause { words: found.into_iter().map(|word| word.folded).collect(), prefix })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Clauses as people would write them: words, `*` behind a beginning.
    fn read(text: &str) -> Vec<String> {
        let query = Query::parse(text).unwrap();
        let show = |clause: &Clause| clause.words.join(" ") + if clause.prefix { "*" } else { "" };
        query.clauses().iter().map(show).collect()
    }

    #[test]
    fn the_word_that_is_being_typed_is_a_beginning() {
        assert_eq!(read("red green"), ["red", "green*"]);
        assert_eq!(read("red green "), ["red", "green"]);
        assert_eq!(read("red gr!"), ["red", "gr"]);
        assert_eq!(read("a"), ["a"]);
        assert_eq!(read("李雷"), ["李 雷"]);
    }

    #[test]
    fn quoted_words_stand_together() {
        assert_eq!(read("\"red green\" blue\"\""), ["red green", "blue"]);
        assert_eq!(read("“red green”"), ["red green"]);
        assert_eq!(read("say \"red gre"), ["say", "red gre*"]);
        assert_eq!(read("\"\"red\"\""), ["red"]);
    }

    #[test]
    fn punctuation_parts_words_and_is_no_operator() {
        assert_eq!(read("foo_bar -red* title:x NOT (OR)"), ["foo bar", "red", "title x", "not", "or"]);
        assert_eq!(read("https://example.org/a' OR 1=1 --"), ["https example org a", "or", "1 1"]);
    }

    #[test]
    fn nothing_that_could_be_found_is_refused() {
        for text in ["!", "\"\"", "👍", "***", "\0"] {
            assert_eq!(Query::parse(text).unwrap_err().code(), "invalid", "{text:?}");
        }
        assert!(Query::parse(" ").unwrap().is_empty());
        assert!(Query::parse(&"x".repeat(LONGEST_QUERY + 1)).is_err());
        assert!(Query::parse(&"李".repeat(LONGEST_QUERY)).is_ok());
    }

    proptest! {
        #[test]
        fn any_text_is_words_or_refused(text in "\\PC{0,60}|[a-z\"'*: -]{0,60}") {
            for clause in Query::parse(&text).iter().flat_map(Query::clauses) {
                prop_assert!(!clause.words.is_empty());
                for word in &clause.words {
                    prop_assert!(word.chars().all(|c| !c.is_ascii() || c.is_ascii_alphanumeric()));
                }
            }
        }

        #[test]
        fn a_text_is_found_by_its_own_words(text in "[a-zA-Zäß李 .\"_-]{1,40}") {
            let query = Query::parse(&text).unwrap_or_default();
            let text: Vec<_> = words(&text).map(|word| word.folded).collect();
            for clause in query.clauses() {
                prop_assert!(text.windows(clause.words.len()).any(|run| run == clause.words), "{clause:?}");
            }
        }
    }
}
