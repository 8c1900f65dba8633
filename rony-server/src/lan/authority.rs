//! The authority: a key and a certificate that are made once, and what they sign.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use jiff::civil::Date;
use jiff::{Span, tz::TimeZone};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
};
use rony_core::time::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use sha2::{Digest as _, Sha256};
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::{LanError, Machine};
use crate::private_file;

/// The beginning of a day as rcgen has it, whose type it does not hand out.
macro_rules! day {
    ($date:expr) => {{
        let date: Date = $date;
        rcgen::date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
    }};
}

/// Long, since each device has to be told by hand.
const AUTHORITY_YEARS: i16 = 10;

/// Well below the 397 days that Apple's devices allow, so that a server which is off for months can still renew it in time.
const LEAF_DAYS: i32 = 90;

/// A certificate with less than this ahead of it is renewed.
const RENEW_DAYS: i32 = 30;

/// The networks for which the authority may speak wherever it is. With its key, nobody can stand in for a bank.
const NETWORKS: [&str; 8] = [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "127.0.0.0/8",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
];

/// The names for which it may speak: those that lead to nothing on the internet (RFC 6761, 6762, 8375; ICANN's `internal`), and `lan`, which
/// many routers use.
const ZONES: [&str; 5] = ["localhost", "local", "lan", "home.arpa", "internal"];

/// Who signs this server's certificates for the local network.
#[derive(Debug)]
pub(crate) struct Authority {
    folder: PathBuf,
    der: CertificateDer<'static>,
    pem: String,
    issuer: Issuer<'static, KeyPair>,
    permitted: Permitted,
}

/// A certificate of the server with its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leaf {
    /// The certificate, as PEM.
    pub(crate) certificate: String,
    key: String,
    hosts: Vec<String>,
}

impl Leaf {
    /// The private key, as PEM.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// The hosts that it is good for, in order; addresses of IPv6 without brackets.
    pub(crate) fn hosts(&self) -> &[String] {
        &self.hosts
    }
}

impl Authority {
    /// The authority of this folder, which is made when it is not there yet, with `machine` and `further` names among those that it may speak for.
    ///
    /// # Errors
    ///
    /// When the folder cannot be used, or has one file of the two, or files that do not fit.
    pub(crate) fn open(
        folder: &Path,
        now: Timestamp,
        machine: &Machine,
        further: &[String],
    ) -> Result<Self, LanError> {
        if let Some(authority) = Self::read(folder)? {
            if date(now)? < authority.ends()? {
                return Ok(authority);
            }
            tracing::warn!(
                "the local authority has come to its end: a new one is made, and each device has to be told again"
            );
        }
        Self::make(folder, now, machine, further)?;
        Self::read(folder)?.ok_or_else(|| LanError::Odd {
            folder: folder.to_owned(),
            what: "what was written is gone".to_owned(),
        })
    }

