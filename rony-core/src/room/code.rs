//! A room's code: what people type, say on the telephone and put into links.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::secret::{RandomError, fill};

/// How many letters a code has, dashes aside.
const LETTERS: usize = 10;
/// Letters that people do not take for each other, on paper or by ear: no `i`, `l`, `o` (which look like 1 and 0), no `u`
/// (which looks like `v`), no `n` (which sounds like `m`), no `s` (which sounds like `f`).
const ALPHABET: &[u8; 20] = b"abcdefghjkmpqrtvwxyz";

/// A code such as `abc-defg-hjk`.
///
/// Its letters come from the operating system's randomness: 20¹⁰ codes (2⁴³). With the limit on guesses that the server
/// keeps, and a lobby behind the door, none is found by trying.
///
/// ```
/// use rony_core::room::RoomCode;
///
/// let code: RoomCode = "abc-defg-hjk".parse().unwrap();
/// assert_eq!(" ABCD efghjk ".parse::<RoomCode>().unwrap(), code);
/// assert_eq!(code.to_string(), "abc-defg-hjk");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, example = "abc-defg-hjk"))]
pub struct RoomCode([u8; LETTERS]);

impl RoomCode {
    /// A fresh one that nobody can guess.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn random() -> Result<Self, RandomError> {
        let mut letters = [0; LETTERS];
        let mut filled = 0;
        while filled < LETTERS {
            let mut bytes = [0; 2 * LETTERS];
            fill(&mut bytes)?;
            // What lies beyond the last whole alphabet is thrown away: it would favour the first letters.
            let fair = bytes.into_iter().filter(|byte| *byte < 240).take(LETTERS - filled);
            for byte in fair {
                letters[filled] = ALPHABET[usize::from(byte) % ALPHABET.len()];
                filled += 1;
            }
        }
        Ok(Self(letters))
    }

    /// The letters alone, for an index.
    #[must_use]
    pub fn letters(&self) -> String {
        self.0.iter().map(|letter| char::from(*letter)).collect()
    }
}

impl fmt::Display for RoomCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters = self.letters();
        write!(f, "{}-{}-{}", &letters[..3], &letters[3..7], &letters[7..])
    }
}

impl fmt::Debug for RoomCode {
    /// The beginning only: a code opens a door, and logs are read by many.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RoomCode({}-…)", &self.letters()[..3])
    }
}

impl FromStr for RoomCode {
    type Err = CodeError;

    /// Takes a code in any case, with spaces or dashes anywhere or nowhere.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut letters = [0; LETTERS];
        let mut count = 0;
        for c in text.chars().filter(|c| !c.is_whitespace() && !is_dash(*c)) {
            let letter = u8::try_from(c.to_ascii_lowercase()).ok().filter(|letter| ALPHABET.contains(letter));
            let letter = letter.ok_or(CodeError::Letter(c))?;
            *letters.get_mut(count).ok_or(CodeError::Length)? = letter;
            count += 1;
        }
        if count == LETTERS { Ok(Self(letters)) } else { Err(CodeError::Length) }
    }
}

/// The hyphen, and what word processors and phones make of it.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '_' | '.' | '\u{AD}' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

impl Serialize for RoomCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RoomCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// Why a text is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodeError {
    /// It has more or fewer letters.
    #[error("a meeting's code has {LETTERS} letters, such as abc-defg-hjk")]
    Length,
    /// It has a letter that no code has.
    #[error("no meeting's code has the letter “{}” in it", .0.escape_debug())]
    Letter(char),
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_differ_and_use_every_letter() {
        let codes: HashSet<RoomCode> = (0..500).map(|_| RoomCode::random().unwrap()).collect();
        assert_eq!(codes.len(), 500);
        let used: HashSet<u8> = codes.iter().flat_map(|code| code.0).collect();
        assert_eq!(used.len(), ALPHABET.len());
    }

    #[test]
    fn a_code_is_found_in_what_people_type() {
        let code: RoomCode = "abc-defg-hjk".parse().unwrap();
        for text in ["abcdefghjk", "ABC-DEFG-HJK", " abc defg hjk\n", "abc–defg—hjk", "a-b-c-d-e-f-g-h-j-k"]
        {
            assert_eq!(text.parse(), Ok(code), "{text}");
        }
        assert_eq!("abc-defg-hj".parse::<RoomCode>(), Err(CodeError::Length));
        assert_eq!("abc-defg-hjkm".parse::<RoomCode>(), Err(CodeError::Length));
        assert_eq!("abc-defg-hjo".parse::<RoomCode>(), Err(CodeError::Letter('o')));
        assert_eq!("".parse::<RoomCode>(), Err(CodeError::Length));
    }

    #[test]
    fn a_log_does_not_open_a_door() {
        let code: RoomCode = "abc-defg-hjk".parse().unwrap();
        assert_eq!(format!("{code:?}"), "RoomCode(abc-…)");
    }

    proptest! {
        #[test]
        fn any_text_is_a_code_or_an_error(text in any::<String>()) {
            if let Ok(code) = text.parse::<RoomCode>() {
                prop_assert_eq!(code.to_string().parse(), Ok(code));
            }
        }
    }
}
