//! What several tests of this crate need: a certificate authority of their own, and a server on a free port.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum_server::tls_rustls::RustlsConfig;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::RootCertStore;

use crate::config::TlsFiles;
use crate::drain::Drain;
use crate::listen::{Listener, bind, read_tls, serve};

/// A certificate for one name in PEM files, and the authority that signed it.
pub(crate) struct Certificate {
    folder: tempfile::TempDir,
    pub(crate) authorities: RootCertStore,
}

impl Certificate {
    /// Valid for `name` until `year`.
    pub(crate) fn new(name: &str, year: i32) -> Self {
        let root_key = KeyPair::generate().expect("a key");
        let mut root = CertificateParams::default();
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let mut authorities = RootCertStore::empty();
        authorities.add(root.self_signed(&root_key).expect("a root").der().clone()).expect("a root");

        let mut leaf = CertificateParams::new([name.to_owned()]).expect("a name");
        leaf.not_after = rcgen::date_time_ymd(year, 1, 1);
        let leaf_key = KeyPair::generate().expect("a key");
        let leaf = leaf.signed_by(&leaf_key, &Issuer::from_params(&root, root_key)).expect("a certificate");
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("cert.pem"), leaf.pem()).expect("a file");
        std::fs::write(folder.path().join("key.pem"), leaf_key.serialize_pem()).expect("a file");
        Self { folder, authorities }
    }

    pub(crate) fn files(&self) -> TlsFiles {
        TlsFiles { cert: self.folder.path().join("cert.pem"), key: self.folder.path().join("key.pem") }
    }

    pub(crate) async fn config(&self) -> RustlsConfig {
        read_tls(&self.files()).await.expect("usable files")
    }
}

/// A listener on a free port of loopback.
pub(crate) fn listener() -> Listener {
    bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), "port").expect("a free port")
}

/// Serves `app` until the test ends; gives back the port.
pub(crate) fn serve_on_free_port(app: Router, tls: Option<RustlsConfig>) -> u16 {
    let listener = listener();
    let port = listener.address().port();
    tokio::spawn(async move { serve(listener, tls, app, &Drain::new(), std::time::Duration::ZERO).await });
    port
}
