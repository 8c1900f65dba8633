//! What the chores need and a fresh machine lacks: installed with the system's package manager when that is
//! allowed, otherwise named with the one command that installs it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::geteuid;

use crate::{node, postgres, process, workspace};

/// Something that is no crate, and what each system's packages call it.
pub(crate) struct Need {
    /// What people call it.
    name: &'static str,
    apt: &'static [&'static str],
    dnf: &'static [&'static str],
    brew: &'static [&'static str],
    /// Where people get it whose system has none of these package managers, or one with too old a package.
    elsewhere: &'static str,
}

/// The server that the tests start throw-away clusters of.
const POSTGRES: Need = Need {
    name: "PostgreSQL",
    apt: &["postgresql"],
    dnf: &["postgresql-server"],
    brew: &["postgresql@17"],
    elsewhere: "https://www.postgresql.org/download",
};

/// What builds the web client.
const NODE: Need = Need {
    name: "Node.js 20.19 or later, with npm,",
    apt: &["nodejs", "npm"],
    dnf: &["nodejs", "nodejs-npm"],
    brew: &["node"],
    elsewhere: "https://nodejs.org/en/download",
};

/// What the stories of the web client are told in, with the emoji that people write.
const CHROMIUM: Need = Need {
    name: "Chromium",
    apt: &["chromium", "fonts-noto-color-emoji"],
    dnf: &["chromium", "google-noto-color-emoji-fonts"],
    brew: &["--cask", "chromium"],
    elsewhere: "https://www.chromium.org/getting-involved/download-chromium",
};

/// The folder of PostgreSQL's programs. Tests that need it are never skipped, so a run without it fails here.
///
/// # Errors
/// When PostgreSQL is missing and could not be installed; the message has the command to do it by hand.
pub(crate) fn postgres() -> Result<PathBuf> {
    provide(&POSTGRES, postgres::find_programs)
}

/// Node.js and npm, as [`postgres`].
///
/// # Errors
/// When they are missing or too old and could not be installed; the message says what to do.
pub(crate) fn node() -> Result<()> {
    provide(&NODE, || node::is_there().then_some(()))
}

/// The program of an installed Chromium, as [`postgres`].
///
/// # Errors
/// When there is none and it could not be installed; the message has the command to do it by hand.
pub(crate) fn chromium() -> Result<PathBuf> {
    provide(&CHROMIUM, node::find_chromium)
}

/// What `find` finds, after installing what is needed for that if it is missing and may be installed.
fn provide<T>(need: &Need, find: impl Fn() -> Option<T>) -> Result<T> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let Need { name, elsewhere, .. } = need;
    let Some(manager) = PackageManager::of_this_system() else {
        bail!("{name} is needed and is not installed: install it from {elsewhere}");
    };
    let by_hand = manager.by_hand(need);
    ensure!(
        manager.allowed(),
        "{name} is needed and is not installed. Install it with:\n  {by_hand}\n\
         or, when that brings too old a version, from {elsewhere}"
    );
    eprintln!("{name} is needed and is not installed: installing it with `{by_hand}`");
    manager.install(need).with_context(|| format!("could not install {name} with:\n  {by_hand}"))?;
    find()
        .with_context(|| format!("{name} is still not there after `{by_hand}`: install it from {elsewhere}"))
}

/// The version of cargo-deny that `deny.toml` is written for.
const CARGO_DENY: &str = "0.20.2";

/// The program cargo-deny: built once from source and kept among the tools, since no system's packages have
/// it.
///
/// # Errors
/// When it cannot be built; cargo's own words are on the terminal.
pub(crate) fn cargo_deny() -> Result<PathBuf> {
    let tools = workspace::tools()?;
    let folder = tools.join(format!("cargo-deny-{CARGO_DENY}"));
    let program = folder.join("bin/cargo-deny");
    if program.is_file() {
        return Ok(program);
    }
    eprintln!("cargo-deny is not there yet: building it, once, in {}", folder.display());
    let build = tools.join("build");
    let mut install = workspace::cargo();
    install.args(["install", "--locked", "--root"]).arg(&folder).arg(format!("cargo-deny@{CARGO_DENY}"));
    install.env("CARGO_TARGET_DIR", &build);
    // It runs for seconds and builds for minutes: what makes it build sooner wins.
    for (setting, value) in [("OPT_LEVEL", "0"), ("DEBUG", "0"), ("LTO", "off"), ("CODEGEN_UNITS", "16")] {
        install.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
    }
    let status = process::run(&mut install)?;
    ensure!(status.success(), "cargo-deny could not be built ({status})");
    // What the build left is large, and a folder that cannot be removed only costs room.
    let _ = std::fs::remove_dir_all(build);
    Ok(program)
}

#[derive(Clone, Copy)]
enum PackageManager {
    Apt,
    Dnf,
    Brew,
}

impl PackageManager {
    fn of_this_system() -> Option<Self> {
        [(Self::Apt, "apt-get"), (Self::Dnf, "dnf"), (Self::Brew, "brew")]
            .into_iter()
            .find(|(_, program)| on_path(program))
            .map(|(manager, _)| manager)
    }

    /// The steps that install what is needed, the last one being the installation itself.
    fn steps(self, need: &Need) -> Vec<Vec<&'static str>> {
        let (steps, packages): (&[&[&str]], _) = match self {
            Self::Apt => (
                &[
                    &["apt-get", "update", "-q"],
                    &["apt-get", "install", "-q", "-y", "--no-install-recommends"],
                ],
                need.apt,
            ),
            Self::Dnf => (&[&["dnf", "install", "-y"]], need.dnf),
            Self::Brew => (&[&["brew", "install"]], need.brew),
        };
        let mut steps: Vec<_> = steps.iter().map(|step| step.to_vec()).collect();
        steps.last_mut().expect("each manager has a step").extend(packages);
        steps
    }

    /// Homebrew installs for the user; the others are for root.
    fn needs_root(self) -> bool {
        !matches!(self, Self::Brew)
    }

    fn allowed(self) -> bool {
        !self.needs_root() || geteuid().is_root() || sudo_without_password()
    }

    /// What a person would type.
    fn by_hand(self, need: &Need) -> String {
        let sudo = if self.needs_root() && !geteuid().is_root() { "sudo " } else { "" };
        let steps: Vec<String> =
            self.steps(need).iter().map(|step| format!("{sudo}{}", step.join(" "))).collect();
        steps.join(" && ")
    }

    fn install(self, need: &Need) -> Result<()> {
        let sudo: &[&str] =
            if self.needs_root() && !geteuid().is_root() { &["sudo", "-n", "--"] } else { &[] };
        for step in self.steps(need) {
            let words: Vec<&str> =
                sudo.iter().chain(&["env", "DEBIAN_FRONTEND=noninteractive"]).chain(&step).copied().collect();
            let status = process::run(Command::new(words[0]).args(&words[1..]).stdin(Stdio::null()))?;
            ensure!(status.success(), "`{}` failed ({status})", step.join(" "));
        }
        Ok(())
    }
}

fn sudo_without_password() -> bool {
    let quiet =
        Command::new("sudo").args(["-n", "true"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success())
}

/// Whether a program of this name can be run.
pub(crate) fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| Path::new(&folder).join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_types_ends_with_the_packages_that_are_needed() {
        let typed = PackageManager::Apt.by_hand(&NODE);
        assert!(typed.ends_with("apt-get install -q -y --no-install-recommends nodejs npm"), "{typed}");
        assert_eq!(PackageManager::Brew.by_hand(&POSTGRES), "brew install postgresql@17");
    }
}
