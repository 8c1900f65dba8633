//! What an operator may set about the built-in STUN and TURN server.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use super::Config;
use crate::security::is_loopback;

/// The relay within the binary: it tells devices their public address, and passes sound and pictures on where they find no direct way.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RelaySettings {
    /// Whether it runs. `None`: unless another relay is configured.
    pub on: Option<bool>,
    /// The address to listen on. `None`: the one of the server, or every network when a proxy stands before that.
    pub listen: Option<IpAddr>,
    /// The UDP port to listen on. `None`: [`RelaySettings::PORT`], or the next free one.
    pub port: Option<u16>,
    /// The UDP ports of allocations.
    pub ports: RangeInclusive<u16>,
    /// The addresses by which the outside reaches this machine, where those are not its own.
    pub external_ip: Vec<IpAddr>,
    /// Whether private addresses may be relayed to.
    pub allow_lan: bool,
    /// How many bytes a second a connection carries, in each direction.
    pub bandwidth: u32,
    /// How many connections there may be. `None`: 2000, or fewer where this process may open few files.
    pub connections: Option<usize>,
}

impl RelaySettings {
    /// The port that is tried first when none is configured; browsers take it where an address says none.
    pub const PORT: u16 = 3478;
}

impl Default for RelaySettings {
    fn default() -> Self {
        Self {
            on: None,
            listen: None,
            port: None,
            ports: 49152..=65535,
            external_ip: Vec::new(),
            allow_lan: false,
            bandwidth: 1024 * 1024,
            connections: None,
        }
    }
}

impl Config {
    /// Whether the built-in relay is to run.
    pub fn runs_relay(&self) -> bool {
        self.rtc.relay.on.unwrap_or(self.rtc.turn.is_empty())
    }

    /// The addresses for the relay to listen on: the first that this machine has.
    pub(crate) fn relay_listens(&self) -> Vec<IpAddr> {
        if let Some(ip) = self.rtc.relay.listen {
            return vec![ip];
        }
        let elsewhere = !is_loopback(self.public_url_on(0).origin().host());
        if self.listen.is_loopback() && elsewhere {
            // A proxy passes requests on, but no UDP.
            return vec![[0; 16].into(), [0; 4].into()];
        }
        vec![self.listen]
    }

    /// The host by which people reach a relay that listens on `ip`, as an address of it has it.
    pub(crate) fn relay_host(&self, ip: IpAddr) -> String {
        if let Some(external) = self.rtc.relay.external_ip.first() {
            return in_brackets(*external);
        }
        let url = self.public_url_on(0);
        match url.origin().host() {
            host if !is_loopback(host) && !ip.is_loopback() => host.to_owned(),
            _ if ip.is_unspecified() => "127.0.0.1".to_owned(),
            _ => in_brackets(ip),
        }
    }
}

fn in_brackets(ip: IpAddr) -> String {
    if ip.is_ipv6() { format!("[{ip}]") } else { ip.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn public(url: &str) -> Config {
        Config { public_url: Some(url.parse().expect("a URL")), ..Config::default() }
    }

    #[test]
    fn the_relay_is_where_people_come_from() {
        let alone = Config::default();
        assert_eq!(alone.relay_listens(), [ip("127.0.0.1")]);
        assert_eq!(alone.relay_host(ip("127.0.0.1")), "127.0.0.1");

        let behind_a_proxy = public("https://chat.example.org");
        assert_eq!(behind_a_proxy.relay_listens(), [ip("::"), ip("0.0.0.0")]);
        assert_eq!(behind_a_proxy.relay_host(ip("::")), "chat.example.org");

        let on_a_lan = Config { listen: ip("0.0.0.0"), ..public("https://192.168.1.5") };
        assert_eq!(on_a_lan.relay_listens(), [ip("0.0.0.0")]);
        assert_eq!(on_a_lan.relay_host(ip("0.0.0.0")), "192.168.1.5");

        let mut behind_nat = public("https://chat.example.org");
        behind_nat.rtc.relay.external_ip = vec![ip("2a00::7")];
        assert_eq!(behind_nat.relay_host(ip("::")), "[2a00::7]");
    }

    #[test]
    fn another_relay_takes_its_place() {
        let mut config = Config::default();
        assert!(config.runs_relay());
        config.rtc.turn = vec!["turn:turn.example.org".to_owned()];
        assert!(!config.runs_relay());
        config.rtc.relay.on = Some(true);
        assert!(config.runs_relay());
    }
}
