//! What the chores need and a fresh machine lacks: installed with the system's package manager when that is
//! allowed, otherwise named with the one command that installs it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::geteuid;

use crate::{node, postgres, process, workspace};

/// What a chore may need, and the packages that have it.
struct Need {
    /// As people call it.
    name: &'static str,
    apt: &'static [&'static str],
    dnf: &'static [&'static str],
    brew: &'static [&'static str],
    /// Where to get it on a system whose package manager is not known.
    elsewhere: &'static str,
}

const POSTGRES: Need = Need {
    name: "PostgreSQL",
    apt: &["postgresql"],
    dnf: &["postgresql-server"],
    brew: &["postgresql@17"],
    elsewhere: "install it from https://www.postgresql.org/download",
};

/// What builds the web client.
const NODE: Need = Need {
    name: "Node.js 20.19 or later, with npm,",
    apt: &["nodejs", "npm"],
    dnf: &["nodejs", "nodejs-npm"],
    brew: &["node"],
    elsewhere: "install it from https://nodejs.org/en/download",
};

/// What the stories of the web client are told in, with the emoji that people write.
const CHROMIUM: Need = Need {
    name: "Chromium",
    apt: &["chromium", "fonts-noto-color-emoji"],
    dnf: &["chromium", "google-noto-color-emoji-fonts"],
    brew: &["--cask", "chromium"],
    elsewhere: "install it from https://www.chromium.org/getting-involved/download-chromium",
};

/// The browsers in which one story each is told, beside Chromium.
const FIREFOX: Need = Need {
    name: "Firefox",
    apt: &["firefox-esr"],
    dnf: &["firefox"],
    brew: &["--cask", "firefox"],
    elsewhere: "install it from https://www.mozilla.org/firefox",
};

/// WebKit as GTK has it, what drives it, and a screen that nobody sees: it does not run without one.
const WEBKIT: Need = Need {
    name: "WebKitGTK with its driver, and Xvfb,",
    apt: &["webkit2gtk-driver", "xvfb"],
    dnf: &["webkit2gtk-driver", "xorg-x11-server-Xvfb"],
    brew: &[],
    elsewhere: "it is there on Linux only; leave `--browsers all` out",
};

/// A screen that nobody sees, on which a browser asks its person as it does on one that is seen.
const XVFB: Need = Need {
    name: "Xvfb",
    apt: &["xvfb"],
    dnf: &["xorg-x11-server-Xvfb"],
    brew: &[],
    elsewhere: "install your system's package of the X server that has no screen",
};

/// What builds the authority of the tests.
const GO: Need = Need {
    name: "Go 1.24 or later",
    apt: &["golang-go"],
    dnf: &["golang"],
    brew: &["go"],
    elsewhere: "install it from https://go.dev/dl",
};

const NCHAN: Need = Need {
    name: "nginx with the module nchan",
    apt: &["nginx", "libnginx-mod-nchan"],
    dnf: &[],
    brew: &[],
    elsewhere: "Debian and its relatives have it as packages; elsewhere run other benches by their names",
};

const NGINX: Need = Need {
    name: "nginx",
    apt: &["nginx"],
    dnf: &["nginx"],
    brew: &["nginx"],
    elsewhere: "install it from https://nginx.org",
};

/// The other proxy of `docs/PROXY.md`.
const CADDY: Need = Need {
    name: "Caddy",
    apt: &["caddy"],
    dnf: &["caddy"],
    brew: &["caddy"],
    elsewhere: "install it from https://caddyserver.com/docs/install",
};

/// A relay for meetings by others, which the built-in one steps back for.
const COTURN: Need = Need {
    name: "coturn",
    apt: &["coturn"],
    dnf: &["coturn"],
    brew: &["coturn"],
    elsewhere: "build it from https://github.com/coturn/coturn",
};

