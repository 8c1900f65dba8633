//! What stands in front of every route and looks at the request as HTTP: who really sent it, by which name the server
//! was addressed, and whether a page of somebody else is behind it. Whether the caller may do what they ask for is not
//! decided here but in `rony-core`.

mod client;
mod headers;
mod host;
mod origin;
mod plain_http;

use std::collections::HashSet;

use ipnet::IpNet;

use crate::config::{Config, PublicUrl};

pub use client::{Client, identify_client};
pub use headers::set_headers;
pub use host::check_host;
pub use origin::check_origin;
pub(crate) use plain_http::asks_for_page;
pub use plain_http::explain_plain_http;

/// What the middlewares of this module compare requests with.
#[derive(Debug)]
pub struct Guard {
    origins: HashSet<String>,
    hosts: HashSet<String>,
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
            proxies: config.trusted_proxies.clone(),
            tls: config.tls.is_some(),
            public_url,
        }
    }
}

#[cfg(test)]
mod tests;
