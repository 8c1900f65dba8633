//! Lists that come in pages: how many items at once ([`Limit`]), where to go on ([`Cursor`]), and the answer
//! ([`Page`]).
//!
//! A cursor holds the sort key of the last item that was given, never an offset: items that come and go meanwhile
//! neither repeat others nor hide them. It is no secret and grants nothing; what is decoded from one is somebody's
//! input like any other, and the list checks permission anew on every page.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{DeserializeOwned, Deserializer, Visitor};
use serde::{Deserialize, Serialize};

/// How many items a page has at most: 1 to 200, 50 unless asked otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = u16, minimum = 1, maximum = 200, default = 50))]
pub struct Limit(u16);

impl Limit {
    /// The most items of a page.
    pub const MAX: Self = Self(200);
    /// What is given to who asks for nothing.
    pub const DEFAULT: Self = Self(50);

    /// A limit of `items`.
    ///
    /// # Errors
    /// When it is none, or more than [`Limit::MAX`].
    pub fn new(items: u64) -> Result<Self, LimitError> {
        match u16::try_from(items) {
            Ok(items @ 1..) if items <= Self::MAX.0 => Ok(Self(items)),
            _ => Err(LimitError),
        }
    }

    /// The number of items.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0 as usize
    }

    /// How many rows to read for a page: one more than it has, which tells whether another page follows. See
    /// [`Page::cut`].
    #[must_use]
    pub const fn rows(self) -> i64 {
        self.0 as i64 + 1
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LimitVisitor)
    }
}

/// Reads a [`Limit`] from a number, or from the text that a number is in a query string.
struct LimitVisitor;

impl Visitor<'_> for LimitVisitor {
    type Value = Limit;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a number from 1 to {}", Limit::MAX.0)
    }

    fn visit_u64<E: serde::de::Error>(self, items: u64) -> Result<Limit, E> {
        Limit::new(items).map_err(E::custom)
    }

    fn visit_i64<E: serde::de::Error>(self, items: i64) -> Result<Limit, E> {
        Limit::new(u64::try_from(items).unwrap_or(0)).map_err(E::custom)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Limit, E> {
        text.parse().map_err(|_| E::custom(LimitError)).and_then(|items| self.visit_u64(items))
    }
}

/// A limit that is no number from 1 to [`Limit::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the limit must be a number from 1 to {}", Limit::MAX.0)]
pub struct LimitError;

/// Where the next page begins. To everybody but the list that made it, it is a text to be sent back as it is.
///
/// ```
/// use rony_core::page::Cursor;
///
/// let cursor = Cursor::encode("members", &("ann", 7));
/// assert_eq!(cursor.decode::<(String, u64)>("members").unwrap(), ("ann".to_owned(), 7));
/// assert!(cursor.decode::<(String, u64)>("files").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, max_length = 1024))]
pub struct Cursor(String);

impl Cursor {
    /// The longest text that is looked at, in bytes. A key has a fraction of this.
    const MAX: usize = 1_024;
    /// The first byte, before the JSON text of `[list, key]`. Another form gets another number, so that a cursor of
    /// an older server is refused instead of misread.
    const VERSION: u8 = 1;

    /// Makes the cursor of the list called `list` behind the item whose sort key is `key`.
    ///
    /// `key` should be small: some numbers, ids, a name.
    ///
    /// # Panics
    /// When `key` cannot be written as JSON, which a map with keys that are no text cannot, and plain data always can.
    #[must_use]
    pub fn encode<K: Serialize>(list: &str, key: &K) -> Self {
        let mut bytes = vec![Self::VERSION];
        serde_json::to_writer(&mut bytes, &(list, key)).expect("the key of a cursor is plain data");
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The key behind which the list called `list` goes on.
    ///
    /// # Errors
    /// [`CursorError`] when it was not made by [`encode`](Self::encode) for this list.
    pub fn decode<K: DeserializeOwned>(&self, list: &str) -> Result<K, CursorError> {
        // The length first, so that nobody makes us decode a megabyte.
        if self.0.len() > Self::MAX {
            return Err(CursorError);
        }
        let bytes = URL_SAFE_NO_PAD.decode(&self.0).map_err(|_| CursorError)?;
        let json = bytes.strip_prefix(&[Self::VERSION]).ok_or(CursorError)?;
        match serde_json::from_slice::<(String, K)>(json) {
            Ok((made_for, key)) if made_for == list => Ok(key),
            _ => Err(CursorError),
        }
    }

    /// The text, as it stands in a query string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Cursor {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A cursor that this list did not make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this cursor is not one of ours: start again without it")]
pub struct CursorError;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next page begins; `null` on the last one.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Makes a page of up to [`Limit::rows`] items that were read for it: what is beyond the limit only says that
    /// there is a next page. `key` gives the sort key of an item, for the cursor of the list called `list`.
    ///
    /// ```
    /// use rony_core::page::{Limit, Page};
    ///
    /// let rows = vec!["ann", "ben", "cem"]; // read with `LIMIT 3`
    /// let page = Page::cut(rows, Limit::new(2).unwrap(), "names", |name| *name);
    /// assert_eq!(page.items, ["ann", "ben"]);
    /// assert_eq!(page.next.unwrap().decode::<String>("names").unwrap(), "ben");
    /// ```
    pub fn cut<K: Serialize>(mut rows: Vec<T>, limit: Limit, list: &str, key: impl FnOnce(&T) -> K) -> Self {
        let more = rows.len() > limit.get();
        rows.truncate(limit.get());
        let next = rows.last().filter(|_| more).map(|last| Cursor::encode(list, &key(last)));
        Self { items: rows, next }
    }

    /// The same page with other items, one for each.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(change).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cursor_of(bytes: &[u8]) -> Cursor {
        Cursor(URL_SAFE_NO_PAD.encode(bytes))
    }

