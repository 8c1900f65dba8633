//! The table of all settings. A row is all that a new setting needs: the file, the environment, the flags, `--help` and
//! the hints for misspelled names follow from it.

use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use tracing_subscriber::EnvFilter;

use super::values::{bytes, duration};
use super::{Acme, Config, FileStore, Files, Hidden, TlsFiles};

/// One setting.
pub(super) struct Setting {
    /// Its name in `rony.toml`. `RONY_` and capitals make the variable, `--` and dashes the flag.
    pub(super) key: &'static str,
    /// What `--help` shows for its value.
    pub(super) value: &'static str,
    /// What it does, in a sentence.
    pub(super) help: &'static str,
    /// Whether commands that only need the database have it too.
    pub(super) everywhere: bool,
    /// Reads the value; the error says what to write instead.
    pub(super) apply: fn(&mut Draft, &str) -> Result<(), String>,
}

/// The value of what is either on or off; as a flag of the command line it may be left out.
pub(super) const SWITCH: &str = "true|false";

/// A configuration in the making: what only makes sense as a pair is still apart.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) config: Config,
    listen: Option<IpAddr>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    domain: Option<String>,
    acme_directory: Option<String>,
    acme_contact: Option<Vec<String>>,
    acme_root: Option<PathBuf>,
}

impl Draft {
    /// Checks what no setting can check alone. The error names the setting to look at.
    pub(super) fn finish(mut self) -> Result<Config, (&'static str, String)> {
        self.config.tls = match (self.tls_cert, self.tls_key) {
            (Some(cert), Some(key)) => Some(TlsFiles { cert, key }),
            (None, None) => None,
            (Some(_), None) => return Err(("tls_cert", needs_partner("tls_key"))),
            (None, Some(_)) => return Err(("tls_key", needs_partner("tls_cert"))),
        };
        self.config.acme = match self.domain {
            Some(domain) => {
                let mut acme = Acme::new(domain);
                acme.directory = self.acme_directory.unwrap_or(acme.directory);
                acme.contact = self.acme_contact.unwrap_or_default();
                acme.root = self.acme_root;
                Some(acme)
            }
            None => {
                let further = [
                    ("acme_directory", self.acme_directory.is_some()),
                    ("acme_contact", self.acme_contact.is_some()),
                    ("acme_root", self.acme_root.is_some()),
                ];
                if let Some((key, _)) = further.into_iter().find(|(_, is_set)| *is_set) {
                    return Err((
                        key,
                        "This says how certificates come for a name: set `domain` too.".to_owned(),
                    ));
                }
                None
            }
        };
        self.config.listen = self.listen.unwrap_or_else(|| {
            // Who asks for HTTPS for others wants to be reached by them.
            if self.config.lan || self.config.acme.is_some() {
                Ipv4Addr::UNSPECIFIED.into()
            } else {
                self.config.listen
            }
        });
        check_https(&self.config)?;
        if self.config.session_idle > self.config.session_absolute {
            let advice = "session_idle must not be longer than session_absolute; change one of the two.";
            return Err(("session_idle", advice.to_owned()));
        }
        let Files { store, s3, .. } = &self.config.files;
        if *store == FileStore::S3 && s3.bucket.is_empty() {
            return Err((
                "files_store",
                "Files in an object store need a bucket: set `files_s3_bucket` too.".to_owned(),
            ));
        }
        if s3.endpoint.starts_with("http://") && !s3.allow_http {
            let advice = "Without TLS, everybody on the way reads along: write `https://`, or set `files_s3_allow_http` too.";
            return Err(("files_s3_endpoint", advice.to_owned()));
        }
        if !self.config.rtc.turn.is_empty() && self.config.rtc.secret().is_none() {
            let advice =
                "A relay for meetings needs a secret of at least 16 bytes: set `rtc_turn_secret` too.";
            return Err(("rtc_turn", advice.to_owned()));
        }
        Ok(self.config)
    }
}

