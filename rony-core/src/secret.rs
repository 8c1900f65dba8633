//! What must never show itself: passwords on their way in ([`Secret`]), and the random tokens that open a session,
//! an invitation or a reset ([`Token`]), of which only a hash ([`TokenHash`]) is kept.
//!
//! None of them has a `Display` or a `Serialize`, and their `Debug` prints `…`; whoever needs the text calls
//! `reveal()`, which is easy to find in a review. How long a token is good for is its noun's matter, not this module's.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Deserialize, Deserializer, Visitor};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// Text that never shows itself, such as a password in a request.
///
/// It is read from a request and never written to one. The errors of its `Deserialize` do not repeat the value either.
///
/// ```
/// use rony_core::secret::Secret;
///
/// let password: Secret = serde_json::from_str(r#""correct horse""#).unwrap();
/// assert_eq!(format!("{password:?}"), "Secret(…)");
/// assert_eq!(password.reveal(), "correct horse");
/// ```
#[derive(Clone)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = Password))]
pub struct Secret(String);

impl Secret {
    /// Wraps `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself: for hashing and comparing, never for a log, a reply or an error.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Not `deserialize_string`: with that, serde_json makes the error message itself, the value included.
        deserializer.deserialize_any(SecretVisitor)
    }
}

/// Reads a [`Secret`]. serde's own "invalid type" message quotes what it found; a password sent as a number would
/// then stand in a reply and in logs.
struct SecretVisitor;

impl SecretVisitor {
    fn refuse<E: serde::de::Error>() -> Result<Secret, E> {
        Err(E::custom("expected text in quotation marks"))
    }
}

impl Visitor<'_> for SecretVisitor {
    type Value = Secret;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Secret, E> {
        Ok(Secret::from(text))
    }

    fn visit_string<E: serde::de::Error>(self, text: String) -> Result<Secret, E> {
        Ok(Secret(text))
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Secret, E> {
        Self::refuse()
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Secret, E> {
        Self::refuse()
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<Secret, E> {
        Self::refuse()
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Secret, E> {
        Self::refuse()
    }

    fn visit_bytes<E: serde::de::Error>(self, _: &[u8]) -> Result<Secret, E> {
        Self::refuse()
    }
}

/// What a [`Token`] opens. The kind is part of the token's text, so that a person (or a scanner for leaked secrets)
/// sees what they hold, and part of its hash, so that one kind can never be used as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenKind {
    /// A signed-in device: `rony_s_…`.
    Session,
    /// A personal access token, for a bot or a script: `rony_p_…`.
    Personal,
    /// An invitation: `rony_i_…`.
    Invite,
    /// A one-time password reset: `rony_r_…`.
    Reset,
    /// The one-time link that creates the administrator: `rony_setup_…`.
    Setup,
    /// A link that shares a file or a folder: `rony_share_…`.
    Share,
    /// What an opened link gives for an hour: `rony_pass_…`.
    Pass,
    /// One download's address: `rony_ticket_…`.
    Ticket,
    /// A guest of one room, for some hours: `rony_guest_…`.
    Guest,
}

impl TokenKind {
    const ALL: [Self; 9] = [
        Self::Session,
        Self::Personal,
        Self::Invite,
        Self::Reset,
        Self::Setup,
        Self::Share,
        Self::Pass,
        Self::Ticket,
        Self::Guest,
    ];

    /// What the text of a token of this kind begins with.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Session => "rony_s_",
            Self::Personal => "rony_p_",
            Self::Invite => "rony_i_",
            Self::Reset => "rony_r_",
            Self::Setup => "rony_setup_",
            Self::Share => "rony_share_",
            Self::Pass => "rony_pass_",
            Self::Ticket => "rony_ticket_",
            Self::Guest => "rony_guest_",
        }
    }
}

