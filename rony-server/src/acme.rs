//! A secure page for a name on the internet: `rony serve --domain chat.example.org`.
//!
//! An authority that speaks ACME (RFC 8555; Let's Encrypt, unless told otherwise) signs certificates for a name to whoever proves that the name
//! leads to them. It connects to the name's port 443 and wants to be shown a certificate that only the one who asked can make (TLS-ALPN-01,
//! RFC 8737), or to its port 80 for a text (HTTP-01). Both are answered here, in turns, since one of the two ports may be closed.
//!
//! The account and the certificate are kept in the data folder, so a restart asks for nothing. A certificate is renewed when a third of its
//! time is left, and taken by the next connection; those that are there go on. On several nodes the authority would reach any of
//! them, so this is for one node; several stand behind a proxy that does HTTPS.

mod client;
mod order;
mod plain;
mod shown;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum_server::tls_rustls::RustlsConfig;
use rony_core::time::{Clock, Timestamp};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{RootCertStore, ServerConfig};
use sha2::{Digest as _, Sha256};

use crate::config::{Acme as Settings, Config};
use crate::listen::choose_cryptography;
use crate::{private_file, probe};

pub use order::Trouble;
use plain::Tokens;
pub(crate) use plain::plain_routes;
use shown::Shown;

/// How long it waits at most before it looks whether the certificate should be renewed: a machine may have slept meanwhile.
const LOOK: Duration = Duration::from_secs(60);

/// How long it waits after the first rounds that failed, and the last one for all further ones. Let's Encrypt allows five failures an hour.
const WAITS: [Duration; 3] =
    [Duration::from_secs(60), Duration::from_secs(15 * 60), Duration::from_secs(60 * 60)];

/// Why certificates cannot come by themselves at all. That an order failed is no such reason: it is tried again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AcmeError {
    /// A file in the data folder.
    #[error("{} cannot be used: {source}. Give the user that runs Rony the right to read and write there.", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The certificate of the authority itself.
    #[error("{} is no certificate: {what}. Let acme_root be a PEM file with the certificate of the authority.", path.display())]
    Root {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
}

/// The certificates of one name.
#[derive(Debug)]
pub(crate) struct Certificates {
    settings: Settings,
    /// What belongs to this directory: accounts and certificates of a trial are none of the real authority.
    folder: PathBuf,
    authorities: RootCertStore,
    shown: Arc<Shown>,
    tokens: Tokens,
    /// The moment in which the certificate that is shown is renewed; none, when none is shown.
    due: Mutex<Option<Timestamp>>,
}

/// A certificate with its chain and key, and its dates.
pub(crate) struct Kept {
    key: Arc<CertifiedKey>,
    /// Since when it is good.
    begins: Timestamp,
    /// Until when it is good.
    pub(crate) ends: Timestamp,
}

/// How one proves that the name leads here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// By the certificate that is shown at port 443.
    Tls,
    /// By a text at port 80.
    Http,
}

impl Certificates {
    /// Takes the certificate that is kept, if it is good.
    ///
    /// # Errors
    ///
    /// When the folder `acme` in the data folder or the file `acme_root` cannot be used.
    pub(crate) fn open(config: &Config, settings: &Settings, now: Timestamp) -> Result<Self, AcmeError> {
        choose_cryptography();
        let certificates = Self {
            settings: settings.clone(),
            folder: folder(config, settings),
            authorities: authorities(settings)?,
            shown: Arc::default(),
            tokens: Tokens::default(),
            due: Mutex::default(),
        };
        if let Some(kept) = certificates.kept()?.filter(|kept| now < kept.ends) {
            certificates.show(kept);
        }
        Ok(certificates)
    }