/// Of the ways to HTTPS there is one.
fn check_https(config: &Config) -> Result<(), (&'static str, String)> {
    let refuse = |key, advice: &str| Err((key, advice.to_owned()));
    if config.lan && config.tls.is_some() {
        return refuse(
            "lan",
            "`lan` makes certificates of its own: leave out `lan`, or `tls_cert` and `tls_key`.",
        );
    }
    if config.acme.is_some() && config.tls.is_some() {
        return refuse(
            "domain",
            "With `domain`, certificates come by themselves: leave it out, or `tls_cert` and `tls_key`.",
        );
    }
    if config.acme.is_some() && config.lan {
        return refuse(
            "domain",
            "`lan` is for a network without a name, `domain` for a name on the internet: leave one out.",
        );
    }
    let public = config.public_url.as_ref();
    if (config.lan || config.acme.is_some()) && public.is_some_and(|url| !url.is_https()) {
        return refuse(
            "public_url",
            "People come by HTTPS here: let public_url begin with `https://`, or leave it out.",
        );
    }
    if let (Some(acme), Some(url)) = (&config.acme, public)
        && url.origin().host() != acme.domain
    {
        return refuse(
            "public_url",
            "The certificate is for `domain`: let public_url have that name, or leave it out.",
        );
    }
    if config.http_port.is_some() && !config.lan && config.acme.is_none() {
        let advice = "Plain HTTP is beside `lan` and `domain` only: set one of them, or leave this out. The port of Rony itself is `port`.";
        return refuse("http_port", advice);
    }
    Ok(())
}

fn needs_partner(partner: &str) -> String {
    format!("HTTPS needs the certificate and its key: set `{partner}` too.")
}

pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        key: "data",
        value: "FOLDER",
        help: "The folder that holds everything Rony keeps [default: ./rony-data]",
        everywhere: true,
        apply: |draft, text| set(&mut draft.config.data, path(text)),
    },
    Setting {
        key: "database",
        value: "URL",
        help: "sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE [default: an SQLite file in the data folder]",
        everywhere: true,
        apply: |draft, text| set(&mut draft.config.database, text.parse().map(Some)),
    },
    Setting {
        key: "database_pool",
        value: "NUMBER",
        help: "The largest number of connections to PostgreSQL [default: 20]",
        everywhere: true,
        apply: |draft, text| set(&mut draft.config.database_pool, within(text, 1, 1000)),
    },
    Setting {
        key: "listen",
        value: "ADDRESS",
        help: "The address to listen on; 0.0.0.0 or :: for every network [default: 127.0.0.1; with lan or domain 0.0.0.0]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.listen, address(text).map(Some)),
    },
    Setting {
        key: "port",
        value: "PORT",
        help: "The port to listen on [default: 5000, or the next free one; with domain 443]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.port, port(text).map(Some)),
    },
    Setting {
        key: "public_url",
        value: "URL",
        help: "The address that people type [default: http://localhost:PORT; with lan https:// and this machine's address, with domain https://DOMAIN]",
        everywhere: true,
        apply: |draft, text| set(&mut draft.config.public_url, text.parse().map(Some)),
    },
    Setting {
        key: "tls_cert",
        value: "FILE",
        help: "The certificate chain for HTTPS, as PEM",
        everywhere: false,
        apply: |draft, text| set(&mut draft.tls_cert, path(text).map(Some)),
    },
    Setting {
        key: "tls_key",
        value: "FILE",
        help: "The private key of the certificate, as PEM",
        everywhere: false,
        apply: |draft, text| set(&mut draft.tls_key, path(text).map(Some)),
    },
    Setting {
        key: "lan",
        value: SWITCH,
        help: "HTTPS for the local network: an authority of this server's own, and a page that says how devices trust it [default: false]",
        everywhere: true,
        apply: |draft, text| set(&mut draft.config.lan, truth(text)),
    },
    Setting {
        key: "domain",
        value: "NAME",
        help: "HTTPS for this name: certificates come by themselves, from Let's Encrypt, whose terms you accept with it",
        everywhere: true,
        apply: |draft, text| set(&mut draft.domain, domain(text).map(Some)),
    },
    Setting {
        key: "acme_directory",
        value: "URL",
        help: "The directory of another authority that speaks ACME [default: that of Let's Encrypt]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.acme_directory, directory(text).map(Some)),
    },
    Setting {
        key: "acme_contact",
        value: "ADDRESSES",
        help: "The e-mail addresses that the authority may write to when something is wrong [default: none]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.acme_contact, list(text, mail).map(Some)),
    },
    Setting {
        key: "acme_root",
        value: "FILE",
        help: "The certificate of an authority that is none of the public ones, as PEM",
        everywhere: false,
        apply: |draft, text| set(&mut draft.acme_root, path(text).map(Some)),
    },
    Setting {
        key: "http_port",
        value: "PORT",
        help: "The port of plain HTTP beside HTTPS, with that page, or leading on to domain [default: 80, with lan a free one from 5080 where 80 cannot be had]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.http_port, port(text).map(Some)),
    },
    Setting {
        key: "trusted_proxies",
        value: "NETWORKS",
        help: "The proxies whose X-Forwarded headers are believed, such as 10.0.0.0/8,::1 [default: none]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.trusted_proxies, list(text, network)),
    },
    Setting {
        key: "allowed_origins",
        value: "ORIGINS",
        help: "Further origins whose pages may change things here [default: none but this server's own]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.allowed_origins, list(text, str::parse)),
    },
    Setting {
        key: "allowed_hosts",
        value: "NAMES",
        help: "Further host names by which this server may be addressed [default: loopback and public_url]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.allowed_hosts, list(text, host)),
    },
    Setting {
        key: "registration",
        value: "closed|open",
        help: "Who may make an account: who was invited, or anybody [default: closed]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.registration, text.parse()),
    },
    Setting {
        key: "session_idle",
        value: "TIME",
        help: "A session that is not used for so long ends [default: 30d]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.session_idle, longer_than_a_minute(text)),
    },
    Setting {
        key: "session_absolute",
        value: "TIME",
        help: "A session ends after so long, used or not [default: 180d]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.session_absolute, longer_than_a_minute(text)),
    },
    Setting {
        key: "max_sockets_per_user",
        value: "NUMBER",
        help: "How many live connections one person may have open [default: 32]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.max_sockets_per_user, within(text, 1, 10_000)),
    },
    Setting {
        key: "max_body",
        value: "BYTES",
        help: "The largest body of an ordinary request [default: 256KiB]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.max_body, body_limit(text)),
    },
    Setting {
        key: "request_timeout",
        value: "TIME",
        help: "A request that takes longer is stopped [default: 30s]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.request_timeout, at_least_a_second(text)),
    },
    Setting {
        key: "metrics",
        value: "ADDRESS|off",
        help: "Where Prometheus finds /metrics [default: 127.0.0.1:5001, or the next free port]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.metrics, text.parse()),
    },
    Setting {
        key: "log_format",
        value: "text|json",
        help: "How log lines look [default: text]",
        everywhere: true,
        apply: |draft, text| set(&mut draft.config.log_format, text.parse()),
    },
    Setting {
        key: "log_level",
        value: "LEVEL",
        help: "error, warn, info, debug, trace, or target=level pairs [default: info]",
        everywhere: true,
        apply: |draft, text| set(&mut draft.config.log_level, log_filter(text)),
    },
    Setting {
        key: "bus",
        value: "auto|none",
        help: "How nodes on one database tell each other about news; none: by the database alone [default: auto]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.bus, text.parse()),
    },
    Setting {
        key: "shutdown_grace",
        value: "TIME",
        help: "How long a shutdown waits for what is under way [default: 8s]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.shutdown_grace, duration(text)),
    },
    Setting {
        key: "files_store",
        value: "disk|s3",
        help: "Where the bytes of files lie: in a folder, or in an object store [default: disk]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.files.store, text.parse()),
    },
    Setting {
        key: "files_path",
        value: "FOLDER",
        help: "The folder for the bytes of files [default: files in the data folder]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.files.path, path(text).map(Some)),
    },
    Setting {
        key: "files_quota",
        value: "BYTES|none",
        help: "How much each person may keep, earlier versions and trash included [default: 10GiB]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.files.quota, quota(text)),
    },
    Setting {
        key: "files_largest",
        value: "BYTES",
        help: "The largest file [default: 100GiB]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.files.largest, largest(text)),
    },
    Setting {
        key: "files_versions_kept",
        value: "NUMBER",
        help: "How many earlier versions of a file are kept [default: 10]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.files.versions_kept, within(text, 0, 1000)),
    },
    Setting {
        key: "files_trash_days",
        value: "DAYS",
        help: "After so many days, what is in the trash is deleted for good [default: 30]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.files.trash_days, within(text, 1, 3650)),
    },
    Setting {
        key: "files_s3_bucket",
        value: "NAME",
        help: "The bucket of the object store; it must be there",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.files.s3.bucket, word(text)),
    },
    Setting {
        key: "files_s3_region",
        value: "NAME",
        help: "The region of the bucket [default: us-east-1]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.files.s3.region, word(text)),
    },
    Setting {
        key: "files_s3_endpoint",
        value: "URL",
        help: "The address of an object store that is not Amazon's",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.files.s3.endpoint, endpoint(text)),
    },
    Setting {
        key: "files_s3_access_key_id",
        value: "KEY",
        help: "The name of the key for the object store",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.files.s3.access_key_id, word(text)),
    },
    Setting {
        key: "files_s3_secret_access_key",
        value: "SECRET",
        help: "The key itself; better in the environment than in a file",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.files.s3.secret_access_key, Ok(Hidden::from(text))),
    },
    Setting {
        key: "files_s3_allow_http",
        value: SWITCH,
        help: "Whether the object store may be spoken to without TLS [default: false]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.files.s3.allow_http, truth(text)),
    },
    Setting {
        key: "files_s3_prefix",
        value: "TEXT",
        help: "What the names of all objects begin with, where the bucket is shared [default: nothing]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.files.s3.prefix, prefix(text)),
    },
    Setting {
        key: "rtc_stun",
        value: "URLS",
        help: "Servers that tell the devices of a meeting their public address, such as stun:stun.example.org:3478 [default: none]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.rtc.stun, list(text, |url| ice_server(url, "stun"))),
    },
    Setting {
        key: "rtc_turn",
        value: "URLS",
        help: "Servers that pass sound and pictures on where devices find no direct way, such as turn:turn.example.org:3478 [default: none]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.rtc.turn, list(text, |url| ice_server(url, "turn"))),
    },
    Setting {
        key: "rtc_turn_secret",
        value: "SECRET",
        help: "The secret that these share with Rony, at least 16 bytes: static-auth-secret of coturn; better in the environment than in a file",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.rtc.turn_secret, Ok(Hidden::from(text))),
    },
    Setting {
        key: "rtc_turn_ttl",
        value: "TIME",
        help: "How long what a member of a meeting gets for them is good [default: 1h]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.rtc.turn_ttl, longer_than_a_minute(text)),
    },
    Setting {
        key: "rtc_relay",
        value: "true|false",
        help: "Whether Rony itself passes sound and pictures on where devices find no direct way [default: true, or false with rtc_turn]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.rtc.relay.on, truth(text).map(Some)),
    },
    Setting {
        key: "rtc_relay_listen",
        value: "ADDRESS",
        help: "The address on which it listens [default: that of `listen`; every network where a proxy stands before that]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.rtc.relay.listen, address(text).map(Some)),
    },
    Setting {
        key: "rtc_relay_port",
        value: "PORT",
        help: "The one UDP port that devices must reach [default: 3478, or the next free one]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.rtc.relay.port, port(text).map(Some)),
    },
    Setting {
        key: "rtc_relay_ports",
        value: "FIRST-LAST",
        help: "The UDP ports of its connections; they need not be open in the firewall [default: 49152-65535]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.rtc.relay.ports, port_range(text)),
    },
    Setting {
        key: "rtc_relay_external_ip",
        value: "ADDRESSES",
        help: "The public IP addresses of this machine, where it has others itself: behind NAT [default: none]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.rtc.relay.external_ip, list(text, external_ip)),
    },
    Setting {
        key: "rtc_relay_allow_lan",
        value: "true|false",
        help: "Whether it may send to private addresses, where all members of meetings are trusted in the LAN [default: false]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.rtc.relay.allow_lan, truth(text)),
    },
    Setting {
        key: "rtc_relay_bandwidth",
        value: "BYTES",
        help: "How much a connection of it carries each second, in each direction [default: 1MiB]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.rtc.relay.bandwidth, bandwidth(text)),
    },
    Setting {
        key: "rtc_relay_connections",
        value: "NUMBER",
        help: "How many connections it has at a time; a device needs one for each other person [default: 2000, or fewer where few files may be open]",
        everywhere: false,
        apply: |draft, text| set(&mut draft.config.rtc.relay.connections, within(text, 1, 60_000).map(Some)),
    },
];