const LIBFAKETIME: Need = Need {
    name: "libfaketime",
    apt: &["libfaketime"],
    dnf: &["libfaketime"],
    brew: &[],
    elsewhere: "build it from https://github.com/wolfcw/libfaketime, or run other faults by their names",
};

/// Where distributions put the library that gives one program a clock of its own.
const LIBFAKETIME_PLACES: [&str; 4] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib64/faketime/libfaketimeMT.so.1",
    "/usr/lib/faketime/libfaketimeMT.so.1",
];

/// The folder of PostgreSQL's programs. Tests that need it are never skipped, so a run without it fails here.
///
/// # Errors
/// When PostgreSQL is missing and could not be installed; the message has the command to do it by hand.
pub(crate) fn postgres() -> Result<PathBuf> {
    provide(&POSTGRES, postgres::find_programs)
}

/// Sees to it that coturn is there, which must take the credentials that Rony makes.
///
/// # Errors
/// When it is missing and could not be installed; the message has the command to do it by hand.
pub(crate) fn coturn() -> Result<()> {
    provide(&COTURN, || on_path("turnserver").then_some(()))
}

/// Sees to it that the proxies of `docs/PROXY.md` are there, through which tests talk to Rony.
///
/// # Errors
/// When one is missing and could not be installed; the message has the command to do it by hand.
pub(crate) fn proxies() -> Result<()> {
    nginx()?;
    provide(&CADDY, || on_path("caddy").then_some(()))
}

/// Node.js and npm, as [`postgres()`].
///
/// # Errors
/// When they are missing or too old and could not be installed; the message says what to do.
pub(crate) fn node() -> Result<()> {
    not_too_old()?;
    let provided = provide(&NODE, || node::is_there().then_some(()));
    // What the system's packages have may be old, too.
    not_too_old()?;
    provided
}

/// Fails where there is a Node.js that the web client's tools do not run on: no package of the same system is newer.
fn not_too_old() -> Result<()> {
    match node::too_old() {
        None => Ok(()),
        Some(version) => bail!("{}", words_for_old(&version, geteuid().is_root())),
    }
}

fn words_for_old(version: &str, root: bool) -> String {
    let sudo = if root { "" } else { "sudo " };
    format!(
        "Node.js {version} is installed, and the web client needs 20.19 or later. Bring a newer one beside it with:\n  \
         {sudo}npx --yes n 22\nor {}; then open a new shell and try again",
        NODE.elsewhere
    )
}

/// The program of an installed Chromium, as [`postgres()`].
///
/// # Errors
/// When there is none and it could not be installed; the message has the command to do it by hand.
pub(crate) fn chromium() -> Result<PathBuf> {
    provide(&CHROMIUM, node::find_chromium)
}

/// Sees to it that there is a screen for browsers: elsewhere than on Linux there is one anyway.
///
/// # Errors
/// When Xvfb is missing and could not be installed; the message has the command to do it by hand.
pub(crate) fn screen() -> Result<()> {
    if cfg!(not(target_os = "linux")) {
        return Ok(());
    }
    provide(&XVFB, || on_path("Xvfb").then_some(()))
}

/// The program of an installed Firefox, as [`postgres()`].
///
/// # Errors
/// When there is none and it could not be installed; the message has the command to do it by hand.
pub(crate) fn firefox() -> Result<PathBuf> {
    provide(&FIREFOX, node::find_firefox)
}

/// The program that drives an installed WebKitGTK, as [`postgres()`].
///
/// # Errors
/// When there is none and it could not be installed; the message has the command to do it by hand.
pub(crate) fn webkit() -> Result<PathBuf> {
    provide(&WEBKIT, || node::find_webkit_driver().filter(|_| on_path("Xvfb")))
}

/// Sees to it that nginx with nchan is there, which benches measure beside Rony.
///
/// # Errors
/// When it is missing and could not be installed; the message has the command to do it by hand.
pub(crate) fn nchan() -> Result<()> {
    let module = Path::new("/usr/lib/nginx/modules/ngx_nchan_module.so");
    let program = || on_path("nginx") || Path::new("/usr/sbin/nginx").is_file();
    provide(&NCHAN, || (module.is_file() && program()).then_some(()))
}

