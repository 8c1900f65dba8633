//! How often one address may ask for what is open to everybody and kept nowhere: a count a minute, in memory.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rony_core::session::limit::network;
use tokio::time::Instant;

/// How many requests an address has in a [`WINDOW`]; a view of the page is five.
const MOST: u32 = 120;

const WINDOW: Duration = Duration::from_secs(60);

/// With more addresses than this the counts begin anew, so that memory stays small.
const MOST_ADDRESSES: usize = 4096;

/// The requests of this minute, by address.
#[derive(Debug, Default)]
pub(crate) struct Brake(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    began: Option<Instant>,
    by_address: HashMap<IpAddr, u32>,
}

impl Brake {
    /// Counts a request. `false`: one too many.
    fn admits(&self, address: IpAddr) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if counts.began.is_none_or(|began| now - began >= WINDOW) || counts.by_address.len() >= MOST_ADDRESSES
        {
            counts.by_address.clear();
            counts.began = Some(now);
        }
        let count = counts.by_address.entry(network(address)).or_default();
        *count = count.saturating_add(1);
        *count <= MOST
    }
}

/// A middleware that answers 429 to who asks too often.
pub(crate) async fn brake(State(brake): State<Arc<Brake>>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if peer.is_none_or(|peer| brake.admits(peer)) {
        return next.run(request).await;
    }
    let wait = [(RETRY_AFTER, WINDOW.as_secs().to_string())];
    (
        StatusCode::TOO_MANY_REQUESTS,
        wait,
        "Too many requests from your address. Wait a minute, then try again.\n",
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_address_that_asks_too_often_waits_and_others_do_not() {
        let (brake, eager, other) =
            (Brake::default(), IpAddr::from([192, 168, 1, 7]), IpAddr::from([192, 168, 1, 8]));
        assert!((0..MOST).all(|_| brake.admits(eager)));
        assert!(!brake.admits(eager));
        assert!(brake.admits(other));
        tokio::time::advance(WINDOW).await;
        assert!(brake.admits(eager));
    }

    #[tokio::test]
    async fn all_addresses_of_one_ipv6_network_count_as_one_and_memory_stays_small() {
        let brake = Brake::default();
        for last in 0..MOST {
            assert!(brake.admits(Ipv6Addr::from_bits(0xfd00 << 112 | u128::from(last)).into()));
        }
        assert!(!brake.admits(Ipv6Addr::from_bits(0xfd00 << 112 | 0xffff).into()));
        for address in 0..100_000 {
            brake.admits(std::net::Ipv4Addr::from_bits(address).into());
        }
        assert!(brake.0.lock().expect("no panic").by_address.len() <= MOST_ADDRESSES);
    }
}
