//! What stands in front of every route and looks at the request as HTTP: who really sent it, by which name the server
//! was addressed, and whether a page of somebody else is behind it. Whether the caller may do what they ask for is not
//! decided here but in `rony-core`.

mod brake;
mod client;
mod headers;
mod host;
mod origin;
mod plain_http;

use std::collections::HashSet;

use ipnet::IpNet;

use crate::config::{Config, PublicUrl};
use crate::lan::Hosts;

pub(crate) use brake::{Brake, brake};
pub use client::{Client, identify_client};
pub use headers::{set_headers, set_hsts};
pub use host::check_host;
pub(crate) use host::{host_of, is_loopback};
pub use origin::check_origin;
pub(crate) use plain_http::asks_for_page;
pub use plain_http::explain_plain_http;

/// What the middlewares of this module compare requests with.
#[derive(Debug)]
pub struct Guard {
    origins: HashSet<String>,
    hosts: HashSet<String>,
    /// The machine's own on a local network, which change with it. Their pages come by HTTPS.
    own: Hosts,
    public_url: PublicUrl,
    proxies: Vec<IpNet>,
    /// The server itself speaks TLS.
    tls: bool,
}

impl Guard {
    /// The rules of this configuration, on a server that listens on `port`.
    pub fn new(config: &Config, port: u16) -> Self {
        let public_url = config.public_url_on(port);
        let origins = config.allowed_origins.iter().chain([public_url.origin()]);
        let hosts = config.allowed_hosts.iter().cloned().chain([public_url.origin().host().to_owned()]);
        Self {
            origins: origins.map(ToString::to_string).collect(),
            hosts: hosts.collect(),
            own: Hosts::default(),
            proxies: config.trusted_proxies.clone(),
            tls: config.speaks_tls(),
            public_url,
        }
    }

    /// Hosts by which the server is reached too, and whose pages are its own.
    #[must_use]
    pub fn with_own(self, own: Hosts) -> Self {
        Self { own, ..self }
    }
}

#[cfg(test)]
mod tests;
