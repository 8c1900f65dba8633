//! The kinds of values that settings have, and how each is read from text.

use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use jiff::SpanRelativeTo;

/// Who may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    /// Only who was invited.
    Closed,
    /// Whoever reaches the server.
    Open,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// A line for people.
    Text,
    /// A JSON object a line, for log collectors.
    Json,
}

/// How the nodes on one database tell each other about news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bus {
    /// The best way there is for this database.
    Auto,
    /// No way: each node finds the others' work in the database alone.
    None,
}

/// Where Prometheus finds `/metrics`. It is never served on the public address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metrics {
    /// Nowhere.
    Off,
    /// On loopback, at port 5001 or the next free one.
    Loopback,
    /// At exactly this address.
    At(SocketAddr),
}

impl FromStr for Registration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "closed" => Ok(Self::Closed),
            "open" => Ok(Self::Open),
            _ => Err("write `closed` (people join by invitation) or `open` (anybody may join)".to_owned()),
        }
    }
}

impl FromStr for LogFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("write `text` or `json`".to_owned()),
        }
    }
}

impl FromStr for Bus {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "none" => Ok(Self::None),
            _ => Err("write `auto`, or `none` to let the database alone carry the news".to_owned()),
        }
    }
}

impl FromStr for Metrics {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Self::Off),
            address => address
                .parse()
                .map(Self::At)
                .map_err(|_| "write an address with a port, such as `127.0.0.1:5001`, or `off`".to_owned()),
        }
    }
}

/// `30d`, `12h`, `1h 30m`, `45s`: a day is 24 hours.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    const ADVICE: &str = "write a number with its unit, such as `30d`, `12h`, `10m` or `45s`";
    let span: jiff::Span = text.parse().map_err(|_| ADVICE.to_owned())?;
    let time = span
        .to_duration(SpanRelativeTo::days_are_24_hours())
        .map_err(|_| "months and years differ in length; write days, such as `30d`".to_owned())?;
    Duration::try_from(time).map_err(|_| "write a length of time that is not negative".to_owned())
}

/// `65536`, `256 KiB`, `1MiB`, `10 GiB`: bytes.
pub(super) fn bytes(text: &str) -> Result<i64, String> {
    const ADVICE: &str = "write a number of bytes, such as `65536`, `256KiB`, `1MiB` or `10GiB`";
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let power = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 1,
        "m" | "mb" | "mib" => 2,
        "g" | "gb" | "gib" => 3,
        "t" | "tb" | "tib" => 4,
        _ => return Err(ADVICE.to_owned()),
    };
    let number = number.parse::<i64>().ok();
    number.and_then(|number| number.checked_mul(1024_i64.pow(power))).ok_or_else(|| ADVICE.to_owned())
}
