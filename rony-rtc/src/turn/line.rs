//! The socket of an allocation: what the crate `turn` takes for the network, with the rule before it.

use std::{
    any::Any,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use rony_core::time::Clock;
use tokio::{
    net::UdpSocket,
    sync::{Mutex as AsyncMutex, mpsc},
};
use util::{Conn, Error};

use super::{
    Refused,
    lines::{Caller, Lines, Packet},
    plain,
};
use crate::rate::{Bucket, Rate};

pub(super) struct Line {
    socket: UdpSocket,
    /// Where others find it.
    relay: SocketAddr,
    caller: Caller,
    lines: Arc<Lines>,
    clock: Arc<dyn Clock>,
    inbox: AsyncMutex<mpsc::Receiver<Packet>>,
    outward: Mutex<Bucket>,
    inward: Mutex<Bucket>,
}

impl Line {
    pub(super) fn new(
        socket: UdpSocket,
        relay: SocketAddr,
        caller: Caller,
        lines: Arc<Lines>,
        clock: Arc<dyn Clock>,
        inbox: mpsc::Receiver<Packet>,
    ) -> Self {
        let per_second = lines.options.quotas.bytes_per_second;
        // A key frame comes all at once.
        let rate = Rate { burst: per_second.saturating_mul(2), per_second };
        let bucket = Bucket::new(rate, clock.elapsed());
        let (outward, inward) = (Mutex::new(bucket.clone()), Mutex::new(bucket));
        Self { socket, relay, caller, lines, clock, inbox: AsyncMutex::new(inbox), outward, inward }
    }

    /// Whether so many bytes may pass now.
    fn takes(&self, bucket: &Mutex<Bucket>, bytes: usize) -> bool {
        let now: Duration = self.clock.elapsed();
        let mut bucket = bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let enough = bucket.take(now, u32::try_from(bytes).unwrap_or(u32::MAX));
        if enough {
            self.lines.watch.relayed(bytes);
        } else {
            self.lines.watch.refused(Refused::Rate);
        }
        enough
    }
}

#[async_trait]
impl Conn for Line {
    /// What is refused or does not fit counts as sent: the network would not tell either.
    async fn send_to(&self, bytes: &[u8], target: SocketAddr) -> Result<usize, Error> {
        let target = plain(target);
        if !self.takes(&self.outward, bytes.len()) || self.lines.hand_over(self.relay, target, bytes) {
            return Ok(bytes.len());
        }
        if self.lines.may_cross(target.ip()) {
            // Media that waits is worth less than media that is lost, and whoever waits here holds up all others.
            let _ = self.socket.try_send_to(bytes, target);
        } else {
            self.lines.watch.refused(Refused::Address);
        }
        Ok(bytes.len())
    }

    async fn recv_from(&self, buffer: &mut [u8]) -> Result<(usize, SocketAddr), Error> {
        let mut inbox = self.inbox.lock().await;
        loop {
            let (length, from) = tokio::select! {
                packet = inbox.recv() => {
                    let Some(packet) = packet else { return Err(closed()) };
                    let length = packet.bytes.len().min(buffer.len());
                    buffer[..length].copy_from_slice(&packet.bytes[..length]);
                    (length, packet.from)
                }
                received = self.socket.recv_from(buffer) => {
                    // Such as that a packet which was sent did not arrive.
                    let Ok((length, from)) = received else { continue };
                    let from = plain(from);
                    if !self.lines.may_cross(from.ip()) {
                        self.lines.watch.refused(Refused::Address);
                        continue;
                    }
                    (length, from)
                }
            };
            if self.takes(&self.inward, length) {
                return Ok((length, from));
            }
        }
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
        Ok(self.relay)
    }

    fn remote_addr(&self) -> Option<SocketAddr> {
        None
    }

    async fn close(&self) -> Result<(), Error> {
        self.lines.close(&self.caller, self.relay);
        Ok(())
    }

    fn as_any(&self) -> &(dyn Any + Send + Sync) {
        self
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.lines.close(&self.caller, self.relay);
    }
}

fn closed() -> Error {
    io::Error::from(io::ErrorKind::ConnectionAborted).into()
}

/// No relay is connected to one peer.
pub(super) fn unused() -> Error {
    io::Error::from(io::ErrorKind::Unsupported).into()
}
