//! The proxies of `docs/PROXY.md`, with the very lines that it shows: the programs `nginx` and `caddy` must be there. Each stands before a real
//! `rony`, which is started with the line that the page gives for that.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::{Child, ChildStderr, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use rcgen::{CertificateParams, KeyPair};
use rustls::{ClientConfig, pki_types::ServerName};
use serde_json::json;
use tempfile::TempDir;
use tokio::net::{TcpListener as AsyncListener, TcpSocket};
use tokio_rustls::TlsConnector;

use crate::{
    command::Place,
    secure::{connect, get, trusting},
    world::{Client, Person, Seat, files::noise},
};

const PAGE: &str = include_str!("../../../docs/PROXY.md");
/// The name, and the place of Rony, that the page has in its examples.
const NAME: &str = "chat.example.org";
const RONY: &str = "127.0.0.1:5000";
/// Where people come from: neither the proxy's own address nor a forged one.
const PEOPLE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 9);
const PASSWORD: &str = "correct horse battery";
/// What Caddy says when it has its certificate.
const OBTAINED: &str = "certificate obtained successfully";
/// Nothing here takes so long on any machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// More than nginx takes of a body that it is not told about.
const LARGE: usize = 3_000_000;

/// The example of the page in this language.
fn example(language: &str) -> &'static str {
    let (_, rest) = PAGE.split_once(&format!("```{language}\n")).expect("the page has it");
    rest.split_once("```").expect("it ends").0
}

/// What the page shows, with what is another here: each must be there.
fn with(example: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(example.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is not in {text}");
        text.replace(from, to)
    })
}

fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port")
}

/// A proxy that runs until it is dropped.
struct Proxy {
    child: Child,
    address: SocketAddr,
    trust: Arc<ClientConfig>,
    _said: BufReader<ChildStderr>,
    _folder: TempDir,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts it, and waits until it has said all of `words`.
fn start(command: &mut Command, words: &[&str]) -> (Child, BufReader<ChildStderr>) {
    let name = command.get_program().to_owned();
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let mut child = child.unwrap_or_else(|error| {
        panic!(
            "{} is not installed: run the tests with `cargo xtask test`, which sees to it: {error}",
            name.display()
        )
    });
    let mut lines = BufReader::new(child.stderr.take().expect("its words"));
    let mut said = String::new();
    while !words.iter().all(|word| said.contains(word)) {
        let read = lines.read_line(&mut said).expect("text");
        assert_ne!(read, 0, "{} did not start:\n{said}", name.display());
    }
    (child, lines)
}

fn nginx(rony: SocketAddr) -> Proxy {
    let folder = TempDir::new().expect("a temporary folder");
    let place = |name: &str| folder.path().join(name).display().to_string();
    let key = KeyPair::generate().expect("a key");
    let certificate =
        CertificateParams::new([NAME.to_owned()]).expect("a name").self_signed(&key).expect("a certificate");
    fs::write(place("fullchain.pem"), certificate.pem()).expect("a file");
    fs::write(place("privkey.pem"), key.serialize_pem()).expect("a file");
    let (address, second) = (free(), free());
    let server = with(
        example("nginx"),
        &[
            ("listen 443 ssl", &format!("listen {address} ssl")),
            // A machine may have no other version of loopback.
            ("listen [::]:443 ssl", &format!("listen {second} ssl")),
            ("/etc/letsencrypt/live/chat.example.org", &folder.path().display().to_string()),
            (RONY, &rony.to_string()),
        ],
    );
    let kept: String = ["client_body", "proxy", "fastcgi", "scgi", "uwsgi"]
        .map(|kind| format!("{kind}_temp_path {};\n", place(kind)))
        .concat();
    let config = format!(
        "daemon off;\nmaster_process off;\npid {};\nerror_log stderr notice;\nevents {{}}\n\
         http {{\naccess_log off;\n{kept}{server}}}\n",
        place("pid")
    );
    fs::write(place("nginx.conf"), config).expect("a file");
    let debian = Path::new("/usr/sbin/nginx");
    let program = if debian.is_file() { debian } else { Path::new("nginx") };
    let mut command = Command::new(program);
    command.args(["-e", "stderr", "-c", &place("nginx.conf"), "-p", &folder.path().display().to_string()]);
    // It says on which system it runs when it listens.
    let (child, said) = start(&mut command, &["OS: "]);
    let trust = trusting(&folder.path().join("fullchain.pem"));
    Proxy { child, address, trust, _said: said, _folder: folder }
}

fn caddy(rony: SocketAddr) -> Proxy {
    let folder = TempDir::new().expect("a temporary folder");
    let (address, plain) = (free(), free());
    // The certificate is by an authority of its own, and nothing else than loopback is reached by it.
    let here = format!(
        "{{\n\tadmin off\n\tlocal_certs\n\tskip_install_trust\n\tdefault_bind {}\n\thttps_port {}\n\thttp_port {}\n\tstorage file_system {}\n}}\n",
        address.ip(),
        address.port(),
        plain.port(),
        folder.path().display()
    );
    let site = with(example("caddyfile"), &[(RONY, &rony.to_string())]);
    let file = folder.path().join("Caddyfile");
    fs::write(&file, here + &site).expect("a file");
    let mut command = Command::new("caddy");
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(&file).env("HOME", folder.path());
    let (child, said) = start(&mut command, &["serving initial configuration", OBTAINED]);
    let trust = trusting(&folder.path().join("pki/authorities/local/root.crt"));
    // It takes a moment from having its certificate to showing it.
    let begun = Instant::now();
    while let Err(error) = shows_itself(&trust, address) {
        assert!(begun.elapsed() < PATIENCE, "Caddy is not trusted: {error}");
        std::thread::yield_now();
    }
    Proxy { child, address, trust, _said: said, _folder: folder }
}

/// Makes a connection, which is the proxy's that it should be.
fn shows_itself(trust: &Arc<ClientConfig>, proxy: SocketAddr) -> std::io::Result<()> {
    connect(trust, proxy, NAME)?.write_all(get("/health/live", NAME).as_bytes())
}

/// The way of people to the proxy, which adds the TLS that the test's own clients do not speak.
async fn way_to(proxy: &Proxy) -> SocketAddr {
    let listener = AsyncListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (proxy, tls) = (proxy.address, TlsConnector::from(Arc::clone(&proxy.trust)));
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let tls = tls.clone();
            tokio::spawn(async move {
                let socket = TcpSocket::new_v4().expect("a socket");
                socket.bind((PEOPLE, 0).into()).expect("an address of loopback");
                let far = socket.connect(proxy).await.expect("the proxy listens");
                let mut far = tls
                    .connect(ServerName::try_from(NAME).expect("a name"), far)
                    .await
                    .expect("it is trusted");
                // One of them hangs up without a word in the end.
                let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
            });
        }
    });
    address
}

