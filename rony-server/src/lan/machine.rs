//! By which addresses and names others on the local network reach this machine.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

/// What a machine is called at a moment: addresses come and go with networks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Machine {
    /// Its addresses for others, the one that most likely reaches it first.
    pub(crate) addresses: Vec<IpAddr>,
    /// Its own name, in lower case, with and without the domain that it may have.
    pub(crate) names: Vec<String>,
}

impl Machine {
    /// This machine now, as far as a server that listens on `listen` can be reached.
    pub(crate) fn look(listen: IpAddr) -> Self {
        let mut found = if_addrs::get_if_addrs().unwrap_or_default();
        let default = default_interface();
        found.retain(|interface| usable(interface.ip()) && reaches(listen, interface.ip()));
        found.sort_by_key(|interface| {
            let is_default = default.as_deref() == Some(interface.name.as_str());
            (
                Reverse(is_default),
                is_virtual(&interface.name),
                interface.ip().is_ipv6(),
                interface.name.clone(),
            )
        });
        let mut addresses: Vec<IpAddr> = Vec::new();
        for interface in found {
            if !addresses.contains(&interface.ip()) {
                addresses.push(interface.ip());
            }
        }
        let system = rustix::system::uname();
        Self { addresses, names: names_of(&system.nodename().to_string_lossy()) }
    }

    /// Everything that may stand in an address as its host: addresses (those of IPv6 in brackets), names, and `NAME.local`, by which
    /// devices find each other without a server for names.
    pub(crate) fn hosts(&self) -> Vec<String> {
        let addresses = self.addresses.iter().map(|address| host_of(*address));
        addresses.chain(self.local_name()).chain(self.names.iter().cloned()).collect()
    }

    /// What people type at best: the first address, since not every device knows names ending in `.local`.
    pub(crate) fn first_host(&self) -> Option<String> {
        self.addresses.first().map(|address| host_of(*address))
    }

    /// `NAME.local`.
    pub(crate) fn local_name(&self) -> Option<String> {
        let short = self.names.first()?.split('.').next()?;
        Some(format!("{short}.local")).filter(|_| short != "localhost")
    }
}

/// An address as it stands in a URL.
fn host_of(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

/// The short name first. Nothing, where the system's name could not stand in a certificate.
fn names_of(nodename: &str) -> Vec<String> {
    let name = nodename.trim_end_matches('.').to_ascii_lowercase();
    let label = |label: &str| {
        !label.is_empty()
            && label.len() < 64
            && !label.starts_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if name.len() > 253 || !name.split('.').all(label) || name == "localhost" {
        return Vec::new();
    }
    let short = name.split('.').next().unwrap_or_default().to_owned();
    if short == name { vec![name] } else { vec![short, name] }
}

/// Loopback is no address for others, and an IPv6 address of one link means nothing without the link's name.
fn usable(address: IpAddr) -> bool {
    let of_one_link = matches!(address, IpAddr::V6(address) if address.is_unicast_link_local());
    !address.is_loopback() && !address.is_unspecified() && !of_one_link
}

fn reaches(listen: IpAddr, address: IpAddr) -> bool {
    match listen {
        // A socket on `::` takes IPv4 as well.
        IpAddr::V6(any) if any.is_unspecified() => true,
        IpAddr::V4(any) if any.is_unspecified() => address.is_ipv4(),
        only => only == address,
    }
}

/// Bridges and tunnels that programs make for themselves, which others seldom reach.
fn is_virtual(interface: &str) -> bool {
    [
        "docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "tun", "tap", "utun", "bridge", "podman",
        "cni", "lxc",
    ]
    .iter()
    .any(|prefix| interface.starts_with(prefix))
}

/// The interface of the default route, where the system tells it (Linux; route(8) calls the file by its fields).
fn default_interface() -> Option<String> {
    let table = std::fs::read_to_string("/proc/net/route").ok()?;
    table.lines().skip(1).find_map(|line| {
        let mut fields = line.split_ascii_whitespace();
        let (interface, destination) = (fields.next()?, fields.next()?);
        (destination == "00000000").then(|| interface.to_owned())
    })
}

/// The hosts by which a server is reached at the moment. Clones share them: who tends the certificate sets them, and whoever looks at
/// requests asks.
#[derive(Debug, Clone, Default)]
pub struct Hosts(Arc<RwLock<HashSet<String>>>);

impl Hosts {
    /// Whether it is one of them: a name in lower case, or an address, that of IPv6 in brackets.
    #[must_use]
    pub fn contains(&self, host: &str) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains(host)
    }

    /// Others from now on.
    pub fn set(&self, hosts: impl IntoIterator<Item = String>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = hosts.into_iter().collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_called_by_its_addresses_and_names() {
        let machine = Machine {
            addresses: vec![[192, 168, 1, 5].into(), "fd00::5".parse().expect("an address")],
            names: names_of("Desk.Example.org"),
        };
        assert_eq!(machine.hosts(), ["192.168.1.5", "[fd00::5]", "desk.local", "desk", "desk.example.org"]);
        assert_eq!(machine.first_host().as_deref(), Some("192.168.1.5"));
    }

    #[test]
    fn a_name_that_no_certificate_may_have_is_none() {
        for odd in ["", "localhost", "my_desk", "a..b", "-a", "schreibtisch für ann"] {
            assert_eq!(names_of(odd), Vec::<String>::new(), "{odd}");
        }
    }

    #[test]
    fn only_what_others_reach_counts() {
        let loopback: IpAddr = [127, 0, 0, 1].into();
        assert_eq!(Machine::look(loopback).addresses, Vec::<IpAddr>::new());
        let all = Machine::look("::".parse().expect("an address")).addresses;
        assert!(all.iter().all(|address| usable(*address)), "{all:?}");
        let four = Machine::look([0, 0, 0, 0].into()).addresses;
        assert!(four.iter().all(|address| address.is_ipv4() && all.contains(address)), "{four:?}");
        assert!(!usable("fe80::1".parse().expect("an address")));
    }
}
