//! Credentials that Rony makes open coturn, with the lines of `docs/CONFIGURATION.md`. The program `turnserver` must be there.

use std::{
    net::{Ipv4Addr, UdpSocket as StdUdpSocket},
    process::{Child, Command, Stdio},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use rony_core::time::Timestamp;
use rony_rtc::ice::{IceProvider as _, IceServer, SharedSecret, TurnSecret};
use tempfile::TempDir;
use tokio::time::timeout;
use turn::client::Client;
use util::Conn as _;

use crate::turn::client_of;

const SECRET: &str = "north-of-the-river";
const SOON: Duration = Duration::from_secs(10);

/// A coturn on loopback, which ends with this.
struct Coturn {
    child: Child,
    port: u16,
    _folder: TempDir,
}

impl Coturn {
    /// Starts it, and waits until it answers.
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = StdUdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let place = |name: &str| folder.path().join(name).display().to_string();
        let child = Command::new("turnserver")
            .args(["-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--realm=turn.example.org"])
            .args([
                "--use-auth-secret",
                "--no-cli",
                "--no-tls",
                "--no-dtls",
                "--allow-loopback-peers",
                "--fingerprint",
            ])
            .arg(format!("--static-auth-secret={SECRET}"))
            .arg(format!("--listening-port={port}"))
            .arg(format!("--pidfile={}", place("pid")))
            .arg(format!("--userdb={}", place("users")))
            .arg(format!("--log-file={}", place("log")))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("coturn is not installed: run the tests with `cargo xtask test`, which sees to it");
        let coturn = Self { child, port, _folder: folder };
        let client = coturn.client("", "").await;
        // Each question is asked again by the client, until it is answered.
        timeout(SOON, async { while client.send_binding_request().await.is_err() {} })
            .await
            .expect("coturn answers");
        coturn
    }

    async fn client(&self, username: &str, password: &str) -> Client {
        client_of(format!("127.0.0.1:{}", self.port), username.to_owned(), password.to_owned()).await
    }

    /// What a member of a meeting is told at `now`.
    fn granted(&self, now: Timestamp) -> IceServer {
        let address = format!("turn:127.0.0.1:{}?transport=udp", self.port);
        let servers = SharedSecret::new(TurnSecret::new(SECRET).unwrap(), vec![], vec![address]);
        servers.grant(now, "0a1b-7-2").servers.remove(0)
    }
}

impl Drop for Coturn {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[expect(clippy::disallowed_methods, reason = "coturn has the clock of the system")]
fn now() -> Timestamp {
    let millis = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    Timestamp::from_millis(millis.try_into().unwrap())
}

#[tokio::test]
async fn what_a_member_is_given_opens_coturn_until_it_expires() {
    let coturn = Coturn::start().await;
    let server = coturn.granted(now());
    let (username, password) = (server.username.unwrap(), server.credential.unwrap());
    let (ann, bob) = (coturn.client(&username, &password).await, coturn.client(&username, &password).await);
    let (a, b) = (ann.allocate().await.expect("a relay"), bob.allocate().await.expect("a relay"));
    let (at_a, at_b) = (a.local_addr().unwrap(), b.local_addr().unwrap());
    let mut buffer = [0; 64];
    let heard = timeout(SOON, async {
        loop {
            a.send_to(b"hello bob", at_b).await.unwrap();
            b.send_to(b"hello ann", at_a).await.unwrap();
            if let Ok(heard) = timeout(Duration::from_millis(200), b.recv_from(&mut buffer)).await {
                break heard.unwrap();
            }
        }
    });
    let (length, from) = heard.await.expect("bob hears ann");
    assert_eq!((&buffer[..length], from), (&b"hello bob"[..], at_a));

    // Given out two hours ago, for one.
    let old = coturn.granted(now().minus(Duration::from_secs(7200)));
    let late = coturn.client(&old.username.unwrap(), &old.credential.unwrap()).await;
    assert!(late.allocate().await.is_err(), "it has expired");
    let forger = coturn.client(&username, "c2VjcmV0").await;
    assert!(forger.allocate().await.is_err(), "nobody made this password");
}
