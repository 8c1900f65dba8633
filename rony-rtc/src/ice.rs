//! The servers through which peers find a way to each other, and the credentials of a relay, which expire.
//!
//! A credential is made without asking the relay, by a secret that both know: the username is `expiry:user` with the expiry
//! in Unix seconds, the password base64 of HMAC-SHA1 of the username. That is the "REST API for access to TURN services"
//! ([draft-uberti-behave-turn-rest-00](https://datatracker.ietf.org/doc/html/draft-uberti-behave-turn-rest-00)), which coturn
//! calls `use-auth-secret`.

use std::{fmt, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use rony_core::{secret::Secret, time::Timestamp};
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;

/// The shortest secret that a relay may have, in bytes: whoever saw one credential can try secrets at home.
pub const SECRET_MIN: usize = 16;

/// A server as a browser's `RTCIceServer` wants it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IceServer {
    /// `stun:host:port`, or `turn:host:port?transport=udp`; several for one server.
    pub urls: Vec<String>,
    /// For a relay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// For a relay. It opens the relay until it expires, so `Debug` does not show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

impl fmt::Debug for IceServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let credential = self.credential.as_ref().map(|_| "…");
        f.debug_struct("IceServer")
            .field("urls", &self.urls)
            .field("username", &self.username)
            .field("credential", &credential)
            .finish()
    }
}

/// The servers for one peer, and how long their credentials are good.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IceGrant {
    /// In the order in which to try them.
    pub servers: Vec<IceServer>,
    /// How long the credentials are good from when they were given, in seconds; absent when there are none. A span, since the
    /// clocks of client and server differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl_seconds: Option<u64>,
}

/// The port that knows the servers. It answers at once: one that asks a service keeps a stock of answers.
pub trait IceProvider: fmt::Debug + Send + Sync {
    /// The servers for `user`, a short name without `:` that a relay writes into its log and counts quotas by.
    fn grant(&self, now: Timestamp, user: &str) -> IceGrant;
}

/// No servers: peers of one machine or one flat network find each other all the same.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoIce;

impl IceProvider for NoIce {
    fn grant(&self, _: Timestamp, _: &str) -> IceGrant {
        IceGrant::default()
    }
}

/// Servers that share a secret with Rony: the built-in one, or coturn with `use-auth-secret`.
///
/// ```
/// use rony_core::time::Timestamp;
/// use rony_rtc::ice::{IceProvider as _, SharedSecret, TurnSecret};
///
/// let secret = TurnSecret::new("a secret of sixteen bytes or more").unwrap();
/// let servers = SharedSecret::new(secret, vec!["stun:rony.example:3478".into()], vec!["turn:rony.example:3478".into()]);
/// let grant = servers.grant(Timestamp::from_millis(0), "ann");
/// assert_eq!(grant.servers[1].username.as_deref(), Some("3600:ann"));
/// ```
#[derive(Clone, Debug)]
pub struct SharedSecret {
    secret: TurnSecret,
    stun: Vec<String>,
    turn: Vec<String>,
    ttl: Duration,
}

impl SharedSecret {
    /// Servers at these addresses; credentials are good for an hour.
    #[must_use]
    pub const fn new(secret: TurnSecret, stun: Vec<String>, turn: Vec<String>) -> Self {
        Self { secret, stun, turn, ttl: Duration::from_secs(3600) }
    }

    /// Credentials are good for `ttl`, at least a minute.
    #[must_use]
    pub fn with_ttl(mut self, ttl: Duration) -> Self {
        self.ttl = ttl.max(Duration::from_secs(60));
        self
    }
}

impl IceProvider for SharedSecret {
    fn grant(&self, now: Timestamp, user: &str) -> IceGrant {
        let mut servers = Vec::new();
        if !self.stun.is_empty() {
            servers.push(IceServer { urls: self.stun.clone(), username: None, credential: None });
        }
        if self.turn.is_empty() {
            return IceGrant { servers, ttl_seconds: None };
        }
        let credential = self.secret.credential(now.plus(self.ttl), user);
        servers.push(IceServer {
            urls: self.turn.clone(),
            username: Some(credential.username),
            credential: Some(credential.password),
        });
        IceGrant { servers, ttl_seconds: Some(self.ttl.as_secs()) }
    }
}

/// What opens a relay for a while.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// `expiry:user`.
    pub username: String,
    /// Never for a log.
    pub password: String,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("username", &self.username).field("password", &"…").finish()
    }
}

/// The secret that Rony and a relay share.
#[derive(Clone, Debug)]
pub struct TurnSecret(Secret);

impl TurnSecret {
    /// A secret from the configuration.
    ///
    /// # Errors
    /// When it has fewer than [`SECRET_MIN`] bytes.
    pub fn new(secret: impl Into<Secret>) -> Result<Self, IceError> {
        let secret = secret.into();
        if secret.reveal().len() < SECRET_MIN { Err(IceError::ShortSecret) } else { Ok(Self(secret)) }
    }

    /// A credential for `user` that is good before `expiry`. A `:` in the name becomes `_`.
    #[must_use]
    pub fn credential(&self, expiry: Timestamp, user: &str) -> Credential {
        let username = format!("{}:{}", expiry.as_millis().div_euclid(1000), user.replace(':', "_"));
        let password = self.password(&username);
        Credential { username, password }
    }

