//! What a browser does with a file, and what it is called when it is saved (RFC 6266, RFC 8187).

use std::fmt::Write as _;

use axum::http::HeaderValue;

/// The longest name in a header, in bytes: what file systems take.
const LONGEST: usize = 255;

/// The value of `Content-Disposition`, for a name as people wrote it. It is one line of ASCII, whatever the name holds.
pub(crate) fn disposition(inline: bool, name: &str) -> HeaderValue {
    let how = if inline { "inline" } else { "attachment" };
    let name = harmless(name);
    let text = format!("{how}; filename=\"{}\"; filename*=UTF-8''{}", fallback(&name), encoded(&name));
    HeaderValue::try_from(text).expect("it is printable ASCII")
}

/// Without what would end the line, leave the folder, or show another ending than the file has.
fn harmless(name: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let kept = name.chars().filter(|c| !c.is_control() && !turns(*c));
    let mut name: String = kept.map(|c| if matches!(c, '/' | '\\') { '_' } else { c }).collect();
    while name.len() > LONGEST {
        name.pop();
    }
    let trimmed = name.trim();
    if trimmed.chars().all(|c| c == '.') { "file".to_owned() } else { trimmed.to_owned() }
}

/// For whoever does not know `filename*`. Some read `%41` in it as a letter, so there is no `%` either.
fn fallback(name: &str) -> String {
    let plain = |c: char| (' '..='~').contains(&c) && !matches!(c, '"' | '\\' | '%');
    name.chars().map(|c| if plain(c) { c } else { '_' }).collect()
}

/// The `ext-value` of RFC 8187: all but its `attr-char`s as `%41`.
fn encoded(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(name: &str, expected: &str) {
        assert_eq!(disposition(false, name), format!("attachment; {expected}"), "{name:?}");
    }

    #[test]
    fn every_name_is_one_line_of_ascii() {
        check("report.pdf", "filename=\"report.pdf\"; filename*=UTF-8''report.pdf");
        check("über €.txt", "filename=\"_ber _.txt\"; filename*=UTF-8''%C3%BCber%20%E2%82%AC.txt");
        check("../../etc/passwd", "filename=\".._.._etc_passwd\"; filename*=UTF-8''.._.._etc_passwd");
        check(
            "a\r\nSet-Cookie: x=1",
            "filename=\"aSet-Cookie: x=1\"; filename*=UTF-8''aSet-Cookie%3A%20x%3D1",
        );
        check("a\0b", "filename=\"ab\"; filename*=UTF-8''ab");
        check("\u{202E}fdp.exe", "filename=\"fdp.exe\"; filename*=UTF-8''fdp.exe");
        check("a\"; x=\"b", "filename=\"a_; x=_b\"; filename*=UTF-8''a%22%3B%20x%3D%22b");
        check("100%41.txt", "filename=\"100_41.txt\"; filename*=UTF-8''100%2541.txt");
        for empty in ["", "..", "\u{202E}", "\r\n"] {
            check(empty, "filename=\"file\"; filename*=UTF-8''file");
        }
        assert!(disposition(true, "a").to_str().is_ok_and(|text| text.starts_with("inline; ")));
    }

    fn decoded(value: &str) -> String {
        let (_, text) = value.split_once("filename*=UTF-8''").expect("an encoded name");
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'%' => {
                    let digits = [rest.next().expect("a digit"), rest.next().expect("a digit")];
                    u8::from_str_radix(std::str::from_utf8(&digits).expect("ASCII"), 16).expect("a byte")
                }
                byte => byte,
            });
        }
        String::from_utf8(bytes).expect("UTF-8")
    }

    proptest! {
        #[test]
        fn a_harmless_name_comes_back(name in "\\PC{0,300}") {
            let value = disposition(false, &name);
            let value = value.to_str().expect("ASCII");
            prop_assert_eq!(value.matches('"').count(), 2);
            prop_assert_eq!(decoded(value), harmless(&name));
        }
    }
}
