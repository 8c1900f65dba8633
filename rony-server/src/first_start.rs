//! What a person reads when the server has started: everything they need, and nothing else.

use std::fmt;
use std::path::PathBuf;

use crate::config::PublicUrl;
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
    /// The port that was preferred, who holds it, and the port that is used instead.
    pub moved: Option<(u16, Holder, u16)>,
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
        writeln!(f, "  Stop      press Ctrl-C")
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
          Stop      press Ctrl-C
        ");
    }

    #[test]
    fn a_later_start_has_no_link() {
        let text = Banner { setup_token: None, moved: None, ..banner() }.to_string();
        assert!(!text.contains("Set up") && !text.contains("in use"), "{text}");
    }
}
