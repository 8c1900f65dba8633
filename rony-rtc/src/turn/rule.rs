//! Where a relay may send to, and hear from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Addresses at which clouds tell a machine its secrets. Some of them are within ranges that are otherwise fine.
const METADATA: [IpAddr; 6] = [
    // Nearly all of them; it is link-local too.
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    // Alibaba.
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    // Oracle.
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    // Azure: public by its number, and reachable from its machines only.
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    // Amazon.
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    // Google.
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
];

/// Whether a relay may exchange packets with `ip`; with `allow_lan`, private addresses and those of a carrier's NAT too. What belongs
/// to the relay's own machine is another question.
///
/// ```
/// use rony_rtc::turn::may_reach;
///
/// assert!(may_reach("9.9.9.9".parse().unwrap(), false));
/// assert!(!may_reach("192.168.1.7".parse().unwrap(), false));
/// assert!(may_reach("192.168.1.7".parse().unwrap(), true));
/// assert!(!may_reach("::ffff:127.0.0.1".parse().unwrap(), true));
/// ```
#[must_use]
pub fn may_reach(ip: IpAddr, allow_lan: bool) -> bool {
    let ip = ip.to_canonical();
    if METADATA.contains(&ip) {
        return false;
    }
    match ip {
        IpAddr::V4(ip) => reach_v4(ip, allow_lan),
        IpAddr::V6(ip) => reach_v6(ip, allow_lan),
    }
}

/// Of the [registry of special addresses](https://www.iana.org/assignments/iana-ipv4-special-registry), none but the private ones is ever
/// a person's device.
fn reach_v4(ip: Ipv4Addr, allow_lan: bool) -> bool {
    match ip.octets() {
        [0 | 127 | 224.., ..] => false,
        [169, 254, ..] => false,
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => {
            false
        }
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] => allow_lan,
        _ => true,
    }
}

/// Only what is routed (2000::/3), without the ways to hide an IPv4 address in it.
fn reach_v6(ip: Ipv6Addr, allow_lan: bool) -> bool {
    let [a, b, c, _, _, _, g, h] = ip.segments();
    let hidden = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        may_reach(Ipv4Addr::new(a, b, c, d).into(), allow_lan)
    };
    match a {
        // NAT64: the IPv4 address is at the end.
        0x64 if b == 0xff9b && c == 0 => hidden(g, h),
        0xfc00..=0xfdff => allow_lan,
        // Teredo and other experiments; documentation.
        0x2001 if b < 0x200 || b == 0xdb8 => false,
        // 6to4: the IPv4 address comes second.
        0x2002 => hidden(b, c),
        0x3fff if b < 0x1000 => false,
        0x2000..=0x3fff => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(addresses: &[&str], outside: bool, with_lan: bool) {
        for address in addresses {
            let ip: IpAddr = address.parse().unwrap();
            assert_eq!((may_reach(ip, false), may_reach(ip, true)), (outside, with_lan), "{address}");
        }
    }

    #[test]
    fn public_addresses_are_reached() {
        check(&["1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "192.0.1.1"], true, true);
        check(&["2606:4700::1111", "2a00::1", "64:ff9b::101:101", "2002:101:101::1"], true, true);
    }

    #[test]
    fn private_ones_only_where_the_operator_says_so() {
        check(&["10.0.0.1", "172.16.0.1", "172.31.9.9", "192.168.1.7", "100.64.0.1"], false, true);
        check(&["fd12:3456::1", "::ffff:192.168.1.7", "64:ff9b::a00:1", "2002:c0a8:107::1"], false, true);
    }

    #[test]
    fn what_is_no_persons_device_is_never_reached() {
        check(&["127.0.0.1", "127.9.9.9", "0.0.0.0", "0.1.2.3", "169.254.1.1", "224.0.0.1"], false, false);
        check(&["239.255.255.250", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"], false, false);
        check(&["::", "::1", "fe80::1", "fec0::1", "ff02::1", "2001:db8::1", "2001::1"], false, false);
        check(&["::ffff:127.0.0.1", "::7f00:1", "64:ff9b::7f00:1", "2002:7f00:1::"], false, false);
        check(&["64:ff9b:1::7f00:1", "100::1", "3fff:fff::1", "4000::1"], false, false);
    }

    #[test]
    fn the_secrets_of_clouds_are_out_of_reach() {
        check(&["169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16"], false, false);
        check(&["fd00:ec2::254", "fd20:ce::254", "::ffff:169.254.169.254"], false, false);
        check(&["64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::"], false, false);
    }
}
