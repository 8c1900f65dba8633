//! The names of people: the [`Username`] by which one is found and mentioned, of which there is only one, and the
//! [`DisplayName`] that others see, which may be anything that can be read.
//!
//! A username is kept as it was written; whether two are *the same* is decided by their [`UsernameKey`]s. So "Ann" and
//! "ann" are one name, and so are "ann" and "аnn" with a Cyrillic а.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_security::{
    GeneralSecurityProfile as _, RestrictionLevel, RestrictionLevelDetection as _, skeleton,
};

use crate::text::{self, TextError};

/// Names that nobody may have: mentions that mean many people, and those that would speak for Rony itself.
///
/// "admin" is not among them: it is what many call the account that the setup link creates, and then it is taken.
const RESERVED: [&str; 8] = ["all", "here", "everyone", "channel", "system", "rony", "assistant", "me"];

/// The name by which a person is found and mentioned.
///
/// 2 to 32 characters (Unicode scalar values, in composed form): letters and digits of any one writing system, with
/// `.`, `_` and `-` between them.
///
/// Which characters are letters for this purpose, and which writing systems may be mixed (Japanese ones with each
/// other and with Latin, but not Latin with Cyrillic), is [UTS #39](https://www.unicode.org/reports/tr39/)'s "general
/// security profile" and its "highly restrictive" level. A capital I after a small letter is refused, because it reads
/// as an l; at the start of a name it is taken for what it is.
///
/// ```
/// use rony_core::username::Username;
///
/// let name: Username = "José".parse().unwrap();
/// assert_eq!(name.as_str(), "José");
/// assert_eq!(name.key(), "jose\u{301}".parse::<Username>().unwrap().key());
/// assert!("@ann".parse::<Username>().is_err());
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 2, max_length = 32, example = "ann"))]
pub struct Username(String);

impl Username {
    /// The fewest characters a username has.
    pub const MIN: usize = 2;
    /// The most characters a username has.
    pub const MAX: usize = 32;
    /// The most combining marks on one letter:
    /// [UTS #39, 5.4](https://www.unicode.org/reports/tr39/#Optional_Detection).
    const MAX_MARKS: usize = 4;

    /// Checks a name as somebody typed it. Space around it is dropped.
    ///
    /// # Errors
    /// When the name breaks one of the rules; the error says which, and what to do. Whether the name is free is for
    /// the store to say.
    pub fn parse(text: &str) -> Result<Self, UsernameError> {
        let text = text.trim();
        // Composing shrinks a name to a third at most; nobody makes us compose a megabyte.
        if text.chars().nth(4 * Self::MAX).is_some() {
            return Err(UsernameError::TooLong);
        }
        let name: String = text.nfc().collect();
        check_characters(&name)?;
        check_shape(&name)?;
        if !name.as_str().check_restriction_level(RestrictionLevel::HighlyRestrictive) {
            return Err(UsernameError::MixedScripts);
        }
        let name = Self(name);
        let key = name.key();
        if RESERVED.iter().any(|word| UsernameKey::of(word) == key) {
            return Err(UsernameError::Reserved);
        }
        Ok(name)
    }

    /// Takes a name back that was parsed when it was stored. It is not checked again: the rules may have become
    /// stricter, and the account is still there.
    #[must_use]
    pub fn from_store(text: String) -> Self {
        Self(text)
    }

    /// The name as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is the same for all names that are taken for this one.
    #[must_use]
    pub fn key(&self) -> UsernameKey {
        UsernameKey::of(&self.0)
    }
}

fn check_characters(name: &str) -> Result<(), UsernameError> {
    for c in name.chars() {
        if c.is_control() || text::is_invisible(c) {
            return Err(UsernameError::Invisible);
        }
        let letter = (c.is_alphanumeric() || is_combining_mark(c)) && c.identifier_allowed();
        if !letter && !is_punctuation(c) {
            return Err(UsernameError::Character(c));
        }
    }
    Ok(())
}

