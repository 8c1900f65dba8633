//! The way that people take to the server: name, port, HTTPS, proxy, and whether it really ends at Rony.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use axum::http::StatusCode;
use rustls::{CertificateError, RootCertStore};
use tokio::net::TcpStream;

use super::Finding;
use crate::config::{Config, PublicUrl};
use crate::health::Live;
use crate::listen::read_tls;
use crate::probe::{self, Answer, ProbeError};

const SUBJECT: &str = "public address";

/// Whether the files for HTTPS can be used. Nothing, when there are none.
pub(super) async fn examine_tls(config: &Config) -> Option<Finding> {
    let files = config.tls.as_ref()?;
    Some(match read_tls(files).await {
        Ok(_) => {
            Finding::ok("HTTPS", format!("{} and {} fit together", files.cert.display(), files.key.display()))
        }
        Err(error) => {
            Finding::fail("HTTPS", error.to_string(), "Set tls_cert and tls_key to files that fit together.")
        }
    })
}

/// Whether `public_url` leads to a Rony.
pub(super) async fn examine(config: &Config, authorities: RootCertStore) -> Finding {
    let port = config.first_port();
    let url = config.public_url_on(port);
    let answer = probe::get(&format!("{url}/health/live"), authorities).await;
    if answer.as_ref().is_ok_and(is_rony) {
        return Finding::ok(SUBJECT, format!("{url} leads to Rony"));
    }
    if !listens(local(config.listen, port)).await {
        return Finding::warn(
            SUBJECT,
            format!("nothing listens on port {port} here, so the way through {url} could not be tried"),
            "Start Rony (rony serve) and run rony doctor again.",
        );
    }
    match answer {
        Ok(answer) => wrong_answer(&url, port, &answer),
        Err(error) => broken_way(&url, port, &error),
    }
}

/// Where this machine reaches what listens on `address`.
fn local(address: IpAddr, port: u16) -> SocketAddr {
    let ip = match address {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        other => other,
    };
    SocketAddr::new(ip, port)
}

async fn listens(address: SocketAddr) -> bool {
    let connect = tokio::time::timeout(Duration::from_secs(2), TcpStream::connect(address));
    connect.await.is_ok_and(|connected| connected.is_ok())
}

fn is_rony(answer: &Answer) -> bool {
    answer.status == StatusCode::OK
        && serde_json::from_slice::<Live>(&answer.body).is_ok_and(|live| live.server == "rony")
}

fn wrong_answer(url: &PublicUrl, port: u16, answer: &Answer) -> Finding {
    let status = answer.status;
    if let Some(location) = answer.location.as_deref().filter(|_| status.is_redirection()) {
        let advice =
            "Set public_url to the address at the end of the redirect, without the path /health/live.";
        return Finding::fail(SUBJECT, format!("{url} sends people on to {location}"), advice);
    }
    if matches!(
        status,
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT
    ) {
        let advice =
            format!("Point the proxy to Rony's own address, http://127.0.0.1:{port}, and reload it.");
        return Finding::fail(SUBJECT, format!("the proxy at {url} does not reach Rony ({status})"), advice);
    }
    Finding::fail(
        SUBJECT,
        format!("at {url} another server answers ({status})"),
        format!("Correct public_url, or let its server pass everything on to http://127.0.0.1:{port}."),
    )
}

fn broken_way(url: &PublicUrl, port: u16, error: &ProbeError) -> Finding {
    let seen = format!("{url}: {error}");
    let host = url.origin().host();
    match error {
        ProbeError::Address => Finding::fail(SUBJECT, seen, "Correct public_url."),
        ProbeError::Name { .. } => Finding::fail(
            SUBJECT,
            seen,
            format!(
                "Create a DNS record that leads {host} to this machine, or correct the name in public_url."
            ),
        ),
        ProbeError::Connect { .. } | ProbeError::Timeout { .. } => Finding::fail(
            SUBJECT,
            seen,
            format!(
                "Check that {host} leads to this machine, that port {} is open in the firewall and passed on by the \
                 router, and that the proxy runs, or that Rony listens there itself (it uses port {port}).",
                url.origin().port()
            ),
        ),
        ProbeError::Tls { source, .. } => broken_https(&seen, host, source),
        ProbeError::Http { .. } => Finding::fail(
            SUBJECT,
            seen,
            "Check whether public_url should begin with https:// instead of http://, and whether the port is right.",
        ),
    }
}

fn broken_https(seen: &str, host: &str, source: &std::io::Error) -> Finding {
    let cause = source.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
    match cause {
        Some(rustls::Error::InvalidCertificate(problem)) => match problem {
            // Only the public authorities are compiled in, so one of their own may well be right.
            CertificateError::UnknownIssuer => Finding::warn(
                SUBJECT,
                seen,
                "The certificate comes from an authority that is not among the public ones. Fine if the devices of \
                 your people trust it; otherwise get one that browsers know.",
            ),
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Finding::fail(
                SUBJECT,
                seen,
                "The certificate has expired. Renew it, then start Rony or the proxy again.",
            ),
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Finding::fail(
                    SUBJECT,
                    seen,
                    format!(
                        "The certificate is for another name. Get one for {host}, or correct public_url."
                    ),
                )
            }
            _ => Finding::fail(
                SUBJECT,
                seen,
                "Browsers refuse this certificate. Get one from an authority that they know, with its whole chain in \
                 one file; one that you signed yourself works only on devices that were told to trust it.",
            ),
        },
        _ => Finding::fail(
            SUBJECT,
            seen,
            "What listens there does not speak HTTPS. Switch HTTPS on there (tls_cert and tls_key, or a proxy), or \
             correct public_url.",
        ),
    }
}

#[cfg(test)]
mod tests;
