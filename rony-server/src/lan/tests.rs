use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, LOCATION, STRICT_TRANSPORT_SECURITY};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::routing::get;
use http_body_util::BodyExt as _;
use rony_storage::SystemClock;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tower::ServiceExt as _;

use super::*;
use crate::config::PublicUrl;
use crate::testing::serve_on_free_port;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn config(folder: &TempDir) -> Config {
    Config { data: folder.path().to_owned(), lan: true, ..Config::default() }
}

fn machine(address: [u8; 4], name: &str) -> Machine {
    Machine { addresses: vec![IpAddr::from(address)], names: vec![name.to_owned()] }
}

fn desk() -> Machine {
    machine([192, 168, 1, 5], "desk")
}

fn now() -> Timestamp {
    SystemClock.now()
}

async fn open(folder: &TempDir, machine: &Machine, now: Timestamp) -> Lan {
    Lan::open(&config(folder), machine, now).await.expect("an authority")
}

fn hello() -> Router {
    Router::new().route("/", get(async || "hello"))
}

/// A client whose only authority is this one.
fn client(authority: &Authority) -> TlsConnector {
    choose_cryptography();
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).expect("an authority");
    TlsConnector::from(Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()))
}

/// Connects to the server on loopback, and wants a certificate for `host`.
async fn connect(authority: &Authority, port: u16, host: &str) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await.expect("somebody listens");
    client(authority).connect(ServerName::try_from(host.to_owned()).expect("a name"), stream).await
}

async fn ask(stream: &mut TlsStream<TcpStream>) -> String {
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.expect("it is open");
    let mut answer = String::new();
    while !answer.ends_with("hello") {
        let mut piece = [0; 1024];
        let size = stream.read(&mut piece).await.expect("an answer");
        assert_ne!(size, 0, "cut after {answer}");
        answer.push_str(&String::from_utf8_lossy(&piece[..size]));
    }
    answer
}

fn served(stream: &TlsStream<TcpStream>) -> CertificateDer<'static> {
    let chain = stream.get_ref().1.peer_certificates().expect("a certificate");
    chain[0].clone().into_owned()
}

#[tokio::test]
async fn who_trusts_the_authority_comes_by_address_and_by_name() {
    let folder = TempDir::new().expect("a folder");
    let lan = open(&folder, &desk(), now()).await;
    let port = serve_on_free_port(hello(), Some(lan.tls()));
    for host in ["192.168.1.5", "desk", "desk.local", "localhost", "127.0.0.1", "::1"] {
        let mut stream =
            connect(lan.authority(), port, host).await.unwrap_or_else(|error| panic!("{host}: {error}"));
        assert!(ask(&mut stream).await.starts_with("HTTP/1.1 200"));
    }
    for host in ["192.168.1.6", "other.local", "example.org"] {
        connect(lan.authority(), port, host).await.expect_err(host);
    }
    let other = open(&TempDir::new().expect("a folder"), &desk(), now()).await;
    connect(other.authority(), port, "desk.local").await.expect_err("another authority");
}

