//! What kind of file something is, by its first bytes and its name.
//!
//! A browser shows some kinds in place and acts on none of them, so nobody may talk it into another kind: the bytes decide where
//! they can, a name decides among what they allow, and what a client claims counts only where both say nothing.

/// How many bytes of the beginning are looked at.
pub const HEAD: u64 = 8 * 1024;

/// What is said of a file that nobody knows.
pub const UNKNOWN: &str = "application/octet-stream";

/// The longest media type, in bytes.
const LONGEST: usize = 100;

/// The media type of a file: `head` is how it begins (up to [`HEAD`] bytes), `claim` what its sender says.
///
/// ```
/// use rony_core::media::media_type;
///
/// assert_eq!(media_type("photo.png", b"\x89PNG\r\n\x1a\n", None), "image/png");
/// assert_eq!(media_type("photo.png", b"<html><script>", Some("image/png")), "text/html");
/// assert_eq!(media_type("notes.txt", b"Milk, bread", None), "text/plain");
/// ```
#[must_use]
pub fn media_type(name: &str, head: &[u8], claim: Option<&str>) -> String {
    let named = mime_guess::from_path(name).first().map(|kind| usual(kind.essence_str()).to_owned());
    let seen = infer::get(head).map(|kind| usual(kind.mime_type()));
    match (seen, named) {
        (Some(seen), Some(named)) if may_be(seen, &named) => named,
        (Some(seen), _) => seen.to_owned(),
        (None, Some(named)) if shows_in_bytes(&named) => UNKNOWN.to_owned(),
        (None, Some(named)) if named == "text/plain" && !is_text(head) => UNKNOWN.to_owned(),
        (None, Some(named)) => named,
        (None, None) => unnamed(head, claim),
    }
}

/// What the ending of a name says; [`UNKNOWN`] when it says nothing.
#[must_use]
pub fn by_name(name: &str) -> String {
    let named = mime_guess::from_path(name).first();
    named.map_or_else(|| UNKNOWN.to_owned(), |kind| usual(kind.essence_str()).to_owned())
}

/// Neither bytes nor name say what it is.
fn unnamed(head: &[u8], claim: Option<&str>) -> String {
    let claim = claim.map(str::to_ascii_lowercase).filter(|claim| is_well_formed(claim));
    match claim {
        Some(claim) if !shows_in_bytes(&claim) && claim != "text/plain" => claim,
        _ if !head.is_empty() && is_text(head) => "text/plain".to_owned(),
        _ => UNKNOWN.to_owned(),
    }
}

/// One name for each kind, of several that are in use.
fn usual(kind: &str) -> &str {
    match kind {
        "audio/x-wav" => "audio/wav",
        "audio/x-flac" => "audio/flac",
        "audio/m4a" | "audio/x-m4a" => "audio/mp4",
        "audio/opus" => "audio/ogg",
        "video/x-m4v" => "video/mp4",
        "image/x-ms-bmp" => "image/bmp",
        "image/svg" => "image/svg+xml",
        other => other,
    }
}

/// Whether bytes of one kind may be a file of the other: a Word document is a ZIP file, and a film a container.
fn may_be(seen: &str, named: &str) -> bool {
    let film_or_sound = ["ogg", "mp4", "webm", "x-matroska", "quicktime", "3gpp"];
    match seen.split_once('/') {
        _ if seen == named => true,
        Some(("audio" | "video", container)) if film_or_sound.contains(&container) => {
            let matroska = |kind| ["x-matroska", "webm"].contains(&kind);
            named.split_once('/').is_some_and(|(group, kind)| {
                ["audio", "video"].contains(&group)
                    && (kind == container || (matroska(kind) && matroska(container)))
            })
        }
        _ if ["application/zip", "application/gzip", "application/x-ole-storage", "text/xml"]
            .contains(&seen) =>
        {
            !shows_in_bytes(named) && named != "text/plain"
        }
        _ => false,
    }
}

/// Pictures, sounds and films begin in ways that are known: a file that is called so and does not is none.
fn shows_in_bytes(kind: &str) -> bool {
    kind != "image/svg+xml" && ["image/", "audio/", "video/"].iter().any(|group| kind.starts_with(group))
}

/// Whether it reads as UTF-8 without what no text has; its last letter may be cut off.
fn is_text(head: &[u8]) -> bool {
    let whole = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    whole && !head.iter().any(|byte| *byte < b' ' && !b"\t\n\r\x0c\x1b".contains(byte))
}

fn is_well_formed(kind: &str) -> bool {
    let name = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-+._".contains(&b))
    };
    kind.len() <= LONGEST && kind.split_once('/').is_some_and(|(group, rest)| name(group) && name(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, head: &[u8], claim: Option<&str>, expected: &str) {
        assert_eq!(media_type(name, head, claim), expected, "{name}");
    }

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    const ZIP: &[u8] = b"PK\x03\x04\x14\0\0\0\0\0";

    #[test]
    fn the_bytes_decide_and_the_name_says_the_rest() {
        check("a.png", PNG, None, "image/png");
        check("a.txt", PNG, Some("text/plain"), "image/png");
        check("a", PNG, Some("text/html"), "image/png");
        check("a.zip", ZIP, None, "application/zip");
        check("a.docx", ZIP, None, "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
        check("a.ogv", b"OggS\0\x02", None, "video/ogg");
        check("a.md", b"# Notes", None, "text/markdown");
        check("README", "Für alle".as_bytes(), None, "text/plain");
        check("data.bin", &[0, 1, 2], None, UNKNOWN);
        check("a.mp3", b"ID3\x03", None, "audio/mpeg");
    }

    #[test]
    fn nobody_makes_a_picture_of_what_is_none() {
        for claim in [None, Some("image/png"), Some("text/plain")] {
            check("a.png", b"<!DOCTYPE html><script>", claim, "text/html");
            check("a.png", b"<?xml version=\"1.0\"?><svg>", claim, "text/xml");
            check("a.png", b"<svg onload=alert(1)>", claim, UNKNOWN);
            check("a.png", ZIP, claim, "application/zip");
            check("a.mp4", b"anything", claim, UNKNOWN);
        }
        check("a.svg", b"<svg onload=alert(1)>", None, "image/svg+xml");
        check("a.html", b"hello", Some("text/plain"), "text/html");
        check("a.txt", b"\0\0\0", None, UNKNOWN);
    }

    #[test]
    fn a_claim_counts_only_where_nothing_else_says_anything() {
        check("model", &[0, 1], Some("application/x-model"), "application/x-model");
        check("model", &[0, 1], Some("image/png"), UNKNOWN);
        check("model", &[0, 1], Some("text/plain"), UNKNOWN);
        check("model", b"<b>", Some("text/html"), "text/html");
        for broken in ["", "x", "a/b/c", "a/b\r\nx: y", "a/", "text/html; charset=utf-8"] {
            check("model", &[0, 1], Some(broken), UNKNOWN);
        }
    }
}