    /// The password that belongs to a username while it is good. A TURN server needs the password itself, since what it
    /// is shown is a hash with it.
    ///
    /// # Errors
    /// When the username is not one of ours, or has expired: a clock that cannot be right (before 1970) counts as expired.
    pub fn password_of(&self, now: Timestamp, username: &str) -> Result<Credential, IceError> {
        let (expiry, _) = username.split_once(':').ok_or(IceError::Malformed)?;
        // `parse` alone would take "+1" for the same second as "1".
        if expiry.is_empty() || !expiry.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(IceError::Malformed);
        }
        let expiry: i64 = expiry.parse().map_err(|_| IceError::Malformed)?;
        let seconds = now.as_millis().div_euclid(1000);
        if seconds < 0 || seconds >= expiry {
            return Err(IceError::Expired);
        }
        Ok(Credential { username: username.to_owned(), password: self.password(username) })
    }

    /// Whether username and password belong together and are good, and whose they are.
    ///
    /// # Errors
    /// When the username is not one of ours, the password is wrong, or both have expired.
    pub fn verify<'a>(&self, now: Timestamp, username: &'a str, password: &str) -> Result<&'a str, IceError> {
        let right = self.password_of(now, username)?.password;
        if !bool::from(right.as_bytes().ct_eq(password.as_bytes())) {
            return Err(IceError::Wrong);
        }
        username.split_once(':').map(|(_, user)| user).ok_or(IceError::Malformed)
    }

    fn password(&self, username: &str) -> String {
        // HMAC takes keys of any length.
        Hmac::<Sha1>::new_from_slice(self.0.reveal().as_bytes())
            .map(|mac| STANDARD.encode(mac.chain_update(username).finalize().into_bytes()))
            .unwrap_or_default()
    }
}

/// Why a secret or a credential is no good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IceError {
    /// The shared secret can be guessed.
    #[error("use a secret of at least {SECRET_MIN} bytes for the relay")]
    ShortSecret,
    /// The username is not `expiry:user`.
    #[error("this is not a username of this relay")]
    Malformed,
    /// The time in the username is over.
    #[error("these credentials have expired: ask for new ones")]
    Expired,
    /// The password does not belong to the username.
    #[error("the password is wrong")]
    Wrong,
}

/// When to fetch new credentials, so that nobody works with expired ones: after three quarters of their time.
#[must_use]
pub fn refresh_after(grant: &IceGrant) -> Option<Duration> {
    grant.ttl_seconds.map(|seconds| Duration::from_secs(seconds) * 3 / 4)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn secret() -> TurnSecret {
        TurnSecret::new("north-of-the-river").unwrap()
    }

    #[test]
    fn the_password_is_the_one_that_coturn_computes() {
        // printf '1433895918:ann' | openssl dgst -sha1 -hmac north-of-the-river -binary | base64
        let credential = secret().credential(Timestamp::from_millis(1_433_895_918_000), "ann");
        assert_eq!(credential.username, "1433895918:ann");
        assert_eq!(credential.password, "//1vIE5yOGgGUfCwjsShEUvlqMc=");
    }

    #[test]
    fn a_short_secret_is_refused_and_none_is_shown() {
        assert_eq!(TurnSecret::new("short").unwrap_err(), IceError::ShortSecret);
        let servers = SharedSecret::new(secret(), vec![], vec!["turn:a".into()]);
        let grant = servers.grant(Timestamp::from_millis(0), "ann");
        let shown =
            format!("{servers:?} {grant:?} {:?}", secret().credential(Timestamp::from_millis(0), "ann"));
        assert!(!shown.contains("north") && !shown.contains(grant.servers[0].credential.as_deref().unwrap()));
    }

    #[test]
    fn a_credential_is_good_until_its_second_and_only_for_its_name() {
        let credential = secret().credential(Timestamp::from_millis(60_000), "a:b");
        let verify = |millis, name: &str| {
            secret().verify(Timestamp::from_millis(millis), name, &credential.password).map(str::to_owned)
        };
        assert_eq!(verify(59_999, "60:a_b"), Ok("a_b".to_owned()));
        assert_eq!(verify(60_000, "60:a_b"), Err(IceError::Expired));
        assert_eq!(verify(-1, "60:a_b"), Err(IceError::Expired));
        assert_eq!(verify(0, "61:a_b"), Err(IceError::Wrong));
        for name in ["", "60", ":a", "+60:a_b", "sixty:a", "99999999999999999999:a"] {
            assert_eq!(verify(0, name), Err(IceError::Malformed), "{name}");
        }
    }

    #[test]
    fn new_credentials_come_before_the_old_ones_expire() {
        let servers =
            SharedSecret::new(secret(), vec![], vec!["turn:a".into()]).with_ttl(Duration::from_secs(400));
        let grant = servers.grant(Timestamp::from_millis(0), "ann");
        assert_eq!(refresh_after(&grant), Some(Duration::from_secs(300)));
        assert_eq!(refresh_after(&NoIce.grant(Timestamp::from_millis(0), "ann")), None);
    }

    proptest! {
        #[test]
        fn what_is_granted_is_good_and_what_is_changed_is_not(
            user in "[a-z0-9_-]{1,36}", now in 0..4_000_000_000_i64, ttl in 1..100_000_i64, at in 0..60_usize, flip in 1..128_u8
        ) {
            let credential = secret().credential(Timestamp::from_millis((now + ttl) * 1000), &user);
            let now = Timestamp::from_millis(now * 1000);
            prop_assert_eq!(secret().verify(now, &credential.username, &credential.password), Ok(user.as_str()));
            let mut bytes = credential.password.clone().into_bytes();
            let at = at % bytes.len();
            bytes[at] ^= flip;
            if let Ok(changed) = String::from_utf8(bytes) {
                prop_assert!(secret().verify(now, &credential.username, &changed).is_err());
            }
        }
    }
}
