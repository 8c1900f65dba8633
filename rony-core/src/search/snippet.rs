//! The part of a text that matches, with what matches marked.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{
    query::{Clause, Query},
    words::{Word, words},
};

/// How much of a text is shown, in characters.
const SHOWN: usize = 160;
/// How much of that stands before the first match.
const BEFORE: usize = 40;

/// A piece of a snippet. The pieces together are the snippet's text; in pieces, since programs count characters differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SnippetPart {
    /// Its text.
    pub text: String,
    /// It is what was looked for.
    pub hit: bool,
}

/// The part of `text` in which most of `query` is found, about 160 characters long, with `…` where it was cut.
///
/// ```
/// use rony_core::search::{Query, snippet};
///
/// let parts = snippet("Shall we deploy today?", &Query::parse("depl").unwrap());
/// let shown: Vec<_> = parts.iter().map(|part| (part.text.as_str(), part.hit)).collect();
/// assert_eq!(shown, [("Shall we ", false), ("deploy", true), (" today?", false)]);
/// ```
#[must_use]
pub fn snippet(text: &str, query: &Query) -> Vec<SnippetPart> {
    let hits = hits(text, query);
    let window = window(text, &hits);
    let mut parts = Vec::new();
    let mut add = |text: &str, hit: bool| {
        if !text.is_empty() {
            parts.push(SnippetPart { text: text.to_owned(), hit });
        }
    };
    let mut at = window.start;
    if at > 0 {
        add("…", false);
    }
    for hit in merged(hits) {
        if hit.start >= at && hit.end <= window.end {
            add(&text[at..hit.start], false);
            add(&text[hit.clone()], true);
            at = hit.end;
        }
    }
    add(&text[at..window.end], false);
    if window.end < text.len() {
        add("…", false);
    }
    joined(parts)
}

/// A place where a clause is found.
struct Hit {
    clause: usize,
    range: Range<usize>,
}

/// Where the clauses are found, in the order of the text.
fn hits(text: &str, query: &Query) -> Vec<Hit> {
    let words: Vec<_> = words(text).collect();
    let mut hits = Vec::new();
    for (index, clause) in query.clauses().iter().enumerate() {
        let found = words.windows(clause.words.len()).filter(|run| matches(clause, run));
        let range = |run: &[Word]| run[0].range.start..run[run.len() - 1].range.end;
        hits.extend(found.map(|run| Hit { clause: index, range: range(run) }));
    }
    hits.sort_unstable_by_key(|hit| (hit.range.start, hit.range.end));
    hits
}

fn matches(clause: &Clause, run: &[Word]) -> bool {
    let last = clause.words.len() - 1;
    clause.words.iter().zip(run).enumerate().all(|(index, (wanted, word))| match index {
        _ if index == last && clause.prefix => word.folded.starts_with(wanted.as_str()),
        _ => word.folded == *wanted,
    })
}

