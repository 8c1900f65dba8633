//! The one UDP port, as the crate `turn` sees it.

use std::{
    any::Any,
    net::{IpAddr, SocketAddr},
};

use async_trait::async_trait;
use tokio::net::UdpSocket;
use util::{Conn, Error};

use super::{line::unused, plain};

pub(super) struct Front {
    socket: UdpSocket,
    address: SocketAddr,
}

impl Front {
    pub(super) fn new(socket: UdpSocket) -> std::io::Result<Self> {
        let address = socket.local_addr()?;
        Ok(Self { socket, address })
    }

    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }
}

#[async_trait]
impl Conn for Front {
    async fn recv_from(&self, buffer: &mut [u8]) -> Result<(usize, SocketAddr), Error> {
        let (length, from) = self.socket.recv_from(buffer).await?;
        Ok((length, plain(from)))
    }

    async fn send_to(&self, bytes: &[u8], target: SocketAddr) -> Result<usize, Error> {
        // A socket for both families wants them all in the longer one.
        let target = match (self.address, target.ip()) {
            (SocketAddr::V6(_), IpAddr::V4(ip)) => SocketAddr::new(ip.to_ipv6_mapped().into(), target.port()),
            _ => target,
        };
        Ok(self.socket.send_to(bytes, target).await?)
    }

    async fn connect(&self, _: SocketAddr) -> Result<(), Error> {
        Err(unused())
    }

    async fn recv(&self, _: &mut [u8]) -> Result<usize, Error> {
        Err(unused())
    }

    async fn send(&self, _: &[u8]) -> Result<usize, Error> {
        Err(unused())
    }

    fn local_addr(&self) -> Result<SocketAddr, Error> {
        Ok(self.address)
    }

    fn remote_addr(&self) -> Option<SocketAddr> {
        None
    }

    /// Each allocation that ends closes this, too: it is everybody's, and ends with the server.
    async fn close(&self) -> Result<(), Error> {
        Ok(())
    }

    fn as_any(&self) -> &(dyn Any + Send + Sync) {
        self
    }
}
