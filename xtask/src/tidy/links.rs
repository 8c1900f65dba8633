//! Links between the documents, and from them to files, lead somewhere. Links to the web are not followed.

use std::collections::BTreeSet;

use super::{Problems, Source};

/// Checks every Markdown file.
pub(super) fn check(sources: &[Source]) -> Problems {
    let places = places(sources);
    let documents = sources.iter().filter(|source| source.path.ends_with(".md"));
    documents
        .flat_map(|document| targets(&document.text).map(move |target| (document, target)))
        .filter(|(document, target)| {
            !resolve(&document.path, target).is_some_and(|path| places.contains(&path))
        })
        .map(|(document, target)| format!("{}: `{target}` leads nowhere", document.path))
        .collect()
}

/// Every file of the repository and every folder that holds one, the root being the empty path.
fn places(sources: &[Source]) -> BTreeSet<String> {
    let mut places = BTreeSet::from([String::new()]);
    for source in sources {
        let ends = source.path.match_indices('/').map(|(at, _)| at).chain([source.path.len()]);
        places.extend(ends.map(|end| source.path[..end].to_owned()));
    }
    places
}

/// The files that a document links to, without the place inside the file.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    text.lines()
        .filter(move |line| {
            let fence = line.trim_start().starts_with("```");
            fenced ^= fence;
            !fenced && !fence
        })
        .flat_map(|line| line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ', '`']).next()))
        .map(|target| target.split('#').next().unwrap_or_default())
        .filter(|target| !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:"))
}

/// The path from the root that `target` means in the file `document`; nothing when it leaves the repository.
fn resolve(document: &str, target: &str) -> Option<String> {
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut path = Vec::new();
    for part in folder.split('/').chain(target.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                path.pop()?;
            }
            name => path.push(name),
        }
    }
    Some(path.join("/"))
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    #[track_caller]
    fn assert_problems(text: &str, count: usize) {
        let files = [source("docs/a.md", text), source("README.md", ""), source("examples/bot.rs", "")];
        assert_eq!(check(&files).len(), count, "{text}");
    }

    #[test]
    fn links_to_files_folders_and_the_web_are_fine() {
        assert_problems(
            "[a](../README.md) and [b](../examples/bot.rs#L3), [c](../examples/) [d](https://rony.example/x)",
            0,
        );
        assert_problems("[here](#events) [mail](mailto:a@example.org) ![logo](a.md \"a title\")", 0);
    }

    #[test]
    fn a_link_to_what_is_not_there_is_wrong() {
        assert_problems("[a](README.md)", 1);
        assert_problems("[a](../examples/gone.rs) [b](gone.md)", 2);
    }

    #[test]
    fn a_link_out_of_the_repository_is_wrong() {
        assert_problems("[a](../../elsewhere/README.md)", 1);
    }

    #[test]
    fn code_is_not_a_link() {
        assert_problems("```text\n[a](gone.md)\n```\n", 0);
    }
}
