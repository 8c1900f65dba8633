//! Whether the relay of meetings answers where people look for it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use rony_rtc::turn::may_reach;
use tokio::net::{UdpSocket, lookup_host};

use super::Finding;
use crate::config::{Config, RelaySettings};

const SUBJECT: &str = "relay";
/// So long each of a few questions waits for its answer.
const PATIENCE: Duration = Duration::from_millis(700);
const QUESTIONS: usize = 3;

pub(super) async fn examine(config: &Config) -> Finding {
    if !config.runs_relay() {
        return elsewhere(config);
    }
    let port = config.rtc.relay.port.unwrap_or(RelaySettings::PORT);
    let ip = config.relay_listens().first().copied().unwrap_or(config.listen);
    let place = format!("{}:{port}", config.relay_host(ip));
    if !answers(&local(ip, port).to_string()).await {
        return not_here(ip, port).await;
    }
    if !answers(&place).await {
        return Finding::warn(SUBJECT, format!("UDP {place} leads from here to no relay"), away_advice(port));
    }
    let mut finding = Finding::ok(SUBJECT, format!("UDP {place} answers, as seen from this machine"));
    if config.rtc.relay.external_ip.is_empty() && is_behind_nat(&place).await {
        finding = Finding::warn(
            SUBJECT,
            format!("UDP {place} answers, and this machine has other addresses than that: it is behind NAT"),
            "It works if the router passes this UDP port on. Set rtc_relay_external_ip to the public address, so that \
             people are told the right one.",
        );
    }
    finding
}

/// Nothing is to run here.
fn elsewhere(config: &Config) -> Finding {
    if config.rtc.turn.is_empty() {
        return Finding::warn(
            SUBJECT,
            "there is none (rtc_relay is false), so people behind strict firewalls hear and see nobody in meetings",
            "Set rtc_relay to true, or rtc_turn to another relay.",
        );
    }
    Finding::ok(SUBJECT, format!("meetings have another: {}", config.rtc.turn.join(", ")))
}

async fn not_here(ip: IpAddr, port: u16) -> Finding {
    if UdpSocket::bind(SocketAddr::new(ip, port)).await.is_ok() {
        return Finding::warn(
            SUBJECT,
            format!("nothing listens on UDP port {port} here, so the relay of meetings could not be tried"),
            "Start Rony (rony serve) and run rony doctor again.",
        );
    }
    Finding::fail(
        SUBJECT,
        format!("another program has UDP port {port}, and is no relay"),
        "Stop that program, or choose another port with rtc_relay_port.",
    )
}

fn away_advice(port: u16) -> String {
    format!(
        "Open UDP port {port} in the firewall, and have the router pass it on to this machine. A proxy for HTTPS passes no UDP \
         on: where public_url leads to another machine, set rtc_relay_external_ip to the public address of this one. Some \
         routers do not lead back from inside; then try it from elsewhere, by the connection test of Rony's page."
    )
}

/// Where this machine reaches what listens on `ip`.
fn local(ip: IpAddr, port: u16) -> SocketAddr {
    let ip = match ip {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        other => other,
    };
    SocketAddr::new(ip, port)
}

/// Whether the address is a public one, and none of this machine's.
async fn is_behind_nat(place: &str) -> bool {
    let Ok(mut addresses) = lookup_host(place).await else { return false };
    let mut public =
        addresses.by_ref().map(|address| address.ip()).filter(|ip| may_reach(*ip, false)).peekable();
    if public.peek().is_none() {
        return false;
    }
    for ip in public {
        // Only an own address can be bound.
        if UdpSocket::bind(SocketAddr::new(ip, 0)).await.is_ok() {
            return false;
        }
    }
    true
}

/// Whether something at `place` answers as a STUN server does.
async fn answers(place: &str) -> bool {
    let Ok(addresses) = lookup_host(place).await else { return false };
    for address in addresses {
        if ask(address).await.unwrap_or(false) {
            return true;
        }
    }
    false
}

/// A Binding request (RFC 8489, section 5): kind, length, cookie, and a number that the answer repeats.
async fn ask(address: SocketAddr) -> std::io::Result<bool> {
    let any: IpAddr =
        if address.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind(SocketAddr::new(any, 0)).await?;
    socket.connect(address).await?;
    let mut question = [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    getrandom::fill(&mut question[8..]).map_err(std::io::Error::other)?;
    for _ in 0..QUESTIONS {
        socket.send(&question).await?;
        let mut answer = [0; 512];
        if let Ok(received) = tokio::time::timeout(PATIENCE, socket.recv(&mut answer)).await {
            return Ok(received? >= 20 && answer[..2] == [1, 1] && answer[8..20] == question[8..]);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rony_storage::SystemClock;

    use super::super::Verdict;
    use super::*;
    use crate::relay::Relay;

    async fn taken() -> (UdpSocket, u16) {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let port = socket.local_addr().expect("an address").port();
        (socket, port)
    }

    #[tokio::test]
    async fn the_relay_is_found_or_somebody_is_told_what_to_do() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut config = Config { data: folder.path().to_owned(), ..Config::default() };
        let (socket, port) = taken().await;
        config.rtc.relay.port = Some(port);
        let strange = examine(&config).await;
        assert_eq!(strange.verdict, Verdict::Fail, "{strange}");
        drop(socket);
        let asleep = examine(&config).await;
        assert!(asleep.verdict == Verdict::Warn && asleep.advice.contains("rony serve"), "{asleep}");
        let relay = Relay::start(&config, Arc::new(SystemClock)).await.expect("a relay");
        let well = examine(&config).await;
        assert_eq!(well.verdict, Verdict::Ok, "{well}");
        config.public_url = Some("https://nowhere.invalid".parse().expect("a URL"));
        config.rtc.relay.listen = Some(Ipv4Addr::LOCALHOST.into());
        config.rtc.relay.external_ip = vec!["192.0.2.9".parse().expect("an address")];
        let away = examine(&config).await;
        assert!(away.verdict == Verdict::Warn && away.advice.contains("Open UDP port"), "{away}");
        relay.close().await;
    }

    #[tokio::test]
    async fn without_a_relay_some_hear_nobody() {
        let mut config = Config::default();
        config.rtc.relay.on = Some(false);
        assert_eq!(examine(&config).await.verdict, Verdict::Warn);
        config.rtc.turn = vec!["turn:turn.example.org".to_owned()];
        assert_eq!(examine(&config).await.verdict, Verdict::Ok);
    }
}
