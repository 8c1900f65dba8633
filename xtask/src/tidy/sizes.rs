//! How large files and functions are. Large ones are worth a second look, not an error: sometimes there is no
//! better cut.

use std::fmt::Write as _;

use super::Source;

/// How many of the largest files are named.
const LARGEST: usize = 5;
/// Functions longer than this are named.
const LONG: usize = 80;

/// The largest files and the long functions, for a person to read.
pub(super) fn report(sources: &[Source]) -> String {
    let mut rust: Vec<&Source> = sources.iter().filter(|source| source.path.ends_with(".rs")).collect();
    rust.sort_by_key(|source| std::cmp::Reverse(source.text.lines().count()));
    let lines: usize = rust.iter().map(|source| source.text.lines().count()).sum();

    let mut report = format!("{} Rust files, {lines} lines; the largest:", rust.len());
    for source in rust.iter().take(LARGEST) {
        let _ = write!(report, "\n  {:>5} lines  {}", source.text.lines().count(), source.path);
    }
    let long = rust.iter().flat_map(|source| functions(&source.text).map(move |function| (source, function)));
    for (source, (name, lines)) in long.filter(|(_, (_, lines))| *lines > LONG) {
        let _ = write!(report, "\n  {lines:>5} lines  fn {name} in {}", source.path);
    }
    report
}

/// The functions of a formatted file, each with its number of lines: rustfmt puts the closing brace below the
/// first letter.
fn functions(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let begins: Vec<(usize, &str)> =
        lines.iter().enumerate().filter_map(|(at, line)| Some((at, function_name(line)?))).collect();
    begins.into_iter().filter_map(move |(begin, name)| {
        let indent = lines[begin].len() - lines[begin].trim_start().len();
        let closing = format!("{}}}", " ".repeat(indent));
        let length = lines[begin..].iter().position(|line| *line == closing)? + 1;
        Some((name, length))
    })
}

fn function_name(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let words = ["pub", "pub(crate)", "pub(super)", "async", "const", "unsafe", "extern"];
    // A body on the same line, or none at all, has no closing brace to look for.
    let open = !line.ends_with([';', '}']);
    let is_function = open && before.split_whitespace().all(|word| words.contains(&word));
    is_function.then(|| after.split(['(', '<']).next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    #[test]
    fn the_largest_files_and_the_long_functions_are_named() {
        let body = "    step();\n".repeat(100);
        let long = format!(
            "//! Long.\npub async fn all_at_once(\n    a: u8,\n) {{\n{body}}}\n\nfn short() {{\n    step();\n}}\n"
        );
        let report = report(&[source("a.rs", &long), source("b.rs", "fn f() {}\n"), source("c.md", "")]);
        assert!(report.starts_with("2 Rust files, 110 lines"), "{report}");
        assert!(report.contains("104 lines  fn all_at_once in a.rs"), "{report}");
        assert!(!report.contains("fn short"), "{report}");
    }
}
