//! All allocations that live: whose they are, where they are, and the way from one to another within this process.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rony_core::time::Timestamp;
use tokio::sync::mpsc;

use super::{Options, Refused, Watch, may_reach, own::Own, plain};

/// How many packets wait for an allocation that does not keep up.
const WAITING: usize = 256;

/// A packet from another relay of this server.
pub(super) struct Packet {
    pub(super) from: SocketAddr,
    pub(super) bytes: Vec<u8>,
}

/// Who asks for an allocation.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) address: SocketAddr,
    pub(super) username: String,
    pub(super) at: Timestamp,
}

pub(super) struct Lines {
    pub(super) options: Options,
    pub(super) own: Own,
    pub(super) watch: Arc<dyn Watch>,
    live: Mutex<Live>,
}

#[derive(Default)]
struct Live {
    /// By the address of the relay.
    inboxes: HashMap<SocketAddr, mpsc::Sender<Packet>>,
    /// By the address of the client.
    callers: HashMap<SocketAddr, Caller>,
    people: HashMap<String, usize>,
}

/// The part of a username that says who it is.
pub(super) fn person(username: &str) -> &str {
    username.split_once(':').map_or(username, |(_, person)| person)
}

impl Lines {
    pub(super) fn new(options: Options, own: Own, watch: Arc<dyn Watch>) -> Self {
        Self { options, own, watch, live: Mutex::default() }
    }

    /// A panic while the lock was held leaves plain maps behind, which are as good as before.
    fn live(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the client has an allocation.
    pub(super) fn knows(&self, client: SocketAddr) -> bool {
        self.live().callers.contains_key(&client)
    }

    /// When the client was given its allocation, by this username.
    pub(super) fn since(&self, client: SocketAddr, username: &str) -> Option<Timestamp> {
        self.live().callers.get(&client).filter(|caller| caller.username == username).map(|caller| caller.at)
    }

    /// Whether that person has as many as they may.
    pub(super) fn is_at_quota(&self, username: &str) -> bool {
        let live = self.live();
        live.people.get(person(username)).is_some_and(|count| *count >= self.options.quotas.per_person)
    }

    /// Whether there are as many as there may be.
    pub(super) fn is_full(&self) -> bool {
        self.live().inboxes.len() >= self.options.quotas.total
    }

    /// One more, at the address `relay`; what others of this server send to it comes by what is given back.
    pub(super) fn open(&self, caller: Caller, relay: SocketAddr) -> Option<mpsc::Receiver<Packet>> {
        if self.is_full() || self.is_at_quota(&caller.username) {
            self.watch.refused(Refused::Quota);
            return None;
        }
        let (sender, receiver) = mpsc::channel(WAITING);
        let mut live = self.live();
        *live.people.entry(person(&caller.username).to_owned()).or_default() += 1;
        live.callers.insert(caller.address, caller);
        live.inboxes.insert(relay, sender);
        self.watch.allocations(live.inboxes.len());
        Some(receiver)
    }

    /// It is no more.
    pub(super) fn close(&self, caller: &Caller, relay: SocketAddr) {
        let mut live = self.live();
        if live.inboxes.remove(&relay).is_none() {
            return;
        }
        live.callers.remove(&caller.address);
        let person = person(&caller.username);
        if let Some(count) = live.people.get_mut(person) {
            *count -= 1;
            if *count == 0 {
                live.people.remove(person);
            }
        }
        self.watch.allocations(live.inboxes.len());
    }

    /// Hands a packet to the relay at `to`, if there is one. One that does not keep up loses it, as on any network.
    pub(super) fn hand_over(&self, from: SocketAddr, to: SocketAddr, bytes: &[u8]) -> bool {
        let live = self.live();
        let Some(inbox) = live.inboxes.get(&to) else { return false };
        let _ = inbox.try_send(Packet { from, bytes: bytes.to_vec() });
        true
    }

    /// Whether packets may go to and come from that address over the network.
    pub(super) fn may_cross(&self, ip: IpAddr) -> bool {
        may_reach(ip, self.options.allow_lan) && !self.own.has(ip)
    }

    /// Whether a permission for that address may be of use: over the network, or for another relay of this server. Permissions
    /// are for addresses without ports, so each packet is judged again.
    pub(super) fn may_permit(&self, peer: SocketAddr) -> bool {
        let ip = plain(peer).ip();
        self.may_cross(ip) || self.live().inboxes.keys().any(|relay| relay.ip() == ip)
    }
}