#[tokio::test]
async fn the_authority_is_made_once_and_kept_for_this_user_alone() {
    let folder = TempDir::new().expect("a folder");
    let first = open(&folder, &desk(), now()).await;
    let second = open(&folder, &desk(), now().plus(DAY)).await;
    assert_eq!(first.authority().der(), second.authority().der());
    assert_eq!(
        *first.served.lock().await,
        *second.served.lock().await,
        "who went on without trusting it is not asked again"
    );
    let mode = |name: &str| {
        let metadata = std::fs::metadata(folder.path().join("lan").join(name)).expect("it is there");
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(["authority.key", "server.pem"].map(mode), [0o600; 2]);

    // Copied from elsewhere with other rights, it is closed again.
    let key = folder.path().join("lan/authority.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).expect("it is ours");
    open(&folder, &desk(), now()).await;
    assert_eq!(mode("authority.key"), 0o600);
}

#[tokio::test]
async fn dates_are_those_that_devices_allow() {
    let folder = TempDir::new().expect("a folder");
    let lan = open(&folder, &desk(), now()).await;
    let days = |pem: &str| {
        let der = CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate");
        let (_, certificate) = x509_parser::parse_x509_certificate(&der).expect("a certificate");
        let validity = certificate.validity();
        (validity.not_after.timestamp() - validity.not_before.timestamp()) / (24 * 60 * 60)
    };
    assert!((3652..3655).contains(&days(lan.authority().pem())), "ten years");
    assert_eq!(days(&lan.served.lock().await.certificate), 91, "at most 397");
    assert_eq!(lan.authority().fingerprint().len(), 32 * 3 - 1);
}

#[tokio::test]
async fn a_certificate_near_its_end_is_renewed_and_connections_go_on() {
    let folder = TempDir::new().expect("a folder");
    // 80 of its 90 days are over.
    let lan = open(&folder, &desk(), now().minus(80 * DAY)).await;
    let port = serve_on_free_port(hello(), Some(lan.tls()));
    let mut old = connect(lan.authority(), port, "desk.local").await.expect("still good");
    ask(&mut old).await;

    assert!(lan.refresh(&desk(), now()).await.expect("a new one"));
    let mut new = connect(lan.authority(), port, "desk.local").await.expect("good");
    assert_ne!(served(&old), served(&new));
    ask(&mut new).await;
    ask(&mut old).await;
    assert!(!lan.refresh(&desk(), now()).await.expect("nothing to do"));
}

#[tokio::test]
async fn a_machine_with_another_address_gets_a_certificate_for_it() {
    let folder = TempDir::new().expect("a folder");
    let lan = open(&folder, &desk(), now()).await;
    let port = serve_on_free_port(hello(), Some(lan.tls()));
    connect(lan.authority(), port, "10.0.0.7").await.expect_err("not yet");
    assert!(lan.refresh(&machine([10, 0, 0, 7], "desk"), now()).await.expect("a new one"));
    connect(lan.authority(), port, "10.0.0.7").await.expect("by the new address");
    assert!(lan.hosts().contains("10.0.0.7") && !lan.hosts().contains("192.168.1.5"));
}

/// What a thief of the key would do.
#[tokio::test]
async fn the_authority_cannot_speak_for_the_internet() {
    let folder = TempDir::new().expect("a folder");
    let lan = open(&folder, &machine([203, 0, 113, 9], "desk"), now()).await;
    for host in ["example.org", "localhost.example.org", "notlocal", "8.8.8.8", "203.0.113.8"] {
        assert!(!lan.authority().may_sign(host), "{host}");
        let leaf = lan.authority().forge(host, now());
        let config =
            RustlsConfig::from_pem(leaf.certificate.clone().into(), leaf.key().into()).await.expect("a pair");
        let port = serve_on_free_port(hello(), Some(config));
        let error = connect(lan.authority(), port, host).await.expect_err(host).to_string();
        assert!(error.contains("NameConstraintViolation"), "{host}: {error}");
    }
    // The machine's own address is one of the internet here, and allowed alone.
    let port = serve_on_free_port(hello(), Some(lan.tls()));
    connect(lan.authority(), port, "203.0.113.9").await.expect("its own");
}

#[tokio::test]
async fn what_an_operator_names_is_in_the_certificate() {
    let folder = TempDir::new().expect("a folder");
    let mut config = config(&folder);
    config.public_url = Some(PublicUrl::https("chat.fritz.box", 5000));
    config.allowed_hosts = vec!["rony.lan".to_owned()];
    let lan = Lan::open(&config, &desk(), now()).await.expect("an authority");
    let port = serve_on_free_port(hello(), Some(lan.tls()));
    for host in ["chat.fritz.box", "rony.lan"] {
        connect(lan.authority(), port, host).await.unwrap_or_else(|error| panic!("{host}: {error}"));
    }
}

#[tokio::test]
async fn files_that_make_no_authority_are_told_and_not_replaced() {
    let folder = TempDir::new().expect("a folder");
    open(&folder, &desk(), now()).await;
    let key = folder.path().join("lan/authority.key");
    let good = std::fs::read_to_string(&key).expect("a key");
    let said =
        async || Lan::open(&config(&folder), &desk(), now()).await.expect_err("no authority").to_string();

    std::fs::remove_file(&key).expect("it was there");
    assert!(said().await.contains("the key authority.key is missing"));
    std::fs::write(&key, "nonsense").expect("a file");
    assert!(said().await.contains("Put both of its files back from a backup"));
    let other = TempDir::new().expect("a folder");
    open(&other, &desk(), now()).await;
    std::fs::copy(other.path().join("lan/authority.key"), &key).expect("a copy");
    assert!(said().await.contains("do not belong together"));

    std::fs::write(&key, good).expect("a file");
    open(&folder, &desk(), now()).await;
}

#[tokio::test]
async fn an_authority_at_its_end_is_followed_by_another() {
    let folder = TempDir::new().expect("a folder");
    let old = open(&folder, &desk(), now().minus(11 * 365 * DAY)).await;
    let new = open(&folder, &desk(), now()).await;
    assert_ne!(old.authority().der(), new.authority().der());
    let port = serve_on_free_port(hello(), Some(new.tls()));
    connect(new.authority(), port, "desk.local").await.expect("signed by the new one");
}

/// The plain page of a server at port 5000.
async fn site(folder: &TempDir) -> Router {
    let lan = open(folder, &desk(), now()).await;
    let site = Site {
        public_url: PublicUrl::https("192.168.1.5", 5000),
        port: 5000,
        hosts: lan.hosts().clone(),
        address: "http://192.168.1.5/lan".to_owned(),
        certificate: Certificate::of(lan.authority()),
    };
    site.routes()
}

async fn send(site: &Router, host: &str, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
    let request = Request::get(path).header(HOST, host).body(Body::empty()).expect("a request");
    let (head, body) = site.clone().oneshot(request).await.expect("a router never fails").into_parts();
    (head.status, head.headers, body.collect().await.expect("a body").to_bytes().to_vec())
}

#[tokio::test]
async fn the_plain_page_has_the_certificate_and_says_how_to_compare_it() {
    let folder = TempDir::new().expect("a folder");
    let site = site(&folder).await;
    let authority = open(&folder, &desk(), now()).await;
    let authority = authority.authority();

    let (status, headers, page) = send(&site, "192.168.1.5", "/lan").await;
    let page = String::from_utf8(page).expect("text");
    assert_eq!(status, StatusCode::OK);
    assert!(headers[CONTENT_SECURITY_POLICY].to_str().expect("text").contains("default-src 'none'"));
    assert!(!headers.contains_key(STRICT_TRANSPORT_SECURITY));
    assert!(page.replace("</span><span>", "").contains(&authority.fingerprint()), "{page}");
    assert!(page.contains("<svg") && page.contains("https://192.168.1.5:5000/"), "{page}");
    assert!(!page.contains('{') && !page.contains("PRIVATE"), "{page}");

    let (_, headers, crt) = send(&site, "192.168.1.5", "/lan/rony.crt").await;
    assert_eq!(headers[CONTENT_TYPE], "application/x-x509-ca-cert");
    assert_eq!(crt, authority.der().to_vec());
    let (_, _, pem) = send(&site, "192.168.1.5", "/lan/rony.pem").await;
    assert_eq!(CertificateDer::from_pem_slice(&pem).expect("a certificate"), *authority.der());
    let (_, headers, profile) = send(&site, "192.168.1.5", "/lan/rony.mobileconfig").await;
    assert_eq!(headers[CONTENT_TYPE], "application/x-apple-aspen-config");
    let profile = String::from_utf8(profile).expect("text");
    let data = profile.split("<data>").nth(1).and_then(|rest| rest.split("</data>").next()).expect("data");
    use base64::Engine as _;
    let data = base64::engine::general_purpose::STANDARD.decode(data).expect("base64");
    assert_eq!(data, authority.der().to_vec());
    for file in ["page.css", "page.js"] {
        assert_eq!(send(&site, "192.168.1.5", &format!("/lan/{file}")).await.0, StatusCode::OK);
    }
    for secret in ["/lan/authority.key", "/lan/server.pem", "/lan/../lan/authority.key"] {
        assert_eq!(send(&site, "192.168.1.5", secret).await.0, StatusCode::TEMPORARY_REDIRECT, "{secret}");
    }
}

#[tokio::test]
async fn everything_else_in_plain_http_leads_to_our_own_hosts_by_https() {
    let folder = TempDir::new().expect("a folder");
    let site = site(&folder).await;
    for (host, path, to) in [
        ("192.168.1.5", "/setup?a=b", "https://192.168.1.5:5000/setup?a=b"),
        ("DESK.local:5080", "/api/v1/me", "https://desk.local:5000/api/v1/me"),
        ("localhost", "/x", "https://localhost:5000/x"),
        // Whoever points a name of their own here, or forges the header, sends nobody to it.
        ("evil.example", "/setup", "https://192.168.1.5:5000/setup"),
        ("192.168.1.5@evil.example", "/setup", "https://192.168.1.5:5000/setup"),
        ("desk.local.evil.example", "//evil.example/x", "https://192.168.1.5:5000//evil.example/x"),
        ("192.168.1.5", "/", "/lan"),
    ] {
        let (status, headers, _) = send(&site, host, path).await;
        assert_eq!(
            (status, headers[LOCATION].to_str().expect("text")),
            (StatusCode::TEMPORARY_REDIRECT, to),
            "{host}"
        );
    }
    let (_, headers, page) = send(&site, "evil.example", "/lan").await;
    let policy = headers[CONTENT_SECURITY_POLICY].to_str().expect("text").to_owned();
    assert!(!format!("{policy}{}", String::from_utf8_lossy(&page)).contains("evil.example"));
}

#[tokio::test]
async fn over_https_the_plain_page_finds_a_picture_and_everything_else_is_rony() {
    let app = secure_routes(hello());
    let request = Request::get("/lan/trusted.svg").body(Body::empty()).expect("a request");
    let answer = app.clone().oneshot(request).await.expect("a router never fails");
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["cross-origin-resource-policy"], "cross-origin");
    let request = Request::get("/").body(Body::empty()).expect("a request");
    let body = app.oneshot(request).await.expect("a router never fails").into_body();
    assert_eq!(body.collect().await.expect("a body").to_bytes(), "hello");
}
