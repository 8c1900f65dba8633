//! The arrows of ARCHITECTURE.md: which crate may depend on which, and what each must never depend on.

use std::path::Path;

use serde_json::Value;

use super::{Problems, Source};

/// Who lives in the house, and on which of the others each may depend. Tests keep to it too: a test that
/// needs what lies above it belongs in `tests/`.
const HOUSE: [(&str, &[&str]); 8] = [
    ("rony-core", &[]),
    ("rony-storage", &["rony-core"]),
    ("rony-rtc", &["rony-core"]),
    ("rony-ai", &["rony-core"]),
    ("rony-server", &["rony-core", "rony-storage", "rony-rtc", "rony-ai"]),
    ("rony-client", &["rony-core", "rony-rtc"]),
    ("rony-ffi", &["rony-client"]),
    ("xtask", &[]),
];

/// What a crate must not reach the outside world by.
const NEVER: [(&str, &[&str]); 4] = [
    (
        "rony-core",
        &[
            "async-nats",
            "axum",
            "hyper",
            "object_store",
            "reqwest",
            "rustls",
            "sqlx",
            "tokio-tungstenite",
            "tower-http",
        ],
    ),
    ("rony-storage", &["axum", "hyper", "tower-http"]),
    ("rony-rtc", &["axum", "hyper", "reqwest", "sqlx", "tower-http"]),
    ("rony-ai", &["axum", "sqlx", "tower-http"]),
];

/// The ways of the standard library to the outside world.
const OUTSIDE: [&str; 7] = [
    "std::env::",
    "std::fs",
    "std::net::Tcp",
    "std::net::Udp",
    "std::os::",
    "std::process",
    "std::time::SystemTime",
];

/// Checks the packages that `cargo metadata` describes, of the workspace in the folder `root`.
pub(super) fn check(packages: &[Value], root: &Path) -> Problems {
    packages.iter().flat_map(|package| check_package(package, root)).collect()
}

/// Checks that rony-core's own text does not go around the rule by the standard library.
pub(super) fn check_core(sources: &[Source]) -> Problems {
    let core = sources.iter().filter(|source| source.path.starts_with("rony-core/src/"));
    core.flat_map(|source| source.text.lines().enumerate().map(move |line| (source, line)))
        .filter(|(_, (_, line))| !line.trim_start().starts_with("//"))
        .filter_map(|(source, (number, line))| {
            let way = OUTSIDE.iter().find(|way| line.contains(**way))?;
            let place = format!("{}:{}", source.path, number + 1);
            Some(format!("{place}: `{way}` is I/O: make it a port, and write the adapter in rony-storage or rony-server"))
        })
        .collect()
}

fn check_package(package: &Value, root: &Path) -> Problems {
    let name = text(package, "name");
    let manifest = Path::new(text(package, "manifest_path"));
    let allowed = HOUSE.iter().find(|(resident, _)| *resident == name).map(|(_, allowed)| *allowed);
    if allowed.is_none() && !is_guest(manifest, root) {
        return vec![format!(
            "{name}: not in the house; say in ARCHITECTURE.md what it may depend on, and in {} as well",
            file!()
        )];
    }
    let dependencies = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
    dependencies
        .iter()
        .flat_map(|dependency| {
            let arrow = allowed.and_then(|allowed| check_arrow(name, allowed, dependency));
            arrow.into_iter().chain(check_never(name, dependency)).chain(check_tokio(name, dependency))
        })
        .collect()
}

/// Examples and tests may depend on anything, and nothing in the house on them.
fn is_guest(manifest: &Path, root: &Path) -> bool {
    ["examples", "tests"].iter().any(|folder| manifest.starts_with(root.join(folder)))
}

fn check_arrow(name: &str, allowed: &[&str], dependency: &Value) -> Option<String> {
    let target = text(dependency, "name");
    // A crate's tests may switch on its own features.
    let fine = !dependency["path"].is_string() || target == name || allowed.contains(&target);
    let may = if allowed.is_empty() { "nothing else of the house".to_owned() } else { allowed.join(", ") };
    (!fine).then(|| format!("{name} depends on {target}: arrows point down only, it may depend on {may}"))
}

fn check_never(name: &str, dependency: &Value) -> Option<String> {
    let target = text(dependency, "name");
    let (_, never) = NEVER.iter().find(|(resident, _)| *resident == name)?;
    let banned = dependency["kind"] != "dev" && never.contains(&target);
    banned.then(|| {
        format!("{name} depends on {target}: that is another crate's work, see the table in ARCHITECTURE.md")
    })
}

