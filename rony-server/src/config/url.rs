//! Addresses: of a database, of the server as people type it, and of the pages that may talk to it.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use axum::http::Uri;
use axum::http::uri::Authority;

/// The address of a database. It never shows its password: `Debug` and `Display` leave it out.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The SQLite database in this file.
    pub fn sqlite_file(path: &Path) -> Self {
        // In the URL a `?` would begin the options and a `%` an escape.
        let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
        Self(format!("sqlite:{path}"))
    }

    /// The whole address, with its password: for connecting, not for showing.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it names a PostgreSQL server (and not an SQLite file).
    pub fn is_postgres(&self) -> bool {
        self.0.starts_with("postgres")
    }

    /// What to do when it cannot be opened.
    pub(crate) fn advice(&self) -> &'static str {
        if self.is_postgres() {
            "Check that PostgreSQL runs, that this machine may reach it, and host, user, password and database in `database`."
        } else {
            "Check the path in `database`, and that this user may read and write the file and its folder."
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme)) {
            return Ok(Self(text.to_owned()));
        }
        Err("write `sqlite:PATH` for a file, or `postgres://USER:PASSWORD@HOST/DATABASE`".to_owned())
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&without_passwords(&self.0))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

/// Hides what stands between the first colon after the scheme and the last `@`, and every option after `?` whose name
/// speaks of a password. It would rather hide too much.
pub(super) fn without_passwords(url: &str) -> String {
    let begin = url.find("://").map_or(0, |scheme| scheme + 3);
    let mut shown = match url.rfind('@').filter(|at| *at > begin) {
        Some(at) => match url[begin..at].split_once(':') {
            Some((user, _)) => format!("{}{user}:***{}", &url[..begin], &url[at..]),
            None => url.to_owned(),
        },
        None => url.to_owned(),
    };
    if let Some((base, options)) = shown.split_once('?') {
        let options: Vec<String> = options.split('&').map(without_secret).collect();
        shown = format!("{base}?{}", options.join("&"));
    }
    shown
}

fn without_secret(option: &str) -> String {
    match option.split_once('=') {
        Some((name, _)) if name.to_ascii_lowercase().contains("pass") => format!("{name}=***"),
        _ => option.to_owned(),
    }
}

/// The address that people type: scheme, host, perhaps a port, perhaps a path under which Rony is mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    origin: Origin,
    /// Empty, or `/chat`: no slash at the end.
    path: String,
}

impl PublicUrl {
    /// This machine, as its own browser sees it.
    pub fn localhost(port: u16, tls: bool) -> Self {
        let scheme = if tls { "https" } else { "http" };
        Self { origin: Origin::new(scheme, "localhost", Some(port)), path: String::new() }
    }

    /// `host` by HTTPS; an IPv6 address stands in brackets.
    pub fn https(host: &str, port: u16) -> Self {
        Self { origin: Origin::new("https", host, Some(port)), path: String::new() }
    }

    /// Scheme, host and port, as a browser's `Origin` header says them.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The path under which Rony is mounted: empty, or with a slash at its beginning and none at its end.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether people come by HTTPS.
    pub fn is_https(&self) -> bool {
        self.origin.is_https()
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.path)
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const ADVICE: &str = "write the address that people type, such as `https://chat.example.org`";
        let uri: Uri = text.parse().map_err(|_| ADVICE.to_owned())?;
        let origin = Origin::of(&uri).ok_or(ADVICE)?;
        if uri.query().is_some() || text.contains('#') {
            return Err("leave out everything after `?` or `#`".to_owned());
        }
        Ok(Self { origin, path: uri.path().trim_end_matches('/').to_owned() })
    }
}

/// Scheme, host and port, in the one spelling that browsers use in the `Origin` header.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    scheme: String,
    host: String,
    /// `None`: the port that the scheme implies.
    port: Option<u16>,
}

impl Origin {
    fn new(scheme: &str, host: &str, port: Option<u16>) -> Self {
        let implied = if scheme == "https" { 443 } else { 80 };
        Self {
            scheme: scheme.to_owned(),
            host: host.to_ascii_lowercase(),
            port: port.filter(|port| *port != implied),
        }
    }

    fn of(uri: &Uri) -> Option<Self> {
        let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"))?;
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'))?;
        let port = explicit_port(authority)?;
        Some(Self::new(scheme, authority.host(), port)).filter(|origin| !origin.host.is_empty())
    }

    /// The host in lower case; an IPv6 address stands in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Host and port as a `Host` header says them.
    pub fn authority(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }

    /// The port, whether it is written or implied by the scheme.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(if self.is_https() { 443 } else { 80 })
    }

    /// Whether it is reached by HTTPS.
    pub fn is_https(&self) -> bool {
        self.scheme == "https"
    }
}

/// `None` when there is a port that is no number.
fn explicit_port(authority: &Authority) -> Option<Option<u16>> {
    match authority.as_str().strip_prefix(authority.host())? {
        "" => Some(None),
        port => port.strip_prefix(':')?.parse().ok().map(Some),
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority())
    }
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const ADVICE: &str = "write scheme, host and perhaps a port, such as `https://intranet.example.org`";
        let uri: Uri = text.parse().map_err(|_| ADVICE.to_owned())?;
        // `http::Uri` adds the slash that stands for an empty path; a written one is no part of an origin.
        let bare = uri.query().is_none()
            && !text.contains('#')
            && matches!(uri.path(), "" | "/")
            && !text.ends_with('/');
        Self::of(&uri).filter(|_| bare).ok_or_else(|| ADVICE.to_owned())
    }
}
