//! Where an allocation gets its port, and who may have one.

use std::{
    cell::RefCell,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use async_trait::async_trait;
use rony_core::time::Clock;
use tokio::net::UdpSocket;
use turn::{
    Error,
    auth::{AuthHandler, generate_auth_key},
    relay::RelayAddressGenerator,
};
use util::Conn;

use super::{
    Refused,
    line::Line,
    lines::{Caller, Lines},
};
use crate::ice::TurnSecret;

/// How many ports are tried before there is said to be none.
const TRIES: usize = 64;

tokio::task_local! {
    /// Whose request is being handled. The crate `turn` asks for a port without saying for whom.
    pub(super) static CALLER: RefCell<Caller>;
}

pub(super) struct Desk {
    pub(super) lines: Arc<Lines>,
    pub(super) secret: TurnSecret,
    pub(super) clock: Arc<dyn Clock>,
}

impl AuthHandler for Desk {
    /// The key with which a request of that name must be signed. Whoever has an allocation is judged by the time at which they got it:
    /// a call must not end because an hour is over, and browsers cannot give an allocation a newer name.
    fn auth_handle(&self, username: &str, realm: &str, from: SocketAddr) -> Result<Vec<u8>, Error> {
        let at = self.lines.since(from, username).unwrap_or_else(|| self.clock.now());
        let credential = self.secret.password_of(at, username).map_err(|why| {
            self.lines.watch.refused(Refused::Credential);
            Error::Other(why.to_string())
        })?;
        let _ = CALLER.try_with(|caller| username.clone_into(&mut caller.borrow_mut().username));
        Ok(generate_auth_key(username, realm, &credential.password))
    }
}

pub(super) struct Ports {
    pub(super) lines: Arc<Lines>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Ports {
    async fn bind(&self, v4: bool) -> Result<UdpSocket, Error> {
        let (ports, ip) = (&self.lines.options.ports, self.lines.own.bind_ip(v4));
        let (first, count) = (*ports.start(), usize::from(ports.end().saturating_sub(*ports.start())) + 1);
        let mut offset = usize::from(random()?) % count;
        // From a place that nobody can guess on to the next free one, so that a small range is used to its end.
        for _ in 0..TRIES.min(count) {
            let port = first.saturating_add(u16::try_from(offset).unwrap_or(u16::MAX));
            if let Ok(socket) = UdpSocket::bind(SocketAddr::new(ip, port)).await {
                return Ok(socket);
            }
            offset = (offset + 1) % count;
        }
        Err(Error::ErrMaxRetriesExceeded)
    }
}

fn random() -> Result<u16, Error> {
    let mut bytes = [0; 2];
    getrandom::fill(&mut bytes).map_err(|error| Error::Other(error.to_string()))?;
    Ok(u16::from_be_bytes(bytes))
}

#[async_trait]
impl RelayAddressGenerator for Ports {
    fn validate(&self) -> Result<(), Error> {
        Ok(())
    }

    /// A port of the range; which one is never for the client to choose.
    async fn allocate_conn(
        &self,
        v4: bool,
        _: u16,
    ) -> Result<(Arc<dyn Conn + Send + Sync>, SocketAddr), Error> {
        let caller = CALLER.try_with(|caller| caller.borrow().clone());
        let caller = caller.map_err(|_| Error::Other("nobody asks for this allocation".to_owned()))?;
        let ip: IpAddr = self.lines.own.relay_ip(caller.address.ip(), v4).ok_or(Error::ErrNilConn)?;
        let socket = self.bind(v4).await?;
        let relay = SocketAddr::new(ip, socket.local_addr().map_err(util::Error::from)?.port());
        let inbox = self.lines.open(caller.clone(), relay);
        let inbox =
            inbox.ok_or_else(|| Error::Other("there are as many allocations as may be".to_owned()))?;
        let (lines, clock) = (Arc::clone(&self.lines), Arc::clone(&self.clock));
        Ok((Arc::new(Line::new(socket, relay, caller, lines, clock, inbox)), relay))
    }
}
