//! What a person reads when the server has started: everything they need, and nothing else.

use std::fmt;
use std::path::PathBuf;

use crate::config::PublicUrl;
use crate::lan::qr_text;
use crate::listen::{Holder, Listener};
use crate::pages::Link;

/// The words on the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner {
    /// The address that people type.
    pub public_url: PublicUrl,
    /// The secret of the link that creates the administrator, for as long as there is none.
    pub setup_token: Option<String>,
    /// The password of the sample people, where there are some.
    pub sample: Option<String>,
    /// Where everything is kept.
    pub data: PathBuf,
    /// Where Prometheus finds the figures.
    pub metrics: Option<String>,
    /// How other devices on the local network come to trust it.
    pub devices: Option<Devices>,
    /// Where the relay of meetings is, if there is one.
    pub relay: Option<String>,
    /// The port that was preferred, who holds it, and the port that is used instead.
    pub moved: Option<(u16, Holder, u16)>,
}

/// What people need to bring further devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Devices {
    /// The page that explains it.
    pub page: String,
    /// By what they know that the certificate is the right one.
    pub fingerprint: String,
    /// The address by the name ending in `.local`, which some devices know.
    pub local: Option<PublicUrl>,
    /// Whether a code to scan is shown: it is of use on a screen only.
    pub code: bool,
}

impl Banner {
    /// Takes over that `listener` could not have the port that it preferred.
    pub fn moved_by(listener: &Listener) -> Option<(u16, Holder, u16)> {
        listener.busy().map(|(wanted, holder)| (wanted.port(), holder.clone(), listener.address().port()))
    }
}

impl fmt::Display for Banner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Rony {}\n", env!("CARGO_PKG_VERSION"))?;
        if let Some((wanted, holder, used)) = &self.moved {
            writeln!(f, "  Port {wanted} is in use by {holder}, so Rony takes {used}.\n")?;
        }
        writeln!(f, "  Address   {}", self.public_url)?;
        if let Some(local) = self.devices.as_ref().and_then(|devices| devices.local.as_ref()) {
            writeln!(f, "            {local}, where devices know this name")?;
        }
        if let Some(token) = &self.setup_token {
            writeln!(f, "  Set up    {}", Link::Setup.to(&self.public_url, token))?;
            writeln!(f, "            Open this link to create the administrator. It works once.")?;
        }
        if let Some(password) = &self.sample {
            writeln!(f, "  Sample    sign in as ann (administrator), bob or cleo")?;
            writeln!(f, "            with the password {password}")?;
        }
        writeln!(f, "  Data      {}", self.data.display())?;
        if let Some(metrics) = &self.metrics {
            writeln!(f, "  Metrics   {metrics}")?;
        }
        if let Some(relay) = &self.relay {
            writeln!(f, "  Relay     UDP {relay}")?;
        }
        if let Some(devices) = &self.devices {
            devices.fmt(f)?;
        }
        writeln!(f, "  Stop      press Ctrl-C")
    }
}

impl fmt::Display for Devices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  Devices   {}", self.page)?;
        writeln!(f, "            Open this page once on each device: it says how to trust this server,")?;
        writeln!(f, "            so that there are no warnings, and camera and microphone work.")?;
        let (first, second) = self.fingerprint.split_at(self.fingerprint.len().div_ceil(2));
        writeln!(f, "  Compare   the page shows the same fingerprint:")?;
        writeln!(f, "            {first}\n            {second}")?;
        if self.code {
            writeln!(f)?;
            qr_text(&self.page).lines().try_for_each(|line| writeln!(f, "  {line}"))?;
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn banner() -> Banner {
        Banner {
            public_url: PublicUrl::localhost(5001, false),
            setup_token: Some("s3cret".to_owned()),
            sample: None,
            data: "/srv/rony".into(),
            metrics: None,
            devices: None,
            relay: Some("127.0.0.1:3478".to_owned()),
            moved: Some((5000, Holder::Process { pid: 42, name: "python3".to_owned() }, 5001)),
        }
    }

    #[test]
    fn the_first_start_says_what_a_person_needs() {
        let text = banner().to_string().replace(env!("CARGO_PKG_VERSION"), "VERSION");
        insta::assert_snapshot!(text, @r"
        Rony VERSION

          Port 5000 is in use by `python3` (process 42), so Rony takes 5001.

          Address   http://localhost:5001
          Set up    http://localhost:5001/setup#s3cret
                    Open this link to create the administrator. It works once.
          Data      /srv/rony
          Relay     UDP 127.0.0.1:3478
          Stop      press Ctrl-C
        ");
    }

    #[test]
    fn a_start_for_the_local_network_says_how_devices_come_to_trust_it() {
        let devices = Devices {
            page: "http://192.168.1.5/lan".to_owned(),
            fingerprint: "AB:CD:EF:01".to_owned(),
            local: Some(PublicUrl::https("desk.local", 5000)),
            code: false,
        };
        let public_url = PublicUrl::https("192.168.1.5", 5000);
        let banner =
            Banner { public_url, setup_token: None, moved: None, devices: Some(devices.clone()), ..banner() };
        let text = banner.to_string().replace(env!("CARGO_PKG_VERSION"), "VERSION");
        insta::assert_snapshot!(text, @r"
        Rony VERSION

          Address   https://192.168.1.5:5000
                    https://desk.local:5000, where devices know this name
          Data      /srv/rony
          Relay     UDP 127.0.0.1:3478
          Devices   http://192.168.1.5/lan
                    Open this page once on each device: it says how to trust this server,
                    so that there are no warnings, and camera and microphone work.
          Compare   the page shows the same fingerprint:
                    AB:CD:
                    EF:01
          Stop      press Ctrl-C
        ");
        let code = Devices { code: true, ..devices }.to_string();
        assert!(code.lines().count() > 15 && code.contains('█'), "{code}");
    }

    #[test]
    fn a_later_start_has_no_link() {
        let text = Banner { setup_token: None, moved: None, ..banner() }.to_string();
        assert!(!text.contains("Set up") && !text.contains("in use"), "{text}");
    }
}
