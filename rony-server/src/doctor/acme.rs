//! The certificate that comes by itself, and what was in the way of the last one.

use std::time::Duration;

use rony_core::time::Timestamp;
use rustls::RootCertStore;

use super::Finding;
use crate::acme::{AcmeError, Certificates};
use crate::config::{Acme, Config};

const SUBJECT: &str = "HTTPS";

/// Whether there is a good certificate. Authorities for trials are trusted too, if the operator says so.
pub(super) fn examine(config: &Config, now: Timestamp, authorities: &mut RootCertStore) -> Option<Finding> {
    let acme = config.acme.as_ref()?;
    Some(look(config, acme, now, authorities).unwrap_or_else(|error| {
        Finding::fail(SUBJECT, error.to_string(), "Until then no certificate can come.")
    }))
}

fn look(
    config: &Config,
    acme: &Acme,
    now: Timestamp,
    authorities: &mut RootCertStore,
) -> Result<Finding, AcmeError> {
    let certificates = Certificates::open(config, acme, now)?;
    let domain = &acme.domain;
    if acme.root.is_some() {
        *authorities = crate::acme::authorities(acme)?;
    }
    let trouble = certificates.last_trouble();
    let kept = certificates.kept()?;
    Ok(match (kept, trouble) {
        (Some(kept), None) if now < kept.ends => Finding::ok(
            SUBJECT,
            format!("a certificate for {domain} until {}; it is renewed by itself", kept.ends),
        ),
        (Some(kept), Some(trouble)) if now < kept.ends => {
            let left = kept.ends.since(now).as_secs() / Duration::from_secs(24 * 60 * 60).as_secs();
            Finding::warn(
                SUBJECT,
                format!("a certificate for {domain} is good for {left} more days, and could not be renewed"),
                trouble,
            )
        }
        (_, Some(trouble)) => {
            Finding::fail(SUBJECT, format!("there is no good certificate for {domain}"), trouble)
        }
        (_, None) => Finding::warn(
            SUBJECT,
            format!("there is no certificate for {domain} yet"),
            "Start Rony (rony serve): it orders one, and says what is in the way.",
        ),
    })
}