/// Of tokio, rony-core has the channels, and the macros that wait for several of them, only: whatever else it brings ties
/// the domain to a runtime.
fn check_tokio(name: &str, dependency: &Value) -> Option<String> {
    if name != "rony-core" || text(dependency, "name") != "tokio" || dependency["kind"] == "dev" {
        return None;
    }
    let features = dependency["features"].as_array().map(Vec::as_slice).unwrap_or_default();
    let only_sync = dependency["uses_default_features"] == false
        && features.iter().all(|feature| feature == "sync" || feature == "macros");
    (!only_sync).then(|| {
        "rony-core: of tokio only the features `sync` and `macros` are allowed, and no default features"
            .to_owned()
    })
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::source;
    use super::*;

    fn package(name: &str, folder: &str, dependencies: &[Value]) -> Value {
        json!({ "name": name, "manifest_path": format!("/house/{folder}/Cargo.toml"), "dependencies": dependencies })
    }

    fn own(name: &str) -> Value {
        json!({ "name": name, "path": format!("/house/{name}"), "kind": null, "features": [], "uses_default_features": true })
    }

    fn for_tests(name: &str) -> Value {
        let mut dependency = own(name);
        dependency["kind"] = json!("dev");
        dependency
    }

    fn foreign(name: &str, features: &[&str], default: bool) -> Value {
        json!({ "name": name, "path": null, "kind": null, "features": features, "uses_default_features": default })
    }

    #[track_caller]
    fn assert_problem(package: &Value, words: &str) {
        let problems = check(std::slice::from_ref(package), Path::new("/house"));
        assert!(problems.len() == 1 && problems[0].contains(words), "{problems:?}");
    }

    #[track_caller]
    fn assert_fine(package: &Value) {
        assert_eq!(check(std::slice::from_ref(package), Path::new("/house")), Problems::new());
    }

    #[test]
    fn an_arrow_that_points_down_is_fine() {
        assert_fine(&package("rony-storage", "rony-storage", &[own("rony-core")]));
        assert_fine(&package("rony-storage", "rony-storage", &[for_tests("rony-storage")]));
    }

    #[test]
    fn an_arrow_that_points_up_is_wrong_even_for_tests() {
        let up = package("rony-storage", "rony-storage", &[own("rony-server")]);
        assert_problem(&up, "rony-storage depends on rony-server");
        let up = package("rony-core", "rony-core", &[for_tests("rony-storage")]);
        assert_problem(&up, "rony-core depends on rony-storage");
    }

    #[test]
    fn an_arrow_to_the_side_is_wrong() {
        assert_problem(&package("rony-ai", "rony-ai", &[own("rony-storage")]), "it may depend on rony-core");
    }

    #[test]
    fn examples_and_tests_may_use_everything_and_nobody_uses_them() {
        let all = [own("rony-server"), own("rony-core")];
        assert_fine(&package("rony-load", "tests/load", &all));
        assert_fine(&package("examples", "examples", &all));
        let guest = package("rony-server", "rony-server", &[own("rony-load")]);
        assert_problem(&guest, "rony-server depends on rony-load");
    }

    #[test]
    fn a_stranger_must_be_introduced() {
        assert_problem(&package("rony-extra", "rony-extra", &[]), "not in the house");
    }

    #[test]
    fn the_domain_depends_on_no_driver_and_of_tokio_on_the_channels_only() {
        let core = |dependency: Value| package("rony-core", "rony-core", &[dependency]);
        assert_problem(&core(foreign("sqlx", &[], false)), "rony-core depends on sqlx");
        assert_problem(&core(foreign("tokio", &["sync", "net"], false)), "only the features `sync`");
        assert_problem(&core(foreign("tokio", &["sync"], true)), "only the features `sync`");
        assert_fine(&core(foreign("tokio", &["sync"], false)));
    }

    #[test]
    fn the_domain_reads_no_file_by_the_standard_library_either() {
        let sources = [
            source("rony-core/src/blob.rs", "//! Not std::fs.\nlet bytes = std::fs::read(path);"),
            source("rony-server/src/config.rs", "std::fs::read(path)"),
        ];
        let problems = check_core(&sources);
        assert!(
            problems.len() == 1 && problems[0].starts_with("rony-core/src/blob.rs:2: `std::fs`"),
            "{problems:?}"
        );
    }
}