/// What keys of the file may stand in a section of, each: `path` in `[files]` is `files_path`.
pub(super) const SECTIONS: [&str; 2] = ["files", "rtc"];

/// Whether the value of a setting must not be shown.
pub(super) fn is_secret(key: &str) -> bool {
    matches!(key, "files_s3_secret_access_key" | "rtc_turn_secret")
}

fn set<T>(place: &mut T, value: Result<T, String>) -> Result<(), String> {
    value.map(|value| *place = value)
}

fn path(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() { Err("write a path".to_owned()) } else { Ok(PathBuf::from(text)) }
}

fn address(text: &str) -> Result<IpAddr, String> {
    if text == "localhost" {
        return Ok(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    text.parse().map_err(|_| {
        "write an IP address without a port, such as `127.0.0.1` or `0.0.0.0`; the port is the setting `port`".to_owned()
    })
}

fn port(text: &str) -> Result<u16, String> {
    if text.starts_with("tcp://") {
        return Err("this looks like what Kubernetes sets by itself for a service named `rony`: put \
                    `enableServiceLinks: false` into the pod, or give the service another name"
            .to_owned());
    }
    within(text, 0, u16::MAX)
}

fn within<T: FromStr + PartialOrd + Display + Copy>(text: &str, least: T, most: T) -> Result<T, String> {
    text.parse()
        .ok()
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| format!("write a number from {least} to {most}"))
}

fn longer_than_a_minute(text: &str) -> Result<Duration, String> {
    let time = duration(text)?;
    if time < Duration::from_secs(60) { Err("write at least `1m`".to_owned()) } else { Ok(time) }
}

fn at_least_a_second(text: &str) -> Result<Duration, String> {
    let time = duration(text)?;
    if time < Duration::from_secs(1) { Err("write at least `1s`".to_owned()) } else { Ok(time) }
}

/// A message has up to 16 KiB of text, which JSON escapes may make six times as long: a smaller limit breaks sending.
fn body_limit(text: &str) -> Result<usize, String> {
    const LEAST: usize = 128 * 1024;
    match bytes(text)?.try_into() {
        Ok(size) if size >= LEAST => Ok(size),
        _ => Err("write at least `128KiB`: the longest message needs that much".to_owned()),
    }
}

/// `none` and nothing at all are the same.
fn quota(text: &str) -> Result<Option<i64>, String> {
    match text {
        "" | "none" => Ok(None),
        size => bytes(size).map(Some).map_err(|advice| format!("{advice}, or `none`")),
    }
}

fn largest(text: &str) -> Result<i64, String> {
    bytes(text).and_then(|size| if size < 1 { Err("write at least `1`".to_owned()) } else { Ok(size) })
}

fn truth(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| "write `true` or `false`".to_owned())
}