/// A random secret of 256 bits with a kind. Its text is the kind's prefix and 43 characters of base64url.
///
/// ```
/// use rony_core::secret::{Token, TokenKind};
///
/// let token = Token::generate(TokenKind::Session)?;
/// let text = token.reveal(); // shown once, to its owner
/// assert!(text.starts_with("rony_s_"));
///
/// let sent_back = Token::parse(&text).unwrap();
/// assert_eq!(sent_back.hash(), token.hash()); // only the hash is kept
/// # Ok::<(), rony_core::secret::RandomError>(())
/// ```
#[derive(Clone)]
pub struct Token {
    kind: TokenKind,
    bytes: [u8; Token::BYTES],
}

impl Token {
    /// How many random bytes a token has. 256 bits need no slow hash: they cannot be guessed.
    const BYTES: usize = 32;
    /// How many characters of base64url without padding these are.
    const TEXT: usize = 43;

    /// Makes a new token from the operating system's random numbers.
    ///
    /// # Errors
    /// When the operating system gives none.
    pub fn generate(kind: TokenKind) -> Result<Self, RandomError> {
        let mut bytes = [0; Self::BYTES];
        fill(&mut bytes)?;
        Ok(Self { kind, bytes })
    }

    /// Reads a token as somebody sent it. There is one text for each token: other spellings of the same bits are
    /// refused.
    ///
    /// # Errors
    /// [`TokenError::Unknown`] when the text begins like none of ours, [`TokenError::Damaged`] when it does but what
    /// follows is cut off or changed. Neither repeats the text.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let (kind, rest) = TokenKind::ALL
            .into_iter()
            .find_map(|kind| Some((kind, text.strip_prefix(kind.prefix())?)))
            .ok_or(TokenError::Unknown)?;
        // The length first, so that nobody makes us decode a megabyte.
        if rest.len() != Self::TEXT {
            return Err(TokenError::Damaged);
        }
        let bytes = URL_SAFE_NO_PAD.decode(rest).map_err(|_| TokenError::Damaged)?;
        let bytes = bytes.try_into().map_err(|_| TokenError::Damaged)?;
        Ok(Self { kind, bytes })
    }

    /// Reads a token that must be of one kind.
    ///
    /// # Errors
    /// As [`Token::parse`]; and [`TokenError::OtherKind`] when it is one of ours, but opens something else.
    pub fn parse_as(kind: TokenKind, text: &str) -> Result<Self, TokenError> {
        let token = Self::parse(text)?;
        if token.kind == kind { Ok(token) } else { Err(TokenError::OtherKind) }
    }

    /// What it opens.
    #[must_use]
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// The text itself: for its owner, once, and never for a log.
    #[must_use]
    pub fn reveal(&self) -> String {
        let mut text = String::with_capacity(self.kind.prefix().len() + Self::TEXT);
        text.push_str(self.kind.prefix());
        URL_SAFE_NO_PAD.encode_string(self.bytes, &mut text);
        text
    }

    /// What is kept of it: the SHA-256 of its whole text, prefix included.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.reveal()).into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// The SHA-256 of a [`Token`]'s text: what a database keeps, and looks a token up by.
///
/// Two hashes are compared in constant time.
#[derive(Clone, Copy)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// Takes back what [`as_bytes`](Self::as_bytes) gave.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes, for a database.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl TryFrom<&[u8]> for TokenHash {
    type Error = std::array::TryFromSliceError;

    fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
        bytes.try_into().map(Self)
    }
}

impl PartialEq for TokenHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for TokenHash {}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

/// Why a text is not a [`Token`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// It does not begin with a prefix of ours.
    #[error("this is not a Rony token: it should begin with “rony_”")]
    Unknown,
    /// It begins well, but a part is missing or changed.
    #[error("this token is incomplete or was changed: copy all of it again")]
    Damaged,
    /// It is a token, but of another kind than is needed here.
    #[error("this token opens something else: use the one made for this")]
    OtherKind,
}

