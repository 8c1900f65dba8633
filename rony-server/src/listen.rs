//! From an address to connections: binding, HTTPS, serving, and ending in good order.

mod holder;
mod taking;
mod tls;

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};

use crate::drain::Drain;

pub(crate) use self::taking::Taking;
use self::taking::TakingAcceptor;

pub use holder::Holder;
pub use tls::{TlsError, choose_cryptography, read_tls};

/// How many ports after the preferred one are tried.
const TRIES: u16 = 100;

/// A client that has not sent its first request by then holds a connection for nothing.
const FIRST_REQUEST: Duration = Duration::from_secs(10);

/// A connection on which no whole request head came for so long is closed, between two requests as well.
const NEXT_REQUEST: Duration = Duration::from_secs(75);

/// What a connection reads, or has waiting to be sent, at the most, in bytes; the library's default is six times as much, which many who upload at once feel.
const BUFFER: usize = 64 * 1024;

/// A socket that is bound, and who was in the way.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    busy: Option<(SocketAddr, Holder)>,
}

impl Listener {
    /// Where it listens, with the port that it really has.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address that was preferred but busy, and who holds it.
    #[must_use]
    pub fn busy(&self) -> Option<&(SocketAddr, Holder)> {
        self.busy.as_ref()
    }
}

/// Why it is not possible to listen.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListenError {
    /// The port that was asked for is taken.
    #[error(
        "{address} is busy: {holder} listens there. Stop that program, or choose another port with `{setting}`."
    )]
    Busy {
        /// Where it was to listen.
        address: SocketAddr,
        /// Who does.
        holder: Holder,
        /// The setting that chooses the port.
        setting: &'static str,
    },
    /// All ports that were tried are taken.
    #[error("The ports {first} to {last} are all busy. Choose a free one with `{setting}`.")]
    AllBusy {
        /// The first port that was tried.
        first: u16,
        /// The last port that was tried.
        last: u16,
        /// The setting that chooses the port.
        setting: &'static str,
    },
    /// The system keeps this port for itself.
    #[error(
        "This user may not listen on {address}. Ports below 1024 need a right of their own: choose a port above, let a \
         proxy listen there, or give the program the capability CAP_NET_BIND_SERVICE."
    )]
    NotAllowed {
        /// Where it was to listen.
        address: SocketAddr,
    },
    /// The machine does not have the address.
    #[error(
        "{address} is no address of this machine. Set `listen` to one that it has: 127.0.0.1 for this machine only, \
         0.0.0.0 for every network."
    )]
    NoSuchAddress {
        /// Where it was to listen.
        address: SocketAddr,
    },
    /// Something else.
    #[error("It is not possible to listen on {address}: {source}")]
    Other {
        /// Where it was to listen.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

/// Binds exactly `address`; `setting` is named when it cannot be.
///
/// # Errors
///
/// When the address is busy, not this machine's, or not this user's to take.
pub fn bind(address: SocketAddr, setting: &'static str) -> Result<Listener, ListenError> {
    let bound = TcpListener::bind(address).and_then(|socket| Ok((socket.local_addr()?, socket)));
    match bound {
        Ok((address, socket)) => Ok(Listener { socket, address, busy: None }),
        Err(source) => Err(match source.kind() {
            ErrorKind::AddrInUse => ListenError::Busy { address, holder: Holder::of(address), setting },
            ErrorKind::PermissionDenied => ListenError::NotAllowed { address },
            ErrorKind::AddrNotAvailable => ListenError::NoSuchAddress { address },
            _ => ListenError::Other { address, source },
        }),
    }
}

/// Binds `preferred`, or the next port that is free, and remembers who was in the way.
///
/// # Errors
///
/// As [`bind`], and when no port nearby is free.
pub fn bind_near(ip: IpAddr, preferred: u16, setting: &'static str) -> Result<Listener, ListenError> {
    let mut busy = None;
    let last = preferred.saturating_add(TRIES);
    for port in preferred..=last {
        match bind(SocketAddr::new(ip, port), setting) {
            Ok(listener) => return Ok(Listener { busy, ..listener }),
            Err(ListenError::Busy { address, holder, .. }) => drop(busy.get_or_insert((address, holder))),
            Err(other) => return Err(other),
        }
    }
    Err(ListenError::AllBusy { first: preferred, last, setting })
}

/// Serves `app` until `drain` begins, then gives what is under way `grace` to finish. Whatever is still open by then
/// is cut.
///
/// # Errors
///
/// When the socket cannot be used.
pub async fn serve(
    listener: Listener,
    tls: Option<RustlsConfig>,
    app: Router,
    drain: &Drain,
    grace: Duration,
) -> io::Result<()> {
    let handle = Handle::new();
    let mut server = axum_server::from_tcp(listener.socket)?
        .handle(handle.clone())
        .first_request_timeout(FIRST_REQUEST)
        .accept_error_handler(|_, error| tracing::debug!(%error, "a connection failed"));
    server.http_builder().http1().header_read_timeout(NEXT_REQUEST).max_buf_size(BUFFER);
    let service = app.into_make_service_with_connect_info::<SocketAddr>();
    let serving = async {
        match tls {
            Some(config) => {
                let acceptor = RustlsAcceptor::new(config).acceptor(TakingAcceptor);
                server.acceptor(acceptor).serve(service).await
            }
            None => server.acceptor(TakingAcceptor).serve(service).await,
        }
    };
    let ending = async {
        drain.started().await;
        handle.graceful_shutdown(Some(grace));
        // WebSockets left the HTTP server behind when they were upgraded, so they are waited for on their own.
        let _ = tokio::time::timeout(grace, drain.released()).await;
        Ok(())
    };
    tokio::try_join!(serving, ending).map(|_| ())
}

#[cfg(test)]
mod tests;
