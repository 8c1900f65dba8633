//! Facts about the ways to a secure page, told by running the `rony` command and connecting to it as browsers do.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::Path,
    sync::Arc,
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    client::Resumption,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use sha2::{Digest as _, Sha256};

use crate::command::{Place, Running};

const LAN: [&str; 6] = ["serve", "--lan", "--listen=127.0.0.1", "--port=0", "--http-port=0", "--metrics=off"];

/// A client that trusts what is in this file, and nothing else.
pub(crate) fn trusting(file: &Path) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(file).expect("a certificate")).expect("an authority");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let mut config = versions.expect("versions").with_root_certificates(roots).with_no_client_auth();
    // A session that goes on would show the certificate that it began with.
    config.resumption = Resumption::disabled();
    Arc::new(config)
}

/// Sends one request to the server on loopback, as `host`, and reads the answer.
fn ask(client: &Arc<ClientConfig>, server: &Running, host: &str, request: &str) -> std::io::Result<String> {
    let mut stream = connect(client, server.address(), host)?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// A connection that is not made before something is sent.
pub(crate) fn connect(
    client: &Arc<ClientConfig>,
    address: SocketAddr,
    host: &str,
) -> std::io::Result<StreamOwned<ClientConnection, TcpStream>> {
    let stream = TcpStream::connect(address)?;
    let name = ServerName::try_from(host.to_owned()).expect("a name");
    let connection = ClientConnection::new(Arc::clone(client), name).expect("a client");
    Ok(StreamOwned::new(connection, stream))
}

pub(crate) fn get(path: &str, host: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
}

fn plainly(address: &str, path: &str) -> String {
    let host = address.trim_start_matches("http://").trim_end_matches("/lan");
    let mut stream = TcpStream::connect(host.replace("localhost", "127.0.0.1")).expect("it listens");
    stream.write_all(get(path, host).as_bytes()).expect("it is open");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("text");
    answer
}

#[test]
fn with_lan_whoever_trusts_the_authority_sees_rony_and_one_authority_lasts() {
    let place = Place::new();
    let server = place.start(&LAN);
    let address = server.told("Address").expect("an address").to_owned();
    assert!(address.starts_with("https://localhost:"), "{address}");
    let file = place.folder.path().join("rony-data/lan/authority.pem");
    let client = trusting(&file);
    for host in ["localhost", "127.0.0.1"] {
        let answer = ask(&client, &server, host, &get("/health/live", host)).expect("trusted");
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with(r#""server":"rony"}"#), "{answer}");
        assert!(!answer.to_lowercase().contains("strict-transport-security"), "{answer}");
    }
    ask(&client, &server, "example.org", &get("/", "example.org")).expect_err("not its name");

    let page = server.told("Devices").expect("the page").to_owned();
    let seen = plainly(&page, "/lan").replace("</span><span>", "");
    assert!(seen.starts_with("HTTP/1.1 200"), "{seen}");
    let authority = CertificateDer::from_pem_file(&file).expect("a certificate");
    let bytes: Vec<String> = Sha256::digest(&authority).iter().map(|byte| format!("{byte:02X}")).collect();
    assert!(seen.contains(&bytes.join(":")), "{seen}");
    for line in bytes.chunks(16) {
        assert!(server.told(&line.join(":")).is_some(), "the terminal shows the same");
    }
    assert!(plainly(&page, "/api/v1/me").contains(&format!("location: {address}/api/v1/me")));
    assert!(!seen.contains("PRIVATE KEY"));
    assert_eq!(server.stop(), Some(0));

    // Another start, another port: the devices need not be told again.
    let again = place.start(&LAN);
    ask(&client, &again, "localhost", &get("/health/live", "localhost")).expect("still trusted");
    assert_eq!(again.stop(), Some(0));
}

#[test]
fn with_lan_people_sign_in_by_cookie_from_their_own_page_alone() {
    let place = Place::new();
    let server = place.start(&LAN);
    let client = trusting(&place.folder.path().join("rony-data/lan/authority.pem"));
    let token = server.told("Set up").and_then(|link| link.split_once('#')).expect("a link").1.to_owned();
    let body =
        format!(r#"{{"token":"{token}","username":"ann","password":"correct horse battery","cookie":true}}"#);
    let own = format!("https://localhost:{}", server.port());
    let setup = |origin: &str| {
        let host = format!("localhost:{}", server.port());
        let head = format!(
            "POST /api/v1/setup HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        ask(&client, &server, "localhost", &head).expect("trusted")
    };
    for foreign in ["https://evil.example", "http://localhost:1", "https://localhost"] {
        assert!(setup(foreign).starts_with("HTTP/1.1 403"), "{foreign}");
    }
    let made = setup(&own);
    assert!(made.starts_with("HTTP/1.1 20"), "{made}");
    assert!(made.contains("__Host-rony_session=") && made.contains("; Secure"), "{made}");
}

#[test]
fn ways_to_https_that_clash_are_told() {
    for (flags, advice) in [
        (["--lan", "--tls-cert=c.pem", "--tls-key=k.pem"], "leave out `lan`, or `tls_cert` and `tls_key`"),
        (["--lan", "--domain=chat.example.org", "--metrics=off"], "leave one out"),
    ] {
        let output = Place::new().run(&[&["serve"][..], &flags].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(advice), "{said}");
    }
}
