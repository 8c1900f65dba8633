//! The certificate and the key for HTTPS.

use std::path::{Path, PathBuf};

use axum_server::tls_rustls::RustlsConfig;

use crate::config::TlsFiles;

/// Why HTTPS cannot be served with these files.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{path} cannot be read: {source}. Check the path and that this user may read it.")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The files are there but no certificate and key that fit together.
    #[error(
        "{cert} and {key} cannot be used for HTTPS: {source}. Both must be PEM files, the first with the certificate \
         followed by its chain, the second with the private key that belongs to it and no password."
    )]
    Unusable {
        /// The certificate's file.
        cert: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// What is wrong with them.
        source: std::io::Error,
    },
}

/// Chooses the one implementation of cryptography for the whole process; rustls asks for it before its first use.
///
/// An application that embeds Rony may have chosen already, and keeps its choice.
pub fn choose_cryptography() {
    // The error is the provider that was installed before: nothing to handle.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Reads the files.
///
/// # Errors
///
/// When a file cannot be read, or holds no certificate or key, or they do not belong together.
pub async fn read_tls(files: &TlsFiles) -> Result<RustlsConfig, TlsError> {
    choose_cryptography();
    let cert = read(&files.cert).await?;
    let key = read(&files.key).await?;
    RustlsConfig::from_pem(cert, key).await.map_err(|source| TlsError::Unusable {
        cert: files.cert.clone(),
        key: files.key.clone(),
        source,
    })
}

async fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    tokio::fs::read(path).await.map_err(|source| TlsError::Read { path: path.to_owned(), source })
}
