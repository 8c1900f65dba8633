//! The page that the server carries: built when something that it is made of has changed, checked, and served anew at each
//! change while somebody works on it.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, ensure};

use crate::node::{BROWSER, WEB};
use crate::{process, report, workspace};

/// All that the page is made of, as files and folders beside its `package.json`.
const SOURCES: [&str; 7] =
    ["index.html", "package-lock.json", "package.json", "public", "src", "tsconfig.json", "vite.config.ts"];

/// Names the sources that the page in `dist` was built from.
const STAMP: &str = "dist/.built-from";

/// Where somebody who works on the page opens it, unless this port is busy.
const PORT: u16 = 5173;

/// Builds the page unless it was built from just these sources.
///
/// # Errors
/// When there is no Node.js, or the page does not build; the tools' own words are on the terminal.
pub(crate) fn build() -> Result<()> {
    let stamp = WEB.folder().join(STAMP);
    let sources = hash_of_sources()?;
    if fs::read_to_string(&stamp).is_ok_and(|from| from == sources) {
        return Ok(());
    }
    WEB.install()?;
    report::step("building the web client");
    WEB.run("npm", &["run", "--silent", "build"])?;
    fs::write(&stamp, sources).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Checks the page as its own tools can: its types agree with the API's description and with each other, and it is written
/// in the house's style. The types of the stories that drive it, too.
///
/// # Errors
/// When that could not be tried.
pub(crate) fn check() -> Result<bool> {
    let mut good = true;
    for project in [WEB, BROWSER] {
        project.install()?;
        good &= process::run(&mut project.command("npm", &["run", "--silent", "check"]))?.success();
    }
    Ok(good)
}

/// `cargo xtask dev`: the server, built for debugging and with data of its own, and the page with hot reload in front of it.
/// Both end together.
///
/// # Errors
/// When one of them cannot be built or started.
pub(crate) fn dev() -> Result<ExitCode> {
    WEB.install()?;
    report::step("building the server");
    let mut cargo = workspace::cargo();
    let status = process::run(cargo.args(["build", "--package=rony-server", "--bin=rony"]))?;
    process::check_stopping()?;
    ensure!(status.success(), "the server does not build");

    let (api, page) = (free_port(0)?, free_port(PORT).or_else(|_| free_port(0))?);
    let mut server = Command::new(workspace::target()?.join("debug/rony"));
    workspace::without_cargo_run(&mut server);
    server.args(["serve", "--data", "rony-dev-data", "--metrics", "off", "--port", &api.to_string()]);
    server.args(["--public-url", &format!("http://localhost:{page}")]);
    let mut vite = WEB.command("vite", &["--host", "localhost", "--strictPort", "--port", &page.to_string()]);
    vite.env("RONY_SERVER", format!("http://127.0.0.1:{api}"));
    report::step(&format!("the page is at http://localhost:{page}; Ctrl-C ends it and its server"));
    Ok(process::exit_code(process::run_together(&mut [server, vite])?))
}

/// `wanted` if nothing listens there; any free port for 0.
fn free_port(wanted: u16) -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", wanted)).context("no port is free")?;
    Ok(listener.local_addr()?.port())
}

fn hash_of_sources() -> Result<String> {
    let mut files = BTreeMap::new();
    for source in SOURCES {
        collect(&WEB.folder().join(source), &mut files)?;
    }
    let mut hasher = DefaultHasher::new();
    for (path, content) in &files {
        path.strip_prefix(workspace::root()).unwrap_or(path).hash(&mut hasher);
        content.hash(&mut hasher);
    }
    Ok(format!("{:016x}\n", hasher.finish()))
}

/// The files at and below `path` with what is in them, tests left out: the page is built without them.
fn collect(path: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    let shown = || format!("cannot read {}", path.display());
    if path.is_dir() {
        for entry in fs::read_dir(path).with_context(shown)? {
            collect(&entry?.path(), files)?;
        }
    } else if ![".test.ts", ".d.ts"].iter().any(|end| path.to_string_lossy().ends_with(end)) {
        files.insert(path.to_owned(), fs::read(path).with_context(shown)?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_built_from_its_sources_and_not_from_its_tests_or_types() {
        let mut files = BTreeMap::new();
        collect(&WEB.folder().join("src"), &mut files).unwrap();
        let names: Vec<_> = files.keys().map(|path| path.to_string_lossy()).collect();
        assert!(names.iter().any(|name| name.ends_with("src/main.tsx")));
        assert!(!names.iter().any(|name| name.contains(".test.")));
        assert!(!names.iter().any(|name| name.contains(".d.ts")));
        assert_eq!(hash_of_sources().unwrap(), hash_of_sources().unwrap());
    }
}
