//! Reads IRC logs: which nick said what, line by line.
//!
//! Any text file is a log; nothing in it is an error. The forms that are known:
//!
//! | line | nick | text |
//! | --- | --- | --- |
//! | `[12:34] <nick> text` | `nick` | `text` |
//! | `[12:34]  * nick action` | `nick` | `* nick action` |
//! | `=== nick [host]  has joined #channel`, and every other `===` line | the nick that it names first | the whole line |
//! | `=== ..[topic/#channel:nick] : topic` | `nick` | the whole line |
//! | `=== mode/#channel [modes]  by nick` | `nick` | the whole line |
//! | anything else | the nick of the line before | the whole line |
//!
//! A nick that changes its name is two nicks: the line that tells of it belongs to the old one. A blank line says nothing
//! and is left out; a known form without a text (`[12:34] <nick>`) is posted as the whole line, because a message must
//! say something. Bytes that are not UTF-8 and NULs become U+FFFD. A text longer than a message may be is posted in
//! parts. Where the very first line fits no form, its nick is `log`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The longest text of one message, in bytes of UTF-8.
pub(crate) const MAX_TEXT: usize = 16 * 1024;

/// Who a line belongs to when no line before it names anybody.
const NOBODY: &str = "log";

/// One file: everybody in it, and everything they said, in order.
#[derive(Debug)]
pub(crate) struct Log {
    /// The file's name without its folder.
    pub(crate) name: String,
    /// Each nick once, in order of appearance.
    pub(crate) nicks: Vec<String>,
    /// What was said, in the file's order.
    pub(crate) posts: Vec<Post>,
}

/// One message to post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Post {
    /// The line in the file, counted from 1.
    pub(crate) line: usize,
    /// Which part of a line too long for one message, counted from 0.
    pub(crate) part: usize,
    /// Index into [`Log::nicks`].
    pub(crate) nick: usize,
    /// What is said: not blank, without NUL, at most [`MAX_TEXT`] bytes.
    pub(crate) text: String,
}

/// Reads all logs (`*.txt`, but no README or LICENSE) of a folder, by name.
///
/// # Errors
/// When the folder or a file cannot be read, or no file says anything.
pub(crate) fn read_folder(folder: &Path) -> Result<Vec<Log>> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("cannot open the folder of logs {}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.retain(|path| is_log(path));
    paths.sort();
    let logs = paths.iter().map(read_file).collect::<Result<Vec<_>>>()?;
    let logs: Vec<Log> = logs.into_iter().filter(|log| !log.posts.is_empty()).collect();
    if logs.is_empty() {
        bail!("no log in {}: expected text files named *.txt, such as IRC logs", folder.display());
    }
    Ok(logs)
}

fn is_log(path: &Path) -> bool {
    let named = |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().to_lowercase());
    let about = named(path.file_stem()).is_some_and(|stem| stem == "readme" || stem == "license");
    path.is_file() && !about && named(path.extension()).as_deref() == Some("txt")
}

fn read_file(path: &PathBuf) -> Result<Log> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    Ok(parse(name, &bytes))
}

/// Parses the bytes of one log.
pub(crate) fn parse(name: String, bytes: &[u8]) -> Log {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut log = Log { name, nicks: Vec::new(), posts: Vec::new() };
    let mut indexes = HashMap::new();
    let mut previous = NOBODY.to_owned();
    for (index, bytes) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = String::from_utf8_lossy(bytes).replace('\0', "\u{fffd}");
        let line = line.trim_end_matches('\r');
        if line.trim().is_empty() {
            continue;
        }
        let (nick, text) = attribute(line).unwrap_or((&previous, line));
        let nick = nick.to_owned();
        let text = if text.trim().is_empty() { line.trim_end() } else { text };
        let number = *indexes.entry(nick.clone()).or_insert_with(|| {
            log.nicks.push(nick.clone());
            log.nicks.len() - 1
        });
        let parts = split(text).filter(|part| !part.trim().is_empty()).enumerate();
        log.posts.extend(parts.map(|(part, text)| Post {
            line: index + 1,
            part,
            nick: number,
            text: text.to_owned(),
        }));
        previous = nick;
    }
    log
}

