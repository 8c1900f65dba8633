//! What belongs to this machine: nobody may reach its services by way of the relay, by whichever of its addresses.

use std::{
    collections::HashSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket},
    sync::{PoisonError, RwLock},
    time::Duration,
};

/// How often to look which addresses this machine has: a network may come and go.
pub(super) const LOOK_AGAIN: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Own {
    external: Vec<IpAddr>,
    listen: IpAddr,
    here: RwLock<HashSet<IpAddr>>,
}

impl Own {
    pub(super) fn new(external: Vec<IpAddr>, listen: IpAddr) -> Self {
        let own = Self { external, listen, here: RwLock::default() };
        own.look();
        own
    }

    /// Looks at the network interfaces. What cannot be known any more stays as it was.
    pub(super) fn look(&self) {
        let Ok(interfaces) = util::ifaces::ifaces() else { return };
        let found = interfaces.into_iter().filter_map(|interface| interface.addr);
        let found: HashSet<IpAddr> = found.map(|address| address.ip().to_canonical()).collect();
        *self.here.write().unwrap_or_else(PoisonError::into_inner) = found;
    }

    /// Whether `ip` leads to this machine.
    pub(super) fn has(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.external.contains(&ip)
            || self.listen == ip
            || self.here.read().unwrap_or_else(PoisonError::into_inner).contains(&ip)
    }

    /// The address at which `client` is told that its relay is.
    pub(super) fn relay_ip(&self, client: IpAddr, v4: bool) -> Option<IpAddr> {
        let fits = |ip: &&IpAddr| ip.is_ipv4() == v4;
        if let Some(ip) = self.external.iter().find(fits) {
            return Some(*ip);
        }
        if !self.listen.is_unspecified() && self.listen.is_ipv4() == v4 {
            return Some(self.listen);
        }
        toward(match (client.is_ipv4() == v4, client.is_loopback(), v4) {
            (true, ..) => client,
            (false, true, true) => Ipv4Addr::LOCALHOST.into(),
            (false, true, false) => Ipv6Addr::LOCALHOST.into(),
            // Any that is routed; nothing is sent there.
            (false, false, true) => Ipv4Addr::new(192, 0, 2, 1).into(),
            (false, false, false) => Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into(),
        })
    }

    /// Where sockets of that family are bound.
    pub(super) fn bind_ip(&self, v4: bool) -> IpAddr {
        match (self.listen.is_unspecified(), self.listen.is_ipv4() == v4, v4) {
            (false, true, _) => self.listen,
            (_, _, true) => Ipv4Addr::UNSPECIFIED.into(),
            (_, _, false) => Ipv6Addr::UNSPECIFIED.into(),
        }
    }
}

/// This machine's own address on the way to `ip`. Nothing is sent to learn it.
pub(crate) fn toward(ip: IpAddr) -> Option<IpAddr> {
    let any: IpAddr = if ip.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind(SocketAddr::new(any, 0)).ok()?;
    socket.connect(SocketAddr::new(ip, 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_knows_its_own_addresses() {
        let own = Own::new(vec![Ipv4Addr::new(9, 9, 9, 9).into()], Ipv4Addr::UNSPECIFIED.into());
        assert!(own.has(Ipv4Addr::LOCALHOST.into()) && own.has(Ipv4Addr::new(9, 9, 9, 9).into()));
        assert!(own.has("::ffff:127.0.0.1".parse().unwrap()));
        assert!(!own.has(Ipv4Addr::new(8, 8, 8, 8).into()));
    }

    #[test]
    fn a_client_is_told_the_address_by_which_it_comes() {
        let own = Own::new(vec![], Ipv4Addr::UNSPECIFIED.into());
        assert_eq!(own.relay_ip(Ipv4Addr::LOCALHOST.into(), true), Some(Ipv4Addr::LOCALHOST.into()));
        let behind = Own::new(vec![Ipv4Addr::new(9, 9, 9, 9).into()], Ipv4Addr::UNSPECIFIED.into());
        assert_eq!(behind.relay_ip(Ipv4Addr::LOCALHOST.into(), true), Some(Ipv4Addr::new(9, 9, 9, 9).into()));
        let fixed = Own::new(vec![], Ipv4Addr::LOCALHOST.into());
        assert_eq!(fixed.relay_ip(Ipv4Addr::new(8, 8, 8, 8).into(), true), Some(Ipv4Addr::LOCALHOST.into()));
        assert_eq!(fixed.bind_ip(true), IpAddr::from(Ipv4Addr::LOCALHOST));
    }
}