/// Sees to it that nginx is there, which benches measure beside Rony and tests put before it.
///
/// # Errors
/// When it is missing and could not be installed; the message has the command to do it by hand.
pub(crate) fn nginx() -> Result<()> {
    provide(&NGINX, || (on_path("nginx") || Path::new("/usr/sbin/nginx").is_file()).then_some(()))
}

/// The library libfaketime, by which one server gets a clock that can be set.
///
/// # Errors
/// When it is missing and could not be installed; the message has the command to do it by hand.
pub(crate) fn libfaketime() -> Result<PathBuf> {
    provide(&LIBFAKETIME, || LIBFAKETIME_PLACES.iter().map(PathBuf::from).find(|path| path.is_file()))
}

/// What `find` finds, after installing what is needed for that if it is missing and may be installed.
fn provide<T>(need: &Need, find: impl Fn() -> Option<T>) -> Result<T> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let Need { name, elsewhere, .. } = need;
    let manager = PackageManager::of_this_system().filter(|manager| !manager.packages(need).is_empty());
    let Some(manager) = manager else {
        bail!("{name} is needed and is not installed: {elsewhere}");
    };
    let by_hand = manager.by_hand(need);
    ensure!(
        manager.allowed(),
        "{name} is needed and is not installed. Install it with:\n  {by_hand}\nor, when that brings too old a \
         version: {elsewhere}"
    );
    eprintln!("{name} is needed and is not installed: installing it with `{by_hand}`");
    manager.install(need).with_context(|| format!("could not install {name} with:\n  {by_hand}"))?;
    find().with_context(|| format!("{name} is still not there after `{by_hand}`: {elsewhere}"))
}

/// The version of cargo-deny that `deny.toml` is written for.
const CARGO_DENY: &str = "0.20.2";

/// The program cargo-deny: built once from source and kept among the tools, since no system's packages have
/// it.
///
/// # Errors
/// When it cannot be built; cargo's own words are on the terminal.
pub(crate) fn cargo_deny() -> Result<PathBuf> {
    build_tool("cargo-deny", CARGO_DENY)
}

/// The version of cargo-fuzz.
const CARGO_FUZZ: &str = "0.13.2";

/// The program cargo-fuzz, likewise.
///
/// # Errors
/// When it cannot be built; cargo's own words are on the terminal.
pub(crate) fn cargo_fuzz() -> Result<PathBuf> {
    build_tool("cargo-fuzz", CARGO_FUZZ)
}

/// Builds a program of cargo's from source, once.
fn build_tool(name: &str, version: &str) -> Result<PathBuf> {
    let tools = workspace::tools()?;
    let folder = tools.join(format!("{name}-{version}"));
    let program = folder.join("bin").join(name);
    if program.is_file() {
        return Ok(program);
    }
    eprintln!("{name} is not there yet: building it, once, in {}", folder.display());
    let build = tools.join("build");
    let mut install = workspace::cargo();
    install.args(["install", "--locked", "--root"]).arg(&folder).arg(format!("{name}@{version}"));
    install.env("CARGO_TARGET_DIR", &build);
    // It runs for seconds and builds for minutes: what makes it build sooner wins.
    for (setting, value) in [("OPT_LEVEL", "0"), ("DEBUG", "0"), ("LTO", "off"), ("CODEGEN_UNITS", "16")] {
        install.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
    }
    let status = process::run(&mut install)?;
    ensure!(status.success(), "{name} could not be built ({status})");
    // What the build left is large, and a folder that cannot be removed only costs room.
    let _ = std::fs::remove_dir_all(build);
    Ok(program)
}

/// The version of Pebble that the tests are written for.
const PEBBLE: &str = "2.10.3";

