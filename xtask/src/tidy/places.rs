//! Nothing in the repository works on one machine only: no paths of somebody's home, no private package
//! registry in a lock file.

use super::{Problems, Source};

/// Folders at the top of a disk in which people keep their own things.
const PRIVATE: [&str; 4] = ["home", "root", "Users", "work"];

/// How the lock files name the place of a package, and the one place it may come from.
const REGISTRIES: [(&str, &str, &str); 2] = [
    ("Cargo.lock", "source = \"", "registry+https://github.com/rust-lang/crates.io-index\""),
    ("package-lock.json", "\"resolved\": \"", "https://registry.npmjs.org/"),
];

/// Checks every text.
pub(super) fn check(sources: &[Source]) -> Problems {
    sources.iter().flat_map(|source| paths(source).into_iter().chain(registries(source))).collect()
}

fn paths(source: &Source) -> Problems {
    let mut problems = Problems::new();
    for (number, line) in source.text.lines().enumerate() {
        for path in PRIVATE.iter().map(|folder| format!("/{folder}/")) {
            let begins_word = |(at, _): (usize, &str)| {
                line[..at]
                    .chars()
                    .next_back()
                    .is_none_or(|before| before.is_whitespace() || "\"'`(<[=:,".contains(before))
            };
            if line.match_indices(&path).any(begins_word) {
                problems.push(format!("{}:{}: `{path}…` is a path of one machine", source.path, number + 1));
            }
        }
    }
    problems
}

fn registries(source: &Source) -> Problems {
    let file = source.path.rsplit('/').next().unwrap_or_default();
    let Some((_, key, public)) = REGISTRIES.iter().find(|(name, ..)| *name == file) else {
        return Problems::new();
    };
    let places = source.text.lines().filter_map(|line| line.trim_start().strip_prefix(key));
    let private = places.filter(|place| !place.starts_with(public));
    private.map(|place| format!("{}: `{place}` is not the public registry", source.path)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    #[test]
    fn a_path_of_one_machine_is_wrong_wherever_it_stands() {
        for text in ["see {}ann/rony", "path=\"{}ann\"", "PATH=/bin:{}ann/bin", "{}x"] {
            let text = text.replace("{}", &["", "home", ""].join("/"));
            assert_eq!(check(&[source("docs/a.md", &text)]).len(), 1, "{text}");
        }
    }

    #[test]
    fn a_folder_of_that_name_elsewhere_is_fine() {
        let text = "https://example.org/home/page $HOME/work/x tests/work/y";
        assert_eq!(check(&[source("docs/a.md", text)]), Problems::new());
    }

    #[test]
    fn a_lock_file_names_the_public_registry_only() {
        let public = "source = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
        assert_eq!(check(&[source("Cargo.lock", public)]), Problems::new());
        let private = "source = \"registry+https://crates.example.org/index\"\n";
        assert_eq!(check(&[source("Cargo.lock", private)]).len(), 1);
        let npm = "      \"resolved\": \"https://npm.example.org/react.tgz\",\n";
        assert_eq!(check(&[source("rony-server/web/package-lock.json", npm)]).len(), 1);
    }
}