    #[test]
    fn a_limit_is_between_one_and_two_hundred() {
        for (json, expected) in [("1", 1), ("200", 200), ("\"30\"", 30)] {
            assert_eq!(serde_json::from_str::<Limit>(json).unwrap().get(), expected);
        }
        for json in ["0", "201", "-1", "18446744073709551615", "\"\"", "\"all\"", "\"-1\"", "\"201\""] {
            let error = serde_json::from_str::<Limit>(json).unwrap_err().to_string();
            assert!(error.starts_with("the limit must be a number from 1 to 200"), "{json}: {error}");
        }
        assert!(serde_json::from_str::<Limit>("1.5").is_err());
        assert_eq!(Limit::default().get(), 50);
    }

    #[test]
    fn the_text_of_a_cursor_is_frozen() {
        assert_eq!(Cursor::encode("members", &("ann", 7)).as_str(), "AVsibWVtYmVycyIsWyJhbm4iLDddXQ");
    }

    #[test]
    fn what_is_no_cursor_of_this_list_is_refused() {
        let good = Cursor::encode("members", &7_u64);
        assert_eq!(good.decode::<u64>("files"), Err(CursorError));
        assert_eq!(good.decode::<String>("members"), Err(CursorError));
        for text in ["", "7", "AQ", "é", "AVsibWVtYmVycyIsN10=", &format!("{good}A"), &good.as_str()[1..]] {
            assert_eq!(Cursor::from(text.to_owned()).decode::<u64>("members"), Err(CursorError), "{text}");
        }
        assert_eq!(cursor_of(b"\x02[\"members\",7]").decode::<u64>("members"), Err(CursorError));
        assert_eq!(cursor_of(b"\x01[\"members\",7,8]").decode::<u64>("members"), Err(CursorError));
    }

    #[test]
    fn an_endless_cursor_is_not_even_looked_at() {
        let long = Cursor::encode("members", &"a".repeat(1_000));
        assert_eq!(long.decode::<String>("members"), Err(CursorError));
    }

    #[test]
    fn the_last_page_has_no_next() {
        let limit = Limit::new(2).unwrap();
        for (rows, items, more) in [(0, 0, false), (1, 1, false), (2, 2, false), (3, 2, true)] {
            let page = Page::cut((0..rows).collect(), limit, "n", |n: &i32| *n);
            assert_eq!((page.items.len(), page.next.is_some()), (items, more));
        }
        let page = Page { items: vec![1], next: None }.map(|n| n.to_string());
        assert_eq!(serde_json::to_string(&page).unwrap(), r#"{"items":["1"],"next":null}"#);
    }

    proptest! {
        #[test]
        fn every_key_comes_back(seq: u64, at: i64, name in "\\PC{0,64}", id: [u8; 16], last: Option<bool>) {
            let key = (seq, at, name, id, last);
            let sent = serde_json::to_string(&Cursor::encode("list", &key)).unwrap();
            let back: Cursor = serde_json::from_str(&sent).unwrap();
            prop_assert_eq!(back.decode::<(u64, i64, String, [u8; 16], Option<bool>)>("list"), Ok(key));
        }

        #[test]
        fn any_text_is_a_cursor_or_an_error(text in any::<String>(), bytes: Vec<u8>) {
            for text in [text, URL_SAFE_NO_PAD.encode(bytes)] {
                if let Ok(cursor) = serde_json::from_value::<Cursor>(text.into()) {
                    let _ = cursor.decode::<(u64, i64, String, [u8; 16], Option<bool>)>("list");
                }
            }
        }

        #[test]
        fn a_cursor_needs_no_escaping_in_a_url(name in any::<String>()) {
            let cursor = Cursor::encode("list", &name);
            prop_assert!(cursor.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        }

        #[test]
        fn no_text_and_no_bytes_make_decoding_panic(text in any::<String>(), mut bytes: Vec<u8>) {
            let _ = Cursor::from(text).decode::<(u64, String)>("list");
            let _ = cursor_of(&bytes).decode::<(u64, String)>("list");
            bytes.insert(0, Cursor::VERSION);
            let _ = cursor_of(&bytes).decode::<(u64, String)>("list");
        }

        #[test]
        fn walking_by_pages_sees_every_item_once(count in 0_u32..500, limit in 1_u64..=200) {
            let limit = Limit::new(limit).unwrap();
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let rows = (0..count).filter(|n| after.is_none_or(|a| *n > a)).take(limit.get() + 1).collect();
                let page = Page::cut(rows, limit, "n", |n: &u32| *n);
                seen.extend(page.items);
                match page.next {
                    Some(cursor) => after = Some(cursor.decode::<u32>("n").unwrap()),
                    None => break,
                }
            }
            prop_assert_eq!(seen, (0..count).collect::<Vec<_>>());
        }
    }
}