/// Hits that overlap, as one.
fn merged(hits: Vec<Hit>) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(hits.len());
    for Hit { range, .. } in hits {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Which part of the text is shown: around the hit from which on most different clauses are near.
fn window(text: &str, hits: &[Hit]) -> Range<usize> {
    let near = |first: usize| {
        let upto = forward(text, hits[first].range.start, SHOWN - BEFORE);
        let mut clauses: Vec<_> =
            hits[first..].iter().take_while(|hit| hit.range.end <= upto).map(|hit| hit.clause).collect();
        clauses.sort_unstable();
        clauses.dedup();
        clauses.len()
    };
    // The first of the best; only so many are looked at, since one word may stand in a text thousands of times.
    let best = (0..hits.len().min(200)).rev().max_by_key(|first| near(*first));
    let Some(hit) = best.map(|best| &hits[best].range) else {
        return 0..cut_end(text, forward(text, 0, SHOWN));
    };
    let start = cut_start(text, backward(text, hit.start, BEFORE), hit.start);
    // A phrase is shown whole, however long.
    let end = cut_end(text, forward(text, start, SHOWN)).max(hit.end);
    start..end
}

/// `count` characters after `from`.
fn forward(text: &str, from: usize, count: usize) -> usize {
    text[from..].char_indices().nth(count).map_or(text.len(), |(at, _)| from + at)
}

/// `count` characters before `from`.
fn backward(text: &str, from: usize, count: usize) -> usize {
    text[..from].char_indices().rev().take(count).last().map_or(from, |(at, _)| at)
}

/// Not within a word, where there is a space near.
fn cut_start(text: &str, at: usize, before: usize) -> usize {
    if at == 0 {
        return 0;
    }
    let space = text[at..before].char_indices().find(|(_, c)| c.is_whitespace());
    space.map_or(at, |(space, c)| at + space + c.len_utf8())
}

/// Not within a word, where there is a space near.
fn cut_end(text: &str, at: usize) -> usize {
    if at == text.len() {
        return at;
    }
    let from = backward(text, at, 24);
    text[from..at].rfind(char::is_whitespace).map_or(at, |space| from + space)
}

/// Neighbours of the same kind as one.
fn joined(parts: Vec<SnippetPart>) -> Vec<SnippetPart> {
    let mut joined: Vec<SnippetPart> = Vec::with_capacity(parts.len());
    for part in parts {
        match joined.last_mut() {
            Some(last) if last.hit == part.hit => last.text.push_str(&part.text),
            _ => joined.push(part),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The snippet with what matches in brackets.
    fn shown(text: &str, query: &str) -> String {
        let parts = snippet(text, &Query::parse(query).unwrap());
        parts
            .iter()
            .map(|part| if part.hit { format!("[{}]", part.text) } else { part.text.clone() })
            .collect()
    }

    #[test]
    fn all_that_matches_is_marked() {
        assert_eq!(shown("Red, red and RÉD roses", "red rose"), "[Red], [red] and [RÉD] [roses]");
        assert_eq!(shown("a red rose, rose red", "\"red rose\""), "a [red rose], rose red");
        assert_eq!(shown("我喜欢Rust吗", "喜欢rust"), "我[喜欢Rust]吗");
        assert_eq!(shown("foo-bar", "foo_bar foo"), "[foo-bar]");
    }

    #[test]
    fn a_long_text_is_cut_around_the_best_place() {
        let text =
            format!("{} red {} the red green house {}", "x ".repeat(200), "y ".repeat(200), "z ".repeat(200));
        let snippet = shown(&text, "red green");
        assert!(snippet.starts_with("…y y "), "{snippet}");
        assert!(snippet.contains("the [red] [green] house"), "{snippet}");
        assert!(snippet.ends_with(" z…"), "{snippet}");
    }

    #[test]
    fn without_words_the_beginning_is_shown() {
        assert_eq!(shown("Good morning", ""), "Good morning");
        let text = shown(&"word ".repeat(100), "");
        assert!(text.ends_with("word…") && text.chars().count() <= SHOWN + 1, "{text}");
    }

    #[test]
    fn a_text_without_spaces_is_cut_between_characters() {
        let snippet = shown(&format!("{}雷{}", "李".repeat(500), "李".repeat(500)), "雷");
        assert_eq!(snippet.chars().filter(|c| *c == '李').count(), SHOWN - 1);
    }

    proptest! {
        #[test]
        fn a_snippet_is_a_piece_of_its_text(text in "[a-c ää李\n.]{0,400}", query in "[a-cä李 \"]{0,12}") {
            let query = Query::parse(&query).unwrap_or_default();
            let parts = snippet(&text, &query);
            let whole: String = parts.iter().map(|part| part.text.as_str()).collect();
            prop_assert!(text.contains(whole.trim_matches('…')));
            prop_assert!(parts.windows(2).all(|pair| pair[0].hit != pair[1].hit));
            let found = query.clauses().iter().any(|clause| {
                words(&text).collect::<Vec<_>>().windows(clause.words.len()).any(|run| matches(clause, run))
            });
            prop_assert_eq!(parts.iter().any(|part| part.hit), found);
        }
    }
}
