//! Facts about certificates that come by themselves, told by a real authority that speaks ACME: Pebble, the one by which Let's Encrypt has its clients
//! tested.

use std::{
    fs,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use rcgen::{CertificateParams, IsCa, KeyPair};
use rustls::{ClientConfig, ClientConnection, StreamOwned, pki_types::CertificateDer};
use tempfile::TempDir;

use crate::{
    command::{Place, Running},
    secure::{connect, get, trusting},
};

/// Nothing here takes so long on any machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// An authority on loopback, which looks for proofs at two ports of our choice.
struct Pebble {
    child: Child,
    folder: TempDir,
    directory: SocketAddr,
    management: SocketAddr,
}

/// A port that is free, to be taken by a program that wants to be told.
fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port")
}

impl Pebble {
    /// Its certificates are good for `seconds`.
    fn start(tls: SocketAddr, http: SocketAddr, seconds: u32) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(["localhost".to_owned()]).expect("a name");
        params.is_ca = IsCa::ExplicitNoCa;
        let path = |name: &str| folder.path().join(name);
        let certificate = params.self_signed(&key).expect("a certificate");
        fs::write(path("api.pem"), certificate.pem()).expect("a file");
        fs::write(path("key.pem"), key.serialize_pem()).expect("a file");
        let (directory, management) = (free(), free());
        let config = serde_json::json!({"pebble": {
            "listenAddress": directory, "managementListenAddress": management,
            "certificate": path("api.pem"), "privateKey": path("key.pem"),
            "httpPort": http.port(), "tlsPort": tls.port(),
            "profiles": {"default": {"description": "the only one", "validityPeriod": seconds}},
            "retryAfter": {"authz": 1, "order": 1}, "keyAlgorithm": "ecdsa",
        }});
        fs::write(path("config.json"), config.to_string()).expect("a file");
        let program = std::env::var_os("RONY_TEST_PEBBLE").expect(
            "RONY_TEST_PEBBLE is the path of pebble, a small authority; `cargo xtask test` builds it and sets this",
        );
        let mut child = Command::new(program)
            .arg("-config")
            .arg(path("config.json"))
            // It looks for a proof at once, and each time anew.
            .envs([("PEBBLE_VA_NOSLEEP", "1"), ("PEBBLE_AUTHZREUSE", "0")])
            .stdout(Stdio::piped())
            .spawn()
            .expect("pebble runs");
        let mut said = BufReader::new(child.stdout.take().expect("its output"));
        let begun = Instant::now();
        while TcpStream::connect(directory).is_err() || TcpStream::connect(management).is_err() {
            assert!(begun.elapsed() < PATIENCE, "pebble does not listen");
            std::thread::yield_now();
        }
        std::thread::spawn(move || io::copy(&mut said, &mut io::sink()));
        Self { child, folder, directory, management }
    }

    fn api(&self) -> PathBuf {
        self.folder.path().join("api.pem")
    }

    /// The settings of a server that has its certificates from here.
    fn flags(&self, tls: SocketAddr, http: SocketAddr) -> Vec<String> {
        [
            "serve --domain=localhost --listen=127.0.0.1 --metrics=off --acme-contact=ann@example.org"
                .to_owned(),
            format!("--port={} --http-port={}", tls.port(), http.port()),
            format!("--acme-directory=https://localhost:{}/dir", self.directory.port()),
            format!("--acme-root={}", self.api().display()),
        ]
        .iter()
        .flat_map(|flags| flags.split(' ').map(str::to_owned).collect::<Vec<_>>())
        .collect()
    }

    /// A client that trusts what it signs, and nothing else.
    fn client(&self) -> Arc<ClientConfig> {
        let mut stream = connect(&trusting(&self.api()), self.management, "localhost").expect("it listens");
        stream.write_all(get("/roots/0", "localhost").as_bytes()).expect("it is open");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("text");
        let begin = answer.find("-----BEGIN").expect("a certificate");
        let file = self.folder.path().join("root.pem");
        fs::write(&file, &answer[begin..]).expect("a file");
        trusting(&file)
    }
}

impl Pebble {
    fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Pebble {
    fn drop(&mut self) {
        self.stop();
    }
}

fn start(place: &Place, flags: &[String]) -> Running {
    place.start(&flags.iter().map(String::as_str).collect::<Vec<_>>())
}

type Stream = StreamOwned<ClientConnection, TcpStream>;

fn certificate(stream: &Stream) -> CertificateDer<'static> {
    stream.conn.peer_certificates().expect("a certificate")[0].clone().into_owned()
}