/// Signs in, pretending to be elsewhere.
async fn person(anybody: &Client, username: &str) -> Person {
    let request = anybody.request(http::Method::POST, "sessions");
    let request = request.header("content-type", "application/json").header("x-forwarded-for", "203.0.113.7");
    let credentials = json!({"username": username, "password": PASSWORD});
    let session = anybody.send(request, credentials.to_string().into()).await.ok();
    let client = anybody.with_token(session["token"].as_str().expect("a token"));
    let id = client.get("me").await.ok()["id"].as_str().expect("an id").to_owned();
    Person { id, client }
}

async fn people_meet_through(proxy: fn(SocketAddr) -> Proxy) {
    let place = Place::new();
    // Only the port is another than the usual, which the page takes.
    let (at, line) = (free(), example("sh").split_whitespace().skip(1));
    let port = format!("--port={}", at.port());
    let more = [&*port, "--metrics=off", "--rtc-relay=false"];
    let rony = place.start(&line.chain(more).collect::<Vec<_>>());
    place.add_user("ann", PASSWORD, &["--admin"]);
    place.add_user("bob", PASSWORD, &[]);
    let proxy = proxy(at);
    let anybody = Client::new(way_to(&proxy).await, None).known_as(NAME);

    let page = anybody.get("/").await;
    assert_eq!(page.status, 200);
    assert!(page.headers["content-type"].as_bytes().starts_with(b"text/html"), "{:?}", page.headers);
    let (ann, bob) = (person(&anybody, "ann").await, person(&anybody, "bob").await);
    for person in [&ann, &bob] {
        let sessions = person.client.get("sessions").await.ok();
        assert_eq!(sessions["items"][0]["address"], PEOPLE.to_string(), "{sessions}");
    }

    // The gateway, and what people in a room say to each other.
    let room = ann.client.post("rooms", json!({"lobby": "off"})).await.ok();
    let (code, url) = (room["code"].as_str().expect("a code"), room["url"].as_str().expect("a link"));
    assert!(url.starts_with(&format!("https://{NAME}/")), "{url}");
    let mut host = Seat::taken(&ann, code).await;
    let mut other = Seat::taken(&bob, code).await;
    let sdp = json!(format!("v=0\r\no=host {}", "x".repeat(30_000)));
    host.say(json!({"type": "offer", "target": other.peer, "nid": 2, "sdp": sdp})).await;
    assert_eq!(other.hear("offer").await["sdp"], sdp);
    other.say(json!({"type": "answer", "target": host.peer, "nid": 2, "sdp": "v=0\r\no=other"})).await;
    assert_eq!(host.hear("answer").await["from"], other.peer);

    // Files, in a piece and as a form.
    let bytes = noise(LARGE);
    let upload = ann.client.begin("large.bin", LARGE, &[]).await;
    assert_eq!(ann.client.bring(&upload, 0, &bytes).await.status, 204);
    let id = ann.client.get(&upload).await.ok()["item_id"].as_str().expect("it is whole").to_owned();
    assert!(ann.client.content(&id).await.bytes == bytes, "what came is not what was sent");
    let id = ann.client.upload_id("form.bin", &bytes).await;
    assert!(ann.client.content(&id).await.bytes == bytes, "what came is not what was sent");

    drop(proxy);
    assert_eq!(rony.stop(), Some(0));
}

#[tokio::test]
async fn people_meet_through_nginx_as_the_page_shows_it() {
    people_meet_through(nginx).await;
}

#[tokio::test]
async fn people_meet_through_caddy_as_the_page_shows_it() {
    people_meet_through(caddy).await;
}
