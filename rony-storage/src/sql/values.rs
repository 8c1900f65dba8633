//! Statements over many rows at once, and the columns that hold JSON.
//!
//! The number of rows is padded to a power of two: 500 different statement texts would thrash the prepared statements'
//! cache. Padding repeats the last row where a repetition does no harm, and is all NULL where rows are inserted.

use serde::{Serialize, de::DeserializeOwned};

use super::dialect::Dialect;

/// Rows in one statement at most: 512 rows of 16 columns stay under both databases' limits of bound values.
pub(crate) const MOST: usize = 512;

/// `$1, $2, …` for that many values, padded; the first placeholders of their statement.
pub(crate) fn list<DB: Dialect>(count: usize) -> String {
    if DB::NUMBERED { list_from(1, count) } else { vec!["?"; count.next_power_of_two()].join(", ") }
}

/// As [`list`], behind others, with the first placeholder's number.
pub(crate) fn list_from(first: usize, count: usize) -> String {
    let numbers: Vec<_> =
        (first..first + count.next_power_of_two()).map(|number| format!("${number}")).collect();
    numbers.join(", ")
}

/// `($1, $2), ($3, $4), …` for that many rows of `columns` values, padded; the first placeholders of their statement.
pub(crate) fn rows<DB: Dialect>(columns: usize, count: usize) -> String {
    let value = |number: usize| if DB::NUMBERED { format!("${number}") } else { "?".to_owned() };
    let row = |row: usize| {
        let values: Vec<_> = (1..=columns).map(|column| value(row * columns + column)).collect();
        format!("({})", values.join(", "))
    };
    (0..count.next_power_of_two()).map(row).collect::<Vec<_>>().join(", ")
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
    use sqlx::{Postgres, Sqlite};

    use super::*;

    #[test]
    fn statements_come_in_a_few_lengths_only() {
        assert_eq!(list::<Postgres>(3), "$1, $2, $3, $4");
        assert_eq!(list::<Sqlite>(3), "?, ?, ?, ?");
        assert_eq!(rows::<Postgres>(2, 3), "($1, $2), ($3, $4), ($5, $6), ($7, $8)");
        assert_eq!(rows::<Sqlite>(2, 3), "(?, ?), (?, ?), (?, ?), (?, ?)");
        assert_eq!(padded(&[1, 2, 3]).collect::<Vec<_>>(), [&1, &2, &3, &3]);
        assert_eq!(optional(&[1, 2, 3]).collect::<Vec<_>>(), [Some(&1), Some(&2), Some(&3), None]);
    }
}