/// Asks once more over the same connection; gives back the head of the answer.
fn ask(stream: &mut Stream) -> io::Result<String> {
    stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
    let mut answer = Vec::new();
    while !answer.ends_with(br#""server":"rony"}"#) {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        answer.extend(byte);
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Connects again and again until the server shows a trusted certificate that is not `old`.
fn when_there_is_another(
    client: &Arc<ClientConfig>,
    server: &Running,
    old: Option<&CertificateDer<'_>>,
) -> (Stream, String) {
    let begun = Instant::now();
    loop {
        let answered = connect(client, server.address(), "localhost").and_then(|mut stream| {
            let head = ask(&mut stream)?;
            Ok((stream, head))
        });
        match answered {
            Ok((stream, head)) if old != Some(&certificate(&stream)) => return (stream, head),
            other => assert!(begun.elapsed() < PATIENCE, "no new certificate: {:?}", other.err()),
        }
    }
}

fn only_for_its_user(place: &Place) {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = place.folder.path().join("rony-data/acme");
    let inner =
        fs::read_dir(folder).expect("a folder").next().expect("one directory").expect("readable").path();
    let files: Vec<_> =
        fs::read_dir(inner).expect("a folder").map(|file| file.expect("readable").path()).collect();
    assert_eq!(files.len(), 2, "an account and a certificate: {files:?}");
    for file in files {
        let mode = fs::metadata(&file).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.display());
    }
}

#[test]
fn a_certificate_comes_by_itself_and_a_restart_orders_none() {
    let (tls, http) = (free(), free());
    // It looks at the one port only.
    let mut pebble = Pebble::start(tls, free(), 90 * 24 * 60 * 60);
    let (place, flags, client) = (Place::new(), pebble.flags(tls, http), pebble.client());
    let server = start(&place, &flags);
    assert_eq!(server.told("Address"), Some(&*format!("https://localhost:{}", tls.port())));
    let (stream, head) = when_there_is_another(&client, &server, None);
    assert!(head.to_lowercase().contains("strict-transport-security: max-age="), "{head}");
    let first = certificate(&stream);
    only_for_its_user(&place);

    // Plain HTTP leads to the name, whatever host somebody writes.
    let mut plain = TcpStream::connect(http).expect("it listens");
    plain.write_all(get("/s/abc?d=e", "evil.example").as_bytes()).expect("it is open");
    let mut answer = String::new();
    plain.read_to_string(&mut answer).expect("text");
    assert!(answer.contains(&format!("location: https://localhost:{}/s/abc?d=e", tls.port())), "{answer}");

    let mut doctor: Vec<&str> = flags.iter().map(String::as_str).collect();
    doctor[0] = "doctor";
    let seen = String::from_utf8_lossy(&place.run(&doctor).stdout).into_owned();
    assert!(seen.contains("ok    HTTPS") && seen.contains("a certificate for localhost until"), "{seen}");
    assert_eq!(server.stop(), Some(0));

    // Without the authority there could be no other one.
    pebble.stop();
    let again = start(&place, &flags);
    let (stream, _) = when_there_is_another(&client, &again, None);
    assert_eq!(certificate(&stream), first);
    assert_eq!(again.stop(), Some(0));
}

#[test]
fn a_certificate_is_renewed_by_itself_and_connections_go_on() {
    let (tls, http) = (free(), free());
    // Renewed when a third of that is left.
    let pebble = Pebble::start(tls, http, 12);
    let (place, client) = (Place::new(), pebble.client());
    let server = start(&place, &pebble.flags(tls, http));
    let (mut old, _) = when_there_is_another(&client, &server, None);
    let (mut new, _) = when_there_is_another(&client, &server, Some(&certificate(&old)));
    ask(&mut old).expect("who was there stays connected");
    ask(&mut new).expect("who comes is connected");
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn where_port_443_is_closed_a_certificate_comes_by_port_80() {
    let (tls, http) = (free(), free());
    let pebble = Pebble::start(free(), http, 90 * 24 * 60 * 60);
    let (place, client) = (Place::new(), pebble.client());
    let server = start(&place, &pebble.flags(tls, http));
    when_there_is_another(&client, &server, None);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn what_is_in_the_way_is_told_with_what_to_do() {
    let (tls, http) = (free(), free());
    // Neither of the ports where it looks is the server's.
    let pebble = Pebble::start(free(), free(), 90 * 24 * 60 * 60);
    let (place, flags) = (Place::new(), pebble.flags(tls, http));
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let mut child =
        place.command(&flags).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("rony runs");
    let lines = BufReader::new(child.stderr.take().expect("its log")).lines();
    let trouble = lines.map(|line| line.expect("text")).find(|line| line.contains("retry_seconds=60"));
    let trouble = trouble.expect("it says why there is none");
    assert!(
        trouble.contains("the authority says") && trouble.contains("is open in the firewall"),
        "{trouble}"
    );
    let mut doctor = flags.clone();
    doctor[0] = "doctor";
    let seen = String::from_utf8_lossy(&place.run(&doctor).stdout).into_owned();
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    assert!(seen.contains("FAIL  HTTPS") && seen.contains("is open in the firewall"), "{seen}");
}
