//! The built-in STUN and TURN server of the binary: binds it, keeps its secret, counts what it does.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rony_core::time::Clock;
use rony_rtc::ice::{IceProvider, SharedSecret, TurnSecret};
use rony_rtc::turn::{Options, TurnServer};
use rustix::process::{Resource, getrlimit};
use tokio::net::UdpSocket;

use crate::config::{Config, RelaySettings};
use crate::listen::{Holder, ListenError};
use crate::private_file;
use crate::telemetry::RelayFigures;

/// How many ports after the preferred one are tried.
const TRIES: u16 = 100;

/// The most connections when nobody says otherwise.
const CONNECTIONS: usize = 2000;

/// The file in the data folder that has the relay's secret, where none is configured.
const KEY: &str = "relay.key";

/// A relay that runs, until it is closed or dropped.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use rony_server::{Server, config::Config, relay::Relay};
///
/// let config = Config::default();
/// let clock = std::sync::Arc::new(rony_storage::SystemClock);
/// let relay = Relay::start(&config, clock).await?;
/// let server = Server::builder().ice(relay.ice(&config)).config(config).build().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Relay {
    server: TurnServer,
    secret: TurnSecret,
    host: String,
}

/// Why the relay cannot run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RelayError {
    /// Its port.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// Its secret.
    #[error("The secret of the relay in {} cannot be used: {source}. Remove the file to have a new one made.", file.display())]
    Secret {
        /// Where it is kept.
        file: PathBuf,
        /// What is wrong.
        source: io::Error,
    },
}

