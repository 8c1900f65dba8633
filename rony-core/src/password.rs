//! Passwords: which ones are accepted ([`check`]), and the port through which they are hashed ([`PasswordHasher`]).
//!
//! The rules are those of [NIST SP 800-63B](https://pages.nist.gov/800-63-3/sp800-63b.html#memsecretver), section
//! 5.1.1.2: at least 8 characters, long ones welcome, every character of Unicode allowed, and no rules about capitals
//! and digits, which make passwords worse. How often somebody may guess is the session service's matter.

use async_trait::async_trait;
use unicode_normalization::UnicodeNormalization as _;

use crate::secret::Secret;
use crate::username::{Username, UsernameKey};
use crate::{Error, Result};

#[cfg(feature = "argon2")]
mod argon2;

#[cfg(feature = "argon2")]
pub use argon2::{Argon2Hasher, Cost, Options};

/// The fewest characters a password has: the least that SP 800-63B allows.
pub const MIN: usize = 8;
/// The most characters a password has. SP 800-63B asks for at least 64; more than this is no password, but a paste gone
/// wrong.
pub const MAX: usize = 128;
/// The fewest characters of a password that opens one thing, a link or a room, and is handed on to people without an account: tries are few, and
/// there is no more behind it.
pub const MIN_SHARED: usize = 4;

/// Where guessing begins: passwords of 8 or more characters that stand at the top of every published list. Sign-in
/// attempts are limited, so the first dozens of guesses are the ones that count.
const COMMON: [&str; 32] = [
    "password",
    "password1",
    "password12",
    "password123",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "12345678",
    "123456789",
    "1234567890",
    "0123456789",
    "987654321",
    "87654321",
    "11111111",
    "00000000",
    "88888888",
    "123123123",
    "12341234",
    "abcd1234",
    "abc12345",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "1qaz2wsx",
    "qwertyui",
    "qwertyuiop",
    "qwerty123",
    "asdfghjkl",
    "iloveyou",
    "trustno1",
    "sunshine",
    "changeme",
    "welcome1",
];

/// Hashes passwords and compares them with hashes.
///
/// Both take long on purpose, so an implementation must keep them off the threads that serve everybody else, and must
/// say [`HashError::Busy`] instead of letting work pile up.
///
/// A hash is text in the [PHC string format](https://github.com/P-H-C/phc-string-format), parameters and salt included.
/// Passwords are brought to one spelling by [`normalize`] first, so that it does not matter which keyboard wrote an "é".
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// Makes the hash of a new password.
    ///
    /// # Errors
    /// [`HashError::Busy`] when too many are waiting; otherwise when hashing is not possible at all.
    async fn hash(&self, password: Secret) -> Result<String, HashError>;

    /// Whether `password` is the one that `phc` was made of.
    ///
    /// `None` stands for a person who does not exist: the answer is `false`, and it takes as long as for one who does,
    /// so that the time does not tell who has an account.
    ///
    /// # Errors
    /// As [`hash`](Self::hash); and [`HashError::Unreadable`] when `phc` is not a hash.
    async fn verify(&self, password: Secret, phc: Option<&str>) -> Result<bool, HashError>;

    /// Whether `phc` was made more cheaply than new hashes are: hash the password again when it was given next.
    fn needs_rehash(&self, phc: &str) -> bool;
}

/// Whether a password can be that of a link or a room.
///
/// # Errors
///
/// [`Error::Invalid`] for field `password`, for one that is too short or too long.
pub(crate) fn check_shared(password: &Secret) -> Result<()> {
    let length = normalize(password).reveal().chars().count();
    if (MIN_SHARED..=MAX).contains(&length) {
        return Ok(());
    }
    Err(Error::invalid("password", format!("Use at least {MIN_SHARED} characters, and at most {MAX}.")))
}

/// The hash of a password, where there is one.
///
/// # Errors
///
/// When nobody can hash it now.
pub(crate) async fn hash_given(
    hasher: &dyn PasswordHasher,
    password: Option<Secret>,
) -> Result<Option<String>> {
    match password {
        Some(password) => Ok(Some(hasher.hash(password).await?)),
        None => Ok(None),
    }
}

/// Why a password could not be hashed or compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HashError {
    /// Too many others are waiting.
    #[error("too many people are signing in at the moment: try again in a few seconds")]
    Busy,
    /// The hash that was stored is not one; the account needs a new password.
    #[error("the stored password cannot be read: set a new one")]
    Unreadable,
    /// The parameters are outside of what the algorithm allows.
    #[error("the cost of password hashing is out of range: memory from 8 KiB, at least one pass")]
    Cost,
    /// No memory, no random numbers, or no threads: the machine is at its limits.
    #[error(
        "the server could not hash a password, for lack of memory, threads or random numbers: try again later"
    )]
    Resources,
}

