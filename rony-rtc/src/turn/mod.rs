//! The built-in STUN and TURN server (feature `turn`): it tells a device its public address, and passes media on where two devices
//! find no direct way.
//!
//! The protocol is the crate `turn`'s. What makes an open port safe is here:
//!
//! - Who has a time-limited credential of [`TurnSecret`] may relay; whoever began may go on after it expires, as with coturn.
//! - [`rule`](may_reach) says where to: to public addresses, and to private ones only when the operator says so. Never to this machine
//!   itself, however it is called. It is asked when a permission is wanted, and again for each packet in both directions.
//! - Relays of this server reach each other in memory. So two devices that both reach its one UDP port reach each other, behind whatever NAT
//!   the server is, and although its own addresses are denied.
//! - Quotas: allocations a person and in all, bytes a second and allocation, requests a second and address.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use rony_rtc::{ice::TurnSecret, turn::{Options, TurnServer, Unwatched}};
//!
//! # async fn example(clock: Arc<dyn rony_core::time::Clock>) -> Result<(), Box<dyn std::error::Error>> {
//! let socket = tokio::net::UdpSocket::bind("0.0.0.0:3478").await?;
//! let secret = TurnSecret::new("a secret of sixteen bytes or more")?;
//! let server = TurnServer::start(socket, secret, Options::default(), clock, Arc::new(Unwatched))?;
//! println!("relaying at {}", server.address());
//! server.close().await;
//! # Ok(())
//! # }
//! ```

mod front;
mod gate;
mod line;
mod lines;
mod own;
mod ports;
mod rule;
mod serve;

use std::{
    net::{IpAddr, SocketAddr},
    ops::RangeInclusive,
};

pub use self::{rule::may_reach, serve::TurnServer};
#[cfg(doc)]
use crate::ice::TurnSecret;

/// What an operator may set about the relay.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The addresses by which the outside reaches this machine, where those are not its own: behind NAT. At most one of each family is used.
    pub external_ip: Vec<IpAddr>,
    /// The UDP ports of allocations.
    pub ports: RangeInclusive<u16>,
    /// Whether private addresses may be relayed to (those of a LAN and of a carrier's NAT), too.
    pub allow_lan: bool,
    /// How much may be used.
    pub quotas: Quotas,
}

impl Default for Options {
    /// Ports as RFC 8656 recommends them, and no private addresses.
    fn default() -> Self {
        Self { external_ip: Vec::new(), ports: 49152..=65535, allow_lan: false, quotas: Quotas::default() }
    }
}

/// How much of the relay may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Quotas {
    /// How many allocations one person may have at a time: a browser makes one for each connection and network interface.
    pub per_person: usize,
    /// How many there may be in all.
    pub total: usize,
    /// Bytes a second that an allocation carries, in each direction; what comes beyond is dropped, so senders slow down.
    pub bytes_per_second: u32,
    /// Requests a second from one address (of IPv6: one network of 64 bits); five times as many at once.
    pub requests_per_second: u32,
}

impl Default for Quotas {
    fn default() -> Self {
        Self { per_person: 64, total: 2000, bytes_per_second: 1024 * 1024, requests_per_second: 200 }
    }
}

/// Why something was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refused {
    /// No credential, or none that is good.
    Credential,
    /// Nobody may be relayed to there.
    Address,
    /// Somebody has, or all have together, as many allocations as they may.
    Quota,
    /// More bytes or requests than one may send.
    Rate,
}

impl Refused {
    /// A word for a label.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Address => "address",
            Self::Quota => "quota",
            Self::Rate => "rate",
        }
    }
}

/// Who is told what the relay does, to count it. It is called for each packet, so it must be quick.
pub trait Watch: Send + Sync {
    /// So many allocations live now.
    fn allocations(&self, live: usize);
    /// So many bytes were passed on.
    fn relayed(&self, bytes: usize);
    /// Something was refused.
    fn refused(&self, why: Refused);
}

/// Nobody is told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn allocations(&self, _: usize) {}
    fn relayed(&self, _: usize) {}
    fn refused(&self, _: Refused) {}
}

/// An IPv4 address that is written as an IPv6 one, as a socket for both families gives it, in its own form.
fn plain(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}
