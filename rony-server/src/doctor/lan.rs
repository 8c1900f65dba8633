//! The authority for a local network, and what devices have to know of it.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp as Moment};
use rony_core::time::Timestamp;
use rustls::RootCertStore;

use super::Finding;
use crate::config::Config;
use crate::lan::{Authority, LanError, Machine, folder};
use crate::probe::public_authorities;

const SUBJECT: &str = "HTTPS";

/// A new authority has to be told to each device; whoever runs the server should know it in time.
const SOON: i32 = 90;

/// Whether the authority can be used, and the authorities that are trusted by now: the public ones, and it. Nothing, where none is wanted.
pub(super) fn examine(config: &Config, now: Timestamp) -> (Vec<Finding>, RootCertStore) {
    let mut authorities = public_authorities();
    if !config.lan {
        return (Vec::new(), authorities);
    }
    let mut findings = vec![match Authority::read(&folder(&config.data)) {
        Ok(None) => Finding::warn(
            SUBJECT,
            "there is no local authority yet",
            "Start Rony (rony serve): it makes one, and says how devices come to trust it.",
        ),
        Ok(Some(authority)) => {
            // One that cannot be taken is told as a way that is not trusted.
            let _ = authorities.add(authority.der().clone());
            of(&authority, now).unwrap_or_else(|error| unusable(&error))
        }
        Err(error) => unusable(&error),
    }];
    let machine = Machine::look(config.listen);
    if machine.addresses.is_empty() {
        findings.push(Finding::warn(
            SUBJECT,
            format!("this machine has no address in a network that `listen` = {} would reach", config.listen),
            "Connect it to the network, or let `listen` be 0.0.0.0, so that other devices reach it.",
        ));
    }
    (findings, authorities)
}

fn unusable(error: &LanError) -> Finding {
    let advice =
        "Put the folder lan of the data folder back from a backup, or remove it and tell each device anew.";
    Finding::fail(SUBJECT, error.to_string(), advice)
}

fn of(authority: &Authority, now: Timestamp) -> Result<Finding, LanError> {
    let ends = authority.ends()?;
    let soon = Moment::from(now).to_zoned(TimeZone::UTC).date().checked_add(Span::new().days(SOON))?;
    let seen = format!("a local authority until {ends}, with the fingerprint {}", authority.fingerprint());
    if soon < ends {
        return Ok(Finding::ok(SUBJECT, seen));
    }
    let advice = "After that day Rony makes a new one, and each device has to be told again. To choose the moment yourself, stop Rony, remove \
                  the folder lan of the data folder, and start it again.";
    Ok(Finding::warn(SUBJECT, seen, advice))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::doctor::Verdict;
    use crate::lan::Lan;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    #[tokio::test]
    async fn an_authority_is_looked_at_and_trusted() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut config = Config { data: folder.path().to_owned(), ..Config::default() };
        let now = Timestamp::from(Moment::UNIX_EPOCH).plus(20_000 * DAY);
        assert_eq!(examine(&config, now).0, []);
        config.lan = true;
        let verdict = |config: &Config, now| examine(config, now).0[0].verdict;
        assert_eq!(verdict(&config, now), Verdict::Warn, "not made yet");

        let machine = Machine { addresses: vec![[10, 0, 0, 1].into()], names: Vec::new() };
        Lan::open(&config, &machine, now).await.expect("an authority");
        let (findings, authorities) = examine(&config, now);
        assert_eq!(findings[0].verdict, Verdict::Ok, "{}", findings[0]);
        assert_eq!(authorities.len(), public_authorities().len() + 1);
        assert_eq!(verdict(&config, now.plus(3600 * DAY)), Verdict::Warn, "soon over");

        std::fs::remove_file(folder.path().join("lan/authority.key")).expect("it was there");
        assert_eq!(verdict(&config, now), Verdict::Fail);
    }
}