    /// What a listener serves with: what is shown at the moment, and to the authority what it asks for.
    pub(crate) fn tls(&self) -> RustlsConfig {
        let mut config = ServerConfig::builder()
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&self.shown) as Arc<_>);
        config.alpn_protocols = vec![b"http/1.1".to_vec(), shown::PROTOCOL.to_vec()];
        RustlsConfig::from_config(Arc::new(config))
    }

    /// What is answered to the authority in plain HTTP.
    pub(crate) fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// Whether there is a certificate to show.
    pub(crate) fn is_shown(&self) -> bool {
        self.due.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// The certificate that is kept, if there is one that can be read.
    pub(crate) fn kept(&self) -> Result<Option<Kept>, AcmeError> {
        let path = self.certificate();
        let text = private_file::read(&path).map_err(|source| AcmeError::File { path, source })?;
        Ok(text.and_then(|text| parse(&text)))
    }

    /// Why the last attempt failed, if it did.
    pub(crate) fn last_trouble(&self) -> Option<String> {
        private_file::read(&self.trouble()).ok().flatten()
    }

    fn certificate(&self) -> PathBuf {
        self.folder.join(format!("{}.pem", self.settings.domain))
    }

    fn trouble(&self) -> PathBuf {
        self.folder.join(format!("{}.trouble", self.settings.domain))
    }

    fn show(&self, kept: Kept) {
        let third = kept.ends.since(kept.begins) / 3;
        *self.due.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept.ends.minus(third));
        self.shown.set(kept.key);
    }

    /// Gets a certificate if there is none, or if the one that is shown is to be renewed. Whether there is a new one.
    ///
    /// # Errors
    ///
    /// When the authority gives none; what is shown is shown on.
    pub(crate) async fn keep(&self, now: Timestamp, way: Way) -> Result<bool, Trouble> {
        let due = *self.due.lock().unwrap_or_else(PoisonError::into_inner);
        if due.is_some_and(|due| now < due) {
            return Ok(false);
        }
        let ordered = self.order(way).await;
        self.shown.end_proof();
        self.tokens.clear();
        let told = match &ordered {
            Ok(pem) => private_file::write(&self.certificate(), pem).and_then(|()| {
                std::fs::remove_file(self.trouble()).or_else(|error| {
                    if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
                })
            }),
            Err(trouble) => private_file::write(&self.trouble(), &trouble.to_string()),
        };
        if let Err(error) = told {
            tracing::error!(%error, folder = %self.folder.display(), "what came of the order for a certificate could not be kept");
        }
        let kept = parse(&ordered?)
            .ok_or_else(|| Trouble::odd("the authority sent something else than a certificate"))?;
        self.show(kept);
        Ok(true)
    }

    /// Not for long, and never at once: an authority may give certificates that are good for seconds.
    fn until_due(&self, now: Timestamp) -> Duration {
        let due = *self.due.lock().unwrap_or_else(PoisonError::into_inner);
        due.map_or(LOOK, |due| due.since(now)).clamp(Duration::from_secs(1), LOOK)
    }

    /// Keeps the certificate good, for as long as it is polled. With `http`, port 80 is answered too.
    pub(crate) async fn tend(&self, clock: &dyn Clock, http: bool) {
        let ways: &[Way] = if http { &[Way::Tls, Way::Http] } else { &[Way::Tls] };
        let mut failed = 0;
        loop {
            let way = ways[failed % ways.len()];
            let wait = match self.keep(clock.now(), way).await {
                Ok(new) => {
                    failed = 0;
                    if new {
                        tracing::info!(domain = self.settings.domain, "there is a new certificate");
                    }
                    self.until_due(clock.now())
                }
                Err(trouble) => {
                    failed += 1;
                    // Where one port is closed, the other is tried at once.
                    let round = failed / ways.len();
                    let is_over = failed % ways.len() == 0;
                    let wait = if is_over { WAITS[(round - 1).min(WAITS.len() - 1)] } else { Duration::ZERO };
                    tracing::error!(
                        domain = self.settings.domain,
                        retry_seconds = wait.as_secs(),
                        "there is no new certificate: {trouble}"
                    );
                    wait
                }
            };
            clock.sleep(wait).await;
        }
    }
}

/// Each directory has a folder of its own.
fn folder(config: &Config, settings: &Settings) -> PathBuf {
    let digest = Sha256::digest(settings.directory.as_bytes());
    let name: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    config.data.join("acme").join(name)
}

/// By whom the authority is known: the public ones, and the one that is configured.
pub(crate) fn authorities(settings: &Settings) -> Result<RootCertStore, AcmeError> {
    let mut authorities = probe::public_authorities();
    if let Some(path) = &settings.root {
        let odd = |what: String| AcmeError::Root { path: path.clone(), what };
        let root = CertificateDer::from_pem_file(path).map_err(|error| odd(error.to_string()))?;
        authorities.add(root).map_err(|error| odd(error.to_string()))?;
    }
    Ok(authorities)
}

/// A chain and a key in one text. Nothing, when they do not fit together.
fn parse(pem: &str) -> Option<Kept> {
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().ok()?;
    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).ok()?;
    let (begins, ends) = {
        let (_, leaf) = x509_parser::parse_x509_certificate(chain.first()?).ok()?;
        (leaf.validity().not_before.timestamp(), leaf.validity().not_after.timestamp())
    };
    let moment = |seconds: i64| Timestamp::from_millis(seconds.saturating_mul(1000));
    let key = CertifiedKey::from_der(chain, key, &rustls::crypto::ring::default_provider()).ok()?;
    Some(Kept { key: Arc::new(key), begins: moment(begins), ends: moment(ends) })
}