/// The nick and the text of a line in one of the known forms.
fn attribute(line: &str) -> Option<(&str, &str)> {
    if let Some(notice) = line.strip_prefix("===") {
        return Some((named_by(notice.trim_start())?, line));
    }
    let said = after_time(line)?;
    if let Some(rest) = said.strip_prefix(" <") {
        let (nick, text) = rest.split_once('>')?;
        return Some((bare(nick)?, text.strip_prefix(' ').unwrap_or(text)));
    }
    let action = said.trim_start();
    let nick = action.strip_prefix("* ")?.split_whitespace().next()?;
    Some((bare(nick)?, action))
}

/// What follows `[12:34]` or `[12:34:56]`.
fn after_time(line: &str) -> Option<&str> {
    let (time, rest) = line.strip_prefix('[')?.split_once(']')?;
    let is_time = time.contains(':') && time.chars().all(|char| char.is_ascii_digit() || char == ':');
    is_time.then_some(rest)
}

/// Whom a `===` line names: who set a topic or a mode, or else its first word.
fn named_by(notice: &str) -> Option<&str> {
    let by = if let Some(topic) = notice.strip_prefix("..[topic/") {
        topic.split_once(']').and_then(|(place, _)| place.rsplit_once(':')).map(|(_, nick)| nick)
    } else if notice.starts_with("mode/") {
        notice.rsplit_once(" by ").and_then(|(_, nick)| nick.split_whitespace().next())
    } else {
        None
    };
    bare(by.or_else(|| notice.split_whitespace().next())?)
}

/// A nick without the sign of an operator or a voice, where anything is left.
fn bare(nick: &str) -> Option<&str> {
    let nick = nick.trim().trim_start_matches(['@', '+', '%', '&', '~']);
    (!nick.is_empty()).then_some(nick)
}

