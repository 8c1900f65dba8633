//! A secure page on a local network: `rony serve --lan`.
//!
//! Browsers give a page no camera, no microphone and no notifications unless it comes by HTTPS, and no public authority signs a certificate for
//! `192.168.1.5`. So the server has an authority of its own, which is made once and stays in the data folder (`lan/authority.key` never
//! leaves it). Each device has to be told once to trust it; a page on plain HTTP says how. With its key one could still not stand in for
//! anything on the internet, since the authority may speak for private addresses and local names only.
//!
//! What the authority signs for the server is good for 90 days, and made anew when the machine's addresses change or the end comes near.

mod authority;
mod machine;
mod page;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum_server::tls_rustls::RustlsConfig;
use rony_core::time::{Clock, Timestamp};
use tokio::sync::Mutex;

use crate::config::Config;
use crate::listen::choose_cryptography;

pub(crate) use authority::Authority;
use authority::Leaf;
pub use machine::Hosts;
pub(crate) use machine::Machine;
pub(crate) use page::{Certificate, Site, qr_text, secure_routes};

/// How often addresses and dates are looked at.
const LOOK: Duration = Duration::from_secs(60);

/// Why there is no HTTPS for the local network.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LanError {
    /// A file of the authority.
    #[error("{} cannot be used: {source}. Give the user that runs Rony the right to read and write there.", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The authority's files do not make one.
    #[error(
        "The local authority in {} cannot be used: {what}. Put both of its files back from a backup, or remove the folder: \
         Rony then makes a new authority, which each device has to be told to trust.",
        folder.display()
    )]
    Odd {
        /// Its folder.
        folder: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// A certificate cannot be made.
    #[error("A certificate for the local network could not be made: {0}")]
    Certificate(#[from] rcgen::Error),
    /// The clock says something absurd.
    #[error(
        "A certificate for the local network could not be made, since the clock of this machine is far off: {0}"
    )]
    Clock(#[from] jiff::Error),
    /// A new certificate cannot be served.
    #[error("The certificate for the local network could not be used: {0}")]
    Serve(std::io::Error),
}

/// The authority, the certificate that is served now, and for which hosts.
#[derive(Debug)]
pub(crate) struct Lan {
    authority: Authority,
    /// What the operator named beside what the machine is called.
    further: Vec<String>,
    hosts: Hosts,
    tls: RustlsConfig,
    served: Mutex<Leaf>,
}

impl Lan {
    /// Makes the authority or takes the one that is there, and a certificate for `machine`.
    ///
    /// # Errors
    ///
    /// When the folder `lan` in the data folder cannot be used, or holds something else.
    pub(crate) async fn open(config: &Config, machine: &Machine, now: Timestamp) -> Result<Self, LanError> {
        choose_cryptography();
        let further = further(config);
        let authority = Authority::open(&folder(&config.data), now, machine, &further)?;
        let all = hosts(machine, &further);
        for host in all.iter().filter(|host| !authority.may_sign(host)) {
            tracing::warn!(
                host,
                "the local authority was not made for this host, so browsers will not trust it there; to make a new authority, which each \
                 device has to be told again, remove the folder lan in the data folder"
            );
        }
        let leaf = authority.leaf(&all, now)?;
        let tls = RustlsConfig::from_pem(leaf.certificate.clone().into(), leaf.key().into()).await;
        let hosts = Hosts::default();
        hosts.set(all);
        Ok(Self { authority, further, hosts, tls: tls.map_err(LanError::Serve)?, served: Mutex::new(leaf) })
    }

    /// What a listener serves with. A new certificate is taken by the next connection; those that are there go on.
    pub(crate) fn tls(&self) -> RustlsConfig {
        self.tls.clone()
    }

    /// The hosts by which people come, kept in step.
    pub(crate) fn hosts(&self) -> &Hosts {
        &self.hosts
    }

    /// Who signs.
    pub(crate) fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Takes over how the machine is called now, and renews the certificate if its end is near. Whether there is a new one.
    ///
    /// # Errors
    ///
    /// When a new one cannot be made; the old one is served on.
    pub(crate) async fn refresh(&self, machine: &Machine, now: Timestamp) -> Result<bool, LanError> {
        let mut served = self.served.lock().await;
        let all = hosts(machine, &self.further);
        let leaf = self.authority.leaf(&all, now)?;
        self.hosts.set(all);
        if *served == leaf {
            return Ok(false);
        }
        let reload = self.tls.reload_from_pem(leaf.certificate.clone().into(), leaf.key().into());
        reload.await.map_err(LanError::Serve)?;
        *served = leaf;
        Ok(true)
    }

    /// Keeps the certificate in step with the machine, for as long as it is polled.
    pub(crate) async fn tend(&self, config: &Config, clock: Arc<dyn Clock>) {
        let mut ticks = tokio::time::interval(LOOK);
        loop {
            ticks.tick().await;
            match self.refresh(&Machine::look(config.listen), clock.now()).await {
                Ok(false) => {}
                Ok(true) => {
                    let hosts = self.served.lock().await.hosts().join(", ");
                    tracing::info!(hosts, "there is a new certificate for the local network");
                }
                Err(error) => {
                    tracing::error!(%error, "the certificate for the local network could not be renewed");
                }
            }
        }
    }
}

/// Where the authority is kept.
pub(crate) fn folder(data: &Path) -> PathBuf {
    data.join("lan")
}

/// What the operator named by settings.
fn further(config: &Config) -> Vec<String> {
    let public = config.public_url.iter().map(|url| url.origin().host().to_owned());
    public.chain(config.allowed_hosts.iter().cloned()).collect()
}

/// All hosts that the certificate should be good for.
fn hosts(machine: &Machine, further: &[String]) -> Vec<String> {
    let loopback = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned);
    let all = machine.hosts().into_iter().chain(loopback).chain(further.iter().cloned());
    let mut hosts = Vec::new();
    for host in all {
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    hosts
}

#[cfg(test)]
mod tests;