/// The program Pebble, a small authority that speaks ACME, built once from its Go module.
///
/// # Errors
/// When there is no Go, or it cannot be built; Go's own words are on the terminal.
pub(crate) fn pebble() -> Result<PathBuf> {
    let folder = workspace::tools()?.join(format!("pebble-{PEBBLE}"));
    let program = folder.join("pebble");
    if program.is_file() {
        return Ok(program);
    }
    let go = provide(&GO, find_go)?;
    eprintln!("pebble is not there yet: building it, once, in {}", folder.display());
    let mut install = Command::new(&go);
    install.arg("install").arg(format!("github.com/letsencrypt/pebble/v2/cmd/pebble@v{PEBBLE}"));
    let status = process::run(install.env("GOBIN", &folder).env_remove("GOFLAGS"))?;
    ensure!(status.success(), "pebble could not be built ({status}); it needs {}: {}", GO.name, GO.elsewhere);
    Ok(program)
}

/// Go where it unpacks itself is seldom on the path of a service.
fn find_go() -> Option<PathBuf> {
    if on_path("go") {
        return Some(PathBuf::from("go"));
    }
    Some(PathBuf::from("/usr/local/go/bin/go")).filter(|go| go.is_file())
}

/// The version of schemathesis that finds what it found before.
const SCHEMATHESIS: &str = "4.32.5";

/// The program schemathesis, in a Python environment of its own among the tools.
///
/// # Errors
/// When there is no Python, or it cannot be installed; pip's own words are on the terminal.
pub(crate) fn schemathesis() -> Result<PathBuf> {
    let folder = workspace::tools()?.join(format!("schemathesis-{SCHEMATHESIS}"));
    let program = folder.join("bin/schemathesis");
    if program.is_file() {
        return Ok(program);
    }
    eprintln!("schemathesis is not there yet: installing it in {}", folder.display());
    let made = process::run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    ensure!(made.success(), "Python cannot make an environment: install Python 3.10 or newer, with `venv`");
    let mut pip = Command::new(folder.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", &format!("schemathesis=={SCHEMATHESIS}")]);
    ensure!(process::run(&mut pip)?.success(), "schemathesis could not be installed");
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

    /// What it calls the packages of `need`; none, where it does not have it.
    fn packages(self, need: &Need) -> &'static [&'static str] {
        match self {
            Self::Apt => need.apt,
            Self::Dnf => need.dnf,
            Self::Brew => need.brew,
        }
    }

    /// The steps that install `need`, the last one being the installation itself.
    fn steps(self, need: &Need) -> Vec<Vec<&'static str>> {
        let before: &[&[&str]] = match self {
            Self::Apt => &[&["apt-get", "update", "-q"]],
            Self::Dnf | Self::Brew => &[],
        };
        let install: &[&str] = match self {
            Self::Apt => &["apt-get", "install", "-q", "-y", "--no-install-recommends"],
            Self::Dnf => &["dnf", "install", "-y"],
            Self::Brew => &["brew", "install"],
        };
        let last = [install, self.packages(need)].concat();
        before.iter().map(|step| step.to_vec()).chain([last]).collect()
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
    fn who_has_an_old_node_is_told_which_and_the_one_command_that_helps() {
        let words = words_for_old("18.20.4", false);
        assert!(words.starts_with("Node.js 18.20.4 is installed"));
        assert!(words.contains("\n  sudo npx --yes n 22\n"));
        assert!(!words_for_old("18.20.4", true).contains("sudo"));
    }

    #[test]
    fn what_a_person_types_ends_with_the_packages_that_are_needed() {
        let typed = PackageManager::Apt.by_hand(&NODE);
        assert!(typed.ends_with("apt-get install -q -y --no-install-recommends nodejs npm"), "{typed}");
        assert_eq!(PackageManager::Brew.by_hand(&POSTGRES), "brew install postgresql@17");
    }
}
