use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::*;
use crate::probe;
use crate::testing::{Certificate, listener, serve_on_free_port};

const LONG: Duration = Duration::from_secs(60);

#[test]
fn a_busy_port_is_named_with_its_holder_and_what_to_do() {
    let first = listener();
    let error = bind(first.address(), "port").expect_err("a busy port").to_string();
    assert!(error.contains("is busy: "), "{error}");
    assert!(error.ends_with("choose another port with `port`."), "{error}");
    if cfg!(target_os = "linux") {
        assert!(error.contains(&format!("(process {})", std::process::id())), "{error}");
    }
}

#[test]
fn the_next_free_port_is_taken_where_none_was_configured() {
    let first = listener();
    let second = bind_near(Ipv4Addr::LOCALHOST.into(), first.address().port(), "port").expect("a port");
    assert!(second.address().port() > first.address().port());
    assert_eq!(second.busy().map(|(address, _)| *address), Some(first.address()));
}

#[test]
fn an_address_of_another_machine_is_told_apart() {
    let error = bind("192.0.2.1:0".parse().expect("an address"), "port").expect_err("not ours");
    assert!(matches!(error, ListenError::NoSuchAddress { .. }), "{error}");
}

/// A server whose one answer waits for a sign.
struct World {
    drain: Drain,
    go_on: Arc<Notify>,
    server: JoinHandle<io::Result<()>>,
    client: TcpStream,
    address: SocketAddr,
}

impl World {
    /// A server with a request under way.
    async fn with_a_request_under_way(grace: Duration) -> Self {
        let (drain, go_on, begun) = (Drain::new(), Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (wait, begin) = (go_on.clone(), begun.clone());
        let answer = async move || {
            begin.notify_one();
            wait.notified().await;
            "done"
        };
        let listener = listener();
        let address = listener.address();
        let (app, switch) = (Router::new().route("/", get(answer)), drain.clone());
        let server = tokio::spawn(async move { serve(listener, None, app, &switch, grace).await });
        let mut client = TcpStream::connect(address).await.expect("a connection");
        client.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.expect("a request");
        begun.notified().await;
        Self { drain, go_on, server, client, address }
    }

    async fn answer(&mut self) -> String {
        let mut answer = String::new();
        self.client.read_to_string(&mut answer).await.expect("an answer");
        answer
    }
}

#[tokio::test]
async fn a_request_under_way_is_finished_and_no_new_one_taken() {
    let mut world = World::with_a_request_under_way(LONG).await;
    world.drain.start();
    while TcpStream::connect(world.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    world.go_on.notify_one();
    assert!(world.answer().await.ends_with("done"));
    world.server.await.expect("no panic").expect("a good end");
}

#[tokio::test]
async fn a_live_connection_is_waited_for() {
    let mut world = World::with_a_request_under_way(LONG).await;
    let mut held = world.drain.hold();
    world.drain.start();
    world.go_on.notify_one();
    assert!(world.answer().await.ends_with("done"));
    assert!(!world.server.is_finished());
    held.drained().await;
    drop(held);
    world.server.await.expect("no panic").expect("a good end");
}

#[tokio::test]
async fn after_the_grace_whatever_is_left_is_cut() {
    let mut world = World::with_a_request_under_way(Duration::from_millis(10)).await;
    let _held = world.drain.hold();
    world.drain.start();
    (&mut world.server).await.expect("no panic").expect("a good end");
    assert_eq!(world.answer().await, "");
}

#[tokio::test]
async fn https_is_served_with_the_given_files() {
    let certificate = Certificate::new("localhost", 2100);
    let app = Router::new().route("/", get(async || "secret"));
    let port = serve_on_free_port(app, Some(certificate.config().await));
    let answer = probe::get(&format!("https://localhost:{port}/"), certificate.authorities.clone()).await;
    assert_eq!(answer.expect("an answer").body, b"secret");
}

#[tokio::test]
async fn files_that_are_no_certificate_are_told() {
    let (first, second) = (Certificate::new("localhost", 2100), Certificate::new("localhost", 2100));
    let mut files = first.files();
    files.key = second.files().key;
    let error = read_tls(&files).await.expect_err("a foreign key").to_string();
    assert!(error.contains("cannot be used for HTTPS"), "{error}");
    files.cert = "/nowhere/cert.pem".into();
    let error = read_tls(&files).await.expect_err("no file").to_string();
    assert!(error.starts_with("/nowhere/cert.pem cannot be read"), "{error}");
}