fn check_shape(name: &str) -> Result<(), UsernameError> {
    match name.chars().count() {
        0..Username::MIN => return Err(UsernameError::TooShort),
        Username::MIN..=Username::MAX => {}
        _ => return Err(UsernameError::TooLong),
    }
    if name.starts_with(|c| is_punctuation(c) || is_combining_mark(c)) || name.ends_with(is_punctuation) {
        return Err(UsernameError::Edge);
    }
    if text::longest_pile_of_marks(name) > Username::MAX_MARKS {
        return Err(UsernameError::Marks);
    }
    if name.chars().zip(name.chars().skip(1)).any(|(before, c)| c == 'I' && before.is_lowercase()) {
        return Err(UsernameError::CapitalI);
    }
    Ok(())
}

/// What may stand between the letters of a username.
pub(crate) fn is_punctuation(c: char) -> bool {
    matches!(c, '.' | '_' | '-')
}

impl std::str::FromStr for Username {
    type Err = UsernameError;

    fn from_str(text: &str) -> Result<Self, UsernameError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Username {
    type Error = UsernameError;

    fn try_from(text: String) -> Result<Self, UsernameError> {
        Self::parse(&text)
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// What usernames that are taken for each other have in common: a store keeps it beside the name, unique.
///
/// It is the [skeleton](https://www.unicode.org/reports/tr39/#Confusable_Detection) of the name without letter case
/// and without compatibility forms. It is not for people to read: the key of "mary" is "rnary", since the two look alike.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct UsernameKey(String);

impl UsernameKey {
    /// The key of any text, whether it could be a username or not: for finding somebody by a name that was typed.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let plain: String = without_case(text.nfkc()).nfkc().collect();
        // A skeleton may bring capitals back ("0" becomes "O").
        let alike: String = without_case(skeleton(&plain)).collect();
        let mut key = String::with_capacity(alike.len());
        for c in alike.nfd() {
            // The dot of an i is no accent: "i" and "i\u{307}" look the same, and the latter is "İ" in small letters.
            if !(c == '\u{307}' && key.ends_with(['i', 'j'])) {
                key.push(c);
            }
        }
        Self(key)
    }

    /// The key of a name as somebody typed it. Nobody makes us fold a megabyte, and no username has a NUL, which PostgreSQL
    /// cannot compare with.
    #[must_use]
    pub fn typed(name: &str) -> Self {
        let longest = 4 * Username::MAX;
        let name: String = name.trim().chars().take(longest).collect();
        Self::of(&name.replace('\0', "\u{fffd}"))
    }

    /// The text of the key, for a database.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Through capitals to small letters, which is Unicode's case folding in all that matters here: "ß" and "SS" become
/// "ss", "ς" and "Σ" become "σ".
fn without_case(chars: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    chars.flat_map(char::to_uppercase).flat_map(char::to_lowercase)
}

/// Why a text cannot be a [`Username`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UsernameError {
    /// It has fewer than [`Username::MIN`] characters.
    #[error("use at least {} characters", Username::MIN)]
    TooShort,
    /// It has more than [`Username::MAX`] characters.
    #[error("use at most {} characters", Username::MAX)]
    TooLong,
    /// It contains a character that no username has.
    #[error("“{0}” cannot be in a username: use letters, digits, “.”, “_” and “-”")]
    Character(char),
    /// It contains a character that cannot be seen.
    #[error("there is an invisible character in it: type the name again instead of pasting it")]
    Invisible,
    /// It begins or ends with punctuation.
    #[error("begin and end with a letter or a digit")]
    Edge,
    /// It mixes alphabets that people do not mix, but those who pretend to be somebody else do.
    #[error("use the letters of one alphabet only")]
    MixedScripts,
    /// It piles up accents.
    #[error("use fewer accents and marks on one letter")]
    Marks,
    /// It has a capital I where it reads as a small l.
    #[error("write the “I” as a small “i”: after a small letter it looks like an “l”")]
    CapitalI,
    /// It means something else in Rony.
    #[error("this name means something in Rony: choose another one")]
    Reserved,
}

impl UsernameError {
    /// The name of the field, as it stands in the request.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        "username"
    }
}

/// The name that others see: one line of 1 to 64 characters. Many people may have the same.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 64, example = "Ann Lee"))]
pub struct DisplayName(String);

impl DisplayName {
    /// The most characters a display name has.
    pub const MAX: usize = 64;

