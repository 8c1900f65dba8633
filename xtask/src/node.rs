//! Node.js, npm and the browser: where they are, and the two npm projects of this workspace.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::{process, report, setup, workspace};

/// The oldest Node.js that the page's tools run on.
const NODE: (u32, u32) = (20, 19);

/// What Chromium is called, by systems and by those who made it.
const CHROMIUM: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless_shell"];

/// A folder with a `package.json`.
#[derive(Clone, Copy)]
pub(crate) struct Project {
    /// Its name there, which `cargo xtask test -p` takes.
    pub(crate) name: &'static str,
    folder: &'static str,
}

/// The web client.
pub(crate) const WEB: Project = Project { name: "rony-web", folder: "rony-server/web" };

/// The stories that are told in a browser.
pub(crate) const BROWSER: Project = Project { name: "rony-browser", folder: "tests/browser" };

impl Project {
    /// Where it lies.
    pub(crate) fn folder(self) -> PathBuf {
        workspace::root().join(self.folder)
    }

    /// Brings Node.js if it is missing, and the packages that the lock file names if they are not those that are there.
    ///
    /// # Errors
    /// When there is no Node.js, or npm cannot install; its own words are on the terminal.
    pub(crate) fn install(self) -> Result<()> {
        setup::node()?;
        let locked = fs::read(self.folder().join("package-lock.json"))
            .with_context(|| format!("{} has no package-lock.json", self.folder))?;
        let installed = self.folder().join("node_modules/.installed-from");
        if fs::read(&installed).is_ok_and(|from| from == locked) {
            return Ok(());
        }
        report::step(&format!("bringing the packages of {}", self.folder));
        self.run("npm", &["ci", "--no-audit", "--no-fund"])?;
        fs::write(&installed, locked).with_context(|| format!("cannot write {}", installed.display()))
    }

    /// A program in this project's folder, with the programs of its packages at hand.
    pub(crate) fn command(self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.folder());
        workspace::without_cargo_run(&mut command);
        let own = self.folder().join("node_modules/.bin");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let places = std::iter::once(own).chain(std::env::split_paths(&path));
        command.env("PATH", std::env::join_paths(places).unwrap_or(path));
        command
    }

    /// Runs a program in this project's folder to its good end.
    ///
    /// # Errors
    /// When it cannot be started or fails.
    pub(crate) fn run(self, program: &str, arguments: &[&str]) -> Result<()> {
        let status = process::run(&mut self.command(program, arguments))?;
        process::check_stopping()?;
        ensure!(status.success(), "`{program} {}` failed in {} ({status})", arguments.join(" "), self.folder);
        Ok(())
    }
}

/// Whether npm is there, and a Node.js that is new enough.
pub(crate) fn is_there() -> bool {
    installed().and_then(|version| parse(&version)).is_some_and(|version| version >= NODE)
        && setup::on_path("npm")
}

/// The version of a Node.js that is there and too old, such as `18.20.4`.
pub(crate) fn too_old() -> Option<String> {
    let version = installed()?;
    let old = parse(&version)? < NODE;
    old.then(|| version.trim().trim_start_matches('v').to_owned())
}

/// What the installed Node.js says of itself.
fn installed() -> Option<String> {
    let output = Command::new("node").arg("--version").output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Major and minor number of `v20.19.1`.
fn parse(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.trim().strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// The program of an installed Chromium: the one that `TEST_CHROMIUM` names, or where the systems put it.
pub(crate) fn find_chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("TEST_CHROMIUM") {
        return Some(PathBuf::from(named));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let on_path = CHROMIUM.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let applications = ["Chromium", "Google Chrome"]
        .map(|name| Path::new("/Applications").join(format!("{name}.app/Contents/MacOS/{name}")));
    on_path.chain(applications).find(|program| program.is_file())
}

/// The program of an installed Firefox: the one that `TEST_FIREFOX` names, or where the systems put it.
pub(crate) fn find_firefox() -> Option<PathBuf> {
    let application = PathBuf::from("/Applications/Firefox.app/Contents/MacOS/firefox");
    named_or_found("TEST_FIREFOX", &["firefox-esr", "firefox"], application)
}

/// The program that drives WebKitGTK, likewise.
pub(crate) fn find_webkit_driver() -> Option<PathBuf> {
    named_or_found("TEST_WEBKIT", &["WebKitWebDriver"], PathBuf::from("/usr/libexec/WebKitWebDriver"))
}

fn named_or_found(variable: &str, names: &[&str], elsewhere: PathBuf) -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(variable) {
        return Some(PathBuf::from(named));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let on_path = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    on_path.chain([elsewhere]).find(|program| program.is_file())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// npm leaves the packages of other systems out of a lock file that it makes beside installed packages, and `npm ci`
    /// refuses such a file on any system. `rm -r node_modules package-lock.json && npm install --package-lock-only` makes a whole one.
    #[test]
    fn a_lock_file_names_the_optional_packages_of_every_system_and_no_registry() {
        for project in [WEB, BROWSER] {
            let text = fs::read_to_string(project.folder().join("package-lock.json")).unwrap();
            assert!(!text.contains("\"resolved\""), "{} says where packages came from", project.folder);
            let lock: Value = serde_json::from_str(&text).unwrap();
            let packages = lock["packages"].as_object().unwrap();
            let optional =
                packages.values().filter_map(|package| package["optionalDependencies"].as_object());
            for name in optional.flat_map(|names| names.keys()) {
                let locked = packages.keys().any(|place| place.ends_with(&format!("node_modules/{name}")));
                assert!(locked, "{} does not have {name}", project.folder);
            }
        }
    }

    #[test]
    fn a_version_is_compared_by_its_numbers() {
        assert_eq!(parse("v20.19.1\n"), Some((20, 19)));
        assert!(parse("v9.11.0") < Some(NODE) && parse("v100.0.0") > Some(NODE));
        assert_eq!(parse("command not found"), None);
    }
}
