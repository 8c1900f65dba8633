//! `rony doctor`: looks at everything that a server needs and says, line by line, what is well and what to do about the
//! rest. It changes nothing.

mod acme;
mod database;
mod files;
mod lan;
mod machine;
mod relay;
mod way;

use std::fmt;

use rony_core::time::Clock as _;
use rony_storage::SystemClock;

use crate::config::{Config, ConfigError, Loaded};

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// All is well.
    Ok,
    /// Rony works, but somebody should look at it.
    Warn,
    /// Rony does not work, or not as configured.
    Fail,
}

/// One line of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub subject: &'static str,
    /// How it ended.
    pub verdict: Verdict,
    /// What was seen.
    pub seen: String,
    /// What to do. Empty when all is well.
    pub advice: String,
}

impl Finding {
    fn ok(subject: &'static str, seen: impl Into<String>) -> Self {
        Self { subject, verdict: Verdict::Ok, seen: seen.into(), advice: String::new() }
    }

    fn warn(subject: &'static str, seen: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { subject, verdict: Verdict::Warn, seen: seen.into(), advice: advice.into() }
    }

    fn fail(subject: &'static str, seen: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { subject, verdict: Verdict::Fail, seen: seen.into(), advice: advice.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Ok => "ok  ",
            Verdict::Warn => "warn",
            Verdict::Fail => "FAIL",
        };
        write!(f, "{verdict}  {:<14} {}", self.subject, self.seen)?;
        if !self.advice.is_empty() {
            write!(f, "\n      what to do:    {}", self.advice.replace('\n', "\n                     "))?;
        }
        Ok(())
    }
}

/// Looks at everything. A configuration that cannot be used ends the examination: nothing else can be known.
pub async fn examine(loaded: Result<Loaded, ConfigError>) -> Vec<Finding> {
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(error) => return error.mistakes.iter().map(unusable).collect(),
    };
    let config = &loaded.config;
    let mut findings = vec![configuration(&loaded)];
    findings.extend(exposure(config));
    findings.extend(machine::examine(config));
    findings.push(files::examine(config).await);
    findings.extend(database::examine(config).await);
    findings.extend(way::examine_tls(config).await);
    let (lan, mut authorities) = lan::examine(config, SystemClock.now());
    findings.extend(lan);
    findings.extend(acme::examine(config, SystemClock.now(), &mut authorities));
    findings.push(way::examine(config, authorities).await);
    findings.push(relay::examine(config).await);
    findings
}

fn unusable(mistake: &crate::config::Mistake) -> Finding {
    Finding::fail("configuration", mistake.place.clone(), mistake.advice.clone())
}

fn configuration(loaded: &Loaded) -> Finding {
    Finding::ok(
        "configuration",
        match &loaded.file {
            Some(file) => format!("{}, the environment and the flags were read", file.display()),
            None => "no file; the environment and the flags were read".to_owned(),
        },
    )
}

/// What is allowed, but seldom what one wants.
fn exposure(config: &Config) -> Vec<Finding> {
    let https = config.speaks_tls() || config.public_url.as_ref().is_some_and(|url| url.is_https());
    let mut findings = Vec::new();
    if !config.listen.is_loopback() && !https {
        findings.push(Finding::warn(
            "configuration",
            format!("Rony listens on {} without HTTPS, so people on other machines cannot sign in", config.listen),
            "Set lan for a local network, domain for a name on the internet, or tls_cert and tls_key, or put a proxy that does HTTPS in front and set public_url to its address.",
        ));
    }
    if !config.speaks_tls() && https && config.trusted_proxies.is_empty() {
        findings.push(Finding::warn(
            "configuration",
            "a proxy does HTTPS but is not among trusted_proxies, so everybody seems to come from its address",
            "Set trusted_proxies to the proxy's address, such as 127.0.0.1.",
        ));
    }
    findings
}

#[cfg(test)]
mod tests;
