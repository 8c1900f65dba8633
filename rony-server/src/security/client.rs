//! Who sent a request: the peer of the connection, or whoever a declared proxy says it is.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;

use super::Guard;
use super::host::{host_of, is_loopback};

/// The other end of a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Client {
    /// Its address. `None` where the embedding application does not tell (it serves without `ConnectInfo`).
    pub address: Option<IpAddr>,
    /// Whether it came by HTTPS, to this server or to the proxy in front.
    pub secure: bool,
    /// Whether it calls this server by a name that always means the machine itself, such as `localhost`.
    pub loopback: bool,
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or_default())
    }
}

/// A middleware that finds out the [`Client`] for everything behind it.
///
/// Only `X-Forwarded-For` and `X-Forwarded-Proto` are read, and only from a peer among `trusted_proxies`: anybody can
/// write these headers.
pub async fn identify_client(State(guard): State<Arc<Guard>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    let client = Client {
        address: peer.map(|peer| behind_proxies(peer, request.headers(), &guard.proxies)),
        secure: is_secure(&guard, peer, &request),
        loopback: host_of(&request).is_some_and(|host| is_loopback(&host)),
    };
    request.extensions_mut().insert(client);
    next.run(request).await
}

fn is_secure(guard: &Guard, peer: Option<IpAddr>, request: &Request) -> bool {
    if guard.tls {
        return true;
    }
    if let Some(scheme) = last(request.headers(), "x-forwarded-proto")
        && peer.is_some_and(|peer| trusts(&guard.proxies, peer))
    {
        return scheme.eq_ignore_ascii_case("https");
    }
    // Who set an https public_url has a proxy in front that ends TLS, even when it was not declared.
    guard.public_url.is_https()
        && host_of(request).is_some_and(|host| host == guard.public_url.origin().host())
}

/// Each proxy appends the address that it saw, so the list is believed from its right end for as long as the one who
/// reported is a trusted proxy itself.
fn behind_proxies(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let mut client = peer;
    for hop in values(headers, "x-forwarded-for").into_iter().rev() {
        if !trusts(proxies, client) {
            break;
        }
        let Some(address) = address_of(hop) else { break };
        client = address.to_canonical();
    }
    client
}

fn trusts(proxies: &[IpNet], address: IpAddr) -> bool {
    proxies.iter().any(|network| network.contains(&address))
}

/// Some proxies add the port.
fn address_of(hop: &str) -> Option<IpAddr> {
    let bare = hop.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

fn last<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    values(headers, name).pop()
}

/// The elements of a list header in their order, over all its lines.
fn values<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    let lines = headers.get_all(name).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim).collect()
}
