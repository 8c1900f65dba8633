//! Every Rust file begins by saying what it is for, so that a newcomer can read the house file by file.

use super::{Problems, Source};

/// Fewer words than this name a thing and do not say what it is for.
const WORDS: usize = 3;

/// Checks every Rust file but the `tests.rs` of a module, which is for what its name says.
pub(super) fn check(sources: &[Source]) -> Problems {
    let rust =
        sources.iter().filter(|source| source.path.ends_with(".rs") && !source.path.ends_with("/tests.rs"));
    rust.filter(|source| !says_what_for(&source.text))
        .map(|source| format!("{}: begin with `//!` and what this module is for", source.path))
        .collect()
}

fn says_what_for(text: &str) -> bool {
    let mut lines = text.lines().skip_while(|line| is_attribute(line) || line.trim().is_empty()).peekable();
    if lines.peek().is_some_and(|line| line.starts_with("#![doc = include_str!(")) {
        return true;
    }
    let words = lines.map_while(|line| line.strip_prefix("//!")).flat_map(str::split_whitespace);
    words.count() >= WORDS
}

fn is_attribute(line: &str) -> bool {
    line.starts_with("#![") && !line.starts_with("#![doc")
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    #[track_caller]
    fn assert_verdict(text: &str, fine: bool) {
        assert_eq!(check(&[source("rony-core/src/id.rs", text)]).is_empty(), fine, "{text}");
    }

    #[test]
    fn a_module_that_says_what_it_is_for_is_fine() {
        assert_verdict("//! Typed ids, one newtype each.\n\nuse uuid::Uuid;\n", true);
        assert_verdict("#![cfg(unix)]\n\n//! Typed ids,\n//! one newtype each.\n", true);
        assert_verdict("#![doc = include_str!(\"id.md\")]\n", true);
    }

    #[test]
    fn the_tests_of_a_module_need_not_say_that_they_are_tests() {
        assert_eq!(check(&[source("rony-core/src/id/tests.rs", "use super::*;\n")]), Problems::new());
    }

    #[test]
    fn a_module_that_says_nothing_is_wrong() {
        assert_verdict("use uuid::Uuid;\n//! Typed ids, one newtype each.\n", false);
        assert_verdict("//! Ids.\n", false);
        assert_verdict("// Typed ids, one newtype each.\n", false);
        assert_verdict("", false);
    }
}
