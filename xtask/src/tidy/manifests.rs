//! Manifests: versions stand once, in the workspace's `Cargo.toml`, and every crate takes the workspace's
//! lints.

use super::{Problems, Source};

/// Checks every manifest but the workspace's own, and those that are workspaces of their own.
pub(super) fn check(sources: &[Source]) -> Problems {
    let manifests = sources.iter().filter(|source| source.path.ends_with("/Cargo.toml"));
    let manifests = manifests.filter(|source| !source.text.lines().any(|line| line == "[workspace]"));
    manifests.flat_map(|manifest| missing_lints(manifest).into_iter().chain(own_versions(manifest))).collect()
}

fn missing_lints(manifest: &Source) -> Option<String> {
    let shared =
        sections(&manifest.text).any(|(section, line)| section == "lints" && line == "workspace = true");
    (!shared).then(|| format!("{}: add `[lints]` with `workspace = true`", manifest.path))
}

fn own_versions(manifest: &Source) -> Problems {
    let declares = |(section, line): &(&str, &str)| section.ends_with("dependencies") && line.contains('=');
    let own = |(_, line): &(&str, &str)| !line.contains("workspace = true") && !line.contains("path = \".\"");
    let say = |(_, line): (&str, &str)| {
        format!(
            "{}: `{line}`: versions stand in the workspace's Cargo.toml, write `workspace = true`",
            manifest.path
        )
    };
    sections(&manifest.text).filter(declares).filter(own).map(say).collect()
}

/// The lines of a manifest, without comments and each with the name of its section.
fn sections(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut section = "";
    text.lines().map(str::trim).filter(|line| !line.starts_with('#')).filter_map(move |line| {
        match line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(name) if !line.contains('=') || name.starts_with("target.") => {
                section = name;
                None
            }
            _ => Some((section, line)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    #[test]
    fn a_manifest_that_shares_is_fine() {
        let text = "[dependencies]\n# why\nbytes.workspace = true\ntokio = { workspace = true, features = [\"sync\"] }\n\
                    [target.'cfg(target_os = \"linux\")'.dependencies]\nrustix.workspace = true\n[lints]\nworkspace = true\n";
        assert_eq!(check(&[source("rony-core/Cargo.toml", text)]), Problems::new());
    }

    #[test]
    fn a_workspace_of_its_own_has_its_own_versions() {
        let text = "[package]\nname = \"rony-fuzz\"\n[workspace]\n[dependencies]\nlibfuzzer-sys = \"0.4\"\n";
        assert_eq!(check(&[source("fuzz/Cargo.toml", text)]), Problems::new());
    }

    #[test]
    fn a_version_of_its_own_is_wrong() {
        for section in ["dev-dependencies", "target.'cfg(target_os = \"linux\")'.dependencies"] {
            let text = format!("[{section}]\nrand = \"0.9\"\n[lints]\nworkspace = true\n");
            let problems = check(&[source("rony-core/Cargo.toml", &text)]);
            assert!(problems.len() == 1 && problems[0].contains("`rand = \"0.9\"`"), "{problems:?}");
        }
    }

    #[test]
    fn a_manifest_without_the_lints_is_wrong() {
        let problems = check(&[source("examples/Cargo.toml", "[package]\nname = \"examples\"\n")]);
        assert!(problems.len() == 1 && problems[0].contains("[lints]"), "{problems:?}");
    }
}
