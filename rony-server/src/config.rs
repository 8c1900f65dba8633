//! What an operator may set, and where each value came from.
//!
//! A setting has one name in four places, each stronger than the one before: the default, `public_url = "…"` in
//! `rony.toml`, `RONY_PUBLIC_URL` in the environment, `--public-url` on the command line. [`Config`] holds the values
//! after all of them were read and checked; nothing behind it reads the environment again.
//!
//! `config/settings.rs` is the one table from which the file, the environment, the flags and `--help` are made.

mod error;
mod files;
mod flags;
mod load;
mod relay;
mod rtc;
mod settings;
mod url;
mod values;

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;

use crate::lan::Machine;

pub use error::{ConfigError, Mistake};
pub use files::{FileStore, Files, Hidden, S3};
pub use flags::Flags;
pub use load::{Loaded, Sources, load};
pub use relay::RelaySettings;
pub use rtc::Rtc;
pub use url::{DatabaseUrl, Origin, PublicUrl};
pub use values::{Bus, LogFormat, Metrics, Registration};

/// The port that is tried first when none is configured.
pub const DEFAULT_PORT: u16 = 5000;

/// Everything that can be set about a server, checked.
///
/// An embedder starts from [`Config::default`] and changes what they need; the `rony` binary gets it from [`load`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {
    /// The address to listen on. Loopback unless told otherwise.
    pub listen: IpAddr,
    /// The port to listen on, 0 for any free one. `None`: [`DEFAULT_PORT`], or the next free one after it; with `acme` 443.
    pub port: Option<u16>,
    /// The folder that holds everything Rony keeps on this machine.
    pub data: PathBuf,
    /// The database. `None`: an SQLite file in the data folder.
    pub database: Option<DatabaseUrl>,
    /// The largest number of connections to PostgreSQL.
    pub database_pool: u32,
    /// The address that people type. `None`: `http://localhost:PORT`.
    pub public_url: Option<PublicUrl>,
    /// Further origins whose pages may change things here.
    pub allowed_origins: Vec<Origin>,
    /// Further host names by which this server may be addressed, in lower case, without a port.
    pub allowed_hosts: Vec<String>,
    /// The proxies whose `X-Forwarded-*` headers are believed. Empty: nobody's are.
    pub trusted_proxies: Vec<IpNet>,
    /// The certificate chain and the private key for HTTPS, PEM files.
    pub tls: Option<TlsFiles>,
    /// HTTPS for the local network, with certificates of an authority of this server's own.
    pub lan: bool,
    /// HTTPS for a name on the internet, with certificates that come by themselves.
    pub acme: Option<Acme>,
    /// The port of plain HTTP beside HTTPS, 0 for any free one. `None`: 80, or with `lan` a free one where 80 cannot be had.
    pub http_port: Option<u16>,
    /// Who may make an account.
    pub registration: Registration,
    /// A session that is not used for so long ends.
    pub session_idle: Duration,
    /// A session ends after so long, used or not.
    pub session_absolute: Duration,
    /// How many gateway connections one person may have open.
    pub max_sockets_per_user: u32,
    /// The largest body of an ordinary request, in bytes.
    pub max_body: usize,
    /// A request that takes longer is stopped.
    pub request_timeout: Duration,
    /// Where Prometheus finds `/metrics`.
    pub metrics: Metrics,
    /// How log lines look.
    pub log_format: LogFormat,
    /// What is logged: a level, or a list of `target=level` as in `RUST_LOG`.
    pub log_level: String,
    /// How the nodes on one database tell each other about news.
    pub bus: Bus,
    /// How long a shutdown waits for what is under way.
    pub shutdown_grace: Duration,
    /// Where people's files are kept, and how much of them.
    pub files: Files,
    /// How the devices of a meeting find a way to each other.
    pub rtc: Rtc,
}

/// The PEM files for HTTPS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, followed by the ones between it and its authority.
    pub cert: PathBuf,
    /// The private key that belongs to the certificate.
    pub key: PathBuf,
}

/// Certificates by ACME (RFC 8555).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Acme {
    /// The name that they are for, in lower case.
    pub domain: String,
    /// Where the authority says what it can do.
    pub directory: String,
    /// Whom the authority writes to when something is wrong.
    pub contact: Vec<String>,
    /// A certificate by which the authority itself is known, as PEM, where it is none of the public ones.
    pub root: Option<PathBuf>,
}

impl Acme {
    /// Let's Encrypt.
    pub const DIRECTORY: &str = "https://acme-v02.api.letsencrypt.org/directory";

    /// Certificates of Let's Encrypt for `domain`.
    #[must_use]
    pub fn new(domain: impl Into<String>) -> Self {
        Self { domain: domain.into(), directory: Self::DIRECTORY.to_owned(), contact: Vec::new(), root: None }
    }
}

impl Default for Config {
    fn default() -> Self {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        Self {
            listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: None,
            data: PathBuf::from("./rony-data"),
            database: None,
            database_pool: 20,
            public_url: None,
            allowed_origins: Vec::new(),
            allowed_hosts: Vec::new(),
            trusted_proxies: Vec::new(),
            tls: None,
            lan: false,
            acme: None,
            http_port: None,
            registration: Registration::Closed,
            session_idle: 30 * DAY,
            session_absolute: 180 * DAY,
            max_sockets_per_user: 32,
            max_body: 256 * 1024,
            request_timeout: Duration::from_secs(30),
            metrics: Metrics::Loopback,
            log_format: LogFormat::Text,
            log_level: "info".to_owned(),
            bus: Bus::Auto,
            // Below the 10 s after which container managers kill what they asked to stop.
            shutdown_grace: Duration::from_secs(8),
            files: Files::default(),
            rtc: Rtc::default(),
        }
    }
}

impl Config {
    /// The database's address: the configured one, or the SQLite file in the data folder.
    pub fn database_url(&self) -> DatabaseUrl {
        self.database.clone().unwrap_or_else(|| DatabaseUrl::sqlite_file(&self.data.join("rony.db")))
    }

    /// The folder for the bytes of files: the configured one, or `files` in the data folder.
    pub fn files_folder(&self) -> PathBuf {
        self.files.path.clone().unwrap_or_else(|| self.data.join("files"))
    }

    /// The address that people type, when the server listens on `port`.
    pub fn public_url_on(&self, port: u16) -> PublicUrl {
        if let Some(url) = &self.public_url {
            return url.clone();
        }
        if let Some(acme) = &self.acme {
            return PublicUrl::https(&acme.domain, port);
        }
        let address = if self.lan { Machine::look(self.listen).first_host() } else { None };
        match address {
            Some(host) => PublicUrl::https(&host, port),
            None => PublicUrl::localhost(port, self.speaks_tls()),
        }
    }

    /// The port that it listens on, or tries first.
    pub fn first_port(&self) -> u16 {
        self.port.unwrap_or(if self.acme.is_some() { 443 } else { DEFAULT_PORT })
    }

    /// Whether the server itself speaks HTTPS.
    pub fn speaks_tls(&self) -> bool {
        self.tls.is_some() || self.lan || self.acme.is_some()
    }
}

#[cfg(test)]
mod tests;