/// Checks a new password for the account `username`.
///
/// Characters are counted as Unicode scalar values in composed form (NFC).
///
/// ```
/// use rony_core::password::{self, PasswordError};
///
/// let ann = "annabelle".parse().unwrap();
/// assert_eq!(password::check(&"correct horse".into(), &ann), Ok(()));
/// assert_eq!(password::check(&"Annabelle".into(), &ann), Err(PasswordError::Username));
/// ```
///
/// # Errors
/// When it is too short or too long, the account's own name, or one that is guessed first.
pub fn check(password: &Secret, username: &Username) -> Result<(), PasswordError> {
    let text = password.reveal();
    // Composing shrinks a text to a third at most; nobody makes us compose a megabyte.
    if text.chars().nth(4 * MAX).is_some() {
        return Err(PasswordError::TooLong);
    }
    match text.nfc().count() {
        0..MIN => return Err(PasswordError::TooShort),
        MIN..=MAX => {}
        _ => return Err(PasswordError::TooLong),
    }
    if UsernameKey::of(text) == username.key() {
        return Err(PasswordError::Username);
    }
    let text = normalize(password);
    if COMMON.contains(&text.reveal().to_lowercase().as_str()) {
        return Err(PasswordError::Common);
    }
    Ok(())
}

/// The one spelling (NFKC) of a password that is hashed, as SP 800-63B recommends: the same password can be different
/// bytes when it comes from another keyboard.
#[must_use]
pub fn normalize(password: &Secret) -> Secret {
    Secret::new(password.reveal().nfkc().collect::<String>())
}

/// Why a new password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordError {
    /// It has fewer than [`MIN`] characters.
    #[error("use at least {MIN} characters: a few words in a row are a good password")]
    TooShort,
    /// It has more than [`MAX`] characters.
    #[error("use at most {MAX} characters")]
    TooLong,
    /// It is the username.
    #[error("use something else than the username")]
    Username,
    /// It is among the first that anybody would try.
    #[error(
        "this password is among the first that are guessed: use another one, for example a few words in a row"
    )]
    Common,
}

impl PasswordError {
    /// The name of the field, as it stands in the request.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        "password"
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn checked(password: &str, expected: Result<(), PasswordError>) {
        let username = Username::parse("margarete").unwrap();
        assert_eq!(check(&password.into(), &username), expected, "{password:?}");
    }

    #[test]
    fn length_is_all_that_a_password_needs() {
        checked("xkcd 936", Ok(()));
        checked("only small letters", Ok(()));
        checked("ключ от дома", Ok(()));
        checked("🔑🔑🔑🔑🔑🔑🔑🔒", Ok(()));
        checked(&"a b".repeat(42), Ok(()));
    }

    #[test]
    fn short_and_endless_passwords_are_refused() {
        checked("", Err(PasswordError::TooShort));
        checked("sevench", Err(PasswordError::TooShort));
        checked(&"e\u{301}".repeat(7), Err(PasswordError::TooShort));
        checked("ﷺ", Err(PasswordError::TooShort)); // one character, though it stands for eighteen
        checked(&"é".repeat(128), Ok(()));
        checked(&"e\u{301}".repeat(128), Ok(()));
        checked(&"é".repeat(129), Err(PasswordError::TooLong));
        checked(&"a".repeat(1 << 20), Err(PasswordError::TooLong));
    }

    #[test]
    fn the_username_is_no_password_in_any_clothes() {
        for password in ["margarete", "MARGARETE", "ｍargarete", "rnargarete"] {
            checked(password, Err(PasswordError::Username));
        }
        checked("margarete2", Ok(()));
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for password in ["password", "PassWord123", "12345678", "ｐａｓｓｗｏｒｄ"] {
            checked(password, Err(PasswordError::Common));
        }
    }

    #[test]
    fn the_list_of_common_passwords_holds_no_dead_entry() {
        for word in COMMON {
            assert!(word.len() >= MIN && word.to_lowercase() == word, "{word}");
        }
    }

    proptest! {
        #[test]
        fn every_spelling_of_a_password_is_hashed_alike(text in any::<String>()) {
            let expected = normalize(&text.as_str().into());
            for other in [text.nfc().collect::<String>(), text.nfd().collect(), text.nfkd().collect()] {
                let other = normalize(&other.into());
                prop_assert_eq!(other.reveal(), expected.reveal());
            }
        }
    }
}
