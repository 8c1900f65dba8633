//! What is let through to the crate `turn`: it knows no limits, answers some requests not at all, and lets a client relay to anywhere.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use rony_core::session::limit::network;
use stun::{
    attributes::{
        ATTR_EVEN_PORT, ATTR_MESSAGE_INTEGRITY, ATTR_RESERVATION_TOKEN, ATTR_USERNAME, ATTR_XOR_PEER_ADDRESS,
    },
    error_code::{
        CODE_ALLOC_MISMATCH, CODE_ALLOC_QUOTA_REACHED, CODE_FORBIDDEN, CODE_INSUFFICIENT_CAPACITY, ErrorCode,
        ErrorCodeAttribute,
    },
    message::{
        CLASS_ERROR_RESPONSE, CLASS_INDICATION, CLASS_REQUEST, Getter as _, METHOD_ALLOCATE, METHOD_BINDING,
        METHOD_CHANNEL_BIND, METHOD_CREATE_PERMISSION, METHOD_REFRESH, METHOD_SEND, Message, MessageType,
        Method,
    },
};
use turn::proto::{chandata::ChannelData, peeraddr::PeerAddress};

use super::{Refused, lines::Lines};
use crate::rate::{Bucket, Rate};

/// Of so many addresses it is known how much they asked for; a flood of forged ones only makes it forget.
const ADDRESSES: usize = 10_000;
/// How many times as much as in a second may come at once: a whole office joins behind one address.
const BURST: u32 = 5;
/// Requests a second that are handled at all.
const ALL: Rate = Rate { burst: 40_000, per_second: 20_000 };

/// What becomes of a packet.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is for the crate.
    Pass,
    /// Nobody answers.
    Drop,
    /// This is the answer.
    Answer(Vec<u8>),
}

pub(super) struct Gate {
    all: Bucket,
    asked: HashMap<IpAddr, Bucket>,
}

impl Gate {
    pub(super) fn new(now: Duration) -> Self {
        Self { all: Bucket::new(ALL, now), asked: HashMap::new() }
    }

    pub(super) fn judge(&mut self, now: Duration, lines: &Lines, from: SocketAddr, packet: &[u8]) -> Verdict {
        if ChannelData::is_channel_data(packet) {
            return if lines.knows(from) { Verdict::Pass } else { Verdict::Drop };
        }
        if !stun::message::is_message(packet) {
            return Verdict::Drop;
        }
        let mut message = Message { raw: packet.to_vec(), ..Message::default() };
        if message.decode().is_err() {
            return Verdict::Drop;
        }
        match (message.typ.class, message.typ.method) {
            (CLASS_INDICATION, METHOD_SEND) if lines.knows(from) => Verdict::Pass,
            (CLASS_REQUEST, method) => {
                if !self.takes(now, from.ip(), lines) {
                    lines.watch.refused(Refused::Rate);
                    return Verdict::Drop;
                }
                request(lines, from, method, &message)
            }
            _ => Verdict::Drop,
        }
    }

    /// Whether that address may ask once more.
    fn takes(&mut self, now: Duration, ip: IpAddr, lines: &Lines) -> bool {
        let network = network(ip);
        if self.asked.len() >= ADDRESSES && !self.asked.contains_key(&network) {
            self.asked.clear();
        }
        let per_second = lines.options.quotas.requests_per_second;
        let rate = Rate { burst: per_second.saturating_mul(BURST), per_second };
        let bucket = self.asked.entry(network).or_insert_with(|| Bucket::new(rate, now));
        bucket.take(now, 1) && self.all.take(now, 1)
    }
}

fn request(lines: &Lines, from: SocketAddr, method: Method, message: &Message) -> Verdict {
    let signed = message.contains(ATTR_MESSAGE_INTEGRITY);
    match method {
        METHOD_BINDING => Verdict::Pass,
        // The crate would take and give back ports until it has an even one. No browser asks for that.
        METHOD_ALLOCATE if message.contains(ATTR_EVEN_PORT) || message.contains(ATTR_RESERVATION_TOKEN) => {
            answer(message, CODE_INSUFFICIENT_CAPACITY)
        }
        // What is not signed is told to sign.
        METHOD_ALLOCATE | METHOD_REFRESH | METHOD_CREATE_PERMISSION | METHOD_CHANNEL_BIND if !signed => {
            if method == METHOD_ALLOCATE || lines.knows(from) {
                Verdict::Pass
            } else {
                answer(message, CODE_ALLOC_MISMATCH)
            }
        }
        METHOD_ALLOCATE if lines.knows(from) => Verdict::Pass,
        METHOD_ALLOCATE if lines.is_at_quota(&username(message)) => {
            lines.watch.refused(Refused::Quota);
            answer(message, CODE_ALLOC_QUOTA_REACHED)
        }
        METHOD_ALLOCATE if lines.is_full() => {
            lines.watch.refused(Refused::Quota);
            answer(message, CODE_INSUFFICIENT_CAPACITY)
        }
        METHOD_ALLOCATE => Verdict::Pass,
        METHOD_REFRESH | METHOD_CREATE_PERMISSION | METHOD_CHANNEL_BIND if !lines.knows(from) => {
            answer(message, CODE_ALLOC_MISMATCH)
        }
        METHOD_CREATE_PERMISSION | METHOD_CHANNEL_BIND if !peers_are_fine(lines, message) => {
            lines.watch.refused(Refused::Address);
            answer(message, CODE_FORBIDDEN)
        }
        METHOD_REFRESH | METHOD_CREATE_PERMISSION | METHOD_CHANNEL_BIND => Verdict::Pass,
        _ => Verdict::Drop,
    }
}

fn username(message: &Message) -> String {
    message.get(ATTR_USERNAME).map(|name| String::from_utf8_lossy(&name).into_owned()).unwrap_or_default()
}

/// Whether all the peers that a request names may be relayed to. One that cannot be read is left to the crate, which refuses it.
fn peers_are_fine(lines: &Lines, message: &Message) -> bool {
    let named = message.attributes.0.iter().filter(|attribute| attribute.typ == ATTR_XOR_PEER_ADDRESS);
    named.into_iter().all(|attribute| {
        // The crate reads the first of several only, so each gets a message of its own.
        let mut one = Message::new();
        one.transaction_id = message.transaction_id;
        one.write_header();
        one.add(ATTR_XOR_PEER_ADDRESS, &attribute.value);
        let mut peer = PeerAddress::default();
        peer.get_from(&one).is_err() || lines.may_permit(SocketAddr::new(peer.ip, peer.port))
    })
}

fn answer(request: &Message, code: ErrorCode) -> Verdict {
    let mut message = Message::new();
    let head = Message { transaction_id: request.transaction_id, ..Message::default() };
    let kind = MessageType::new(request.typ.method, CLASS_ERROR_RESPONSE);
    let built = message.build(&[
        Box::new(head),
        Box::new(kind),
        Box::new(ErrorCodeAttribute { code, reason: Vec::new() }),
    ]);
    built.map_or(Verdict::Drop, |()| Verdict::Answer(message.raw))
}