/// The operating system gave no random numbers. Nothing was made; trying again later is all that can be done.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no random numbers: try again")]
pub struct RandomError(#[source] getrandom::Error);

/// Fills `bytes` from the operating system.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), RandomError> {
    getrandom::fill(bytes).map_err(RandomError)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_kind() -> impl Strategy<Value = TokenKind> {
        proptest::sample::select(TokenKind::ALL.as_slice())
    }

    #[test]
    fn a_token_comes_back_from_its_text() {
        for kind in TokenKind::ALL {
            let token = Token::generate(kind).unwrap();
            let back = Token::parse(&token.reveal()).unwrap();
            assert_eq!((back.kind(), back.hash()), (kind, token.hash()));
            assert!(Token::parse_as(kind, &token.reveal()).is_ok());
        }
    }

    #[test]
    fn two_tokens_are_never_the_same() {
        let [a, b] = [(); 2].map(|()| Token::generate(TokenKind::Session).unwrap());
        assert_ne!(a.reveal(), b.reveal());
        assert_ne!(a.hash(), b.hash());
    }

    #[test]
    fn the_same_bits_as_another_kind_have_another_hash() {
        let bytes = [7; Token::BYTES];
        let [session, reset] = [TokenKind::Session, TokenKind::Reset].map(|kind| Token { kind, bytes });
        assert_ne!(session.hash(), reset.hash());
        assert_eq!(Token::parse_as(TokenKind::Reset, &session.reveal()).unwrap_err(), TokenError::OtherKind);
    }

    #[test]
    fn the_text_and_the_hash_of_a_token_are_frozen() {
        let token = Token { kind: TokenKind::Invite, bytes: [0xfb; Token::BYTES] };
        assert_eq!(token.reveal(), "rony_i_-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s");
        let expected: [u8; 32] = Sha256::digest(token.reveal().as_bytes()).into();
        assert_eq!(token.hash().as_bytes(), &expected);
        assert_eq!(TokenHash::try_from(expected.as_slice()).unwrap(), token.hash());
    }

    #[test]
    fn a_wrong_text_says_what_is_wrong_with_it() {
        #[track_caller]
        fn check(text: &str, expected: TokenError) {
            assert_eq!(Token::parse(text).unwrap_err(), expected, "{text:?}");
        }
        let good = Token { kind: TokenKind::Setup, bytes: [1; Token::BYTES] }.reveal();
        check("", TokenError::Unknown);
        check("ghp_abc", TokenError::Unknown);
        check("RONY_S_AAAA", TokenError::Unknown);
        check(&format!(" {good}"), TokenError::Unknown);
        check("rony_s_", TokenError::Damaged);
        check(&good[..good.len() - 1], TokenError::Damaged);
        check(&format!("{good}A"), TokenError::Damaged);
        check(&format!("{good}="), TokenError::Damaged);
        check(&format!("rony_s_{}", "é".repeat(21) + "A"), TokenError::Damaged);
        // The last character carries two bits that stand for nothing: they must be zero.
        check(&format!("rony_s_{}B", "A".repeat(42)), TokenError::Damaged);
    }

    #[test]
    fn nothing_secret_shows_in_debug_output() {
        let token = Token::generate(TokenKind::Personal).unwrap();
        assert_eq!(
            format!("{token:?} {:?} {:?}", token.hash(), Secret::new("pw")),
            "Token(…) TokenHash(…) Secret(…)"
        );
    }

    #[test]
    fn a_password_of_a_wrong_type_is_not_repeated_in_the_error() {
        for json in ["20251122", "-20251122", "20251.122", "true", "null", r#"["20251122"]"#] {
            let error = serde_json::from_str::<Secret>(json).unwrap_err().to_string();
            assert!(!error.contains("20251") && !error.contains("true"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn any_token_survives_its_text(kind in any_kind(), bytes: [u8; Token::BYTES]) {
            let token = Token { kind, bytes };
            let back = Token::parse(&token.reveal()).unwrap();
            prop_assert_eq!((back.kind, back.bytes), (kind, bytes));
        }

        #[test]
        fn what_is_parsed_is_written_the_same(text in "rony_(s|p|i|r|setup)_[-_A-Za-z0-9]{43}") {
            if let Ok(token) = Token::parse(&text) {
                prop_assert_eq!(token.reveal(), text);
            }
        }

        #[test]
        fn no_text_makes_parsing_panic(text in "(rony_s_)?\\PC{0,60}") {
            let _ = Token::parse(&text);
        }
    }
}