    /// The authority of this folder. Nothing, where there is none yet.
    ///
    /// # Errors
    ///
    /// As [`Authority::open`].
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>, LanError> {
        let odd = |what: String| LanError::Odd { folder: folder.to_owned(), what };
        let Some(pem) = read_file(&folder.join(CERTIFICATE))? else { return Ok(None) };
        let key_file = folder.join(KEY);
        let key = read_file(&key_file)?.ok_or_else(|| odd(format!("the key {KEY} is missing")))?;
        // Whoever reads the key can stand in for every machine of the local network.
        only_for_this_user(&key_file)?;
        let der = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|error| odd(error.to_string()))?;
        let key = KeyPair::from_pem(&key).map_err(|error| odd(error.to_string()))?;
        let permitted = {
            let certificate = parse(&der).map_err(&odd)?;
            if certificate.public_key().subject_public_key.data.as_ref() != key.public_key_raw() {
                return Err(odd("certificate and key do not belong together".to_owned()));
            }
            Permitted::of(&certificate)
        };
        let issuer = Issuer::from_ca_cert_der(&der, key).map_err(|error| odd(error.to_string()))?;
        Ok(Some(Self { folder: folder.to_owned(), der, pem, issuer, permitted }))
    }

    fn make(folder: &Path, now: Timestamp, machine: &Machine, further: &[String]) -> Result<(), LanError> {
        let today = date(now)?;
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.name_constraints = Some(constraints(machine, further));
        params.not_before = day!(before(today)?);
        params.not_after = day!(plus(today, Span::new().years(AUTHORITY_YEARS))?);
        let on = machine.names.first().map(|name| format!(" on {name}")).unwrap_or_default();
        params.distinguished_name = DistinguishedName::new();
        // The date tells two of one machine apart in a device's list.
        params.distinguished_name.push(DnType::CommonName, format!("Rony{on}, made {today}"));
        params.distinguished_name.push(DnType::OrganizationName, "Rony local authority");
        let key = KeyPair::generate()?;
        let certificate = params.self_signed(&key)?;
        // The key first: a certificate without its key would be an authority that cannot sign.
        write_file(folder, KEY, &key.serialize_pem())?;
        write_file(folder, CERTIFICATE, &certificate.pem())
    }

    /// The certificate that devices are to trust.
    pub(crate) fn der(&self) -> &CertificateDer<'static> {
        &self.der
    }

    /// The same as PEM.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    /// By what people compare it: SHA-256, as all systems show it.
    pub(crate) fn fingerprint(&self) -> String {
        let digest = Sha256::digest(&self.der);
        digest.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
    }

    /// The last day on which it is good.
    ///
    /// # Errors
    ///
    /// When the certificate's own date is none.
    pub(crate) fn ends(&self) -> Result<Date, LanError> {
        self.end_of(&self.der)
    }

    fn end_of(&self, der: &CertificateDer<'_>) -> Result<Date, LanError> {
        let seconds = parse(der).map_err(|what| self.odd(what))?.validity().not_after.timestamp();
        let moment = jiff::Timestamp::from_second(seconds).map_err(|error| self.odd(error.to_string()))?;
        Ok(moment.to_zoned(TimeZone::UTC).date())
    }

    fn odd(&self, what: impl Into<String>) -> LanError {
        LanError::Odd { folder: self.folder.clone(), what: what.into() }
    }

    /// Whether it may speak for `host`.
    pub(crate) fn may_sign(&self, host: &str) -> bool {
        self.permitted.covers(host)
    }

    /// A certificate for `hosts`: the one that is kept, as long as it is for the same and has time ahead, or a new one. Hosts that the authority may
    /// not speak for are left out.
    ///
    /// Keeping it spares those who went on without telling their device that they are asked again after each start.
    ///
    /// # Errors
    ///
    /// When a new one cannot be made or written.
    pub(crate) fn leaf(&self, hosts: &[String], now: Timestamp) -> Result<Leaf, LanError> {
        let mut hosts: Vec<String> =
            hosts.iter().map(|host| bare(host).to_owned()).filter(|host| self.may_sign(host)).collect();
        hosts.sort();
        hosts.dedup();
        if let Some(kept) = self.kept(&hosts, now)? {
            return Ok(kept);
        }
        let leaf = self.sign(hosts, now)?;
        write_file(&self.folder, LEAF, &format!("{}{}", leaf.certificate, leaf.key))?;
        Ok(leaf)
    }

    fn kept(&self, hosts: &[String], now: Timestamp) -> Result<Option<Leaf>, LanError> {
        let Some(pem) = read_file(&self.folder.join(LEAF))? else { return Ok(None) };
        let Some((certificate, key)) = pem.split_once(KEY_BEGINS) else { return Ok(None) };
        let Ok(der) = CertificateDer::from_pem_slice(certificate.as_bytes()) else { return Ok(None) };
        let good = {
            let Ok(parsed) = parse(&der) else { return Ok(None) };
            hosts_in(&parsed) == hosts && self.signed(&parsed)
        };
        let today = date(now)?;
        let in_time = plus(today, Span::new().days(RENEW_DAYS))? < self.end_of(&der)?;
        let key = format!("{KEY_BEGINS}{key}");
        let leaf = Leaf { certificate: certificate.to_owned(), key, hosts: hosts.to_vec() };
        Ok(Some(leaf).filter(|_| good && in_time))
    }

    fn signed(&self, certificate: &X509Certificate<'_>) -> bool {
        parse(&self.der)
            .is_ok_and(|authority| certificate.verify_signature(Some(authority.public_key())).is_ok())
    }

    /// A certificate for a host that it may not speak for.
    #[cfg(test)]
    pub(crate) fn forge(&self, host: &str, now: Timestamp) -> Leaf {
        self.sign(vec![host.to_owned()], now).expect("a certificate")
    }

    fn sign(&self, hosts: Vec<String>, now: Timestamp) -> Result<Leaf, LanError> {
        let today = date(now)?;
        let mut params = CertificateParams::new(hosts.clone())?;
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "Rony");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        params.not_before = day!(before(today)?);
        params.not_after = day!(plus(today, Span::new().days(LEAF_DAYS))?.min(self.ends()?));
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok(Leaf { certificate: certificate.pem(), key: key.serialize_pem(), hosts })
    }
}