    /// Checks a name as somebody typed it, as [`text::line`] does for any line.
    ///
    /// # Errors
    /// When it breaks one of that function's rules.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        text::line("display_name", text, Self::MAX).map(Self)
    }

    /// Takes a name back that was parsed when it was stored.
    #[must_use]
    pub fn from_store(text: String) -> Self {
        Self(text)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Who has chosen no other name is shown by their username, which is short enough.
impl From<&Username> for DisplayName {
    fn from(name: &Username) -> Self {
        Self(name.0.clone())
    }
}

impl TryFrom<String> for DisplayName {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        Self::parse(&text)
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn accepted(text: &str) -> Username {
        Username::parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}"))
    }

    #[track_caller]
    fn refused(text: &str, expected: UsernameError) {
        assert_eq!(Username::parse(text), Err(expected), "{text:?}");
    }

    #[track_caller]
    fn same(a: &str, b: &str) {
        assert_eq!(UsernameKey::of(a), UsernameKey::of(b), "{a:?} {b:?}");
    }

    #[track_caller]
    fn different(a: &str, b: &str) {
        assert_ne!(UsernameKey::of(a), UsernameKey::of(b), "{a:?} {b:?}");
    }

    #[test]
    fn names_of_the_world_are_usernames() {
        for name in [
            "ann",
            "u1",
            "Ann.Lee",
            "ann_lee-2",
            "josé",
            "Łukasz",
            "мария",
            "李雷",
            "さくら",
            "サクラ",
            "ハンナー",
            "김철수",
            "γιώργος",
            "מרים",
            "مريم",
            "अनिता",
            "สมชาย",
            "Nguyễn",
            "Ian",
            "MIA",
            "田中tanaka",
            "admin",
        ] {
            assert_eq!(accepted(name).as_str(), name.nfc().collect::<String>());
        }
    }

    #[test]
    fn space_around_a_name_is_dropped() {
        assert_eq!(accepted(" ann\n").as_str(), "ann");
    }

    #[test]
    fn a_name_is_neither_too_short_nor_too_long() {
        refused("", UsernameError::TooShort);
        refused("a", UsernameError::TooShort);
        refused("e\u{301}", UsernameError::TooShort);
        accepted(&"é".repeat(32));
        accepted(&"e\u{301}".repeat(32));
        refused(&"a".repeat(33), UsernameError::TooLong);
        refused(&"a".repeat(1 << 20), UsernameError::TooLong);
    }

    #[test]
    fn only_letters_digits_and_a_little_punctuation_are_taken() {
        for (text, c) in [
            ("ann lee", ' '),
            ("@ann", '@'),
            ("ann!", '!'),
            ("a/b", '/'),
            ("a\\b", '\\'),
            ("ann🙂", '🙂'),
            ("o'neil", '\''),
            ("ａｎｎ", 'ａ'),
            ("x²", '²'),
            ("ﬁona", 'ﬁ'),
            ("l·l", '·'),
            ("a\u{2800}b", '\u{2800}'),
        ] {
            match Username::parse(text) {
                Err(UsernameError::Character(found)) => assert_eq!(found, c, "{text:?}"),
                Err(UsernameError::Invisible) => assert_eq!(c, '\u{2800}'),
                other => panic!("{text:?}: {other:?}"),
            }
        }
    }

    #[test]
    fn invisible_characters_are_refused() {
        for c in
            ['\0', '\u{7}', '\u{200B}', '\u{200D}', '\u{202E}', '\u{2066}', '\u{FEFF}', '\u{3164}', '\u{AD}']
        {
            refused(&format!("an{c}n"), UsernameError::Invisible);
            refused(&format!("{c}{c}"), UsernameError::Invisible);
        }
    }

    #[test]
    fn a_name_begins_and_ends_with_a_letter_or_digit() {
        for name in [".ann", "ann.", "_ann", "ann_", "-ann", "ann-", "...", "\u{301}ann"] {
            refused(name, UsernameError::Edge);
        }
        accepted("a.b_c-d");
    }

    #[test]
    fn alphabets_are_not_mixed() {
        for name in ["аnn", "annа", "раypal", "γιώrgos", "Annю"] {
            refused(name, UsernameError::MixedScripts);
        }
    }

    #[test]
    fn accents_do_not_pile_up() {
        refused(&format!("z{}ann", "\u{323}\u{300}\u{301}\u{303}\u{308}"), UsernameError::Marks);
    }

    #[test]
    fn a_capital_i_does_not_pose_as_an_l() {
        refused("paypaI", UsernameError::CapitalI);
        accepted("paypal");
        accepted("paypai");
    }

    #[test]
    fn reserved_words_and_their_look_alikes_are_refused() {
        for word in [
            "all", "All", "ALL", "a11", "here", "Everyone", "channel", "SYSTEM", "rony", "r0ny", "Rоny", "me",
        ] {
            let error = Username::parse(word).unwrap_err();
            assert!(
                matches!(error, UsernameError::Reserved | UsernameError::MixedScripts),
                "{word}: {error}"
            );
        }
        accepted("ali");
    }

    #[test]
    fn names_that_are_taken_for_each_other_have_one_key() {
        same("Ann", "aNN");
        same("José", "jose\u{301}");
        same("ａｎｎ", "ann");
        same("мария", "МАРИЯ");
        same("раура", "paypa"); // all Cyrillic, all Latin
        same("strasse", "STRAßE");
        same("ΟΔΟΣ", "οδος");
        same("mary", "rnary");
        same("b0b", "BOB");
        same("all", "a1l");
        same("ı", "i");
        same("İ", "i");
        same("i\u{307}", "i");
        different("jose", "josé");
        different("maria", "marla");
        different("ann", "anna");
        different("ann.lee", "ann_lee");
        different("u1", "u10");
        different("李雷", "李蕾");
    }

    #[test]
    fn a_duplicate_in_other_clothes_is_found_for_every_number() {
        let keys: std::collections::HashSet<_> =
            (0..5_000).map(|n| UsernameKey::of(&format!("u{n}"))).collect();
        assert_eq!(keys.len(), 5_000);
    }

    #[test]
    fn a_bad_name_in_a_request_is_refused_while_it_is_read() {
        let error = serde_json::from_str::<Username>(r#""a b""#).unwrap_err();
        assert!(error.to_string().contains("cannot be in a username"), "{error}");
        assert_eq!(serde_json::to_string(&accepted("Ann")).unwrap(), r#""Ann""#);
        assert!(serde_json::from_str::<DisplayName>(r#"" ""#).is_err());
    }

    #[test]
    fn every_username_can_be_a_display_name() {
        assert_eq!(
            DisplayName::parse(accepted("Ann").as_str()).unwrap(),
            DisplayName::from(&accepted("Ann"))
        );
        assert_eq!(DisplayName::parse("").unwrap_err().field(), "display_name");
        assert!(DisplayName::parse("Dr. Ann O’Neil 🙂").is_ok());
    }

    proptest! {
        #[test]
        fn an_accepted_name_is_accepted_again_unchanged(text in "\\PC{0,12}|[\\p{L}\\p{N}\\p{M}._-]{1,34}") {
            if let Ok(name) = Username::parse(&text) {
                prop_assert_eq!(Username::parse(name.as_str()), Ok(name));
            }
        }

        #[test]
        fn letter_case_makes_no_other_person(text in "[\\p{L}\\p{N}\\p{M}._-]{0,12}") {
            let key = UsernameKey::of(&text);
            prop_assert_eq!(UsernameKey::of(&text.to_uppercase()), key.clone());
            prop_assert_eq!(UsernameKey::of(&text.nfd().collect::<String>()), key.clone());
            prop_assert_eq!(UsernameKey::of(&text.nfkc().collect::<String>()), key);
        }

        #[test]
        fn any_text_has_a_key(text in any::<String>()) {
            let _ = UsernameKey::of(&text);
        }
    }
}
