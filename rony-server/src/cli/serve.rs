//! `rony serve`: from the configuration to a server that runs until it is told to stop.

use std::io::IsTerminal as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::middleware::from_fn;
use rony_core::time::Clock as _;
use rony_storage::SystemClock;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{SYSTEM, say};
use crate::Server;
use crate::acme::{Certificates, plain_routes};
use crate::claim::Claim;
use crate::config::{self, Config, Flags, Metrics, PublicUrl, Sources};
use crate::demo;
use crate::drain::Drain;
use crate::first_start::{Banner, Devices};
use crate::lan::{Certificate, Hosts, Lan, Machine, Site, secure_routes};
use crate::listen::{ListenError, Listener, bind, bind_near, read_tls, serve};
use crate::relay::Relay;
use crate::security::set_hsts;
use crate::server::make_folder;
use crate::telemetry::{Recorder, start_logs};

/// The metrics' port when none is configured.
const METRICS_PORT: u16 = 5001;

/// The port of the plain page when 80 cannot be had.
const HTTP_PORT: u16 = 5080;

/// How often measurements that nobody collected are folded together.
const TIDY_UP: Duration = Duration::from_secs(5);

/// Serves until the first SIGTERM or SIGINT, then ends in good order; a second one ends at once. With `demo`, there are sample
/// people and conversations.
pub(super) async fn run(flags: Flags<true>, demo: bool) -> Result<ExitCode> {
    let mut config = config::load(&Sources::of_process(flags))?.config;
    start_logs(config.log_format, &config.log_level)?;
    let mut stop = Stop::listen()?;
    if demo {
        demo::check(&config)?;
    }
    let _claim = claim(&config)?;
    let listener = listen(&config)?;
    let port = listener.address().port();
    let (mut hosts, mut devices, mut certificates) = (Hosts::default(), None, None);
    let tls = if let Some(files) = &config.tls {
        Some(read_tls(files).await?)
    } else if config.lan {
        let (lan, told) = serve_lan(&config, port).await?;
        (hosts, devices) = (lan.hosts().clone(), Some(told));
        Some(lan.tls())
    } else if let Some(acme) = &config.acme {
        let opened = Arc::new(Certificates::open(&config, acme, SystemClock.now())?);
        certificates = Some(Arc::clone(&opened));
        Some(opened.tls())
    } else {
        None
    };
    // The machine's address may change while it runs; what stands in links stays as it was at the start.
    config.public_url = Some(config.public_url_on(port));
    let metrics = serve_metrics(config.metrics)?;
    let relay = relay(&config).await?;
    let mut builder = Server::builder().config(config.clone()).port(port).hosts(hosts);
    if let Some(relay) = &relay {
        builder = builder.ice(relay.ice(&config));
    }
    let server = builder.build().await?;
    let sample = if demo { Some(demo::fill(server.rony()).await?) } else { None };
    let setup = server.rony().accounts().setup_link(&SYSTEM).await?.map(|token| token.reveal());
    let relayed = relay.as_ref().map(Relay::place);
    let banner = banner(&config, &listener, metrics, setup, sample, devices);
    if let Err(error) = say(Banner { relay: relayed, ..banner }) {
        // Nobody reads it; people can be served all the same.
        tracing::warn!(%error, "the address could not be shown");
    }

    let (router, drain) = (server.router(), server.drain().clone());
    let router = if config.lan { secure_routes(router) } else { router };
    let router = if certificates.is_some() { router.layer(from_fn(set_hsts)) } else { router };
    if let Some(certificates) = certificates {
        // The authority looks at this listener, so it is asked when the listener is about to serve.
        tend(&config, port, certificates);
    }
    let serving =
        async { serve(listener, tls, router, &drain, config.shutdown_grace).await.context("serving failed") };
    let stopping = async {
        let failed = tokio::select! {
            () = stop.asked() => false,
            () = server.failed() => true,
        };
        tracing::info!("stopping: finishing what is under way; a second signal stops at once");
        tokio::spawn(async move {
            stop.asked().await;
            std::process::exit(1);
        });
        server.shutdown().await;
        // Whoever watches over the process starts it again; nothing that was acknowledged is lost.
        anyhow::ensure!(!failed, "the background work ended by a fault of Rony's own; the log has the place");
        Ok(())
    };
    tokio::try_join!(serving, stopping)?;
    if let Some(relay) = relay {
        relay.close().await;
    }
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// The right to be the only server that works with an SQLite file; nothing where the database is another.
fn claim(config: &Config) -> Result<Option<Claim>> {
    make_folder(config)?;
    let file = rony_storage::file_of(config.database_url().expose());
    let file = file.map(|file| std::path::absolute(&file).unwrap_or(file));
    Ok(file.map(|file| Claim::of(&file)).transpose()?)
}

/// A port that was configured is meant; only the default may give way.
fn listen(config: &Config) -> Result<Listener, ListenError> {
    match config.port {
        Some(port) => bind(SocketAddr::new(config.listen, port), "port"),
        // Nobody finds another port than that of the name.
        None if config.acme.is_some() => bind(SocketAddr::new(config.listen, config.first_port()), "port"),
        None => bind_near(config.listen, config.first_port(), "port"),
    }
}

/// Opens the authority for the local network, and serves the page that explains it; what keeps the certificate in step runs until the process ends.
async fn serve_lan(config: &Config, port: u16) -> Result<(Arc<Lan>, Devices)> {
    let machine = Machine::look(config.listen);
    let lan = Arc::new(Lan::open(config, &machine, SystemClock.now()).await?);
    let listener = listen_plainly(config)?;
    let address = page_address(&machine, listener.address().port());
    let certificate = Certificate::of(lan.authority());
    let devices = Devices {
        page: address.clone(),
        fingerprint: lan.authority().fingerprint(),
        local: machine.local_name().map(|name| PublicUrl::https(&name, port)),
        code: std::io::stdout().is_terminal(),
    };
    let public_url = config.public_url_on(port);
    let site = Site { public_url, port, hosts: lan.hosts().clone(), address, certificate };
    // It is there while the server drains, and ends with the process.
    tokio::spawn(async move { serve(listener, None, site.routes(), &Drain::new(), Duration::ZERO).await });
    tokio::spawn({
        let (lan, config) = (Arc::clone(&lan), config.clone());
        async move { lan.tend(&config, Arc::new(SystemClock)).await }
    });
    Ok((lan, devices))
}

/// Has certificates come by themselves, and serves plain HTTP beside them, until the process ends.
fn tend(config: &Config, port: u16, certificates: Arc<Certificates>) {
    let plain = bind(SocketAddr::new(config.listen, config.http_port.unwrap_or(80)), "http_port");
    let http = plain.is_ok();
    match plain {
        Ok(listener) => {
            let routes = plain_routes(certificates.tokens(), &config.public_url_on(port));
            tokio::spawn(async move { serve(listener, None, routes, &Drain::new(), Duration::ZERO).await });
        }
        Err(error) => tracing::warn!(
            "nothing leads from plain HTTP to HTTPS, and a certificate comes by port 443 alone: {error}"
        ),
    }
    if !certificates.is_shown() {
        tracing::info!("a certificate is ordered; until it is here, browsers cannot connect");
    }
    tokio::spawn(async move { certificates.tend(&SystemClock, http).await });
}

/// The page is found at the machine's bare address, where port 80 can be had.
fn listen_plainly(config: &Config) -> Result<Listener, ListenError> {
    const SETTING: &str = "http_port";
    if let Some(port) = config.http_port {
        return bind(SocketAddr::new(config.listen, port), SETTING);
    }
    bind(SocketAddr::new(config.listen, 80), SETTING)
        .or_else(|_| bind_near(config.listen, HTTP_PORT, SETTING))
}

fn page_address(machine: &Machine, port: u16) -> String {
    let host = machine.first_host().unwrap_or_else(|| "localhost".to_owned());
    let port = if port == 80 { String::new() } else { format!(":{port}") };
    format!("http://{host}{port}/lan")
}

/// The relay of meetings. One that was asked for must run; without one that is there by default, Rony is still good for most people.
async fn relay(config: &Config) -> Result<Option<Relay>> {
    if !config.runs_relay() {
        return Ok(None);
    }
    let settings = &config.rtc.relay;
    let asked_for = settings.on.is_some() || settings.port.is_some() || settings.listen.is_some();
    match Relay::start(config, Arc::new(SystemClock)).await {
        Ok(relay) => Ok(Some(relay)),
        Err(error) if asked_for => Err(error.into()),
        Err(error) => {
            tracing::warn!(%error, "meetings have no relay: who finds no direct way hears and sees nobody");
            Ok(None)
        }
    }
}

/// Serves the figures beside everything else; gives back where.
fn serve_metrics(metrics: Metrics) -> Result<Option<String>> {
    let (listener, loopback_only) = match metrics {
        Metrics::Off => return Ok(None),
        Metrics::Loopback => (bind_near(Ipv4Addr::LOCALHOST.into(), METRICS_PORT, "metrics")?, true),
        Metrics::At(address) => (bind(address, "metrics")?, false),
    };
    let place = format!("http://{}/metrics", listener.address());
    let recorder = Recorder::install()?;
    let routes = recorder.clone().routes(loopback_only);
    // They stay readable while the server drains, and end with the process.
    tokio::spawn(async move { serve(listener, None, routes, &Drain::new(), Duration::ZERO).await });
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(TIDY_UP);
        loop {
            ticks.tick().await;
            recorder.tidy_up();
        }
    });
    Ok(Some(place))
}

fn banner(
    config: &Config,
    listener: &Listener,
    metrics: Option<String>,
    setup: Option<String>,
    sample: Option<String>,
    devices: Option<Devices>,
) -> Banner {
    Banner {
        sample,
        public_url: config.public_url_on(listener.address().port()),
        setup_token: setup,
        data: std::path::absolute(&config.data).unwrap_or_else(|_| config.data.clone()),
        metrics,
        relay: None,
        moved: Banner::moved_by(listener),
        devices,
    }
}

/// The two signals that ask a program to end.
struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    fn listen() -> Result<Self> {
        let listen = |kind| signal(kind).context("signals cannot be received");
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    async fn asked(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
