//! `docs/GATEWAY.md` names every frame and event that the gateway speaks, and no other.
//!
//! The types' side is three lists in `rony-core`'s `wire` module; they are read as text, so that this crate,
//! which is built first, does not need the domain. The document's side is a section for each list, whose
//! `###` headings name its members; a section without such headings is a table, and the first cell of each
//! row names a member. Names stand in backticks.

use std::collections::BTreeSet;

use super::{Problems, Source};

const DOCUMENT: &str = "docs/GATEWAY.md";

/// The lists in the wire module, and the section that describes the members of each.
const LISTS: [(&str, &str); 3] = [
    ("FRAMES_FROM_SERVER", "Frames from the server"),
    ("FRAMES_FROM_CLIENT", "Frames from a client"),
    ("EVENT_TYPES", "Events"),
];

/// Checks the document against the types, as soon as there is a wire module.
pub(super) fn check(sources: &[Source]) -> Problems {
    let is_wire = |source: &&Source| {
        source.path == "rony-core/src/wire.rs" || source.path.starts_with("rony-core/src/wire/")
    };
    let wire: Vec<&Source> = sources.iter().filter(is_wire).collect();
    if wire.is_empty() {
        return Problems::new();
    }
    let Some(document) = sources.iter().find(|source| source.path == DOCUMENT) else {
        return vec![format!(
            "{DOCUMENT} is missing: it describes the frames and events of rony-core's wire module"
        )];
    };
    LISTS.iter().flat_map(|(list, title)| compare(&wire, document, list, title)).collect()
}

fn compare(wire: &[&Source], document: &Source, list: &str, title: &str) -> Problems {
    let Some(typed) = wire.iter().find_map(|source| members(&source.text, list)) else {
        return vec![format!("rony-core/src/wire has no list `{list}`")];
    };
    let Some(described) = described(&document.text, title) else {
        return vec![format!("{DOCUMENT} has no section `## {title}`")];
    };
    let missing =
        typed.difference(&described).map(|name| format!("{DOCUMENT}: `{name}` is missing in `## {title}`"));
    let unknown = described.difference(&typed).map(|name| format!("{DOCUMENT}: `{name}` is not in `{list}`"));
    missing.chain(unknown).collect()
}

/// The string literals of the constant `list`.
fn members<'a>(text: &'a str, list: &str) -> Option<BTreeSet<&'a str>> {
    let (_, after) = text.split_once(&format!("const {list}:"))?;
    let (_, value) = after.split_once('=')?;
    let (value, _) = value.split_once(';')?;
    Some(value.split('"').skip(1).step_by(2).collect())
}

/// The names that the section `title` describes.
fn described<'a>(text: &'a str, title: &str) -> Option<BTreeSet<&'a str>> {
    let mut lines = text.lines();
    lines.find(|line| line.strip_prefix("## ").is_some_and(|heading| heading.trim() == title))?;
    let section: Vec<&str> = lines.take_while(|line| !line.starts_with("## ")).collect();
    let named = |start: &str| {
        section.iter().filter_map(|line| name(line.strip_prefix(start)?)).collect::<BTreeSet<_>>()
    };
    let headings = named("### ");
    Some(if headings.is_empty() { named("| ") } else { headings })
}

/// The name in backticks that `text` begins with.
fn name(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix('`')?.split_once('`').map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    const WIRE: &str = r#"
/// What a server says.
pub const FRAMES_FROM_SERVER: &[&str] = &["hello", "event"];
pub const FRAMES_FROM_CLIENT: &[&str] = &["post"];
pub const EVENT_TYPES: [&str; 2] = [
    "message.posted",
    "message.edited",
];
"#;

    const DOCUMENT_IN_STEP: &str = "
# The gateway

## Frames from the server

### `hello`

| field | meaning |
| --- | --- |
| `since` | where to resume |

### `event`

## Frames from a client

### `post`

## Events

| type | when |
| --- | --- |
| `message.posted` | somebody wrote |
| `message.edited` | somebody changed their words |
";

    fn check_document(text: &str) -> Problems {
        check(&[source("rony-core/src/wire/mod.rs", WIRE), source(DOCUMENT, text)])
    }

    #[test]
    fn a_document_that_names_every_member_is_in_step() {
        assert_eq!(check_document(DOCUMENT_IN_STEP), Problems::new());
    }

    #[test]
    fn a_member_that_is_not_described_is_wrong() {
        let problems = check_document(&DOCUMENT_IN_STEP.replace("### `event`", ""));
        assert_eq!(problems, ["docs/GATEWAY.md: `event` is missing in `## Frames from the server`"]);
    }

    #[test]
    fn a_description_of_what_does_not_exist_is_wrong() {
        let problems = check_document(&DOCUMENT_IN_STEP.replace("message.edited", "message.changed"));
        assert_eq!(
            problems,
            [
                "docs/GATEWAY.md: `message.edited` is missing in `## Events`",
                "docs/GATEWAY.md: `message.changed` is not in `EVENT_TYPES`"
            ]
        );
    }

    #[test]
    fn a_missing_document_is_wrong_once_there_is_a_wire_module() {
        assert_eq!(check(&[source("rony-core/src/wire.rs", WIRE)]).len(), 1);
        assert_eq!(check(&[source("rony-core/src/lib.rs", "")]), Problems::new());
    }
}