/// Cuts a text into pieces of at most [`MAX_TEXT`] bytes, between characters.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (part, after) = rest.split_at(rest.floor_char_boundary(MAX_TEXT));
        rest = after;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::shared::ubuntu_logs;

    #[track_caller]
    fn check(line: &str, nick: &str, text: &str) {
        let log = parse("test.txt".into(), format!("[00:00] <before> hello\n{line}\n").as_bytes());
        let post = &log.posts[1];
        assert_eq!((log.nicks[post.nick].as_str(), post.text.as_str()), (nick, text), "{line:?}");
    }

    #[test]
    fn every_form_of_line_has_its_nick_and_its_text() {
        check("[03:04] <amy> hi there ", "amy", "hi there ");
        check("[03:04:05] <@amy> hi", "amy", "hi");
        check("[03:04] <amy>  two spaces", "amy", " two spaces");
        check("[03:04] <a> b> c", "a", "b> c");
        check("[10:00]  * amy gives bob a spoon", "amy", "* amy gives bob a spoon");
        check("=== amy [~a@host]  has joined #ubuntu", "amy", "=== amy [~a@host]  has joined #ubuntu");
        check(
            "=== [amy]  [~a@host]  has left #ubuntu []",
            "[amy]",
            "=== [amy]  [~a@host]  has left #ubuntu []",
        );
        check("=== amy is now known as bob", "amy", "=== amy is now known as bob");
        check("=== amy shuts up", "amy", "=== amy shuts up");
        check("=== ..[topic/#ubuntu:amy] : a: b] c", "amy", "=== ..[topic/#ubuntu:amy] : a: b] c");
        check("=== mode/#ubuntu [-b *!*@host]  by amy", "amy", "=== mode/#ubuntu [-b *!*@host]  by amy");
    }

    #[test]
    fn a_line_of_no_known_form_belongs_to_the_nick_before() {
        for line in
            ["pasted output", "[not a time] <amy> hi", "[03:04]", "[03:04] <> hi", "===", "[03:04] <@> x"]
        {
            check(line, "before", line);
        }
    }

    #[test]
    fn a_line_without_a_text_is_posted_whole() {
        check("[12:15] <opteron>", "opteron", "[12:15] <opteron>");
        check("[12:15] <opteron>   ", "opteron", "[12:15] <opteron>");
    }

    #[test]
    fn blank_lines_are_left_out_but_counted() {
        let log = parse("test.txt".into(), b"\xef\xbb\xbf\n  \r\nfirst\r\n\n[01:02] <amy> second");
        let seen: Vec<_> = log.posts.iter().map(|post| (post.line, post.text.as_str())).collect();
        assert_eq!(seen, [(3, "first"), (5, "second")]);
        assert_eq!(log.nicks, [NOBODY, "amy"]);
    }

    #[test]
    fn bytes_that_no_message_may_carry_are_replaced() {
        let log = parse("test.txt".into(), b"[01:02] <am\xe9> caf\xe9 \0 end");
        assert_eq!(log.nicks, ["am\u{fffd}"]);
        assert_eq!(log.posts[0].text, "caf\u{fffd} \u{fffd} end");
    }

    #[test]
    fn a_long_text_is_posted_in_parts() {
        let text = "é".repeat(MAX_TEXT);
        let log = parse("test.txt".into(), format!("[01:02] <amy> x{text}").as_bytes());
        assert_eq!(log.posts.iter().map(|post| post.part).collect::<Vec<_>>(), [0, 1, 2]);
        assert!(log.posts.iter().all(|post| post.text.len() <= MAX_TEXT));
        assert_eq!(log.posts.iter().map(|post| post.text.as_str()).collect::<String>(), format!("x{text}"));
    }

    #[test]
    fn the_real_logs_are_read_whole() {
        let logs = read_folder(&ubuntu_logs()).expect("the logs are there");
        let found: Vec<_> =
            logs.iter().map(|log| (log.name.as_str(), log.posts.len(), log.nicks.len())).collect();
        let expected = [
            ("2004-11-15_03.txt", 1250, 145),
            ("2005-06-27_12.txt", 1250, 201),
            ("2005-08-08_01.txt", 1250, 176),
            ("2008-12-11_11.txt", 1250, 155),
            ("2009-02-23_10.txt", 1250, 133),
            ("2009-03-03_10.txt", 1250, 151),
            ("2009-10-01_17.txt", 1250, 193),
            ("2011-05-29_19.txt", 1250, 188),
            ("2011-11-13_02.txt", 1250, 189),
            ("2016-12-19_20.txt", 1250, 217),
        ];
        assert_eq!(found, expected);
        let by_seveas = &logs[2].posts[186];
        assert_eq!((by_seveas.line, logs[2].nicks[by_seveas.nick].as_str()), (187, "Seveas"));
        let empty = &logs[8].posts[421];
        assert_eq!((empty.line, empty.text.as_str()), (422, "[23:00] <derbosepirat>"));
    }

    #[test]
    fn a_folder_without_logs_says_what_it_should_hold() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("README.txt"), "[01:02] <amy> hi").expect("written");
        std::fs::write(folder.path().join("notes.md"), "[01:02] <amy> hi").expect("written");
        std::fs::write(folder.path().join("empty.txt"), "\n").expect("written");
        let error = read_folder(folder.path()).expect_err("there is no log");
        assert!(error.to_string().contains("*.txt"), "{error}");
    }

    proptest! {
        #[test]
        fn nothing_makes_the_reader_fail(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let log = parse("test.txt".into(), &bytes);
            for post in &log.posts {
                prop_assert!(post.nick < log.nicks.len());
                prop_assert!(!post.text.trim().is_empty() && !post.text.contains('\0'));
            }
        }

        #[test]
        fn nothing_that_looks_like_a_log_makes_the_reader_fail(
            line in r"(===|\[[0-9:]{0,8}\])? {0,2}[<*]?[ @+]?[a-z\[\]|]{0,5}>?( by | is |\.\.\[topic/|mode/)?[a-z:\]]{0,4}",
        ) {
            let log = parse("test.txt".into(), line.as_bytes());
            prop_assert_eq!(log.posts.len(), usize::from(!line.trim().is_empty()));
        }
    }
}