fn word(text: &str) -> Result<String, String> {
    let fine = !text.is_empty() && !text.contains(char::is_whitespace);
    if fine { Ok(text.to_owned()) } else { Err("write a name without spaces".to_owned()) }
}

fn endpoint(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['@', '?', '#', ' ']) => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err("write the store's address, such as `https://s3.example.org`".to_owned()),
    }
}

fn prefix(text: &str) -> Result<String, String> {
    let fine = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
    let parts = text.split('/').all(|part| !matches!(part, "." | ".."));
    if fine && parts {
        return Ok(text.trim_matches('/').to_owned());
    }
    Err("write letters, digits, `-`, `_`, `.` and `/` only".to_owned())
}

/// An address as browsers want it: `kind:HOST`, or `kinds:` over TLS.
fn ice_server(text: &str, kind: &str) -> Result<String, String> {
    let rest = text.strip_prefix(kind).map(|rest| rest.strip_prefix('s').unwrap_or(rest));
    let host = rest.and_then(|rest| rest.strip_prefix(':'));
    match host {
        Some(host) if !host.is_empty() && !host.starts_with('/') && !host.contains(char::is_whitespace) => {
            Ok(text.to_owned())
        }
        _ => Err(format!("write the server's address, such as `{kind}:{kind}.example.org:3478`")),
    }
}