const CERTIFICATE: &str = "authority.pem";
const KEY: &str = "authority.key";
const LEAF: &str = "server.pem";
const KEY_BEGINS: &str = "-----BEGIN PRIVATE KEY-----";

/// For whom an authority may speak, as its certificate says.
#[derive(Debug, Default)]
struct Permitted {
    zones: Vec<String>,
    networks: Vec<IpNet>,
}

impl Permitted {
    fn of(certificate: &X509Certificate<'_>) -> Self {
        let mut permitted = Self::default();
        let constraints =
            certificate.extensions().iter().find_map(|extension| match extension.parsed_extension() {
                ParsedExtension::NameConstraints(constraints) => constraints.permitted_subtrees.as_ref(),
                _ => None,
            });
        for subtree in constraints.into_iter().flatten() {
            match &subtree.base {
                GeneralName::DNSName(zone) => permitted.zones.push((*zone).to_owned()),
                GeneralName::IPAddress(bytes) => permitted.networks.extend(network(bytes)),
                _ => {}
            }
        }
        permitted
    }

    fn covers(&self, host: &str) -> bool {
        match bare(host).parse::<IpAddr>() {
            Ok(address) => self.networks.iter().any(|network| network.contains(&address)),
            Err(_) => self.zones.iter().any(|zone| {
                host == zone || host.strip_suffix(zone.as_str()).is_some_and(|rest| rest.ends_with('.'))
            }),
        }
    }
}

/// Address and mask, one behind the other (RFC 5280, 4.2.1.10).
fn network(bytes: &[u8]) -> Option<IpNet> {
    let (address, mask) = bytes.split_at_checked(bytes.len() / 2)?;
    IpNet::with_netmask(address_of(address)?, address_of(mask)?).ok()
}

fn address_of(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => Some(<[u8; 4]>::try_from(bytes).ok()?.into()),
        16 => Some(<[u8; 16]>::try_from(bytes).ok()?.into()),
        _ => None,
    }
}

fn constraints(machine: &Machine, further: &[String]) -> NameConstraints {
    let networks = NETWORKS.iter().filter_map(|network| network.parse::<IpNet>().ok());
    // A network may use public addresses inside; this machine's own are then allowed, each alone.
    let own = machine.addresses.iter().map(|address| IpNet::from(*address));
    let named = further.iter().filter_map(|host| bare(host).parse::<IpAddr>().ok()).map(IpNet::from);
    let subnets = networks.chain(own).chain(named).map(|network| {
        GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(network.addr(), network.prefix_len()))
    });
    let zones = ZONES.iter().map(|zone| (*zone).to_owned());
    let named = further.iter().filter(|host| bare(host).parse::<IpAddr>().is_err()).cloned();
    let zones = zones.chain(machine.names.iter().cloned()).chain(named).map(GeneralSubtree::DnsName);
    NameConstraints { permitted_subtrees: zones.chain(subnets).collect(), excluded_subtrees: Vec::new() }
}

/// An address of IPv6 without its brackets.
fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

fn hosts_in(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(names)) = certificate.subject_alternative_name() else { return Vec::new() };
    let host = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => address_of(bytes).map(|address| address.to_string()),
        _ => None,
    };
    let mut hosts: Vec<String> = names.value.general_names.iter().filter_map(host).collect();
    hosts.sort();
    hosts
}

fn parse<'a>(der: &'a CertificateDer<'_>) -> Result<X509Certificate<'a>, String> {
    X509Certificate::from_der(der).map(|(_, certificate)| certificate).map_err(|error| error.to_string())
}

fn date(now: Timestamp) -> Result<Date, LanError> {
    Ok(jiff::Timestamp::from(now).to_zoned(TimeZone::UTC).date())
}

fn before(today: Date) -> Result<Date, LanError> {
    // The clocks of devices differ, and so do their ideas of what day it is.
    Ok(today.checked_sub(Span::new().days(1))?)
}

fn plus(today: Date, span: Span) -> Result<Date, LanError> {
    Ok(today.checked_add(span)?)
}

fn read_file(path: &Path) -> Result<Option<String>, LanError> {
    private_file::read(path).map_err(|source| LanError::File { path: path.to_owned(), source })
}

fn write_file(folder: &Path, name: &str, text: &str) -> Result<(), LanError> {
    let path = folder.join(name);
    private_file::write(&path, text).map_err(|source| LanError::File { path, source })
}

fn only_for_this_user(path: &Path) -> Result<(), LanError> {
    if private_file::close(path).map_err(|source| LanError::File { path: path.to_owned(), source })? {
        tracing::warn!(
            path = %path.display(),
            "others could read the key of the local authority; from now on only this user can"
        );
    }
    Ok(())
}
