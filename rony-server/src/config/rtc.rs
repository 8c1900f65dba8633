//! What an operator may set about meetings.

use std::sync::Arc;
use std::time::Duration;

use rony_rtc::ice::{IceProvider, NoIce, SharedSecret, TurnSecret};

use super::{Hidden, RelaySettings};

/// The servers by which the devices of a meeting find a way to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rtc {
    /// Servers that tell a device its public address: `stun:HOST:PORT`.
    pub stun: Vec<String>,
    /// Servers that pass sound and pictures on where there is no direct way: `turn:HOST:PORT`.
    pub turn: Vec<String>,
    /// The secret that these share with Rony, of at least 16 bytes (`static-auth-secret` of coturn).
    pub turn_secret: Hidden,
    /// How long the credentials are good that a member of a meeting gets for them.
    pub turn_ttl: Duration,
    /// The relay within the binary.
    pub relay: RelaySettings,
}

impl Default for Rtc {
    fn default() -> Self {
        let turn_ttl = Duration::from_secs(60 * 60);
        let relay = RelaySettings::default();
        Self { stun: Vec::new(), turn: Vec::new(), turn_secret: Hidden::default(), turn_ttl, relay }
    }
}

impl Rtc {
    /// What the members of a meeting are told. A relay without a good secret is left out: nobody could use it.
    pub(crate) fn ice(&self) -> Arc<dyn IceProvider> {
        let turn = if self.secret().is_some() { self.turn.clone() } else { Vec::new() };
        if turn.is_empty() && self.stun.is_empty() {
            return Arc::new(NoIce);
        }
        match self.secret() {
            Some(secret) => {
                Arc::new(SharedSecret::new(secret, self.stun.clone(), turn).with_ttl(self.turn_ttl))
            }
            None => Arc::new(StunOnly(self.stun.clone())),
        }
    }

    /// The secret, if it is long enough.
    pub(crate) fn secret(&self) -> Option<TurnSecret> {
        TurnSecret::new(self.turn_secret.reveal()).ok()
    }
}

/// Servers that want no credentials.
#[derive(Debug)]
struct StunOnly(Vec<String>);

impl IceProvider for StunOnly {
    fn grant(&self, _: rony_core::time::Timestamp, _: &str) -> rony_rtc::ice::IceGrant {
        let server = rony_rtc::ice::IceServer { urls: self.0.clone(), username: None, credential: None };
        rony_rtc::ice::IceGrant { servers: vec![server], ttl_seconds: None }
    }
}

#[cfg(test)]
mod tests {
    use rony_core::time::Timestamp;

    use super::*;

    #[test]
    fn a_relay_is_told_of_with_credentials_or_not_at_all() {
        let grant = |rtc: &Rtc| rtc.ice().grant(Timestamp::from_millis(0), "ann");
        assert!(grant(&Rtc::default()).servers.is_empty());
        let mut rtc = Rtc { stun: vec!["stun:a:1".into()], turn: vec!["turn:a:1".into()], ..Rtc::default() };
        assert_eq!(grant(&rtc).servers.len(), 1);
        assert!(grant(&rtc).servers[0].credential.is_none());
        rtc.turn_secret = Hidden::from("a secret of sixteen bytes");
        let granted = grant(&rtc);
        assert_eq!(granted.ttl_seconds, Some(3600));
        assert!(granted.servers[1].credential.is_some());
    }
}
