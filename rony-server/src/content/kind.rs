//! Which files a browser may show, and which it only saves.
//!
//! What a file is, its bytes and its name say together; what a client claims counts only where both say nothing, and never
//! makes a browser show what it would not have shown. See [`rony_core`] for who may read it at all.

/// The types that a browser shows in place, since no script runs in them. Everything else is saved.
const SHOWN: [&str; 17] = [
    "audio/flac",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "audio/webm",
    "audio/x-flac",
    "audio/x-wav",
    "image/avif",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "text/plain",
    "video/mp4",
    "video/ogg",
    "video/webm",
];

/// Whether a browser may show a file of this type.
pub(crate) fn is_shown(media_type: &str) -> bool {
    SHOWN.contains(&media_type)
}

/// The type as it stands in `Content-Type`. What is only saved is never called what it is: some browsers act on a name like
/// `text/html` even there.
pub(crate) fn sent_as(media_type: &str) -> &str {
    match media_type {
        "text/plain" => "text/plain; charset=utf-8",
        kind if is_shown(kind) || is_plain(kind) => kind,
        _ => "application/octet-stream",
    }
}

/// Types of data that no browser runs, and that other programs want to know.
fn is_plain(kind: &str) -> bool {
    let active = ["html", "xml", "svg", "script", "flash", "mathml", "multipart", "message/"];
    let known = kind.split_once('/').is_some_and(|(group, rest)| {
        let name = |text: &str| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-+._".contains(&b))
        };
        name(group) && name(rest)
    });
    known && !active.iter().any(|word| kind.to_ascii_lowercase().contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_run_is_neither_shown_nor_called_so() {
        for kind in [
            "text/html",
            "image/svg+xml",
            "application/xhtml+xml",
            "text/xml",
            "text/javascript",
            "application/javascript",
            "application/x-shockwave-flash",
            "multipart/related",
            "message/rfc822",
            "TEXT/HTML",
            "text/html; charset=utf-8",
            "text/html\r\nx: y",
            "",
            "nonsense",
            "a/b/c",
        ] {
            assert!(!is_shown(kind), "{kind}");
            assert_eq!(sent_as(kind), "application/octet-stream", "{kind}");
        }
    }

    #[test]
    fn pictures_sounds_and_films_are_shown_and_documents_saved() {
        for kind in SHOWN {
            assert!(is_shown(kind) && sent_as(kind).starts_with(kind), "{kind}");
        }
        for kind in ["application/pdf", "application/zip", "text/csv", "text/markdown"] {
            assert!(!is_shown(kind));
            assert_eq!(sent_as(kind), kind);
        }
    }
}
