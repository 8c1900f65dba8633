//! Where things lie, and how cargo is called. What the chores do is in their own files.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace's folder")
}

/// The folder of material that lies beside the checkout, when it is there; tests replay its logs.
pub(crate) fn shared() -> Option<PathBuf> {
    let folder = env::var_os("RONY_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    folder.canonicalize().ok()
}

/// Where the full logs of a run are kept.
///
/// # Errors
/// When cargo does not say where its target folder is, or the folder cannot be made.
pub(crate) fn logs() -> Result<PathBuf> {
    let folder = target()?.join("xtask-logs");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// Where tools that this workspace installs for itself are kept, so that every checkout of a person shares
/// them.
///
/// # Errors
/// As [`target`], which is the place when the environment names no home.
pub(crate) fn tools() -> Result<PathBuf> {
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(Path::new(&env::var_os("HOME")?).join(".cache")));
    cache.map_or_else(target, |cache| Ok(cache.join("rony"))).map(|folder| folder.join("tools"))
}

/// Cargo's target folder, wherever the environment or a configuration file put it.
///
/// # Errors
/// When `cargo metadata` fails.
pub(crate) fn target() -> Result<PathBuf> {
    let folder = metadata()?["target_directory"].as_str().context("cargo metadata names no target folder")?;
    Ok(PathBuf::from(folder))
}

/// What `cargo metadata` says of the workspace's own packages, their declared dependencies included. Asked
/// once.
///
/// # Errors
/// When a manifest is wrong or `Cargo.lock` is out of date: cargo's own words are passed on.
pub(crate) fn metadata() -> Result<&'static Value> {
    static METADATA: OnceLock<Value> = OnceLock::new();
    if let Some(known) = METADATA.get() {
        return Ok(known);
    }
    let output = cargo()
        .args(["metadata", "--format-version=1", "--no-deps"])
        .stderr(Stdio::inherit())
        .output()
        .context("cannot run cargo")?;
    ensure!(output.status.success(), "cargo metadata failed");
    let value = serde_json::from_slice(&output.stdout).context("cargo metadata did not answer with JSON")?;
    Ok(METADATA.get_or_init(|| value))
}

/// The workspace's packages, as `cargo metadata` describes them.
///
/// # Errors
/// As [`metadata`].
pub(crate) fn packages() -> Result<&'static [Value]> {
    Ok(metadata()?["packages"].as_array().context("cargo metadata lists no packages")?)
}

/// The names of what `package` needs to be built that lies in this workspace; what only its tests need is
/// left out.
pub(crate) fn own_dependencies(package: &Value) -> impl Iterator<Item = &str> {
    let declared = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
    declared
        .iter()
        .filter(|dependency| dependency["path"].is_string() && dependency["kind"] != "dev")
        .filter_map(|dependency| dependency["name"].as_str())
}

/// The cargo that runs this chore, in the workspace's folder and with the environment the caller had.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    without_cargo_run(&mut command);
    command
}

/// Takes away what `cargo run` adds to the environment. Build scripts watch these variables: with them in
/// place, `cargo test` and `cargo xtask test` would rebuild each other's dependencies by turns.
pub(crate) fn without_cargo_run(command: &mut Command) {
    let added =
        ["CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_CRATE_NAME", "CARGO_BIN_NAME", "CARGO_PRIMARY_PACKAGE"];
    for (name, _) in env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        if added.iter().any(|start| text.starts_with(start)) {
            command.env_remove(&name);
        }
    }
}
