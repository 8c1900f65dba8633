//! Statements over many rows at once, and the columns that hold JSON.
//!
//! The number of rows is padded to a power of two: 500 different statement texts would thrash the prepared statements'
//! cache. Padding repeats the last row where a repetition does no harm, and is all NULL where rows are inserted.

use serde::{Serialize, de::DeserializeOwned};

/// Rows in one statement at most: 512 rows of 16 columns stay under both databases' limits of bound values.
pub(crate) const MOST: usize = 512;

/// `$1, $2, …` for that many values, padded.
pub(crate) fn list(count: usize) -> String {
    list_from(1, count)
}

/// As [`list`], with the first placeholder's number.
pub(crate) fn list_from(first: usize, count: usize) -> String {
    let numbers: Vec<_> =
        (first..first + count.next_power_of_two()).map(|number| format!("${number}")).collect();
    numbers.join(", ")
}

/// `($1, $2), ($3, $4), …` for that many rows of `columns` values, padded.
pub(crate) fn rows(columns: usize, count: usize) -> String {
    let row = |row: usize| {
        let numbers: Vec<_> = (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", numbers.join(", "))
    };
    (0..count.next_power_of_two()).map(row).collect::<Vec<_>>().join(", ")
}

/// As [`rows`], for SQLite alone, and for values that are bound in their order: it knows numbered ones as names, and goes through all
/// names before for each that is bound.
pub(crate) fn unnumbered_rows(columns: usize, count: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(", "));
    vec![row; count.next_power_of_two()].join(", ")
}

/// The items, and the last one again until they are as many as [`list`] and [`rows`] expect.
pub(crate) fn padded<T>(items: &[T]) -> impl Iterator<Item = &T> {
    let missing = if items.is_empty() { 0 } else { items.len().next_power_of_two() - items.len() };
    items.iter().chain(items.last().into_iter().cycle().take(missing))
}

/// The items, and `None` until they are as many as [`rows`] expects.
pub(crate) fn optional<T>(items: &[T]) -> impl Iterator<Item = Option<&T>> {
    let missing = items.len().next_power_of_two() - items.len();
    items.iter().map(Some).chain(std::iter::repeat_n(None, missing))
}

/// A text inside a pattern of `like … escape '!'`.
pub(crate) fn like(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// A small value for a text column.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("plain data")
}

/// A value that [`json`] wrote.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> rony_core::Result<T> {
    serde_json::from_str(text).map_err(rony_core::Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_come_in_a_few_lengths_only() {
        assert_eq!(list(3), "$1, $2, $3, $4");
        assert_eq!(rows(2, 3), "($1, $2), ($3, $4), ($5, $6), ($7, $8)");
        assert_eq!(unnumbered_rows(2, 3), "(?, ?), (?, ?), (?, ?), (?, ?)");
        assert_eq!(padded(&[1, 2, 3]).collect::<Vec<_>>(), [&1, &2, &3, &3]);
        assert_eq!(optional(&[1, 2, 3]).collect::<Vec<_>>(), [Some(&1), Some(&2), Some(&3), None]);
    }
}