/// `FIRST-LAST`, both included.
fn port_range(text: &str) -> Result<RangeInclusive<u16>, String> {
    let ends = text.split_once('-').map(|(first, last)| (first.trim().parse(), last.trim().parse()));
    match ends {
        Some((Ok(first), Ok(last))) if 1024 <= first && first <= last => Ok(first..=last),
        _ => Err("write the first and the last port, from 1024 to 65535, such as `49152-65535`".to_owned()),
    }
}

fn external_ip(text: &str) -> Result<IpAddr, String> {
    text.parse::<IpAddr>().ok().filter(|ip| !ip.is_unspecified() && !ip.is_loopback()).ok_or_else(|| {
        format!(
            "`{text}` is no public address; write the IP address by which the outside reaches this machine"
        )
    })
}

/// Below this, not even a voice gets through.
fn bandwidth(text: &str) -> Result<u32, String> {
    match bytes(text)?.try_into() {
        Ok(size) if size >= 16 * 1024 => Ok(size),
        _ => Err("write from `16KiB` to `4095MiB`".to_owned()),
    }
}

fn log_filter(text: &str) -> Result<String, String> {
    EnvFilter::try_new(text).map(|_| text.to_owned()).map_err(|_| {
        "write `error`, `warn`, `info`, `debug` or `trace`, or pairs such as `info,sqlx=warn`".to_owned()
    })
}

/// A single address stands for the network that has only it.
fn network(text: &str) -> Result<IpNet, String> {
    text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).map_err(|_| {
        format!("`{text}` is no network; write addresses or networks such as `127.0.0.1` or `10.0.0.0/8`")
    })
}

fn host(text: &str) -> Result<String, String> {
    let name = text.to_ascii_lowercase();
    let bracketed = name.starts_with('[') && name.ends_with(']');
    let plain = !name.contains([':', '/', '*', ' ', '@']);
    if bracketed || plain {
        return Ok(name);
    }
    Err(format!("`{text}` is no host name; write names without scheme and port, such as `chat.example.org`"))
}

/// A name that leads to this server, for which an authority signs.
fn domain(text: &str) -> Result<String, String> {
    const ADVICE: &str = "write one name without scheme and port, such as `chat.example.org`";
    let name = text.trim_end_matches('.').to_ascii_lowercase();
    let label = |label: &str| {
        (1..64).contains(&label.len())
            && !label.starts_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let fine = name.len() <= 253 && name.split('.').all(label) && name.parse::<IpAddr>().is_err();
    if fine { Ok(name) } else { Err(ADVICE.to_owned()) }
}

fn directory(text: &str) -> Result<String, String> {
    let fine =
        text.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.contains(['@', ' ', '#']));
    if fine { Ok(text.to_owned()) } else { Err("write an address that begins with `https://`".to_owned()) }
}

fn mail(text: &str) -> Result<String, String> {
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    let fine = text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    if fine && !text.contains([' ', '?', '&']) {
        return Ok(text.to_owned());
    }
    Err("write e-mail addresses, such as `admin@example.org`".to_owned())
}

/// Values with commas between them.
fn list<T>(text: &str, one: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(one).collect()
}