impl Relay {
    /// Starts it on the current tokio runtime, as the configuration says. The data folder must be there, unless a secret is configured.
    ///
    /// # Errors
    /// When its port is busy or not this user's to take, or its secret can neither be read nor made.
    pub async fn start(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, RelayError> {
        let secret = match config.rtc.secret() {
            Some(secret) => secret,
            None => kept_secret(&config.data)?,
        };
        let socket = bind(config).await?;
        let failed = |source| {
            let address = SocketAddr::new([0; 4].into(), 0);
            RelayError::Listen(ListenError::Other { address, source })
        };
        let ip = socket.local_addr().map_err(failed)?.ip();
        let server = TurnServer::start(
            socket,
            secret.clone(),
            options(&config.rtc.relay),
            clock,
            Arc::new(RelayFigures),
        );
        Ok(Self { server: server.map_err(failed)?, secret, host: config.relay_host(ip) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Host and port by which people reach it.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}:{}", self.host, self.address().port())
    }

    /// What the members of a meeting are told of it, and of the configured STUN servers.
    #[must_use]
    pub fn ice(&self, config: &Config) -> Arc<dyn IceProvider> {
        let place = self.place();
        let mut stun = vec![format!("stun:{place}")];
        stun.extend(config.rtc.stun.iter().cloned());
        let mut turn = vec![format!("turn:{place}?transport=udp")];
        turn.extend(config.rtc.turn.iter().cloned());
        Arc::new(SharedSecret::new(self.secret.clone(), stun, turn).with_ttl(config.rtc.turn_ttl))
    }

    /// Ends it, and what it carries.
    pub async fn close(self) {
        self.server.close().await;
    }
}

fn options(settings: &RelaySettings) -> Options {
    let mut options = Options::default();
    options.external_ip = settings.external_ip.clone();
    options.ports = settings.ports.clone();
    options.allow_lan = settings.allow_lan;
    options.quotas.bytes_per_second = settings.bandwidth;
    options.quotas.total = settings.connections.unwrap_or_else(connections);
    options
}

/// Each connection is an open file, and people need most of those.
fn connections() -> usize {
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    usize::try_from(files / 4).unwrap_or(usize::MAX).clamp(1, CONNECTIONS)
}

/// A port that was configured is meant; only the default may give way.
async fn bind(config: &Config) -> Result<UdpSocket, ListenError> {
    let mut outcome = Err(ListenError::NoSuchAddress { address: SocketAddr::new(config.listen, 0) });
    for ip in config.relay_listens() {
        outcome = match config.rtc.relay.port {
            Some(port) => bind_exactly(SocketAddr::new(ip, port)).await,
            None => bind_near(ip).await,
        };
        // A machine without IPv6 has the next one.
        if !matches!(outcome, Err(ListenError::NoSuchAddress { .. } | ListenError::Other { .. })) {
            break;
        }
    }
    outcome
}

async fn bind_near(ip: IpAddr) -> Result<UdpSocket, ListenError> {
    const SETTING: &str = "rtc_relay_port";
    let (first, last) = (RelaySettings::PORT, RelaySettings::PORT + TRIES);
    for port in first..=last {
        match bind_exactly(SocketAddr::new(ip, port)).await {
            Err(ListenError::Busy { .. }) => {}
            other => return other,
        }
    }
    Err(ListenError::AllBusy { first, last, setting: SETTING })
}

async fn bind_exactly(address: SocketAddr) -> Result<UdpSocket, ListenError> {
    UdpSocket::bind(address).await.map_err(|source| match source.kind() {
        ErrorKind::AddrInUse => {
            ListenError::Busy { address, holder: Holder::of_udp(address), setting: "rtc_relay_port" }
        }
        ErrorKind::PermissionDenied => ListenError::NotAllowed { address },
        ErrorKind::AddrNotAvailable => ListenError::NoSuchAddress { address },
        _ => ListenError::Other { address, source },
    })
}

/// The secret in the data folder, which is made once: what was given out before a restart stays good.
fn kept_secret(data: &Path) -> Result<TurnSecret, RelayError> {
    let file = data.join(KEY);
    let failed = |source| RelayError::Secret { file: file.clone(), source };
    let text = match private_file::read(&file).map_err(failed)? {
        Some(text) => text,
        None => make_secret(&file).map_err(failed)?,
    };
    TurnSecret::new(text.trim().to_owned())
        .map_err(|error| failed(io::Error::new(ErrorKind::InvalidData, error)))
}

fn make_secret(file: &Path) -> io::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    let text = STANDARD.encode(bytes);
    private_file::write(file, &text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::net::Ipv4Addr;

    use rony_core::time::Timestamp;
    use rony_storage::SystemClock;

    use super::*;

    fn config(folder: &Path) -> Config {
        let mut config = Config { data: folder.to_owned(), ..Config::default() };
        config.rtc.relay.port = Some(0);
        config
    }

    #[tokio::test]
    async fn members_are_told_of_it_with_credentials_that_outlast_a_restart() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = config(folder.path());
        let mut granted = Vec::new();
        for _ in 0..2 {
            let relay = Relay::start(&config, Arc::new(SystemClock)).await.expect("a relay");
            let grant = relay.ice(&config).grant(Timestamp::from_millis(0), "ann");
            assert_eq!(grant.servers[0].urls, [format!("stun:{}", relay.address())]);
            assert_eq!(grant.servers[1].urls, [format!("turn:{}?transport=udp", relay.address())]);
            granted.push(grant.servers[1].credential.clone().expect("a credential"));
            relay.close().await;
        }
        assert_eq!(granted[0], granted[1]);
        let key = fs::metadata(folder.path().join(KEY)).expect("a secret");
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&key.permissions()) & 0o777, 0o600);
    }

    #[tokio::test]
    async fn a_port_that_is_busy_is_told_in_words() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let busy = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let mut config = config(folder.path());
        config.rtc.relay.port = busy.local_addr().ok().map(|address| address.port());
        let error = Relay::start(&config, Arc::new(SystemClock)).await.expect_err("it is busy").to_string();
        assert!(error.contains("is busy") && error.contains("another port with `rtc_relay_port`"), "{error}");
        let own = format!("process {}", std::process::id());
        assert!(error.contains(&own) || !cfg!(target_os = "linux"), "{error}");
    }

    #[tokio::test]
    async fn a_secret_that_can_be_guessed_is_no_secret() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join(KEY), "short").expect("a file");
        let error = Relay::start(&config(folder.path()), Arc::new(SystemClock)).await.expect_err("too short");
        assert!(error.to_string().contains("Remove the file"), "{error}");
    }
}
