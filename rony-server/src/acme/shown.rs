//! Which certificate a connection is shown: the one that is good, or to the authority the proof that it asked for.

use std::sync::{Arc, PoisonError, RwLock};

use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

/// The protocol by which an authority says that it wants to see the proof (RFC 8737, 6.2).
pub(super) const PROTOCOL: &[u8] = b"acme-tls/1";

/// What is shown.
#[derive(Debug, Default)]
pub(super) struct Shown {
    good: RwLock<Option<Arc<CertifiedKey>>>,
    proof: RwLock<Option<Arc<CertifiedKey>>>,
}

impl Shown {
    /// From the next connection on.
    pub(super) fn set(&self, good: Arc<CertifiedKey>) {
        *self.good.write().unwrap_or_else(PoisonError::into_inner) = Some(good);
    }

    /// To who asks for it.
    pub(super) fn prove(&self, proof: Arc<CertifiedKey>) {
        *self.proof.write().unwrap_or_else(PoisonError::into_inner) = Some(proof);
    }

    /// No more.
    pub(super) fn end_proof(&self) {
        *self.proof.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let asks_for_proof =
            hello.alpn().is_some_and(|mut protocols| protocols.any(|protocol| protocol == PROTOCOL));
        let shown = if asks_for_proof { &self.proof } else { &self.good };
        shown.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
