//! `cargo xtask tidy`: the house's rules that a compiler does not know. Each rule is a file here: a function
//! from what the repository holds to the list of what is wrong, tested on a bad example. Sizes are reported,
//! and never fail.

mod arrows;
mod gateway;
mod links;
mod manifests;
mod modules;
mod places;
mod sizes;
mod transactions;

use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::workspace;

/// A text of the repository.
#[derive(Clone, Debug)]
struct Source {
    /// Its path from the repository's root, with `/`.
    path: String,
    text: String,
}

/// What is wrong, in words that say what to do about it.
type Problems = Vec<String>;

/// Checks every rule, prints what is wrong and how large things are, and says whether all is well.
///
/// # Errors
/// When the repository cannot be read.
pub(crate) fn check() -> Result<bool> {
    let sources = sources()?;
    let packages = workspace::packages()?;
    let rules = [
        ("arrows between crates point down only", arrows::check(packages, workspace::root())),
        ("rony-core does no I/O", arrows::check_core(&sources)),
        ("manifests share versions and lints", manifests::check(&sources)),
        ("every module says what it is for", modules::check(&sources)),
        ("the gateway's document is in step with its types", gateway::check(&sources)),
        ("nothing speaks of one machine", places::check(&sources)),
        ("links lead somewhere", links::check(&sources)),
        ("transactions begin where it is safe to give them up", transactions::check(&sources)),
    ];
    let mut good = true;
    for (rule, problems) in &rules {
        println!("{} {rule}", if problems.is_empty() { "ok    " } else { "WRONG " });
        for problem in problems {
            println!("         {problem}");
        }
        good &= problems.is_empty();
    }
    println!("{}", sizes::report(&sources));
    Ok(good)
}

/// Every text that git keeps or would keep.
fn sources() -> Result<Vec<Source>> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(workspace::root())
        .output()
        .context("tidy asks git which files belong to the repository, and git cannot be run")?;
    ensure!(listed.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listed.stderr).trim());
    let paths = String::from_utf8(listed.stdout).context("a file's name is not UTF-8")?;
    let read = |path: &str| {
        // What was deleted and not yet committed is not there; what is no text, such as a picture, is, with nothing to check.
        let bytes = std::fs::read(workspace::root().join(path)).ok()?;
        Some(Source { path: path.to_owned(), text: String::from_utf8(bytes).unwrap_or_default() })
    };
    Ok(paths.split_terminator('\0').filter_map(read).collect())
}

#[cfg(test)]
fn source(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}
